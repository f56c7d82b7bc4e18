"""The canvas's paper: a view seen by a camera, painted where it looks different.

What was painted is kept and used again: what a pan will bring into view (apron.py), and all that
stands below a gesture (underlay.py).
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from bpstudio.core.graph import Graph, Point
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import paintwork, regions, sizing
from bpstudio.ui.canvas.apron import Apron
from bpstudio.ui.canvas.camera import Camera
from bpstudio.ui.canvas.marks import NO_MARKS, Marks
from bpstudio.ui.canvas.renderer import Renderer
from bpstudio.ui.canvas.sight import Sight
from bpstudio.ui.canvas.tools import EMPTY, Overlay, Rect
from bpstudio.ui.canvas.underlay import Lift, Underlay
from bpstudio.ui.canvas.viewmodel import ViewModel

_FAR = 1 << 24
"""Screen rectangles are cut to this before Qt's integers see them."""


class Paper(QWidget):
    """A view, a camera and an overlay, and the pictures of them that are kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._apron = Apron()
        self._underlay: Underlay | None = None
        self._moved = self._ring = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.camera = Camera(sizing.natural())
        self.view = ViewModel(Graph())
        self.renderer = Renderer(themes.current())
        self.overlay = self._drawn = EMPTY

    @property
    def room(self) -> Point:
        return float(max(1, self.width())), float(max(1, self.height()))

    @property
    def middle(self) -> Point:
        """The middle of what is seen, on the screen."""
        wide, tall = self.room
        return wide / 2, tall / 2

    @property
    def shown(self) -> Rect:
        """The part of the scene that is looked at."""
        return self.camera.rect_to_scene((0.0, 0.0, *self.room))

    # --- what looks different ---------------------------------------------------------------

    def update_scene(self, rect: Rect | None) -> None:
        """Repaint a rectangle of the scene."""
        if rect is None:
            return
        self._apron.forget()
        if (dirty := self.screen_rect(rect)).intersects(self.rect()):
            self.update(dirty & self.rect())

    def update(self, *part: Any) -> None:
        """Repaint all, or a part: something looks different."""
        self._apron.forget()
        if not part:
            self._underlay = None
        elif self._underlay is not None:
            self._underlay.forget(*part)
        super().update(*part)

    def update_shifted(self, rect: Rect | None) -> None:
        """Repaint a rectangle in which gates were shifted: where nothing goes with them all the
        rest is a still picture meanwhile."""
        lifted = self.view.lifted
        if self._underlay is not None and self._underlay.lifted is not lifted:
            self._underlay = None
        ratio = float(self.devicePixelRatio())
        if lifted is None or not ratio.is_integer():
            self.update_scene(rect)
            return
        if self._underlay is None or self._underlay.lifted is None:
            self._underlay = Lift(self.rect(), ratio, lifted)
        if rect is not None:
            self._update_over([rect])

    def _update_over(self, rects: list[Rect]) -> None:
        """Repaint rectangles of the scene in which only what a gesture draws is another."""
        self._apron.forget()
        dirty, room = QRegion(), self.rect()
        for rect in rects:
            dirty += self.screen_rect(rect) & room
        if not dirty.isEmpty():
            super().update(dirty)

    def screen_rect(self, rect: Rect) -> QRect:
        """The whole pixels that a scene rectangle touches, with room for a line's width."""
        edges = [max(-_FAR, min(_FAR, v)) for v in self.camera.rect_to_screen(rect)]
        left, top = math.floor(edges[0]) - 3, math.floor(edges[1]) - 3
        return QRect(left, top, math.ceil(edges[2]) + 4 - left, math.ceil(edges[3]) + 4 - top)

    def _overlaid(self, old: Overlay, new: Overlay) -> None:
        """A gesture draws another preview: repaint the old one's and the new one's places."""
        if new == EMPTY:
            self._underlay = None
        if regions.wide(old, new) or not self.view.graph:
            self.update()
            return
        before = regions.overlay_regions(self.view, old)
        after = regions.overlay_regions(self.view, new)
        if before and after and self._underlay is None:
            self._begin_underlay()
        self.update_scene(regions.picked_region(self.view, old.picked ^ new.picked))
        self._update_over(before + after)

    def _begin_underlay(self) -> None:
        """From its second picture on, a gesture is drawn over a kept picture of the graph."""
        ratio = float(self.devicePixelRatio())
        if ratio.is_integer():
            self._underlay = Underlay(self.rect(), ratio)

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            ahead = self._moved and not self._fixed_paint()
            self._moved = False
            for part in self._parts(event.region()):
                if not (ahead and self._painted_ahead(painter, part)):
                    self._paint(painter, part)

    def _parts(self, region: QRegion) -> list[QRect]:
        """The rectangles to paint. What is lifted is painted once: the rest is but copied, and Qt
        cuts it to the region."""
        lifting = self._underlay is not None and self._underlay.lifted is not None
        return [region.boundingRect()] if lifting else paintwork.parts(region)

    def _painted_ahead(self, painter: QPainter, part: QRect) -> bool:
        """Show a strip that a move of the paper brought into view, and paint what comes next."""
        self._dressed()
        offset = QPoint(*(int(v) for v in self.camera.offset))
        ratio = float(self.devicePixelRatio())
        return self._apron.draw(painter, part, self.rect(), offset, ratio, self._paint_paper)

    def _paint_paper(self, painter: QPainter, rect: QRect, origin: QPoint) -> None:
        sight = self._seen_from(origin, rect)
        self.renderer.paint_graph(painter, sight)
        self.renderer.paint_over(painter, sight)

    def _seen_from(self, origin: QPoint, rect: QRect) -> Sight:
        """What is to be painted in a rectangle, with the paper's origin at a point."""
        at = origin.x(), origin.y()
        return Sight(self.view, self.camera.scale, at, QRectF(rect), self._drawn, self._marks())

    def _marks(self) -> Marks:
        """For what is marked on the graph besides a gesture's overlay."""
        return NO_MARKS

    def _hint(self) -> str:
        """For what bare paper says."""
        return ""

    def _dressed(self) -> None:
        """See that the renderer is one for the look in use."""
        look = themes.appearance()
        wanted = look.theme, float(self.devicePixelRatio())
        if (self.renderer.theme, self.renderer.dpr) != wanted:
            self.renderer = Renderer(*wanted)
        self.renderer.factor = self.view.factor

    def _paint(self, painter: QPainter, dirty: QRect) -> None:
        self._dressed()
        look = themes.appearance()
        origin, ratio = QPoint(*(int(v) for v in self.camera.offset)), self.devicePixelRatio()
        if self._underlay is not None and self._underlay.fits(self.rect(), ratio, self.view):
            self._underlay.draw(
                painter, dirty, self.renderer, lambda part: self._seen_from(origin, part)
            )
            self.renderer.paint_over(painter, self._seen_from(origin, dirty))
        else:
            self._paint_paper(painter, dirty, origin)
        if not self.view.graph and self.overlay == EMPTY:
            paintwork.hint(painter, look.theme, look.factor, self.rect(), self._hint())
        if self._ring:
            paintwork.ring(painter, look.theme, self.rect())

    def _fixed_paint(self) -> bool:
        """Whether something is painted that does not move with the paper."""
        children = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        shown = any(child.isVisible() for child in children)
        return shown or self._ring or not self.view.graph
