"""Sizes layer by layer on a log axis: one line per quantity, told apart by mark and by name.

Its axis fits whole decades and moves only when it must. Sizes of 0 or no number stand at the foot,
as open marks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from bpstudio.core import numbers
from bpstudio.nn.flowlog import Span
from bpstudio.ui import theme as themes

_TOP, _BOTTOM, _LEFT, _RIGHT = 40.0, 22.0, 50.0, 12.0
_NAMES_FROM, _NAME_LINE = 27.0, 15.0
"""The middle of the first line of names, and how far below it the next one is."""
_SLACK = 3
MARKS = ("disc", "square", "triangle")


@dataclass(frozen=True, slots=True)
class Sizes:
    """One line: a value per layer, its name, its ink (a theme role) and its mark."""

    name: str
    values: Sequence[float]
    role: str
    mark: str
    faint: bool = False
    """Drawn behind, without a name: the same quantity at another time."""


class LayerPlot(QWidget):
    """Layers from 1 at the left; keys left and right move the reading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Sizes, ...] = ()
        self.title = ""
        self.guide: tuple[float, str] | None = None
        """A level to compare with, and its name."""
        self.reading = -1
        """The layer whose numbers are shown, from 0; -1: none."""
        self._span = Span(-3.0, 0.0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(170, 120)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.appearance().changed.connect(self.update)

    def show_lines(self, lines: Sequence[Sizes]) -> None:
        """Show these."""
        self.lines = tuple(lines)
        if not lines:
            # What comes next is something else: the old scale would press it flat.
            self._span = Span(-3.0, 0.0)
        known = [v for line in lines for v in line.values if 0 < v < math.inf]
        if self.guide is not None and known:
            known.append(self.guide[0])
        if known:
            low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
            self._span = self._span.fit(low, max(high, low + 1), slack=_SLACK)
        self.setAccessibleDescription(self.words())
        self.update()

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return max((len(line.values) for line in self.lines), default=0)

    def words(self) -> str:
        """All numbers, for screen readers and tests."""
        return "; ".join(
            f"{line.name}: " + ", ".join(numbers.show(v, 3) for v in line.values)
            for line in self.lines
            if not line.faint
        )

    # --- geometry ---------------------------------------------------------------------------

    @property
    def room(self) -> QRectF:
        """Where the lines are."""
        n = themes.length
        lines = max((line for _, _, _, line in self._names()), default=0)
        top = n(_TOP + lines * _NAME_LINE)
        return QRectF(self.rect()).adjusted(n(_LEFT), top, -n(_RIGHT), -n(_BOTTOM))

    def _names(self) -> list[tuple[Sizes, str, float, int]]:
        """What is named: each line, its words, where its mark stands and in which line of names.

        A name that does not fit beside the others begins a new line; none is left out.
        """
        n, metrics = themes.length, QFontMetricsF(themes.font(themes.length(11)))
        x, row, made = n(14), 0, []
        for line in self.lines:
            if line.faint:
                continue
            if x > n(14) and x + n(12) + metrics.horizontalAdvance(line.name) > self.width():
                x, row = n(14), row + 1
            left = max(0.0, self.width() - x - n(12))
            words = metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, left)
            made.append((line, words, x, row))
            x += metrics.horizontalAdvance(words) + n(26)
        return made

    def place(self, layer: int, value: float) -> QPointF:
        """Where a value of a layer (from 0) is drawn."""
        room, count = self.room, max(1, self.layers)
        x = room.left() + (layer + 0.5) / count * room.width()
        return QPointF(x, self._height(value, room))

    def _height(self, value: float, room: QRectF) -> float:
        if not value > 0:
            return room.bottom()
        low, high = self._span.low, self._span.high
        share = (math.log10(min(value, 1e300)) - low) / max(high - low, 1e-9)
        return room.bottom() - min(max(share, 0.0), 1.02) * room.height()

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look = themes.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.panel))
            painter.setFont(themes.font(themes.length(11)))
            self._paint_axes(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for line in sorted(self.lines, key=lambda one: not one.faint):
                self._paint_line(painter, line)
            self._paint_names(painter)
            self._paint_reading(painter)
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_axes(self, painter: QPainter) -> None:
        look, room, n = themes.current(), self.room, themes.length
        aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, words in decades(self._span, max(2, int(room.height() / n(26)))):
            y = self._height(value, room)
            painter.setPen(QPen(look.color("dots"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(look.color("faint"))
            painter.drawText(QRectF(0, y - n(8), room.left() - n(6), n(16)), aligned, words)
        painter.setPen(QPen(look.color("edge"), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        every = max(1, math.ceil(self.layers * n(22) / max(1.0, room.width())))
        painter.setPen(look.color("faint"))
        for layer in range(0, self.layers, every):
            x = self.place(layer, 1.0).x()
            box = QRectF(x - n(20), room.bottom() + n(3), n(40), n(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(layer + 1))
        if self.guide is not None and self.lines:
            value, words = self.guide
            y = self._height(value, room)
            painter.setPen(QPen(look.color("ink"), 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(look.color("ink"))
            wide = painter.fontMetrics().horizontalAdvance(words)
            box = QRectF(room.left() + 2, y - n(16), min(wide, room.width()), n(15))
            painter.fillRect(box, QColor(look.panel))
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, words)

    def _paint_line(self, painter: QPainter, line: Sizes) -> None:
        ink = QColor(getattr(themes.current(), line.role))
        if line.faint:
            ink.setAlphaF(0.35)
        points = [self.place(k, v) for k, v in enumerate(line.values)]
        pen = QPen(ink, themes.length(1.0 if line.faint else 1.8))
        if line.faint:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        side = themes.length(2.6 if len(points) > 30 else 3.4)
        for point, value in zip(points, line.values, strict=True):
            painter.setPen(QPen(ink, 1.2))
            painter.setBrush(ink if 0 < value < math.inf else QColor(themes.current().panel))
            if not line.faint:
                draw_mark(painter, line.mark, point, side)

    def _paint_names(self, painter: QPainter) -> None:
        look, n = themes.current(), themes.length
        painter.setPen(look.color("faint"))
        over = QRectF(n(8), n(2), self.width() - n(16), n(16))
        painter.drawText(over, Qt.AlignmentFlag.AlignLeft, self._title())
        for line, words, x, row in self._names():
            ink = QColor(getattr(look, line.role))
            painter.setPen(QPen(ink, 1.2))
            painter.setBrush(ink)
            y = n(_NAMES_FROM + row * _NAME_LINE)
            draw_mark(painter, line.mark, QPointF(x, y), n(3.4))
            painter.setPen(look.color("ink"))
            painter.drawText(QPointF(x + n(8), y + n(4)), words)

    def _title(self) -> str:
        if not 0 <= self.reading < self.layers:
            return self.title
        values = [line.values[self.reading] for line in self.lines if not line.faint]
        return f"{self.reading + 1}:  " + "   ".join(numbers.show(v, 3) for v in values)

    def _paint_reading(self, painter: QPainter) -> None:
        if 0 <= self.reading < self.layers:
            x, room = self.place(self.reading, 1.0).x(), self.room
            painter.setPen(QPen(themes.current().color("edge"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    # --- pointing and keys ------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        room = self.room
        share = (event.position().x() - room.left()) / max(1.0, room.width())
        inside = 0 <= share < 1
        self._read(int(share * self.layers) if inside else -1)

    def leaveEvent(self, event: QEvent) -> None:
        self._read(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right:
            self._read(min(self.reading + 1, self.layers - 1))
        elif event.key() == Qt.Key.Key_Left:
            self._read(max(self.reading - 1, 0))
        elif event.key() == Qt.Key.Key_Escape and self.reading >= 0:
            self._read(-1)
        else:
            super().keyPressEvent(event)

    def _read(self, layer: int) -> None:
        if layer != self.reading:
            self.reading = layer
            self.update()


def decades(span: Span, most: int) -> list[tuple[float, str]]:
    """Powers of ten along a span, as value and words."""
    every = max(1, math.ceil((span.high - span.low) / max(1, most)))
    powers = range(math.ceil(span.low), math.floor(span.high) + 1, every)
    return [(10.0**p, power(p)) for p in powers]


def power(exponent: int) -> str:
    """10 to this power as it is written on axes."""
    if -3 <= exponent <= 3:
        return numbers.show(float(f"1e{exponent}"))
    return f"1e{exponent}".replace("-", numbers.MINUS)


def draw_mark(painter: QPainter, mark: str, at: QPointF, side: float) -> None:
    """A disc, a square or a triangle round a point."""
    if mark == "square":
        painter.drawRect(QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side))
    elif mark == "triangle":
        angles = np.deg2rad([-90, 30, 150])
        corners = [QPointF(at.x() + 1.3 * side * np.cos(a), at.y() + 1.3 * side * np.sin(a))
                   for a in angles]  # fmt: skip
        painter.drawPolygon(QPolygonF(corners))
    else:
        painter.drawEllipse(at, side, side)
