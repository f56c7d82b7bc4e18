"""What in a trace deserves a word of warning: ties, kinks, overflow, poles, where a NaN was born.

Each caution names one node and says one sentence, put together only when somebody reads it: ten
thousand overflowing gates want ten thousand badges, and one sentence. A NaN or an infinity is told
of where it arose, with the gates that only hand it on behind it. What gate ties, bends or has a
pole where is read from the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.gate import Array, Edge
from bpstudio.core.gates.compute import quiet
from bpstudio.core.numbers import factor, show
from bpstudio.core.readings import name_of, value_with_numbers
from bpstudio.core.wide import kinds_of
from bpstudio.language import N_, listed, together, tr, trn

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

KINDS = ("unwired", "tie", "kink", "overflow", "division", "domain", "nan", "inf")
LONGEST_PART = 60
"""Characters of a part of an own gate's formula that are shown."""
NAMED = 3
"""How many of the gates that hand a NaN on are named."""
TIED = 8
"""Up to how many gates in a tie are all named; of more, the first ones are."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Caution:
    """`kind` is one of KINDS, `node` an id; `say` makes its sentence."""

    kind: str
    node: str
    say: Callable[[], str]

    @property
    def sentence(self) -> str:
        """What to tell people, in their language."""
        return self.say()


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
    return Caution(
        "unwired",
        node,
        lambda: tr("{node}: port {port} has no wire yet.", node=name_of(trace, node), port=port),
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
    here = np.flatnonzero(mask.any(axis=1))
    yield from zip(rows[here].tolist(), mask[here].argmax(axis=1).tolist(), strict=True)


def _tie(trace: Trace, row: int, sample: int) -> Caution:
    node = trace.plan.wiring.nodes[row]
    return Caution("tie", node, partial(_of_tie, trace, row, sample))


def _of_tie(trace: Trace, row: int, sample: int) -> str:
    wiring = trace.plan.wiring
    best = trace.value[row, sample]
    tied = [
        name_of(trace, wiring.nodes[int(wiring.source[w])])
        for w in wiring.slots(row)
        if trace.wire_value[w, sample] == best
    ]
    *others, last = dict.fromkeys(tied)
    if len(others) >= TIED:
        others, last = others[:NAMED], trn("{n} other", "{n} others", len(others) + 1 - NAMED)
    said = {
        "node": name_of(trace, wiring.nodes[row]),
        "inputs": listed(others),
        "last": last,
        "value": show(float(best)),
        "policy": tr(_POLICIES[str(trace.plan.graph.setting("ties"))]),
    }
    if not others:
        return tr("{node} is a tie: {last}, {value}, goes into it more than once, {policy}", **said)
    if len(others) == 1:
        return tr("{node} is a tie: {inputs} and {last} are both {value}, {policy}", **said)
    return tr("{node} is a tie: {inputs} and {last} are all {value}, {policy}", **said)


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
        lambda: tr(
            "{node} has no derivative here: {part} is {number}, where its slope jumps.",
            node=name_of(trace, node),
            part=edge.text if len(edge.text) <= LONGEST_PART else f"{edge.text[:LONGEST_PART]}…",
            number=show(edge.number),
        ),
    )


def _kink(trace: Trace, row: int, kink: float, sample: int) -> Caution:
    wiring = trace.plan.wiring
    node = wiring.nodes[row]
    return Caution(
        "kink",
        node,
        lambda: tr(
            "{node} sits on its kink at {at}: the slope jumps there, and {local} is used.",
            node=name_of(trace, node),
            at=show(kink),
            local=show(float(trace.local[wiring.slots(row)[0], sample])),
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
    pole = _poles(trace)
    for row, sample in _where(every, endless & ~fed_nan & ~fed_inf):
        yield row, _infinite(trace, row, sample, (row, sample) in pole)
    heirs = _heirs(trace, lost, lost & ~fed_nan)
    for row, sample in _where(every, lost & ~fed_nan):
        if row >= wiring.sources and not fed_inf[row, sample]:
            yield row, _no_number(trace, row, sample, (row, sample) in pole)
        yield row, _first_nan(trace, row, sample, heirs.get(row, []))


def _reaching(mask: Mask, target: NDArray[np.int64], shape: tuple[int, ...]) -> Mask:
    """Which nodes have an input in the mask."""
    found = np.zeros(shape, bool)
    wires, samples = np.nonzero(mask)
    found[target[wires], samples] = True
    return found


def _infinite(trace: Trace, row: int, sample: int, at_pole: bool) -> Caution:
    wiring = trace.plan.wiring
    kind = "inf" if row < wiring.sources else "division" if at_pole else "overflow"
    return Caution(kind, wiring.nodes[row], partial(_of_infinite, trace, row, sample, at_pole))


def _of_infinite(trace: Trace, row: int, sample: int, at_pole: bool) -> str:
    node = trace.plan.wiring.nodes[row]
    name, value = name_of(trace, node), show(float(trace.value[row, sample]))
    if row < trace.plan.wiring.sources:
        return tr("{node} itself is {value}.", node=name, value=value)
    formula = value_with_numbers(trace, node, sample)
    if at_pole:
        return tr(
            "{node} is infinite here: {formula} is {value}.",
            node=name,
            formula=formula,
            value=value,
        )
    return tr(
        "{node} overflows: {formula} is too large for a 64-bit float and becomes {value}.",
        node=name,
        formula=formula,
        value=value,
    )


def _poles(trace: Trace) -> set[tuple[int, int]]:
    """(row, sample) where gates sit on a pole: a denominator of 0."""
    wiring = trace.plan.wiring
    found = np.zeros((wiring.count, trace.batch), bool)
    kinds = kinds_of(wiring)
    for kind in kinds.all:
        edges = [edge for edge in kind.gate.edges if edge.what == "pole"]
        if not edges and not kind.gate.poles:
            continue
        inputs = tuple(trace.wire_value[kinds.wires[slot]] for slot in kind.slots())
        rows = kinds.nodes[kind.start : kind.stop]
        for port, number in kind.gate.poles:
            found[rows] |= inputs[kind.gate.inputs.index(port)] == number
        for edge in edges:
            found[rows] |= edge.part(inputs) == edge.number
    rows, samples = np.nonzero(found)
    return set(zip(rows.tolist(), samples.tolist(), strict=True))


def _no_number(trace: Trace, row: int, sample: int, at_pole: bool) -> Caution:
    kind, node = "division" if at_pole else "domain", trace.plan.wiring.nodes[row]
    return Caution(kind, node, partial(_of_no_number, trace, node, sample, at_pole))


def _of_no_number(trace: Trace, node: str, sample: int, at_pole: bool) -> str:
    name, formula = name_of(trace, node), value_with_numbers(trace, node, sample)
    if at_pole:
        return tr("{node} divides by zero: {formula} has no value.", node=name, formula=formula)
    return tr("{node}: {formula} has no real value.", node=name, formula=formula)


def _first_nan(trace: Trace, row: int, sample: int, heirs: list[int]) -> Caution:
    node = trace.plan.wiring.nodes[row]
    return Caution("nan", node, partial(_of_first_nan, trace, row, sample, heirs))


def _of_first_nan(trace: Trace, row: int, sample: int, heirs: list[int]) -> str:
    wiring = trace.plan.wiring
    node = wiring.nodes[row]
    name = name_of(trace, node)
    if row < wiring.sources:
        made = tr("{node} itself is NaN.", node=name)
    else:
        formula = value_with_numbers(trace, node, sample)
        made = tr("{node} made the first NaN: {formula}.", node=name, formula=formula)
    if not heirs:
        return made
    names = listed(name_of(trace, wiring.nodes[heir]) for heir in heirs[:NAMED])
    if len(heirs) > NAMED:
        handed = tr("{nodes} and {n} more hand it on.", nodes=names, n=len(heirs) - NAMED)
    elif len(heirs) == 1:
        handed = tr("{node} only hands it on.", node=names)
    else:
        handed = tr("{nodes} only hand it on.", nodes=names)
    return together((made, handed))


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
    row = int(trace.plan.wiring.target[wire])
    node = trace.plan.wiring.nodes[row]
    return row, Caution(kind, node, partial(_of_carried, trace, node, wire, sample))


def _of_carried(trace: Trace, node: str, wire: int, sample: int) -> str:
    wiring = trace.plan.wiring
    return tr(
        "{node} hands back {result} to {source}: {upstream} × {local}.",
        node=name_of(trace, node),
        result=show(float(trace.wire_grad[wire, sample])),
        source=name_of(trace, wiring.nodes[int(wiring.source[wire])]),
        upstream=show(float(trace.upstream[wire, sample])),
        local=factor(float(trace.local[wire, sample])),
    )
