"""Two small buttons with a number between them: fewer, more."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QLabel, QToolButton, QWidget

from bpstudio.ui import theme as themes

SIDE = 22
"""Of a button in a row, px."""
LOW, LEAST = 16, 15
"""A button's height where they are stacked, and its least width, px."""


class PlusMinus(QWidget):
    """`changed` carries -1 or +1; who owns the number shows it."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel()
        self._words.setObjectName("quiet")
        self._number = QLabel()
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.fewer, self.more = QToolButton(), QToolButton()
        row = self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self._words)
        for part, text, by in ((self.fewer, "−", -1), (self.more, "+", 1)):
            part.setText(text)
            part.setAutoRaise(True)
            # The theme's padding would cut the sign of a low button.
            part.setStyleSheet("padding: 0px;")
            part.setAutoRepeat(True)
            part.clicked.connect(lambda _=False, by=by: self.changed.emit(by))
        for piece in (self.fewer, self._number, self.more):
            row.addWidget(piece)
        self.fit(math.inf)

    @property
    def buttons(self) -> tuple[QToolButton, QToolButton]:
        return self.fewer, self.more

    def fit(self, room: float) -> None:
        """In a row where there is room for it, else one above the other, more on top; hidden where
        not even that fits."""
        self._row.setDirection(QBoxLayout.Direction.LeftToRight)
        n = themes.px
        self._number.setMinimumWidth(n(18))
        for button in self.buttons:
            button.setFixedSize(n(SIDE), n(SIDE))
        self._row.setSpacing(1)
        stacked = self.sizeHint().width() + n(6) > room
        if stacked:
            self._row.setDirection(QBoxLayout.Direction.BottomToTop)
            self._row.setSpacing(0)
            self._number.setMinimumWidth(0)
            for button in self.buttons:
                button.setFixedSize(min(n(SIDE), max(n(LEAST), int(room) - 1)), n(LOW))
        digits = self._number.fontMetrics().horizontalAdvance(self._number.text())
        self.setVisible(not stacked or room >= max(n(LEAST), digits + 1))
        self.adjustSize()
        if stacked:
            self.resize(max(digits, self.more.width()), self.height())

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
