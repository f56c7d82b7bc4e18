"""Own gates, as the canvas is asked for them: define, change, remove, fuse into a new one.

The dialog asks for name and formula; one that is given no own gate lets the user pick it from a
list where there are several.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bpstudio.core import edits
from bpstudio.core.graph import Graph, GraphError
from bpstudio.language import tr
from bpstudio.ui.canvas import reshaping
from bpstudio.ui.canvas.tools import Want

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.owngate import OwnGateDialog


def define(canvas: GraphCanvas) -> None:
    """Ask for a new own gate."""
    from bpstudio.ui.owngate import OwnGateDialog

    if canvas.document is not None:
        _open(canvas, OwnGateDialog(canvas.document, canvas.window()))


def change(canvas: GraphCanvas, kind: str = "") -> None:
    """Ask for another name or formula of an own gate; all its nodes follow."""
    from bpstudio.ui.owngate import OwnGateDialog

    def ask(key: str) -> None:
        if canvas.document is not None:
            _open(canvas, OwnGateDialog(canvas.document, canvas.window(), kind=key))

    _with_kind(canvas, kind, tr("Change which own gate?"), ask)


def remove(canvas: GraphCanvas, kind: str = "") -> None:
    """Forget an own gate; refused by name while nodes are one."""

    def forget(key: str) -> None:
        try:
            patch = edits.remove_kind(canvas.stage.graph, key)
        except GraphError as error:
            canvas.stage.refuse(str(error))
            return
        canvas.stage.do(patch)

    _with_kind(canvas, kind, tr("Remove which own gate?"), forget, selected=False)


def fuse_as(canvas: GraphCanvas, ids: tuple[str, ...]) -> None:
    """Ask what the gate shall be called that these become."""
    from bpstudio.ui.owngate import OwnGateDialog

    graph = canvas.stage.graph
    wanted = edits.described(graph, ids)
    assert canvas.document is not None
    dialog = OwnGateDialog(
        canvas.document,
        canvas.window(),
        title=wanted.title,
        formula=wanted.formula,
        edit=lambda title, _: edits.fuse(graph, ids, title),
    )
    dialog.wrap = lambda do: reshaping.show_new(canvas, do)
    _open(canvas, dialog)


def kind_of_selection(graph: Graph, chosen: frozenset[str]) -> str:
    """The one own gate that the selected nodes are, "" where they are none or several."""
    kinds = {graph.nodes[key].gate for key in chosen if key in graph.nodes} & graph.kinds.keys()
    return next(iter(kinds)) if len(kinds) == 1 else ""


def _open(canvas: GraphCanvas, dialog: OwnGateDialog) -> None:
    canvas.tools.rest()
    canvas.hush()
    dialog.open()


def _with_kind(
    canvas: GraphCanvas,
    kind: str,
    question: str,
    then: Callable[[str], None],
    *,
    selected: bool = True,
) -> None:
    """Do something with the own gate that is named, selected, the only one, or else picked."""
    graph = canvas.stage.graph
    if not kind and selected:
        kind = kind_of_selection(graph, canvas.stage.selection)
    if not kind and len(graph.kinds) == 1:
        kind = next(iter(graph.kinds))
    if kind:
        then(kind)
    elif graph.kinds:
        middle = canvas.camera.to_scene((canvas.room[0] / 2, canvas.room[1] / 3))
        canvas.stage.quick_add_for(Want(middle, then, frozenset(graph.kinds), question))
