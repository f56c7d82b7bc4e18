"""The menu bar, made from ACTIONS; recent files and examples are filled in when looked at.

An entry is greyed out only while its menu is open. A key pressed at any other time asks `when`
itself, so that nothing has to keep fifty entries up to date.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from bpstudio.core.items import GraphError
from bpstudio.language import tr
from bpstudio.ui import icons
from bpstudio.ui.actions import ACTIONS, MENUS, Action

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


class Menus:
    """The menus of one window. `entries` maps an action's id to its QAction."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.menus: dict[str, QMenu] = {}
        self.entries: dict[str, QAction] = {}
        self._make_menus()
        self.retranslate()

    def fill(self) -> None:
        """Put the entries into the menus."""
        for action in ACTIONS:
            if action.menu:
                self._add(action)
        self._add_places()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        for key, menu in self.menus.items():
            if key in MENUS:
                menu.setTitle(tr(MENUS[key]))
        if not self.entries:
            return
        self.menus["file/recent"].setTitle(tr("Open &recent"))
        self.menus["file/examples"].setTitle(tr("E&xamples"))
        for action in ACTIONS:
            if action.menu:
                self._refresh(action)

    def _make_menus(self) -> None:
        bar = self._window.menuBar()
        for key in MENUS:
            _, _, name = key.partition("/")
            menu = QMenu(bar)
            self.menus[key] = menu
            if not name:
                bar.addMenu(menu)
            menu.aboutToShow.connect(lambda key=key: self._open(key))
            menu.aboutToHide.connect(lambda key=key: self._shut(key))
            menu.setToolTipsVisible(True)

    def _add(self, action: Action) -> None:
        menu = self.menus[action.menu]
        parent, _, name = action.menu.partition("/")
        if name and not menu.actions():
            above = self.menus[parent]
            self._separate(above, action.section or 3)
            above.addMenu(menu)
        else:
            self._separate(menu, action.section)
        entry = QAction(self._window)
        entry.setProperty("section", action.section)
        entry.setCheckable(action.checked is not None)
        entry.triggered.connect(lambda _=False: self.run(action))
        keys = [QKeySequence(key) for key in (action.shortcut, *action.also) if key]
        if keys and action.held == "window":
            entry.setShortcuts(keys)
        menu.addAction(entry)
        # The window holds it too, so that its key works while the menu bar is hidden.
        self._window.addAction(entry)
        self.entries[action.id] = entry

    @staticmethod
    def _separate(menu: QMenu, section: int) -> None:
        last = menu.property("section")
        if last is not None and last != section:
            menu.addSeparator()
        menu.setProperty("section", section)

    def _add_places(self) -> None:
        file = self.menus["file"]
        before = self.entries["save"]
        separators = [a for a in file.actions() if a.isSeparator()]
        for key, fill in (
            ("file/recent", self._fill_recent),
            ("file/examples", self._fill_examples),
        ):
            menu = self.menus[key] = QMenu(file)
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(lambda menu=menu, fill=fill: fill(menu))
            file.insertMenu(separators[0] if separators else before, menu)

    def run(self, action: Action) -> None:
        """Do it if it can be done now, else say why not."""
        if action.when(self._window):
            try:
                action.run(self._window)
            except GraphError as refused:  # An edit that turned out to be none, as at the edge.
                self._window.session.say(str(refused))
        elif action.why is not None and (reason := action.why(self._window)):
            self._window.session.say(reason)

    # --- while a menu is open ---------------------------------------------------------------

    def _open(self, menu: str) -> None:
        for action in ACTIONS:
            if action.menu == menu:
                self._refresh(action)
                can = action.when(self._window)
                self.entries[action.id].setEnabled(can)
                if action.why is not None:
                    self.entries[action.id].setToolTip("" if can else action.why(self._window))
                # Icons are drawn when first looked at: thirty of them would delay the window.
                if action.icon:
                    self.entries[action.id].setIcon(icons.icon(action.icon))

    def _shut(self, menu: str) -> None:
        for action in ACTIONS:
            if action.menu == menu:
                self.entries[action.id].setEnabled(True)

    def _refresh(self, action: Action) -> None:
        entry = self.entries[action.id]
        words = action.text(self._window) if action.text is not None else tr(action.title)
        if action.shortcut and action.held != "window":
            key = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            words = f"{words}\t{key}"
        entry.setText(words)
        if action.checked is not None:
            entry.setChecked(action.checked(self._window))

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        paths = [Path(name) for name in self._window.settings.recent]
        for path in paths:
            self._entry(menu, path.name, partial(self._window.filing.open, [path]))
            menu.actions()[-1].setToolTip(str(path))
        if paths:
            menu.addSeparator()
            self._entry(menu, tr("Forget these"), self._window.settings.forget)
        else:
            menu.addAction(tr("No file yet")).setEnabled(False)

    def _fill_examples(self, menu: QMenu) -> None:
        from bpstudio.ui.startpage import example_paths, example_title

        menu.clear()
        for path in example_paths():
            title = example_title(path)
            self._entry(menu, title, partial(self._window.filing.open_copy, path))

    @staticmethod
    def _entry(menu: QMenu, text: str, run: Callable[[], object]) -> None:
        menu.addAction(text.replace("&", "&&")).triggered.connect(lambda _=False: run())
