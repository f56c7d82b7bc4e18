"""Traces and checks as tables for people and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bpstudio.cli import output
from bpstudio.core import numbers
from bpstudio.core.graph import Graph, Wire
from bpstudio.language import N_, tr, trn

if TYPE_CHECKING:
    from bpstudio.core.check import Check, Line
    from bpstudio.core.trace import Trace

VERDICTS = {
    "ok": N_("ok"),
    "kink": N_("kink"),
    "tie": N_("tie"),
    "mismatch": N_("mismatch"),
    "undefined": N_("undefined"),
}


def trace_as_json(trace: Trace) -> dict[str, Any]:
    """As INTERFACES fixes it: `bpstudio.trace`."""
    graph = trace.plan.graph
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
        }
    return {
        "format": "bpstudio.trace",
        "nodes": {
            node.id: {
                "gate": node.gate,
                "label": node.label,
                "value": trace.value_of(node.id),
                "grad": trace.grad_of(node.id),
            }
            for node in graph.nodes.values()
        },
        "wires": wires,
        "warnings": [
            {"kind": w.kind, "node": w.node, "sentence": w.sentence} for w in trace.warnings
        ],
    }


def say_trace(trace: Trace, digits: int | None) -> None:
    """Two tables, in the order of computation, and the warnings. `digits` None: all of them."""
    graph = trace.plan.graph
    called = names(graph)

    def show(value: float) -> str:
        return numbers.exact(value) if digits is None else numbers.show(value, digits)

    output.say()
    output.say_table(
        (tr("gate"), tr("kind"), tr("value"), tr("gradient")),
        (
            (
                called[key],
                output.printable(graph.nodes[key].gate),
                show(trace.value_of(key)),
                show(trace.grad_of(key)),
            )
            for key in trace.plan.nodes
        ),
        numbers=2,
    )
    if graph.wires:
        output.say()
        output.say_table(
            (tr("wire"), tr("value"), tr("local"), tr("upstream"), tr("gradient")),
            (
                (wire_name(graph.wires[key], called), *map(show, trace.wire(key)))
                for key in trace.plan.wires
            ),
            numbers=4,
        )
    if trace.warnings:
        output.say()
    for warning in trace.warnings:
        output.say("! " + output.printable(warning.sentence))


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
            }
            for wire, found in _found(check, graph)
        },
    }


def say_check(check: Check, graph: Graph) -> None:
    """A table of every wire and one line of summary."""
    called = names(graph)
    found = _found(check, graph)
    output.say()
    output.say_table(
        (tr("wire"), tr("verdict"), tr("analytic"), tr("numeric"), tr("relative")),
        (
            (
                wire_name(wire, called),
                tr(VERDICTS[one.verdict]),
                numbers.show(one.analytic, 8),
                numbers.show(one.numeric, 8),
                numbers.show(one.relative, 2),
            )
            for wire, one in found
        ),
        numbers=3,
    )
    count = Counter(one.verdict for _, one in found)
    parts = [f"{count[key]} {tr(title)}" for key, title in VERDICTS.items() if count[key]]
    output.say()
    wires = trn("{n} wire", "{n} wires", len(found))
    output.say(f"{wires}: {', '.join(parts)}" if parts else wires)
    for key in ("kink", "tie"):
        if count[key]:
            where = ", ".join(wire_name(wire, called) for wire, o in found if o.verdict == key)
            output.say(f"{tr(VERDICTS[key])}: {where}")


def _found(check: Check, graph: Graph) -> list[tuple[Wire, Line]]:
    """Every wire's comparison; one that takes no part in a run has nothing to compare."""
    from bpstudio.core.check import Line

    nan = float("nan")
    none = Line(nan, nan, nan, "undefined", nan, nan)
    return [(wire, check.lines.get(wire.id, none)) for wire in graph.wires.values()]
