"""How fast the engine runs beside its peers: `python -m tests.benchmarks.engine`.

Options: `--million` adds a million gates and the memory that they take, `--markdown` prints the
table for the README, `--plot FILE.svg` draws time per gate against the size of the graph. With all
peers it takes some five minutes.

A round is forward and backward with new values for all inputs, on a plan that has run before, and
leaves every value, every local gradient and the gradient of every wire; what it is for each peer
stands in engine_peers. Every figure is the least of many rounds in this one process, ours and the
peers' by turns, so that what else the machine does strikes all alike; ratios hold from machine to
machine, times do not.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bpstudio.core.check import check
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.plan import Plan
from tests.benchmarks import engine_peers
from tests.benchmarks.plot import Line, plot
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


TURNS = 6
"""How often ours and the peers take turns."""


def least(run: Callable[[], Any], seconds: float = 1.0) -> float:
    """The shortest of as many rounds as fit; short runs are timed many at a time."""
    return by_turns({"": run}, seconds)[""]


def by_turns(runs: dict[str, Callable[[], Any]], seconds: float = 1.5) -> dict[str, float]:
    """The shortest round of each, each having so many seconds but TURNS rounds at least."""
    many, best = {}, {}
    for name, run in runs.items():
        run()
        began = time.perf_counter()
        run()
        best[name] = time.perf_counter() - began
        many[name] = max(1, int(0.005 / max(best[name], 1e-7)))
    for _ in range(TURNS):
        for name, run in runs.items():
            spent = time.perf_counter() + seconds / TURNS
            while True:
                began = time.perf_counter()
                for _ in range(many[name]):
                    run()
                now = time.perf_counter()
                best[name] = min(best[name], (now - began) / many[name])
                if now > spent:
                    break
    return best


PEERS: dict[str, Callable[[Graph, int], Callable[[], Any] | None]] = {
    "micrograd": engine_peers.micrograd_run,
    "torch": engine_peers.torch_run,
    "torch, inputs only": lambda graph, batch: engine_peers.torch_run(graph, batch, every=False),
    "CasADi": engine_peers.casadi_run,
}


@dataclass
class Row:
    """What was measured of one graph, in seconds; `peers` as multiples of our time."""

    title: str
    gates: int
    plan: float
    first: float
    warm: float
    peers: dict[str, float] = field(default_factory=dict)

    def cells(self) -> list[str]:
        times = [_short(self.plan * 1e3), _short(self.first * 1e3), _short(self.warm * 1e3)]
        ratios = [self.peers.get(name) for name in PEERS]
        return [
            self.title,
            f"{self.gates:,}",
            *times,
            f"{self.warm / self.gates * 1e9:.0f}",
            *("–" if ratio is None else f"{_short(ratio)}x" for ratio in ratios),
        ]


HEADS = ("graph", "gates", "plan ms", "first ms", "warm ms", "ns/gate", *PEERS)


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 20 else f"{number:.1f}" if number >= 2 else f"{number:.2g}"


def measured(title: str, graph: Graph, *, peers: bool = True, batch: int = 1) -> Row:
    """One graph: plan, first run, warm run, and each peer's time divided by ours."""
    plan = first = float("inf")
    for _ in range(3):
        # A new plan each time: a first run is one that finds nothing prepared.
        began = time.perf_counter()
        made = Plan.of(graph)
        plan = min(plan, time.perf_counter() - began)
        began = time.perf_counter()
        made.run()
        first = min(first, time.perf_counter() - began)
    made.warm()
    sources = made.nodes[: made.wiring.sources]
    inputs: dict[str, Any] = {key: float(graph.nodes[key].params["value"]) for key in sources}
    if batch > 1:
        inputs = {key: np.full(batch, value) for key, value in inputs.items()}
    runs: dict[str, Callable[[], Any]] = {"ours": lambda: made.run(inputs)}
    for name, make in PEERS.items() if peers else ():
        run = make(graph, batch)
        if run is not None:
            runs[name] = run
    gc.collect()
    took = by_turns(runs)
    ours = took.pop("ours")
    ratios = {name: their / ours for name, their in took.items()}
    return Row(title, made.gates, plan, first, ours, ratios)


def memory(gates: int) -> tuple[float, float]:
    """MB that a fresh process grows by: with the graph alone, and at most with plan and runs.

    Reads /proc, so on Linux only.
    """
    code = (
        "from tests.benchmarks.engine import Plan, wide\n"
        "def kilobytes(word):\n"
        "    lines = open('/proc/self/status').read().splitlines()\n"
        "    return next(int(line.split()[1]) for line in lines if line.startswith(word))\n"
        "start = kilobytes('VmRSS')\n"
        f"graph = wide({gates})\n"
        "held = kilobytes('VmRSS') - start\n"
        "plan = Plan.of(graph)\n"
        "for _ in range(3):\n"
        "    trace = plan.run()\n"
        "trace.value, trace.local, trace.wire_grad\n"
        "most = kilobytes('VmHWM') - start\n"
        "print(held * 1024 / 1e6, most * 1024 / 1e6)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    held, most = said.stdout.split()
    return float(held), float(most)


def proportional(sizes: tuple[int, ...] = (1000, 10_000, 100_000, 1_000_000)) -> list[Row]:
    """The same random graph in growing sizes, without peers."""
    return [measured(f"wide, {gates:,}", wide(gates), peers=False) for gates in sizes]


def draw(rows: list[Row], path: Path) -> None:
    """Time per gate against the count of gates; a cost in proportion to the graph is level."""
    curves = [
        Line("plan", [(row.gates, row.plan / row.gates * 1e9) for row in rows]),
        Line("first run", [(row.gates, row.first / row.gates * 1e9) for row in rows]),
        Line("warm run", [(row.gates, row.warm / row.gates * 1e9) for row in rows]),
    ]
    path.write_text(plot("Time per gate", "gates", "ns per gate", curves), encoding="utf-8")


def show(rows: list[Row], markdown: bool) -> None:
    table = [list(HEADS), *(row.cells() for row in rows)]
    if markdown:
        lines = ["| " + " | ".join(line) + " |" for line in table]
        lines.insert(1, "|---|" + "---:|" * (len(HEADS) - 1))
        print("\n".join(lines))
        return
    widths = [max(len(line[i]) for line in table) for i in range(len(HEADS))]
    for line in table:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join((line[0].ljust(widths[0]), *cells[1:])))


def machine() -> str:
    """Processor, cores and versions, for the foot of the table."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    return f"{model}, {os.cpu_count()} cores, {versions}"


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--million", action="store_true", help="a million gates too")
    read.add_argument("--markdown", action="store_true", help="the table as Markdown")
    read.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw time against size")
    chosen = read.parse_args()
    # micrograd orders by recursion: without this it cannot take a deep graph at all.
    sys.setrecursionlimit(1_000_000)
    rows = [measured("perceptron", perceptron())]
    rows += [measured(f"wide, {gates:,}", wide(gates)) for gates in (1000, 10_000, 100_000)]
    rows.append(measured("chain, 10,000", deep(10_000)))
    rows.append(measured("chain, 100,000", deep(100_000)))
    rows.append(measured("2-8-8-1 x 1,000 samples", network(), batch=1000))
    if chosen.million:
        rows.append(measured("wide, 1,000,000", wide(1_000_000), peers=False))
    show(rows, chosen.markdown)
    print(f"\n{machine()}")
    if chosen.million:
        held, most = memory(1_000_000)
        print(
            f"memory of 1,000,000 gates: {most:.0f} MB at most, {held:.0f} of it the graph itself"
        )
    graph = wide(1000)
    made = Plan.of(graph)
    took = least(lambda: check(made))
    print(f"check of {len(graph.wires)} wires, 1,000 gates: {took * 1e3:.0f} ms")
    large = Plan.of(wide(10_000)).run()
    large.at(1)
    seen = least(lambda: large.at(7777))
    print(f"what is visible after a step, 10,000 gates: {seen * 1e6:.0f} µs")
    if chosen.plot:
        draw(proportional(), chosen.plot)


if __name__ == "__main__":
    main()
