"""How fast documents are read and written: `python -m tests.benchmarks.files`.

Least of several rounds, one process; Python's json module stands beside as a measure of the
machine. The save includes both fsyncs, so it shows the disk.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.files import bps
from bpstudio.files.bps import File

ROUNDS = 7
SIZES = (1_000, 10_000)


def document(gates: int) -> File:
    """A random graph of so many gates with two wires each."""
    rng = random.Random(gates)
    nodes: list[Node] = []
    wires: list[Wire] = []
    for i in range(gates):
        at = (8.0 * rng.randrange(10_000), 8.0 * rng.randrange(10_000))
        if i < 10:
            nodes.append(Node(f"x{i}", "input", at, {"value": rng.gauss(0, 1)}, f"x{i}"))
            continue
        nodes.append(Node(f"add{i}", "add", at))
        for port in ("x", "y"):
            source = nodes[rng.randrange(i)].id
            wires.append(Wire(f"w{len(wires) + 1}", source, f"add{i}", port))
    return File(Graph(nodes, wires))


def least(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of the fastest round."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return 1000 * min(found)


def measure(gates: int, folder: Path) -> dict[str, float]:
    file = document(gates)
    data = bps.encode(file)
    path = folder / "f.bps"
    rounds = ROUNDS if gates <= 10_000 else 3
    return {
        "MB": len(data) / 1e6,
        "decode": least(lambda: bps.decode(data), rounds),
        "encode": least(lambda: bps.encode(file), rounds),
        "save": least(lambda: bps.save(file, path), rounds),
        "load": least(lambda: bps.load(path), rounds),
        "json.loads": least(lambda: json.loads(data), rounds),
    }


def main() -> None:
    print(f"{'gates':>8} {'MB':>6} " + " ".join(f"{k:>10}" for k in _HEAD) + "   (ms)")
    with tempfile.TemporaryDirectory() as folder:
        for gates in SIZES:
            found = measure(gates, Path(folder))
            print(
                f"{gates:>8} {found['MB']:>6.2f} " + " ".join(f"{found[k]:>10.1f}" for k in _HEAD)
            )


_HEAD = ("decode", "encode", "save", "load", "json.loads")

if __name__ == "__main__":
    main()
