"""Expand what is selected into simpler gates, or fuse it into one: each is one edit.

Afterwards the new gates are selected and in sight. Where it cannot be done a sentence says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from bpstudio.core import edits
from bpstudio.core.graph import Graph, GraphError, Node
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas


def expand(canvas: GraphCanvas) -> None:
    """Put the parts of each selected gate that has some in its place."""
    graph, chosen = canvas.stage.graph, canvas.stage.selection
    if reason := expand_refusal(graph, chosen):
        canvas.stage.refuse(reason)
        return
    show_new(canvas, lambda: canvas.stage.do(edits.expand_all(graph, expandable(graph, chosen))))


def fuse(canvas: GraphCanvas) -> None:
    """Make one gate of what is selected; where it must be a new one, ask for its name."""
    graph, ids = canvas.stage.graph, chunk_of(canvas.stage.graph, canvas.stage.selection)
    try:
        key = edits.recognised(graph, ids)
    except GraphError as error:
        canvas.stage.refuse(str(error))
        return
    if key:
        show_new(canvas, lambda: canvas.stage.do(edits.fuse(graph, ids)))
        return
    from bpstudio.ui.canvas import owning

    owning.fuse_as(canvas, ids)


def expand_refusal(graph: Graph, chosen: Collection[str]) -> str:
    """Why none of these can be expanded; "" where one can."""
    nodes = [key for key in chosen if key in graph.nodes]
    if not nodes:
        return tr("Select a gate to expand it.")
    if expandable(graph, nodes):
        return ""
    if len(nodes) > 1:
        return tr("These gates are as simple as can be: none is made of others.")
    try:
        edits.expand(graph, nodes[0])
    except GraphError as error:
        return str(error)
    return ""


def fuse_refusal(graph: Graph, chosen: Collection[str]) -> str:
    """Why these cannot become one gate; "" where they can."""
    error = edits.fuse_refusal(graph, chunk_of(graph, chosen))
    return "" if error is None else str(error)


def expandable(graph: Graph, chosen: Iterable[str]) -> list[str]:
    """The nodes among these that are made of simpler gates, in the graph's order."""
    known = set(chosen)
    return [key for key in graph.nodes if key in known and edits.can_expand(graph, key)]


def chunk_of(graph: Graph, chosen: Iterable[str]) -> tuple[str, ...]:
    """The nodes and groups among these: wires and notes are no gates."""
    return tuple(key for key in chosen if key in graph.nodes or key in graph.groups)


def show_new(canvas: GraphCanvas, change: Callable[[], object]) -> None:
    """Make a change, then select the gates that are new by it and bring them into sight."""
    before, whole = canvas.stage.graph, canvas.is_fitted
    try:
        change()
    except GraphError as error:  # At the paper's edge there is no room for what is new.
        canvas.stage.refuse(str(error))
        return
    after = canvas.stage.graph
    new = [node.id for node in after.nodes.values() if _is_new(before, node)]
    if not new:
        return
    canvas.stage.select(new)
    if whole:
        canvas.fit_again()
    else:
        canvas.reveal_all(new)


def _is_new(before: Graph, node: Node) -> bool:
    old = before.nodes.get(node.id)
    return old is None or old.gate != node.gate
