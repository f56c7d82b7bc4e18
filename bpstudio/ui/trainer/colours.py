"""The colours of numbers and classes: blue and orange, told apart by every kind of eye.

Positive is blue, negative orange, nothing is the paper. 256 steps of it are one table, so that a
map of numbers becomes a picture by one look-up. Classes have colours after Okabe and Ito.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from bpstudio.ui.theme import Theme, contrast

STEPS = 256
LEVELS = 16
"""Steps of certainty per class; 16 classes of them fill a table."""
_ENDS = {
    "light": ("#EE9A4B", "#F8CFA4", "#F8F7F3", "#B4D0F0", "#5E97D8"),
    "dark": ("#C27A2C", "#6E4820", "#22262B", "#2A4A72", "#4580C4"),
}
_CLASSES = {
    "light": (
        *("#D9730D", "#1F63B5", "#0A8F6A", "#A2488B", "#8A7A00"),
        *("#3FA0C9", "#B3402A", "#6A6F78", "#5B4BB5", "#4E8A1C"),
    ),
    "dark": (
        *("#F39A3D", "#5AA2F2", "#35C79B", "#E08CC6", "#D9CB4A"),
        *("#7CCDF0", "#F07A62", "#A9B0BA", "#A394F5", "#93CF58"),
    ),
}


def _rgb(colour: str) -> np.ndarray:
    made = QColor(colour)
    return np.array([made.red(), made.green(), made.blue()], dtype=np.float64)


def _packed(rgb: np.ndarray) -> np.ndarray:
    whole = np.clip(np.rint(rgb), 0, 255).astype(np.uint32)
    packed = 0xFF000000 | whole[:, 0] << 16 | whole[:, 1] << 8 | whole[:, 2]
    return np.asarray(packed, dtype=np.uint32)


@cache
def numbers(theme: Theme, discrete: bool = False) -> np.ndarray:
    """256 packed colours from orange by way of the paper to blue; only two where discrete."""
    ends = np.array([_rgb(c) for c in _ENDS[theme.name]])
    at = np.linspace(0, len(ends) - 1, STEPS)
    places = np.arange(len(ends))
    table = np.column_stack([np.interp(at, places, ends[:, k]) for k in range(3)])
    if discrete:
        table = np.where((np.arange(STEPS) < STEPS // 2)[:, None], table[56], table[199])
    return _packed(table)


@cache
def classes(theme: Theme, discrete: bool = False) -> np.ndarray:
    """Packed colours for class * LEVELS + certainty, paler where less certain."""
    paper = _rgb(theme.paper)
    level = np.linspace(0.12, 0.62, LEVELS)[:, None]
    if discrete:
        level = np.full((LEVELS, 1), 0.5)
    rows = [paper + level * (_rgb(of_class(theme, k)) - paper) for k in range(STEPS // LEVELS)]
    return _packed(np.concatenate(rows))


@cache
def painted(theme: Theme, brushes: tuple[int, ...], discrete: bool = False) -> np.ndarray:
    """The same two tables where the classes are these brushes: a surface has its points' colours.

    Of one output the lower brush is what is negative; one brush alone but the first is positive.
    """
    if len(brushes) > 2:
        table = classes(theme, discrete).reshape(-1, LEVELS)
        rest = [k for k in range(len(table)) if k not in brushes]
        return np.ascontiguousarray(table[[*brushes, *rest]].ravel())
    pair = brushes if len(brushes) == 2 else (0, *brushes) if any(brushes) else (0, 1)
    if pair == (0, 1):
        return numbers(theme, discrete)
    paper = _rgb(theme.paper)
    low, high = (paper + 0.75 * (_rgb(of_class(theme, k)) - paper) for k in pair)
    at = np.linspace(-1.0, 1.0, STEPS)[:, None]
    if discrete:
        at = np.where(at < 0, -0.75, 0.75)
    return _packed(paper + np.abs(at) * (np.where(at < 0, low, high) - paper))


def of_class(theme: Theme, number: int) -> str:
    """The colour of a class: 0 orange, 1 blue, and on."""
    table = _CLASSES[theme.name]
    return table[number % len(table)]


def positive(theme: Theme) -> str:
    """Blue, as a line."""
    return _CLASSES[theme.name][1]


def negative(theme: Theme) -> str:
    """Orange, as a line."""
    return _CLASSES[theme.name][0]


def index(values: np.ndarray, middle: float = 0.0, half: float = 1.0) -> np.ndarray:
    """Numbers as rows of `numbers`: middle - half is 0, middle + half is 255."""
    scaled = (values - np.float32(middle)) * np.float32(127.5 / half) + np.float32(127.5)
    # NaN has no colour; the middle says least. Looking for it costs more than the colours do.
    if (total := scaled.sum()) != total:
        scaled = np.nan_to_num(scaled, nan=127.5)
    return np.asarray(np.clip(scaled, 0, 255).astype(np.uint8))


def picture(indices: np.ndarray, table: np.ndarray) -> QImage:
    """An image of rows of a table (height, width); it owns its pixels."""
    pixels = np.ascontiguousarray(table[indices])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def ink_on(theme: Theme, ground: QColor) -> str:
    """Dark or light, whichever reads well there."""
    inks = (theme.ink, theme.paper, "#000000", "#FFFFFF")
    good = (ink for ink in inks if contrast(ink, ground.name()) >= 4.5)
    return next(good, max(inks, key=lambda ink: contrast(ink, ground.name())))
