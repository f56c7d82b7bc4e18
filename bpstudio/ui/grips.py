"""What is taken hold of to resize a note or a frame: real child widgets of the canvas."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from bpstudio.core.edits.framing import LEAST_FRAME
from bpstudio.core.graph import Note, Point
from bpstudio.core.groups import Rect
from bpstudio.core.shape import SNAP
from bpstudio.core.standing import rect_of
from bpstudio.ui import theme
from bpstudio.ui.canvas import titled

GRIP = titled.HANDLE
"""Pixels of the corner that is dragged."""
WAYS = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)
"""The edges that go with each handle of a frame: -1 left or top, 1 right or bottom."""


class Resize(Protocol):
    """Shows a note by so many screen pixels larger, or makes it so; None drops it."""

    def __call__(self, note: str, way: Point | None, *, done: bool) -> None: ...


class Grip(QWidget):
    """The lower right corner of the one selected note: drag it, and the note takes that size."""

    def __init__(self, canvas: QWidget, resize: Resize) -> None:
        super().__init__(canvas)
        self.note = ""
        self._resize = resize
        self._from: QPointF | None = None
        self.setFixedSize(GRIP, GRIP)
        self.setCursor(Qt.CursorShape.SizeFDiagCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._resize(self.note, self._way(event), done=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and event.button() == Qt.MouseButton.LeftButton:
            way, self._from = self._way(event), None
            self._resize(self.note, way, done=True)

    def hideEvent(self, event: QEvent) -> None:
        if self._from is not None:
            self._from = None
            self._resize(self.note, None, done=False)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.current().color("selection"), 1.5))
            for n in (4, 8):
                painter.drawLine(GRIP - 3, GRIP - 3 - n, GRIP - 3 - n, GRIP - 3)

    def _way(self, event: QMouseEvent) -> Point:
        assert self._from is not None
        gone = event.globalPosition() - self._from
        return gone.x(), gone.y()


class Handle(Grip):
    """A corner, or the middle of an edge, of the one selected frame."""

    def __init__(self, canvas: QWidget, way: tuple[int, int], resize: Resize) -> None:
        super().__init__(canvas, resize)
        shapes = {
            (1, 1): Qt.CursorShape.SizeFDiagCursor,
            (-1, 1): Qt.CursorShape.SizeBDiagCursor,
            (1, 0): Qt.CursorShape.SizeHorCursor,
            (0, 1): Qt.CursorShape.SizeVerCursor,
        }
        x, y = way
        self.setCursor(shapes[(x * y, 1)] if x and y else shapes[(abs(x), abs(y))])

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("selection"), 1.5))
            painter.setBrush(look.color("paper"))
            painter.drawRect(QRectF(self.rect()).adjusted(3, 3, -3, -3))


def stretched(frame: Note, edges: tuple[int, int], way: Point) -> Rect:
    """A frame's rectangle with some edges away, on the grid and never smaller than it may be."""
    left, top, right, bottom = rect_of(frame)
    wide, tall = LEAST_FRAME
    if edges[0] < 0:
        left = min(step(left + way[0]), right - wide)
    elif edges[0] > 0:
        right = max(step(right + way[0]), left + wide)
    if edges[1] < 0:
        top = min(step(top + way[1]), bottom - tall)
    elif edges[1] > 0:
        bottom = max(step(bottom + way[1]), top + tall)
    return left, top, right, bottom


def step(n: float) -> float:
    """The nearest place on the snapping grid."""
    return round(n / SNAP) * SNAP
