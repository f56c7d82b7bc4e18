"""Spots: where along its wire a drawing's numbers stand, clear of gates, of other wires and of one
another. Lengths in scene pixels, y downwards, as on the canvas.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, floor, hypot, radians, sin

from bpstudio.core.graph import Point
from bpstudio.core.groups import Rect

LOOSENESS = 0.3915
"""Share of the distance between its ends that TikZ puts a curve's control points away."""
ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""Shares of a hop where numbers may stand, the best first."""
SAMPLES = 12
"""Points of a hop at which others keep off."""
CELL = 64.0
BODY, LINE = 100, 1
"""What it costs to lie on a gate or other numbers, and on each sampled point of another wire."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One piece of a wire: straight, or a curve that leaves at `out` and comes in at `into`,
    degrees as TikZ counts them, anticlockwise."""

    start: Point
    end: Point
    angles: tuple[float, float] | None = None

    @property
    def length(self) -> float:
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    def at(self, t: float) -> Point:
        """The point at share `t` of the piece, as TikZ's `pos` counts it."""
        if self.angles is None:
            points: list[Point] = [self.start, self.end]
        else:
            reach = LOOSENESS * self.length
            near, far = (
                (end[0] + reach * cos(radians(angle)), end[1] - reach * sin(radians(angle)))
                for end, angle in zip((self.start, self.end), self.angles, strict=True)
            )
            points = [self.start, near, far, self.end]
        while len(points) > 1:
            points = [
                (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for a, b in pairwise(points)
            ]
        return points[0]


class Spots:
    """What is taken of the paper: bodies (gates, numbers) and points of wires, by cells."""

    def __init__(self) -> None:
        self._bodies: dict[tuple[int, int], list[Rect]] = defaultdict(list)
        self._points: dict[tuple[int, int], list[tuple[str, Point]]] = defaultdict(list)

    def take(self, rect: Rect) -> None:
        """Nothing else is to stand here."""
        for cell in _cells(rect):
            self._bodies[cell].append(rect)

    def run(self, wire: str, hops: Iterable[Hop]) -> None:
        """Numbers of other wires are to keep off these hops."""
        for hop in hops:
            for k in range(SAMPLES + 1):
                x, y = hop.at(k / SAMPLES)
                self._points[floor(x / CELL), floor(y / CELL)].append((wire, (x, y)))

    def choose(self, wire: str, hops: Sequence[Hop], half: Point) -> tuple[int, float]:
        """Which hop and which share of it, for numbers of half width and height `half`; taken."""
        order = sorted(range(len(hops)), key=lambda k: -hops[k].length)
        ways = [(k, t) for k in order for t in ALONG]
        best = min(ways, key=lambda way: self._cost(wire, _around(hops[way[0]].at(way[1]), half)))
        self.take(_around(hops[best[0]].at(best[1]), half))
        return best

    def _cost(self, wire: str, rect: Rect) -> int:
        left, top, right, bottom = rect
        cells = list(_cells(rect))
        bodies = {body for cell in cells for body in self._bodies.get(cell, ())}
        met = sum(b[0] < right and left < b[2] and b[1] < bottom and top < b[3] for b in bodies)
        crossed = sum(
            other != wire and left < x < right and top < y < bottom
            for cell in cells
            for other, (x, y) in self._points.get(cell, ())
        )
        return BODY * met + LINE * crossed


def _around(at: Point, half: Point) -> Rect:
    return at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]


def _cells(rect: Rect) -> Iterable[tuple[int, int]]:
    left, top, right, bottom = (floor(side / CELL) for side in rect)
    return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))
