"""How long the canvas takes to build, to paint and to follow, in one run on one machine.

    PYTHONPATH=. python tests/benchmarks/canvas.py [gates ...]

Prints milliseconds (best of several) and, for painting, what they are in frames per second at
1600 x 1000. Nothing here fails by the clock.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from bpstudio.core.graph import Graph, Node, Patch, Wire
from bpstudio.ui.canvas.renderer import Renderer
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.theme import LIGHT

WIDTH, HEIGHT = 1600, 1000
KINDS = ("add", "multiply", "exp", "scale", "tanh", "max", "sigmoid", "add_constant")


def ladder(gates: int) -> Graph:
    """A grid of gates fed from their left and upper-left neighbours: 1.5 wires a gate."""
    rows = max(4, round(math.sqrt(gates * 0.7)))
    nodes, wires = [], []
    for i in range(gates):
        column, row = divmod(i, rows)
        kind = KINDS[(row * 3 + column) % len(KINDS)] if column else "input"
        params = {"scale": {"a": row / 8}, "add_constant": {"c": float(column % 9)}}.get(kind, {})
        if kind == "input":
            params = {"value": row / 3}
        nodes.append(Node(f"n{i}", kind, (128.0 * column, 96.0 * row), params))
        if column:
            wires.append(Wire(f"a{i}", f"n{i - rows}", f"n{i}", "x"))
            if kind in ("add", "multiply", "max"):
                source = i - rows - 1 if row else i - rows
                wires.append(Wire(f"b{i}", f"n{source}", f"n{i}", "y"))
    return Graph(nodes, wires)


def numbers(view: ViewModel) -> None:
    """Numbers on everything, as after a run; the engine has benchmarks of its own."""
    shown = view.numbers
    for name in ("value", "grad", "wire_value", "wire_grad"):
        column = getattr(shown, name)
        column[:] = [(i * 7919 % 20011) / 997 - 10 for i in range(len(column))]
        getattr(shown, f"{name}_on")[:] = True


def best(work: Callable[[], object], times: int = 7) -> float:
    """The least milliseconds of several tries."""
    found = math.inf
    for _ in range(times):
        start = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - start)
    return found * 1000


def measure(gates: int) -> None:
    """One row of the table."""
    graph = ladder(gates)
    build = best(lambda: ViewModel(graph), 3)
    view = ViewModel(graph)
    numbers(view)
    view.anchors  # noqa: B018 (placed once, not with every picture)
    place = best(lambda: (setattr(view, "_anchors", None), view.anchors), 3)
    bounds = view.bounds()
    assert bounds is not None
    renderer = Renderer(LIGHT)
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)

    def paint(scale: float, rect: QRectF, at: tuple[float, float]) -> None:
        with QPainter(image) as painter:
            renderer.paint(painter, view, scale, (-at[0] * scale, -at[1] * scale), rect)

    whole = QRectF(0, 0, WIDTH, HEIGHT)
    strip = QRectF(0, 0, 24, HEIGHT)
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    fit = min(WIDTH / (bounds[2] - bounds[0]), HEIGHT / (bounds[3] - bounds[1]))
    corner = (bounds[0], bounds[1])
    print(f"{gates} gates, {len(graph.wires)} wires")
    print(f"  build {build:.1f} ms; place all labels {place:.1f} ms")
    for name, scale, at in (
        (f"all in view (scale {fit:.3f})", fit, corner),
        ("scale 0.20", 0.2, middle),
        ("scale 0.36", 0.36, middle),
        ("scale 0.50", 0.5, middle),
        ("scale 0.75", 0.75, middle),
        ("scale 1.00", 1.0, middle),
        ("scale 2.00", 2.0, middle),
    ):
        full = best(lambda s=scale, a=at: paint(s, whole, a))
        pan = best(lambda s=scale, a=at: paint(s, strip, a))

        def fresh(s: float = scale, a: tuple[float, float] = at) -> None:
            renderer._sheets.clear()
            paint(s, whole, a)

        cold = best(fresh, 3)
        print(
            f"  {name:28} full {full:6.2f} ms, first at this zoom {cold:6.2f} ms, "
            f"24 px strip {pan:5.2f} ms ({1000 / pan:.0f}/s)"
        )
    row = len(graph.nodes) // 2
    node = graph.nodes[f"n{row}"]
    half = view.region([node.id])
    assert half is not None
    box = QRectF(half[0] - middle[0], half[1] - middle[1], half[2] - half[0], half[3] - half[1])

    def drag() -> None:
        view.shifted([node.id], 8.0, 8.0)
        paint(1.0, box, middle)
        view.shifted((), 0, 0)

    moved = Node(node.id, node.gate, (node.at[0] + 8, node.at[1]), node.params)
    patch = Patch("Move", {node.id: (node, moved)})
    after = graph.apply(patch)
    gone = Patch(
        "Delete", {"a5000": (graph.wires["a5000"], None)} if "a5000" in graph.wires else {}
    )
    print(f"  drag one gate, its rectangle repainted {best(drag):.2f} ms")
    print(f"  follow a move {best(lambda: ViewModel.patched(view, after, patch)):.2f} ms", end="")
    if gone:
        cut = after.apply(gone)
        back = gone.inverse()

        def rewire() -> None:
            view.patched(cut, gone)
            view.patched(after, back)

        print(f"; a wire's death and birth {best(rewire):.2f} ms", end="")
    print()


def main() -> None:
    """Measure the sizes named on the command line, else 1,000, 10,000 and 50,000 gates."""
    app = QApplication([])
    for size in [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 50_000]:
        measure(size)
    del app


if __name__ == "__main__":
    main()
