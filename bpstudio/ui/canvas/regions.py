"""Which part of the scene a change of preview or of numbers makes look different."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpstudio.core.guides import Line
from bpstudio.core.shape import node_size
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.placing import body_room
from bpstudio.ui.canvas.tools.events import Overlay, Rect
from bpstudio.ui.canvas.tools.placing import sample
from bpstudio.ui.canvas.viewmodel import ViewModel

PORT_ROOM = 14.0
"""Scene pixels round a port that is lit or aimed at."""
LINE_ROOM = 8.0
GUIDE_ROOM = 20.0
"""Around a guide: it reaches a little past what it is flush with, a measure stands beside it."""

_NODES = ("value", "grad", "value_on", "grad_on")
_WIRES = ("wire_value", "wire_grad", "wire_value_on", "wire_grad_on", "wire_active")


def overlay_regions(view: ViewModel, overlay: Overlay) -> list[Rect]:
    """The rectangles of all that an overlay draws above the graph; a guide has one of its own."""
    parts: list[Rect | None] = []
    if overlay.band is not None:
        parts.append(geometry.grown(overlay.band, LINE_ROOM))
    if overlay.rubber is not None:
        ends = np.array(overlay.rubber)
        control = geometry.curves(ends[:1], ends[1:])
        hull = geometry.hull(geometry.boxes(control))
        parts.append(geometry.grown(hull, PORT_ROOM) if hull else None)
    if overlay.ghost is not None:
        gate, (x, y) = overlay.ghost
        width, height = node_size(sample(view.gates[gate]), view.gates)
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        parts.append(geometry.grown(box, PORT_ROOM))
    if overlay.aim is not None and overlay.aim[0] in view.row:
        node, port = overlay.aim
        x, y = view.input(node, port) if port else view.output(node)
        parts.append(geometry.grown((x, y, x, y), PORT_ROOM))
        parts.append(view.region((node,)))
    if overlay.splice:
        parts.append(view.region((overlay.splice,)))
    parts += [_line_rect(line) for line in overlay.lines]
    parts += [geometry.grown(rect, LINE_ROOM) for rect in overlay.copies]
    if overlay.into is not None:
        parts.append(geometry.grown(overlay.into, LINE_ROOM))
    if overlay.stroke:
        points = np.array(overlay.stroke)
        rect = geometry.hull(np.concatenate([points, points], axis=1))
        parts.append(geometry.grown(rect, LINE_ROOM) if rect else None)
    if overlay.doomed:
        parts.append(view.region(overlay.doomed))
    return [part for part in parts if part is not None]


def _line_rect(line: Line) -> Rect:
    if line.upright:
        return geometry.grown((line.at, line.start, line.at, line.end), GUIDE_ROOM)
    return geometry.grown((line.start, line.at, line.end, line.at), GUIDE_ROOM)


def wide(old: Overlay, new: Overlay) -> bool:
    """Whether the two differ all over the canvas: lit ports, faint gates, wires taken away."""
    return old.forbidden != new.forbidden or old.lit != new.lit or old.hidden != new.hidden


def picked_region(view: ViewModel, ids: frozenset[str]) -> Rect | None:
    """The rectangle of the bodies that a rubber band has taken in or let go."""
    rects = [view.body_of(key) for key in ids] if ids else []
    found = geometry.union(*rects)
    return None if found is None else geometry.grown(found, PORT_ROOM)


def numbers_now(view: ViewModel) -> tuple[Any, ...]:
    """The numbers shown, to be compared after they change."""
    numbers = view.numbers
    columns = tuple(getattr(numbers, name).copy() for name in (*_NODES, *_WIRES))
    return (*columns, numbers.active, dict(numbers.badges))


def numbers_changed(
    view: ViewModel, before: tuple[Any, ...], *, written: bool = True
) -> Rect | None:
    """The rectangle in which a number, its visibility or a badge is another than before.

    So far away that none is `written` only what is active can look different, or wide.
    """
    after = numbers_now(view)
    if not written and not view.weighted:
        return _active_changed(view, before, after)
    nodes = _rows(before[: len(_NODES)], after[: len(_NODES)])
    wires = _rows(before[len(_NODES) : -2], after[len(_NODES) : -2])
    if nodes is None or wires is None:
        return view.bounds()
    named = {before[-2], after[-2]} - {""}
    named |= {key for key, _ in before[-1].items() ^ after[-1].items()}
    named |= {view.nodes.ids[i] for i in np.flatnonzero(nodes & ~view.seen).tolist()}
    boxes = view.box[nodes] + body_room(view.factor)
    # A stub carries its node's numbers out to the right of the body.
    boxes[:, 2] += 80.0 * view.factor
    return geometry.union(
        geometry.hull(boxes), geometry.hull(view.wire_box[wires]), view.region(named)
    )


def _active_changed(
    view: ViewModel, before: tuple[Any, ...], after: tuple[Any, ...]
) -> Rect | None:
    old, new = before[len(_NODES) + len(_WIRES) - 1], after[len(_NODES) + len(_WIRES) - 1]
    if len(old) != len(new):
        return view.bounds()
    named = {before[-2], after[-2]} - {""}
    if view.cover is not None:
        # A collapsed group wears the badge of what is in it however far away it is.
        named |= {key for key, _ in before[-1].items() ^ after[-1].items()}
    # The wires that stay active may go on in another phase's colour.
    return geometry.union(geometry.hull(view.wire_box[old | new]), view.region(named))


def active_region(view: ViewModel) -> Rect | None:
    """The rectangle of the wires along which the dot travels."""
    return geometry.hull(view.wire_box[view.numbers.wire_active])


def _rows(before: tuple[Any, ...], after: tuple[Any, ...]) -> Any:
    """A mask of the rows that differ; None where the count of rows does."""
    changed = np.zeros(len(after[0]), dtype=bool)
    for old, new in zip(before, after, strict=True):
        if len(old) != len(new):
            return None
        same = old == new
        if new.dtype == float:
            same |= (old != old) & (new != new)
        changed |= ~same
    return changed
