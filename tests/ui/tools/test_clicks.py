"""Gestures without a window: click or drag."""

from __future__ import annotations

import pytest

from bpstudio.ui.canvas.tools import (
    Hit,
)
from tests.ui.tools.hand import idle


@pytest.mark.parametrize(
    ("device", "way", "moves"),
    [("mouse", 5, 0), ("mouse", 7, 1), ("touch", 9, 0), ("touch", 11, 1)],
)
def test_a_press_is_a_drag_only_beyond_the_slop(hand, device, way, moves):
    hit = Hit("node", "q")
    hand.feed("press", (200, 40), hit, device=device)
    hand.feed("move", (200 + way, 40), hit, device=device)
    hand.feed("move", (200 + way * 1.0, 40), hit, device=device)
    assert (hand.stage.shifted is not None) == bool(moves)
    hand.feed("release", (200 + way, 40), hit, device=device)
    assert idle(hand)


def test_a_click_selects_and_a_click_on_the_paper_clears(hand):
    hand.click((200, 40), Hit("node", "q"))
    assert hand.stage.selection == {"q"}
    hand.click((400, 80), Hit("node", "f"), mods=("shift",))
    assert hand.stage.selection == {"q", "f"}
    hand.click((400, 80), Hit("node", "f"), mods=("ctrl",))
    assert hand.stage.selection == {"q"}
    hand.click((900, 900))
    assert hand.stage.selection == frozenset()


def test_clicking_one_of_several_leaves_that_one(hand):
    hand.stage.select(["q", "f", "x"])
    hand.click((200, 40), Hit("node", "q"))
    assert hand.stage.selection == {"q"}
