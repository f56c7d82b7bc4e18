"""The Graph menu."""

from __future__ import annotations

from bpstudio.language import N_
from bpstudio.ui.actions.action import Action, always, has_document, has_graph, has_one

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
    Action(
        "tidy",
        N_("&Tidy"),
        "tidy",
        "Ctrl+T",
        "graph",
        has_graph,
        lambda w: w.canvas.tidy(),
        section=2,
    ),
)
