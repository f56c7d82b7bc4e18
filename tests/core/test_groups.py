"""Groups: what hides in a collapsed one, its ports and its box; engine and steps do not care."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bpstudio.core import edits, groups
from bpstudio.core.graph import BadGroup, Graph, Group, Node, UnknownItem, Wire
from bpstudio.core.plan import Plan
from bpstudio.core.shape import PORT_GAP
from tests.core.pieces import graphs, perceptron


def boxed(*ids: str) -> Graph:
    graph = perceptron()
    return graph.apply(edits.group(graph, ids, "Sigmoid"))


SIGMOID = ("negate1", "exp1", "add_constant1", "reciprocal1")


def test_the_crossing_wires_are_the_ports_from_top_to_bottom():
    graph = perceptron()
    names = [node.id for node in graph.nodes.values() if node.gate == "multiply"]
    graph = graph.apply(edits.group(graph, names, "Products"))
    ports = groups.ports_of_group(graph, "group1")
    assert [port.name for port in ports.inputs] == [
        f"{graph.nodes[name].name}.{port}" for name in names for port in "xy"
    ]
    assert [port.node for port in ports.outputs] == names
    assert all(len(port.wires) == 1 for port in (*ports.inputs, *ports.outputs))
    assert {graph.wires[p.wires[0]].target for p in ports.inputs} == set(names)


def test_free_inputs_and_results_are_ports_too_and_a_fan_out_shares_one():
    graph = Graph(
        [
            Node("a", "add", (0, 0), group="g"),
            Node("b", "exp", (100, 0)),
            Node("c", "sin", (100, 90)),
            Node("d", "cos", (0, 90), group="g"),
        ],
        [Wire("w1", "a", "b", "x"), Wire("w2", "a", "c", "x")],
        [Group("g")],
    )
    ports = groups.ports_of_group(graph, "g")
    assert [(p.node, p.port, p.wires) for p in ports.inputs] == [
        ("a", "x", ()),
        ("a", "y", ()),
        ("d", "x", ()),
    ]
    assert [(p.node, p.wires) for p in ports.outputs] == [("a", ("w1", "w2")), ("d", ())]


def test_the_box_stands_in_the_middle_with_a_place_for_every_port():
    graph = perceptron()
    names = [node.id for node in graph.nodes.values() if node.gate == "multiply"]
    graph = graph.apply(edits.group(graph, names, "Two products"))
    box = groups.box_of_group(graph, "group1")
    assert box is not None
    rect = groups.hull(graph, names)
    assert abs(box.at[0] - (rect[0] + rect[2]) / 2) <= 4
    assert [y for _, y in box.inputs_at] == [
        box.at[1] + PORT_GAP * step for step in (-1.5, -0.5, 0.5, 1.5)
    ]
    assert {x for x, _ in box.outputs_at} == {box.at[0] + box.size[0] / 2}
    assert box.size[1] >= PORT_GAP * 5


def test_what_hides_in_nested_groups_is_seen_as_the_outermost_collapsed_one():
    graph = Graph(
        [Node("a", "exp", group="in"), Node("b", "exp", group="out"), Node("c", "exp")],
        groups=[Group("in", group="out"), Group("out"), Group("void")],
    )
    assert groups.hidden(graph) == {}
    inner = graph.apply(edits.set_collapsed(graph, "in"))
    assert groups.hidden(inner) == {"a": "in"}
    assert list(groups.boxes(inner)) == ["in"]
    both = inner.apply(edits.set_collapsed(inner, "out"))
    assert groups.hidden(both) == {"a": "out", "b": "out", "in": "out"}
    assert list(groups.boxes(both)) == ["out"]
    assert groups.contents(both) == {"in": ["a"], "out": ["a", "b"], "void": []}
    assert groups.around(both, "a") == ("in", "out")


@settings(max_examples=40)
@given(graphs())
def test_groups_change_no_number_and_no_step(graph):
    plain = Plan.of(graph)
    steps = [(step.node, step.phase) for step in plain.run().steps]
    for key in ("g1", "g2"):
        if groups.inside(graph, key):
            graph = graph.apply(edits.set_collapsed(graph, key, not graph.groups[key].collapsed))
    graph = graph.apply(edits.set_colour(graph, "g1", "green"))
    graph = graph.apply(edits.put_into(graph, ["n0"], "g2"))
    graph = graph.apply(edits.ungroup(graph, "g1"))
    trace = Plan.of(graph).run()
    assert Plan.of(graph).nodes == plain.nodes
    assert [(step.node, step.phase) for step in trace.steps] == steps
    assert trace.value.tobytes() == plain.run().value.tobytes()
    assert trace.grad.tobytes() == plain.run().grad.tobytes()


@settings(max_examples=40)
@given(graphs())
def test_moving_a_collapsed_group_keeps_its_ports_and_their_places_relative_to_it(graph):
    if not groups.inside(graph, "g1"):
        return
    graph = graph.apply(edits.set_collapsed(graph, "g1"))
    before = groups.box_of_group(graph, "g1")
    after = graph.apply(edits.nudge(graph, ["g1"], 80, -40))
    box = groups.box_of_group(after, "g1")
    assert box.ports == before.ports
    assert box.at == (before.at[0] + 80, before.at[1] - 40)


def test_a_group_into_itself_is_refused_by_name():
    graph = Graph([Node("a", "exp", group="in")], groups=[Group("in", "Inner", group="out")])
    graph = Graph(graph.nodes.values(), groups=[*graph.groups.values(), Group("out", "Outer")])
    with pytest.raises(BadGroup, match="Outer cannot go into itself"):
        edits.put_into(graph, ["out"], "out")
    with pytest.raises(BadGroup, match="Outer cannot go into Inner, which lies inside it"):
        edits.put_into(graph, ["out"], "in")
    assert graph.apply(edits.put_into(graph, ["in"], "")).groups["in"].group == ""


@pytest.mark.parametrize(
    ("edit", "kind", "words"),
    [
        (lambda g: edits.set_collapsed(g, "none"), UnknownItem, "none"),
        (lambda g: edits.set_collapsed(g, "void"), BadGroup, "holds no gate"),
        (lambda g: edits.set_colour(g, "void", "mauve"), BadGroup, "mauve.*red"),
        (lambda g: edits.put_into(g, ["a"], "none"), UnknownItem, "none"),
        (lambda g: edits.put_into(g, ["zzz"], "void"), UnknownItem, "gates and groups"),
        (lambda g: edits.put_into(g, [], "void"), UnknownItem, "select some"),
        (lambda g: groups.inside(g, "none"), UnknownItem, "none"),
    ],
)
def test_what_cannot_be_is_refused_in_words(edit, kind, words):
    with pytest.raises(kind, match=words):
        edit(Graph([Node("a", "exp")], groups=[Group("void")]))


def test_grouping_keeps_inner_groups_and_stays_within_the_shared_one():
    graph = Graph(
        [Node("a", "exp", group="in"), Node("b", "exp", group="out"), Node("c", "exp")],
        groups=[Group("in", group="out"), Group("out")],
    )
    after = graph.apply(edits.group(graph, ["in", "a", "b"], "New"))
    assert after.groups["group1"].group == "out"
    assert after.nodes["a"].group == "in"
    assert after.groups["in"].group == after.nodes["b"].group == "group1"
    after = graph.apply(edits.group(graph, ["a", "b"], "New"))
    assert after.groups["group1"].group == "out"
    after = graph.apply(edits.group(graph, ["a", "c"], "New"))
    assert after.groups["group1"].group == ""


def test_a_group_whose_gates_are_all_chosen_goes_in_as_a_whole():
    nodes = [Node("a", "exp", group="in"), Node("b", "exp", group="mid"), Node("c", "exp")]
    graph = Graph(nodes, groups=[Group("in", group="mid"), Group("mid"), Group("none")])
    after = graph.apply(edits.group(graph, ["a", "b", "c"], "New"))
    assert {key: node.group for key, node in after.nodes.items()} == {
        "a": "in",
        "b": "mid",
        "c": "group1",
    }
    assert after.groups["mid"].group == "group1"
    assert after.groups["in"].group == "mid"
    # All that a group holds, and nothing else: the new one stands inside it.
    after = graph.apply(edits.group(graph, ["a", "b"], "New"))
    assert after.groups["group1"].group == "mid"
    assert after.groups["in"].group == after.nodes["b"].group == "group1"


def test_a_group_that_an_edit_empties_goes_with_it():
    nodes = [Node("a", "exp", group="in"), Node("b", "exp", group="in"), Node("c", "exp")]
    graph = Graph(nodes, groups=[Group("in", group="out"), Group("out"), Group("odd")])
    for edit in (
        edits.delete(graph, ["a", "b"]),
        edits.delete(graph, ["a", "b"], heal=True),
        edits.put_into(graph, ["a", "b"], ""),
    ):
        after = graph.apply(edit)
        assert set(after.groups) == {"odd"}
        assert after.apply(edit.inverse()) == graph
    assert set(graph.apply(edits.delete(graph, ["a"])).groups) == {"in", "out", "odd"}
    assert "in" in graph.apply(edits.put_into(graph, ["b"], "out")).groups


def test_titles_and_colours_have_names_in_the_history():
    graph = boxed(*(k for k in SIGMOID if k in perceptron().nodes))
    assert edits.set_colour(graph, "group1", "blue").label == "Colour Sigmoid"
    assert edits.set_collapsed(graph, "group1").label == "Collapse Sigmoid"
    assert edits.put_into(graph, ["w0"], "group1").label == "Put 1 gate into Sigmoid"
