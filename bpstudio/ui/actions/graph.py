"""The Graph menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, always, has_document, has_graph, has_one

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


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


GRAPH = (
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
)
