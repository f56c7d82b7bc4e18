"""Frames: titled rectangles that a teacher draws round some gates, and that carry what stands in
them. A frame is a Note that says so; standing.py tells what stands in one."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace as changed
from types import MappingProxyType

from bpstudio.core import groups
from bpstudio.core.edits.draft import Draft, placed_at, plain_text
from bpstudio.core.edits.places import name_of
from bpstudio.core.graph import Graph, Node, Note, Patch, UnknownItem
from bpstudio.core.groups import Rect
from bpstudio.core.limits import LONGEST_LABEL
from bpstudio.core.shape import FRAME_TITLE, SNAP, STUB
from bpstudio.core.standing import frames_of, rect_of, standing_in
from bpstudio.language import tr

LEAST_FRAME = (96.0, 64.0)
"""How small a frame can be, in scene pixels: its title can still be read and taken hold of."""
GROUP_ROOM = (16.0, 48.0)
"""What a group's dashed line keeps from its gates, and above them with its title, scene px."""
ROOM = 32.0
"""Paper between what a frame is drawn round and its line, scene px."""


def add_frame(graph: Graph, rect: Rect, title: str = "") -> Patch:
    """Draw a frame: an empty one, or round what stands there."""
    left, top, right, bottom = rect
    at, size = placed_at((left, top)), placed_at((right - left, bottom - top))
    size = max(LEAST_FRAME[0], size[0]), max(LEAST_FRAME[1], size[1])
    draft = Draft(graph)
    text = plain_text(title, LONGEST_LABEL)
    draft.put(Note(graph.fresh("frame"), text, at, size, frame=True))
    return draft.patch(tr("Add a frame"))


def frame_round(graph: Graph, ids: Iterable[str], title: str = "") -> Patch:
    """Draw a frame round these nodes, notes and groups, with room for its title.

    Raises UnknownItem where none of them has a place.
    """
    rect = room_round(graph, ids)
    if rect is None:
        raise UnknownItem(tr("Select gates, groups or notes to draw a frame round them."))
    return add_frame(graph, rect, title)


def room_round(graph: Graph, ids: Iterable[str]) -> Rect | None:
    """The rectangle of a frame round these nodes, notes and groups; None for none of them."""
    held = groups.contents(graph)
    rects = []
    for key in dict.fromkeys(ids):
        item = graph.get(key)
        if isinstance(item, Note):
            rects.append(rect_of(item))
        for node in [key] if isinstance(item, Node) else held.get(key, ()):
            rects.append(_with_tail(graph, graph.nodes[node]))
    return _roomy(rects) if rects else None


def resize_frame(graph: Graph, frame: str, rect: Rect) -> Patch:
    """Give a frame this rectangle, but never less than its title needs."""
    found = frame_of(graph, frame)
    left, top, right, bottom = rect
    at = placed_at((left, top))
    wide, tall = placed_at((right - left, bottom - top))
    draft = Draft(graph)
    size = max(LEAST_FRAME[0], wide), max(LEAST_FRAME[1], tall)
    draft.put(changed(found, at=at, size=size))
    return draft.patch(tr("Resize {name}", name=name_of(graph, frame)))


def frame_of(graph: Graph, frame: str) -> Note:
    """The frame with this id; raises UnknownItem."""
    found = graph.notes.get(frame)
    if found is None or not found.frame:
        raise UnknownItem(tr("There is no frame “{id}” in this graph.", id=frame))
    return found


def carrying(graph: Graph, ids: Collection[str]) -> str:
    """The frame among these ids in which all others of them stand; "" where there is none."""
    among = [graph.notes[key] for key in ids if key in graph.notes and graph.notes[key].frame]
    if not among:
        return ""
    outer = max(among, key=lambda note: note.size[0] * note.size[1])
    return outer.id if set(ids) - {outer.id} <= set(standing_in(graph, outer.id)) else ""


def fit_round(draft: Draft, moved: Collection[str]) -> None:
    """After a tidy: a frame all of whose gates were laid out anew is drawn round them again.

    Notes in it keep their place below its corner. A frame without gates, or of whose gates some
    stayed, stays as it is.
    """
    before = draft.graph
    frames = frames_of(before)
    if not frames:
        return
    after = before.apply(draft.patch(""))
    placed: dict[str, Note] = {}
    for frame in reversed(frames):  # inner ones first: the outer ones go round them
        held = standing_in(before, frame.id)
        nodes = [key for key in held if key in before.nodes]
        if not nodes or not all(key in moved for key in nodes):
            continue
        notes = [before.notes[key] for key in held if key in before.notes]
        rects = [_with_tail(after, after.nodes[key]) for key in nodes]
        inner = [rect_of(placed.get(note.id, note)) for note in notes if note.frame]
        left, top, right, bottom = _roomy([*rects, *inner])
        dx, dy = left - frame.at[0], top - frame.at[1]
        for note in notes:
            if not note.frame and note.id not in placed:
                at = placed_at((note.at[0] + dx, note.at[1] + dy))
                placed[note.id] = changed(note, at=at)
            reach = rect_of(placed.get(note.id, note))
            right, bottom = max(right, reach[2] + SNAP), max(bottom, reach[3] + SNAP)
        at, size = placed_at((left, top)), (right - left, bottom - top)
        placed[frame.id] = changed(frame, at=at, size=size)
    for note in placed.values():
        draft.put(note)


def grow_round(draft: Draft, born: Mapping[str, Collection[str]] = MappingProxyType({})) -> None:
    """After an edit that puts things elsewhere or opens them: a frame grows to hold what stood in
    it still, and what came of it. It never shrinks; what lay outside is not caught on purpose.

    `born`: a node of before -> the nodes that stand in its place.
    """
    before = draft.graph
    frames = frames_of(before)
    if not frames:
        return
    after = before.apply(draft.patch(""))
    covers, unseen = groups.boxes(after), groups.hidden(after)

    def seen(node: Node) -> Rect:
        # Of what a box hides the box is seen, wherever its gates stand.
        box = covers.get(unseen.get(node.id, ""))
        return groups.body(node, after) if box is None else box.rect

    for frame in reversed(frames):  # inner ones first: the outer ones go round them
        own = rect_of(after.notes[frame.id])
        rects, lines = [], []
        for key in standing_in(before, frame.id):
            note = draft.get(key)
            if isinstance(note, Note):
                rects.append(rect_of(note))
            parts = [one for one in born.get(key, (key,)) if one in after.nodes]
            rects += [seen(after.nodes[one]) for one in parts]
            if len(parts) > 1:
                lines.append(_with_line(rects[-len(parts) :]))
        out = [rect for rect in rects if _hull([own, rect]) != own]
        left, top, right, bottom = need = _hull([own, *lines, *([_roomy(out)] if out else [])])
        if need != own:
            size = placed_at((right - left, bottom - top))
            draft.put(changed(after.notes[frame.id], at=placed_at((left, top)), size=size))


def _with_line(parts: Sequence[Rect]) -> Rect:
    """Parts with the dashed line of their group and its title, clear of a frame's own."""
    return _widened(_hull(parts), *GROUP_ROOM)


def _hull(rects: Sequence[Rect]) -> Rect:
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _roomy(rects: Sequence[Rect]) -> Rect:
    """Round these with room."""
    return _widened(_hull(rects), ROOM, ROOM)


def _widened(rect: Rect, aside: float, above: float) -> Rect:
    """With so much room on the sides and below, and above under a frame's title; on the grid."""
    left, top, right, bottom = rect
    return (
        _down(left - aside),
        _down(top - above - FRAME_TITLE),
        -_down(-right - aside),
        -_down(-bottom - aside),
    )


def _with_tail(graph: Graph, node: Node) -> Rect:
    """A body with the free wire of a result, where its numbers stand."""
    left, top, right, bottom = groups.body(node, graph)
    gate = graph.gate(node)
    ends = gate is not None and not gate.is_source and not graph.out_of(node.id)
    return left, top, right + (STUB if ends else 0.0), bottom


def _down(n: float) -> float:
    return math.floor(n / SNAP) * SNAP
