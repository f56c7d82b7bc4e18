"""Sprites on one sheet, stamped by the thousand in a single call.

A sprite is drawn once, at the device pixels it will be shown at, and stamped at whole device
pixels: always sharp, never resampled. Bodies, rings and badges are a sprite each; numbers are set
from sprites of their characters, names are sprites of whole words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPixmap

from bpstudio.ui import theme as themes
from bpstudio.ui.canvas.geometry import Floats, Ints, whole
from bpstudio.ui.canvas.labels import Role
from bpstudio.ui.theme import Theme

_WIDTH = 1024
_FULL = 8192
"""Height at which a sheet starts afresh, device px: 32 MB."""
_GAP = 1
_BAND = 64
"""Height of the pieces in which pale rectangles are filled: what is higher Qt hands to its threads,
and the wait for these takes ten times as long as the filling."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Texts as sprites: each sprite's place from the left of its text, which text it belongs to
    (`owner`), and every text's width; device pixels."""

    sprites: Ints
    place: Floats
    owner: Ints
    width: Floats


class Glyphs:
    """Characters of one role at one size by code point: their sprites, -1 for none yet, and how far
    the pen moves on."""

    def __init__(self) -> None:
        self.sprite: Ints = np.empty(0, dtype=np.intp)
        self.step: Floats = np.empty(0)
        self.reach(128)

    def reach(self, count: int) -> None:
        """Make room for so many code points."""
        more = count - len(self.sprite)
        self.sprite = np.concatenate([self.sprite, np.full(more, -1, dtype=np.intp)])
        self.step = np.concatenate([self.step, np.zeros(more)])


class Sheet:
    """A pixmap filled row by row, and a table of what is where.

    `table` (n, 6): left, top, width, height, and the anchor's place inside the sprite.
    `kept`: tables of sprites that a stage looks up by rows of its own, forgotten with them.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.forget()

    def forget(self) -> None:
        """Drop all sprites; every number given out before is void."""
        self.pixmap = _blank(_WIDTH, 256)
        self.table: Floats = np.zeros((64, 6))
        self._number: dict[Hashable, int] = {}
        self._glyphs: dict[tuple[int, int], Glyphs] = {}
        self._steps: dict[tuple[int, int, str], tuple[int, float]] = {}
        self._fonts: dict[tuple[int, int], tuple[QFont, QFontMetricsF, float]] = {}
        self.kept: dict[Hashable, Any] = {}
        self._x = self._y = self._row = 0
        self._painter: QPainter | None = None
        self._open = False

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
        with self.drawing():
            if self._painter is None:
                self._painter = QPainter(self.pixmap)
            painter = self._painter
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(left, top)
            painter.setClipRect(QRectF(0, 0, w, h))
            paint(painter)
            painter.restore()
        found = self._number[key] = len(self._number)
        if found >= len(self.table):
            self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        self.table[found] = left, top, w, h, *anchor
        return found

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Several sprites are made within, by one painter: to begin one takes as long as to draw.
        None is stamped meanwhile."""
        if self._open:
            yield
            return
        self._open = True
        try:
            yield
        finally:
            self._open = False
            self._rest()

    def _rest(self) -> None:
        if self._painter is not None:
            self._painter.end()
            self._painter = None

    def stamp(
        self, painter: QPainter, sprites: Ints, x: Floats, y: Floats, opacity: Any = 1.0
    ) -> None:
        """Put sprites with their anchors at these device pixels (the painter's unit)."""
        n = len(sprites)
        if n == 0:
            return
        table = self.table[sprites]
        fragments = np.ones((n, 10))
        fragments[:, 0] = whole(x) - table[:, 4] + table[:, 2] / 2
        fragments[:, 1] = whole(y) - table[:, 5] + table[:, 3] / 2
        fragments[:, 2:6] = table[:, :4]
        fragments[:, 8] = 0.0
        fragments[:, 9] = opacity
        pointer: Any = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(pointer, n, self.pixmap)

    # --- text -------------------------------------------------------------------------------

    def set_texts(self, number: int, role: Role, px: int, texts: list[str]) -> Setting:
        """Texts of one role as sprites: words whole, numbers character by character."""
        if role.name:
            found = [self._letters(number, role, px, text) for text in texts]
            sprites = np.array([one[0] for one in found], dtype=np.intp)
            widths = np.array([one[1] for one in found])
            return Setting(sprites, np.zeros(len(texts)), np.arange(len(texts)), widths)
        # One string for all, so that no work is done per label: only per kind of character.
        codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
        owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        letters = self._glyphs_for(number, role, px, codes)
        steps = letters.step[codes]
        width: Floats = np.bincount(owner, weights=steps, minlength=len(texts)).astype(float)
        begin = np.cumsum(width) - width
        place = np.cumsum(steps) - steps - begin[owner]
        return Setting(letters.sprite[codes], place, owner, width)

    def _glyphs_for(self, number: int, role: Role, px: int, codes: NDArray[np.uint32]) -> Glyphs:
        """The characters of a role by code point, these among them."""
        found = self._glyphs.get((number, px))
        if found is None:
            found = self._glyphs[(number, px)] = Glyphs()
        if codes.size and int(codes.max()) >= len(found.sprite):
            found.reach(int(codes.max()) + 1)
        unknown = codes[found.sprite[codes] < 0]
        # A set and not np.unique, which imports all of numpy.ma for the first picture.
        with self.drawing():
            for code in sorted(set(unknown.tolist())):
                found.sprite[code], found.step[code] = self._letters(number, role, px, chr(code))
        return found

    def _letters(self, number: int, role: Role, px: int, text: str) -> tuple[int, float]:
        """The sprite of letters and how far the pen moves on, in whole device pixels."""
        key = (number, px, text)
        found = self._steps.get(key)
        if found is not None:
            return found
        font, metrics, middle = self._font_of(number, role, px)
        pad = math.ceil(px * 0.3)
        ascent = math.ceil(metrics.ascent()) + 1

        def paint(painter: QPainter) -> None:
            painter.setFont(font)
            painter.setPen(self.theme.color(role.ink))
            painter.drawText(QPointF(pad, ascent), text)

        step = float(round(metrics.horizontalAdvance(text)))
        height = ascent + metrics.descent() + 2
        # The anchor is the vertical middle of the digits: what labels are placed by.
        anchor = (pad, round(ascent - middle))
        sprite = self.number(("text", *key), step + 2 * pad, height, anchor, paint)
        found = self._steps[key] = (sprite, step)
        return found

    def _font_of(self, number: int, role: Role, px: int) -> tuple[QFont, QFontMetricsF, float]:
        found = self._fonts.get((number, px))
        if found is None:
            font = themes.font(px, bold=role.bold, italic=role.italic)
            metrics = QFontMetricsF(font)
            middle = -metrics.tightBoundingRect("0").top() / 2
            found = self._fonts[(number, px)] = (font, metrics, middle)
        return found

    def _room(self, w: int, h: int) -> tuple[int, int]:
        if self._x + w + _GAP > _WIDTH:
            self._x, self._y, self._row = 0, self._y + self._row + _GAP, 0
        width = max(_WIDTH, w)
        if self._y + h > self.pixmap.height() or width > self.pixmap.width():
            self._rest()
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
        pointer: Any = shiboken6.wrapInstance(lines.ctypes.data, QLineF)
        painter.drawLines(pointer, len(lines))


def draw_rects(painter: QPainter, left: Any, top: Any, width: Any, height: Any) -> None:
    """Many rectangles in one call, with the painter's pen and brush."""
    rects = np.empty((len(left), 4))
    rects[:, 0], rects[:, 1], rects[:, 2], rects[:, 3] = left, top, width, height
    if len(rects):
        pointer: Any = shiboken6.wrapInstance(rects.ctypes.data, QRectF)
        painter.drawRects(pointer, len(rects))


def fill_whole(painter: QPainter, rects: Floats, *, pale: bool) -> None:
    """Rectangles (n, 4) of whole pixels, left, top, right, bottom, with the painter's brush."""
    if pale:
        rects = _in_bands(rects)
    # Qt's right and bottom are the last pixels inside.
    ends = np.ascontiguousarray(rects - (0.0, 0.0, 1.0, 1.0), dtype=np.int32)
    if len(ends):
        pointer: Any = shiboken6.wrapInstance(ends.ctypes.data, QRect)
        painter.drawRects(pointer, len(ends))


def _in_bands(rects: Floats) -> Floats:
    times = np.maximum(np.ceil((rects[:, 3] - rects[:, 1]) / _BAND), 1.0).astype(np.intp)
    if not (times > 1).any():
        return rects
    first = np.cumsum(times) - times
    pieces = np.repeat(rects, times, axis=0)
    pieces[:, 1] += _BAND * (np.arange(len(pieces)) - np.repeat(first, times))
    pieces[:, 3] = np.minimum(pieces[:, 3], pieces[:, 1] + _BAND)
    return pieces


def _blank(width: int, height: int) -> QPixmap:
    made = QPixmap(width, height)
    made.fill(Qt.GlobalColor.transparent)
    return made
