"""The canvas's arrays: previews, rectangles, curves."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from bpstudio.core import shape
from bpstudio.core.graph import Graph, Node, Patch
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.ui import fakes
from tests.ui.viewmodel.alike import change, same


def test_a_shift_moves_bodies_and_wires_and_can_be_dropped() -> None:
    view = ViewModel(fakes.perceptron())
    before = view.box.copy(), view.control.copy()
    dirty = view.shifted(["exp1"], 40, -16)
    assert dirty is not None
    assert view.box[view.row["exp1"], 0] == before[0][view.row["exp1"], 0] + 40
    start = view.control[view.wire_row["wire10"], 0]
    assert tuple(start) == view.output("exp1")
    assert dirty[0] < 700
    assert dirty[2] > 850
    view.shifted((), 0, 0)
    np.testing.assert_array_equal(view.box, before[0])
    np.testing.assert_array_equal(view.control, before[1])
    assert view.shifted((), 0, 0) is None


def test_a_patch_drops_the_preview_of_a_shift() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    view.shifted(["exp1", "w0"], 40, -16)
    patch = change(graph, Node("add2", "add", (480, 300)))
    view.patched(graph.apply(patch), patch)
    same(view, ViewModel(graph.apply(patch)))


def test_dirty_rectangle_holds_old_and_new_place() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    patch = change(graph, Node("w0", "input", (56, -400), {"value": 1.0}, "w0"))
    dirty = view.patched(graph.apply(patch), patch)
    assert dirty is not None
    assert dirty[1] < -416
    assert dirty[3] > 56
    assert dirty[2] > 212


def test_bounds_hold_everything_drawn() -> None:
    view = ViewModel(fakes.perceptron())
    left, _, right, bottom = view.bounds() or (0, 0, 0, 0)
    assert left < 4
    assert right > 1028 + shape.STUB + 8
    assert bottom >= 408
    assert ViewModel(Graph()).bounds() is None


def test_bounds_of_some_leave_the_others_out() -> None:
    view = ViewModel(fakes.perceptron())
    found = view.bounds(["exp1", "scale1"])
    assert found is not None
    assert 570 < found[0] < 584
    assert 772 < found[2] < 790


def test_selection_survives_deaths() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    view.select({"exp1", "wire3"})
    patch = Patch("Delete", {"wire0": (graph.wires["wire0"], None)})
    view.patched(graph.apply(patch), patch)
    assert view.nodes.ids[int(np.flatnonzero(view.selected)[0])] == "exp1"
    assert view.wires.ids[int(np.flatnonzero(view.wire_selected)[0])] == "wire3"


def test_curves_leave_and_enter_level() -> None:
    ends = np.array([[200.0, 80.0], [200.0, 0.0]])
    control = geometry.curves(np.zeros((2, 2)), ends)
    np.testing.assert_array_equal(control[:, 0, 1], control[:, 1, 1])
    np.testing.assert_array_equal(control[:, 2, 1], control[:, 3, 1])


def test_a_wire_back_to_the_left_swings_out_on_both_sides_and_below() -> None:
    control = geometry.curves(np.array([[0.0, 0.0]]), np.array([[-200.0, 0.0]]))
    points = geometry.flatten(control, 40)[0]
    assert points[:, 0].max() > 15
    assert points[:, 0].min() < -215
    assert points[:, 1].max() > 48


# The widest way back: 14,000 px on the screen, where the most pieces there are leave 3.93 px.
@example([900.0, -900.0, -900.0, 900.0], 8.0)
@given(st.lists(st.floats(-900, 900), min_size=4, max_size=4), st.floats(0.3, 8.0))
def test_pieces_are_enough_to_look_smooth(ends: list[float], scale: float) -> None:
    control = geometry.curves(np.array([ends[:2]]), np.array([ends[2:]]))
    pieces = int(geometry.pieces_needed(control, scale)[0])
    rough, fine = geometry.flatten(control, pieces), geometry.flatten(control, 640)[0]
    away = max(float(geometry.nearest(rough, x, y)[0][0]) for x, y in fine[::16])
    assert away * scale < (0.35 if pieces < 64 else 4.0)


def test_boxes_hold_their_curves() -> None:
    view = ViewModel(fakes.perceptron())
    points = geometry.flatten(view.control, 32)
    boxes = geometry.boxes(view.control)
    assert (points.min(axis=1) >= boxes[:, :2] - 1e-9).all()
    assert (points.max(axis=1) <= boxes[:, 2:] + 1e-9).all()
