"""The pages of a training panel, turned to as a person does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.nn.spec import Choice, NetworkSpec
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.lab.turning import LEFT, PAGES, press


@pytest.fixture
def turn(qtbot: QtBot, panel: TrainingPanel) -> Callable[[str], QWidget]:
    """Turn to a page with a click on its tab; its content."""

    def to(key: str) -> QWidget:
        bar = panel.tabs.tabBar()
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(PAGES.index(key)).center())
        page = panel.pages[key]
        qtbot.waitUntil(lambda: page.isVisible() and panel.runner.settled)
        return getattr(page, "content", page)

    return to


@pytest.fixture
def flow(qtbot: QtBot, panel: TrainingPanel, turn: Callable[[str], QWidget]) -> QWidget:
    """The gradient-flow page of a deep sigmoid net on digits."""
    panel.choose_example("digits")
    network = NetworkSpec((64, *[16] * 8, 10), "sigmoid", "softmax")
    panel.change(replace(panel.spec, network=network, initializer=Choice("xavier")))
    qtbot.waitUntil(lambda: panel.runner.settled)
    content = turn("flow")
    qtbot.waitUntil(lambda: content.view.picture is not None)
    return content


@pytest.fixture
def grid(flow: QWidget) -> QWidget:
    """The table's page, with small nets chosen."""
    press(flow.deep)
    flow.grid.width_.setValue(12)
    flow.grid.seeds.setValue(2)
    return flow.grid


@pytest.fixture
def seeds(turn: Callable[[str], QWidget]) -> QWidget:
    view = turn("seeds")
    view.count.setValue(6)
    view.epochs.setValue(4)
    return view
