"""The same work in the peers: micrograd, PyTorch and CasADi computing a graph forward and backward.

Each `*_run` answers a call that does one round with new input values, or None where the peer is not
installed or cannot do it. What a round is, peer by peer:

micrograd  builds its graph anew, as it must; afterwards every node has its gradient.
torch      eager, a float64 scalar tensor per value, the graph built anew, as it must be. With
           `every` it keeps the gradient of every node (`retain_grad`), which is the nearest it has
           to the gradient of every wire; without, it computes the inputs' gradients only.
casadi     one compiled SX function that answers all values and the gradient of every wire, called
           through its buffers, which copies nothing and makes no Python object. Building the
           function is not part of a round.

Where a graph has several outputs, torch and CasADi seed each with 1; micrograd, which starts at one
node, adds them up in pairs first. Of a batch torch's inputs are made once, not in every round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpstudio.core.graph import Graph, Node
from bpstudio.core.plan import Plan

Run = Callable[[], Any]
Rule = Callable[..., Any]


@dataclass(frozen=True)
class Script:
    """A graph as a list of things to do: (gate, places of its inputs), sources first."""

    values: list[float]
    nodes: list[tuple[Node, list[int]]]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, graph: Graph) -> Script:
        made = Plan.of(graph)
        place = {key: i for i, key in enumerate(made.nodes)}
        first = made.wiring.sources
        values = [float(graph.nodes[key].params["value"]) for key in made.nodes[:first]]
        nodes = []
        for key in made.nodes[first:]:
            ports = sorted(graph.into(key).items())
            nodes.append((graph.nodes[key], [place[graph.wires[wire].source] for _, wire in ports]))
        return cls(values, nodes, made.seeds.rows)

    def calls(self, rules: Mapping[str, Rule]) -> list[tuple[Rule, list[int]]]:
        """Each gate as one of the peer's operations."""
        return [(rules.get(node.gate) or _with_param(node), ins) for node, ins in self.nodes]


def _with_param(node: Node) -> Rule:
    if node.gate == "scale":
        a = float(node.params["a"])
        return lambda x: x * a
    c = float(node.params.get("c", 1.0))
    return lambda x: x + c


_ARITHMETIC: dict[str, Rule] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "negate": lambda x: -x,
}


def micrograd_run(graph: Graph, batch: int = 1) -> Run | None:
    """A round of micrograd; it has no batches."""
    try:
        from micrograd.engine import Value
    except ImportError:
        return None
    if batch > 1:
        return None
    rules = {
        **_ARITHMETIC,
        "relu": lambda x: x.relu(),
        "reciprocal": lambda x: x**-1,
        # It has no exp: a power stands in, which costs it no more.
        "exp": lambda x: x**2,
    }
    script = Script.of(graph)
    calls = script.calls(rules)

    def run() -> None:
        known = [Value(value) for value in script.values]
        for rule, inputs in calls:
            known.append(rule(*[known[i] for i in inputs]))
        totals = [known[end] for end in script.ends]
        while len(totals) > 1:
            # In pairs: it recurses as deep as the graph.
            odd = totals[len(totals) & ~1 :]
            totals = [a + b for a, b in zip(totals[::2], totals[1::2], strict=False)] + odd
        totals[0].backward()

    return run


def torch_run(graph: Graph, batch: int = 1, *, every: bool = True) -> Run | None:
    """A round of torch, with the gradient of every node or of the inputs only."""
    try:
        import torch
    except ImportError:
        return None

    def leaf(value: Any) -> Any:
        return torch.tensor(value, dtype=torch.float64, requires_grad=True)

    rules = {
        **_ARITHMETIC,
        "relu": lambda x: x.relu(),
        "reciprocal": lambda x: x.reciprocal(),
        "exp": lambda x: x.exp(),
        "tanh": lambda x: x.tanh(),
    }
    script = Script.of(graph)
    calls = script.calls(rules)
    # Filling a thousand samples from a list is not what is measured.
    kept = [leaf([value] * batch) for value in script.values] if batch > 1 else []
    seeds = [torch.ones(batch if batch > 1 else (), dtype=torch.float64)] * len(script.ends)

    def run() -> None:
        known = list(kept) if batch > 1 else [leaf(value) for value in script.values]
        for tensor in kept:
            tensor.grad = None
        for rule, inputs in calls:
            made = rule(*[known[i] for i in inputs])
            if every:
                made.retain_grad()
            known.append(made)
        torch.autograd.backward([known[end] for end in script.ends], seeds)

    return run


def casadi_run(graph: Graph, batch: int = 1) -> Run | None:
    """A round of CasADi: values and wire gradients written out by hand, so that nothing is lost
    to its own differentiation."""
    try:
        import casadi
    except ImportError:
        return None
    script = Script.of(graph)
    given = casadi.SX.sym("x", len(script.values))
    known = casadi.vertsplit(given)
    slopes: list[tuple[int, int, Any]] = []
    for at, (node, ins) in enumerate(script.nodes, start=len(known)):
        value, local = _symbols(casadi, node, [known[i] for i in ins])
        known.append(value)
        slopes += [(i, at, slope) for i, slope in zip(ins, local, strict=True)]
    grad: list[Any] = [None] * len(known)
    for end in script.ends:
        grad[end] = casadi.SX(1.0)
    shares = []
    for source, target, slope in reversed(slopes):
        share = grad[target] * slope
        shares.append(share)
        grad[source] = share if grad[source] is None else grad[source] + share
    outputs = [casadi.vertcat(*known), casadi.vertcat(*shares)]
    function = casadi.Function("f", [given], outputs)
    if batch > 1:
        function = function.map(batch)
    buffer, evaluate = function.buffer()
    fresh = np.tile(np.array(script.values), batch)
    numbers = np.zeros_like(fresh)
    results = [np.zeros(out.shape[0] * batch) for out in outputs]
    buffer.set_arg(0, memoryview(numbers))
    for i, result in enumerate(results):
        buffer.set_res(i, memoryview(result))

    def run(hold: Any = buffer) -> list[Any]:
        numbers[...] = fresh
        evaluate()
        return results

    return run


def _symbols(casadi: Any, node: Node, x: list[Any]) -> tuple[Any, list[Any]]:
    """(value, local gradients) of a gate as expressions."""
    one = casadi.SX(1.0)
    if node.gate == "add":
        return x[0] + x[1], [one, one]
    if node.gate == "subtract":
        return x[0] - x[1], [one, -one]
    if node.gate == "multiply":
        return x[0] * x[1], [x[1], x[0]]
    if node.gate == "negate":
        return -x[0], [-one]
    if node.gate == "relu":
        return casadi.fmax(x[0], 0), [x[0] > 0]
    if node.gate == "exp":
        value = casadi.exp(x[0])
        return value, [value]
    if node.gate == "tanh":
        value = casadi.tanh(x[0])
        return value, [1 - value * value]
    if node.gate == "reciprocal":
        value = 1 / x[0]
        return value, [-(value * value)]
    if node.gate == "scale":
        return float(node.params["a"]) * x[0], [casadi.SX(float(node.params["a"]))]
    return x[0] + float(node.params.get("c", 1.0)), [one]
