"""A small stage with real edits and hit tests by the shapes alone, and a hand over it."""

from __future__ import annotations

from bpstudio.core import edits
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph
from bpstudio.core.shape import input_at, node_size, output_at
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.tools import (
    EMPTY,
    NOWHERE,
    Around,
    Idle,
    PointerEvent,
    make_tools,
)
from tests.ui.graphs import simple


class FakeStage:
    """A graph, a selection, and a record of all that a gesture asked for."""

    scale = 1.0
    sample = 0

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.selection: frozenset[str] = frozenset()
        self.done: list[str] = []
        self.previewed = self.shifted = None
        self.overlay = EMPTY
        self.said: list[str] = []
        self.refused: list[str] = []
        self.wanted: list = []
        self.opened: list[tuple[str, str]] = []
        self.panned = [0.0, 0.0]
        self.zoomed: list[float] = []
        self.commands: list[str] = []
        self.under = ""
        self.homes = ()
        self.led = ("", ())
        self.crosses = []

    def select(self, ids):
        self.selection = frozenset(i for i in ids if self.graph.get(i) is not None)

    def do(self, patch, merge=None):
        self.graph = self.graph.apply(patch)
        self.done.append(patch.label)

    def preview(self, patch):
        self.previewed = patch

    def shift(self, ids, dx, dy, *, leaving=False):
        self.shifted = (tuple(ids), dx, dy) if ids else None

    def show(self, overlay):
        self.overlay = overlay

    def say(self, sentence):
        self.said.append(sentence)

    def refuse(self, sentence):
        self.refused.append(sentence)

    def inside(self, rect):
        left, top, right, bottom = rect
        return frozenset(
            n.id
            for n in self.graph.nodes.values()
            if left <= n.at[0] <= right and top <= n.at[1] <= bottom
        )

    def around(self, ids):
        boxes = []
        for node in self.graph.nodes.values():
            (x, y), (wide, tall) = node.at, node_size(node, GATES)
            boxes.append((node.id, (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)))
        moving = [rect for key, rect in boxes if key in ids]
        standing = [rect for key, rect in boxes if key not in ids]
        return Around(geometry.union(*moving), tuple(moving), standing, (), self.homes)

    def lead(self, wire, dots):
        self.led = (wire, dots)

    def crossed(self, start, end):
        return self.crosses

    def port_at(self, node, port):
        placed = self.graph.nodes[node]
        body = node_size(placed, GATES)
        if not port:
            return output_at(placed.at, body)
        ports = edits.ports_of(placed)
        index = ports.index(port) if port in ports else len(ports)
        return input_at(placed.at, body, index, len(ports))

    def hit(self, scene, device="mouse"):
        return NOWHERE

    def wire_at(self, scene):
        return self.under

    def pan(self, dx, dy):
        self.panned[0] += dx
        self.panned[1] += dy

    def zoom(self, factor, screen):
        self.zoomed.append(factor)

    def quick_add_for(self, want):
        self.wanted.append(want)

    def edit_value(self, node):
        self.opened.append(("value", node))

    def rename(self, item):
        self.opened.append(("name", item))

    def placing(self, gate):
        self.placed = gate

    def run(self, command):
        self.commands.append(command)


class Hand:
    """Plays events: `at` is both the scene and the screen point."""

    def __init__(self, graph: Graph | None = None) -> None:
        self.stage = FakeStage(simple() if graph is None else graph)
        self.tools = make_tools(self.stage)

    def feed(self, kind, at=(0.0, 0.0), hit=NOWHERE, button="left", mods=(), **more):
        self.tools.feed(PointerEvent(kind, at, at, frozenset(mods), hit=hit, button=button, **more))

    def key(self, key, mods=()):
        self.feed("key", key=key, mods=mods, button="")

    def click(self, at, hit=NOWHERE, mods=()):
        self.feed("press", at, hit, mods=mods)
        self.feed("release", at, hit, mods=mods)

    def drag(self, start, end, first=NOWHERE, last=NOWHERE, mods=(), drop=True):
        self.feed("press", start, first, mods=mods)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.feed("move", middle, NOWHERE, mods=mods)
        self.feed("move", end, last, mods=mods)
        if drop:
            self.feed("release", end, last, mods=mods)


def idle(hand: Hand) -> bool:
    return isinstance(hand.tools.state, Idle) and hand.stage.overlay == EMPTY
