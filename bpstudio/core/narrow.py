"""The scalar tier: gate after gate on plain Python floats, for small graphs and narrow levels.

Calling into NumPy costs more than a gate's arithmetic as long as few gates can share the call. A
`Strip` is a run of levels taken this way. It runs twice over: `plain`, one call of the table's
scalar function per gate, is there at once; the generated straight-line program does the same in the
same order three times as fast once `warm` has made it (30 to 70 ms per 1,000 gates, so only when
nobody waits).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from bpstudio.core import codegen
from bpstudio.core.order import Rows, distinct, ranges
from bpstudio.core.wide import Desk, Kind, kinds_of
from bpstudio.core.wiring import Wiring

Numbers = Sequence[float]

PIECE = 256
"""Gates per generated function of a long strip: compile time grows faster than the text beyond."""


Numbered = tuple[Kind, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def _scalar(kind: Kind) -> Callable[..., tuple[float, ...]]:
    return codegen.gate_function(kind.gate, kind.arity)


class Strip:
    """The levels start..stop-1 of a wiring as a straight-line program.

    Its values are counted from 0: first `outside`, the rows from above the strip that feed it (all
    the sources for a strip that is the whole graph), then its own rows `first`..`last`-1.
    """

    def __init__(self, wiring: Wiring, start: int, stop: int) -> None:
        self.wiring = wiring
        self.levels = range(start, stop)
        self.first, self.last = wiring.level_rows[start], wiring.level_rows[stop]
        self.wires = slice(wiring.level_wires[start], wiring.level_wires[stop])
        sources = wiring.source[self.wires]
        if self.last - self.first == wiring.count - wiring.sources:
            self.outside: Rows = np.arange(wiring.sources)
        else:
            self.outside = distinct(sources[sources < self.first])
        self.count = self.wires.stop - self.wires.start
        inner = sources - self.first + self.outside.size
        numbered = np.where(sources < self.first, np.searchsorted(self.outside, sources), inner)
        self._numbered: list[int] = numbered.tolist()
        self._gates, self.places = self._read_gates()
        self._plain = [(_scalar(kind), i, p, w) for kind, i, p, w in self._gates]
        self._carries = self._read_carries()
        self._halves: tuple[Callable[..., Any], Callable[..., Any]] | None = None

    def _read_gates(self) -> tuple[list[Numbered], Rows]:
        """Per gate its kind and the numbers of its inputs, params and wires; the params' places."""
        wiring, kinds, rows = self.wiring, kinds_of(self.wiring), slice(self.first, self.last)
        place = kinds.place[rows]
        start = wiring.wire_start[rows] - self.wires.start
        columns = (kinds.kind_of[place], place, start, wiring.wire_step[rows])
        gates: list[Numbered] = []
        places: list[int] = []
        numbered = self._numbered
        for number, at, first, step in zip(*(c.tolist() for c in columns), strict=True):
            kind = kinds.all[number]
            wires = tuple(range(first, first + step * kind.arity, step))
            params: tuple[int, ...] = ()
            if kind.params:
                params = tuple(range(len(places), len(places) + len(kind.params)))
                places += [begin + at - kind.start for begin in kind.params.values()]
            gates.append((kind, tuple([numbered[w] for w in wires]), params, wires))
        return gates, np.array(places, np.int64)

    def program(self) -> codegen.Straight:
        """What the generator reads."""
        lines = tuple(codegen.Line(kind.gate, i, p, w) for kind, i, p, w in self._gates)
        params = self.places.size
        return codegen.Straight(self.outside.size, params, self.count, lines, tuple(self._carries))

    def _read_carries(self) -> list[tuple[int, int, int]]:
        """(source, target, wire), last level first, within a level as the array tier adds them."""
        bounds = np.array(self.wiring.level_wires[self.levels.start : self.levels.stop + 1])
        order = ranges(bounds[:-1][::-1], bounds[1:][::-1])
        shift = self.outside.size - self.first
        targets = (self.wiring.target[order] + shift).tolist()
        wires = (order - self.wires.start).tolist()
        numbered = self._numbered
        return [(numbered[w], t, w) for w, t in zip(wires, targets, strict=True)]

    @property
    def is_warm(self) -> bool:
        return self._halves is not None

    def warm(self) -> None:
        """Generate its program."""
        if self._halves is None:
            self._halves = codegen.halves(self.program())

    def forward(self, outside: Numbers, params: Numbers) -> tuple[Numbers, Numbers]:
        """Its own values and the local gradients of its wires."""
        if self._halves is not None:
            values, local = self._halves[0](outside, params)
            return values, local
        values = list(outside)
        local = [0.0] * self.count
        for function, inputs, places, wires in self._plain:
            if places:
                found = function(*[values[i] for i in inputs], *[params[i] for i in places])
            elif len(inputs) == 1:
                found = function(values[inputs[0]])
            else:
                found = function(*[values[i] for i in inputs])
            values.append(found[0])
            local[wires[0]] = found[1]
            for k in range(1, len(wires)):
                local[wires[k]] = found[k + 1]
        return values[self.outside.size :], local

    def backward(self, grads: Numbers, local: Numbers) -> tuple[Numbers, Numbers]:
        """The gradients of outside and own values with its wires' added, and its wires' own."""
        if self._halves is not None:
            totals, carried = self._halves[1](grads, local)
            return totals, carried
        totals = list(grads)
        carried = [0.0] * self.count
        for source, target, wire in self._carries:
            carried[wire] = share = totals[target] * local[wire]
            totals[source] += share
        return totals, carried

    # --- as a part of a graph that the array tier holds -------------------------------------

    def forward_on(self, desk: Desk) -> Numbers:
        """Put its values on the desk; answer its local gradients."""
        outside = desk.value.take(self.outside).tolist()
        params = desk.numbers.take(self.places).tolist()
        values, local = self.forward(outside, params)
        desk.value[self.first : self.last] = values
        return local

    def backward_on(self, desk: Desk, local: Numbers) -> None:
        """Put its wires' gradients on the desk and add them to those of their sources."""
        grad = desk.grad
        own = grad[self.first : self.last].tolist()
        totals, carried = self.backward([*grad.take(self.outside).tolist(), *own], local)
        count = self.outside.size
        grad[self.outside] = totals[:count]
        grad[self.first : self.last] = totals[count:]
        desk.wire_grad[self.wires] = carried


NARROW_COST = 0.5
"""A gate in plain Python costs 0.5 of a µs, forward and backward."""
LEVEL_COST = 4.0
"""A level in the array tier costs about 4 µs whatever is on it,"""
GROUP_COST = 1.5
"""and 1.5 µs more for each of its groups."""
SHORTEST = 48
"""Fewer gates than this are not worth a strip between two wide parts."""


def parts(wiring: Wiring) -> list[Strip | range]:
    """The levels above the sources as strips where they are narrow, as ranges where wide."""
    rows = np.array(wiring.level_rows)
    cuts = np.array(wiring.level_cuts)
    if rows.size < 3:
        return []
    gates, groups = np.diff(rows)[1:], np.diff(cuts)[1:]
    narrow = gates * NARROW_COST < LEVEL_COST + groups * GROUP_COST
    edges = [0, *(np.flatnonzero(np.diff(narrow)) + 1).tolist(), narrow.size]
    found: list[Strip | range] = []
    for low, high in pairwise(edges):
        start, stop = low + 1, high + 1
        if not narrow[low] or rows[stop] - rows[start] < SHORTEST:
            before = found[-1] if found else None
            if isinstance(before, range):
                found[-1] = range(before.start, stop)
            else:
                found.append(range(start, stop))
        else:
            found.extend(_strips(wiring, rows, start, stop))
    return found


def _strips(wiring: Wiring, rows: Rows, start: int, stop: int) -> list[Strip | range]:
    """Narrow levels in pieces of about PIECE gates."""
    found: list[Strip | range] = []
    while start < stop:
        end = int(np.searchsorted(rows, rows[start] + PIECE, side="right")) - 1
        end = min(max(end, start + 1), stop)
        found.append(Strip(wiring, start, end))
        start = end
    return found
