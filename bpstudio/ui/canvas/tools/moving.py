"""Gestures that move: gates, the rubber band, the paper under the hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from bpstudio.core import edits
from bpstudio.core.edits.places import group_name
from bpstudio.core.graph import Graph, GraphError, Group, Node, Patch, Point
from bpstudio.core.groups import around, inside
from bpstudio.core.guides import Guides, Line
from bpstudio.core.shape import SNAP
from bpstudio.core.standing import with_standing
from bpstudio.language import tr
from bpstudio.ui.canvas.tools.events import Overlay, PointerEvent, Rect
from bpstudio.ui.canvas.tools.machine import State, Tools

REACH = 6.0
"""Screen pixels within which a drag locks in on what stands around."""
FEW_WIRES = 12
"""With more wires to what stands none of them is made level."""
MOST_COPIES = 400
"""Outlines of copies that are drawn while they are dragged."""


def snapped(at: Point) -> Point:
    """The nearest place on the snapping grid."""
    # Not round(): that goes to even, and every other half step would jump back.
    return math.floor(at[0] / SNAP + 0.5) * SNAP, math.floor(at[1] / SNAP + 0.5) * SNAP


class Move(State):
    """Drag the selection: on the grid and into line with what stands around (Ctrl: freely), along
    one axis with Shift; Ctrl+Alt drags a copy.

    A gate without wires that is let go on a wire goes into it, and what is let go in another
    group's frame, or outside of its own, changes groups; Alt keeps both from happening. A frame
    takes what stands in it along, but with Alt, which moves it alone.
    """

    looks = False

    def __init__(self, tools: Tools, origin: PointerEvent) -> None:
        super().__init__(tools)
        self.origin = origin
        graph = self.stage.graph
        movable = movable_of(graph, self.stage.selection)
        # A Shift-press may just have taken the pressed gate out: drag what was pressed anyway.
        self.chosen = self.stage.selection if movable else frozenset({origin.hit.id})
        self.bare = movable or movable_of(graph, (origin.hit.id,))
        self.laden = list(with_standing(graph, self.bare))
        self.ids = self.laden
        lead = origin.hit.id if origin.hit.id in self.ids else next(iter(self.ids), "")
        self.lead = self._at(lead)
        self.way: Point = (0.0, 0.0)
        self.splice = ""
        self.into: str | None = None
        self.copies = False
        self.around = self.stage.around(self.ids)
        self.guides = Guides(self.around.boxes)
        self.units = units_of(graph, self.chosen)
        self.home = self._home()
        self._shown = Overlay(cursor="move")

    def enter(self) -> None:
        self.stage.show(self._shown)

    def exit(self) -> None:
        self.stage.shift((), 0.0, 0.0)

    def move(self, event: PointerEvent) -> None:
        copies = event.ctrl and event.alt
        ids = self.bare if event.alt and not copies else self.laden
        way, lines = self._way(event)
        free = not event.alt
        into = self._target(event.scene) if free else None
        if (way, copies, into, ids) != (self.way, self.copies, self.into, self.ids):
            self.way, self.copies, self.into, self.ids = way, copies, into, ids
            if copies:
                self.stage.shift((), 0.0, 0.0)
            else:
                self.stage.shift(self.ids, *way, leaving=into is not None)
        self.splice = self.stage.wire_at(event.scene) if self.loner and free else ""
        self._draw(event, lines)

    def _draw(self, event: PointerEvent, lines: tuple[Line, ...]) -> None:
        words = tr("Drop to put it into this wire.") if self.splice else ""
        if self.into is not None and not words:
            words = self._into_words()
        frame = next((rect for key, rect in self.around.homes if key == self.into), None)
        dx, dy = self.way
        bodies = self.around.bodies[:MOST_COPIES] if self.copies else ()
        shown = Overlay(
            splice=self.splice,
            lines=lines,
            into=frame,
            copies=tuple((a + dx, b + dy, c + dx, d + dy) for a, b, c, d in bodies),
            sentence=words,
            # Without words nothing follows the pointer: the same picture need not be drawn again.
            at=event.scene if words else (0.0, 0.0),
            cursor="move",
        )
        if shown != self._shown:
            self._shown = shown
            self.stage.show(shown)

    def release(self, event: PointerEvent) -> None:
        wire, into = self.splice, self.into
        self.tools.rest()
        dx, dy = self.way
        if self.copies:
            self._copy()
            return
        places = {i: self._at(i) for i in self.ids}
        patch = self.attempt(edits.move, {i: (x + dx, y + dy) for i, (x, y) in places.items()})
        if patch is not None and wire:
            patch = self._and(patch, lambda after: edits.splice(after, self.ids[0], wire))
        if patch is not None and into is not None:
            patch = self._and(patch, lambda after: edits.put_into(after, self.units, into))
        if patch:
            self.stage.do(patch)

    def _and(self, patch: Patch, more: Callable[[Graph], Patch]) -> Patch:
        """The patch and what comes after it as one, called by the latter's name."""
        try:
            second = more(self.stage.graph.apply(patch))
        except GraphError as error:
            self.stage.refuse(str(error))
            return patch
        return patch.then(second, second.label)

    def _copy(self) -> None:
        patch = self.attempt(edits.duplicate, self.chosen, self.way)
        if patch:
            self.stage.do(patch)
            self.stage.select(edits.born(patch))

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

    # --- groups -------------------------------------------------------------------------------

    def _home(self) -> str:
        """The group that all units lie in, "" for none or several."""
        homes = {getattr(self.stage.graph.get(key), "group", "") for key in self.units}
        return homes.pop() if len(homes) == 1 else ""

    def _target(self, at: Point) -> str | None:
        """The group that letting go here would put the units into; None leaves them in theirs."""
        if not self.units:
            return None
        own = set(self.chosen) | set(self.ids)
        homes = [(key, rect) for key, rect in self.around.homes if key not in own]
        under = next((key for key, rect in homes if _holds(rect, at)), "")
        if under == self.home:
            return None
        if not under and set(inside(self.stage.graph, self.home)) <= set(self.ids):
            # All that the group holds is on the move: it moves as a whole.
            return None
        return under

    def _into_words(self) -> str:
        graph = self.stage.graph
        if self.into:
            return tr(
                "Drop to put it into {name}; Alt keeps it out.",
                name=group_name(graph, self.into),
            )
        return tr(
            "Drop to take it out of {name}; Alt keeps it in.", name=group_name(graph, self.home)
        )

    # --- the way ------------------------------------------------------------------------------

    def _way(self, event: PointerEvent) -> tuple[Point, tuple[Line, ...]]:
        """How far from home, and the guides that say why just there."""
        dx = event.scene[0] - self.origin.scene[0]
        dy = event.scene[1] - self.origin.scene[1]
        if event.shift:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        if event.ctrl and not event.alt:
            return (dx, dy), ()
        x, y = snapped((self.lead[0] + dx, self.lead[1] + dy))
        to_x, to_y = x - self.lead[0], y - self.lead[1]
        lines: tuple[Line, ...] = ()
        if self.around.rect is not None:
            to_x, to_y, lines = self._locked(dx, dy, to_x, to_y)
        # One axis alone must not be pulled sideways by the grid.
        if event.shift and dx == 0.0:
            to_x, lines = 0.0, tuple(line for line in lines if line.axis == 1)
        elif event.shift:
            to_y, lines = 0.0, tuple(line for line in lines if line.axis == 0)
        return (to_x, to_y), lines

    def _locked(
        self, dx: float, dy: float, to_x: float, to_y: float
    ) -> tuple[float, float, tuple[Line, ...]]:
        """Guides before the grid: where one is within reach it decides its axis."""
        assert self.around.rect is not None
        left, top, right, bottom = self.around.rect
        # Heights and places of ends that move, then of the ends that stay.
        along = dy, 0.0, dx, 0.0
        wires = self.around.wires + along if self.near else ()
        moved = left + dx, top + dy, right + dx, bottom + dy
        snap = self.guides.at(moved, REACH / self.stage.scale, wires)
        if snap.held[0]:
            to_x = dx + snap.dx
        if snap.held[1]:
            to_y = dy + snap.dy
        return to_x, to_y, snap.lines

    @property
    def near(self) -> bool:
        """Whether so few wires lead out of what moves that making one level means something."""
        return 0 < len(self.around.wires) <= FEW_WIRES


class RubberBand(State):
    """Drag on the paper: select what the band touches (Shift adds, Ctrl or Alt takes away).

    Alt alone will not do: many desktops move the window by it.
    """

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
        if event.ctrl or event.alt:
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


def units_of(graph: Graph, ids: Iterable[str]) -> tuple[str, ...]:
    """The nodes and groups among the ids that lie in no other of them."""
    chosen = dict.fromkeys(ids)
    return tuple(
        key
        for key in chosen
        if isinstance(graph.get(key), Node | Group)
        and not any(other in chosen for other in around(graph, key))
    )


def rectangle(a: Point, b: Point) -> Rect:
    """The rectangle between two corners."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _holds(rect: Rect, at: Point) -> bool:
    return rect[0] <= at[0] <= rect[2] and rect[1] <= at[1] <= rect[3]
