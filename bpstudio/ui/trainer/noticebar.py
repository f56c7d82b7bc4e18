"""Why training stopped, or why something was not done: one sentence, and the way back.

It lies over the foot of what it is told about and moves nothing: what is under the mouse when it
comes or goes stays there.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes

_EDGE = 12


class NoticeBar(QFrame):
    """Hidden while there is nothing to tell."""

    rewound = Signal()
    """The way back was taken."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._put_away = ""
        """The sentence that was closed: training may go on to say it."""
        over.installEventFilter(self)
        self.setObjectName("notice")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.rewind = QPushButton()
        self.rewind.clicked.connect(self.rewound)
        self.away = QToolButton()
        self.away.setAutoRaise(True)
        self.away.setText("×")
        self.away.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.rewind)
        row.addWidget(self.away)
        self.hide()
        self.retranslate()

    @property
    def offers_rewind(self) -> bool:
        """Whether it tells of a run that stopped."""
        return not self.isHidden() and not self.rewind.isHidden()

    def knows(self, sentence: str) -> bool:
        """Whether this is told already, or was closed since."""
        told = "" if self.isHidden() else self.words.text()
        return sentence in (told, self._put_away)

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
        self._put_away = ""
        self._place()
        self.show()
        self.raise_()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def tell_of(self, fault: str, refusal: str) -> bool:
        """Show why a run stopped, or what was refused; whether what it told is over instead."""
        if fault:
            if not self.knows(fault):
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
        self._put_away = ""

    def _close(self) -> None:
        said = self.words.text()
        self.clear()
        self._put_away = said

    # --- where it lies ----------------------------------------------------------------------

    def _place(self) -> None:
        edge, room = themes.px(_EDGE), self._over.size()
        wide = max(0, room.width() - 2 * edge)
        tall = self.heightForWidth(wide) if self.hasHeightForWidth() else self.sizeHint().height()
        tall = max(tall, self.sizeHint().height())
        self.setGeometry(edge, room.height() - tall - edge // 2, wide, tall)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    # --- language ---------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.rewind.setText(tr("Rewind"))
        self.away.setToolTip(tr("Close"))
        self.away.setAccessibleName(tr("Close"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
