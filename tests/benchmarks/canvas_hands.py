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
from bpstudio.core.graph import Graph
from bpstudio.files.bps import File
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


class Bench:
    """A canvas with a graph, a hand, and a clock."""

    def __init__(self, gates: int) -> None:
        self.document = Document(File(calm(gates)))
        self.canvas = GraphCanvas(self.document)
        self.canvas.resize(WIDTH, HEIGHT)
        self.canvas.show()
        QApplication.processEvents()
        xs, ys = zip(*(node.at for node in self.document.graph.nodes.values()), strict=True)
        self.middle = (max(xs) / 2, max(ys) / 2)
        self.look()

    def look(self) -> None:
        """Life size, at the middle of the graph."""
        self.canvas.camera.scale = 1.0
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
        worst = 1000 * max(spent)
        rate = f"{1 / took:8.0f} /s   (mean {mean:.2f}, worst {worst:.1f})"
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

    def middle_node(self) -> str:
        """A gate in the middle that feeds others."""
        graph = self.document.graph
        x, y = self.middle
        feeding = [n for n in graph.nodes.values() if len(graph.out_of(n.id)) > 1]
        return min(feeding, key=lambda n: (n.at[0] - x) ** 2 + (n.at[1] - y) ** 2).id


def measure(gates: int) -> None:
    begun = time.perf_counter()
    bench = Bench(gates)
    canvas, document = bench.canvas, bench.document
    print(f"{gates} gates, {len(document.graph.wires)} wires, first paint after")
    print(f"  {1000 * (time.perf_counter() - begun):.0f} ms")

    def to_and_fro(n: int) -> None:
        canvas.pan(*((7, 3) if n % 20 < 10 else (-7, -3)))

    bench.clock("pan", to_and_fro)
    bench.clock("pan one way", lambda _: canvas.pan(-5, -2), 120)
    bench.look()
    bench.clock("zoom", lambda n: canvas.zoom_at(1.1 if n % 8 < 4 else 1 / 1.1, (700, 500)), 24)
    bench.look()
    bench.clock("full repaint", lambda _: canvas.update(), 20)
    node = bench.middle_node()
    bench.dragged("drag one gate", canvas.camera.to_screen(document.graph.nodes[node].at))
    bench.dragged("draw a wire", canvas.camera.to_screen(canvas.view.output(node)))
    bench.dragged(
        "rubber band", canvas.camera.to_screen((bench.middle[0] + 64, bench.middle[1] + 48))
    )
    source = next(key for key, n in document.graph.nodes.items() if n.gate == "input")
    bench.clock(
        "scrub an input",
        lambda n: document.preview(edits.set_value(document.committed, source, n / 7)),
        20,
    )
    document.preview(None)
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
