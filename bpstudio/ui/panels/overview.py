"""The overview: the whole graph as a small map, with a frame round what the canvas shows.

Click or drag on it to look elsewhere. It stands beside the canvas and not on it, so that panning
can move what is painted there. The map is drawn once per change of the graph, the frame each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.canvas import paints
from bpstudio.ui.changes import in_place

if TYPE_CHECKING:
    from bpstudio.core.graph import Patch
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.canvas.geometry import Rect
    from bpstudio.ui.canvas.viewmodel import ViewModel
    from bpstudio.ui.document import Document

HEIGHT = 132
MARGIN = 6.0
"""Pixels round the map."""
FEWEST = 25
"""A graph of fewer gates is seen whole anyhow: it needs no map."""
MOST_WIRES = 4_000
"""A map of more wires would be one dark patch."""
REDRAW_MS = 120
"""After the last change of the graph."""
FRAME_MS = 16
STEP = 40.0
"""How far an arrow key moves what the canvas shows, its pixels."""


class Overview(QWidget):
    """The map of one canvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self.setFixedHeight(theme.px(HEIGHT))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._canvas: GraphCanvas | None = None
        self._document: Document | None = None
        self._map: QPixmap | None = None
        self._scale, self._origin = 1.0, (0.0, 0.0)
        self._again = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._again.timeout.connect(self._changed)
        self._soon = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._soon.timeout.connect(self.update)
        self.wanted = True
        theme.appearance().changed.connect(self._changed)
        self._retranslate()
        self.hide()

    def show_canvas(self, canvas: GraphCanvas | None) -> None:
        """Show the map of this canvas."""
        if canvas is self._canvas:
            return
        if self._canvas is not None:
            self._canvas.looked.disconnect(self._looked)
        if self._document is not None:
            self._document.patched.disconnect(self._patched)
        self._canvas = canvas
        self._document = canvas.document if canvas is not None else None
        if canvas is not None:
            canvas.looked.connect(self._looked)
        if self._document is not None:
            self._document.patched.connect(self._patched)
        self._changed()

    def want(self, wanted: bool) -> None:
        """Whether the user wants a map at all."""
        self.wanted = wanted
        self._arrange()

    # --- following --------------------------------------------------------------------------

    def _patched(self, patch: Patch) -> None:
        # Numbers are too small to be seen here, and a network that trains moves them all the time.
        if not in_place(patch):
            self._again.start()

    def _looked(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _changed(self, _: object = None) -> None:
        self.setFixedHeight(theme.px(HEIGHT))
        self._map = None
        self._arrange()
        self.update()

    def _arrange(self) -> None:
        count = len(self._canvas.view.nodes.ids) if self._canvas is not None else 0
        self.setVisible(self.wanted and count >= FEWEST)

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.color("paper"))
            painter.setPen(look.color("rule"))
            painter.drawLine(0, 0, self.width(), 0)
            if self._canvas is None:
                return
            if self._map is None:
                self._map = self._drawn()
            painter.drawPixmap(0, 0, self._map)
            frame = self.frame()
            tint = QColor(look.accent)
            tint.setAlpha(28)
            painter.setBrush(tint)
            painter.setPen(QPen(look.color("accent"), 1.5))
            painter.drawRect(frame & QRectF(self.rect()).adjusted(1, 1, -1.5, -1.5))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(look.color("accent"), 2))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def frame(self) -> QRectF:
        """What the canvas shows, in this widget's pixels."""
        assert self._canvas is not None
        width, height = self._canvas.room
        left, top, right, bottom = self._canvas.camera.rect_to_scene((0.0, 0.0, width, height))
        return QRectF(self.to_map(left, top), self.to_map(right, bottom))

    def to_map(self, x: float, y: float) -> QPointF:
        """A point of the scene as a point of the map."""
        return QPointF(
            (x - self._origin[0]) * self._scale + MARGIN,
            (y - self._origin[1]) * self._scale + MARGIN,
        )

    def _drawn(self) -> QPixmap:
        assert self._canvas is not None
        view, ratio = self._canvas.view, self.devicePixelRatioF()
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        if not len(view.box):
            return made
        bodies = view.bodies
        rects = [view.note_rect(note.id) for note in view.titled]
        all_of = np.concatenate([bodies, np.array(rects).reshape(-1, 4)])
        low, high = all_of[:, :2].min(axis=0), all_of[:, 2:].max(axis=0)
        self._fit((*low.tolist(), *high.tolist()))
        look = theme.current()
        boxes = (bodies - np.tile(self._origin, 2)) * self._scale + MARGIN
        style = view.nodes.style[view.seen]
        gates = boxes[: len(style)]
        # A gate is never smaller than a dot that can be seen.
        small = np.maximum(1.5 - (boxes[:, 2:] - boxes[:, :2]), 0.0) / 2
        boxes[:, :2] -= small
        boxes[:, 2:] += small
        with QPainter(made) as painter:
            self._draw_frames(painter, view)
            if len(view.control) <= MOST_WIRES:
                self._draw_wires(painter, view.control[np.isfinite(view.wire_box[:, 0])])
            for family in {style.family for style in view.styles}:
                numbers = [i for i, style in enumerate(view.styles) if style.family == family]
                painter.setBrush(QColor(look.family(family)))
                painter.setPen(Qt.PenStyle.NoPen)
                self._draw_boxes(painter, gates[np.isin(style, numbers)])
            painter.setBrush(QColor(look.faint))
            self._draw_boxes(painter, boxes[len(style) :])
        return made

    def _draw_frames(self, painter: QPainter, view: ViewModel) -> None:
        look = theme.current()
        for note in view.titled:
            ground = QColor(paints.ink(look, note.colour))
            painter.setPen(QPen(ground, 1.0))
            ground.setAlphaF(0.12)
            painter.setBrush(ground)
            left, top, right, bottom = view.note_rect(note.id)
            painter.drawRect(QRectF(self.to_map(left, top), self.to_map(right, bottom)))

    @staticmethod
    def _draw_boxes(painter: QPainter, boxes: np.ndarray) -> None:
        painter.drawRects([QRectF(a, b, c - a, d - b) for a, b, c, d in boxes.tolist()])

    def _draw_wires(self, painter: QPainter, control: np.ndarray) -> None:
        ink = QColor(theme.current().line)
        ink.setAlpha(110)
        painter.setPen(QPen(ink, 0.6))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ends = (control[:, [0, 3]] - self._origin) * self._scale + MARGIN
        painter.drawLines([QLineF(*a, *b) for a, b in ends.tolist()])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _fit(self, rect: Rect) -> None:
        left, top, right, bottom = rect
        width, height = max(right - left, 1.0), max(bottom - top, 1.0)
        room = self.width() - 2 * MARGIN, self.height() - 2 * MARGIN
        self._scale = max(min(room[0] / width, room[1] / height), 1e-6)
        # The map lies in the middle of the room that it does not fill.
        self._origin = (
            left - (room[0] / self._scale - width) / 2,
            top - (room[1] / self._scale - height) / 2,
        )

    # --- hands ------------------------------------------------------------------------------

    def look_at(self, point: QPointF) -> None:
        """Bring the scene's point under this point of the map into the middle of the canvas."""
        if self._canvas is None:
            return
        x = (point.x() - MARGIN) / self._scale + self._origin[0]
        y = (point.y() - MARGIN) / self._scale + self._origin[1]
        at, room = self._canvas.camera.to_screen((x, y)), self._canvas.room
        self._canvas.pan(room[0] / 2 - at[0], room[1] / 2 - at[1])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.look_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.look_at(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._canvas is not None:
            width, height = self._canvas.room
            factor = 1.2 ** (event.angleDelta().y() / 120)
            self._canvas.zoom_at(factor, (width / 2, height / 2))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = {
            Qt.Key.Key_Left: (STEP, 0.0),
            Qt.Key.Key_Right: (-STEP, 0.0),
            Qt.Key.Key_Up: (0.0, STEP),
            Qt.Key.Key_Down: (0.0, -STEP),
        }.get(Qt.Key(event.key()))
        if way is None or self._canvas is None:
            super().keyPressEvent(event)
            return
        self._canvas.pan(*way)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._map = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Overview"))
        self.setAccessibleDescription(tr("A map of the graph; arrow keys move the canvas."))
        self.setToolTip(tr("Click or drag to look elsewhere; the wheel zooms."))
