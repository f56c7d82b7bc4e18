"""A scroll area in which what takes the keyboard is always seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


class Scroller(QScrollArea):
    """Qt scrolls to a field only when Tab comes from another one inside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        body = self.widget()
        # Nothing may move away below a finger that presses it.
        pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and body is not None and body.isAncestorOf(now) and not pressed:
            self.ensureWidgetVisible(now)
