"""How the view shows what a gesture would do: gates away from home, a wire led another way.

The graph stays as it is; with the gesture's end all is back where the graph has it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bpstudio.ui.canvas import extent, geometry
from bpstudio.ui.canvas.asked import Asked
from bpstudio.ui.canvas.geometry import Floats, Ints, Rect


class Previewed(Asked):
    """A measured graph with one preview at a time put on."""

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
            extent.of_nodes(self._view, both), extent.of_notes(self._view, self._note_shift)
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
            self.anchors.ride(self._view, wires)
        else:
            self._anchors = None
        self._moved, self._note_shift = (at if len(at) else None), notes
        self.frames = self._frames.now(self._view, self.mask(ids) if leaving else None)
        return geometry.union(
            before, extent.of_nodes(self._view, both), extent.of_notes(self._view, notes)
        )

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
            self.anchors.ride(self._view, wires)
        self.frames = self._frames.now(self._view)

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
            self.anchors.ride(self._view, rows_of)
        if not wire:
            self._anchors = None
        return geometry.union(before, self.region(keys))
