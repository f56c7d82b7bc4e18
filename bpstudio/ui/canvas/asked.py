"""Where things are now and what a rectangle holds: what renderer and tools ask the view."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from bpstudio.core import shape
from bpstudio.ui.canvas import extent, geometry, hits
from bpstudio.ui.canvas.cover import Box
from bpstudio.ui.canvas.geometry import Floats, Ints, Mask, Rect
from bpstudio.ui.canvas.hits import Hit
from bpstudio.ui.canvas.measured import Measured

GHOST_GAP = 12.0
"""How far below the last port a growing gate shows the port it could grow, scene px."""


class Asked(Measured):
    """Points, bodies and rectangles of a measured graph, a preview put on."""

    def note_rect(self, key: str) -> Rect:
        """Where a note is drawn now."""
        return hits.note_rect(self.notes[key], self._note_shift.get(key, (0.0, 0.0)))

    def titled_rects(self) -> Floats:
        """Where the frames of `titled` are drawn now, (n, 4)."""
        return self.titled_rows.placed(self._note_shift)

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
        return hits.hit(self._view, x, y, reach)

    def nodes_in(self, rect: Rect, pad: float = 0.0, among: Ints | None = None) -> Ints:
        """Rows of the nodes, of all or among some, whose bodies meet a rectangle."""
        if among is not None:
            return np.asarray(among[geometry.touching(self.box[among], rect, pad)])
        return np.flatnonzero(geometry.touching(self.box, rect, pad))

    def tails_in(self, rect: Rect, pad: float = 0.0) -> Ints:
        """Rows of the nodes in a rectangle, and of those whose output a box there shows."""
        found = self.nodes_in(rect, pad)
        if self.cover is None or not len(self._out_rows):
            return found
        near = geometry.touching(np.tile(self._out_at, 2), rect, pad)
        return np.concatenate([found, self._out_rows[near]])

    def wires_in(self, rect: Rect, among: Ints | None = None) -> Ints:
        """Rows of the wires, of all or among some, that may be seen in a rectangle with labels."""
        if among is not None:
            return np.asarray(among[geometry.touching(self.wire_box[among], rect)])
        return np.flatnonzero(geometry.touching(self.wire_box, rect))

    def within(self, rect: Rect) -> frozenset[str]:
        """Ids of the nodes and notes that a rubber band catches: touched, not only enclosed."""
        return hits.within(self._view, rect)

    def bounds(self, ids: Collection[str] | None = None) -> Rect | None:
        """The rectangle of everything, or of these items, numbers and names included."""
        return extent.bounds(self._view, ids)

    def region(self, ids: Iterable[str]) -> Rect | None:
        """The rectangle in which these items and the wires that touch them are drawn."""
        return extent.region(self._view, ids)

    def mask(self, ids: Iterable[str]) -> Mask:
        """A mask over the nodes of these ids."""
        found = np.zeros(len(self.nodes.ids), dtype=bool)
        found[[self.row[key] for key in ids if key in self.row]] = True
        return found
