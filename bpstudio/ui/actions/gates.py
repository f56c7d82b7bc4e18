"""The part of the Graph menu that makes gates of gates: expand, fuse, own gates, ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.core.settings import SETTINGS
from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, entry_words, has_document

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def _expand(window: Window) -> None:
    from bpstudio.ui.canvas import reshaping

    reshaping.expand(window.canvas)


def _why_not_expand(window: Window) -> str:
    from bpstudio.ui.canvas import reshaping

    if window.document is None:
        return ""
    return reshaping.expand_refusal(window.document.committed, window.document.selection)


def _fuse(window: Window) -> None:
    from bpstudio.ui.canvas import reshaping

    reshaping.fuse(window.canvas)


def _why_not_fuse(window: Window) -> str:
    from bpstudio.ui.canvas import reshaping

    if window.document is None:
        return ""
    return reshaping.fuse_refusal(window.document.committed, window.document.selection)


def _define(window: Window) -> None:
    from bpstudio.ui.canvas import owning

    owning.define(window.canvas)


def _change(window: Window) -> None:
    from bpstudio.ui.canvas import owning

    owning.change(window.canvas)


def _remove(window: Window) -> None:
    from bpstudio.ui.canvas import owning

    owning.remove(window.canvas)


def _has_own(window: Window) -> bool:
    return window.document is not None and bool(window.document.committed.kinds)


def _why_no_own(window: Window) -> str:
    if window.document is None:
        return ""
    return tr("This graph has no gate of its own yet; “New own gate …” makes one.")


def _ties(policy: str, title: str) -> Action:
    """The entry that chooses one policy for ties."""

    def choose(window: Window) -> None:
        from bpstudio.core import edits

        assert window.document is not None
        window.document.do(edits.set_setting(window.document.committed, "ties", policy))

    def is_chosen(window: Window) -> bool:
        return window.document is not None and window.document.graph.setting("ties") == policy

    return Action(
        f"ties_{policy}",
        title,
        "",
        "",
        "graph/ties",
        has_document,
        choose,
        checked=is_chosen,
        section=5,
        text=entry_words(title),
    )


GATES = (
    Action(
        "expand",
        N_("E&xpand into simpler gates"),
        "",
        "Ctrl+Shift+J",
        "graph",
        lambda w: w.document is not None and not _why_not_expand(w),
        _expand,
        section=3,
        why=_why_not_expand,
    ),
    Action(
        "fuse",
        N_("F&use into one gate"),
        "",
        "Ctrl+J",
        "graph",
        lambda w: w.document is not None and not _why_not_fuse(w),
        _fuse,
        section=3,
        why=_why_not_fuse,
    ),
    Action(
        "define_gate",
        N_("&New own gate …"),
        "",
        "Ctrl+Shift+N",
        "graph",
        has_document,
        _define,
        section=4,
    ),
    Action(
        "change_gate",
        N_("Change &own gate …"),
        "",
        "",
        "graph",
        _has_own,
        _change,
        section=4,
        why=_why_no_own,
    ),
    Action(
        "remove_gate",
        N_("&Remove own gate"),
        "",
        "",
        "graph",
        _has_own,
        _remove,
        section=4,
        why=_why_no_own,
    ),
    *(_ties(policy, words) for policy, words in SETTINGS["ties"].values.items()),
)
