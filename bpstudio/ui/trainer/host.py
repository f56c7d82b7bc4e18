"""Where the training panel stands: docked beside the graph, or in a window of its own.

The panel itself is imported and made when it is first shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QDialog, QMenu

from bpstudio.ui import theme as themes

if TYPE_CHECKING:
    from bpstudio.ui.document import Document
    from bpstudio.ui.trainer.asgraph import Links
    from bpstudio.ui.trainer.keeping import Keeping
    from bpstudio.ui.trainer.panel import TrainingPanel
    from bpstudio.ui.window import Window

DOCKED, FLOATING = "docked", "window"
_SIZE = (1120, 800)
_TITLE = 40
"""What a title bar may need, px."""
NARROW, LOW = 1200, 760
"""In a window narrower or lower than this the panel begins in one of its own."""
LEAST_DOCKED = 840, 520
"""The same in Large mode, times the factor, whatever was chosen in a window with more room."""
DRAWN = "drawn_training"
"""What the panels of drawn graphs are called."""
KEYS = ("training", "training_play", "training_step", "training_rewind", "save", "save_as")
"""Actions whose keys hold in the panel's own window too."""


class Host(QObject):
    """Shows, hides, moves and stops the panel of one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.panel: TrainingPanel | None = None
        self._links: Links | None = None
        self._keeping: Keeping | None = None

    @property
    def keeping(self) -> Keeping:
        """What the documents keep of networks."""
        from bpstudio.ui.trainer.keeping import Keeping

        if self._keeping is None:
            self._keeping = Keeping(self._window)
        return self._keeping

    def look_at(self, document: Document) -> None:
        """Another document is looked at: the panel shows the network that it keeps."""
        if document.file.network is not None or self._keeping is not None:
            self.keeping.look_at(document)

    @property
    def links(self) -> Links:
        """The drawings that follow the network."""
        from bpstudio.ui.trainer.asgraph import Links

        if self._links is None:
            self._links = Links(self._window)
        return self._links

    @property
    def shown(self) -> bool:
        """Whether the panel is to be seen."""
        return self.panel is not None and not self.panel.isHidden()

    @property
    def floating(self) -> bool:
        """Whether the panel has a window of its own."""
        place = self._window.settings.get(self._place_setting)
        if place in (DOCKED, FLOATING):
            return bool(place == FLOATING)
        return self._crowded or self._window.width() < NARROW or self._window.height() < LOW

    @property
    def _crowded(self) -> bool:
        """In Large mode a small window has no room for the panel: what somebody chose elsewhere
        does not hold there."""
        factor, window = themes.appearance().factor, self._window
        return factor > 1.0 and (
            window.width() < LEAST_DOCKED[0] * factor or window.height() < LEAST_DOCKED[1] * factor
        )

    @property
    def _place_setting(self) -> str:
        return "training_place_crowded" if self._crowded else "training_place"

    def toggle(self) -> None:
        """Show the panel, or put it away; a hidden network does not train.

        One whose own window lies behind the graph comes to the front first.
        """
        if self.shown and not self._is_behind:
            self.hide()
        else:
            self.show()

    @property
    def _is_behind(self) -> bool:
        panel, window = self.panel, self._window
        if panel is None or not panel.isWindow() or not window.isActiveWindow():
            return False
        return panel.frameGeometry().intersects(window.frameGeometry())

    def show(self) -> TrainingPanel:
        """Show the panel where it stood last."""
        panel = self._made()
        self._place()
        panel.runner.refresh()
        self._window.settings.set("training", True)
        panel.row.buttons["play"].setFocus(Qt.FocusReason.OtherFocusReason)
        return panel

    def hide(self) -> None:
        """Put the panel away."""
        if self.panel is not None:
            self.panel.shut()
            self._remember()
            self.panel.hide()
            self._window.sides.suit()
        self._window.settings.set("training", False)

    def move(self) -> None:
        """From beside the graph into a window of its own, or back."""
        self._remember()
        # As it stands: the window may have been made small since.
        floats = self.panel is not None and self.panel.isWindow()
        self._window.settings.set(self._place_setting, DOCKED if floats else FLOATING)
        self._place()

    def shut(self) -> None:
        """Stop the training and take the panel out of the window, which is about to close."""
        for drawn in self._window.findChildren(QDialog, DRAWN):
            # What it learned stays in its graph; no thread may outlive the window.
            drawn.close()
        if self.panel is None:
            return
        self.panel.shut()
        if self._links is not None:
            self._links.clear()
        if self._keeping is not None:
            self._keeping.left()
        self._remember()
        # Out of the splitter, so that the splitter remembers the others' widths alone.
        self.panel.hide()
        self.panel.setParent(None)
        self.panel.deleteLater()
        self.panel = None

    # --- inside -----------------------------------------------------------------------------

    def _made(self) -> TrainingPanel:
        from bpstudio.ui.trainer.panel import TrainingPanel

        if self.panel is None:
            self._window.furnish()
            self.panel = TrainingPanel(self._window.settings)
            self.panel.detach_wanted.connect(self.move)
            self.panel.as_graph_wanted.connect(lambda: self.links.open())
            self.panel.row.more.setMenu(self._menu(self.panel))
            self.panel.installEventFilter(self)
            entries = self._window.menus.entries
            self.panel.addActions([entries[key] for key in KEYS if key in entries])
        return self.panel

    def _menu(self, panel: TrainingPanel) -> QMenu:
        """What else can be done with the network: the Network menu's own entries."""
        menu, menus = QMenu(panel), self._window.menus
        menu.setToolTipsVisible(True)
        menu.addActions(menus.menus["network"].actions())
        menu.aboutToShow.connect(menus.menus["network"].aboutToShow)
        menu.aboutToHide.connect(menus.menus["network"].aboutToHide)
        return menu

    def _place(self) -> None:
        panel, window = self.panel, self._window
        assert panel is not None
        panel.row.show_floating(self.floating)
        if self.floating:
            self._float(panel)
        elif window.across.indexOf(panel) < 0:
            panel.hide()
            panel.setWindowFlags(Qt.WindowType.Widget)
            window.sides.dock(panel)
        panel.show()
        self._window.sides.suit()
        if self.floating:
            panel.raise_()
            panel.activateWindow()

    def _float(self, panel: TrainingPanel) -> None:
        if panel.parentWidget() is not None or not panel.isWindow():
            panel.hide()
            panel.setParent(None)
            panel.setWindowFlags(Qt.WindowType.Window)
        state = self._window.settings.bytes("training")
        if not panel.restoreGeometry(state):
            room = self._window.screen().availableGeometry()
            size = QSize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height() - _TITLE))
            panel.resize(size)
            # Not left to the desktop: some put a large window half outside of a small screen.
            down = (room.height() - _TITLE - size.height()) // 2
            panel.move(room.x() + room.width() - size.width(), room.y() + down)

    def _remember(self) -> None:
        if self.panel is not None and self.panel.isWindow():
            self._window.settings.set_bytes("training", self.panel.saveGeometry())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Closing the panel's own window puts the panel away; the program goes on.
        if watched is self.panel and event.type() == QEvent.Type.Close and self.shown:
            self._window.settings.set("training", False)
            self._remember()
            assert self.panel is not None
            self.panel.shut()
        return False
