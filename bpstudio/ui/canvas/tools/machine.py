"""The machine that holds the one current state and feeds it.

A state is a gesture or a mode. Leaving a state always drops its preview, so whatever ends a
gesture (Esc, lost focus, a deletion by another hand) leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bpstudio.core.graph import GraphError, Patch
from bpstudio.ui.canvas.tools.events import EMPTY, SLOP, PointerEvent, Stage


class State:
    """A gesture: what each event means while it lasts. Every answer defaults to none."""

    looks = True
    """Whether moves need to know what is under the pointer."""
    keeps_through_edits = False
    """Whether a patch from elsewhere leaves the gesture sound."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.stage: Stage = tools.stage

    def enter(self) -> None: ...
    def exit(self) -> None: ...
    def press(self, event: PointerEvent) -> None: ...
    def move(self, event: PointerEvent) -> None: ...
    def release(self, event: PointerEvent) -> None: ...
    def keyup(self, event: PointerEvent) -> None: ...

    def double(self, event: PointerEvent) -> None:
        """A second press soon after the first is a press, unless a state knows better."""
        self.press(event)

    def key(self, event: PointerEvent) -> None:
        if event.key == "Escape":
            self.cancel(event)

    def cancel(self, event: PointerEvent) -> None:
        self.tools.rest()

    def wheel(self, event: PointerEvent) -> None:
        """Two fingers pan; a wheel or a pinch zooms at the pointer, whatever the gesture."""
        if event.scale != 1.0:
            self.stage.zoom(event.scale, event.screen)
        elif event.pixels and not event.ctrl:
            self.stage.pan(*event.delta)
        else:
            turn = event.delta[1] / 40 if event.pixels else event.delta[1]
            self.stage.zoom(1.2 ** max(-8.0, min(8.0, turn)), event.screen)

    def attempt(self, edit: Callable[..., Patch], *args: Any, **named: Any) -> Patch | None:
        """The edit's patch on the graph as it is; a refusal is said and answers None."""
        try:
            return edit(self.stage.graph, *args, **named)
        except GraphError as error:
            self.stage.refuse(str(error))
            return None


class Tools:
    """The state machine. `rest` goes back to the state it began with (or the mode chosen)."""

    def __init__(self, stage: Stage, resting: Callable[[Tools], State]) -> None:
        self.stage = stage
        self._resting = resting
        self.state = resting(self)
        self.state.enter()

    @property
    def busy(self) -> bool:
        """Whether a gesture is under way."""
        return not isinstance(self.state, type(self._resting(self)))

    def feed(self, event: PointerEvent) -> None:
        """Let the current state answer one event."""
        getattr(self.state, event.kind)(event)

    def go(self, state: State) -> None:
        """Leave the current state, its preview with it, and enter another."""
        self.state.exit()
        self.stage.show(EMPTY)
        self.state = state
        state.enter()

    def rest(self) -> None:
        self.go(self._resting(self))

    def graph_changed(self) -> None:
        """The graph changed by another hand: a gesture that stands on it is dropped."""
        if self.busy and not self.state.keeps_through_edits:
            self.rest()


class Pressed(State):
    """The button is down and it is not yet decided: click or drag. Decided once."""

    def __init__(
        self,
        tools: Tools,
        origin: PointerEvent,
        *,
        click: Callable[[PointerEvent], None],
        drag: Callable[[PointerEvent], State],
    ) -> None:
        super().__init__(tools)
        self.origin, self._click, self._drag = origin, click, drag

    def move(self, event: PointerEvent) -> None:
        (x, y), (x0, y0) = event.screen, self.origin.screen
        if (x - x0) ** 2 + (y - y0) ** 2 > SLOP[self.origin.device] ** 2:
            self.tools.go(self._drag(self.origin))
            self.tools.feed(event)

    def release(self, event: PointerEvent) -> None:
        self.tools.rest()
        # What was pressed counts: within the slop the pointer may have left it.
        self._click(self.origin)
