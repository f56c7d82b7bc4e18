"""The picture below a gesture: kept while guides, bands and rubber wires move over it.

Where nothing of the graph changed, the next picture is a copy of this one with the gesture drawn
on top. A part that looks different is forgotten, and painted again when it is next asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap, QRegion

Paint = Callable[[QPainter, QRect], None]
"""Paints a rectangle of the widget without the gesture."""


class Underlay:
    """A pixmap of the widget's size, and the region of it that is up to date."""

    def __init__(self, room: QRect, ratio: float) -> None:
        self._room, self._ratio = room, ratio
        self._pixmap = QPixmap(room.size() * ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        self._good = QRegion()

    def fits(self, room: QRect, ratio: float) -> bool:
        """Whether it was made for a widget of this size on this screen."""
        return self._room == room and self._ratio == ratio

    def forget(self, part: QRect) -> None:
        """A part looks different now."""
        self._good -= QRegion(part)

    def draw(self, painter: QPainter, part: QRect, paint: Paint) -> None:
        """Put a part of the picture on the widget, painting what of it is not known."""
        if self._good.isEmpty():
            # All at once: strip by strip would cost more.
            self._refresh(self._room, paint)
        missing = QRegion(part) - self._good
        if not missing.isEmpty():
            self._refresh(missing.boundingRect(), paint)
        corner = QPoint(part.x(), part.y()) * self._ratio
        painter.drawPixmap(part, self._pixmap, QRect(corner, part.size() * self._ratio))

    def _refresh(self, part: QRect, paint: Paint) -> None:
        with QPainter(self._pixmap) as painter:
            paint(painter, part)
        self._good += QRegion(part)
