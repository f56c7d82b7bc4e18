"""The palette: every gate as a small card under its family, found by typing, placed four ways.

Drag a card to the canvas; click it and click on the canvas; press Enter on it to put it in the
middle; or type in the search field and press Enter. The palette only says what is wanted: whoever
shows it answers `place` and `add`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.gate import FAMILIES, Gate
from bpstudio.core.gates import GATES
from bpstudio.language import N_, tr
from bpstudio.ui import theme
from bpstudio.ui.canvas import symbols
from bpstudio.ui.canvas.quickadd import ranked
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session

GATE_MIME = "application/x-bpstudio-gate"
COLUMNS = 2
WIDTH = 156
"""Least pixels of the whole palette: two cards, the room between them, and a scroll bar."""
_CARD = QSize(56, 40)
_TITLES = {
    "sources": N_("Sources"),
    "arithmetic": N_("Arithmetic"),
    "functions": N_("Functions"),
    "losses": N_("Losses"),
}


class GateCard(QAbstractButton):
    """One gate: its symbol in the family's colour, its title under it."""

    placed = Signal(str)
    added = Signal(str)
    walked = Signal(object, int)
    """This card and the arrow key pressed on it."""

    def __init__(self, gate: Gate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gate = gate
        self._pressed_at: QPoint | None = None
        self.setMinimumSize(_CARD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: self.placed.emit(self.gate.key))
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        title = tr(self.gate.title)
        self.setText(title)
        self.setAccessibleName(title)
        formula = "" if self.gate.is_source else f"z = {self.gate.value}"
        self.setAccessibleDescription(formula or tr(self.gate.note))
        tip = "\n".join(part for part in (title, formula, tr(self.gate.note)) if part)
        # A tool tip that begins with a letter is plain text to Qt; a gate's is never user text.
        self.setToolTip(tip)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(72, _CARD.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        if start is not None and event.buttons() & Qt.MouseButton.LeftButton:
            way = (event.position().toPoint() - start).manhattanLength()
            if way >= QApplication.startDragDistance():
                self._pressed_at = None
                self.setDown(False)
                self._drag(start)
                return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            # A drag went by: the release is not a click.
            self.setDown(False)
            event.accept()
            return
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.added.emit(self.gate.key)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(self, key)
        else:
            super().keyPressEvent(event)

    def _caption(self, metrics: QFontMetrics, room: int) -> str:
        """The title where it fits, else the key's words, which are shorter."""
        for words in (self.text(), self.gate.key.replace("_", " ")):
            if metrics.horizontalAdvance(words) <= room:
                return words
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def _drag(self, start: QPoint) -> None:
        drag = QDrag(self)
        drag.setMimeData(mime_of(self.gate.key))
        drag.setPixmap(self.grab())
        drag.setHotSpot(start)
        drag.exec(Qt.DropAction.CopyAction)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        lit = self.underMouse() or self.isDown() or self.hasFocus()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(colours.accent if lit else colours.edge))
            pen.setWidthF(2.0 if self.hasFocus() else 1.0)
            painter.setPen(pen)
            painter.setBrush(QColor(colours.tint if self.isDown() else colours.card))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            ink = QColor(colours.family(self.gate.family))
            draw_face(painter, self.gate, QRectF(4, 3, self.width() - 8, 21), ink)
            painter.setFont(theme.font(10))
            painter.setPen(QColor(colours.faint))
            words = self._caption(painter.fontMetrics(), self.width() - 6)
            where = QRectF(3, self.height() - 17, self.width() - 6, 14)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, words)


class Palette(QWidget):
    """The panel at the left of the window."""

    place = Signal(str)
    """A gate key: the next click on the canvas puts it there."""
    add = Signal(str)
    """A gate key: put it in the middle of the canvas."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(WIDTH)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._add_best)
        self.search.installEventFilter(self)
        self.nothing = QLabel()
        self.nothing.setObjectName("quiet")
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setWordWrap(True)
        self.cards = {key: self._card(gate) for key, gate in GATES.items()}
        self._headings = {family: QLabel() for family in FAMILIES}
        for heading in self._headings.values():
            heading.setObjectName("heading")
            heading.setTextFormat(Qt.TextFormat.PlainText)
        self._order: list[str] = []
        self._lay_out()
        self._retranslate()
        self._filter("")

    def show_document(self, document: Document | None) -> None:
        """Gates can be placed only where there is a document."""
        self.setEnabled(document is not None)

    def shown_keys(self) -> list[str]:
        """The gates that the search leaves, in the order they stand."""
        return list(self._order)

    def _card(self, gate: Gate) -> GateCard:
        card = GateCard(gate)
        card.placed.connect(self.place)
        card.added.connect(self.add)
        card.walked.connect(self._walk)
        return card

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("palette_body")
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(12, 4, 12, 12)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        scroll = QScrollArea()
        scroll.setObjectName("palette_scroll")
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 4)
        top.addWidget(self.search)
        top.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(scroll, 1)

    # --- searching --------------------------------------------------------------------------

    def _filter(self, typed: str) -> None:
        keys = ranked(typed)
        by_family: dict[str, list[str]] = {family: [] for family in FAMILIES}
        for key in GATES:
            if key in keys:
                by_family[GATES[key].family].append(key)
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
        self._grid.setRowStretch(row, 1)
        self.nothing.setVisible(not self._order)

    def _put_family(self, family: str, keys: list[str], row: int) -> int:
        heading = self._headings[family]
        self._grid.addWidget(heading, row, 0, 1, COLUMNS)
        heading.show()
        for place, key in enumerate(keys):
            card = self.cards[key]
            self._grid.addWidget(card, row + 1 + place // COLUMNS, place % COLUMNS)
            card.show()
            self._order.append(key)
        return row + 1 + (len(keys) + COLUMNS - 1) // COLUMNS

    def _add_best(self) -> None:
        best = ranked(self.search.text())
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
        places = {
            self._grid.getItemPosition(self._grid.indexOf(self.cards[k]))[:2]: k
            for k in self._order
        }
        here = self._grid.getItemPosition(self._grid.indexOf(card))[:2]
        rows = sorted({row for row, _ in places})
        row, column = here
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
        for card in self.cards.values():
            card.retranslate()


def mime_of(key: str) -> QMimeData:
    """What a dragged gate carries."""
    mime = QMimeData()
    mime.setData(GATE_MIME, key.encode())
    return mime


def draw_face(painter: QPainter, gate: Gate, box: QRectF, ink: QColor) -> None:
    """The gate's symbol, small, in the middle of the box."""
    symbols.draw(painter, gate, box, ink)
