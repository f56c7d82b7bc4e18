"""The command list: every action found by its words, run with Enter, left with Esc."""

import pytest
from PySide6.QtCore import Qt

from bpstudio.core import edits
from bpstudio.ui import commandlist, fuzzy
from bpstudio.ui.actions import ACTIONS

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def work(window, simple):
    document = window.session.new()
    document.do(edits.replace_all(document.committed, simple, "Build"))
    window.activateWindow()
    window.canvas.setFocus()
    return window


def test_every_action_is_found_by_its_title(work) -> None:
    for action in ACTIONS:
        if action.menu and action.id != "commands":
            title = commandlist.plain_title(action.text(work) if action.text else action.title)
            assert action.id in [row.key for row in commandlist.rows(work, title)], action.id


def test_enter_runs_the_marked_command(work, qtbot) -> None:
    work.menus.entries["commands"].trigger()
    assert work.chooser.is_open
    assert work.chooser.field.hasFocus()
    qtbot.keyClicks(work.chooser.field, "sel all")
    assert work.chooser.offered()[0] == "select_all"
    qtbot.keyClick(work.chooser.field, Qt.Key.Key_Return)
    assert not work.chooser.is_open
    assert len(work.document.selection) >= len(work.document.graph.nodes)


def test_esc_gives_the_keyboard_back(work, qtbot) -> None:
    before = work.focusWidget()
    work.show_commands()
    qtbot.keyClick(work.chooser.field, Qt.Key.Key_Escape)
    assert not work.chooser.isVisible()
    assert work.focusWidget() is before


def test_what_cannot_be_done_now_stands_below_and_cannot_be_taken(work, qtbot) -> None:
    found = commandlist.rows(work, "")
    can = [row.enabled for row in found]
    assert can == sorted(can, reverse=True)
    assert not next(row for row in found if row.key == "redo").enabled
    work.show_commands()
    qtbot.keyClicks(work.chooser.field, "redo")
    qtbot.keyClick(work.chooser.field, Qt.Key.Key_Return)
    assert work.chooser.is_open


def test_says_when_nothing_is_called_so(work, qtbot) -> None:
    work.show_commands()
    qtbot.keyClicks(work.chooser.field, "xyzzy")
    assert work.chooser.offered() == []
    assert "No command" in work.chooser.nothing.text()
    assert work.chooser.nothing.isVisible()


def test_stays_inside_a_small_window(work) -> None:
    work.resize(800, 560)
    work.show_commands()
    room = work.chooser.parentWidget().rect()
    assert room.contains(work.chooser.geometry())


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("save", "Save", "Save as"),
        ("all", "Select all", "Show values: all of them"),
        ("fit", "Fit the graph", "Profit"),
        ("zi", "Zoom in", "Show inside"),
    ],
)
def test_nearer_texts_cost_less(typed: str, better: str, worse: str) -> None:
    near, far = fuzzy.cost(typed, [better]), fuzzy.cost(typed, [worse])
    assert near
    assert not far or near <= far


def test_letters_strewn_over_a_sentence_are_no_match() -> None:
    assert fuzzy.cost("qz", ["quite a long sentence with a z at its end: zoo"]) == 0.0
