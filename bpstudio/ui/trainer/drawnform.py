"""What can be chosen for the training of a drawn graph: loss, data, inputs, and the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import numbers
from bpstudio.core.graph import Graph
from bpstudio.language import tr, trn
from bpstudio.nn.data import DATASETS
from bpstudio.nn.keptdrawn import KEPT, Wishes
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Choice
from bpstudio.ui.trainer.drawndata import OFFERED, PANEL, SOURCES, TABLE, Columns
from bpstudio.ui.trainer.drawninputs import InputsTable
from bpstudio.ui.trainer.transport import PACES

RATE, BATCH, EASY = 0.1, 10, 100
"""Where one begins; so many updates per second can be followed by eye."""
TITLED = ("loss", "data", "optimizer", "rate", "batch", "pace")


class DrawnForm(QWidget):
    """Shows what it is told and says what is chosen; it knows no document."""

    loss_chosen = Signal()
    source_chosen = Signal(str)
    ruled = Signal()
    """Another optimizer, rate, batch or order."""
    paced = Signal()
    kept = Signal(bool)
    """Whether the document shall keep all this."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss, self.data, self.optimizer = QComboBox(), QComboBox(), QComboBox()
        self.loss.setObjectName("drawn_loss")
        self.loss.activated.connect(lambda _: self.loss_chosen.emit())
        self.data.setObjectName("drawn_data")
        self.data.activated.connect(lambda _: self.source_chosen.emit(self.data.currentData()))
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.said.setObjectName("quiet")
        self.said.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.hide()
        self.inputs = InputsTable()
        self._make_rules()
        self.keep = QCheckBox()
        self.keep.setObjectName("drawn_keep")
        self.keep.setChecked(True)
        self.keep.toggled.connect(self.kept)
        self._lay_out()

    def _make_rules(self) -> None:
        self.optimizer.activated.connect(lambda _: self.ruled.emit())
        self.rate = QLineEdit(numbers.exact(RATE))
        self.rate.setObjectName("drawn_rate")
        self.rate.editingFinished.connect(self.ruled)
        self.batch = QSpinBox()
        self.batch.setRange(1, 1_000_000)
        self.batch.setValue(BATCH)
        self.batch.setKeyboardTracking(False)
        self.batch.valueChanged.connect(lambda _: self.ruled.emit())
        self.shuffle = QCheckBox()
        self.shuffle.setChecked(True)
        self.shuffle.toggled.connect(lambda _: self.ruled.emit())
        self.pace = QComboBox()
        self.pace.setObjectName("drawn_pace")
        self.pace.activated.connect(lambda _: self.paced.emit())

    def _lay_out(self) -> None:
        self.titles = {key: QLabel() for key in TITLED}
        what, how = QFormLayout(), QFormLayout()
        for form in (what, how):
            form.setHorizontalSpacing(12)
            form.setVerticalSpacing(6)
        what.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        what.addRow(self.titles["loss"], self.loss)
        what.addRow(self.titles["data"], self.data)
        for key, part, *more in (
            ("optimizer", self.optimizer, self.titles["rate"], self.rate),
            ("batch", self.batch, self.shuffle),
            ("pace", self.pace),
        ):
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(part, 1)
            for other in more:
                row.addWidget(other, int(other is not self.titles["rate"]))
            how.addRow(self.titles[key], row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(what)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addWidget(self.inputs, 1)
        column.addLayout(how)
        column.addWidget(self.keep)

    # --- what it shows ----------------------------------------------------------------------

    def show_losses(self, graph: Graph, selection: Iterable[str]) -> None:
        """Every gate that computes; the one chosen, else a selected one, else what feeds none."""
        gates = [
            key
            for key, node in graph.nodes.items()
            if (gate := graph.gate(node)) is not None and not gate.is_source
        ]
        ends = [key for key in gates if not graph.out_of(key)]
        chosen, selected = self.loss.currentData(), frozenset(selection)
        if chosen not in gates:
            picked = [key for key in gates if key in selected]
            seeded = [key for key in gates if key in graph.seeds]
            chosen = next(iter((*picked, *seeded, *ends[::-1], *gates)), None)
        with QSignalBlocker(self.loss):
            self.loss.clear()
            for key in (*ends, *(key for key in gates if key not in ends)):
                node = graph.nodes[key]
                gate = graph.gate(node)
                self.loss.addItem(f"{node.name} – {tr(gate.title) if gate else node.gate}", key)
            self.loss.setCurrentIndex(self.loss.findData(chosen))

    def show_source(self, source: str) -> None:
        with QSignalBlocker(self.data):
            self.data.setCurrentIndex(self.data.findData(source))

    def show_columns(self, columns: Columns) -> None:
        """Say which data there are."""
        self.progress.hide()
        if not columns.values:
            words = [tr("Every input keeps its own number; the graph learns from one sample.")]
        else:
            samples = trn("{n} sample", "{n} samples", columns.count)
            words = [f"{samples}: {', '.join(list(columns.values)[:12])}"]
        if columns.file:
            words.insert(0, tr("From {file}.", file=_wrapping(columns.file)))
        self.said.setText("\n".join([*words, *columns.notes]))

    def show_reading(self) -> None:
        """A table is being read."""
        self.progress.setValue(0)
        self.progress.show()
        self.said.setText(tr("Reading …"))

    def show_wishes(self, wishes: Wishes) -> None:
        """Put these choices in place, but for the data and what the inputs take of them."""
        for part in (self.loss, self.optimizer, self.batch, self.shuffle, self.pace, self.keep):
            part.blockSignals(True)
        if (place := self.loss.findData(wishes.loss)) >= 0:
            self.loss.setCurrentIndex(place)
        self.optimizer.setCurrentIndex(max(0, self.optimizer.findData(wishes.optimizer)))
        self.rate.setText(numbers.exact(wishes.learning_rate))
        self.batch.setValue(wishes.batch)
        self.shuffle.setChecked(wishes.shuffle)
        self.pace.setCurrentIndex(max(0, self.pace.findData(wishes.pace)))
        self.keep.setChecked(True)
        for part in (self.loss, self.optimizer, self.batch, self.shuffle, self.pace, self.keep):
            part.blockSignals(False)

    # --- what is chosen ---------------------------------------------------------------------

    @property
    def loss_node(self) -> str:
        """The id of the loss, "" where there is none."""
        return self.loss.currentData() or ""

    def rules(self) -> dict[str, Any]:
        """Fields of a specification. Raises ValueError where the rate is no number."""
        return {
            "optimizer": Choice(self.optimizer.currentData()),
            "learning_rate": numbers.read(self.rate.text()),
            "batch": self.batch.value(),
            "shuffle": self.shuffle.isChecked(),
            "epochs": 1000,
        }

    # --- language ---------------------------------------------------------------------------

    def retranslate(self, *, sources: frozenset[str], source: str) -> None:
        """Say everything in the chosen language; `sources` are those of SOURCES that there are."""
        words = {
            "loss": tr("Loss"),
            "data": tr("Data"),
            "optimizer": tr("Optimizer"),
            "rate": tr("Learning rate"),
            "batch": tr("Batch"),
            "pace": tr("Updates per second"),
        }
        for key, title in words.items():
            part: QWidget = getattr(self, key)
            self.titles[key].setText(title)
            self.titles[key].setBuddy(part)
            part.setAccessibleName(title)
        self.shuffle.setText(tr("Shuffle"))
        self.keep.setText(tr("Keep these choices in the document"))
        self.keep.setToolTip(
            tr("From the first update on; the document opens with them again, data included.")
        )
        self.inputs.retranslate()
        self.progress.setAccessibleName(tr("Progress"))
        self._fill_choices(sources, source)

    def _fill_choices(self, sources: frozenset[str], source: str) -> None:
        with QSignalBlocker(self.data), QSignalBlocker(self.optimizer):
            self.data.clear()
            for key, title in SOURCES.items():
                if key not in (PANEL, KEPT) or key in sources:
                    self.data.addItem(tr(title), key)
            self.data.addItem(tr("A table from a file …"), TABLE)
            for key in OFFERED:
                self.data.addItem(tr(DATASETS[key].title), key)
            self.data.setCurrentIndex(self.data.findData(source))
            pace = self.pace.currentData()
            self.pace.clear()
            for each in PACES:
                self.pace.addItem(f"{each:,}" if each else tr("Full speed"), each)
            self.pace.setCurrentIndex(self.pace.findData(EASY if pace is None else pace))
            chosen = self.optimizer.currentData()
            self.optimizer.clear()
            for key, entry in OPTIMIZERS.items():
                self.optimizer.addItem(tr(entry.title), key)
            self.optimizer.setCurrentIndex(max(0, self.optimizer.findData(chosen)))


def _wrapping(name: str) -> str:
    """A long name that may go on in the next line: it must not widen the window."""
    return "\N{ZERO WIDTH SPACE}".join(name[at : at + 20] for at in range(0, len(name), 20))
