"""How collapsed groups look: their boxes with title, ports and badge, in both back-ends.

A box is a card with another one peeping out behind it, its title and how many gates it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from bpstudio.core.shape import BOX_TITLE
from bpstudio.language import trn
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import atlas, drawing, fast, hits
from bpstudio.ui.canvas.cover import Box
from bpstudio.ui.canvas.drawing import ACTIVE, HOVERED, SELECTED
from bpstudio.ui.canvas.paints import ink, wash
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.fast import Pass
    from bpstudio.ui.canvas.viewmodel import ViewModel

_PAD = 10
_BEHIND = 4.0
"""How far the second card peeps out, scene px."""


def body(painter: QPainter, theme: Theme, box: Box, state: int, *, words: bool = True) -> None:
    """A collapsed group with its top left corner at the painter's origin."""
    wide, tall = box.found.size
    rect = QRectF(0, 0, wide, tall)
    lit = state & (SELECTED | ACTIVE)
    edge = theme.accent if lit else theme.line if state & HOVERED else theme.edge
    if not lit and box.colour:
        edge = ink(theme, box.colour)
    if state & SELECTED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.halo)
        painter.drawRoundedRect(rect.adjusted(-5, -5, 5 + _BEHIND, 5 + _BEHIND), 15, 15)
    painter.setPen(QPen(QColor(edge), 1.0))
    painter.setBrush(theme.color("card"))
    painter.drawRoundedRect(rect.translated(_BEHIND, _BEHIND).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
    width = 2.0 if lit else 1.0
    painter.setPen(QPen(QColor(edge), width))
    painter.setBrush(theme.color("tint" if state & ACTIVE else "card"))
    inner = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRoundedRect(inner, 9, 9)
    if (pale := wash(theme, box.colour)) is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pale)
        painter.drawRoundedRect(inner, 9, 9)
    if words:
        _words(painter, theme, box, rect)


def _words(painter: QPainter, theme: Theme, box: Box, rect: QRectF) -> None:
    font = themes.font(13, bold=True)
    room = rect.adjusted(10, 0, -10, 0)
    title = box.title if len(box.title) <= BOX_TITLE else box.title[: BOX_TITLE - 1] + "…"
    title = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(QColor(ink(theme, box.colour) if box.colour else theme.ink))
    centre = Qt.AlignmentFlag.AlignCenter
    painter.drawText(room.translated(0, -8), centre, title)
    painter.setFont(themes.font(11))
    painter.setPen(QColor(theme.faint))
    painter.drawText(room.translated(0, 9), centre, trn("{n} gate", "{n} gates", box.gates))


def active_box(view: ViewModel) -> str:
    """The group whose box the step is inside of, "" for none."""
    face = view.face_of(view.numbers.active)
    return face if face != view.numbers.active else ""


def badge_of(view: ViewModel, box: Box) -> str:
    """The letter of the first warning inside a box."""
    if view.cover is None or not view.numbers.badges:
        return ""
    for key, letter in view.numbers.badges.items():
        if view.cover.hidden.get(key) == box.id and view.numbers.value_on[view.row[key]]:
            return letter
    return ""


# --- the screen --------------------------------------------------------------------------------


def far(it: Pass) -> None:
    """Boxes as rectangles."""
    for box in _in_view(it):
        left, top, right, bottom = box.rect
        at = it.to_device(np.array([[left, top], [right, bottom]]))
        chosen = box.id in it.view.chosen
        it.painter.setPen(Qt.PenStyle.NoPen)
        it.painter.setBrush(QColor(it.theme.selection if chosen else ink(it.theme, box.colour)))
        atlas.draw_rects(it.painter, *at[:1].T, *(at[1:] - at[:1]).T)


def boxes(it: Pass, *, words: bool) -> None:
    """The boxes in view, then their ports and badges."""
    seen = _in_view(it)
    if not seen:
        return
    view = it.view
    chosen = {view.face_of(key) for key in (*view.chosen, *it.ids("picked"))}
    active, forbidden = active_box(view), it.ids("forbidden")
    numbers, opacity = [], []
    for box in seen:
        state = SELECTED * (box.id in chosen) + ACTIVE * (box.id == active)
        state += HOVERED * (box.id == it.marks.hover)
        ports = (*box.found.ports.inputs, *box.found.ports.outputs) if forbidden else ()
        faint = bool(ports) and all(port.node in forbidden for port in ports)
        numbers.append(_sprite(it, box, state, words))
        opacity.append(0.35 if faint else 1.0)
    place = it.to_device(np.array([box.rect[:2] for box in seen]))
    it.sheet.stamp(it.painter, np.array(numbers), place[:, 0], place[:, 1], np.array(opacity))
    if words:
        _ports(it, seen, forbidden)
    for box in seen:
        if letter := badge_of(view, box):
            it.scene_units()
            at = QPointF(box.rect[2] - 6, box.rect[1] - 2)
            drawing.badge(it.painter, it.theme, letter, at, it.factor)
            it.device_units()


def _in_view(it: Pass) -> list[Box]:
    left, top, right, bottom = it.scene
    near = left - 24, top - 24, right + 24, bottom + 24
    return [box for box in it.view.boxes if hits.meet(box.rect, near)]


def _sprite(it: Pass, box: Box, state: int, words: bool) -> int:
    wide, tall = box.found.size
    width, height, pad = round(wide * it.k), round(tall * it.k), round(_PAD * it.k)

    def paint(painter: QPainter) -> None:
        painter.translate(pad, pad)
        painter.scale(width / wide, height / tall)
        body(painter, it.theme, box, state, words=words)

    key = ("box", box.title, box.colour, box.gates, box.found.size, state, words)
    return it.sheet.number(key, width + 2 * pad, height + 2 * pad, (pad, pad), paint)


def _ports(it: Pass, seen: list[Box], forbidden: frozenset[str]) -> None:
    """The rings of all ports in one go; lit ones while a wire is in the making."""
    lit = it.overlay.lit if it.overlay is not None else ""
    looks = []
    for box in seen:
        look = np.where(box.bare, drawing.OPEN, drawing.RING)
        if lit:
            inputs, outputs = box.found.ports.inputs, box.found.ports.outputs
            ends = [(port, "inputs") for port in inputs] + [(port, "outputs") for port in outputs]
            allowed = [side == lit and port.node not in forbidden for port, side in ends]
            look[np.array(allowed, dtype=bool)] = drawing.LIT
        looks.append(look)
    sprites = np.array([fast.port_sprite(it, n) for n in range(len(drawing.PORT_RADII))])
    device = it.to_device(np.concatenate([box.homes + box.step for box in seen]))
    it.sheet.stamp(it.painter, sprites[np.concatenate(looks)], device[:, 0], device[:, 1])


# --- pages ---------------------------------------------------------------------------------------


def page_boxes(painter: QPainter, theme: Theme, view: ViewModel) -> None:
    """All boxes with real text and lines."""
    active = active_box(view)
    ring = min(view.factor, drawing.LARGEST_PORT)
    for box in view.boxes:
        painter.save()
        painter.translate(box.rect[0], box.rect[1])
        body(painter, theme, box, ACTIVE if box.id == active else 0)
        painter.restore()
        for port, at in (*box.inputs, *box.outputs):
            look = drawing.OPEN if port.port and not port.wires else drawing.RING
            drawing.port(painter, theme, look, QPointF(*at), ring)
        if letter := badge_of(view, box):
            corner = QPointF(box.rect[2] - 6, box.rect[1] - 2)
            drawing.badge(painter, theme, letter, corner, view.factor)
