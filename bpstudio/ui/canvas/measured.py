"""A graph read into columns, and all that is measured from them.

The lowest layer of the view: it reads, measures and places, and knows neither how patches are
followed (viewmodel.py) nor what gestures would do (previewed.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from bpstudio.core import shape, ways
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Group, Node, Note, Patch, Wire
from bpstudio.core.numbers import DIGITS
from bpstudio.core.standing import frames_of
from bpstudio.ui.canvas import geometry, hits, placing, routes, rows, titled
from bpstudio.ui.canvas.cover import Cover
from bpstudio.ui.canvas.frames import Frames
from bpstudio.ui.canvas.geometry import Floats, Ints, Rect
from bpstudio.ui.canvas.numbers import Numbers

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace
    from bpstudio.ui.canvas.lifted import Lifted
    from bpstudio.ui.canvas.viewmodel import ViewModel


class Measured:
    """See ViewModel for what each column means."""

    def __init__(self, graph: Graph) -> None:
        self.digits = DIGITS
        self.show_values = self.show_gradients = True
        self.weighted, self.factor = False, 1.0
        self._led: tuple[str, tuple[tuple[float, float], ...]] = "", ()
        self._chosen: frozenset[str] = frozenset()
        self._trace: Trace | None = None
        self._plugs: rows.Plugs | None = None
        self._anchors: placing.Anchors | None = None
        self._read(graph)

    def _read(self, graph: Graph) -> None:
        self.graph = graph
        self.reader = rows.Reader(self.gates)
        self.nodes = self.reader.nodes(graph.nodes.values(), graph)
        self.row = {key: i for i, key in enumerate(self.nodes.ids)}
        self.wires = self.reader.wires(graph.wires.values(), self.row, self.nodes.ports)
        self.wire_row = {key: i for i, key in enumerate(self.wires.ids)}
        self.numbers = Numbers.blank(len(self.nodes.ids), len(self.wires.ids))
        self._lifted: Lifted | None = None
        self.longest = 0
        self._note_shift: dict[str, tuple[float, float]] = {}
        self.cover = Cover(graph) if Cover.wanted(graph) else None
        self._frames = Frames(graph)
        self.derive()
        self._reframe(None)

    def enlarge(self, factor: float) -> bool:
        """Take Large mode's factor at the scale in use; whether it is another one."""
        if factor == self.factor:
            return False
        self.factor = factor
        self._anchors = None
        self.rewire(np.arange(len(self.wires.ids)))
        return True

    @property
    def larger(self) -> float:
        """How much larger than usual numbers and names are written: what there is room for."""
        return self.anchors.larger if self.factor > 1.0 else 1.0

    @property
    def tail(self) -> float:
        """How long the free wire out of a node that feeds nothing is."""
        return placing.tail(self.larger)

    @property
    def gates(self) -> Mapping[str, Gate]:
        """Every gate that a node here can be, by key."""
        return self.graph.gates

    @property
    def styles(self) -> list[rows.Style]:
        """The distinct looks of nodes; `nodes.style` numbers them."""
        return self.reader.styles

    def _reread(self, nodes: list[Node], *, derive: bool = True) -> None:
        """Nodes changed, none was born or died, no wire was touched."""
        if not nodes:
            return
        at = np.array([self.row[node.id] for node in nodes], dtype=np.intp)
        ports = [self.nodes.ports[i] for i in at]
        fresh = self.reader.nodes(nodes, self.graph)
        same = self._looks_same(fresh, at)
        self.assign(fresh, at)
        if same:
            return
        if ports != [self.nodes.ports[i] for i in at]:
            into = [w for node in nodes for w in self.graph.into(node.id).values()]
            self.reread_wires([self.graph.wires[w] for w in into])
        if derive:
            self._rederive(at)

    def _looks_same(self, fresh: rows.NodeRows, at: Ints) -> bool:
        """Whether rows read again differ in their numbers at most: what a scrub does thirty times
        a second, and nothing has to be measured or placed anew for it."""
        columns = ("at", "size", "style", "count", "most")
        return all(
            np.array_equal(getattr(self.nodes, name)[at], getattr(fresh, name)) for name in columns
        ) and all(
            [getattr(self.nodes, name)[i] for i in at.tolist()] == getattr(fresh, name)
            for name in ("names", "labels", "ports")
        )

    def assign(self, fresh: rows.NodeRows, at: Ints) -> None:
        """Put freshly read rows in place of those at these numbers."""
        for name in ("at", "size", "kind", "style", "value", "count", "most"):
            getattr(self.nodes, name)[at] = getattr(fresh, name)
        for name in ("names", "labels", "ports"):
            column = getattr(self.nodes, name)
            for i, value in zip(at.tolist(), getattr(fresh, name), strict=True):
                column[i] = value
        self.longest = max(self.longest, *map(len, fresh.labels))

    def reread_wires(self, wires: list[Wire]) -> None:
        """Read these wires' ends again."""
        at = [self.wire_row[wire.id] for wire in wires]
        fresh = self.reader.wires(wires, self.row, self.nodes.ports)
        for name in ("source", "target", "port"):
            getattr(self.wires, name)[at] = getattr(fresh, name)
        self._plugs = None

    # --- what follows from the columns ------------------------------------------------------

    def derive(self) -> None:
        """Measure everything anew."""
        nodes, wires = self.nodes, self.wires
        self.at = nodes.at.copy()
        n = len(nodes.ids)
        bits = np.left_shift(np.uint64(1), wires.port.astype(np.uint64))
        self.wired = np.zeros(n, dtype=np.uint64)
        np.bitwise_or.at(self.wired, wires.target, bits)
        self.box = geometry.columns(n)
        self.control = np.empty((len(wires.ids), 4, 2))
        self.wire_box = geometry.columns(len(wires.ids))
        self.longest = max(map(len, nodes.labels), default=0)
        self.seen = np.ones(n, dtype=bool)
        self.routes = self._routed()
        self._find_cover()
        self.rebox(np.arange(n))
        self.rewire(np.arange(len(wires.ids)))
        self.settle()

    def settle(self) -> None:
        """What depends on everything together."""
        n = len(self.nodes.ids)
        self.out_count = np.bincount(self.wires.source, minlength=n)[:n]
        self.in_count = np.bincount(self.wires.target, minlength=n)[:n]
        self._classify()
        self._anchors = None
        self._mask_selection()

    def _classify(self) -> None:
        self.open = self.in_count < self.nodes.count
        card = self.nodes.kind == rows.CARD
        self.stub = card & (self.out_count == 0) & ~self.open
        self.ghost = card & ~self.open & (self.nodes.count < self.nodes.most) & self.seen

    def _rederive(self, at: Ints) -> None:
        """The nodes at these rows moved or changed their body."""
        self.at[at] = self.nodes.at[at]
        self.rebox(at)
        self.rewire(self.wires_of(at))
        self._classify()
        self._anchors = None

    def rebox(self, at: Ints) -> None:
        """The bodies of nodes follow their places."""
        half = self.nodes.size[at] / 2
        self.box[at, :2], self.box[at, 2:] = self.at[at] - half, self.at[at] + half
        if self.cover is not None:
            self.at[~self.seen], self.box[~self.seen] = np.nan, np.nan
            self.at[self._out_rows, 1] = self._out_at[:, 1]
            self.box[self._out_rows, 2] = self._out_at[:, 0]

    def rewire(self, at: Ints) -> None:
        """Wires follow the ports that they are plugged into."""
        source, target = self.wires.source[at], self.wires.target[at]
        start = np.column_stack([self.box[source, 2], self.at[source, 1]])
        end = self.inputs_at(target, self.wires.port[at])
        if self.cover is not None:
            crossing = np.isfinite(self._end_at[at, 0])
            end[crossing] = self._end_at[at][crossing]
            end[self._inner[at]] = np.nan
        control = ways.plain(str(self.graph.setting("wires")), start, end)
        self.control[at] = control
        boxes = geometry.boxes(control)
        if self.routes is not None:
            self.routes.lead(at, start, end)
            led = self.routes.count[at] > 0
            boxes[led] = self.routes.boxes(at[led])
        self.wire_box[at] = boxes + placing.wire_room(self.factor)

    def _routed(self) -> routes.Routes | None:
        """The ways that one curve cannot say; None where there are none."""
        shape, graph = str(self.graph.setting("wires")), self.graph
        dots = [graph.wires[key].dots for key in self.wires.ids]
        if self._led[0] in self.wire_row:
            dots[self.wire_row[self._led[0]]] = self._led[1]
        if shape != ways.ORTHOGONAL and not any(dots):
            return None
        sources = self.wires.source
        alone = np.bincount(sources, minlength=len(self.nodes.ids))[sources] == 1
        return routes.Routes(shape, dots, alone)

    def _find_cover(self) -> None:
        """What collapsed groups hide, and where the wires that cross their borders end."""
        if self.cover is None:
            return
        self.seen = ~self.cover.unseen(self.row, len(self.nodes.ids))
        self._out_rows, self._out_at = self.cover.outputs(self._view)
        wires, places = self.cover.inputs(self._view)
        self._end_at = np.full((len(self.wires.ids), 2), np.nan)
        self._end_at[wires] = places
        over = {key: n for n, key in enumerate(self.cover.boxes)}
        inside = np.full(len(self.nodes.ids), -1)
        for key, box in self.cover.hidden.items():
            if key in self.row:
                inside[self.row[key]] = over.get(box, -1)
        one, other = inside[self.wires.source], inside[self.wires.target]
        self._inner = (one >= 0) & (one == other)

    def inputs_at(self, at: Any, port: Any) -> Floats:
        """Where the input ports with these numbers sit, (k, 2)."""
        place: Floats = self.at[at].copy()
        place[:, 0] -= self.nodes.size[at, 0] / 2
        place[:, 1] += (port - (self.nodes.count[at] - 1) / 2) * shape.PORT_GAP
        return place

    def wires_of(self, at: Ints) -> Ints:
        """The rows of the wires that start or end at these nodes."""
        n = len(self.nodes.ids)
        if self._plugs is not None and self._plugs.fits(self.wires, n):
            return self._plugs.of(at)
        mask = np.zeros(n, dtype=bool)
        mask[at] = True
        return np.flatnonzero(mask[self.wires.source] | mask[self.wires.target])

    def _plug(self) -> None:
        """Have the wires of every node at hand: a drag asks for them with every move."""
        n = len(self.nodes.ids)
        if self._plugs is None or not self._plugs.fits(self.wires, n):
            self._plugs = rows.Plugs(self.wires, n)

    @property
    def anchors(self) -> placing.Anchors:
        """Where each wire's labels hang: a point on the wire and a lift (see placing.py)."""
        if self._anchors is None:
            self._anchors = placing.anchors(self._view)
        return self._anchors

    def _reframe(self, patch: Patch | None) -> Rect | None:
        """Groups' frames and notes follow; the rectangle in which they changed."""
        old = getattr(self, "frames", ())
        if patch is not None and self._frames.stale(patch):
            self._frames = Frames(self.graph)
        self.frames = self._frames.now(self._view)
        self.notes: Mapping[str, Note] = self.graph.notes
        if patch is None or any(True for _ in patch.touched(Note)):
            self.titled = tuple(frames_of(self.graph))
            self.titled_rows = titled.Rows(self.titled)
        if patch is None:
            return None
        touched = [n for change in patch.touched(Note) for n in change if isinstance(n, Note)]
        changed = [f.rect for f in set(old) ^ set(self.frames)]
        if any(True for _ in patch.touched(Group)):
            changed = [f.rect for f in (*old, *self.frames)]
        found = geometry.union(*changed, *(hits.note_reach(note) for note in touched))
        return None if found is None else geometry.grown(found, 32.0)

    def _mask_selection(self) -> None:
        self.selected = np.zeros(len(self.nodes.ids), dtype=bool)
        self.wire_selected = np.zeros(len(self.wires.ids), dtype=bool)
        for key in self._chosen:
            if key in self.row:
                self.selected[self.row[key]] = True
            elif key in self.wire_row:
                self.wire_selected[self.wire_row[key]] = True

    @property
    def _view(self) -> ViewModel:
        """Itself, as those know it who are asked to measure or to place."""
        return cast("ViewModel", self)
