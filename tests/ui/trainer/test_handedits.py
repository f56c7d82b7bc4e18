"""Weights and biases changed by hand in the network view, and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from bpstudio.ui.document import Document
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.parts import Part
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Wait = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier
WEIGHT, BIAS = Part(1, 2, 0), Part(2, 1)


def type_number(panel: TrainingPanel, part: Part, text: str) -> None:
    network = panel.page.network
    network.open_field(part)
    network.field.setText(text)
    QTest.keyClick(network.field, Qt.Key.Key_Return)


@pytest.mark.parametrize("part", [WEIGHT, BIAS])
def test_ctrl_z_takes_a_number_back_and_says_so(
    panel: TrainingPanel, settle: Wait, part: Part
) -> None:
    network = panel.page.network
    before = network.value_of(part)
    type_number(panel, part, "1.25")
    settle()
    assert network.value_of(part) == 1.25
    QTest.keyClick(network, Qt.Key.Key_Z, CTRL)
    settle()
    assert network.value_of(part) == before
    assert panel.notice.words.text().startswith("Taken back: ")
    QTest.keyClick(network, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle()
    assert network.value_of(part) == 1.25
    assert panel.notice.words.text().endswith("1.25")


@pytest.mark.parametrize("act", ["toggle", "step", "rewind"])
def test_taken_back_is_told_only_until_training_moves(
    panel: TrainingPanel, settle: Wait, act: str
) -> None:
    type_number(panel, WEIGHT, "1.25")
    settle()
    panel.hand.undo()
    settle()
    assert not panel.notice.isHidden()
    getattr(panel, act)()
    assert panel.notice.isHidden()
    panel.pause()


def test_changes_are_taken_back_one_by_one_from_any_control(
    panel: TrainingPanel, settle: Wait
) -> None:
    network = panel.page.network
    before = network.value_of(WEIGHT)
    type_number(panel, WEIGHT, "2")
    type_number(panel, WEIGHT, "3")
    settle()
    panel.row.buttons["play"].setFocus()
    QTest.keyClick(panel.row.buttons["play"], Qt.Key.Key_Z, CTRL)
    settle()
    assert network.value_of(WEIGHT) == 2
    QTest.keyClick(panel.row.buttons["play"], Qt.Key.Key_Z, CTRL)
    settle()
    assert network.value_of(WEIGHT) == before
    assert not panel.hand.can_undo


def test_another_run_has_nothing_to_take_back(panel: TrainingPanel, settle: Wait) -> None:
    type_number(panel, WEIGHT, "2")
    panel.rewind()
    assert not panel.hand.can_undo
    type_number(panel, WEIGHT, "2")
    panel.choose_example("xor")
    settle()
    assert not panel.hand.can_undo


def test_the_menu_changes_and_takes_back(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    type_number(panel, WEIGHT, "2")
    settle()
    network.picked = WEIGHT
    network.customContextMenuRequested.emit(QPoint(5, 5))
    menu = network.findChild(QMenu)
    assert isinstance(menu, QMenu)
    change, undo, redo = (entry for entry in menu.actions() if not entry.isSeparator())
    assert undo.isEnabled()
    assert not redo.isEnabled()
    undo.trigger()
    settle()
    assert network.value_of(WEIGHT) != 2
    change.trigger()
    assert network.field.isVisible()
    menu.close()


def rest(qtbot: QtBot, panel: TrainingPanel) -> None:
    qtbot.waitUntil(lambda: panel.runner.settled)


def test_beside_a_graph_ctrl_z_is_the_panels_while_it_has_the_keys(
    window: Window, opened: Document, docked: TrainingPanel, qtbot: QtBot
) -> None:
    network = docked.page.network
    before = network.value_of(WEIGHT)
    history = opened.undo_stack.index()
    type_number(docked, WEIGHT, "2")
    rest(qtbot, docked)
    window.activateWindow()
    network.setFocus()
    QApplication.processEvents()
    QTest.keyClick(network, Qt.Key.Key_Z, CTRL)
    rest(qtbot, docked)
    assert network.value_of(WEIGHT) == before
    assert opened.undo_stack.index() == history


def test_a_linked_drawing_has_the_change_in_its_history(
    window: Window, docked: TrainingPanel, qtbot: QtBot
) -> None:
    document = window.training.links.open(2)
    assert document is not None
    network = docked.page.network
    before = network.value_of(WEIGHT)
    type_number(docked, WEIGHT, "2")
    rest(qtbot, docked)
    assert network.value_of(WEIGHT) == 2
    assert document.committed.nodes["w1_3_1"].params["value"] == 2
    assert document.undo_stack.count() == 1
    assert not docked.hand.done
    assert docked.hand.can_undo
    QTest.keyClick(network, Qt.Key.Key_Z, CTRL)
    rest(qtbot, docked)
    assert network.value_of(WEIGHT) == before
    assert document.committed.nodes["w1_3_1"].params["value"] == before
    document.undo_stack.redo()
    rest(qtbot, docked)
    assert network.value_of(WEIGHT) == 2
    window.training.links.unlink(document)
    type_number(docked, BIAS, "0.5")
    rest(qtbot, docked)
    assert document.undo_stack.count() == 1
    assert docked.hand.can_undo


def test_an_edit_of_the_drawing_itself_is_not_taken_back_from_the_panel(
    window: Window, docked: TrainingPanel, qtbot: QtBot
) -> None:
    from bpstudio.core import edits

    document = window.training.links.open(0)
    assert document is not None
    document.do(edits.set_value(document.committed, "w1_1_1", 0.5))
    assert not docked.hand.can_undo
