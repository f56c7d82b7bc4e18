"""A small plot of curves over the epochs: log axis, zoom by wheel, move by drag, read by pointing.

Drawn by hand because it shares the frame with a running network: a plot of pyqtgraph's takes 10 to
18 ms to paint beside a training thread, more than all the rest; this one takes about one.
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
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from bpstudio.core import numbers
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas.atlas import draw_lines
from bpstudio.ui.trainer import axes, dashes, stops

_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 14.0, 20.0, 22.0
_FLAT, _FLAT_TOP = 100.0, 6.0
"""A plot lower than this has its title in a corner of the curves' room, which then begins here."""
LOWEST = 1e-12
"""What a value of 0 counts as on a log axis."""
_STEP = 1.25
_NEAR = 8.0
"""How far above or below a curve the pointer still means it, px."""
FAINT = 1.0
"""Lines as thin as this stand behind others by the dozen: smooth edges would cost more than all."""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: its points, its colour, its width, how solid it is; for an earlier run the pattern
    of its dashes, the number on it and what is said where one points at it."""

    xs: np.ndarray
    ys: np.ndarray
    ink: str
    width: float = 1.6
    alpha: float = 1.0
    name: str = ""
    dashes: tuple[float, ...] = ()
    mark: str = ""
    words: str = ""


class Plot(QWidget):
    """Shows Lines; the x axis starts at 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self.stop: stops.Stop | None = None
        self.log = False
        self.fixed: tuple[float, float] | None = None
        """The span of y where it is always the same."""
        self.title = self.short = ""
        """What it shows, and the same where there is less room."""
        self.window_: tuple[float, float, float, float] | None = None
        """left, right, low, high (logarithms on a log axis) while zoomed in."""
        self._held: QPointF | None = None
        self._at: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(100, 60)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_lines(self, lines: Sequence[Line], stop: stops.Stop | None = None) -> None:
        """Show these, the later ones over the earlier, and where the run stopped by itself."""
        self.lines, self.stop = tuple(lines), stop
        self.update()

    def set_log(self, log: bool) -> None:
        """A log axis, or a plain one."""
        self.log, self.window_ = log, None
        self.update()

    def reset(self) -> None:
        """Show everything."""
        self.window_ = None
        self.update()

    # --- geometry ---------------------------------------------------------------------------

    @property
    def room(self) -> QRectF:
        """Where the curves are."""
        n = themes.length
        top = n(_FLAT_TOP if self.flat else _TOP)
        return QRectF(self.rect()).adjusted(n(_LEFT), top, -n(_RIGHT), -n(_BOTTOM))

    @property
    def flat(self) -> bool:
        """Whether it is too low for a line above the curves."""
        return self.height() < themes.length(_FLAT)

    def span(self) -> tuple[float, float, float, float]:
        """left, right, low, high of what is shown, y as drawn."""
        if self.window_ is not None:
            return self.window_
        right = 1.0 if self.stop is None else max(1.0, self.stop.epoch)
        low, high = math.inf, -math.inf
        for line in self.lines:
            ys = self._drawn(line.ys)
            if len(ys):
                right = max(right, float(line.xs[-1]))
                low, high = min(low, float(ys.min())), max(high, float(ys.max()))
        if self.fixed is not None:
            low, high = self.fixed
        elif low > high:
            low, high = (-2.0, 0.0) if self.log else (0.0, 1.0)
        else:
            if not self.log:
                low = min(low, 0.0)
            room = max((high - low) * 0.05, 1e-9 if not self.log else 0.05)
            low, high = low - room * (self.log or low < 0), high + room
        return 0.0, right, low, high

    def _drawn(self, ys: np.ndarray) -> np.ndarray:
        return np.log10(np.maximum(ys, LOWEST)) if self.log else ys

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look, room, span = themes.current(), self.room, self.span()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.panel))
            self._paint_axes(painter, room, span)
            painter.setClipRect(room.adjusted(0, -1, 1, 1))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for line in self.lines:
                self._paint_line(painter, room, span, line)
            painter.setClipping(False)
            self._paint_stop(painter, room, span)
            self._paint_reading(painter, room, span)
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 1.5))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_line(
        self, painter: QPainter, room: QRectF, span: tuple[float, ...], line: Line
    ) -> None:
        x, y = self._on_page(room, span, line)
        if not len(x):
            return
        ink = QColor(line.ink)
        ink.setAlphaF(line.alpha)
        if len(x) == 1:
            # A single point is no curve, but it is a number: whole, on the edge as well.
            dot = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
            painter.setPen(QPen(ink, 2.5 * line.width, *dot))
            if room.adjusted(-1, -1, 1, 1).contains(at := QPointF(x[0], y[0])):
                painter.setClipping(False)
                painter.drawPoint(at)
                painter.setClipping(True)
            return
        faint = line.width <= FAINT
        # A pixel of the screen wide: dozens of steep curves of 2 pixels, at 2x, took a second.
        painter.setPen(QPen(ink, 0.0 if faint else line.width))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not faint)
        if line.dashes:
            draw_lines(painter, dashes.dashed(x, y, line.dashes))
        else:
            draw_lines(painter, np.column_stack([x[:-1], y[:-1], x[1:], y[1:]]))
        if line.mark:
            seen = (x >= room.left()) & (x <= room.right())
            if seen.any():
                dashes.paint_mark(painter, x[seen], y[seen], line.mark, ink)

    def _paint_stop(self, painter: QPainter, room: QRectF, span: tuple[float, ...]) -> None:
        left, right = span[:2]
        if self.stop is not None and left <= self.stop.epoch <= right:
            x = room.left() + (self.stop.epoch - left) / max(right - left, 1e-12) * room.width()
            stops.paint(painter, room, x, self.stop.words)

    def _on_page(
        self, room: QRectF, span: tuple[float, ...], line: Line
    ) -> tuple[np.ndarray, np.ndarray]:
        """A curve's points as pixels, no more than there are columns for."""
        left, right, low, high = span
        columns = int(room.width()) // (2 if line.width <= FAINT else 1)
        xs, ys = thin(line.xs, self._drawn(line.ys), left, right, columns)
        x = room.left() + (xs - left) / max(right - left, 1e-12) * room.width()
        y = room.bottom() - (ys - low) / max(high - low, 1e-12) * room.height()
        return x, np.clip(y, -1e4, room.bottom() + 1e4)

    def pointed(self) -> Line | None:
        """The earlier run whose curve is pointed at."""
        if self._at is None:
            return None
        room, span, best, found = self.room, self.span(), themes.length(_NEAR), None
        for line in self.lines:
            if line.words:
                far = dashes.away(*self._on_page(room, span, line), self._at)
                if far < best:
                    best, found = far, line
        return found

    def _paint_axes(self, painter: QPainter, room: QRectF, span: tuple[float, ...]) -> None:
        look = themes.current()
        left, right, low, high = span
        n = themes.length
        painter.setFont(themes.font(n(11)))
        right_middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, words in self._marks(low, high, room.height()):
            y = room.bottom() - (value - low) / max(high - low, 1e-12) * room.height()
            painter.setPen(QPen(look.color("dots"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(look.color("faint"))
            painter.drawText(QRectF(0, y - n(8), room.left() - 7, n(16)), right_middle, words)
        for value in axes.ticks(left, right, max(2, round(room.width() / n(90)))):
            x = room.left() + (value - left) / max(right - left, 1e-12) * room.width()
            painter.setPen(look.color("faint"))
            box = QRectF(x - n(40), room.bottom() + n(4), n(80), n(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, axes.epochs(value))
        painter.setPen(QPen(look.color("edge"), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setPen(look.color("faint"))
        self._paint_heading(painter, room)

    def _paint_heading(self, painter: QPainter, room: QRectF) -> None:
        """Over the curves; in a flat plot behind them, in the corner where a run that learns has
        none: a loss falls away from the top right, an accuracy rises from the bottom right."""
        n = themes.length
        if not self.flat:
            over = QRectF(room.left(), 1, room.width(), n(16))
            painter.drawText(over, Qt.AlignmentFlag.AlignLeft, self.heading())
            return
        corner = Qt.AlignmentFlag.AlignTop if self.fixed is None else Qt.AlignmentFlag.AlignBottom
        painter.drawText(
            room.adjusted(0, 0, -n(2), -n(2)), Qt.AlignmentFlag.AlignRight | corner, self.heading()
        )

    def heading(self) -> str:
        """The title as the plot has room for it."""
        metrics = QFontMetricsF(themes.font(themes.length(11)))
        for words in (self.title, self.short):
            if metrics.horizontalAdvance(words) <= self.room.width():
                return words
        return metrics.elidedText(self.short, Qt.TextElideMode.ElideRight, self.room.width())

    def _marks(self, low: float, high: float, tall: float) -> list[tuple[float, str]]:
        """Places on the y axis and their words."""
        most = max(2, round(tall / themes.length(34)))
        if self.fixed is not None:
            return [(v, f"{v:.0%}") for v in axes.ticks(low, high, most)]
        if not self.log:
            return [(v, axes.label(v)) for v in axes.ticks(low, high, most)]
        if high - low < 1.2:
            values = axes.ticks(10**low, 10**high, most)
            return [(math.log10(v), axes.label(v)) for v in values if v > 0]
        if high - low < 2.6:
            fine = [f * 10.0**p for p in range(math.floor(low), math.ceil(high)) for f in (1, 2, 5)]
            inside = [v for v in fine if low <= math.log10(v) <= high]
            if len(inside) <= most + 1:
                return [(math.log10(v), axes.label(v)) for v in inside]
        every = max(1, math.ceil((high - low) / most))
        powers = range(math.ceil(low), math.floor(high) + 1, every)
        return [(float(p), f"1e{p}".replace("-", numbers.MINUS)) for p in powers]

    def numbers_at(self, wanted: float) -> list[str]:
        """What this run's curves say at a place on the x axis.

        Beyond its last point a curve has no number: the last one is of another epoch."""
        parts = []
        for line in self.lines:
            if not line.name or not len(line.xs) or wanted > float(line.xs[-1]):
                continue
            near = int(np.clip(np.searchsorted(line.xs, wanted), 0, len(line.xs) - 1))
            value = float(line.ys[near])
            parts.append(f"{value:.1%}" if self.fixed is not None else numbers.show(value, 3))
        return parts

    def _paint_reading(self, painter: QPainter, room: QRectF, span: tuple[float, ...]) -> None:
        """The numbers of the curve under the pointer."""
        if self._at is None or not room.contains(self._at) or self._held is not None:
            return
        left, right, _, _ = span
        wanted = left + (self._at.x() - room.left()) / room.width() * (right - left)
        parts = self.numbers_at(wanted)
        earlier = self.pointed()
        if not parts and earlier is None:
            return
        look = themes.current()
        painter.setPen(QPen(look.color("edge"), 1))
        x = self._at.x()
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        said = [f"{wanted:,.0f}:  " + "   ".join(parts)]
        if earlier is not None:
            near = int(np.clip(np.searchsorted(earlier.xs, wanted), 0, len(earlier.xs) - 1))
            value = float(earlier.ys[near])
            number = f"{value:.1%}" if self.fixed is not None else numbers.show(value, 3)
            said.append(f"{earlier.words}: {number}")
        painter.setFont(themes.font(themes.length(11)))
        metrics = painter.fontMetrics()
        width = min(room.width(), max(map(metrics.horizontalAdvance, said)) + 12)
        start = max(room.left(), min(x + 8, room.right() - width))
        tall = themes.length(17)
        painter.fillRect(QRectF(start, room.top(), width, tall * len(said)), QColor(look.panel))
        painter.setPen(look.color("ink"))
        for row, words in enumerate(said):
            box = QRectF(start + 6, room.top() + row * tall, width - 12, tall)
            cut = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, round(box.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, cut)

    # --- zoom and move ----------------------------------------------------------------------

    def zoom(self, by: float, at: QPointF | None = None) -> None:
        """Zoom in (by < 1) or out round a point, the middle without one."""
        room = self.room
        point = at if at is not None and room.contains(at) else room.center()
        left, right, low, high = self.span()
        x = left + (point.x() - room.left()) / room.width() * (right - left)
        y = low + (room.bottom() - point.y()) / room.height() * (high - low)
        made = (
            max(0.0, x - (x - left) * by),
            x + (right - x) * by,
            y - (y - low) * by,
            y + (high - y) * by,
        )
        self.window_ = made
        self.update()

    def move_by(self, across: float, up: float) -> None:
        """Move what is shown by pixels."""
        room = self.room
        left, right, low, high = self.span()
        dx = -across / room.width() * (right - left)
        dy = up / room.height() * (high - low)
        dx = max(dx, -left)
        self.window_ = (left + dx, right + dx, low + dy, high + dy)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom(_STEP ** (-turned / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = event.position()
        if self._held is not None and event.buttons():
            moved = event.position() - self._held
            self._held = event.position()
            self.move_by(moved.x(), moved.y())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self.reset()

    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (40, 0),
            Qt.Key.Key_Right: (-40, 0),
            Qt.Key.Key_Up: (0, 20),
            Qt.Key.Key_Down: (0, -20),
        }
        if event.key() in moves:
            self.move_by(*moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1 / _STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(_STEP)
        elif event.key() in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.reset()
        else:
            super().keyPressEvent(event)


def thin(
    xs: np.ndarray, ys: np.ndarray, left: float, right: float, columns: int
) -> tuple[np.ndarray, np.ndarray]:
    """At most two points per pixel column, its lowest and highest: no peak is lost."""
    first = max(0, int(np.searchsorted(xs, left)) - 1)
    last = min(len(xs), int(np.searchsorted(xs, right, side="right")) + 1)
    xs, ys = xs[first:last], ys[first:last]
    columns = max(2, columns)
    if len(xs) <= 2 * columns:
        return xs, ys
    size = -(-len(xs) // columns)
    whole = len(xs) // size * size
    blocks = ys[:whole].reshape(-1, size)
    start = np.arange(len(blocks)) * size
    chosen = np.sort(
        np.column_stack([start + blocks.argmin(axis=1), start + blocks.argmax(axis=1)]), axis=1
    ).ravel()
    chosen = np.append(chosen, np.arange(whole, len(xs)))
    return xs[chosen], ys[chosen]
