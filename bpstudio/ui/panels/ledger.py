"""Rows of a quantity's name at the left and its digits at the right, as in an account book.

Rows are kept and filled again, because they change with every pixel that a value is dragged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme, tips


class Entry(NamedTuple):
    """What one row shows. kind: "value", "local", "grad", "tangent", "plain" or "strong"."""

    title: str
    text: str
    kind: str = "plain"
    exact: str = ""


class Ledger(QWidget):
    """A column of rows; `show_entries` fills it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[Row] = []

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show exactly these rows."""
        while len(self._rows) < len(entries):
            row = Row()
            self._rows.append(row)
            self._column.addWidget(row)
        for row, entry in zip(self._rows, entries, strict=False):
            row.show_entry(entry)
            row.show()
        for row in self._rows[len(entries) :]:
            row.hide()
        self.setVisible(bool(entries))

    def entries(self) -> tuple[Entry, ...]:
        """What is shown now."""
        return tuple(row.entry for row in self._rows if not row.isHidden())


class Row(QWidget):
    """One row; its digits can be selected, its exact digits copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ledger_row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.entry = Entry("", "")
        self.title = QLabel()
        self.number = QLabel()
        for label in (self.title, self.number):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.number.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.number.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._copy = QAction(self.number)
        self._copy.triggered.connect(self.copy)
        self.number.addAction(self._copy)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.title, 1)
        line.addWidget(self.number)
        theme.appearance().changed.connect(self._size)
        self._size()

    def _size(self, _: object = None) -> None:
        self.setFixedHeight(theme.px(28))

    def show_entry(self, entry: Entry) -> None:
        """Fill the row."""
        self.entry = entry
        strong = entry.kind == "strong"
        colours = theme.current()
        ink = {
            "value": colours.value,
            "grad": colours.grad,
            "strong": colours.grad,
            "tangent": colours.tangent,
        }.get(entry.kind, colours.ink)
        self.title.setText(entry.title)
        self.title.setStyleSheet(
            f"color: {colours.ink if strong else colours.faint};"
            f"font-weight: {600 if strong else 400};"
        )
        weight = 400 if entry.kind == "plain" else 600
        self.number.setText(entry.text)
        self.number.setStyleSheet(f"color: {ink}; font-weight: {weight};")
        self.number.setToolTip(entry.exact if entry.exact != entry.text else "")
        self.title.setToolTip(tips.plain(entry.title))
        self.number.setAccessibleName(f"{entry.title}: {entry.exact or entry.text}")
        self._copy.setText(tr("Copy all digits"))
        self._copy.setVisible(bool(entry.exact))

    def copy(self) -> None:
        """Put the exact digits on the clipboard."""
        QGuiApplication.clipboard().setText(self.entry.exact or self.entry.text)
