"""A sheet of 8 x 8 pixels to draw a digit on, with the pen of the shipped digits."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import colours

SIDE = 8
PEN = 0.085
"""Half the width of the pen, in pages, as the shipped digits have it."""


def ink(stroke: np.ndarray) -> np.ndarray:
    """The pixels (64,) that a stroke of points (n, 2) in pages fills, 0 to 1."""
    centre = (np.arange(SIDE) + 0.5) / SIDE
    x, y = np.meshgrid(centre, centre)
    away = np.hypot(x.ravel()[:, None] - stroke[:, 0], y.ravel()[:, None] - stroke[:, 1])
    return np.asarray(np.clip(1.5 - away.min(axis=1) / PEN / 1.2, 0.0, 1.0))


class Pad(QWidget):
    """Left button draws, right button rubs out; with keys: arrows, Space fills, Delete clears."""

    drawn = Signal(object)
    """The pixels (64,)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pixels = np.zeros(SIDE * SIDE)
        self._at: QPointF | None = None
        self._cursor = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)
        self.setMinimumSize(72, 72)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(tr("Draw a digit here"))
        self.setToolTip(tr("Draw with the left button, rub out with the right one"))

    def sizeHint(self) -> QSize:
        return QSize(200, 200)

    def show_pixels(self, pixels: np.ndarray) -> None:
        """Show this picture to draw on."""
        self.pixels = np.array(pixels, dtype=np.float64)
        self.update()

    def clear(self) -> None:
        """An empty sheet."""
        self._change(np.zeros(SIDE * SIDE))

    def _change(self, pixels: np.ndarray) -> None:
        self.pixels = pixels
        self.update()
        self.drawn.emit(pixels.copy())

    @property
    def sheet(self) -> QRectF:
        side = min(self.width(), self.height()) - 4.0
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, sheet = themes.current(), self.sheet
        with QPainter(self) as painter:
            rows = colours.index(self.pixels).reshape(SIDE, SIDE)
            painter.drawImage(sheet, colours.picture(rows, colours.numbers(look)))
            painter.setPen(QPen(look.color("accent" if self.hasFocus() else "edge"), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(sheet)
            if self.hasFocus():
                cell, (column, row) = sheet.width() / SIDE, self._cursor
                at = QPointF(sheet.left() + column * cell, sheet.top() + row * cell)
                painter.setPen(QPen(QColor(look.accent), 1, Qt.PenStyle.DotLine))
                painter.drawRect(QRectF(at.x(), at.y(), cell, cell))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._at = None
        self._touch(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() != Qt.MouseButton.NoButton:
            self._touch(event)

    def _touch(self, event: QMouseEvent) -> None:
        sheet, at = self.sheet, event.position()
        here = QPointF(
            (at.x() - sheet.left()) / sheet.width(), (at.y() - sheet.top()) / sheet.height()
        )
        before = self._at or here
        self._at = here
        share = np.linspace(0, 1, 12)[:, None]
        start, end = np.array(before.toTuple()), np.array(here.toTuple())
        filled = ink(start + share * (end - start))
        if event.buttons() & Qt.MouseButton.RightButton:
            self._change(self.pixels * (1 - filled))
        else:
            self._change(np.maximum(self.pixels, filled))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = event.key()
        if key in moves:
            across, down = moves[Qt.Key(key)]
            column, row = self._cursor
            self._cursor = ((column + across) % SIDE, (row + down) % SIDE)
            self.update()
        elif key == Qt.Key.Key_Space:
            pixels, (column, row) = self.pixels.copy(), self._cursor
            number = row * SIDE + column
            pixels[number] = 0.0 if pixels[number] > 0.5 else 1.0
            self._change(pixels)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)
