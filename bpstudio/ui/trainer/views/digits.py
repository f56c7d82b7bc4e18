"""Pictures and their classes: a sample, or one's own drawing, and what the network takes it for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import colours, looks
from bpstudio.ui.trainer.engine import Frame, Look
from bpstudio.ui.trainer.views.pad import Pad
from bpstudio.ui.trainer.views.view import Problem, View

_BAR, _OVER = 22, 18
"""Room for the digit under a bar and for the share over the highest."""


class DigitsView(View):
    """64 pixels in, one output per class."""

    pictures = frozenset({0})

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(problem, parent)
        self._sample = 0
        self.pad = Pad()
        self.bars = _Bars()
        self._clear, self._next = QPushButton(), QPushButton()
        self._clear.clicked.connect(self.pad.clear)
        self._next.clicked.connect(self.next_sample)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._clear, self._next):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.pad, 3)
        column.addLayout(buttons)
        column.addWidget(self.bars, 2)
        self.pad.drawn.connect(self._drawn)
        self.pad.show_pixels(self._samples[0])
        self.retranslate()

    @staticmethod
    def fits(problem: Problem) -> bool:
        sizes = problem.spec.network.sizes
        return sizes[0] == 64 and problem.data.classes is not None and sizes[-1] > 1

    @property
    def _samples(self) -> np.ndarray:
        data = self.problem.data
        return data.test_inputs if len(data.test_inputs) else data.inputs

    def looks(self) -> Mapping[str, Look]:
        return {"units": looks.units(self.pad.pixels)}

    def next_sample(self) -> None:
        """Look at another sample, of the test data where there are any."""
        self._sample = (self._sample + 1) % len(self._samples)
        self.pad.show_pixels(self._samples[self._sample])
        self._drawn(self.pad.pixels)

    def _drawn(self, pixels: np.ndarray) -> None:
        self.wants.emit({"units": looks.units(pixels)})

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        units = frame.seen.get("units")
        if units is not None:
            self.bars.show_values(np.asarray(units[-1]))

    def redress(self, _: object = None) -> None:
        self.pad.update()
        self.bars.update()

    def retranslate(self) -> None:
        self._clear.setText(tr("Clear"))
        self._next.setText(tr("Next sample"))
        self.pad.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class _Bars(QWidget):
    """One bar per class, the largest in full colour."""

    def __init__(self) -> None:
        super().__init__()
        self._values = np.zeros(10)
        self.best = -1
        self.setMinimumHeight(themes.px(60))
        self.setAccessibleName(tr("What the network takes it for"))

    def show_values(self, values: np.ndarray) -> None:
        self._values = np.where(np.isfinite(values), values, 0.0)
        # Of numbers that ran away none is the largest.
        self.best = int(self._values.argmax()) if np.isfinite(values).all() else -1
        said = f"{self.best}: {self._values[self.best]:.0%}" if self.best >= 0 else ""
        self.setAccessibleDescription(said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, n = themes.current(), themes.length
        count = len(self._values)
        pitch, top = self.width() / count, n(_OVER)
        tall = self.height() - n(_BAR) - top
        with QPainter(self) as painter:
            best = self.best
            for number, value in enumerate(self._values.tolist()):
                high = max(0.0, min(1.0, value)) * tall
                left = number * pitch + pitch * 0.14
                ink = QColor(colours.positive(look) if number == best else look.edge)
                painter.fillRect(QRectF(left, top + tall - high, pitch * 0.72, high), ink)
                painter.fillRect(QRectF(left, top + tall, pitch * 0.72, 1), QColor(look.rule))
                painter.setPen(look.color("ink" if number == best else "faint"))
                painter.setFont(themes.font(n(13), bold=number == best))
                low = QRectF(number * pitch, top + 2 + tall, pitch, n(_BAR) - 2)
                painter.drawText(low, Qt.AlignmentFlag.AlignCenter, str(number))
                if number == best:
                    painter.setFont(themes.font(n(11)))
                    wide = max(pitch, n(44))
                    middle = min(max((number + 0.5) * pitch, wide / 2), self.width() - wide / 2)
                    over = QRectF(middle - wide / 2, tall - high, wide, top)
                    painter.drawText(over, Qt.AlignmentFlag.AlignCenter, f"{value:.0%}")
