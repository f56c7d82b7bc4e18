"""One button that starts a long computation and, while it runs, cancels it; how far it is."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.background import Job, Work

_STEPS = 1000


class RunBar(QWidget):
    """`wanted` when the button is pressed to start; its owner calls `start`. `job` does the rest.

    What is refused stands beside the button until the next start.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = Job(self)
        self.job.moved.connect(self._show_moved)
        self.job.ended.connect(self._show_ended)
        self.job.refused.connect(self.refuse)
        self._words = ""
        self.button = QPushButton()
        self.button.setObjectName("primary")
        self.button.clicked.connect(self._press)
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setFixedWidth(themes.px(110))
        self.state = QLabel()
        self.state.setObjectName("quiet")
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for part in (self.button, self.progress, self.state):
            row.addWidget(part)
        row.addStretch(1)
        self._rest()

    # --- what its owner does ----------------------------------------------------------------

    def say(self, words: str) -> None:
        """What the button does, in the chosen language."""
        self._words = words
        self._name()

    def start(self, work: Work) -> None:
        """Begin this work."""
        self.state.setObjectName("quiet")
        self._polish()
        self.job.start(work)
        self.progress.show()
        self._name()

    def refuse(self, sentence: str) -> None:
        """Say why not."""
        self.state.setObjectName("fault")
        self._polish()
        self.state.setText(sentence)
        self.state.setAccessibleName(sentence)

    def close_job(self) -> None:
        """End what is at work and wait for it."""
        self.job.close()
        self._rest()
        self._name()

    # --- inside -----------------------------------------------------------------------------

    def _press(self) -> None:
        if self.job.running:
            self.job.cancel()
        else:
            self.wanted.emit()

    def _show_moved(self, share: float, left: float) -> None:
        self.progress.setValue(round(_STEPS * share))
        self.progress.setRange(0, _STEPS if share > 0 else 0)
        if math.isnan(left):
            self.state.setText("")
            return
        from bpstudio.ui.trainer.foot import duration

        self.state.setText(tr("{time} left", time=duration(left)))

    def _show_ended(self, result: object) -> None:
        if self.state.objectName() != "fault":
            self.state.setText("" if result is not None else tr("Cancelled."))
        self._rest()
        self._name()

    def _rest(self) -> None:
        self.progress.setRange(0, _STEPS)
        self.progress.hide()

    def _polish(self) -> None:
        self.state.clear()
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)

    def _name(self) -> None:
        self.button.setText(tr("Cancel") if self.job.running else self._words)
        self.progress.setAccessibleName(tr("Progress"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
