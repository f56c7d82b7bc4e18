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
from bpstudio.core.gates.compute import local_function, single_ufunc, value_function
from bpstudio.core.order import Rows, ranges
from bpstudio.core.wiring import Group, Wiring

Call = tuple[Any, tuple[Array, ...], dict[str, Array] | None, Array]
"""What computes a group, what it takes, and where the values go: a ufunc and all its arguments
where the params are None; else a function of (inputs by port, params)."""


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
        self._cut(wiring, cuts, size)
        count = wiring.wire_count
        kind = self.kind_of[self.place[wiring.target[:count]]]
        port = wiring.port[:count]
        self.wires: Rows = np.lexsort((wiring.target[:count], port, kind))
        """row of each wire, in gate order"""
        self.wire_place: Rows = np.empty(count, np.int64)
        self.wire_place[self.wires] = np.arange(count)
        self.source: Rows = wiring.source[self.wires]

    def _cut(self, wiring: Wiring, cuts: Rows, size: Rows) -> None:
        table = wiring.table
        node = wire = number = 0
        of_node = np.zeros(self.nodes.size, np.int64)
        keys = [tuple(line) for line in cuts[:, 2:4].tolist()]
        bounds = [i for i in range(len(keys)) if i == 0 or keys[i] != keys[i - 1]]
        for first, last in pairwise([*bounds, len(keys)]):
            code, arity = keys[first]
            count = int(size[first:last].sum())
            names = numbers_of(table[code])
            params = {name: number + i * count for i, name in enumerate(names)}
            of_node[node : node + count] = len(self.all)
            self.all.append(Kind(table[code], arity, node, node + count, wire, params))
            node, wire, number = node + count, wire + count * arity, number + count * len(names)
        self.kind_of = of_node
        """place -> the place of its kind in `all`"""
        self.numbers = number

    def kind_at(self, row: int) -> Kind:
        """The kind of a known gate's row."""
        return self.all[int(self.kind_of[self.place[row]])]


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
        self._levels: dict[int, Level] = {}

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
            calls.append(_call(group, inputs, params, self.value[group.start : group.stop]))
        wires = slice(*wiring.level_wires[level : level + 2])
        return Level(
            wiring.source[wires],
            wiring.target[wires],
            self.inputs[wires],
            self.local[wires],
            self.wire_grad[wires],
            calls,
        )


def _call(group: Group, inputs: tuple[Array, ...], params: dict[str, Array], out: Array) -> Call:
    single = single_ufunc(group.gate, group.arity)
    if single is None:
        return value_function(group.gate, group.arity), inputs, params, out
    function, names = single
    given = {**dict(zip(ports_of(group.gate, group.arity), inputs, strict=True)), **params}
    return function, tuple([given[name] for name in names]), None, out


def ports_of(gate: Gate, arity: int) -> tuple[str, ...]:
    """The names of a gate's ports where it has this many."""
    return growing_ports(arity) if gate.grows else gate.inputs


def forward(desk: Desk, levels: range, nudge: Nudge | None = None) -> None:
    """The values of these levels. `nudge(level, inputs)` may change a level's inputs first."""
    value = desk.value
    for number in levels:
        level = desk.level(number)
        value.take(level.source, axis=0, out=level.inputs, mode="clip")
        if nudge is not None:
            nudge(number, level.inputs)
        for function, arguments, params, out in level.calls:
            if params is None:
                function(*arguments, out=out)
            else:
                out[...] = function(arguments, params)


def locals_of(desk: Desk) -> None:
    """The local gradient of every wire, one call per kind of gate."""
    kinds = desk.kinds
    inputs = desk.value.take(kinds.source, axis=0)
    values = desk.value.take(kinds.nodes, axis=0)
    found = np.empty_like(inputs)
    for kind in kinds.all:
        slots = kind.slots()
        params = desk.params(kind, kind.start, kind.stop)
        arguments = tuple(inputs[s] for s in slots)
        results = local_function(kind.gate, kind.arity)(
            arguments, params, values[kind.start : kind.stop]
        )
        for slot, result in zip(slots, results, strict=True):
            found[slot] = result
    found.take(kinds.wire_place, axis=0, out=desk.local, mode="clip")


def backward(desk: Desk, levels: range) -> None:
    """The gradients of the wires into these levels, added up at their sources; last level first."""
    grad = desk.grad
    for number in reversed(levels):
        level = desk.level(number)
        grad.take(level.target, axis=0, out=level.wire_grad, mode="clip")
        np.multiply(level.wire_grad, level.local, out=level.wire_grad)
        add_rows(grad, level.source, level.wire_grad)


def add_rows(total: Array, rows: Rows, parts: Array) -> None:
    """total[rows] += parts, rows that occur twice added twice, in order."""
    if total.ndim == 1:
        np.add.at(total, rows, parts)
        return
    # add.at is fast on flat arrays only: 4 times as slow on rows as on the numbers in them.
    batch = total.shape[1]
    flat = (rows[:, None] * batch + np.arange(batch)).ravel()
    np.add.at(total.reshape(-1), flat, parts.reshape(-1))
