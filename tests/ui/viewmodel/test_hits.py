"""The canvas's arrays: what is under the pointer."""

from __future__ import annotations

import pytest

from bpstudio.core.graph import Graph, Node
from bpstudio.ui.canvas import geometry, hits, placing
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.ui import fakes


def test_ports_are_found_before_bodies_and_wires() -> None:
    view = ViewModel(fakes.perceptron())
    x, y = view.input("multiply1", "y")
    assert view.hit(x - 3, y + 2) == hits.Hit("input", "multiply1", "y")
    x, y = view.output("add1")
    assert view.hit(x + 4, y) == hits.Hit("output", "add1")


def test_a_gate_that_can_grow_offers_its_next_port() -> None:
    view = ViewModel(fakes.perceptron())
    x, y = view.ghost_at(view.row["multiply1"])
    assert view.hit(x - 5, y + 6) == hits.Hit("input", "multiply1", "x3")
    assert view.input("multiply1", "x3") == (x, y)


def test_middle_of_a_body_is_the_body_and_its_number_the_value() -> None:
    view = ViewModel(fakes.perceptron())
    assert view.hit(480, 264) == hits.Hit("node", "add2")
    assert view.hit(30, 40) == hits.Hit("node", "w0")
    assert view.hit(85, 40) == hits.Hit("value", "w0")
    left, _, right, _ = hits.value_rect(view, "w0")
    assert left < 85 < right


def test_the_upper_of_two_overlapping_gates_is_hit() -> None:
    view = ViewModel(Graph([Node("a", "exp"), Node("b", "log")]))
    assert view.hit(0, 0).id == "b"


def test_wires_are_found_along_their_whole_way() -> None:
    view = ViewModel(fakes.perceptron())
    row = view.wire_row["wire7"]
    for t, end in ((0.05, "source"), (0.5, ""), (0.97, "target")):
        x, y = geometry.along(view.control[row : row + 1], t)[0]
        found = hits.wire_at(view, x, y + 3, 6)
        assert (found.kind, found.id, found.port) == ("wire", "wire7", end)
        assert found.t == pytest.approx(t, abs=0.03)
    assert not hits.wire_at(view, 300, 430, 6)


def test_labels_are_found_only_where_they_are_visible() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    row = view.wire_row["wire9"]
    x, y = view.anchors.point[row]
    assert hits.label_at(view, x, y + placing.BELOW) == hits.Hit()
    view.show(fakes.run(graph))
    found = hits.label_at(view, x, y + placing.BELOW)
    assert (found.kind, found.id, found.port) == ("label", "wire9", "grad")
    assert hits.label_at(view, x, y + placing.ABOVE).port == "value"


def test_paper_is_nothing() -> None:
    view = ViewModel(fakes.perceptron())
    assert not view.hit(-500, -500)
    assert not ViewModel(Graph()).hit(0, 0)


def test_a_frame_is_hit_at_its_title_and_line_but_not_inside() -> None:
    view = ViewModel(fakes.perceptron())
    left, top, right, bottom = view.frames[0].rect
    assert view.hit(left + 30, top - 8) == hits.Hit("group", "sigmoid1")
    assert view.hit(left + 60, bottom + 1) == hits.Hit("group", "sigmoid1")
    assert not view.hit((left + right) / 2 - 60, bottom - 10)


def test_rubber_band_catches_what_it_touches() -> None:
    view = ViewModel(fakes.perceptron())
    assert view.within((-100, -100, 60, 130)) == {"w0", "x0"}
    assert view.within((-900, -900, -800, -800)) == frozenset()
