"""Why training stopped, or why something was not done: one sentence, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from bpstudio.language import tr


class NoticeBar(QFrame):
    """Hidden while there is nothing to tell."""

    rewound = Signal()
    """The way back was taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.rewind = QPushButton()
        self.rewind.clicked.connect(self.rewound)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.rewind)
        self.hide()
        self.retranslate()

    @property
    def offers_rewind(self) -> bool:
        """Whether it tells of a run that stopped."""
        return not self.isHidden() and not self.rewind.isHidden()

    def tell(self, sentence: str, *, rewind: bool = False, good: bool = False) -> None:
        """Show a sentence and read it aloud; offer to rewind."""
        if self.words.text() == sentence and not self.isHidden():
            return
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.rewind.setVisible(rewind)
        if bool(self.property("good")) != good:
            self.setProperty("good", good)
            self.style().unpolish(self)
            self.style().polish(self)
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def tell_of(self, fault: str, refusal: str) -> bool:
        """Show why a run stopped, or what was refused; whether what it told is over instead."""
        if fault:
            self.tell(fault, rewind=True)
        elif refusal:
            self.tell(refusal)
        else:
            return self.offers_rewind
        return False

    def pass_good_news(self) -> None:
        """What was told of a number or a file is over once training is asked to move."""
        if self.property("good"):
            self.clear()

    def clear(self) -> None:
        """Nothing to tell any more."""
        self.hide()
        self.words.clear()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.rewind.setText(tr("Rewind"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
