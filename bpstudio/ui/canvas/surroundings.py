"""What stands around things that are about to move: for guides, and for groups to go into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.geometry import Floats, Mask, Rect
from bpstudio.ui.canvas.tools.events import Around

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel


def around(view: ViewModel, ids: list[str], shown: Rect) -> Around:
    """Of these nodes and notes; only what is shown can be locked on to."""
    moving = view.mask(ids)
    among = set(ids)
    goes = [
        box for box in view.boxes if view.cover is not None and view.cover.held(box.id) <= among
    ]
    bodies = [tuple(rect) for rect in view.box[moving & view.seen].tolist()]
    bodies += [box.rect for box in goes]
    bodies += [view.note_rect(key) for key in ids if key in view.notes]
    rect = geometry.union(*bodies)
    standing = view.box[~moving & view.seen]
    stay = [box.rect for box in view.boxes if box not in goes]
    # What stands in a frame is not lined up with it; frames are with one another.
    framed = any(note.id in among for note in view.titled)
    stay += [
        view.note_rect(key)
        for key, note in view.notes.items()
        if key not in among and (framed or not note.frame)
    ]
    boxes: Floats = np.concatenate([standing, np.array(stay).reshape(-1, 4)])
    boxes = boxes[geometry.touching(boxes, shown)]
    homes = [(box.id, box.rect) for box in view.boxes if box not in goes]
    homes += [(frame.id, frame.rect) for frame in reversed(view.frames)]
    return Around(rect, tuple(bodies), boxes, _levels(view, moving), tuple(homes))


def _levels(view: ViewModel, moving: Mask) -> Floats:
    """Of each wire between what moves and what stands: two heights and places along x.

    Dotted ones are free.
    """
    one, other = moving[view.wires.source], moving[view.wires.target]
    plain = np.isfinite(view.wire_box[:, 0])
    if view.routes is not None:
        plain &= view.routes.dot_count == 0
    x0, start = view.control[:, 0].T
    x1, end = view.control[:, 3].T
    out = np.flatnonzero(one & ~other & plain)
    into = np.flatnonzero(~one & other & plain)
    return np.concatenate(
        [
            np.column_stack([start[out], end[out], x0[out], x1[out]]),
            np.column_stack([end[into], start[into], x1[into], x0[into]]),
        ]
    )
