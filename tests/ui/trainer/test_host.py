"""The panel's place in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.ui.document import Document
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_panel_is_docked_beside_the_graph_and_put_away_by_its_key(
    window: Window, opened: Document, qtbot: QtBot
) -> None:
    assert window._training is None
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert window.training.shown
    assert window.across.indexOf(window.training.panel) == window.across.count() - 1
    assert window.settings.get("training")
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert not window.training.shown
    assert not window.settings.get("training")


def test_play_and_step_have_keys(window: Window, qtbot: QtBot) -> None:
    panel = window.training.show()
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F7, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.frame is not None and panel.frame.updates == 1)
    QTest.keyClick(window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: panel.frame.updates > 5)
    assert panel.playing


def test_a_button_moves_it_into_a_window_of_its_own_and_back(window: Window, qtbot: QtBot) -> None:
    panel = window.training.show()
    QTest.mouseClick(panel.row.detach, Qt.MouseButton.LeftButton)
    assert panel.isWindow()
    assert panel.isVisible()
    assert window.settings.get("training_place") == "window"
    QTest.mouseClick(panel.row.detach, Qt.MouseButton.LeftButton)
    assert not panel.isWindow()
    assert window.across.indexOf(panel) >= 0
    assert panel.isVisible()


def test_ctrl_s_saves_from_its_own_window_too(
    window: Window, opened: Document, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(window.filing, "save", lambda *_, **__: asked.append(1))
    panel = window.training.show()
    window.training.move()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    QTest.keyClick(panel, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert asked == [1]


def test_closing_its_own_window_puts_it_away_and_stops_it(window: Window, qtbot: QtBot) -> None:
    panel = window.training.show()
    window.training.move()
    panel.toggle()
    qtbot.waitUntil(lambda: panel.frame is not None and panel.frame.updates > 0)
    panel.close()
    assert not window.training.shown
    assert panel.runner._worker is None
    assert not window.settings.get("training")


def test_closing_the_program_while_it_trains_stops_the_thread(window: Window, qtbot: QtBot) -> None:
    panel = window.training.show()
    panel.toggle()
    qtbot.waitUntil(lambda: panel.frame is not None and panel.frame.updates > 0)
    worker = panel.runner._worker
    assert worker is not None
    window.close()
    assert worker.isFinished()
    assert window.training.panel is None


def test_it_is_there_again_at_the_next_start(window: Window, qtbot: QtBot) -> None:
    window.training.show()
    again = Window(window.settings)
    qtbot.addWidget(again)
    again.resize(1280, 800)
    again.show()
    again.begin([])
    qtbot.waitUntil(lambda: again.training.shown)


def test_nothing_of_it_is_loaded_before_it_is_shown() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import bpstudio.ui.window; "
        "print([m for m in sys.modules if m.startswith(('bpstudio.nn', 'bpstudio.ui.trainer'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("size", "floats"), [((1280, 800), False), ((1280, 690), True), ((1100, 900), True)]
)
def test_in_a_small_window_it_begins_in_one_of_its_own(
    window: Window, size: tuple[int, int], floats: bool
) -> None:
    window.resize(*size)
    assert window.training.show().isWindow() == floats


def test_a_window_of_its_own_lies_whole_on_the_screen(window: Window) -> None:
    window.settings.set("training_place", "window")
    panel = window.training.show()
    assert window.screen().availableGeometry().contains(QRect(panel.pos(), panel.size()))


def test_its_key_brings_a_window_of_its_own_from_behind_the_graph(
    window: Window, opened: Document, qtbot: QtBot
) -> None:
    panel = window.training.show()
    window.training.move()
    qtbot.waitUntil(panel.isActiveWindow)
    window.raise_()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F7)
    qtbot.waitUntil(panel.isActiveWindow)
    assert window.training.shown
    QTest.keyClick(panel, Qt.Key.Key_F7)
    assert not window.training.shown


def test_in_large_mode_a_small_window_keeps_its_room_though_the_panel_was_docked_elsewhere(
    window, opened
) -> None:
    window.settings.set("training_place", "docked")
    window.settings.set("size", 2.0)
    window.resize(1280, 700)
    assert window.training.show().isWindow()
    window.training.move()
    assert not window.training.panel.isWindow()
    assert window.settings.get("training_place_crowded") == "docked"
    assert window.settings.get("training_place") == "docked"


def test_a_panel_that_the_size_has_made_tight_can_still_be_taken_out(window, opened) -> None:
    window.settings.set("training_place", "docked")
    window.resize(1280, 700)
    panel = window.training.show()
    assert not panel.isWindow()
    window.settings.set("size", 2.0)
    window.training.move()
    assert panel.isWindow()


def test_a_panel_lower_than_its_bars_scrolls_and_presses_none_of_them_flat(
    window, opened, qtbot
) -> None:
    window.settings.set("training_place_crowded", "docked")
    window.settings.set("size", 2.0)
    window.resize(1280, 700)
    panel = window.training.show()
    row = panel.row
    qtbot.waitUntil(lambda: row.height() >= row.heightForWidth(row.width()))
    assert panel.body.height() > panel.height()
