"""Paints a ViewModel with real text and real curves: the back-end for SVG, PDF and print.

It draws the same things at the same places as the fast back-end (a test compares the two), in scene
pixels: the caller scales the painter. Nothing is left out at a distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import (
    bends,
    drawing,
    framepaint,
    geometry,
    grouping,
    labels,
    portnames,
    weights,
)
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

EVERYTHING: Rect = (-1e12, -1e12, 1e12, 1e12)


@dataclass(frozen=True, slots=True)
class Vector:
    """Paints views in one theme.

    `ground` "paper" fills it with the theme's paper, "" leaves it transparent; then labels cut
    their patch out of the wires where the paint device can do that (`cuts`), else go without.
    """

    theme: Theme
    ground: str = "paper"
    cuts: bool = False

    def paint(self, painter: QPainter, view: ViewModel, rect: Rect = EVERYTHING) -> None:
        """Paint all that is in a rectangle, in scene pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.ground and rect != EVERYTHING:
            painter.fillRect(drawing.qrect(rect), self.theme.color(self.ground))
        for note in view.titled:
            state = drawing.SELECTED if note.id in view.chosen else 0
            place = view.note_rect(note.id)
            framepaint.frame(painter, self.theme, note, place, state=state)
        for frame in view.frames:
            drawing.frame(painter, self.theme, frame, frame.id in view.chosen)
        for key, note in view.notes.items():
            if not note.frame:
                drawing.note(painter, self.theme, note, view.note_rect(key), key in view.chosen)
        self._wires(painter, view, rect)
        self._labels(painter, view, rect, patches=True)
        framepaint.grounds(painter, self.theme, view, view.titled)
        drawing.washes(painter, self.theme, view.frames)
        nodes = view.nodes_in(rect, 24.0).tolist()
        for row in nodes:
            self._body(painter, view, row)
        for row in nodes:
            self._ports(painter, view, row)
        grouping.page_boxes(painter, self.theme, view)
        portnames.page(painter, self.theme, view, np.array(nodes, dtype=np.intp))
        self._labels(painter, view, rect, patches=False)
        for row in nodes:
            letter = view.numbers.badges.get(view.nodes.ids[row])
            if letter and view.numbers.value_on[row]:
                at = QPointF(*view.badge_at(row))
                drawing.badge(painter, self.theme, letter, at, view.factor)

    def _wires(self, painter: QPainter, view: ViewModel, rect: Rect) -> None:
        at = view.wires_in(rect)
        active = view.numbers.wire_active
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, top, right, bottom = rect
        long, wide = view.tail, drawing.WIRE_WIDTH * view.factor
        stubs = view.tails_in((left - long, top, right, bottom), 24.0)
        stubs = stubs[view.stub[stubs]]
        for row, times in zip(stubs.tolist(), weights.of_nodes(view, stubs).tolist(), strict=True):
            x, y = view.output(view.nodes.ids[row])
            painter.setPen(drawing.wire_pen(self.theme.line, wide * times))
            painter.drawLine(QLineF(x, y, x + long, y))
        quiet, lit = at[~active[at]], at[active[at]]
        for row, times in zip(quiet.tolist(), weights.of_wires(view, quiet).tolist(), strict=True):
            painter.setPen(drawing.wire_pen(self.theme.line, wide * times))
            painter.drawPath(bends.path_of(view, row))
        color = self.theme.phase(view.numbers.phase)
        for row, times in zip(lit.tolist(), weights.of_wires(view, lit).tolist(), strict=True):
            width = max(drawing.ACTIVE_WIDTH * view.factor, wide * times)
            painter.setPen(drawing.wire_pen(color, width))
            painter.drawPath(bends.path_of(view, row))
        bends.page_dots(painter, self.theme, view, at)

    def _body(self, painter: QPainter, view: ViewModel, row: int) -> None:
        style = view.styles[view.nodes.style[row]]
        x, y = view.box[row, :2]
        box = QRectF(x, y, style.width, style.height)
        state = drawing.ACTIVE if view.nodes.ids[row] == view.numbers.active else 0
        drawing.body(painter, self.theme, style, box, state)
        drawing.face(painter, self.theme, style, box, view.factor)

    def _ports(self, painter: QPainter, view: ViewModel, row: int) -> None:
        count = int(view.nodes.count[row])
        ring = min(view.factor, drawing.LARGEST_PORT)
        index = np.arange(count)
        for i, (x, y) in enumerate(view.inputs_at(np.full(count, row), index).tolist()):
            wired = int(view.wired[row]) >> i & 1
            look = drawing.RING if wired else drawing.OPEN
            drawing.port(painter, self.theme, look, QPointF(x, y), ring)
        place = QPointF(view.box[row, 2], view.at[row, 1])
        drawing.port(painter, self.theme, drawing.RING, place, ring)

    def _labels(self, painter: QPainter, view: ViewModel, rect: Rect, *, patches: bool) -> None:
        found, inside = labels.collect(view, rect), labels.inside(view)
        for text, (x, y), number in zip(
            found.text, found.point.tolist(), found.role.tolist(), strict=True
        ):
            role = labels.ROLES[number]
            larger = inside if role.fixed else view.larger
            font = themes.font(role.px * larger, bold=role.bold, italic=role.italic)
            metrics = QFontMetricsF(font)
            width = metrics.horizontalAdvance(text)
            left = x - width * (role.align + 1) / 2
            if patches:
                if role.patch:
                    tall = 15.0 * larger
                    box = QRectF(left - 3, y - tall / 2, width + 6, tall)
                    self._patch(painter, role.patch, box)
                continue
            middle = -metrics.tightBoundingRect("0").top() / 2
            painter.setFont(font)
            painter.setPen(self.theme.color(role.ink))
            painter.drawText(QPointF(left, y + middle), text)

    def _patch(self, painter: QPainter, role: str, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if role != "paper":
            painter.setBrush(self.theme.color(role))
            painter.drawRoundedRect(box.adjusted(-1, 0, 1, 0), 4, 4)
        elif self.ground:
            painter.setBrush(self.theme.color(self.ground))
            painter.drawRect(box)
        elif self.cuts:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            painter.fillRect(box, Qt.GlobalColor.black)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def page(view: ViewModel, margin: float) -> Rect:
    """The rectangle of everything drawn, with a margin: the page of a picture."""
    found = view.bounds()
    return geometry.grown(found or (0.0, 0.0, 240.0, 120.0), margin)
