"""The gesture that draws a frame: from one corner to the other, or with Enter where one is."""

from __future__ import annotations

from collections.abc import Callable

from bpstudio.core.edits.framing import LEAST_FRAME
from bpstudio.core.graph import Point
from bpstudio.language import tr
from bpstudio.ui.canvas.tools.events import SLOP, Overlay, PointerEvent, Rect
from bpstudio.ui.canvas.tools.machine import State, Tools
from bpstudio.ui.canvas.tools.moving import rectangle, snapped

USUAL = (320.0, 200.0)
"""The size of a frame that is put down with a click or a key, scene px."""


class DrawFrame(State):
    """A frame hangs at the pointer: drag from corner to corner; a click or Enter puts one of the
    usual size there. Esc leaves without a trace."""

    looks = False
    keeps_through_edits = True

    def __init__(self, tools: Tools, drawn: Callable[[Rect], None]) -> None:
        super().__init__(tools)
        self._drawn = drawn
        self._from: PointerEvent | None = None

    def enter(self) -> None:
        self.stage.show(Overlay(cursor="cross"))
        self.stage.say(tr("Drag a frame from corner to corner; Enter puts one here, Esc leaves."))

    def press(self, event: PointerEvent) -> None:
        if event.button == "left":
            self._from = event
        elif event.button == "right":
            self.tools.rest()

    def move(self, event: PointerEvent) -> None:
        if self._from is not None:
            self.stage.show(Overlay(band=self._rect(event), cursor="cross"))

    def release(self, event: PointerEvent) -> None:
        if self._from is None or event.button != "left":
            return
        rect = self._rect(event)
        self.tools.rest()
        self._drawn(rect)

    def key(self, event: PointerEvent) -> None:
        if event.key == "Enter":
            self.tools.rest()
            self._drawn(usual(event.scene))
        elif event.key in ("Escape", "Delete", "Backspace"):
            self.tools.rest()

    def _rect(self, event: PointerEvent) -> Rect:
        assert self._from is not None
        (x, y), (x0, y0) = event.screen, self._from.screen
        if (x - x0) ** 2 + (y - y0) ** 2 <= SLOP[self._from.device] ** 2:
            return usual(self._from.scene)
        left, top, right, bottom = rectangle(snapped(self._from.scene), snapped(event.scene))
        return (
            left,
            top,
            max(right, left + LEAST_FRAME[0]),
            max(bottom, top + LEAST_FRAME[1]),
        )


def usual(at: Point) -> Rect:
    """A frame of the usual size round a point."""
    left, top = snapped((at[0] - USUAL[0] / 2, at[1] - USUAL[1] / 2))
    return left, top, left + USUAL[0], top + USUAL[1]
