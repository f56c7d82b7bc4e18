"""Names of ports inside bodies: read without hovering once near enough, and never in the way."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.ui import theme
from bpstudio.ui.canvas import portnames, symbols
from bpstudio.ui.canvas.renderer import Renderer
from bpstudio.ui.canvas.viewmodel import ViewModel

pytestmark = pytest.mark.usefixtures("qapp")
FORMULAS = {
    "blend": "rate * left + (1 - rate) * right",
    "gauss": "exp(-(x - mu)^2)",
    "a gate with a long name": "first_argument_of_it * second_argument_of_it + third",
    "q": "a + b + c + d + e",
}
CALLS = "p = blend(u, v, w)\nL = half_squared_error(p, t)\nC = cross_entropy_logit(L, s)"


def own_gates() -> Graph:
    graph = Graph()
    for title, formula in FORMULAS.items():
        graph = graph.apply(edits.define_kind(graph, title, formula))
    graph = graph.apply(edits.build(graph, CALLS))
    for n, kind in enumerate(graph.kinds):
        graph = graph.apply(edits.add_node(graph, kind, (0.0, 600.0 + 200.0 * n)))
    return graph


def boxed(title: str = "neuron", wires: int = 3) -> Graph:
    sums = " + ".join(f"w{n} * x{n}" for n in range(wires))
    graph = Graph().apply(edits.build(Graph(), f"q = {sums}\np = sigmoid(q)"))
    inner = [key for key, node in graph.nodes.items() if node.gate != "input"]
    graph = graph.apply(edits.group(graph, inner, title))
    return graph.apply(edits.set_collapsed(graph, next(iter(graph.groups))))


def rect(name: portnames.Name) -> tuple[float, float, float, float]:
    wide = portnames._width(name.text, name.px)
    left = name.x - (wide if name.align > 0 else 0.0)
    high = 0.8 * name.px / 2
    return left, name.y - high, left + wide, name.y + high


def clear(boxes: list[tuple[float, float, float, float]]) -> bool:
    at = np.array(boxes)
    low = np.maximum(at[:, None, :2], at[None, :, :2])
    high = np.minimum(at[:, None, 2:], at[None, :, 2:])
    meet = ((high - low) > 0.2).all(axis=2)
    np.fill_diagonal(meet, False)
    return not meet.any()


@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
def test_names_on_gates_cover_no_symbol_no_ring_and_no_other_name(factor: float) -> None:
    view = ViewModel(own_gates())
    view.enlarge(factor)
    named = 0
    for row, key in enumerate(view.nodes.ids):
        names = portnames.of_gate(view, row)
        style = view.styles[view.nodes.style[row]]
        if style.family not in portnames.NAMED or not names:
            continue
        named += 1
        size, wide = symbols.extent(style.face, style.width, factor)
        symbol = (-wide / 2, -0.4 * size, wide / 2, 0.4 * size)
        found = [rect(name) for name in names]
        assert clear([symbol, *found]), key
        for left, top, right, bottom in found:
            assert left >= -style.width / 2 + 5
            assert right <= style.width / 2
            assert top >= -style.height / 2
            assert bottom <= style.height / 2
    assert named >= (6 if factor == 1.0 else 3)


@pytest.mark.parametrize("wires", [1, 2, 3, 5])
@pytest.mark.parametrize("title", ["f", "neuron", "a group with a title of many words"])
def test_names_on_a_collapsed_group_cover_nothing(title: str, wires: int) -> None:
    view = ViewModel(boxed(title, wires))
    (box,) = view.boxes
    names = portnames.of_box(box)
    assert len(names) >= 2 * wires
    wide, tall = box.found.size
    words = min(portnames._width(title[:24], 13.0, bold=True), wide - 20.0)
    middle = (-words / 2, -14.5, words / 2, 14.0)
    assert clear([middle, *map(rect, names)])
    assert {name.align for name in names} <= {-1, 1}
    for left, top, right, bottom in map(rect, names):
        assert -wide / 2 + 5 <= left < right <= wide / 2 - 5
        assert -tall / 2 <= top < bottom <= tall / 2


def test_all_names_of_a_gate_with_two_inputs_are_whole_and_of_full_size() -> None:
    view = ViewModel(own_gates())
    by = {view.graph.nodes[key].name: row for key, row in view.row.items()}
    names = portnames.of_gate(view, by["L"])
    assert [(name.text, name.px) for name in names] == [("x", 8.0), ("y", 8.0)]
    ports = view.inputs_at(np.array([by["L"]] * 2), np.arange(2))
    assert all(
        abs(view.at[by["L"], 1] + n.y - y) < 9 for n, (_, y) in zip(names, ports, strict=True)
    )


@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
def test_of_three_longer_names_none_is_left_out_and_they_stand_in_order(factor: float) -> None:
    view = ViewModel(own_gates())
    view.enlarge(factor)
    names = portnames.of_gate(view, view.row["p"])
    assert [(name.text, name.px) for name in names] == [
        ("rate", 8.0),
        ("left", 8.0),
        ("right", 8.0),
    ]
    assert [name.y for name in names] == sorted(name.y for name in names)


def test_a_short_name_in_the_middle_stays_beside_its_port() -> None:
    view = ViewModel(own_gates())
    names = portnames.of_gate(view, view.row["q1"])
    assert [(name.text, name.y) for name in names][2] == ("c", 0.0)


def test_gates_whose_inputs_are_alike_and_gates_with_one_input_have_none() -> None:
    graph = Graph().apply(edits.build(Graph(), "f = exp(x) * y + max(x, y)"))
    view = ViewModel(graph)
    assert [portnames.of_gate(view, row) for row in range(len(view.nodes.ids))] == [()] * len(
        view.nodes.ids
    )


def painted(view: ViewModel, scale: float) -> QImage:
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    row = next(row for row, key in enumerate(view.nodes.ids) if portnames.of_gate(view, row))
    x, y = view.at[row].tolist()
    with QPainter(image) as painter:
        offset = round(300 - x * scale), round(200 - y * scale)
        Renderer(theme.LIGHT).paint(painter, view, scale, offset, QRectF(0, 0, 600, 400))
    return image


def test_they_are_written_from_a_readable_zoom_on(monkeypatch) -> None:
    view = ViewModel(own_gates())
    shown = {}
    for named in (True, False):
        if not named:
            monkeypatch.setattr(portnames, "stamp", lambda it: None)
        shown[named] = [painted(view, scale) for scale in (1.0, 2.0)]
    assert shown[True][0] == shown[False][0]
    assert shown[True][1] != shown[False][1]
