"""The fast back-end's last stages: numbers, names, badges and the travelling dots.

As everything in fast.py, in device pixels, at whole ones where it is stamped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bpstudio.ui.canvas import atlas, drawing, geometry, labels, routes
from bpstudio.ui.canvas.fast import Pass
from bpstudio.ui.canvas.geometry import Floats, whole
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel


def patches(it: Pass) -> None:
    """Paper behind every number; the numbers' sprites and places are kept for `texts`.

    Painted before the gates, so that a wide number's patch never eats a ring.
    """
    larger, inside = it.view.larger, labels.inside(it.view)
    found = labels.of(it.view, it.wires, it.tails_in(labels.around(it.view, it.scene)))
    place = it.to_device(found.point)
    for number in geometry.kinds(found.role)[0].tolist():
        role = labels.ROLES[number]
        at = np.flatnonzero(found.role == number)
        px = max(1, round(role.px * it.k * (inside if role.fixed else larger)))
        setting = it.sheet.set_texts(number, role, px, [found.text[i] for i in at.tolist()])
        left = whole(place[at, 0] - setting.width * (role.align + 1) / 2)
        y = whole(place[at, 1])
        if role.patch:
            _patches(it, role, left, y, setting.width, larger)
        it.stamps.append((setting.sprites, left[setting.owner] + setting.place, y[setting.owner]))


def texts(it: Pass) -> None:
    """Every number and name whose patch was painted, in one go."""
    if it.stamps:
        sprites, x, y = (np.concatenate(column) for column in zip(*it.stamps, strict=True))
        it.sheet.stamp(it.painter, sprites, x, y)


def _patches(
    it: Pass, role: labels.Role, left: Floats, y: Floats, width: Floats, larger: float
) -> None:
    """What keeps lines away from digits: paper, or a pale ground under an active number."""
    pad, height = np.ceil(3 * it.k), np.ceil(15 * it.k * larger)
    top = whole(y - height / 2)
    it.painter.setPen(Qt.PenStyle.NoPen)
    it.painter.setBrush(it.theme.color(role.patch))
    if role.patch == "paper":
        it.smooth(False)
        atlas.draw_rects(it.painter, left - pad, top, width + 2 * pad, height)
        return
    it.smooth(True)
    for i in range(len(left)):
        box = QRectF(left[i] - pad - it.k, top[i], width[i] + 2 * (pad + it.k), height)
        it.painter.drawRoundedRect(box, 4 * it.k, 4 * it.k)


def badges(it: Pass) -> None:
    """Ties, kinks, infinities and NaN at the top right corner of their gate."""
    view = it.view
    if not view.numbers.badges:
        return
    letters = [view.numbers.badges.get(view.nodes.ids[row]) for row in it.nodes.tolist()]
    marked = np.array([letter is not None for letter in letters], dtype=bool)
    marked &= view.numbers.value_on[it.nodes]
    if marked.any():
        place = it.to_device(view.badge_at(it.nodes[marked]))
        shown = [
            letter for letter, on in zip(letters, marked.tolist(), strict=True) if on and letter
        ]
        sprites = np.array([_badge_sprite(it, letter) for letter in shown], dtype=np.intp)
        it.sheet.stamp(it.painter, sprites, place[:, 0], place[:, 1])


def _badge_sprite(it: Pass, letter: str) -> int:
    scale = it.k * it.factor
    half = int(np.ceil(10 * scale))

    def paint(painter: QPainter) -> None:
        painter.scale(scale, scale)
        drawing.badge(painter, it.theme, letter, QPointF(half / scale, half / scale))

    return it.sheet.number(("badge", letter), 2 * half, 2 * half, (half, half), paint)


def dots(it: Pass) -> None:
    """The dot that travels along each active wire."""
    if it.marks.phase is None:
        return
    it.scene_units()
    draw_dots(it.painter, it.view, it.theme, it.marks.phase, it.factor)
    it.device_units()


def draw_dots(
    painter: QPainter, view: ViewModel, theme: Theme, phase: float, factor: float
) -> None:
    """Dots at `phase` on their way: with the value forwards, against the wire backwards."""
    back = view.numbers.phase == "backward"
    at = np.flatnonzero(view.numbers.wire_active)
    painter.setPen(QPen(theme.color("paper"), 1.5))
    painter.setBrush(QColor(theme.phase(view.numbers.phase)))
    place = routes.along(view, at, 1 - phase if back else phase)
    radius = drawing.DOT_RADIUS * factor
    # A wire within a collapsed group is nowhere.
    for x, y in place[np.isfinite(place).all(axis=1)].tolist():
        painter.drawEllipse(QPointF(x, y), radius, radius)
