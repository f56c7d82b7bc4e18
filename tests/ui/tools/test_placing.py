"""Gestures without a window: placing."""

from __future__ import annotations

import math

from bpstudio.core import edits
from bpstudio.core.gates import GATES
from bpstudio.core.shape import node_size
from bpstudio.ui.canvas.tools import (
    Hit,
    Place,
    beside,
)
from tests.ui.graphs import simple
from tests.ui.tools.hand import idle


def test_a_chosen_gate_is_placed_by_a_click_and_shift_keeps_placing(hand):
    hand.tools.go(Place(hand.tools, "exp"))
    hand.feed("move", (101, 203), button="")
    assert hand.stage.overlay.ghost == ("exp", (104.0, 200.0))
    hand.click((101, 203), mods=("shift",))
    hand.click((301, 203))
    assert [n.at for n in hand.stage.graph.nodes.values() if n.gate == "exp"] == [
        (104.0, 200.0),
        (304.0, 200.0),
    ]
    assert idle(hand)


def test_a_gate_placed_on_a_wire_is_spliced_in_with_one_command(hand):
    hand.tools.go(Place(hand.tools, "exp"))
    hand.feed("move", (300, 56), Hit("wire", "w3"), button="")
    assert hand.stage.overlay.splice == "w3"
    hand.click((300, 56), Hit("wire", "w3"))
    assert len(hand.stage.done) == 1
    graph = hand.stage.graph
    assert graph.wires[graph.into("exp1")["x"]].source == "q"
    assert graph.wires[graph.into("f")["x"]].source == "exp1"


def test_a_gate_dropped_into_a_wire_stays_where_it_is_dropped_one_searched_for_makes_way(hand):
    near = hand.stage.graph.nodes["q"].at[0] + 40.0, 56.0
    hand.tools.go(Place(hand.tools, "exp"))
    hand.click(near, Hit("wire", "w3"))
    assert hand.stage.graph.nodes["exp1"].at == (math.floor(near[0] / 8 + 0.5) * 8, 56.0)
    hand.feed("double", near, Hit("wire", hand.stage.graph.into("exp1")["x"]))
    hand.stage.wanted[0].chosen("tanh")
    nodes = hand.stage.graph.nodes
    assert [nodes[key].at[0] - nodes["q"].at[0] for key in ("tanh1", "exp1")] == [120.0, 240.0]


def test_escape_leaves_placing(hand):
    hand.tools.go(Place(hand.tools, "exp"))
    hand.feed("move", (100, 100), button="")
    hand.key("Escape")
    assert idle(hand)
    assert hand.stage.done == []


def test_a_double_click_asks_for_a_gate_here_or_into_the_wire(hand):
    hand.feed("double", (10, 300))
    hand.feed("double", (300, 60), Hit("wire", "w3"))
    first, second = hand.stage.wanted
    assert first.keys is None
    assert "input" not in second.keys
    second.chosen("exp")
    assert hand.stage.done == ["Splice exp1 into a wire"]


def test_a_double_click_renames_a_name_and_edits_a_gate(hand):
    hand.feed("double", (0, 0), Hit("name", "x"))
    hand.feed("double", (200, 40), Hit("node", "q"))
    assert hand.stage.opened == [("name", "x"), ("value", "q")]


def test_a_letter_opens_the_search_with_that_letter(hand):
    hand.key("s")
    assert hand.stage.wanted[0].typed == "s"
    hand.key("s", mods=("ctrl",))
    assert len(hand.stage.wanted) == 1


def test_beside_finds_a_place_that_covers_no_gate():
    graph = simple()
    for _ in range(12):
        at = beside(graph, "add", (200, 40))
        for node in graph.nodes.values():
            w, h = node_size(node, GATES)
            assert (
                abs(at[0] - node.at[0]) >= (w + 56) / 2 or abs(at[1] - node.at[1]) >= (h + 48) / 2
            )
        graph = graph.apply(edits.add_node(graph, "add", at))
