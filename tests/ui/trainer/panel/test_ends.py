"""The panel as a person uses it: limits, slices, closing, languages, names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio import language
from bpstudio.nn.data import Data
from bpstudio.ui import app as apps
from bpstudio.ui.trainer.foot import duration
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.panel.acts import LEFT, Reach, Wait, click

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_it_stops_after_the_epochs_asked_for(
    panel: TrainingPanel, qtbot: QtBot, settle: Wait
) -> None:
    panel.foot.limit.setValue(4)
    panel.set_pace(0)
    click(panel, "play")
    qtbot.waitUntil(lambda: panel.frame.finished)
    settle()
    assert panel.frame.epoch == 4.0
    assert panel.foot.progress.value() == 1000


def test_closing_while_it_trains_leaves_no_thread(panel: TrainingPanel, reach: Reach) -> None:
    panel.set_pace(0)
    click(panel, "play")
    reach(50)
    worker = panel.runner._worker
    assert worker is not None
    panel.shut()
    assert worker.isFinished()
    assert not panel.runner._timer.isActive()


def test_it_trains_on_in_slices_where_frames_come_late(
    panel: TrainingPanel, reach: Reach, settle: Wait
) -> None:
    panel.set_pace(0)
    click(panel, "play")
    reach(10)
    panel.runner.slices = True
    reach(panel.frame.updates + 200)
    assert panel.runner._worker is not None
    assert panel.runner._worker.parked
    click(panel, "play")
    settle()
    assert not panel.playing


def test_the_same_run_in_slices_has_the_same_losses(panel: TrainingPanel, settle: Wait) -> None:
    panel.foot.limit.setValue(3)
    panel.set_pace(0)
    losses = []
    for slices in (False, True):
        panel.runner.play(True)
        panel.runner.slices = slices
        settle()
        losses.append(panel.frame.loss)
        panel.foot.limit.setValue(0)
        click(panel, "rewind")
        panel.foot.limit.setValue(3)
        settle()
    assert losses[0] == losses[1]


def test_everything_speaks_chinese(panel: TrainingPanel) -> None:
    apps.use_language("zh_CN")
    apps.QCoreApplication.sendEvent(panel, apps.QEvent(apps.QEvent.Type.LanguageChange))
    assert panel.windowTitle() == "训练"
    assert panel.row.buttons["play"].accessibleName() == "播放"
    assert panel.page.discrete.text() == "离散化输出"
    apps.use_language("en")
    assert language.current() == "en"


def test_everything_that_takes_the_keyboard_has_a_name(panel: TrainingPanel) -> None:
    QTest.mouseClick(panel.row.settings, LEFT)
    nameless = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and widget.objectName() not in ("qt_spinbox_lineedit", "qt_scrollarea_viewport")
        and type(widget).__name__ not in ("QLineEdit", "QScrollBar", "QTabBar", "QTabWidget")
    ]
    assert nameless == []


def test_times_are_told_in_the_unit_that_suits_them() -> None:
    assert [duration(s) for s in (0.2, 50, 600, 9000)] == ["1 s", "50 s", "10 min", "2.5 h"]


def test_a_long_first_epoch_tells_how_far_it_is(panel: TrainingPanel, settle: Wait) -> None:
    points = np.linspace(-1, 1, 60_000).reshape(-1, 2)
    data = Data(points, np.where(points[:, :1] > 0, 1.0, -1.0), features=("x1", "x2"))
    panel.change(replace(panel.spec, data=data))
    settle()
    frame = replace(panel.frame, epoch=1 / 3, updates=1000, playing=True, per_second=500.0)
    panel.foot.show_frame(frame)
    assert panel.foot.state.text().startswith("Epoch 0.33")
