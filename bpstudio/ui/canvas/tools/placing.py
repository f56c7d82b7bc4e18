"""Gestures that place gates: click after choosing, drop, splice into a wire."""

from __future__ import annotations

from bpstudio.core import edits
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
        self.gate = gate

    def enter(self) -> None:
        title = self.stage.graph.gates[self.gate].name
        self.stage.placing(self.gate)
        self.stage.say(tr("Click to place {gate}; Shift keeps placing, Esc leaves.", gate=title))

    def exit(self) -> None:
        self.stage.placing("")

    def move(self, event: PointerEvent) -> None:
        self.stage.show(ghost_of(self.stage.graph, self.gate, event))

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
    first = edits.add_node(graph, gate, at if free else snapped(at))
    if hit.part != "wire":
        return first
    return spliced(graph, first, hit.id) or first


def spliced(graph: Graph, first: Patch, wire: str) -> Patch | None:
    """`first`, which adds one node, and its splice into the wire as one; None if it cannot."""
    (node,) = edits.born(first)
    after = graph.apply(first)
    try:
        second = edits.splice(after, node, wire)
    except GraphError:
        return None
    return first.then(second, second.label)


def ghost_of(graph: Graph, gate: str, event: PointerEvent) -> Overlay:
    """The preview of a gate about to be placed, and of the wire that it would split."""
    at = event.scene if event.ctrl else snapped(event.scene)
    wire = event.hit.id if event.hit.part == "wire" and not graph.gates[gate].is_source else ""
    sentence = tr("Drop to put it into this wire.") if wire else ""
    return Overlay(ghost=(gate, at), splice=wire, sentence=sentence, at=event.scene, cursor="cross")


def add_gate(state: State, scene: Point, typed: str = "", *, free: bool = False) -> None:
    """Ask for any gate and place it at the point; with `free`, as near as it covers no other gate:
    whoever types one gate after another leaves the pointer where it is."""
    stage = state.stage

    def chosen(gate: str, value: float | None = None) -> None:
        params = None if value is None else {"value": value}
        at = beside(stage.graph, gate, scene) if free else snapped(scene)
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
        second = edits.splice(graph.apply(first), edits.born(first)[0], wire, stays=False)
        return first.then(second, second.label)

    def chosen(gate: str) -> None:
        patch = state.attempt(insert, gate)
        if patch is not None:
            stage.do(patch)
            stage.select(edits.born(patch))

    keys = frozenset(key for key, gate in stage.graph.gates.items() if not gate.is_source)
    stage.quick_add_for(Want(scene, chosen, keys, tr("Put a gate into this wire")))


def beside(graph: Graph, gate: str, at: Point) -> Point:
    """The nearest place from `at`, going down and right, where a gate covers no other."""
    width, height = node_size(sample(graph.gates[gate]), graph.gates)
    taken = [(n.at, node_size(n, graph.gates)) for n in graph.nodes.values()]

    def free(x: float, y: float) -> bool:
        return all(
            abs(x - c[0]) >= (width + s[0]) / 2 + 8 or abs(y - c[1]) >= (height + s[1]) / 2 + 8
            for c, s in taken
        )

    for ring in range(40):
        for x, y in ((0, ring), (ring, 0), (ring, ring), (-ring, 0), (0, -ring)):
            here = snapped((at[0] + x * 48, at[1] + y * 32))
            if free(*here):
                return here
    return snapped(at)


def sample(gate: Gate) -> Node:
    """A node of this gate as it would be placed, only to be measured."""
    return Node("x", gate.key, params=dict(gate.params))
