"""Find: type a name, a gate, "nan" or ">100"; the marked hit is shown on the canvas at once.

Enter selects it, Esc goes back to where one was; F3 goes on to the next. A hit inside a collapsed
group shows that group's box; only taking it opens the group, as an edit of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.core import edits, groups
from bpstudio.core.find import Hit, search
from bpstudio.core.graph import Graph, Patch, Point
from bpstudio.core.numbers import show
from bpstudio.language import tr, trn
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.chooser import Row

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.window import Window

MOST = 200
"""Rows offered; nobody looks through more, they type more."""
READABLE = 0.6
"""Below this part of 100 % a gate that is found is zoomed to its natural size."""
MARGIN = 32.0
"""Screen pixels left free round what is found."""
_MORE = ""


class Finder:
    """The search of one window; it remembers what was looked for."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.text = ""
        self._hits: dict[str, Hit] = {}
        self._spot: tuple[float, tuple[int, int]] | None = None

    def open(self) -> None:
        """Ask what to find."""
        canvas = self._window.canvas
        canvas.tools.rest()
        self._spot = canvas.spot
        self._window.chooser.open(
            tr("Find a name, a gate, a number: q, sigmoid, nan, >100, ∂<0"),
            self._offer,
            self._take,
            nothing=tr("Nothing in this graph fits."),
            typed=self.text,
            looked=self._look,
            left=self._leave,
        )

    def next(self, way: int) -> None:
        """Go to the next hit after what is selected, round the end."""
        canvas = self._window.canvas
        document = canvas.document
        assert document is not None
        if not self.text:
            self.open()
            return
        hits = search(document.committed, document.trace, self.text)
        if not hits:
            canvas.stage.refuse(tr("“{text}” is not in this graph.", text=self.text))
            return
        at = [n for n, hit in enumerate(hits) if hit.id in document.selection]
        if at:
            place = ((at[-1] if way > 0 else at[0]) + way) % len(hits)
        else:
            place = 0 if way > 0 else len(hits) - 1
        self._go(canvas, hits[place])
        words = _spoken(document.committed, hits[place])
        canvas.stage.say(tr("{n} of {all}: {hit}", n=place + 1, all=len(hits), hit=words))

    # --- while the list is open -------------------------------------------------------------

    def _offer(self, typed: str) -> list[Row]:
        document = self._window.document
        if document is None:
            return []
        self.text = typed.strip()
        graph, trace = document.committed, document.trace
        hits = search(graph, trace, self.text)
        self._hits = {hit.id: hit for hit in hits[:MOST]}
        rows = [row_of(graph, trace, hit) for hit in self._hits.values()]
        if len(hits) > MOST:
            more = len(hits) - MOST
            words = trn("{n} more; type more to see it", "{n} more; type more to see them", more)
            rows.append(Row(_MORE, words, enabled=False))
        if not rows:
            self._unmark()
        return rows

    def _look(self, key: str) -> None:
        canvas = self._window.canvas
        if key not in self._hits:
            return
        seen = groups.hidden(canvas.stage.graph).get(key, key)
        chooser = self._window.chooser
        below = canvas.mapFromGlobal(chooser.mapToGlobal(chooser.rect().bottomLeft())).y()
        bring(canvas, canvas.view.bounds({seen}), max(0.0, float(below)))
        # Marked as selected, but only for the eye: Esc leaves the selection as it was.
        canvas.update_scene(canvas.view.select({seen}))

    def _unmark(self) -> None:
        canvas = self._window.canvas
        canvas.update_scene(canvas.view.select(canvas.stage.selection))

    def _leave(self) -> None:
        if self._window.document is None:
            return
        self._unmark()
        if self._spot is not None:
            self._window.canvas.go_back(self._spot)

    def _take(self, key: str) -> None:
        self._unmark()
        hit, canvas = self._hits.get(key), self._window.canvas
        if hit is not None and canvas.stage.graph.get(key) is not None:
            self._go(canvas, hit)
            canvas.setFocus()
            canvas.stage.say(_spoken(canvas.stage.graph, hit))

    @staticmethod
    def _go(canvas: GraphCanvas, hit: Hit) -> None:
        """Select a hit and bring it into sight, out of the boxes that hide it."""
        patch = opened(canvas.stage.graph, hit.id)
        if patch:
            canvas.stage.do(patch)
        canvas.stage.select((hit.id,))
        bring(canvas, canvas.view.bounds({hit.id}))


def row_of(graph: Graph, trace: Trace, hit: Hit) -> Row:
    """A hit as the list shows it: its name; beside it why it is one, its value, its box."""
    node, parts = graph.nodes.get(hit.id), []
    if hit.what != "name":
        parts.append(hit.reason)
    elif node is not None:
        gate = graph.gate(node)
        parts.append(gate.name if gate is not None else node.gate)
    elif hit.kind in ("group", "frame"):
        parts.append(tr("group") if hit.kind == "group" else tr("frame"))
    value = trace.value_of(node.id) if node is not None and hit.what != "value" else None
    if value is not None and value == value:
        parts.append(tr("value {text}", text=show(value)))
    box = (
        groups.hidden(graph).get(hit.id) if any(g.collapsed for g in graph.groups.values()) else ""
    )
    if box:
        parts.append(tr("in {group}", group=graph.groups[box].title or box))
    return Row(hit.id, name_of(graph, hit), " · ".join(parts))


def name_of(graph: Graph, hit: Hit) -> str:
    """What a hit is called."""
    if hit.id in graph.nodes:
        return graph.nodes[hit.id].name
    if hit.id in graph.groups:
        return graph.groups[hit.id].title or hit.id
    return " ".join(graph.notes[hit.id].text.split())[:60] or tr("the note")


def opened(graph: Graph, key: str) -> Patch:
    """The edit that opens every collapsed group round a thing; empty where none is."""
    made = Patch("")
    for group in groups.around(graph, key):
        if graph.groups[group].collapsed:
            step = edits.set_collapsed(graph, group, False)
            graph = graph.apply(step)
            made = made.then(step, step.label)
    return made


def bring(canvas: GraphCanvas, rect: Rect | None, top: float = 0.0) -> None:
    """Bring a rectangle of the scene into what is free of the canvas below `top`, readable."""
    if rect is None:
        return
    natural = canvas.camera.natural
    if canvas.camera.scale < READABLE * natural:
        canvas.zoom_at(natural / canvas.camera.scale, _middle(canvas.camera.rect_to_screen(rect)))
    width, height = canvas.room
    top = min(top, 0.75 * height)
    left, upper, right, lower = canvas.camera.rect_to_screen(rect)
    x = _way(left, right, 0.0, width)
    y = _way(upper, lower, top, height)
    if x or y:
        canvas.pan(x, y)


def _way(low: float, high: float, start: float, end: float) -> float:
    """How far to move [low, high] so that it lies in the middle of [start, end], 0 if inside."""
    margin = min(MARGIN, (end - start) / 8)
    if start + margin <= low and high <= end - margin:
        return 0.0
    return (start + end) / 2 - (low + high) / 2


def _middle(rect: Rect) -> Point:
    return (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2


def _spoken(graph: Graph, hit: Hit) -> str:
    return tr("{name}, {why}", name=name_of(graph, hit), why=hit.reason)
