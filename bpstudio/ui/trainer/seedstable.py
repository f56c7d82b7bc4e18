"""The runs side by side as a table: what each started from, its loss at the end, which is best."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes


class _Number(QTableWidgetItem):
    """Sorted by its number, whatever it says; runs that ran away come last."""

    def __init__(self) -> None:
        super().__init__()
        self.number = math.inf
        self.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_number(self, number: float, words: str) -> None:
        self.number = number if number == number else math.inf
        self.setText(words)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return isinstance(other, _Number) and self.number < other.number


LEAST = 230
"""The table's least width, px."""


class SeedsTable(QTableWidget):
    """`pointed` follows the keys and the mouse, `taken` a click or Enter; both carry the run."""

    pointed = Signal(int)
    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        modes = QHeaderView.ResizeMode
        for column, mode in enumerate(
            (modes.ResizeToContents, modes.ResizeToContents, modes.Stretch)
        ):
            self.horizontalHeader().setSectionResizeMode(column, mode)
        self.setMinimumWidth(themes.px(LEAST))
        self.setMinimumHeight(themes.px(100))
        self.currentCellChanged.connect(lambda row, *_: self.pointed.emit(self._run(row)))
        self.cellClicked.connect(lambda row, _: self._take(row))

    def begin(self, values: tuple[float, ...]) -> None:
        """A row for each run."""
        self.setSortingEnabled(False)
        self.clearSelection()
        self.setCurrentCell(-1, -1)
        self.setRowCount(len(values))
        for row, value in enumerate(values):
            items = (_Number(), _Number(), QTableWidgetItem())
            items[0].show_number(value, numbers.show(value))
            items[0].setData(Qt.ItemDataRole.UserRole, row)
            items[2].setFlags(items[0].flags())
            for column, item in enumerate(items):
                self.setItem(row, column, item)

    def show_losses(self, losses: np.ndarray) -> None:
        """The newest loss of every run."""
        known = np.where(np.isnan(losses), np.inf, losses)
        best = int(known.argmin()) if np.isfinite(known).any() else -1
        self.setSortingEnabled(False)
        # The view hears of all rows at once: one by one, they cost more than all the training.
        model = self.model()
        blocked = model.blockSignals(True)
        for row in range(self.rowCount()):
            run = self._run(row)
            loss = float(losses[run])
            item, note = self.item(row, 1), self.item(row, 2)
            assert isinstance(item, _Number)
            assert note is not None
            item.show_number(loss, numbers.show(loss, 4) if math.isfinite(loss) else "—")
            away = "" if math.isfinite(loss) else tr("ran away")
            note.setText(tr("★ best") if run == best else away)
        model.blockSignals(blocked)
        if self.rowCount():
            model.dataChanged.emit(model.index(0, 1), model.index(self.rowCount() - 1, 2))

    def finish(self) -> None:
        """Let it be sorted by its headings, best first."""
        self.horizontalHeader().setSortIndicator(1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.make_room()

    def make_room(self) -> None:
        """Be wide enough for what is said of a run: which is the best must not need scrolling."""
        wide = sum(self.sizeHintForColumn(column) for column in range(3)) + 3 * themes.px(14)
        heads = sum(self.horizontalHeader().sectionSizeHint(column) for column in (0, 1))
        wide = max(wide, heads + self.sizeHintForColumn(2) + themes.px(14))
        bar = self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        self.setMinimumWidth(max(themes.px(LEAST), wide + bar))

    def _run(self, row: int) -> int:
        item = self.item(row, 0) if 0 <= row < self.rowCount() else None
        return -1 if item is None else int(item.data(Qt.ItemDataRole.UserRole))

    def _take(self, row: int) -> None:
        run = self._run(row)
        if run >= 0:
            self.taken.emit(run)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.currentRow())
            return
        super().keyPressEvent(event)

    def say(self, value: str) -> None:
        """Say the headings in the chosen language; the first is what differs."""
        self.setHorizontalHeaderLabels([value, tr("Loss"), ""])
