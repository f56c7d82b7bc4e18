"""Forward mode beside reverse mode: how everything changes when one number does.

A reverse pass tells how one output depends on everything; a forward pass tells how everything
depends on one input. Both use the same local gradients, which are read from the Trace: a tangent
is carried along the wires, local × tangent, and added up where they meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.explain import Explanation
from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import quiet
from bpstudio.core.graph import BadParam, UnknownItem
from bpstudio.core.numbers import DIGITS
from bpstudio.core.order import Rows
from bpstudio.core.readings import Reader, compound, name_of, plain_reader, tex_reader
from bpstudio.core.trace import moments
from bpstudio.core.wide import add_rows
from bpstudio.language import listed, tr, trn

if TYPE_CHECKING:
    from bpstudio.core.plan import Plan
    from bpstudio.core.trace import Trace

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tangents:
    """The derivatives of everything with respect to one node, over the rows of a trace.

    Arrays are (rows, batch), NaN where a row takes no part and 0 where nothing depends on `source`.
    """

    trace: Trace
    source: str
    node: Array
    """d node / d source"""
    wire: Array
    """what each wire carries on: local × the tangent of its source"""
    reached: Mask
    """which nodes depend on the source, itself included"""

    def of(self, node: str, sample: int = 0) -> float:
        """d node / d source in one sample."""
        return float(self.node[self.trace.plan.row[node], sample])

    def on(self, wire: str, sample: int = 0) -> float:
        """What a wire carries on in one sample."""
        return float(self.wire[self.trace.plan.wire_row[wire], sample])

    @cached_property
    def moments(self) -> tuple[Array, Array]:
        """Per node the mean and the spread of its derivative over the samples."""
        return moments(self.node)

    @cached_property
    def rows(self) -> Rows:
        """The rows of the gates that depend on the source, in the order of computation."""
        first = self.trace.plan.wiring.sources
        found: Rows = np.flatnonzero(self.reached[first:]) + first
        return found

    @cached_property
    def steps(self) -> tuple[TangentStep, ...]:
        """One step per gate that depends on the source, in the order of computation."""
        return tuple(self.step(index) for index in range(len(self.rows)))

    def step(self, index: int) -> TangentStep:
        """One of the steps, without making the others."""
        row = int(self.rows[index])
        wiring = self.trace.plan.wiring
        slots = wiring.slots(row)
        return TangentStep(
            wiring.nodes[row],
            tuple(self.trace.number(1, w) for w in slots),
            tuple(float(self.node[wiring.source[w], 0]) for w in slots),
            float(self.node[row, 0]),
        )


@dataclass(frozen=True, slots=True)
class TangentStep:
    """One gate handing tangents on; tuples go by port, numbers are those of sample 0."""

    node: str
    local: tuple[float, ...]
    inputs: tuple[float, ...]
    """the tangent of each port's source"""
    output: float


@dataclass(frozen=True, slots=True)
class Passes:
    """How many passes each mode needs for every output's derivative by every input."""

    forward: int
    reverse: int
    sentence: str


def tangents(trace: Trace, source: str) -> Tangents:
    """One forward pass. Raises UnknownItem for no node, BadParam for one without a value."""
    wiring = trace.plan.wiring
    row = wiring.row.get(source)
    if row is None:
        raise UnknownItem(tr("There is no node {id} to differentiate by.", id=source))
    if row >= wiring.count:
        name = name_of(trace, source)
        raise BadParam(tr("{node} has no value, so nothing changes with it.", node=name))
    node = np.zeros((wiring.count, trace.batch))
    wire = np.zeros((wiring.wire_count, trace.batch))
    reached = np.zeros(len(wiring.nodes), bool)
    node[row], reached[row] = 1.0, True
    lowest = int(wiring.level[row])
    with quiet():
        for low, high in pairwise(wiring.level_wires[lowest:]):
            # Only what depends on the source: elsewhere 0 times an infinite slope would be nan.
            here = np.flatnonzero(reached[wiring.source[low:high]]) + low
            wire[here] = trace.local[here] * node[wiring.source[here]]
            target = wiring.target[here]
            add_rows(node, target, wire[here])
            reached[target] = True
    return Tangents(
        trace, source, _filled(node, len(wiring.nodes)), _filled(wire, len(wiring.wires)), reached
    )


def explain_tangent(found: Tangents, step: int | TangentStep, digits: int = DIGITS) -> Explanation:
    """dq/dx = 1 × 1 + 1 × 0 = 1: the gate's local gradients times its inputs' tangents."""
    step = found.step(step) if isinstance(step, int) else step
    trace = found.trace
    name, source = name_of(trace, step.node), name_of(trace, found.source)
    feeding = dict.fromkeys(
        name_of(trace, trace.plan.wiring.nodes[row]) for row in _sources(trace, step.node)
    )
    sentence = tr(
        "If {source} grows by a little, {node} changes by {rate} times as much: "
        "through {inputs}, each local gradient times that input's own rate.",
        source=source,
        node=name,
        rate=plain_reader(digits).number(step.output),
        inputs=listed(feeding),
    )
    lines = [_line(name, source, step, r) for r in (plain_reader(digits), tex_reader(digits))]
    return Explanation(lines[0], sentence, lines[1])


def passes(plan: Plan) -> Passes:
    """What each mode costs this graph: a forward pass per input, a reverse pass per output."""
    graph = plan.graph
    inputs = sum(graph.nodes[key].gate == "input" for key in plan.nodes[: plan.wiring.sources])
    outputs = len(plan.seeds.rows)
    ahead = trn(
        "Forward mode needs {n} pass here, one for each input.",
        "Forward mode needs {n} passes here, one for each input.",
        inputs,
    )
    back = trn(
        "Reverse mode needs {n} pass, one for each output.",
        "Reverse mode needs {n} passes, one for each output.",
        outputs,
    )
    return Passes(inputs, outputs, f"{ahead} {back}")


def _filled(known: Array, rows: int) -> Array:
    rest = np.full((rows - len(known), known.shape[1]), np.nan)
    found: Array = np.concatenate((known, rest))
    found.flags.writeable = False
    return found


def _sources(trace: Trace, node: str) -> Sequence[int]:
    wiring = trace.plan.wiring
    return [int(wiring.source[w]) for w in wiring.slots(wiring.row[node])]


def _line(name: str, source: str, step: TangentStep, reader: Reader) -> str:
    times = r"\cdot" if reader.tex else "×"
    products = [
        f"{reader.number(local) if i == 0 else reader.factor(local)} {times} {reader.factor(rate)}"
        for i, (local, rate) in enumerate(zip(step.local, step.inputs, strict=True))
    ]
    return (
        f"{rate_name(name, source, reader)} = {' + '.join(products)} = {reader.number(step.output)}"
    )


def rate_name(name: str, source: str, reader: Reader | None = None) -> str:
    """dq/dx; compound names in parentheses."""
    reader = reader or plain_reader(DIGITS)
    parts = [
        f"d({reader.name(n)})" if compound(n) else f"d{reader.name(n)}" for n in (name, source)
    ]
    return rf"\frac{{{parts[0]}}}{{{parts[1]}}}" if reader.tex else "/".join(parts)
