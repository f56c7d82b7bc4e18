"""Where a panel is narrow and low: one of the outputs, the loss or the accuracy under the network.

All three at once would be pressed flat there, and a page that scrolls hides one of them anyway.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QWidget

from bpstudio.language import N_, tr

OUTPUT, LOSS, ACCURACY = "output", "loss", "accuracy"
PARTS = {OUTPUT: N_("Output"), LOSS: N_("Loss"), ACCURACY: N_("Accuracy")}


class Switch(QWidget):
    """`turned` tells that another part is to be seen; the loss is told beside the tabs."""

    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        for key in PARTS:
            self.bar.setTabData(self.bar.addTab(""), key)
        self.bar.currentChanged.connect(self.turned)
        self.told = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.bar)
        row.addStretch(1)
        row.addWidget(self.told)
        self.retranslate()

    @property
    def part(self) -> str:
        """Which of PARTS is to be seen."""
        return str(self.bar.tabData(self.bar.currentIndex()))

    def offer_accuracy(self, on: bool) -> None:
        """Whether there is an accuracy to look at."""
        self.bar.setTabVisible(tuple(PARTS).index(ACCURACY), on)

    def tell(self, words: str) -> None:
        """Say the loss, which stands over the curves where those are to be seen."""
        self.told.setText(words if self.part == OUTPUT else "")

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        for at, title in enumerate(PARTS.values()):
            self.bar.setTabText(at, tr(title))
        self.bar.setAccessibleName(tr("What stands under the network"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
