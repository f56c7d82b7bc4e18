"""The batch tier: node after node, each with its whole batch of samples at once.

From about `FROM` samples on, a call per node costs less than gathering its inputs into one place:
a row of the values is used where it lies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bpstudio.core.gates.compute import local_function, value_function
from bpstudio.core.wide import Desk
from bpstudio.core.wiring import Wiring

FROM = 256
"""Samples in a batch from which this tier is faster than the array tier."""

Call = tuple[int, tuple[int, ...], tuple[int, ...], dict[str, int], Callable[..., Any], Any]


def calls_of(wiring: Wiring, desk: Desk) -> list[Call]:
    """Per known gate: its row, its inputs' rows, its wires, its params' places, its functions."""
    found: list[Call] | None = wiring.cache.get("columns")
    if found is None:
        source = wiring.source.tolist()
        found = []
        for row in range(wiring.sources, wiring.count):
            kind = desk.kinds.kind_at(row)
            shift = int(desk.kinds.place[row]) - kind.start
            wires = tuple(wiring.slots(row))
            found.append(
                (
                    row,
                    tuple(source[w] for w in wires),
                    wires,
                    {name: at + shift for name, at in kind.params.items()},
                    value_function(kind.gate, kind.arity),
                    local_function(kind.gate, kind.arity),
                )
            )
        wiring.cache["columns"] = found
    return found


def run(desk: Desk) -> None:
    """Forward, local gradients and backward; the desk holds sources, seeds and params."""
    calls = calls_of(desk.wiring, desk)
    value, grad = list(desk.value), list(desk.grad)
    local, carried = desk.local, desk.wire_grad
    numbers = desk.numbers.tolist()
    for row, sources, wires, places, function, slopes in calls:
        inputs = tuple([value[s] for s in sources])
        params = {name: numbers[at] for name, at in places.items()}
        value[row][...] = function(inputs, params)
        for wire, slope in zip(wires, slopes(inputs, params, value[row]), strict=True):
            local[wire] = slope
    wiring = desk.wiring
    source = wiring.source.tolist()
    target = wiring.target.tolist()
    for level in range(len(wiring.level_wires) - 2, 0, -1):
        for wire in range(*wiring.level_wires[level : level + 2]):
            share = carried[wire]
            np.multiply(grad[target[wire]], local[wire], out=share)
            grad[source[wire]] += share
