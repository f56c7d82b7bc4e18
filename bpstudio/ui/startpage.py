"""What stands in the window while no document is open: begin, go on, or look at an example.

Examples are drawn small from their files once the window stands; a click opens an untitled copy.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.graph import Graph
from bpstudio.files import examples
from bpstudio.files.examples import EXAMPLES
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.flowlayout import FlowLayout
from bpstudio.ui.session import Session

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

CARD = QSize(248, 184)
_PREVIEW = 136
"""Height of the drawing on a card; the rest is its title."""
_WIDEST = 1040
_GAP = 16
_READABLE = 0.36
"""Below this scale a preview shows shapes only: nobody could read its numbers."""
_LARGEST = 0.9
"""A preview is never drawn larger than this, so that small graphs look small."""
MOST_RECENT = 6
DRAW_MS = 60
"""The page is painted before the first example is read and drawn."""


def example_paths() -> tuple[Path, ...]:
    """The shipped examples, the first to look at first."""
    try:
        return tuple(path for name in EXAMPLES if (path := examples.path(name)).is_file())
    except FileNotFoundError:
        return ()


def example_title(path: Path) -> str:
    """What an example is called."""
    return tr(EXAMPLES[path.stem])


@cache
def _view(path: Path) -> ViewModel:
    """An example ready to be drawn; one that is broken is an empty graph."""
    from bpstudio.core.plan import Plan
    from bpstudio.files.bps import BadDocument, load
    from bpstudio.ui.canvas.viewmodel import ViewModel

    try:
        graph = load(path)[0].graph
    except BadDocument:
        graph = Graph()
    view = ViewModel(graph)
    view.show(Plan.of(graph).run())
    return view


def preview(view: ViewModel, size: QSize, dpr: float) -> QPixmap:
    """A graph drawn small in the theme in use."""
    from bpstudio.ui.canvas.vector import Vector

    colours = theme.current()
    made = QPixmap(size * dpr)
    made.setDevicePixelRatio(dpr)
    made.fill(QColor(colours.paper))
    bounds = view.bounds()
    if bounds is None:
        return made
    left, top, right, bottom = bounds
    room_x, room_y = size.width() - 2 * _GAP, size.height() - 2 * _GAP
    scale = min(
        theme.length(_LARGEST), room_x / max(1.0, right - left), room_y / max(1.0, bottom - top)
    )
    x = round(size.width() / 2 - (left + right) / 2 * scale)
    y = round(size.height() / 2 - (top + bottom) / 2 * scale)
    with QPainter(made) as painter:
        if scale < _READABLE:
            from bpstudio.ui.canvas.renderer import Renderer

            whole = QRectF(0, 0, size.width(), size.height())
            Renderer(colours, dpr).paint(painter, view, scale, (x, y), whole, grid=False)
        else:
            painter.translate(x, y)
            painter.scale(scale, scale)
            Vector(colours, ground="").paint(painter, view)
    return made


class ExampleCard(QAbstractButton):
    """An example: its drawing and its title."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._picture: QPixmap | None = None
        self.grow()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.retranslate()

    def grow(self) -> None:
        """Be as large as Large mode wants it."""
        self.setFixedSize(theme.px(CARD.width()), theme.px(CARD.height()))

    def retranslate(self) -> None:
        """Say the title in the chosen language."""
        self.setText(example_title(self.path))
        self.setAccessibleName(tr("Example: {title}", title=self.text()))
        self.update()

    def redraw(self) -> None:
        """Draw the picture anew: the theme or the screen has changed."""
        # Not while painting: a fault in here must not end in the middle of Qt's paint event.
        size = QSize(self.width() - 4, theme.px(_PREVIEW))
        self._picture = preview(_view(self.path), size, self.devicePixelRatioF())
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.redraw()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        lit = self.hasFocus() or self.underMouse()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.card))
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            corner = theme.length(10)
            painter.drawRoundedRect(frame, corner, corner)
            round_corners = QPainterPath()
            round_corners.addRoundedRect(frame, corner, corner)
            painter.save()
            painter.setClipPath(round_corners)
            if self._picture is not None:
                painter.drawPixmap(2, 2, self._picture)
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(
                QPen(QColor(colours.accent if lit else colours.edge), 2.0 if lit else 1.0)
            )
            painter.drawRoundedRect(frame, corner, corner)
            painter.setPen(QColor(colours.ink))
            px = theme.px
            where = self.rect().adjusted(px(12), px(_PREVIEW + 4), -px(12), -px(4))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(where, int(flags), self.text())


class StartPage(QScrollArea):
    """The page. It only says what is wanted."""

    new = Signal()
    open = Signal()
    train = Signal()
    recent = Signal(object)
    """The Path of a file opened or saved before."""
    example = Signal(object)
    """The Path of a shipped example."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start_page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._session = session
        self._title, self._hint = _label("start_title"), _label("quiet")
        self._recent_title, self._example_title = _label("heading"), _label("heading")
        self.new_button, self.open_button = QPushButton(), QPushButton()
        self.train_button = QPushButton()
        self.new_button.setObjectName("primary")
        self.new_button.clicked.connect(lambda: self.new.emit())
        self.open_button.clicked.connect(lambda: self.open.emit())
        self.train_button.clicked.connect(lambda: self.train.emit())
        self._recent = QVBoxLayout()
        self._grid = QGridLayout()
        self.cards: list[ExampleCard] = []
        # Of the viewport: asking for that widget makes PySide6 know sixty enums of its kin.
        self._wide = 0
        self._lay_out()
        self._retranslate()
        session.settings.changed.connect(self._setting_changed)
        theme.appearance().changed.connect(self._dress)
        # Drawn one by one, so that the page stands and answers at once.
        self._undrawn: list[ExampleCard] = []
        self._soon = QTimer(self, interval=0)
        self._soon.timeout.connect(self._draw_next)
        self._body.hide()

    def fill(self) -> None:
        """Show the recent files and the examples; their pictures follow."""
        self._body.show()
        self._fill_recent()
        if not self.cards:
            for path in example_paths():
                card = ExampleCard(path)
                card.clicked.connect(lambda _=False, path=path: self.example.emit(path))
                self.cards.append(card)
            self._arrange()
        self._example_title.setVisible(bool(self.cards))
        self._redraw()

    def _redraw(self, _: object = None) -> None:
        self._undrawn = list(self.cards)
        if self.isVisible():
            self._soon.start(DRAW_MS)

    def _draw_next(self) -> None:
        if not self._undrawn or not self.isVisible():
            self._soon.stop()
            return
        self._undrawn.pop(0).redraw()
        self._soon.setInterval(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._undrawn:
            self._soon.start(DRAW_MS)

    def recent_paths(self) -> list[Path]:
        """The recent files that are still there."""
        paths = [Path(name) for name in self._session.settings.recent]
        return [path for path in paths if path.is_file()][:MOST_RECENT]

    def _fill_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            gone = item.widget()
            assert gone is not None
            gone.deleteLater()
        paths = self.recent_paths()
        for path in paths:
            button = QPushButton(f"{path.stem.replace('&', '&&')}    {_short(path.parent)}")
            button.setObjectName("link")
            button.setFlat(True)
            button.setToolTip(str(path))
            button.setAccessibleName(tr("Open {file}", file=path.name))
            button.clicked.connect(lambda _=False, path=path: self.recent.emit(path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._recent_title.setVisible(bool(paths))

    def _lay_out(self) -> None:
        buttons = FlowLayout(gap=theme.px(12))
        buttons.addWidget(self.new_button)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.train_button)
        body = self._body = QWidget()
        body.setObjectName("start_body")
        column = self._column = QVBoxLayout()
        # Margins of the style's own would make the cards wider than what _arrange counts on.
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._title)
        self._hint.setWordWrap(True)
        column.addWidget(self._hint)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        column.addSpacing(8)
        column.addWidget(self._example_title)
        column.addLayout(self._grid)
        column.setAlignment(self._grid, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        inner = self._inner = QWidget()
        inner.setLayout(column)
        across = self._across = QHBoxLayout(body)
        across.addStretch(1)
        across.addWidget(inner, 1000)
        across.addStretch(1)
        self.setWidget(body)
        self._size()

    def _size(self) -> None:
        """Everything as large as Large mode wants it."""
        px = theme.px
        self._column.setSpacing(px(12))
        self._recent.setSpacing(px(4))
        self._grid.setSpacing(px(_GAP))
        self._inner.setMaximumWidth(px(_WIDEST))
        self._across.setContentsMargins(px(48), px(40), px(48), px(24))

    def _dress(self, _: object) -> None:
        self._size()
        for card in self.cards:
            card.grow()
        self._arrange()
        self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wide = event.size().width()
        self._arrange()

    def _arrange(self) -> None:
        px = theme.px
        room = min(px(_WIDEST), self._wide - px(96))
        columns = max(1, (room + px(_GAP)) // (px(CARD.width()) + px(_GAP)))
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)

    def _setting_changed(self, name: str) -> None:
        if name == "recent":
            self._fill_recent()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._fill_recent()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Start"))
        self._title.setText("Backprop Studio")
        self._hint.setText(tr("Type a formula above, open a file, or begin with an empty sheet."))
        self.new_button.setText(tr("New graph"))
        self.open_button.setText(tr("Open …"))
        self.train_button.setText(tr("Train a network"))
        self._recent_title.setText(tr("Recent files").upper())
        self._example_title.setText(tr("Examples").upper())
        for card in self.cards:
            card.retranslate()


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _short(folder: Path) -> str:
    """A folder as people know it, the home folder as ~."""
    try:
        return f"~/{folder.relative_to(Path.home())}".removesuffix("/.")
    except ValueError:
        return str(folder)
