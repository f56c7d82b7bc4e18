"""The canvas's arrays: they follow patches exactly, and know what is where."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits, shape
from bpstudio.core.graph import Graph, Group, Node, Note, Patch, Wire
from bpstudio.ui.canvas import geometry, hits, placing, rows, viewmodel
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.ui import fakes


def same(one: ViewModel, other: ViewModel) -> None:
    """Two views show the same, whatever the order of their rows."""
    assert sorted(one.nodes.ids) == sorted(other.nodes.ids)
    assert sorted(one.wires.ids) == sorted(other.wires.ids)
    for key, i in one.row.items():
        j = other.row[key]
        assert one.styles[one.nodes.style[i]] == other.styles[other.nodes.style[j]]
        assert one.nodes.ports[i] == other.nodes.ports[j]
        assert (one.nodes.labels[i], one.nodes.names[i]) == (
            other.nodes.labels[j],
            other.nodes.names[j],
        )
        np.testing.assert_allclose(one.box[i], other.box[j])
        np.testing.assert_equal(one.nodes.value[i], other.nodes.value[j])
        for name in ("wired", "out_count", "in_count", "open", "stub", "ghost"):
            assert getattr(one, name)[i] == getattr(other, name)[j], (key, name)
    for key, i in one.wire_row.items():
        j = other.wire_row[key]
        np.testing.assert_allclose(one.control[i], other.control[j])
        np.testing.assert_allclose(one.wire_box[i], other.wire_box[j])
        for end in ("source", "target"):
            mine, theirs = getattr(one.wires, end)[i], getattr(other.wires, end)[j]
            assert one.nodes.ids[mine] == other.nodes.ids[theirs]
    assert set(one.frames) == set(other.frames)


def followed(graph: Graph, *patches: Patch) -> ViewModel:
    """A view that followed the patches, checked after each against one built anew."""
    view = ViewModel(graph)
    for patch in patches:
        graph = graph.apply(patch)
        view.patched(graph, patch)
        same(view, ViewModel(graph))
    return view


def change(graph: Graph, *items: object) -> Patch:
    """A patch that puts these items in."""
    return Patch("Edit", {item.id: (graph.get(item.id), item) for item in items})  # type: ignore[attr-defined, misc]


def test_ports_sit_where_the_shape_says() -> None:
    view = ViewModel(fakes.perceptron())
    node = view.graph.nodes["add1"]
    body = (56.0, 48.0)
    assert view.input("add1", "x") == shape.input_at(node.at, body, 0, 2)
    assert view.input("add1", "y") == shape.input_at(node.at, body, 1, 2)
    assert view.output("add1") == shape.output_at(node.at, body)


def test_wires_run_from_output_to_input_port() -> None:
    view = ViewModel(fakes.perceptron())
    for key, wire in view.graph.wires.items():
        start, *_, end = view.control[view.wire_row[key]]
        assert tuple(start) == view.output(wire.source)
        assert tuple(end) == view.input(wire.target, wire.port)


def test_follows_a_move() -> None:
    graph = fakes.perceptron()
    exp = graph.nodes["exp1"]
    moved = Node("exp1", "exp", (700.0, 40.0), exp.params, exp.label, exp.group)
    view = followed(graph, change(graph, moved))
    assert view.box[view.row["exp1"], 0] == 672


def test_follows_births_deaths_and_their_undoing() -> None:
    graph = fakes.perceptron()
    dead = {k: (graph.get(k), None) for k in ("wire9", "wire10", "exp1", "wire0")}
    cut = Patch("Delete", dead)
    new = Node("max1", "max", (300, 500))
    more = change(graph, new, Wire("w50", "w0", "max1", "x"), Wire("w51", "w2", "max1", "y"))
    followed(graph, cut, more, more.inverse(), cut.inverse())


def test_follows_a_replugged_wire() -> None:
    graph = fakes.perceptron()
    followed(graph, change(graph, Wire("wire11", "exp1", "reciprocal1", "x")))


def test_follows_a_gate_that_grows_a_port() -> None:
    graph = fakes.perceptron()
    grown = Node("add2", "add", (480, 264), {"inputs": 3})
    view = followed(graph, change(graph, grown), change(graph, Wire("w60", "x0", "add2", "x3")))
    assert view.nodes.ports[view.row["add2"]] == ("x", "y", "x3")


def test_follows_a_longer_name_a_value_and_a_parameter() -> None:
    graph = fakes.perceptron()
    longer = Node("w0", "input", (56, 40), {"value": 7.5}, "weight zero")
    other = Node("scale1", "scale", (616, 264), {"a": 12.345}, group="sigmoid1")
    view = followed(graph, change(graph, longer, other))
    assert view.nodes.value[view.row["w0"]] == 7.5
    assert view.nodes.size[view.row["w0"], 0] > shape.PILL[0]


def test_follows_unknown_gates_whose_ports_are_their_wires() -> None:
    graph = Graph([Node("a", "input"), Node("b", "of_later", (200, 0))])
    one, two = Wire("w1", "a", "b", "p"), Wire("w2", "a", "b", "q")
    view = followed(graph, change(graph, one), change(graph, two))
    assert view.nodes.ports[view.row["b"]] == ("p", "q")


def test_frames_and_notes_follow() -> None:
    graph = fakes.perceptron()
    patch = change(graph, Group("sigmoid1", "S"), Note("n1", "Hello", (0, 0)))
    view = followed(graph, patch)
    assert view.frames[0].title == "S"
    assert hits.hit(view, 10, 10, 5) == hits.Hit("note", "n1")


def test_an_inner_frame_stands_inside_its_outer_one() -> None:
    graph = Graph(
        [Node("a", "exp", group="g2"), Node("b", "exp", (200, 0), group="g1")],
        groups=[Group("g1", "outer"), Group("g2", "inner", group="g1")],
    )
    outer, inner = ViewModel(graph).frames
    assert (outer.id, inner.id) == ("g1", "g2")
    assert outer.rect[0] < inner.rect[0]
    assert outer.rect[1] < inner.rect[1] - 20


@settings(max_examples=60)
@given(st.data())
def test_following_any_edits_equals_building_anew(data: st.DataObject) -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    keys = ("input", "add", "exp", "scale", "power", "nobody_knows")
    for step in range(data.draw(st.integers(1, 5))):
        changes: dict[str, tuple[object, object]] = {}
        dead = (
            data.draw(st.sets(st.sampled_from(sorted(graph.nodes)), max_size=3))
            if len(graph.nodes) > 3
            else set()
        )
        for key in dead:
            changes[key] = (graph.nodes[key], None)
            for wire in (*graph.into(key).values(), *graph.out_of(key)):
                changes[wire] = (graph.wires[wire], None)
        alive = [key for key in graph.nodes if key not in dead]
        for key in data.draw(st.sets(st.sampled_from(alive), max_size=2)):
            old = graph.nodes[key]
            at = (float(data.draw(st.integers(-9, 9)) * 8), old.at[1])
            changes[key] = (old, Node(key, old.gate, at, old.params, "q" * step, old.group))
        for i in range(data.draw(st.integers(0, 2))):
            born = Node(f"new{step}_{i}", data.draw(st.sampled_from(keys)), (i * 90.0, 500.0))
            changes[born.id] = (None, born)
            wire = Wire(f"wire{step}_{i}x", data.draw(st.sampled_from(alive)), born.id, "x")
            if born.gate != "input":
                changes[wire.id] = (None, wire)
        patch = Patch("Edit", changes)  # type: ignore[arg-type]
        graph = graph.apply(patch)
        view.patched(graph, patch)
        same(view, ViewModel(graph))


# --- numbers --------------------------------------------------------------------------------


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


# --- where labels hang ----------------------------------------------------------------------


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


# --- what is under the pointer --------------------------------------------------------------


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


# --- previews and rectangles ----------------------------------------------------------------


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


# --- curves ---------------------------------------------------------------------------------


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


@given(st.lists(st.floats(-900, 900), min_size=4, max_size=4), st.floats(0.3, 8.0))
def test_pieces_are_enough_to_look_smooth(ends: list[float], scale: float) -> None:
    control = geometry.curves(np.array([ends[:2]]), np.array([ends[2:]]))
    pieces = int(geometry.pieces_needed(control, scale)[0])
    rough, fine = geometry.flatten(control, pieces), geometry.flatten(control, 640)[0]
    away = max(float(geometry.nearest(rough, x, y)[0][0]) for x, y in fine[::16])
    assert away * scale < (0.35 if pieces < 64 else 3.0)


def test_boxes_hold_their_curves() -> None:
    view = ViewModel(fakes.perceptron())
    points = geometry.flatten(view.control, 32)
    boxes = geometry.boxes(view.control)
    assert (points.min(axis=1) >= boxes[:, :2] - 1e-9).all()
    assert (points.max(axis=1) <= boxes[:, 2:] + 1e-9).all()


def own_graph() -> Graph:
    """x and y into an own gate, y's port last in its formula."""
    graph = Graph()
    graph = graph.apply(edits.define_kind(graph, "blend", "x * (1 + y)"))
    return graph.apply(edits.build(graph, "f = blend(x, y)"))


def test_an_own_gate_has_a_card_with_its_title_and_its_formulas_ports() -> None:
    view = ViewModel(own_graph())
    row = view.row["f"]
    style = view.styles[view.nodes.style[row]]
    assert (style.kind, style.face, style.family) == (rows.CARD, "blend", "own")
    assert view.nodes.ports[row] == ("x", "y")


def test_nodes_follow_their_own_gates_title_formula_and_end() -> None:
    graph = own_graph()
    renamed = edits.change_kind(graph, "blend", title="a much longer name")
    longer = graph.apply(renamed)
    swapped = edits.change_kind(longer, "blend", formula="y + x * a")
    gone = Patch("Lose it", {"blend": (longer.apply(swapped).kinds["blend"], None)})
    view = followed(graph, renamed, swapped, gone, gone.inverse())
    row = view.row["f"]
    assert view.styles[view.nodes.style[row]].face == "a much…"
    assert view.nodes.ports[row] == ("y", "x", "a")
    assert view.open[row]


def test_a_kind_that_is_missing_is_a_locked_card_until_it_comes() -> None:
    graph = own_graph()
    kind = graph.kinds["blend"]
    gone = Patch("Lose it", {"blend": (kind, None)})
    view = followed(graph, gone)
    assert view.nodes.kind[view.row["f"]] == rows.LOCK
    after = graph.apply(gone)
    dirty = view.patched(after.apply(gone.inverse()), gone.inverse())
    assert view.nodes.kind[view.row["f"]] == rows.CARD
    assert dirty is not None


def test_a_policy_for_ties_changes_no_look() -> None:
    graph = own_graph()
    followed(graph, edits.set_setting(graph, "ties", "first"))


def test_a_scrubbed_value_measures_and_places_nothing_anew():
    graph = Graph(
        [Node("x", "input", (0, 0), {"value": 1.0}), Node("e", "exp", (200, 0))],
        [Wire("w", "x", "e", "x")],
    )
    view = ViewModel(graph)
    placed, control = view.anchors, view.control.copy()
    patch = edits.set_value(graph, "x", 2.5)
    view.patched(graph.apply(patch), patch)
    assert view.anchors is placed
    assert view.nodes.value[view.row["x"]] == 2.5
    assert np.array_equal(view.control, control)
    renamed = edits.rename(view.graph, "x", "a much longer name")
    view.patched(view.graph.apply(renamed), renamed)
    assert view.anchors is not placed
    assert view.nodes.names[view.row["x"]] == "a much longer name"


def test_an_id_may_be_another_kind_of_thing_in_the_graph_that_takes_its_place() -> None:
    one = Graph().apply(edits.build(Graph(), "f = w1 * x"))
    wire = next(iter(one.wires))
    other = Graph([Node(wire, "input", params={"value": 3.0})])
    view = ViewModel(one)
    patch = edits.replace_all(one, other, "Another")
    view.patched(other, patch)
    assert view.row == {wire: 0}
    assert len(view.wires.ids) == 0
    view.patched(one, patch.inverse())
    assert set(view.row) == set(one.nodes)


def test_a_flood_of_gates_is_read_at_once_and_the_old_rows_keep_their_numbers(monkeypatch):
    monkeypatch.setattr(viewmodel, "FLOOD", 0)
    graph = Graph(
        [Node("x", "input", (0, 0), {"value": 1.0}), Node("e", "exp", (200, 0))],
        [Wire("w", "x", "e", "x")],
    )
    view = ViewModel(graph)
    view.numbers.value[:], view.numbers.wire_grad[:] = (1.0, 2.5), 7.0
    view.select({"e"})
    piece = Graph(
        [Node(f"s{i}", "sin", (90.0 * i, 200.0)) for i in range(6)],
        [Wire(f"v{i}", f"s{i}", f"s{i + 1}", "x") for i in range(5)],
    )
    patch = edits.paste(graph, piece)
    after = graph.apply(patch)
    assert view.patched(after, patch) == geometry.EVERYWHERE
    same(view, ViewModel(after))
    assert view.numbers.value[:2].tolist() == [1.0, 2.5]
    assert view.numbers.wire_grad[0] == 7.0
    assert len(view.numbers.value) == 8
    assert view.selected.tolist() == [False, True, *[False] * 6]
    # What takes gates away is followed row by row.
    assert view.patched(graph, patch.inverse()) != geometry.EVERYWHERE
    same(view, ViewModel(graph))
