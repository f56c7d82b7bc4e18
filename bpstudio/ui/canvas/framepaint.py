"""How frames that stand on their own are drawn, for both back-ends; see titled.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from bpstudio.core.graph import Note
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import drawing, hits, paints
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.canvas.titled import reach, strip
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.fast import Pass
    from bpstudio.ui.canvas.viewmodel import ViewModel

RADIUS = 10.0
STRIP_FILL, PLAIN_FILL = 0.20, 0.035
"""How much ink lies on the paper: in the strip of a frame, and inside one without a colour."""


def frame(
    painter: QPainter,
    theme: Theme,
    it: Note,
    rect: Rect,
    hair: float,
    factor: float = 1.0,
    *,
    chosen: bool = False,
    hovered: bool = False,
) -> None:
    """The line of a frame and the strip with its title."""
    ink = QColor(paints.ink(theme, it.colour))
    box = drawing.qrect(rect)
    head = strip(rect, hair * factor)
    if head is not None:
        _title(painter, theme, it, head, hair * factor)
        # From afar the strip stands out of the top: the line goes round both.
        box.setTop(head[1])
    line = QColor(theme.selection) if chosen else ink
    width = 2.0 if chosen or hovered else 1.2
    painter.setPen(QPen(line, max(width, width * hair)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, RADIUS, RADIUS)


def _title(painter: QPainter, theme: Theme, it: Note, head: Rect, hair: float) -> None:
    ground = QColor(paints.ink(theme, it.colour))
    ground.setAlphaF(STRIP_FILL)
    box = drawing.qrect(head)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(box, RADIUS, RADIUS)
    path.addRect(box.adjusted(0, RADIUS, 0, 0))
    painter.drawPath(path.simplified())
    words = " ".join(it.text.split())
    if not words:
        return
    px = max(13.0, 12.0 * hair)
    font = themes.font(px, bold=True)
    room = box.adjusted(0.8 * px, 0, -0.6 * px, 0)
    shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(QColor(paints.ink(theme, it.colour) if it.colour else theme.ink))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(room, int(flags), shown)


def grounds(painter: QPainter, theme: Theme, view: ViewModel, found: Sequence[Note]) -> None:
    """The pale grounds of frames: over wires and the patches of numbers, so that these are as
    pale, but not on notes."""
    painter.setPen(Qt.PenStyle.NoPen)
    for it in found:
        rect = view.note_rect(it.id)
        painter.setBrush(_pale(theme, it.colour))
        path = QPainterPath()
        path.addRoundedRect(drawing.qrect(rect), RADIUS, RADIUS)
        for note in _notes_over(view, rect):
            cut = QPainterPath()
            cut.addRoundedRect(note, 8, 8)
            path = path.subtracted(cut)
        painter.drawPath(path)


def _pale(theme: Theme, colour: str) -> QColor:
    if (found := paints.wash(theme, colour)) is not None:
        return found
    plain = QColor(theme.ink)
    plain.setAlphaF(PLAIN_FILL)
    return plain


def _notes_over(view: ViewModel, rect: Rect) -> Iterable[QRectF]:
    for note in view.notes.values():
        if not note.frame and hits.meet(here := view.note_rect(note.id), rect):
            yield drawing.qrect(here)


# --- the screen --------------------------------------------------------------------------------


def seen(it: Pass) -> list[Note]:
    """The frames in view: they stand, whatever is lifted."""
    if it.lifting:
        return []
    view = it.view
    return [note for note in view.titled if hits.meet(reach(view.note_rect(note.id)), it.scene)]


def paint(it: Pass, found: Sequence[Note]) -> None:
    """Lines and titles, in scene units."""
    picked = it.ids("picked")
    for note in found:
        frame(
            it.painter,
            it.theme,
            note,
            it.view.note_rect(note.id),
            1.0 / it.scale,
            it.factor,
            chosen=note.id in it.view.chosen or note.id in picked,
            hovered=note.id == it.marks.hover,
        )
