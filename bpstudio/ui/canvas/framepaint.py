"""How frames that stand on their own are drawn, for both back-ends; see titled.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from bpstudio.core.graph import Note
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import drawing, hits, paints
from bpstudio.ui.canvas.geometry import EVERYWHERE, Rect, grown
from bpstudio.ui.canvas.titled import outline, strip
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
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
    state: int = 0,
    scene: Rect = EVERYWHERE,
) -> None:
    """The line of a frame and the strip with its title, as far as they are in the scene's part;
    `state` as a body's (drawing.py)."""
    head = strip(rect, hair * factor)
    if head is not None:
        if hits.meet(head, scene):
            _title(painter, theme, it, head, hair * factor)
        # From afar the strip stands out of the top: the line goes round both.
        rect = rect[0], head[1], rect[2], rect[3]
    chosen = state & drawing.SELECTED
    line = QColor(theme.selection if chosen else paints.ink(theme, it.colour))
    width = 2.0 if state else 1.2
    painter.setPen(QPen(line, max(width, width * hair)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if _has_corner(rect, scene):
        painter.drawRoundedRect(drawing.qrect(rect), RADIUS, RADIUS)
        return
    # In the middle of a large one there is a straight piece of line, if any.
    left, top, right, bottom = grown(scene, 8.0)
    for y in (rect[1], rect[3]):
        if top <= y <= bottom:
            painter.drawLine(QPointF(max(left, rect[0]), y), QPointF(min(right, rect[2]), y))
    for x in (rect[0], rect[2]):
        if left <= x <= right:
            painter.drawLine(QPointF(x, max(top, rect[1])), QPointF(x, min(bottom, rect[3])))


def _title(painter: QPainter, theme: Theme, it: Note, head: Rect, hair: float) -> None:
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
    px = max(13.0, 12.0 * hair)
    room = box.adjusted(0.8 * px, 0, -0.6 * px, 0)
    painter.setFont(themes.font(px, bold=True))
    painter.setPen(QColor(paints.ink(theme, it.colour) if it.colour else theme.ink))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(room, int(flags), elided(it.text, px, round(room.width())))


@lru_cache(maxsize=1024)
def elided(text: str, px: float, room: int) -> str:
    """A title in one line, as much of it as there is room for."""
    words = " ".join(text.split())
    metrics = QFontMetricsF(themes.font(px, bold=True))
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)


def grounds(
    painter: QPainter,
    theme: Theme,
    view: ViewModel,
    found: Sequence[Note],
    hair: float,
    scene: Rect = EVERYWHERE,
) -> None:
    """The pale grounds of frames: over wires and the patches of numbers, so that these are as
    pale, but not on notes."""
    painter.setPen(Qt.PenStyle.NoPen)
    for it in found:
        rect = view.note_rect(it.id)
        rect = outline(rect, hair)
        if not hits.meet(rect, scene):
            continue
        notes = list(_notes_over(view, rect, scene))
        if not notes and not _has_corner(rect, scene):
            part = drawing.qrect(rect) & drawing.qrect(grown(scene, 4.0))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.fillRect(part, pale(theme, it.colour))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            continue
        painter.setBrush(pale(theme, it.colour))
        path = QPainterPath()
        path.addRoundedRect(drawing.qrect(rect), RADIUS, RADIUS)
        for note in notes:
            cut = QPainterPath()
            cut.addRoundedRect(note, 8, 8)
            path = path.subtracted(cut)
        painter.drawPath(path)


def _has_corner(rect: Rect, scene: Rect) -> bool:
    """Whether a rounded corner of a rectangle can be seen in a part of the scene."""
    left, top, right, bottom = grown(scene, 2 * RADIUS)
    return any(left <= x <= right for x in (rect[0], rect[2])) and any(
        top <= y <= bottom for y in (rect[1], rect[3])
    )


def pale(theme: Theme, colour: str) -> QColor:
    if (found := paints.wash(theme, colour)) is not None:
        return found
    plain = QColor(theme.ink)
    plain.setAlphaF(PLAIN_FILL)
    return plain


def _notes_over(view: ViewModel, rect: Rect, scene: Rect) -> Iterable[QRectF]:
    if len(view.notes) == len(view.titled):
        return
    for note in view.notes.values():
        here = view.note_rect(note.id)
        if not note.frame and hits.meet(here, rect) and hits.meet(here, scene):
            yield drawing.qrect(here)
