"""Copy, paste, duplicate; cut, heal; dots."""

from __future__ import annotations

from dataclasses import MISSING, fields
from dataclasses import replace as changed
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits
from bpstudio.core.edits.whole import with_ids
from bpstudio.core.graph import BadParam, Graph, Group, Kind, Node, Note, UnknownItem, Wire
from bpstudio.core.plan import Plan
from tests.core.pieces import SWISH, graphs, perceptron


def after(graph: Graph, patch) -> Graph:
    return graph.apply(patch)


def chain() -> Graph:
    """x -> exp -> sin -> cos, and x -> add twice."""
    return Graph(
        [Node("x", "input"), *(Node(k, k) for k in ("exp", "sin", "cos", "add"))],
        [
            Wire("w1", "x", "exp", "x", dots=((1.0, 1.0),)),
            Wire("w2", "exp", "sin", "x", dots=((2.0, 2.0),)),
            Wire("w3", "sin", "cos", "x", dots=((3.0, 3.0),)),
            Wire("w4", "x", "add", "x"),
            Wire("w5", "exp", "add", "y"),
        ],
    )


# --- clip and paste -------------------------------------------------------------------------------


def test_a_clip_holds_the_wires_inside_it_and_no_others():
    piece = edits.clip(chain(), ["x", "exp", "add", "w3"])
    assert set(piece.nodes) == {"x", "exp", "add"}
    assert set(piece.wires) == {"w1", "w4", "w5"}


@settings(max_examples=60)
@given(graphs(), st.data())
def test_a_clip_is_a_whole_graph_and_pasted_it_computes_the_same(graph, data):
    ids = data.draw(st.lists(st.sampled_from([*graph.nodes, "g1", "note1"]), min_size=1))
    piece = edits.clip(graph, ids)
    assert all(w.source in piece.nodes and w.target in piece.nodes for w in piece.wires.values())
    assert all(not n.group or n.group in piece.groups for n in piece.nodes.values())
    assert set(piece.kinds) == {n.gate for n in piece.nodes.values()} & {"swish"}
    if not piece:
        return
    patch = edits.paste(graph, piece)
    pasted = graph.apply(patch)
    new = edits.born(patch)
    assert not set(new) & set(graph.nodes)
    assert len(new) == len(piece.nodes)
    assert len(pasted.wires) == len(graph.wires) + len(piece.wires)
    assert pasted.kinds == graph.kinds
    labels = [n.label for n in pasted.nodes.values() if n.label]
    old = [n.label for n in graph.nodes.values() if n.label]
    assert not {pasted.nodes[key].label for key in new if pasted.nodes[key].label} & set(old)
    assert len(labels) == len(old) + sum(bool(pasted.nodes[key].label) for key in new)
    alone, beside = Plan.of(piece).run(), Plan.of(pasted).run()
    for before, now in zip(piece.nodes, new, strict=True):
        assert repr(alone.value_of(before)) == repr(beside.value_of(now))


def test_numbers_and_steps_of_what_was_there_stay_as_they_were():
    graph = perceptron()
    pasted = graph.apply(edits.duplicate(graph, graph.nodes))
    old, new = Plan.of(graph).run(), Plan.of(pasted).run()
    for key in graph.nodes:
        assert old.value_of(key) == new.value_of(key)
        assert old.grad_of(key) == new.grad_of(key)
    steps = [s.node for s in new.steps if s.node in graph.nodes]
    assert steps == [s.node for s in old.steps]


def test_pasted_at_a_place_its_middle_stands_there_and_dots_go_along():
    piece = Graph(
        [Node("a", "exp", (0, 0)), Node("b", "exp", (200, 0))],
        [Wire("w1", "a", "b", "x", dots=((100.0, 50.0),))],
    )
    graph = Graph().apply(edits.paste(Graph(), piece, (1000.0, 400.0)))
    assert [n.at for n in graph.nodes.values()] == [(904.0, 400.0), (1104.0, 400.0)]
    assert graph.wires["w1"].dots == ((1004.0, 450.0),)


def test_names_in_use_get_the_next_number():
    graph = Graph([Node("x", "input", label="x"), Node("a", "exp")])
    for _ in range(2):
        graph = graph.apply(edits.paste(graph, edits.clip(graph, ["x"])))
    assert [n.name for n in graph.nodes.values()] == ["x", "a", "x2", "x3"]
    long = Graph([Node("a", "exp", label="e" * 200)])
    twice = long.apply(edits.duplicate(long, ["a"]))
    assert twice.nodes["a1"].label == "e" * 191 + "2"


def test_an_own_kind_is_shared_or_renamed_and_said_so():
    piece = Graph([Node("a", "swish")], kinds=[SWISH])
    into = Graph(kinds=[SWISH])
    patch = edits.paste(into, piece)
    assert set(into.apply(patch).kinds) == {"swish"}
    assert edits.pasted(piece, patch) == "Pasted 1 gate."
    other = Graph([Node("a", "swish")], kinds=[Kind("swish", "Swish", "x / 2")])
    patch = edits.paste(other, piece)
    both = other.apply(patch)
    assert {k.title: k.formula for k in both.kinds.values()} == {
        "Swish": "x / 2",
        "Swish 2": "u * sigmoid(u)",
    }
    assert both.gates[both.nodes[edits.born(patch)[0]].gate].inputs == ("u",)
    assert edits.pasted(piece, patch) == (
        "Pasted 1 gate. “Swish” is another gate here; the pasted one is called “Swish 2”."
    )


def test_nothing_to_paste_or_to_copy_is_refused():
    with pytest.raises(UnknownItem, match="nothing to paste"):
        edits.paste(Graph(), Graph())
    with pytest.raises(UnknownItem, match="to duplicate"):
        edits.duplicate(chain(), ["w1"])
    with pytest.raises(BadParam, match="off the paper"):
        edits.paste(Graph(), edits.clip(chain(), ["x"]), (1e9, 0.0))


def test_labels_say_what_came():
    graph = Graph([Node("a", "exp"), Node("b", "sin")], notes=[Note("n", "hi")])
    assert edits.paste(graph, edits.clip(graph, ["a"])).label == "Paste a"
    assert edits.paste(graph, edits.clip(graph, ["a", "b"])).label == "Paste 2 gates"
    assert edits.duplicate(graph, ["n"]).label == "Duplicate the note"


# --- heal and cut ---------------------------------------------------------------------------------


def test_healing_joins_what_fed_a_gate_to_what_it_fed_under_the_old_wire_s_id():
    graph = chain()
    patch = edits.delete(graph, ["exp"], heal=True)
    assert patch.label == "Delete exp and join its wires"
    healed = graph.apply(patch)
    assert set(healed.wires) == {"w2", "w3", "w4", "w5"}
    assert healed.wires["w2"] == Wire("w2", "x", "sin", "x", {}, ((1.0, 1.0), (2.0, 2.0)))
    assert healed.wires["w5"].source == "x"


def test_healing_spans_several_gates_in_a_row():
    graph = chain()
    healed = graph.apply(edits.delete(graph, ["sin", "exp"], heal=True))
    assert healed.wires["w3"] == Wire(
        "w3", "x", "cos", "x", {}, ((1.0, 1.0), (2.0, 2.0), (3.0, 3.0))
    )
    assert healed.wires["w5"].source == "x"


def test_where_two_things_fed_a_gate_its_wires_go_but_one_thing_twice_is_one():
    graph = Graph(
        [Node("x", "input"), Node("y", "input"), Node("m", "multiply"), Node("e", "exp")],
        [Wire("w1", "x", "m", "x"), Wire("w2", "y", "m", "y"), Wire("w3", "m", "e", "x")],
    )
    plain = edits.delete(graph, ["m"])
    assert edits.delete(graph, ["m"], heal=True) == plain
    square = graph.apply(edits.replug(graph, "w2", source="x"))
    assert square.apply(edits.delete(square, ["m"], heal=True)).wires["w3"].source == "x"


def test_a_grown_gate_keeps_the_ports_whose_wires_heal():
    graph = Graph(
        [Node("x", "input"), Node("e", "exp"), Node("m", "max", params={"inputs": 3})],
        [Wire("w1", "x", "e", "x"), Wire("w2", "x", "m", "x"), Wire("w3", "e", "m", "x3")],
    )
    healed = graph.apply(edits.delete(graph, ["e"], heal=True))
    assert healed.nodes["m"].params == {"inputs": 3}
    assert healed.wires["w3"].source == "x"
    cut = graph.apply(edits.delete(graph, ["e"]))
    assert cut.nodes["m"].params == {}


def test_a_chosen_wire_goes_for_good():
    graph = chain()
    healed = graph.apply(edits.delete(graph, iter(["exp", "w5"]), heal=True))
    assert set(healed.wires) == {"w2", "w3", "w4"}


def test_healing_a_long_chain_needs_no_recursion():
    nodes = [Node("x", "input"), *(Node(f"e{n}", "exp") for n in range(5000)), Node("z", "sin")]
    wires = [Wire(f"w{n}", a.id, b.id, "x") for n, (a, b) in enumerate(pairwise(nodes))]
    graph = Graph(nodes, wires)
    healed = graph.apply(edits.delete(graph, [f"e{n}" for n in range(5000)], heal=True))
    assert [(w.source, w.target) for w in healed.wires.values()] == [("x", "z")]


@settings(max_examples=60)
@given(graphs(), st.data())
def test_a_healed_graph_is_sound_and_lacks_what_was_deleted(graph, data):
    ids = data.draw(st.lists(st.sampled_from(sorted(graph.nodes)), min_size=1))
    healed = graph.apply(edits.delete(graph, ids, heal=True))
    assert set(healed.nodes) == set(graph.nodes) - set(ids)
    plain = graph.apply(edits.delete(graph, ids))
    assert set(plain.wires) <= set(healed.wires) <= set(graph.wires)
    for wire in healed.wires.values():
        assert wire.port in edits.ports_of(healed.nodes[wire.target], healed)
        assert wire.source in graph.upstream(wire.target) - {wire.target}


def test_a_stroke_cuts_wires_in_one_patch():
    graph = chain()
    patch = edits.cut(graph, ["w1", "w2", "w1"])
    assert patch.label == "Cut 2 wires"
    assert set(graph.apply(patch).wires) == {"w3", "w4", "w5"}
    with pytest.raises(UnknownItem, match="no wire"):
        edits.cut(graph, [])


# --- dots -----------------------------------------------------------------------------------------


def test_dots_are_added_where_they_fit_moved_and_taken_off():
    graph = Graph(
        [Node("a", "exp", (0, 0)), Node("b", "sin", (400, 0))], [Wire("w1", "a", "b", "x")]
    )
    for x in (200.0, 300.0, 100.0):
        graph = graph.apply(edits.add_dot(graph, "w1", (x, 50.0)))
    assert [x for x, _ in graph.wires["w1"].dots] == [100, 200, 300]
    moved = graph.apply(edits.move_dot(graph, "w1", 1, (200.0, 80.0)))
    assert moved.wires["w1"].dots[1] == (200.0, 80.0)
    assert [x for x, _ in moved.apply(edits.remove_dot(moved, "w1", 1)).wires["w1"].dots] == [
        100,
        300,
    ]
    assert moved.apply(edits.clear_dots(moved, ["w1"])).wires["w1"].dots == ()
    assert edits.add_dot(graph, "w1", (0.0, 0.0), 0).label == "Add a dot to a → b"


@pytest.mark.parametrize(
    ("edit", "kind", "words"),
    [
        (lambda g: edits.add_dot(g, "nix", (0, 0)), UnknownItem, "nix"),
        (lambda g: edits.add_dot(g, "w1", (0, 1e9)), BadParam, "off the paper"),
        (lambda g: edits.add_dot(g, "w1", (0, 0), 5), UnknownItem, "1 dot, so none"),
        (lambda g: edits.move_dot(g, "w1", 1, (0, 0)), UnknownItem, "x → exp has 1 dot"),
        (lambda g: edits.remove_dot(g, "w1", -1), UnknownItem, "1 dot"),
    ],
)
def test_dots_that_cannot_be_are_refused(edit, kind, words):
    with pytest.raises(kind, match=words):
        edit(chain())


def test_a_wire_takes_a_limited_number_of_dots():
    graph = Graph(
        [Node("a", "exp"), Node("b", "sin")],
        [Wire("w1", "a", "b", "x", dots=((0.0, 0.0),) * 64)],
    )
    with pytest.raises(BadParam, match="64"):
        edits.add_dot(graph, "w1", (0, 0))


def test_a_replugged_wire_keeps_its_dots_a_spliced_one_shares_them_a_tidy_one_loses_them():
    graph = Graph(
        [Node("a", "exp", (0, 0)), Node("b", "sin", (400, 0)), Node("c", "cos", (200, 60))],
        [Wire("w1", "a", "b", "x", {"later": 1}, dots=((100.0, 50.0), (300.0, 50.0)))],
    )
    replugged = graph.apply(edits.replug(graph, "w1", source="c"))
    assert replugged.wires["w1"].dots == graph.wires["w1"].dots
    assert replugged.wires["w1"].extra == {"later": 1}
    spliced = graph.apply(edits.splice(graph, "c", "w1"))
    assert {w.target: w.dots for w in spliced.wires.values()} == {
        "c": ((100.0, 50.0),),
        "b": ((300.0, 50.0),),
    }
    assert graph.apply(edits.tidy(graph)).wires["w1"].dots == ()


def test_renaming_and_moving_keep_all_else_of_every_item() -> None:
    later = {"later": 1}
    node = Node("a", "scale", (1.0, 2.0), {"a": 3.0}, "name", "box", later)
    wire = Wire("w", "x", "a", "x", later, ((5.0, 6.0),))
    box = Group("box", "Box", True, "", later, "blue")
    note = Note("n", "words", (7.0, 8.0), (90.0, 60.0), later, True, "red")
    graph = Graph([node, Node("x", "input")], [wire], [box], [note])
    new = {"a": "b", "w": "v", "x": "y", "box": "case", "n": "m"}
    found = with_ids(graph, new, (10.0, 20.0))
    assert found.nodes["b"] == changed(node, id="b", at=(11.0, 22.0), group="case")
    dots = ((15.0, 26.0),)
    assert found.wires["v"] == changed(wire, id="v", source="y", target="b", dots=dots)
    assert found.groups["case"] == changed(box, id="case")
    assert found.notes["m"] == changed(note, id="m", at=(17.0, 28.0))
    for item in (node, wire, box, note):
        # A field that is left at its default here would show nothing.
        for part in fields(item):
            if part.default is not MISSING and part.name not in ("collapsed", "group"):
                assert getattr(item, part.name) != part.default, part.name
