"""A list of documents that lie somewhere aside: open some of them again, or delete them for good.

What lies there, and what opening means, a Shelf says: unsaved work (recovery.py) and the earlier
versions of a file (earlier.py) each have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import tr
from bpstudio.ui import ask, theme, tips


@dataclass(frozen=True)
class Row:
    """One document: its texts by column, a tooltip, and what the shelf knows it by."""

    texts: Sequence[str]
    tip: str
    what: Any


class Shelf(Protocol):
    """What lies aside. All texts are in the chosen language."""

    numbers: frozenset[int]
    """The columns that hold numbers, set to the right."""

    def title(self) -> str: ...
    def columns(self) -> Sequence[str]: ...
    def words(self, *, empty: bool) -> str: ...
    def rows(self) -> Sequence[Row]: ...
    def open(self, chosen: Sequence[Any]) -> bool: ...
    def about_deleting(self, chosen: Sequence[Any]) -> str: ...
    def delete(self, chosen: Sequence[Any]) -> None: ...


class ShelfDialog(QDialog):
    """Shows a shelf; Enter or a double click opens a row."""

    def __init__(self, shelf: Shelf, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shelf")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shelf = shelf
        self._rows: Sequence[Row] = ()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAllColumnsShowFocus(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.itemActivated.connect(lambda _: self._open())
        self.list.itemSelectionChanged.connect(self._chosen_changed)
        self.open_button, self.delete_button = QPushButton(), QPushButton()
        self.close_button = QPushButton()
        self.open_button.setObjectName("primary")
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(self._open)
        self.delete_button.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.reject)
        self._arrange()
        self.resize(theme.room(self, 640, 400))
        self.retranslate()

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.delete_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addWidget(self.list, 1)
        column.addLayout(foot)

    @property
    def chosen(self) -> list[Any]:
        """What is selected, from above."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        return [self._rows[row].what for row in rows]

    def retranslate(self) -> None:
        """Say everything in the chosen language and look at the shelf anew."""
        self.setWindowTitle(self._shelf.title())
        self.list.setAccessibleName(self._shelf.title())
        self.list.setHeaderLabels(list(self._shelf.columns()))
        self.open_button.setText(tr("Open"))
        self.delete_button.setText(tr("Delete …"))
        self.close_button.setText(tr("Close"))
        self._fill()

    def _fill(self) -> None:
        self._rows = self._shelf.rows()
        self.words.setText(self._shelf.words(empty=not self._rows))
        self.list.clear()
        for row in self._rows:
            item = QTreeWidgetItem(self.list, list(row.texts))
            item.setToolTip(0, tips.plain(row.tip))
            for column in self._shelf.numbers:
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        if self._rows:
            self.list.setCurrentIndex(self.list.model().index(0, 0))
        for at in range(self.list.columnCount() - 1):
            self.list.resizeColumnToContents(at)
            self.list.setColumnWidth(at, self.list.columnWidth(at) + theme.px(16))
        self._chosen_changed()

    def _chosen_changed(self) -> None:
        some = bool(self.list.selectedItems())
        self.open_button.setEnabled(some)
        self.delete_button.setEnabled(some)

    def _open(self) -> None:
        chosen = self.chosen
        if chosen and self._shelf.open(chosen):
            self.accept()
        else:
            self._fill()

    def _delete(self) -> None:
        chosen = self.chosen
        question = self._shelf.about_deleting(chosen)
        if ask.about_deleting(self, self._shelf.title(), question):
            self._shelf.delete(chosen)
            self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
