"""Pages are made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.lab.turning import LEFT, PAGES, Wait, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_page_is_made_when_it_is_first_looked_at(
    panel: TrainingPanel, turn: Callable[[str], QWidget]
) -> None:
    assert [panel.tabs.tabText(n) for n in range(4)] == [
        *("Network", "Gradient flow", "Remedies", "Seeds")
    ]
    for key in PAGES[1:]:
        assert panel.pages[key].content is None
        assert turn(key) is not None


def test_the_network_page_shows_what_happened_while_another_was_open(
    panel: TrainingPanel, turn: Callable[[str], QWidget], settle: Wait
) -> None:
    turn("seeds")
    press(panel.row.buttons["step"])
    settle()
    bar = panel.tabs.tabBar()
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(0).center())
    settle()
    assert panel.page.curves.frame.updates == 1
