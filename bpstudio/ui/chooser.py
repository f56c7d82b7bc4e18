"""A field and a list over the window: type, look through what fits, Enter takes it, Esc leaves.

The command list and the search stand on it. It knows nothing of what it offers: rows come from a
function of what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from bpstudio.ui import theme as themes
from bpstudio.ui.fieldkeys import FieldKeys

ROWS = 10
WIDTH = 560
ROW_PX = 30
_TOP = 48
_ASIDE = Qt.ItemDataRole.UserRole + 1
_STYLE = """
#chooser {{ background: {panel}; border: 1px solid {edge}; border-radius: 10px; }}
#chooser QListWidget {{ background: transparent; border: none; color: {ink}; outline: none; }}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing offered: what it is called, what stands beside it, and whether it can be taken."""

    key: str
    text: str
    aside: str = ""
    enabled: bool = True


Offer = Callable[[str], Sequence[Row]]


class Chooser(QFrame):
    """The popup; one per window, for whoever opens it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooser")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._offer: Offer | None = None
        self._chosen: Callable[[str], None] | None = None
        self._looked: Callable[[str], None] | None = None
        self._left: Callable[[], None] | None = None
        self._before: QWidget | None = None
        self.field = QLineEdit(self)
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Line(self.list))
        self.nothing = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        self.nothing.setObjectName("quiet")
        self.nothing.setWordWrap(True)
        column = self._column = QVBoxLayout(self)
        for part in (self.field, self.list, self.nothing):
            column.addWidget(part)
        self.field.textChanged.connect(self._search)
        keys = FieldKeys(self, self.field, ROWS)
        keys.walked.connect(self._walk)
        keys.taken.connect(lambda: self._take(self.list.currentItem()))
        keys.left.connect(self.close_quietly)
        self.list.itemClicked.connect(self._take)
        self.list.currentItemChanged.connect(self._look)
        parent.installEventFilter(self)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self._offer is not None

    def offered(self) -> list[str]:
        """The keys of the rows offered now, best first."""
        return [self.list.item(n).data(Qt.ItemDataRole.UserRole) for n in range(self.list.count())]

    def open(
        self,
        prompt: str,
        offer: Offer,
        chosen: Callable[[str], None],
        *,
        nothing: str = "",
        typed: str = "",
        looked: Callable[[str], None] | None = None,
        left: Callable[[], None] | None = None,
    ) -> None:
        """Ask. `looked` hears of each row that is marked, `left` when nothing was taken."""
        self.close_quietly()
        self._before = self.window().focusWidget()
        self._offer, self._chosen, self._looked, self._left = offer, chosen, looked, left
        look, gap = themes.current(), themes.px(8)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self._column.setSpacing(gap)
        self.setStyleSheet(_STYLE.format(panel=look.panel, edge=look.edge, ink=look.ink))
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(prompt)
        self.list.setAccessibleName(prompt)
        self.nothing.setText(nothing)
        self.field.setText(typed)
        self._search(typed)
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_quietly(self) -> None:
        """Leave without taking anything."""
        if self._offer is not None:
            left = self._left
            self._finish()
            if left is not None:
                left()

    # --- inside -----------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        if self._offer is None:
            return
        rows = self._offer(typed)
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(Qt.ItemDataRole.UserRole, row.key)
            item.setData(_ASIDE, row.aside)
            said = f"{row.text}, {row.aside}" if row.aside else row.text
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            if not row.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.nothing.setVisible(not rows and bool(self.nothing.text()))
        self.list.setVisible(bool(rows))
        self._place(len(rows))
        if rows:
            self._mark(0, 1)

    def _mark(self, row: int, way: int) -> None:
        """Mark this row, or the next one this way that can be taken."""
        while 0 <= row < self.list.count():
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return
            row += way

    def _walk(self, way: int) -> None:
        last = self.list.count() - 1
        self._mark(max(0, min(last, self.list.currentRow() + way)), 1 if way > 0 else -1)

    def _look(self, item: QListWidgetItem | None) -> None:
        if item is not None and self._looked is not None:
            self._looked(item.data(Qt.ItemDataRole.UserRole))

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        key, chosen = item.data(Qt.ItemDataRole.UserRole), self._chosen
        self._finish()
        if chosen is not None:
            chosen(key)

    def _finish(self) -> None:
        self._offer = self._chosen = self._looked = self._left = None
        before, self._before = self._before, None
        # Focus first: hidden with it, Qt would hand it on as if Tab had been pressed.
        # The canvas that had it may have been closed meanwhile.
        if self.field.hasFocus() and before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def _place(self, rows: int) -> None:
        over = self.parentWidget()
        assert over is not None
        room = over.size()
        width = min(themes.px(WIDTH), room.width() - 32)
        row = themes.px(ROW_PX)
        most = max(3, (room.height() - themes.px(72)) // row)
        self.list.setFixedHeight(max(1, min(rows, ROWS, most)) * row + 2)
        self.resize(width, self.sizeHint().height())
        self.move((room.width() - width) // 2, min(_TOP, max(0, room.height() - self.height())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        resized = watched is self.parentWidget() and event.type() == QEvent.Type.Resize
        if resized and self.is_open:
            self._place(self.list.count())
        return super().eventFilter(watched, event)


class _Line(QStyledItemDelegate):
    """A row: its text left, what stands beside it right and faint."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        look = themes.current()
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        box = QRect(option.rect)
        painter.save()
        if marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.tint))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        inner = box.adjusted(themes.px(12), 0, -themes.px(12), 0)
        aside = index.data(_ASIDE) or ""  # type: ignore[attr-defined]
        painter.setFont(option.font)
        metrics = painter.fontMetrics()
        room = min(metrics.horizontalAdvance(aside) + 2, inner.width() // 2)
        painter.setPen(QColor(look.faint))
        painter.drawText(
            inner,
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(aside, Qt.TextElideMode.ElideMiddle, room),
        )
        painter.setPen(QColor(look.ink if enabled else look.faint))
        text = index.data(Qt.ItemDataRole.DisplayRole)  # type: ignore[attr-defined]
        painter.drawText(
            inner.adjusted(0, 0, -room - 16, 0),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width() - room - 16),
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(option.rect.width(), themes.px(ROW_PX))
