"""A trace small enough to read: for tests of what draws numbers, not of what computes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from bpstudio.core.graph import Graph, Group, Node, Wire

_RULES: dict[str, tuple[Callable[..., float], Callable[..., tuple[float, ...]]]] = {
    "add": (lambda p, x, y: x + y, lambda p, x, y: (1.0, 1.0)),
    "multiply": (lambda p, x, y: x * y, lambda p, x, y: (y, x)),
    "scale": (lambda p, x: p["a"] * x, lambda p, x: (p["a"],)),
    "exp": (lambda p, x: math.exp(x), lambda p, x: (math.exp(x),)),
    "add_constant": (lambda p, x: x + p["c"], lambda p, x: (1.0,)),
    "reciprocal": (lambda p, x: 1 / x, lambda p, x: (-1 / x**2,)),
}


@dataclass
class FakeTrace:
    """What the canvas reads of a Trace: columns by the plan's rows, steps, what is visible."""

    plan: Any
    value: np.ndarray
    grad: np.ndarray
    wire_value: np.ndarray
    wire_grad: np.ndarray
    steps: list[Any]
    warnings: tuple[Any, ...] = ()
    order: list[str] = field(default_factory=list)

    def sample(self, index: int) -> FakeTrace:
        return self

    def at(self, n: int) -> Any:
        graph, plan = self.plan.graph, self.plan
        gates = [key for key in self.order if graph.nodes[key].gate not in ("input", "constant")]
        forward = set(self.order) - set(gates) | set(gates[:n])
        back = set(gates[::-1][: max(0, n - len(gates))])
        step = self.steps[n - 1] if n else None
        wires = [graph.wires[w] for w in plan.wires]
        return SimpleNamespace(
            step=step,
            values=np.array([key in forward for key in plan.nodes]),
            wire_values=np.array([w.source in forward for w in wires]),
            wire_grads=np.array([w.target in back for w in wires]),
            grads=np.array([n > len(gates) and self._whole(key, back) for key in plan.nodes]),
            active=step.node if step else "",
            active_wires=tuple(graph.into(step.node).values()) if step else (),
        )

    def _whole(self, key: str, back: set[str]) -> bool:
        graph = self.plan.graph
        return all(graph.wires[w].target in back for w in graph.out_of(key))


def run(graph: Graph, warnings: tuple[Any, ...] = ()) -> FakeTrace:
    """Values and gradients of a graph whose nodes come in order, every port wired."""
    order = list(graph.nodes)
    value: dict[str, float] = {}
    local: dict[str, float] = {}
    for key in order:
        node = graph.nodes[key]
        if node.gate in ("input", "constant"):
            value[key] = float(node.params["value"])
            continue
        into = graph.into(key)
        xs = [value[graph.wires[into[port]].source] for port in sorted(into)]
        rule, slope = _RULES[node.gate]
        value[key] = rule(node.params, *xs)
        for port, number in zip(sorted(into), slope(node.params, *xs), strict=True):
            local[into[port]] = number
    grad = {key: 0.0 if graph.out_of(key) else 1.0 for key in order}
    back: dict[str, float] = {}
    for key in reversed(order):
        for wire in graph.into(key).values():
            back[wire] = local[wire] * grad[key]
            grad[graph.wires[wire].source] += back[wire]
    gates = [key for key in order if graph.nodes[key].gate not in ("input", "constant")]
    steps = [SimpleNamespace(phase="forward", node=key) for key in gates]
    steps += [SimpleNamespace(phase="backward", node=key) for key in reversed(gates)]
    plan = SimpleNamespace(
        graph=graph,
        nodes=tuple(order),
        wires=tuple(graph.wires),
        known=np.ones(len(order), dtype=bool),
    )
    return FakeTrace(
        plan,
        _column(value[key] for key in order),
        _column(grad[key] for key in order),
        _column(value[w.source] for w in graph.wires.values()),
        _column(back[w] for w in graph.wires),
        steps,
        warnings,
        order,
    )


def _column(numbers: Any) -> np.ndarray:
    return np.array(list(numbers), dtype=float).reshape(-1, 1)


def perceptron() -> Graph:
    """The two-input perceptron of the look, its sigmoid made of four gates in a group."""
    inputs = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    nodes = [
        Node(key, "input", (56, 40 + 88 * i), {"value": value}, key)
        for i, (key, value) in enumerate(inputs.items())
    ]
    nodes += [
        Node("multiply1", "multiply", (240, 88)),
        Node("multiply2", "multiply", (240, 264)),
        Node("add1", "add", (360, 176)),
        Node("add2", "add", (480, 264)),
        Node("scale1", "scale", (616, 264), {"a": -1.0}, group="sigmoid1"),
        Node("exp1", "exp", (744, 264), group="sigmoid1"),
        Node("plus1", "add_constant", (872, 264), {"c": 1.0}, group="sigmoid1"),
        Node("reciprocal1", "reciprocal", (1000, 264), {}, "f", "sigmoid1"),
    ]
    chain = "w0 multiply1 x,x0 multiply1 y,w1 multiply2 x,x1 multiply2 y,multiply1 add1 x"
    chain += ",multiply2 add1 y,add1 add2 x,w2 add2 y,add2 scale1 x,scale1 exp1 x"
    chain += ",exp1 plus1 x,plus1 reciprocal1 x"
    wires = [Wire(f"wire{i}", *way.split()) for i, way in enumerate(chain.split(","))]
    return Graph(nodes, wires, [Group("sigmoid1", "sigmoid")])


def square() -> Graph:
    """x times itself, and once more: a fan-out, and wires that run close together."""
    nodes = [
        Node("x", "input", (56, 40), {"value": 3.0}, "x"),
        Node("multiply1", "multiply", (200, 40), {}, "q"),
        Node("add1", "add", (344, 104), {}, "f"),
    ]
    chain = ["x multiply1 x", "x multiply1 y", "multiply1 add1 x", "x add1 y"]
    return Graph(nodes, [Wire(f"wire{i}", *way.split()) for i, way in enumerate(chain)])
