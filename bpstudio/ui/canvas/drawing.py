"""The strokes of the canvas, drawn with a painter in scene pixels: one hand for both back-ends.

The fast back-end draws these into sprites, the vector back-end straight onto the page.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from bpstudio.core.graph import Note
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import paints, rows, symbols
from bpstudio.ui.canvas.frames import Frame
from bpstudio.ui.canvas.geometry import Floats, Rect
from bpstudio.ui.theme import Theme

SELECTED, ACTIVE, HOVERED = 1, 2, 4
"""States of a body, or-ed together."""

RING, OPEN, GHOST, LIT, AIM = range(5)
"""Looks of a port: wired or an output; nothing plugged in; could grow; allowed; aimed at."""
PORT_RADII = (4.0, 4.4, 3.6, 6.0, 7.5)

RADIUS = 10.0
WIRE_WIDTH = 1.7
ACTIVE_WIDTH = 3.2
LARGEST_PORT = symbols.LARGEST_PORT
DOT_RADIUS = 5.0
"""Of the dot that travels along an active wire."""


def body(
    painter: QPainter, theme: Theme, style: rows.Style, box: QRectF, state: int, hair: float = 1.0
) -> None:
    """A card, pill or locked card without its symbol. `hair` is one device pixel in scene px."""
    active, chosen = state & ACTIVE, state & SELECTED
    lit = active or chosen
    edge = theme.accent if lit else theme.line if state & HOVERED else theme.edge
    width = max(2.0, hair) if lit else max(1.0, hair)
    radius = box.height() / 2 if style.kind == rows.PILL else RADIUS
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.halo)
        painter.drawRoundedRect(box.adjusted(-5, -5, 5, 5), radius + 5, radius + 5)
    pen = QPen(QColor(edge), width)
    if style.kind == rows.LOCK:
        pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(QColor(theme.tint if active else theme.card))
    # The line lies inside the body: whole pixels stay whole and the edge is sharp.
    inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRoundedRect(inner, radius - width / 2, radius - width / 2)


def face(
    painter: QPainter, theme: Theme, style: rows.Style, box: QRectF, larger: float = 1.0
) -> None:
    """The symbol on a body; a pill's texts are labels, a second line inside marks what learns.

    In Large mode the symbol is `larger` than usual, as far as its card has room.
    """
    if style.kind == rows.LOCK:
        symbols.draw_lock(painter, style.face, box, theme.faint)
    elif style.kind == rows.PILL:
        if style.face == rows.LEARNS:
            _second_line(painter, theme, box)
    elif style.face:
        size = symbols.size_for(style.face) * larger
        ink, edge = theme.family(style.family), symbols.edge(larger)
        symbols.draw(painter, style.face, box, ink, size, edge)


def _second_line(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """A mark by form, not by colour: it is seen in print and in grey."""
    inner = box.adjusted(3.5, 3.5, -3.5, -3.5)
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)


def port(painter: QPainter, theme: Theme, look: int, at: QPointF, factor: float = 1.0) -> None:
    """A port's ring around a point."""
    radius = PORT_RADII[look] * factor
    pen = QPen(QColor(theme.line), 1.4 * factor)
    fill = theme.card
    if look == OPEN:
        pen, fill = QPen(QColor(theme.accent), 1.6 * factor), theme.paper
    elif look == GHOST:
        # The edge's colour is none on a selected gate: the port would be a bite out of its ring.
        pen, fill = QPen(QColor(theme.line), 1.2 * factor), theme.paper
    elif look == LIT:
        pen, fill = QPen(QColor(theme.accent), 2.0 * factor), theme.tint
    elif look == AIM:
        pen, fill = QPen(QColor(theme.accent), 2.0 * factor), theme.accent
    painter.setPen(pen)
    painter.setBrush(QColor(fill))
    painter.drawEllipse(at, radius, radius)


def badge(painter: QPainter, theme: Theme, letter: str, at: QPointF, factor: float = 1.0) -> None:
    """A small circle with a letter: a tie, a kink, an infinity, no number."""
    radius = 8.0 * factor
    painter.setPen(QPen(QColor(theme.warn), 1.4 * factor))
    painter.setBrush(QColor(theme.warn_tint))
    painter.drawEllipse(at, radius, radius)
    painter.setFont(themes.font(11 * factor, bold=True))
    painter.setPen(QColor(theme.warn))
    box = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)


def frame(painter: QPainter, theme: Theme, it: Frame, chosen: bool = False) -> None:
    """The titled dashed line around a group."""
    box = qrect(it.rect)
    color = QColor(theme.selection if chosen else paints.ink(theme, it.colour))
    pen = QPen(color, 2.0 if chosen else 1.0)
    pen.setDashPattern([5, 4])
    painter.setOpacity(1.0 if chosen else 0.7)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 14, 14)
    painter.setOpacity(1.0)
    painter.setPen(QColor(paints.ink(theme, it.colour)))
    painter.setFont(themes.font(12, bold=True))
    painter.drawText(QPointF(box.left() + 12, box.top() - 8), it.title)


def washes(painter: QPainter, theme: Theme, found: Iterable[Frame]) -> None:
    """The pale grounds of painted groups: over wires and the patches of numbers, so that these are
    as pale, and under all else."""
    painter.setPen(Qt.PenStyle.NoPen)
    for it in found:
        if (pale := paints.wash(theme, it.colour)) is not None:
            painter.setBrush(pale)
            painter.drawRoundedRect(qrect(it.rect), 14, 14)


def note(painter: QPainter, theme: Theme, it: Note, rect: Rect, chosen: bool = False) -> None:
    """Plain text on a soft card."""
    box = qrect(rect)
    painter.setPen(QPen(QColor(theme.selection if chosen else theme.rule), 2.0 if chosen else 1.0))
    painter.setBrush(QColor(theme.warn_tint))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
    painter.setPen(QColor(theme.ink))
    painter.setFont(themes.font(13))
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    painter.drawText(box.adjusted(12, 9, -12, -9), int(flags), it.text)


def bezier(control: Floats) -> QPainterPath:
    """One wire as a path."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = control.tolist()
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo(x1, y1, x2, y2, x3, y3)
    return path


def wire_pen(color: str, width: float) -> QPen:
    """The pen of a wire: round ends, so that pieces of a curve join without a seam."""
    return QPen(
        QColor(color),
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def qrect(rect: Rect) -> QRectF:
    """A rectangle as Qt's."""
    return QRectF(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1])
