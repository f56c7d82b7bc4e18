"""Copy, cut, paste and duplicate on a canvas. The clipboard holds a graph as its .bps text.

Text, so that it also goes through a mail or a chat and comes back. What is pasted is selected and
in sight, and covers nothing that is there: it comes to the nearest place that is free.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from bpstudio.core import edits, groups
from bpstudio.core.edits.copying import nameless
from bpstudio.core.graph import Graph, GraphError, Group, Node, Note, Patch, Point
from bpstudio.core.standing import with_standing
from bpstudio.language import tr, trn
from bpstudio.ui import ask, clipboard

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas

Made = TypeVar("Made")

PART = "application/vnd.bpstudio.part"
"""Beside a graph's text: the title of the part that it is, where one is dragged out of My parts."""
SLOW = 5_000
"""From so many gates on, chosen or there, the pointer says that it takes a moment."""


def copy(canvas: GraphCanvas) -> bool:
    """Put what is selected on the clipboard; answers whether that was done."""
    graph, chosen = canvas.stage.graph, canvas.stage.selection
    piece = _clipped(canvas, graph, chosen)
    if piece is None:
        return False
    canvas.stage.say(_said(piece, _copied))
    return True


def cut(canvas: GraphCanvas) -> None:
    """Put what is selected on the clipboard and take it off the canvas."""
    canvas.tools.rest()
    graph, chosen = canvas.stage.graph, canvas.stage.selection
    piece = _clipped(canvas, graph, chosen)
    if piece is None:
        return
    try:
        # What a frame holds was put on the clipboard with it.
        gone = [key for key in with_standing(graph, chosen) if graph.get(key) is not None]
        patch = edits.delete(graph, gone)
    except GraphError as error:
        canvas.stage.refuse(str(error))
        return
    canvas.stage.do(replace(patch, label=_said(piece, _cut_out)))


def paste(canvas: GraphCanvas, at: Point | None = None) -> None:
    """Paste what the clipboard holds: at a place of the scene, at the pointer, or beside."""
    # An empty clipboard has no data at all.
    mime = QGuiApplication.clipboard().mimeData() or QMimeData()
    paste_mime(canvas, mime, at if at is not None else canvas.pointed)


def duplicate(canvas: GraphCanvas) -> None:
    """Copies of what is selected beside it; the clipboard stays as it is."""
    canvas.tools.rest()
    graph, chosen = canvas.stage.graph, canvas.stage.selection
    _put(canvas, lambda: edits.duplicate(graph, chosen))


def refusal(graph: Graph, chosen: frozenset[str]) -> str:
    """Why nothing of this can be copied; "" where something can."""
    if any(isinstance(graph.get(key), Node | Note | Group) for key in chosen):
        return ""
    return tr("Select gates, groups or notes first; wires go along with their gates.")


def paste_mime(canvas: GraphCanvas, mime: QMimeData, at: Point | None) -> None:
    """Paste what a clipboard or a drag carries."""
    from bpstudio.files.clip import ASKED, ManyGates, NoGraph, graph_of
    from bpstudio.files.parts import LONGEST_NAME

    canvas.tools.rest()
    text = text_in(mime)
    if is_program(text):
        _put(canvas, lambda: edits.build(canvas.stage.graph, text, beside=True, at=at))
        return
    try:
        with _patience(len(text) > 100 * ASKED):
            try:
                piece = graph_of(text)
            except ManyGates as many:
                if not ask.about_many(canvas.window(), str(many)):
                    return
                piece = _meanwhile(canvas, lambda: graph_of(text, ask=False))
    except NoGraph as fault:
        canvas.stage.refuse(_way_out(text, fault))
        return
    title = bytes(mime.data(PART).data()).decode("utf-8", "replace")[:LONGEST_NAME]
    paste_graph(canvas, piece, at, tr("Insert {title}", title=title) if title else "")


def paste_graph(
    canvas: GraphCanvas, piece: Graph, at: Point | None = None, label: str = ""
) -> tuple[str, ...]:
    """Add a graph to the one on the canvas: its middle at a place, else beside where it was cut,
    or in the middle of the view where that is out of sight. Answers the new things' ids."""
    graph = canvas.stage.graph
    if reason := too_many(graph, piece):
        canvas.stage.refuse(reason)
        return ()
    offset = _offset(canvas, piece, at)

    def make() -> Patch:
        if len(piece.nodes) > SLOW:
            patch = _meanwhile(canvas, lambda: edits.paste(graph, piece, offset=offset))
        else:
            patch = edits.paste(graph, piece, offset=offset)
        return replace(patch, label=label) if label else patch

    return _put(canvas, make, lambda patch: edits.pasted(piece, patch))


def too_many(graph: Graph, piece: Graph) -> str:
    """Why a graph has no room for another; "" where it has."""
    from bpstudio.files.records import MOST_GATES

    n = len(graph.nodes) + len(piece.nodes)
    if n <= MOST_GATES:
        return ""
    return tr(
        "That would make {n} gates; a graph holds at most {most}. Select fewer.",
        n=f"{n:,}",
        most=f"{MOST_GATES:,}",
    )


def text_in(mime: QMimeData) -> str:
    """The text that something pasted or dropped stands for; "" for none."""
    from bpstudio.files.clip import MIME

    if mime.hasFormat(MIME):
        return bytes(mime.data(MIME).data()).decode("utf-8", "replace")
    return mime.text() if mime.hasText() else ""


def mime_of(graph: Graph) -> QMimeData:
    """A graph as a clipboard or a drag carries it. Raises BadDocument."""
    from bpstudio.files.clip import MIME, text_of

    text = text_of(graph)
    mime = QMimeData()
    mime.setText(text)
    mime.setData(MIME, text.encode())
    return mime


def is_program(text: str) -> bool:
    """Whether a text is a formula that gives its result a name: f = (x + y) * z."""
    from bpstudio.core.formula import FormulaError, parse_program

    lines = [line for line in text.splitlines() if line.strip()]
    # Without the names every second word of a mail would be a formula.
    if not lines or not all("=" in line for line in lines):
        return False
    try:
        parse_program(text)
    except FormulaError:
        return False
    return True


def new_in(before: Graph, after: Graph) -> list[str]:
    """The things to select after something came in: what is new and not inside a closed box."""
    hidden = groups.hidden(after)
    now = (*after.nodes, *after.groups, *after.notes)
    return [key for key in now if before.get(key) is None and key not in hidden]


# --- inside -----------------------------------------------------------------------------------


def _clipped(canvas: GraphCanvas, graph: Graph, chosen: frozenset[str]) -> Graph | None:
    """What is selected, put on the clipboard; None where that cannot be, which is said."""
    from bpstudio.files.bps import BadDocument

    if reason := refusal(graph, chosen):
        canvas.stage.refuse(reason)
        return None
    piece = edits.clip(graph, chosen)
    try:
        with _patience(len(piece.nodes) > SLOW):
            clipboard.put(mime_of(piece))
    except BadDocument as fault:
        canvas.stage.refuse(str(fault))
        return None
    return piece


def _put(
    canvas: GraphCanvas, make: Callable[[], Patch], said: Callable[[Patch], str] | None = None
) -> tuple[str, ...]:
    """Do an edit that brings things in, select them and bring them into sight."""
    before, whole = canvas.stage.graph, canvas.is_fitted
    # Among many gates even the room for one is not found at once; and one group may be very many.
    try:
        with _patience(len(before.nodes) > SLOW):
            patch = make()
    except GraphError as error:
        canvas.stage.refuse(str(error))
        return ()
    with _patience(len(patch.changes) > SLOW):
        canvas.stage.do(patch)
        new = new_in(before, canvas.stage.graph)
        if not new:
            return ()
        canvas.stage.select(new)
        if not canvas.shows(new):
            canvas.fit_all() if whole else canvas.reveal_all(new)
    if said is not None:
        canvas.stage.say(said(patch))
    return tuple(new)


def _offset(canvas: GraphCanvas, piece: Graph, at: Point | None) -> Point:
    """How far from where it was cut a piece comes to lie."""
    from bpstudio.core.edits.copying import middle_of
    from bpstudio.core.shape import snapped

    x, y = middle_of(piece)
    if at is None:
        left, top, right, bottom = canvas.camera.rect_to_scene((0.0, 0.0, *canvas.room))
        if left <= x <= right and top <= y <= bottom:
            return 0.0, 0.0
        at = (left + right) / 2, (top + bottom) / 2
    return snapped(at[0] - x), snapped(at[1] - y)


def _way_out(text: str, fault: GraphError) -> str:
    from bpstudio.core.formula import FormulaError, parse_program

    try:
        parse_program(text)
    except FormulaError:
        return str(fault)
    return tr("This text is no graph. As a formula, paste it into the field above (Ctrl+L).")


def _said(piece: Graph, words: Callable[[int, str], str]) -> str:
    names = [node.name for node in piece.nodes.values()] or [nameless(piece)]
    return words(len(piece.nodes), names[0] if len(names) == 1 else "")


def _copied(n: int, name: str) -> str:
    if name:
        return tr("Copied {name}.", name=name)
    return trn("Copied {n} gate.", "Copied {n} gates.", n)


def _cut_out(n: int, name: str) -> str:
    if name:
        return tr("Cut out {name}", name=name)
    return trn("Cut out {n} gate", "Cut out {n} gates", n)


def _meanwhile(canvas: GraphCanvas, work: Callable[[], Made]) -> Made:
    """Work on very many gates, done while the window lives and shows that it takes a moment: else
    the question that was just answered would stand there, frozen."""
    from bpstudio.ui.patience import wait_for

    return wait_for(canvas.window(), tr("Pasting very many gates …"), work)


@contextmanager
def _patience(slow: bool) -> Iterator[None]:
    """A pointer that says that it takes a moment.

    Meanwhile nothing is looked at for garbage: of the millions of things that a large graph is made
    of none is any, and the search takes a third of the time.
    """
    if not slow:
        yield
        return
    searches = gc.isenabled()
    gc.disable()
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()
        if searches:
            gc.enable()
