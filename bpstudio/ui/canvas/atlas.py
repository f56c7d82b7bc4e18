"""Sprites on one sheet, stamped by the thousand in a single call.

A sprite is drawn once, at the device pixels it will be shown at, and stamped at whole device
pixels: always sharp, never resampled. Bodies, rings and badges are a sprite each; numbers are set
from sprites of their characters, names are sprites of whole words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from bpstudio.ui import theme as themes
from bpstudio.ui.canvas.geometry import Floats, Ints
from bpstudio.ui.canvas.labels import Role
from bpstudio.ui.theme import Theme

_WIDTH = 1024
_FULL = 8192
"""Height at which a sheet starts afresh, device px: 32 MB."""
_GAP = 1


class Sheet:
    """A pixmap filled row by row, and a table of what is where.

    `table` (n, 6): left, top, width, height, and the anchor's place inside the sprite.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.forget()

    def forget(self) -> None:
        """Drop all sprites; every number given out before is void."""
        self.pixmap = _blank(_WIDTH, 256)
        self.table: Floats = np.zeros((64, 6))
        self._number: dict[Hashable, int] = {}
        self._texts: dict[tuple[int, int, str], tuple[NDArray[np.int32], Floats, float]] = {}
        self._metrics: dict[tuple[int, int], tuple[Any, float]] = {}
        self._x = self._y = self._row = 0

    @property
    def full(self) -> bool:
        """Whether it has outgrown its size; forget it before the next picture."""
        return self.pixmap.height() > _FULL

    def number(
        self,
        key: Hashable,
        width: float,
        height: float,
        anchor: tuple[float, float],
        paint: Callable[[QPainter], None],
    ) -> int:
        """The number of a sprite, drawn on first use with the origin at its top left."""
        found = self._number.get(key)
        if found is not None:
            return found
        w, h = math.ceil(width), math.ceil(height)
        left, top = self._room(w, h)
        with QPainter(self.pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(left, top)
            painter.setClipRect(QRectF(0, 0, w, h))
            paint(painter)
        found = self._number[key] = len(self._number)
        if found >= len(self.table):
            self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        self.table[found] = left, top, w, h, *anchor
        return found

    def stamp(
        self, painter: QPainter, sprites: Ints, x: Floats, y: Floats, opacity: Any = 1.0
    ) -> None:
        """Put sprites with their anchors at these device pixels (the painter's unit)."""
        n = len(sprites)
        if n == 0:
            return
        table = self.table[sprites]
        fragments = np.ones((n, 10))
        fragments[:, 0] = np.round(x) - table[:, 4] + table[:, 2] / 2
        fragments[:, 1] = np.round(y) - table[:, 5] + table[:, 3] / 2
        fragments[:, 2:6] = table[:, :4]
        fragments[:, 8] = 0.0
        fragments[:, 9] = opacity
        pointer = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(pointer, n, self.pixmap)

    # --- text -------------------------------------------------------------------------------

    def set_text(
        self, role: Role, number: int, px: int, text: str
    ) -> tuple[NDArray[np.int32], Floats, float]:
        """A text's sprites, where each one's anchor stands from the text's left, and its width."""
        key = (number, px, text)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > 65536:
                self._texts.clear()
            pieces = [text] if role.name else list(text)
            sprites = [self._letters(role, number, px, piece) for piece in pieces]
            metrics, _ = self._font_of(role, number, px)
            steps = [float(round(metrics.horizontalAdvance(piece))) for piece in pieces]
            start = np.cumsum([0.0, *steps[:-1]])
            found = (np.array(sprites, dtype=np.int32), start, float(sum(steps)))
            self._texts[key] = found
        return found

    def _letters(self, role: Role, number: int, px: int, text: str) -> int:
        metrics, middle = self._font_of(role, number, px)
        font = themes.font(px, bold=role.bold, italic=role.italic)
        pad = math.ceil(px * 0.3)
        ascent = math.ceil(metrics.ascent()) + 1

        def paint(painter: QPainter) -> None:
            painter.setFont(font)
            painter.setPen(self.theme.color(role.ink))
            painter.drawText(QPointF(pad, ascent), text)

        width = metrics.horizontalAdvance(text) + 2 * pad
        height = ascent + metrics.descent() + 2
        # The anchor is the vertical middle of the digits: what labels are placed by.
        return self.number(
            ("text", number, px, text), width, height, (pad, round(ascent - middle)), paint
        )

    def _font_of(self, role: Role, number: int, px: int) -> tuple[QFontMetricsF, float]:
        found = self._metrics.get((number, px))
        if found is None:
            font = themes.font(px, bold=role.bold, italic=role.italic)
            metrics = QFontMetricsF(font)
            middle = -metrics.tightBoundingRect("0").top() / 2
            found = self._metrics[(number, px)] = (metrics, middle)
        return found

    def _room(self, w: int, h: int) -> tuple[int, int]:
        if self._x + w + _GAP > _WIDTH:
            self._x, self._y, self._row = 0, self._y + self._row + _GAP, 0
        width = max(_WIDTH, w)
        if self._y + h > self.pixmap.height() or width > self.pixmap.width():
            larger = _blank(max(width, self.pixmap.width()), self.pixmap.height() * 2 + h)
            with QPainter(larger) as painter:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.drawPixmap(0, 0, self.pixmap)
            self.pixmap = larger
        place = (self._x, self._y)
        self._x += w + _GAP
        self._row = max(self._row, h)
        return place


def draw_lines(painter: QPainter, lines: Floats) -> None:
    """Many lines (n, 4) in one call."""
    lines = np.ascontiguousarray(lines, dtype=np.float64)
    if len(lines):
        painter.drawLines(shiboken6.wrapInstance(lines.ctypes.data, QLineF), len(lines))


def draw_rects(painter: QPainter, left: Any, top: Any, width: Any, height: Any) -> None:
    """Many rectangles in one call, with the painter's pen and brush."""
    rects = np.stack(np.broadcast_arrays(left, top, width, height), axis=-1).astype(np.float64)
    if len(rects):
        painter.drawRects(shiboken6.wrapInstance(rects.ctypes.data, QRectF), len(rects))


def _blank(width: int, height: int) -> QPixmap:
    made = QPixmap(width, height)
    made.fill(Qt.GlobalColor.transparent)
    return made
