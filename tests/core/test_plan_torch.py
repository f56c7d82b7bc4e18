"""Plan: random graphs beside torch in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Node
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from tests.core.graphs import wild


@pytest.mark.peer
@pytest.mark.parametrize("tenth", range(10))
def test_a_thousand_random_graphs_agree_with_torch_wires_included(tenth: int) -> None:
    pytest.importorskip("torch")
    for seed in range(100 * tenth, 100 * tenth + 100):
        graph = wild(seed, 4 + seed % 37)
        trace = Plan.of(graph).run()
        for place, ours, theirs in _beside_torch(graph, trace):
            reference = 0.0 if theirs is None else float(theirs)
            assert abs(ours - reference) <= 1e-12 * (1 + abs(reference)), (seed, place)


def _beside_torch(graph: Graph, trace: Trace) -> Iterator[tuple[str, float, Any]]:
    """(where, our number, torch's) for values and gradients of all nodes and wires."""
    import torch

    value: dict[str, Any] = {}
    wire: dict[str, Any] = {}
    for key in trace.plan.nodes:
        node = graph.nodes[key]
        if node.gate == "input":
            number = torch.tensor(node.params["value"], dtype=torch.float64, requires_grad=True)
            value[key] = number
            continue
        into = [key for _, key in sorted(_ports(graph, key))]
        for at in into:
            # A copy of its own for each wire: its gradient is what the wire carries back.
            wire[at] = value[graph.wires[at].source].clone()
            wire[at].retain_grad()
        value[key] = _torch(torch, node, [wire[at] for at in into])
        value[key].retain_grad()
    ends = [value[trace.plan.nodes[row]] for row in trace.plan.seeds.rows]
    sum(ends).backward()
    for key, tensor in value.items():
        yield key, trace.value_of(key), tensor.item()
        yield key, trace.grad_of(key), tensor.grad
    for key, tensor in wire.items():
        yield key, trace.wire(key)[0], tensor.item()
        yield key, trace.wire(key)[3], tensor.grad


def _ports(graph: Graph, node: str) -> list[tuple[int, str]]:
    ports = GATES[graph.nodes[node].gate].ports(graph.nodes[node].params)
    return [(ports.index(port), wire) for port, wire in graph.into(node).items()]


def _torch(torch: Any, node: Node, x: list[Any]) -> Any:
    from functools import reduce

    many = {"add": torch.add, "multiply": torch.mul, "max": torch.maximum, "min": torch.minimum}
    if node.gate in many and len(x) == 2:
        return many[node.gate](*x)
    # torch.maximum splits a tie of three as 1/2, 1/4, 1/4; amax splits it evenly, as we do.
    if node.gate in ("max", "min"):
        return getattr(torch.stack(x), f"a{node.gate}")()
    if node.gate in many:
        return reduce(many[node.gate], x)
    functional = torch.nn.functional
    param = {k: v for k, v in node.params.items() if k != "inputs"}
    rules = {
        "subtract": lambda: x[0] - x[1],
        "negate": lambda: -x[0],
        "scale": lambda: x[0] * param["a"],
        "add_constant": lambda: x[0] + param["c"],
        "half_squared_error": lambda: 0.5 * (x[0] - x[1]) ** 2,
        "softplus": lambda: functional.softplus(x[0], threshold=1e9),
        "gelu": lambda: functional.gelu(x[0]),
        "elu": lambda: functional.elu(x[0]),
        "leaky_relu": lambda: functional.leaky_relu(x[0], param["slope"]),
        "relu": lambda: functional.relu(x[0]),
    }
    rule = rules.get(node.gate)
    return rule() if rule else getattr(torch, node.gate)(x[0])
