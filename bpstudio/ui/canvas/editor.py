"""The text field that opens on the canvas over a value, a name or a note's words.

A real child widget, so that input methods, the clipboard and the screen reader work in it. It asks
its owner to take the text; a refusal is a sentence, and the field stays open for another try.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from bpstudio.ui import theme as themes

NARROWEST = 64.0
"""Width of the field where what it covers is narrower, screen px."""
Take = Callable[[str], str]
"""Takes the text; answers "" or the sentence why it cannot."""


class Editor(QLineEdit):
    """One open field. Enter takes, Tab takes and goes on, Esc leaves, losing focus takes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._take: Take | None = None
        self._next: Callable[[bool], None] | None = None
        self._refused: Callable[[str], None] | None = None
        self._closed: Callable[[], None] | None = None
        self.item = ""
        self.setObjectName("canvas-editor")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self._take is not None

    def open(
        self,
        item: str,
        text: str,
        title: str,
        *,
        hint: str = "",
        take: Take,
        refused: Callable[[str], None],
        closed: Callable[[], None],
        go_on: Callable[[bool], None] | None = None,
    ) -> None:
        """Begin editing; `hint` stands in an empty field. `go_on(forward)` is called after Tab."""
        self.leave()
        self.item = item
        self._take, self._refused, self._closed, self._next = take, refused, closed, go_on
        self.setText(text)
        self.setPlaceholderText(hint)
        self.setAccessibleName(title)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self, rect: QRectF, px: float) -> None:
        """Cover a rectangle of the canvas, in the type size drawn there but never unreadable."""
        self._write_in(max(9.0, min(64.0, px)))
        width, height = max(NARROWEST, rect.width()), max(24.0, rect.height())
        left, top = rect.center().x() - width / 2, rect.center().y() - height / 2
        room = self.parentWidget()
        if room is not None:
            # Half a field can be seen but not read.
            left = max(2.0, min(left, room.width() - width - 2))
            top = max(2.0, min(top, room.height() - height - 2))
        self.setGeometry(round(left), round(top), round(width), round(height))

    def _write_in(self, px: float) -> None:
        """Write in a type size; a font set alone would give way to the window's style sheet."""
        self.setFont(themes.font(px))
        sheet = f"QLineEdit {{ font-size: {round(px)}px; padding: 0px 4px; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def take(self) -> bool:
        """Hand the text over; False, and still open, where it is refused."""
        if self._take is None:
            return True
        text, take, refused = self.text(), self._take, self._refused
        # Closed first: what the text changes may move or delete what is edited.
        self._take = None
        sentence = take(text)
        if sentence:
            self._take = take
            if refused is not None:
                refused(sentence)
            return False
        self._finish()
        return True

    def leave(self) -> None:
        """Close without changing anything."""
        if self._take is not None:
            self._take = None
            self._finish()

    def _finish(self) -> None:
        closed, self._closed = self._closed, None
        self._next = self._refused = None
        self.item = ""
        parent = self.parentWidget()
        # Focus first: hidden with it, Qt would hand it on as if Tab had been pressed.
        if self.hasFocus() and parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        if closed is not None:
            closed()

    # --- Qt ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN
        ):
            # The window's shortcuts must not take Esc or F2 from an open field.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)
            # Unused arrows and the like would reach the canvas and move gates.
            event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        go_on = self._next
        if self.take() and go_on is not None:
            go_on(forward)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason):
            return
        if self.is_open and not self.take():
            self.leave()


_OWN = (
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_F2,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Space,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
)
