"""Gestures that move: gates, the rubber band, the paper under the hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from bpstudio.core import edits
from bpstudio.core.graph import Graph, GraphError, Point
from bpstudio.core.shape import SNAP
from bpstudio.language import tr
from bpstudio.ui.canvas.tools.events import Overlay, PointerEvent, Rect
from bpstudio.ui.canvas.tools.machine import State, Tools


def snapped(at: Point) -> Point:
    """The nearest place on the snapping grid."""
    # Not round(): that goes to even, and every other half step would jump back.
    return math.floor(at[0] / SNAP + 0.5) * SNAP, math.floor(at[1] / SNAP + 0.5) * SNAP


class Move(State):
    """Drag the selection: on the grid (Ctrl: freely), along one axis with Shift.

    A gate without wires that is let go on a wire goes into it, unless Alt is held.
    """

    looks = False

    def __init__(self, tools: Tools, origin: PointerEvent) -> None:
        super().__init__(tools)
        self.origin = origin
        graph = self.stage.graph
        movable = movable_of(graph, self.stage.selection)
        # A Shift-press may just have taken the pressed gate out: drag what was pressed anyway.
        self.ids = movable or movable_of(graph, (origin.hit.id,))
        lead = origin.hit.id if origin.hit.id in self.ids else next(iter(self.ids), "")
        self.lead = self._at(lead)
        self.way: Point = (0.0, 0.0)
        self.splice = ""

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="move"))

    def exit(self) -> None:
        self.stage.shift((), 0.0, 0.0)

    def move(self, event: PointerEvent) -> None:
        way = self._way(event)
        if way != self.way:
            self.way = way
            self.stage.shift(self.ids, *way)
        wire = self.stage.wire_at(event.scene) if self.loner and not event.alt else ""
        if wire != self.splice:
            self.splice = wire
            words = tr("Drop to put it into this wire.") if wire else ""
            self.stage.show(Overlay(splice=wire, sentence=words, at=event.scene, cursor="move"))

    def release(self, event: PointerEvent) -> None:
        wire = self.splice
        self.tools.rest()
        (dx, dy), places = self.way, {i: self._at(i) for i in self.ids}
        patch = self.attempt(edits.move, {i: (x + dx, y + dy) for i, (x, y) in places.items()})
        if patch and wire:
            after = self.stage.graph.apply(patch)
            try:
                second = edits.splice(after, self.ids[0], wire)
                patch = patch.then(second, second.label)
            except GraphError as error:
                self.stage.refuse(str(error))
        if patch:
            self.stage.do(patch)

    @property
    def loner(self) -> bool:
        """Whether what moves is one gate that a wire could take in."""
        graph = self.stage.graph
        node = graph.nodes.get(self.ids[0]) if len(self.ids) == 1 else None
        if node is None or not edits.ports_of(node, graph):
            return False
        return not graph.into(node.id) and not graph.out_of(node.id)

    def _at(self, item: str) -> Point:
        found = self.stage.graph.get(item)
        return getattr(found, "at", (0.0, 0.0))

    def _way(self, event: PointerEvent) -> Point:
        dx = event.scene[0] - self.origin.scene[0]
        dy = event.scene[1] - self.origin.scene[1]
        if event.shift:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        if event.ctrl:
            return dx, dy
        x, y = snapped((self.lead[0] + dx, self.lead[1] + dy))
        # One axis alone must not be pulled sideways by the grid.
        free_x = event.shift and dx == 0.0
        free_y = event.shift and dy == 0.0
        return (0.0 if free_x else x - self.lead[0]), (0.0 if free_y else y - self.lead[1])


class RubberBand(State):
    """Drag on the paper: select what the band touches (Shift adds, Alt takes away)."""

    looks = False
    keeps_through_edits = True

    def __init__(self, tools: Tools, origin: PointerEvent) -> None:
        super().__init__(tools)
        self.origin = origin
        self.before = self.stage.selection
        self.picked = self.before

    def move(self, event: PointerEvent) -> None:
        band = rectangle(self.origin.scene, event.scene)
        inside = self.stage.inside(band)
        if event.alt:
            self.picked = self.before - inside
        else:
            self.picked = self.before | inside if event.shift else inside
        self.stage.show(Overlay(band=band, picked=self.picked, cursor="cross"))

    def release(self, event: PointerEvent) -> None:
        self.tools.rest()
        self.stage.select(self.picked)


class Hand(State):
    """The paper goes with the pointer, until the button that began it is let go."""

    looks = False
    keeps_through_edits = True

    def __init__(self, tools: Tools, origin: PointerEvent, then: State | None = None) -> None:
        super().__init__(tools)
        self.last, self.button, self.then = origin.screen, origin.button, then

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="grab"))

    def move(self, event: PointerEvent) -> None:
        self.stage.pan(event.screen[0] - self.last[0], event.screen[1] - self.last[1])
        self.last = event.screen

    def release(self, event: PointerEvent) -> None:
        if event.button != self.button:
            return
        if self.then is not None:
            self.tools.go(self.then)
        else:
            self.tools.rest()

    def keyup(self, event: PointerEvent) -> None:
        """Space let go before the button: the drag still ends as a drag."""
        self.then = None


class SpaceHeld(State):
    """Space is down: a drag is the hand; let go without one, it asks for a gate."""

    looks = False
    keeps_through_edits = True

    def __init__(self, tools: Tools, tapped: Callable[[Point], None]) -> None:
        super().__init__(tools)
        self.tapped, self.used = tapped, False

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="hand"))

    def press(self, event: PointerEvent) -> None:
        if event.button in ("left", "middle"):
            self.used = True
            self.tools.go(Hand(self.tools, event, self))

    def keyup(self, event: PointerEvent) -> None:
        if event.key == "Space":
            self.tools.rest()
            if not self.used:
                self.tapped(event.scene)

    def key(self, event: PointerEvent) -> None:
        if event.key != "Space":
            self.tools.rest()


def movable_of(graph: Graph, ids: Iterable[str]) -> list[str]:
    """The nodes and notes among the ids; a group stands for all that is inside it."""
    found: dict[str, None] = {}
    todo = list(ids)
    seen: set[str] = set()
    while todo:
        key = todo.pop()
        if key in graph.groups and key not in seen:
            seen.add(key)
            todo.extend(member.id for member in graph.members(key))
        elif key in graph.nodes or key in graph.notes:
            found[key] = None
    return list(found)


def rectangle(a: Point, b: Point) -> Rect:
    """The rectangle between two corners."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
