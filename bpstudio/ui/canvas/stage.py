"""The canvas as its gestures see it: Stage over a Document, a ViewModel and a Camera."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from bpstudio.core.graph import BadParam, Graph, Node, Note, Patch, Point, Wire
from bpstudio.language import tr
from bpstudio.ui.canvas import hits, routes, rows, surroundings
from bpstudio.ui.canvas.tools import NOWHERE, Around, Hit, Overlay, Rect, Want
from bpstudio.ui.canvas.tools.events import Device, Part
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.reading import PLAIN, SAMPLE

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas

REFUSED_MS = 2000
"""How long a refusal's reason stays at the pointer."""
REACH: dict[Device, float] = {"mouse": 12.0, "pen": 12.0, "touch": 22.0}
"""Screen pixels within which a port or wire is hit."""
BADGE = 9.0
"""Radius of a badge, scene pixels."""
_BARE = Graph()


class CanvasStage:
    """What gestures may see and do; see tools/events.py for the promises."""

    def __init__(self, canvas: GraphCanvas) -> None:
        self._canvas = canvas

    @property
    def graph(self) -> Graph:
        document = self._canvas.document
        return _BARE if document is None else document.committed

    @property
    def selection(self) -> frozenset[str]:
        document = self._canvas.document
        return frozenset() if document is None else document.selection

    @property
    def scale(self) -> float:
        return self._canvas.camera.scale

    @property
    def sample(self) -> int:
        document = self._canvas.document
        read = PLAIN if document is None else document.reading
        return read.sample if read.of == SAMPLE else -1

    def select(self, ids: Iterable[str]) -> None:
        if self._canvas.document is not None:
            self._canvas.document.select(ids)

    def do(self, patch: Patch, merge: str | None = None) -> None:
        document = self._canvas.document
        if document is None or not patch:
            return
        before = document.committed
        # Not by its own hand: every gesture rests before it does, so one that still runs now
        # stands on a graph that is no more and has to go.
        try:
            document.do(patch, merge)
        except BadParam as error:
            # Samples of one number and another, brought together by a paste or a typed batch.
            document.preview(None)
            self.refuse(str(error))
            return
        self.say(spoken(before, document.committed, patch))

    def preview(self, patch: Patch | None) -> None:
        if self._canvas.document is not None:
            with self._canvas.by_own_hand():
                self._canvas.document.preview(patch)

    def shift(self, ids: Iterable[str], dx: float, dy: float, *, leaving: bool = False) -> None:
        view = self._canvas.view
        there = [key for key in ids if _held(view.graph, key)]
        self._canvas.update_shifted(view.shifted(there, dx, dy, leaving=leaving))
        self._canvas.children_follow()

    def show(self, overlay: Overlay) -> None:
        self._canvas.show_overlay(overlay)

    def say(self, sentence: str) -> None:
        self._canvas.announce(sentence)

    def refuse(self, sentence: str) -> None:
        self._canvas.tell(sentence, bad=True, ms=REFUSED_MS)
        self._canvas.announce(sentence)

    def inside(self, rect: Rect) -> frozenset[str]:
        return self._canvas.view.within(rect)

    def port_at(self, node: str, port: str) -> Point:
        view = self._canvas.view
        if node not in view.row:
            return 0.0, 0.0
        return view.input(node, port) if port else view.output(node)

    def around(self, ids: Iterable[str]) -> Around:
        return surroundings.around(self._canvas.view, list(ids), self._canvas.shown)

    def lead(self, wire: str, dots: tuple[Point, ...]) -> None:
        self._canvas.update_scene(self._canvas.view.led(wire, dots))

    def crossed(self, start: Point, end: Point) -> list[str]:
        return routes.crossed(self._canvas.view, start, end)

    def hit(self, scene: Point, device: Device = "mouse") -> Hit:
        return self._canvas.hit(scene, device)

    def wire_at(self, scene: Point) -> str:
        return hits.wire_at(self._canvas.view, *scene, REACH["mouse"] / self.scale).id

    def pan(self, dx: float, dy: float) -> None:
        self._canvas.pan(dx, dy)

    def zoom(self, factor: float, screen: Point) -> None:
        self._canvas.zoom_at(factor, screen)

    def quick_add_for(self, want: Want) -> None:
        self._canvas.open_quick_add(want)

    def edit_value(self, node: str) -> None:
        self._canvas.edit_value(node)

    def rename(self, item: str) -> None:
        self._canvas.rename(item)

    def placing(self, gate: str) -> None:
        self._canvas.placing.emit(gate)

    def run(self, command: str) -> None:
        self._canvas.run(command)


def spoken(before: Graph, after: Graph, patch: Patch) -> str:
    """What happened, for the status line and the screen reader."""
    wires = list(patch.touched(Wire))
    new = [w for old, w in wires if isinstance(w, Wire) and _plugged_anew(old, w)]
    gone = [w for w, then in wires if isinstance(w, Wire) and then is None]
    others = len(patch.changes) - len(wires)
    lost = any(node is None for _, node in patch.touched(Node))
    if len(new) == 1 and others <= 1 and not lost:
        return tr(
            "Connected {source} to {target}, port {port}",
            source=after.nodes[new[0].source].name,
            target=after.nodes[new[0].target].name,
            port=new[0].port,
        )
    if len(gone) == 1 and not new and not others:
        return tr(
            "Took the wire from {source} to {target} off",
            source=before.nodes[gone[0].source].name,
            target=before.nodes[gone[0].target].name,
        )
    for old, now in patch.touched(Note):
        if len(patch.changes) > 1 or not isinstance(old, Note) or not isinstance(now, Note):
            break
        if old.size != now.size and replace(old, at=now.at, size=now.size) == now:
            wide, tall = now.size
            if now.frame:
                return tr("The frame is {wide:g} wide and {tall:g} high", wide=wide, tall=tall)
            return tr("The note is {wide:g} wide and {tall:g} high", wide=wide, tall=tall)
    return patch.label


def _plugged_anew(old: object, new: Wire) -> bool:
    """Whether an end of a wire is elsewhere than before: a wire led through dots is the same."""
    ends = new.source, new.target, new.port
    return not isinstance(old, Wire) or (old.source, old.target, old.port) != ends


def _held(graph: Graph, key: str) -> bool:
    return key in graph.nodes or key in graph.notes


def to_hit(view: ViewModel, scene: Point, reach: float) -> Hit:
    """What lies under a point of the scene, in the words of gestures."""
    if badge := _badge_under(view, scene):
        return Hit("badge", badge)
    found = view.hit(*scene, reach)
    if not found:
        return NOWHERE
    part: Part
    if found.kind == "node":
        row = view.row[found.id]
        part = "name" if view.nodes.kind[row] == rows.PILL else "node"
        return Hit(part, found.id)
    if found.kind == "label":
        return Hit("wire", found.id)
    if found.kind == "wire":
        end = found.port if found.port in ("source", "target") else ""
        return Hit("wire", found.id, end=end)  # type: ignore[arg-type]
    return Hit(found.kind, found.id, found.port)  # type: ignore[arg-type]


def _badge_under(view: ViewModel, scene: Point) -> str:
    """The node whose badge is under a point; a badge may reach beyond its body."""
    if not view.numbers.badges:
        return ""
    for row in view.nodes_in((*scene, *scene), 2 * BADGE)[::-1].tolist():
        key = view.nodes.ids[row]
        if key in view.numbers.badges and view.numbers.value_on[row]:
            x, y = view.badge_at(row)
            if (scene[0] - x) ** 2 + (scene[1] - y) ** 2 <= BADGE**2:
                return str(key)
    return ""
