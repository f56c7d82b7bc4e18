"""What a hand does on the pages of the training panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

Wait = Callable[[], None]
LEFT = Qt.MouseButton.LeftButton
PAGES = ("network", "flow", "remedies", "seeds")


def press(button: QWidget) -> None:
    QTest.mouseClick(button, LEFT)


def check(box: QWidget) -> None:
    QTest.mouseClick(box, LEFT, pos=QPoint(12, box.height() // 2))


def finish(qtbot: QtBot, content: QWidget) -> None:
    qtbot.waitUntil(lambda: not content.bar.job.running)


def press_and_finish(qtbot: QtBot, content: QWidget) -> None:
    """A press on a page's button (to start, or to cancel), until nothing is at work any more."""
    press(content.bar.button)
    finish(qtbot, content)


def turned_deep(turn: Callable[[str], QWidget], key: str) -> QWidget:
    """A page with all that it has unfolded: the table below the gradient flow, too."""
    content = turn(key)
    if key == "flow":
        press(content.deep)
    return content
