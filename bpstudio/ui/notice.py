"""The quiet line at the foot of the canvas: what just happened, or why it did not.

It goes away by itself, never takes a click or the focus, makes way for words at the pointer, and
is announced to screen readers.
"""

from __future__ import annotations

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from bpstudio.ui import theme

SHOWN_MS = 6000
_MARGIN = 12
_APART = 6
"""From the line to words at the pointer that it makes way for, px."""
_MOVES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide})


class Notice(QLabel):
    """A label that floats over the lower left corner of its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words: QWidget | None = None
        self._foot = QRect()
        """Where the line stands unless it makes way."""
        self._away = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._away.timeout.connect(self.hide)
        theme.appearance().changed.connect(self._dressed)
        parent.installEventFilter(self)
        self.hide()

    def keep_clear_of(self, words: QWidget | None) -> None:
        """Stand above this widget, which moves about, where it would be covered."""
        self._words = words
        if words is not None:
            words.installEventFilter(self)

    def say(self, sentence: str) -> None:
        """Show the sentence for a while and read it aloud; "" hides the line."""
        # A label's text is its name for a screen reader: set apart, it would be read twice.
        self.setText(sentence)
        if not sentence:
            self.hide()
            return
        self._place()
        self.setVisible(not self._told_here())
        self.raise_()
        self._away.start()
        # Taken from QtGui here: its enums would be made before the window is painted.
        if QtGui.QAccessible.isActive():
            said = QtGui.QAccessibleAnnouncementEvent(self, sentence)
            QtGui.QAccessible.updateAccessibility(said)

    def _told_here(self) -> bool:
        """Whether the same words stand already where the line would cover them."""
        parent = self.parentWidget()
        assert parent is not None
        for other in parent.findChildren(QLabel):
            if other is not self and other.isVisible() and other.text() == self.text():
                corner = other.mapTo(parent, other.rect().topLeft())
                if self._foot.intersects(other.rect().translated(corner)):
                    return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        watched_now = watched in (self.parentWidget(), self._words)
        if watched_now and event.type() in _MOVES and self.isVisible():
            self._place()
        return False

    def _dressed(self, _: object) -> None:
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        room = max(80, parent.width() - 2 * _MARGIN)
        words = self.fontMetrics().horizontalAdvance(self.text()) + theme.px(24)
        self.setWordWrap(words > room)
        self.setMaximumWidth(room)
        self.adjustSize()
        if self.wordWrap():
            self.resize(room, self.heightForWidth(room))
        top = parent.height() - self.height() - _MARGIN
        self._foot = QRect(_MARGIN, top, self.width(), self.height())
        here = QRect(self._foot)
        told = self._words
        if told is not None and told.isVisible():
            corner = told.mapTo(parent, QPoint(0, 0))
            if here.intersects(QRect(corner, told.size())):
                here.moveBottom(corner.y() - _APART)
        self.move(here.topLeft())
