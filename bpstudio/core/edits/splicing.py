"""A gate put into a wire, and the room that is made for it.

As in Blender, what comes after the new gate moves right until the wires' labels have their room:
only what is fed by it, only as far as is needed, in whole snap steps. Frames and notes stay.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import replace as changed
from math import hypot

from bpstudio.core import groups
from bpstudio.core.edits.draft import Draft, node_of, placed_at, wire_of
from bpstudio.core.edits.room import room_for
from bpstudio.core.edits.wires import connect, disconnect, free_port
from bpstudio.core.graph import Graph, Node, Patch, PortTaken, Wire
from bpstudio.core.groups import Rect
from bpstudio.core.shape import LABEL_ROOM
from bpstudio.language import tr


def splice(graph: Graph, node: str, wire: str, *, stays: bool = True) -> Patch:
    """Put a node with a free input into the middle of a wire, between two of its dots.

    What follows it too closely makes room, to the right. The node itself `stays` where it is, or
    else goes right too, as far as the wire that comes to it needs.
    """
    old = wire_of(graph, wire)
    placed = node_of(graph, node)
    cut = disconnect(graph, (wire,))
    without = graph.apply(cut)
    port = free_port(without, old.source, node)
    if not port:
        raise PortTaken(tr("{name} has no free input that could take this wire.", name=placed.name))
    first = connect(without, old.source, node, port)
    second = connect(without.apply(first), node, old.target, old.port)
    label = tr("Splice {name} into a wire", name=placed.name)
    patch = cut.then(first).then(second, label)
    if old.dots:
        patch = _sharing_dots(patch, old, placed)
    after = graph.apply(patch)
    steps = _steps(after, node if stays else old.source, node)
    return patch.then(_moved(after, steps), label) if steps else patch


def _sharing_dots(patch: Patch, old: Wire, placed: Node) -> Patch:
    """The splice whose two wires keep the dots of the one that they were: each those on its side.

    All before the dot that is nearest to the node are the first one's.
    """
    x, y = placed.at
    near = min(range(len(old.dots)), key=lambda i: hypot(old.dots[i][0] - x, old.dots[i][1] - y))
    near += old.dots[near][0] < x
    changes = dict(patch.changes)
    for key, (before, after) in patch.changes.items():
        if isinstance(after, Wire):
            dots = old.dots[near:] if after.source == placed.id else old.dots[:near]
            changes[key] = before, changed(after, dots=dots)
    return Patch(patch.label, changes)


class _Sheet:
    """The bodies that one sees: a node, or the box of the collapsed group that hides it."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._cover = groups.hidden(graph)
        self._boxes = groups.boxes(graph)
        self._held = groups.contents(graph) if self._boxes else {}

    def unit(self, node: str) -> str:
        return self._cover.get(node, node)

    def nodes(self, unit: str) -> list[str]:
        return self._held[unit] if unit in self._boxes else [unit]

    def rect(self, unit: str) -> Rect:
        if unit in self._boxes:
            return self._boxes[unit].rect
        return groups.body(self.graph.nodes[unit], self.graph)

    def wires(self, unit: str) -> Iterator[Wire]:
        """The wires that start here."""
        graph = self.graph
        return (graph.wires[wire] for node in self.nodes(unit) for wire in graph.out_of(node))


def _steps(graph: Graph, start: str, node: str) -> dict[str, float]:
    """How far which nodes go right, so that all wires from `start` on have room for their labels.

    Of `start` itself only the wire to `node` counts. A wire that was short before stays as short.
    Only wires that run to the right are followed, so going by the places is going by the order.
    """
    sheet = _Sheet(graph)
    first = sheet.unit(start)
    steps = {first: 0.0}
    origin = _middle(sheet.rect(first))
    todo = [(origin, first)]
    while todo:
        x, unit = heapq.heappop(todo)
        right = sheet.rect(unit)[2]
        for wire in sheet.wires(unit):
            if unit == first and node not in (wire.source, wire.target):
                continue
            target = sheet.unit(wire.target)
            rect = sheet.rect(target)
            spliced = node in (wire.source, wire.target)
            # The new gate may have been put beyond the middle of what comes after it.
            if _middle(rect) <= (origin if spliced else x):
                continue
            room = LABEL_ROOM if spliced else min(LABEL_ROOM, rect[0] - right)
            need = room_for(right + steps[unit] + room - rect[0])
            if any(dot[0] < right + steps[unit] + LABEL_ROOM for dot in wire.dots):
                need = max(need, steps[unit])
            if need > steps.get(target, 0.0):
                steps[target] = need
                heapq.heappush(todo, (_middle(rect), target))
    return {key: step for unit, step in steps.items() if step for key in sheet.nodes(unit)}


def _moved(graph: Graph, steps: Mapping[str, float]) -> Patch:
    """Nodes moved right, and with them the dots of the wires that are wholly among them."""
    draft = Draft(graph)
    for key, step in steps.items():
        node = graph.nodes[key]
        draft.put(changed(node, at=placed_at((node.at[0] + step, node.at[1]))))
        for name in graph.out_of(key):
            wire = graph.wires[name]
            by = min(step, steps.get(wire.target, 0.0))
            if wire.dots and by:
                draft.put(changed(wire, dots=tuple(placed_at((x + by, y)) for x, y in wire.dots)))
    return draft.patch("")


def _middle(rect: Rect) -> float:
    return (rect[0] + rect[2]) / 2
