"""One gate as a small card of the palette: clicked, dragged, walked to, or asked for its menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QSizePolicy, QWidget

from bpstudio.core.gate import OWN, Gate
from bpstudio.language import tr
from bpstudio.ui import theme, tips
from bpstudio.ui.canvas import symbols

GATE_MIME = "application/x-bpstudio-gate"
_CARD = QSize(56, 40)
_BESIDE = 6
"""Pixels beside the words, left and right together."""


class GateCard(QAbstractButton):
    """One gate: its symbol in the family's colour, its title under it."""

    placed = Signal(str)
    added = Signal(str)
    walked = Signal(object, int)
    """This card and the arrow key pressed on it."""
    changed = Signal(str)
    removed = Signal(str)

    def __init__(self, gate: Gate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gate = gate
        self.menu: QMenu | None = None
        self._pressed_at: QPoint | None = None
        self.grow()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: self.placed.emit(self.gate.key))
        self.retranslate()

    def grow(self) -> None:
        """Be as large as Large mode wants it."""
        self.setMinimumSize(least())
        self.updateGeometry()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        title = self.gate.name
        self.setText(title)
        self.setAccessibleName(title)
        formula = "" if self.gate.is_source else f"z = {self.gate.value}"
        note = self.gate.note if self.own else tr(self.gate.note)
        self.setAccessibleDescription(formula or note)
        parts = [part for part in (title, formula, note) if part]
        # Qt guesses whether a tool tip is rich text: what a user wrote is marked as it is.
        self.setToolTip(tips.wrapped(*parts) if self.own else "\n".join(parts))
        self.update()

    @property
    def own(self) -> bool:
        """Whether the graph brought this gate along."""
        return self.gate.family == OWN

    def sizeHint(self) -> QSize:
        return QSize(theme.px(72), theme.px(_CARD.height()))

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
        elif self.own and key == Qt.Key.Key_F2:
            self.changed.emit(self.gate.key)
        elif self.own and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.gate.key)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        key, signals = self.gate.key, {tr("Put into the middle"): self.added}
        if self.own:
            signals |= {tr("Change …"): self.changed, tr("Remove"): self.removed}
        menu = self.menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.destroyed.connect(self._forget_menu)
        for words, signal in signals.items():
            menu.addAction(words).triggered.connect(lambda _=False, signal=signal: signal.emit(key))
        menu.popup(event.globalPos())

    def _forget_menu(self) -> None:
        self.menu = None

    def _caption(self, metrics: QFontMetrics, room: int) -> str:
        """The title where it fits, else the short one or the formula; an own gate's face is its
        title, so its formula stands below where the face says all of it."""
        if self.own:
            words = self.gate.value if self.gate.symbol == self.gate.title else self.text()
            return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        for words in self._captions():
            if metrics.horizontalAdvance(words) <= room:
                return words
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def _captions(self) -> tuple[str, ...]:
        """What may stand below the symbol, the best first."""
        short = tr(self.gate.short) if self.gate.short else self.text()
        return self.text(), short, self.gate.value or self.text()

    @property
    def needs(self) -> int:
        """As wide as this it says what it is without being cut; an own gate is cut anywhere."""
        if self.own:
            return 0
        metrics = QFontMetrics(theme.font(theme.length(10)))
        return min(map(metrics.horizontalAdvance, self._captions())) + _BESIDE

    def _drag(self, start: QPoint) -> None:
        drag = QDrag(self)
        drag.setMimeData(mime_of(self.gate.key))
        drag.setPixmap(self.grab())
        drag.setHotSpot(start)
        drag.exec(Qt.DropAction.CopyAction)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, at = theme.current(), theme.length
        lit = self.underMouse() or self.isDown() or self.hasFocus()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(colours.accent if lit else colours.edge))
            pen.setWidthF(2.0 if self.hasFocus() else 1.0)
            painter.setPen(pen)
            painter.setBrush(QColor(colours.tint if self.isDown() else colours.card))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), at(6), at(6))
            ink = QColor(colours.family(self.gate.family))
            face = QRectF(0, 0, self.width() / at(1) - 8, 21)
            painter.save()
            painter.scale(at(1), at(1))
            symbols.draw(painter, self.gate, face.translated(4, 3), ink)
            painter.restore()
            painter.setFont(theme.font(at(10)))
            painter.setPen(QColor(colours.faint))
            words = self._caption(painter.fontMetrics(), self.width() - _BESIDE)
            where = QRectF(3, self.height() - at(17), self.width() - _BESIDE, at(14))
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, words)


class OwnCard(GateCard):
    """The card of a gate that the graph brought along: it can be changed and removed."""

    def event(self, event: QEvent) -> bool:
        # The window has shortcuts on these keys; here they mean the card. Only own cards look
        # at every event: for all of them it would be a thousand calls before the first picture.
        keys = (Qt.Key.Key_F2, Qt.Key.Key_Delete)
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in keys:
            event.accept()
            return True
        return super().event(event)


def least() -> QSize:
    """The smallest that a card can be and still be read."""
    return QSize(theme.px(_CARD.width()), theme.px(_CARD.height()))


def mime_of(key: str) -> QMimeData:
    """What a dragged gate carries."""
    mime = QMimeData()
    mime.setData(GATE_MIME, key.encode())
    return mime
