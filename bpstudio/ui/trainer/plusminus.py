"""Two small buttons with a number between them: fewer, more."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget


class PlusMinus(QWidget):
    """`changed` carries -1 or +1; who owns the number shows it."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel()
        self._words.setObjectName("quiet")
        self._number = QLabel()
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._number.setMinimumWidth(18)
        self.fewer, self.more = QToolButton(), QToolButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self._words)
        for part, text, by in ((self.fewer, "−", -1), (self.more, "+", 1)):
            part.setText(text)
            part.setAutoRaise(True)
            part.setFixedSize(22, 22)
            part.setAutoRepeat(True)
            part.clicked.connect(lambda _=False, by=by: self.changed.emit(by))
        for piece in (self.fewer, self._number, self.more):
            row.addWidget(piece)

    @property
    def buttons(self) -> tuple[QToolButton, QToolButton]:
        return self.fewer, self.more

    def say(self, words: str, fewer: str, more: str) -> None:
        """The words before the number and what the buttons do."""
        self._words.setText(f"{words} " if words else "")
        self._words.setVisible(bool(words))
        for button, name in ((self.fewer, fewer), (self.more, more)):
            button.setAccessibleName(name)
            button.setToolTip(name)

    def show_number(self, number: int) -> None:
        """Show this number."""
        self._number.setText(str(number))
        self._number.setAccessibleName(f"{self._words.text()}{number}")
