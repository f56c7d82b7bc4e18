"""How fast the canvas follows a hand: the real widget, real events, painting included.

    PYTHONPATH=. python tests/benchmarks/canvas_hands.py [gates ...]

Each line is the median CPU time of one gesture's step (event in, pixels out) at 1600 x 1000, and
what that is in steps per second. Nothing here fails by the clock.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.files.bps import File
from bpstudio.ui.canvas import labels
from bpstudio.ui.canvas.canvas import GraphCanvas
from bpstudio.ui.document import Document
from tests.benchmarks.canvas import HEIGHT, WIDTH, ladder

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
Point = tuple[float, float]


CALM = {"exp": "tanh", "multiply": "max"}
"""Gates put in for those that overflow in long chains: thousands of warnings are not what a hand
works with."""


def calm(gates: int) -> Graph:
    """The ladder of the painting benchmark without overflow."""
    graph = ladder(gates)
    nodes = (replace(node, gate=CALM.get(node.gate, node.gate)) for node in graph.nodes.values())
    return Graph(nodes, graph.wires.values())


def hub(graph: Graph) -> tuple[Graph, str]:
    """The graph with ten wires on a gate in its middle: two in, eight out to gates nearby."""
    nodes = graph.nodes
    xs, ys = zip(*(node.at for node in nodes.values()), strict=True)
    middle = (max(xs) / 2, max(ys) / 2)

    def away(key: str) -> float:
        x, y = nodes[key].at
        return float((x - middle[0]) ** 2 + (y - middle[1]) ** 2)

    centre = min((key for key in nodes if len(graph.into(key)) == 2), key=away)
    kept = [w for w in graph.wires.values() if centre not in (w.source, w.target)]
    later = [w for w in kept if nodes[w.target].at[0] > nodes[centre].at[0]]
    fed: dict[str, Wire] = {}
    for wire in sorted(later, key=lambda w: away(w.target)):
        fed.setdefault(wire.target, wire)
    own = [graph.wires[key] for key in graph.into(centre).values()]
    taken = {w.id: replace(w, source=centre) for w in list(fed.values())[:8]}
    return Graph(nodes.values(), [*own, *(taken.get(w.id, w) for w in kept)]), centre


def fed(graph: Graph) -> Graph:
    """The graph with one input, "one", that all others come from: a scrub changes every label."""
    nodes = dict(graph.nodes)
    wires = list(graph.wires.values())
    inputs = [node for node in nodes.values() if node.gate == "input"]
    for n, node in enumerate(inputs):
        nodes[node.id] = Node(node.id, "add_constant", node.at, {"c": n / 7})
        wires.append(Wire(f"one{n}", "one", node.id, "x"))
    nodes["one"] = Node("one", "input", (-300.0, 0.0), {"value": 0.5})
    return Graph(nodes.values(), wires)


class Bench:
    """A canvas with a graph, a hand, and a clock."""

    def __init__(self, gates: int) -> None:
        graph, self.hub = hub(calm(gates))
        graph = fed(graph)
        self.document = Document(File(graph))
        self.canvas = GraphCanvas(self.document)
        self.canvas.resize(WIDTH, HEIGHT)
        self.canvas.show()
        QApplication.processEvents()
        xs, ys = zip(*(node.at for node in self.document.graph.nodes.values()), strict=True)
        self.middle = (max(xs) / 2, max(ys) / 2)
        self.look()

    def look(self, scale: float = 1.0) -> None:
        """At the middle of the graph, life size."""
        self.canvas.camera.scale = scale
        self.canvas.camera.centre(self.middle, (WIDTH, HEIGHT))
        self.canvas.update()
        QApplication.processEvents()

    def mouse(self, kind: QEvent.Type, at: Point, button: Qt.MouseButton = NONE) -> None:
        held = LEFT if kind != QEvent.Type.MouseButtonRelease else NONE
        spot = QPointF(*at)
        no_keys = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, spot, spot, button, held, no_keys))

    def clock(self, name: str, step: Callable[[int], object], times: int = 60) -> None:
        """Say how long a step takes until it is painted."""
        spent = []
        for n in range(times):
            begun = time.process_time()
            step(n)
            QApplication.processEvents()
            spent.append(time.process_time() - begun)
        took, mean = median(spent), 1000 * sum(spent) / len(spent)
        high, worst = 1000 * sorted(spent)[int(0.95 * times)], 1000 * max(spent)
        rate = f"{1 / took:8.0f} /s   (mean {mean:.2f}, 19 of 20 {high:.1f}, worst {worst:.1f})"
        print(f"  {name:<28}{1000 * took:9.2f} ms {rate}")

    def dragged(self, name: str, start: Point) -> None:
        """Press at a place and clock the moves of the drag; Esc at the end."""
        self.mouse(QEvent.Type.MouseButtonPress, start, LEFT)

        def step(n: int) -> None:
            to = (start[0] + 20 + 8 * (n % 20), start[1] + 8 * (n % 10))
            self.mouse(QEvent.Type.MouseMove, to)

        self.clock(name, step)
        self.canvas.tools.rest()
        QApplication.processEvents()

    def drags(self) -> None:
        """The gate with ten wires at several zooms, the whole graph in view last; 200 gates."""
        graph, camera = self.document.graph, self.canvas.camera
        at = graph.nodes[self.hub].at
        for scale in (2.0, 1.0, 0.5, 0.36, 0.2):
            self.look(scale)
            self.dragged(f"drag, ten wires, at {scale:.0%}", camera.to_screen(at))
        self.canvas.zoom_fit()
        QApplication.processEvents()
        self.dragged("drag, ten wires, all in view", camera.to_screen(at))
        self.look(0.5)
        near = sorted(
            graph.nodes.values(), key=lambda n: abs(n.at[0] - at[0]) + abs(n.at[1] - at[1])
        )
        self.document.select([node.id for node in near[:200]])
        self.dragged("drag 200 gates, at 50%", camera.to_screen(at))
        self.document.select(())

    def labels(self) -> None:
        """Every visible number another: the canvas alone, then a scrub with its run."""
        document, canvas = self.document, self.canvas
        plan = document.trace.plan
        traces = [plan.run({"one": n / 9 - 2}) for n in range(40)]

        def show(n: int) -> None:
            document._trace, document._readout = traces[n % len(traces)], None
            document.traced.emit(document._trace)

        def scrub(n: int) -> None:
            document.preview(edits.set_value(document.committed, "one", n / 11 - 2))

        for scale in (1.0, 0.5, None):
            if scale is None:
                canvas.zoom_fit()
                QApplication.processEvents()
            else:
                self.look(scale)
            written = 0
            if scale is not None:
                written = len(labels.collect(canvas.view, canvas.shown).text)
            where = "all in view" if scale is None else f"{written} labels"
            self.clock(f"refresh, {where}", show, len(traces))
            self.clock(f"scrub, {where}", scrub, len(traces))
            document.preview(None)
            QApplication.processEvents()


def measure(gates: int) -> None:
    begun = time.perf_counter()
    bench = Bench(gates)
    canvas, document = bench.canvas, bench.document
    print(f"{gates} gates, {len(document.graph.wires)} wires, first paint after")
    print(f"  {1000 * (time.perf_counter() - begun):.0f} ms")

    def to_and_fro(n: int) -> None:
        canvas.pan(*((7, 3) if n % 20 < 10 else (-7, -3)))

    bench.clock("pan", to_and_fro, 200)
    bench.clock("pan one way", lambda _: canvas.pan(-5, -2), 200)
    bench.clock("pan one way, fast", lambda _: canvas.pan(16, 9), 200)
    bench.look(0.5)
    bench.clock("pan one way, at 50%", lambda _: canvas.pan(-5, -2), 200)
    bench.look()
    bench.clock("zoom", lambda n: canvas.zoom_at(1.1 if n % 8 < 4 else 1 / 1.1, (700, 500)), 24)
    bench.look()
    bench.clock("full repaint", lambda _: canvas.update(), 20)
    bench.drags()
    bench.look()
    bench.dragged("draw a wire", canvas.camera.to_screen(canvas.view.output(bench.hub)))
    bench.dragged(
        "rubber band", canvas.camera.to_screen((bench.middle[0] + 64, bench.middle[1] + 48))
    )
    bench.labels()
    canvas.zoom_fit()
    bench.clock("pan, all in view", to_and_fro)
    bench.clock("full repaint, all in view", lambda _: canvas.update(), 20)
    canvas.set_document(None)


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert app is not None
    for gates in [int(a) for a in sys.argv[1:]] or [1_000, 10_000]:
        measure(gates)


if __name__ == "__main__":
    main()
