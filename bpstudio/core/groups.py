"""Groups as one sees them: what is inside, what hides in a collapsed one, its box and its ports.

A collapsed group is drawn as one box in the middle of where its gates stand. The engine never asks
here: collapsing changes no number and no step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bpstudio.core.graph import Graph, Node, Point, UnknownItem
from bpstudio.core.shape import group_size, input_at, node_size, outputs_at, snapped
from bpstudio.language import tr

Rect = tuple[float, float, float, float]
"""left, top, right, bottom in scene pixels."""


@dataclass(frozen=True, slots=True)
class GroupPort:
    """A port of a collapsed group: `node` is the inner gate behind it, `port` that gate's input,
    "" for an output; `wires` cross the border here, none where the port is free."""

    node: str
    port: str
    wires: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class GroupPorts:
    """The ports of a collapsed group, top to bottom."""

    inputs: tuple[GroupPort, ...]
    outputs: tuple[GroupPort, ...]


@dataclass(frozen=True, slots=True)
class GroupBox:
    """A collapsed group as drawn: the centre and size of its box, and where each port sits."""

    at: Point
    size: Point
    ports: GroupPorts
    inputs_at: tuple[Point, ...]
    outputs_at: tuple[Point, ...]

    @property
    def rect(self) -> Rect:
        return around_middle(self.at, self.size)


def contents(graph: Graph) -> dict[str, list[str]]:
    """Every group -> the nodes inside it at any depth, in the graph's order."""
    found: dict[str, list[str]] = {key: [] for key in graph.groups}
    ways: dict[str, tuple[str, ...]] = {}
    for node in graph.nodes.values():
        if node.group:
            if node.group not in ways:
                ways[node.group] = (node.group, *around(graph, node.group))
            for key in ways[node.group]:
                if key in found:
                    found[key].append(node.id)
    return found


def inside(graph: Graph, group: str) -> list[str]:
    """The nodes inside a group at any depth. Raises UnknownItem."""
    if group not in graph.groups:
        raise UnknownItem(tr("There is no group “{id}” in this graph.", id=group))
    return contents(graph)[group]


def around(graph: Graph, key: str) -> tuple[str, ...]:
    """The groups that a node or group lies in, innermost first."""
    item = graph.groups.get(key) or graph.nodes.get(key)
    way: dict[str, None] = {}
    at = item.group if item is not None else ""
    while at in graph.groups and at not in way:
        way[at] = None
        at = graph.groups[at].group
    return tuple(way)


def hidden(graph: Graph) -> dict[str, str]:
    """Nodes and groups that are not seen -> the collapsed group that is seen for them."""
    if not any(group.collapsed for group in graph.groups.values()):
        return {}
    cover: dict[str, str] = {}
    for key in graph.groups:
        collapsed = [g for g in (key, *around(graph, key)) if graph.groups[g].collapsed]
        if collapsed:
            cover[key] = collapsed[-1]
    found = {key: over for key, over in cover.items() if over != key}
    for node in graph.nodes.values():
        if node.group in cover:
            found[node.id] = cover[node.group]
    return found


def ports_of_group(graph: Graph, group: str, nodes: list[str] | None = None) -> GroupPorts:
    """The ports of a group, were it collapsed: the wires that cross its border, and what is free.

    In the order in which the inner gates stand, top to bottom, so moving the group as a whole
    keeps it. Wires from one inner gate share one output; a gate that feeds nothing is one too.
    `nodes` are those inside, where the caller has them from `contents`.
    """
    inner = inside(graph, group) if nodes is None else nodes
    held = set(inner)
    inputs: list[GroupPort] = []
    outputs: list[GroupPort] = []
    for key in sorted(inner, key=lambda key: (*graph.nodes[key].at[::-1], key)):
        node = graph.nodes[key]
        wires = graph.into(key)
        known = _ports(graph, node)
        for port in (*known, *(port for port in wires if port not in known)):
            wire = wires.get(port, "")
            if not wire or graph.wires[wire].source not in held:
                name = f"{node.name}.{port}" if len(known) > 1 else node.name
                inputs.append(GroupPort(key, port, (wire,) if wire else (), name))
        out = graph.out_of(key)
        crossing = tuple(wire for wire in out if graph.wires[wire].target not in held)
        if crossing or not out:
            outputs.append(GroupPort(key, "", crossing, node.name))
    return GroupPorts(tuple(inputs), tuple(outputs))


def box_of_group(graph: Graph, group: str, nodes: list[str] | None = None) -> GroupBox | None:
    """A group as one box; None where nothing is inside that could say where it is."""
    inner = inside(graph, group) if nodes is None else nodes
    rect = hull(graph, inner)
    if rect is None:
        return None
    ports = ports_of_group(graph, group, inner)
    title = graph.groups[group].title or group
    size = group_size(title, len(ports.inputs), len(ports.outputs))
    at = snapped((rect[0] + rect[2]) / 2), snapped((rect[1] + rect[3]) / 2)
    ins, outs = len(ports.inputs), len(ports.outputs)
    return GroupBox(
        at,
        size,
        ports,
        tuple(input_at(at, size, index, ins) for index in range(ins)),
        tuple(outputs_at(at, size, index, outs) for index in range(outs)),
    )


def hull(graph: Graph, nodes: list[str]) -> Rect | None:
    """The rectangle around the bodies of nodes; None for none."""
    if not nodes:
        return None
    rects = [body(graph.nodes[key], graph) for key in nodes]
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def body(node: Node, graph: Graph) -> Rect:
    """The rectangle that a node covers."""
    return around_middle(node.at, node_size(node, graph.gates))


def around_middle(at: Point, size: Point) -> Rect:
    """The rectangle of this size whose middle is there."""
    (x, y), (wide, tall) = at, size
    return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


def lies_in(inner: Rect, outer: Rect) -> bool:
    """Whether a rectangle is wholly in another."""
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def boxes(graph: Graph) -> Mapping[str, GroupBox]:
    """Every collapsed group that is seen (lies in no other collapsed one) -> its box."""
    if not any(group.collapsed for group in graph.groups.values()):
        return {}
    held, covered = contents(graph), hidden(graph)
    found = {}
    for key, group in graph.groups.items():
        if group.collapsed and key not in covered:
            box = box_of_group(graph, key, held[key])
            if box is not None:
                found[key] = box
    return found


def _ports(graph: Graph, node: Node) -> tuple[str, ...]:
    gate = graph.gate(node)
    return gate.ports(node.params) if gate is not None else ()
