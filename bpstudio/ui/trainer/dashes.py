"""Dashed curves and the numbers on them: what tells earlier runs apart without a colour."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from bpstudio.ui import theme as themes

PATTERNS: tuple[tuple[float, ...], ...] = (
    (9.0, 4.0),
    (2.5, 3.5),
    (9.0, 3.0, 2.5, 3.0),
    (16.0, 4.0),
    (5.0, 6.0),
    (9.0, 3.0, 2.5, 3.0, 2.5, 3.0),
    (16.0, 3.0, 5.0, 3.0),
    (2.5, 7.0),
)
"""On, off, on, off … in px; one for each run that is kept."""


def dashed(x: np.ndarray, y: np.ndarray, pattern: tuple[float, ...]) -> np.ndarray:
    """The pieces (x1, y1, x2, y2) of a polyline that a pattern lets be seen.

    A pen's own dashes begin anew with every piece of a line that is drawn in one call.
    """
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    period, edges = float(sum(pattern)), np.cumsum(pattern)
    turns = np.arange(int(length[-1] / period) + 1) * period
    cuts = (turns[:, None] + edges[None, :]).ravel()
    at = np.unique(np.concatenate([length, cuts[cuts < length[-1]]]))
    middles = (at[:-1] + at[1:]) / 2
    on = np.searchsorted(edges, middles % period, side="right") % 2 == 0
    xs, ys = np.interp(at, length, x), np.interp(at, length, y)
    strokes: np.ndarray = np.column_stack([xs[:-1], ys[:-1], xs[1:], ys[1:]])[on]
    return strokes


def paint_mark(painter: QPainter, x: np.ndarray, y: np.ndarray, mark: str, ink: QColor) -> None:
    """A run's number on its curve; each a little further left, so that they do not meet."""
    n = themes.length
    wanted = x[-1] - (x[-1] - x[0]) * min(0.9, 0.03 + 0.07 * (int(mark) % len(PATTERNS)))
    height = float(np.interp(wanted, x, y))
    painter.setFont(themes.font(n(10), bold=True))
    wide = painter.fontMetrics().horizontalAdvance(mark) + n(4)
    box = QRectF(0, 0, wide, n(13))
    box.moveCenter(QPointF(float(wanted), height))
    painter.fillRect(box, themes.current().color("panel"))
    ink.setAlphaF(1.0)
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark)


def away(x: np.ndarray, y: np.ndarray, at: QPointF) -> float:
    """How far below or above a point a curve runs; infinitely where it does not reach so far."""
    if not len(x) or not x[0] - 4 <= at.x() <= x[-1] + 4:
        return float("inf")
    return abs(float(np.interp(at.x(), x, y)) - at.y())
