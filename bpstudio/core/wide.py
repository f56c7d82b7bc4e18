"""The array tier: whole levels at a time, for any graph and any batch.

Forward, per level: one gather of all inputs, then one call per group. Local gradients: all wires of
one gate in one call, over the whole graph at once. Backward is linear, so a level is a gather, a
product and a scatter that adds. This tier takes every shape and every number; the others are
shortcuts that must agree with it.

A `Desk` is the working memory for one wiring and one batch size, with all views cut beforehand
(cutting a view costs as much as adding a hundred numbers). Two runs never share a desk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bpstudio.core.gate import Array, Gate, growing_ports
from bpstudio.core.gates.compute import (
    local_function,
    local_names,
    local_needs,
    single_ufunc,
    value_function,
)
from bpstudio.core.order import Rows, ranges
from bpstudio.core.wiring import Wiring

Call = tuple[Any, tuple[Any, ...], Array | None]
"""What computes a group, what it is called with, and where its result goes; None for a ufunc, which
takes that as its last argument."""


Recipe = tuple[Any, list[int | str] | None]
"""What computes a kind's groups, and what a ufunc takes: numbers of ports, names of params."""

Nudge = Callable[[int, Array], None]


@dataclass(frozen=True, slots=True)
class Level:
    """One level's wires as rows and as views of a desk's arrays, and the calls of its groups."""

    source: Rows
    target: Rows
    inputs: Array
    local: Array
    wire_grad: Array
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Kind:
    """All nodes of one gate with one count of inputs, over the whole graph.

    They are rows start..stop-1 in gate order (see `Kinds`), their wires begin at `wires` there.
    """

    gate: Gate
    arity: int
    start: int
    stop: int
    wires: int
    params: dict[str, int]
    """param -> where its numbers begin in the plan's `numbers`, one per node"""

    def slots(self) -> list[slice]:
        size = self.stop - self.start
        return [
            slice(self.wires + p * size, self.wires + (p + 1) * size) for p in range(self.arity)
        ]


class Kinds:
    """Known gates (not sources) and their wires sorted by gate first: (gate, inputs, level, …)."""

    def __init__(self, wiring: Wiring) -> None:
        cuts = wiring.cuts[wiring.cuts[:, 3] > 0]
        cuts = cuts[np.lexsort((cuts[:, 0], cuts[:, 3], cuts[:, 2]))]
        size = cuts[:, 1] - cuts[:, 0]
        self.nodes: Rows = ranges(cuts[:, 0], cuts[:, 1])
        """row of each node, in gate order"""
        self.place: Rows = np.full(wiring.count, -1, np.int64)
        """the place in gate order of each row; -1 for a source"""
        self.place[self.nodes] = np.arange(self.nodes.size)
        self.all: list[Kind] = []
        slots = self._cut(wiring, cuts, size)
        self.wires: Rows = np.concatenate([np.zeros(0, np.int64), *slots])
        """row of each wire, in gate order: (gate, inputs, port, level, …)"""

    def _cut(self, wiring: Wiring, cuts: Rows, size: Rows) -> list[Rows]:
        """Fill `all`; answer the rows of the wires of each kind's ports, one after the other."""
        table, slots = wiring.table, list[Rows]()
        node = wire = number = 0
        of_node = np.zeros(self.nodes.size, np.int64)
        changes = (np.diff(cuts[:, 2:4], axis=0) != 0).any(axis=1)
        bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), len(cuts)] if len(cuts) else []
        for first, last in pairwise(bounds):
            code, arity = cuts[first, 2:4].tolist()
            count = int(size[first:last].sum())
            names = numbers_of(table[code])
            params = {name: number + i * count for i, name in enumerate(names)}
            of_node[node : node + count] = len(self.all)
            self.all.append(Kind(table[code], arity, node, node + count, wire, params))
            for port in range(arity):
                start = cuts[first:last, 4] + port * size[first:last]
                slots.append(ranges(start, start + size[first:last]))
            node, wire, number = node + count, wire + count * arity, number + count * len(names)
        self.kind_of = of_node
        """place -> the place of its kind in `all`"""
        self.numbers = number
        return slots

    def kind_at(self, row: int) -> Kind:
        """The kind of a known gate's row."""
        return self.all[int(self.kind_of[self.place[row]])]


@dataclass(frozen=True, slots=True)
class Slopes:
    """How the local gradients of a whole graph are found, kind after kind.

    fixed     kinds whose local gradients depend on their params only
    moved     wire rows and the rows of the nodes whose values are their local gradients
    computed  the other kinds: their nodes' rows, and per port the rows of wires and of sources
    """

    fixed: tuple[Kind, ...]
    moved: tuple[Rows, Rows]
    computed: tuple[tuple[Kind, Rows, list[Rows], list[Rows]], ...]

    @classmethod
    def of(cls, wiring: Wiring, kinds: Kinds) -> Slopes:
        fixed, computed = [], []
        to, start = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for kind in kinds.all:
            nodes, names = kinds.nodes[kind.start : kind.stop], local_names(kind.gate, kind.arity)
            needs = local_needs(kind.gate, kind.arity)
            wires = [kinds.wires[slot] for slot in kind.slots()]
            sources = [wiring.source[rows] for rows in wires]
            if needs is not None and kind.params.keys() >= set(needs):
                fixed.append(kind)
            elif names is not None:
                rows = dict(zip(ports_of(kind.gate, kind.arity), sources, strict=True))
                to += wires
                start += [rows.get(name, nodes) for name in names]
            else:
                computed.append((kind, nodes, wires, sources))
        moved = (np.concatenate(to), np.concatenate(start))
        return cls(tuple(fixed), moved, tuple(computed))


def slopes_of(wiring: Wiring) -> Slopes:
    """How the wiring's local gradients are found; made once."""
    if "slopes" not in wiring.cache:
        wiring.cache["slopes"] = Slopes.of(wiring, kinds_of(wiring))
    slopes: Slopes = wiring.cache["slopes"]
    return slopes


def kinds_of(wiring: Wiring) -> Kinds:
    """The wiring's gates sorted by kind; made once."""
    if "kinds" not in wiring.cache:
        wiring.cache["kinds"] = Kinds(wiring)
    kinds: Kinds = wiring.cache["kinds"]
    return kinds


def numbers_of(gate: Gate) -> tuple[str, ...]:
    """The params that the gate's formula may read; the count of its inputs is not one of them."""
    if gate.is_source:
        return ()
    return tuple(k for k, v in gate.params.items() if k != "inputs" and not isinstance(v, bool))


class Desk:
    """Working arrays for one batch size; 1-D for a batch of one, else (rows, batch)."""

    def __init__(self, wiring: Wiring, batch: int) -> None:
        self.wiring, self.batch = wiring, batch
        self.kinds = kinds_of(wiring)
        tail = () if batch == 1 else (batch,)
        wires = wiring.wire_count
        self.value = np.zeros((wiring.count, *tail))
        self.grad = np.zeros((wiring.count, *tail))
        self.inputs = np.zeros((wires, *tail))
        self.local = np.zeros((wires, *tail))
        self.wire_grad = np.zeros((wires, *tail))
        self.numbers = np.zeros(self.kinds.numbers)
        self.loaded: Array | None = None
        """where the numbers came from; what is made from them alone is on the desk already"""
        self.has_fixed = False
        self._levels: dict[int, Level] = {}
        self._recipes: dict[int, Recipe] = {}

    def load(self, numbers: Array) -> None:
        """Put the params there, which are never changed in place."""
        if self.loaded is not numbers:
            self.numbers[...] = numbers
            self.loaded, self.has_fixed = numbers, False

    def level(self, level: int) -> Level:
        """The views of one level, cut at its first run: a long chain never asks for them."""
        if level not in self._levels:
            self._levels[level] = self._cut(level)
        return self._levels[level]

    def params(self, kind: Kind, start: int, stop: int) -> dict[str, Array]:
        """Views of the params of the kind's nodes at places start..stop-1."""
        shift = [(k, v - kind.start) for k, v in kind.params.items()]
        views = {k: self.numbers[v + start : v + stop] for k, v in shift}
        return views if self.batch == 1 else {k: v[:, None] for k, v in views.items()}

    def _cut(self, level: int) -> Level:
        wiring = self.wiring
        calls: list[Call] = []
        for group in wiring.groups(level):
            kind = self.kinds.kind_at(group.start)
            place = int(self.kinds.place[group.start])
            inputs = tuple(self.inputs[s] for s in group.slots())
            params = self.params(kind, place, place + group.size)
            code = int(self.kinds.kind_of[place])
            if code not in self._recipes:
                self._recipes[code] = _recipe(kind)
            recipe = self._recipes[code]
            calls.append(_call(recipe, inputs, params, self.value[group.start : group.stop]))
        wires = slice(*wiring.level_wires[level : level + 2])
        return Level(
            wiring.source[wires],
            wiring.target[wires],
            self.inputs[wires],
            self.local[wires],
            self.wire_grad[wires],
            calls,
        )


def _recipe(kind: Kind) -> Recipe:
    """How a kind's groups are computed; the same on all levels."""
    single = single_ufunc(kind.gate, kind.arity)
    if single is None:
        return value_function(kind.gate, kind.arity), None
    ports = ports_of(kind.gate, kind.arity)
    return writing(single[0]), [ports.index(n) if n in ports else n for n in single[1]]


def _call(recipe: Recipe, inputs: tuple[Array, ...], params: dict[str, Array], out: Array) -> Call:
    function, order = recipe
    if order is None:
        return function, (inputs, params), out
    given = [params[n] if isinstance(n, str) else inputs[n] for n in order]
    return function, (*given, out), None


def writing(function: Any) -> Callable[..., Any]:
    """The ufunc as a call whose last argument is where the result goes."""
    if function not in (np.maximum, np.minimum):
        return function  # type: ignore[no-any-return]
    # NumPy wants theirs named.
    return lambda *arguments: function(*arguments[:-1], out=arguments[-1])


def ports_of(gate: Gate, arity: int) -> tuple[str, ...]:
    """The names of a gate's ports where it has this many."""
    return growing_ports(arity) if gate.grows else gate.inputs


def forward(desk: Desk, levels: range, nudge: Nudge | None = None) -> None:
    """The values of these levels. `nudge(level, inputs)` may change a level's inputs first."""
    # Arguments by place all through: naming them costs a small call a fifth of its time.
    take = desk.value.take
    for number in levels:
        level = desk.level(number)
        take(level.source, 0, level.inputs, "clip")
        if nudge is not None:
            nudge(number, level.inputs)
        for function, arguments, out in level.calls:
            if out is None:
                function(*arguments)
            else:
                out[...] = function(*arguments)


def locals_of(desk: Desk) -> None:
    """The local gradient of every wire, one call per kind of gate that has to compute it."""
    slopes, value, local = slopes_of(desk.wiring), desk.value, desk.local
    if not desk.has_fixed:
        for kind in slopes.fixed:
            params = desk.params(kind, kind.start, kind.stop)
            nothing: Any = (None,) * kind.arity
            results = local_function(kind.gate, kind.arity)(nothing, params, nothing)
            for slot, result in zip(kind.slots(), results, strict=True):
                local[desk.kinds.wires[slot]] = result
        desk.has_fixed = True
    wires, nodes = slopes.moved
    local[wires] = value.take(nodes, 0, None, "clip")
    for kind, rows, ports, sources in slopes.computed:
        params = desk.params(kind, kind.start, kind.stop)
        inputs = tuple([value.take(source, 0, None, "clip") for source in sources])
        own = value.take(rows, 0, None, "clip")
        results = local_function(kind.gate, kind.arity)(inputs, params, own)
        for wires, result in zip(ports, results, strict=True):
            local[wires] = result


def backward(desk: Desk, levels: range) -> None:
    """The gradients of the wires into these levels, added up at their sources; last level first."""
    grad = desk.grad
    take, multiply = grad.take, np.multiply
    for number in reversed(levels):
        level = desk.level(number)
        carried = level.wire_grad
        take(level.target, 0, carried, "clip")
        multiply(carried, level.local, carried)
        add_rows(grad, level.source, carried)


def add_rows(total: Array, rows: Rows, parts: Array) -> None:
    """total[rows] += parts, rows that occur twice added twice, in order."""
    if total.ndim == 1:
        np.add.at(total, rows, parts)
        return
    # add.at is fast on flat arrays only: 4 times as slow on rows as on the numbers in them.
    batch = total.shape[1]
    flat = (rows[:, None] * batch + np.arange(batch)).ravel()
    np.add.at(total.reshape(-1), flat, parts.reshape(-1))
