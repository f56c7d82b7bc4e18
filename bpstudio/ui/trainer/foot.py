"""The panel's last line: how far the run is, how fast it goes, when it stops."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QSpinBox, QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.engine import Frame

LONG = 1000
"""Updates of an epoch that takes its time."""
WIDE = 580
"""From this width on there is room for the words beside when to stop, and for the pace."""

_FIELD = 164
"""Of the field, px: room for the largest number with its word before or behind it."""


class Foot(QWidget):
    """`limited` carries the epochs to stop after, 0 for never."""

    limited = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = QLabel()
        self.state.setObjectName("quiet")
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        row.setContentsMargins(12, 0, 12, 2)
        row.setSpacing(10)
        row.addWidget(self.state, 1)
        for part in (self.progress, self._words, self.limit):
            row.addWidget(part)
        self.retranslate()

    def show_frame(self, frame: Frame) -> None:
        """Show how far this run is."""
        parts = {
            "epoch": tr("Epoch {epoch}", epoch=_epochs(frame)),
            "updates": tr("{updates} updates", updates=f"{frame.updates:,}"),
        }
        if frame.playing and frame.per_second:
            rate = f"{round(frame.per_second, -1):,.0f}"
            parts["pace"] = tr("{rate} per second", rate=rate)
        if frame.spec.schedule.kind != "constant":
            # Beside the field's number, which is where the schedule begins.
            parts["rate"] = tr("learning rate now {rate}", rate=numbers.show(frame.rate, 3))
        limit = self.limit.value()
        self.progress.setVisible(bool(limit) and self._is_wide)
        if limit:
            self.progress.setValue(round(1000 * min(1.0, frame.epoch / limit)))
            if (left := time_left(frame, limit)) is not None:
                parts["left"] = tr("{time} left", time=duration(left))
        self._tell(parts)

    def _tell(self, parts: dict[str, str]) -> None:
        """As many of these as there is room for: a number that is cut would be another one."""
        self.state.setToolTip(" · ".join(parts.values()))
        room = self.state.fontMetrics().horizontalAdvance
        for least in ("pace", "updates", "rate", "left"):
            if room(" · ".join(parts.values())) <= self.state.width():
                break
            parts.pop(least, None)
        self.state.setText(" · ".join(parts.values()))

    @property
    def _is_wide(self) -> bool:
        return self.width() >= themes.length(WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say_limit()

    def _say_limit(self) -> None:
        """When it stops: with its words before the field, or in it."""
        wide = self._is_wide
        self._words.setVisible(wide)
        self.limit.setPrefix("" if wide else tr("Stop after") + " ")
        self.limit.setSuffix(" " + tr("epochs") if wide else "")
        self.limit.setSpecialValueText(tr("never") if wide else tr("Never stop"))
        self.limit.setFixedWidth(themes.px(_FIELD))

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self._words.setText(tr("Stop after"))
        self._say_limit()
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
