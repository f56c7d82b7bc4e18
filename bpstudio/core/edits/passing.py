"""Where wires pass: small boxes along them, that what comes onto the paper keeps off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import compress, count
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import groups, ways
from bpstudio.core.graph import Graph, Point, Wire
from bpstudio.core.groups import Rect
from bpstudio.core.shape import SNAP, input_at, output_at

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_SOURCE, _TARGET, _DOTS = map(attrgetter, ("source", "target", "dots"))

SWING = 200.0
"""How far a wire that leads back to the left may swing out of the bodies at its ends, at most."""
PIECES = 24
"""Straight pieces that stand for a curve."""


class Wires:
    """The wires of a graph, read once and asked what of them runs through one rectangle after
    another. `ids` and `rects` are what is seen of it, as `covered` gives them."""

    def __init__(self, graph: Graph, ids: Sequence[str], rects: Floats) -> None:
        self._graph, self._rects = graph, rects
        row = {key: n for n, key in enumerate(ids)}
        unseen = groups.hidden(graph).items()
        row |= {key: row[over] for key, over in unseen if key in graph.nodes}
        self._row, self._at_box = row, _at_boxes(graph)
        wires = self._all = list(graph.wires.values())
        # By maps: what waits for a place in a graph of 100,000 gates waits for these two lines.
        sources = np.fromiter(map(row.__getitem__, map(_SOURCE, wires)), np.intp, len(wires))
        targets = np.fromiter(map(row.__getitem__, map(_TARGET, wires)), np.intp, len(wires))
        self._ends = np.stack([sources, targets], axis=1)
        self._reach = self._within()

    def through(self, rect: Rect) -> Floats:
        """Boxes (n, 4), a snap step long at most, of what runs through a rectangle."""
        alike: defaultdict[int, list[Wire]] = defaultdict(list)
        for number in np.flatnonzero(_touching(self._reach, rect)).tolist():
            wire = self._all[number]
            alike[len(wire.dots)].append(wire)
        found = [_small(self._lines(wires), rect) for wires in alike.values()]
        return np.concatenate(found) if found else np.empty((0, 4))

    def _within(self) -> Floats:
        """A rectangle round each wire, never too small; none round one inside a closed box."""
        one, other = self._rects[self._ends[:, 0]], self._rects[self._ends[:, 1]]
        found = np.concatenate(
            [np.minimum(one[:, :2], other[:, :2]), np.maximum(one[:, 2:], other[:, 2:])], axis=1
        )
        back = one[:, 2] > other[:, 0] - 2 * SNAP
        found[back] += (-SWING, -SWING, SWING, SWING)
        for number in compress(count(), map(_DOTS, self._all)):
            at = np.array(self._all[number].dots)
            found[number, :2] = np.minimum(found[number, :2], at.min(axis=0) - SWING)
            found[number, 2:] = np.maximum(found[number, 2:], at.max(axis=0) + SWING)
        found[self._ends[:, 0] == self._ends[:, 1]] = np.nan
        return found

    def _lines(self, wires: Sequence[Wire]) -> Floats:
        """Wires with equally many dots as straight lines (n, 2, 2)."""
        points = np.array([(self._start(w), *w.dots, self._end(w)) for w in wires])
        alone = np.array([len(self._graph.out_of(wire.source)) == 1 for wire in wires])
        curves = ways.through(str(self._graph.setting("wires")), points, alone)
        flat = ways.flatten(curves.reshape(-1, 4, 2), PIECES)
        return np.stack([flat[:, :-1], flat[:, 1:]], axis=2).reshape(-1, 2, 2)

    def _start(self, wire: Wire) -> Point:
        """Where a wire leaves its source, or the box that is seen for it."""
        return self._at_box.get((wire.id, False)) or output_at(*self._body(wire.source))

    def _end(self, wire: Wire) -> Point:
        """Where it comes to its target, or to the box that is seen for it."""
        if at := self._at_box.get((wire.id, True)):
            return at
        node = self._graph.nodes[wire.target]
        gate = self._graph.gate(node)
        ports = gate.ports(node.params) if gate is not None else ()
        if wire.port not in ports:
            ports = (wire.port,)
        return input_at(*self._body(wire.target), ports.index(wire.port), len(ports))

    def _body(self, node: str) -> tuple[Point, Point]:
        """The middle and the size of a node's body."""
        left, top, right, bottom = self._rects[self._row[node]].tolist()
        return ((left + right) / 2, (top + bottom) / 2), (right - left, bottom - top)


def _at_boxes(graph: Graph) -> dict[tuple[str, bool], Point]:
    """Where wires come out of the boxes of collapsed groups (False) and into them (True)."""
    found = {}
    for box in groups.boxes(graph).values():
        ports = box.ports
        for coming, side, places in (
            (True, ports.inputs, box.inputs_at),
            (False, ports.outputs, box.outputs_at),
        ):
            for port, at in zip(side, places, strict=True):
                found.update({(wire, coming): at for wire in port.wires})
    return found


def _small(lines: Floats, rect: Rect) -> Floats:
    """Boxes (n, 4), a snap step long at most, along the straight lines (n, 2, 2) that come into a
    rectangle, as far as they are in it."""
    lines = lines[_touching(_boxes(lines[:, 0], lines[:, 1]), rect)]
    step = lines[:, 1] - lines[:, 0]
    count = np.maximum(np.ceil(np.abs(step).max(axis=1) / SNAP), 1).astype(np.intp)
    part = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    start, step = np.repeat(lines[:, 0], count, axis=0), np.repeat(step, count, axis=0)
    length = np.repeat(count, count)
    ends = [start + step * (at / length)[:, None] for at in (part, part + 1)]
    boxes = _boxes(*ends)
    return boxes[_touching(boxes, rect)]


def _boxes(one: Floats, other: Floats) -> Floats:
    return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)


def _touching(boxes: Floats, rect: Rect) -> Mask:
    """Which boxes have a part in a rectangle, or lie in it and have no width."""
    left, top, right, bottom = rect
    return np.asarray((boxes[:, :2] < (right, bottom)).all(axis=1)) & np.asarray(
        (boxes[:, 2:] > (left, top)).all(axis=1)
    )
