"""Icons from resources/icons, drawn in the theme's ink and sharp at every size.

The files are 24 x 24 strokes in `currentColor`; nothing but this module reads them.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from bpstudio import assets
from bpstudio.ui import theme as themes
from bpstudio.ui.theme import Theme

SIZES = (16, 20, 24, 32, 48)
"""Device pixels that an icon is drawn at: 16, 20 and 24 on a plain screen, 16 and 24 on a dense
one, and Large mode's. Qt takes the one that fits."""


@cache
def source(name: str) -> str:
    """The SVG text of an icon. Raises FileNotFoundError for one that does not exist."""
    return assets.path("icons", f"{name}.svg").read_text("utf-8")


def pixmap(name: str, color: str, size: float = 24, dpr: float = 1.0) -> QPixmap:
    """An icon `size` logical pixels wide, its strokes in one colour."""
    made = _draw(_renderer(name, QColor(color).name()), max(1, round(size * dpr)))
    made.setDevicePixelRatio(dpr)
    return made


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(source(name).replace("currentColor", color).encode()))


def _draw(renderer: QSvgRenderer, side: int) -> QPixmap:
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, side, side))
    return made


@cache
def _icon(name: str, ink: str, faint: str, size: int) -> QIcon:
    made = QIcon()
    for color, mode in ((ink, QIcon.Mode.Normal), (faint, QIcon.Mode.Disabled)):
        renderer = _renderer(name, color)
        for side in SIZES if size in (0, *SIZES) else (*SIZES, size, 2 * size):
            made.addPixmap(_draw(renderer, side), mode)
    return made


def icon(name: str, theme: Theme | None = None, size: int = 0) -> QIcon:
    """A tinted icon: the theme's ink, and its grey where disabled; sharp at a `size` of its own."""
    theme = theme or themes.current()
    return _icon(name, theme.ink, theme.edge, size)


@cache
def app_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("app", "#1F2933", size))
    return made
