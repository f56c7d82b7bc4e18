"""Frames on a canvas, as it is asked for them by a key, a menu or an action.

A new frame and its title are one command; Esc before the title is taken leaves no trace of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bpstudio.core import edits
from bpstudio.core.edits.places import name_of
from bpstudio.core.graph import Graph, GraphError, Note, Patch, Point
from bpstudio.core.standing import standing_in, with_standing
from bpstudio.language import tr, trn
from bpstudio.ui.canvas.tools import DrawFrame, Rect
from bpstudio.ui.canvas.tools.moving import movable_of

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas


def frame(canvas: GraphCanvas) -> None:
    """Draw a frame round what is selected; with nothing selected, let one be drawn by hand."""
    graph = canvas.stage.graph
    chosen = [key for key in canvas.stage.selection if key not in graph.wires]
    if canvas.document is None:
        return
    canvas.tools.rest()
    if chosen:
        put(canvas, lambda: edits.frame_round(graph, chosen))
    else:
        canvas.setFocus()
        canvas.tools.go(DrawFrame(canvas.tools, lambda rect: draw(canvas, rect)))


def draw(canvas: GraphCanvas, rect: Rect) -> None:
    """Put a frame down, and ask for its title."""
    put(canvas, lambda: edits.add_frame(canvas.stage.graph, rect))


def put(canvas: GraphCanvas, make: Callable[[], Patch]) -> None:
    """Do an edit that adds a frame; its title is typed at once and belongs to the same command."""
    try:
        patch = make()
    except GraphError as error:
        canvas.stage.refuse(str(error))
        return
    (made,) = edits.born(patch, Note)
    whole = canvas.is_fitted
    canvas.stage.do(patch, merged(made))
    canvas.stage.select((made,))
    show(canvas, made, whole=whole)
    canvas.editing.title(made, fresh=True)


def show(canvas: GraphCanvas, frame: str, *, whole: bool = False) -> None:
    """Bring a frame with its title into sight; `whole`: the paper was fitted, and is again."""
    rect = canvas.view.note_rect(frame)
    if canvas.camera.sees(rect, canvas.room):
        return
    if whole:
        canvas.fit_again()
    else:
        canvas.reveal_rect(rect)


def merged(frame: str) -> str:
    """What makes one command of a new frame and its title."""
    return f"new {frame}"


def select_inside(canvas: GraphCanvas) -> None:
    """Select what stands in the selected frames."""
    graph = canvas.stage.graph
    chosen = chosen_frames(canvas)
    found = [key for key in with_standing(graph, chosen) if key not in chosen]
    if found:
        canvas.stage.select({canvas.view.face_of(key) for key in found})
        canvas.announce(trn("{n} thing selected", "{n} things selected", len(found)))
    elif chosen:
        canvas.stage.refuse(tr("Nothing stands wholly in this frame."))


def chosen_frames(canvas: GraphCanvas) -> list[str]:
    """The selected frames."""
    return frames_in(canvas.stage.graph, canvas.stage.selection)


def frames_in(graph: Graph, ids: frozenset[str]) -> list[str]:
    """The frames among these ids."""
    return [key for key in ids if key in graph.notes and graph.notes[key].frame]


def described(graph: Graph, frame: str) -> str:
    """A frame in words: its title and how much stands in it."""
    count = sum(key in graph.nodes for key in standing_in(graph, frame))
    return trn(
        "{name} · frame round {n} gate",
        "{name} · frame round {n} gates",
        count,
        name=name_of(graph, frame),
    )


class Carried:
    """What nudges take along: what stood in the frames when the first of a row was made, so that
    a frame that is nudged across the paper sweeps nothing up."""

    def __init__(self) -> None:
        self._row: tuple[object, object, tuple[str, ...]] = None, None, ()

    def of(self, graph: Graph, chosen: frozenset[str]) -> tuple[str, ...]:
        """The nodes and notes that a nudge of the selection moves."""
        last, held, found = self._row
        if last is graph and held == chosen:
            return found
        return with_standing(graph, movable_of(graph, chosen))

    def remember(self, graph: Graph, chosen: frozenset[str], moved: tuple[str, ...]) -> None:
        """This graph is what the nudge left."""
        self._row = graph, chosen, moved


def places(graph: Graph, ids: tuple[str, ...], dx: float, dy: float) -> dict[str, Point]:
    """Where these nodes and notes stand after a step."""
    found: dict[str, Point] = {}
    for key in ids:
        item = graph.nodes.get(key) or graph.notes.get(key)
        if item is not None:
            found[key] = item.at[0] + dx, item.at[1] + dy
    return found
