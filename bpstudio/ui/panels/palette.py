"""The palette: every gate as a small card under its family, found by typing, placed four ways.

The graph's own gates come last; their cards also have a menu, F2 to change and Delete to remove.

Drag a card to the canvas; click it and click on the canvas; press Enter on it to put it in the
middle; or type in the search field and press Enter. The palette only says what is wanted: whoever
shows it answers `place` and `add`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.gate import FAMILIES, OWN, Gate
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Kind, Patch
from bpstudio.language import N_, tr
from bpstudio.ui import theme
from bpstudio.ui.canvas.quickadd import ranked
from bpstudio.ui.document import Document
from bpstudio.ui.panels.gatecard import GateCard, OwnCard, least
from bpstudio.ui.panels.scroller import Scroller
from bpstudio.ui.session import Session

COLUMNS = 2
WIDTH = 156
"""Usual least pixels of the whole palette: two cards, the room between them, and a scroll bar."""
_ASIDE, _BETWEEN, _BAR = 12, 8, 12
"""Left and right of the cards, between two, and for the scroll bar."""
_TITLES = {
    "sources": N_("Sources"),
    "arithmetic": N_("Arithmetic"),
    "functions": N_("Functions"),
    "losses": N_("Losses"),
    OWN: N_("Own gates"),
}


class Palette(QWidget):
    """The panel at the left of the window."""

    place = Signal(str)
    """A gate key: the next click on the canvas puts it there."""
    add = Signal(str)
    """A gate key: put it in the middle of the canvas."""
    define = Signal()
    """A new own gate is wanted."""
    change = Signal(str)
    """An own gate's key: change its name or formula."""
    remove = Signal(str)
    """An own gate's key: forget it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.columns = COLUMNS
        self._wide: frozenset[str] = frozenset()
        """Gates whose names need a whole row."""
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._add_best)
        self.search.installEventFilter(self)
        self.nothing = QLabel()
        self.nothing.setObjectName("quiet")
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setWordWrap(True)
        self._document: Document | None = None
        self.cards = {key: self._card(gate) for key, gate in GATES.items()}
        self._headings = {family: QLabel(self) for family in (*FAMILIES, OWN)}
        for heading in self._headings.values():
            heading.setObjectName("heading")
            heading.setTextFormat(Qt.TextFormat.PlainText)
        self._order: list[str] = []
        self._lay_out()
        self._retranslate()
        theme.appearance().changed.connect(self.grow)
        self.grow()
        self._filter("")

    def show_document(self, document: Document | None) -> None:
        """Gates can be placed only where there is a document; it brings its own along."""
        if self._document is not None:
            self._document.patched.disconnect(self._patched)
        self._document = document
        if document is not None:
            document.patched.connect(self._patched)
        self.setEnabled(document is not None)
        self._take_own()

    def show_card(self, key: str) -> None:
        """Bring a gate's card into sight."""
        if key in self.cards and key in self._order:
            self._scroll.ensureWidgetVisible(self.cards[key], 0, 16)

    @property
    def gates(self) -> Mapping[str, Gate]:
        """The gates that there are cards for."""
        return GATES if self._document is None else self._document.graph.gates

    def _patched(self, patch: Patch) -> None:
        born = [new.id for old, new in patch.touched(Kind) if old is None and new is not None]
        if any(True for _ in patch.touched(Kind)):
            self._take_own()
        if born:
            # Once the new card has its place.
            QTimer.singleShot(0, self, lambda: self.show_card(born[0]))

    def _take_own(self) -> None:
        """Make the cards of the own gates that there are now; those of others go."""
        own = {key: self.gates[key] for key in self.gates if key not in GATES}
        if [card.gate for card in self.cards.values() if card.own] == list(own.values()):
            return
        had = next((key for key, card in self.cards.items() if card.own and card.hasFocus()), "")
        for key in [key for key, card in self.cards.items() if card.own]:
            card = self.cards.pop(key)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        for key, gate in own.items():
            self.cards[key] = self._card(gate)
        self._filter(self.search.text())
        if had:
            there = self.cards.get(had, self.search)
            there.setFocus(Qt.FocusReason.OtherFocusReason)

    def shown_keys(self) -> list[str]:
        """The gates that the search leaves, in the order they stand."""
        return list(self._order)

    def _card(self, gate: Gate) -> GateCard:
        card = OwnCard(gate) if gate.family == OWN else GateCard(gate)
        card.placed.connect(self.place)
        card.added.connect(self.add)
        card.walked.connect(self._walk)
        card.changed.connect(self.change)
        card.removed.connect(self.remove)
        return card

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("palette_body")
        self._grid = QGridLayout(body)
        scroll = Scroller()
        scroll.setObjectName("palette_scroll")
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        top = self._top = QVBoxLayout()
        top.addWidget(self.search)
        top.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(scroll, 1)
        self.new = QPushButton()
        self.new.setObjectName("new_own_gate")
        self.new.clicked.connect(lambda: self.define.emit())
        bottom = self._bottom = QVBoxLayout()
        bottom.addWidget(self.new)
        column.addLayout(bottom)

    def grow(self, _: object = None) -> None:
        """Everything as large as Large mode wants it; what must be read sets the least width."""
        px = theme.px
        self._grid.setContentsMargins(px(_ASIDE), px(4), px(_ASIDE), px(12))
        self._grid.setHorizontalSpacing(px(_BETWEEN))
        self._grid.setVerticalSpacing(px(6))
        self._top.setContentsMargins(px(12), px(12), px(12), px(4))
        self._bottom.setContentsMargins(px(12), px(8), px(12), px(12))
        for card in self.cards.values():
            card.grow()
        self.setMinimumWidth(self.least_width)
        self._flow()

    @property
    def least_width(self) -> int:
        """What a column of cards and the words of the button need."""
        cards = WIDTH if theme.appearance().factor == 1.0 else theme.px(88)
        return max(cards, min(map(self._button_width, self._new_words())))

    def _button_width(self, words: str) -> int:
        """What the palette has to be for the button to say this."""
        return self.new.fontMetrics().horizontalAdvance(words) + theme.px(2 * _ASIDE + 28)

    @staticmethod
    def _new_words() -> tuple[str, str]:
        """What the button says, and what it says where that is too long."""
        return tr("New own gate …"), tr("New gate …")

    def _flow(self) -> None:
        """As many columns as there is room for, up to two; the button's words as long as fit."""
        whole, short = self._new_words()
        self.new.setText(whole if self._button_width(whole) <= self.width() else short)
        room = self.width() - theme.px(2 * _ASIDE + _BAR) + theme.px(_BETWEEN)
        fitting = room // (least().width() + theme.px(_BETWEEN))
        columns = max(1, min(COLUMNS, fitting))
        card = room // columns - theme.px(_BETWEEN)
        wide = frozenset(key for key, held in self.cards.items() if held.needs > card)
        if (columns, wide) != (self.columns, self._wide):
            self.columns, self._wide = columns, wide
            self._filter(self.search.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow()

    # --- searching --------------------------------------------------------------------------

    def _filter(self, typed: str) -> None:
        keys = set(ranked(typed, None, self.gates))
        by_family: dict[str, list[str]] = {family: [] for family in self._headings}
        for key, card in self.cards.items():
            if key in keys:
                by_family[card.gate.family].append(key)
        for card in self.cards.values():
            self._grid.removeWidget(card)
            card.hide()
        for heading in self._headings.values():
            self._grid.removeWidget(heading)
            heading.hide()
        self._order = []
        row = 0
        for family, members in by_family.items():
            if members:
                row = self._put_family(family, members, row)
        for old in range(self._grid.rowCount()):
            self._grid.setRowStretch(old, 0)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < self.columns else 0)
        self._grid.setRowStretch(row, 1)
        self.nothing.setVisible(not self._order)

    def _put_family(self, family: str, keys: list[str], row: int) -> int:
        heading = self._headings[family]
        self._grid.addWidget(heading, row, 0, 1, self.columns)
        heading.show()
        row, column = row + 1, 0
        for key in keys:
            card = self.cards[key]
            # What one column would cut has a row of its own.
            taken = self.columns if key in self._wide else 1
            if column + taken > self.columns:
                row, column = row + 1, 0
            self._grid.addWidget(card, row, column, 1, taken)
            card.show()
            self._order.append(key)
            column += taken
        return row + 1

    def _add_best(self) -> None:
        best = ranked(self.search.text(), None, self.gates)
        if self.search.text().strip() and best:
            self.add.emit(best[0])
            self.search.selectAll()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
                if self._order:
                    self.cards[self._order[0]].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self.search.clear()
                return True
        return False

    def _walk(self, card: GateCard, key: int) -> None:
        """Move the focus with the arrow keys, as the cards stand."""
        places = {self._cell(self.cards[k]): k for k in self._order}
        rows = sorted({row for row, _ in places})
        row, column = self._cell(card)
        goal = card.gate.key
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            at = self._order.index(card.gate.key) + (1 if key == Qt.Key.Key_Right else -1)
            goal = self._order[max(0, min(len(self._order) - 1, at))]
        else:
            at = rows.index(row) + (1 if key == Qt.Key.Key_Down else -1)
            if at < 0:
                self.search.setFocus(Qt.FocusReason.BacktabFocusReason)
                return
            if at < len(rows):
                goal = places.get((rows[at], column)) or places[(rows[at], 0)]
        self.cards[goal].setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(self.cards[goal], 0, 16)

    def _cell(self, card: GateCard) -> tuple[int, int]:
        """The row and column of the grid where a card stands."""
        # PySide's stubs say `object`.
        row, column, _, _ = cast(
            tuple[int, int, int, int], self._grid.getItemPosition(self._grid.indexOf(card))
        )
        return row, column

    # --- words ------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Gates"))
        self.search.setPlaceholderText(tr("Search gates"))
        self.search.setAccessibleName(tr("Search gates by name, symbol or formula"))
        self.nothing.setText(tr("No gate is called that. Try “1/x”, “σ” or “exp”."))
        for family, heading in self._headings.items():
            heading.setText(tr(_TITLES[family]).upper())
        self.new.setAccessibleName(tr("New own gate …"))
        self.setMinimumWidth(self.least_width)
        self._flow()
        self.new.setToolTip(tr("Make a gate from a formula (Ctrl+Shift+N)"))
        for card in self.cards.values():
            card.retranslate()
