"""What a presenter draws over the canvas: a light that leaves a short trail, and pen lines.

Pen lines lie on the paper and move with it; nothing of this is ever saved.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from bpstudio.core.graph import Point
from bpstudio.ui import theme

LIGHT = "#FF3B30"
PEN = "#D6249F"
"""No colour of the graph itself, in light and dark."""
TRAIL_S = 0.35
"""How long the light's trail glows."""
RADIUS = 7.0
WIDTH = 4.0
"""Screen pixels; a projector shows them from the last row."""
FRAME_MS = 33


class Ink(QWidget):
    """A transparent sheet over the canvas, through which the mouse passes."""

    def __init__(self, parent: QWidget, to_screen: Callable[[Point], Point]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._to_screen = to_screen
        self.strokes: list[list[Point]] = []
        self.trail: deque[tuple[float, float, float]] = deque(maxlen=64)
        self._fade = QTimer(self, interval=FRAME_MS)
        self._fade.timeout.connect(self._faded)
        self.hide()

    def light(self, x: float, y: float) -> None:
        """The light is here now, in screen pixels."""
        self.trail.append((monotonic(), x, y))
        self._fade.start()
        self._show()

    def dark(self) -> None:
        """Put the light out."""
        self.trail.clear()
        self._fade.stop()
        self._show()

    def begin(self, at: Point) -> None:
        """Put the pen down at a point of the scene."""
        self.strokes.append([at])
        self._show()

    def draw_to(self, at: Point) -> None:
        """Draw on to a point of the scene."""
        if self.strokes:
            self.strokes[-1].append(at)
            self._show()

    def take_back(self) -> None:
        """Take the last stroke off."""
        if self.strokes:
            self.strokes.pop()
        self._show()

    def clear(self) -> None:
        """Take all strokes off."""
        self.strokes.clear()
        self._show()

    def _show(self) -> None:
        # Hidden while there is nothing on it: a canvas without children scrolls faster.
        self.setVisible(bool(self.strokes or self.trail))
        self.raise_()
        self.update()

    def _faded(self) -> None:
        while len(self.trail) > 1 and monotonic() - self.trail[0][0] > TRAIL_S:
            self.trail.popleft()
        self.update()
        if len(self.trail) <= 1:
            self._fade.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(PEN), theme.length(WIDTH))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            for stroke in self.strokes:
                points = [QPointF(*self._to_screen(at)) for at in stroke]
                if len(points) == 1:
                    painter.drawPoint(points[0])
                else:
                    painter.drawPolyline(QPolygonF(points))
            self._paint_light(painter)

    def _paint_light(self, painter: QPainter) -> None:
        if not self.trail:
            return
        now, radius = monotonic(), theme.length(RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        *tail, last = self.trail
        for when, x, y in tail:
            left = 1 - (now - when) / TRAIL_S
            if left > 0:
                glow = QColor(LIGHT)
                glow.setAlphaF(0.35 * left)
                painter.setBrush(glow)
                painter.drawEllipse(QPointF(x, y), radius * left, radius * left)
        halo = QColor(LIGHT)
        halo.setAlpha(60)
        painter.setBrush(halo)
        painter.drawEllipse(QPointF(last[1], last[2]), 2 * radius, 2 * radius)
        painter.setBrush(QColor(LIGHT))
        painter.drawEllipse(QPointF(last[1], last[2]), radius, radius)
