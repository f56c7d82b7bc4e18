"""Loss and accuracy over the epochs, of this run and of finished ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.elided import Elided
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.trainer.engine import MOST_EVALUATED, Frame
from bpstudio.ui.trainer.history import Curve
from bpstudio.ui.trainer.plot import Line, Plot

EVERY = 3
"""Curves change little from frame to frame: they are drawn with every third."""
MOST_RUNS = 8


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run that is kept to compare with."""

    name: str
    curve: Curve
    problem: str


class Curves(QWidget):
    """The plots and the figures over them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_curves")
        self._kept: list[Run] = []
        self.problem = ""
        self.frame: Frame | None = None
        self._turn = 0
        self.figures = {key: QLabel() for key in ("loss", "test_loss", "accuracy")}
        self.figures["kept"] = Elided()
        for label in self.figures.values():
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.log = QCheckBox()
        self.log.setChecked(True)
        self.log.toggled.connect(self._scaled)
        self.clear = QPushButton()
        self.clear.setObjectName("link")
        self.clear.clicked.connect(self.clear_runs)
        self.clear.hide()
        figures = QWidget()
        flow = FlowLayout(figures, gap=16)
        flow.setContentsMargins(0, 0, 0, 0)
        for label in self.figures.values():
            flow.addWidget(label)
        flow.addWidget(self.clear)
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 12, 0)
        head.setSpacing(12)
        head.addWidget(figures, 1)
        head.addWidget(self.log)
        self.loss, self.accuracy = Plot(), Plot()
        self.loss.set_log(True)
        self.accuracy.fixed = (0.0, 1.04)
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self.loss, 3)
        row.addWidget(self.accuracy, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(row, 1)
        self.setMinimumHeight(110)
        themes.appearance().changed.connect(self._dress)
        self.retranslate()
        self._dress()

    @property
    def runs(self) -> list[Run]:
        """The finished runs of the problem that is shown: losses of another are no comparison."""
        return [run for run in self._kept if run.problem == self.problem]

    # --- what it is given -------------------------------------------------------------------

    def show_problem(self, problem: str) -> None:
        """From now on runs belong to what is named so."""
        if problem != self.problem:
            self.problem = problem
            self._show_runs()

    def show_frame(self, frame: Frame) -> None:
        """Show this state of the run."""
        self.frame = frame
        self._turn += 1
        if frame.playing and self._turn % EVERY:
            return
        self._tell()
        self._draw()

    def keep(self, name: str, curve: Curve) -> None:
        """Keep a finished run as a faint curve; the oldest goes when there are too many."""
        if len(curve) < 2:
            return
        self._kept = [*self._kept, Run(name, curve, self.problem)][-MOST_RUNS:]
        self._show_runs()

    def clear_runs(self) -> None:
        """Forget the finished runs."""
        self._kept = []
        self._show_runs()

    def _show_runs(self) -> None:
        self.clear.setVisible(bool(self.runs))
        self._tell()
        self._draw()

    # --- drawing ----------------------------------------------------------------------------

    def _draw(self) -> None:
        if self.frame is None:
            return
        look, curve = themes.current(), self.frame.curve
        self.accuracy.setVisible(self.frame.data.classes is not None)
        for plot, keys in (
            (self.loss, ("loss", "test_loss")),
            (self.accuracy, ("accuracy", "test_accuracy")),
        ):
            if plot.isHidden():
                continue
            old = [
                _line(run.curve, keys[0], look.line, 1.2, 0.35 + 0.4 * n / max(1, len(self.runs)))
                for n, run in enumerate(self.runs)
            ]
            now = [
                _line(curve, key, ink, 1.8, 1.0, key)
                for key, ink in zip(keys, (look.accent, look.functions), strict=True)
            ]
            plot.show_lines([*old, *reversed(now)])

    def _scaled(self) -> None:
        self.loss.set_log(self.log.isChecked())

    def _tell(self) -> None:
        kept = " · ".join(run.name for run in self.runs[-2:])
        words = {"kept": tr("before: {runs}", runs=kept) if kept else ""}
        frame = self.frame
        if frame is not None:
            words["loss"] = tr("Training loss {loss}", loss=numbers.show(frame.loss, 4))
            if frame.of_batches:
                words["loss"] += " " + tr("(mean of the last batches)")
            if frame.test_loss == frame.test_loss:
                words["test_loss"] = tr("Test loss {loss}", loss=numbers.show(frame.test_loss, 4))
            if frame.accuracy == frame.accuracy:
                share = f"{frame.accuracy:.1%}"
                if frame.test_accuracy == frame.test_accuracy:
                    share = f"{share} / {frame.test_accuracy:.1%}"
                words["accuracy"] = tr("Accuracy {share}", share=share)
        for key, label in self.figures.items():
            label.setText(words.get(key, ""))
            label.setVisible(bool(label.text()))
        self._tell_kind()

    def _tell_kind(self) -> None:
        """Say what loss it is, and why no other."""
        batches = self.frame is not None and self.frame.of_batches
        title = tr("{what} over the epochs", what=tr("Loss"))
        why = ""
        if batches:
            title += " " + tr("(mean of the last batches)")
            why = tr(
                "Of more than {n} samples the loss and the accuracy of all are not taken while the "
                "network trains; shown is a running mean over the last batches.",
                n=f"{MOST_EVALUATED:,}",
            )
        if title == self.loss.title:
            return
        self.loss.title = title
        self.loss.setAccessibleName(title)
        hint = tr("Wheel to zoom, drag to move, double click to see everything")
        self.loss.setToolTip("\n".join(filter(None, (why, hint))))
        self.figures["loss"].setToolTip(why)
        self.loss.update()

    # --- dress and language -----------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("Loss and accuracy"))
        self.log.setText(tr("Log axis"))
        self.clear.setText(tr("Clear earlier runs"))
        self.accuracy.title = tr("{what} over the epochs", what=tr("Accuracy"))
        self.accuracy.setAccessibleName(self.accuracy.title)
        self.accuracy.setToolTip(tr("Wheel to zoom, drag to move, double click to see everything"))
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _dress(self, _: object = None) -> None:
        look = themes.current()
        inks = (look.accent, look.functions, look.ink, look.faint)
        for label, ink in zip(self.figures.values(), inks, strict=True):
            label.setStyleSheet(f"color: {ink}")
        self._draw()


def _line(curve: Curve, key: str, ink: str, width: float, alpha: float, name: str = "") -> Line:
    ys = getattr(curve, key)
    known = np.isfinite(ys)
    return Line(curve.epoch[known], ys[known], ink, width, alpha, name)
