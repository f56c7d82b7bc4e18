"""The graph as a value: frozen items in tables, and `apply`, which answers the graph after a patch.

The new graph shares all it can with the old one. What the tables hold, and the errors that a
refused edit raises, are defined in items.py and known from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from bpstudio.core.items import (
    NOTHING,
    BadGroup,
    BadId,
    BadKind,
    BadParam,
    BadText,
    Change,
    GraphError,
    Group,
    Item,
    Kind,
    LoopError,
    Node,
    Note,
    Option,
    Patch,
    Point,
    PortTaken,
    Scalar,
    Seed,
    SelfWire,
    Setting,
    StalePatch,
    UnknownGate,
    UnknownItem,
    UnknownPort,
    Wire,
)
from bpstudio.core.settings import SETTINGS
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.core.gate import Gate

__all__ = [
    "NOTHING",
    "BadGroup",
    "BadId",
    "BadKind",
    "BadParam",
    "BadText",
    "Change",
    "Graph",
    "GraphError",
    "Group",
    "Item",
    "Kind",
    "LoopError",
    "Node",
    "Note",
    "Option",
    "Patch",
    "Point",
    "PortTaken",
    "Scalar",
    "Seed",
    "SelfWire",
    "Setting",
    "StalePatch",
    "UnknownGate",
    "UnknownItem",
    "UnknownPort",
    "Wire",
]


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

    def _has(self, key: str) -> bool:
        """Whether an item may have this id: what a paste asks for a hundred thousand new ones."""
        return (
            key in self.nodes
            or key in self.wires
            or key in self.groups
            or key in self.notes
            or key in self.kinds
            or " " in key
        )

    @property
    def gates(self) -> Mapping[str, Gate]:
        """Every gate that a node here can be, by key: the table's, under the policy that is set
        for ties, then the graph's own kinds."""
        if self._gates is None:
            self._gates = self._all_gates()
        return self._gates

    def gate(self, what: Node | str) -> Gate | None:
        """The gate of a node, or of a gate's key; None for one that this version lacks."""
        return self.gates.get(what if isinstance(what, str) else what.gate)

    def _all_gates(self) -> Mapping[str, Gate]:
        if not self.kinds and not self.settings:
            from bpstudio.core.gates import GATES

            return GATES
        from bpstudio.core.own import gates_for

        return gates_for(self.kinds, str(self.setting("ties")))

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
            if before is None and not self._has(key):
                continue
            found = self.get(key)
            if found is not before and found != before:
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
                # Not setdefault: it makes a dict for every wire, and throws most of them away.
                if (ports := into.get(wire.target)) is not None:
                    ports[wire.port] = wire.id
                else:
                    into[wire.target] = {wire.port: wire.id}
                if (ids := out.get(wire.source)) is not None:
                    ids.append(wire.id)
                else:
                    out[wire.source] = [wire.id]
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
