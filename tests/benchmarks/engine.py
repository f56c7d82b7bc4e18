"""How fast the engine runs beside its peers: `python -m tests.benchmarks.engine [--million]`.

Every figure is the least of many rounds in this one process; ratios hold from machine to machine,
times do not. One run is forward and backward with every input rewritten; ours leaves the gradient
of every wire besides. micrograd must build its graph anew for every run: that is how it computes.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bpstudio.core.check import check
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.plan import Plan
from tests.core.graphs import chain, perceptron

KINDS = ("add", "multiply", "subtract", "add", "relu", "scale", "negate")
"""What micrograd can compute too."""


def wide(gates: int, seed: int = 0) -> Graph:
    """Twenty levels; the scales keep numbers away from overflow and from slow denormals."""
    draw = random.Random(seed)
    width = max(1, gates // 20)
    before = [f"x{i}" for i in range(width)]
    nodes = [Node(key, "input", params={"value": draw.uniform(0.5, 1.5)}) for key in before]
    wires: list[Wire] = []
    for level in range(20):
        names = [f"n{level}_{i}" for i in range(width)]
        for name in names:
            gate = draw.choice(KINDS) if level % 4 else "scale"
            ports = "xy" if gate in ("add", "multiply", "subtract") else "x"
            nodes.append(Node(name, gate, params={"a": 0.5} if gate == "scale" else {}))
            for port in ports:
                wires.append(Wire(f"w{len(wires)}", draw.choice(before), name, port))
        before = names
    return Graph(nodes, wires)


def deep(gates: int) -> Graph:
    """One gate after another."""
    draw = random.Random(0)
    ops = []
    for i in range(gates):
        gate = draw.choice(("add_constant:c=0.25", "scale:a=-0.9", "negate"))
        ops.append((f"n{i + 1}", gate, [f"n{i}"]))
    return chain(ops, {"n0": 1.0})


def network(sizes: tuple[int, ...] = (2, 8, 8, 1)) -> Graph:
    """A multilayer perceptron as gates: 193 of them."""
    draw = random.Random(0)
    before, given, ops = ["x0", "x1"], {"x0": 0.5, "x1": -0.3}, []
    for layer, units in enumerate(sizes[1:]):
        names = []
        for j in range(units):
            terms = [f"b{layer}_{j}"]
            given[terms[0]] = 0.1
            for i, source in enumerate(before):
                given[f"w{layer}_{j}_{i}"] = draw.gauss(0, 0.5)
                terms.append(f"p{layer}_{j}_{i}")
                ops.append((terms[-1], "multiply", [f"w{layer}_{j}_{i}", source]))
            total = terms[1]
            for k, term in enumerate([*terms[2:], terms[0]]):
                ops.append((f"s{layer}_{j}_{k}", "add", [total, term]))
                total = f"s{layer}_{j}_{k}"
            names.append(f"h{layer}_{j}")
            ops.append((names[-1], "tanh", [total]))
        before = names
    return chain(ops, given)


def least(run: Callable[[], Any], seconds: float = 1.0) -> float:
    """The shortest of as many rounds as fit; short runs are timed many at a time."""
    began = time.perf_counter()
    run()
    once = time.perf_counter() - began
    many = max(1, int(0.005 / max(once, 1e-7)))
    best = once
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop:
        began = time.perf_counter()
        for _ in range(many):
            run()
        best = min(best, (time.perf_counter() - began) / many)
    return best


def micrograd_run(graph: Graph, batch: int = 1) -> Callable[[], None] | None:
    """The same graph in micrograd; None where it is not installed or would recurse too deep."""
    try:
        from micrograd.engine import Value
    except ImportError:
        return None
    if batch > 1:
        return None
    rules: dict[str, Callable[..., Any]] = {
        "add": lambda x, y: x + y,
        "subtract": lambda x, y: x - y,
        "multiply": lambda x, y: x * y,
        "relu": lambda x: x.relu(),
        "negate": lambda x: -x,
        "reciprocal": lambda x: x**-1,
        # It has no exp: a power stands in, which costs it no more.
        "exp": lambda x: x**2,
        "tanh": lambda x: x**2,
    }
    return _peer_run(graph, Value, rules, batch)


def torch_run(graph: Graph, batch: int = 1) -> Callable[[], None] | None:
    """The same graph in torch, a scalar tensor per value."""
    try:
        import torch
    except ImportError:
        return None

    def leaf(value: Any) -> Any:
        return torch.tensor(value, dtype=torch.float64, requires_grad=True)

    rules: dict[str, Callable[..., Any]] = {
        "add": lambda x, y: x + y,
        "subtract": lambda x, y: x - y,
        "multiply": lambda x, y: x * y,
        "relu": lambda x: x.relu(),
        "negate": lambda x: -x,
        "reciprocal": lambda x: x.reciprocal(),
        "exp": lambda x: x.exp(),
        "tanh": lambda x: x.tanh(),
    }
    return _peer_run(graph, leaf, rules, batch)


def _peer_run(
    graph: Graph, leaf: Callable[[Any], Any], rules: dict[str, Callable[..., Any]], batch: int
) -> Callable[[], None]:
    made = Plan.of(graph)
    places = {key: i for i, key in enumerate(made.nodes)}
    values: list[Any] = [
        float(graph.nodes[key].params["value"]) for key in made.nodes[: made.wiring.sources]
    ]
    script: list[tuple[Callable[..., Any], list[int]]] = []
    for key in made.nodes[made.wiring.sources :]:
        node = graph.nodes[key]
        ports = sorted(graph.into(key).items())
        rule = rules.get(node.gate) or _with_param(node)
        script.append((rule, [places[graph.wires[wire].source] for _, wire in ports]))
    ends = made.seeds.rows
    if batch > 1:
        values = [[value] * batch for value in values]
        # Leaves are made once: filling a thousand samples from a list is not what is measured.
        kept = [leaf(value) for value in values]

    def run() -> None:
        known = [leaf(value) for value in values] if batch == 1 else list(kept)
        for rule, inputs in script:
            known.append(rule(*[known[i] for i in inputs]))
        totals = [known[end] for end in ends]
        while len(totals) > 1:
            # In pairs: micrograd recurses as deep as the graph.
            odd = totals[len(totals) & ~1 :]
            totals = [a + b for a, b in zip(totals[::2], totals[1::2], strict=False)] + odd
        (totals[0] if batch == 1 else totals[0].sum()).backward()

    return run


def _with_param(node: Node) -> Callable[..., Any]:
    if node.gate == "scale":
        a = float(node.params["a"])
        return lambda x: x * a
    c = float(node.params.get("c", 1.0))
    return lambda x: x + c


def row(title: str, graph: Graph, *, peers: bool = True, batch: int = 1) -> None:
    """One line: plan, first run, warm run, and the peers' times as multiples of ours."""
    began = time.perf_counter()
    made = Plan.of(graph)
    plan = time.perf_counter() - began
    began = time.perf_counter()
    made.run()
    first = time.perf_counter() - began
    made.warm()
    sources = made.nodes[: made.wiring.sources]
    inputs: dict[str, Any] = {key: float(graph.nodes[key].params["value"]) for key in sources}
    if batch > 1:
        inputs = {key: np.full(batch, value) for key, value in inputs.items()}
    ours = least(lambda: made.run(inputs))
    gates = made.gates
    cells = [f"{title:<24}{gates:>9}{plan * 1e3:>10.1f}{first * 1e3:>10.2f}"]
    cells.append(f"{ours * 1e3:>10.3f}{ours / gates * 1e9:>9.0f}")
    for make in (micrograd_run, torch_run):
        run = make(graph, batch) if peers else None
        cells.append(f"{least(run) / ours:>10.0f}x" if run else f"{'–':>11}")
    print("".join(cells), flush=True)


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--million", action="store_true", help="a million gates too")
    chosen = read.parse_args()
    print(
        f"{'':<24}{'gates':>9}{'plan ms':>10}{'first ms':>10}{'warm ms':>10}{'ns/gate':>9}"
        f"{'micrograd':>11}{'torch':>11}"
    )
    row("perceptron", perceptron())
    for gates in (1000, 10_000, 100_000):
        row(f"wide, {gates:,}", wide(gates))
    # micrograd orders by recursion: without this it cannot take a deep graph at all.
    sys.setrecursionlimit(1_000_000)
    row("chain, 10,000", deep(10_000))
    row("chain, 100,000", deep(100_000))
    row("2-8-8-1 x 1,000 samples", network(), batch=1000)
    if chosen.million:
        row("wide, 1,000,000", wide(1_000_000), peers=False)
    graph = wide(1000)
    made = Plan.of(graph)
    took = least(lambda: check(made))
    print(f"\ncheck of {len(graph.wires)} wires, 1,000 gates: {took * 1e3:.0f} ms")
    large = Plan.of(wide(10_000)).run()
    large.at(1)
    print(
        f"what is visible after a step, 10,000 gates: {least(lambda: large.at(7777)) * 1e6:.0f} µs"
    )


if __name__ == "__main__":
    main()
