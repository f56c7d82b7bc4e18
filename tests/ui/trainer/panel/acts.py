"""What a hand does on the training panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from bpstudio.ui.trainer.panel import TrainingPanel

Wait = Callable[[], None]
Reach = Callable[[int], None]
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def click(panel: TrainingPanel, key: str) -> None:
    QTest.mouseClick(panel.row.buttons[key], LEFT)


def at(x: float, y: float) -> QPoint:
    return QPointF(x, y).toPoint()
