"""Choices that a turning wheel passes by: it scrolls the page they stand on.

Qt lets the wheel change whatever box the pointer happens to cross, and another activation or output
begins another run: what was trained would be gone by scrolling past it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget


class _PassesWheel(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            # Ignored and eaten: Qt offers it to the parent next.
            event.ignore()
            return True
        return False


def calm(page: QWidget) -> None:
    """Let the wheel pass by this choice, or by every one of a page that is complete by now."""
    watcher = _PassesWheel(page)
    for kind in (QComboBox, QAbstractSpinBox, QAbstractSlider):
        for box in (*([page] if isinstance(page, kind) else ()), *page.findChildren(kind)):
            if not isinstance(box, QScrollBar):
                box.installEventFilter(watcher)
                if box.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
