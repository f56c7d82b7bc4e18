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

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from bpstudio.core.graph import Graph, Kind, Node, Patch, Seed, Setting, Wire
from bpstudio.ui.canvas import following, geometry
from bpstudio.ui.canvas.cover import Cover
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.canvas.previewed import Previewed

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace, Visible
    from bpstudio.ui.readout import Figures

FLOOD = 5_000
"""With fewer changes than this a patch is followed one by one."""


class ViewModel(Previewed):
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
    titled           the notes that are frames of their own, larger ones first
    digits           significant digits on labels
    weighted         whether a wire's width shows its gradient's size (weights.py)
    factor           Large mode: what lines and, as far as there is room, symbols and numbers are
                     multiplied by at the scale in use (sizing.py)
    """

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
        names = _named(nodes, wires, patch)
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
            extra = geometry.union(extra, covered, self.bounds())
        if self._reshaped(patch):
            extra = geometry.union(extra, self.bounds())
        return geometry.union(before, self.region(names), extra)

    @staticmethod
    def _reshaped(patch: Patch) -> bool:
        return "setting wires" in patch.changes

    def _recover(self, patch: Patch) -> Rect | None:
        """Follow collapsed groups; all that was drawn where boxes may be others now, the numbers of
        results beside them among it. None for no change."""
        old = self.bounds([box.id for box in self.boxes]) if self.boxes else None
        if not Cover.wanted(self.graph):
            self.cover = None
            return old
        if self.cover is None:
            self.cover = Cover(self.graph)
            return self.bounds()
        changed = self.cover.followed(self.graph, patch)
        return geometry.union(old, self.bounds()) if changed else None

    def _look_again(self, patch: Patch) -> list[tuple[Node, Node]]:
        """Own gates or settings changed: the nodes that look different for it, as changes."""
        kinds = {item.id for change in patch.touched(Kind) for item in change if item is not None}
        if kinds or any(True for _ in patch.touched(Setting)):
            self.reader.look_again(self.gates)
        if not kinds:
            return []
        nodes = self.graph.nodes.values()
        return [(n, n) for n in nodes if n.gate in kinds and n.id not in patch.changes]

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


def _named(nodes: list[Any], wires: list[Any], patch: Patch) -> set[str]:
    """The nodes that look different after these changes, the ends of their wires among them."""
    names = {node.id for change in nodes for node in change if node is not None}
    names |= {s.node for change in patch.touched(Seed) for s in change if isinstance(s, Seed)}
    for change in wires:
        for wire in change:
            if wire is not None:
                names |= {wire.source, wire.target}
    return names


def _is_flood(patch: Patch, graph: Graph) -> bool:
    """Whether a patch brings most of a large graph, and takes nothing away."""
    many = len(patch.changes)
    large = many > FLOOD and 2 * many > len(graph.nodes) + len(graph.wires)
    return large and all(new is not None for _, new in patch.changes.values())


def _plugged(wire: object) -> tuple[str, ...]:
    """What a wire is plugged into: all of it but its way."""
    return (wire.source, wire.target, wire.port) if isinstance(wire, Wire) else ()
