"""The File menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, always, has_document, has_graph

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def _why_no_versions(window: Window) -> str:
    document = window.document
    if document is not None and document.path is None:
        return tr("Save the graph to a file first: each save keeps what it replaces.")
    return ""


FILE = (
    Action("new", N_("&New graph"), "new", "Ctrl+N", "file", always, lambda w: w.new()),
    Action(
        "open", N_("&Open …"), "open", "Ctrl+O", "file", always, lambda w: w.filing.ask_and_open()
    ),
    Action(
        "unsaved",
        N_("Unsaved &work …"),
        "",
        "",
        "file",
        always,
        lambda w: w.recovery.show_list(),
    ),
    Action(
        "earlier",
        N_("Ear&lier versions …"),
        "",
        "",
        "file",
        lambda w: w.document is not None and w.document.path is not None,
        lambda w: w.show_earlier(),
        why=_why_no_versions,
    ),
    Action(
        "save",
        N_("&Save"),
        "save",
        "Ctrl+S",
        "file",
        has_document,
        lambda w: w.filing.save(w.current),
        section=2,
    ),
    Action(
        "save_as",
        N_("Save &as …"),
        "",
        "Ctrl+Shift+S",
        "file",
        has_document,
        lambda w: w.filing.save_as(w.current),
        section=2,
    ),
    Action(
        "revert",
        N_("Re&vert"),
        "",
        "",
        "file",
        lambda w: w.document is not None and w.document.path is not None,
        lambda w: w.filing.revert(w.current),
        section=2,
    ),
    Action(
        "export",
        N_("&Export …"),
        "export",
        "Ctrl+E",
        "file",
        has_graph,
        lambda w: w.filing.export(w.current),
        section=3,
    ),
    Action(
        "picture",
        N_("Pict&ure …"),
        "",
        "Ctrl+Shift+E",
        "file",
        has_graph,
        lambda w: w.filing.picture(w.current),
        section=3,
    ),
    Action(
        "print",
        N_("&Print …"),
        "",
        "Ctrl+P",
        "file",
        has_graph,
        lambda w: w.filing.print(w.current),
        section=3,
    ),
    Action(
        "close",
        N_("&Close"),
        "close",
        "Ctrl+W",
        "file",
        has_document,
        lambda w: w.filing.close([w.current]),
        section=4,
    ),
    Action("quit", N_("&Quit"), "", "Ctrl+Q", "file", always, lambda w: w.close(), section=4),
)
