"""The batch tier: node after node, each with its whole batch of samples at once.

From about `FROM` samples on, a call per node costs less than gathering its inputs into one place.
Rows are used where they lie: multiply's local gradients are the other inputs' rows themselves, and
add hands on its own gradient's row. The trace copies them together when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import local_function, quiet, single_ufunc, value_function
from bpstudio.core.given import Seeds
from bpstudio.core.wide import Kind, kinds_of, ports_of
from bpstudio.core.wiring import Wiring

FROM = 192
"""Samples in a batch from which this tier is faster than the array tier."""

Row = Array
"""The batch of one node or wire; 0-d where all its samples are the same number."""
Computed = tuple[Array, list[Row], list[Row], list[Row]]
"""values (nodes, batch); rows of locals, gradients and wire gradients"""

_ZERO = np.zeros(())


class Columns:
    """The calls of a wiring's gates, in row order."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        kinds = kinds_of(wiring)
        self.source: list[int] = wiring.source.tolist()
        self.target: list[int] = wiring.target.tolist()
        fans = np.bincount(wiring.source[: wiring.wire_count], minlength=wiring.count)
        self.alone: list[bool] = (fans[wiring.source[: wiring.wire_count]] == 1).tolist()
        """per wire whether it is its source's only one"""
        self.gates: list[tuple[int, list[int], range, dict[str, int], _Rule]] = []
        rules = [_Rule(kind) for kind in kinds.all]
        for row in range(wiring.sources, wiring.count):
            place = int(kinds.place[row])
            kind = kinds.kind_at(row)
            params = {name: at + place - kind.start for name, at in kind.params.items()}
            slots = wiring.slots(row)
            rule = rules[int(kinds.kind_of[place])]
            self.gates.append((row, [self.source[w] for w in slots], slots, params, rule))

    def run(self, values: Sequence[Any], numbers: list[float], put: Seeds, batch: int) -> Computed:
        """Forward and backward; `values` are the sources' numbers or columns."""
        wiring = self.wiring
        held = np.empty((wiring.count, batch))
        for row, value in enumerate(values):
            held[row] = value
        value = list(held)
        local: list[Row] = [_ZERO] * wiring.wire_count
        with quiet():
            for row, sources, slots, places, rule in self.gates:
                inputs = tuple([value[s] for s in sources])
                params = {name: numbers[at] for name, at in places.items()} if places else places
                if rule.ufunc is not None:
                    rule.ufunc(*inputs, out=value[row])
                else:
                    rule.forward(inputs, params, value[row])
                for wire, slope in zip(slots, rule.slopes(inputs, params, value[row]), strict=True):
                    local[wire] = slope
            grad, carried = self._backward(local, put, batch)
        return held, local, grad, carried

    def _backward(self, local: list[Row], put: Seeds, batch: int) -> tuple[list[Row], list[Row]]:
        wiring, source, target = self.wiring, self.source, self.target
        grad: list[Row | None] = [None] * wiring.count
        for row, number in zip(put.rows, put.numbers, strict=True):
            grad[row] = np.full(batch, number)
        carried: list[Row] = [_ZERO] * wiring.wire_count
        for level in range(len(wiring.level_wires) - 2, 0, -1):
            for wire in range(*wiring.level_wires[level : level + 2]):
                slope, origin = local[wire], source[wire]
                upstream = grad[target[wire]]
                if upstream is None:
                    upstream = grad[target[wire]] = np.zeros(batch)
                if slope.ndim:
                    share = upstream * slope
                else:
                    factor = float(slope)
                    share = upstream if factor == 1.0 else upstream * factor
                carried[wire] = share
                so_far = grad[origin]
                if so_far is not None:
                    so_far += share
                else:
                    # Shared rows are never added to: only a source with one wire takes its share.
                    grad[origin] = share if self.alone[wire] else share.copy()
        return [_ZERO if row is None else row for row in grad], carried


class _Rule:
    """How one kind computes its value into a row, and its local gradients.

    `ufunc` takes the inputs as they come; where there is none, `forward` does the work.
    """

    def __init__(self, kind: Kind) -> None:
        self.slopes = local_function(kind.gate, kind.arity)
        self._function = value_function(kind.gate, kind.arity)
        self.ufunc: np.ufunc | None = None
        single = single_ufunc(kind.gate, kind.arity)
        if single is not None and single[1] == ports_of(kind.gate, kind.arity):
            self.ufunc = single[0]

    def forward(self, inputs: tuple[Row, ...], params: dict[str, Any], out: Row) -> None:
        out[...] = self._function(inputs, params)


def columns_of(wiring: Wiring) -> Columns:
    """The wiring's calls; made once."""
    if "columns" not in wiring.cache:
        wiring.cache["columns"] = Columns(wiring)
    made: Columns = wiring.cache["columns"]
    return made
