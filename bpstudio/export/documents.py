"""A graph for documents: LaTeX formulas, a Graphviz drawing, a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from bpstudio.core.formula.recover import program_of
from bpstudio.core.formula.tex import LATEX, tex_name
from bpstudio.core.formula.write import write
from bpstudio.core.graph import Graph, Node
from bpstudio.core.numbers import show
from bpstudio.core.shape import face
from bpstudio.export.script import ExportError
from bpstudio.language import tr


def latex_lines(graph: Graph) -> str:
    """The formulas of all outputs as an `align*` of amsmath; names are escaped."""
    outputs = tuple(key for key in graph.nodes if not graph.out_of(key) and graph.into(key))
    if not outputs:
        raise ExportError(tr("No gate is wired yet, so there is no formula to export."))
    lines = [
        f"  {tex_name(line.name)} &= {write(line.expr, LATEX)}"
        for line in program_of(graph, outputs)
    ]
    body = " \\\\\n".join(lines)
    return f"% Needs \\usepackage{{amsmath}}\n\\begin{{align*}}\n{body}\n\\end{{align*}}\n"


def dot_graph(graph: Graph, trace: Any = None, digits: int = 4) -> str:
    """The graph for Graphviz, left to right; with a trace, numbers on nodes and wires."""
    lines = ["digraph backprop {", "  rankdir=LR;", "  node [shape=box, style=rounded];"]
    for node in graph.nodes.values():
        lines.append(
            f"  {_quoted(node.id)} [label={_quoted(_node_label(graph, node, trace, digits))}];"
        )
    for wire in graph.wires.values():
        label = ""
        if trace is not None and wire.id in trace.plan.wire_row:
            value, _, _, grad = trace.wire(wire.id)
            label = f" [label={_quoted(f'{show(value, digits)} | {show(grad, digits)}')}]"
        lines.append(f"  {_quoted(wire.source)} -> {_quoted(wire.target)}{label};")
    return "\n".join([*lines, "}"]) + "\n"


def _node_label(graph: Graph, node: Node, trace: Any, digits: int) -> str:
    gate = graph.gate(node)
    symbol = node.gate if gate is None else face(gate, node.params)
    words = node.name if gate is not None and gate.is_source else f"{node.name}: {symbol}"
    if trace is None or node.id not in trace.plan.row:
        return words
    value, grad = trace.value_of(node.id), trace.grad_of(node.id)
    return f"{words}\n{show(value, digits)} | {show(grad, digits)}"


def _quoted(text: str) -> str:
    """A DOT string: only quotes and backslashes are special inside."""
    kept = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    escaped = kept.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def csv_table(graph: Graph, trace: Any = None) -> str:
    """Nodes, then wires, one a row, all digits kept."""
    if trace is None:
        from bpstudio.core.plan import Plan

        trace = Plan.of(graph).run()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("kind", "id", "name", "gate", "value", "local", "upstream", "gradient"))
    writer.writerows(_rows(graph, trace))
    return out.getvalue()


def _rows(graph: Graph, trace: Any) -> Iterator[tuple[str, ...]]:
    for node in graph.nodes.values():
        known = node.id in trace.plan.row
        value, grad = (trace.value_of(node.id), trace.grad_of(node.id)) if known else ("", "")
        gate = _cell(node.gate)
        yield "node", _cell(node.id), _cell(node.name), gate, _digits(value), "", "", _digits(grad)
    for wire in graph.wires.values():
        known = wire.id in trace.plan.wire_row
        value, local, upstream, grad = trace.wire(wire.id) if known else ("",) * 4
        ends = f"{graph.nodes[wire.source].name} -> {graph.nodes[wire.target].name}.{wire.port}"
        numbers = (_digits(n) for n in (value, local, upstream, grad))
        yield "wire", _cell(wire.id), _cell(ends), "", *numbers


def _digits(value: object) -> str:
    return repr(float(value)) if isinstance(value, float | int) else ""


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
