"""The inputs of a drawn graph as a table: which of them learn, and what the others take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from bpstudio.core.graph import Graph, Node
from bpstudio.language import tr
from bpstudio.nn.drawn import OWN
from bpstudio.ui import theme
from bpstudio.ui.trainer.calm import calm

MOST_ROWS = 500
"""Inputs that are listed; of more, the first ones."""


class InputsTable(QTableWidget):
    """All signals carry the input's id first."""

    marked = Signal(str, bool)
    """It shall learn, or no more."""
    bound = Signal(str, str)
    """It shall take this column, or OWN."""
    pointed = Signal(str)
    """Its row was come to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setObjectName("drawn_inputs")
        # Tab goes on to the boxes in the cells and out of the table again; arrows go from cell
        # to cell.
        self.setTabKeyNavigation(False)
        self.learns: dict[str, QCheckBox] = {}
        self.takes: dict[str, QComboBox] = {}
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setMinimumHeight(theme.px(170))
        rows = self.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(theme.px(38))
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.currentCellChanged.connect(self._point_at)

    def show_inputs(
        self, graph: Graph, keys: list[str], columns: Iterable[str], bindings: Mapping[str, str]
    ) -> None:
        """A row for each of these inputs, of at most MOST_ROWS."""
        self.learns, self.takes = {}, {}
        self.setRowCount(0)
        self.setRowCount(min(len(keys), MOST_ROWS))
        offered = list(columns)
        for row, key in enumerate(keys[:MOST_ROWS]):
            self._fill_row(row, graph.nodes[key], offered, bindings.get(key, OWN))

    def _fill_row(self, row: int, node: Node, columns: list[str], taken: str) -> None:
        key = node.id
        name = QTableWidgetItem(node.name)
        name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        name.setData(Qt.ItemDataRole.UserRole, key)
        self.setItem(row, 0, name)
        learns = self.learns[key] = QCheckBox(tr("learns"))
        learns.setChecked(bool(node.params.get("trainable")))
        learns.setAccessibleName(tr("{name} learns", name=node.name))
        learns.toggled.connect(lambda on: self.marked.emit(key, on))
        self.setCellWidget(row, 1, learns)
        takes = self.takes[key] = QComboBox()
        takes.addItem(tr("its own number"), OWN)
        for column in columns:
            takes.addItem(column, column)
        takes.setAccessibleName(tr("What {name} takes", name=node.name))
        takes.setCurrentIndex(max(0, takes.findData(taken)))
        takes.setEnabled(not learns.isChecked())
        calm(takes)
        takes.activated.connect(lambda _: self.bound.emit(key, takes.currentData()))
        self.setCellWidget(row, 2, takes)

    def _point_at(self, row: int, *_: int) -> None:
        item = self.item(row, 0)
        if item is not None:
            self.pointed.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("What each input takes"))
        self.setHorizontalHeaderLabels([tr("Input"), tr("Training"), tr("Takes")])
