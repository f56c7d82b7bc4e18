"""A gate's face: its symbol set with care, for the palette, the canvas and pictures alike.

Raised characters become smaller raised letters (fonts disagree on the Unicode ones), single letters
are set italic as mathematics does, + − × ÷ and the root are drawn as lines of one weight. All is
laid out in the painter's own units, so that every zoom and every back-end shows the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from bpstudio.core.gate import Gate
from bpstudio.ui import theme as themes
from bpstudio.ui.theme import Theme

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺˙ˣʸᵖⁿ", "0123456789−+.xypn", strict=True))
_LINES = {"+", "−", "×", "÷"}
LARGEST_PORT = 1.6
"""How far Large mode goes with rings: two must not touch."""
_RAISE = 0.40
"""How far a raised run stands above the baseline, part of the size."""
_SMALL = 0.68
"""Size of a raised run, part of the size."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters set alike: `font`, `x` from the left and `up` above the baseline, in pixels."""

    text: str
    font: QFont
    x: float
    up: float


@dataclass(frozen=True, slots=True)
class Line:
    """A face set at a size: its runs, its width, and how high its letters stand."""

    runs: tuple[Run, ...]
    width: float
    height: float
    bar: tuple[float, float] | None = None
    """From where to where a root's bar covers the runs."""


def general_face(gate: Gate) -> str:
    """The symbol with its parameters as letters: "+c", "×a", "xᵖ"."""
    if "{" not in gate.symbol:
        return gate.symbol
    texts: dict[str, str] = {}
    for name in gate.params:
        texts |= {name: name, f"{name}_factor": name, f"{name}_signed": f"+{name}"}
        texts[f"{name}_raised"] = {"p": "ᵖ", "n": "ⁿ"}.get(name, name)
    return gate.symbol.format(**texts)


def size_for(face: str) -> float:
    """The size, in scene pixels, at which a face stands on its card."""
    if face in _LINES:
        return 20.0
    return 18.0 if len(face) <= 2 else 15.0 if len(face) <= 4 else 13.5


def edge(larger: float) -> float:
    """What stays free at either side of a symbol, scene px: the rings, and a little air."""
    return 6.0 + 3.4 * (min(larger, LARGEST_PORT) - 1.0)


def extent(face: str, width: float, larger: float) -> tuple[float, float]:
    """The size of a face on a card of this width in scene px, and how wide that makes it."""
    line = set_line(face)
    room = (width - 2 * edge(larger)) / max(line.width, 1.0)
    scale = min(size_for(face) * larger / _BASE, room)
    return scale * _BASE, scale * line.width


def draw(
    painter: QPainter,
    what: Gate | str,
    box: QRectF,
    ink: QColor | str,
    px: float = 0.0,
    edge: float = 6.0,
) -> None:
    """Draw a face (a Gate's general one, or a text) in the middle of a box.

    `px` is its size; 0 takes the card's, or less where the box is too small for it: `edge` is left
    free at either side.
    """
    face = what if isinstance(what, str) else general_face(what)
    line = set_line(face)
    room = min((box.width() - 2 * edge) / max(line.width, 1.0), (box.height() - 4) / 18.0)
    wanted = px or size_for(face) * min(1.0, box.height() / 24.0)
    scale = min(wanted / _BASE, room)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center())
    painter.scale(scale, scale)
    painter.setPen(QColor(ink))
    if face in _LINES:
        _draw_operator(painter, face, QColor(ink))
    else:
        _draw_line(painter, line, QColor(ink))
    painter.restore()


_BASE = 20
"""Faces are set once at this many pixels, then scaled: widths do not depend on the zoom."""


@lru_cache(maxsize=4096)
def set_line(face: str) -> Line:
    """A face as positioned runs at the base size."""
    if face in _LINES:
        return Line((), _BASE * 0.8, _BASE * 0.7)
    runs: list[Run] = []
    x, height, bar_from = 0.0, 0.0, None
    for text, raised, italic in _split(face):
        if text == "√":
            bar_from = x + 0.62 * _BASE
            x = bar_from + 1.0
            continue
        font = themes.font(_BASE * (_SMALL if raised else 1.0), bold=True, italic=italic)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        metrics = QFontMetricsF(font)
        runs.append(Run(text, font, x, _RAISE * _BASE if raised else 0.0))
        x += metrics.horizontalAdvance(text) + (0.5 if italic else 0.0)
        if not raised:
            height = max(height, -metrics.tightBoundingRect(text).top())
    bar = None if bar_from is None else (bar_from, x)
    return Line(tuple(runs), x, height, bar)


def _split(face: str) -> list[tuple[str, bool, bool]]:
    """Runs of (text, raised, italic); lone Latin letters are italic, words are not."""
    found: list[tuple[str, bool, bool]] = []
    for i, char in enumerate(face):
        raised = char in _RAISED
        plain = _RAISED.get(char, char)
        before, after = face[i - 1 : i], face[i + 1 : i + 2]
        lone = not (before.isalpha() and before not in _RAISED) and not (
            after.isalpha() and after not in _RAISED
        )
        # In eˣ the e is a number, not a variable, and stands upright.
        italic = plain.isascii() and plain.isalpha() and (raised or lone) and plain != "e"
        if found and found[-1][1:] == (raised, italic) and "√" not in (plain, found[-1][0]):
            found[-1] = (found[-1][0] + plain, raised, italic)
        else:
            found.append((plain, raised, italic))
    return found


def _draw_line(painter: QPainter, line: Line, ink: QColor) -> None:
    left, base = -line.width / 2, line.height / 2
    for run in line.runs:
        painter.setFont(run.font)
        painter.drawText(QPointF(left + run.x, base - run.up), run.text)
    if line.bar is not None:
        start, end = left + line.bar[0], left + line.bar[1]
        top = base - line.height - 4.0
        root = QPainterPath(QPointF(start - 10.5, base - 5.5))
        root.lineTo(start - 8.0, base - 7.0)
        root.lineTo(start - 4.0, base + 0.5)
        root.lineTo(start, top)
        root.lineTo(end + 1.0, top)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(ink, 1.9))
        painter.drawPath(root)


def _draw_operator(painter: QPainter, face: str, ink: QColor) -> None:
    reach = 6.4 if face != "×" else 5.2
    painter.setPen(_pen(ink, 2.6))
    if face in "+−÷":
        painter.drawLine(QLineF(-reach, 0, reach, 0))
    if face == "+":
        painter.drawLine(QLineF(0, -reach, 0, reach))
    if face == "×":
        painter.drawLine(QLineF(-reach, -reach, reach, reach))
        painter.drawLine(QLineF(-reach, reach, reach, -reach))
    if face == "÷":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for y in (-5.6, 5.6):
            painter.drawEllipse(QPointF(0, y), 1.8, 1.8)


def draw_lock(painter: QPainter, key: str, box: QRectF, ink: QColor | str) -> None:
    """The face of a gate that this version does not know: a padlock above its key."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color, x, y = QColor(ink), box.center().x(), box.center().y() - 8
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(color, 1.7))
    bow = QPainterPath(QPointF(x - 3.6, y - 1))
    bow.lineTo(x - 3.6, y - 4)
    bow.arcTo(QRectF(x - 3.6, y - 8, 7.2, 7.2), 180, -180)
    bow.lineTo(x + 3.6, y - 1)
    painter.drawPath(bow)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(x - 5.5, y - 1, 11, 8), 1.5, 1.5)
    painter.setFont(themes.font(11))
    painter.setPen(color)
    text = QRectF(box.left(), y + 9, box.width(), 14)
    painter.drawText(text, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()


def pixmap(gate: Gate, theme: Theme, width: int, height: int, dpr: float = 1.0) -> QPixmap:
    """A gate's general face alone, for lists and drags."""
    made = QPixmap(round(width * dpr), round(height * dpr))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        draw(painter, gate, QRectF(0, 0, width, height), theme.family(gate.family))
    return made


def _pen(ink: QColor, width: float) -> QPen:
    return QPen(
        ink,
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )
