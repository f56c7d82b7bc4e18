"""One side of the window, and the rail that folds it away where there is no room for both.

The rail stands between the side and the documents, but only in a crowded window: there it is the
button that brings the side back. Elsewhere a side has no rail.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from bpstudio.ui import theme

LEFT, RIGHT = "left", "right"
_FOLDED, _OPEN = 20, 12
"""How wide the rail is: with its words, and beside what it folds away."""
_WORDS = 28
"""From the rail's top to its words."""
_ENDLESS = 16_777_215


class Rail(QPushButton):
    """A button as high as the window's middle: a triangle, and the side's name while it is away."""

    def __init__(self, end: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.end = end
        self.setObjectName(f"rail_{end}")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @property
    def wide(self) -> int:
        """Its width as things stand."""
        return theme.px(_OPEN if self.isChecked() else _FOLDED)

    def sizeHint(self) -> QSize:
        return QSize(self.wide, theme.px(_WORDS))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, n = theme.current(), theme.length
        lit = self.hasFocus() or self.underMouse()
        ink = QColor(colours.accent if lit else colours.faint)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(colours.tint if lit else colours.panel))
            painter.fillRect(0, 0, 1, self.height(), QColor(colours.rule))
            painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(colours.rule))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            to = -1 if self.isChecked() == (self.end == LEFT) else 1
            middle = QPointF(self.width() / 2, n(16))
            points = (QPointF(-2 * to, -4), QPointF(3 * to, 0), QPointF(-2 * to, 4))
            painter.drawPolygon(QPolygonF([middle + point * n(1.0) for point in points]))
            if not self.isChecked():
                self._paint_words(painter, ink)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(colours.accent), 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_words(self, painter: QPainter, ink: QColor) -> None:
        """The name from the top down, as on the back of a book; Chinese signs stand upright."""
        font = theme.font(theme.length(12), bold=True)
        painter.save()
        painter.setFont(font)
        painter.setPen(ink)
        if not self.text().isascii():
            tall = painter.fontMetrics().height()
            for at, sign in enumerate(self.text()):
                box = QRectF(0, theme.length(_WORDS) + at * tall, self.width(), tall)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)
            painter.restore()
            return
        painter.translate(self.width(), theme.length(_WORDS))
        painter.rotate(90)
        room = QRectF(0, 0, self.height() - theme.length(_WORDS + 8), self.width())
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, max(0, int(room.width()))
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class Side(QWidget):
    """What stands at one end, its rail beside it. `wanted(open)` tells what the rail was asked."""

    wanted = Signal(bool)

    def __init__(self, body: QWidget, end: str) -> None:
        super().__init__()
        self.setObjectName(f"side_{end}")
        self.body, self.rail = body, Rail(end, self)
        self.rail.clicked.connect(self.wanted)
        self.rail.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (body, self.rail) if end == LEFT else (self.rail, body):
            row.addWidget(part, 1 if part is body else 0)
        theme.appearance().changed.connect(self._size)

    def show_as(self, *, opened: bool, railed: bool) -> None:
        """Open or away; with a rail, or without one."""
        self.rail.setChecked(opened)
        self.rail.setVisible(railed)
        self.body.setVisible(opened)
        self.setVisible(opened or railed)
        self._size()

    @property
    def folded(self) -> bool:
        """Whether only its rail is to be seen."""
        return not self.rail.isHidden() and self.body.isHidden()

    def set_title(self, title: str, tip: str) -> None:
        """Name it."""
        self.rail.setText(title)
        self.rail.setAccessibleName(title)
        self.rail.setToolTip(tip)

    def _size(self, _: object = None) -> None:
        self.rail.updateGeometry()
        # Not to be dragged wider than its rail while there is nothing beside it.
        self.setMaximumWidth(self.rail.wide if self.folded else _ENDLESS)
