"""The graph as a value, and the Patch that changes it.

Graph and everything in it is frozen: `apply` answers a new graph that shares all it can with the
old one. A Patch maps id -> (before, after), so turning it round undoes it exactly. Nodes, wires,
groups, notes and own kinds of gates share one space of ids; a seed's patch id is its node's behind
a word and a space, which no user's id can hold, and a setting's is its name behind another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bpstudio.core.settings import SETTINGS
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.core.gate import Gate

Point = tuple[float, float]
"""Scene pixels, x to the right and y down; a node's `at` is the centre of its body."""

Scalar = float | bool | tuple[float, ...]
"""What a parameter may be; a tuple is an input's batch, one number per sample."""
Option = str | float | bool
"""What a setting may be."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


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


class StalePatch(GraphError):
    """A patch whose `before` is not what the graph holds."""


@dataclass(frozen=True, slots=True)
class Node:
    """A gate placed on the canvas, params as Scalar; `extra` keeps what a later version wrote."""

    id: str
    gate: str
    at: Point = (0.0, 0.0)
    params: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    group: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it: the label or, where it has none, the id."""
        return self.label or self.id


@dataclass(frozen=True, slots=True)
class Wire:
    """From the output of `source` into the input `port` of `target` (both node ids)."""

    id: str
    source: str
    target: str
    port: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """A titled set of nodes and groups; members name it in their `group`."""

    id: str
    title: str = ""
    collapsed: bool = False
    group: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Plain text on the canvas; `at` is its top left corner, `size` its width and height."""

    id: str
    text: str = ""
    at: Point = (0.0, 0.0)
    size: Point = (200.0, 80.0)
    extra: Mapping[str, Any] = field(default_factory=dict)


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

    def __bool__(self) -> bool:
        return bool(self.changes)

    def inverse(self) -> Patch:
        """The patch that takes this one back."""
        return Patch(self.label, {key: (b, a) for key, (a, b) in self.changes.items()})

    def then(self, later: Patch, label: str | None = None) -> Patch:
        """This patch and a later one as one; ids that end as they began drop out."""
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
        for change in self.changes.values():
            if isinstance(change[0] if change[0] is not None else change[1], kind):
                yield change


@dataclass(frozen=True, slots=True)
class _Index:
    """Who is wired to whom: target -> {port: wire id}, source -> (wire ids)."""

    into: dict[str, dict[str, str]]
    out: dict[str, tuple[str, ...]]


class Graph:
    """Nodes, wires, groups, notes, seeds, own kinds and settings: equal where all of these are."""

    __slots__ = (
        *("_gates", "_high", "_wiring"),
        *("groups", "kinds", "nodes", "notes", "seeds", "settings", "wires"),
    )

    nodes: Mapping[str, Node]
    wires: Mapping[str, Wire]
    groups: Mapping[str, Group]
    notes: Mapping[str, Note]
    seeds: Mapping[str, float]
    kinds: Mapping[str, Kind]
    settings: Mapping[str, Option]

    def __init__(
        self,
        nodes: Iterable[Node] = (),
        wires: Iterable[Wire] = (),
        groups: Iterable[Group] = (),
        notes: Iterable[Note] = (),
        seeds: Mapping[str, float] = NOTHING,
        kinds: Iterable[Kind] = (),
        settings: Mapping[str, Option] = NOTHING,
    ) -> None:
        self.nodes = {n.id: n for n in nodes}
        self.wires = {w.id: w for w in wires}
        self.groups = {g.id: g for g in groups}
        self.notes = {n.id: n for n in notes}
        self.seeds = dict(seeds)
        self.kinds = {k.id: k for k in kinds}
        self.settings = dict(settings)
        self._gates: Mapping[str, Gate] | None = None
        self._wiring: _Index | None = None
        # The highest number each id prefix has ever had here, so that ids are never used again.
        self._high: dict[str, int] | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        return (
            self.nodes == other.nodes
            and self.wires == other.wires
            and self.groups == other.groups
            and self.notes == other.notes
            and self.seeds == other.seeds
            and self.kinds == other.kinds
            and self.settings == other.settings
        )

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return bool(self.nodes or self.groups or self.notes)

    def __repr__(self) -> str:
        return f"<Graph of {len(self.nodes)} nodes and {len(self.wires)} wires>"

    # --- asking -----------------------------------------------------------------------------

    def get(self, key: str) -> Item | None:
        """The item with this id (or the patch id of a seed or setting), None for none."""
        for table in (self.nodes, self.wires, self.groups, self.notes, self.kinds):
            if (item := table.get(key)) is not None:
                return item
        word, _, name = key.partition(" ")
        if word == "seed" and name in self.seeds:
            return Seed(name, self.seeds[name])
        if word == "setting" and name in self.settings:
            return Setting(name, self.settings[name])
        return None

    @property
    def gates(self) -> Mapping[str, Gate]:
        """Every gate that a node here can be, by key: the table's, under the policy that is set
        for ties, then the graph's own kinds."""
        if self._gates is None:
            from bpstudio.core.own import gates_for

            self._gates = gates_for(self.kinds, str(self.setting("ties")))
        return self._gates

    def gate(self, what: Node | str) -> Gate | None:
        """The gate of a node, or of a gate's key; None for one that this version lacks."""
        return self.gates.get(what if isinstance(what, str) else what.gate)

    def setting(self, name: str) -> Option:
        """What is set for a name of SETTINGS, else its default."""
        return self.settings.get(name, SETTINGS[name].default)

    def into(self, node: str) -> Mapping[str, str]:
        """The wires that end at a node: port -> wire id."""
        return self._index().into.get(node, NOTHING)

    def out_of(self, node: str) -> tuple[str, ...]:
        """The ids of the wires that start at a node."""
        return self._index().out.get(node, ())

    def path(self, start: str, goal: str) -> tuple[str, ...]:
        """Node ids along the wires from start to goal, () where none leads there."""
        came: dict[str, str] = {start: ""}
        todo = [start]
        while todo:
            at = todo.pop()
            if at == goal:
                way = [at]
                while came[way[-1]]:
                    way.append(came[way[-1]])
                return tuple(reversed(way))
            for wire in self.out_of(at):
                target = self.wires[wire].target
                if target not in came:
                    came[target] = at
                    todo.append(target)
        return ()

    def downstream(self, node: str) -> frozenset[str]:
        """The node and all that depends on it."""
        return self._reach(node, lambda n: (self.wires[w].target for w in self.out_of(n)))

    def upstream(self, node: str) -> frozenset[str]:
        """The node and all that it depends on."""
        return self._reach(node, lambda n: (self.wires[w].source for w in self.into(n).values()))

    def named(self, name: str) -> tuple[str, ...]:
        """The ids of the nodes with this label or, where there are none, this id."""
        labelled = tuple(n.id for n in self.nodes.values() if n.label == name)
        return labelled or ((name,) if name in self.nodes and not self.nodes[name].label else ())

    def members(self, group: str) -> Iterator[Node | Group]:
        """The nodes and groups directly inside a group."""
        yield from (n for n in self.nodes.values() if n.group == group)
        yield from (g for g in self.groups.values() if g.group == group)

    def fresh(self, prefix: str, besides: Iterable[str] = ()) -> str:
        """An id `prefix` + number that nothing here has or ever had, and that is not in besides."""
        taken = set(besides)
        high = self._highest().get(prefix, 0)
        return next(i for n in count(high + 1) if (i := f"{prefix}{n}") not in taken)

    def unused(self, key: str) -> bool:
        """Whether nothing here has or ever had this id."""
        prefix, number = _split(key)
        return number > self._highest().get(prefix, -1)

    # --- changing ---------------------------------------------------------------------------

    def apply(self, patch: Patch) -> Graph:
        """The graph after the patch. Raises StalePatch and changes nothing when it does not fit."""
        for key, (before, _) in patch.changes.items():
            if self.get(key) != before:
                raise StalePatch(
                    tr("“{label}” does not fit: {id} has changed since.", label=patch.label, id=key)
                )
        after = Graph.__new__(Graph)
        touched = {type(item) for change in patch.changes.values() for item in change}
        tables: dict[type, dict[str, Any]] = {}
        for kind, name in _TABLES.items():
            table = getattr(self, name)
            if kind in touched:
                table = tables[kind] = dict(table)
            setattr(after, name, table)
        for old, new in patch.changes.values():
            if old is not None and type(old) is not type(new):
                tables[type(old)].pop(_key(old))
            if new is not None:
                tables[type(new)][_key(new)] = new.value if isinstance(new, Seed | Setting) else new
        after._gates = None if touched & {Kind, Setting} else self._gates
        after._wiring = self._rewired(patch) if Wire in tables else self._wiring
        after._high = self._highest()
        born = [key for key, (old, _) in patch.changes.items() if old is None]
        if born:
            after._high = dict(after._high)
            for key in born:
                _raise(after._high, key)
        return after

    def _index(self) -> _Index:
        if self._wiring is None:
            into: dict[str, dict[str, str]] = {}
            out: dict[str, list[str]] = {}
            for wire in self.wires.values():
                into.setdefault(wire.target, {})[wire.port] = wire.id
                out.setdefault(wire.source, []).append(wire.id)
            self._wiring = _Index(into, {key: tuple(ids) for key, ids in out.items()})
        return self._wiring

    def _rewired(self, patch: Patch) -> _Index | None:
        if self._wiring is None:
            return None
        into, out = dict(self._wiring.into), dict(self._wiring.out)
        copied: set[str] = set()

        def ports(target: str) -> dict[str, str]:
            if target not in copied:
                into[target] = dict(into.get(target, NOTHING))
                copied.add(target)
            return into[target]

        for old, _ in patch.changes.values():
            if isinstance(old, Wire):
                ports(old.target).pop(old.port, None)
                out[old.source] = tuple(w for w in out[old.source] if w != old.id)
        for _, new in patch.changes.values():
            if isinstance(new, Wire):
                ports(new.target)[new.port] = new.id
                out[new.source] = (*out.get(new.source, ()), new.id)
        return _Index(into, out)

    def _reach(self, start: str, follow: Any) -> frozenset[str]:
        seen = {start}
        todo = [start]
        while todo:
            fresh = [n for n in follow(todo.pop()) if n not in seen]
            seen.update(fresh)
            todo.extend(fresh)
        return frozenset(seen)

    def _highest(self) -> dict[str, int]:
        if self._high is None:
            high: dict[str, int] = {}
            for table in (self.nodes, self.wires, self.groups, self.notes, self.kinds):
                for key in table:
                    _raise(high, key)
            self._high = high
        return self._high


_TABLES: dict[type, str] = {
    Node: "nodes",
    Wire: "wires",
    Group: "groups",
    Note: "notes",
    Seed: "seeds",
    Kind: "kinds",
    Setting: "settings",
}


def _key(item: Item) -> str:
    """What its table knows an item by."""
    if isinstance(item, Seed):
        return item.node
    return item.name if isinstance(item, Setting) else item.id


def _split(key: str) -> tuple[str, int]:
    """An id as prefix and number; a bare word has the number 0."""
    prefix = key.rstrip("0123456789")
    digits = key[len(prefix) :]
    # "x007" must not count as number 7 of x: its own prefix keeps it apart.
    if not digits or len(digits) > 9 or (digits[0] == "0" and digits != "0"):
        return key, 0
    return prefix, int(digits)


def _raise(high: dict[str, int], key: str) -> None:
    prefix, number = _split(key)
    if number > high.get(prefix, -1):
        high[prefix] = number
