"""Align, distribute, straighten and nudge what is chosen: gates, notes, and groups as one.

Nothing else moves. Straightening never makes a body overlap another one that it did not overlap,
and never takes a level wire away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import groups
from bpstudio.core.edits.draft import Draft
from bpstudio.core.edits.places import Unit, name_of, shift, units_of
from bpstudio.core.graph import BadParam, Graph, Node, Patch, Point, UnknownItem, Wire
from bpstudio.core.shape import input_at, node_size, snapped
from bpstudio.language import N_, listed, tr, trn

Edge = Literal["left", "centre", "right", "top", "middle", "bottom"]
Direction = Literal["across", "down"]
Floats = NDArray[np.float64]

# edge -> (its label, axis, how far into the box it lies: 0 at its beginning, 1 at its end)
_EDGES: Mapping[str, tuple[str, int, float]] = {
    "left": (N_("Align left edges"), 0, 0.0),
    "centre": (N_("Align centres"), 0, 0.5),
    "right": (N_("Align right edges"), 0, 1.0),
    "top": (N_("Align top edges"), 1, 0.0),
    "middle": (N_("Align middles"), 1, 0.5),
    "bottom": (N_("Align bottom edges"), 1, 1.0),
}
EDGES = tuple(_EDGES)
DIRECTIONS = ("across", "down")
LEVEL = 0.5
"""Two heights this near, scene px, are drawn as one."""


def align(graph: Graph, ids: Iterable[str], edge: Edge) -> Patch:
    """Bring an edge or the middle of each chosen thing to where the outermost of them has it."""
    if edge not in _EDGES:
        raise BadParam(
            tr("“{word}” is none of {values}.", word=edge, values=listed(EDGES)),
        )
    label, axis, share = _EDGES[edge]
    units = _some(graph, ids, 2, tr("Choose two things or more to align them."))
    low = min(unit.rect[axis] for unit in units)
    high = max(unit.rect[axis + 2] for unit in units)
    line = low + share * (high - low)
    if share == 0.5:
        line = snapped(line)  # centres stay on the grid
    steps = {}
    for unit in units:
        start, end = unit.rect[axis], unit.rect[axis + 2]
        steps[unit.id] = line - (start + share * (end - start))
    return _shifted(graph, units, steps, axis, tr(label))


def distribute(graph: Graph, ids: Iterable[str], direction: Direction) -> Patch:
    """Leave the same room between all neighbours, across or down; the outermost two stay."""
    if direction not in DIRECTIONS:
        raise BadParam(
            tr("“{word}” is none of {values}.", word=direction, values=listed(DIRECTIONS)),
        )
    axis = DIRECTIONS.index(direction)
    units = _some(graph, ids, 3, tr("Choose three things or more to distribute them."))
    units.sort(key=lambda unit: (unit.rect[axis] + unit.rect[axis + 2], unit.id))
    lengths = [unit.rect[axis + 2] - unit.rect[axis] for unit in units]
    last = units[-1].rect[axis + 2]
    gap = (last - units[0].rect[axis] - sum(lengths)) / (len(units) - 1)
    at = units[0].rect[axis]
    steps = {}
    for unit, length in zip(units, lengths, strict=True):
        # Whole pixels: a half would blur every edge on the screen.
        steps[unit.id] = float(round(at - unit.rect[axis]))
        at += length + gap
    steps[units[-1].id] = 0.0
    label = tr("Distribute across") if axis == 0 else tr("Distribute down")
    return _shifted(graph, units, steps, axis, label)


def nudge(graph: Graph, ids: Iterable[str], dx: float, dy: float) -> Patch:
    """Move the chosen things by a step."""
    units = _some(graph, ids, 1, tr("Choose something to move."))
    draft = Draft(graph)
    shift(draft, {key: (dx, dy) for unit in units for key in unit.moves})
    if len(units) == 1:
        return draft.patch(tr("Move {name}", name=name_of(graph, units[0].id)))
    count = len({key for unit in units for key in unit.moves})
    return draft.patch(trn("Move {n} gate", "Move {n} gates", count))


def straighten(graph: Graph, ids: Iterable[str]) -> Patch:
    """Make wires level by moving the chosen gates (or the targets of chosen wires) up and down.

    From left to right each gate goes to the height at which most of its wires are level; of equal
    ones the nearest. Where a body stands in the way it stays.
    """
    chosen: dict[str, None] = {}
    for key in ids:
        item = graph.get(key)
        if isinstance(item, Wire):
            chosen[item.target] = None
        elif isinstance(item, Node):
            chosen[key] = None
        elif item is None:
            raise UnknownItem(tr("There is nothing called “{id}” to move.", id=key))
    if not chosen:
        raise UnknownItem(tr("Choose gates or wires to straighten."))
    page = _Levels(graph)
    order = sorted(chosen, key=lambda key: (graph.nodes[key].at[0], key))
    # Backwards too: a gate may have to wait until its neighbour has made room.
    for key in (*order, *reversed(order)):
        page.settle(key)
    # What a collapsed group hides stays where it is.
    steps = {key: (0.0, page.y[key] - graph.nodes[key].at[1]) for key in order if key in page.y}
    draft = Draft(graph)
    shift(draft, {key: step for key, step in steps.items() if step[1]})
    return draft.patch(tr("Straighten the wires"))


class _Levels:
    """Heights that change, and the bodies that may not come to overlap."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        unseen = groups.hidden(graph)
        seen = [node for node in graph.nodes.values() if node.id not in unseen]
        self.y = {node.id: node.at[1] for node in seen}
        self.row = {node.id: row for row, node in enumerate(seen)}
        rects = [groups.body(node, graph) for node in seen]
        rects += [box.rect for box in groups.boxes(graph).values()]
        self.rects: Floats = np.array(rects).reshape(-1, 4)

    def settle(self, key: str) -> None:
        """Move one node to the best height it can have."""
        if key not in self.row:
            return
        wishes = self._wishes(key)
        best, most = self.y[key], sum(abs(w - self.y[key]) < LEVEL for w in wishes)
        for wish in sorted(set(wishes), key=lambda wish: (abs(wish - self.y[key]), wish)):
            level = sum(abs(w - wish) < LEVEL for w in wishes)
            if level > most and self._free(key, wish):
                best, most = wish, level
        row = self.row[key]
        self.rects[row, [1, 3]] += best - self.y[key]
        self.y[key] = best

    def _wishes(self, key: str) -> list[float]:
        """The height at which each of a node's wires would be level."""
        graph, wishes = self.graph, []
        for wire in graph.into(key).values():
            source = graph.wires[wire].source
            if source in self.y and not graph.wires[wire].dots:
                wishes.append(self.y[source] - self._drop(graph.wires[wire]))
        for wire in graph.out_of(key):
            target = graph.wires[wire].target
            if target in self.y and not graph.wires[wire].dots:
                wishes.append(self.y[target] + self._drop(graph.wires[wire]))
        return wishes

    def _drop(self, wire: Wire) -> float:
        """How far below its gate's middle a wire comes in."""
        node = self.graph.nodes[wire.target]
        gate = self.graph.gate(node)
        ports = gate.ports(node.params) if gate is not None else ()
        if wire.port not in ports:
            return 0.0
        size = node_size(node, self.graph.gates)
        return input_at((0.0, 0.0), size, ports.index(wire.port), len(ports))[1]

    def _free(self, key: str, y: float) -> bool:
        """Whether a node at this height would overlap nothing that it does not overlap now."""
        row = self.row[key]
        now = self.rects[row]
        then = now + np.array([0.0, y - self.y[key], 0.0, y - self.y[key]])
        return not bool((_meets(self.rects, then) & ~_meets(self.rects, now)).any())


def _meets(rects: Floats, rect: Floats) -> NDArray[np.bool_]:
    across = (rects[:, 0] < rect[2]) & (rect[0] < rects[:, 2])
    met: NDArray[np.bool_] = across & (rects[:, 1] < rect[3]) & (rect[1] < rects[:, 3])
    return met


def _some(graph: Graph, ids: Iterable[str], least: int, sentence: str) -> list[Unit]:
    units = units_of(graph, ids)
    if len(units) < least:
        raise UnknownItem(sentence)
    return units


def _shifted(
    graph: Graph, units: list[Unit], steps: Mapping[str, float], axis: int, label: str
) -> Patch:
    """The units moved along one axis."""
    draft = Draft(graph)
    way: Callable[[float], Point] = (lambda s: (s, 0.0)) if axis == 0 else (lambda s: (0.0, s))
    shift(draft, {key: way(steps[u.id]) for u in units for key in u.moves if steps[u.id]})
    return draft.patch(label)
