"""Ways of wires that one curve cannot say: through dots, or at right angles.

A routed wire is drawn as several cubic pieces, one after the other; all pieces of all routed wires
lie in one array. Plain wires have none and are drawn by `view.control` alone. The parameter t goes
from 0 at the output to 1 at the input; 0.5 is `home`, the middle of the piece on which numbers hang
best: the longest, and at right angles a level one with room for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bpstudio.core import ways
from bpstudio.core.graph import Point
from bpstudio.core.shape import LABEL_ROOM
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.geometry import Floats, Ints, Mask, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel


class Routes:
    """The pieces of the wires that have any, and their dots. Rows are the view's wire rows.

    `alone` says which wires have their source for themselves.
    """

    def __init__(self, shape: str, dots: Sequence[tuple[Point, ...]], alone: Mask) -> None:
        self.shape, self._alone = shape, alone
        self.dot_count: Ints = np.array([len(one) for one in dots], dtype=np.intp)
        self.dot_first: Ints = _starts(self.dot_count)
        self.dots: Floats = np.array([p for one in dots for p in one], float).reshape(-1, 2)
        per = ways.STEPS if shape == ways.ORTHOGONAL else 1
        self.count: Ints = (self.dot_count + 1) * per
        if shape != ways.ORTHOGONAL:
            self.count[self.dot_count == 0] = 0
        self.first: Ints = _starts(self.count)
        total = int(self.first[-1])
        self.owner: Ints = np.repeat(np.arange(len(dots)), self.count)
        self.piece: Floats = np.zeros((total, 4, 2))
        self._until: Floats = np.zeros(total)
        """Wire row plus the part of its length up to a piece's end: grows along the array."""
        self._home: Floats = np.full(len(dots), 0.5)
        self._shift: tuple[Ints, Floats] | None = None

    @property
    def routed(self) -> Mask:
        """Which wires have pieces."""
        return np.asarray(self.count > 0)

    def lead(self, rows: Ints, start: Floats, end: Floats) -> None:
        """Find the ways of these wires anew, from starts to ends (k, 2)."""
        dots = self.dots_now()
        for many in np.unique(self.dot_count[rows]).tolist():
            which = np.flatnonzero((self.dot_count[rows] == many) & (self.count[rows] > 0))
            if not len(which):
                continue
            at = rows[which]
            between = dots[self.dot_first[at][:, None] + np.arange(many)]
            points = np.concatenate([start[which, None], between, end[which, None]], axis=1)
            pieces = ways.through(self.shape, points, self._alone[at])
            self.piece[self.first[at][:, None] + np.arange(pieces.shape[1])] = pieces
            self._measure(at, pieces)

    def _measure(self, at: Ints, pieces: Floats) -> None:
        """How long the pieces (k, p, 4, 2) are, and where home is."""
        step = np.diff(pieces, axis=2)
        length = np.hypot(step[..., 0], step[..., 1]).sum(axis=2)
        total = np.maximum(length.sum(axis=1, keepdims=True), 1e-9)
        until = np.cumsum(length, axis=1) / total
        until[:, -1] = 1.0
        self._until[self.first[at][:, None] + np.arange(pieces.shape[1])] = at[:, None] + until
        best = self._homely(at, pieces, length)
        k = np.arange(len(at))
        before = until[k, best] - length[k, best] / total[:, 0]
        self._home[at] = np.clip((before + until[k, best]) / 2, 0.02, 0.98)

    def _homely(self, at: Ints, pieces: Floats, length: Floats) -> Ints:
        """Which piece of each wire carries its numbers."""
        worth = length
        if self.shape == ways.ORTHOGONAL:
            level = pieces[:, :, 0, 1] == pieces[:, :, 3, 1]
            # The last of those with room, where wires of one gate share their beginning.
            number = np.arange(pieces.shape[1])
            number = np.where(self._alone[at, None], number[::-1], number)
            late = number * (length >= LABEL_ROOM)
            worth = np.where(level, length, length * 0.25) + late * 1e-3
            worth = np.where(level & (length >= LABEL_ROOM), LABEL_ROOM * 1e3 + late, worth)
        return np.asarray(worth.argmax(axis=1))

    # --- dots -------------------------------------------------------------------------------

    def carry(self, rows: Ints, step: Point) -> None:
        """Show the dots of these wires a step away; no rows puts all back."""
        self._shift = (rows, np.array(step)) if len(rows) else None

    def replace(self, row: int, dots: Sequence[Point]) -> None:
        """Put other dots on a wire, as many as it has."""
        self.dots[self.dot_first[row] : self.dot_first[row + 1]] = dots

    def dots_now(self) -> Floats:
        """All dots (d, 2), a drag's preview put on."""
        if self._shift is None:
            return self.dots
        rows, step = self._shift
        moved = self.dots.copy()
        moved[geometry.ranges(self.dot_first, rows)] += step
        return moved

    def dots_of(self, row: int) -> Floats:
        """The dots of one wire, from source to target."""
        return self.dots_now()[self.dot_first[row] : self.dot_first[row + 1]]

    # --- asking -----------------------------------------------------------------------------

    def pieces_of(self, rows: Ints) -> Floats:
        """All pieces of these wires, one after the other."""
        return np.asarray(self.piece[geometry.ranges(self.first, rows)])

    def along(self, rows: Ints, t: Floats) -> Floats:
        """Points (k, 2) on routed wires."""
        piece, u = self._locate(rows, t)
        return geometry.along(self.piece[piece], u)

    def piece_at(self, rows: Ints, t: Floats) -> Floats:
        """The pieces (k, 4, 2) in which t lies."""
        return np.asarray(self.piece[self._locate(rows, t)[0]])

    def _locate(self, rows: Ints, t: Floats) -> tuple[Ints, Floats]:
        home = self._home[rows]
        part = np.where(t <= 0.5, 2 * t * home, home + (2 * t - 1) * (1 - home))
        piece = np.searchsorted(self._until, rows + part)
        piece = np.clip(piece, self.first[rows], self.first[rows + 1] - 1)
        begin = np.where(piece > self.first[rows], self._until[piece - 1] - rows, 0.0)
        span = np.maximum(self._until[piece] - rows - begin, 1e-12)
        return piece, np.clip((part - begin) / span, 0.0, 1.0)

    def parameter(self, piece: int, u: float) -> float:
        """The t of a place on a piece."""
        row = int(self.owner[piece])
        begin = float(self._until[piece - 1]) - row if piece > self.first[row] else 0.0
        part = begin + u * (float(self._until[piece]) - row - begin)
        home = float(self._home[row])
        return part / home / 2 if part <= home else 0.5 + (part - home) / (1 - home) / 2

    def boxes(self, rows: Ints) -> Floats:
        """The bounding boxes (k, 4) of routed wires."""
        if not len(rows):
            return np.empty((0, 4))
        every = geometry.boxes(self.pieces_of(rows))
        starts = _starts(self.count[rows])[:-1]
        low = np.minimum.reduceat(every[:, :2], starts, axis=0)
        high = np.maximum.reduceat(every[:, 2:], starts, axis=0)
        return np.concatenate([low, high], axis=1)


# --- for all wires, routed or not -------------------------------------------------------------


def along(view: ViewModel, rows: Any, t: Any) -> Floats:
    """Points (k, 2) on wires at t, one for all or one each."""
    rows = np.asarray(rows, dtype=np.intp)
    t = np.broadcast_to(np.asarray(t, dtype=float), rows.shape)
    found = geometry.along(view.control[rows], t)
    if view.routes is not None:
        led = view.routes.count[rows] > 0
        if led.any():
            found[led] = view.routes.along(rows[led], t[led])
    return found


def heading(view: ViewModel, rows: Ints, t: Floats) -> Floats:
    """The curves (k, 4, 2) on which wires run at t: a routed wire's piece, else all of it."""
    found = view.control[rows]
    if view.routes is not None:
        led = view.routes.count[rows] > 0
        if led.any():
            found[led] = view.routes.piece_at(rows[led], np.asarray(t, dtype=float)[led])
    return np.asarray(found)


def pieces(view: ViewModel, rows: Ints) -> Floats:
    """All curves to draw for wires (k, 4, 2), in no order; without those of no length."""
    if view.routes is None:
        return np.asarray(view.control[rows])
    led = view.routes.count[rows] > 0
    led_pieces = view.routes.pieces_of(rows[led])
    long = np.ptp(led_pieces, axis=1).max(axis=1) > 0
    return np.concatenate([view.control[rows[~led]], led_pieces[long]])


def way(view: ViewModel, row: int) -> Floats:
    """The curves (k, 4, 2) of one wire, from its output to its input."""
    if view.routes is not None and view.routes.count[row]:
        return view.routes.pieces_of(np.array([row]))
    return np.asarray(view.control[row : row + 1])


def nearest(view: ViewModel, rows: Ints, x: float, y: float) -> tuple[int, float, float]:
    """Of these wires the one nearest to a point: its row, how far away it is, and t there."""
    best = (-1, np.inf, 0.0)
    led = view.routes.count[rows] > 0 if view.routes is not None else np.zeros(len(rows), bool)
    alone = rows[~led]
    if len(alone):
        away, t = geometry.nearest(geometry.flatten(view.control[alone], 24), x, y)
        at = int(away.argmin())
        best = int(alone[at]), float(away[at]), float(t[at])
    if view.routes is not None and led.any():
        at_piece = geometry.ranges(view.routes.first, rows[led])
        count = 24 if view.routes.shape == ways.CURVED else 1
        lines = geometry.flatten(view.routes.piece[at_piece], count)
        away, u = geometry.nearest(lines, x, y)
        at = int(away.argmin())
        if away[at] < best[1]:
            piece = int(at_piece[at])
            t_here = view.routes.parameter(piece, float(u[at]))
            best = int(view.routes.owner[piece]), float(away[at]), t_here
    return best


def crossed(view: ViewModel, a: Point, b: Point) -> list[str]:
    """The wires in view of a straight stroke from a to b that it crosses."""
    rect: Rect = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
    rows = view.wires_in(rect)
    found = []
    for row in rows.tolist():
        lines = geometry.flatten(way(view, row), 24).reshape(-1, 25, 2)
        start, end = lines[:, :-1].reshape(-1, 2), lines[:, 1:].reshape(-1, 2)
        if _meet(start, end, np.array(a), np.array(b)).any():
            found.append(view.wires.ids[row])
    return found


def _starts(count: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(count)]).astype(np.intp)


def _meet(p: Floats, q: Floats, a: Floats, b: Floats) -> Mask:
    """Which of the lines p-q the line a-b crosses."""

    def side(o: Floats, d: Floats, x: Floats) -> Floats:
        return np.asarray((d - o)[..., 0] * (x - o)[..., 1] - (d - o)[..., 1] * (x - o)[..., 0])

    apart = (side(p, q, a) > 0) != (side(p, q, b) > 0)
    return np.asarray(apart & ((side(a, b, p) > 0) != (side(a, b, q) > 0)))
