"""Gestures without a window: keys, wheels, and other hands."""

from __future__ import annotations

import pytest

from bpstudio.core import edits
from bpstudio.ui.canvas.tools import (
    NOWHERE,
    Hit,
    KeyWiring,
    allowed_ports,
)
from tests.ui.tools.hand import idle


def test_a_wire_is_drawn_with_keys_alone(hand):
    graph = hand.stage.graph
    hand.stage.graph = graph.apply(edits.add_node(graph, "exp", (600, 80)))
    hand.tools.go(KeyWiring(hand.tools, "f"))
    assert hand.stage.overlay.aim == ("exp1", "x")
    assert hand.stage.said == ["exp1, port x"]
    hand.key("Enter")
    assert hand.stage.done == ["Connect f to exp1, port x"]
    assert idle(hand)


def test_keyboard_wiring_walks_the_allowed_ports_round_free_ones_first(hand):
    ports = allowed_ports(hand.stage, "x")
    assert ports == [("q", "x3"), ("f", "x3"), ("q", "y"), ("f", "x"), ("f", "y")]
    hand.tools.go(KeyWiring(hand.tools, "x"))
    seen = []
    for _ in range(len(ports)):
        seen.append(hand.stage.overlay.aim)
        hand.key("Tab")
    assert seen == ports
    assert hand.stage.overlay.aim == ports[0]
    hand.key("Backtab")
    assert hand.stage.overlay.aim == ports[-1]
    hand.key("Escape")
    assert idle(hand)


def test_keyboard_wiring_offers_a_free_port_far_away_before_one_that_a_near_gate_would_grow(hand):
    graph = hand.stage.graph
    hand.stage.do(edits.add_node(graph, "multiply", (5000.0, 0.0)))
    ports = allowed_ports(hand.stage, "x")
    assert ports[:3] == [("multiply1", "x"), ("multiply1", "y"), ("q", "x3")]


def test_keyboard_wiring_says_so_when_no_gate_can_take_the_wire(hand):
    hand.tools.go(KeyWiring(hand.tools, "f"))
    assert idle(hand)
    assert hand.stage.refused == ["No gate can take a wire from f; add one first."]


def test_keys_without_a_gesture_run_the_canvas_commands(hand):
    for key in ("Left", "Tab", "Backtab", "Delete", "F2", "Enter", "w"):
        hand.key(key)
    hand.key("Up", ("shift",))
    hand.key("Down", ("alt",))
    assert hand.stage.commands == [
        "nudge left",
        "select_next",
        "select_previous",
        "delete_selection",
        "rename_selected",
        "edit_value",
        "start_wire",
        "nudge up far",
        "walk down",
    ]


def test_a_wheel_zooms_two_fingers_pan_ctrl_and_pinch_zoom_in_any_state(hand):
    hand.feed("press", (52, 80), Hit("output", "y"))
    hand.feed("move", (90, 80))
    hand.feed("wheel", delta=(0.0, 1.0))
    hand.feed("wheel", delta=(5.0, -7.0), pixels=True)
    hand.feed("wheel", delta=(0.0, 40.0), pixels=True, mods=("ctrl",))
    hand.feed("wheel", scale=1.5)
    hand.feed("wheel", delta=(0.0, 1e9))
    assert hand.stage.zoomed == pytest.approx([1.2, 1.2, 1.5, 1.2**8])
    assert hand.stage.panned == [5.0, -7.0]
    assert hand.stage.overlay.rubber is not None


def test_a_deletion_by_another_hand_drops_the_gesture(hand):
    hand.drag((200, 40), (300, 90), Hit("node", "q"), drop=False)
    hand.stage.graph = hand.stage.graph.apply(edits.delete(hand.stage.graph, ["q"]))
    hand.tools.graph_changed()
    assert idle(hand)
    assert hand.stage.shifted is None
    hand.feed("move", (320, 90))
    hand.feed("release", (320, 90))
    assert hand.stage.done == []


def test_losing_the_focus_cancels_every_gesture(hand):
    for first in (
        Hit("node", "q"),
        Hit("output", "q"),
        Hit("input", "q", "x"),
        Hit("value", "x"),
        NOWHERE,
    ):
        hand.drag((0, 0), (50, 50), first, drop=False)
        hand.feed("cancel")
        assert idle(hand)
    assert hand.stage.done == []
