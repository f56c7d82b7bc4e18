"""The window: menus, formula bar, palette, documents in tabs, the right column, and the stage.

It only arranges and connects; what is done is in ACTIONS, `filing` and the panels. One window shows
all open documents; every panel looks at the current one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QMessageBox,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bpstudio import __version__
from bpstudio.language import tr
from bpstudio.ui import app as apps
from bpstudio.ui import ask, icons, mathview, theme, windowstyle
from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.document import Document
from bpstudio.ui.filing import SUFFIX, Filing
from bpstudio.ui.formulabar import FormulaBar
from bpstudio.ui.menus import Menus
from bpstudio.ui.notice import Notice
from bpstudio.ui.panels import PANELS
from bpstudio.ui.panels.palette import Palette
from bpstudio.ui.panels.stepper import Stepper
from bpstudio.ui.section import Section
from bpstudio.ui.session import Session
from bpstudio.ui.settings import Settings
from bpstudio.ui.startpage import StartPage
from bpstudio.ui.tabs import Tabs

if TYPE_CHECKING:
    from bpstudio.files.bps import View
    from bpstudio.ui.canvas.canvas import GraphCanvas

DEFAULT_SIZE = (1440, 860)
NARROW = 1200
SIDES, NARROW_SIDES = (184, 296), (156, 264)
"""Widths of the palette and the right column, in a wide and in a narrow window."""
LATER_MS = 600
"""After this long the window stands, and what it will need soon may be loaded."""
BUTTONS = ("tidy", "check")
"""The actions with a button in the formula bar."""


class Window(QMainWindow):
    """The main window over one Session."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAcceptDrops(True)
        self.setMinimumSize(800, 560)
        self.settings = settings or Settings(self)
        self.session = Session(self.settings, self)
        self.filing = Filing(self.session, self, self._view_of)
        self._make_parts()
        self.menus = Menus(self)
        self._lay_out()
        self._connect()
        self._dress()
        self._restore()
        self._retranslate()
        self._show(None)

    # --- what actions ask for ---------------------------------------------------------------

    @property
    def document(self) -> Document | None:
        """The document looked at."""
        return self.session.current

    @property
    def canvas(self) -> GraphCanvas:
        """The canvas of the document looked at."""
        assert self.document is not None
        return self.tabs.canvas_of(self.document)

    def new(self) -> None:
        """Open an empty document and put the keyboard on its canvas."""
        self.session.new()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_formula(self) -> None:
        """Put the keyboard in the formula bar."""
        self.formula_bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.formula_bar.field.selectAll()

    def focus_palette(self) -> None:
        """Put the keyboard in the palette's search."""
        self.settings.set("palette", True)
        self.palette_panel.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.palette_panel.search.selectAll()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_shortcuts(self) -> None:
        """Show the shortcut sheet beside the work."""
        from bpstudio.ui.shortcuts import ShortcutSheet

        if self._sheet is None:
            self._sheet = ShortcutSheet(self)
        self._sheet.show()
        self._sheet.raise_()
        self._sheet.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_about(self) -> None:
        """Say what this program is."""
        box = QMessageBox(self)
        box.setWindowTitle(tr("About Backprop Studio"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIconPixmap(icons.app_icon().pixmap(64, 64))
        box.setText(f"Backprop Studio {__version__}")
        box.setInformativeText(
            tr("Draw a computation; see every value and every gradient on its wires.")
        )
        box.addButton(tr("OK"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()

    # --- parts ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._sheet: QWidget | None = None
        self.formula_bar = FormulaBar(self.session)
        self.buttons: dict[str, QPushButton] = {}
        by_id = {action.id: action for action in ACTIONS}
        for key in BUTTONS:
            button = self.buttons[key] = self.formula_bar.add_button(f"button_{key}")
            button.clicked.connect(lambda _=False, action=by_id[key]: self.menus.run(action))
        self.panels = {panel.key: panel.make(self.session) for panel in PANELS}
        palette, stepper = self.panels["palette"], self.panels["stepper"]
        assert isinstance(palette, Palette)
        assert isinstance(stepper, Stepper)
        self.palette_panel, self.stepper = palette, stepper
        self.tabs = Tabs(self.session)
        self.start_page = StartPage(self.session)
        self.centre = QStackedWidget()
        self.centre.addWidget(self.start_page)
        self.centre.addWidget(self.tabs)
        self.notice = Notice(self.centre)

    def _lay_out(self) -> None:
        self.column = QSplitter(Qt.Orientation.Vertical)
        self.column.setObjectName("column")
        self.column.setMinimumWidth(232)
        self.column.setChildrenCollapsible(False)
        self.sections: dict[str, Section] = {}
        for panel in PANELS:
            if panel.area == "right":
                opened = self.settings.get(f"{panel.key}_open")
                section = self.sections[panel.key] = Section(self.panels[panel.key], opened=opened)
                self.column.addWidget(section)
        # Folded sections stay at the top: an empty stretch takes what they leave.
        rest = QWidget()
        rest.setObjectName("column_rest")
        self.column.addWidget(rest)
        for place, stretch in enumerate((5, 4, 3, 0)):
            self.column.setStretchFactor(place, stretch)
        self.column.setSizes([420, 300, 160, 0])
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.setObjectName("across")
        self.across.setChildrenCollapsible(False)
        for part, stretch in ((self.palette_panel, 0), (self.centre, 1), (self.column, 0)):
            self.across.addWidget(part)
            self.across.setStretchFactor(self.across.count() - 1, stretch)
        body = QWidget()
        body.setObjectName("body")
        down = QVBoxLayout(body)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addWidget(self.formula_bar)
        down.addWidget(self.across, 1)
        down.addWidget(self.stepper)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        self.session.shown.connect(self._show)
        self.session.opened.connect(self._opened)
        self.session.said.connect(self.notice.say)
        self.settings.changed.connect(self._setting_changed)
        self.palette_panel.place.connect(self._place)
        self.palette_panel.add.connect(self._add)
        self.formula_bar.built.connect(lambda: self.canvas.zoom_fit())
        self.start_page.new.connect(self.new)
        self.start_page.open.connect(lambda: self.filing.ask_and_open())
        self.start_page.recent.connect(lambda path: self.filing.open([path]))
        self.start_page.example.connect(self.filing.open_copy)
        self.tabs.close_wanted.connect(lambda document: self.filing.close([document]))
        for key, section in self.sections.items():
            section.folded.connect(lambda on, key=key: self.settings.set(f"{key}_open", on))
        theme.appearance().changed.connect(self._dress)
        # networkx, ziamath and the document codec come when the window already stands.
        QTimer.singleShot(LATER_MS, self._load_later)

    def _dress(self, _: object = None) -> None:
        self.setStyleSheet(windowstyle.qss(theme.current()))

    def _load_later(self) -> None:
        mathview.warm()

    def _place(self, key: str) -> None:
        if self.document is not None:
            self.canvas.place(key)
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, key: str) -> None:
        if self.document is not None:
            self.canvas.add_at_centre(key)

    def _view_of(self, document: Document) -> View | None:
        return self.tabs.view_of(document)

    # --- the current document ---------------------------------------------------------------

    def _opened(self, document: Document) -> None:
        document.renamed.connect(self._rename)

    def _show(self, document: Document | None) -> None:
        for panel in self.panels.values():
            panel.show_document(document)
        self.formula_bar.show_document(document)
        self.centre.setCurrentWidget(self.tabs if document is not None else self.start_page)
        self._arrange()
        self._rename()

    def _arrange(self) -> None:
        """Show the parts that the settings and the presence of a document ask for."""
        there = self.document is not None
        self.palette_panel.setVisible(there and self.settings.get("palette"))
        self.column.setVisible(there and self.settings.get("column"))
        self.stepper.setVisible(there)
        for button in self.buttons.values():
            button.setEnabled(there)

    def _rename(self) -> None:
        document = self.document
        if document is None:
            self.setWindowModified(False)
            self.setWindowTitle("Backprop Studio")
            return
        self.setWindowTitle(f"{document.title}[*] – Backprop Studio")
        self.setWindowModified(document.dirty)
        self.setWindowFilePath(str(document.path) if document.path is not None else "")

    # --- settings and language --------------------------------------------------------------

    def _setting_changed(self, name: str) -> None:
        if name == "theme":
            theme.appearance().use(self.settings.get("theme"))
        elif name == "language":
            apps.use_language(self.settings.get("language"))
        elif name in ("palette", "column"):
            self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.menus.retranslate()
            self._retranslate()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            # Not from inside the event: a dialog opened there would fight for the activation.
            QTimer.singleShot(0, self.filing.look_outside)
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.buttons["tidy"].setText(tr("Tidy"))
        self.buttons["tidy"].setToolTip(tr("Arrange the gates in layers (Ctrl+T)"))
        self.buttons["check"].setText(tr("Check gradients"))
        self.buttons["check"].setToolTip(
            tr("Compare every gradient with its central difference (Ctrl+K)")
        )
        for panel in PANELS:
            if panel.key in self.sections:
                self.sections[panel.key].set_title(tr(panel.title))
        self.tabs.setAccessibleName(tr("Documents"))
        self._rename()

    # --- opening, dropping, closing ---------------------------------------------------------

    def open_paths(self, paths: Iterable[str]) -> None:
        """Open the files named on the command line."""
        self.filing.open([Path(path) for path in paths])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _dropped(event)
        if paths:
            event.acceptProposedAction()
            # The drag's source waits until this returns: questions come after.
            QTimer.singleShot(0, lambda: self.filing.open(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.filing.may_close(self.session.documents):
            event.ignore()
            return
        self.stepper.pause()
        self.settings.set_bytes("window", self.saveGeometry())
        self.settings.set_bytes("across", self.across.saveState())
        self.settings.set_bytes("column", self.column.saveState())
        self.settings.flush()
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.notice.hide()

    def _restore(self) -> None:
        """Size and splitters as they were left; a sensible size the first time."""
        if not self.restoreGeometry(self.settings.bytes("window")):
            room = self.screen().availableGeometry().size()
            width, height = DEFAULT_SIZE
            self.resize(min(width, room.width()), min(height, room.height()))
        if not self.across.restoreState(self.settings.bytes("across")):
            left, right = SIDES if self.width() >= NARROW else NARROW_SIDES
            self.across.setSizes([left, max(1, self.width() - left - right), right])
        self.column.restoreState(self.settings.bytes("column"))


def _dropped(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == SUFFIX]


def open_window(paths: list[str]) -> int:
    """Open the window with these files and run until it is closed; answers the exit status."""
    app = apps.application(sys.argv)
    settings = Settings()
    apps.use_language(settings.get("language"))
    theme.appearance().use(settings.get("theme"))
    app.setWindowIcon(icons.app_icon())
    window = Window(settings)
    guard = apps.Guard(lambda sentence: ask.tell(window, "Backprop Studio", sentence))
    guard.install()
    window.show()
    if paths:
        QTimer.singleShot(0, lambda: window.open_paths(paths))
    try:
        return app.exec()
    finally:
        guard.remove()
