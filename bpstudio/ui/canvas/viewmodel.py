"""What the canvas shows, as arrays: where everything is, what is lit, which numbers are visible.

Built from a Graph, kept up to date from patches, asked by the renderer (what is in this rectangle?)
and by the tools (what is under this point?). It knows no Qt, no theme, no zoom: all lengths are
scene pixels. One row per node and per wire; rows are valid until the next `patched`, ids for ever.

    view = ViewModel(graph)
    dirty = view.patched(graph, patch)          # the graph after the patch, and the patch
    view.show(trace, trace.at(n), digits=4)     # numbers; trace.at(n) or None for everything
    dirty = view.shifted(ids, dx, dy)           # preview of a drag; shifted((), 0, 0) drops it
    view.hit(x, y, reach)                       # -> Hit(kind, id, port, t)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bpstudio.core import shape
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Group, Kind, Node, Note, Patch, Seed, Setting, Wire
from bpstudio.core.numbers import DIGITS
from bpstudio.ui.canvas import extent, following, geometry, hits, placing, routes, rows
from bpstudio.ui.canvas.cover import Box, Cover
from bpstudio.ui.canvas.frames import Frames
from bpstudio.ui.canvas.geometry import Floats, Ints, Mask, Rect
from bpstudio.ui.canvas.hits import Hit
from bpstudio.ui.canvas.numbers import Numbers

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace, Visible
    from bpstudio.ui.readout import Figures

FLOOD = 5_000
"""With fewer changes than this a patch is followed one by one."""
GHOST_GAP = 12.0
"""How far below the last port a growing gate shows the port it could grow, scene px."""


class ViewModel:
    """The arrays of one graph.

    nodes, wires     columns read from the graph (see rows.py); `row`, `wire_row`: id -> row
    styles           the distinct looks of nodes, by number (`nodes.style`)
    at, box          centre (n, 2) and body (n, 4) of each node, drag preview put on; NaN where it
                     is not seen, but for an output that its box shows
    seen             mask: nodes that are not inside a collapsed group
    cover            the collapsed groups (cover.py), None where there are none
    control          bezier control points of each wire (m, 4, 2), output to input
    routes           the ways of wires that one curve cannot say (routes.py), None for none
    wire_box         boxes of the wires with room for their labels (m, 4)
    out_count, open  how many wires leave a node; whether one of its ports is unwired
    stub             mask: nodes that feed nothing and show a free wire with their result
    numbers          values and gradients to show, with masks of what is visible (numbers.py)
    selected, wire_selected   masks
    longest          how many characters the longest label has (or once had)
    frames           Frame per open group, outermost first;  notes: Note by id
    digits           significant digits on labels
    weighted         whether a wire's width shows its gradient's size (weights.py)
    factor           Large mode: what lines and, as far as there is room, symbols and numbers are
                     multiplied by at the scale in use (sizing.py)
    """

    def __init__(self, graph: Graph) -> None:
        self.digits = DIGITS
        self.show_values = self.show_gradients = True
        self.weighted, self.factor = False, 1.0
        self._led: tuple[str, tuple[tuple[float, float], ...]] = "", ()
        self._chosen: frozenset[str] = frozenset()
        self._trace: Trace | None = None
        self._plugs: rows.Plugs | None = None
        self._read(graph)

    # --- following the graph ----------------------------------------------------------------

    def patched(self, graph: Graph, patch: Patch) -> Rect | None:
        """Follow the patch; `graph` is the graph after it. The rectangle that looks different.

        Only what the patch names is read again. Numbers stay as they are until the next `show`.
        """
        self.shifted((), 0.0, 0.0)
        self.led("", ())
        if any(old and new and type(old) is not type(new) for old, new in patch.changes.values()):
            # Another graph in its place, where an id that was a wire's is now a gate's.
            before = self.bounds()
            self._read(graph)
            return geometry.union(before, self.bounds())
        if _is_flood(patch, graph):
            # Most of the graph is new: its old rows stay where they are, with their numbers.
            numbers = self.numbers
            self._read(graph)
            numbers.grow(len(self.nodes.ids), len(self.wires.ids))
            self.numbers = numbers
            return geometry.EVERYWHERE
        self.graph = graph
        others = self._look_again(patch)
        nodes = [*patch.touched(Node), *others]
        wires = list(patch.touched(Wire))
        names = {item.id for change in nodes for item in change if isinstance(item, Node)}
        names |= {item.node for change in patch.touched(Seed) for item in change if item}
        for change in wires:
            for item in change:
                if isinstance(item, Wire):
                    names |= {item.source, item.target}
        before = self.region(names)
        covered = self._recover(patch)
        rewired = any(_plugged(old) != _plugged(new) for old, new in wires)
        if all(old and new for old, new in nodes) and not rewired and not others:
            # Not piece by piece where boxes are others: what was known of them is of other rows.
            whole = bool(wires) or self._reshaped(patch) or covered is not None
            self._reread([new for _, new in nodes if isinstance(new, Node)], derive=not whole)
            if whole:
                self.derive()
        else:
            following.restructure(self, nodes, wires)
        extra = self._reframe(patch)
        if covered is not None:
            extra = geometry.union(extra, covered, *(box.rect for box in self.boxes))
        if self._reshaped(patch):
            extra = geometry.union(extra, self.bounds())
        return geometry.union(before, self.region(names), extra)

    @staticmethod
    def _reshaped(patch: Patch) -> bool:
        return "setting wires" in patch.changes

    def _recover(self, patch: Patch) -> Rect | None:
        """Follow collapsed groups; where boxes were that may be others now, None for no change."""
        old = geometry.union(*(box.rect for box in self.boxes))
        if not Cover.wanted(self.graph):
            self.cover = None
            return old
        if self.cover is None:
            self.cover = Cover(self.graph)
            return self.bounds()
        changed = self.cover.followed(self.graph, patch)
        return geometry.union(old, self.bounds()) if changed else None

    def _read(self, graph: Graph) -> None:
        self.graph = graph
        self.reader = rows.Reader(self.gates)
        self.nodes = self.reader.nodes(graph.nodes.values(), graph)
        self.row = {key: i for i, key in enumerate(self.nodes.ids)}
        self.wires = self.reader.wires(graph.wires.values(), self.row, self.nodes.ports)
        self.wire_row = {key: i for i, key in enumerate(self.wires.ids)}
        self.numbers = Numbers.blank(len(self.nodes.ids), len(self.wires.ids))
        self._moved: Ints | None = None
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
        self.factor, self._anchors = factor, None
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

    def _look_again(self, patch: Patch) -> list[tuple[Node, Node]]:
        """Own gates or settings changed: the nodes that look different for it, as changes."""
        kinds = {item.id for change in patch.touched(Kind) for item in change if item is not None}
        if kinds or any(True for _ in patch.touched(Setting)):
            self.reader.look_again(self.gates)
        if not kinds:
            return []
        nodes = self.graph.nodes.values()
        return [(n, n) for n in nodes if n.gate in kinds and n.id not in patch.changes]

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
        self._anchors: placing.Anchors | None = None
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
        control = routes.plain(str(self.graph.setting("wires")), start, end)
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
        if shape != routes.ORTHOGONAL and not any(dots):
            return None
        return routes.Routes(shape, dots)

    def _find_cover(self) -> None:
        """What collapsed groups hide, and where the wires that cross their borders end."""
        if self.cover is None:
            return
        self.seen = ~self.cover.unseen(self.row, len(self.nodes.ids))
        self._out_rows, self._out_at = self.cover.outputs(self)
        wires, places = self.cover.inputs(self)
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
            self._anchors = placing.anchors(self)
        return self._anchors

    def _reframe(self, patch: Patch | None) -> Rect | None:
        """Groups' frames and notes follow; the rectangle in which they changed."""
        old = getattr(self, "frames", ())
        if patch is not None and self._frames.stale(patch):
            self._frames = Frames(self.graph)
        self.frames = self._frames.now(self)
        self.notes: Mapping[str, Note] = self.graph.notes
        if patch is None:
            return None
        touched = [n for change in patch.touched(Note) for n in change if isinstance(n, Note)]
        changed = [f.rect for f in set(old) ^ set(self.frames)]
        if any(True for _ in patch.touched(Group)):
            changed = [f.rect for f in (*old, *self.frames)]
        found = geometry.union(*changed, *(hits.note_rect(note) for note in touched))
        return None if found is None else geometry.grown(found, 32.0)

    # --- what is shown ----------------------------------------------------------------------

    def show(
        self,
        trace: Trace | None,
        visible: Visible | None = None,
        digits: int | None = None,
        figures: Figures | None = None,
    ) -> None:
        """Put the numbers of a trace on the wires: those visible in a step, or all (None).

        `figures` are the numbers as they are read (see readout.py); else the first sample's.
        """
        self._trace = trace
        if digits is not None:
            self.digits = digits
        self.numbers.take(trace, visible, self.row, self.wire_row, figures)

    def select(self, ids: Collection[str]) -> Rect | None:
        """Mark these nodes, wires, notes and groups; the rectangle that looks different."""
        before, self._chosen = self._chosen, frozenset(ids)
        self._mask_selection()
        changed = before ^ self._chosen
        return self.region(changed) if changed else None

    @property
    def chosen(self) -> frozenset[str]:
        """The ids that are selected, of every kind."""
        return self._chosen

    def _mask_selection(self) -> None:
        self.selected = np.zeros(len(self.nodes.ids), dtype=bool)
        self.wire_selected = np.zeros(len(self.wires.ids), dtype=bool)
        for key in self._chosen:
            if key in self.row:
                self.selected[self.row[key]] = True
            elif key in self.wire_row:
                self.wire_selected[self.wire_row[key]] = True

    def shifted(
        self, ids: Iterable[str], dx: float, dy: float, *, leaving: bool = False
    ) -> Rect | None:
        """Show these nodes and notes away from where the graph has them; () puts all back.

        `leaving` shows the frames of their groups without them.

        The rectangle that looks different. Their labels ride along with the wires' middles.
        """
        if self._moved is None and not self._note_shift and not ids:
            return None
        ids = list(ids)
        self._plug()
        at = np.array([self.row[key] for key in ids if key in self.row], dtype=np.intp)
        old = self._moved if self._moved is not None else np.empty(0, dtype=np.intp)
        both = np.union1d(at, old)
        notes = {key: (dx, dy) for key in ids if key in self.graph.notes}
        before = geometry.union(
            extent.of_nodes(self, both), extent.of_notes(self, self._note_shift)
        )
        self.at[old] = self.nodes.at[old]
        self.at[at] = self.nodes.at[at] + (dx, dy)
        if self.cover is not None and self.cover.shifted(ids, (dx, dy)):
            self._find_cover()
        self.rebox(both)
        wires = self.wires_of(both)
        if self.routes is not None:
            self._carry_dots(at, wires, (dx, dy))
        self.rewire(wires)
        if len(at):
            self.anchors.ride(self, wires)
        else:
            self._anchors = None
        self._moved, self._note_shift = (at if len(at) else None), notes
        self.frames = self._frames.now(self, self.mask(ids) if leaving else None)
        return geometry.union(before, extent.of_nodes(self, both), extent.of_notes(self, notes))

    def _carry_dots(self, at: Ints, wires: Ints, step: tuple[float, float]) -> None:
        """The dots of wires whose ends both move go along."""
        assert self.routes is not None
        moves = np.zeros(len(self.nodes.ids), dtype=bool)
        moves[at] = True
        along = moves[self.wires.source[wires]] & moves[self.wires.target[wires]]
        self.routes.carry(wires[along], step)

    def glided(self, at: Ints, places: Floats | None) -> None:
        """Show nodes by row at other places than the graph's; None puts them back."""
        steps = np.zeros((len(at), 2)) if places is None else places - self.nodes.at[at]
        self.at[at] = self.nodes.at[at] + steps
        if self.cover is not None:
            ids = [self.nodes.ids[i] for i in at]
            self.cover.glided(dict(zip(ids, steps.tolist(), strict=True)))
            self._find_cover()
        self.rebox(at)
        wires = self.wires_of(at)
        self.rewire(wires)
        if places is None:
            self._anchors = None
        else:
            self.anchors.ride(self, wires)
        self.frames = self._frames.now(self)

    def led(self, wire: str, dots: tuple[tuple[float, float], ...]) -> Rect | None:
        """Show one wire led through other dots than the graph's; "" shows all as they are.

        The rectangle that looks different.
        """
        keys = {wire, self._led[0]} - {""}
        if not keys:
            return None
        before = self.region(keys)
        fits = bool(wire) and wire == self._led[0] and len(dots) == len(self._led[1])
        self._led = wire, dots
        rows_of = np.array([self.wire_row[k] for k in keys if k in self.wire_row], dtype=np.intp)
        if fits and self.routes is not None:
            self.routes.replace(self.wire_row[wire], dots)
            self.rewire(rows_of)
        else:
            self.routes = self._routed()
            self.rewire(np.arange(len(self.wires.ids)) if self.routes is not None else rows_of)
        if len(rows_of):
            self.anchors.ride(self, rows_of)
        if not wire:
            self._anchors = None
        return geometry.union(before, self.region(keys))

    # --- asking -----------------------------------------------------------------------------

    def note_rect(self, key: str) -> Rect:
        """Where a note is drawn now."""
        return hits.note_rect(self.notes[key], self._note_shift.get(key, (0.0, 0.0)))

    @property
    def boxes(self) -> list[Box]:
        """The collapsed groups that are seen, drag preview put on."""
        return list(self.cover.boxes.values()) if self.cover is not None else []

    def face_of(self, key: str) -> str:
        """The id of what is seen for a node or group: itself, or the box that it is in."""
        return self.cover.hidden.get(key, key) if self.cover is not None else key

    def body_of(self, key: str) -> Rect | None:
        """The body of what is seen for a node or collapsed group."""
        key = self.face_of(key)
        if self.cover is not None and key in self.cover.boxes:
            return self.cover.boxes[key].rect
        if key not in self.row:
            return None
        left, top, right, bottom = self.box[self.row[key]].tolist()
        return left, top, right, bottom

    @property
    def bodies(self) -> Floats:
        """The bodies (k, 4) of all that is seen, collapsed groups last."""
        rects = np.array([box.rect for box in self.boxes]).reshape(-1, 4)
        return np.concatenate([self.box[self.seen], rects])

    def output(self, node: str) -> tuple[float, float]:
        """Where a node's output port is."""
        i = self.row[node]
        if not self.seen[i] and self.cover is not None:
            return self.cover.port_at(node, "") or (0.0, 0.0)
        return float(self.box[i, 2]), float(self.at[i, 1])

    def input(self, node: str, port: str) -> tuple[float, float]:
        """Where an input port is; the port that a growing gate would grow included."""
        i = self.row[node]
        if not self.seen[i] and self.cover is not None:
            return self.cover.port_at(node, port) or (0.0, 0.0)
        names = self.nodes.ports[i]
        if port in names:
            x, y = self.inputs_at(np.array([i]), np.array([names.index(port)]))[0]
            return float(x), float(y)
        return self.ghost_at(i)

    def badge_at(self, row: int | Ints) -> Floats:
        """Where the badge of a node, or of several, is centred: its top right corner."""
        return np.asarray(self.box[row][..., [2, 1]] + (-6.0, -2.0))

    def ghost_at(self, row: int) -> tuple[float, float]:
        """Where the next port of a growing gate would be, half a gap below its last."""
        last = (self.nodes.count[row] - 1) / 2 * shape.PORT_GAP
        return float(self.box[row, 0] + 2.0), float(self.at[row, 1] + last + GHOST_GAP)

    def stub_end(self, row: int) -> tuple[float, float]:
        """Where the free wire out of a node that feeds nothing ends."""
        return float(self.box[row, 2] + self.tail), float(self.at[row, 1])

    def hit(self, x: float, y: float, reach: float = 12.0) -> Hit:
        """What is under a point, ports first; `reach` in scene px (12 screen px / scale)."""
        return hits.hit(self, x, y, reach)

    def nodes_in(self, rect: Rect, pad: float = 0.0) -> Ints:
        """Rows of the nodes whose bodies meet a rectangle."""
        return np.flatnonzero(geometry.touching(self.box, rect, pad))

    def tails_in(self, rect: Rect, pad: float = 0.0) -> Ints:
        """Rows of the nodes in a rectangle, and of those whose output a box there shows."""
        found = self.nodes_in(rect, pad)
        if self.cover is None or not len(self._out_rows):
            return found
        near = geometry.touching(np.tile(self._out_at, 2), rect, pad)
        return np.concatenate([found, self._out_rows[near]])

    def wires_in(self, rect: Rect) -> Ints:
        """Rows of the wires that may be seen, labels included, in a rectangle."""
        return np.flatnonzero(geometry.touching(self.wire_box, rect))

    def within(self, rect: Rect) -> frozenset[str]:
        """Ids of the nodes and notes that a rubber band catches: touched, not only enclosed."""
        return hits.within(self, rect)

    def bounds(self, ids: Collection[str] | None = None) -> Rect | None:
        """The rectangle of everything, or of these items, numbers and names included."""
        return extent.bounds(self, ids)

    def region(self, ids: Iterable[str]) -> Rect | None:
        """The rectangle in which these items and the wires that touch them are drawn."""
        return extent.region(self, ids)

    def mask(self, ids: Iterable[str]) -> Mask:
        """A mask over the nodes of these ids."""
        found = np.zeros(len(self.nodes.ids), dtype=bool)
        found[[self.row[key] for key in ids if key in self.row]] = True
        return found


def _is_flood(patch: Patch, graph: Graph) -> bool:
    """Whether a patch brings most of a large graph, and takes nothing away."""
    many = len(patch.changes)
    large = many > FLOOD and 2 * many > len(graph.nodes) + len(graph.wires)
    return large and all(new is not None for _, new in patch.changes.values())


def _plugged(wire: object) -> tuple[str, ...]:
    """What a wire is plugged into: all of it but its way."""
    return (wire.source, wire.target, wire.port) if isinstance(wire, Wire) else ()
