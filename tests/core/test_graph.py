from dataclasses import replace
from itertools import pairwise

import pytest

from bpstudio.core.graph import (
    Graph,
    Group,
    Kind,
    Node,
    Note,
    Patch,
    Seed,
    Setting,
    StalePatch,
    Wire,
)


def chain(*ids: str) -> Graph:
    wires = [Wire(f"w{i}", a, b, "x") for i, (a, b) in enumerate(pairwise(ids), 1)]
    return Graph([Node(i, "exp") for i in ids], wires)


def birth(*items):
    return Patch("birth", {item.id: (None, item) for item in items})


def test_apply_then_inverse_is_identity():
    graph = chain("a", "b", "c")
    patch = Patch(
        "edit",
        {
            "w2": (graph.wires["w2"], None),
            "a": (graph.nodes["a"], Node("a", "exp", (8.0, 8.0))),
            "n1": (None, Note("n1", "hello")),
            "g1": (None, Group("g1", "box")),
            "seed c": (None, Seed("c", 2.0)),
        },
    )
    after = graph.apply(patch)
    assert after.seeds == {"c": 2.0}
    assert after.notes["n1"].text == "hello"
    assert after != graph
    assert after.apply(patch.inverse()) == graph


def test_apply_leaves_the_old_graph_as_it_was():
    graph = chain("a", "b")
    graph.apply(Patch("", {"w1": (graph.wires["w1"], None)}))
    assert graph == chain("a", "b")
    assert graph.into("b") == {"x": "w1"}


def test_a_patch_that_does_not_fit_is_refused():
    graph = chain("a", "b")
    with pytest.raises(StalePatch, match="a has changed since"):
        graph.apply(Patch("Move a", {"a": (Node("a", "log"), None)}))


def test_who_is_wired_to_whom_follows_the_patches():
    graph = chain("a", "b", "c")
    assert graph.out_of("a") == ("w1",)
    moved = graph.apply(Patch("", {"w1": (graph.wires["w1"], Wire("w1", "a", "c", "y"))}))
    assert moved.into("c") == {"x": "w2", "y": "w1"}
    assert moved.into("b") == {}
    assert moved.out_of("a") == ("w1",)


def test_path_visits_each_node_of_a_ladder_once():
    nodes = [Node(f"n{i}", "add") for i in range(2000)]
    wires = [
        Wire(f"{p}{i}", f"n{i}", f"n{i + 1}", p) for i in range(len(nodes) - 1) for p in ("x", "y")
    ]
    graph = Graph(nodes, wires)
    assert len(graph.path("n0", "n1999")) == 2000
    assert graph.path("n1999", "n0") == ()
    assert len(graph.upstream("n1999")) == 2000


def test_two_patches_as_one_do_the_same_and_undo_the_same():
    graph = chain("a", "b")
    first = birth(Node("c", "exp"))
    second = Patch(
        "grow", {"w9": (None, Wire("w9", "b", "c", "x")), "c": (Node("c", "exp"), Node("c", "log"))}
    )
    both = first.then(second)
    assert graph.apply(both) == graph.apply(first).apply(second)
    assert graph.apply(both).apply(both.inverse()) == graph


def test_a_patch_and_its_inverse_come_to_nothing():
    patch = birth(Node("c", "exp"))
    assert not patch.then(patch.inverse())


def test_an_id_is_never_used_again():
    graph = Graph().apply(birth(Node("add1", "add"), Node("add2", "add")))
    graph = graph.apply(Patch("", {"add2": (graph.nodes["add2"], None)}))
    assert graph.fresh("add") == "add3"
    assert not graph.unused("add2")
    assert graph.unused("add3")
    assert graph.fresh("add", ["add3"]) == "add4"


def test_names_are_labels_and_ids_only_where_there_is_no_label():
    graph = Graph([Node("a", "input", label="b"), Node("b", "input", label="c"), Node("d", "add")])
    assert graph.named("b") == ("a",)
    assert graph.named("a") == ()
    assert graph.named("d") == ("d",)


def test_an_id_may_pass_from_one_kind_of_item_to_another():
    graph = Graph([Node("a", "input"), Node("w", "exp")])
    wire = Wire("w", "a", "b", "x")
    patch = Patch("swap", {"w": (graph.nodes["w"], wire), "b": (None, Node("b", "exp"))})
    after = graph.apply(patch)
    assert after.wires == {"w": wire}
    assert "w" not in after.nodes
    assert after.into("b") == {"x": "w"}
    assert after.apply(patch.inverse()) == graph


def test_own_kinds_and_settings_are_items_like_any_other():
    kind, setting = Kind("g", "G", "x + 1"), Setting("ties", "first")
    patch = Patch("", {"g": (None, kind), setting.id: (None, setting)})
    graph = Graph().apply(patch)
    assert graph.get("g") is kind
    assert graph.get("setting ties") == setting
    assert graph.get("setting speed") is None
    assert not graph.unused("g")
    assert graph.setting("ties") == "first"
    assert Graph().setting("ties") == "even"
    assert graph != Graph()
    assert graph.apply(patch.inverse()) == Graph()
    gates = graph.gates
    assert graph.apply(birth(Node("n", "g"))).gates is gates


def test_a_birth_under_an_id_that_is_taken_does_not_fit():
    graph = Graph([Node("x", "input")], [], seeds={"x": 2.0})
    for taken in (Node("x", "input"), Wire("x", "a", "b", "x"), Seed("x", 3.0)):
        with pytest.raises(StalePatch):
            graph.apply(Patch("", {taken.id: (None, taken)}))


def test_touched_tells_the_changes_of_each_kind_in_their_order():
    node, wire, note = Node("a", "exp"), Wire("w1", "a", "b", "x"), Note("n1", "word", (0, 0))
    changes = {
        "b": (Node("b", "exp"), None),
        "w1": (wire, replace(wire, source="c")),
        "a": (None, node),
        "n1": (None, note),
    }
    patch = Patch("several", changes)
    for _ in range(2):
        assert list(patch.touched(Node)) == [changes["b"], changes["a"]]
        assert list(patch.touched(Wire)) == [changes["w1"]]
        assert list(patch.touched(Note)) == [changes["n1"]]
        assert list(patch.touched(Group)) == []
    assert patch == Patch("several", dict(changes))
