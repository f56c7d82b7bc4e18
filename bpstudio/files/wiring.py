"""The wires of a document: each from a gate that is there to a free port of one, and no loop.

The first fault found is raised as a Fault with its path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from msgspec import UNSET

from bpstudio.core.gate import Gate
from bpstudio.core.gates import GATES
from bpstudio.core.graph import LoopError, Node, Wire
from bpstudio.files.faults import Fault
from bpstudio.files.later import NONE, Extra
from bpstudio.files.records import WireRecord
from bpstudio.language import listed, tr


def wires_of(
    records: Sequence[WireRecord],
    extras: Sequence[Extra],
    nodes: Mapping[str, Node],
    gates: Mapping[str, Gate],
) -> list[Wire]:
    # Whole sets first, in C; only where they do not fit are the wires looked at one by one.
    ends = {record.to for record in records}
    sources = {record.source for record in records}
    fits = len(ends) == len(records) and sources <= nodes.keys()
    if not fits or not ends <= _all_ports(nodes, gates):
        _refuse_wire(records, nodes, gates)
    if not extras:
        return [
            Wire(r.id, r.source, *r.to, NONE)
            if r.dots is UNSET
            else Wire(r.id, r.source, *r.to, NONE, tuple(r.dots))
            for r in records
        ]
    return [
        Wire(
            record.id,
            record.source,
            *record.to,
            extra,
            () if record.dots is UNSET else tuple(record.dots),
        )
        for record, extra in zip(records, extras, strict=True)
    ]


def _all_ports(nodes: Mapping[str, Node], gates: Mapping[str, Gate]) -> set[tuple[str, str]]:
    return {
        (key, port)
        for key, node in nodes.items()
        for port in _ports(node.gate, node.params.get("inputs", 0), gates) or ()
    }


def _ports(kind: str, inputs: float, gates: Mapping[str, Gate]) -> frozenset[str] | None:
    """The ports of a gate with so many inputs; None for a kind that this version lacks."""
    if kind in GATES or kind not in gates:
        return _table_ports(kind, inputs)
    return frozenset(gates[kind].inputs)


@cache
def _table_ports(kind: str, inputs: float) -> frozenset[str] | None:
    gate = GATES.get(kind)
    return None if gate is None else frozenset(gate.ports({"inputs": inputs} if inputs else {}))


def _refuse_wire(
    records: Sequence[WireRecord], nodes: Mapping[str, Node], gates: Mapping[str, Gate]
) -> None:
    """Raise Fault for the first wire that does not fit."""
    taken: dict[tuple[str, str], str] = {}
    for index, record in enumerate(records):
        target, port = record.to
        node = nodes.get(target)
        if record.source not in nodes:
            raise Fault(f"$.graph.wires[{index}].from", no_node(record.source))
        if node is None:
            raise Fault(f"$.graph.wires[{index}].to[0]", no_node(target))
        ports = _ports(node.gate, node.params.get("inputs", 0), gates)
        if ports is not None and port not in ports:
            raise Fault(f"$.graph.wires[{index}].to[1]", _no_port(node, port, ports))
        if record.to in taken:
            raise Fault(
                f"$.graph.wires[{index}].to",
                tr(
                    "{node}.{port} already has the wire “{wire}”; a port takes one",
                    node=target,
                    port=port,
                    wire=taken[record.to],
                ),
            )
        taken[record.to] = record.id


def refuse_loops(nodes: Mapping[str, Node], wires: Sequence[Wire]) -> None:
    import numpy as np

    from bpstudio.core.order import levels, refuse_loop

    row = {key: index for index, key in enumerate(nodes)}
    source = np.array([row[w.source] for w in wires], np.int64)
    target = np.array([row[w.target] for w in wires], np.int64)
    try:
        refuse_loop(list(nodes), source, target, levels(len(nodes), source, target))
    except LoopError as error:
        last, first = error.loop[-1], error.loop[0]
        index = next(i for i, w in enumerate(wires) if w.source == last and w.target == first)
        raise Fault(
            f"$.graph.wires[{index}]",
            tr("the wire closes a loop: {loop}", loop=" → ".join((*error.loop, first))),
        ) from None


def no_node(node: str) -> str:
    return tr("there is no gate with the id “{id}”", id=node)


def _no_port(node: Node, port: str, ports: frozenset[str]) -> str:
    if not ports:
        return tr("“{node}” ({gate}) takes no wire", node=node.id, gate=node.gate)
    return tr(
        "“{node}” ({gate}) has no port “{port}”; it has {ports}",
        node=node.id,
        gate=node.gate,
        port=port,
        ports=listed(sorted(ports, key=lambda p: (len(p), p))),
    )
