"""What stands in the window while no document is open: begin, go on, or look at an example.

Examples are drawn small from their files once the window stands; a click opens an untitled copy.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
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

from bpstudio import assets
from bpstudio.core.graph import Graph
from bpstudio.language import tr
from bpstudio.ui import theme
from bpstudio.ui.session import Session

CARD = QSize(248, 176)
_PREVIEW = 128
"""Height of the drawing on a card; the rest is its title."""
_WIDEST = 1040
_GAP = 16
MOST_RECENT = 6


def example_paths() -> tuple[Path, ...]:
    """The shipped examples, in the order of their file names."""
    try:
        folder = assets.path("examples")
    except FileNotFoundError:
        return ()
    return tuple(sorted(folder.glob("*.bps")))


def example_title(path: Path) -> str:
    """What an example is called."""
    return tr(_read(path)[0])


@cache
def _read(path: Path) -> tuple[str, Graph]:
    """Title and graph of a shipped file; one that is broken is an empty graph of its name."""
    from bpstudio.files.bps import BadDocument, load

    try:
        file, _ = load(path)
    except BadDocument:
        return path.stem, Graph()
    return file.title or path.stem, file.graph


def preview(graph: Graph, size: QSize, dpr: float) -> QPixmap:
    """A graph drawn small in the theme in use."""
    from bpstudio.ui.canvas.renderer import Renderer
    from bpstudio.ui.canvas.viewmodel import ViewModel

    colours = theme.current()
    made = QPixmap(size * dpr)
    made.setDevicePixelRatio(dpr)
    made.fill(QColor(colours.paper))
    view = ViewModel(graph)
    bounds = view.bounds()
    if bounds is None:
        return made
    left, top, right, bottom = bounds
    room_x, room_y = size.width() - 24, size.height() - 24
    scale = min(0.8, room_x / max(1.0, right - left), room_y / max(1.0, bottom - top))
    offset = (
        round((size.width() - (left + right) * scale) / 2),
        round((size.height() - (top + bottom) * scale) / 2),
    )
    with QPainter(made) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = (0.0, 0.0, float(size.width()), float(size.height()))
        Renderer(colours, dpr).paint(painter, view, scale, offset, QRectF(*rect))
    return made


class ExampleCard(QAbstractButton):
    """An example: its drawing and its title."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._picture: QPixmap | None = None
        self.setFixedSize(CARD)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.retranslate()

    def retranslate(self) -> None:
        """Say the title in the chosen language."""
        self.setText(example_title(self.path))
        self.setAccessibleName(tr("Example: {title}", title=self.text()))
        self.update()

    def redraw(self) -> None:
        """The theme or the screen has changed."""
        self._picture = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        dpr = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatioF() != dpr:
            size = QSize(CARD.width() - 4, _PREVIEW)
            self._picture = preview(_read(self.path)[1], size, dpr)
        lit = self.hasFocus() or self.underMouse()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.card))
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, 10, 10)
            painter.drawPixmap(2, 8, self._picture)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(
                QPen(QColor(colours.accent if lit else colours.edge), 2.0 if lit else 1.0)
            )
            painter.drawRoundedRect(frame, 10, 10)
            painter.setPen(QColor(colours.ink))
            words = self.fontMetrics().elidedText(
                self.text(), Qt.TextElideMode.ElideRight, CARD.width() - 24
            )
            where = self.rect().adjusted(12, _PREVIEW + 8, -12, -4)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, words)


class StartPage(QScrollArea):
    """The page. It only says what is wanted."""

    new = Signal()
    open = Signal()
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
        self.new_button.setObjectName("primary")
        self.new_button.clicked.connect(lambda: self.new.emit())
        self.open_button.clicked.connect(lambda: self.open.emit())
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self.cards: list[ExampleCard] = []
        self._lay_out()
        self._retranslate()
        session.settings.changed.connect(self._setting_changed)
        theme.appearance().changed.connect(lambda _: [card.redraw() for card in self.cards])
        # Reading files costs an import: the window stands first.
        QTimer.singleShot(0, self.fill)

    def fill(self) -> None:
        """Show the recent files and the examples."""
        self._fill_recent()
        if not self.cards:
            for path in example_paths():
                card = ExampleCard(path)
                card.clicked.connect(lambda _=False, path=path: self.example.emit(path))
                self.cards.append(card)
            self._arrange()
        self._example_title.setVisible(bool(self.cards))

    def recent_paths(self) -> list[Path]:
        """The recent files that are still there."""
        paths = [Path(name) for name in self._session.settings.recent]
        return [path for path in paths if path.is_file()][:MOST_RECENT]

    def _fill_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            item.widget().deleteLater()
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
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.new_button)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        body = QWidget()
        body.setObjectName("start_body")
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        column.addSpacing(8)
        column.addWidget(self._example_title)
        column.addLayout(self._grid)
        column.addStretch(1)
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST)
        inner.setLayout(column)
        across = QHBoxLayout(body)
        across.setContentsMargins(48, 40, 48, 24)
        across.addStretch(1)
        across.addWidget(inner, 1000)
        across.addStretch(1)
        self.setWidget(body)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = min(_WIDEST, self.viewport().width() - 96)
        columns = max(1, (room + _GAP) // (CARD.width() + _GAP))
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(self._grid.columnCount() + 1):
            self._grid.setColumnStretch(column, 1 if column == columns else 0)

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
