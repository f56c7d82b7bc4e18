"""Snapping to what stands around: where a drag locks in, and the lines that say why.

    guides = Guides(boxes)                     # at the press, of what does not move
    snap = guides.at(moving, reach, wires)     # at every move
    snap.dx, snap.dy, snap.lines

Arrays in, numbers out. A wire that would become level goes before edges that would be flush; of
several the nearest wins, then centres before edges. 10,000 boxes cost well under a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Rect = tuple[float, float, float, float]
"""left, top, right, bottom in scene pixels."""

SAME = 0.01
"""Two edges this near, scene px, lie on one line."""
_MIDDLE = 1
"""Of the three lines of a box along an axis: its beginning, its middle, its end."""


@dataclass(frozen=True, slots=True)
class Line:
    """A guide to draw: `upright` at x = `at` from y `start` to `end`, else level at y = `at`."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Snap:
    """By how much to move what is dragged so that it locks in, and the lines to show."""

    dx: float = 0.0
    dy: float = 0.0
    lines: tuple[Line, ...] = ()


class Guides:
    """The boxes (n, 4) that stand, ready for many moves."""

    def __init__(self, boxes: ArrayLike) -> None:
        self.boxes: Floats = np.asarray(boxes, float).reshape(-1, 4)
        self._lines = [np.sort(_thirds(self.boxes, axis), axis=0) for axis in (0, 1)]

    def at(self, moving: Rect, reach: float, wires: ArrayLike = ()) -> Snap:
        """How a box that has been dragged to `moving` locks in, if anything is within `reach`.

        wires  (k, 2): the height of an end that moves along, and of the other end that stays
        """
        rect: Floats = np.asarray(moving, float).reshape(1, 4)
        dx = self._step(rect, 0, reach)
        level = _nearest_level(wires, reach)
        dy = self._step(rect, 1, reach) if level is None else level
        if dx is None and dy is None:
            return Snap()
        after = rect + np.array([dx or 0.0, dy or 0.0] * 2)
        lines: list[Line] = []
        for axis, step in ((0, dx), (1, dy)):
            if step is not None:
                lines += self._shown(after, axis)
        return Snap(dx or 0.0, dy or 0.0, tuple(lines))

    def _step(self, rect: Floats, axis: int, reach: float) -> float | None:
        """The least step along an axis that brings two lines together; None out of reach."""
        best: tuple[float, bool, float] | None = None
        for part, at in enumerate(_thirds(rect, axis)[0].tolist()):
            ours = self._lines[axis][:, part]
            place = int(np.searchsorted(ours, at))
            for near in ours[max(0, place - 1) : place + 1].tolist():
                found = (abs(near - at), part != _MIDDLE, near - at)
                if found[0] <= reach and (best is None or found < best):
                    best = found
        return None if best is None else best[2]

    def _shown(self, rect: Floats, axis: int) -> list[Line]:
        """The lines along which a box that has locked in is flush with others."""
        found = []
        for part, at in enumerate(_thirds(rect, axis)[0].tolist()):
            ours = _thirds(self.boxes, axis)[:, part]
            flush = self.boxes[abs(ours - at) <= SAME]
            if len(flush):
                both = np.concatenate([flush, rect])
                start, end = both[:, 1 - axis].min(), both[:, 3 - axis].max()
                found.append(Line(axis == 0, at, float(start), float(end)))
        return found


def guides(boxes: ArrayLike, moving: Rect, reach: float, wires: ArrayLike = ()) -> Snap:
    """One move's worth of Guides."""
    return Guides(boxes).at(moving, reach, wires)


def _thirds(boxes: Floats, axis: int) -> Floats:
    """The beginning, middle and end of boxes along an axis (n, 3)."""
    start, end = boxes[:, axis], boxes[:, axis + 2]
    return np.stack([start, (start + end) / 2, end], axis=1)


def _nearest_level(wires: ArrayLike, reach: float) -> float | None:
    """The least step that makes a wire level; None out of reach."""
    ends: Floats = np.asarray(wires, float).reshape(-1, 2)
    if not len(ends):
        return None
    steps = ends[:, 1] - ends[:, 0]
    nearest = float(steps[abs(steps).argmin()])
    return nearest if abs(nearest) <= reach else None
