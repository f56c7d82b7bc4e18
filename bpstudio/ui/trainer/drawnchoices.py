"""What a drawn graph is trained on: its loss, its data, what each input takes of them.

Shown in a DrawnForm, kept in the document where that is wished, and found there again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QSpinBox

from bpstudio.core import edits
from bpstudio.core.graph import GraphError
from bpstudio.language import tr
from bpstudio.nn import keptdrawn
from bpstudio.nn.drawn import OWN
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.keptdrawn import KEPT, NONE, SAMPLES, Wishes
from bpstudio.ui.trainer import drawndata
from bpstudio.ui.trainer.drawndata import OFFERED, PANEL, TABLE, Columns
from bpstudio.ui.trainer.drawnform import DrawnForm
from bpstudio.ui.trainer.tablereading import Reading

if TYPE_CHECKING:
    from bpstudio.nn.table import Table
    from bpstudio.ui.document import Document
    from bpstudio.ui.window import Window

MOST_KEPT = 1_000_000
"""Numbers of a table that a document keeps for its graph: as text they take up to 20 MB."""


class DrawnChoices(QObject):
    """One document's. `limit` is where the epochs are chosen, `running` whether there is a run:
    only then are the choices put into the document."""

    changed = Signal()
    """A run that was made before is not what is wished for any more."""
    refused = Signal(str)
    mended = Signal()
    """Something else was chosen: what was said of the choices before is over."""

    def __init__(
        self,
        window: Window,
        document: Document,
        form: DrawnForm,
        limit: QSpinBox,
        running: Callable[[], bool],
    ) -> None:
        super().__init__(form)
        self._window, self.document, self.form = window, document, form
        self.limit, self.running = limit, running
        self.columns = Columns()
        self.source = NONE
        self.bindings: dict[str, str] = {}
        self._file = ""
        self.reading = Reading(self)
        self.reading.done.connect(self.use_table)
        self.reading.failed.connect(self._table_failed)
        self.reading.moved.connect(lambda share: form.progress.setValue(round(1000 * share)))
        form.loss_chosen.connect(self._loss_chosen)
        form.source_chosen.connect(self.use_source)
        form.kept.connect(self._keep_or_drop)
        form.inputs.marked.connect(self._mark)
        form.inputs.bound.connect(self._bound)

    # --- what is chosen ---------------------------------------------------------------------

    def begin(self) -> None:
        """With what the document keeps; else with its samples, where it has some."""
        self.fill_losses()
        if self.document.training is not None:
            try:
                self._take_wishes(
                    keptdrawn.of_document(self.document.training, self.document.tables)
                )
                return
            except NetworkError as refused:
                self.refused.emit(
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
        self.limit.setValue(wishes.epochs)
        self.bind(wishes.takes)
        if self.loss_node != wishes.loss:
            self.refused.emit(
                tr(
                    "The loss that was kept, {name}, is not in the graph any more.",
                    name=wishes.loss,
                )
            )

    def fill_losses(self) -> None:
        self.form.show_losses(self.document.committed, self.document.selection)

    def follow_graph(self) -> None:
        """The graph was edited: other losses, inputs or samples."""
        self.fill_losses()
        if self.source == SAMPLES:
            self.columns = drawndata.of_samples(self.document.committed)
        self.bind()

    @property
    def loss_node(self) -> str:
        return self.form.loss_node

    def _loss_chosen(self) -> None:
        self.changed.emit()
        self.bind()

    def use_source(self, source: str) -> None:
        """Take the data from here."""
        if source == TABLE:
            kinds = f"{tr('Tables')} (*.csv *.tsv *.txt);;{tr('All files')} (*)"
            name, _ = QFileDialog.getOpenFileName(self.form, tr("Open a table"), "", kinds)
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
        # Its name alone: where somebody keeps a file is no business of a document.
        self._file = path.name
        self.reading.read(path)

    def use_table(self, table: Table) -> None:
        """Take the columns of numbers of a table that was read."""
        self.use_columns(TABLE, drawndata.of_table(table, self._file))

    def _table_failed(self, sentence: str) -> None:
        self.form.show_columns(self.columns)
        self.refused.emit(sentence)

    def use_columns(self, source: str, columns: Columns) -> None:
        """Bind the graph's inputs to these columns, by their names where they fit."""
        self.source, self.columns = source, columns
        self.changed.emit()
        self.bindings = {}
        self.form.show_source(source)
        self.form.show_columns(columns)
        self.bind()

    def bind(self, wanted: Mapping[str, str] | None = None) -> None:
        """A row for every input that the loss depends on; `wanted` as far as there are columns."""
        graph, loss = self.document.committed, self.loss_node
        above = graph.upstream(loss) if loss in graph.nodes else frozenset()
        keys = [k for k, n in graph.nodes.items() if k in above and n.gate == "input"]
        # As they stand on the paper: a file has them in another order than they were drawn in.
        keys.sort(key=lambda key: graph.nodes[key].at[::-1])
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
            self.refused.emit(str(refused))

    def _bound(self, key: str, column: str) -> None:
        self.bindings[key] = column
        self.changed.emit()
        self.mended.emit()

    # --- kept in the document ---------------------------------------------------------------

    def keep(self) -> None:
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
            self.limit.value(),
            self.form.pace.currentData(),
        )
        columns = self.columns.values if source == KEPT else {}
        if len(columns) * self.columns.count > MOST_KEPT:
            self.form.keep.setChecked(False)
            self.refused.emit(tr("The table is too large to be kept in the document."))
            return
        self.document.keep_training(*keptdrawn.to_document(wishes, columns, self.columns.goals))

    def _keep_or_drop(self, on: bool) -> None:
        if not on:
            self.document.keep_training(None, {})
        elif self.running():
            self.keep()

    # --- language ---------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.form.retranslate(sources=self._sources(), source=self.source)

    def _sources(self) -> frozenset[str]:
        """Where data can come from that are not there always."""
        found = {PANEL} if self._window.training.panel is not None else set()
        if self.document.training is not None and "use" in self.document.training.get("data", {}):
            found.add(KEPT)
        return frozenset(found)
