"""A gate becomes the simpler gates that it is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed

from bpstudio.core.edits.draft import Draft, Fresh, gate_of, node_of, placed_at, stem
from bpstudio.core.edits.whole import tidy
from bpstudio.core.gate import OWN
from bpstudio.core.graph import BadKind, Graph, Group, Node, Note, Patch, Point, Wire
from bpstudio.core.own import Inner, inner_of
from bpstudio.core.parts import parts_of
from bpstudio.core.shape import GRID, SNAP, node_size
from bpstudio.language import tr


def can_expand(graph: Graph, node: str) -> bool:
    """Whether a node's gate is made of simpler ones."""
    placed = graph.nodes.get(node)
    gate = graph.gate(placed) if placed is not None else None
    return placed is not None and gate is not None and parts_of(gate, placed) is not None


def expand(graph: Graph, node: str) -> Patch:
    """Put a node's parts in its place, in a group called after the gate.

    The last part keeps the node's id, so its label, its seed and the wires out of it stay; gates to
    the right make room. Numbers stay the same up to rounding (see core/parts.py).
    """
    placed = node_of(graph, node)
    gate = gate_of(placed, graph)
    inner = parts_of(gate, placed)
    if inner is None:
        raise BadKind(
            tr(
                "{name} is as simple as can be: {gate} is made of no other gates.",
                name=placed.name,
                gate=tr(gate.title),
            )
        )
    draft, fresh = Draft(graph), Fresh(graph)
    ids = _ids(placed, inner, fresh)
    group = placed.group
    if len(ids) > 1:
        box = Group(fresh.id("group"), tr(gate.title), False, placed.group)
        draft.put(box)
        group = box.id
    for key, at in _places(graph, placed, inner, draft).items():
        part = inner.graph.nodes[key]
        label = placed.label if key == inner.output else ""
        draft.put(Node(ids[key], part.gate, placed_at(at), part.params, label, group))
    _wire(draft, placed, inner, ids, fresh)
    return draft.patch(tr("Expand {name}", name=placed.name))


def opened(graph: Graph) -> Graph:
    """The graph with every own gate expanded, the parts of all at their node's place."""
    draft, fresh = Draft(graph), Fresh(graph)
    for placed in graph.nodes.values():
        gate = graph.gate(placed)
        if gate is None or gate.family != OWN:
            continue
        inner = inner_of(gate.value)
        ids = _ids(placed, inner, fresh)
        for key, new in ids.items():
            part = inner.graph.nodes[key]
            label = placed.label if new == placed.id else ""
            draft.put(changed(placed, id=new, gate=part.gate, params=part.params, label=label))
        _wire(draft, placed, inner, ids, fresh)
    return graph.apply(draft.patch(""))


def _ids(placed: Node, inner: Inner, fresh: Fresh) -> dict[str, str]:
    """Part -> its id in the graph."""
    outside = set(inner.sources.values())
    ids = {inner.output: placed.id}
    for part in inner.graph.nodes.values():
        if part.id not in outside and part.id not in ids:
            ids[part.id] = fresh.id(stem(part.gate))
    return ids


def _wire(draft: Draft, placed: Node, inner: Inner, ids: Mapping[str, str], fresh: Fresh) -> None:
    """The parts' wires; the wires into the node lead to the parts that take its ports."""
    graph = draft.graph
    ports = {node: port for port, node in inner.sources.items()}
    taken: set[str] = set()
    for wire in inner.graph.wires.values():
        source = ids.get(wire.source, "")
        key = ""
        if not source:
            outer = graph.into(placed.id).get(ports[wire.source])
            if outer is None:
                continue
            source = graph.wires[outer].source
            key = outer if outer not in taken else ""
        key = key or fresh.id("w")
        taken.add(key)
        extra = graph.wires[key].extra if key in graph.wires else {}
        draft.put(Wire(key, source, ids[wire.target], wire.port, extra))


# --- room -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """What bodies cover together."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, graph: Graph, nodes: Iterable[Node]) -> Box:
        """Around the bodies of at least one node."""
        bodies = [(node.at, node_size(node, graph.gates)) for node in nodes]
        return cls(
            min(at[0] - size[0] / 2 for at, size in bodies),
            min(at[1] - size[1] / 2 for at, size in bodies),
            max(at[0] + size[0] / 2 for at, size in bodies),
            max(at[1] + size[1] / 2 for at, size in bodies),
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def room_for(width: float) -> float:
    """How far neighbours move for a body that grows or shrinks by so much."""
    return math.ceil(width / SNAP) * SNAP


def _places(graph: Graph, placed: Node, inner: Inner, draft: Draft) -> dict[str, Point]:
    """Where each part goes; what stands to the right, above and below makes room in the draft."""
    laid = inner.graph.apply(tidy(inner.graph))
    outside = set(inner.sources.values())
    parts = [node for node in laid.nodes.values() if node.id not in outside]
    box, body = Box.of(laid, parts), Box.of(graph, (placed,))
    by = (_grid(body.left - box.left), placed.at[1] - laid.nodes[inner.output].at[1])
    grown = Box(body.left, box.top + by[1], body.left + box.right - box.left, box.bottom + by[1])
    extra = room_for(max(0.0, grown.right - body.right))
    if placed.at[0] % SNAP:
        by = (body.left - box.left, by[1])
    shift_right(draft, placed.at[0], extra, {placed.id})
    _push_apart(graph, draft, placed, grown)
    return {node.id: (node.at[0] + by[0], node.at[1] + by[1]) for node in parts}


def _grid(x: float) -> float:
    return math.floor(x / SNAP) * SNAP


def shift_right(draft: Draft, beyond: float, by: float, besides: set[str]) -> None:
    """Move all nodes and notes whose place is right of a line."""
    items: tuple[Node | Note, ...] = (*draft.graph.nodes.values(), *draft.graph.notes.values())
    for item in items:
        if by and item.at[0] > beyond and item.id not in besides:
            draft.put(changed(item, at=placed_at((item.at[0] + by, item.at[1]))))


def _push_apart(graph: Graph, draft: Draft, placed: Node, grown: Box) -> None:
    """Move what stands in the same column above or below out of the way."""
    above: list[Node | Note] = []
    below: list[Node | Note] = []
    up = down = 0.0
    for node in graph.nodes.values():
        if node.id == placed.id or node.at[0] > placed.at[0]:
            continue
        body = Box.of(graph, (node,))
        if body.right <= grown.left:
            continue
        if node.at[1] < placed.at[1]:
            above.append(node)
            up = max(up, body.bottom + GRID - grown.top)
        else:
            below.append(node)
            down = max(down, grown.bottom + GRID - body.top)
    for nodes, by in ((above, -room_for(up)), (below, room_for(down))):
        for item in nodes:
            if by:
                draft.put(changed(item, at=placed_at((item.at[0], item.at[1] + by))))
