"""The chips on a canvas whose graph is that of a network: which sample it follows, and the way out;
or, for a graph that was saved with its network, the offer to follow it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.link import Link

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas

MARGIN = 12
"""From the canvas's upper right corner, px."""


class Chip(QFrame):
    """A child of the canvas in its upper right corner, with a row of parts; where the canvas is too
    narrow for that, they stand one below the other and words wrap."""

    def __init__(self, canvas: GraphCanvas, *parts: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("link_chip")
        # What is pressed here is not pressed on the paper below.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._canvas = canvas
        row = self._row = QHBoxLayout(self)
        for part in parts:
            if isinstance(part, QLabel):
                part.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(part)
        canvas.installEventFilter(self)
        themes.appearance().changed.connect(self._dress)
        self._dress()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""

    def go(self) -> None:
        """Leave the canvas."""
        themes.appearance().changed.disconnect(self._dress)
        self.hide()
        self._canvas.take_off(self)
        self.deleteLater()

    def lie(self) -> None:
        """Be seen; the graph makes room for it."""
        self.show()
        self._canvas.lay_over(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        # No letter typed here may reach the canvas and begin something there.
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        room = max(120, self._canvas.width() - 2 * MARGIN)
        self._stand(upright=False)
        if self._row.totalSizeHint().width() > room:
            self._stand(upright=True)
            self.resize(room, self._row.totalHeightForWidth(room))
        else:
            self.resize(self._row.totalSizeHint())
        self.move(max(MARGIN, self._canvas.width() - self.width() - MARGIN), MARGIN)
        self.raise_()

    def _stand(self, *, upright: bool) -> None:
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if upright else way.LeftToRight)
        for label in self.findChildren(QLabel):
            label.setWordWrap(upright)
        self._row.invalidate()

    def _dress(self, _: object = None) -> None:
        look, px = themes.current(), themes.px
        self._row.setContentsMargins(px(12), px(4), px(6), px(4))
        self._row.setSpacing(px(8))
        self.setStyleSheet(
            f"QFrame#link_chip {{ background: {look.panel}; border: 1px solid {look.accent};"
            " border-radius: 8px; }"
        )
        self._place()


class LinkChip(Chip):
    """Goes with the link."""

    def __init__(self, canvas: GraphCanvas, link: Link) -> None:
        self._link = link
        self.words, self.more = QLabel(), QLabel()
        self.more.setObjectName("quiet")
        self.number = QSpinBox()
        self.number.setObjectName("link_sample")
        self.number.setKeyboardTracking(False)
        self.number.setWrapping(True)
        self.number.valueChanged.connect(lambda number: link.show_sample(number - 1))
        self.leave = QPushButton()
        self.leave.setObjectName("link")
        self.leave.clicked.connect(lambda: link.unlink())
        super().__init__(canvas, self.words, self.number, self.more, self.leave)
        link.changed.connect(self.refresh)
        link.ended.connect(lambda _: self.go())
        self.retranslate()
        self.lie()

    def refresh(self) -> None:
        """Show the link as it is now."""
        link = self._link
        blocked = self.number.blockSignals(True)
        self.number.setRange(1, link.samples)
        self.number.setValue(link.sample + 1)
        self.number.setSuffix(tr(" of {n}", n=f"{link.samples:,}"))
        self.number.blockSignals(blocked)
        said = [link.as_in_tests]
        if link.sample >= link.trained:
            said.insert(0, tr("of the test data"))
        if link.by_hand:
            said.append(tr("changed by hand"))
        if link.is_slow:
            said.append(tr("large: drawn every {n} s", n=f"{link.interval:.1f}"))
        self.more.setText(" · ".join(filter(None, said)))
        self.more.setVisible(bool(self.more.text()))
        self._say_samples()
        self._place()

    def _say_samples(self) -> None:
        link = self._link
        words = tr("Another sample; a click on a point of the plane chooses it too")
        if link.samples > link.trained:
            words += "\n" + tr(
                "1 to {n} are training samples, those after them test samples.",
                n=f"{link.trained:,}",
            )
        self.number.setToolTip(words)

    def retranslate(self) -> None:
        self.setAccessibleName(tr("Link to the network"))
        self.words.setText(tr("Linked to the network: sample"))
        self.number.setAccessibleName(tr("Sample of the data"))
        self.leave.setText(tr("Unlink"))
        self.leave.setToolTip(tr("Keep the graph as it is, without the network"))
        self.refresh()


class OfferChip(Chip):
    """`taken`: link it again; `left`: not now."""

    taken = Signal()
    left = Signal()

    def __init__(self, canvas: GraphCanvas) -> None:
        self.words, self.link, self.leave = QLabel(), QPushButton(), QPushButton()
        self.link.clicked.connect(lambda: self.taken.emit())
        self.leave.setObjectName("link")
        self.leave.clicked.connect(lambda: self.left.emit())
        super().__init__(canvas, self.words, self.link, self.leave)
        self.retranslate()
        self.lie()

    def retranslate(self) -> None:
        self.setAccessibleName(tr("Link to the network"))
        self.words.setText(tr("This graph is that of the network kept in this document."))
        self.link.setText(tr("Link them"))
        self.link.setToolTip(
            tr("The labels follow the network again, and a weight changed here changes it")
        )
        self.leave.setText(tr("Not now"))
        self._place()
