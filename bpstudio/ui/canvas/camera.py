"""Which part of the paper the canvas shows, and how large: screen = scene * scale + offset.

The offset is whole pixels, so that panning can move what is painted instead of painting it again.
"""

from __future__ import annotations

import math

from bpstudio.core.graph import Point
from bpstudio.ui.canvas.tools import Rect

SMALLEST, LARGEST = 0.1, 8.0
FIT_SMALLEST, FIT_LARGEST = 0.005, 1.5
"""Zoom to fit shows a huge graph whole, and never makes a small one larger than life-and-a-half."""
MARGIN = 40.0
"""Screen pixels left free round a fitted graph."""
FARTHEST = 2.0**30
"""Offsets stay within what Qt's integers hold."""


class Camera:
    """Scale and offset, and the ways they change. Answers whether anything changed.

    `natural` is the scale that is 100 % (Large mode's factor).
    """

    def __init__(self, natural: float = 1.0) -> None:
        self.scale = self.natural = natural
        self.offset: tuple[int, int] = (0, 0)

    def to_screen(self, scene: Point) -> Point:
        return (
            scene[0] * self.scale + self.offset[0],
            scene[1] * self.scale + self.offset[1],
        )

    def to_scene(self, screen: Point) -> Point:
        return (
            (screen[0] - self.offset[0]) / self.scale,
            (screen[1] - self.offset[1]) / self.scale,
        )

    def rect_to_screen(self, rect: Rect) -> Rect:
        return (*self.to_screen(rect[:2]), *self.to_screen(rect[2:]))

    def rect_to_scene(self, rect: Rect) -> Rect:
        return (*self.to_scene(rect[:2]), *self.to_scene(rect[2:]))

    def pan(self, dx: int, dy: int) -> bool:
        """Move the picture by whole screen pixels."""
        before = self.offset
        self._look(before[0] + dx, before[1] + dy)
        return self.offset != before

    def zoom(self, factor: float, screen: Point) -> bool:
        """Zoom so that what is at the screen point stays there."""
        before = self.scale, self.offset
        scene = self.to_scene(screen)
        # Where fitting a huge graph went below the least, the wheel may come back from there.
        least = min(SMALLEST, self.scale)
        self.scale = min(LARGEST, max(least, self.scale * factor))
        # A hair from 100 % is 100 %: the crispest drawing should be easy to come back to.
        if abs(self.scale - self.natural) < 0.02 * self.natural:
            self.scale = self.natural
        self._pin(scene, screen)
        return (self.scale, self.offset) != before

    def centre(self, scene: Point, size: Point) -> None:
        """Put a scene point into the middle of a widget of this size."""
        self._pin(scene, (size[0] / 2, size[1] / 2))

    def fit(self, rect: Rect, size: Point, largest: float = FIT_LARGEST) -> None:
        """Show the whole rectangle in a widget of this size."""
        width = max(1.0, size[0] - 2 * MARGIN) / max(1.0, rect[2] - rect[0])
        height = max(1.0, size[1] - 2 * MARGIN) / max(1.0, rect[3] - rect[1])
        self.scale = min(largest, max(FIT_SMALLEST, min(width, height)))
        self.centre(((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2), size)

    def reveal(self, rect: Rect, size: Point) -> tuple[int, int]:
        """The least pan, in whole screen pixels, that brings the rectangle into the widget."""
        left, top, right, bottom = self.rect_to_screen(rect)
        return _least(left, right, size[0]), _least(top, bottom, size[1])

    def sees(self, rect: Rect, size: Point) -> bool:
        """Whether all of the rectangle is in a widget of this size."""
        left, top, right, bottom = self.rect_to_screen(rect)
        return left >= 0 and top >= 0 and right <= size[0] and bottom <= size[1]

    def beside(self, rect: Rect, more: Rect, size: Point) -> Rect:
        """The rectangle, and as much of `more` as there is room for with all of it in a widget of
        this size."""
        sides = []
        for low, high, far_low, far_high, room in zip(
            *_axes(rect), *_axes(more), size, strict=True
        ):
            free = (room - 2 * _margin(room)) / self.scale
            start = min(low, max(far_low, high - free))
            sides.append((start, max(high, min(far_high, start + free))))
        (left, right), (top, bottom) = sides
        return left, top, right, bottom

    def _pin(self, scene: Point, screen: Point) -> None:
        self._look(
            round(screen[0] - scene[0] * self.scale), round(screen[1] - scene[1] * self.scale)
        )

    def _look(self, x: float, y: float) -> None:
        if math.isfinite(x) and math.isfinite(y):
            self.offset = (
                int(max(-FARTHEST, min(FARTHEST, x))),
                int(max(-FARTHEST, min(FARTHEST, y))),
            )


def _margin(room: float) -> float:
    return min(MARGIN, room / 8)


def _axes(rect: Rect) -> tuple[tuple[float, float], tuple[float, float]]:
    """The low and the high ends along both axes."""
    return (rect[0], rect[1]), (rect[2], rect[3])


def _least(low: float, high: float, room: float) -> int:
    """How far to move [low, high] into [0, room] with a margin; its start at least."""
    margin = _margin(room)
    if high > room - margin:
        way = room - margin - high
        return round(max(way, margin - low))
    return round(max(0.0, margin - low)) if low < margin else 0
