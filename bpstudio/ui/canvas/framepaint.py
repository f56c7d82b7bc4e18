"""How frames that stand on their own are drawn with a pen, for pages; see titled.py.

Their colours are framefast.py's, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from bpstudio.core.graph import Note
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import drawing, hits, paints
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.canvas.titled import strip
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

RADIUS = 10.0
PX = 13.0
"""Size of a title's letters, scene px."""
STRIP_FILL, PLAIN_FILL = 0.20, 0.035
"""How much ink lies on the paper: in the strip of a frame, and inside one without a colour."""


def frame(painter: QPainter, theme: Theme, it: Note, rect: Rect, *, state: int = 0) -> None:
    """The line of a frame and the strip with its title; `state` as a body's (drawing.py)."""
    head = strip(rect, 1.0)
    if head is not None:
        _title(painter, theme, it, head)
    chosen = state & drawing.SELECTED
    line = QColor(theme.selection if chosen else paints.ink(theme, it.colour))
    painter.setPen(QPen(line, 2.0 if state else 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(drawing.qrect(rect), RADIUS, RADIUS)


def _title(painter: QPainter, theme: Theme, it: Note, head: Rect) -> None:
    ground = QColor(paints.ink(theme, it.colour))
    ground.setAlphaF(STRIP_FILL)
    box, turn = drawing.qrect(head), 2 * RADIUS
    path = QPainterPath(box.bottomLeft())
    path.arcTo(box.left(), box.top(), turn, turn, 180.0, -90.0)
    path.arcTo(box.right() - turn, box.top(), turn, turn, 90.0, -90.0)
    path.lineTo(box.bottomRight())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawPath(path)
    if not it.text:
        return
    room = box.adjusted(0.8 * PX, 0, -0.6 * PX, 0)
    painter.setFont(themes.font(PX, bold=True))
    painter.setPen(QColor(paints.ink(theme, it.colour) if it.colour else theme.ink))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(room, int(flags), elided(it.text, PX, round(room.width())))


@lru_cache(maxsize=1024)
def elided(text: str, px: float, room: int) -> str:
    """A title in one line, as much of it as there is room for."""
    words = " ".join(text.split())
    metrics = QFontMetricsF(themes.font(px, bold=True))
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)


def grounds(painter: QPainter, theme: Theme, view: ViewModel, found: Sequence[Note]) -> None:
    """The pale grounds of frames: over wires and the patches of numbers, so that these are as
    pale, but not on notes."""
    painter.setPen(Qt.PenStyle.NoPen)
    for it in found:
        rect = view.note_rect(it.id)
        painter.setBrush(pale(theme, it.colour))
        path = QPainterPath()
        path.addRoundedRect(drawing.qrect(rect), RADIUS, RADIUS)
        for note in _notes_over(view, rect):
            cut = QPainterPath()
            cut.addRoundedRect(note, 8, 8)
            path = path.subtracted(cut)
        painter.drawPath(path)


def pale(theme: Theme, colour: str) -> QColor:
    if (found := paints.wash(theme, colour)) is not None:
        return found
    plain = QColor(theme.ink)
    plain.setAlphaF(PLAIN_FILL)
    return plain


def _notes_over(view: ViewModel, rect: Rect) -> Iterable[QRectF]:
    if len(view.notes) == len(view.titled):
        return
    for note in view.notes.values():
        here = view.note_rect(note.id)
        if not note.frame and hits.meet(here, rect):
            yield drawing.qrect(here)
