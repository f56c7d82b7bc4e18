"""The gradient flow, as a person uses it: real events."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.nn.flowlog import QUANTITIES
from bpstudio.nn.trainer import Trainer
from bpstudio.ui.trainer.layerrows import hint
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.lab.turning import Wait, check, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_flow_at_the_start_is_that_of_the_first_step(
    panel: TrainingPanel, flow: QWidget, settle: Wait
) -> None:
    picture = flow.view.picture
    assert picture.updates == 0
    trainer = Trainer(replace(panel.spec, data=panel.problem.data))
    trainer.step()
    norms = [row.norm_weight_gradient for row in picture.now]
    np.testing.assert_allclose(norms, trainer.report().norms, rtol=1e-12)
    assert flow.view.sentence.text().startswith("The gradient vanishes: ")
    assert "ratio alone misleads" in flow.view.misleads.text()


def test_a_step_and_an_epoch_are_seen_with_the_history(
    panel: TrainingPanel, flow: QWidget, settle: Wait, qtbot: QtBot
) -> None:
    press(panel.row.buttons["step"])
    press(panel.row.buttons["epoch"])
    settle()
    updates = panel.frame.updates
    qtbot.waitUntil(lambda: flow.view.picture.updates == updates)
    assert list(flow.view.picture.steps) == [0, 1, updates]
    assert flow.view.map.field.values.shape == (9, 3)
    assert flow.view.rows.accessibleDescription().count("\n") == 8
    press(panel.row.buttons["rewind"])
    qtbot.waitUntil(lambda: flow.view.picture.updates == 0)
    assert list(flow.view.picture.steps) == [0]


def test_the_last_picture_of_a_run_that_played_is_its_last_state(
    panel: TrainingPanel, flow: QWidget, reach: Callable[[int], None], qtbot: QtBot
) -> None:
    press(panel.row.buttons["play"])
    reach(60)
    press(panel.row.buttons["play"])
    qtbot.waitUntil(lambda: panel.runner.settled)
    qtbot.waitUntil(lambda: flow.view.picture.updates == panel.frame.updates)


def test_the_history_goes_on_while_nobody_looks(
    panel: TrainingPanel, flow: QWidget, turn: Callable[[str], QWidget], settle: Wait
) -> None:
    turn("network")
    assert not panel.pages["flow"].log.wanted
    press(panel.row.buttons["epoch"])
    settle()
    assert panel.frame.seen["flow"] is None
    turn("flow")
    settle()
    assert list(flow.view.picture.steps) == [0, panel.frame.updates]


def test_every_quantity_can_be_seen_over_time(flow: QWidget) -> None:
    box = flow.view.quantity
    box.setFocus()
    kinds = []
    for key in QUANTITIES:
        assert box.currentData() == key
        kinds.append(flow.view.map.field.kind)
        assert not flow.view.map.grab().isNull()
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert kinds == ["size", "size", "size", "ratio", "share"]


def test_keys_and_pointer_read_layers(flow: QWidget) -> None:
    view = flow.view
    view.rows.setFocus()
    QTest.keyClick(view.rows, Qt.Key.Key_Down)
    QTest.keyClick(view.rows, Qt.Key.Key_Down)
    assert view.reading.text().startswith("Layer 2: spread ")
    view.map.setFocus()
    QTest.keyClick(view.map, Qt.Key.Key_Left)
    QTest.keyClick(view.map, Qt.Key.Key_Down)
    assert view.map.reading == (1, 0)
    assert view.map._title().startswith("Layer 2, update 0: ")
    view.sizes.setFocus()
    QTest.keyClick(view.sizes, Qt.Key.Key_Right)
    assert view.sizes.reading == 0
    room = view.map.room
    QTest.mouseMove(view.map, QPointF(room.left() + 2, room.bottom() - 2).toPoint())
    assert view.map.reading == (8, 0)


def test_without_the_start_beside_it_nothing_faint_is_drawn(
    panel: TrainingPanel, flow: QWidget, settle: Wait
) -> None:
    press(panel.row.buttons["epoch"])
    settle()
    assert any(line.faint for line in flow.view.sizes.lines)
    check(flow.view.beside)
    assert not any(line.faint for line in flow.view.sizes.lines)


def test_another_network_is_looked_at_at_once(
    panel: TrainingPanel, flow: QWidget, settle: Wait, qtbot: QtBot
) -> None:
    panel.deepen(-1)
    settle()
    qtbot.waitUntil(lambda: flow.view.picture is not None and len(flow.view.picture.now) == 8)


def test_updates_far_from_a_thousandth_are_marked() -> None:
    assert [hint(v).strip() for v in (1e-3, 2e-2, 3e-5, math.nan, 0.0)] == ["", "↑", "↓", "", ""]
