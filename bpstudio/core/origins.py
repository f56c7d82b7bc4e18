"""Where a NaN or an infinity at a node comes from, and who hands it on, forward and backward.

`cautions` tells of the gates that make one; this tells the others whose it is. Everything is read
from the first sample of a trace.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpstudio.core.readings import name_of
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

Test = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Inherited:
    """A number at a node that is none because of another: that node's id, and a sentence."""

    origin: str
    sentence: str


def inherited(trace: Trace, node: str) -> tuple[Inherited, ...]:
    """What this node only hands on, in its value and in its gradient; not what it made."""
    if node not in trace.plan.row:
        return ()
    found = []
    for test, value_said, grad_said in (
        (math.isnan, _nan_value, _nan_gradient),
        (math.isinf, _inf_value, _inf_gradient),
    ):
        if _known(trace, node) and test(trace.value_of(node)):
            origin = forward_origin(trace, node, test)
            if origin != node:
                found.append(Inherited(origin, value_said(trace, node, origin)))
        if _known(trace, node) and test(trace.grad_of(node)):
            origin = backward_origin(trace, node, test)
            if origin != node:
                found.append(Inherited(origin, grad_said(trace, node, origin)))
    return tuple(found)


def _nan_value(trace: Trace, node: str, origin: str) -> str:
    return tr(
        "{node} only hands on the NaN that {origin} made.",
        node=name_of(trace, node),
        origin=name_of(trace, origin),
    )


def _inf_value(trace: Trace, node: str, origin: str) -> str:
    return tr(
        "{node} only hands on the infinity of {origin}.",
        node=name_of(trace, node),
        origin=name_of(trace, origin),
    )


def _nan_gradient(trace: Trace, node: str, origin: str) -> str:
    return tr(
        "The gradient of {node} is NaN because of {origin}.",
        node=name_of(trace, node),
        origin=name_of(trace, origin),
    )


def _inf_gradient(trace: Trace, node: str, origin: str) -> str:
    return tr(
        "The gradient of {node} is infinite because of {origin}.",
        node=name_of(trace, node),
        origin=name_of(trace, origin),
    )


def forward_origin(trace: Trace, node: str, test: Test) -> str:
    """The first node, up the wires from this one, whose value passes the test and no input does."""
    graph = trace.plan.graph
    while True:
        for wire in graph.into(node).values():
            source = graph.wires[wire].source
            if test(trace.value_of(source)):
                node = source
                break
        else:
            return node


def backward_origin(trace: Trace, node: str, test: Test) -> str:
    """The gate that first handed back a gradient which passes the test, down from this node.

    Where it did so because a value of its own was none already, that value's origin.
    """
    graph = trace.plan.graph
    while True:
        for wire in graph.out_of(node):
            if test(trace.wire(wire)[3]):
                target = graph.wires[wire].target
                if test(trace.grad_of(target)):
                    node = target
                    break
                for lost in (math.isnan, math.isinf):
                    if lost(trace.value_of(target)):
                        return forward_origin(trace, target, lost)
                return target
        else:
            # No wire brings it: it is the seed, or a value that was none.
            return forward_origin(trace, node, test) if test(trace.value_of(node)) else node


def heirs(trace: Trace, node: str) -> tuple[str, ...]:
    """The nodes that hand on the NaN, else the infinity, that this node made; in plan order."""
    if not _known(trace, node):
        return ()
    value = trace.value_of(node)
    test: Test = math.isnan if math.isnan(value) else math.isinf
    if not test(value) or forward_origin(trace, node, test) != node:
        return _heirs_back(trace, node)
    graph = trace.plan.graph
    found = {node}
    todo = [node]
    while todo:
        for wire in graph.out_of(todo.pop()):
            target = graph.wires[wire].target
            if target not in found and _known(trace, target) and test(trace.value_of(target)):
                found.add(target)
                todo.append(target)
    return _in_order(trace, found - {node})


def _heirs_back(trace: Trace, node: str) -> tuple[str, ...]:
    """The nodes whose gradients are none because this gate handed such a one back."""
    graph = trace.plan.graph
    found: set[str] = set()
    if not math.isfinite(trace.grad_of(node)) or not math.isfinite(trace.value_of(node)):
        return ()
    todo = [node]
    while todo:
        for wire in graph.into(todo.pop()).values():
            source = graph.wires[wire].source
            if source not in found and not math.isfinite(trace.wire(wire)[3]):
                found.add(source)
                todo.append(source)
    return _in_order(trace, found)


def _in_order(trace: Trace, nodes: set[str]) -> tuple[str, ...]:
    return tuple(sorted(nodes, key=trace.plan.row.__getitem__))


def _known(trace: Trace, node: str) -> bool:
    row = trace.plan.row.get(node)
    return row is not None and bool(trace.plan.known[row])
