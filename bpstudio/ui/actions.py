"""ACTIONS: everything the window can be told to do, as data.

Menus, the formula bar's buttons and the shortcut sheet are made from this table. An action whose
key the canvas answers itself is marked `held="canvas"`: the window shows the key but does not bind
it, so that the same key still types a letter elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpstudio.language import LANGUAGES, N_, tr
from bpstudio.ui.settings import DIGITS, EXACT
from bpstudio.ui.theme import CHOICES

if TYPE_CHECKING:
    from bpstudio.ui.window import Window

MENUS = {
    "file": N_("&File"),
    "edit": N_("&Edit"),
    "view": N_("&View"),
    "view/digits": N_("&Digits"),
    "view/theme": N_("&Theme"),
    "view/language": N_("&Language"),
    "graph": N_("&Graph"),
    "step": N_("&Step"),
    "help": N_("&Help"),
}
"""Menus and submenus in their order -> title (marked for translation)."""


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


# --- what some of them do -------------------------------------------------------------------


def _undo_text(window: Window) -> str:
    label = window.document.undo_stack.undoText() if window.document is not None else ""
    return tr("&Undo {label}", label=label.replace("&", "&&")) if label else tr("&Undo")


def _redo_text(window: Window) -> str:
    label = window.document.undo_stack.redoText() if window.document is not None else ""
    return tr("&Redo {label}", label=label.replace("&", "&&")) if label else tr("&Redo")


def _tidy(window: Window) -> None:
    from bpstudio.core import edits

    document = window.document
    assert document is not None
    chosen = [key for key in document.selection if key in document.graph.nodes]
    patch = edits.tidy(document.committed, chosen if len(chosen) > 1 else None)
    if patch:
        document.do(patch)
        window.canvas.zoom_fit()
    else:
        document.say(tr("Everything stands tidily already."))


def _check(window: Window) -> None:
    from bpstudio.ui.panels.verdicts import sentence_of

    assert window.document is not None
    window.session.say(sentence_of(window.session.check(window.document)))


def _setting(name: str, value: object) -> dict[str, Callable[[Window], object]]:
    """The run and the check mark of a choice."""
    return {
        "run": lambda window: window.settings.set(name, value),
        "checked": lambda window: window.settings.get(name) == value,
    }


def _switch(name: str) -> dict[str, Callable[[Window], object]]:
    """The run and the check mark of something that is on or off."""
    return {
        "run": lambda window: window.settings.set(name, not window.settings.get(name)),
        "checked": lambda window: bool(window.settings.get(name)),
    }


# --- the table ------------------------------------------------------------------------------

_FILE = (
    Action("new", N_("&New graph"), "new", "Ctrl+N", "file", always, lambda w: w.new()),
    Action(
        "open", N_("&Open …"), "open", "Ctrl+O", "file", always, lambda w: w.filing.ask_and_open()
    ),
    Action(
        "save",
        N_("&Save"),
        "save",
        "Ctrl+S",
        "file",
        has_document,
        lambda w: w.filing.save(w.document),
        section=2,
    ),
    Action(
        "save_as",
        N_("Save &as …"),
        "",
        "Ctrl+Shift+S",
        "file",
        has_document,
        lambda w: w.filing.save_as(w.document),
        section=2,
    ),
    Action(
        "revert",
        N_("Re&vert"),
        "",
        "",
        "file",
        lambda w: w.document is not None and w.document.path is not None,
        lambda w: w.filing.revert(w.document),
        section=2,
    ),
    Action(
        "export",
        N_("&Export …"),
        "export",
        "Ctrl+E",
        "file",
        has_graph,
        lambda w: w.filing.export(w.document),
        section=3,
    ),
    Action(
        "close",
        N_("&Close"),
        "close",
        "Ctrl+W",
        "file",
        has_document,
        lambda w: w.filing.close([w.document]),
        section=4,
    ),
    Action("quit", N_("&Quit"), "", "Ctrl+Q", "file", always, lambda w: w.close(), section=4),
)

_EDIT = (
    Action(
        "undo",
        N_("&Undo"),
        "undo",
        "Ctrl+Z",
        "edit",
        lambda w: w.document is not None and w.document.undo_stack.canUndo(),
        lambda w: w.document.undo_stack.undo(),
        text=_undo_text,
    ),
    Action(
        "redo",
        N_("&Redo"),
        "redo",
        "Ctrl+Shift+Z",
        "edit",
        lambda w: w.document is not None and w.document.undo_stack.canRedo(),
        lambda w: w.document.undo_stack.redo(),
        also=("Ctrl+Y",),
        text=_redo_text,
    ),
    Action(
        "delete",
        N_("&Delete"),
        "delete",
        "Del",
        "edit",
        has_selection,
        lambda w: w.canvas.delete_selection(),
        section=2,
    ),
    Action(
        "select_all",
        N_("Select &all"),
        "",
        "Ctrl+A",
        "edit",
        has_graph,
        lambda w: w.canvas.select_all(),
        section=2,
    ),
    Action(
        "rename",
        N_("Re&name"),
        "rename",
        "F2",
        "edit",
        has_one,
        lambda w: w.canvas.rename_selected(),
        section=3,
    ),
    Action(
        "edit_value",
        N_("Edit &value"),
        "",
        "Return",
        "edit",
        has_one,
        lambda w: w.canvas.edit_value(),
        section=3,
        held="canvas",
    ),
)

_DIGITS_MENU = tuple(
    Action(
        f"digits_{digits}",
        N_("All digits") if digits == EXACT else str(digits),
        "",
        "",
        "view/digits",
        always,
        section=3,
        **_setting("digits", digits),
    )
    for digits in DIGITS
)
_THEME_MENU = tuple(
    Action(f"theme_{key}", title, "", "", "view/theme", always, **_setting("theme", key))
    for key, title in CHOICES.items()
)
_LANGUAGE_MENU = tuple(
    Action(f"language_{key}", title, "", "", "view/language", always, **_setting("language", key))
    for key, title in {"system": N_("As the system"), **LANGUAGES}.items()
)

_VIEW = (
    Action(
        "zoom_in",
        N_("Zoom &in"),
        "zoom-in",
        "Ctrl++",
        "view",
        has_document,
        lambda w: w.canvas.zoom_in(),
        also=("Ctrl+=",),
    ),
    Action(
        "zoom_out",
        N_("Zoom &out"),
        "zoom-out",
        "Ctrl+-",
        "view",
        has_document,
        lambda w: w.canvas.zoom_out(),
    ),
    Action(
        "zoom_fit",
        N_("&Fit the graph"),
        "fit",
        "Ctrl+0",
        "view",
        has_document,
        lambda w: w.canvas.zoom_fit(),
    ),
    Action(
        "values", N_("Show &values"), "", "Ctrl+1", "view", always, section=2, **_switch("values")
    ),
    Action(
        "gradients",
        N_("Show &gradients"),
        "",
        "Ctrl+2",
        "view",
        always,
        section=2,
        **_switch("gradients"),
    ),
    *_DIGITS_MENU,
    *_THEME_MENU,
    *_LANGUAGE_MENU,
    Action("palette", N_("&Palette"), "", "F8", "view", always, section=5, **_switch("palette")),
    Action(
        "column",
        N_("&Inspector and outline"),
        "",
        "F9",
        "view",
        always,
        section=5,
        **_switch("column"),
    ),
    Action(
        "full_screen",
        N_("F&ull screen"),
        "",
        "F11",
        "view",
        always,
        lambda w: w.toggle_full_screen(),
        checked=lambda w: w.isFullScreen(),
        section=5,
    ),
)

_GRAPH = (
    Action(
        "formula",
        N_("&Formula"),
        "",
        "Ctrl+L",
        "graph",
        always,
        lambda w: w.focus_formula(),
    ),
    Action(
        "search_gates",
        N_("&Search gates"),
        "search",
        "Ctrl+G",
        "graph",
        has_document,
        lambda w: w.focus_palette(),
    ),
    Action(
        "quick_add",
        N_("&Add a gate"),
        "add",
        "Space",
        "graph",
        has_document,
        lambda w: w.canvas.quick_add(),
        held="canvas",
    ),
    Action(
        "start_wire",
        N_("&Wire from the selected gate"),
        "",
        "W",
        "graph",
        has_one,
        lambda w: w.canvas.start_wire(),
        held="canvas",
    ),
    Action("tidy", N_("&Tidy"), "tidy", "Ctrl+T", "graph", has_graph, _tidy, section=2),
    Action(
        "check",
        N_("&Check gradients"),
        "check",
        "Ctrl+K",
        "graph",
        has_graph,
        _check,
        section=2,
    ),
)

_STEP = (
    Action(
        "step_first",
        N_("&First step"),
        "first",
        "Ctrl+Home",
        "step",
        has_steps,
        lambda w: w.stepper.first(),
    ),
    Action(
        "step_back",
        N_("One step &back"),
        "back",
        "PgUp",
        "step",
        has_steps,
        lambda w: w.stepper.back(),
    ),
    Action(
        "play",
        N_("&Play or pause"),
        "play",
        "F5",
        "step",
        has_steps,
        lambda w: w.stepper.toggle(),
    ),
    Action(
        "step_forward",
        N_("One step f&orward"),
        "forward",
        "PgDown",
        "step",
        has_steps,
        lambda w: w.stepper.forward(),
    ),
    Action(
        "step_last",
        N_("&Last step"),
        "last",
        "Ctrl+End",
        "step",
        has_steps,
        lambda w: w.stepper.last(),
    ),
    Action(
        "everything",
        N_("Show &everything"),
        "",
        "F6",
        "step",
        has_steps,
        lambda w: w.stepper.everything(),
        section=2,
    ),
)

_HELP = (
    Action("guide", N_("&Guide"), "help", "Shift+F1", "help", always, lambda w: w.show_guide()),
    Action(
        "shortcuts",
        N_("&Keyboard shortcuts"),
        "keyboard",
        "F1",
        "help",
        always,
        lambda w: w.show_shortcuts(),
    ),
    Action("about", N_("&About Backprop Studio"), "", "", "help", always, lambda w: w.show_about()),
)

ACTIONS: tuple[Action, ...] = (*_FILE, *_EDIT, *_VIEW, *_GRAPH, *_STEP, *_HELP)
