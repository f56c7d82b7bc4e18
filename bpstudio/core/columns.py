"""The batch tier: node after node, each with its whole batch of samples at once.

From about `FROM` samples on, a call per node costs less than gathering its inputs into one place.
Rows are used where they lie: multiply's local gradients are the other inputs' rows themselves, and
add hands on its own gradient's row. The trace copies them together when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import (
    LocalFunction,
    local_function,
    local_names,
    local_needs,
    quiet,
    single_ufunc,
    value_function,
)
from bpstudio.core.given import Seeds
from bpstudio.core.order import ranges
from bpstudio.core.wide import Kind, kinds_of, ports_of, writing
from bpstudio.core.wiring import Wiring

FROM = 192
"""Samples in a batch from which this tier is faster than the array tier."""

Row = Array
"""The batch of one node or wire; 0-d where all its samples are the same number."""
Computed = tuple[Array, list[Row], list[Row], list[Row]]
"""values (nodes, batch); rows of locals, gradients and wire gradients"""

_ZERO = np.zeros(())
_ONE = np.ones(())
"""The local gradient that leaves the upstream gradient as it is."""


Call = tuple[Any, Callable[[list[Row]], tuple[Row, ...]], "_Rest | None"]
"""What computes a gate's values; what picks its inputs from all rows, the one for its values last;
what else there is to do, None where that is all."""


class Columns:
    """The calls of a wiring's gates, in row order."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        fans = np.bincount(wiring.source[: wiring.wire_count], minlength=wiring.count)
        alone = fans[wiring.source[: wiring.wire_count]] == 1
        levels = np.array(wiring.level_wires)
        order = ranges(levels[:-1][::-1], levels[1:][::-1])
        ends = (wiring.source[order], wiring.target[order], alone[order])
        self.carries = list(zip(order.tolist(), *(end.tolist() for end in ends), strict=True))
        """(wire, source, target, whether it is its source's only one), last level first"""
        self.local: list[Row] = [_ZERO] * wiring.wire_count
        """the local gradients that never change"""
        self.moved: list[tuple[int, int]] = []
        """(wire, node) where the node's values are the wire's local gradients"""
        self.calls: list[Call] = []
        rules = [_Rule(kind) for kind in kinds_of(wiring).all]
        for row in range(wiring.sources, wiring.count):
            self._add(row, rules)

    def _add(self, row: int, rules: list[_Rule]) -> None:
        wiring, kinds = self.wiring, kinds_of(self.wiring)
        place, kind = int(kinds.place[row]), kinds.kind_at(row)
        rule, slots = rules[int(kinds.kind_of[place])], wiring.slots(row)
        sources = wiring.source[slots.start : slots.stop : slots.step].tolist()
        params = {name: at + place - kind.start for name, at in kind.params.items()}
        rest: _Rest | None = None
        if rule.constant is not None:
            for wire, slope in zip(slots, rule.constant, strict=True):
                self.local[wire] = slope
        elif rule.names is not None:
            rows = dict(zip(ports_of(kind.gate, kind.arity), sources, strict=True))
            self.moved += [(w, rows.get(n, row)) for w, n in zip(slots, rule.names, strict=True)]
        else:
            rest = _Rest(slots, params, rule.slopes, rule.ufunc is None)
        if rest is None and rule.ufunc is None:
            rest = _Rest(range(0), params, None, True)
        self.calls.append((rule.ufunc or rule.function, itemgetter(*sources, row), rest))

    def run(self, values: Sequence[Any], numbers: list[float], put: Seeds, batch: int) -> Computed:
        """Forward and backward; `values` are the sources' numbers or columns."""
        held = np.empty((self.wiring.count, batch))
        for row, given in enumerate(values):
            held[row] = given
        value = list(held)
        local = self.local.copy()
        with quiet():
            for function, pick, rest in self.calls:
                if rest is None:
                    function(*pick(value))
                else:
                    rest.run(function, pick(value), numbers, local)
            for wire, node in self.moved:
                local[wire] = value[node]
            grad, carried = self._backward(local, put, batch)
        return held, local, grad, carried

    def _backward(self, local: list[Row], put: Seeds, batch: int) -> tuple[list[Row], list[Row]]:
        grad: list[Row | None] = [None] * self.wiring.count
        for row, number in zip(put.rows, put.numbers, strict=True):
            grad[row] = np.full(batch, number)
        carried: list[Row] = [_ZERO] * self.wiring.wire_count
        multiply = np.multiply
        for wire, source, target, alone in self.carries:
            upstream, slope = grad[target], local[wire]
            if upstream is None:
                upstream = grad[target] = np.zeros(batch)
            carried[wire] = share = upstream if slope is _ONE else multiply(upstream, slope)
            so_far = grad[source]
            if so_far is not None:
                so_far += share
            else:
                # Shared rows are never added to: only a source with one wire takes its share.
                grad[source] = share if alone else share.copy()
        return [_ZERO if row is None else row for row in grad], carried


@dataclass(frozen=True, slots=True)
class _Rest:
    """What a gate needs beyond one call that writes its values where they belong.

    slots   the wires whose local gradients `slopes` computes
    params  name -> its place in the plan's numbers
    writes  whether the values are an answer that must still be put there
    """

    slots: range
    params: dict[str, int]
    slopes: LocalFunction | None
    writes: bool

    def run(
        self, function: Any, rows: tuple[Row, ...], numbers: list[float], local: list[Row]
    ) -> None:
        inputs, own = rows[:-1], rows[-1]
        params = {name: numbers[at] for name, at in self.params.items()}
        if self.writes:
            own[...] = function(inputs, params)
        else:
            function(*rows)
        if self.slopes is not None:
            for wire, slope in zip(self.slots, self.slopes(inputs, params, own), strict=True):
                local[wire] = slope


class _Rule:
    """How one kind computes its values into a row, and its local gradients.

    `ufunc` takes the inputs and the row as they come; where there is none, `function` answers the
    values. `constant` and `names` say the local gradients where nothing is to be computed.
    """

    def __init__(self, kind: Kind) -> None:
        gate, arity = kind.gate, kind.arity
        self.slopes = local_function(gate, arity)
        self.function = value_function(gate, arity)
        self.names = local_names(gate, arity)
        self.constant: tuple[Row, ...] | None = None
        if local_needs(gate, arity) == ():
            nothing: Any = (None,) * arity
            fixed = self.slopes(nothing, {}, nothing)
            self.constant = tuple(_ONE if float(slope) == 1.0 else slope for slope in fixed)
        self.ufunc: Any = None
        single = single_ufunc(gate, arity)
        if single is not None and single[1] == ports_of(gate, arity):
            self.ufunc = writing(single[0])


def columns_of(wiring: Wiring) -> Columns:
    """The wiring's calls; made once."""
    if "columns" not in wiring.cache:
        wiring.cache["columns"] = Columns(wiring)
    made: Columns = wiring.cache["columns"]
    return made
