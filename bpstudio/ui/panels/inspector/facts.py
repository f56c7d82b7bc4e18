"""What the inspector says of the thing that is selected, before anything of it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpstudio.core.graph import Graph, Group, Node, Note, Wire
from bpstudio.core.groups import inside
from bpstudio.core.numbers import exact, show
from bpstudio.core.standing import standing_in
from bpstudio.language import tr
from bpstudio.ui.document import Document
from bpstudio.ui.panels.inspector import cautions
from bpstudio.ui.panels.inspector.cautions import Doubts
from bpstudio.ui.panels.ledger import Entry

ENDS = 6
"""Outputs that the graph's ledger names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One thing: its title and its gate's family, its name, its formula, its ledger, what to say.

    `text` and `latex` are the gate's own formula, over its ports.
    """

    title: str = ""
    name: str = ""
    text: str = ""
    latex: str = ""
    family: str | None = None
    entries: tuple[Entry, ...] = ()
    doubts: Doubts = field(default_factory=Doubts)
    note: str = ""


def of_node(document: Document, node: Node, digits: int) -> Facts:
    """A node: its ledger as far as the step shown has computed it."""
    from bpstudio.core.explain import ledger

    gate = document.graph.gate(node)
    trace = document.readout.one
    entries: tuple[Entry, ...] = ()
    doubts = Doubts()
    if node.id in trace.plan.row:
        rows = [Entry(r.title, r.text, r.kind, r.exact) for r in ledger(trace, node.id, digits)]
        entries = tuple(row for row in rows if _known(document, node.id, row.kind))
        entries += _rate(document, node, digits)
        doubts = cautions.of_node(document, node.id)
    if gate is None:
        note = tr("This version does not know this gate.")
        return Facts(node.gate, node.name, "", "", "", entries, doubts, note)
    text, latex = _formula(document.graph, node)
    return Facts(
        gate.name,
        node.name,
        text,
        latex,
        gate.family,
        entries,
        doubts,
        _note(document, tr(gate.note) if gate.note else ""),
    )


def _rate(document: Document, node: Node, digits: int) -> tuple[Entry, ...]:
    """In forward mode the node's derivative by the chosen input, once its step is done."""
    read = document.readout
    if read.tangents is None:
        return ()
    from bpstudio.core.forward import rate_name
    from bpstudio.core.readings import name_of

    visible = read.visible(document.step)
    if visible is not None and not visible.grads[read.one.plan.row[node.id]]:
        return ()
    title = rate_name(name_of(read.one, node.id), name_of(read.one, read.reading.source))
    rate = read.tangents.of(node.id)
    return (Entry(title, show(rate, digits), "tangent", exact(rate)),)


def _note(document: Document, note: str) -> str:
    """The note, and in forward mode which numbers are still those of the backward pass."""
    if not document.reading.is_forward:
        return note
    said = tr("The gradients here are those of the backward pass, also in forward mode.")
    return f"{note}\n{said}" if note else said


def _known(document: Document, node: str, kind: str) -> bool:
    """Whether the step shown has got so far that this row may be read."""
    visible = document.readout.computed(document.step)
    if visible is None:
        return True
    row = document.trace.plan.row[node]
    return bool((visible.grads if kind in ("grad", "strong") else visible.values)[row])


def _formula(graph: Graph, node: Node) -> tuple[str, str]:
    """z = x × y, over as many ports as the node has."""
    gate = graph.gate(node)
    if gate is None or gate.is_source:
        return "", ""
    from bpstudio.core.formula.gatetext import value_of
    from bpstudio.core.formula.tex import LATEX
    from bpstudio.core.formula.write import write
    from bpstudio.core.readings import plain_reader

    value = value_of(gate, len(gate.ports(node.params)))
    return f"z = {plain_reader().text(value, {})}", f"z = {write(value, LATEX)}"


def of_wire(document: Document, wire: Wire, digits: int) -> Facts:
    """A wire: its four numbers."""
    graph, trace = document.graph, document.readout.one
    ends = f"{graph.nodes[wire.source].name} → {graph.nodes[wire.target].name}.{wire.port}"
    entries: list[Entry] = []
    if wire.id in trace.plan.wire_row:
        value, local, upstream, grad = trace.wire(wire.id)
        row = trace.plan.wire_row[wire.id]
        # At the end too: what lacks a wire is never computed, and would stand here as NaN.
        done = document.readout.computed(document.step) or trace.at(len(trace.steps))
        if done.wire_values[row]:
            entries += [
                Entry(tr("value"), show(value, digits), "value", exact(value)),
                Entry(tr("local gradient"), show(local, digits), "local", exact(local)),
            ]
        if done.wire_grads[row]:
            entries += [
                Entry(tr("upstream"), show(upstream, digits), "grad", exact(upstream)),
                Entry(tr("upstream × local"), show(grad, digits), "strong", exact(grad)),
            ]
    return Facts(
        tr("Wire"),
        wire.id,
        ends,
        entries=tuple(entries),
        doubts=cautions.of_wire(document, wire.id),
        note=_note(
            document,
            tr("A wire carries its value forward; what it carries back is upstream × local."),
        ),
    )


def of_group(document: Document, group: Group, digits: int) -> Facts:
    """A group: how much is in it, and what comes out of it."""
    graph = document.graph
    held = set(inside(graph, group.id))
    ends = [
        graph.nodes[key]
        for key in sorted(held, key=lambda key: (*graph.nodes[key].at[::-1], key))
        if any(graph.wires[w].target not in held for w in graph.out_of(key))
        or (graph.into(key) and not graph.out_of(key))
    ]
    entries = (*_counted(graph, held), *_results(document, ends, digits))
    return Facts(tr("Group"), group.id, entries=entries)


def of_note(note: Note) -> Facts:
    """A note: that it is one."""
    return Facts(tr("Note"), note.id)


def of_frame(graph: Graph, frame: Note) -> Facts:
    """A frame: how much stands in it, and what becomes of that."""
    held = {key for key in standing_in(graph, frame.id) if key in graph.nodes}
    said = tr("What stands wholly in it goes with it: moved, copied or cut. Delete takes only it.")
    return Facts(tr("Frame"), frame.id, entries=_counted(graph, held), note=said)


def of_many(graph: Graph, chosen: frozenset[str]) -> Facts:
    """Several things: how many, those in groups and the wires between them with them."""
    held = {key for key in chosen if key in graph.nodes}
    for key in chosen & graph.groups.keys():
        held.update(inside(graph, key))
    return Facts(tr("Selection"), entries=_counted(graph, held, chosen))


def _counted(
    graph: Graph, nodes: set[str], chosen: frozenset[str] = frozenset()
) -> tuple[Entry, ...]:
    """How many gates, and how many wires: those among them and those chosen themselves."""
    wires = {w for key in nodes for w in graph.out_of(key) if graph.wires[w].target in nodes}
    wires.update(chosen & graph.wires.keys())
    return Entry(tr("gates"), str(len(nodes))), Entry(tr("wires"), str(len(wires)))


def _results(document: Document, ends: list[Node], digits: int) -> list[Entry]:
    """The values of some outputs, once everything is computed."""
    trace = document.readout.one
    found = []
    for node in ends[:ENDS]:
        value = trace.value_of(node.id)
        if document.step is None and trace.plan.known[trace.plan.row[node.id]]:
            found.append(Entry(node.name, show(value, digits), "value", exact(value)))
    return found


def of_graph(document: Document, digits: int) -> Facts:
    """The graph in short: its size, its outputs, its cautions."""
    graph = document.graph
    ends = [n for n in graph.nodes.values() if graph.into(n.id) and not graph.out_of(n.id)]
    entries = [
        Entry(tr("gates"), str(len(graph.nodes))),
        Entry(tr("wires"), str(len(graph.wires))),
        *_results(document, ends, digits),
    ]
    return Facts(
        tr("Graph"),
        document.title,
        entries=tuple(entries),
        doubts=cautions.of_graph(document),
        note="" if graph else tr("Drag a gate from the left, or type a formula above."),
    )
