"""Our canvas beside NodeGraphQt, the most complete node editor for Python and Qt: 1,000 gates.

    pip install '.[peers]'
    python -m tests.benchmarks.canvas_peers [gates]

Both hold the same graph, shown whole in a window of the same size, in one process on the offscreen
platform; ours with a value and a gradient on every wire. Prints milliseconds and ratios, never
fails by the clock.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget

from bpstudio.core.graph import Graph
from tests.benchmarks.canvas import ladder

SIZE = (1600, 1000)
FRAMES = 20


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one go."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def frames(app: QApplication, move: Callable[[int], object]) -> float:
    """Milliseconds of a moved and painted frame, mean of FRAMES after one to warm up."""

    def frame(number: int) -> None:
        move(number)
        app.processEvents()

    frame(0)
    return timed(lambda: [frame(n) for n in range(FRAMES)]) / FRAMES


def shown(app: QApplication, widget: QWidget) -> None:
    widget.resize(*SIZE)
    widget.show()
    app.processEvents()


def ours(app: QApplication, graph: Graph) -> dict[str, float]:
    from bpstudio.files.bps import File
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.document import Document

    canvas = GraphCanvas()
    shown(app, canvas)

    def build() -> None:
        document = Document(File(graph))
        canvas.set_document(document)
        canvas.zoom_fit()
        app.processEvents()

    found = {"build and show": timed(build)}
    found["pan"] = frames(app, lambda n: canvas.pan(8 if n % 2 else -8, 5 if n % 2 else -5))
    found["full repaint"] = frames(app, lambda _: canvas.update())
    canvas.close()
    return found


def node_graph_qt(app: QApplication, graph: Graph) -> dict[str, float]:
    from NodeGraphQt import BaseNode, NodeGraph

    class Gate(BaseNode):
        __identifier__ = "bench"
        NODE_NAME = "gate"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("x")
            self.add_input("y")
            self.add_output("z")

    peer = NodeGraph()
    peer.register_node(Gate)
    shown(app, peer.widget)
    viewer = peer.viewer()

    def build() -> None:
        nodes = {
            key: peer.create_node("bench.Gate", name=key, pos=list(node.at), push_undo=False)
            for key, node in graph.nodes.items()
        }
        for wire in graph.wires.values():
            target = nodes[wire.target].get_input(wire.port)
            nodes[wire.source].get_output("z").connect_to(target, push_undo=False)
        peer.clear_selection()
        peer.fit_to_selection()
        app.processEvents()

    def pan(number: int) -> None:
        step = 8 if number % 2 else -8
        viewer._set_viewer_pan(step, step)

    found = {"build and show": timed(build), "pan": frames(app, pan)}
    found["full repaint"] = frames(app, lambda _: viewer.viewport().update())
    peer.widget.close()
    return found


def main() -> None:
    app = QApplication.instance() or QApplication([])
    gates = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    graph = ladder(gates)
    print(f"{gates} gates, {len(graph.wires)} wires, all in view, {SIZE[0]} x {SIZE[1]}")
    mine = ours(app, graph)
    try:
        theirs = node_graph_qt(app, graph)
    except ImportError as error:
        theirs = {}
        print(f"NodeGraphQt is left out: {error}")
    for title, found in mine.items():
        row = f"{title:16}{found:10.2f} ms"
        if title in theirs:
            row += f"   NodeGraphQt {theirs[title]:10.2f} ms   {theirs[title] / found:7.1f} x"
        print(row)


if __name__ == "__main__":
    main()
