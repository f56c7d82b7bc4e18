"""Edits of wires, with every refusal spelled out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as changed

from bpstudio.core.edits.draft import (
    Draft,
    cut_label,
    gate_of,
    node_of,
    ports_of,
    shrink,
    wire_of,
)
from bpstudio.core.gate import Gate, growing_ports
from bpstudio.core.graph import (
    Graph,
    GraphError,
    LoopError,
    Node,
    Patch,
    PortTaken,
    SelfWire,
    UnknownPort,
    Wire,
)
from bpstudio.language import listed, tr


def next_port(graph: Graph, node: str) -> str:
    """The port that a growing gate would add when something is wired to it, or ""."""
    placed = node_of(graph, node)
    gate, ports = graph.gate(placed), ports_of(placed, graph)
    if gate is None or not gate.grows or len(ports) >= gate.most:
        return ""
    wired = graph.into(node)
    return growing_ports(len(ports) + 1)[-1] if all(p in wired for p in ports) else ""


def free_port(graph: Graph, source: str, target: str) -> str:
    """The best input port of `target` for a wire from `source`: the first that is free, or ""."""
    if source == target or graph.path(target, source):
        return ""
    wired = graph.into(target)
    free = (p for p in ports_of(node_of(graph, target), graph) if p not in wired)
    return next(free, next_port(graph, target))


def refusal(
    graph: Graph, source: str, target: str, port: str, *, replace: bool = True
) -> GraphError | None:
    """Why this wire may not be drawn; None when it may."""
    try:
        connect(graph, source, target, port, replace=replace)
    except GraphError as error:
        return error
    return None


def connect(graph: Graph, source: str, target: str, port: str, *, replace: bool = False) -> Patch:
    """Draw a wire. A growing gate takes its next port too; a taken port only with `replace`."""
    draft = Draft(graph)
    _connect(draft, source, target, port, replace, ())
    shrink(draft)
    return draft.patch(_connect_label(graph, source, target, port))


def disconnect(graph: Graph, wires: Iterable[str]) -> Patch:
    """Take wires off; a grown gate gives its free last ports back."""
    draft = Draft(graph)
    gone = []
    for key in wires:
        gone.append(wire_of(graph, key))
        draft.drop(key)
    shrink(draft)
    return draft.patch(cut_label(graph, gone))


def replug(
    graph: Graph,
    wire: str,
    *,
    source: str | None = None,
    target: str | None = None,
    port: str | None = None,
) -> Patch:
    """Plug one end of a wire elsewhere, taking the place of a wire that is already there."""
    old = wire_of(graph, wire)
    new = changed(
        old,
        source=source if source is not None else old.source,
        target=target if target is not None else old.target,
        port=port if port is not None else old.port,
    )
    draft = Draft(graph)
    if new == old:
        return draft.patch("")
    draft.drop(wire)
    _connect(draft, new.source, new.target, new.port, True, (wire,), new)
    shrink(draft)
    return draft.patch(_connect_label(graph, new.source, new.target, new.port))


def _connect(
    draft: Draft,
    source: str,
    target: str,
    port: str,
    replace: bool,
    ignoring: tuple[str, ...],
    like: Wire | None = None,
) -> None:
    """Put a wire into the draft; `like` is the one that it is, where it is not a new one."""
    graph = draft.graph
    start, end = node_of(graph, source), node_of(graph, target)
    gate = gate_of(end, graph)
    ports = ports_of(end, graph)
    growing = port not in ports
    if growing and (not port or port != next_port(graph, target)):
        raise UnknownPort(_no_port(end, gate, ports, port))
    if source == target:
        raise SelfWire(
            tr("A wire from {name} to itself would make a loop.", name=end.name), (source, source)
        )
    taken = graph.into(target).get(port, "")
    if taken and taken not in ignoring:
        if not replace:
            raise PortTaken(
                tr(
                    "{name}.{port} already has a wire; drop to replace it.",
                    name=end.name,
                    port=port,
                )
            )
        if graph.wires[taken].source == source:
            return
        draft.drop(taken)
    if loop := graph.path(target, source):
        raise _loop(graph, loop)
    if growing:
        draft.put(changed(end, params={**end.params, "inputs": len(ports) + 1}))
    draft.put(like or Wire(graph.fresh("w"), start.id, end.id, port))


def _loop(graph: Graph, way: tuple[str, ...]) -> LoopError:
    names = [graph.nodes[n].name for n in way]
    shown = names if len(names) <= 8 else [*names[:4], "…", *names[-3:]]
    return LoopError(
        tr(
            "This would make a loop: {last} already depends on {first} ({loop}).",
            last=names[-1],
            first=names[0],
            loop=" → ".join([*shown, names[0]]),
        ),
        (*way, way[0]),
    )


def _no_port(node: Node, gate: Gate, ports: tuple[str, ...], port: str) -> str:
    if gate.is_source:
        return tr("{name} takes no inputs: its value comes from outside.", name=node.name)
    return tr(
        "{name} has no input “{port}”; its inputs are {ports}.",
        name=node.name,
        port=port,
        ports=listed(ports),
    )


def _connect_label(graph: Graph, source: str, target: str, port: str) -> str:
    return tr(
        "Connect {source} to {target}, port {port}",
        source=graph.nodes[source].name,
        target=graph.nodes[target].name,
        port=port,
    )
