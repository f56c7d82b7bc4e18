"""The table of samples: every input a column, every sample a row.

What is typed or pasted stands in the table only; OK hands all of it over as one edit, or says by
name which column is at fault. A column with a number in its first row alone is the same for all
samples.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import edits
from bpstudio.core.graph import GraphError
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.reading import sources_of
from bpstudio.ui.sampletable import BadTable, SampleTable


class Cells(QTableView):
    """The table with the keys of a spreadsheet."""

    def __init__(self, commands: Mapping[str, Callable[[], None]]) -> None:
        super().__init__()
        self._commands = commands
        self.setObjectName("samples_table")
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.appearance().changed.connect(self._size)
        self._size()

    def _size(self, _: object = None) -> None:
        """Room for what is typed, as Large mode has it."""
        self.horizontalHeader().setDefaultSectionSize(theme.px(96))
        self.verticalHeader().setDefaultSectionSize(theme.px(32))

    def go_to(self, row: int, column: int) -> None:
        """Select one cell, whatever keys are held down: after Ctrl+V Qt would select no other."""
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self.model().index(row, column), flag)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._commands["paste"]()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._commands["copy"]()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._commands["clear"]()
        elif is_done(event):
            self._commands["done"]()
        elif event.key() == Qt.Key.Key_Insert:
            self._commands["add"]()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


def is_done(event: QKeyEvent) -> bool:
    """Ctrl+Enter: Enter alone takes a cell's text, and would close the table too early."""
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class Samples(QDialog):
    """Beside the work, for one document."""

    def __init__(self, parent: QWidget, document: Document) -> None:
        super().__init__(parent)
        self.setObjectName("samples")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Samples"))
        self.resize(theme.room(self, 560, 420))
        self.document = document
        self.fault = QLabel()
        self.fault.setObjectName("fault")
        self.table = SampleTable(document.committed, self._refuse)
        commands = {
            "paste": self.paste,
            "copy": self.copy,
            "clear": self._clear,
            "add": self.add,
            "done": self.accept,
        }
        self.cells = Cells(commands)
        self.cells.setModel(self.table)
        self.cells.setAccessibleName(tr("Samples: a row for each, a column for each input"))
        self._lay_out()
        if self.table.columnCount():
            row = min(document.reading.sample, self.table.rowCount() - 1)
            self.cells.go_to(row, 0)
        self.cells.setFocus()

    # --- what its buttons do ----------------------------------------------------------------

    def add(self) -> None:
        """One more sample, below the one that the keyboard is at."""
        at = self.cells.currentIndex()
        try:
            row = self.table.add_row(at.row())
        except BadTable as fault:
            self._refuse(str(fault))
            return
        self.cells.go_to(row, max(0, at.column()))
        self.cells.setFocus()

    def remove(self) -> None:
        """Take the selected samples away."""
        self.table.remove_rows([index.row() for index in self.cells.selectedIndexes()])
        self.cells.setFocus()

    def paste(self) -> None:
        """Put in what a spreadsheet copied."""
        at = self.cells.currentIndex()
        place = max(0, at.row()), max(0, at.column())
        try:
            self.table.paste(QGuiApplication.clipboard().text(), *place)
        except BadTable as fault:
            self._refuse(str(fault))
            return
        self._refuse("")
        self.cells.go_to(*place)

    def copy(self) -> None:
        """Copy the selected cells, for a spreadsheet."""
        chosen = self.cells.selectedIndexes()
        rows, columns = sorted({i.row() for i in chosen}), sorted({i.column() for i in chosen})
        lines = [
            "\t".join(str(self.table.index(r, c).data()).replace("−", "-") for c in columns)
            for r in rows
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def no_batch(self) -> None:
        """Keep one sample's numbers only."""
        self.table.keep_only(max(0, self.cells.currentIndex().row()))
        self.cells.go_to(0, 0)
        self.cells.setFocus()

    def accept(self) -> None:
        try:
            patch = edits.set_samples(self.document.committed, self.table.columns_read())
            self.document.do(patch)
        except (BadTable, GraphError) as fault:
            self._refuse(str(fault))
            return
        if patch:
            self.document.say(patch.label)
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_done(event):
            self.accept()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _clear(self) -> None:
        cells = [(i.row(), i.column()) for i in self.cells.selectedIndexes()]
        self.table.clear_cells(cells)

    def _refuse(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        if sentence:
            self.document.say(sentence)

    # --- its parts --------------------------------------------------------------------------

    def _lay_out(self) -> None:
        hint = QLabel(
            tr(
                "Each column is an input, each row a sample. A column with its first row alone "
                "is the same for all samples."
            )
        )
        hint.setObjectName("quiet")
        for label in (hint, self.fault):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.fault.hide()
        self.buttons = {
            "add": _button(tr("&Add a sample"), self.add),
            "remove": _button(tr("&Remove"), self.remove),
            "paste": _button(tr("&Paste"), self.paste),
            "no_batch": _button(tr("&No batch"), self.no_batch),
        }
        self.buttons["no_batch"].setToolTip(tr("Keep the numbers of this sample only"))
        tools, ends = QHBoxLayout(), QHBoxLayout()
        for button in self.buttons.values():
            tools.addWidget(button)
        tools.addStretch(1)
        done = self.buttons["ok"] = _button(tr("OK"), self.accept)
        done.setObjectName("primary")
        done.setToolTip("Ctrl+Enter")
        leave = self.buttons["cancel"] = _button(tr("Cancel"), self.reject)
        ends.addStretch(1)
        ends.addWidget(leave)
        ends.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(hint)
        column.addLayout(tools)
        column.addWidget(self.cells, 1)
        column.addWidget(self.fault)
        column.addLayout(ends)


def show_samples(parent: QWidget, document: Document) -> Samples | None:
    """Open the table for a document; a graph without an input is told so."""
    if not sources_of(document.committed):
        document.say(tr("Samples are numbers of inputs; add an input first."))
        return None
    made = Samples(parent, document)
    made.open()
    return made


def _button(text: str, run: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _=False: run())
    return button
