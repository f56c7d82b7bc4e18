"""My parts, below the gates: drag one to the canvas, or press Enter on it; Delete asks first.

It is there only where there are parts. It says what is wanted; the window answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import tr
from bpstudio.ui import tips
from bpstudio.ui.section import Section

if TYPE_CHECKING:
    from bpstudio.ui.session import Session

ANY_HEIGHT = 16777215
"""Qt's QWIDGETSIZE_MAX: no limit."""
MOST_ROWS = 6
"""Rows before the list scrolls: the gates above want their room."""


class Parts(QWidget):
    """The list of parts under a heading that folds it away."""

    insert = Signal(str)
    """A part's key: put it in the middle of the canvas."""
    remove = Signal(str)
    """A part's key: delete it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parts")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.list = PartList()
        self.list.itemActivated.connect(lambda item: self._insert(item))
        self.list.removed.connect(self.remove)
        self.list.inserted.connect(self._insert)
        self.list.refused.connect(session.say)
        self.section = Section(lambda _: self.list, opened=True, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.section)
        self._read = False
        # Nobody knows yet whether there are any: an empty shelf must not flash up at the start.
        self.setMaximumHeight(0)
        self._retranslate()

    def fill(self) -> None:
        """Show the parts that there are now."""
        from bpstudio.ui import myparts

        self._read = True
        self.setMaximumHeight(ANY_HEIGHT)
        had = self.list.key()
        self.list.clear()
        for part in myparts.kept():
            item = QListWidgetItem(part.title)
            item.setData(Qt.ItemDataRole.UserRole, part.key)
            said = part.fault or myparts.said_of(part)
            item.setToolTip(tips.plain(said))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{part.title}, {said}")
            if part.fault:
                item.setForeground(self.palette().placeholderText())
                item.setData(Qt.ItemDataRole.UserRole + 1, part.fault)
            self.list.addItem(item)
            if part.key == had:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._fit()

    def _fit(self) -> None:
        rows = self.list.count()
        tall = max(self.list.sizeHintForRow(0), 22) if rows else 0
        self.list.setFixedHeight(min(rows, MOST_ROWS) * tall + 6)
        self.setVisible(bool(rows))

    def _insert(self, item: QListWidgetItem) -> None:
        if fault := item.data(Qt.ItemDataRole.UserRole + 1):
            self._session.say(fault)
        else:
            self.insert.emit(item.data(Qt.ItemDataRole.UserRole))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._read:
            # Reading the folder must not keep the window from being painted.
            QTimer.singleShot(0, self, self.fill)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            if self._read:
                self.fill()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self._read:
            self._fit()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.section.set_title(tr("My parts"))
        self.list.setAccessibleName(tr("My parts"))
        self.list.setAccessibleDescription(
            tr("Enter puts a part into the graph, Delete deletes it after a question.")
        )


class PartList(QListWidget):
    """The parts; what is dragged out of it is the graph's text, as on the clipboard."""

    inserted = Signal(QListWidgetItem)
    removed = Signal(str)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragDropMode(QListWidget.DragDropMode.DragOnly)
        # As far from the edge as the gates above.
        self.setViewportMargins(8, 0, 8, 4)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def key(self) -> str:
        """The current part's key, "" for none."""
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        from bpstudio.files.parts import BadPart, load_part
        from bpstudio.ui import clips, myparts

        try:
            mime = clips.mime_of(
                load_part(myparts.folder(), items[0].data(Qt.ItemDataRole.UserRole))
            )
        except BadPart as fault:
            self.refused.emit(str(fault))
            return QMimeData()
        mime.setData(clips.PART, items[0].text().encode())
        return mime

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.key():
            self.removed.emit(self.key())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.inserted.emit(self.currentItem())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # The window has a shortcut on Delete; here it means the part.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Delete
        ):
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.itemAt(event.pos()) or self.currentItem()
        event.accept()
        if item is None:
            return
        self.setCurrentItem(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        insert = menu.addAction(tr("Put into the middle"))
        insert.triggered.connect(lambda _=False: self.inserted.emit(item))
        remove = menu.addAction(tr("Delete …"))
        remove.triggered.connect(lambda _=False: self.removed.emit(self.key()))
        menu.popup(event.globalPos())
