"""Traces and checks as tables for people and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bpstudio.cli import output
from bpstudio.core import numbers
from bpstudio.core.graph import Graph, Wire
from bpstudio.language import N_, tr, trn

if TYPE_CHECKING:
    from bpstudio.core.check import Check, Line
    from bpstudio.core.gate import Array
    from bpstudio.core.trace import Trace

VERDICTS = {
    "ok": N_("ok"),
    "kink": N_("kink"),
    "tie": N_("tie"),
    "mismatch": N_("mismatch"),
    "undefined": N_("undefined"),
}


def trace_as_json(trace: Trace) -> dict[str, Any]:
    """As INTERFACES fixes it: `bpstudio.trace`; sample 0 and, of a batch, all of them besides."""
    graph = trace.plan.graph
    many = trace.batch > 1
    wires: dict[str, Any] = {}
    for wire in graph.wires.values():
        value, local, upstream, grad = trace.wire(wire.id)
        wires[wire.id] = {
            "from": wire.source,
            "to": [wire.target, wire.port],
            "value": value,
            "local": local,
            "upstream": upstream,
            "grad": grad,
            **(_samples(trace, "wire_", trace.plan.wire_row[wire.id]) if many else {}),
        }
    return {
        "format": "bpstudio.trace",
        **({"batch": trace.batch} if many else {}),
        "nodes": {
            node.id: {
                "gate": node.gate,
                "label": node.label,
                "value": trace.value_of(node.id),
                "grad": trace.grad_of(node.id),
                **(_samples(trace, "", trace.plan.row[node.id]) if many else {}),
            }
            for node in graph.nodes.values()
        },
        "wires": wires,
        "warnings": [
            {"kind": w.kind, "node": w.node, "sentence": w.sentence} for w in trace.warnings
        ],
    }


def _samples(trace: Trace, prefix: str, row: int) -> dict[str, Any]:
    """Every sample's value and gradient of a row, with mean and spread."""
    value, grad = f"{prefix}value", f"{prefix}grad"
    return {
        "values": getattr(trace, value)[row].tolist(),
        "grads": getattr(trace, grad)[row].tolist(),
        "mean": {"value": float(trace.mean(value)[row]), "grad": float(trace.mean(grad)[row])},
        "spread": {
            "value": float(trace.spread(value)[row]),
            "grad": float(trace.spread(grad)[row]),
        },
    }


def say_trace(trace: Trace, digits: int | None, sample: int = 0) -> None:
    """Two tables, in the order of computation, and the warnings. `digits` None: all of them.

    Of a batch one sample is shown, beside mean ± spread of all.
    """
    graph, one = trace.plan.graph, trace.sample(sample)
    called = names(graph)

    def show(value: float) -> str:
        return numbers.exact(value) if digits is None else numbers.show(value, digits)

    def over_all(prefix: str, row: int) -> list[str]:
        return [
            f"{show(float(trace.mean(of)[row]))} ± {show(float(trace.spread(of)[row]))}"
            for of in ((f"{prefix}value", f"{prefix}grad") if trace.batch > 1 else ())
        ]

    if trace.batch > 1:
        output.say(
            tr(
                "A batch of {n} samples, here sample {k}; then mean ± spread over all.",
                n=trace.batch,
                k=sample,
            )
        )
    more = (tr("all values"), tr("all gradients")) if trace.batch > 1 else ()
    output.say()
    output.say_table(
        (tr("gate"), tr("kind"), tr("value"), tr("gradient"), *more),
        (
            (
                called[key],
                output.printable(graph.nodes[key].gate),
                *map(show, found),
                *over_all("", row),
            )
            for row, (key, *found) in _numbered(trace.plan.nodes, one.value, one.grad)
        ),
        numbers=2 + len(more),
    )
    if graph.wires:
        output.say()
        output.say_table(
            (tr("wire"), tr("value"), tr("local"), tr("upstream"), tr("gradient"), *more),
            (
                (
                    wire_name(graph.wires[key], called),
                    *map(show, found),
                    *over_all("wire_", row),
                )
                for row, (key, *found) in _numbered(
                    trace.plan.wires, one.wire_value, one.local, one.upstream, one.wire_grad
                )
            ),
            numbers=4 + len(more),
        )
    _say_warnings(trace, sample)


def _numbered(keys: Sequence[str], *arrays: Array) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row, (key, its number in each array of one sample)."""
    # Whole arrays become Python's numbers at once: one by one they cost as much as the table.
    return enumerate(zip(keys, *(array[:, 0].tolist() for array in arrays), strict=True))


def _say_warnings(trace: Trace, sample: int) -> None:
    """What there is to say of the sample shown, then what only others of the batch have."""
    here = [warning.sentence for warning in trace.sample(sample).warnings]
    there = [w.sentence for w in trace.warnings if w.sentence not in here]
    if here or there:
        output.say()
    for sentence in here:
        output.say("! " + output.printable(sentence))
    for sentence in there:
        said = tr("In another sample: {sentence}", sentence=sentence)
        output.say("! " + output.printable(said))


def names(graph: Graph) -> dict[str, str]:
    """What each node is called: its name, with the id where several have that name."""
    count = Counter(node.name for node in graph.nodes.values())
    return {
        node.id: output.printable(
            node.name if count[node.name] == 1 else f"{node.name} ({node.id})"
        )
        for node in graph.nodes.values()
    }


def wire_name(wire: Wire, called: dict[str, str]) -> str:
    return f"{called[wire.source]} → {called[wire.target]}.{output.printable(wire.port)}"


def check_as_json(check: Check, graph: Graph) -> dict[str, Any]:
    return {
        "format": "bpstudio.check",
        "wires": {
            wire.id: {
                "from": wire.source,
                "to": [wire.target, wire.port],
                "analytic": found.analytic,
                "numeric": found.numeric,
                "relative": found.relative,
                "verdict": found.verdict,
                "left": found.left,
                "right": found.right,
                **({"sample": check.samples.get(wire.id, 0)} if check.samples else {}),
            }
            for wire, found in _found(check, graph)
        },
    }


def say_check(check: Check, graph: Graph) -> None:
    """A table of every wire, one line of summary, and a sentence for what is not plainly right."""
    from bpstudio.core.check import verdict_sentence

    called = names(graph)
    found = _found(check, graph)
    if check.samples:
        output.say(tr("All samples of the batch; of each wire the one that went worst is shown."))
    output.say()
    output.say_table(
        (
            tr("wire"),
            tr("verdict"),
            tr("analytic"),
            tr("numeric"),
            tr("relative"),
            *((tr("sample"),) if check.samples else ()),
        ),
        (
            (
                wire_name(wire, called),
                tr(VERDICTS[one.verdict]),
                numbers.show(one.analytic, 8),
                numbers.show(one.numeric, 8),
                numbers.show(one.relative, 2),
                *((str(check.samples.get(wire.id, 0)),) if check.samples else ()),
            )
            for wire, one in found
        ),
        numbers=4 if check.samples else 3,
    )
    count = Counter(one.verdict for _, one in found)
    parts = [f"{count[key]} {tr(title)}" for key, title in VERDICTS.items() if count[key]]
    output.say()
    wires = trn("{n} wire", "{n} wires", len(found))
    output.say(f"{wires}: {', '.join(parts)}" if parts else wires)
    none = (one for _, one in found if one.verdict == "undefined" and not one.blurred)
    nothing = next(none, None)
    if nothing is not None:
        output.say(f"{tr(VERDICTS['undefined'])}: {verdict_sentence(nothing)}")
    for wire, one in found:
        if one.verdict not in ("ok", "undefined") or one.blurred or one.without:
            said = output.printable(verdict_sentence(one))
            output.say(f"{tr(VERDICTS[one.verdict])}: {wire_name(wire, called)}: {said}")


def _found(check: Check, graph: Graph) -> list[tuple[Wire, Line]]:
    """Every wire's comparison; one that takes no part in a run has nothing to compare."""
    from bpstudio.core.check import Line

    nan = float("nan")
    none = Line(nan, nan, nan, "undefined", nan, nan)
    return [(wire, check.lines.get(wire.id, none)) for wire in graph.wires.values()]
