"""The chip on a canvas whose graph follows the network: which sample, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.link import Link

MARGIN = 12
"""From the canvas's upper right corner, px."""


class LinkChip(QFrame):
    """A child of the canvas; goes with the link."""

    def __init__(self, canvas: QWidget, link: Link) -> None:
        super().__init__(canvas)
        self.setObjectName("link_chip")
        # What is pressed here is not pressed on the paper below.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._link, self._canvas = link, canvas
        self.words, self.more = QLabel(), QLabel()
        for label in (self.words, self.more):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.more.setObjectName("quiet")
        self.number = QSpinBox()
        self.number.setObjectName("link_sample")
        self.number.setKeyboardTracking(False)
        self.number.setWrapping(True)
        self.number.valueChanged.connect(lambda number: link.show_sample(number - 1))
        self.leave = QPushButton()
        self.leave.setObjectName("link")
        self.leave.clicked.connect(lambda: link.unlink())
        row = self._row = QHBoxLayout(self)
        for part in (self.words, self.number, self.more, self.leave):
            row.addWidget(part)
        canvas.installEventFilter(self)
        link.changed.connect(self.refresh)
        link.ended.connect(self._over)
        themes.appearance().changed.connect(self._dress)
        self._dress()
        self.retranslate()
        self.show()

    def refresh(self) -> None:
        """Show the link as it is now."""
        link = self._link
        blocked = self.number.blockSignals(True)
        self.number.setRange(1, link.samples)
        self.number.setValue(link.sample + 1)
        self.number.setSuffix(tr(" of {n}", n=link.samples))
        self.number.blockSignals(blocked)
        said = []
        if link.by_hand:
            said.append(tr("changed by hand"))
        if link.is_slow:
            said.append(tr("large: drawn every {n} s", n=f"{link.interval:.1f}"))
        self.more.setText(" · ".join(said))
        self.more.setVisible(bool(said))
        self._place()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("Link to the network"))
        self.words.setText(tr("Linked to the network: sample"))
        self.number.setAccessibleName(tr("Sample of the training data"))
        self.number.setToolTip(tr("Another sample; a click on a point of the plane chooses it too"))
        self.leave.setText(tr("Unlink"))
        self.leave.setToolTip(tr("Keep the graph as it is, without the network"))
        self.refresh()

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

    def _over(self, _: str) -> None:
        themes.appearance().changed.disconnect(self._dress)
        self.hide()
        self.deleteLater()

    def _place(self) -> None:
        self._row.invalidate()
        self.adjustSize()
        self.move(max(MARGIN, self._canvas.width() - self.width() - MARGIN), MARGIN)
        self.raise_()

    def _dress(self, _: object = None) -> None:
        look, px = themes.current(), themes.px
        self._row.setContentsMargins(px(12), px(4), px(6), px(4))
        self._row.setSpacing(px(8))
        self.setStyleSheet(
            f"QFrame#link_chip {{ background: {look.panel}; border: 1px solid {look.accent};"
            " border-radius: 8px; }"
        )
        self._place()
