"""The canvas's arrays: which numbers are visible, and where labels hang."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bpstudio.core.graph import Graph, Node, Patch, Wire
from bpstudio.ui.canvas import placing
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.ui import fakes
from tests.ui.viewmodel.alike import change


def test_only_what_the_step_has_computed_is_visible() -> None:
    graph = fakes.perceptron()
    trace = fakes.run(graph)
    view = ViewModel(graph)
    view.show(trace, trace.at(1))
    first = view.wire_row["wire0"]
    later = view.wire_row["wire8"]
    assert view.numbers.wire_value_on[first]
    assert not view.numbers.wire_value_on[later]
    assert not view.numbers.wire_grad_on.any()
    assert view.numbers.active == "multiply1"
    assert view.numbers.phase == "forward"
    active = [view.wires.ids[i] for i in np.flatnonzero(view.numbers.wire_active)]
    assert active == ["wire0", "wire1"]


def test_all_is_visible_without_a_step_and_nothing_is_active() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    view.show(fakes.run(graph))
    assert view.numbers.wire_value_on.all()
    assert view.numbers.wire_grad_on.all()
    assert view.numbers.active == ""
    assert view.numbers.wire_grad[view.wire_row["wire0"]] == pytest.approx(-0.1966, abs=1e-4)


def test_numbers_stay_with_their_wires_when_others_die() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    view.show(fakes.run(graph))
    kept = view.numbers.wire_value[view.wire_row["wire7"]]
    patch = Patch("Delete", {"wire2": (graph.wires["wire2"], None)})
    view.patched(graph.apply(patch), patch)
    assert view.numbers.wire_value[view.wire_row["wire7"]] == kept


def test_a_new_wire_has_no_number_yet() -> None:
    graph = Graph([Node("a", "input"), Node("b", "exp", (200, 0))])
    view = ViewModel(graph)
    view.show(None)
    patch = change(graph, Wire("w", "a", "b", "x"))
    view.patched(graph.apply(patch), patch)
    assert not view.numbers.wire_value_on.any()


def test_warnings_become_letters() -> None:
    graph = fakes.perceptron()
    warned = (
        SimpleNamespace(kind="tie", node="add1", sentence="A tie."),
        SimpleNamespace(kind="unwired", node="add2", sentence="No."),
    )
    view = ViewModel(graph)
    view.show(fakes.run(graph, warned))
    assert view.numbers.badges == {"add1": "T"}


@pytest.mark.parametrize(
    "graph", [fakes.perceptron(), fakes.square()], ids=["perceptron", "square"]
)
def test_labels_cover_neither_gates_nor_one_another(graph: Graph) -> None:
    view = ViewModel(graph)
    anchors = view.anchors
    labels = placing.boxes(anchors.point, anchors.side, anchors.larger)
    bodies = view.box + np.array([1.0, 1.0, -1.0, -1.0])
    assert placing._overlap(labels, bodies).sum() == 0
    assert placing._among(labels).sum() == 0


def test_two_wires_into_one_gate_are_told_apart_in_a_large_graph() -> None:
    nodes = [Node("x", "input")]
    wires = []
    for i in range(300):
        nodes.append(Node(f"m{i}", "multiply", (200.0, 100.0 * i)))
        wires += [Wire(f"a{i}", "x", f"m{i}", "x"), Wire(f"b{i}", "x", f"m{i}", "y")]
    view = ViewModel(Graph(nodes, wires))
    assert len(wires) > placing.CAREFUL
    sides = view.anchors.side[[view.wire_row["a0"], view.wire_row["b0"]]]
    assert sides.tolist() == [-1, 1]


def test_placing_is_the_same_every_time() -> None:
    one, two = ViewModel(fakes.square()).anchors, ViewModel(fakes.square()).anchors
    np.testing.assert_array_equal(one.t, two.t)
    np.testing.assert_array_equal(one.side, two.side)
