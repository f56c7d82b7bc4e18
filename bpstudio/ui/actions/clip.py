"""The clipboard and finding in the Edit menu; notes and parts in the Graph menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.language import N_
from bpstudio.ui.actions.action import Action, has_document, has_graph

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def _why_not_copy(window: Window) -> str:
    from bpstudio.ui import clips

    if window.document is None:
        return ""
    return clips.refusal(window.document.committed, window.document.selection)


def _can_copy(window: Window) -> bool:
    return window.document is not None and not _why_not_copy(window)


def _clip(window: Window, what: str) -> None:
    from bpstudio.ui import clips

    getattr(clips, what)(window.canvas)


def _why_no_part(window: Window) -> str:
    from bpstudio.ui import myparts

    if window.document is None:
        return ""
    return myparts.refusal(window.document.committed, window.document.selection)


def _keep_part(window: Window) -> None:
    from bpstudio.ui import myparts

    myparts.save(window)


def _insert_part(window: Window) -> None:
    from bpstudio.ui import myparts

    myparts.choose(window)


CLIP = (
    Action(
        "cut",
        N_("Cu&t"),
        "",
        "Ctrl+X",
        "edit",
        _can_copy,
        lambda w: _clip(w, "cut"),
        section=1,
        why=_why_not_copy,
    ),
    Action(
        "copy",
        N_("&Copy"),
        "copy",
        "Ctrl+C",
        "edit",
        _can_copy,
        lambda w: _clip(w, "copy"),
        section=1,
        why=_why_not_copy,
    ),
    Action(
        "paste",
        N_("Past&e"),
        "",
        "Ctrl+V",
        "edit",
        has_document,
        lambda w: _clip(w, "paste"),
        section=1,
    ),
    Action(
        "duplicate",
        N_("Dupl&icate"),
        "",
        "Ctrl+D",
        "edit",
        _can_copy,
        lambda w: _clip(w, "duplicate"),
        section=1,
        why=_why_not_copy,
    ),
)

FIND = (
    Action(
        "find",
        N_("&Find …"),
        "search",
        "Ctrl+F",
        "edit",
        has_graph,
        lambda w: w.finder.open(),
        section=4,
    ),
    Action(
        "find_next",
        N_("Find ne&xt"),
        "",
        "F3",
        "edit",
        has_graph,
        lambda w: w.finder.next(1),
        section=4,
    ),
    Action(
        "find_previous",
        N_("Find previ&ous"),
        "",
        "Shift+F3",
        "edit",
        has_graph,
        lambda w: w.finder.next(-1),
        section=4,
    ),
)

PARTS = (
    Action(
        "add_note",
        N_("Add a n&ote"),
        "note",
        "Ctrl+Shift+A",
        "graph",
        has_document,
        lambda w: w.canvas.notes.insert(),
        section=6,
    ),
    Action(
        "keep_part",
        N_("&Keep as a part …"),
        "",
        "Ctrl+Shift+M",
        "graph",
        lambda w: w.document is not None and not _why_no_part(w),
        _keep_part,
        section=6,
        why=_why_no_part,
    ),
    Action(
        "insert_part",
        N_("&Insert a part …"),
        "",
        "Ctrl+Shift+I",
        "graph",
        has_document,
        _insert_part,
        section=6,
    ),
)
