"""A quiet button of the stage: words at the left, a dot or a menu's arrow at the right."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from bpstudio.ui import theme

_ROOM = 16
_HIGH = 30


class Switch(QPushButton):
    """A push button that draws its state itself; checkable, or with a menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.appearance().changed.connect(self._size)
        self._size()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _size(self, _: object = None) -> None:
        self.setFixedHeight(theme.px(_HIGH))

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + theme.px(4 * _ROOM), theme.px(_HIGH))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            lit = self.hasFocus() or self.underMouse() or self.isDown()
            painter.setPen(QPen(QColor(colours.accent if lit else colours.edge), 1.0))
            painter.setBrush(QColor(colours.card))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), *_corner())
            painter.setPen(QColor(colours.ink))
            words = self.rect().adjusted(theme.px(12), 0, -theme.px(2 * _ROOM - 4), 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
            self._draw_mark(painter, QColor(colours.accent))

    def _draw_mark(self, painter: QPainter, colour: QColor) -> None:
        centre = QPointF(self.width() - theme.length(_ROOM), self.height() / 2)
        times = theme.length(1.0)
        if self.menu() is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            points = (QPointF(-4, -2.5), QPointF(4, -2.5), QPointF(0, 3.5))
            painter.drawPolygon(QPolygonF([centre + point * times for point in points]))
        else:
            painter.setPen(QPen(colour, 1.5 * times))
            painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 4.5 * times, 4.5 * times)


def _corner() -> tuple[float, float]:
    return theme.length(6), theme.length(6)
