"""The contract of ACTIONS, held by every entry."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from bpstudio.core import edits
from bpstudio.ui import ask, icons
from bpstudio.ui.actions import ACTIONS, MENUS
from tests.ui.conftest import bury

# What the offscreen platform says of every window that is not the first.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def run(window, action_id: str) -> None:
    """Trigger the menu entry, as the mouse would."""
    window.menus.entries[action_id].trigger()


def keys_of(action) -> list[str]:
    return [
        QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
        for key in (action.shortcut, *action.also)
        if key
    ]


def test_ids_are_unique() -> None:
    ids = [action.id for action in ACTIONS]
    assert len(ids) == len(set(ids))


def test_no_key_does_two_things() -> None:
    keys = [key for action in ACTIONS for key in keys_of(action)]
    assert all(keys)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: a.id)
def test_has_a_title_a_known_menu_and_an_icon_that_exists(action) -> None:
    assert action.title.strip()
    assert action.menu == "" or action.menu in MENUS
    assert action.held in ("window", "canvas")
    assert not action.icon or icons.source(action.icon).startswith("<svg")


def test_letters_are_left_to_those_who_type() -> None:
    for action in ACTIONS:
        if action.held == "window":
            for key in keys_of(action):
                assert len(key) > 1, f"{action.id} would take {key} from every text field"


@pytest.fixture
def quiet(monkeypatch):
    """Every question answered with Cancel, every message swallowed."""
    monkeypatch.setattr(ask, "files_to_open", lambda *_: [])
    monkeypatch.setattr(ask, "file_to_save", lambda *_: None)
    monkeypatch.setattr(ask, "file_to_export", lambda *_: None)
    monkeypatch.setattr(ask, "for_a_name", lambda *_: None)
    monkeypatch.setattr(ask, "about_unsaved", lambda *_: "cancel")
    monkeypatch.setattr("bpstudio.ui.helpwindows.QMessageBox.exec", lambda *_: 0)


def test_every_entry_runs_with_a_document(window, simple, quiet, qtbot) -> None:
    for action in (a for a in ACTIONS if a.menu):
        document = window.session.new()
        document.do(edits.replace_all(document.committed, simple, "Build"))
        document.select(["x"])
        elsewhere = ("revert", "redo", "tab_next", "tab_previous")
        can = action.when(window) or action.id in elsewhere
        assert can or (action.why is not None and action.why(window)), action.id
        with qtbot.captureExceptions() as raised:
            run(window, action.id)
        assert raised == [], action.id
        for other in window.session.documents:
            other.undo_stack.setClean()
            window.session.close(other)
        # Their canvases would be styled again by each later theme and size.
        bury()


def test_every_entry_is_harmless_without_a_document(window, quiet, qtbot) -> None:
    for action in (a for a in ACTIONS if a.menu and a.id not in ("quit", "new")):
        with qtbot.captureExceptions() as raised:
            run(window, action.id)
        assert raised == [], action.id
        assert window.document is None, action.id


def test_entries_are_grey_only_while_their_menu_is_open(window) -> None:
    window.menus.menus["edit"].aboutToShow.emit()
    assert not window.menus.entries["delete"].isEnabled()
    window.menus.menus["edit"].aboutToHide.emit()
    assert window.menus.entries["delete"].isEnabled()


def test_undo_names_what_it_takes_back(window, opened) -> None:
    window.menus.menus["edit"].aboutToShow.emit()
    assert window.menus.entries["undo"].text() == "&Undo Build"


def test_undo_and_redo_say_what_they_did(window, opened) -> None:
    run(window, "undo")
    assert window.notice.text() == "Undone: Build"
    run(window, "redo")
    assert window.notice.text() == "Redone: Build"


def test_a_check_mark_shows_the_setting(window) -> None:
    run(window, "digits_6")
    window.menus.menus["view/digits"].aboutToShow.emit()
    assert window.menus.entries["digits_6"].isChecked()
    assert not window.menus.entries["digits_4"].isChecked()
    assert window.settings.get("digits") == 6


def test_keys_work_in_the_window(window, opened, qtbot) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert opened.selection == set(opened.graph.nodes)
    qtbot.keyClick(window.canvas, Qt.Key.Key_PageDown)
    assert opened.step == 0
    qtbot.keyClick(window.canvas, Qt.Key.Key_PageDown)
    assert opened.step == 1
    qtbot.keyClick(window.canvas, Qt.Key.Key_PageUp)
    assert opened.step == 0
    qtbot.keyClick(window.canvas, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert opened.step == len(opened.trace.steps)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not opened.graph


def test_keys_turn_the_tabs_wherever_the_focus_is(window, opened, qtbot) -> None:
    other = window.session.new()
    window.activateWindow()
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    for focused in (window.canvas, window.formula_bar.field):
        focused.setFocus()
        assert window.document is other
        qtbot.keyClick(focused, Qt.Key.Key_Tab, control)
        assert window.document is opened
        qtbot.keyClick(focused, Qt.Key.Key_Backtab, control | shift)
        assert window.document is other


def test_a_key_fits_the_selection(window, opened, qtbot) -> None:
    opened.select(["x"])
    window.canvas.setFocus()
    before = window.canvas.camera.scale
    qtbot.keyClick(window.canvas, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert window.canvas.camera.scale > before
    left, top, right, bottom = window.canvas.view.body_of("x")
    middle = window.canvas.camera.to_screen(((left + right) / 2, (top + bottom) / 2))
    assert abs(middle[0] - window.canvas.width() / 2) < 100
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(window.canvas, Qt.Key.Key_0, both)
    assert window.canvas.camera.scale == 1.0


def test_delete_in_a_text_field_leaves_the_graph_alone(window, opened, qtbot) -> None:
    opened.select(["x"])
    window.activateWindow()
    window.formula_bar.field.setFocus()
    qtbot.keyClick(window.formula_bar.field, Qt.Key.Key_Delete)
    assert "x" in opened.graph.nodes


def test_tidy_is_one_command_and_says_when_nothing_is_to_do(window, opened) -> None:
    opened.do(edits.move(opened.graph, {"x": (900.0, 900.0)}))
    count = opened.undo_stack.count()
    run(window, "tidy")
    assert opened.undo_stack.count() == count + 1
    said: list[str] = []
    opened.said.connect(said.append)
    run(window, "tidy")
    assert opened.undo_stack.count() == count + 1
    assert said


def test_checking_gradients_says_so_and_shows_verdicts(window, opened) -> None:
    run(window, "check")
    assert window.session.check_of(opened).passed
    assert "4 wire gradients agree" in window.notice.text()
