"""The panel as a person uses it, with real events and a real thread: weights, units and layers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from bpstudio.ui.trainer.editors import SizesEditor
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.parts import BIAS, Part
from tests.ui.trainer.panel.acts import LEFT, Wait, at

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_weight_is_typed_over_its_line(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    part = Part(1, 2, 0)
    curve = network.strips[0].wires.curve(2, 0)
    QTest.mouseMove(network, at(*curve[6].tolist()))
    QTest.mouseClick(network, LEFT, pos=at(*curve[6].tolist()))
    assert network.field.isVisible()
    assert network.picked is not None
    network.open_field(part)
    network.field.selectAll()
    QTest.keyClicks(network.field, "1.25")
    QTest.keyClick(network.field, Qt.Key.Key_Return)
    settle()
    assert panel.frame.weights[0].W[2, 0] == 1.25
    assert "1.25" in network.words_of(part)
    assert not network.field.isVisible()


def test_a_weight_that_is_no_number_stays_in_the_field(panel: TrainingPanel) -> None:
    network = panel.page.network
    before = network.value_of(Part(1, 0, 0))
    network.open_field(Part(1, 0, 0))
    network.field.setText("one")
    QTest.keyClick(network.field, Qt.Key.Key_Return)
    assert network.field.isVisible()
    assert network.field.property("wrong")
    assert QToolTip.text() == "This is no number."
    QTest.keyClick(network.field, Qt.Key.Key_Escape)
    assert not network.field.isVisible()
    assert network.value_of(Part(1, 0, 0)) == before


def test_keys_reach_every_unit_and_weight(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    network.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(network, key)
    assert network.picked is not None
    assert (network.picked.layer, network.picked.source) == (2, BIAS)
    assert network.accessibleDescription().startswith("bias of unit")
    QTest.keyClick(network, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert network.picked.source == 0
    unit = network.picked.unit
    QTest.keyClick(network, Qt.Key.Key_Return)
    network.field.selectAll()
    QTest.keyClicks(network.field, "-3")
    QTest.keyClick(network.field, Qt.Key.Key_Return)
    settle()
    assert panel.frame.weights[1].W[unit, 0] == -3.0


def test_layers_and_units_are_added_and_taken(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    QTest.mouseClick(network._depth.more, LEFT)
    settle()
    assert panel.frame.spec.network.sizes == (2, 4, 2, 2, 1)
    QTest.mouseClick(network._widths[0].more, LEFT)
    settle()
    assert panel.frame.spec.network.sizes == (2, 5, 2, 2, 1)
    for _ in range(4):
        QTest.mouseClick(network._depth.fewer, LEFT)
    settle()
    assert panel.frame.spec.network.sizes == (2, 1)


def test_hidden_layers_are_typed_in_the_settings(panel: TrainingPanel, settle: Wait) -> None:
    QTest.mouseClick(panel.row.settings, LEFT)
    assert panel.form.isVisible()
    editor = panel.form.editors["hidden"]
    assert isinstance(editor, SizesEditor)
    editor.line.setText("3, 5")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    settle()
    assert panel.frame.spec.network.sizes == (2, 3, 5, 1)
    editor.line.setText("3, many")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.line.property("wrong")
    assert QToolTip.text() == "Units of each hidden layer, such as 8, 8, 8"
    assert panel.spec.network.sizes == (2, 3, 5, 1)


def test_a_rate_that_is_no_number_is_marked_and_said(panel: TrainingPanel, settle: Wait) -> None:
    editor = panel.form.editors["learning_rate"]
    before = panel.spec.learning_rate
    editor.line.setText("fast")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.box.property("wrong")
    assert QToolTip.text() == "This is no number."
    assert panel.spec.learning_rate == before
    editor.line.setText("0.1")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert not editor.box.property("wrong")


def test_a_width_beyond_all_bounds_is_refused(panel: TrainingPanel, settle: Wait) -> None:
    editor = panel.form.editors["hidden"]
    assert isinstance(editor, SizesEditor)
    for typed in ("20000", "0, 2"):
        editor.line.setText(typed)
        editor.line.editingFinished.emit()
        assert not panel.notice.isHidden()
        assert panel.spec.network.sizes == (2, 4, 2, 1)
        assert editor.line.text() == "4, 2", "the field says what the network has"
