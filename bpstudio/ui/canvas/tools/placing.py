"""Gestures that place gates: click after choosing, drop, splice into a wire."""

from __future__ import annotations

from bpstudio.core import edits
from bpstudio.core.edits.clearing import Rects
from bpstudio.core.edits.passing import Wires
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, GraphError, Node, Patch, Point
from bpstudio.core.shape import node_size
from bpstudio.language import tr
from bpstudio.ui.canvas.tools.events import Hit, Overlay, PointerEvent, Want
from bpstudio.ui.canvas.tools.machine import State, Tools
from bpstudio.ui.canvas.tools.moving import snapped


class Place(State):
    """A gate chosen in the palette hangs at the pointer until a click puts it down."""

    keeps_through_edits = True

    def __init__(self, tools: Tools, gate: str) -> None:
        super().__init__(tools)
        self.gate, self.spots = gate, Spots()

    def enter(self) -> None:
        title = self.stage.graph.gates[self.gate].name
        self.stage.placing(self.gate)
        self.stage.say(tr("Click to place {gate}; Shift keeps placing, Esc leaves.", gate=title))

    def exit(self) -> None:
        self.stage.placing("")

    def move(self, event: PointerEvent) -> None:
        self.stage.show(ghost_of(self.stage.graph, self.gate, event, self.spots))

    def press(self, event: PointerEvent) -> None:
        if event.button == "right":
            self.tools.rest()

    def release(self, event: PointerEvent) -> None:
        if event.button != "left":
            return
        patch = self.attempt(placed, self.gate, event.scene, event.hit, event.ctrl)
        if event.shift:
            self.move(event)
        else:
            self.tools.rest()
        if patch is not None:
            self.stage.do(patch)
            self.stage.select(edits.born(patch))

    def key(self, event: PointerEvent) -> None:
        if event.key in ("Escape", "Delete", "Backspace"):
            self.tools.rest()


def placed(graph: Graph, gate: str, at: Point, hit: Hit, free: bool = False) -> Patch:
    """The patch that puts a gate there: into the wire that was hit, if it fits, else alone."""
    at = at if free else snapped(at)
    if hit.part == "wire":
        into = spliced(graph, edits.add_node(graph, gate, at), hit.id)
        if into is not None:
            return into
    return edits.add_node(graph, gate, Spots().at(graph, gate, at))


def spliced(graph: Graph, first: Patch, wire: str) -> Patch | None:
    """`first`, which adds one node, and its splice into the wire as one; None if it cannot."""
    (node,) = edits.born(first)
    after = graph.apply(first)
    try:
        second = edits.splice(after, node, wire)
    except GraphError:
        return None
    return first.then(second, second.label)


def ghost_of(graph: Graph, gate: str, event: PointerEvent, spots: Spots) -> Overlay:
    """The preview of a gate about to be placed, and of the wire that it would split."""
    at = event.scene if event.ctrl else snapped(event.scene)
    wire = event.hit.id if event.hit.part == "wire" and not graph.gates[gate].is_source else ""
    sentence = tr("Drop to put it into this wire.") if wire else ""
    at = at if wire else spots.at(graph, gate, at)
    return Overlay(ghost=(gate, at), splice=wire, sentence=sentence, at=event.scene, cursor="cross")


class Spots:
    """Where a new gate goes so that it covers nothing: asked with every move of the pointer, so
    what is taken is read once."""

    def __init__(self) -> None:
        self._read: tuple[Graph, Rects, Wires] | None = None

    def at(self, graph: Graph, gate: str, at: Point) -> Point:
        """The place asked for, or the nearest free one."""
        if self._read is None or self._read[0] is not graph:
            ids, taken = edits.covered(graph)
            self._read = graph, taken, Wires(graph, ids, taken)
        _, taken, wires = self._read
        size = node_size(sample(graph.gates[gate]), graph.gates)
        return edits.clear_place(taken, size, at, wires)


def add_gate(state: State, scene: Point, typed: str = "") -> None:
    """Ask for any gate and place it at the point, or as near as it covers nothing: whoever types
    one gate after another leaves the pointer where it is."""
    stage = state.stage

    def chosen(gate: str, value: float | None = None) -> None:
        params = None if value is None else {"value": value}
        at = Spots().at(stage.graph, gate, snapped(scene))
        patch = state.attempt(edits.add_node, gate, at, params=params)
        if patch is not None:
            stage.do(patch)
            stage.select(edits.born(patch))

    stage.quick_add_for(Want(scene, chosen, None, tr("Add a gate"), typed))


def splice_into(state: State, wire: str, scene: Point) -> None:
    """Ask for a gate that fits into the wire, and put it there."""
    stage = state.stage

    def insert(graph: Graph, gate: str) -> Patch:
        first = edits.add_node(graph, gate, snapped(scene))
        second = edits.splice(graph.apply(first), edits.born(first)[0], wire)
        return first.then(second, second.label)

    def chosen(gate: str) -> None:
        patch = state.attempt(insert, gate)
        if patch is not None:
            stage.do(patch)
            stage.select(edits.born(patch))

    keys = frozenset(key for key, gate in stage.graph.gates.items() if not gate.is_source)
    stage.quick_add_for(Want(scene, chosen, keys, tr("Put a gate into this wire")))


def sample(gate: Gate) -> Node:
    """A node of this gate as it would be placed, only to be measured."""
    return Node("x", gate.key, params=dict(gate.params))
