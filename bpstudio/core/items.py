"""What a graph is made of, the Patch that changes it, and what a refused edit raises.

Everything here is frozen. Nodes, wires, groups, notes and own kinds share one space of ids; a
seed's patch id is its node's behind a word and a space, which no user's id can hold, and a
setting's is its name behind another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bpstudio.language import N_

Point = tuple[float, float]
"""Scene pixels, x to the right and y down; a node's `at` is the centre of its body."""

Scalar = float | bool | tuple[float, ...]
"""What a parameter may be; a tuple is an input's batch, one number per sample."""
Option = str | float | bool
"""What a setting may be."""
NOTHING: Mapping[str, Any] = MappingProxyType({})
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "grey")
"""What a group or frame may be painted; the theme says which red."""
COLOUR_NAMES = {
    "": N_("No colour"),
    "red": N_("Red"),
    "orange": N_("Orange"),
    "yellow": N_("Yellow"),
    "green": N_("Green"),
    "blue": N_("Blue"),
    "purple": N_("Purple"),
    "grey": N_("Grey"),
}
"""What a group or frame may be painted -> its name (marked for translation)."""


class GraphError(Exception):
    """A refused edit. Its text is a whole, translated sentence for the user."""


class UnknownItem(GraphError):
    """An id that the graph does not hold."""


class UnknownGate(GraphError):
    """A gate key that the table does not hold."""


class UnknownPort(GraphError):
    """A port that the gate does not have."""


class PortTaken(GraphError):
    """An input port that already has its one wire."""


class LoopError(GraphError):
    """A wire that would make a value depend on itself; `loop` spells the node ids."""

    def __init__(self, sentence: str, loop: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.loop = loop


class SelfWire(LoopError):
    """A wire from a node to itself."""


class BadId(GraphError):
    """An id in use, used before, or written with characters an id may not have."""


class BadParam(GraphError):
    """A parameter that the gate does not have, or a value that it may not take."""


class BadText(GraphError):
    """A label, title or note that is too long or not text."""


class BadKind(GraphError):
    """A gate of one's own that cannot be: its name, its formula, or its being in use."""


class BadGroup(GraphError):
    """A group that cannot be: in itself, of an unknown colour, or with nothing in it."""


class StalePatch(GraphError):
    """A patch whose `before` is not what the graph holds."""


def _nothing() -> Mapping[str, Any]:
    # One for all: an empty dict for each of a million nodes and their wires is 200 MB.
    return NOTHING


@dataclass(frozen=True, slots=True)
class Node:
    """A gate placed on the canvas, params as Scalar; `extra` keeps what a later version wrote."""

    id: str
    gate: str
    at: Point = (0.0, 0.0)
    params: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    group: str = ""
    extra: Mapping[str, Any] = field(default_factory=_nothing)

    @property
    def name(self) -> str:
        """What people call it: the label or, where it has none, the id."""
        return self.label or self.id


@dataclass(frozen=True, slots=True)
class Wire:
    """From the output of `source` into the input `port` of `target` (both node ids).

    `dots` are the places that its drawing goes through, from source to target.
    """

    id: str
    source: str
    target: str
    port: str
    extra: Mapping[str, Any] = field(default_factory=_nothing)
    dots: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A titled set of nodes and groups; members name it in their `group`.

    A collapsed one is drawn as one box, see groups.py; `colour` is one of COLOURS or "".
    """

    id: str
    title: str = ""
    collapsed: bool = False
    group: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Plain text on the canvas; `at` is its top left corner, `size` its width and height.

    A `frame` is drawn beneath the gates as an open rectangle: `text` is its title, `colour` one of
    COLOURS or "", and it carries what stands in it, see standing.py.
    """

    id: str
    text: str = ""
    at: Point = (0.0, 0.0)
    size: Point = (200.0, 80.0)
    extra: Mapping[str, Any] = field(default_factory=dict)
    frame: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """The number put on a node's output before the backward pass."""

    node: str
    value: float

    @property
    def id(self) -> str:
        return f"seed {self.node}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A gate of one's own: what it computes as formula text over its ports' names.

    The ports are the formula's names in the order of the text; see core/own.py.
    """

    id: str
    title: str = ""
    formula: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for the whole graph, by a name of settings.SETTINGS; only where no default is."""

    name: str
    value: Option

    @property
    def id(self) -> str:
        return f"setting {self.name}"


Item = Node | Wire | Group | Note | Seed | Kind | Setting
Change = tuple[Item | None, Item | None]


@dataclass(frozen=True, slots=True)
class Patch:
    """One edit: `changes` maps id -> (before, after); None before is birth, None after is death."""

    label: str
    changes: Mapping[str, Change] = field(default_factory=dict)
    _by_kind: dict[type, list[Change]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __bool__(self) -> bool:
        return bool(self.changes)

    def inverse(self) -> Patch:
        """The patch that takes this one back."""
        return Patch(self.label, {key: (b, a) for key, (a, b) in self.changes.items()})

    def then(self, later: Patch, label: str | None = None) -> Patch:
        """This patch and a later one as one; ids that end as they began drop out."""
        if not self.changes:
            kept = {key: change for key, change in later.changes.items() if change[0] != change[1]}
            return Patch(self.label if label is None else label, kept)
        changes = dict(self.changes)
        for key, (before, after) in later.changes.items():
            first = changes[key][0] if key in changes else before
            if first == after:
                changes.pop(key, None)
            else:
                changes[key] = (first, after)
        return Patch(self.label if label is None else label, changes)

    def touched(self, kind: type[Item]) -> Iterator[Change]:
        """The changes to items of one kind."""
        if self._by_kind is None:
            # A dozen ask after every edit, and a paste may have a hundred thousand changes.
            found: dict[type, list[Change]] = {}
            for change in self.changes.values():
                item = change[0] if change[0] is not None else change[1]
                found.setdefault(type(item), []).append(change)
            object.__setattr__(self, "_by_kind", found)
        assert self._by_kind is not None
        return iter(self._by_kind.get(kind, ()))
