"""Gestures on wires' ways: dots that lead them, and the knife that cuts them."""

from __future__ import annotations

from bpstudio.core import edits
from bpstudio.core.edits.cutting import dot_index
from bpstudio.core.graph import Graph, Patch, Point
from bpstudio.language import tr, trn
from bpstudio.ui.canvas.tools.events import Overlay, PointerEvent
from bpstudio.ui.canvas.tools.machine import State, Tools
from bpstudio.ui.canvas.tools.moving import snapped


class MoveDot(State):
    """Drag one of a wire's dots (Ctrl: off the grid, Shift: along one axis); -1 is a new one."""

    looks = False

    def __init__(self, tools: Tools, origin: PointerEvent, wire: str, index: int = -1) -> None:
        super().__init__(tools)
        self.origin, self.wire, self.new = origin, wire, index < 0
        item = self.stage.graph.wires[wire]
        self.index = dot_index(self.stage.graph, item, origin.scene) if self.new else index
        self.dots = list(item.dots)
        if self.new:
            self.dots.insert(self.index, origin.scene)
        self.home = self.dots[self.index]

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="move"))

    def exit(self) -> None:
        self.stage.lead("", ())

    def move(self, event: PointerEvent) -> None:
        dx = event.scene[0] - self.origin.scene[0]
        dy = event.scene[1] - self.origin.scene[1]
        if event.shift:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        at = self.home[0] + dx, self.home[1] + dy
        self.dots[self.index] = at if event.ctrl else snapped(at)
        self.stage.lead(self.wire, tuple(self.dots))

    def release(self, event: PointerEvent) -> None:
        at = self.dots[self.index]
        self.tools.rest()
        if self.new:
            patch = self.attempt(edits.add_dot, self.wire, at, self.index)
        else:
            patch = self.attempt(edits.move_dot, self.wire, self.index, at)
        if patch:
            self.stage.do(patch)


class CutHeld(State):
    """The knife is out: a drag cuts. Let go of its key without one, it types the key.

    `stays` keeps it out without a key, for one stroke: chosen from a menu.
    """

    looks = False
    keeps_through_edits = True

    def __init__(self, tools: Tools, key: str = "", stays: bool = False) -> None:
        super().__init__(tools)
        self.key_held, self.stays, self.used = key, stays, False

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="cross"))
        if self.stays:
            self.stage.say(tr("Drag across wires to cut them; Esc leaves."))

    def press(self, event: PointerEvent) -> None:
        if event.button == "left":
            self.used = True
            self.tools.go(CutStroke(self.tools, event, None if self.stays else self))
        else:
            self.tools.rest()

    def keyup(self, event: PointerEvent) -> None:
        if self.stays or event.key.lower() != self.key_held.lower():
            return
        self.tools.rest()
        if not self.used:
            from bpstudio.ui.canvas.tools.placing import add_gate

            add_gate(self, event.scene, self.key_held)

    def key(self, event: PointerEvent) -> None:
        # A key that is held down repeats itself.
        if event.key.lower() != self.key_held.lower() and (event.key == "Escape" or not self.stays):
            self.tools.rest()


class CutStroke(State):
    """The wires that the stroke has crossed are dashed red, and go together on release."""

    looks = False

    def __init__(self, tools: Tools, origin: PointerEvent, then: CutHeld | None = None) -> None:
        super().__init__(tools)
        self.points: list[Point] = [origin.scene]
        self.wires: dict[str, None] = {}
        self.then = then

    def enter(self) -> None:
        self._draw()

    def move(self, event: PointerEvent) -> None:
        self.wires |= dict.fromkeys(self.stage.crossed(self.points[-1], event.scene))
        self.points.append(event.scene)
        self._draw()

    def _draw(self) -> None:
        words = trn("Cut {n} wire", "Cut {n} wires", len(self.wires)) if self.wires else ""
        self.stage.show(
            Overlay(
                stroke=tuple(self.points),
                doomed=frozenset(self.wires),
                sentence=words,
                at=self.points[-1],
                cursor="cross",
            )
        )

    def release(self, event: PointerEvent) -> None:
        wires = tuple(self.wires)
        if self.then is not None:
            self.tools.go(self.then)
        else:
            self.tools.rest()
        if not wires:
            self.stage.say(tr("The stroke crossed no wire."))
            return
        patch = self.attempt(edits.cut, wires)
        if patch:
            self.stage.do(patch)

    def keyup(self, event: PointerEvent) -> None:
        """The key let go before the button: the stroke still counts, then the knife is away."""
        self.then = None


def moved_dots(graph: Graph, wire: str, step: Point) -> Patch:
    """All dots of a wire a step away."""
    patch = Patch("")
    for index, (x, y) in enumerate(graph.wires[wire].dots):
        more = edits.move_dot(graph.apply(patch), wire, index, (x + step[0], y + step[1]))
        patch = patch.then(more, more.label)
    return patch
