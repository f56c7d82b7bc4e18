"""A few words beside the pointer: what is there, or why not."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from bpstudio.ui import theme as themes
from bpstudio.ui.theme import Theme

WIDEST = 420
GAP = 18
"""Pixels between the pointer and the words."""


class Bubble(QLabel):
    """Plain text on a patch of paper, kept inside its parent; the mouse passes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("canvas-bubble")
        # A file's strings must never be read as rich text.
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMargin(6)
        self._colours: tuple[Theme, bool] | None = None
        self._end = QTimer(self, singleShot=True)
        self._end.timeout.connect(self.clear_words)
        self.hide()

    @property
    def lasting(self) -> bool:
        """Whether the words shown stay for their time whatever the pointer does."""
        return self._end.isActive()

    def tell(self, words: str, at: QPoint, theme: Theme, *, bad: bool = False, ms: int = 0) -> None:
        """Show words near a point; for `ms` milliseconds, or until told otherwise."""
        if not words:
            self.clear_words()
            return
        self._end.stop()
        self._dress(theme, bad)
        if self.text() != words:
            self.setText(words)
            self.setWordWrap(False)
            widest = min(themes.px(WIDEST), max(80, self._room.width() - 8))
            if self.sizeHint().width() > widest:
                self.setWordWrap(True)
                self.resize(widest, self.heightForWidth(widest))
            else:
                self.adjustSize()
        self.move(self._inside(at))
        self.show()
        self.raise_()
        if ms:
            self._end.start(ms)

    def clear_words(self) -> None:
        """Say nothing."""
        self._end.stop()
        if self.isVisible():
            self.hide()

    def _dress(self, theme: Theme, bad: bool) -> None:
        if self._colours == (theme, bad):
            return
        self._colours = (theme, bad)
        ground, edge, ink = (
            (theme.grad_tint, theme.grad, theme.ink) if bad else (theme.card, theme.edge, theme.ink)
        )
        self.setStyleSheet(
            f"background: {ground}; border: 1px solid {edge}; border-radius: 6px; color: {ink};"
        )

    def _inside(self, at: QPoint) -> QPoint:
        width, height = self._room.width(), self._room.height()
        x = min(at.x() + GAP, width - self.width() - 4)
        below = at.y() + GAP
        y = below if below + self.height() + 4 <= height else at.y() - GAP - self.height()
        return QPoint(max(4, x), max(4, y))
