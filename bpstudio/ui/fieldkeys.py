"""The keys of a field with a list under it: typed in above, walked through and taken from below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class FieldKeys(QObject):
    """Listens to a popup's field, which keeps the focus all the while.

    `walked` says how many rows down the list (up below 0), a page of `page` rows at most; `taken`
    that the marked row is wanted; `left` that Esc was pressed or the focus went elsewhere, but for
    the field's own menu.
    """

    walked = Signal(int)
    taken = Signal()
    left = Signal()

    def __init__(self, popup: QWidget, field: QLineEdit, page: int) -> None:
        super().__init__(field)
        # A click beside the field must not take the focus out of it and so close the popup.
        popup.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        popup.setFocusProxy(field)
        self._ways = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
        }
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # a letter is typed; it is no shortcut of the window
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        elif (
            isinstance(event, QFocusEvent)
            and event.lostFocus()
            and event.reason() != Qt.FocusReason.PopupFocusReason
        ):
            self.left.emit()
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif key in self._ways:
            self.walked.emit(self._ways[key])
        else:
            return False
        return True
