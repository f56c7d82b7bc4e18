"""Seeds and rates side by side, as a person uses them: real events."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.nn.spec import Choice
from bpstudio.nn.trainer import Trainer
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.seedsview import rates
from tests.ui.trainer.lab.turning import LEFT, Wait, press, press_and_finish

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_seeds_run_side_by_side_with_median_and_band(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot
) -> None:
    press_and_finish(qtbot, seeds)
    assert seeds.shown.losses.shape == (5, 6)
    np.testing.assert_array_equal(seeds.shown.median, np.median(seeds.shown.losses, axis=1))
    assert (seeds.shown.low <= seeds.shown.high).all()
    assert seeds.values == tuple(range(panel.spec.seed, panel.spec.seed + 6))
    first = [seeds.table.item(0, column).text() for column in range(3)]
    assert first[2] == "★ best"
    assert int(first[0]) == seeds.values[int(seeds.shown.losses[-1].argmin())]
    trainer = Trainer(replace(panel.spec, data=panel.problem.data, seed=seeds.values[2]))
    trainer.run(epochs=4)
    assert seeds.shown.losses[-1, 2] == pytest.approx(trainer.loss(), rel=1e-9)


def test_a_click_takes_a_seed_and_keys_read_its_curve(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    press_and_finish(qtbot, seeds)
    table = seeds.table
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert "chosen" in [line.name for line in seeds.plot.lines]
    QTest.keyClick(table, Qt.Key.Key_Return)
    settle()
    wanted = int(table.item(1, 0).text())
    assert panel.frame.spec.seed == wanted
    QTest.mouseClick(table.viewport(), LEFT, pos=table.visualItemRect(table.item(3, 0)).center())
    settle()
    assert panel.spec.seed == int(table.item(3, 0).text()) != wanted


def test_learning_rates_side_by_side_name_those_that_ran_away(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    panel.choose_example("plane")
    panel.change(replace(panel.spec, optimizer=Choice("sgd")))
    settle()
    seeds.which.setCurrentIndex(1)
    assert seeds.lowest.isVisible()
    seeds.highest.setCurrentIndex(seeds.highest.count() - 1)
    seeds.epochs.setValue(40)
    press_and_finish(qtbot, seeds)
    assert seeds.values[0] == 0.001
    assert seeds.values[-1] == 10.0
    notes = [seeds.table.item(row, 2).text() for row in range(6)]
    assert notes[0] == "★ best"
    assert notes[-1] == "ran away"
    assert seeds.table.columnCount() == 3
    assert seeds.table.horizontalScrollBar().maximum() == 0
    assert seeds.table.columnWidth(2) >= seeds.table.sizeHintForColumn(2)
    press(panel.row.buttons["step"])
    settle()
    seeds.table.setCurrentCell(0, 0)
    QTest.keyClick(seeds.table, Qt.Key.Key_Return)
    settle()
    assert panel.frame.spec.learning_rate == seeds.values[int(np.nanargmin(seeds.shown.losses[-1]))]
    assert panel.frame.updates == 0


def test_runs_of_an_earlier_network_are_said_to_be_so(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    press_and_finish(qtbot, seeds)
    panel.deepen(1)
    settle()
    assert seeds.note.text().startswith("These runs are of an earlier network.")


def test_so_many_large_nets_are_refused(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.ui.trainer.seedsview.MOST_PARAMETERS", 100)
    press_and_finish(qtbot, seeds)
    assert seeds.bar.state.text().startswith("So many nets of this size do not fit")
    assert seeds.shown is None


def test_rates_are_evenly_apart_on_a_log_axis() -> None:
    assert rates(0.001, 1.0, 4) == (0.001, 0.01, 0.1, 1.0)
