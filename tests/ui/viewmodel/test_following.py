"""The canvas's arrays: they follow patches exactly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import shape
from bpstudio.core.graph import Graph, Group, Node, Note, Patch, Wire
from bpstudio.ui.canvas import hits
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.ui import fakes
from tests.ui.viewmodel.alike import change, followed, same


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
