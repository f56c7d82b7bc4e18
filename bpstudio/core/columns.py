"""The batch tier: node after node, each with its whole batch of samples at once.

From about `FROM` samples on, a call per node costs less than gathering its inputs into one place.
Rows are used where they lie: multiply's local gradients are the other inputs' rows themselves, and
add hands on its own gradient's row. The trace copies them together when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
                inputs = [value[s] for s in sources]
                params = {name: numbers[at] for name, at in places.items()} if places else places
                rule.forward(inputs, params, value[row])
                for wire, slope in zip(
                    slots, rule.slopes(tuple(inputs), params, value[row]), strict=True
                ):
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
                upstream, slope = grad[target[wire]], local[wire]
                if upstream is None:
                    upstream = grad[target[wire]] = np.zeros(batch)
                if slope.ndim == 0 and slope == 1.0:
                    share = upstream
                else:
                    share = upstream * slope
                carried[wire] = share
                so_far = grad[source[wire]]
                if so_far is None:
                    # 0 + share, as the other tiers add: a copy, and never a negative zero.
                    grad[source[wire]] = share + 0.0
                else:
                    so_far += share
        return [_ZERO if row is None else row for row in grad], carried


class _Rule:
    """How one kind computes its value into a row, and its local gradients."""

    def __init__(self, kind: Kind) -> None:
        self.slopes = local_function(kind.gate, kind.arity)
        single = single_ufunc(kind.gate, kind.arity)
        self.forward: Callable[[list[Row], dict[str, Any], Row], Any]
        if single is None:
            function = value_function(kind.gate, kind.arity)

            def forward(inputs: list[Row], params: dict[str, Any], out: Row) -> None:
                out[...] = function(tuple(inputs), params)

            self.forward = forward
            return
        ufunc, names = single
        ports = ports_of(kind.gate, kind.arity)
        if names == ports:
            self.forward = lambda inputs, params, out: ufunc(*inputs, out=out)
        else:
            self.forward = lambda inputs, params, out: ufunc(
                *[params[n] if n in params else inputs[ports.index(n)] for n in names], out=out
            )


def columns_of(wiring: Wiring) -> Columns:
    """The wiring's calls; made once."""
    if "columns" not in wiring.cache:
        wiring.cache["columns"] = Columns(wiring)
    made: Columns = wiring.cache["columns"]
    return made
