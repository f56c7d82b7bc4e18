"""The graph as a list in the order it is computed, for the keyboard and the screen reader.

What the canvas can only draw, each row says in words: "multiply1: Multiply, inputs q and z,
value −12, gradient 1". Enter edits an input's value, F2 renames, Delete deletes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from bpstudio.core import edits
from bpstudio.core.graph import GraphError, Node, Patch, Wire
from bpstudio.core.numbers import exact, read_column, show, spelt
from bpstudio.core.shape import face
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.reading import is_long
from bpstudio.ui.session import Session

if TYPE_CHECKING:
    from bpstudio.core.trace import Visible

Index = QModelIndex | QPersistentModelIndex
NAME, VALUE, GRADIENT = range(3)
USUAL = "−0.1234"
"""A number as long as most are."""
WIDEST = 84
"""Pixels of a column of numbers; less in a narrow panel."""


class Rows(QAbstractTableModel):
    """One row per node, read from the document when it is looked at."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.document: Document | None = None
        self.ids: tuple[str, ...] = ()
        self.row: dict[str, int] = {}
        self._seen: tuple[object, object, Visible | None] = (None, None, None)

    def read(self, document: Document | None) -> None:
        """Take the nodes and their order anew."""
        self.beginResetModel()
        self.document = document
        self.ids = document.trace.plan.nodes if document is not None else ()
        self.row = {key: row for row, key in enumerate(self.ids)}
        self.endResetModel()

    def numbers_changed(self, first: int = 0, last: int | None = None) -> None:
        """Values, gradients or names of these rows are other ones; the rows are the same."""
        last = len(self.ids) - 1 if last is None else min(last, len(self.ids) - 1)
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, GRADIENT))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section != NAME:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("node"), tr("value"), self._second())[section]

    @property
    def is_forward(self) -> bool:
        """Whether the second number is no gradient but forward mode's derivative."""
        return self.document is not None and self.document.reading.is_forward

    def _second(self) -> str:
        """The heading of the second number."""
        if self.document is None or not self.is_forward:
            return tr("gradient")
        return f"d/d{self.document.graph.nodes[self.document.reading.source].name}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        node = self.node(index)
        if node is None:
            return flags
        assert self.document is not None
        gate = self.document.graph.gate(node)
        sourced = gate is not None and gate.is_source
        typed = sourced and not is_long(node.params.get("value"))
        if index.column() == NAME or (index.column() == VALUE and typed):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def node(self, index: Index) -> Node | None:
        """The node of a row; None while the rows wait for a deleted one to go."""
        if self.document is None or not 0 <= index.row() < len(self.ids):
            return None
        return self.document.graph.nodes.get(self.ids[index.row()])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(node) if column == NAME else self._number(node, column, show)
        if role == Qt.ItemDataRole.EditRole:
            if column == NAME:
                return node.name
            return spelt(node.params.get("value", 1.0)) if column == VALUE else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(node) if column == NAME else self._number(node, column, show)
        if role == Qt.ItemDataRole.ToolTipRole and column != NAME:
            return self._number(node, column, lambda value, _: exact(value))
        if role == Qt.ItemDataRole.TextAlignmentRole and column != NAME:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node, document = self.node(index), self.document
        if node is None or document is None or role != Qt.ItemDataRole.EditRole:
            return False
        text = str(value).strip()
        try:
            if index.column() == NAME:
                if text != node.name:
                    document.do(edits.rename(document.committed, node.id, text))
            else:
                document.do(edits.set_value(document.committed, node.id, read_column(text)))
        except GraphError as fault:
            document.say(str(fault))
            return False
        except ValueError:
            document.say(tr("“{text}” is not a number.", text=text[:40]))
            return False
        return True

    def spoken(self, node: Node) -> str:
        """The row as a screen reader says it."""
        assert self.document is not None
        graph = self.document.graph
        gate = graph.gate(node)
        parts = [gate.name if gate is not None else node.gate]
        into = graph.into(node.id)
        names = [graph.nodes[graph.wires[wire].source].name for wire in into.values()]
        if len(names) == 1:
            parts.append(tr("input {name}", name=names[0]))
        elif names:
            first, last = ", ".join(names[:-1]), names[-1]
            parts.append(tr("inputs {names} and {last}", names=first, last=last))
        feeds = [graph.nodes[graph.wires[wire].target].name for wire in graph.out_of(node.id)]
        if feeds:
            parts.append(tr("feeds {names}", names=", ".join(feeds)))
        if value := self._number(node, VALUE, show):
            parts.append(tr("value {number}", number=value))
        if gradient := self._number(node, GRADIENT, show):
            said = f"{self._second()} {gradient}"
            parts.append(said if self.is_forward else tr("gradient {number}", number=gradient))
        return f"{node.name}: " + ", ".join(parts)

    def _words(self, node: Node) -> str:
        assert self.document is not None
        gate = self.document.graph.gate(node)
        if gate is None or gate.is_source:
            return node.name
        return f"{face(gate, node.params)}  {node.name}"

    def _number(self, node: Node, column: int, spell: Any) -> str:
        """A value or gradient as far as the step shown has computed it."""
        assert self.document is not None
        shown, plan = self.document.readout, self.document.trace.plan
        row = plan.row.get(node.id)
        if row is None:
            return ""
        visible = self._visible()
        if visible is not None and not (visible.values if column == VALUE else visible.grads)[row]:
            return ""
        figures = shown.figures
        value = float((figures.value if column == VALUE else figures.second)[row])
        if value != value and not plan.known[row]:
            return ""
        spread = "±" if figures.spread else ""
        return spread + str(spell(value, int(self._session.settings.get("digits"))))

    def shorter(self, index: Index) -> Iterator[str]:
        """A number with fewer and fewer digits."""
        node = self.node(index)
        if node is None:
            return
        for digits in range(int(self._session.settings.get("digits")) - 1, 0, -1):
            yield self._number(node, index.column(), lambda value, _, n=digits: show(value, n))

    def _visible(self) -> Visible | None:
        """What the step shown has computed, worked out once for all rows."""
        assert self.document is not None
        shown, step = self.document.readout, self.document.step
        if self._seen[:2] != (shown, step):
            self._seen = (shown, step, shown.visible(step))
        return self._seen[2]


class Digits(QStyledItemDelegate):
    """Draws values green and gradients red, which a style sheet would not let the model do."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        colours = theme.current()
        painter.save()
        model = index.model()
        assert isinstance(model, Rows)
        second = colours.tangent if model.is_forward else colours.grad
        painter.setPen(QColor(colours.value if index.column() == VALUE else second))
        painter.setFont(theme.font(theme.length(12), bold=True, italic=index.column() == GRADIENT))
        where = option.rect.adjusted(theme.px(4), 0, -theme.px(8), 0)
        metrics = painter.fontMetrics()
        # Fewer digits rather than dots: those would hide the exponent.
        words = next(
            (
                t
                for t in (text, *model.shorter(index))
                if metrics.horizontalAdvance(t) <= where.width()
            ),
            metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width()),
        )
        painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


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
