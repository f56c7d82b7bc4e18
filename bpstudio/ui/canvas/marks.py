"""What the canvas widget adds to a gesture's overlay: hover, keyboard focus, words, the dot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """All of it; NO_MARKS draws nothing.

    hover    id of the node or wire under the pointer
    focus    id of the item that the keyboard is at
    port     with `focus`: the port that the keyboard is at ("" for the output), None for none
    tooltip  exact digits, shown at `at` (scene px)
    refusal  a sentence, shown at `at`: why not
    phase    where the travelling dot is, 0 to 1 on its way along the active wires; None for none
    """

    hover: str = ""
    focus: str = ""
    port: str | None = None
    tooltip: str = ""
    refusal: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    phase: float | None = None


NO_MARKS = Marks()
