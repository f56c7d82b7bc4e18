"""What in a trace deserves a word of warning: ties, kinks, overflow, poles, where a NaN was born.

Each caution names one node and says one sentence. A NaN or an infinity is told of where it arose,
with the gates that only hand it on behind it. What gate ties, bends or has a pole where is read
from the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.gate import Array, Edge
from bpstudio.core.gates.compute import quiet
from bpstudio.core.numbers import factor, show
from bpstudio.core.readings import name_of, value_with_numbers
from bpstudio.core.wide import kinds_of
from bpstudio.language import N_, tr

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

KINDS = ("unwired", "tie", "kink", "overflow", "division", "domain", "nan", "inf")
LONGEST_PART = 60
"""Characters of a part of an own gate's formula that are shown."""
NAMED = 3
"""How many of the gates that hand a NaN on are named."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Caution:
    """`kind` is one of KINDS, `node` an id, `sentence` translated."""

    kind: str
    node: str
    sentence: str


def warnings_of(trace: Trace) -> tuple[Caution, ...]:
    """Every caution: open ports first, then in the order of the plan."""
    found = [_unwired(trace, node, port) for node, port in trace.plan.missing]
    wiring = trace.plan.wiring
    if not wiring.count:
        return tuple(found)
    rows: list[tuple[int, Caution]] = []
    with quiet():
        rows += _ties_and_kinks(trace)
        value = trace.value[: wiring.count]
        if not np.isfinite(value).all():
            rows += _births(trace, value)
        rows += _backward(trace)
    rows.sort(key=lambda found: found[0])
    return (*found, *(caution for _, caution in rows))


def _unwired(trace: Trace, node: str, port: str) -> Caution:
    name = name_of(trace, node)
    return Caution(
        "unwired", node, tr("{node}: port {port} has no wire yet.", node=name, port=port)
    )


def _ties_and_kinks(trace: Trace) -> Iterator[tuple[int, Caution]]:
    kinds = kinds_of(trace.plan.wiring)
    for kind in kinds.all:
        gate = kind.gate
        if not gate.ties and not gate.kinks and not gate.edges:
            continue
        rows = kinds.nodes[kind.start : kind.stop]
        inputs = [trace.wire_value[kinds.wires[slot]] for slot in kind.slots()]
        if kind.gate.ties:
            value = trace.value[rows]
            # A count of bools, one per input that equals the winner.
            equal = sum((x == value).astype(np.int64) for x in inputs) > 1
            yield from ((row, _tie(trace, row, at)) for row, at in _where(rows, equal))
        for kink in kind.gate.kinks:
            for row, sample in _where(rows, inputs[0] == kink):
                yield row, _kink(trace, row, kink, sample)
        for edge in kind.gate.edges:
            if edge.what == "kink":
                for row, _ in _where(rows, edge.part(tuple(inputs)) == edge.number):
                    yield row, _inner_kink(trace, row, edge)


def _where(rows: NDArray[np.int64], mask: Mask) -> Iterator[tuple[int, int]]:
    """(row, first sample) wherever the mask holds."""
    for i in np.flatnonzero(mask.any(axis=1)).tolist():
        yield int(rows[i]), int(np.argmax(mask[i]))


def _tie(trace: Trace, row: int, sample: int) -> Caution:
    wiring = trace.plan.wiring
    node = wiring.nodes[row]
    best = trace.value[row, sample]
    tied = [
        name_of(trace, wiring.nodes[int(wiring.source[w])])
        for w in wiring.slots(row)
        if trace.wire_value[w, sample] == best
    ]
    return Caution(
        "tie",
        node,
        tr(
            "{node} is a tie: {inputs} are all {value}, {policy}",
            node=name_of(trace, node),
            inputs=", ".join(tied),
            value=show(float(best)),
            policy=tr(_POLICIES[str(trace.plan.graph.setting("ties"))]),
        ),
    )


_POLICIES = {
    "even": N_("so the gradient is split evenly, as torch.maximum does for two."),
    "first": N_("so the first of them gets the whole gradient; torch.maximum would split it."),
    "all": N_("so each of them gets the whole gradient; torch.maximum would split it."),
}


def _inner_kink(trace: Trace, row: int, edge: Edge) -> Caution:
    node = trace.plan.wiring.nodes[row]
    return Caution(
        "kink",
        node,
        tr(
            "{node} has no derivative here: {part} is {number}, where its slope jumps.",
            node=name_of(trace, node),
            part=edge.text if len(edge.text) <= LONGEST_PART else f"{edge.text[:LONGEST_PART]}…",
            number=show(edge.number),
        ),
    )


def _kink(trace: Trace, row: int, kink: float, sample: int) -> Caution:
    wiring = trace.plan.wiring
    local = float(trace.local[wiring.slots(row)[0], sample])
    return Caution(
        "kink",
        wiring.nodes[row],
        tr(
            "{node} sits on its kink at {at}: the slope jumps there, and {local} is used.",
            node=name_of(trace, wiring.nodes[row]),
            at=show(kink),
            local=show(local),
        ),
    )


def _births(trace: Trace, value: Array) -> Iterator[tuple[int, Caution]]:
    """Where a NaN or an infinity arose going forward."""
    wiring = trace.plan.wiring
    target = wiring.target[: wiring.wire_count]
    inputs = trace.wire_value[: wiring.wire_count]
    lost, endless = np.isnan(value), np.isinf(value)
    fed_nan = _reaching(np.isnan(inputs), target, value.shape)
    fed_inf = _reaching(np.isinf(inputs), target, value.shape)
    every = np.arange(wiring.count)
    for row, sample in _where(every, endless & ~fed_nan & ~fed_inf):
        yield row, _infinite(trace, row, sample)
    heirs = _heirs(trace, lost, lost & ~fed_nan)
    for row, sample in _where(every, lost & ~fed_nan):
        if row >= wiring.sources and not fed_inf[row, sample]:
            yield row, _no_number(trace, row, sample)
        yield row, _first_nan(trace, row, sample, heirs.get(row, []))


def _reaching(mask: Mask, target: NDArray[np.int64], shape: tuple[int, ...]) -> Mask:
    """Which nodes have an input in the mask."""
    found = np.zeros(shape, bool)
    wires, samples = np.nonzero(mask)
    found[target[wires], samples] = True
    return found


def _infinite(trace: Trace, row: int, sample: int) -> Caution:
    node = trace.plan.wiring.nodes[row]
    name, value = name_of(trace, node), show(float(trace.value[row, sample]))
    if row < trace.plan.wiring.sources:
        return Caution("inf", node, tr("{node} itself is {value}.", node=name, value=value))
    formula = value_with_numbers(trace, node, sample)
    if _at_pole(trace, row, sample):
        sentence = tr(
            "{node} is infinite here: {formula} is {value}.",
            node=name,
            formula=formula,
            value=value,
        )
        return Caution("division", node, sentence)
    sentence = tr(
        "{node} overflows: {formula} is too large for a 64-bit float and becomes {value}.",
        node=name,
        formula=formula,
        value=value,
    )
    return Caution("overflow", node, sentence)


def _at_pole(trace: Trace, row: int, sample: int) -> bool:
    wiring = trace.plan.wiring
    kind = kinds_of(wiring).kind_at(row)
    ports = kind.gate.inputs
    values = [trace.wire_value[wire, sample] for wire in wiring.slots(row)]
    if any(values[ports.index(port)] == number for port, number in kind.gate.poles):
        return True
    poles = [edge for edge in kind.gate.edges if edge.what == "pole"]
    return any(edge.part(tuple(values)) == edge.number for edge in poles)


def _no_number(trace: Trace, row: int, sample: int) -> Caution:
    node = trace.plan.wiring.nodes[row]
    formula = value_with_numbers(trace, node, sample)
    name = name_of(trace, node)
    if _at_pole(trace, row, sample):
        sentence = tr("{node} divides by zero: {formula} has no value.", node=name, formula=formula)
        return Caution("division", node, sentence)
    sentence = tr("{node}: {formula} has no real value.", node=name, formula=formula)
    return Caution("domain", node, sentence)


def _first_nan(trace: Trace, row: int, sample: int, heirs: list[int]) -> Caution:
    wiring = trace.plan.wiring
    node = wiring.nodes[row]
    name = name_of(trace, node)
    if row < wiring.sources:
        made = tr("{node} itself is NaN.", node=name)
    else:
        formula = value_with_numbers(trace, node, sample)
        made = tr("{node} made the first NaN: {formula}.", node=name, formula=formula)
    if not heirs:
        return Caution("nan", node, made)
    names = ", ".join(name_of(trace, wiring.nodes[heir]) for heir in heirs[:NAMED])
    if len(heirs) > NAMED:
        handed = tr("{nodes} and {n} more hand it on.", nodes=names, n=len(heirs) - NAMED)
    elif len(heirs) == 1:
        handed = tr("{node} only hands it on.", node=names)
    else:
        handed = tr("{nodes} only hand it on.", nodes=names)
    return Caution("nan", node, f"{made} {handed}")


def _heirs(trace: Trace, lost: Mask, born: Mask) -> dict[int, list[int]]:
    """Origin row -> the rows that got their NaN from it (the first of their inputs that is NaN)."""
    wiring = trace.plan.wiring
    owner = {row: row for row in np.flatnonzero(born.any(axis=1)).tolist()}
    lost_rows: Mask = np.any(lost, axis=1)
    carrying = lost_rows[wiring.source[: wiring.wire_count]]
    found: dict[int, list[int]] = {}
    for wire in np.flatnonzero(carrying).tolist():
        source, target = int(wiring.source[wire]), int(wiring.target[wire])
        if target not in owner and lost_rows[target] and source in owner:
            owner[target] = owner[source]
            found.setdefault(owner[source], []).append(target)
    return found


def _backward(trace: Trace) -> Iterator[tuple[int, Caution]]:
    """Where going back makes a NaN or an infinity out of values that were numbers."""
    wiring = trace.plan.wiring
    taking = slice(wiring.wire_count)
    carried, local = trace.wire_grad[taking], trace.local[taking]
    if np.isfinite(carried).all():
        return
    upstream, value = trace.upstream[taking], trace.value[wiring.target[taking]]
    fine = np.isfinite(trace.wire_value[taking]) & np.isfinite(value)
    every = np.arange(wiring.wire_count)
    born = np.isnan(carried) & ~np.isnan(upstream) & (~np.isnan(local) | fine)
    for wire, sample in _where(every, born):
        yield _carries(trace, "nan", wire, sample)
    endless = np.isinf(carried) & np.isfinite(upstream) & (np.isfinite(local) | fine)
    for wire, sample in _where(every, endless):
        yield _carries(trace, "inf", wire, sample)


def _carries(trace: Trace, kind: str, wire: int, sample: int) -> tuple[int, Caution]:
    wiring = trace.plan.wiring
    row = int(wiring.target[wire])
    node = wiring.nodes[row]
    sentence = tr(
        "{node} hands back {result} to {source}: {upstream} × {local}.",
        node=name_of(trace, node),
        result=show(float(trace.wire_grad[wire, sample])),
        source=name_of(trace, wiring.nodes[int(wiring.source[wire])]),
        upstream=show(float(trace.upstream[wire, sample])),
        local=factor(float(trace.local[wire, sample])),
    )
    return row, Caution(kind, node, sentence)
