"""The shortcut sheet, made from ACTIONS: every key there is, found by typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import N_, tr
from bpstudio.ui import theme
from bpstudio.ui.actions import ACTIONS, MENUS

# What the canvas and the stage answer without an entry in ACTIONS: (where, what, keys)
GESTURES = (
    ("canvas", N_("Move the selection"), N_("Arrow keys")),
    ("canvas", N_("Leave a gesture or a field"), N_("Esc")),
    ("canvas", N_("Add a gate by its name"), N_("Type its first letters")),
    ("canvas", N_("Move about"), N_("Middle button, or Space and drag")),
    ("canvas", N_("Zoom"), N_("Wheel")),
    ("palette", N_("Add the gate in the middle"), N_("Enter")),
    ("palette", N_("Place the gate with the next click"), N_("Space")),
    ("formula", N_("Build the graph"), N_("Enter")),
    ("formula", N_("Build it beside what is there"), N_("Shift+Enter")),
    ("timeline", N_("Step"), N_("Wheel or arrow keys")),
)
WHERE = {
    "canvas": N_("On the canvas"),
    "palette": N_("In the list of gates"),
    "formula": N_("In the formula bar"),
    "timeline": N_("On the time line"),
}


def sheet() -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings, each with (what, keys) rows, in the order of the menus."""
    made: dict[str, list[tuple[str, str]]] = {}
    for action in ACTIONS:
        if not action.shortcut:
            continue
        heading = WHERE["canvas"] if action.held == "canvas" else MENUS[action.menu]
        keys = " , ".join(_native(key) for key in (action.shortcut, *action.also))
        made.setdefault(plain_title(tr(heading)), []).append((plain_title(tr(action.title)), keys))
    for where, what, keys in GESTURES:
        made.setdefault(tr(WHERE[where]), []).append((tr(what), tr(keys)))
    return list(made.items())


class ShortcutSheet(QDialog):
    """A list that stays open beside the work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcut_sheet")
        self.resize(theme.room(self, 520, 640))
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QTreeWidget()
        self._sections: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        """Each heading with the rows below it."""
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(8)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setFrameShape(QTreeWidget.Shape.NoFrame)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self._fill()

    def rows(self) -> list[tuple[str, str]]:
        """The rows that the search leaves."""
        left = (item for _, items in self._sections for item in items if not item.isHidden())
        return [(item.text(0), item.text(1)) for item in left]

    def _fill(self) -> None:
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.search.setPlaceholderText(tr("Search commands and keys"))
        self.search.setAccessibleName(tr("Search commands and keys"))
        self.list.setAccessibleName(tr("Keyboard shortcuts"))
        self.list.clear()
        self._sections.clear()
        for title, rows in sheet():
            heading = QTreeWidgetItem([title])
            font = heading.font(0)
            font.setBold(True)
            heading.setFont(0, font)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addTopLevelItem(heading)
            items: list[QTreeWidgetItem] = []
            self._sections.append((heading, items))
            for what, keys in rows:
                item = QTreeWidgetItem(heading, [what, keys])
                items.append(item)
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
                item.setData(
                    0,
                    Qt.ItemDataRole.AccessibleTextRole,
                    tr("{what}: {keys}", what=what, keys=keys),
                )
        self.list.expandAll()
        self._filter(self.search.text())

    def _filter(self, typed: str) -> None:
        words = typed.lower().split()
        for heading, items in self._sections:
            left = 0
            for item in items:
                text = f"{item.text(0)} {item.text(1)}".lower()
                found = all(word in text for word in words)
                item.setHidden(not found)
                left += found
            heading.setHidden(not left)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def plain_title(title: str) -> str:
    """A menu title without its mnemonic: "&Save", and "打开(&O)…" as Chinese menus write it."""
    title = title.strip().removesuffix("…").strip()
    if title.endswith(")") and "(&" in title:
        title = title[: title.rindex("(&")]
    return title.replace("&", "").strip()
