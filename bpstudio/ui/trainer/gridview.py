"""Deep nets compared before they learn: depth, activation, what is built in, initial weights.

One button runs all of them in the background; the table fills as they are finished. A cell shows
its layers below, and can be built for the data at hand.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import tr
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.grid import VARIANTS, Cell, Grid, run_grid
from bpstudio.nn.gridtext import to_csv, to_text
from bpstudio.nn.spec import Choice
from bpstudio.ui import ask
from bpstudio.ui import theme as themes
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.trainer import captions
from bpstudio.ui.trainer.background import Desk
from bpstudio.ui.trainer.fields import with_sizes
from bpstudio.ui.trainer.gridtable import GridTable, layers_of, title_of, words_of
from bpstudio.ui.trainer.layerplot import LayerPlot, Sizes
from bpstudio.ui.trainer.runbar import RunBar
from bpstudio.ui.trainer.several import Several

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel

DEPTHS = (2, 5, 10, 20, 50)
WEIGHTS = (
    Choice("gaussian", {"std": 0.01}),
    Choice("gaussian"),
    Choice("xavier"),
    Choice("he"),
    Choice("lecun"),
    Choice("orthogonal"),
)
START = Grid()
LOW = 620
"""Below this height the note and the table would press each other flat."""
KINDS = {"csv": to_csv, "txt": to_text}
"""Suffix -> what writes the table so."""


class GridView(QWidget):
    """See the module."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self.panel = panel
        self._chosen = False
        self.depths = Several(lambda: {n: str(n) for n in DEPTHS}, START.depths)
        self.activations = Several(
            lambda: {key: tr(entry.title) for key, entry in ACTIVATIONS.items()},
            START.activations,
        )
        self.variants = Several(
            lambda: {key: tr(title) for key, title in VARIANTS.items()}, START.variants
        )
        places = [n for n, choice in enumerate(WEIGHTS) if choice in START.initializers]
        self.weights = Several(lambda: {n: title_of(c) for n, c in enumerate(WEIGHTS)}, (*places,))
        self.width_, self.seeds = QSpinBox(), QSpinBox()
        for box, low, high, value in (
            (self.width_, 2, 400, START.width),
            (self.seeds, 1, 50, len(START.seeds)),
        ):
            box.setRange(low, high)
            box.setValue(value)
            box.lineEdit().setTextMargins(6, 0, 0, 0)
        self.captions = {"width": QLabel(), "seeds": QLabel()}
        self.bar = RunBar()
        self.bar.wanted.connect(self.run)
        self.bar.job.told.connect(self._add)
        self.bar.job.ended.connect(self._show_ended)
        self.export = QPushButton()
        self.export.setMenu(self._menu())
        self.export.setEnabled(False)
        self.table = GridTable()
        self.table.selectionModel().currentChanged.connect(self._show_cell)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.build = QPushButton()
        self.build.clicked.connect(self._build)
        self.build.setEnabled(False)
        self.plot = LayerPlot()
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        choices = QWidget()
        flow = FlowLayout(choices, gap=16)
        flow.setContentsMargins(12, 4, 12, 4)
        for part in (self.depths, self.activations, self.variants, self.weights):
            flow.addWidget(part)
        for key, box in (("width", self.width_), ("seeds", self.seeds)):
            flow.addWidget(captions.under(self.captions[key], box))
        row = QHBoxLayout()
        row.setContentsMargins(12, 2, 12, 4)
        row.setSpacing(10)
        row.addWidget(self.bar, 1)
        row.addWidget(self.export)
        over = QWidget()
        upper = QVBoxLayout(over)
        upper.setContentsMargins(12, 0, 12, 0)
        upper.setSpacing(4)
        upper.addWidget(self.note)
        upper.addWidget(self.table, 1)
        under = self._under = QWidget()
        lower = self._lower = QVBoxLayout(under)
        lower.setContentsMargins(12, 2, 12, 4)
        lower.setSpacing(4)
        told = QHBoxLayout()
        told.addWidget(self.words, 1)
        told.addWidget(self.build, 0, Qt.AlignmentFlag.AlignTop)
        lower.addLayout(told)
        lower.addWidget(self.plot, 1)
        down = QSplitter(Qt.Orientation.Vertical)
        down.setChildrenCollapsible(False)
        down.addWidget(over)
        down.addWidget(under)
        down.setStretchFactor(0, 3)
        down.setStretchFactor(1, 1)
        down.setSizes([3000, 1300])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(choices)
        column.addLayout(row)
        column.addWidget(down, 1)

    # --- running ----------------------------------------------------------------------------

    def grid(self) -> Grid:
        """What is chosen."""
        return replace(
            START,
            depths=self.depths.chosen,
            activations=self.activations.chosen,
            variants=self.variants.chosen,
            initializers=tuple(WEIGHTS[n] for n in self.weights.chosen),
            width=self.width_.value(),
            seeds=tuple(range(self.seeds.value())),
        )

    def run(self) -> None:
        """Compare what is chosen; training pauses meanwhile."""
        grid = self.grid()
        self.panel.pause()
        self.table.cells.begin(grid)
        self._show_cell(QModelIndex())
        self.export.setEnabled(False)

        def work(desk: Desk) -> object:
            found: list[Cell] = []

            def done(cells: tuple[Cell, ...], share: float) -> None:
                found.extend(cells)
                desk.tell(share, tuple(found))

            return run_grid(grid, desk.until, done)

        self.bar.start(work)

    def _add(self, cells: tuple[Cell, ...]) -> None:
        self.table.cells.add(cells)

    def _show_ended(self, result: object) -> None:
        self.export.setEnabled(bool(self.table.cells.cells))
        if result is not None and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.table.cells.index(0, 0))

    def _make_room(self) -> None:
        """In a low window what the table is gives way to the table, once it was read."""
        self.note.setVisible(not self._chosen or self.height() >= themes.length(LOW))
        # A splitter knows nothing of words that wrap: the curves under them would be cut.
        tall = self._lower.minimumHeightForWidth(self.width())
        self._under.setMinimumHeight(max(0, tall))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def shut(self) -> None:
        """End what is at work."""
        self.bar.close_job()

    # --- one cell ---------------------------------------------------------------------------

    def _show_cell(self, index: QModelIndex, _: object = None) -> None:
        cell = self.table.cells.cell(index)
        self._chosen = cell is not None
        self.build.setEnabled(cell is not None)
        if cell is None:
            self.words.setText(tr("Choose a cell to see its layers."))
            self.plot.show_lines(())
            self._make_room()
            return
        self.words.setText(words_of(cell))
        self._make_room()
        self.plot.show_lines(
            (
                Sizes(tr("activations’ spread"), cell.stds.tolist(), "value", "disc"),
                Sizes(tr("back-propagated"), cell.backpropagated.tolist(), "grad", "square"),
                Sizes(tr("weights’ gradient"), cell.gradients.tolist(), "losses", "triangle"),
            )
        )

    def _build(self) -> None:
        cell = self.table.cells.cell(self.table.currentIndex())
        if cell is None:
            return
        panel, grid = self.panel, self.table.cells.grid
        assert grid is not None
        sizes = panel.spec.network.sizes
        spec = with_sizes(panel.spec, (sizes[0], *[grid.width] * cell.depth, sizes[-1]))
        network = replace(
            spec.network,
            activation=cell.activation,
            batch_norm=cell.variant == "batch_norm",
            residual=cell.variant == "residual",
        )
        try:
            panel.change(replace(spec, network=network, initializer=cell.initializer))
        except NetworkError as refused:
            self.bar.refuse(str(getattr(refused, "reason", refused)))
            return
        said = tr("The network has {layers} now.", layers=layers_of(cell.depth))
        self.bar.state.setText(said)

    # --- export -----------------------------------------------------------------------------

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self._save, self._copy = menu.addAction(""), menu.addAction("")
        self._save.triggered.connect(self.save)
        self._copy.triggered.connect(self.copy)
        return menu

    def copy(self) -> None:
        """The table as text to the clipboard."""
        QGuiApplication.clipboard().setText(to_text(self.table.cells.cells))

    def save(self) -> None:
        """The table to a file that a person names."""
        kinds = {"csv": tr("Table for spreadsheets"), "txt": tr("Table as text")}
        path = ask.file_to_export(self, tr("deep nets"), kinds)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """The table to this file; as text where its suffix is no other."""
        from bpstudio.files import durable

        text = KINDS.get(path.suffix.lower().removeprefix("."), to_text)(self.table.cells.cells)
        try:
            durable.save(path, text.encode("utf-8"))
        except durable.SaveError as error:
            self.bar.refuse(str(error))

    # --- language ---------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.depths.say(tr("Layers"))
        self.activations.say(tr("Activation"))
        self.variants.say(tr("Built in"))
        self.weights.say(tr("Initial weights"))
        for key, words, box in (
            ("width", tr("Units per layer"), self.width_),
            ("seeds", tr("Seeds"), self.seeds),
        ):
            self.captions[key].setText(words)
            box.setAccessibleName(words)
        self.bar.say(tr("Compare"))
        self.export.setText(tr("Export"))
        self._save.setText(tr("Save the table …"))
        self._copy.setText(tr("Copy the table as text"))
        self.build.setText(tr("Build it for my data"))
        self.note.setText(
            tr(
                "Norms of the weights’ gradients before any training: the first hidden layer’s "
                "over the last one’s, and below both sizes, medians over the seeds. Sizes count "
                "before the ratio: tiny weights give a ratio near 1 and gradients of 1e−21."
            )
        )
        self.table.setAccessibleName(tr("Deep nets compared"))
        self.plot.title = tr("The chosen cell, layer by layer")
        self.plot.setAccessibleName(self.plot.title)
        self.table.viewport().update()
        self._show_cell(self.table.currentIndex())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
