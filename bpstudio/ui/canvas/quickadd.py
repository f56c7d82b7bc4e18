"""Quick-add: type a few letters, get a gate. By name, by symbol, or by formula ("1/x", "σ").

A number offers a constant and an input of that value first. For a loose wire each port of a gate
whose ports differ, as those of x − y do, is an offer of its own.

`ranked` is the search, without Qt. The popup is a real child widget of the canvas: a field and a
list, closed by Esc, by a choice, or by looking elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core import numbers
from bpstudio.core.gate import Gate
from bpstudio.core.gates import GATES
from bpstudio.core.shape import face
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas.symbols import general_face
from bpstudio.ui.fieldkeys import FieldKeys
from bpstudio.ui.fuzzy import gaps_of

ROWS = 8
VALUED = ("constant", "input")
"""What a number offers: gates whose value it becomes."""
TOLD = 24
"""Characters of what was typed that are said again where nothing matches."""
_VALUE = Qt.ItemDataRole.UserRole + 1
_PORT = Qt.ItemDataRole.UserRole + 2
ICON = (48, 24)
"""Width and height of a gate's symbol in the list, screen px."""
_STYLE = """
#quick-add {{ background: {card}; border: 1px solid {edge}; border-radius: 10px; }}
#quick-add-title, #quick-add-nothing {{ color: {faint}; background: transparent; }}
#quick-add QListWidget {{ background: transparent; border: none; color: {ink}; }}
"""
SPOKEN = str.maketrans({"*": "×", "·": "×", "-": "−", "/": "÷"})
"""What a keyboard has for what a card shows."""


def ranked(
    typed: str, keys: Collection[str] | None = None, gates: Mapping[str, Gate] = GATES
) -> list[str]:
    """The keys of the gates that match what was typed, best first; all, in order, for nothing."""
    offered = [key for key in gates if keys is None or key in keys]
    wanted = typed.strip().lower()
    if not wanted:
        return offered
    scored = [
        (cost, n, key) for n, key in enumerate(offered) if (cost := _cost(wanted, gates[key]))
    ]
    return [key for *_, key in sorted(scored)]


def number_in(typed: str) -> float | None:
    """The finite number that was typed; None where it is none."""
    try:
        value = numbers.read(typed)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _cost(wanted: str, gate: Gate) -> float:
    """How far a gate is from what was typed, from 1; 0 where it does not match at all."""
    names = [gate.key.replace("_", " "), gate.key, gate.name.lower()]
    signs = [face(gate, gate.params).lower(), general_face(gate).lower()]
    formulas = [gate.value.replace(" ", "").lower()]
    plain = wanted.translate(SPOKEN)
    if wanted in names or wanted in signs or plain in signs:
        return 1.0
    tight = wanted.replace(" ", "")
    if tight in formulas:
        return 1.5
    starts = [name for name in names if name.startswith(wanted)]
    if starts:
        return 2.0 + 0.01 * min(map(len, starts))
    if any(word.startswith(wanted) for name in names for word in name.split()):
        return 3.0
    if any(wanted in text or plain in text for text in (*names, *signs)):
        return 4.0
    if any(tight in formula for formula in formulas):
        return 5.0
    gaps = [gap for name in names if (gap := gaps_of(tight, name)) is not None]
    return 6.0 + 0.1 * min(gaps) if gaps else 0.0


class QuickAdd(QFrame):
    """The popup. `open` offers gates and calls back with the chosen key, and with the number where
    one was typed or the port where ports are offered."""

    def __init__(self, parent: QWidget, icon: Callable[[str], QIcon] | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quick-add")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._icon = icon
        self._keys: Collection[str] | None = None
        self._gates: Mapping[str, Gate] = GATES
        self._ports = False
        self._chosen: Callable[..., None] | None = None
        self._closed: Callable[[], None] | None = None
        self.title = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        self.title.setObjectName("quick-add-title")
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Name, symbol or formula"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Gates that match"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel(self, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.nothing.setObjectName("quick-add-nothing")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for part in (self.title, self.field, self.list, self.nothing):
            column.addWidget(part)
        self.field.textChanged.connect(self._search)
        keys = FieldKeys(self, self.field, ROWS)
        keys.walked.connect(self._walk)
        keys.taken.connect(self.choose_current)
        keys.left.connect(self.close_quietly)
        self.list.itemClicked.connect(self._choose)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self._chosen is not None

    def offered(self) -> list[str]:
        """The gates offered now, best first."""
        return [self.list.item(n).data(Qt.ItemDataRole.UserRole) for n in range(self.list.count())]

    def open(
        self,
        at: QPoint,
        chosen: Callable[..., None],
        *,
        keys: Collection[str] | None = None,
        gates: Mapping[str, Gate] = GATES,
        title: str = "",
        typed: str = "",
        closed: Callable[[], None] | None = None,
        ports: bool = False,
    ) -> None:
        """Show the popup near a point of the parent, kept inside it."""
        self.close_quietly()
        self._gates, self._ports = gates, ports
        self._keys, self._chosen, self._closed = keys, chosen, closed
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.field.setAccessibleName(title or tr("Add a gate"))
        look = themes.current()
        self.list.setIconSize(QSize(themes.px(ICON[0]), themes.px(ICON[1])))
        self.setStyleSheet(
            _STYLE.format(card=look.card, edge=look.edge, faint=look.faint, ink=look.ink)
        )
        self.field.setText(typed)
        # It stands where all that is offered has room, and is as tall as what matches.
        self.setMinimumWidth(0)
        self._search("")
        self.setMinimumWidth(self.width())
        self.move(self._inside(at))
        self._search(typed)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_current(self) -> None:
        """Take the marked gate; nothing happens where nothing matches."""
        item = self.list.currentItem()
        if item is not None:
            self._choose(item)

    def close_quietly(self) -> None:
        """Close without a choice."""
        if self._chosen is not None:
            self._finish()

    # --- inside -----------------------------------------------------------------------------

    def _walk(self, way: int) -> None:
        last = self.list.count() - 1
        self.list.setCurrentRow(max(0, min(last, self.list.currentRow() + way)))

    def _search(self, typed: str) -> None:
        self.list.clear()
        value = number_in(typed)
        if value is not None:
            for key in VALUED:
                if key in self._gates and (self._keys is None or key in self._keys):
                    self._offer(key, value)
        for key in ranked(typed, self._keys, self._gates):
            for port in self._offered_ports(key):
                self._offer(key, port=port)
        if self.list.count():
            self.list.setCurrentRow(0)
        self._tell("" if self.list.count() else typed.strip())
        self.resize(self._fitting())

    def _offered_ports(self, key: str) -> tuple[str, ...]:
        """The ports of a gate that a loose wire may choose from; of equal ones any will do."""
        gate = self._gates[key]
        several = self._ports and len(gate.inputs) > 1 and not gate.grows
        return gate.inputs if several else ("",)

    def _offer(self, key: str, value: float | None = None, port: str = "") -> None:
        gate = self._gates[key]
        name = gate.name if value is None else f"{gate.name} {numbers.exact(value)}"
        if port:
            name = tr("{name}, port {port}", name=gate.name, port=port)
        item = QListWidgetItem(f"{name}    {face(gate, gate.params)}")
        if self._icon is not None:
            item = QListWidgetItem(self._icon(key), name)
        item.setData(Qt.ItemDataRole.UserRole, key)
        item.setData(_VALUE, value)
        item.setData(_PORT, port)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
        item.setToolTip(f"z = {gate.value}" if not gate.is_source else tr(gate.note))
        self.list.addItem(item)

    def _tell(self, typed: str) -> None:
        """Say that nothing is called as was typed; "" takes it back."""
        shown = typed if len(typed) <= TOLD else f"{typed[: TOLD - 1]}…"
        said = tr("No gate that fits here is called “{typed}”.", typed=shown) if typed else ""
        self.nothing.setText(said)
        self.nothing.setVisible(bool(said))
        self.list.setVisible(not said)
        self.field.setAccessibleDescription(said)

    def _choose(self, item: QListWidgetItem) -> None:
        key, chosen = item.data(Qt.ItemDataRole.UserRole), self._chosen
        value, port = item.data(_VALUE), item.data(_PORT)
        self._finish()
        if chosen is None:
            return
        if port:
            chosen(key, port=port)
        else:
            chosen(key) if value is None else chosen(key, value)

    def _finish(self) -> None:
        closed, self._chosen, self._closed = self._closed, None, None
        parent = self.parentWidget()
        inside = self.isAncestorOf(self.focusWidget() or self) or self.field.hasFocus()
        # Focus first: hidden with it, Qt would hand it on as if Tab had been pressed.
        if parent is not None and inside:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        if closed is not None:
            closed()

    def _fitting(self) -> QSize:
        row = max(20, self.list.sizeHintForRow(0) if self.list.count() else themes.px(24))
        # Where nothing matches, that is said in two rows.
        rows = min(ROWS, self.list.count() or 2)
        parent = self.parentWidget()
        if parent is not None:
            title = self.title.sizeHint().height() if self.title.text() else 0
            around = self.field.sizeHint().height() + title + 48
            rows = min(rows, max(2, (parent.height() - around) // row))
        self.list.setFixedHeight(rows * row + 6)
        self.nothing.setFixedHeight(rows * row + 6)
        return QSize(max(themes.px(240), self.sizeHint().width()), self.sizeHint().height())

    def _inside(self, at: QPoint) -> QPoint:
        parent = self.parentWidget()
        room = parent.size() if parent is not None else self.size()
        x = max(0, min(at.x() + 8, room.width() - self.width() - 4))
        y = max(0, min(at.y() - 16, room.height() - self.height() - 4))
        return QPoint(x, y)
