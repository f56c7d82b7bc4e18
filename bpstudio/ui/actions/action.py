"""What an action is, when it can be done, and the two shapes of a choice in the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def always(window: Window) -> bool:
    """Can be done at any time."""
    return True


def has_document(window: Window) -> bool:
    """Needs an open document."""
    return window.document is not None


def has_graph(window: Window) -> bool:
    """Needs something on the canvas."""
    return window.document is not None and bool(window.document.graph.nodes)


def has_selection(window: Window) -> bool:
    """Needs something selected."""
    return window.document is not None and bool(window.document.selection)


def has_one(window: Window) -> bool:
    """Needs exactly one thing selected."""
    return window.document is not None and len(window.document.selection) == 1


def has_several(window: Window) -> bool:
    """Needs another graph to go to."""
    return len(window.session.documents) > 1


def has_steps(window: Window) -> bool:
    """Needs a run to step through."""
    return window.document is not None and window.stepper.steps > 0


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    id        what code and tests call it
    title     its words, with & before the letter that picks it in the menu (marked)
    icon      a name in resources/icons, "" for none
    shortcut  its key, "" for none
    menu      a key of MENUS; "" shows it in the shortcut sheet only
    when      whether it can be done now
    run       does it
    also      further keys for the same
    checked   for what can be on or off: whether it is on
    section   a line is drawn in the menu where this number changes
    text      words that change, in place of the title
    held      who answers the key: "window" or "canvas"
    why       why it cannot be done now: said instead of doing it, and shown in the menu
    """

    id: str
    title: str
    icon: str
    shortcut: str
    menu: str
    when: Callable[[Window], bool]
    run: Callable[[Window], object]
    also: tuple[str, ...] = ()
    checked: Callable[[Window], bool] | None = None
    section: int = 0
    text: Callable[[Window], str] | None = None
    held: str = "window"
    why: Callable[[Window], str] | None = None


class Choice(TypedDict):
    """What an Action does and shows that sets one of the settings."""

    run: Callable[[Window], object]
    checked: Callable[[Window], bool]


def setting(name: str, value: object) -> Choice:
    """The run and the check mark of a choice."""
    return {
        "run": lambda window: window.settings.set(name, value),
        "checked": lambda window: bool(window.settings.get(name) == value),
    }


def switch(name: str) -> Choice:
    """The run and the check mark of something that is on or off."""
    return {
        "run": lambda window: window.settings.set(name, not window.settings.get(name)),
        "checked": lambda window: bool(window.settings.get(name)),
    }


def side(key: str) -> Choice:
    """The same for a side of the window, which in a crowded one is another choice."""
    return {
        "run": lambda window: window.toggle_side(key),
        "checked": lambda window: window.sides.shows(key),
    }


def entry_words(title: str) -> Callable[[Window], str]:
    """A marked title that begins small, being part of a sentence elsewhere, as a menu begins it."""

    def words(_: Window) -> str:
        said = tr(title)
        return said[:1].upper() + said[1:]

    return words
