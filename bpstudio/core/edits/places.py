"""Things take new places: what goes along when a gate, a note or a group does.

A group takes all inside it along; a wire takes its dots along when both of its ends move alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed

from bpstudio.core import groups
from bpstudio.core.edits.draft import Draft, placed_at
from bpstudio.core.graph import Graph, Group, Node, Note, Point, UnknownItem, Wire
from bpstudio.core.groups import Rect
from bpstudio.core.standing import rect_of
from bpstudio.language import tr


@dataclass(frozen=True, slots=True)
class Unit:
    """What moves as one: a node, a note, or a group with the nodes inside it."""

    id: str
    rect: Rect
    moves: tuple[str, ...]
    """The ids of the nodes or the note that stand elsewhere when it moves."""


def units_of(graph: Graph, ids: Iterable[str]) -> list[Unit]:
    """The things with these ids that can move; what lies in a chosen group moves with it.

    Wires have no place of their own and are passed over. Raises UnknownItem for other ids.
    """
    chosen = dict.fromkeys(ids)
    held = groups.contents(graph) if any(key in graph.groups for key in chosen) else {}
    found = []
    for key in chosen:
        item = graph.get(key)
        if isinstance(item, Wire):
            continue
        if not isinstance(item, Node | Note | Group):
            raise UnknownItem(tr("There is nothing called “{id}” to move.", id=key))
        if held and any(group in chosen for group in groups.around(graph, key)):
            continue
        unit = _unit(graph, item, held)
        if unit is not None:
            found.append(unit)
    return found


def _unit(graph: Graph, item: Node | Note | Group, held: Mapping[str, list[str]]) -> Unit | None:
    if isinstance(item, Node):
        return Unit(item.id, groups.body(item, graph), (item.id,))
    if isinstance(item, Note):
        return Unit(item.id, rect_of(item), (item.id,))
    inner = held[item.id]
    rect = groups.hull(graph, inner)
    if rect is None:
        return None
    box = groups.box_of_group(graph, item.id, inner) if item.collapsed else None
    return Unit(item.id, rect if box is None else box.rect, tuple(inner))


def shift(draft: Draft, steps: Mapping[str, Point]) -> None:
    """Move nodes and notes by steps: id -> (dx, dy)."""
    graph = draft.graph
    for key, (dx, dy) in steps.items():
        item = graph.get(key)
        if isinstance(item, Node | Note):
            draft.put(changed(item, at=placed_at((item.at[0] + dx, item.at[1] + dy))))
    carry_dots(draft, steps)


def carry_dots(draft: Draft, steps: Mapping[str, Point]) -> None:
    """Move the dots of the wires whose ends make the same step."""
    graph = draft.graph
    for key, step in steps.items():
        for wire in graph.out_of(key):
            item = graph.wires[wire]
            if item.dots and steps.get(item.target) == step:
                draft.put(changed(item, dots=moved_dots(item, step)))


def moved_dots(wire: Wire, step: Point) -> tuple[Point, ...]:
    """The dots of a wire, a step away."""
    return tuple(placed_at((x + step[0], y + step[1])) for x, y in wire.dots)


def name_of(graph: Graph, key: str) -> str:
    """What to call a thing that moves."""
    item = graph.get(key)
    if isinstance(item, Node):
        return item.name
    if isinstance(item, Note):
        return " ".join(item.text.split()) or tr("the frame") if item.frame else tr("the note")
    return group_name(graph, key)


def group_name(graph: Graph, key: str) -> str:
    """A group's title or, where it has none, its id."""
    return graph.groups[key].title or key
