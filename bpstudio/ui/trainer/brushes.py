"""The row that shows while one paints points of one's own: which class, and a clean sheet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import colours

CLASSES = 5


class Brushes(QWidget):
    """`chosen` carries a class, `cleared` asks for a clean sheet."""

    chosen = Signal(int)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 6)
        row.setSpacing(6)
        self.words = QLabel()
        self.words.setObjectName("quiet")
        row.addWidget(self.words)
        self.group = QButtonGroup(self)
        for number in range(CLASSES):
            button = QToolButton()
            button.setCheckable(True)
            button.setIconSize(QSize(16, 16))
            self.group.addButton(button, number)
            row.addWidget(button)
        self.group.idClicked.connect(self.chosen)
        self.clear = QPushButton()
        self.clear.setObjectName("link")
        self.clear.clicked.connect(self.cleared)
        row.addWidget(self.clear)
        row.addStretch(1)
        self.show_brush(1)
        themes.appearance().changed.connect(self._dress)
        self._dress()
        self.retranslate()

    def show_brush(self, number: int) -> None:
        """Show the class that is painted."""
        button = self.group.button(number)
        if button is not None:
            button.setChecked(True)

    def _dress(self, _: object = None) -> None:
        look = themes.current()
        for number in range(CLASSES):
            pixmap = QPixmap(32, 32)
            pixmap.fill(QColor(0, 0, 0, 0))
            with QPainter(pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(look.color("panel"))
                painter.setBrush(QColor(colours.of_class(look, number)))
                painter.drawEllipse(4, 4, 24, 24)
            self.group.button(number).setIcon(QIcon(pixmap))

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.words.setText(tr("Click to paint, right button to take away:"))
        for number in range(CLASSES):
            name = tr("Paint class {number}", number=number + 1)
            self.group.button(number).setToolTip(f"{name} ({number + 1})")
            self.group.button(number).setAccessibleName(name)
        self.clear.setText(tr("Clean sheet"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
