"""A part of the right column under a heading that folds it away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from bpstudio.ui import theme

LEAST = 64
"""Height that an open part keeps."""
TALL, FLAT = 32, 24
"""Height of a heading, and of one in a low column."""


class Heading(QPushButton):
    """A flat button with a small triangle: down while open, right while folded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFlat(True)
        self.setObjectName("section_heading")
        self._low = False
        theme.appearance().changed.connect(self._size)
        self._size()

    def flatten(self, low: bool) -> None:
        """Take less room, or as much as usual."""
        self._low = low
        self._size()

    def _size(self, _: object = None) -> None:
        self.setFixedHeight(theme.px(FLAT if self._low else TALL))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, at = theme.current(), theme.px
        times = theme.length(1.0)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = QColor(colours.accent if self.hasFocus() or self.underMouse() else colours.faint)
            painter.setPen(ink)
            painter.setFont(theme.font(theme.length(12), bold=True))
            painter.drawText(
                self.rect().adjusted(at(16), 0, -at(32), 0),
                Qt.AlignmentFlag.AlignVCenter,
                self.text(),
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            centre = QPointF(self.width() - at(20), self.height() / 2)
            points = (
                [(-4, -2.5), (4, -2.5), (0, 3)]
                if self.isChecked()
                else [(-2, -4), (3.5, 0), (-2, 4)]
            )
            painter.drawPolygon(QPolygonF([centre + QPointF(x, y) * times for x, y in points]))


class Section(QWidget):
    """A heading and what it folds. `folded(open)` tells when somebody folds it."""

    folded = Signal(bool)

    def __init__(
        self, make: Callable[[QWidget], QWidget], *, opened: bool, parent: QWidget | None = None
    ) -> None:
        """`make` is given the section as the parent of the body that it makes."""
        super().__init__(parent)
        self.heading = Heading(self)
        body = self.body = make(self)
        self.heading.setChecked(opened)
        self.heading.toggled.connect(self._fold)
        # The same in Large mode, so that all of the window fits on a projector.
        body.setMinimumHeight(LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(body, 1)
        self._show(opened)
        theme.appearance().changed.connect(self._grown)

    def _grown(self, _: object = None) -> None:
        self._show(self.is_open)

    def set_title(self, title: str) -> None:
        """Name the part."""
        self.heading.setText(title)
        self.heading.setAccessibleName(title)

    @property
    def is_open(self) -> bool:
        """Whether the body shows."""
        return self.heading.isChecked()

    def show_as(self, *, opened: bool, low: bool) -> None:
        """Open or folded, without anybody having done it."""
        blocker = QSignalBlocker(self.heading)
        self.heading.setChecked(opened)
        blocker.unblock()
        self.heading.flatten(low)
        self._show(opened)

    def _fold(self, opened: bool) -> None:
        self._show(opened)
        self.folded.emit(opened)

    def _show(self, opened: bool) -> None:
        self.body.setVisible(opened)
        tall = QSizePolicy.Policy.Expanding if opened else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        self.setMaximumHeight(16_777_215 if opened else self.heading.height())
