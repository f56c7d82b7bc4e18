"""Train the graph that is drawn: what learns, on which data, towards which loss, and how fast.

Beside the work, for one document. Marking an input is an edit of the graph; everything else here
is a wish that the trainer hears at the next play.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import edits, numbers
from bpstudio.core.graph import GraphError, Node, Patch
from bpstudio.language import tr, trn
from bpstudio.nn.data import DATASETS
from bpstudio.nn.drawn import OWN, DrawnError, DrawnTrainer
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Choice
from bpstudio.ui import icons, theme
from bpstudio.ui.changes import structural
from bpstudio.ui.trainer import drawndata
from bpstudio.ui.trainer.curves import Curves
from bpstudio.ui.trainer.drawndata import NONE, OFFERED, PANEL, SAMPLES, SOURCES, TABLE, Columns
from bpstudio.ui.trainer.drawnrun import DrawnRun, fault_node
from bpstudio.ui.trainer.engine import Frame
from bpstudio.ui.trainer.foot import Foot
from bpstudio.ui.trainer.host import DRAWN
from bpstudio.ui.trainer.noticebar import NoticeBar
from bpstudio.ui.trainer.tablereading import Reading
from bpstudio.ui.trainer.transport import BUTTONS, PACES

if TYPE_CHECKING:
    from bpstudio.nn.table import Table
    from bpstudio.ui.document import Document
    from bpstudio.ui.window import Window

MOST_ROWS = 500
"""Inputs that are listed; of more, the first ones."""
RATE, BATCH, EASY = 0.1, 10, 100
"""Where one begins; so many updates per second can be followed by eye."""
TITLED = ("loss", "data", "optimizer", "rate", "batch", "pace")


class DrawnPanel(QDialog):
    """Wishes on the left, the run below; closing it leaves what was learned in the graph."""

    def __init__(self, window: Window, document: Document) -> None:
        super().__init__(window)
        self.setObjectName(DRAWN)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window, self.document = window, document
        self.run: DrawnRun | None = None
        self.columns = Columns()
        self.source = NONE
        self.bindings: dict[str, str] = {}
        self._stale = True
        self.reading = Reading(self)
        self.reading.moved.connect(lambda share: self.progress.setValue(round(1000 * share)))
        self.reading.done.connect(self.use_table)
        self.reading.failed.connect(self._table_failed)
        self._make_parts()
        self._lay_out()
        self.retranslate()
        document.patched.connect(self._patched)
        window.session.closed.connect(self._closed)
        self.resize(theme.room(self, 520, 760))
        has = drawndata.of_samples(document.committed)
        self._begin_with(SAMPLES if has.values else NONE)

    # --- parts ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.loss, self.data, self.optimizer = QComboBox(), QComboBox(), QComboBox()
        self.loss.setObjectName("drawn_loss")
        self.loss.activated.connect(lambda _: self._loss_chosen())
        self.data.setObjectName("drawn_data")
        self.data.activated.connect(lambda _: self.use_source(self.data.currentData()))
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.said.setObjectName("quiet")
        self.said.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.hide()
        self.inputs = QTableWidget(0, 3)
        self.inputs.setObjectName("drawn_inputs")
        self.inputs.verticalHeader().hide()
        header = self.inputs.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.inputs.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.inputs.setMinimumHeight(theme.px(170))
        rows = self.inputs.verticalHeader()
        rows.setDefaultSectionSize(theme.px(38))
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.inputs.currentCellChanged.connect(self._point_at)
        self.learns: dict[str, QCheckBox] = {}
        self.takes: dict[str, QComboBox] = {}
        self.optimizer.activated.connect(lambda _: self._changed())
        self.rate = QLineEdit(numbers.exact(RATE))
        self.rate.setObjectName("drawn_rate")
        self.rate.editingFinished.connect(self._changed)
        self.batch = QSpinBox()
        self.batch.setRange(1, 1_000_000)
        self.batch.setValue(BATCH)
        self.batch.setKeyboardTracking(False)
        self.batch.valueChanged.connect(self._changed)
        self.shuffle = QCheckBox()
        self.shuffle.setChecked(True)
        self.shuffle.toggled.connect(self._changed)
        self.pace = QComboBox()
        self.pace.setObjectName("drawn_pace")
        self.pace.activated.connect(lambda _: self._set_pace())
        self.notice = NoticeBar()
        self.notice.rewound.connect(self.rewind)
        self.curves, self.foot = Curves(), Foot()
        self.curves.setMinimumHeight(theme.px(160))
        # A graph's loss has no accuracy; how long it takes shows once there is a limit.
        self.curves.accuracy.hide()
        self.foot.progress.hide()
        self.foot.limited.connect(self._limit)
        self.buttons: dict[str, QToolButton] = {}
        for key, icon, _ in BUTTONS:
            button = self.buttons[key] = QToolButton()
            button.setObjectName(f"drawn_{key}")
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(20, 20))
            button.clicked.connect(lambda _=False, key=key: getattr(self, key)())

    def _lay_out(self) -> None:
        form = self._form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.titles = {key: QLabel() for key in TITLED}
        form.addRow(self.titles["loss"], self.loss)
        form.addRow(self.titles["data"], self.data)
        how = QFormLayout()
        how.setHorizontalSpacing(12)
        how.setVerticalSpacing(6)
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
        play = QHBoxLayout()
        play.setSpacing(6)
        for button in self.buttons.values():
            play.addWidget(button)
        play.addWidget(self.foot, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addWidget(self.inputs, 2)
        column.addLayout(how)
        column.addWidget(self.notice)
        column.addLayout(play)
        column.addWidget(self.curves, 3)

    def _stand_aside(self) -> None:
        """At the window's right edge: the graph stays in sight."""
        area, screen = self._window.geometry(), self.screen().availableGeometry()
        left = max(screen.left(), min(area.right(), screen.right()) - self.width() - 12)
        top = max(screen.top(), min(area.top() + 64, screen.bottom() - self.height() - 40))
        self.move(left, top)

    # --- what is chosen ---------------------------------------------------------------------

    def _begin_with(self, source: str) -> None:
        self._fill_losses()
        self.use_source(source)

    def _fill_losses(self) -> None:
        """Every gate that computes; the selected one first, else the one that feeds nothing."""
        graph = self.document.committed
        gates = [
            key
            for key, node in graph.nodes.items()
            if (gate := graph.gate(node)) is not None and not gate.is_source
        ]
        ends = [key for key in gates if not graph.out_of(key)]
        chosen = self.loss.currentData()
        if chosen not in gates:
            picked = [key for key in gates if key in self.document.selection]
            seeded = [key for key in gates if key in graph.seeds]
            chosen = next(iter((*picked, *seeded, *ends[::-1], *gates)), None)
        with QSignalBlocker(self.loss):
            self.loss.clear()
            for key in (*ends, *(key for key in gates if key not in ends)):
                node = graph.nodes[key]
                gate = graph.gate(node)
                self.loss.addItem(f"{node.name} – {tr(gate.title) if gate else node.gate}", key)
            self.loss.setCurrentIndex(self.loss.findData(chosen))

    @property
    def loss_node(self) -> str:
        return self.loss.currentData() or ""

    def _loss_chosen(self) -> None:
        self._stale = True
        self._bind()

    def use_source(self, source: str) -> None:
        """Take the data from here."""
        if source == TABLE:
            kinds = f"{tr('Tables')} (*.csv *.tsv *.txt);;{tr('All files')} (*)"
            name, _ = QFileDialog.getOpenFileName(self, tr("Open a table"), "", kinds)
            if not name:
                self._show_source()
                return
            self.read_table(Path(name))
            return
        panel = self._window.training.panel
        if source == SAMPLES:
            self.use_columns(source, drawndata.of_samples(self.document.committed))
        elif source == PANEL and panel is not None:
            self.use_columns(source, drawndata.of_data(panel.problem_data))
        elif source in OFFERED:
            self.use_columns(source, drawndata.of_dataset(source))
        else:
            self.use_columns(NONE, Columns())

    def read_table(self, path: Path) -> None:
        """Take the data from a file, read beside the window."""
        self.progress.setValue(0)
        self.progress.show()
        self.said.setText(tr("Reading …"))
        self.reading.read(path)

    def use_table(self, table: Table) -> None:
        """Take the columns of numbers of a table that was read."""
        self.progress.hide()
        self.use_columns(TABLE, drawndata.of_table(table))

    def _table_failed(self, sentence: str) -> None:
        self.progress.hide()
        self._tell_columns()
        self.notice.tell(sentence)

    def use_columns(self, source: str, columns: Columns) -> None:
        """Bind the graph's inputs to these columns, by their names where they fit."""
        self.source, self.columns, self._stale = source, columns, True
        self.bindings = {}
        self._show_source()
        self._tell_columns()
        self._bind()

    def _show_source(self) -> None:
        with QSignalBlocker(self.data):
            self.data.setCurrentIndex(self.data.findData(self.source))

    def _tell_columns(self) -> None:
        if not self.columns.values:
            words = [tr("Every input keeps its own number; the graph learns from one sample.")]
        else:
            samples = trn("{n} sample", "{n} samples", self.columns.count)
            words = [f"{samples}: {', '.join(list(self.columns.values)[:12])}"]
        self.said.setText("\n".join([*words, *self.columns.notes]))

    def _bind(self) -> None:
        """A row for every input that the loss depends on."""
        graph, loss = self.document.committed, self.loss_node
        above = graph.upstream(loss) if loss in graph.nodes else frozenset()
        keys = [k for k, n in graph.nodes.items() if k in above and n.gate == "input"]
        guessed = drawndata.guessed(graph, loss, self.columns) if loss in graph.nodes else {}
        self.bindings = {key: self.bindings.get(key, guess) for key, guess in guessed.items()}
        self.learns, self.takes = {}, {}
        self.inputs.setRowCount(0)
        self.inputs.setRowCount(min(len(keys), MOST_ROWS))
        for row, key in enumerate(keys[:MOST_ROWS]):
            self._fill_row(row, key, graph.nodes[key])

    def _fill_row(self, row: int, key: str, node: Node) -> None:
        name = QTableWidgetItem(node.name)
        name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        name.setData(Qt.ItemDataRole.UserRole, key)
        self.inputs.setItem(row, 0, name)
        learns = self.learns[key] = QCheckBox(tr("learns"))
        learns.setChecked(bool(node.params.get("trainable")))
        learns.setAccessibleName(tr("{name} learns", name=node.name))
        learns.toggled.connect(lambda on, key=key: self._mark(key, on))
        self.inputs.setCellWidget(row, 1, learns)
        takes = self.takes[key] = QComboBox()
        takes.addItem(tr("its own number"), OWN)
        for column in self.columns.values:
            takes.addItem(column, column)
        takes.setAccessibleName(tr("What {name} takes", name=node.name))
        takes.setCurrentIndex(max(0, takes.findData(self.bindings.get(key, OWN))))
        takes.setEnabled(not learns.isChecked())
        takes.activated.connect(lambda _, key=key: self._bound(key))
        self.inputs.setCellWidget(row, 2, takes)

    def _mark(self, key: str, on: bool) -> None:
        try:
            self.document.do(edits.set_param(self.document.committed, key, "trainable", on))
        except GraphError as refused:
            self.notice.tell(str(refused))

    def _bound(self, key: str) -> None:
        self.bindings[key] = self.takes[key].currentData()
        self._stale = True

    def _point_at(self, row: int, *_: int) -> None:
        item = self.inputs.item(row, 0)
        if item is not None:
            self._show_node(str(item.data(Qt.ItemDataRole.UserRole)))

    # --- the graph changes ------------------------------------------------------------------

    def _patched(self, patch: Patch) -> None:
        if self.document.graph is not self.document.committed:
            return
        marked = any(
            isinstance(old, Node)
            and isinstance(new, Node)
            and (old.params.get("trainable"), old.label) != (new.params.get("trainable"), new.label)
            for old, new in patch.touched(Node)
        )
        if structural(patch) or marked:
            before = self.loss_node
            self._fill_losses()
            if self.source == SAMPLES:
                self.columns = drawndata.of_samples(self.document.committed)
            self._bind()
            # A run goes on with a graph that was edited; another loss or input needs a new one.
            self._stale = self._stale or before != self.loss_node or marked

    # --- playing ----------------------------------------------------------------------------

    def play(self) -> None:
        """Train, or pause."""
        if self.run is not None and self.run.playing:
            self.run.runner.play(False)
        elif (run := self._ready()) is not None:
            run.runner.play(True)

    def step(self) -> None:
        """One update."""
        if (run := self._ready()) is not None:
            run.runner.step()

    def epoch(self) -> None:
        """The rest of the epoch."""
        if (run := self._ready()) is not None:
            run.runner.epoch()

    def rewind(self) -> None:
        """Back to the numbers that the training began with."""
        self.notice.clear()
        if self.run is not None:
            self.run.runner.rewind()

    def _ready(self) -> DrawnRun | None:
        """The run as wished for, a new one where it must be; None where that is refused."""
        if self.run is not None and not self._stale:
            return self.run
        self.stop()
        try:
            trainer = DrawnTrainer(
                self.document.committed,
                self.loss_node,
                self.bindings,
                self.columns.values,
                **self._settings(),
            )
        except NetworkError as refused:
            self.refuse(str(getattr(refused, "reason", refused)), getattr(refused, "node", ""))
            return None
        except ValueError:
            self.refuse(tr("“{text}” is not a number.", text=self.rate.text()[:40]))
            return None
        self.notice.clear()
        canvas = self._window.tabs.canvas_of(self.document)
        self.run = DrawnRun(self.document, trainer, lambda: bool(canvas.tools.busy), self)
        self.run.framed.connect(self._framed)
        self.run.refused.connect(self.refuse)
        self.run.runner.limit(self.foot.limit.value())
        self._set_pace()
        self._stale = False
        return self.run

    def _settings(self) -> dict[str, Any]:
        return {
            "optimizer": Choice(self.optimizer.currentData()),
            "learning_rate": numbers.read(self.rate.text()),
            "batch": self.batch.value(),
            "shuffle": self.shuffle.isChecked(),
            "epochs": 1000,
        }

    def _changed(self, *_: object) -> None:
        """Rules of the run change while it goes on."""
        if self.run is None or self._stale:
            return
        try:
            wanted = self._settings()
        except ValueError:
            self.refuse(tr("“{text}” is not a number.", text=self.rate.text()[:40]))
            return
        spec = self.run.trainer.spec
        wanted = {key: value for key, value in wanted.items() if getattr(spec, key) != value}
        if wanted:
            self.notice.clear()
            self.run.runner.change(**wanted)

    def _limit(self, epochs: int) -> None:
        if self.run is not None:
            self.run.runner.limit(epochs)

    def _set_pace(self) -> None:
        if self.run is not None:
            self.run.runner.pace(self.pace.currentData())

    def stop(self) -> None:
        """Let a run go; what it learned stays in the graph."""
        if self.run is not None:
            run, self.run = self.run, None
            self._keep_curve(run)
            run.close()
            run.deleteLater()

    def _keep_curve(self, run: DrawnRun) -> None:
        if run.frame is not None:
            self.curves.keep(tr("before"), run.frame.curve)

    def _framed(self, frame: Frame) -> None:
        self.curves.show_frame(frame)
        self.foot.show_frame(frame)
        self._show_playing(frame.playing)
        if frame.fault and self.run is not None:
            if self.notice.words.text() != frame.fault or self.notice.isHidden():
                self.notice.tell(frame.fault, rewind=True)
                self._show_node(fault_node(self.run.trainer))
        elif frame.refusal:
            self.notice.tell(frame.refusal)
        elif self.notice.offers_rewind:
            self.notice.clear()

    def _show_playing(self, playing: bool) -> None:
        words = tr("Pause") if playing else tr("Train")
        button = self.buttons["play"]
        if button.accessibleName() != words:
            button.setIcon(icons.icon("pause" if playing else "play"))
            button.setToolTip(words)
            button.setAccessibleName(words)

    # --- refusals ---------------------------------------------------------------------------

    def refuse(self, sentence: str, node: str = "") -> None:
        """Say why not, and show the gate that it is about."""
        self.notice.tell(sentence)
        self.document.say(sentence)
        self._show_node(node)

    def _show_node(self, node: str) -> None:
        if node and node in self.document.committed.nodes:
            self.document.select([node])
            self._window.tabs.canvas_of(self.document).reveal(node)

    # --- end, language ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Enter takes a number; it must not press a button as well.
            event.accept()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._stand_aside()

    def _closed(self, document: Document) -> None:
        if document is self.document:
            self.close()

    def done(self, result: int) -> None:
        self._end()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        super().closeEvent(event)

    def _end(self) -> None:
        self.reading.stop()
        self.stop()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setWindowTitle(tr("Train this graph: {name}", name=self.document.title))
        words = {
            "loss": tr("Loss"),
            "data": tr("Data"),
            "optimizer": tr("Optimizer"),
            "rate": tr("Learning rate"),
            "batch": tr("Batch"),
            "pace": tr("Updates per second"),
        }
        parts: dict[str, QWidget] = {
            "loss": self.loss,
            "data": self.data,
            "optimizer": self.optimizer,
            "rate": self.rate,
            "batch": self.batch,
            "pace": self.pace,
        }
        for key, title in words.items():
            self.titles[key].setText(title)
            self.titles[key].setBuddy(parts[key])
            parts[key].setAccessibleName(title)
        self.shuffle.setText(tr("Shuffle"))
        self.inputs.setAccessibleName(tr("What each input takes"))
        self.inputs.setHorizontalHeaderLabels([tr("Input"), tr("Training"), tr("Takes")])
        self.progress.setAccessibleName(tr("Progress"))
        for key, _, title in BUTTONS:
            self.buttons[key].setToolTip(tr(title))
            self.buttons[key].setAccessibleName(tr(title))
        self.buttons["play"].setAccessibleName("")
        self._show_playing(False)
        self._fill_choices()

    def _fill_choices(self) -> None:
        with QSignalBlocker(self.data), QSignalBlocker(self.optimizer):
            self.data.clear()
            for key, title in SOURCES.items():
                if key != PANEL or self._window.training.panel is not None:
                    self.data.addItem(tr(title), key)
            self.data.addItem(tr("A table from a file …"), TABLE)
            for key in OFFERED:
                self.data.addItem(tr(DATASETS[key].title), key)
            self.data.setCurrentIndex(self.data.findData(self.source))
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


def open_drawn(window: Window) -> DrawnPanel | None:
    """Show the panel of the document that is looked at; one for each document."""
    document = window.document
    if document is None:
        return None
    for child in window.findChildren(DrawnPanel):
        if child.document is document:
            child.show()
            child.raise_()
            child.activateWindow()
            return child
    made = DrawnPanel(window, document)
    made.show()
    return made


__all__ = ["DrawnError", "DrawnPanel", "open_drawn"]
