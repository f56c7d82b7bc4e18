"""The drawing of routed wires: their ways as paths, and the dots that lead them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from bpstudio.ui.canvas import geometry, routes
from bpstudio.ui.canvas.geometry import Floats, Ints
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.fast import Pass
    from bpstudio.ui.canvas.viewmodel import ViewModel

RADIUS = 3.2
"""Of a dot that leads a wire, scene px; a little more where its wire is selected or pointed at."""


def path(pieces: Floats) -> QPainterPath:
    """The curves (k, 4, 2) of one wire as a path."""
    made = QPainterPath(QPointF(*pieces[0, 0].tolist()))
    for _, (x1, y1), (x2, y2), (x3, y3) in pieces.tolist():
        made.cubicTo(x1, y1, x2, y2, x3, y3)
    return made


def path_of(view: ViewModel, row: int) -> QPainterPath:
    """The way of a wire, scene px."""
    return path(routes.way(view, row))


def dot(painter: QPainter, theme: Theme, at: QPointF, awake: bool, factor: float = 1.0) -> None:
    """One dot on its wire."""
    radius = RADIUS * factor * (1.5 if awake else 1.0)
    painter.setPen(QPen(QColor(theme.accent if awake else theme.line), 1.2 * factor))
    painter.setBrush(QColor(theme.card if awake else theme.line))
    painter.drawEllipse(at, radius, radius)


def dots(it: Pass) -> None:
    """The dots of the wires in view, on the screen."""
    led = it.view.routes
    if led is None or not len(led.dots):
        return
    at = it.wires[led.dot_count[it.wires] > 0]
    if not len(at):
        return
    owner = np.repeat(at, led.dot_count[at])
    hover = it.view.wire_row.get(it.marks.hover, -1)
    awake = it.view.wire_selected[owner] | (owner == hover)
    place = it.to_device(led.dots_now()[geometry.ranges(led.dot_first, at)])
    looks = np.array([_sprite(it, False), _sprite(it, True)])
    it.sheet.stamp(it.painter, looks[awake.astype(np.intp)], place[:, 0], place[:, 1])


def _sprite(it: Pass, awake: bool) -> int:
    scale = max(it.k, 0.5 * it.dpr) * min(it.factor, 1.5)
    half = int(np.ceil((RADIUS * 1.5 + 2) * scale)) + 0.5

    def paint(painter: QPainter) -> None:
        painter.scale(scale, scale)
        dot(painter, it.theme, QPointF(half / scale, half / scale), awake)

    return it.sheet.number(("bend", awake), 2 * half, 2 * half, (half - 0.5, half - 0.5), paint)


def page_dots(painter: QPainter, theme: Theme, view: ViewModel, at: Ints) -> None:
    """The dots of these wires, on a page."""
    if view.routes is None:
        return
    for row in at.tolist():
        for x, y in view.routes.dots_of(row).tolist():
            dot(painter, theme, QPointF(x, y), False, min(view.factor, 1.5))
