"""The plane of a two-number problem: the output as a surface of colours, the samples as points.

While one paints one's own points, a click adds one of the chosen class, dragging sprays them, the
right button takes them away. With keys: 1 to 5 choose the class, arrows move a cross (with Shift by
little), Space paints there and Delete takes away.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import axes, colours, looks
from bpstudio.ui.trainer.engine import Frame, Look
from bpstudio.ui.trainer.looks import Bounds, Maps
from bpstudio.ui.trainer.views.view import ARROWS, BAND, Problem, View, classes_of

_LEFT, _BOTTOM, _MARGIN = 34.0, 24.0, 10.0
_ERASER = 14.0
_NEAR = 12.0
"""How near a sample a click chooses it, px."""
_SPRAY = 11.0
"""How far the pointer moves before the next point is painted, px."""
MOST_OWN = 5000
CLASSES = 5
"""Classes that can be painted."""
_COARSE, _FINE = 1 / 24, 1 / 120
"""How far an arrow moves the cursor, and with Shift: parts of the page."""


class PlaneView(View):
    """The output over the plane; or one unit's map, while the pointer is on it."""

    discretes = tested = paints = True
    painted = Signal(object)
    """Points of one's own: an array (n, 3) of x1, x2 and class."""
    picked = Signal(int)
    """A sample of the training data that was clicked."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(problem, parent)
        self.bounds = _bounds(problem)
        self.painting = False
        self.own: list[tuple[float, float, int]] = []
        self.brush = 1
        self.cross = (0.0, 0.0)
        """Where keys paint."""
        self._told: tuple[int, ...] = ()
        """The brushes that the network of this view tells apart."""
        self._unit: tuple[int, int] | None = None
        self._surface: QImage | None = None
        self._points: QPixmap | None = None
        self._last: QPointF | None = None
        self._picked = -1
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Output of the network over the plane"))

    @staticmethod
    def fits(problem: Problem) -> bool:
        return problem.planar

    def looks(self) -> Mapping[str, Look]:
        spec, dataset = self.problem.spec, self.problem.dataset
        features = dataset.features if dataset is not None else None
        low, high = self.problem.range
        return {"maps": looks.plane(self.bounds, features, spec.network.sizes, low, high)}

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self._paint_surface()
        self.update()

    def show_unit(self, unit: tuple[int, int] | None) -> None:
        self._unit = unit
        self._paint_surface()
        self.update()

    def redress(self, _: object = None) -> None:
        self._points = None
        self._paint_surface()
        self.update()

    # --- geometry ---------------------------------------------------------------------------

    @property
    def room(self) -> QRectF:
        """Where the plane is drawn: a square as large as fits."""
        before, below, margin = map(themes.length, (_LEFT, _BOTTOM, _MARGIN))
        width = self.width() - before - margin
        height = self.height() - below - margin
        side = max(20.0, min(width, height))
        return QRectF(before + (width - side) / 2, margin + (height - side) / 2, side, side)

    def to_view(self, points: np.ndarray) -> np.ndarray:
        """Points of the plane (n, 2) as points of the widget."""
        left, bottom, right, top = self.bounds
        room = self.room
        x = room.left() + (points[:, 0] - left) / (right - left) * room.width()
        y = room.bottom() - (points[:, 1] - bottom) / (top - bottom) * room.height()
        return np.column_stack([x, y])

    def to_plane(self, at: QPointF) -> tuple[float, float]:
        """A point of the widget as one of the plane."""
        left, bottom, right, top = self.bounds
        room = self.room
        x = left + (at.x() - room.left()) / room.width() * (right - left)
        y = bottom + (room.bottom() - at.y()) / room.height() * (top - bottom)
        return x, y

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._points = None

    # --- painting ---------------------------------------------------------------------------

    def _paint_surface(self) -> None:
        maps = self.frame.seen.get("maps") if self.frame is not None else None
        if not isinstance(maps, Maps):
            self._surface = None
            return
        look = themes.current()
        table = colours.numbers(look, self.discrete)
        rows = maps.surface
        if self._unit is not None:
            layer, unit = self._unit
            layers = (maps.inputs, *maps.layers)
            if layer < len(layers) and unit < len(layers[layer]):
                rows = layers[layer][unit]
        elif self.painting:
            table = colours.painted(look, self._told, self.discrete)
        elif maps.of_classes:
            table = colours.classes(look, self.discrete)
        self._surface = colours.picture(rows, table)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, room = themes.current(), self.room
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.paper))
            if self._surface is not None:
                smooth = not self.discrete
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
                painter.drawImage(room, self._surface)
            painter.setPen(QPen(look.color("edge"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room)
            self._paint_axes(painter, room)
            if self._points is None:
                self._points = self._draw_points()
            painter.drawPixmap(0, 0, self._points)
            self._paint_picked(painter)
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 2))
                painter.drawRect(room.adjusted(-2, -2, 2, 2))
                if self.painting:
                    self._paint_cross(painter)

    def _paint_picked(self, painter: QPainter) -> None:
        """A ring around the sample that is looked at: dark and light, to be seen on any colour."""
        points = np.concatenate(self.problem.points)
        if self.painting or not 0 <= self._picked < len(points):
            return
        x, y = self.to_view(points[[self._picked]])[0].tolist()
        look = themes.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((look.panel, 4.5), (look.ink, 2.0)):
            painter.setPen(QPen(QColor(ink), width))
            painter.drawEllipse(QPointF(x, y), 8.0, 8.0)

    def _paint_axes(self, painter: QPainter, room: QRectF) -> None:
        left, bottom, right, top = self.bounds
        painter.setPen(themes.current().color("faint"))
        n = themes.length
        painter.setFont(themes.font(n(11)))
        most = max(2, round(room.width() / n(60)))
        for value in axes.ticks(left, right, most):
            x = room.left() + (value - left) / (right - left) * room.width()
            box = QRectF(x - n(24), room.bottom() + n(4), n(48), n(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, axes.label(value))
        for value in axes.ticks(bottom, top, most):
            y = room.bottom() - (value - bottom) / (top - bottom) * room.height()
            box = QRectF(room.left() - n(52), y - n(8), n(46), n(16))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, axes.label(value))

    def _draw_points(self) -> QPixmap:
        """All samples once: they stay where they are while the surface moves."""
        dpr = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * dpr), round(self.height() * dpr))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        train, test = self.problem.points
        data = self.problem.data
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(self.room.adjusted(-4, -4, 4, 4))
            if self.painting:
                drawn = np.array(self.own, dtype=np.float64).reshape(-1, 3)
                inks = [colours.of_class(themes.current(), int(c)) for c in drawn[:, 2]]
                self._draw(painter, drawn[:, :2], inks, test=False)
            else:
                self._draw(painter, train, self._inks(data.targets), test=False)
                if self.tests and len(test):
                    self._draw(painter, test, self._inks(data.test_targets), test=True)
        return pixmap

    def _inks(self, targets: np.ndarray) -> list[str]:
        look = themes.current()
        if self.problem.data.classes is not None:
            found = classes_of(targets, self.problem.data.classes)
            return [colours.of_class(look, int(c)) for c in found]
        low, high = self.problem.range
        rows = colours.index(targets[:, 0], (low + high) / 2, (high - low) / 2)
        table = colours.numbers(look)
        return [QColor(int(table[row])).name() for row in rows]

    def _draw(self, painter: QPainter, points: np.ndarray, inks: list[str], *, test: bool) -> None:
        look = themes.current()
        radius = themes.length(3.4 if len(points) <= 800 else 2.2)
        outline = look.color("ink" if test else "panel")
        painter.setPen(QPen(outline, 1.4 if test else 1.0))
        for (x, y), ink in zip(self.to_view(points).tolist(), inks, strict=True):
            painter.setBrush(QColor(ink))
            painter.drawEllipse(QPointF(x, y), radius, radius)

    # --- one sample -------------------------------------------------------------------------

    def show_picked(self, index: int) -> None:
        """Mark a sample; those of the test count on from those of training."""
        self._picked = index
        self.update()

    def _pick(self, at: QPointF) -> None:
        """The sample under the pointer, if there is one."""
        train, test = self.problem.points
        # Only what is to be seen can be meant.
        shown = np.concatenate([train, test]) if self.tests else train
        away = self.to_view(shown) - (at.x(), at.y())
        far = np.hypot(*away.T)
        nearest = int(far.argmin())
        if far[nearest] <= _NEAR:
            self.picked.emit(nearest)

    # --- painting points of one's own -------------------------------------------------------

    def paint_points(self, on: bool, own: list[tuple[float, float, int]] | None = None) -> None:
        """Let the mouse paint points, or stop doing so."""
        self.painting = on
        if own is not None:
            self.own = list(own)
            self._told = tuple(sorted({label for _, _, label in own})) or self._told
        focus = Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self.redress()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.painting or not self.room.contains(event.position()):
            if not self.painting and event.button() == Qt.MouseButton.LeftButton:
                self._pick(event.position())
            super().mousePressEvent(event)
            return
        self._last = None
        self._touch(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.room.contains(event.position()):
            x1, x2 = self.to_plane(event.position())
            self.setToolTip(f"({numbers.show(x1, 3)}, {numbers.show(x2, 3)})")
        if self.painting and event.buttons() != Qt.MouseButton.NoButton:
            self._touch(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.painting:
            self._tell()

    def _touch(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.buttons() & Qt.MouseButton.RightButton:
            kept = partial(self._away_from, at)
            self.own = [point for point in self.own if kept(point)]
        elif self.room.contains(at) and len(self.own) < MOST_OWN:
            if self._last is not None:
                away = at - self._last
                if np.hypot(away.x(), away.y()) < _SPRAY:
                    return
            self._last = at
            self.own.append((*self.to_plane(at), self.brush))
        self._points = None
        self.update()

    def _away_from(self, at: QPointF, point: tuple[float, float, int]) -> bool:
        x, y = self.to_view(np.array([point[:2]]))[0].tolist()
        return bool(np.hypot(x - at.x(), y - at.y()) > _ERASER)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, digit = event.key(), event.key() - Qt.Key.Key_1
        if not self.painting:
            super().keyPressEvent(event)
        elif 0 <= digit < CLASSES:
            self.brush = digit
            self.brushed.emit(digit)
        elif key in ARROWS:
            fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._move_cross(*ARROWS[Qt.Key(key)], _FINE if fine else _COARSE)
        elif key == Qt.Key.Key_Space:
            # A key that is held down repeats itself: points on one another teach nothing more.
            if not event.isAutoRepeat() and len(self.own) < MOST_OWN:
                self._own_changed([*self.own, (*self.cross, self.brush)])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            at = QPointF(*self.to_view(np.array([self.cross]))[0].tolist())
            self._own_changed([point for point in self.own if self._away_from(at, point)])
        else:
            super().keyPressEvent(event)

    def _own_changed(self, points: list[tuple[float, float, int]]) -> None:
        if points != self.own:
            self.own = points
            self._points = None
            self.update()
            self._tell()

    def _move_cross(self, across: int, up: int, step: float) -> None:
        left, bottom, right, top = self.bounds
        x1 = self.cross[0] + across * step * (right - left)
        x2 = self.cross[1] + up * step * (top - bottom)
        # In whole thousandths: ten steps and ten back end where they began.
        self.cross = (
            round(min(max(x1, left), right), 3),
            round(min(max(x2, bottom), top), 3),
        )
        said = (numbers.show(value, 3) for value in self.cross)
        self.setAccessibleDescription(f"({', '.join(said)})")
        self.update()

    def _paint_cross(self, painter: QPainter) -> None:
        """A cross, dark on light: seen on any colour."""
        x, y = self.to_view(np.array([self.cross]))[0].tolist()
        look, arm = themes.current(), themes.length(9.0)
        for ink, width in ((look.panel, 4.0), (look.ink, 1.6)):
            painter.setPen(QPen(QColor(ink), width))
            painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
            painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))

    brushed = Signal(int)
    """The class chosen by key."""

    def _tell(self) -> None:
        self.painted.emit(np.array(self.own, dtype=np.float64).reshape(-1, 3))


def _bounds(problem: Problem) -> Bounds:
    """As far as the samples reach and a little more; generated ones have a fixed page."""
    if problem.dataset is not None or _is_paper(problem.data.inputs):
        return (-BAND, -BAND, BAND, BAND)
    low, high = problem.data.inputs.min(axis=0), problem.data.inputs.max(axis=0)
    room = np.maximum((high - low) * 0.08, 1e-6)
    left, bottom = (low - room).tolist()
    right, top = (high + room).tolist()
    return left, bottom, right, top


def _is_paper(points: np.ndarray) -> bool:
    """Whether points lie on the page that one paints on, and fill a good part of it."""
    reach = float(np.abs(points).max()) if len(points) else 0.0
    return 1.0 < reach <= BAND
