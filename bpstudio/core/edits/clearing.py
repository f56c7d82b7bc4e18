"""What comes onto the paper covers nothing that is there: the nearest free place for it, clear of
wires too where such a place is hardly further.

Gates as they are seen, the boxes of collapsed groups and notes take room. Frames do not: things
stand in them. Only a piece that brings a frame keeps out of other frames, whose things it would
else catch, but for one that holds all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import ceil, floor, hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import groups
from bpstudio.core.edits.passing import Wires
from bpstudio.core.graph import Graph, Node, Point
from bpstudio.core.groups import Rect
from bpstudio.core.limits import FARTHEST
from bpstudio.core.shape import GRID, SNAP, node_size
from bpstudio.core.standing import rect_of

Rects = NDArray[np.float64]
"""left, top, right, bottom, (n, 4)."""

REACHES = (64, 512)
"""So many snap steps around the wanted place are looked at, before it is given up to be near."""
FURTHER = 4 * GRID
"""How much further than it must a thing comes, so as not to lie on a wire."""


def rects_of(nodes: Iterable[Node], graph: Graph) -> Rects:
    """The bodies of nodes."""
    # Alike gates are alike in size: of a hundred thousand a few dozen are measured.
    sizes: dict[tuple[Any, ...], Point] = {}
    found = []
    for node in nodes:
        alike = (node.gate, len(node.name), *node.params.items())
        if (size := sizes.get(alike)) is None:
            size = sizes[alike] = node_size(node, graph.gates)
        found.append((*node.at, *size))
    columns = np.array(found, dtype=float).reshape(-1, 4)
    at, half = columns[:, :2], columns[:, 2:] / 2
    return np.concatenate([at - half, at + half], axis=1)


def rects_of_notes(graph: Graph, *, notes: bool = True, frames: bool = True) -> Rects:
    """What notes, frames, or both cover."""
    kinds = {False: notes, True: frames}
    return _rects(rect_of(note) for note in graph.notes.values() if kinds[note.frame])


def covered(graph: Graph) -> tuple[list[str], Rects]:
    """What takes room: the ids of nodes that are seen, of boxes and of notes, and their rects."""
    unseen = groups.hidden(graph)
    nodes = [node for node in graph.nodes.values() if node.id not in unseen]
    boxes = groups.boxes(graph)
    notes = [note.id for note in graph.notes.values() if not note.frame]
    rects = rects_of(nodes, graph), _rects(box.rect for box in boxes.values())
    found = np.concatenate([*rects, rects_of_notes(graph, frames=False)])
    return [*(node.id for node in nodes), *boxes, *notes], found


def clear_place(taken: Rects, size: Point, at: Point, wires: Wires | None = None) -> Point:
    """Where the middle of a thing of this size goes so that it covers nothing of what is taken:
    `at`, or the nearest place in whole snap steps from it that leaves GRID free around. It covers
    no wire either, where that takes it little further."""
    rect = groups.around_middle(at, size)
    dx, dy = _clear_step(_rects([rect]), taken, wires)
    return at[0] + dx, at[1] + dy


def clear_offset(graph: Graph, piece: Graph, offset: Point) -> Point:
    """How far away from where it lies a piece goes so that it covers nothing: `offset`, where no
    thing of it covers one, else the nearest in whole snap steps where the rectangle around it
    leaves GRID free; and one where it covers no wire, where that takes it little further."""
    own = np.concatenate([covered(piece)[1], rects_of_notes(piece, notes=False)])
    own += (*offset, *offset)
    if not len(own):
        return offset
    rect = _hull(own)
    ids, taken = covered(graph)
    # What was cut goes back to where it was, even onto a wire.
    wires = Wires(graph, ids, taken) if offset != (0.0, 0.0) or _covers(own, taken) else None
    if any(note.frame for note in piece.notes.values()):
        lines = rects_of_notes(graph, notes=False)
        inside = (lines[:, :2] <= rect[:2]).all(axis=1) & (lines[:, 2:] >= rect[2:]).all(axis=1)
        taken = np.concatenate([taken, lines[~inside]])
    dx, dy = _clear_step(own, taken, wires)
    return offset[0] + dx, offset[1] + dy


# --- inside -----------------------------------------------------------------------------------


def _rects(rects: Iterable[Rect]) -> Rects:
    return np.array(list(rects), dtype=float).reshape(-1, 4)


def _hull(rects: Rects) -> Rect:
    left, top = rects[:, :2].min(axis=0).tolist()
    right, bottom = rects[:, 2:].max(axis=0).tolist()
    return left, top, right, bottom


def _covers(own: Rects, taken: Rects) -> bool:
    """Whether any of these covers a part of any of those."""
    if not len(own) or not len(taken):
        return False
    # What begins further left than the widest is wide cannot reach: a few are looked at for each.
    taken = taken[np.argsort(taken[:, 0], kind="stable")]
    lefts, widest = taken[:, 0].tolist(), float((taken[:, 2] - taken[:, 0]).max())
    for left, top, right, bottom in own.tolist():
        near = taken[bisect_left(lefts, left - widest) : bisect_left(lefts, right)]
        if ((near[:, 2] > left) & (near[:, 1] < bottom) & (near[:, 3] > top)).any():
            return True
    return False


def _clear_step(own: Rects, taken: Rects, wires: Wires | None) -> Point:
    """How far things go from where they are wanted."""
    rect = _hull(own)
    step = _nearest(rect, taken) if _covers(own, taken) else (0.0, 0.0)
    there = own + np.array([*step, *step])
    if wires is None or not _covers(there, wires.through(_hull(there))):
        return step
    # A piece that is wider than all that is looked at lies on some wire wherever it goes.
    most = hypot(*step) + FURTHER
    if most > REACHES[-1] * SNAP:
        return step
    left, top, right, bottom = rect
    ran = wires.through((left - most, top - most, right + most, bottom + most))
    reach = ceil(most / SNAP)
    better = _step_within(reach, rect, [_forbidden(rect, taken, GRID), _forbidden(rect, ran, SNAP)])
    return step if better is None or hypot(*better) > most else better


def _nearest(rect: Rect, taken: Rects) -> Point:
    """The shortest step after which a rectangle keeps GRID from all that is taken.

    Each taken rectangle forbids a rectangle of steps; of all on the grid the nearest other one is
    taken, downwards and to the right where several are as near.
    """
    forbidden = _forbidden(rect, taken, GRID)
    for reach in REACHES:
        step = _step_within(reach, rect, [forbidden])
        if step is not None:
            return step
    return _beyond_all(forbidden, _paper(rect))


def _forbidden(rect: Rect, taken: Rects, room: float) -> Rects:
    """Between which steps, lowest to highest along both axes, each taken rectangle would be covered
    or have less than this room: (n, 4), in snap steps."""
    left, top, right, bottom = rect
    low = (taken[:, :2] - room - (right, bottom)) / SNAP
    high = (taken[:, 2:] + room - (left, top)) / SNAP
    return np.concatenate([low, high], axis=1)


def _paper(rect: Rect) -> list[int]:
    """The lowest and the highest steps along both axes: none leaves the paper, or goes on where the
    rectangle stands over its edge."""
    left, top, right, bottom = rect
    back = [min(0, ceil((-FARTHEST - here) / SNAP)) for here in (left, top)]
    ahead = [max(0, floor((FARTHEST - here) / SNAP)) for here in (right, bottom)]
    return [*back, *ahead]


def _step_within(reach: int, rect: Rect, forbidden: Sequence[Rects]) -> Point | None:
    """The shortest step that nothing forbids, looked for so far around."""
    paper = _paper(rect)
    paper = [*(max(-reach, n) for n in paper[:2]), *(min(reach, n) for n in paper[2:])]
    every = np.concatenate(forbidden)
    first, last = np.floor(every[:, :2]) + 1, np.ceil(every[:, 2:]) - 1
    step = _nearest_within(reach, first, last, paper)
    return None if step is None else (step[0] * SNAP, step[1] * SNAP)


def _nearest_within(
    reach: int, first: Rects, last: Rects, paper: Sequence[int]
) -> tuple[int, int] | None:
    """The shortest step (in whole ones) that no pair of a first and a last one holds; `paper`: the
    least and the largest along both axes."""
    near = ((first <= reach) & (last >= -reach)).all(axis=1)
    a = np.maximum(first[near], -reach).astype(np.intp) + reach
    b = np.minimum(last[near], reach).astype(np.intp) + reach + 1
    side = 2 * reach + 1
    # How many forbid each step: what begins there less what has ended, summed along both axes.
    count = np.zeros((side + 1, side + 1), dtype=np.int32)
    for x, y, sign in ((a, a, 1), (b, a, -1), (a, b, -1), (b, b, 1)):
        np.add.at(count, (x[:, 0], y[:, 1]), sign)
    x, y = np.nonzero(count.cumsum(axis=0).cumsum(axis=1)[:side, :side] == 0)
    x, y = x - reach, y - reach
    west, north, east, south = paper
    on = (x >= west) & (x <= east) & (y >= north) & (y <= south)
    x, y = x[on], y[on]
    if not len(x):
        return None
    best = np.lexsort((-x, -y, x * x + y * y))[0]
    return int(x[best]), int(y[best])


def _beyond_all(forbidden: Rects, paper: Sequence[int]) -> Point:
    """The shortest of the four steps straight beyond everything; none where the paper is full."""
    west, north = np.floor(forbidden[:, :2].min(axis=0))
    east, south = np.ceil(forbidden[:, 2:].max(axis=0))
    every = ((0.0, south), (east, 0.0), (0.0, north), (west, 0.0))
    ways = [
        (x, y) for x, y in every if paper[0] <= x <= paper[2] and paper[1] <= y <= paper[3]
    ] or [(0.0, 0.0)]
    x, y = min(ways, key=lambda way: abs(way[0]) + abs(way[1]))
    return float(x) * SNAP, float(y) * SNAP
