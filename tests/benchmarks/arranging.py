"""What the arranging of issue 4 costs: guides per mouse move, find, tidy, copying, groups.

    python -m tests.benchmarks.arranging

Prints milliseconds, the least of several; nothing fails by the clock. With Graphviz installed its
time for the same graphs stands beside tidy's.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable

import numpy as np

from bpstudio.core import edits, groups
from bpstudio.core.find import search
from bpstudio.core.graph import Graph, Group, Node, Wire
from bpstudio.core.guides import Guides
from bpstudio.core.layout import tidy
from bpstudio.core.layout.drawn import Drawing, crossings
from bpstudio.core.plan import Plan
from bpstudio.files import clip
from tests.core import dot
from tests.core.test_layout import tangle


def least(what: Callable[[], object], times: int = 5) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        what()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def layers(count: int) -> Graph:
    """So many nodes, each fed by two of the hundred before it."""
    pick = random.Random(0)
    nodes = [Node(f"n{i}", "input" if i < 100 else "add", (i * 8.0, i % 97)) for i in range(count)]
    wires = []
    for i in range(100, count):
        for port in "xy":
            wires.append(Wire(f"w{len(wires)}", f"n{pick.randrange(i - 100, i)}", f"n{i}", port))
    return Graph(nodes, wires)


def main() -> None:
    big = layers(10_000)
    boxes = np.array([groups.body(node, big) for node in big.nodes.values()])
    guides = Guides(boxes)
    moving = (50.3, 20.1, 106.3, 68.1)
    print(f"guides, 10,000 boxes: press {least(lambda: Guides(boxes)):.2f} ms")
    print(f"guides, 10,000 boxes: move {least(lambda: guides.at(moving, 6.0), 50):.3f} ms")
    trace = Plan.of(big).run()
    search(big, trace, "warm up")
    for text in ("n1234", "add", "n", "x +", ">0", "nan", "nothing here"):
        print(
            f"find {text!r} in 10,000 nodes: {least(lambda t=text: search(big, trace, t)):.1f} ms"
        )
    piece = edits.clip(big, big.nodes)
    print(f"clip 10,000 nodes: {least(lambda: edits.clip(big, big.nodes)):.0f} ms")
    print(f"paste 10,000 nodes: {least(lambda: edits.paste(big, piece)):.0f} ms")
    print(f"their text: {least(lambda: clip.text_of(piece)):.0f} ms")
    half = list(big.nodes)[:5000]
    print(f"nudge 5,000 nodes: {least(lambda: edits.nudge(big, half, 8, 8)):.0f} ms")
    print(f"align 5,000 nodes: {least(lambda: edits.align(big, half, 'left')):.0f} ms")
    some = half[200:300]
    print(f"straighten 100 of 10,000: {least(lambda: edits.straighten(big, some)):.0f} ms")
    boxed = Graph(
        (Node(n.id, n.gate, n.at, group=f"g{i % 200}") for i, n in enumerate(big.nodes.values())),
        big.wires.values(),
        [Group(f"g{i}", collapsed=True) for i in range(200)],
    )
    print(f"boxes of 200 groups of 50: {least(lambda: groups.boxes(boxed)):.0f} ms")
    peer = shutil.which("dot") is not None
    for count, sources in ((50, 6), (1000, 100)):
        graph = tangle(1, count, sources)
        line = f"tidy {count} tangled nodes: {least(lambda g=graph: tidy(g), 3):.0f} ms"
        if peer and count == 50:
            line += f"; dot {least(lambda g=graph: dot.drawn(g, ports=True), 3):.0f} ms"
        if count == 50:
            line += f"; {crossings(Drawing.of(graph, tidy(graph)))} crossings"
            line += f", dot {dot.measured(graph)}" if peer else ""
        print(line)


if __name__ == "__main__":
    main()
