"""The rows of the outline: what each says of its node, and how its numbers are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bpstudio.core import edits
from bpstudio.core.edits.places import name_of
from bpstudio.core.graph import GraphError, Node
from bpstudio.core.numbers import exact, read_column, show, spelt
from bpstudio.core.shape import face
from bpstudio.core.standing import frames_round
from bpstudio.language import listed, tr
from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.reading import is_long
from bpstudio.ui.session import Session

if TYPE_CHECKING:
    from bpstudio.core.trace import Visible

Index = QModelIndex | QPersistentModelIndex
NAME, VALUE, GRADIENT = range(3)


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
        if role == Qt.ItemDataRole.ToolTipRole and column == NAME:
            said = [tr("in the frame {name}", name=name) for name in self._frames(node)]
            return "\n".join(said) or None
        if role == Qt.ItemDataRole.ToolTipRole:
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
            first, last = listed(names[:-1]), names[-1]
            parts.append(tr("inputs {names} and {last}", names=first, last=last))
        feeds = [graph.nodes[graph.wires[wire].target].name for wire in graph.out_of(node.id)]
        if feeds:
            parts.append(tr("feeds {names}", names=listed(feeds)))
        if value := self._number(node, VALUE, show):
            parts.append(tr("value {number}", number=value))
        if gradient := self._number(node, GRADIENT, show):
            said = f"{self._second()} {gradient}"
            parts.append(said if self.is_forward else tr("gradient {number}", number=gradient))
        parts += [tr("in the frame {name}", name=name) for name in self._frames(node)]
        return f"{node.name}: " + ", ".join(parts)

    def _frames(self, node: Node) -> list[str]:
        """The titles of the frames that a node stands in, innermost first."""
        assert self.document is not None
        graph = self.document.graph
        return [name_of(graph, note.id) for note in frames_round(graph, node)]

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
