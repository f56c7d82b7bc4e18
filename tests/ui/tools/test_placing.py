"""Gestures without a window: placing."""

from __future__ import annotations

from bpstudio.core import edits
from bpstudio.core.shape import CARD, LABEL_ROOM
from bpstudio.ui.canvas.tools import (
    Hit,
    Place,
    Spots,
)
from tests.core.pieces import overlaps_seen
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


def test_a_gate_put_into_a_wire_close_to_its_source_makes_room_dropped_or_searched_for(hand):
    near = hand.stage.graph.nodes["q"].at[0] + 40.0, 56.0
    hand.tools.go(Place(hand.tools, "exp"))
    hand.click(near, Hit("wire", "w3"))
    dropped = hand.stage.graph.nodes["exp1"].at
    assert dropped[1] == 56.0
    assert dropped[0] - hand.stage.graph.nodes["q"].at[0] >= CARD[0] + LABEL_ROOM
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


def test_a_gate_put_down_on_another_comes_beside_it_where_its_preview_was(hand):
    for _ in range(12):
        hand.tools.go(Place(hand.tools, "add"))
        hand.feed("move", (200, 40), button="")
        _, shown = hand.stage.overlay.ghost
        hand.click((200, 40))
        assert [*hand.stage.graph.nodes.values()][-1].at == shown
    assert len(hand.stage.graph.nodes) == len(simple().nodes) + 12
    assert not overlaps_seen(hand.stage.graph)


def test_asking_again_where_one_gate_was_just_added_covers_nothing(hand):
    spots = Spots()
    graph = simple()
    for _ in range(12):
        at = spots.at(graph, "add", (200, 40))
        graph = graph.apply(edits.add_node(graph, "add", at))
    assert not overlaps_seen(graph)
