"""A table from a file: what is learned from, what is predicted, and all that is done to it, said.

Nothing is scaled, filled or left out but by a choice that stands here, and the sentences below the
table name what that does, by line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import numbers
from bpstudio.language import N_, listed, tr, trn
from bpstudio.nn.faults import DataError
from bpstudio.nn.kept import about_samples
from bpstudio.nn.samples import MISSING, SCALINGS, Samples, samples_of
from bpstudio.nn.sniffing import Format
from bpstudio.nn.table import CATEGORY, NUMBER, TEXT, Column, Table
from bpstudio.ui import theme
from bpstudio.ui.trainer.tablereading import Reading

if TYPE_CHECKING:
    from bpstudio.ui.trainer.panel import TrainingPanel

ROW = 30
"""Height of a row: its number, in bold, with the air that the style sheet gives it."""
ROWS = 50
"""Rows that are shown."""
PROBLEMS = 200
"""Sentences about cells that are shown."""
FAR = 10.0
"""Numbers further from 0 than this drive units into saturation, or take very many steps."""
MOST_CLASSES = 10
"""A column of so few whole numbers is offered as classes."""
KINDS = {NUMBER: N_("Numbers"), CATEGORY: N_("Categories"), TEXT: N_("Text, not used")}
SCALED = {
    "none": N_("As they are"),
    "standard": N_("Mean 0, spread 1"),
    "zero_to_one": N_("0 to 1"),
    "minus_one_to_one": N_("−1 to 1"),
}
FILLED = {
    "leave_out": N_("Leave the row out"),
    "mean": N_("Put in the mean"),
    "refuse": N_("Do not go on"),
}


def ask_for_table(panel: TrainingPanel) -> TableDialog | None:
    """Let a person pick a file and say what is learned from it; None when cancelled."""
    kinds = f"{tr('Tables')} (*.csv *.tsv *.txt);;{tr('All files')} (*)"
    name, _ = QFileDialog.getOpenFileName(panel, tr("Open a table"), "", kinds)
    if not name:
        return None
    dialog = TableDialog(panel, Path(name))
    dialog.open()
    return dialog


class TableDialog(QDialog):
    """Shows one file; "Learn" hands its samples to the panel."""

    def __init__(self, panel: TrainingPanel, path: Path) -> None:
        super().__init__(panel)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._panel, self.path = panel, path
        self.table: Table | None = None
        self.samples: Samples | None = None
        self.inputs: dict[str, QCheckBox] = {}
        self.reading = Reading(self)
        self.reading.moved.connect(lambda share: self.progress.setValue(round(share * 1000)))
        self.reading.done.connect(self.show_table)
        self.reading.failed.connect(self._refuse)
        self._make_parts()
        self._lay_out()
        self.resize(760, 640)
        self._set_busy(True)
        self.reading.read(path)

    # --- parts ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.setWindowTitle(tr("Learn from {file}", file=self.path.name))
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(tr("Progress"))
        self.header = QCheckBox(tr("The first row holds names"))
        self.header.clicked.connect(self._read_again)
        self.summary = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.summary.setObjectName("quiet")
        self.target = QComboBox()
        self.target.setAccessibleName(tr("Predict"))
        self.target.activated.connect(lambda _: self._target_chosen())
        self.classes = QCheckBox(tr("Its numbers are classes"))
        self.classes.toggled.connect(self._gather)
        self.missing = self._choices(FILLED, MISSING, tr("Where a value is missing"))
        self.scaling = self._choices(SCALED, SCALINGS, tr("Scale the inputs"))
        self.target_scaling = self._choices(SCALED, SCALINGS, tr("Scale what is predicted"))
        self.test = QSpinBox()
        self.test.setRange(0, 90)
        self.test.setValue(25)
        self.test.setSuffix(" %")
        self.test.setSingleStep(5)
        self.test.setAccessibleName(tr("Test data"))
        self.test.lineEdit().setTextMargins(6, 0, 0, 0)
        self.test.valueChanged.connect(self._gather)
        self.rows = QTableWidget()
        self.rows.setAccessibleName(tr("The first rows of the table"))
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        self.rows.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.said = QPlainTextEdit()
        self.said.setReadOnly(True)
        self.said.setMaximumHeight(130)
        self.said.setAccessibleName(tr("What is done to the table"))
        self.fault = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.fault.setObjectName("fault")
        self.fault.setWordWrap(True)
        self.learn = QPushButton(tr("Learn"))
        self.learn.setObjectName("primary")
        self.learn.setDefault(True)
        self.learn.clicked.connect(self.accept)
        self.cancel = QPushButton(tr("Cancel"))
        # Enter learns: "Learn" is grey while the file is read, and Qt would take "Cancel" for it.
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)

    def _choices(self, titles: dict[str, str], keys: tuple[str, ...], name: str) -> QComboBox:
        box = QComboBox()
        for key in keys:
            box.addItem(tr(titles[key]), key)
        box.setAccessibleName(name)
        box.activated.connect(lambda _: self._gather())
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        goal = QHBoxLayout()
        goal.addWidget(self.target, 1)
        goal.addWidget(self.classes)
        form.addRow(tr("Predict"), goal)
        form.addRow(tr("Where a value is missing"), self.missing)
        form.addRow(tr("Scale the inputs"), self.scaling)
        form.addRow(tr("Scale what is predicted"), self.target_scaling)
        form.addRow(tr("Test data"), self.test)
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.header)
        foot = QHBoxLayout()
        foot.addWidget(self.fault, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.learn)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.progress)
        column.addWidget(self.rows, 1)
        column.addLayout(form)
        column.addWidget(self.said)
        column.addLayout(foot)

    # --- reading ----------------------------------------------------------------------------

    def _set_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        for part in (self.header, self.target, self.missing, self.scaling, self.learn):
            part.setEnabled(not busy)
        if busy:
            self.summary.setText(tr("Reading …"))
            self.fault.clear()

    def _read_again(self) -> None:
        assert self.table is not None
        before = self.table.format
        given = Format(before.delimiter, self.header.isChecked(), before.decimal, before.encoding)
        self._set_busy(True)
        self.reading.read(self.path, given)

    def show_table(self, table: Table) -> None:
        """Show what was read and offer its last usable column as what to predict."""
        self.table = table
        self._set_busy(False)
        self.header.setChecked(table.format.header)
        rows = trn("{rows} row", "{rows} rows", table.rows, rows=f"{table.rows:,}")
        columns = trn("{n} column", "{n} columns", len(table.columns))
        self.summary.setText(f"{rows} · {columns}")
        self.target.clear()
        for column in table.columns:
            if column.kind != TEXT:
                self.target.addItem(column.name, column.name)
        self.target.setCurrentIndex(self.target.count() - 1)
        self._fill_rows(table)
        self._target_chosen()

    def _fill_rows(self, table: Table) -> None:
        """A row of switches, the kinds, and the first rows."""
        shown = min(ROWS, table.rows)
        self.rows.clear()
        self.rows.setColumnCount(len(table.columns))
        self.rows.setRowCount(shown + 2)
        self.rows.setHorizontalHeaderLabels([c.name for c in table.columns])
        lines = [tr("Learn from"), tr("Kind"), *map(str, table.lines[:shown].tolist())]
        self.rows.setVerticalHeaderLabels(lines)
        self.inputs = {}
        for place, column in enumerate(table.columns):
            box = self.inputs[column.name] = QCheckBox()
            box.setAccessibleName(tr("Learn from {column}", column=column.name))
            box.setChecked(column.kind != TEXT)
            box.setEnabled(column.kind != TEXT)
            box.toggled.connect(self._gather)
            self.rows.setItem(0, place, QTableWidgetItem())
            self.rows.setCellWidget(0, place, _middle(box))
            self.rows.setItem(1, place, QTableWidgetItem(tr(KINDS[column.kind])))
            for row in range(shown):
                self.rows.setItem(row + 2, place, QTableWidgetItem(_cell(column, row)))

    def _refuse(self, sentence: str) -> None:
        self._set_busy(False)
        self.summary.clear()
        self.fault.setText(sentence)
        self.learn.setEnabled(False)

    # --- samples ----------------------------------------------------------------------------

    def _target_chosen(self) -> None:
        if self.table is None or not self.target.count():
            self._refuse(tr("This table has no column to predict."))
            return
        column = self.table.column(self.target.currentData())
        numeric = column.kind == NUMBER
        self.classes.setVisible(numeric)
        self.classes.blockSignals(True)
        self.classes.setChecked(numeric and looks_like_classes(column.values))
        self.classes.blockSignals(False)
        self._gather()

    def _gather(self, *_: object) -> None:
        """Make the samples as chosen now and say what that does."""
        if self.table is None:
            return
        goal = self.target.currentData()
        for place, (name, box) in enumerate(self.inputs.items()):
            kind = self.table.column(name).kind
            box.setEnabled(kind != TEXT and name != goal)
            # A tick would say that it is learned from itself.
            box.setVisible(name != goal)
            cell = self.rows.item(0, place)
            assert cell is not None
            cell.setText(tr("predicted") if name == goal else "")
        features = [n for n, box in self.inputs.items() if box.isChecked() and n != goal]
        as_classes = self.classes.isChecked() and not self.classes.isHidden()
        try:
            self.samples = samples_of(
                self.table,
                goal,
                features=features,
                as_category=(goal,) if as_classes else (),
                output="sigmoid",
                missing=self.missing.currentData(),
                scaling=self.scaling.currentData(),
                target_scaling=self.target_scaling.currentData(),
                test=self.test.value() / 100,
            )
        except DataError as error:
            self.samples = None
            self.fault.setText(str(error))
            self.learn.setEnabled(False)
            self._tell(())
            return
        self.fault.clear()
        self.learn.setEnabled(True)
        self.target_scaling.setEnabled(not self.samples.classes)
        self._tell((*self.samples.notes, *self._advice(self.samples)))

    def _advice(self, made: Samples) -> list[str]:
        """Where numbers as they stand will hardly be learned: said, not mended."""
        said = []
        data = made.data
        sizes = np.maximum(
            np.abs(data.inputs).max(axis=0, initial=0.0),
            np.abs(data.test_inputs.reshape(-1, data.inputs.shape[1])).max(axis=0, initial=0.0),
        )
        large = [n for n, size in zip(made.features, sizes.tolist(), strict=True) if size > FAR]
        if large and self.scaling.currentData() == "none":
            names = listed((f"“{name}”" for name in large), 4)
            said.append(
                tr(
                    "Large numbers in {names}: learning is slow unless they are scaled.",
                    names=names,
                )
            )
        size = max(
            float(np.abs(part).max(initial=0.0)) for part in (data.targets, data.test_targets)
        )
        if not made.classes and size > FAR and self.target_scaling.currentData() == "none":
            said.append(
                tr(
                    "“{name}” reaches {size}: it is learned slowly unless it is scaled.",
                    name=self.target.currentText(),
                    size=numbers.show(size, 3),
                )
            )
        return said

    def _tell(self, notes: tuple[str, ...]) -> None:
        assert self.table is not None
        found = [problem.sentence for problem in self.table.problems[:PROBLEMS]]
        more = self.table.problem_count - len(found)
        if more > 0:
            found.append(trn("and {n} more", "and {n} more", more))
        lines = [*notes, *found]
        if not lines and self.samples is not None:
            lines = [tr("Every value is used as it stands in the file.")]
        self.said.setPlainText("\n".join(lines))

    def accept(self) -> None:
        """Hand the samples over and close."""
        if self.samples is None:
            return
        made = self.samples
        words = self._words(made)
        self._panel.use_table(
            made.data,
            words,
            classes=made.classes,
            notes=made.notes,
            about=about_samples(made, words),
        )
        super().accept()

    def _words(self, made: Samples) -> str:
        said = tr(
            "{file}: {outputs} from {inputs}",
            file=self.path.name,
            outputs=self.target.currentText(),
            inputs=listed(made.features, 6),
        )
        if not made.left_out:
            return said
        return f"{said} · " + trn("{n} row left out", "{n} rows left out", made.left_out)

    def done(self, result: int) -> None:
        self.reading.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reading.stop()
        super().closeEvent(event)


def looks_like_classes(values: np.ndarray) -> bool:
    """Whether numbers are few whole ones, as class numbers are."""
    known = values[~np.isnan(values)]
    if not known.size or (known != np.rint(known)).any():
        return False
    return bool(1 < np.unique(known[:100_000]).size <= MOST_CLASSES)


def _cell(column: Column, row: int) -> str:
    value = column.values[row]
    if column.kind == NUMBER:
        return "" if np.isnan(value) else numbers.exact(float(value))
    return column.texts[int(value)] if 0 <= value < len(column.texts) else ""


def _middle(box: QCheckBox) -> QWidget:
    held = QWidget()
    row = QHBoxLayout(held)
    row.setContentsMargins(6, 0, 0, 0)
    row.addWidget(box)
    row.addStretch(1)
    return held
