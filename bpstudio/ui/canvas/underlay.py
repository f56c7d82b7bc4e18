"""The picture below a gesture: kept while guides, bands, rubber wires and gates move over it.

Where nothing of the graph changed, the next picture is a copy of the kept one with the gesture
drawn on top. A part that looks different is forgotten, and painted again when it is next asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion

if TYPE_CHECKING:
    from bpstudio.ui.canvas.lifted import Lifted
    from bpstudio.ui.canvas.renderer import Renderer
    from bpstudio.ui.canvas.sight import Sight
    from bpstudio.ui.canvas.viewmodel import ViewModel

Paint = Callable[[QPainter, QRect], None]
"""Paints a rectangle of the widget."""
Seen = Callable[[QRect], "Sight"]
"""What is to be painted in a rectangle of the widget."""


class Plate:
    """A pixmap of the widget's size, and the region of it that is up to date.

    A clear one is transparent where nothing was painted.
    """

    def __init__(self, room: QRect, ratio: float, *, clear: bool = False) -> None:
        self.room, self.ratio, self._clear = room, ratio, clear
        self._pixmap = QPixmap(room.size() * ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        if clear:
            self._pixmap.fill(Qt.GlobalColor.transparent)
        self._good = QRegion()

    def forget(self, part: QRect) -> None:
        """A part looks different now."""
        self._good -= QRegion(part)

    def bring(self, part: QRect, paint: Paint) -> None:
        """Paint what is not known of a part."""
        if self._good.isEmpty():
            # All at once: strip by strip would cost more.
            self._refresh(self.room, paint)
        missing = QRegion(part) - self._good
        if not missing.isEmpty():
            self._refresh(missing.boundingRect(), paint)

    def show(self, painter: QPainter, part: QRect) -> None:
        """Put a part on the widget."""
        corner = QPoint(part.x(), part.y()) * self.ratio
        painter.drawPixmap(part, self._pixmap, QRect(corner, part.size() * self.ratio))

    def _refresh(self, part: QRect, paint: Paint) -> None:
        with QPainter(self._pixmap) as painter:
            if self._clear:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
                painter.fillRect(part, Qt.GlobalColor.transparent)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            paint(painter, part)
        self._good += QRegion(part)


class Underlay:
    """The whole graph as one picture: for gestures that leave all of it where it is."""

    lifted: Lifted | None = None
    """What is left out of the picture."""

    def __init__(self, room: QRect, ratio: float) -> None:
        self._plate = Plate(room, ratio)

    def fits(self, room: QRect, ratio: float, view: ViewModel) -> bool:
        """Whether it was made for a widget of this size on this screen, for what is dragged now."""
        same = self._plate.room == room and self._plate.ratio == ratio
        return same and (self.lifted is None or self.lifted is view.lifted)

    def forget(self, part: QRect) -> None:
        """A part looks different now."""
        self._plate.forget(part)

    def draw(self, painter: QPainter, part: QRect, renderer: Renderer, seen: Seen) -> None:
        """Put a part of the picture on the widget, painting what of it is not known."""
        self._plate.bring(part, lambda under, rect: renderer.paint_graph(under, seen(rect)))
        self._plate.show(painter, part)


class Lift(Underlay):
    """What stands while gates are dragged, as two pictures: below their wires, and above them.

    Only what is lifted is painted with a move.
    """

    def __init__(self, room: QRect, ratio: float, lifted: Lifted) -> None:
        super().__init__(room, ratio)
        self._above = Plate(room, ratio, clear=True)
        self.lifted = lifted

    def forget(self, part: QRect) -> None:
        super().forget(part)
        self._above.forget(part)

    def draw(self, painter: QPainter, part: QRect, renderer: Renderer, seen: Seen) -> None:
        def below(under: QPainter, rect: QRect) -> None:
            renderer.paint_standing(under, seen(rect), above=False)

        def above(under: QPainter, rect: QRect) -> None:
            renderer.paint_standing(under, seen(rect), above=True)

        # Both before what is lifted: a full sheet is emptied when a pass begins.
        self._plate.bring(part, below)
        self._above.bring(part, above)
        self._plate.show(painter, part)
        renderer.paint_lifted(painter, seen(part), lambda to: self._above.show(to, part))
