"""Where the canvas looks: zooming, fitting, revealing, going back, and what a file keeps of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bpstudio.core.graph import Point
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.camera import FIT_LARGEST
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.canvas.widget import CanvasWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from bpstudio.files.bps import View

STEP = 1.25
"""What one Zoom in or Zoom out multiplies by."""


class Looking(CanvasWidget):
    """The canvas with the commands that change nothing but what is seen of it."""

    over: tuple[QWidget, ...] = ()
    """What lies over its upper edge, seen or hidden."""

    @property
    def centre(self) -> Point:
        """The place in the scene that stands in the middle."""
        return self.camera.to_scene(self.middle)

    def zoom_in(self) -> None:
        self.zoom_at(STEP, self.middle)

    def zoom_out(self) -> None:
        self.zoom_at(1 / STEP, self.middle)

    def zoom_actual(self) -> None:
        self.zoom_at(self.camera.natural / self.camera.scale, self.middle)

    def zoom_fit(self) -> None:
        """Show everything."""
        self.fit_all()

    def fit_all(self) -> None:
        """Show the whole graph, below what would cover some of it."""
        super().fit_all()
        rect, inset = self.view.bounds(), self._inset()
        if rect is not None and inset:
            room = self.room[0], max(1.0, self.room[1] - inset)
            self.camera.fit(rect, room, FIT_LARGEST * self.camera.natural)
            self.camera.pan(0, inset)
            self._rescaled()
            self._fitted = self.camera.scale, self.camera.offset

    def lay_over(self, part: QWidget) -> None:
        """Something comes to lie over the upper edge."""
        self.over = (*self.over, part)
        self.clear_top()

    def take_off(self, part: QWidget) -> None:
        """It lies there no more."""
        self.over = tuple(one for one in self.over if one is not part)
        self.clear_top()

    def clear_top(self) -> None:
        """What lies over the upper edge is another: a fitted graph makes room for it."""
        if self.is_fitted:
            self.fit_again()

    def _inset(self) -> int:
        """The height of what covers some of the graph at the upper edge."""
        seen = (part for part in self.over if not part.isHidden())
        return max((part.geometry().bottom() for part in seen if self._is_under(part)), default=0)

    def _is_under(self, part: QWidget) -> bool:
        place = part.geometry()
        left, top = self.camera.to_scene((place.left(), place.top()))
        rect = (left, top, *self.camera.to_scene((place.right(), place.bottom())))
        return bool(len(self.view.nodes_in(rect, 20.0)) or len(self.view.wires_in(rect)))

    def zoom_selection(self) -> None:
        """Show all that is selected; everything where nothing is."""
        chosen = self.stage.selection
        self.fit(self.view.bounds(chosen) if chosen else self.view.bounds())

    def reveal(self, item: str) -> None:
        """Bring a node, wire or note into view without zooming."""
        view = self.view
        rect = view.note_rect(item) if item in view.notes else view.body_of(item)
        if item in view.wire_row:
            rect = geometry.hull(view.wire_box[[view.wire_row[item]]])
        if rect is None and item in view.graph.groups:
            rect = view.bounds((item,))
        if rect is not None:
            dx, dy = self.camera.reveal(rect, self.room)
            if dx or dy:
                self.pan(dx, dy)

    def reveal_all(self, items: Collection[str]) -> None:
        """Bring all of these into view; zoom out only where they have no room."""
        rect = self.view.bounds(items)
        if rect is not None:
            self.reveal_rect(rect)

    def reveal_rect(self, rect: Rect) -> None:
        """Bring a rectangle of the scene into view; zoom out only where it has no room."""
        left, top, right, bottom = self.camera.rect_to_screen(rect)
        if right - left > self.room[0] or bottom - top > self.room[1]:
            self.fit(rect)
            return
        dx, dy = self.camera.reveal(rect, self.room)
        if dx or dy:
            self.pan(dx, dy)

    @property
    def spot(self) -> tuple[float, tuple[int, int]]:
        """Where the canvas looks, for `go_back`."""
        return self.camera.scale, self.camera.offset

    def go_back(self, spot: tuple[float, tuple[int, int]]) -> None:
        """Look where `spot` was taken."""
        if spot != self.spot:
            self.camera.scale, self.camera.offset = spot
            self._rescaled()

    def shows(self, items: Collection[str]) -> bool:
        """Whether all of these are in view."""
        rect = self.view.bounds(items)
        return rect is None or self.camera.sees(rect, self.room)

    def file_view(self) -> View:
        """Where the canvas looks, as a file keeps it."""
        from bpstudio.files.bps import View

        x, y = self.centre
        zoom = round(self.camera.scale / self.camera.natural, 4)
        return View(zoom=zoom, center=(round(x, 2) + 0.0, round(y, 2) + 0.0))
