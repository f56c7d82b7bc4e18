"""The command list: everything in ACTIONS, found by typing a few letters of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from bpstudio.language import tr
from bpstudio.ui.actions import ACTIONS, MENUS, Action
from bpstudio.ui.chooser import Row
from bpstudio.ui.fuzzy import cost
from bpstudio.ui.shortcuts import plain_title

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def open_command_list(window: Window) -> None:
    """Ask for a command and run it."""
    by_id = {action.id: action for action in ACTIONS}
    window.chooser.open(
        tr("Type a command"),
        lambda typed: rows(window, typed),
        lambda key: window.menus.run(by_id[key]),
        nothing=tr("No command is called so."),
    )


def rows(window: Window, typed: str) -> list[Row]:
    """The commands that match, best first; what cannot be done now stands below, greyed out."""
    found = []
    for place, action in enumerate(ACTIONS):
        if not action.menu or action.id == "commands":
            continue
        title, menu = _title(window, action), _menu(action)
        # The id is English: whoever learned the commands in class finds them in any language.
        far = cost(typed, (title, f"{menu} {title}", action.id.replace("_", " ")))
        if far:
            can = action.when(window)
            found.append((not can, far, place, Row(action.id, title, _aside(menu, action), can)))
    return [row for *_, row in sorted(found, key=lambda entry: entry[:3])]


def _title(window: Window, action: Action) -> str:
    words = action.text(window) if action.text is not None else tr(action.title)
    title = plain_title(words)
    if "/" in action.menu:
        # "As the system" alone would not say what.
        title = f"{plain_title(tr(MENUS[action.menu]))}: {title}"
    if action.checked is not None and action.checked(window):
        title = f"✓ {title}"
    return title


def _menu(action: Action) -> str:
    return plain_title(tr(MENUS[action.menu.split("/")[0]]))


def _aside(menu: str, action: Action) -> str:
    if not action.shortcut:
        return menu
    key = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{menu}    {key}"
