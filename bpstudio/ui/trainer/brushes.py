"""The row that shows while one paints points of one's own: which class, and a clean sheet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget
from shiboken6 import isValid

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.trainer import colours
from bpstudio.ui.trainer.views.plane import CLASSES, PlaneView


class Brushes(QWidget):
    """`cleared` asks for a clean sheet."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowLayout(self, gap=6)
        row.setContentsMargins(12, 0, 12, 6)
        self.words = QLabel()
        self.words.setObjectName("quiet")
        row.addWidget(self.words)
        self.group = QButtonGroup(self)
        brushes = QWidget()
        together = QHBoxLayout(brushes)
        together.setContentsMargins(0, 0, 0, 0)
        together.setSpacing(6)
        row.addWidget(brushes)
        for number in range(CLASSES):
            button = QToolButton()
            button.setCheckable(True)
            button.setIconSize(QSize(16, 16))
            # The number, too: colour alone says nothing to some.
            button.setText(str(number + 1))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self.group.addButton(button, number)
            together.addWidget(button)
        self.group.idClicked.connect(self._take)
        self._view: PlaneView | None = None
        self.clear = QPushButton()
        self.clear.setObjectName("link")
        self.clear.clicked.connect(self.cleared)
        row.addWidget(self.clear)
        self.show_brush(1)
        themes.appearance().changed.connect(self._dress)
        self._dress()
        self.retranslate()

    def paint_on(self, view: PlaneView, points: list[tuple[float, float, int]] | None) -> None:
        """Let a plane paint these points on with the brush chosen here; None: it paints none."""
        view.paint_points(points is not None, points)
        checked = self.group.checkedId()
        view.brush = checked if checked >= 0 else 1
        view.brushed.connect(self.show_brush)
        self._view = view

    def _take(self, number: int) -> None:
        if self._view is not None and isValid(self._view):
            self._view.brush = number

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
