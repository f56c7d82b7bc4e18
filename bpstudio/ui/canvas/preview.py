"""What is drawn above the graph while a gesture runs: it touches nothing until it is released.

Scene pixels; whatever must keep its size on the screen is divided by the scale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from bpstudio.core import shape
from bpstudio.core.graph import Node
from bpstudio.core.guides import Line
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import bends, drawing, geometry, rows
from bpstudio.ui.canvas.marks import NO_MARKS, Marks
from bpstudio.ui.canvas.symbols import general_face
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.tools.events import Overlay
    from bpstudio.ui.canvas.viewmodel import ViewModel

_WIDEST = 340.0
"""Width at which a sentence at the pointer breaks into lines, screen px."""


def paint_preview(
    painter: QPainter,
    theme: Theme,
    view: ViewModel,
    overlay: Overlay | None,
    marks: Marks,
    scale: float,
    factor: float = 1.0,
) -> None:
    """Draw a gesture's overlay and the widget's marks."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    hair = 1.0 / scale
    if marks != NO_MARKS:
        _focus(painter, theme, view, marks, hair)
    if overlay is not None:
        _gesture(painter, theme, view, overlay, hair, factor)
    if marks.refusal or marks.tooltip:
        ink = theme.grad if marks.refusal else theme.ink
        bubble(painter, theme, marks.refusal or marks.tooltip, marks.at, ink, hair, factor)


def _gesture(
    painter: QPainter, theme: Theme, view: ViewModel, it: Overlay, hair: float, factor: float
) -> None:
    if it.splice in view.wire_row:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(drawing.wire_pen(theme.accent, max(3.2 * factor, 2 * hair)))
        painter.drawPath(bends.path_of(view, view.wire_row[it.splice]))
    if it.rubber is not None:
        _rubber(painter, theme, it, hair, factor)
    if it.aim is not None and it.aim[0] in view.row:
        node, port = it.aim
        place = view.input(node, port) if port else view.output(node)
        drawing.port(painter, theme, drawing.AIM, QPointF(*place), factor)
    if it.ghost is not None:
        _ghost(painter, theme, view, *it.ghost)
    _moving(painter, theme, it, hair)
    _knife(painter, theme, view, it, hair, factor)
    if it.band is not None:
        fill = theme.color("tint")
        fill.setAlphaF(0.35)
        painter.setPen(QPen(theme.color("accent"), hair))
        painter.setBrush(fill)
        painter.drawRect(drawing.qrect(it.band))
    if it.sentence:
        ink = theme.grad if it.refused else theme.ink
        bubble(painter, theme, it.sentence, it.at, ink, hair, factor)


def _moving(painter: QPainter, theme: Theme, it: Overlay, hair: float) -> None:
    """Guides, the copies to be, and the group that would take what moves in."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if it.into is not None:
        painter.setPen(QPen(theme.color("accent"), 2.5 * hair))
        painter.drawRoundedRect(drawing.qrect(it.into), 14, 14)
    if it.copies:
        pen = QPen(theme.color("accent"), 1.5 * hair)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        for rect in it.copies:
            painter.drawRoundedRect(drawing.qrect(rect), drawing.RADIUS, drawing.RADIUS)
    painter.setPen(QPen(theme.color("accent"), hair))
    for line in it.lines:
        if line.gap:
            _measure(painter, line, hair)
            continue
        start, end = line.start - 12 * min(hair, 1.0), line.end + 12 * min(hair, 1.0)
        if line.upright:
            painter.drawLine(QPointF(line.at, start), QPointF(line.at, end))
        else:
            painter.drawLine(QPointF(start, line.at), QPointF(end, line.at))


def _measure(painter: QPainter, line: Line, hair: float) -> None:
    """One of several equal gaps: a line from body to body with a stop at either end."""
    # Never further than what is repainted for a guide (regions.GUIDE_ROOM), from however far away.
    near = min(hair, 1.0)
    stop, at = 5.0 * near, line.at + 12.0 * near
    ends = [(line.start, at), (line.end, at)]
    pen = painter.pen()
    painter.setPen(QPen(pen.color(), 2.0 * hair))
    if line.upright:
        ends = [(y, x) for x, y in ends]
    painter.drawLine(QPointF(*ends[0]), QPointF(*ends[1]))
    dx, dy = (stop, 0.0) if line.upright else (0.0, stop)
    for x, y in ends:
        painter.drawLine(QPointF(x - dx, y - dy), QPointF(x + dx, y + dy))
    painter.setPen(pen)


def _knife(
    painter: QPainter, theme: Theme, view: ViewModel, it: Overlay, hair: float, factor: float
) -> None:
    """A stroke, and the wires that it would cut dashed red over paper."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = max(drawing.ACTIVE_WIDTH * factor, 2 * hair)
    for key in it.doomed & view.wire_row.keys():
        path = bends.path_of(view, view.wire_row[key])
        painter.setPen(drawing.wire_pen(theme.paper, width))
        painter.drawPath(path)
        pen = QPen(theme.color("grad"), width)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawPath(path)
    if len(it.stroke) > 1:
        painter.setPen(QPen(theme.color("grad"), 1.5 * hair))
        painter.drawPolyline([QPointF(*point) for point in it.stroke])


def _rubber(painter: QPainter, theme: Theme, it: Overlay, hair: float, factor: float) -> None:
    """The wire in the making: accent where it would connect, dashed red where it is refused."""
    assert it.rubber is not None
    start, end = (np.array([point], dtype=float) for point in it.rubber)
    color = theme.grad if it.refused else theme.accent if it.allowed else theme.line
    pen = drawing.wire_pen(color, max(2.4 * factor, 1.5 * hair))
    if it.refused:
        pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(drawing.bezier(geometry.curves(start, end)[0]))


def _ghost(
    painter: QPainter, theme: Theme, view: ViewModel, key: str, at: tuple[float, float]
) -> None:
    """A gate where it would be placed."""
    gate = view.gates.get(key)
    if gate is None:
        return
    width, height = shape.node_size(Node("", key, params=dict(gate.params)), view.gates)
    kind = rows.PILL if gate.is_source else rows.CARD
    style = rows.Style(kind, general_face(gate), gate.family, width, height)
    box = QRectF(at[0] - width / 2, at[1] - height / 2, width, height)
    drawing.body(painter, theme, style, box, drawing.ACTIVE)
    painter.setOpacity(0.75)
    drawing.face(painter, theme, style, box)
    painter.setOpacity(1.0)


def _focus(painter: QPainter, theme: Theme, view: ViewModel, marks: Marks, hair: float) -> None:
    """A dashed ring around what the keyboard is at."""
    pen = QPen(QColor(theme.accent), max(2 * hair, 1.5))
    pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if (body := view.body_of(marks.focus)) is not None:
        if marks.port is not None:
            at = view.input(marks.focus, marks.port) if marks.port else view.output(marks.focus)
            painter.drawEllipse(QPointF(*at), 10, 10)
            return
        box = drawing.qrect(body)
        painter.drawRoundedRect(box.adjusted(-6, -6, 6, 6), 15, 15)
    elif marks.focus in view.wire_row:
        pen.setWidthF(max(3.5, 3 * hair))
        painter.setPen(pen)
        painter.drawPath(bends.path_of(view, view.wire_row[marks.focus]))
    elif marks.focus in view.notes:
        painter.drawRect(drawing.qrect(view.note_rect(marks.focus)).adjusted(-4, -4, 4, 4))


def bubble(
    painter: QPainter,
    theme: Theme,
    text: str,
    at: tuple[float, float],
    ink: str,
    hair: float,
    factor: float = 1.0,
) -> None:
    """Words beside the pointer, the same size at every zoom."""
    painter.save()
    painter.translate(*at)
    painter.scale(hair, hair)
    box = bubble_box(text, factor)
    painter.setPen(QPen(QColor(theme.edge), 1))
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(themes.font(13 * factor))
    painter.setPen(QColor(ink))
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box.adjusted(10, 6, -10, -6), int(flags), text)
    painter.restore()


def bubble_box(text: str, factor: float = 1.0) -> QRectF:
    """The bubble around a sentence, screen px from the pointer: right of and below it."""
    metrics = QFontMetricsF(themes.font(13 * factor))
    room = QRectF(0, 0, _WIDEST * factor, 1000)
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    used = metrics.boundingRect(room, int(flags), text)
    return QRectF(16.5, 18.5, np.ceil(used.width()) + 21, np.ceil(used.height()) + 13)
