"""The panel's last line: how far the run is, how fast it goes, when it stops."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSpinBox, QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.engine import Frame

LONG = 1000
"""Updates of an epoch that takes its time."""
WIDE = 600
"""From this width on there is room to say when to stop."""


class Foot(QWidget):
    """`limited` carries the epochs to stop after, 0 for never."""

    limited = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = QLabel()
        self.state.setObjectName("quiet")
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setFixedWidth(120)
        self.limit = QSpinBox()
        self.limit.setRange(0, 10_000_000)
        self.limit.lineEdit().setTextMargins(6, 0, 0, 0)
        self.limit.setKeyboardTracking(False)
        self.limit.setGroupSeparatorShown(True)
        self.limit.valueChanged.connect(self.limited)
        self._words = QLabel()
        self._words.setObjectName("quiet")
        self._words.setBuddy(self.limit)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 6)
        row.setSpacing(10)
        row.addWidget(self.state, 1)
        for part in (self.progress, self._words, self.limit):
            row.addWidget(part)
        self.retranslate()

    def show_frame(self, frame: Frame) -> None:
        """Show how far this run is."""
        parts = [
            tr("Epoch {epoch}", epoch=_epochs(frame)),
            tr("{updates} updates", updates=f"{frame.updates:,}"),
        ]
        if frame.playing and frame.per_second:
            parts.append(tr("{rate} per second", rate=f"{round(frame.per_second, -1):,.0f}"))
        if frame.spec.schedule.kind != "constant":
            # Beside the field's number, which is where the schedule begins.
            parts.append(tr("learning rate now {rate}", rate=numbers.show(frame.rate, 3)))
        limit = self.limit.value()
        self.progress.setVisible(bool(limit))
        if limit:
            self.progress.setValue(round(1000 * min(1.0, frame.epoch / limit)))
            if (left := time_left(frame, limit)) is not None:
                parts.append(tr("{time} left", time=duration(left)))
        self.state.setText(" · ".join(parts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in (self._words, self.limit):
            part.setVisible(self.width() >= themes.length(WIDE))

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self._words.setText(tr("Stop after"))
        self.limit.setSpecialValueText(tr("never"))
        self.limit.setSuffix(" " + tr("epochs"))
        self.limit.setAccessibleName(tr("Stop after so many epochs"))
        self.progress.setAccessibleName(tr("Progress"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def _epochs(frame: Frame) -> str:
    """Whole epochs; of long ones a part too, or nothing would seem to happen."""
    if frame.epoch < 10 and frame.updates >= LONG * frame.epoch > 0:
        return f"{int(frame.epoch * 100) / 100:.2f}"
    return f"{int(frame.epoch):,}"


def time_left(frame: Frame, limit: int) -> float | None:
    """Seconds until so many epochs are done at the present rate; None while that is not known."""
    if not frame.playing or not frame.per_second or not frame.epoch:
        return None
    per_epoch = frame.updates / frame.epoch
    return max(0.0, (limit - frame.epoch) * per_epoch / frame.per_second)


def duration(seconds: float) -> str:
    """A time to wait, in the unit that suits it."""
    if seconds < 90:
        return tr("{n} s", n=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{n} min", n=round(seconds / 60))
    return tr("{n} h", n=f"{seconds / 3600:.1f}")
