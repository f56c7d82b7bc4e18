"""What is said about the thing under the resting pointer, with every digit there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.core.edits.places import group_name
from bpstudio.core.graph import Graph
from bpstudio.core.groups import inside
from bpstudio.core.numbers import exact, factor
from bpstudio.language import tr, trn
from bpstudio.ui.canvas.tools import Hit
from bpstudio.ui.reading import MEAN, SAMPLE, SPREAD

if TYPE_CHECKING:
    from bpstudio.core.trace import Visible
    from bpstudio.ui.document import Document

ALL = 17
"""Significant digits that tell any two floats apart."""


def sentence(document: Document, hit: Hit) -> str:
    """The words for a hit: a wire's product, a gate's title and numbers, a badge's warning."""
    graph = document.graph
    if hit.part == "wire" and hit.id in graph.wires:
        return _wire(document, hit.id)
    if hit.id in graph.groups:
        return _group(graph, hit)
    if hit.id in graph.notes and graph.notes[hit.id].frame:
        from bpstudio.ui.canvas import framing

        said = tr("Drag it to move all in it, with Alt alone; double-click types the title.")
        return f"{framing.described(graph, hit.id)}\n{said}"
    if hit.part == "dot":
        return tr("A dot of this wire: drag it; double-click or Delete takes it off.")
    if hit.id not in graph.nodes:
        return ""
    if hit.part == "badge":
        return "\n".join(w.sentence for w in document.readout.shown.warnings if w.node == hit.id)
    lines = [_title(graph, hit)]
    if hit.part == "input" and (wire := graph.into(hit.id).get(hit.port)):
        lines.append(_wire(document, wire))
    elif hit.part != "input":
        lines += _numbers(document, hit.id)
    if hit.part == "node" and graph.nodes[hit.id].gate in graph.kinds:
        lines.append(tr("Double-click shows its formula, to change it."))
    if hit.part == "value":
        lines.append(tr("Click to type, drag to change; Shift finer, Ctrl coarser."))
    return "\n".join(line for line in lines if line)


def _group(graph: Graph, hit: Hit) -> str:
    name, count = group_name(graph, hit.id), len(inside(graph, hit.id))
    words = trn("{name} · group of {n} gate", "{name} · group of {n} gates", count, name=name)
    return f"{words}\n{tr('Double-click opens it.')}" if hit.part == "box" else words


def _visible(document: Document) -> Visible | None:
    return document.readout.computed(document.step)


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


def _wire(document: Document, key: str) -> str:
    graph, trace, visible = document.graph, document.readout.one, _visible(document)
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
    lines = [ends, *_over(document)]
    if document.reading.of != SAMPLE:
        figures = document.readout.figures
        return "\n".join(
            [
                *lines,
                *_two(document, wire.source, figures.wire_value[row], figures.wire_second[row]),
            ]
        )
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
    return "\n".join([*lines, *_rate(document, wire.source)])


def _numbers(document: Document, node: str) -> list[str]:
    trace, visible = document.readout.one, _visible(document)
    row = trace.plan.row.get(node)
    if row is None:
        return []
    lines = _over(document)
    if document.reading.of != SAMPLE:
        figures = document.readout.figures
        return [*lines, *_two(document, node, figures.value[row], figures.second[row])]
    value, grad = trace.value_of(node), trace.grad_of(node)
    if value == value and (visible is None or visible.values[row]):
        lines.append(tr("value {value}", value=exact(value)))
    if grad == grad and (visible is None or visible.grads[row]):
        lines.append(tr("gradient {grad}", grad=exact(grad)))
    return [*lines, *_rate(document, node)]


def _over(document: Document) -> list[str]:
    """Of a batch, which of its numbers these are."""
    n, read = document.trace.batch, document.reading
    if n == 1:
        return []
    if read.of == MEAN:
        return [tr("mean over {n} samples", n=n)]
    if read.of == SPREAD:
        return [tr("spread over {n} samples", n=n)]
    return [tr("sample {k} of {n}", k=read.sample + 1, n=n)]


def _two(document: Document, node: str, value: float, second: float) -> list[str]:
    """Both numbers of a mean or a spread, where there are any."""
    lines = [tr("value {value}", value=exact(value))] if value == value else []
    if second == second and document.reading.is_forward:
        lines.append(f"{_rate_name(document, node)} = {exact(second)}")
    elif second == second:
        lines.append(tr("gradient {grad}", grad=exact(second)))
    return lines


def _rate(document: Document, node: str) -> list[str]:
    """In forward mode the node's derivative, as far as the step shown has come."""
    read = document.readout
    visible = read.visible(document.step)
    if read.tangents is None or visible is None:
        return []
    if not visible.grads[read.trace.plan.row[node]]:
        return []
    rate = read.tangents.of(node)
    return [f"{_rate_name(document, node)} = {exact(rate)}"]


def _rate_name(document: Document, node: str) -> str:
    from bpstudio.core.forward import rate_name

    names = document.graph.nodes
    return rate_name(names[node].name, names[document.reading.source].name)
