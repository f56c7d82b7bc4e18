"""Gestures without a window: moving."""

from __future__ import annotations

import pytest

from bpstudio.core import edits
from bpstudio.ui.canvas.tools import (
    Hit,
)
from tests.ui.graphs import simple
from tests.ui.tools.hand import idle


def test_a_drag_moves_the_selection_as_one_command_on_the_grid(hand):
    hand.stage.select(["q", "f", "x"])
    hand.drag((200, 40), (231, 59), Hit("node", "q"))
    assert hand.stage.done == ["Move 3 gates"]
    assert hand.stage.graph.nodes["q"].at == (232.0, 56.0)
    assert hand.stage.graph.nodes["f"].at == (432.0, 96.0)
    assert hand.stage.shifted is None
    assert idle(hand)


def test_ctrl_moves_freely_and_shift_along_one_axis(hand):
    hand.stage.select(["q"])
    hand.feed("press", (200, 40), Hit("node", "q"))
    hand.feed("move", (213, 47), mods=("ctrl",))
    hand.feed("release", (213, 47), mods=("ctrl",))
    assert hand.stage.graph.nodes["q"].at == (213.0, 47.0)
    hand.feed("press", (213, 47), Hit("node", "q"))
    hand.feed("move", (263, 67), mods=("shift",))
    hand.feed("release", (263, 67), mods=("shift",))
    assert hand.stage.graph.nodes["q"].at == (264.0, 47.0)


def test_escape_drops_a_move_without_a_trace(hand):
    before = hand.stage.graph
    hand.drag((200, 40), (300, 90), Hit("node", "q"), drop=False)
    assert hand.stage.shifted is not None
    hand.key("Escape")
    assert hand.stage.shifted is None
    assert hand.stage.graph is before
    assert hand.stage.done == []
    assert idle(hand)
    hand.feed("release", (300, 90))
    assert hand.stage.done == []


def test_a_move_back_to_the_start_is_no_command(hand):
    hand.feed("press", (200, 40), Hit("node", "q"))
    hand.feed("move", (260, 40))
    hand.feed("move", (201, 41))
    hand.feed("release", (201, 41))
    assert hand.stage.done == []
    assert hand.stage.graph == simple()


def test_a_move_off_the_paper_is_refused_and_moves_nothing(hand):
    hand.feed("press", (200, 40), Hit("node", "q"))
    hand.feed("move", (9e9, 40))
    hand.feed("release", (9e9, 40))
    assert hand.stage.graph == simple()
    assert "off the paper" in hand.stage.refused[-1]


def test_a_gate_without_wires_dropped_on_a_wire_goes_into_it_in_one_command(hand):
    graph = hand.stage.graph
    hand.stage.graph = graph.apply(edits.add_node(graph, "exp", (300, 300)))
    hand.stage.under = "w3"
    hand.drag((300, 300), (324, 60), Hit("node", "exp1"), drop=False)
    assert hand.stage.overlay.splice == "w3"
    hand.feed("release", (324, 60))
    assert hand.stage.done == ["Splice exp1 into a wire"]
    assert hand.stage.graph.nodes["exp1"].at == (328.0, 64.0)
    after = hand.stage.graph
    assert after.wires[after.into("f")["x"]].source == "exp1"


@pytest.mark.parametrize("case", ["wired", "alt", "source"])
def test_only_a_lone_gate_is_spliced_and_not_with_alt(hand, case):
    graph = hand.stage.graph
    hand.stage.graph = graph.apply(edits.add_node(graph, "exp", (300, 300)))
    hand.stage.under = "w3"
    moved = {"wired": "q", "alt": "exp1", "source": "x"}[case]
    hand.drag((300, 300), (300, 60), Hit("node", moved), mods=("alt",) if case == "alt" else ())
    assert hand.stage.done == [f"Move {moved}"]
    assert {"w1", "w2", "w3", "w4"} == set(hand.stage.graph.wires)


@pytest.mark.parametrize(
    ("mods", "picked"),
    [((), {"x", "y"}), (("shift",), {"x", "y", "f"}), (("alt",), {"f"}), (("ctrl",), {"f"})],
)
def test_the_rubber_band_selects_adds_and_takes_away(hand, mods, picked):
    hand.stage.select(["f"] if not mods or mods == ("shift",) else ["f", "x"])
    hand.drag((-50, -50), (50, 100), mods=mods, drop=False)
    assert hand.stage.overlay.picked == picked
    assert hand.stage.overlay.band == (-50, -50, 50, 100)
    hand.feed("release", (50, 100), mods=mods)
    assert hand.stage.selection == picked
    assert idle(hand)


def test_the_middle_button_and_space_drag_the_paper(hand):
    hand.feed("press", (0, 0), button="middle")
    hand.feed("move", (30, 10), button="middle")
    hand.feed("release", (30, 10), button="middle")
    assert hand.stage.panned == [30, 10]
    hand.key("Space")
    hand.drag((0, 0), (10, 0), Hit("node", "q"))
    hand.feed("keyup", key="Space")
    assert hand.stage.panned == [40, 10]
    assert hand.stage.wanted == []
    assert idle(hand)


def test_space_without_a_drag_asks_for_a_gate(hand):
    hand.feed("key", (7, 309), key="Space", button="")
    hand.feed("keyup", (7, 309), key="Space", button="")
    (want,) = hand.stage.wanted
    assert want.keys is None
    want.chosen("exp")
    assert hand.stage.graph.nodes["exp1"].at == (8.0, 312.0)
    assert hand.stage.selection == {"exp1"}
