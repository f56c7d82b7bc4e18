"""Deep nets compared, as a person uses it: real events."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui import ask
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.lab.turning import Wait, check, finish, press, press_and_finish

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_one_click_fills_the_table(grid: QWidget, qtbot: QtBot) -> None:
    press(grid.bar.button)
    assert grid.bar.button.text() == "Cancel"
    finish(qtbot, grid)
    cells = grid.table.cells
    assert (cells.rowCount(), cells.columnCount()) == (9, 9)
    assert len(cells.cells) == 81
    assert grid.words.text().startswith("Sigmoid, 5 layers, N(0, 0.01²): first ")
    assert grid.plot.layers == 5
    grid.table.setFocus()
    QTest.keyClick(grid.table, Qt.Key.Key_End)
    assert "20 layers, He" in grid.words.text()
    assert grid.plot.layers == 20
    assert not grid.grab().isNull()


def test_what_is_chosen_is_what_is_compared(grid: QWidget, qtbot: QtBot) -> None:
    for key in (10, 20):
        check(grid.depths.boxes[key])
    check(grid.depths.boxes[2])
    # The last one stays: a table of nothing is none.
    for key in ("sigmoid", "tanh", "relu"):
        check(grid.activations.boxes[key])
    assert grid.activations.chosen == ("relu",)
    press_and_finish(qtbot, grid)
    cells = grid.table.cells.cells
    assert {cell.depth for cell in cells} == {2, 5}
    assert {cell.activation for cell in cells} == {"relu"}


def test_the_table_can_be_cancelled_and_keeps_what_it_has(grid: QWidget, qtbot: QtBot) -> None:
    grid.width_.setValue(300)
    grid.seeds.setValue(20)
    press(grid.bar.button)
    qtbot.waitUntil(lambda: len(grid.table.cells.cells) > 0)
    press_and_finish(qtbot, grid)
    assert 0 < len(grid.table.cells.cells) < 81
    assert grid.bar.state.text() == "Cancelled."
    assert grid.export.isEnabled()


def test_the_table_is_saved_and_copied(
    grid: QWidget, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_and_finish(qtbot, grid)
    path = tmp_path / "nets.csv"
    monkeypatch.setattr(ask, "file_to_export", lambda *_: path)
    grid._save.trigger()
    with path.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 81
    grid._copy.trigger()
    assert "verdict" in QGuiApplication.clipboard().text()
    grid.write(tmp_path / "no folder" / "nets.txt")
    assert "nets.txt" in grid.bar.state.text()


def test_a_cell_is_built_for_the_panels_data(
    panel: TrainingPanel, grid: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    press_and_finish(qtbot, grid)
    grid.table.setCurrentIndex(grid.table.cells.index(7, 2))
    press(grid.build)
    settle()
    network = panel.frame.spec.network
    assert network.sizes == (64, *[12] * 5, 10)
    assert (network.activation, network.batch_norm) == ("relu", True)
    assert panel.spec.initializer.kind == "he"
