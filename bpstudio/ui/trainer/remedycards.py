"""The remedies as switches, each with what it does, what it cures and what it does not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bpstudio.language import N_, tr
from bpstudio.nn.remedies import EXPLODING, REMEDIES, VANISHING, Remedy
from bpstudio.nn.spec import Spec

AILMENTS = {VANISHING: N_("vanishing gradients"), EXPLODING: N_("exploding gradients")}


def against(remedy: Remedy) -> str:
    """What a remedy cures and what it does not, in one line."""
    cured = tr(" and ").join(tr(AILMENTS[key]) for key in AILMENTS if key in remedy.cures)
    left = tr(" and ").join(tr(AILMENTS[key]) for key in AILMENTS if key not in remedy.cures)
    if not left:
        return tr("Against {cured}.", cured=cured)
    return tr("Against {cured}; not against {left}.", cured=cured, left=left)


class Card(QWidget):
    """One switch. `switched` when a person turned it."""

    switched = Signal()

    def __init__(self, remedy: Remedy) -> None:
        super().__init__()
        self.remedy = remedy
        self.box = QCheckBox()
        self.box.toggled.connect(self._turn)
        self.explain = QToolButton()
        self.explain.setCheckable(True)
        self.explain.setAutoRaise(True)
        self.explain.setText("?")
        self.explain.toggled.connect(lambda _: self._show_note())
        self.cures, self.note = QLabel(), QLabel()
        for label in (self.cures, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setContentsMargins(28, 0, 0, 0)
        self.cures.setObjectName("quiet")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 1)
        row.addWidget(self.explain)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.cures)
        column.addWidget(self.note)
        self._reason = ""
        self._show_note()

    @property
    def chosen(self) -> bool:
        """Whether it is to be applied: on, and not there already."""
        return self.box.isEnabled() and self.box.isChecked()

    def suit(self, spec: Spec) -> None:
        """Show whether this network has it already, or why it cannot have it."""
        given, refused = self.remedy.given(spec), self.remedy.refusal(spec)
        with QSignalBlocker(self.box):
            if given:
                self.box.setChecked(True)
            elif not self.box.isEnabled() and self.box.isChecked():
                # It was on because another network had it.
                self.box.setChecked(False)
            self.box.setEnabled(not given and not refused)
        self._reason = tr("This network has it already.") if given else refused
        self._say_cures()
        self._show_note()

    def _turn(self, _: bool) -> None:
        self._show_note()
        self.switched.emit()

    def _show_note(self) -> None:
        self.note.setVisible(self.chosen or self.explain.isChecked())

    def _say_cures(self) -> None:
        words = against(self.remedy)
        self.cures.setText(f"{words} {self._reason}" if self._reason else words)

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        title = tr(self.remedy.title)
        self.box.setText(title)
        self.box.setAccessibleDescription(tr(self.remedy.note))
        self.note.setText(tr(self.remedy.note))
        self.explain.setToolTip(tr("Explain"))
        self.explain.setAccessibleName(f"{tr('Explain')}: {title}")
        self._say_cures()


class Cards(QWidget):
    """All of REMEDIES, one under the other."""

    switched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        self.cards: dict[str, Card] = {}
        for key, remedy in REMEDIES.items():
            card = self.cards[key] = Card(remedy)
            card.switched.connect(self.switched)
            column.addWidget(card)
        column.addStretch(1)
        self.retranslate()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of those that are to be applied."""
        return tuple(key for key, card in self.cards.items() if card.chosen)

    def suit(self, spec: Spec) -> None:
        """Show what this network has and can have."""
        for card in self.cards.values():
            card.suit(spec)

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        for card in self.cards.values():
            card.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
