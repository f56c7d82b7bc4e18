"""Painted ahead: a slab beyond the edge is painted once and comes into view bit by bit.

A strip of three pixels costs almost as much to paint as one of two hundred, for most of it is
looking up what lies there. Slabs lie on the paper, in pixels; anything that changes forgets them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap

AHEAD = 192
"""How far beyond the edge is painted, pixels."""
BESIDE = 96
"""How far a slab reaches beyond the widget at its two ends: for slanting ways."""

Paint = Callable[[QPainter, QRect, QPoint], None]
"""Paints a rectangle of paper; the point is where the paper's origin lies on the device."""


class Apron:
    """At most one slab at each edge: who pans to and fro comes back to what is painted."""

    def __init__(self) -> None:
        self._slabs: dict[tuple[bool, bool], tuple[QRect, QPixmap]] = {}

    def forget(self) -> None:
        """Something looks different now."""
        self._slabs.clear()

    def draw(
        self,
        painter: QPainter,
        dirty: QRect,
        room: QRect,
        offset: QPoint,
        ratio: float,
        paint: Paint,
    ) -> bool:
        """Paint a strip at an edge of the room from its slab; False for what is no such strip."""
        upright = dirty.height() * 2 > room.height() and dirty.width() < AHEAD // 2
        level = dirty.width() * 2 > room.width() and dirty.height() < AHEAD // 2
        if upright == level:
            return False
        paper = dirty.translated(-offset)
        first = dirty.left() == room.left() if upright else dirty.top() == room.top()
        found = self._slabs.get((upright, first))
        if found is None or not found[0].contains(paper):
            slab = self._ahead(dirty, room, upright)
            if slab is None:
                return False
            slab.translate(-offset)
            found = self._slabs[upright, first] = slab, _painted(slab, ratio, paint)
        rect, pixmap = found
        # A pixmap's own rectangles are in its device's pixels.
        corner = (paper.topLeft() - rect.topLeft()) * ratio
        part = QRect(corner, dirty.size() * ratio)
        painter.drawPixmap(dirty, pixmap, part)
        return True

    @staticmethod
    def _ahead(dirty: QRect, room: QRect, upright: bool) -> QRect | None:
        """The slab that begins with a strip at the room's edge and goes on beyond it."""
        if upright:
            slab = room.adjusted(0, -BESIDE, 0, BESIDE)
            if dirty.left() == room.left():
                slab.setLeft(dirty.right() + 1 - AHEAD)
                slab.setRight(dirty.right())
            elif dirty.right() == room.right():
                slab.setLeft(dirty.left())
                slab.setRight(dirty.left() - 1 + AHEAD)
            else:
                return None
            return slab
        slab = room.adjusted(-BESIDE, 0, BESIDE, 0)
        if dirty.top() == room.top():
            slab.setTop(dirty.bottom() + 1 - AHEAD)
            slab.setBottom(dirty.bottom())
        elif dirty.bottom() == room.bottom():
            slab.setTop(dirty.top())
            slab.setBottom(dirty.top() - 1 + AHEAD)
        else:
            return None
        return slab


def _painted(slab: QRect, ratio: float, paint: Paint) -> QPixmap:
    made = QPixmap(slab.size() * ratio)
    made.setDevicePixelRatio(ratio)
    with QPainter(made) as painter:
        paint(painter, QRect(QPoint(0, 0), slab.size()), -slab.topLeft())
    return made
