"""Gestures without a window: values."""

from __future__ import annotations

import pytest

from bpstudio.ui.canvas.tools import (
    Hit,
    step_of,
    stepped,
)
from tests.ui.graphs import simple


def test_a_click_on_a_value_edits_it_and_a_drag_scrubs_it_into_one_command(hand):
    hit = Hit("value", "x")
    hand.click((30, 0), hit)
    assert hand.stage.opened == [("value", "x")]
    hand.drag((30, 0), (70, 0), hit, drop=False)
    assert hand.stage.previewed.changes["x"][1].params["value"] == -1.0
    hand.feed("release", (70, 0), hit)
    assert hand.stage.previewed is None
    assert hand.stage.graph.nodes["x"].params["value"] == -1.0
    assert hand.stage.done == ["Set x to −1"]


def test_shift_scrubs_finely_ctrl_coarsely_without_a_jump(hand):
    hit = Hit("value", "y")
    hand.feed("press", (0, 80), hit)
    hand.feed("move", (40, 80))
    hand.feed("move", (40, 80), mods=("shift",))
    assert hand.stage.previewed.changes["y"][1].params["value"] == 6.0
    hand.feed("move", (80, 80), mods=("shift",))
    assert hand.stage.previewed.changes["y"][1].params["value"] == 6.1
    hand.feed("move", (80, 80), mods=("ctrl",))
    hand.feed("move", (88, 80), mods=("ctrl",))
    assert hand.stage.previewed.changes["y"][1].params["value"] == 8.0


@pytest.mark.parametrize(("mod", "value"), [("shift", -1.9), ("ctrl", 8.0)])
def test_held_from_the_press_on_shift_and_ctrl_scrub_too_and_a_click_selects(hand, mod, value):
    hit = Hit("value", "x")
    hand.stage.select(("y",))
    hand.click((30, 0), hit, mods=(mod,))
    assert hand.stage.selection == {"x", "y"}
    assert hand.stage.opened == []
    hand.feed("press", (30, 0), hit, mods=(mod,))
    hand.feed("move", (40, 0), mods=(mod,))
    hand.feed("move", (80, 0), mods=(mod,))
    hand.feed("release", (80, 0), hit, mods=(mod,))
    assert hand.stage.graph.nodes["x"].params["value"] == value


def test_escape_drops_a_scrub(hand):
    hand.drag((30, 0), (70, 0), Hit("value", "x"), drop=False)
    hand.key("Escape")
    assert hand.stage.previewed is None
    assert hand.stage.done == []
    assert hand.stage.graph == simple()


@pytest.mark.parametrize(
    ("value", "step"),
    [(0.0, 0.1), (4.0, 0.1), (-37.0, 1.0), (0.05, 0.001), (1e-300, 0.1), (1e300, 1e299)],
)
def test_the_step_of_a_scrub_fits_the_size_of_the_number(value, step):
    assert step_of(value) == pytest.approx(step)


def test_scrubbed_numbers_keep_few_digits():
    assert [stepped(0.0, n, 0.1) for n in (1, 3, 7)] == [0.1, 0.3, 0.7]
    assert stepped(0.30000000000000004, 0, 0.1) == 0.30000000000000004
    assert stepped(1.7e308, 1000, 1e307) == 1.7e308
