"""What gestures are told and what they may do: the border between the state machine and Qt.

The canvas turns Qt events into PointerEvents; a state answers through Stage and describes its
preview as one Overlay value. Nothing here knows Qt, so gestures are tested without a window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bpstudio.core.graph import Graph, Patch, Point
from bpstudio.core.guides import Line

Rect = tuple[float, float, float, float]
"""left, top, right, bottom in scene pixels, normalized."""

Kind = Literal["press", "move", "release", "double", "cancel", "key", "keyup", "wheel"]
Device = Literal["mouse", "touch", "pen"]
Modifier = Literal["shift", "ctrl", "alt"]
Part = (
    Literal["canvas", "node", "name", "value", "badge", "input", "output", "wire", "note", "group"]
    | Literal["box", "dot"]
)

SLOP: dict[Device, float] = {"mouse": 6.0, "pen": 6.0, "touch": 10.0}
"""Screen pixels a pressed pointer may wander before the press is a drag."""
BODY: frozenset[Part] = frozenset({"node", "name", "value", "badge"})
"""The parts that are all one gate's body to a gesture that looks for a gate."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the pointer: a part, the id of its node, wire or note, and its port.

    A "box" is a collapsed group; of a "dot" `id` is its wire and `port` its number.
    `end` is "source" or "target" where a wire was hit within reach of that end.
    """

    part: Part = "canvas"
    id: str = ""
    port: str = ""
    end: Literal["", "source", "target"] = ""


NOWHERE = Hit()


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """One thing the pointer or a key did. `scene` and `screen` are the same point, twice.

    For a wheel, `delta` is the turn in notches (120 of Qt's units each) or, when `pixels`, the
    way two fingers went in screen pixels; `scale` is a pinch's factor.
    """

    kind: Kind
    scene: Point = (0.0, 0.0)
    screen: Point = (0.0, 0.0)
    modifiers: frozenset[Modifier] = frozenset()
    device: Device = "mouse"
    hit: Hit = NOWHERE
    button: Literal["", "left", "middle", "right"] = ""
    key: str = ""
    delta: Point = (0.0, 0.0)
    pixels: bool = False
    scale: float = 1.0

    @property
    def shift(self) -> bool:
        return "shift" in self.modifiers

    @property
    def ctrl(self) -> bool:
        return "ctrl" in self.modifiers

    @property
    def alt(self) -> bool:
        return "alt" in self.modifiers


@dataclass(frozen=True, slots=True)
class Overlay:
    """All that a gesture draws above the graph; the empty one draws nothing."""

    band: Rect | None = None
    picked: frozenset[str] = frozenset()
    """Ids outlined as if selected while a rubber band grows."""
    rubber: tuple[Point, Point] | None = None
    """A wire in the making, from its output end to its input end."""
    allowed: bool = False
    """Whether letting go now would connect."""
    refused: bool = False
    forbidden: frozenset[str] = frozenset()
    """Nodes that may not take the wire in the making: drawn faint."""
    lit: Literal["", "inputs", "outputs"] = ""
    """Which ports of the nodes that are not forbidden light up."""
    aim: tuple[str, str] | None = None
    """The node and port ("" for its output) that the wire would snap to."""
    hidden: frozenset[str] = frozenset()
    """Wires drawn as if they were gone."""
    splice: str = ""
    """The wire that would take the dropped gate in."""
    ghost: tuple[str, Point] | None = None
    """A gate key and the centre where it would be placed."""
    lines: tuple[Line, ...] = ()
    """Guides along which what moves has locked in."""
    copies: tuple[Rect, ...] = ()
    """Bodies of the copies that letting go would make."""
    into: Rect | None = None
    """The group that would take what moves in."""
    stroke: tuple[Point, ...] = ()
    """The way of a knife."""
    doomed: frozenset[str] = frozenset()
    """Wires that it would cut: dashed red."""
    sentence: str = ""
    """Words at the pointer."""
    at: Point = (0.0, 0.0)
    """Where the pointer is, in scene pixels."""
    cursor: Literal["", "hand", "grab", "move", "scrub", "cross", "forbidden"] = ""


EMPTY = Overlay()


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around things that are about to move, and what goes with them.

    rect    the hull of what moves, None for nothing
    bodies  the bodies of all that moves
    boxes   (n, 4) the bodies of what stands, in view
    wires   (k, 4) of each wire between the two: the height of the end that moves, of the other, and
            where the two are along x
    homes   groups that could take it in: id and frame, innermost first
    """

    rect: Rect | None = None
    bodies: tuple[Rect, ...] = ()
    boxes: Any = ()
    wires: Any = ()
    homes: tuple[tuple[str, Rect], ...] = ()


@dataclass(frozen=True, slots=True)
class Want:
    """What a quick-add list should offer and do: gates whose keys are in `keys` (None for all).

    `chosen` is called with the gate's key, and the value where a number was typed. `rubber` stays
    drawn while the list is open. With `ports`, unlike ports of a gate are offered one by one, and
    `chosen` is called with the one that was taken.
    """

    scene: Point
    chosen: Callable[..., None]
    keys: frozenset[str] | None = None
    title: str = ""
    typed: str = ""
    rubber: tuple[Point, Point] | None = field(default=None)
    ports: bool = False


class Stage(Protocol):
    """What gestures may see and do. GraphCanvas is one; tests bring a small one of their own."""

    @property
    def graph(self) -> Graph: ...
    @property
    def selection(self) -> frozenset[str]: ...
    @property
    def scale(self) -> float: ...
    @property
    def sample(self) -> int:
        """The sample of a batch that is shown; -1 where the mean or the spread is."""

    def select(self, ids: Iterable[str]) -> None: ...
    def do(self, patch: Patch, merge: str | None = None) -> None: ...
    def preview(self, patch: Patch | None) -> None:
        """Show a patch with its numbers but without history; None drops it."""

    def shift(self, ids: Iterable[str], dx: float, dy: float, *, leaving: bool = False) -> None:
        """Show these nodes and notes that far from where they are; no ids puts all back.

        `leaving` shows the frames of their groups without them.
        """

    def show(self, overlay: Overlay) -> None: ...
    def say(self, sentence: str) -> None: ...
    def refuse(self, sentence: str) -> None:
        """Say why not, at the pointer, for two seconds."""

    def inside(self, rect: Rect) -> frozenset[str]:
        """Ids of the nodes and notes that the rectangle touches."""

    def port_at(self, node: str, port: str) -> Point:
        """Where a port sits; "" is the output."""

    def around(self, ids: Iterable[str]) -> Around:
        """What stands around these nodes and notes, which are about to move."""

    def lead(self, wire: str, dots: tuple[Point, ...]) -> None:
        """Show a wire led through these dots; "" shows all as they are."""

    def crossed(self, start: Point, end: Point) -> list[str]:
        """The wires that a straight stroke crosses."""

    def hit(self, scene: Point, device: Device = "mouse") -> Hit: ...
    def wire_at(self, scene: Point) -> str:
        """The wire under a point, whatever covers it; "" for none."""

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by screen pixels."""

    def zoom(self, factor: float, screen: Point) -> None: ...
    def quick_add_for(self, want: Want) -> None: ...
    def edit_value(self, node: str) -> None: ...
    def rename(self, item: str) -> None: ...
    def placing(self, gate: str) -> None:
        """A gate hangs at the pointer now; "" when none does any more."""

    def run(self, command: str) -> None:
        """One of the canvas's own commands by name, for keys that have no gesture."""
