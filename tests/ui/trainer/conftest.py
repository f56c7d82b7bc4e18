"""A training panel of its own, stopped after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.settings import Settings
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.window import Window


@pytest.fixture
def panel(qtbot: QtBot, settings: Settings) -> Iterator[TrainingPanel]:
    """The panel in a window, with the first example, paused at its start."""
    panel = TrainingPanel(settings)
    panel.resize(1000, 760)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.frame is not None and panel.runner.settled)
    yield panel
    panel.shut()


@pytest.fixture
def docked(window: Window, qtbot: QtBot) -> TrainingPanel:
    """The window's own panel, paused at the start of the first example."""
    panel = window.training.show()
    qtbot.waitUntil(lambda: panel.frame is not None and panel.runner.settled)
    return panel


@pytest.fixture
def settle(qtbot: QtBot, panel: TrainingPanel) -> Callable[[], None]:
    """Wait until everything asked for is done and shown."""
    return lambda: qtbot.waitUntil(lambda: panel.runner.settled)


@pytest.fixture
def reach(qtbot: QtBot, panel: TrainingPanel) -> Callable[[int], None]:
    """Wait until so many updates of the run that was begun last are shown."""

    def wait(updates: int) -> None:
        def shown() -> bool:
            frame = panel.frame
            # While a large set is drawn, frames of the run before still come.
            fresh = frame is not None and frame.data is panel.problem_data
            return fresh and frame.updates >= updates

        qtbot.waitUntil(shown)

    return wait
