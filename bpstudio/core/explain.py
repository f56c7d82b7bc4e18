"""A step in words: one line of mathematics, one plain sentence, and the ledger of a node.

Nothing is computed here: every number is read from the trace, every formula from the gate table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bpstudio.core.numbers import DIGITS, exact, factor, show
from bpstudio.core.readings import (
    Place,
    Reader,
    compound,
    formula_of,
    is_bare,
    is_short,
    name_of,
    named,
    numbered,
    place_of,
    plain_reader,
    tex_reader,
)
from bpstudio.core.trace import BACKWARD, FORWARD, Step
from bpstudio.language import listed, together, tr

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

TERMS = 6
"""Terms of a fan-out's sum that are written out."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`line` for the stage, `sentence` below it, `latex` the line for a formula renderer."""

    line: str
    sentence: str
    latex: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the inspector's ledger; `kind` is value, local, grad, plain or strong.

    `exact` is the number in full, for hovering and copying.
    """

    title: str
    text: str
    kind: str
    exact: str


def explain(trace: Trace, step: int | Step, digits: int = DIGITS) -> Explanation:
    """What happens in a step, given itself or by its index in `trace.steps`."""
    step = trace.steps[step] if isinstance(step, int) else step
    place = place_of(trace, step.node)
    if place is None:
        raise ValueError(step.node)
    say = _forward if step.phase == FORWARD else _backward
    sentence = _how_forward(trace, place) if step.phase == FORWARD else _how_back(trace, place)
    lines = [say(trace, step, place, r) for r in (plain_reader(digits), tex_reader(digits))]
    if step.phase == BACKWARD:
        sentence = together((sentence, *_sums(trace, place, digits)))
    return Explanation("   ".join(lines[0]), sentence, r" \qquad ".join(lines[1]))


# --- lines ------------------------------------------------------------------------------------


def _forward(trace: Trace, step: Step, place: Place, reader: Reader) -> list[str]:
    """f = q × z = 3 × (−4) = −12"""
    stages = [
        reader.name(name_of(trace, place.node)),
        reader.text(place.value, named(trace, place, reader)),
        reader.text(place.value, numbered(trace, place, reader)),
        reader.number(step.output),
    ]
    return [_chain(stages)]


def _backward(trace: Trace, step: Step, place: Place, reader: Reader) -> list[str]:
    """dq = upstream × local = 1 × z = 1 × (−4) = −4, one per port."""
    times = r"\cdot" if reader.tex else "×"
    upstream = reader.number(step.upstream)
    lines = []
    for index, name in enumerate(gradient_names(place, reader)):
        local = place.local(index)
        # In LaTeX the two words stay as they are: the formula renderer has Latin letters only.
        words = r"\mathrm{upstream} \times \mathrm{local}"
        stages = [name, words] if reader.tex else [tr("{name} = upstream × local", name=name)]
        if is_short(local, place.ports):
            text = reader.as_factor(local, named(trace, place, reader))
            stages.append(f"{upstream} {times} {text}")
        if not is_bare(local):
            text = reader.as_factor(local, numbered(trace, place, reader))
            stages.append(f"{upstream} {times} {text}")
        stages.append(f"{upstream} {times} {reader.factor(step.local[index])}")
        stages.append(reader.number(step.downstream[index]))
        lines.append(_chain(stages))
    return lines


def _chain(stages: Sequence[str]) -> str:
    """Joined by equals signs; a stage that repeats the one before is left out."""
    kept = [stages[0], *(b for a, b in pairwise(stages) if a != b)]
    return " = ".join(kept)


def gradient_names(place: Place, reader: Reader) -> list[str]:
    """What each port's downstream gradient is called: dq after its source, told apart if needed."""
    names = []
    for port, source in zip(place.ports, place.sources, strict=True):
        name = reader.name(source)
        name = f"d({name})" if compound(source) else f"d{name}"
        if place.sources.count(source) > 1:
            name = f"{name}\\,[{reader.name(port)}]" if reader.tex else f"{name} [{port}]"
        names.append(name)
    return names


# --- sentences --------------------------------------------------------------------------------


def _how_forward(trace: Trace, place: Place) -> str:
    return tr(
        "{gate} computes {node} from {inputs}.",
        gate=tr(place.gate.title),
        node=name_of(trace, place.node),
        inputs=_listed(list(dict.fromkeys(place.sources))),
    )


def _how_back(trace: Trace, place: Place) -> str:
    return tr("{node}: {note}", node=name_of(trace, place.node), note=tr(place.gate.note))


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=listed(names[:-1]), last=names[-1])


def _sums(trace: Trace, place: Place, digits: int) -> list[str]:
    """For every source whose last wire gets its gradient now, and that has several: the sum."""
    wiring = trace.plan.wiring
    said = []
    for row in dict.fromkeys(int(wiring.source[w]) for w in place.wires):
        wires = _wires_out(trace, row)
        if len(wires) < 2 or int(wiring.target[wires[0]]) != place.row:
            continue
        name = name_of(trace, wiring.nodes[row])
        # The order in which they came: the highest target was the first to hand its share back.
        seeds = dict(zip(trace.seeds.rows, trace.seeds.numbers, strict=True))
        shares = [seeds[row]] if seeds.get(row) else []
        shares += [trace.number(3, w) for w in reversed(wires)]
        total = f"{_sum(shares, digits)} = {show(trace.number(2, row), digits)}"
        gates = len({int(wiring.target[w]) for w in wires})
        if gates == len(wires):
            text = tr(
                "{name} feeds {n} gates: its gradient is the sum {sum}.",
                name=name,
                n=gates,
                sum=total,
            )
        else:
            text = tr(
                "{name} feeds {n} ports: its gradient is the sum {sum}.",
                name=name,
                n=len(wires),
                sum=total,
            )
        said.append(text)
    return said


def _wires_out(trace: Trace, row: int) -> list[int]:
    """The known wires out of a row, lowest target first."""
    wiring = trace.plan.wiring
    ids = trace.plan.graph.out_of(wiring.nodes[row])
    rows = [wiring.wire_row[key] for key in ids]
    known = [w for w in rows if w < wiring.wire_count]
    return sorted(known, key=lambda w: (int(wiring.target[w]), int(wiring.port[w])))


def _sum(terms: Sequence[float], digits: int) -> str:
    """−3 + 8; the middle of a long one is left out."""
    texts = [show(terms[0], digits), *(factor(term, digits) for term in terms[1:])]
    if len(texts) > TERMS:
        texts = [*texts[: TERMS - 2], "…", texts[-1]]
    return " + ".join(texts)


# --- the ledger -------------------------------------------------------------------------------


def ledger(trace: Trace, node: str, digits: int = DIGITS) -> list[Row]:
    """The inspector's rows for a node: inputs, value, local gradients, upstream, products."""
    place = place_of(trace, node)
    if place is None:
        return _of_source(trace, node, digits)
    reader = plain_reader(digits)
    rows = [
        _row(tr("input {port}", port=port), trace.number(0, source), "value", digits)
        for port, source in zip(place.ports, _source_rows(trace, place), strict=True)
    ]
    rows.append(_row(tr("value z"), trace.number(0, place.row), "value", digits))
    for index, port in enumerate(place.ports):
        formula = formula_of(place.gate, len(place.ports), index, reader)
        title = tr("local dz/d{port} = {formula}", port=port, formula=formula)
        rows.append(_row(title, trace.number(1, place.wires[index]), "local", digits))
    rows.append(_row(tr("upstream"), trace.number(2, place.row), "grad", digits))
    for port, wire in zip(place.ports, place.wires, strict=True):
        title = tr("d{port} = upstream × local", port=port)
        rows.append(_row(title, trace.number(3, wire), "strong", digits))
    return rows


def _of_source(trace: Trace, node: str, digits: int) -> list[Row]:
    """A source's value and gradient, the shares of its wires between; nothing for the unknown."""
    wiring = trace.plan.wiring
    row = wiring.row[node]
    if row >= wiring.count:
        return [
            Row(tr("port {port} has no wire", port=port), "", "plain", "")
            for owner, port in trace.plan.missing
            if owner == node
        ]
    gate = trace.plan.graph.gates[trace.plan.graph.nodes[node].gate]
    rows = [_row(tr(gate.title), trace.number(0, row), "value", digits)]
    wires = _wires_out(trace, row)
    if len(wires) > 1:
        for wire in wires:
            target = name_of(trace, wiring.nodes[int(wiring.target[wire])])
            title = tr("from {node}", node=target)
            rows.append(_row(title, trace.number(3, wire), "grad", digits))
    rows.append(_row(tr("gradient"), trace.number(2, row), "strong", digits))
    return rows


def _source_rows(trace: Trace, place: Place) -> list[int]:
    return [int(trace.plan.wiring.source[w]) for w in place.wires]


def _row(title: str, number: float, kind: str, digits: int) -> Row:
    return Row(title, show(number, digits), kind, exact(number))
