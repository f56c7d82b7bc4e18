"""The panel as a person uses it, with real events and a real thread: play, step, rewind, refuse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from bpstudio.ui.trainer.editors import NumberEditor
from bpstudio.ui.trainer.examples import EXAMPLES
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.panel.acts import LEFT, Reach, Wait, click

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def type_rate(panel: TrainingPanel, text: str) -> QLineEdit:
    """Types a learning rate in place of the one that stands there, and Enter; the line."""
    editor = panel.row.quick["learning_rate"].editor
    assert isinstance(editor, NumberEditor)
    line = editor.box.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    return line


def test_it_begins_paused_at_the_start_and_shows_the_loss(panel: TrainingPanel) -> None:
    assert panel.frame.updates == 0
    assert not panel.playing
    assert "Training loss" in panel.page.curves.figures["loss"].text()
    assert panel.foot.state.text().startswith("Epoch 0")


def test_play_trains_and_pause_stops(panel: TrainingPanel, reach: Reach, settle: Wait) -> None:
    click(panel, "play")
    reach(100)
    assert panel.row.buttons["play"].accessibleName() == "Pause"
    click(panel, "play")
    settle()
    updates = panel.frame.updates
    QTest.qWait(80)
    assert panel.frame.updates == updates
    assert not panel.row.playing


def test_one_update_and_the_rest_of_the_epoch(panel: TrainingPanel, settle: Wait) -> None:
    click(panel, "step")
    settle()
    assert panel.frame.updates == 1
    click(panel, "epoch")
    settle()
    assert panel.frame.epoch == 1.0


def test_rewind_to_the_same_start_gives_the_same_losses(panel: TrainingPanel, settle: Wait) -> None:
    def run() -> list[float]:
        losses = []
        for _ in range(3):
            click(panel, "epoch")
            settle()
            losses.append(panel.frame.loss)
        return losses

    first = run()
    click(panel, "rewind")
    settle()
    assert panel.frame.updates == 0
    assert run() == first


def test_what_was_reached_stays_as_a_faint_curve_with_its_name(
    panel: TrainingPanel, settle: Wait
) -> None:
    click(panel, "epoch")
    settle()
    click(panel, "rewind")
    settle()
    assert [run.name for run in panel.page.curves.runs] == ["Circle 2-4-2-1 tanh 0.03"]
    assert not panel.page.curves.clear.isHidden()
    QTest.mouseClick(panel.page.curves.clear, LEFT)
    assert panel.page.curves.runs == []


def test_the_learning_rate_changes_while_it_trains(
    panel: TrainingPanel, reach: Reach, qtbot: QtBot
) -> None:
    click(panel, "play")
    reach(20)
    type_rate(panel, "0.1")
    qtbot.waitUntil(lambda: panel.frame.spec.learning_rate == 0.1)
    assert panel.frame.updates >= 20
    assert panel.playing


def test_a_number_that_is_none_is_marked_and_not_taken(panel: TrainingPanel) -> None:
    line = type_rate(panel, "fast")
    assert line.parentWidget().property("wrong")
    assert panel.spec.learning_rate == 0.03


def test_a_refused_value_is_told_in_one_sentence(panel: TrainingPanel) -> None:
    line = type_rate(panel, "-1")
    assert panel.spec.learning_rate == 0.03
    assert panel.notice.words.text() == "Learning rate: −1 is too small; choose 0 or more"
    assert panel.notice.rewind.isHidden()
    assert line.text() == "0.03"


def test_batch_norm_with_a_single_sample_left_over_is_refused_and_the_run_goes_on(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.change(replace(panel.spec, batch=83))
    settle()
    panel.form.editors["batch_norm"].entry.click()
    assert panel.notice.words.text().startswith("Batch norm: the last batch of 250 samples")
    assert not panel.spec.network.batch_norm
    click(panel, "step")
    settle()
    assert panel.frame.updates == 1


def test_a_refusal_that_names_the_setting_does_not_name_it_twice(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.change(replace(panel.spec, batch=1))
    settle()
    panel.form.editors["batch_norm"].entry.click()
    assert panel.notice.words.text() == (
        "Batch norm needs two samples or more in a batch, for one has no variance; choose a "
        "larger batch"
    )


def test_a_learning_rate_of_a_million_pauses_at_the_nan_and_offers_rewind(
    panel: TrainingPanel, qtbot: QtBot, settle: Wait
) -> None:
    panel.choose_example("plane")
    settle()
    panel.change(replace(panel.spec, learning_rate=1e6, optimizer=EXAMPLES[0].spec().optimizer))
    click(panel, "play")
    qtbot.waitUntil(lambda: bool(panel.frame.fault))
    settle()
    assert not panel.playing
    assert panel.notice.words.text() == panel.frame.fault
    assert not panel.notice.rewind.isHidden()
    curves = panel.page.curves
    assert curves.loss.stop.updates == panel.frame.updates
    assert f"update {panel.frame.updates:,}" in curves.loss.accessibleDescription()
    QTest.mouseClick(panel.notice.rewind, LEFT)
    settle()
    assert panel.frame.updates == 0
    assert panel.notice.isHidden()
    assert curves.loss.stop is None
