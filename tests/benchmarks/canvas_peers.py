"""Our canvas beside the other node editors for Python and Qt: 1,000 gates.

    pip install '.[peers]'
    python -m tests.benchmarks.canvas_peers [gates]

All hold the same graph, shown whole in a window of the same size, in one process on the offscreen
platform; ours with a value and a gradient on every wire. Prints milliseconds and ratios, never
fails by the clock.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
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
    """Milliseconds of a moved and painted frame, mean of FRAMES after four to warm up."""

    def frame(number: int) -> None:
        move(number)
        app.processEvents()

    for number in range(4):
        frame(number)
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


def qt_py_node_editor(app: QApplication, graph: Graph) -> dict[str, float]:
    os.environ.setdefault("QT_API", "pyside6")
    from qtpynodeeditor import (
        DataModelRegistry,
        FlowScene,
        FlowView,
        NodeDataModel,
        NodeDataType,
        PortType,
    )

    class Gate(NodeDataModel):
        name = caption = "gate"
        num_ports = {PortType.input: 2, PortType.output: 1}
        data_type = NodeDataType("number", "Number")

    registry = DataModelRegistry()
    registry.register_model(Gate)
    scene = FlowScene(registry=registry)
    view = FlowView(scene)
    shown(app, view)

    def build() -> None:
        nodes = {}
        for key, node in graph.nodes.items():
            nodes[key] = scene.create_node(Gate)
            nodes[key].position = node.at
        for wire in graph.wires.values():
            out = nodes[wire.source][PortType.output][0]
            into = nodes[wire.target][PortType.input]["xy".index(wire.port)]
            # Its search for loops takes as long as there are ways through the graph.
            scene.create_connection(out, into, check_cycles=False)
        view.setSceneRect(scene.itemsBoundingRect())
        view.fitInView(view.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
        app.processEvents()

    def pan(number: int) -> None:
        # As its own mouseMoveEvent does.
        step = (8 if number % 2 else -8) / view.transform().m11()
        view.setSceneRect(view.sceneRect().translated(step, step))

    found = {"build and show": timed(build), "pan": frames(app, pan)}
    found["full repaint"] = frames(app, lambda _: view.viewport().update())
    view.close()
    return found


def pyqtgraph_flowchart(app: QApplication, graph: Graph) -> dict[str, float]:
    from pyqtgraph.flowchart import Flowchart, Node

    class Gate(Node):  # type: ignore[misc]
        nodeName = "gate"

        def __init__(self, name: str) -> None:
            ports = {port: {"io": "in"} for port in "xy"} | {"z": {"io": "out"}}
            super().__init__(name, terminals=ports)

        def update(self, signal: bool = True) -> None:
            """Computes nothing: only the drawing is looked at."""

    chart = Flowchart(terminals={})
    view = chart.widget().chartWidget.view
    view.setParent(None)
    shown(app, view)
    box = view.viewBox()

    def build() -> None:
        nodes = {}
        for key, node in graph.nodes.items():
            nodes[key] = Gate(key)
            chart.addNode(nodes[key], key, node.at)
        for wire in graph.wires.values():
            nodes[wire.source]["z"].connectTo(nodes[wire.target][wire.port])
        box.autoRange()
        app.processEvents()

    def pan(number: int) -> None:
        step = 8 if number % 2 else -8
        box.translateBy(x=step * box.viewPixelSize()[0], y=step * box.viewPixelSize()[1])

    found = {"build and show": timed(build), "pan": frames(app, pan)}
    found["full repaint"] = frames(app, lambda _: view.viewport().update())
    view.close()
    return found


PEERS = {
    "NodeGraphQt": node_graph_qt,
    "qtpynodeeditor": qt_py_node_editor,
    "pyqtgraph Flowchart": pyqtgraph_flowchart,
}


def _way_out(error: Exception) -> str:
    if not isinstance(error, ImportError):
        return "It fails in its own code."
    if (error.name or "").startswith("distutils"):
        return "It needs distutils, which Python 3.12 has no more: pip install setuptools"
    return "It is not installed: pip install '.[peers]'"


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    gates = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    graph = ladder(gates)
    print(f"{gates} gates, {len(graph.wires)} wires, all in view, {SIZE[0]} x {SIZE[1]}")
    rows = {"ours": ours(app, graph)}
    for name, measure in PEERS.items():
        try:
            rows[name] = measure(app, graph)
        except Exception as error:  # A peer that fails in its own code must not hide the others.
            print(f"{name} is left out: {type(error).__name__}: {error}. {_way_out(error)}")
    mine = rows["ours"]
    print(f"{'ms, and times ours':22}" + "".join(f"{title:>24}" for title in mine))
    for name, found in rows.items():
        cells = (f"{found[title]:14.2f}{found[title] / mine[title]:9.1f}x" for title in mine)
        print(f"{name:22}" + "".join(cells))
    theirs = [found["pan"] for name, found in rows.items() if name != "ours"]
    if theirs:
        print(f"full-view pan: {min(theirs) / mine['pan']:.0f} times the best of them")


if __name__ == "__main__":
    main()
