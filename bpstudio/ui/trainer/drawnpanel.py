"""Train the graph that is drawn: what learns, on which data, towards which loss, and how fast.

Beside the work, for one document. Marking an input is an edit of the graph; everything else here
is a wish that the trainer hears at the next play.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QToolButton, QVBoxLayout

from bpstudio.core import edits
from bpstudio.core.graph import GraphError, Node, Patch
from bpstudio.language import tr
from bpstudio.nn import keptdrawn
from bpstudio.nn.drawn import OWN, DrawnError, DrawnTrainer
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.keptdrawn import Wishes
from bpstudio.ui import icons, theme
from bpstudio.ui.changes import structural
from bpstudio.ui.trainer import drawndata
from bpstudio.ui.trainer.curves import Curves
from bpstudio.ui.trainer.drawndata import KEPT, NONE, OFFERED, PANEL, SAMPLES, TABLE, Columns
from bpstudio.ui.trainer.drawnform import DrawnForm
from bpstudio.ui.trainer.drawnrun import DrawnRun, fault_node
from bpstudio.ui.trainer.engine import Frame
from bpstudio.ui.trainer.foot import Foot
from bpstudio.ui.trainer.host import DRAWN
from bpstudio.ui.trainer.noticebar import NoticeBar
from bpstudio.ui.trainer.tablereading import Reading
from bpstudio.ui.trainer.transport import BUTTONS

if TYPE_CHECKING:
    from bpstudio.nn.table import Table
    from bpstudio.ui.document import Document
    from bpstudio.ui.window import Window

MOST_KEPT = 1_000_000
"""Numbers of a table that a document keeps for its graph: as text they take up to 20 MB."""


class DrawnPanel(QDialog):
    """Wishes above, the run below; closing it leaves what was learned in the graph."""

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
        self.reading.done.connect(self.use_table)
        self.reading.failed.connect(self._table_failed)
        self._make_parts()
        self._lay_out()
        self.retranslate()
        document.patched.connect(self._patched)
        window.session.closed.connect(self._closed)
        self.resize(theme.room(self, 520, 760))
        self._begin()

    # --- parts ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        form = self.form = DrawnForm()
        form.loss_chosen.connect(self._loss_chosen)
        form.source_chosen.connect(self.use_source)
        form.ruled.connect(self._changed)
        form.paced.connect(self._set_pace)
        form.kept.connect(self._keep_or_drop)
        form.inputs.marked.connect(self._mark)
        form.inputs.bound.connect(self._bound)
        form.inputs.pointed.connect(self._show_node)
        self.reading.moved.connect(lambda share: form.progress.setValue(round(1000 * share)))
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
        play = QHBoxLayout()
        play.setSpacing(6)
        for button in self.buttons.values():
            play.addWidget(button)
        play.addWidget(self.foot, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.form, 2)
        column.addWidget(self.notice)
        column.addLayout(play)
        column.addWidget(self.curves, 1)

    def _stand_aside(self) -> None:
        """At the window's right edge: the graph stays in sight."""
        area, screen = self._window.geometry(), self.screen().availableGeometry()
        left = max(screen.left(), min(area.right(), screen.right()) - self.width() - 12)
        top = max(screen.top(), min(area.top() + 64, screen.bottom() - self.height() - 40))
        self.move(left, top)

    # --- what is chosen ---------------------------------------------------------------------

    def _begin(self) -> None:
        """With what the document keeps; else with its samples, where it has some."""
        self._fill_losses()
        if self.document.training is not None:
            try:
                self._take_wishes(
                    keptdrawn.of_document(self.document.training, self.document.tables)
                )
                return
            except NetworkError as refused:
                self.notice.tell(
                    tr("What was kept of the training cannot be used: {why}", why=refused)
                )
        has = drawndata.of_samples(self.document.committed)
        self.use_source(SAMPLES if has.values else NONE)

    def _take_wishes(self, wishes: Wishes) -> None:
        """Go on with the choices that the document keeps. Raises SpecError."""
        if wishes.source == KEPT:
            assert self.document.training is not None
            columns = drawndata.of_kept(self.document.training, self.document.tables)
            self.use_columns(KEPT, columns)
        else:
            self.use_source(wishes.source)
        self.form.show_wishes(wishes)
        self.foot.limit.setValue(wishes.epochs)
        self._bind(wishes.takes)
        if self.loss_node != wishes.loss:
            self.notice.tell(
                tr(
                    "The loss that was kept, {name}, is not in the graph any more.",
                    name=wishes.loss,
                )
            )

    def _fill_losses(self) -> None:
        self.form.show_losses(self.document.committed, self.document.selection)

    @property
    def loss_node(self) -> str:
        return self.form.loss_node

    def _loss_chosen(self) -> None:
        self._stale = True
        self._bind()

    def use_source(self, source: str) -> None:
        """Take the data from here."""
        if source == TABLE:
            kinds = f"{tr('Tables')} (*.csv *.tsv *.txt);;{tr('All files')} (*)"
            name, _ = QFileDialog.getOpenFileName(self, tr("Open a table"), "", kinds)
            if not name:
                self.form.show_source(self.source)
                return
            self.read_table(Path(name))
            return
        panel = self._window.training.panel
        kept = self.document.training
        if source == SAMPLES:
            self.use_columns(source, drawndata.of_samples(self.document.committed))
        elif source == PANEL and panel is not None:
            self.use_columns(source, drawndata.of_data(panel.problem_data))
        elif source == KEPT and kept is not None:
            self.use_columns(source, drawndata.of_kept(kept, self.document.tables))
        elif source in OFFERED:
            self.use_columns(source, drawndata.of_dataset(source))
        else:
            self.use_columns(NONE, Columns())

    def read_table(self, path: Path) -> None:
        """Take the data from a file, read beside the window."""
        self.form.show_reading()
        self.reading.read(path)

    def use_table(self, table: Table) -> None:
        """Take the columns of numbers of a table that was read."""
        self.use_columns(TABLE, drawndata.of_table(table))

    def _table_failed(self, sentence: str) -> None:
        self.form.show_columns(self.columns)
        self.notice.tell(sentence)

    def use_columns(self, source: str, columns: Columns) -> None:
        """Bind the graph's inputs to these columns, by their names where they fit."""
        self.source, self.columns, self._stale = source, columns, True
        self.bindings = {}
        self.form.show_source(source)
        self.form.show_columns(columns)
        self._bind()

    def _bind(self, wanted: Mapping[str, str] | None = None) -> None:
        """A row for every input that the loss depends on; `wanted` as far as there are columns."""
        graph, loss = self.document.committed, self.loss_node
        above = graph.upstream(loss) if loss in graph.nodes else frozenset()
        keys = [k for k, n in graph.nodes.items() if k in above and n.gate == "input"]
        guessed = drawndata.guessed(graph, loss, self.columns) if loss in graph.nodes else {}
        if wanted is not None:
            # What took its own number when it was kept does so again.
            known = {key: wanted.get(key, OWN) for key in guessed}
            self.bindings = {k: v for k, v in known.items() if v == OWN or v in self.columns.values}
        self.bindings = {key: self.bindings.get(key, guess) for key, guess in guessed.items()}
        self.form.inputs.show_inputs(graph, keys, self.columns.values, self.bindings)

    def _mark(self, key: str, on: bool) -> None:
        try:
            self.document.do(edits.set_param(self.document.committed, key, "trainable", on))
        except GraphError as refused:
            self.notice.tell(str(refused))

    def _bound(self, key: str, column: str) -> None:
        self.bindings[key] = column
        self._stale = True
        self.notice.clear()

    # --- kept in the document ---------------------------------------------------------------

    def _keep(self) -> None:
        """Put the choices into the document, which is to be saved then."""
        if not self.form.keep.isChecked():
            return
        try:
            rules = self.form.rules()
        except ValueError:
            return
        source = KEPT if self.source in (TABLE, PANEL) else self.source
        wishes = Wishes(
            self.loss_node,
            source,
            self.bindings,
            rules["optimizer"].kind,
            rules["learning_rate"],
            rules["batch"],
            rules["shuffle"],
            self.foot.limit.value(),
            self.form.pace.currentData(),
        )
        columns = self.columns.values if source == KEPT else {}
        if len(columns) * self.columns.count > MOST_KEPT:
            self.form.keep.setChecked(False)
            self.notice.tell(tr("The table is too large to be kept in the document."))
            return
        self.document.keep_training(*keptdrawn.to_document(wishes, columns, self.columns.goals))

    def _keep_or_drop(self, on: bool) -> None:
        if not on:
            self.document.keep_training(None, {})
        elif self.run is not None:
            self._keep()

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
            # What was missing may be there now.
            self.notice.clear()

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
                **self.form.rules(),
            )
        except NetworkError as refused:
            self.refuse(str(getattr(refused, "reason", refused)), getattr(refused, "node", ""))
            return None
        except ValueError:
            self.refuse(tr("“{text}” is not a number.", text=self.form.rate.text()[:40]))
            return None
        self.notice.clear()
        self._keep()
        canvas = self._window.tabs.canvas_of(self.document)
        self.run = DrawnRun(self.document, trainer, lambda: bool(canvas.tools.busy), self)
        self.run.framed.connect(self._framed)
        self.run.refused.connect(self.refuse)
        self.run.runner.limit(self.foot.limit.value())
        self._set_pace()
        self._stale = False
        return self.run

    def _changed(self, *_: object) -> None:
        """Rules of the run change while it goes on."""
        if self.run is None or self._stale:
            return
        try:
            wanted = self.form.rules()
        except ValueError:
            self.refuse(tr("“{text}” is not a number.", text=self.form.rate.text()[:40]))
            return
        spec = self.run.trainer.spec
        wanted = {key: value for key, value in wanted.items() if getattr(spec, key) != value}
        if wanted:
            self.notice.clear()
            self.run.runner.change(**wanted)
            self._keep()

    def _limit(self, epochs: int) -> None:
        if self.run is not None:
            self.run.runner.limit(epochs)
            self._keep()

    def _set_pace(self) -> None:
        if self.run is not None:
            self.run.runner.pace(self.form.pace.currentData())
            self._keep()

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
        self.form.retranslate(sources=self._sources(), source=self.source)
        for key, _, title in BUTTONS:
            self.buttons[key].setToolTip(tr(title))
            self.buttons[key].setAccessibleName(tr(title))
        self.buttons["play"].setAccessibleName("")
        self._show_playing(False)

    def _sources(self) -> frozenset[str]:
        """Where data can come from that are not there always."""
        found = {PANEL} if self._window.training.panel is not None else set()
        if self.document.training is not None and "use" in self.document.training.get("data", {}):
            found.add(KEPT)
        return frozenset(found)


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
