"""Paints a ViewModel: the fast back-end for the screen.

    renderer = Renderer(theme, dpr=window.devicePixelRatio(), factor=1.0)
    renderer.paint(painter, view, scale, offset, rect, overlay, marks)

A scene point p is seen at p * scale + offset, in the widget's logical pixels; `rect` is what has to
be painted, in the same pixels. Nothing outside it is touched, and every part painted alone equals
the same part of a whole repaint, as long as offset * dpr are whole numbers. How much is drawn
follows from the scale (see the constants). `Vector` (vector.py) paints the same view with real
text and curves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from bpstudio.ui.canvas import bends, drawing, fast, grouping, hits, portnames, writing
from bpstudio.ui.canvas.atlas import Sheet
from bpstudio.ui.canvas.fast import Pass
from bpstudio.ui.canvas.marks import NO_MARKS, Marks
from bpstudio.ui.canvas.preview import paint_preview
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.tools.events import Overlay
    from bpstudio.ui.canvas.viewmodel import ViewModel

FAR = 0.12
"""Below this scale gates are rectangles and wires straight lines."""
BODIES = 0.35
"""Below this scale wires are straight, gates have neither symbol nor ports."""
LABELS = 0.45
"""From this scale on numbers and names are written."""
FEW = 300
"""A view with no more gates keeps symbols and curves down to FAR: a small graph seen whole on a
small screen, and the pictures of the start page."""
THICK = 0.75
"""From this scale on wires have their real width; below it one pixel."""

_KEPT = 4
"""How many zoom levels keep their sprites."""


def is_written(view: ViewModel, scale: float) -> bool:
    """Whether numbers and names are written at a scale."""
    return scale * view.larger >= LABELS


class Renderer:
    """Paints views in one theme at one device pixel ratio.

    `factor` enlarges lines, ports, symbols and numbers (sizing.py) and may change at any time. Make
    a new one when theme or ratio change: sprites are kept per zoom level.
    """

    def __init__(self, theme: Theme, dpr: float = 1.0, factor: float = 1.0) -> None:
        self.theme, self.dpr, self.factor = theme, dpr, factor
        self._sheets: dict[tuple[float, float], Sheet] = {}

    def paint(
        self,
        painter: QPainter,
        view: ViewModel,
        scale: float,
        offset: tuple[float, float],
        rect: QRectF,
        overlay: Overlay | None = None,
        marks: Marks = NO_MARKS,
        *,
        grid: bool = True,
    ) -> None:
        """Paint the view inside `rect`, its ground first, a gesture's overlay and marks last."""
        self.paint_graph(painter, view, scale, offset, rect, overlay, marks, grid=grid)
        self.paint_over(painter, view, scale, offset, rect, overlay, marks)

    def paint_graph(
        self,
        painter: QPainter,
        view: ViewModel,
        scale: float,
        offset: tuple[float, float],
        rect: QRectF,
        overlay: Overlay | None = None,
        marks: Marks = NO_MARKS,
        *,
        grid: bool = True,
    ) -> None:
        """Paint the view alone: of the overlay only what it does to gates, ports and wires."""
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        it = Pass(self, painter, view, scale, offset, rect, overlay, marks)
        it.device_units()
        fast.ground(it, grid=grid)
        if scale < FAR:
            fast.far(it)
            grouping.far(it)
        else:
            self._near(it, scale)
        painter.restore()

    def paint_over(
        self,
        painter: QPainter,
        view: ViewModel,
        scale: float,
        offset: tuple[float, float],
        rect: QRectF,
        overlay: Overlay | None,
        marks: Marks,
    ) -> None:
        """Paint what a gesture draws above the view, and the marks."""
        if overlay is None and marks == NO_MARKS:
            return
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.translate(*offset)
        painter.scale(scale, scale)
        paint_preview(painter, self.theme, view, overlay, marks, scale, self.factor)
        painter.restore()

    def _near(self, it: Pass, scale: float) -> None:
        it.scene_units()
        frames = [f for f in it.view.frames if hits.meet(hits.frame_rect(f), it.scene)]
        for frame in frames:
            drawing.frame(it.painter, self.theme, frame, frame.id in it.view.chosen)
        for key, note in it.view.notes.items():
            rect = it.view.note_rect(key)
            if hits.meet(rect, it.scene):
                drawing.note(it.painter, self.theme, note, rect, key in it.view.chosen)
        it.device_units()
        detailed = scale >= BODIES or len(it.view.row) <= FEW
        fast.wires(it, straight=not detailed, thick=scale * self.factor >= THICK)
        if detailed:
            bends.dots(it)
        written = is_written(it.view, scale)
        stamps = writing.patches(it) if written else []
        if any(frame.colour for frame in frames):
            it.scene_units()
            drawing.washes(it.painter, self.theme, frames)
            it.device_units()
        fast.bodies(it, faces=detailed)
        if scale >= BODIES:
            fast.ports(it)
        grouping.boxes(it, words=detailed)
        if written:
            writing.texts(it, stamps)
            portnames.stamp(it)
            writing.badges(it)
        writing.dots(it)

    def sheet(self, k: float) -> Sheet:
        """The sprites for a zoom level, in device pixels per scene pixel."""
        key = round(k, 4), self.factor
        sheet = self._sheets.pop(key, None)
        if sheet is None:
            sheet = Sheet(self.theme)
            while len(self._sheets) >= _KEPT:
                del self._sheets[next(iter(self._sheets))]
        elif sheet.full:
            sheet.forget()
        self._sheets[key] = sheet
        return sheet
