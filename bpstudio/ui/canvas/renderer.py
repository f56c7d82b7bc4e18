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

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from bpstudio.ui.canvas import bends, drawing, fast, framefast, grouping, hits, portnames, writing
from bpstudio.ui.canvas.atlas import Sheet
from bpstudio.ui.canvas.fast import LIFTED, STANDING, Pass
from bpstudio.ui.canvas.marks import NO_MARKS, Marks
from bpstudio.ui.canvas.preview import paint_preview
from bpstudio.ui.canvas.sight import Sight
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
        sight = Sight(view, scale, offset, rect, overlay, marks, grid)
        self.paint_graph(painter, sight)
        self.paint_over(painter, sight)

    def paint_graph(self, painter: QPainter, sight: Sight) -> None:
        """Paint the view alone: of the overlay only what it does to gates, ports and wires.

        What a drag has lifted lies over all that stands, but for its wires.
        """
        with _clipped(painter, sight):
            if sight.view.lifted is None:
                it = Pass(self, painter, sight)
                _below(it)
                _patches(it)
                _above(it)
                return
            # Both before either paints: a full sheet is emptied when a pass begins.
            standing = Pass(self, painter, sight, STANDING)
            lifted = Pass(self, painter, sight, LIFTED)
            _below(standing)
            _wires(lifted)
            _patches(lifted)
            _patches(standing)
            _above(standing)
            _above(lifted)

    def paint_standing(self, painter: QPainter, sight: Sight, *, above: bool) -> None:
        """What stands while a drag has lifted something: below its wires, or all above them."""
        with _clipped(painter, sight):
            it = Pass(self, painter, sight, STANDING)
            if above:
                _patches(it)
                _above(it)
            else:
                _below(it)

    def paint_lifted(
        self, painter: QPainter, sight: Sight, between: Callable[[QPainter], None]
    ) -> None:
        """What a drag has lifted; `between` its wires and its gates comes what stands above."""
        with _clipped(painter, sight):
            it = Pass(self, painter, sight, LIFTED)
            _wires(it)
            _patches(it)
            it.widget_units()
            between(painter)
            _above(it)

    def paint_over(self, painter: QPainter, sight: Sight) -> None:
        """Paint what a gesture draws above the view, and the marks."""
        if sight.overlay is None and sight.marks == NO_MARKS:
            return
        with _clipped(painter, sight):
            painter.translate(*sight.offset)
            painter.scale(sight.scale, sight.scale)
            paint_preview(
                painter,
                self.theme,
                sight.view,
                sight.overlay,
                sight.marks,
                sight.scale,
                self.factor,
            )

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


@contextmanager
def _clipped(painter: QPainter, sight: Sight) -> Iterator[None]:
    """Nothing outside of the rectangle is touched, and the painter is left as it was."""
    painter.save()
    painter.setClipRect(sight.rect, Qt.ClipOperation.IntersectClip)
    try:
        yield
    finally:
        painter.restore()


# --- a picture from the ground up: below, wires, patches, above --------------------------------


def _below(it: Pass) -> None:
    """The paper, all that lies on it, and the wires."""
    it.device_units()
    fast.ground(it)
    if found := framefast.seen(it):
        if it.scale < FAR:
            framefast.grounds(it, found)
        framefast.paint(it, found)
    if it.scale >= FAR:
        it.scene_units()
        for frame in it.frames:
            drawing.frame(it.painter, it.theme, frame, frame.id in it.view.chosen)
        for key, note in it.view.notes.items():
            if not note.frame and hits.meet(rect := it.view.note_rect(key), it.scene):
                drawing.note(it.painter, it.theme, note, rect, key in it.view.chosen)
    _wires(it)


def _wires(it: Pass) -> None:
    """Wires, with the dots that lead them."""
    it.device_units()
    if it.scale < FAR:
        fast.far_wires(it)
        return
    fast.wires(it, straight=not _detailed(it), thick=it.scale * it.factor >= THICK)
    if _detailed(it):
        bends.dots(it)


def _patches(it: Pass) -> None:
    """Paper behind numbers, so that no wire crosses a digit."""
    if it.scale >= FAR and is_written(it.view, it.scale):
        it.device_units()
        writing.patches(it)


def _above(it: Pass) -> None:
    """Gates, and all that is written."""
    it.device_units()
    if it.scale < FAR:
        fast.far_bodies(it)
        grouping.far(it)
        return
    if any(frame.colour for frame in it.frames):
        it.scene_units()
        drawing.washes(it.painter, it.theme, it.frames)
        it.device_units()
    if found := framefast.seen(it):
        framefast.grounds(it, found)
    fast.bodies(it, faces=_detailed(it))
    if it.scale >= BODIES:
        fast.ports(it)
    grouping.boxes(it, words=_detailed(it))
    if is_written(it.view, it.scale):
        writing.texts(it)
        portnames.stamp(it)
        writing.badges(it)
    writing.dots(it)


def _detailed(it: Pass) -> bool:
    """Whether curves and symbols are drawn."""
    return it.scale >= BODIES or len(it.view.row) <= FEW
