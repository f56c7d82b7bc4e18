"""Where a run stopped because its numbers ran away: a line across the plot, a cross, and words.

A run that stops in its first epoch has one point and so no curve: without this it left nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes

_ARM, _GAP, _LINE = 4.0, 8.0, 16.0


@dataclass(frozen=True, slots=True)
class Stop:
    """The epoch at which a run stopped, and at which update."""

    epoch: float
    updates: int

    @property
    def words(self) -> str:
        """For the plot and for screen readers."""
        epoch, update = numbers.show(self.epoch, 3), f"{self.updates:,}"
        return tr("stopped at epoch {epoch}, update {n}", epoch=epoch, n=update)


def paint(painter: QPainter, room: QRectF, x: float, words: str) -> None:
    """Mark the place `x`; the words stand on the side that has room for them."""
    look, n = themes.current(), themes.length
    arm, y = n(_ARM), room.top() + n(_LINE / 2)
    x = math.floor(x) + 0.5  # A thin line between two pixels is pale.
    painter.setPen(QPen(look.color("grad"), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
    painter.setPen(QPen(look.color("grad"), n(1.6)))
    for up in (-arm, arm):
        painter.drawLine(QPointF(x - arm, y + up), QPointF(x + arm, y - up))
    painter.setFont(themes.font(n(11)))
    metrics = QFontMetricsF(painter.font())
    right, left = room.right() - x - n(_GAP), x - room.left() - n(_GAP)
    aside = right >= left or right >= metrics.horizontalAdvance(words)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(right if aside else left, 0))
    width = metrics.horizontalAdvance(shown)
    start = x + n(_GAP) if aside else x - n(_GAP) - width
    box = QRectF(start, y - n(_LINE / 2), width, n(_LINE))
    painter.fillRect(box, QColor(look.panel))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
