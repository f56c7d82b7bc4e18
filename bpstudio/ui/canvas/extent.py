"""How far drawn things reach: the page of a picture, and what a change makes dirty."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.ui.canvas import geometry, hits, placing, titled
from bpstudio.ui.canvas.geometry import Ints, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.cover import Box
    from bpstudio.ui.canvas.viewmodel import ViewModel


def bounds(view: ViewModel, ids: Collection[str] | None) -> Rect | None:
    """The rectangle of everything (None) or of these items and the wires between them, tight."""
    if ids is None:
        at, lines = np.arange(len(view.nodes.ids)), np.arange(len(view.wires.ids))
        notes, boxes = list(view.notes), [hits.frame_rect(f) for f in view.frames]
        boxes += [_with_tails(view, box) for box in view.boxes]
    else:
        known = set(ids)
        inside = view.mask(known)
        at = np.flatnonzero(inside)
        between = inside[view.wires.source] & inside[view.wires.target]
        between[[view.wire_row[key] for key in known if key in view.wire_row]] = True
        lines = np.flatnonzero(between)
        notes = [key for key in known if key in view.notes]
        boxes = [hits.frame_rect(f) for f in view.frames if f.id in known]
        boxes += [_with_tails(view, box) for box in _boxes_of(view, known)]
    return geometry.union(
        placing.hull_of_nodes(view, at),
        placing.hull_of_wires(view, lines),
        *(view.note_rect(key) for key in notes),
        *boxes,
    )


def region(view: ViewModel, ids: Iterable[str]) -> Rect | None:
    """The rectangle in which these items and all wires that touch them are drawn, generous."""
    known = set(ids)
    at = np.array([view.row[key] for key in known if key in view.row], dtype=np.intp)
    lines = [view.wire_row[key] for key in known if key in view.wire_row]
    notes = [_reach(view, key) for key in known if key in view.notes]
    boxes = [hits.frame_rect(f) for f in view.frames if f.id in known]
    boxes += [geometry.grown(box.rect, 12.0) for box in _boxes_of(view, known)]
    found = geometry.union(of_nodes(view, at), geometry.hull(view.wire_box[lines]), *notes, *boxes)
    return None if found is None else geometry.grown(found, 8.0)


def of_nodes(view: ViewModel, at: Ints, lines: Ints | None = None) -> Rect | None:
    """As `region`, for nodes by row. The frames around them change with them.

    `lines` are the rows of their wires, where they are known already.
    """
    if not len(at):
        return None
    wires = geometry.hull(view.wire_box[view.wires_of(at) if lines is None else lines])
    covers: list[Rect] = []
    if view.cover is not None:
        inside = {view.nodes.ids[i] for i in at[~view.seen[at]].tolist()}
        room = placing.tail(view.factor) + 9.0 * view.factor * view.longest
        for box in _boxes_of(view, inside):
            left, top, right, bottom = geometry.grown(box.rect, 12.0)
            covers.append((left, top, right + room, bottom))
        at = at[view.seen[at]]
        if not len(at):
            return geometry.union(wires, *covers)
    bodies = view.box[at] + placing.body_room(view.factor)
    tails = np.array([9.0 * view.factor * len(view.nodes.labels[i]) for i in at])
    bodies[:, 2] += np.where(view.stub[at], placing.tail(view.factor), 0.0) + tails
    bodies[:, 0] -= tails / 2
    found = geometry.union(geometry.hull(bodies), wires, *covers)
    around = [hits.frame_rect(f) for f in view.frames if found and hits.meet(f.rect, found)]
    return geometry.union(found, *(geometry.grown(rect, 12.0) for rect in around))


def of_notes(view: ViewModel, shift: Mapping[str, tuple[float, float]]) -> Rect | None:
    """Where shifted notes are drawn."""
    rects = [hits.note_reach(view.notes[key], d) for key, d in shift.items() if key in view.notes]
    return geometry.union(*(geometry.grown(rect, 8.0) for rect in rects))


def _reach(view: ViewModel, key: str) -> Rect:
    rect = view.note_rect(key)
    return titled.reach(rect) if view.notes[key].frame else rect


def _with_tails(view: ViewModel, box: Box) -> Rect:
    """A box with the free wires of the results in it, and their names."""
    left, top, right, bottom = box.rect
    # While a patch is followed, a box may hold gates whose rows are not there yet.
    held = [view.row[port.node] for port, _ in box.outputs if port.node in view.row]
    rows = [row for row in held if view.stub[row]]
    larger = view.larger
    name = max((9.5 * larger * len(view.nodes.labels[row]) for row in rows), default=0.0)
    room = placing.tail(larger) + 8.0 + name if rows else 6.0
    return left - 6.0, top - 6.0, right + room, bottom + 6.0


def _boxes_of(view: ViewModel, ids: Iterable[str]) -> list[Box]:
    """The boxes that are seen for these ids."""
    if view.cover is None:
        return []
    faces = {view.face_of(key) for key in ids}
    return [box for key, box in view.cover.boxes.items() if key in faces]
