"""One line of mathematics, drawn by ziamath once that is loaded and as plain text until then.

ziamath takes a quarter of a second to import, so nobody waits for it: a thread loads it when the
window stands. A formula it cannot draw stays text; a screen reader always reads the text.
"""

from __future__ import annotations

import math
import re
import threading
import warnings
from functools import lru_cache
from weakref import WeakSet

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from shiboken6 import isValid

from bpstudio.ui import theme
from bpstudio.ui.aside import aside

_views: WeakSet[MathView] = WeakSet()
INK = "#010203"
"""Stands in the SVG for the theme's ink."""
_SIGN = re.compile(r"(^|=|[(,{]|\\cdot)\s*-")
"""A minus that stands before its number, not between two."""
_one_at_a_time = threading.Lock()
"""ziamath reads its font from one place after the other: two formulas at once would mix them."""
_warm = False


def warm() -> None:
    """Load ziamath here and now, and draw again what so far stood as text."""
    if not _warm and _load():
        _loaded()


def warm_soon(owner: QObject) -> None:
    """The same, but ziamath is loaded in a thread: a hand on the canvas feels nothing of it."""
    if not _warm:
        aside(owner, lambda _: _load(), lambda found: _loaded() if found else None)


def _load() -> bool:
    """Import ziamath; answers whether it is there."""
    try:
        with warnings.catch_warnings():
            # ziamath 0.13 finds its font in a way that Python 3.11 calls old; not our users' worry.
            warnings.simplefilter("ignore", DeprecationWarning)
            import ziamath
    except ImportError:
        return False  # An installation without it shows text everywhere.

    # Qt's SVG reader knows no SVG 2: it would draw fragments of the glyphs.
    ziamath.config.svg2 = False
    return True


def _loaded() -> None:
    global _warm
    if _warm:
        return
    _warm = True
    for view in tuple(_views):
        # A window that was closed may have left views that nobody has collected yet.
        if isValid(view):
            view.redraw()


@lru_cache(maxsize=512)
def _svg(latex: str, size: float) -> bytes:
    """The formula as SVG in the colour INK; empty where ziamath cannot read it."""
    import ziamath

    # ziamath sets a sign after "=" or "(" as if it stood between two numbers.
    latex = _SIGN.sub(r"\1{-}", latex)
    try:
        with _one_at_a_time:
            return ziamath.Latex(latex, size=size, color=INK).svg().encode()
    except Exception:  # ziamath raises whatever its parsers do; the text stands in
        return b""


def is_warm() -> bool:
    """Whether formulas are drawn already."""
    return _warm


def prepare(latex: str, size: float) -> None:
    """Draw a formula beforehand, in any thread: showing it in this size costs nothing then."""
    _svg(latex, size)


class MathView(QWidget):
    """Shows one formula, scaled down where it is too wide.

    `size` is that of its letters, multiplied in Large mode. With `least` it is as tall as it wants
    and shrinks no further than to this share: then it asks for width, so that one can scroll.
    """

    resized = Signal()
    """It wants another size than before."""

    def __init__(self, size: float, parent: QWidget | None = None, *, least: float = 0.0) -> None:
        super().__init__(parent)
        self._usual, self._least = size, least
        self._latex = ""
        self._text = ""
        self._align = Qt.AlignmentFlag.AlignLeft
        self._drawn: QSvgRenderer | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.appearance().changed.connect(self.redraw)
        _views.add(self)

    @property
    def _size(self) -> float:
        return theme.length(self._usual)

    def set_size(self, size: float) -> None:
        """Letters of this size, multiplied in Large mode."""
        if size != self._usual:
            self._usual = size
            self.redraw()

    def set_alignment(self, align: Qt.AlignmentFlag) -> None:
        """Left, right or centre."""
        self._align = align
        self.update()

    def show_formula(self, text: str, latex: str = "") -> None:
        """Show this formula; `text` is what stands in for it and what is read aloud."""
        if (text, latex) == (self._text, self._latex):
            return
        self._text, self._latex = text, latex
        self.setAccessibleName(text)
        self.redraw()

    @property
    def text(self) -> str:
        """The formula as text."""
        return self._text

    @property
    def size_drawn(self) -> float:
        """The size that it draws in, as `prepare` takes it."""
        return self._size

    @property
    def latex(self) -> str:
        """The formula as LaTeX, "" while it is only text."""
        return self._latex

    def redraw(self, _: object = None) -> None:
        """Draw anew: the formula, the palette or ziamath's presence has changed."""
        self._drawn = None
        if _warm and self._latex:
            svg = _svg(self._latex, self._size)
            if svg:
                # Another theme is another colour, and no reason to set the formula again.
                ink = self._colour().name().encode()
                self._drawn = QSvgRenderer(QByteArray(svg.replace(INK.encode(), ink)))
        self.updateGeometry()
        self.update()
        self.resized.emit()

    def sizeHint(self) -> QSize:
        return QSize(round(self._natural().width()), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        if not self._least:
            return QSize(0, round(self._size * 1.8))
        natural = self._natural()
        high = max(natural.height() + 4, self._size * 1.8)
        share = self._least if self._drawn is not None else 1.0
        return QSize(math.ceil(natural.width() * share), math.ceil(high))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self.redraw()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._drawn is not None:
                self._drawn.render(painter, self._place())
                return
            painter.setPen(self._colour())
            painter.setFont(theme.font(self._size))
            metrics = QFontMetricsF(theme.font(self._size))
            text = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
            flags = self._align | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(self.rect()), flags, text)

    def _colour(self) -> QColor:
        return QColor(theme.current().ink)

    def _natural(self) -> QRectF:
        if self._drawn is not None:
            return QRectF(self._drawn.viewBoxF())
        width = QFontMetricsF(theme.font(self._size)).horizontalAdvance(self._text)
        return QRectF(0, 0, width, self._size * 1.4)

    def _place(self) -> QRectF:
        box = self._natural()
        # A fraction is taller than the line: it shrinks rather than lose its denominator.
        scale = min(1.0, self.width() / box.width(), self.height() / box.height())
        width, height = box.width() * scale, box.height() * scale
        left = 0.0
        if self._align & Qt.AlignmentFlag.AlignHCenter:
            left = (self.width() - width) / 2
        elif self._align & Qt.AlignmentFlag.AlignRight:
            left = self.width() - width
        return QRectF(left, (self.height() - height) / 2, width, height)
