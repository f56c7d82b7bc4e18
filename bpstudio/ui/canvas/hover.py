"""What is said about the thing under the resting pointer, with every digit there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.core.graph import Graph
from bpstudio.core.numbers import exact, factor
from bpstudio.language import tr
from bpstudio.ui.canvas.tools import Hit

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace, Visible
    from bpstudio.ui.document import Document

ALL = 17
"""Significant digits that tell any two floats apart."""


def sentence(document: Document, hit: Hit) -> str:
    """The words for a hit: a wire's product, a gate's title and numbers, a badge's warning."""
    graph = document.graph
    if hit.part == "wire" and hit.id in graph.wires:
        return _wire(graph, document.trace, _visible(document), hit.id)
    if hit.id not in graph.nodes:
        return ""
    if hit.part == "badge":
        return "\n".join(w.sentence for w in document.trace.warnings if w.node == hit.id)
    lines = [_title(graph, hit)]
    if hit.part == "input" and (wire := graph.into(hit.id).get(hit.port)):
        lines.append(_wire(graph, document.trace, _visible(document), wire))
    elif hit.part != "input":
        lines += _numbers(document.trace, _visible(document), hit.id)
    if hit.part == "value":
        lines.append(tr("Click to type, drag to change; Shift finer, Ctrl coarser."))
    return "\n".join(line for line in lines if line)


def _visible(document: Document) -> Visible | None:
    return None if document.step is None else document.trace.at(document.step)


def _title(graph: Graph, hit: Hit) -> str:
    node = graph.nodes[hit.id]
    gate = graph.gate(node)
    if gate is None:
        return tr("{name}: a gate that this version does not know.", name=node.name)
    if hit.part == "input":
        return tr("{name}, input {port}", name=node.name, port=hit.port)
    if gate.is_source:
        return tr("{name} · {title}", name=node.name, title=gate.name)
    return tr(
        "{name} · {title} · z = {formula}", name=node.name, title=gate.name, formula=gate.value
    )


def _wire(graph: Graph, trace: Trace, visible: Visible | None, key: str) -> str:
    wire = graph.wires[key]
    if key not in trace.plan.wire_row:
        return ""
    row = trace.plan.wire_row[key]
    value, local, upstream, grad = trace.wire(key)
    ends = tr(
        "{source} → {target}.{port}",
        source=graph.nodes[wire.source].name,
        target=graph.nodes[wire.target].name,
        port=wire.port,
    )
    lines = [ends]
    if value == value and (visible is None or visible.wire_values[row]):
        lines.append(tr("value {value}", value=exact(value)))
    if (grad == grad or upstream == upstream) and (visible is None or visible.wire_grads[row]):
        lines.append(
            tr(
                "gradient = local × upstream = {local} × {upstream} = {grad}",
                local=factor(local, ALL),
                upstream=factor(upstream, ALL),
                grad=exact(grad),
            )
        )
    return "\n".join(lines)


def _numbers(trace: Trace, visible: Visible | None, node: str) -> list[str]:
    row = trace.plan.row.get(node)
    if row is None:
        return []
    value, grad = trace.value_of(node), trace.grad_of(node)
    lines = []
    if value == value and (visible is None or visible.values[row]):
        lines.append(tr("value {value}", value=exact(value)))
    if grad == grad and (visible is None or visible.grads[row]):
        lines.append(tr("gradient {grad}", grad=exact(grad)))
    return lines
