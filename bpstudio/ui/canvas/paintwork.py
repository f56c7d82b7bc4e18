"""What the surface paints besides the graph: its hint, its focus ring; and in which parts."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from bpstudio.ui import theme as themes
from bpstudio.ui.theme import Theme

MOST_PARTS = 6
"""Dirty rectangles painted one by one; more are painted as the one around them."""


def parts(region: QRegion) -> list[QRect]:
    """The rectangles to paint: the two strips of a slanting pan apart, for they span the widget."""
    whole = region.boundingRect()
    if not 1 < region.rectCount() <= MOST_PARTS:
        return [whole]
    rects = [QRect(rect) for rect in region]  # type: ignore[attr-defined]
    small = 2 * sum(r.width() * r.height() for r in rects) < whole.width() * whole.height()
    return rects if small else [whole]


def hint(painter: QPainter, theme: Theme, factor: float, room: QRect, words: str) -> None:
    """What to do with bare paper, in its middle."""
    painter.setPen(QColor(theme.faint))
    painter.setFont(themes.font(15 * factor))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(room.adjusted(24, 24, -24, -24), int(flags), words)


def ring(painter: QPainter, theme: Theme, room: QRect) -> None:
    """The line inside the edge that says: the keyboard is here."""
    painter.setPen(QPen(QColor(theme.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(room).adjusted(1, 1, -1, -1))
