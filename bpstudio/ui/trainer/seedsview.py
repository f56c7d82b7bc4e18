"""The seeds page: many runs of the panel's network at once, over seeds or learning rates.

One curve says little: another seed gives another. Here are the median, the band of the middle 80%,
and the best; a click takes its seed or learning rate into the panel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import numbers
from bpstudio.language import N_, tr
from bpstudio.nn.checking import MOST_PARAMETERS
from bpstudio.nn.faults import NetworkError, TrainingError
from bpstudio.nn.many import MOST, Many, is_plain
from bpstudio.nn.spec import Spec
from bpstudio.ui import theme as themes
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.trainer import captions
from bpstudio.ui.trainer.background import Desk
from bpstudio.ui.trainer.bandplot import Band, BandPlot
from bpstudio.ui.trainer.fields import RATES
from bpstudio.ui.trainer.lab import Content
from bpstudio.ui.trainer.plot import Line
from bpstudio.ui.trainer.runbar import RunBar
from bpstudio.ui.trainer.seedstable import SeedsTable
from bpstudio.ui.trainer.views import Problem

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel

NETS, EPOCHS = 32, 30
SHARE = 0.8
"""Of the runs, that lie in the band."""
AWAY = 30.0
"""Times the loss at the start, beyond which a curve is not drawn."""
OVER = {"seeds": N_("Seeds"), "rates": N_("Learning rates")}
LOWEST, HIGHEST = 0.001, 3.0
LEGEND = (
    ("median", N_("median"), "accent"),
    ("band", N_("middle 80%"), "accent"),
    ("best", N_("best"), "functions"),
    ("chosen", N_("chosen"), "ink"),
)


@dataclass(frozen=True, eq=False)
class Shown:
    """How far the runs are: losses (epochs + 1, nets), their median and the band's edges."""

    losses: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray


def rates(low: float, high: float, count: int) -> tuple[float, ...]:
    """Learning rates evenly apart on a log axis, with three digits each."""
    return tuple(float(f"{rate:.3g}") for rate in np.geomspace(low, high, count))


def run_many(spec: Spec, over: str, values: tuple[float, ...], epochs: int, desk: Desk) -> object:
    """The work: all runs, epoch by epoch. Raises TrainingError."""
    if spec.network.count * len(values) > MOST_PARAMETERS:
        raise TrainingError(tr("So many nets of this size do not fit; take fewer or smaller ones."))
    if over == "seeds":
        many = Many(spec, seeds=[int(value) for value in values])
    else:
        many = Many(spec, learning_rates=values)
    for epoch in range(epochs):
        if desk.until():
            return None
        many.epoch()
        last = epoch + 1 == epochs
        desk.tell((epoch + 1) / epochs, _shown(many) if desk.quiet or last else None)
    return _shown(many)


def _shown(many: Many) -> Shown:
    with np.errstate(all="ignore"):
        return Shown(many.losses, many.median(), *many.band(SHARE))


class SeedsView(Content):
    """See the module."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self.panel = panel
        self.shown: Shown | None = None
        self.over = "seeds"
        self.values: tuple[float, ...] = ()
        self._of: Spec | None = None
        self._pointed = -1
        self.which, self.lowest, self.highest = QComboBox(), QComboBox(), QComboBox()
        for key in OVER:
            self.which.addItem("", key)
        for box, chosen in ((self.lowest, LOWEST), (self.highest, HIGHEST)):
            for rate in RATES:
                box.addItem(numbers.show(rate), rate)
            box.setCurrentIndex(RATES.index(chosen))
        self.count, self.epochs = QSpinBox(), QSpinBox()
        for spin, low, high, value in (
            (self.count, 2, MOST, NETS),
            (self.epochs, 1, 10**6, EPOCHS),
        ):
            spin.setRange(low, high)
            spin.setValue(value)
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.which.currentIndexChanged.connect(lambda _: self._suit())
        self.bar = RunBar()
        self.bar.wanted.connect(self.run)
        self.bar.job.told.connect(self._show)
        self.bar.job.ended.connect(self._finish)
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.plot = BandPlot()
        self.plot.set_log(True)
        self.table = SeedsTable()
        self.table.pointed.connect(self._point)
        self.table.taken.connect(self.take)
        self.legend = {key: QLabel() for key, _, _ in LEGEND}
        self._captions: dict[str, QLabel] = {}
        self._held: dict[str, QWidget] = {}
        self._lay_out()
        themes.appearance().changed.connect(self._dress)
        self.retranslate()

    def _lay_out(self) -> None:
        choices = QWidget()
        flow = FlowLayout(choices, gap=12)
        flow.setContentsMargins(12, 6, 12, 4)
        parts = {"which": self.which, "count": self.count, "lowest": self.lowest}
        for key, part in (parts | {"highest": self.highest, "epochs": self.epochs}).items():
            self._captions[key] = QLabel()
            self._held[key] = captions.under(self._captions[key], part)
            flow.addWidget(self._held[key])
        row = QHBoxLayout()
        row.setContentsMargins(12, 2, 12, 4)
        row.addWidget(self.bar, 1)
        left = QWidget()
        inner = QVBoxLayout(left)
        inner.setContentsMargins(4, 0, 0, 4)
        inner.setSpacing(2)
        names = QWidget()
        flowing = FlowLayout(names, gap=14)
        flowing.setContentsMargins(8, 0, 8, 0)
        for label in self.legend.values():
            flowing.addWidget(label)
        inner.addWidget(names)
        inner.addWidget(self.plot, 1)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.setChildrenCollapsible(False)
        across.addWidget(left)
        across.addWidget(self.table)
        across.setStretchFactor(0, 3)
        across.setStretchFactor(1, 1)
        across.setSizes([themes.px(700), themes.px(280)])
        self.note.setContentsMargins(12, 0, 12, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(choices)
        column.addWidget(self.note)
        column.addLayout(row)
        column.addWidget(across, 1)

    # --- running ----------------------------------------------------------------------------

    def begin(self, problem: Problem) -> None:
        """Another run in the panel; what is shown here may be of an earlier network."""
        self._say_note()

    def run(self) -> None:
        """Run them all; training pauses meanwhile."""
        panel, over = self.panel, self.which.currentData()
        assert panel.problem is not None
        spec = replace(panel.spec, data=panel.problem.data)
        count, epochs = self.count.value(), self.epochs.value()
        if over == "seeds":
            values: tuple[float, ...] = tuple(range(spec.seed, spec.seed + count))
        else:
            low, high = sorted((self.lowest.currentData(), self.highest.currentData()))
            if low == high:
                self.bar.refuse(tr("The lowest and the highest rate are the same."))
                return
            values = rates(low, high, count)
        panel.pause()
        self.over, self.values, self._of, self.shown = over, values, panel.spec, None
        self._pointed = -1
        self._say_table()
        self.table.begin(values)
        self._draw()
        self._say_note()
        self.bar.start(lambda desk: run_many(spec, over, values, epochs, desk))

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.table.show_losses(shown.losses[-1])
        self._draw()

    def _finish(self, shown: Shown | None) -> None:
        if shown is not None:
            self._show(shown)
        self.table.finish()
        self._say_note()

    def shut(self) -> None:
        """End what is at work."""
        self.bar.close_job()

    # --- one of them ------------------------------------------------------------------------

    def _point(self, run: int) -> None:
        self._pointed = run
        self._draw()

    def take(self, run: int) -> None:
        """Put its seed or its learning rate into the panel, at the start."""
        value, panel = self.values[run], self.panel
        try:
            if self.over == "seeds":
                panel.change(replace(panel.spec, seed=int(value)))
                said = tr("The panel’s seed is {n} now.", n=int(value))
            else:
                panel.change(replace(panel.spec, learning_rate=value))
                panel.rewind()
                said = tr("The panel’s learning rate is {n} now.", n=numbers.show(value))
        except NetworkError as refused:
            self.bar.refuse(str(getattr(refused, "reason", refused)))
            return
        self.bar.state.setText(said)

    # --- drawing ----------------------------------------------------------------------------

    def _draw(self) -> None:
        look, shown = themes.current(), self.shown
        if shown is None:
            self.plot.show_band(None)
            self.plot.show_lines(())
            return
        xs = np.arange(len(shown.losses), dtype=float)
        # A loss on its way to infinity would press all others flat.
        limit = AWAY * float(np.nanmax(shown.losses[0], initial=1e-9))
        losses = np.where(shown.losses <= limit, shown.losses, np.nan)
        median = np.where(shown.median <= limit, shown.median, np.nan)
        lines = [_line(xs, ys, look.line, 1.0, 0.25) for ys in losses.T]
        lines.append(_line(xs, median, look.accent, 2.4, 1.0, "median"))
        last = np.where(np.isnan(shown.losses[-1]), np.inf, shown.losses[-1])
        if np.isfinite(last).any():
            best = losses[:, int(last.argmin())]
            lines.append(_line(xs, best, look.functions, 1.8, 1.0, "best"))
        if 0 <= self._pointed < shown.losses.shape[1]:
            own = losses[:, self._pointed]
            lines.append(_line(xs, own, look.ink, 1.8, 1.0, "chosen"))
        low, high = (np.minimum(edge, limit) for edge in (shown.low, shown.high))
        self.plot.show_band(Band(xs, low, high, look.accent))
        self.plot.show_lines(lines)

    def _dress(self, _: object = None) -> None:
        look = themes.current()
        for key, title, role in LEGEND:
            self.legend[key].setStyleSheet(f"color: {getattr(look, role)}")
            self.legend[key].setText(("▒ " if key == "band" else "━ ") + tr(title))
        self._draw()

    # --- language ---------------------------------------------------------------------------

    def _suit(self) -> None:
        for key in ("lowest", "highest"):
            self._held[key].setVisible(self.which.currentData() == "rates")

    def _say_table(self) -> None:
        self.table.say(tr("Seed") if self.over == "seeds" else tr("Learning rate"))

    def _say_note(self) -> None:
        words = tr(
            "The same network and data, once per seed or learning rate. Click a row, or press "
            "Enter, to take it into the panel."
        )
        if self._of is not None and self._of.network != self.panel.spec.network:
            words = tr("These runs are of an earlier network.") + " " + words
        elif not is_plain(self.panel.spec):
            words += " " + tr("This network runs one by one, which takes longer.")
        self.note.setText(words)

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        for index, title in enumerate(OVER.values()):
            self.which.setItemText(index, tr(title))
        for key, words, part in (
            ("which", tr("Side by side over"), self.which),
            ("count", tr("Runs"), self.count),
            ("lowest", tr("From"), self.lowest),
            ("highest", tr("To"), self.highest),
            ("epochs", tr("Epochs"), self.epochs),
        ):
            self._captions[key].setText(words)
            part.setAccessibleName(words)
        self.bar.say(tr("Run all"))
        self.plot.title = tr("Loss over the epochs")
        self.plot.setAccessibleName(self.plot.title)
        self.table.setAccessibleName(tr("Runs side by side"))
        self._say_table()
        self._say_note()
        self._suit()
        self._dress()
        if self.shown is not None:
            self.table.show_losses(self.shown.losses[-1])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def _line(
    xs: np.ndarray, ys: np.ndarray, ink: str, width: float, alpha: float, name: str = ""
) -> Line:
    known = np.isfinite(ys)
    return Line(xs[known], ys[known], ink, width, alpha, name)
