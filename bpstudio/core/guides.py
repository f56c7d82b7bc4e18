"""Snapping to what stands around: where a drag locks in, and the lines that say why.

    guides = Guides(boxes)                     # at the press, of what does not move
    snap = guides.at(moving, reach, wires)     # at every move
    snap.dx, snap.dy, snap.lines

Arrays in, numbers out. A wire that would become level goes before edges that would be flush and
before gaps that would be equal; of several the nearest wins, then centres before edges before gaps.
10,000 boxes cost well under a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Rect = tuple[float, float, float, float]
"""left, top, right, bottom in scene pixels."""

SAME = 0.01
"""Two edges this near, scene px, lie on one line."""
RUN = 6
"""So many boxes on either side are looked at for equal gaps; nobody sees more of a row."""
_MIDDLE = 1
"""Of the three lines of a box along an axis: its beginning, its middle, its end."""


@dataclass(frozen=True, slots=True)
class Line:
    """A guide to draw: `upright` at x = `at` from y `start` to `end`, else level at y = `at`.

    A `gap` is a measure, with a stop at either end: it shows one of several equal distances. It is
    drawn a little beyond `at`, where the bodies on both sides end.
    """

    upright: bool
    at: float
    start: float
    end: float
    gap: bool = False

    @property
    def axis(self) -> int:
        """What it holds: 0 for x, 1 for y."""
        return 0 if self.upright != self.gap else 1


@dataclass(frozen=True, slots=True)
class Snap:
    """By how much to move what is dragged so that it locks in, and the lines to show.

    `held` says of x and y whether something holds it: then the step may be 0, too.
    """

    dx: float = 0.0
    dy: float = 0.0
    lines: tuple[Line, ...] = ()
    held: tuple[bool, bool] = (False, False)


class Guides:
    """The boxes (n, 4) that stand, ready for many moves."""

    def __init__(self, boxes: ArrayLike) -> None:
        self.boxes: Floats = np.asarray(boxes, float).reshape(-1, 4)
        # By their middles: so what comes before a box comes first.
        middles = self.boxes[:, :2] + self.boxes[:, 2:]
        self._ordered = [self.boxes[np.argsort(middles[:, a], kind="stable")] for a in (0, 1)]
        self._thirds = [_thirds(self.boxes, axis) for axis in (0, 1)]
        self._lines = [np.sort(thirds, axis=0) for thirds in self._thirds]

    def at(self, moving: Rect, reach: float, wires: ArrayLike = ()) -> Snap:
        """How a box that has been dragged to `moving` locks in, if anything is within `reach`.

        wires  (k, 2): the height of an end that moves along, and of the other end that stays; or
               (k, 4) with where the two are along x, to show the line that a level wire lies on
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
                lines += self._shown(after, axis) + self._equal(after[0], axis)
        if level is not None:
            lines += _levels(wires, level, dx or 0.0)
        held = dx is not None, dy is not None
        return Snap(dx or 0.0, dy or 0.0, tuple(lines), held)

    def _step(self, rect: Floats, axis: int, reach: float) -> float | None:
        """The least step along an axis that brings two lines together or makes two gaps equal.

        None where nothing is within reach.
        """
        best: tuple[float, int, float] | None = None
        for part, at in enumerate(_thirds(rect, axis)[0].tolist()):
            ours = self._lines[axis][:, part]
            place = int(np.searchsorted(ours, at))
            for near in ours[max(0, place - 1) : place + 1].tolist():
                found = (abs(near - at), int(part != _MIDDLE), near - at)
                if found[0] <= reach and (best is None or found < best):
                    best = found
        for step in self._row(rect[0], axis).steps():
            if abs(step) <= reach and (best is None or (abs(step), 2, step) < best):
                best = (abs(step), 2, step)
        return None if best is None else best[2]

    def _row(self, rect: Floats, axis: int) -> _Row:
        """What stands beside a box: before and behind it along an axis, at its height."""
        other, boxes = 1 - axis, self._ordered[axis]
        beside = (boxes[:, other] < rect[other + 2]) & (boxes[:, other + 2] > rect[other])
        return _Row(boxes[beside], rect, axis)

    def _equal(self, rect: Floats, axis: int) -> list[Line]:
        """The gaps beside a box that are as wide as another one in its row."""
        return self._row(rect, axis).equal()

    def _shown(self, rect: Floats, axis: int) -> list[Line]:
        """The lines along which a box that has locked in is flush with others."""
        found = []
        for part, at in enumerate(_thirds(rect, axis)[0].tolist()):
            ours = self._thirds[axis][:, part]
            flush = self.boxes[abs(ours - at) <= SAME]
            if len(flush):
                both = np.concatenate([flush, rect])
                start, end = both[:, 1 - axis].min(), both[:, 3 - axis].max()
                found.append(Line(axis == 0, at, float(start), float(end)))
        return found


class _Row:
    """The boxes beside one that moves, in order along an axis, and the gaps between them."""

    def __init__(self, boxes: Floats, rect: Floats, axis: int) -> None:
        self.rect, self.axis = rect, axis
        middle = (rect[axis] + rect[axis + 2]) / 2
        centres = (boxes[:, axis] + boxes[:, axis + 2]) / 2
        here = int((centres < middle).sum())
        self.before, self.behind = boxes[max(0, here - RUN) : here], boxes[here : here + RUN]

    def steps(self) -> list[float]:
        """The steps that would make a gap beside the box equal to its neighbour or opposite."""
        start, end = float(self.rect[self.axis]), float(self.rect[self.axis + 2])
        found = []
        between = len(self.before) and len(self.behind)
        if between and self._high() - self._low() > end - start:
            found.append((self._low() + self._high() - start - end) / 2)
        if len(self.before) > 1 and (gap := self._gap(self.before[-2], self.before[-1])) > 0:
            found.append(self._low() + gap - start)
        if len(self.behind) > 1 and (gap := self._gap(self.behind[0], self.behind[1])) > 0:
            found.append(self._high() - gap - end)
        return found

    def equal(self) -> list[Line]:
        """The runs of equal gaps that one beside the box belongs to, as measures."""
        row = [*self.before, self.rect, *self.behind]
        gaps = [self._gap(one, other) for one, other in pairwise(row)]
        place, shown = len(self.before), set[int]()
        for first, way in ((place - 1, -1), (place, 1)):
            run = []
            at = first
            while 0 <= at < len(gaps) and gaps[at] > 0 and abs(gaps[at] - gaps[first]) <= SAME:
                run.append(at)
                at += way
            if len(run) > 1:
                shown |= set(run)
        both = 0 < place <= len(gaps) - 1 and abs(gaps[place - 1] - gaps[place]) <= SAME
        if both and gaps[place] > 0:
            shown |= {place - 1, place}
        return [self._measure(row[at], row[at + 1]) for at in sorted(shown)]

    def _low(self) -> float:
        return float(self.before[-1][self.axis + 2])

    def _high(self) -> float:
        return float(self.behind[0][self.axis])

    def _gap(self, one: Floats, other: Floats) -> float:
        """How far apart two boxes are; -1 where they do not stand in one row."""
        side = 1 - self.axis
        if one[side] >= other[side + 2] or other[side] >= one[side + 2]:
            return -1.0
        return float(other[self.axis] - one[self.axis + 2])

    def _measure(self, one: Floats, other: Floats) -> Line:
        side = 1 - self.axis
        # At the edge, not in the middle: there the wires and their numbers are.
        edge = float(min(one[side + 2], other[side + 2]))
        start, end = float(one[self.axis + 2]), float(other[self.axis])
        return Line(self.axis == 1, edge, start, end, gap=True)


def guides(boxes: ArrayLike, moving: Rect, reach: float, wires: ArrayLike = ()) -> Snap:
    """One move's worth of Guides."""
    return Guides(boxes).at(moving, reach, wires)


def _thirds(boxes: Floats, axis: int) -> Floats:
    """The beginning, middle and end of boxes along an axis (n, 3)."""
    start, end = boxes[:, axis], boxes[:, axis + 2]
    return np.stack([start, (start + end) / 2, end], axis=1)


def _nearest_level(wires: ArrayLike, reach: float) -> float | None:
    """The least step that makes a wire level; None out of reach."""
    ends = _ends(wires)
    if not len(ends):
        return None
    steps = ends[:, 1] - ends[:, 0]
    nearest = float(steps[abs(steps).argmin()])
    return nearest if abs(nearest) <= reach else None


def _levels(wires: ArrayLike, step: float, dx: float) -> list[Line]:
    """The lines of the wires that a step makes level, from port to port."""
    ends = _ends(wires)
    if ends.shape[1] < 4:
        return []
    level = ends[abs(ends[:, 1] - ends[:, 0] - step) <= SAME].tolist()
    return [Line(False, far, min(x + dx, to), max(x + dx, to)) for _, far, x, to in level]


def _ends(wires: ArrayLike) -> Floats:
    ends: Floats = np.asarray(wires, float)
    return ends if ends.ndim == 2 else ends.reshape(-1, 2)
