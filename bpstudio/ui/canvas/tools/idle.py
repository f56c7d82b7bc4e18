"""Idle: the pointer rests; what is pressed decides which gesture begins."""

from __future__ import annotations

from collections.abc import Callable

from bpstudio.core import edits
from bpstudio.ui.canvas.tools.events import BODY, PointerEvent, Stage
from bpstudio.ui.canvas.tools.leading import CutHeld, MoveDot
from bpstudio.ui.canvas.tools.machine import Pressed, State, Tools
from bpstudio.ui.canvas.tools.moving import Hand, Move, RubberBand, SpaceHeld
from bpstudio.ui.canvas.tools.placing import add_gate, splice_into
from bpstudio.ui.canvas.tools.values import Scrub
from bpstudio.ui.canvas.tools.wiring import Replug, Wiring

ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
COMMANDS = {
    "Enter": "edit_value",
    "F2": "rename_selected",
    "Delete": "delete_selection",
    "Backspace": "delete_selection",
    "Escape": "select_none",
    "Tab": "select_next",
    "Backtab": "select_previous",
}


class Idle(State):
    """Select. Everything else starts here and comes back here."""

    keeps_through_edits = True

    def press(self, event: PointerEvent) -> None:
        if event.button == "middle":
            self.tools.go(Hand(self.tools, event))
        elif event.button == "left":
            getattr(self, f"_press_{_GROUPS.get(event.hit.part, event.hit.part)}")(event)

    def double(self, event: PointerEvent) -> None:
        hit = event.hit
        if event.button != "left":
            self.press(event)
        elif hit.part == "canvas":
            add_gate(self, event.scene)
        elif hit.part == "wire":
            splice_into(self, hit.id, event.scene)
        elif hit.part == "box":
            self.stage.run(f"fold {hit.id}")
        elif hit.part == "dot":
            self._drop_dot(event)
        elif hit.part in ("name", "note", "group"):
            self.stage.rename(hit.id)
        elif hit.part in BODY:
            self.stage.edit_value(hit.id)
        else:
            self.press(event)

    def key(self, event: PointerEvent) -> None:
        if event.key in ARROWS and "alt" in event.modifiers:
            self.stage.run(f"walk {event.key.lower()}")
        elif event.key in ARROWS:
            self.stage.run(f"nudge {event.key.lower()}{' far' if event.shift else ''}")
        elif event.key in ("Delete", "Backspace") and event.hit.part == "dot":
            self._drop_dot(event)
        elif event.key in COMMANDS:
            self.stage.run(COMMANDS[event.key])
        elif event.key == "Space":
            self.tools.go(SpaceHeld(self.tools, lambda at: add_gate(self, at)))
        elif event.ctrl or event.alt:
            return
        elif event.key.lower() == "w":
            self.stage.run("start_wire")
        elif event.key.lower() == "x":
            self.tools.go(CutHeld(self.tools, event.key))
        elif event.key.isprintable() and len(event.key) == 1:
            add_gate(self, event.scene, event.key)

    def cancel(self, event: PointerEvent) -> None: ...

    # --- presses ----------------------------------------------------------------------------

    def _press_canvas(self, event: PointerEvent) -> None:
        def click(_: PointerEvent) -> None:
            if not event.modifiers:
                self.stage.select(())

        self._wait(event, click, lambda e: RubberBand(self.tools, e))

    def _press_node(self, event: PointerEvent) -> None:
        self._pick(event)
        self._wait(event, self._only, lambda e: Move(self.tools, e))

    def _press_value(self, event: PointerEvent) -> None:
        """A click edits, or with Shift or Ctrl selects as on a body; a drag scrubs."""
        if event.alt:
            self._press_node(event)
            return
        chooses = event.shift or event.ctrl
        if not chooses and event.hit.id not in self.stage.selection:
            self.stage.select((event.hit.id,))

        def click(_: PointerEvent) -> None:
            if chooses:
                self._pick(event)
            else:
                self.stage.edit_value(event.hit.id)

        self._wait(event, click, lambda e: Scrub(self.tools, e))

    def _press_output(self, event: PointerEvent) -> None:
        def begin(e: PointerEvent) -> State:
            return Wiring(self.tools, source=event.hit.id)

        self._wait(event, lambda e: self._follow(Wiring(self.tools, source=e.hit.id)), begin)

    def _press_input(self, event: PointerEvent) -> None:
        hit = event.hit
        wire = self.stage.graph.into(hit.id).get(hit.port, "")
        if wire:
            self._wait(
                event,
                lambda _: self.stage.select((wire,)),
                lambda _: Replug(self.tools, wire, "target"),
            )
            return
        self._wait(
            event,
            lambda _: self._follow(Wiring(self.tools, target=hit.id, port=hit.port)),
            lambda _: Wiring(self.tools, target=hit.id, port=hit.port),
        )

    def _press_wire(self, event: PointerEvent) -> None:
        self._pick(event)
        end = event.hit.end
        if end:
            self._wait(event, self._only, lambda e: Replug(self.tools, e.hit.id, end))
        else:
            self._wait(event, self._only, lambda e: MoveDot(self.tools, e, e.hit.id))

    def _press_dot(self, event: PointerEvent) -> None:
        """A dot stands for its wire, but for what is dragged and deleted."""
        self._pick(event)
        index = int(event.hit.port)
        self._wait(event, self._only, lambda e: MoveDot(self.tools, e, e.hit.id, index))

    def _drop_dot(self, event: PointerEvent) -> None:
        patch = self.attempt(edits.remove_dot, event.hit.id, int(event.hit.port))
        if patch:
            self.stage.do(patch)

    # --- what presses share -------------------------------------------------------------------

    def _wait(
        self,
        event: PointerEvent,
        click: Callable[[PointerEvent], None],
        drag: Callable[[PointerEvent], State],
    ) -> None:
        self.tools.go(Pressed(self.tools, event, click=click, drag=drag))

    def _follow(self, wiring: Wiring) -> None:
        """Click, then click: the wire follows the pointer with the button up."""
        wiring.follows = True
        self.tools.go(wiring)

    def _pick(self, event: PointerEvent) -> None:
        """Select at the press, so that a drag takes what was pressed along."""
        here, chosen = event.hit.id, self.stage.selection
        if event.shift or event.ctrl:
            self.stage.select(chosen ^ {here})
        elif here not in chosen:
            self.stage.select((here,))

    def _only(self, event: PointerEvent) -> None:
        """A click on one of several selected things leaves that one."""
        if event.hit.id and not (event.shift or event.ctrl) and len(self.stage.selection) > 1:
            self.stage.select((event.hit.id,))


_GROUPS = {"name": "node", "badge": "node", "note": "node", "group": "node", "box": "node"}


def make_tools(stage: Stage) -> Tools:
    """The machine a canvas rests its hands on: it begins, and ends, idle."""
    return Tools(stage, Idle)
