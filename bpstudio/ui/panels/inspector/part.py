"""What the inspector is made of: parts under a heading that folds, and lists of places to go to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import tr
from bpstudio.ui import icons, theme
from bpstudio.ui.settings import Settings

ICON = QSize(16, 16)


class Heading(QPushButton):
    """The line that folds a part: a triangle and its title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section_heading")
        self.setCheckable(True)
        self.setFlat(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(40), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        ink = QColor(colours.accent if self.hasFocus() or self.underMouse() else colours.faint)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            k = theme.length(1)
            centre = QPointF(5 * k, self.height() / 2)
            down = [(-4, -2.5), (4, -2.5), (0, 3)]
            right = [(-2, -4), (3.5, 0), (-2, 4)]
            points = down if self.isChecked() else right
            painter.drawPolygon(QPolygonF([centre + QPointF(x * k, y * k) for x, y in points]))
            painter.setPen(ink)
            painter.setFont(theme.font(theme.length(12), bold=True))
            where = QRect(self.rect()).adjusted(theme.px(16), 0, 0, 0)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, self.text())


class Part(QWidget):
    """A heading, small buttons at its right end, and a body; whether it is open is remembered.

    A subclass fills `body` in `fill`, which is called only while the part is open and looked at.
    """

    def __init__(self, settings: Settings, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grows_down(self)
        self._settings, self._key = settings, key
        self.heading = Heading()
        self.heading.setChecked(settings.get(key))
        self.heading.toggled.connect(self._folded)
        self.head = QHBoxLayout()
        self.head.setSpacing(2)
        self.head.addWidget(self.heading, 1)
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(0, 0, 0, 4)
        self.column.setSpacing(6)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(2)
        outer.addLayout(self.head)
        outer.addWidget(self.body)
        self._buttons: list[tuple[QToolButton, str]] = []
        self._arrange()
        theme.appearance().changed.connect(self._dress)

    @property
    def is_open(self) -> bool:
        """Whether the body shows."""
        return self.heading.isChecked()

    def set_title(self, title: str) -> None:
        """Name the part."""
        self.heading.setText(title)
        self.heading.setAccessibleName(title)

    def add_button(self, icon: str) -> QToolButton:
        """A small button at the right end of the heading, seen while the part is open."""
        button = QToolButton()
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._buttons.append((button, icon))
        self.head.addWidget(button)
        self._dress()
        self._arrange()
        return button

    def fill(self) -> None:
        """Bring the body up to date; called while it can be seen."""

    def _folded(self, opened: bool) -> None:
        self._settings.set(self._key, opened)
        self._arrange()
        if opened:
            self.fill()

    def _arrange(self) -> None:
        self.body.setVisible(self.is_open)
        for button, _ in self._buttons:
            button.setVisible(self.is_open)

    def _dress(self, _: object = None) -> None:
        for button, icon in self._buttons:
            button.setIcon(icons.icon(icon))
            button.setIconSize(ICON * theme.appearance().factor)


def grows_down(widget: QWidget) -> QSizePolicy:
    """Let a widget with wrapped words in it be as tall as its width makes it.

    A fixed height would be that of a width which it never has.
    """
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    widget.setSizePolicy(policy)
    return policy


def name_button(button: QToolButton, words: str) -> None:
    """What a button without words does, for the pointer and the screen reader."""
    button.setToolTip(words)
    button.setAccessibleName(words)


class Jump(QPushButton):
    """A place to go to, in as many lines as its words take."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = grows_down(self)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(1, width - 2 * self._pad()), 10_000)
        high = self.fontMetrics().boundingRect(room, _WRAPPED, self.text()).height()
        return high + theme.px(6)

    def sizeHint(self) -> QSize:
        # One line: what it really takes is up to the width, and the layout asks for that.
        return QSize(theme.px(160), self.fontMetrics().height() + theme.px(6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
            painter.setPen(QColor(theme.current().accent))
            room = self.rect().adjusted(self._pad(), theme.px(3), -self._pad(), 0)
            painter.drawText(room, _WRAPPED, self.text())

    def _pad(self) -> int:
        return theme.px(6)


_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class Jumps(QWidget):
    """A short list of places in the graph; a click, Enter or Space goes to one."""

    chosen = Signal(str)
    """The id of the place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grows_down(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._places: list[str] = []
        self.buttons: list[Jump] = []
        self.rest = label("quiet")
        self.rest.setWordWrap(True)
        self._column.addWidget(self.rest)

    def show_places(self, places: Sequence[tuple[str, str]], more: int = 0) -> None:
        """Show these (words, id); `more` counts those that are not listed."""
        self._places = [key for _, key in places]
        while len(self.buttons) < len(places):
            index = len(self.buttons)
            button = Jump()
            button.clicked.connect(lambda _=False, index=index: self._go(index))
            self.buttons.append(button)
            self._column.insertWidget(index, button)
        for button, (words, _) in zip(self.buttons, places, strict=False):
            button.setText(words)
            button.setAccessibleName(words)
            button.updateGeometry()
            button.show()
        for button in self.buttons[len(places) :]:
            button.hide()
        self.rest.setText(tr("and {n} more", n=more) if more else "")
        self.rest.setVisible(bool(more))
        self.setVisible(bool(places))

    @property
    def places(self) -> tuple[str, ...]:
        """The ids that are listed."""
        return tuple(self._places)

    def _go(self, index: int) -> None:
        self.chosen.emit(self._places[index])


def label(name: str, *, wraps: bool = False) -> QLabel:
    """A label of plain text in one of the style sheet's roles."""
    made = QLabel()
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    return made
