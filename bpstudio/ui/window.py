"""The window: menus, formula bar, palette, documents in tabs, the right column, and the stage.

It only arranges and connects; what is done is in ACTIONS, `filing` and the panels. One window shows
all open documents; every panel looks at the current one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bpstudio.language import tr
from bpstudio.ui import app as apps
from bpstudio.ui import dropping, mathview, theme, windowstyle, wishes
from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.document import Document
from bpstudio.ui.filing import Filing
from bpstudio.ui.formulabar import FormulaBar
from bpstudio.ui.helpwindows import HelpWindows
from bpstudio.ui.journals import Journals
from bpstudio.ui.menus import Menus
from bpstudio.ui.notice import Notice
from bpstudio.ui.opening import Opening
from bpstudio.ui.session import Session
from bpstudio.ui.settings import Settings
from bpstudio.ui.sides import Sides
from bpstudio.ui.startpage import StartPage

if TYPE_CHECKING:
    from bpstudio.files.bps import View
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.chooser import Chooser
    from bpstudio.ui.finding import Finder
    from bpstudio.ui.panels.stepper import Stepper
    from bpstudio.ui.recovery import Recovery
    from bpstudio.ui.tabs import Tabs
    from bpstudio.ui.talk.talk import Talk
    from bpstudio.ui.trainer.host import Host
    from bpstudio.ui.workbench import Workbench

SIDE_SETTINGS = ("palette", "column", "palette_crowded", "column_crowded", "overview")
"""What says which sides are to be seen."""
BUTTONS = ("tidy", "check")
"""The actions with a button in the formula bar."""


class Window(Opening):
    """The main window over one Session."""

    filing: Filing
    help: HelpWindows
    tabs: Tabs
    workbench: Workbench
    talk: Talk | None = None
    _chooser: Chooser | None = None
    _finder: Finder | None = None
    _training: Host | None = None
    _recovery: Recovery | None = None

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings)
        self.setObjectName("window")
        self.setAcceptDrops(True)
        self.session = Session(self.settings, self)
        self.filing = Filing(self.session, self, self._view_of)
        self.journals = Journals(self.session)
        self.help = HelpWindows(self)
        self.furnished = False
        self._outside = QTimer(self, singleShot=True, interval=0)
        self._outside.timeout.connect(lambda: self.filing.look_outside())
        self._make_frame()
        self.menus = Menus(self)
        self._connect()
        self._dress()
        self.restore()
        self._retranslate()
        self._show(None)

    # --- what actions ask for ---------------------------------------------------------------

    @property
    def document(self) -> Document | None:
        """The document looked at."""
        return self.session.current

    @property
    def current(self) -> Document:
        """The same, for what can be done only while there is one."""
        assert self.document is not None
        return self.document

    @property
    def canvas(self) -> GraphCanvas:
        """The canvas of the document looked at."""
        return self.tabs.canvas_of(self.current)

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
        self.furnish()
        self.workbench.want("palette", True)
        self.workbench.palette.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.workbench.palette.search.selectAll()

    def toggle_side(self, key: str) -> None:
        """Open the palette or the right column, or put it away."""
        self.furnish()
        self.workbench.want(key, not self.workbench.shows(key))

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_shortcuts(self) -> None:
        """Show the shortcut sheet: over the canvas, so that the stage stays in sight."""
        self.help.show_shortcuts(self.centre)

    def present(self) -> None:
        """Show the document on the whole screen, to be stepped through and not edited."""
        from bpstudio.ui.talk.talk import Talk

        self.stepper.pause()
        self.talk = Talk(self.session, self.current, self)
        self.talk.left.connect(self._talk_left)
        self.talk.showFullScreen()

    def _talk_left(self) -> None:
        self.talk = None
        self.activateWindow()

    def show_commands(self) -> None:
        """Ask for a command by its name."""
        from bpstudio.ui.commandlist import open_command_list

        self.furnish()
        open_command_list(self)

    @property
    def chooser(self) -> Chooser:
        """The field with a list over the window; made when first asked for."""
        from bpstudio.ui.chooser import Chooser

        if self._chooser is None:
            self._chooser = Chooser(self._body)
        return self._chooser

    @property
    def finder(self) -> Finder:
        """The search in the graph; made when first asked for."""
        from bpstudio.ui.finding import Finder

        if self._finder is None:
            self._finder = Finder(self)
        return self._finder

    @property
    def recovery(self) -> Recovery:
        """What was not saved and can be taken back."""
        from bpstudio.ui.recovery import Recovery

        if self._recovery is None:
            self._recovery = Recovery(self, self.journals)
        return self._recovery

    def show_earlier(self) -> None:
        """Show what saves of the document have replaced."""
        from bpstudio.ui import earlier

        earlier.show(self, self.current)

    def put_bar(self, bar: QWidget) -> None:
        """Give a bar its place over the documents."""
        self._down.insertWidget(1, bar)

    @property
    def training(self) -> Host:
        """The training panel's place; the panel is made when it is first shown."""
        from bpstudio.ui.trainer.host import Host

        if self._training is None:
            self._training = Host(self)
        return self._training

    # --- parts ------------------------------------------------------------------------------

    def _make_frame(self) -> None:
        """What is painted first: formula bar and start page, before anything heavy is imported."""
        self.formula_bar = FormulaBar(self.session)
        self.buttons: dict[str, QPushButton] = {}
        by_id = {action.id: action for action in ACTIONS}
        for key in BUTTONS:
            button = self.buttons[key] = self.formula_bar.add_button(f"button_{key}")
            button.clicked.connect(lambda _=False, action=by_id[key]: self.menus.run(action))
        self.start_page = StartPage(self.session)
        self.centre = QStackedWidget()
        self.centre.addWidget(self.start_page)
        self.notice = Notice(self.centre)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.setObjectName("across")
        self.across.setChildrenCollapsible(False)
        self.across.addWidget(self.centre)
        self.sides = Sides(self.across, self.settings, self)
        body = self._body = QWidget()
        body.setObjectName("body")
        self._down = QVBoxLayout(body)
        self._down.setContentsMargins(0, 0, 0, 0)
        self._down.setSpacing(0)
        self._down.addWidget(self.formula_bar)
        self._down.addWidget(self.across, 1)
        self.setCentralWidget(body)

    def furnish(self) -> None:
        """Make the menus' entries, the tabs and the panels, if they are not there yet."""
        if self.furnished:
            return
        from bpstudio.ui.tabs import Tabs
        from bpstudio.ui.workbench import Workbench

        self.furnished = True
        self.menus.fill()
        self.tabs = Tabs(self.session)
        self.tabs.setAccessibleName(tr("Documents"))
        self.tabs.close_wanted.connect(lambda document: self.filing.close([document]))
        self.centre.addWidget(self.tabs)
        self.workbench = Workbench(self.session, self.across, self.across.parentWidget() or self)
        self.workbench.arrange()
        self._down.addWidget(self.stepper)
        wishes.connect(self)
        self.sides.take(self.workbench)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sides.suit()

    @property
    def stepper(self) -> Stepper:
        """The stage."""
        return self.workbench.stepper

    def _connect(self) -> None:
        self.session.opened.connect(self._opened)
        self.session.shown.connect(self._show)
        self.session.said.connect(self.notice.say)
        self.settings.changed.connect(self._setting_changed)
        self.formula_bar.built.connect(lambda: self.canvas.fit_again())
        self.start_page.new.connect(self.new)
        self.start_page.open.connect(lambda: self.filing.ask_and_open())
        self.start_page.train.connect(lambda: self.training.show())
        self.start_page.recent.connect(lambda path: self.filing.open([path]))
        self.start_page.example.connect(self.filing.open_copy)
        theme.appearance().changed.connect(self._dress)

    def _dress(self, _: object = None) -> None:
        self.setStyleSheet(windowstyle.qss(theme.current(), theme.appearance().factor))
        self.sides.widen()

    def _view_of(self, document: Document) -> View | None:
        return self.tabs.view_of(document)

    # --- the current document ---------------------------------------------------------------

    def _opened(self, document: Document) -> None:
        self.furnish()
        document.renamed.connect(self._rename)
        # ziamath takes a quarter of a second to load: the document stands first.
        self.later(lambda: mathview.warm_soon(self))

    def _show(self, document: Document | None) -> None:
        typing = self.formula_bar.field.isModified()
        if self.furnished:
            if document is None:
                self.start_page.fill()
            self.workbench.show_document(document)
            self.sides.suit()
            self.workbench.overview.show_canvas(self.canvas if document is not None else None)
        self.notice.keep_clear_of(self.canvas.bubble if document is not None else None)
        self.formula_bar.show_document(document)
        page = self.start_page if document is None else self.tabs
        first = document is not None and self.centre.currentWidget() is self.start_page
        self.centre.setCurrentWidget(page)
        if first and not typing:
            # Else Qt hands the keyboard from the start page to the formula: keys would type there.
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        if document is not None and (self._training or document.file.network is not None):
            self.training.look_at(document)
        for button in self.buttons.values():
            button.setEnabled(document is not None)
        self._rename()

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
        elif name == "size":
            theme.appearance().use(factor=self.settings.get("size"))
        elif name == "animations":
            theme.appearance().move(self.settings.get("animations"))
        elif name == "weights" and self.settings.get("weights"):
            self.session.say(weights_legend())
        elif name == "language":
            apps.use_language(self.settings.get("language"))
        elif name in SIDE_SETTINGS and self.furnished:
            self.workbench.arrange()
            self.sides.widen()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.menus.retranslate()
            self._retranslate()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            # Not from inside the event: a dialog opened there would fight for the activation.
            self._outside.start()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.buttons["tidy"].setText(tr("Tidy"))
        self.buttons["tidy"].setToolTip(tr("Arrange the gates in layers (Ctrl+T)"))
        self.buttons["check"].setText(tr("Check gradients"))
        self.buttons["check"].setToolTip(
            tr("Compare every gradient with its central difference (Ctrl+K)")
        )
        if self.furnished:
            self.workbench.retranslate()
            self.tabs.setAccessibleName(tr("Documents"))
        if self._recovery is not None and self._recovery.bar is not None:
            self._recovery.bar.retranslate()
        self._rename()

    # --- opening, dropping, closing ---------------------------------------------------------

    def begin(self, paths: Iterable[str]) -> None:
        """Open the files named on the command line; without one, show the start page."""
        self.furnish()
        self.filing.open([Path(path) for path in paths])
        if self.document is None:
            self.start_page.fill()
        self.later(lambda: self.recovery.look())
        if self.settings.get("training"):
            self.later(lambda: self.training.show())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropping.takes(event.mimeData()):
            dropping.copies(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        dropping.copies(event)

    def dropEvent(self, event: QDropEvent) -> None:
        dropping.copies(event)
        dropping.take(self, event.mimeData(), event.position().toPoint())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.filing.may_close(self.session.documents):
            event.ignore()
            return
        self.journals.end()
        self.remember()
        if self._training is not None:
            self._training.shut()
        if self.furnished:
            self.stepper.pause()
        self.sides.keep()
        self.settings.flush()
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.notice.hide()


def weights_legend() -> str:
    """What the width of a wire says, where it says something."""
    return tr(
        "A wire is the wider the larger its gradient: on a log scale, the thinnest at a "
        "ten-thousandth of the largest or less."
    )
