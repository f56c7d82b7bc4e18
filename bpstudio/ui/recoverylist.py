"""The list of what was not saved: open it again, or delete it for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, Qt
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

from bpstudio import language
from bpstudio.language import tr
from bpstudio.ui import ask, theme
from bpstudio.ui.recovery import listed, time_of, title_of

if TYPE_CHECKING:
    from bpstudio.files.journal import Found
    from bpstudio.ui.recovery import Recovery


class RecoveryList(QDialog):
    """Shows the journals that nobody writes; Enter or a double click opens one."""

    def __init__(self, recovery: Recovery, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recovery_list")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._recovery = recovery
        self._found: tuple[Found, ...] = ()
        self.words = QLabel()
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
        self.resize(theme.room(self, 640, 400))
        self.retranslate()

    @property
    def chosen(self) -> list[Found]:
        """What is selected."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        return [self._found[row] for row in rows]

    def retranslate(self) -> None:
        """Say everything in the chosen language and read the folder anew."""
        self.setWindowTitle(tr("Unsaved work"))
        self.list.setAccessibleName(tr("Unsaved work"))
        self.list.setHeaderLabels([tr("Document"), tr("Last changed"), tr("Edits"), tr("Why")])
        self.open_button.setText(tr("Open"))
        self.delete_button.setText(tr("Delete …"))
        self.close_button.setText(tr("Close"))
        self._fill()

    def _fill(self) -> None:
        self._found = self._recovery.found()
        self.words.setText(
            tr("What was not saved is kept here; what you closed without saving, for 30 days.")
            if self._found
            else tr("There is nothing here: everything was saved.")
        )
        numbers = QLocale(language.current())
        self.list.clear()
        for one in self._found:
            why = tr("closed without saving") if one.closed else tr("the program ended")
            texts = [title_of(one), time_of(one.when), numbers.toString(one.edits), why]
            item = QTreeWidgetItem(self.list, texts)
            item.setToolTip(0, one.origin.path)
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight)
        if self._found:
            self.list.setCurrentItem(self.list.topLevelItem(0))
        for at in range(3):
            self.list.resizeColumnToContents(at)
            self.list.setColumnWidth(at, self.list.columnWidth(at) + theme.px(16))
        self._chosen_changed()

    def _chosen_changed(self) -> None:
        some = bool(self.list.selectedItems())
        self.open_button.setEnabled(some)
        self.delete_button.setEnabled(some)

    def _open(self) -> None:
        chosen = self.chosen
        if chosen and self._recovery.open(chosen):
            self.accept()
        else:
            self._fill()

    def _delete(self) -> None:
        chosen = self.chosen
        names = listed([title_of(one) for one in chosen])
        sentence = tr("Delete {names} for good?", names=names)
        if ask.about_deleting(self, sentence):
            self._recovery.forget(chosen)
            self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
