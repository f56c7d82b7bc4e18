"""Gestures without a window: wires drawn and plugged elsewhere."""

from __future__ import annotations

from itertools import combinations

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.ui.canvas.tools import (
    Hit,
)
from tests.ui.graphs import simple
from tests.ui.tools.hand import Hand, idle


def test_a_drag_from_output_to_input_connects(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w2"]))
    hand.drag((52, 80), (172, 48), Hit("output", "y"), Hit("input", "q", "y"))
    assert hand.stage.done == ["Connect y to q, port y"]
    assert hand.stage.graph.wires[hand.stage.graph.into("q")["y"]].source == "y"


def test_a_drag_from_input_to_output_connects_backwards(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w2"]))
    hand.drag((172, 48), (52, 80), Hit("input", "q", "y"), Hit("output", "y"))
    assert hand.stage.done == ["Connect y to q, port y"]


def test_click_then_click_connects(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w2"]))
    hand.click((52, 80), Hit("output", "y"))
    hand.feed("move", (100, 60), button="")
    assert hand.stage.overlay.rubber == ((52.0, 80.0), (100, 60))
    hand.click((172, 48), Hit("input", "q", "y"))
    assert hand.stage.done == ["Connect y to q, port y"]
    assert idle(hand)


def test_dropping_on_a_body_takes_the_best_free_port(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w1"]))
    hand.drag((52, 0), (200, 40), Hit("output", "x"), Hit("node", "q"))
    assert hand.stage.graph.wires[hand.stage.graph.into("q")["x"]].source == "x"


def test_a_full_growing_gate_grows_a_port_under_a_dropped_wire(hand):
    hand.drag((52, 160), (200, 40), Hit("output", "z"), Hit("node", "q"))
    assert hand.stage.graph.into("q")["x3"]
    assert hand.stage.graph.nodes["q"].params["inputs"] == 3


def test_a_loop_is_refused_with_the_loop_spelled_while_dragging(hand):
    before = hand.stage.graph
    hand.drag((428, 80), (172, 32), Hit("output", "f"), Hit("input", "q", "x"), drop=False)
    overlay = hand.stage.overlay
    assert overlay.refused
    assert not overlay.allowed
    assert "loop" in overlay.sentence
    assert "q → f → q" in overlay.sentence
    assert overlay.forbidden == {"f", "q", "x", "y", "z"}
    hand.feed("release", (172, 32), Hit("input", "q", "x"))
    assert hand.stage.refused == [overlay.sentence]
    assert hand.stage.graph is before
    assert idle(hand)


def test_a_wire_to_itself_and_between_two_outputs_is_refused_in_words(hand):
    hand.drag((428, 80), (400, 80), Hit("output", "f"), Hit("node", "f"), drop=False)
    assert "itself" in hand.stage.overlay.sentence
    hand.feed("move", (228, 40), Hit("output", "q"))
    assert "outputs" in hand.stage.overlay.sentence
    hand.feed("move", (0, 160), Hit("name", "z"))
    assert "takes no inputs" in hand.stage.overlay.sentence
    hand.key("Escape")
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w1"]))
    hand.drag((172, 32), (372, 72), Hit("input", "q", "x"), Hit("input", "f", "x"), drop=False)
    assert "inputs" in hand.stage.overlay.sentence


def test_dropping_on_a_taken_port_replaces_its_wire_in_one_command(hand):
    hand.drag((52, 160), (172, 48), Hit("output", "z"), Hit("input", "q", "y"), drop=False)
    assert hand.stage.overlay.sentence == "Drop to replace the wire from y."
    hand.feed("release", (172, 48), Hit("input", "q", "y"))
    assert len(hand.stage.done) == 1
    assert hand.stage.graph.wires[hand.stage.graph.into("q")["y"]].source == "z"
    assert len(hand.stage.graph.wires) == 4


def test_a_wire_dropped_on_nothing_asks_for_gates_that_fit_and_connects_in_one_command(hand):
    hand.drag((428, 80), (500, 80), Hit("output", "f"))
    (want,) = hand.stage.wanted
    assert "input" not in want.keys
    assert "exp" in want.keys
    want.chosen("exp")
    assert hand.stage.done == ["Add exp1 and connect f"]
    assert hand.stage.graph.wires[hand.stage.graph.into("exp1")["x"]].source == "f"


def test_a_wire_dropped_on_nothing_takes_the_port_that_was_chosen(hand):
    hand.drag((428, 80), (500, 80), Hit("output", "f"))
    (want,) = hand.stage.wanted
    assert want.ports
    want.chosen("subtract", port="y")
    assert hand.stage.graph.wires[hand.stage.graph.into("subtract1")["y"]].source == "f"
    assert "x" not in hand.stage.graph.into("subtract1")


def test_gates_typed_one_after_another_cover_none(hand):
    for _ in range(4):
        hand.key("e")
        hand.stage.wanted[-1].chosen("exp")
    places = [n.at for n in hand.stage.graph.nodes.values() if n.gate == "exp"]
    assert len(places) == 4
    for one, other in combinations(places, 2):
        assert abs(one[0] - other[0]) >= 56 or abs(one[1] - other[1]) >= 48


def test_a_wire_drawn_backwards_to_nothing_offers_sources_too(hand):
    hand.stage.graph = hand.stage.graph.apply(edits.disconnect(hand.stage.graph, ["w4"]))
    hand.drag((372, 88), (300, 200), Hit("input", "f", "y"))
    (want,) = hand.stage.wanted
    assert "input" in want.keys
    want.chosen("input")
    (wire,) = [w for w in hand.stage.graph.wires.values() if w.target == "f" and w.port == "y"]
    assert hand.stage.graph.nodes[wire.source].label == "w"
    assert len(hand.stage.done) == 1


def test_going_home_with_a_loose_wire_is_nothing(hand):
    hand.drag((428, 80), (430, 90), Hit("output", "f"), Hit("output", "f"))
    assert hand.stage.wanted == []
    assert hand.stage.refused == []
    assert hand.stage.done == []


def test_the_forbidden_nodes_of_a_deep_ladder_are_found_at_once():
    nodes = [Node("x", "input")] + [Node(f"a{i}", "add", (i * 100.0, 0)) for i in range(1000)]
    wires = []
    for i in range(1000):
        before = f"a{i - 1}" if i else "x"
        wires += [
            Wire(f"w{2 * i}", before, f"a{i}", "x"),
            Wire(f"w{2 * i + 1}", before, f"a{i}", "y"),
        ]
    hand = Hand(Graph(nodes, wires))
    hand.drag((0, 0), (50, 0), Hit("output", "a999"), Hit("input", "a0", "x"), drop=False)
    assert len(hand.stage.overlay.forbidden) == 1001
    assert hand.stage.overlay.refused


def test_a_wired_input_gives_its_wire_to_the_hand(hand):
    hand.drag((172, 48), (372, 88), Hit("input", "q", "y"), Hit("input", "f", "y"), drop=False)
    assert hand.stage.overlay.hidden == {"w2"}
    hand.feed("release", (372, 88), Hit("input", "f", "y"))
    assert len(hand.stage.done) == 1
    wires = hand.stage.graph.wires
    assert "y" not in hand.stage.graph.into("q")
    assert wires[hand.stage.graph.into("f")["y"]].source == "y"


def test_letting_a_wires_end_go_over_nothing_disconnects_without_a_menu(hand):
    hand.drag((172, 48), (120, 300), Hit("input", "q", "y"))
    assert hand.stage.wanted == []
    assert hand.stage.done == ["Take the wire from y to q off"]
    assert "w2" not in hand.stage.graph.wires


def test_a_wires_source_end_can_be_plugged_elsewhere(hand):
    hand.drag((60, 80), (52, 160), Hit("wire", "w2", end="source"), Hit("output", "z"))
    assert hand.stage.graph.wires["w2"].source == "z"
    assert hand.stage.graph.wires["w2"].port == "y"


def test_putting_an_end_back_where_it_was_changes_nothing(hand):
    hand.drag((172, 48), (172, 49), Hit("input", "q", "y"), Hit("input", "q", "y"))
    hand.feed("press", (172, 48), Hit("input", "q", "y"))
    hand.feed("move", (120, 100))
    hand.feed("release", (172, 48), Hit("input", "q", "y"))
    assert hand.stage.graph == simple()
    assert hand.stage.done == []


def test_a_replug_may_not_close_a_loop_either(hand):
    hand.drag((372, 72), (172, 32), Hit("input", "f", "x"), Hit("input", "q", "x"))
    assert hand.stage.graph == simple()
    assert "loop" in hand.stage.refused[-1]
