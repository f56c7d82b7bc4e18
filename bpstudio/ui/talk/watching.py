"""The gestures of a talk: look about, step, point, draw with a pen. None of them edits.

Keys mean the same in every one of them; they ask the canvas by name (`run`), as the editor's do.
"""

from __future__ import annotations

from bpstudio.ui.canvas.tools.events import BODY, Overlay, PointerEvent
from bpstudio.ui.canvas.tools.machine import Pressed, State
from bpstudio.ui.canvas.tools.moving import Hand

KEYS = {
    "Right": "forward",
    "Space": "forward",
    "Left": "back",
    "Backspace": "back",
    "Enter": "play",
    "Escape": "leave",
    "b": "blank",
    ".": "blank",
    "l": "laser",
    "p": "pen",
    "c": "clear",
    "0": "fit",
    "+": "larger",
    "=": "larger",
    "-": "smaller",
    "?": "help",
    "h": "help",
}
"""What a key asks for; a presenter's remote sends Escape and the full stop, too."""


class Watch(State):
    """The hand is empty: drags move the paper, clicks go to the step of what is clicked."""

    keeps_through_edits = True

    def press(self, event: PointerEvent) -> None:
        if event.button == "middle":
            self.tools.go(Hand(self.tools, event))
        elif event.button == "left":

            def click(origin: PointerEvent) -> None:
                self._go_to(origin)

            self.tools.go(
                Pressed(self.tools, event, click=click, drag=lambda e: Hand(self.tools, e))
            )
        elif event.button == "right":
            self.stage.run("back")

    def key(self, event: PointerEvent) -> None:
        asked = KEYS.get(event.key) or KEYS.get(event.key.lower())
        if asked and not event.ctrl:
            self.stage.run(asked)

    def cancel(self, event: PointerEvent) -> None: ...

    def _go_to(self, event: PointerEvent) -> None:
        hit = event.hit
        if hit.part == "wire":
            self.stage.run(f"term {hit.id}")
        elif hit.part == "input":
            wire = self.stage.graph.into(hit.id).get(hit.port, "")
            self.stage.run(f"term {wire}" if wire else "forward")
        elif hit.part in BODY or hit.part == "output":
            self.stage.run(f"gate {hit.id}")


class Laser(Watch):
    """A red light follows the pointer."""

    looks = False

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="cross"))

    def move(self, event: PointerEvent) -> None:
        self.stage.run(f"light {event.screen[0]} {event.screen[1]}")

    def exit(self) -> None:
        self.stage.run("dark")

    def key(self, event: PointerEvent) -> None:
        if event.key == "Escape" or event.key.lower() == "l":
            self.tools.rest()
        else:
            super().key(event)


class Pen(Watch):
    """Lines on the paper, in the scene's pixels; gone when the talk is over."""

    looks = False

    def enter(self) -> None:
        self.drawing = False
        self.stage.show(Overlay(cursor="cross"))

    def press(self, event: PointerEvent) -> None:
        if event.button == "left":
            self.drawing = True
            self.stage.run(f"stroke {event.scene[0]} {event.scene[1]}")
        elif event.button == "middle":
            super().press(event)

    def move(self, event: PointerEvent) -> None:
        if self.drawing:
            self.stage.run(f"line {event.scene[0]} {event.scene[1]}")

    def release(self, event: PointerEvent) -> None:
        self.drawing = False

    def key(self, event: PointerEvent) -> None:
        if event.key == "Escape" or event.key.lower() == "p":
            self.tools.rest()
        elif event.key.lower() == "z":
            self.stage.run("take back")
        else:
            super().key(event)
