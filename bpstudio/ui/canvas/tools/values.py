"""Scrub: drag an input's number as if it were a slider."""

from __future__ import annotations

import math

from bpstudio.core import edits
from bpstudio.core.graph import Patch
from bpstudio.ui.canvas.tools.events import Overlay, PointerEvent
from bpstudio.ui.canvas.tools.machine import State, Tools

PIXELS = 4.0
"""Screen pixels of drag for one step."""


def step_of(value: float) -> float:
    """The step a drag takes: a tenth of the value's leading digit's place; 0.1 at zero.

    4 -> 0.1, 37 -> 1, 0.05 -> 0.001: twenty to two hundred steps double any number.
    """
    size = abs(value)
    if size < 1e-12 or not math.isfinite(size):
        return 0.1
    return float(10.0 ** (math.floor(math.log10(size)) - 1))


def stepped(value: float, steps: int, step: float) -> float:
    """`steps` whole steps on from the value, on the step's own grid so that digits stay few."""
    if steps == 0:
        return value
    # Python rounds decimally: 0.1 * 3 would show as 0.30000000000000004 otherwise.
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    to = round((round(value / step) + steps) * step, places) + 0.0
    return to if math.isfinite(to) else value


class Scrub(State):
    """Left and right change the number, Shift finely, Ctrl coarsely; one command at the end.

    Of a batch the sample shown changes; where the mean or the spread is shown, all move by as much.
    """

    looks = False

    def __init__(self, tools: Tools, origin: PointerEvent) -> None:
        super().__init__(tools)
        self.node = origin.hit.id
        placed = self.stage.graph.nodes[self.node]
        gate = edits.gate_of(placed, self.stage.graph)
        self.name = next(iter(gate.params))
        value = placed.params.get(self.name, gate.params[self.name])
        self.batch = value if isinstance(value, tuple) else ()
        if self.batch:
            value = self.batch[max(0, self.stage.sample)]
        self.value = self.base = self.first = float(value)
        self.unit = step_of(self.base)
        self.from_x, self.pace = origin.screen[0], 1.0
        self.patch: Patch | None = None

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="scrub"))

    def exit(self) -> None:
        self.stage.preview(None)

    def move(self, event: PointerEvent) -> None:
        pace = 0.1 if event.shift else 10.0 if event.ctrl else 1.0
        if pace != self.pace:
            # Go on from here at the new pace, without a jump.
            self.base, self.from_x, self.pace = self.value, event.screen[0], pace
        steps = round((event.screen[0] - self.from_x) / PIXELS)
        value = stepped(self.base, steps, self.unit * self.pace)
        if value == self.value:
            return
        patch = self.attempt(edits.set_param, self.node, self.name, self._whole(value))
        if patch is not None:
            self.value, self.patch = value, patch
            self.stage.preview(patch)

    def _whole(self, value: float) -> float | tuple[float, ...]:
        """The parameter with this number in it: the number itself, or the batch."""
        if not self.batch:
            return value
        at = self.stage.sample
        if at < 0:
            shift = value - self.first
            # Fifteen digits: 0.1 + 0.2 would show as 0.30000000000000004 otherwise.
            return tuple(float(f"{number + shift:.15g}") for number in self.batch)
        return (*self.batch[:at], value, *self.batch[at + 1 :])

    def release(self, event: PointerEvent) -> None:
        patch = self.patch
        self.tools.rest()
        if patch:
            self.stage.do(patch)
