"""Where the units and wires of a network are drawn: pure geometry, in logical pixels.

Layers are columns from left to right. A layer with more units than fit shows its first ones; one
whose units are the pixels of a picture stands as that picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

LARGEST, SMALLEST = 44.0, 7.0
TOP, BOTTOM, LEFT, RIGHT = 76.0, 18.0, 74.0, 40.0
PIECES = 12
"""Straight pieces of a wire's curve."""
MOST_WIRES = 300
"""Of more wires between two layers the strongest are drawn."""
PICTURE = 112.0


@dataclass(frozen=True)
class Column:
    """One layer: which units are shown, their centres (n, 2) and the side of their squares."""

    count: int
    shown: int
    centres: np.ndarray
    side: float
    picture: int = 0
    """The pixels of the picture's side, 0 for a column."""

    def times(self, factor: float) -> Column:
        """As large as Large mode has it."""
        return replace(self, centres=self.centres * factor, side=self.side * factor)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, width, height of all of it."""
        low, high = self.centres.min(axis=0), self.centres.max(axis=0)
        half = self.side / 2
        return (*(low - half), *(high - low + self.side))

    def unit_at(self, x: float, y: float) -> int:
        """The unit under a point, -1 without one."""
        inside = np.abs(self.centres - (x, y)).max(axis=1) <= self.side / 2 + 1
        found = np.flatnonzero(inside)
        return int(found[0]) if len(found) else -1


def columns(
    sizes: tuple[int, ...], width: float, height: float, pictures: frozenset[int] = frozenset()
) -> tuple[Column, ...]:
    """Lay the layers out; those whose number is in `pictures` as square pictures."""
    last = len(sizes) - 1
    left = LEFT + (PICTURE / 2 - LARGEST / 2 if 0 in pictures else 0)
    right = RIGHT + (PICTURE / 2 - 10 if last in pictures else 0)
    gap = (width - left - right) / max(1, last)
    room = max(40.0, height - TOP - BOTTOM)
    middle = TOP + room / 2
    made = []
    for number, count in enumerate(sizes):
        x = left + gap * number
        if number in pictures:
            made.append(_picture(count, x, middle, min(PICTURE, room, gap * 0.8)))
            continue
        shown = max(1, min(count, int(room / (SMALLEST + 2))))
        pitch = min(room / shown, LARGEST + 12)
        side = min(LARGEST, max(SMALLEST, pitch * 0.8), max(SMALLEST, gap * 0.5))
        ys = middle + (np.arange(shown) - (shown - 1) / 2) * pitch
        centres = np.column_stack([np.full(shown, x), ys])
        made.append(Column(count, shown, centres, side))
    return tuple(made)


def _picture(count: int, x: float, y: float, side: float) -> Column:
    cells = round(np.sqrt(count))
    pixel = side / cells
    row, column = np.divmod(np.arange(count), cells)
    offset = (np.column_stack([column, row]) - (cells - 1) / 2) * pixel
    return Column(count, count, offset + np.array([x, y]), pixel, cells)


@dataclass(frozen=True)
class Wires:
    """The curves between two layers: (targets * sources) of points (PIECES + 1, 2)."""

    points: np.ndarray
    targets: int
    sources: int

    def curve(self, target: int, source: int) -> np.ndarray:
        return np.asarray(self.points[target * self.sources + source])

    def nearest(self, x: float, y: float, among: np.ndarray) -> tuple[int, int, float]:
        """Target, source and distance of the wire next to a point, of those numbered `among`."""
        if not len(among):
            return -1, -1, np.inf
        away = np.hypot(*np.moveaxis(self.points[among] - (x, y), -1, 0)).min(axis=1)
        best = int(away.argmin())
        target, source = divmod(int(among[best]), self.sources)
        return target, source, float(away[best])


def wires(source: Column, target: Column) -> Wires:
    """Curves from every shown unit to every shown unit of the next layer."""
    out, into = source.centres.copy(), target.centres.copy()
    if not source.picture:
        out[:, 0] += source.side / 2
    if not target.picture:
        into[:, 0] -= target.side / 2
    start = np.tile(out, (len(into), 1))[:, None, :]
    end = np.repeat(into, len(out), axis=0)[:, None, :]
    t = np.linspace(0, 1, PIECES + 1)
    # An S-curve that leaves and arrives level: its x is that of the straight line's blend.
    along = (3 * t**2 - 2 * t**3)[None, :, None]
    even = t[None, :, None]
    blend = np.concatenate([even, along], axis=2)
    return Wires(start + (end - start) * blend, len(into), len(out))
