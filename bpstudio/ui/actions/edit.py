"""The Edit menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, has_graph, has_one, has_selection
from bpstudio.ui.actions.arrange import JOIN
from bpstudio.ui.actions.clip import CLIP

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def _undo_text(window: Window) -> str:
    label = window.document.undo_stack.undoText() if window.document is not None else ""
    return tr("&Undo {label}", label=label.replace("&", "&&")) if label else tr("&Undo")


def _redo_text(window: Window) -> str:
    label = window.document.undo_stack.redoText() if window.document is not None else ""
    return tr("&Redo {label}", label=label.replace("&", "&&")) if label else tr("&Redo")


def _undo(window: Window) -> None:
    """Take the last edit back and say which, also to those who do not see it."""
    assert window.document is not None
    stack = window.document.undo_stack
    label = stack.undoText()
    stack.undo()
    window.session.say(tr("Undone: {label}", label=label))


def _redo(window: Window) -> None:
    assert window.document is not None
    stack = window.document.undo_stack
    label = stack.redoText()
    stack.redo()
    window.session.say(tr("Redone: {label}", label=label))


EDIT = (
    Action(
        "undo",
        N_("&Undo"),
        "undo",
        "Ctrl+Z",
        "edit",
        lambda w: w.document is not None and w.document.undo_stack.canUndo(),
        _undo,
        text=_undo_text,
    ),
    Action(
        "redo",
        N_("&Redo"),
        "redo",
        "Ctrl+Shift+Z",
        "edit",
        lambda w: w.document is not None and w.document.undo_stack.canRedo(),
        _redo,
        also=("Ctrl+Y",),
        text=_redo_text,
    ),
    *CLIP,
    Action(
        "copy_picture",
        N_("Copy as &picture"),
        "",
        "Ctrl+Alt+C",
        "edit",
        has_graph,
        lambda w: w.filing.copy_picture(w.current),
        section=2,
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
    JOIN,
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
