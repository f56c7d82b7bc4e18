"""The graph as a list in the order it is computed, for the keyboard and the screen reader.

What the canvas can only draw, each row says in words: "multiply1: Multiply, inputs q and z,
value −12, gradient 1". Enter edits an input's value, F2 renames, Delete deletes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    Qt,
    QTimer,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeView,
    QWidget,
)

from bpstudio.core import edits
from bpstudio.core.graph import Node, Patch, Wire
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.panels.outlinerows import GRADIENT, NAME, VALUE, Digits, Rows
from bpstudio.ui.session import Session

USUAL = "−0.1234"
"""A number as long as most are."""
WIDEST = 84
"""Pixels of a column of numbers; less in a narrow panel."""


class Outline(QTreeView):
    """The panel: the list, selected together with the canvas."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outline")
        self._session = session
        self._document: Document | None = None
        self._syncing = False
        self.rows = Rows(session, self)
        self.setModel(self.rows)
        for column in (VALUE, GRADIENT):
            self.setItemDelegateForColumn(column, Digits(self))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        header = self.header()
        header.setStretchLastSection(False)
        # Painting it asks for the flags of every selected cell, to mark a column that is selected
        # whole: seconds in a large graph, and no column is ever meant.
        header.setSelectionModel(QItemSelectionModel(self.rows, header))
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (VALUE, GRADIENT):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self.selectionModel().selectionChanged.connect(self._chosen)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh)
        self._stale = False
        session.settings.changed.connect(self._numbers)
        theme.appearance().changed.connect(self._dress)
        self._size()
        self._retranslate()

    def show_document(self, document: Document | None) -> None:
        """Look at this document."""
        if self._document is not None:
            self._document.patched.disconnect(self._patched)
            self._document.traced.disconnect(self._numbers)
            self._document.stepped.disconnect(self._numbers)
            self._document.reread.disconnect(self._reread)
            self._document.selected.disconnect(self._follow)
        self._document = document
        if document is not None:
            document.patched.connect(self._patched)
            document.traced.connect(self._numbers)
            document.stepped.connect(self._numbers)
            document.reread.connect(self._reread)
            document.selected.connect(self._follow)
        self._stale = True
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size()

    def _size(self) -> None:
        """Numbers need their room; names take what is left, and are cut where there is little."""
        self.header().setMinimumSectionSize(theme.px(24))
        font = theme.font(theme.length(12), bold=True, italic=True)
        number = QFontMetrics(font).horizontalAdvance(USUAL) + theme.px(20)
        for column in (VALUE, GRADIENT):
            needed = max(number, self.header().sectionSizeHint(column))
            wide = max(needed, min(theme.px(WIDEST), round(0.29 * self.width())))
            self.header().resizeSection(column, min(wide, round(0.38 * self.width())))

    def _dress(self, _: object = None) -> None:
        self._size()
        self._numbers()

    # --- following the document -------------------------------------------------------------

    def _patched(self, patch: Patch) -> None:
        born_or_dead = any(a is None or b is None for a, b in patch.touched(Node))
        if born_or_dead or any(True for _ in patch.touched(Wire)):
            self._stale = True
            self._soon.start()
        # Names and numbers wait for the trace, which follows every patch.

    def _reread(self, _: object) -> None:
        self.header().headerDataChanged(Qt.Orientation.Horizontal, GRADIENT, GRADIENT)
        self._soon.start()

    def _numbers(self, _: object = None) -> None:
        self._soon.start()

    def _refresh(self) -> None:
        if self._stale:
            self._stale = False
            self._syncing = True
            self.rows.read(self._document)
            self._syncing = False
            self._follow(self._document.selection if self._document is not None else ())
        elif self.isVisible():
            self.rows.numbers_changed(*self._in_sight())

    def _in_sight(self) -> tuple[int, int]:
        """The first and the last row to be seen: the view asks about every row that changed, and
        what is out of sight is read when it comes into sight."""
        first = self.indexAt(QPoint(0, 0)).row()
        last = self.indexAt(QPoint(0, self.viewport().height() - 1)).row()
        return max(0, first), last if last >= 0 else len(self.rows.ids) - 1

    def _follow(self, ids: Iterable[str]) -> None:
        """Mark the rows of the document's selection."""
        if self._syncing:
            return
        self._syncing = True
        chosen = QItemSelection()
        places = sorted(self.rows.row[key] for key in ids if key in self.rows.row)
        for first, last in _runs(places):
            chosen.select(self.rows.index(first, NAME), self.rows.index(last, GRADIENT))
        model = self.selectionModel()
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            top = self.rows.index(places[0], NAME)
            if model.currentIndex().row() not in places:
                model.setCurrentIndex(top, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(top)
        self._syncing = False

    def _chosen(self) -> None:
        if self._syncing or self._document is None:
            return
        self._syncing = True
        self._document.select(self.chosen_ids())
        self._syncing = False

    def chosen_ids(self) -> list[str]:
        """The ids of the marked rows."""
        return [self.rows.ids[index.row()] for index in self.selectionModel().selectedRows(NAME)]

    # --- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # The window has shortcuts on these keys; in the list they mean the list's row.
        own = (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Return)
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in own:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            return  # The open field hands its Enter on to here once it has taken it.
        key = event.key()
        here = self.currentIndex()
        if key == Qt.Key.Key_F2 and here.isValid():
            self.edit(here.siblingAtColumn(NAME))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here.isValid():
            value = here.siblingAtColumn(VALUE)
            if self.rows.flags(value) & Qt.ItemFlag.ItemIsEditable:
                self.edit(value)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        else:
            super().keyPressEvent(event)

    def _delete(self) -> None:
        document, ids = self._document, self.chosen_ids()
        if document is None or not ids:
            return
        row = min(self.rows.row[key] for key in ids)
        document.do(edits.delete(document.committed, ids))
        self._soon.stop()
        self._refresh()
        if self.rows.ids:
            self.setCurrentIndex(self.rows.index(min(row, len(self.rows.ids) - 1), NAME))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Outline"))
        self.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 2)
        self.rows.numbers_changed()


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours: Qt takes milliseconds for a range, whatever its
    length, and seconds for as many single rows as a large graph has."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            yield rows[start], rows[at - 1]
            start = at
