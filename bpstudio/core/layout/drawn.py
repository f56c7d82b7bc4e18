"""How a finished layout looks: what a reader would count on the page, not on the sheet.

The sheet only knows in which order points stand; here the wires are the curves that the canvas
draws, so that of several layouts the one is taken that really crosses least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.graph import Graph, Point
from bpstudio.core.layout.layers import Thread, threads_of
from bpstudio.core.shape import input_at, node_size, output_at

Floats = NDArray[np.float64]

PIECES = 12
"""Straight pieces that stand for a curve: enough to tell crossings of an S apart."""
NEAR = 6.0
"""A wire this near to a body, scene px, is counted as running under it."""
UNDER = 3
"""A wire under a body is as bad as so many crossings."""

_T = np.linspace(0.0, 1.0, PIECES + 1)
_ALONG = 1.5 * _T * (1 - _T) + _T**3
_CLIMB = 3 * _T**2 - 2 * _T**3


@dataclass(frozen=True)
class Drawing:
    """Wires between bodies: `at` are the bodies' centres, `shapes` their widths and heights."""

    threads: Sequence[Thread]
    at: Sequence[Point]
    shapes: Sequence[Point]

    @staticmethod
    def of(graph: Graph, places: Mapping[str, Point]) -> Drawing:
        """The drawing of the nodes that have places, and of the wires among them."""
        ids = list(places)
        shapes = [node_size(graph.nodes[key], graph.gates) for key in ids]
        return Drawing(threads_of(graph, ids), [places[key] for key in ids], shapes)

    def curves(self) -> Floats:
        """The wires as polylines, shape (wires, PIECES + 1, 2)."""
        at, shapes = self.at, self.shapes
        rows = [
            output_at(at[t.source], shapes[t.source])
            + input_at(at[t.target], shapes[t.target], t.port, t.ports)
            for t in self.threads
        ]
        ends = np.array(rows, float).reshape(-1, 4)
        x = ends[:, :1] + _ALONG * (ends[:, 2:3] - ends[:, :1])
        y = ends[:, 1:2] + _CLIMB * (ends[:, 3:] - ends[:, 1:2])
        return np.stack([x, y], axis=2)


def disorder(drawing: Drawing) -> int:
    """The one number by which layouts are compared: the less the better."""
    return crossings(drawing) + UNDER * wires_under_bodies(drawing)


def crossings(drawing: Drawing) -> int:
    """Pairs of wires of different sources that cross.

    All run from left to right, so two cross where the upper one changes over the stretch that
    they share. Pairs that cross twice are rare and count as none.
    """
    lines = drawing.curves()
    source = np.array([thread.source for thread in drawing.threads])
    left, right = lines[:, 0, 0], lines[:, -1, 0]
    one, two = np.triu_indices(len(lines), 1)
    start = np.maximum(left[one], left[two])
    stop = np.minimum(right[one], right[two])
    beside = (start < stop) & (source[one] != source[two])
    one, two, start, stop = one[beside], two[beside], start[beside], stop[beside]
    first = _height(lines, one, start) - _height(lines, two, start)
    last = _height(lines, one, stop) - _height(lines, two, stop)
    return int(np.count_nonzero(first * last < 0))


def wires_under_bodies(drawing: Drawing) -> int:
    """Pairs of a wire and a body, not one of its own two, that it runs under or touches."""
    half = np.array(drawing.shapes) / 2 + NEAR
    away = np.abs(drawing.curves()[:, :, None, :] - np.array(drawing.at))
    inside = (away < half).all(axis=3).any(axis=1)
    for row, thread in enumerate(drawing.threads):
        inside[row, [thread.source, thread.target]] = False
    return int(np.count_nonzero(inside))


def _height(lines: Floats, number: NDArray[np.intp], x: Floats) -> Floats:
    """The height of curves `number` at x, each within its own stretch."""
    start, end = lines[number, 0], lines[number, -1]
    part = np.clip((x - start[:, 0]) / (end[:, 0] - start[:, 0]), 0.0, 1.0)
    height: Floats = start[:, 1] + climb_at(part) * (end[:, 1] - start[:, 1])
    return height


def climb_at(part: Floats) -> Floats:
    """Which part of its climb an S has behind it, after this part (0 … 1) of its way across."""
    return np.interp(part, _ALONG, _CLIMB)
