"""Loss and accuracy over the epochs, of this run and of finished ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.elided import Elided
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.trainer.dashes import PATTERNS
from bpstudio.ui.trainer.engine import JUDGED, MOST_EVALUATED, Frame
from bpstudio.ui.trainer.history import Curve
from bpstudio.ui.trainer.plot import Line, Plot
from bpstudio.ui.trainer.runnames import telling
from bpstudio.ui.trainer.stops import Stop

if TYPE_CHECKING:
    from bpstudio.nn.data import Data, Dataset
    from bpstudio.nn.spec import Spec

EVERY = 3
"""Curves change little from frame to frame: they are drawn with every third."""
MOST_RUNS = 8


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run that is kept to compare with."""

    name: str
    curve: Curve
    problem: str
    number: int = 0
    """What stands on its curve and before its name."""
    spec: Spec | None = None

    @property
    def dashes(self) -> tuple[float, ...]:
        """The pattern that its curve has and no other one beside it."""
        return PATTERNS[self.number % len(PATTERNS)]


class Curves(QWidget):
    """The plots and the figures over them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_curves")
        self._kept: list[Run] = []
        self.problem = ""
        self._data: Data | Dataset | None = None
        self.frame: Frame | None = None
        self._turn = 0
        self._only = ""
        self.brief = ""
        """The loss of now, in a few words."""
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

    def show_problem(self, problem: str, data: Data | Dataset | None = None) -> None:
        """From now on runs belong to what is named so, and have learned from these data."""
        self._data = data
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

    def show_only(self, which: str) -> None:
        """Show the plot of this ("loss", "accuracy") alone, or both."""
        self._only = which
        self.loss.setVisible(which != "accuracy")
        self._draw()

    def keep(self, name: str, curve: Curve, spec: Spec | None = None) -> None:
        """Keep a finished run as a faint curve; the oldest goes when there are too many."""
        if len(curve) < 2:
            return
        number = 1 + max((run.number for run in self._kept), default=0)
        made = Run(name, curve, self.problem, number, spec)
        self._kept = [*self._kept, made][-MOST_RUNS:]
        # The next run begins at 0, out of sight of a zoom into this one.
        self.loss.reset()
        self.accuracy.reset()
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
        judged = self.frame.data.classes is not None
        self.accuracy.setVisible(judged and self._only != "loss")
        for plot, keys in (
            (self.loss, ("loss", "test_loss")),
            (self.accuracy, ("accuracy", "test_accuracy")),
        ):
            if plot.isHidden():
                continue
            old = [
                replace(
                    _line(run.curve, keys[0], look.faint, 1.2, 0.55),
                    dashes=run.dashes,
                    mark=str(run.number),
                    words=words,
                )
                for run, words in self._told()
            ]
            now = [
                _line(curve, key, ink, 1.8, 1.0, key)
                for key, ink in zip(keys, (look.accent, look.functions), strict=True)
            ]
            plot.show_lines([*old, *reversed(now)], self._stop)

    @property
    def _stop(self) -> Stop | None:
        """Where this run stopped by itself."""
        frame = self.frame
        return Stop(frame.epoch, frame.updates) if frame is not None and frame.fault else None

    def _told(self) -> list[tuple[Run, str]]:
        """The finished runs, and in what they differ from each other and from this one."""
        runs, frame, data = self.runs, self.frame, self._data
        specs = [run.spec for run in runs if run.spec is not None]
        if frame is None or data is None or len(specs) < len(runs):
            return [(run, f"{run.number} {run.name}") for run in runs]
        words = telling(specs, replace(frame.spec, data=data))
        return [(run, f"{run.number} {w}") for run, w in zip(runs, words, strict=True)]

    def _scaled(self) -> None:
        self.loss.set_log(self.log.isChecked())

    def _tell(self) -> None:
        told = self._told()[::-1]
        kept = " · ".join(words for _, words in told)
        words = {"kept": tr("before: {runs}", runs=kept) if kept else ""}
        frame = self.frame
        if frame is not None:
            words["loss"] = tr("Training loss {loss}", loss=numbers.show(frame.loss, 4))
            self.brief = words["loss"]
            if frame.of_batches:
                words["loss"] += " " + tr("(mean of the last batches)")
            if frame.test_loss == frame.test_loss:
                words["test_loss"] = tr("Test loss {loss}", loss=numbers.show(frame.test_loss, 4))
                if "test" in frame.judged:
                    words["test_loss"] += " " + _judged_by()
            if frame.accuracy == frame.accuracy:
                share = f"{frame.accuracy:.1%}"
                if frame.test_accuracy == frame.test_accuracy:
                    share = f"{share} / {frame.test_accuracy:.1%}"
                words["accuracy"] = tr("Accuracy {share}", share=share)
                if frame.judged:
                    words["accuracy"] += " " + _judged_by()
        for key, label in self.figures.items():
            label.setText(words.get(key, ""))
            label.setVisible(bool(label.text()))
        # Every run on a line of its own, with all of its name.
        lines = [f"{words} ({run.name})" for run, words in told]
        self.figures["kept"].setToolTip("\n".join(lines))
        said = (self._stop.words if self._stop is not None else "", words.get("kept", ""))
        self.loss.setAccessibleDescription("; ".join(filter(None, said)))
        self._tell_kind()

    def _tell_kind(self) -> None:
        """Say what loss it is, and why no other."""
        batches = self.frame is not None and self.frame.of_batches
        title = tr("{what} over the epochs", what=tr("Loss"))
        why = ""
        if batches:
            title += " " + tr("(mean of the last batches)")
            why = tr(
                "Of more than {n} samples the loss of all is not taken while the network trains; "
                "shown is a running mean over the last batches.",
                n=f"{MOST_EVALUATED:,}",
            )
        self._tell_judged()
        if title == self.loss.title:
            return
        self.loss.title, self.loss.short = title, tr("Loss")
        self.loss.setAccessibleName(title)
        hint = tr("Wheel to zoom, drag to move, double click to see everything")
        self.loss.setToolTip("\n".join(filter(None, (why, hint))))
        self.figures["loss"].setToolTip(why)
        self.loss.update()

    def _tell_judged(self) -> None:
        """Say by which samples accuracy and test loss of a large set are judged."""
        judged = self.frame is not None and bool(self.frame.judged)
        why = ""
        title = tr("{what} over the epochs", what=tr("Accuracy"))
        if judged:
            title += " " + _judged_by()
            why = tr(
                "Of a set of more than {n} samples, accuracy and test loss are taken of {some} "
                "that lie evenly spread in it, so that training goes on.",
                n=f"{MOST_EVALUATED:,}",
                some=f"{JUDGED:,}",
            )
        self.figures["accuracy"].setToolTip(why)
        self.figures["test_loss"].setToolTip(why)
        if title != self.accuracy.title:
            self.accuracy.title, self.accuracy.short = title, tr("Accuracy")
            self.accuracy.setAccessibleName(title)
            self.accuracy.update()

    # --- dress and language -----------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("Loss and accuracy"))
        self.log.setText(tr("Log axis"))
        self.clear.setText(tr("Clear earlier runs"))
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


def _judged_by() -> str:
    return tr("(of {n} samples)", n=f"{JUDGED:,}")
