"""The stage's sentence: in as many lines as it needs, or in one where the window is low."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from bpstudio.ui import tips

SMALLEST = 0.6
"""Share of their usual size to which its letters shrink at most; what is longer then is cut."""


class Sentence(QLabel):
    """All of it is also a tool tip, and read aloud."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sentence")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWordWrap(True)

    def say(self, text: str) -> None:
        """Show this sentence."""
        self.setText(text)
        self.setToolTip(tips.plain(text))

    def keep_to_one_line(self, on: bool) -> None:
        """Shrink rather than take a second line: the canvas would jump from step to step."""
        self.setWordWrap(not on)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return least if self.wordWrap() else QSize(0, least.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        need = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        if self.wordWrap() or need <= room.width():
            super().paintEvent(event)
            return
        font = self.font()
        font.setPixelSize(int(font.pixelSize() * max(SMALLEST, room.width() / need)))
        text = QFontMetricsF(font).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        with QPainter(self) as painter:
            painter.setFont(font)
            painter.setPen(self.palette().windowText().color())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)
