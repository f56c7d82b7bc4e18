"""The canvas under real mouse, key and drag events, offscreen: the menu."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (
            "q",
            [
                "Rename …",
                "Draw a wire from q",
                "Cut",
                "Copy",
                "Duplicate",
                "Take the wires off",
                "Delete",
                "Delete and join wires",
                "Group these",
                "Draw a frame round these",
                "Expand into simpler gates",
                "Fuse into one gate",
                "Zoom to the selection",
            ],
        ),
        (
            "x",
            [
                "Edit the value …",
                "Rename …",
                "Draw a wire from x",
                "Cut",
                "Copy",
                "Duplicate",
                "Take the wires off",
                "Delete",
                "Group these",
                "Draw a frame round these",
                "Expand into simpler gates",
                "Fuse into one gate",
                "Zoom to the selection",
            ],
        ),
        (
            "w4",
            [
                "Put a gate into this wire …",
                "Take this wire off",
                "Lead it through a dot here",
            ],
        ),
        ("", ["Add a gate …", "Add a note", "Draw a frame", "Paste", "Select all", "Zoom to fit"]),
    ],
)
def test_a_right_click_offers_what_can_be_done_there(person, where, words):
    spot = person.at(300, 300)
    if where in person.graph.nodes:
        spot = person.node(where, -10)
    elif where:
        spot = person.wire(where)
    menu = person.canvas.menu_at(spot)
    assert [a.text() for a in menu.actions() if not a.isSeparator()] == words
    assert person.document.selection == (frozenset({where}) if where else frozenset())


def test_the_menus_entries_do_what_they_say(person):
    menu = person.canvas.menu_at(person.node("q"))
    (entry,) = [a for a in menu.actions() if a.text() == "Take the wires off"]
    entry.trigger()
    assert set(person.graph.wires) == {"w4"}


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_of_a_key_opens_at_what_is_selected(person):
    canvas = person.canvas
    for name in ("x", "f"):
        canvas.stage.select((name,))
        canvas.open_menu(None)
        left, top, right, bottom = canvas.camera.rect_to_screen(canvas.view.body_of(name))
        at = canvas.mapFromGlobal(canvas.menu.pos())
        assert left <= at.x() <= right + 120
        assert top <= at.y() <= bottom + 60
        canvas.menu.close()
