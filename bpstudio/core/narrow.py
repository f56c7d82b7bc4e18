"""The scalar tier: gate after gate on plain Python floats, for small graphs and narrow levels.

Calling into NumPy costs more than a gate's arithmetic as long as few gates can share the call. A
`Strip` is a run of levels taken this way. It runs twice over: `plain`, one call of the table's
scalar function per gate, is there at once; the generated straight-line program does the same in the
same order three times as fast once `warm` has made it (30 to 70 ms per 1,000 gates, so only when
nobody waits).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from bpstudio.core import codegen
from bpstudio.core.order import Rows, distinct, ranges
from bpstudio.core.wide import Desk, kinds_of
from bpstudio.core.wiring import Wiring

Numbers = Sequence[float]

PIECE = 256
"""Gates per generated function of a long strip: compile time grows faster than the text beyond."""


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
        self.count = self.wires.stop - self.wires.start
        sources = wiring.source[self.wires]
        if self.last - self.first == wiring.count - wiring.sources:
            self.outside: Rows = np.arange(wiring.sources)
        else:
            self.outside = distinct(sources[sources < self.first])
        inner = sources - (self.first - self.outside.size)
        above = np.searchsorted(self.outside, sources)
        self._source: list[int] = np.where(sources < self.first, above, inner).tolist()
        self._place = kinds_of(wiring).place[self.first : self.last]
        self.above: list[int] = self.outside.tolist()
        self._entries: Rows = self.outside
        self._entry_list: list[int] = []
        self._halves: tuple[Callable[..., Any], Callable[..., Any]] | None = None

    # --- its gates --------------------------------------------------------------------------

    @cached_property
    def _kinds(self) -> list[int]:
        """Per gate the number of its kind."""
        found: list[int] = kinds_of(self.wiring).kind_of[self._place].tolist()
        return found

    @cached_property
    def _slots(self) -> tuple[list[int], list[int]]:
        """Per gate its first wire, counted from the strip's first, and the distance to the next."""
        rows = slice(self.first, self.last)
        first = self.wiring.wire_start[rows] - self.wires.start
        return first.tolist(), self.wiring.wire_step[rows].tolist()

    @cached_property
    def places(self) -> Rows:
        """Where its gates' params stand in the plan's numbers, gate after gate."""
        kinds = kinds_of(self.wiring)
        of, shift = kinds.kind_of[self._place], self._place
        counts = np.array([len(kind.params) for kind in kinds.all], np.int64)[of]
        widest = max((len(kind.params) for kind in kinds.all), default=0)
        begin = np.zeros((len(kinds.all), widest), np.int64)
        for i, kind in enumerate(kinds.all):
            begin[i, : len(kind.params)] = [at - kind.start for at in kind.params.values()]
        every = begin[of] + shift[:, None]
        found: Rows = every[np.arange(widest) < counts[:, None]]
        return found

    @cached_property
    def _carries(self) -> tuple[list[int], list[int], list[int]]:
        """(source, target, wire) lists, last level first, within a level as the array tier adds."""
        bounds = np.array(self.wiring.level_wires[self.levels.start : self.levels.stop + 1])
        order = ranges(bounds[:-1][::-1], bounds[1:][::-1])
        targets = self.wiring.target[order] + (self.outside.size - self.first)
        wires = order - self.wires.start
        sources = np.array(self._source, np.int64)[wires]
        return sources.tolist(), targets.tolist(), wires.tolist()

    def program(self) -> codegen.Straight:
        """What the generator reads."""
        kinds = kinds_of(self.wiring).all
        lines, param = [], 0
        for number, first, step in zip(self._kinds, *self._slots, strict=True):
            kind = kinds[number]
            wires = tuple(range(first, first + step * kind.arity, step))
            params = tuple(range(param, param + len(kind.params)))
            param += len(kind.params)
            inputs = tuple([self._source[w] for w in wires])
            lines.append(codegen.Line(kind.gate, inputs, params, wires))
        carries = tuple(zip(*self._carries, strict=True))
        own = self._entries[self.outside.size :] - (self.first - self.outside.size)
        begun = (*range(self.outside.size), *own.tolist())
        return codegen.Straight(self.outside.size, param, self.count, tuple(lines), carries, begun)

    def is_warm(self, inner: Sequence[int] = ()) -> bool:
        """Whether its program is there, and knows of these seeds inside the graph."""
        if self._halves is None:
            return False
        known = self._entry_list
        return all(row in known for row in inner if self.first <= row < self.last)

    def warm(self, inner: Sequence[int] = ()) -> None:
        """Generate its program. `inner` are the rows that have a seed although they feed others."""
        if self.is_warm(inner):
            return
        last = last_targets(self.wiring)[self.first : self.last]
        own = np.flatnonzero((last >= self.last) | (last < 0)) + self.first
        seeded = np.array([r for r in inner if self.first <= r < self.last], np.int64)
        self._entries = np.concatenate((self.outside, distinct(np.concatenate((own, seeded)))))
        self._entry_list = self._entries.tolist()
        self._halves = codegen.halves(self.program())

    # --- running it -------------------------------------------------------------------------

    def forward(self, outside: Numbers, params: Numbers) -> tuple[Numbers, Numbers]:
        """Its own values and the local gradients of its wires."""
        if self._halves is not None:
            values, local = self._halves[0](outside, params)
            return values, local
        return self._plain(outside, params)

    def _plain(self, outside: Numbers, params: Numbers) -> tuple[list[float], list[float]]:
        """Gate after gate."""
        calls = _calls(self.wiring)
        source, values = self._source, list(outside)
        local = [0.0] * self.count
        param = 0
        for kind, wire, step in zip(self._kinds, *self._slots, strict=True):
            function, arity, own = calls[kind]
            if own:
                given = params[param : param + own]
                param += own
            else:
                given = ()
            if arity == 1:
                value, local[wire] = function(values[source[wire]], *given)
                values.append(value)
                continue
            wires = range(wire, wire + step * arity, step)
            found = function(*[values[source[w]] for w in wires], *given)
            values.append(found[0])
            local[wire : wire + step * arity : step] = found[1:]
        return values[self.outside.size :], local

    def backward(self, grads: list[float], local: Numbers, inner: Sequence[int]) -> Numbers:
        """Add its wires' gradients to those of their sources in `grads`, which has all rows; answer
        them. `inner` as for `warm`."""
        if self._halves is not None and self.is_warm(inner):
            begun = [grads[row] for row in self._entry_list]
            above, own, carried = self._halves[1](begun, local)
        else:
            begun = [grads[row] for row in self.above]
            begun += grads[self.first : self.last]
            above, own, carried = self._plain_back(begun, local)
        for row, total in zip(self.above, above, strict=True):
            grads[row] = total
        grads[self.first : self.last] = own
        shares: Numbers = carried
        return shares

    def _plain_back(
        self, sums: list[float], local: Numbers
    ) -> tuple[list[float], list[float], list[float]]:
        """Wire after wire."""
        carried = [0.0] * self.count
        for source, target, wire in zip(*self._carries, strict=True):
            carried[wire] = share = sums[target] * local[wire]
            sums[source] += share
        count = self.outside.size
        return sums[:count], sums[count:], carried

    # --- as a part of a graph that the array tier holds -------------------------------------

    def forward_on(self, desk: Desk) -> Numbers:
        """Put its values on the desk; answer its local gradients."""
        outside = desk.value.take(self.outside).tolist()
        params = desk.numbers.take(self.places).tolist()
        values, local = self.forward(outside, params)
        desk.value[self.first : self.last] = values
        return local

    def backward_on(self, desk: Desk, local: Numbers, inner: Sequence[int]) -> None:
        """Put its wires' gradients on the desk and add them to those of their sources."""
        grad = desk.grad
        if self._halves is not None and self.is_warm(inner):
            above, own, carried = self._halves[1](grad.take(self._entries).tolist(), local)
        else:
            begun = grad.take(self.outside).tolist()
            begun += grad[self.first : self.last].tolist()
            above, own, carried = self._plain_back(begun, local)
        grad[self.outside] = above
        grad[self.first : self.last] = own
        desk.wire_grad[self.wires] = carried


class Strips:
    """A graph that is narrow all the way: strip after strip on lists, no arrays at all."""

    def __init__(self, wiring: Wiring, strips: Sequence[Strip]) -> None:
        self.wiring, self.all = wiring, strips
        self._outside: list[list[int]] = [strip.above for strip in strips]

    def params(self, numbers: Any) -> list[list[float]]:
        """The params of each strip's gates."""
        return [numbers.take(strip.places).tolist() for strip in self.all]

    def run(
        self,
        values: Sequence[float],
        params: Sequence[Numbers],
        grads: list[float],
        inner: Sequence[int],
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """(values, locals, gradients, wire gradients). `grads` are what the gradients begin with;
        `inner` as for `Strip.warm`."""
        known = list(values)
        slopes: list[Numbers] = []
        for strip, outside, given in zip(self.all, self._outside, params, strict=True):
            own, local = strip.forward([known[i] for i in outside], given)
            known += own
            slopes.append(local)
        carried: list[Numbers] = [()] * len(slopes)
        for k in range(len(slopes) - 1, -1, -1):
            carried[k] = self.all[k].backward(grads, slopes[k], inner)
        if len(slopes) == 1:
            return known, slopes[0], grads, carried[0]
        return known, _joined(slopes), grads, _joined(carried)


def last_targets(wiring: Wiring) -> Rows:
    """Per known row the last of the rows that it feeds; -1 where it feeds none. Made once."""
    if "last targets" not in wiring.cache:
        found = np.full(wiring.count, -1, np.int64)
        wires = slice(wiring.wire_count)
        np.maximum.at(found, wiring.source[wires], wiring.target[wires])
        wiring.cache["last targets"] = found
    made: Rows = wiring.cache["last targets"]
    return made


def _joined(pieces: Sequence[Numbers]) -> list[float]:
    found: list[float] = []
    for piece in pieces:
        found += piece
    return found


Call = tuple[Callable[..., tuple[float, ...]], int, int]


def _calls(wiring: Wiring) -> list[Call]:
    """Per kind its scalar function, how many inputs it takes and how many params."""
    if "calls" not in wiring.cache:
        wiring.cache["calls"] = [
            (codegen.gate_function(kind.gate, kind.arity), kind.arity, len(kind.params))
            for kind in kinds_of(wiring).all
        ]
    found: list[Call] = wiring.cache["calls"]
    return found


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
