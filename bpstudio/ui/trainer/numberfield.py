"""A field over a weight's line to type another number in."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from bpstudio.core import numbers
from bpstudio.language import tr

EDGE, AROUND, LEAST = 4, 28, 90
"""Px to the network's edge, px beside the digits, and the least width."""


class NumberField(QLineEdit):
    """Hidden until it is opened; Enter gives the number, Esc and a click elsewhere leave."""

    given = Signal(float)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()

    def open(self, value: float, at: QPointF, words: str) -> None:
        """Ask for a number in place of this one; `words` say what it is."""
        parent = self.parentWidget()
        assert parent is not None
        self.setText(numbers.exact(value))
        self._mark(False)
        self.setToolTip(words)
        # All digits and the sign are seen, or one does not know what is being changed.
        wide = max(LEAST, self.fontMetrics().horizontalAdvance(self.text()) + AROUND)
        self.resize(min(wide, parent.width() - 2 * EDGE), self.sizeHint().height())
        left = min(max(EDGE, at.x() - self.width() / 2), parent.width() - self.width() - EDGE)
        top = min(max(EDGE, at.y() - self.height() / 2), parent.height() - self.height() - EDGE)
        self.move(round(left), round(top))
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Close without a number."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Both keys end here: passed on to the network, Enter would open the field again.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
            if (parent := self.parentWidget()) is not None:
                parent.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.leave()

    def _commit(self) -> None:
        try:
            value = numbers.read(self.text())
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._mark(True)
            return
        # Given first: hiding tells that the field was left.
        self.given.emit(value)
        self.hide()

    def _mark(self, wrong: bool) -> None:
        self.setProperty("wrong", wrong)
        self.style().unpolish(self)
        self.style().polish(self)
        words = tr("This is no number.") if wrong else ""
        self.setAccessibleDescription(words)
        # Red alone would not say why Enter does nothing; an empty text takes the words away.
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), words, self)
