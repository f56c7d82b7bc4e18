"""What is under a point or in a rectangle, in scene pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from bpstudio.core import shape
from bpstudio.core.graph import Note
from bpstudio.core.groups import lies_in
from bpstudio.ui.canvas import frames, geometry, labels, routes, rows, titled
from bpstudio.ui.canvas.geometry import Ints, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

Kind = Literal[
    "", "input", "output", "value", "node", "box", "dot", "label", "wire", "note", "group"
]
MOUSE = 12.0
"""Screen pixels within which a mouse hits a port: so many scene px reach, one is a hair."""
NEAR_END = 0.3
"""A wire grabbed this close to an end (part of its length, or 2 x reach) is replugged there."""
VALUE_WIDTH = 60.0
"""Width of the part of a pill that holds its number, scene px."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a point meets; `kind` "" is the bare paper (a falsy Hit).

    input, output   a port of node `id`; `port` its name, or the name a growing gate would give it
    value           the number in a source's pill
    box             a collapsed group
    dot             dot number `port` of wire `id`
    label           a number on wire `id`; `port` is "value" or "grad"
    wire            wire `id` at parameter `t`; `port` is "source" or "target" near that end
    """

    kind: Kind = ""
    id: str = ""
    port: str = ""
    t: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.kind)


def hit(view: ViewModel, x: float, y: float, reach: float) -> Hit:
    """Ports first, then values and bodies, dots, labels, wires, notes and the titles of frames."""
    return (
        port_at(view, x, y, reach)
        or node_at(view, x, y)
        or box_at(view, x, y)
        or dot_at(view, x, y, reach)
        or label_at(view, x, y)
        or wire_at(view, x, y, reach)
        or note_at(view, x, y)
        or frame_at(view, x, y)
        or _titled_at(view, x, y, reach)
    )


def port_at(view: ViewModel, x: float, y: float, reach: float) -> Hit:
    """The nearest port within reach, an input before an output at the same distance."""
    near = (x - reach - 2, y - reach - 2, x + reach + 2, y + reach + 2)
    at = np.flatnonzero(geometry.touching(view.box, near, shape.PORT_GAP))
    best, found = reach, Hit()
    # A port must not take the middle of a small body, be it its own gate's or, from far away, a
    # neighbour's: there it reaches less far.
    on_body = bool(geometry.touching(view.box[at], (x, y, x, y)).any())
    far = min(reach, 9.0) if on_body else reach
    for i in at.tolist():
        for place, one in _ports(view, i):
            away = float(np.hypot(place[0] - x, place[1] - y))
            if away <= far and away < best:
                best, found = away, one
    for box in view.boxes:
        left, top, right, bottom = box.rect
        if not (left - reach <= x <= right + reach and top - reach <= y <= bottom + reach):
            continue
        far = min(reach, 9.0) if left < x < right and top < y < bottom else reach
        for port, (px, py) in (*box.inputs, *box.outputs):
            away = float(np.hypot(px - x, py - y))
            if away <= far and away < best:
                best, found = away, Hit("input" if port.port else "output", port.node, port.port)
    return found


def _ports(view: ViewModel, i: int) -> list[tuple[tuple[float, float], Hit]]:
    node, names = view.nodes.ids[i], view.nodes.ports[i]
    left, y = view.box[i, 0], view.at[i, 1]
    places: list[tuple[tuple[float, float], Hit]] = []
    for k, name in enumerate(names):
        down = (k - (len(names) - 1) / 2) * shape.PORT_GAP
        places.append(((left, y + down), Hit("input", node, name)))
    if view.ghost[i]:
        places.append((view.ghost_at(i), Hit("input", node, next_name(names))))
    places.append(((view.box[i, 2], y), Hit("output", node)))
    return places


def next_name(names: tuple[str, ...]) -> str:
    """What a growing gate would call its next port."""
    from bpstudio.core.gate import growing_ports

    return growing_ports(len(names) + 1)[-1]


def node_at(view: ViewModel, x: float, y: float) -> Hit:
    """The topmost body under the point; on a source's number kind is "value"."""
    box = view.box
    at = np.flatnonzero((box[:, 0] <= x) & (x <= box[:, 2]) & (box[:, 1] <= y) & (y <= box[:, 3]))
    if not len(at):
        return Hit()
    i = int(at[-1])
    on_value = view.nodes.kind[i] == rows.PILL and x >= box[i, 2] - VALUE_WIDTH
    return Hit("value" if on_value else "node", view.nodes.ids[i])


def box_at(view: ViewModel, x: float, y: float) -> Hit:
    """The collapsed group under the point, the last drawn first."""
    for box in reversed(view.boxes):
        left, top, right, bottom = box.rect
        if left <= x <= right and top <= y <= bottom:
            return Hit("box", box.id)
    return Hit()


def dot_at(view: ViewModel, x: float, y: float, reach: float) -> Hit:
    """The nearest dot of a wire within reach."""
    led = view.routes
    if led is None or not len(led.dots):
        return Hit()
    dots = led.dots_now()
    away = np.hypot(dots[:, 0] - x, dots[:, 1] - y)
    best = int(away.argmin())
    if away[best] > reach:
        return Hit()
    wire = int(np.searchsorted(led.dot_first, best, side="right")) - 1
    if np.isnan(view.wire_box[wire, 0]):
        return Hit()
    return Hit("dot", view.wires.ids[wire], str(best - int(led.dot_first[wire])))


def value_rect(view: ViewModel, node: str) -> Rect:
    """Where the number of a source stands: room for an editor in place."""
    left, top, right, bottom = view.box[view.row[node]].tolist()
    return max(left, right - VALUE_WIDTH), top, right, bottom


def label_at(view: ViewModel, x: float, y: float) -> Hit:
    """The visible number on a wire under the point, the last drawn first."""
    point = (x, y, x, y)
    for wire in view.wires_in(point)[::-1].tolist():
        for which, box in labels.wire_boxes(view, wire):
            if meet(box, point):
                return Hit("label", view.wires.ids[wire], which, float(view.anchors.t[wire]))
    return Hit()


def wire_at(view: ViewModel, x: float, y: float, reach: float) -> Hit:
    """The nearest wire within reach, where along it, and which end is near."""
    near = (x - reach, y - reach, x + reach, y + reach)
    at: Ints = view.wires_in(near)
    if not len(at):
        return Hit()
    wire, away, part = routes.nearest(view, at, x, y)
    if away > reach:
        return Hit()
    return Hit("wire", view.wires.ids[wire], _end(view.control[wire], x, y, part, reach), part)


def _end(control: geometry.Floats, x: float, y: float, t: float, reach: float) -> str:
    ends = np.hypot(control[[0, 3], 0] - x, control[[0, 3], 1] - y)
    if ends.min() <= 2 * reach or not NEAR_END < t < 1 - NEAR_END:
        nearer_target = ends[1] < ends[0] if ends.min() <= 2 * reach else t > 0.5
        return "target" if nearer_target else "source"
    return ""


def note_at(view: ViewModel, x: float, y: float) -> Hit:
    """The last note under the point."""
    for key in reversed(list(view.notes)):
        if view.notes[key].frame:
            continue
        left, top, right, bottom = view.note_rect(key)
        if left <= x <= right and top <= y <= bottom:
            return Hit("note", key)
    return Hit()


def frame_at(view: ViewModel, x: float, y: float) -> Hit:
    """The group whose title strip or dashed line is under the point, innermost first."""
    for frame in reversed(view.frames):
        left, top, right, bottom = frame.rect
        title = left <= x <= max(left + 140.0, right) and top - frames.TITLE <= y <= top + 4
        outside = not (left + 6 < x < right - 6 and top + 6 < y < bottom - 6)
        line = left - 6 <= x <= right + 6 and top - 6 <= y <= bottom + 6 and outside
        if title or line:
            return Hit("group", frame.id)
    return Hit()


def _titled_at(view: ViewModel, x: float, y: float, reach: float) -> Hit:
    found = titled.found_at(view, x, y, reach / MOUSE)
    return Hit("note", found) if found else Hit()


def within(view: ViewModel, rect: Rect) -> frozenset[str]:
    """Ids of the nodes, collapsed groups and notes that a rectangle touches, and of the frames
    that lie wholly in it: a band in the middle of a frame means what stands there."""
    nodes = [view.nodes.ids[i] for i in view.nodes_in(rect)]
    nodes += [box.id for box in view.boxes if meet(box.rect, rect)]
    notes = (
        key
        for key, note in view.notes.items()
        if (lies_in if note.frame else meet)(view.note_rect(key), rect)
    )
    return frozenset((*nodes, *notes))


def note_rect(note: Note, shift: tuple[float, float] = (0.0, 0.0)) -> Rect:
    """Where a note is drawn."""
    x, y = note.at[0] + shift[0], note.at[1] + shift[1]
    return x, y, x + note.size[0], y + note.size[1]


def note_reach(note: Note, shift: tuple[float, float] = (0.0, 0.0)) -> Rect:
    """All that a note may be drawn on: of a frame its title, too."""
    rect = note_rect(note, shift)
    return titled.reach(rect) if note.frame else rect


def frame_rect(frame: frames.Frame) -> Rect:
    """A frame with its title."""
    left, top, right, bottom = frame.rect
    return left, top - frames.TITLE, max(right, left + 12 + 8.0 * len(frame.title)), bottom


def meet(one: Rect, other: Rect) -> bool:
    """Whether two rectangles share a point."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
