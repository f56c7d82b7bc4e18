"""Frames that stand on their own, by a title: where one is, and where it is taken hold of.

The dashed frames of groups follow their members and are frames.py's. These have a size of their
own, lie beneath everything else, and are taken by the strip with their title or by their line;
between those the paper is bare paper. So that a title can be read from afar its strip grows, out
of the frame's top, as the paper gets smaller. How they look on paper is framepaint.py's, on the
screen framefast.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.core.graph import Note
from bpstudio.core.items import COLOURS
from bpstudio.core.shape import FRAME_TITLE
from bpstudio.core.standing import rect_of
from bpstudio.ui.canvas.geometry import Floats, Rect, grown

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

LEAST_TITLE = 20.0
"""Height of the strip on the screen, however far away the frame is, px."""
HIGHEST = 180.0
"""Scene px that a strip may come to be high; from further away there is none."""
NARROWEST = 44.0
"""A frame less wide than this on the screen has no title, px."""
LINE = 5.0
"""Screen px on either side of a frame's line by which it is taken."""
HANDLE = 14
"""Size of a handle of a selected frame, screen px."""


class Rows:
    """Frames as columns: `row` of an id, rectangles (n, 4), numbers of colours (n,), 0 for none."""

    def __init__(self, frames: Sequence[Note]) -> None:
        self.row = {note.id: n for n, note in enumerate(frames)}
        rects = [rect_of(note) for note in frames]
        self.rects: Floats = np.array(rects, dtype=np.float64).reshape(-1, 4)
        known = {colour: n for n, colour in enumerate(COLOURS, 1)}
        self.colour = np.array([known.get(note.colour, 0) for note in frames], dtype=np.intp)

    def placed(self, shifts: Mapping[str, tuple[float, float]]) -> Floats:
        """The rectangles where a preview has them."""
        if not shifts:
            return self.rects
        found = self.rects.copy()
        for key, shift in shifts.items():
            if key in self.row:
                found[self.row[key]] += (*shift, *shift)
        return found


def strip(rect: Rect, hair: float) -> Rect | None:
    """Where the title stands; `hair` is one screen pixel in scene px. None from too far away."""
    left, top, right, _ = rect
    tall = max(FRAME_TITLE, LEAST_TITLE * hair)
    if tall > HIGHEST or right - left < NARROWEST * hair:
        return None
    return left, top + FRAME_TITLE - tall, right, top + FRAME_TITLE


def outline(rect: Rect, hair: float) -> Rect:
    """What a frame's line goes round: from afar the strip stands out of its top."""
    head = strip(rect, hair)
    return rect if head is None else (rect[0], head[1], rect[2], rect[3])


def reach(rect: Rect) -> Rect:
    """The rectangle that holds a frame with its title, from however far away."""
    left, top, right, bottom = grown(rect, 12.0)
    return left, top - HIGHEST, right, bottom


def found_at(view: ViewModel, x: float, y: float, hair: float) -> str:
    """The frame whose title or line is under the point, the uppermost first; "" for none."""
    near, hair = LINE * hair, hair * view.factor
    for note in reversed(view.titled):
        rect = view.note_rect(note.id)
        if (head := strip(rect, hair)) is not None and _holds(head, x, y):
            return note.id
        if _holds(grown(rect, near), x, y) and not _holds(grown(rect, -near), x, y):
            return note.id
    return ""


def handles(rect: Rect) -> dict[tuple[int, int], tuple[float, float]]:
    """Where a selected frame, here in screen px, is taken to be resized: the edges that go along,
    as (-1 left or 1 right, -1 top or 1 bottom) -> the place. With little room the corners only."""
    left, top, right, bottom = rect
    x, y = {-1: left, 0: (left + right) / 2, 1: right}, {-1: top, 0: (top + bottom) / 2, 1: bottom}
    narrow = min(right - left, bottom - top) < 4 * HANDLE
    ways = [(a, b) for a in x for b in y if (a and b) or (not narrow and (a or b))]
    return {(a, b): (x[a], y[b]) for a, b in ways}


def _holds(rect: Rect, x: float, y: float) -> bool:
    return rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3]
