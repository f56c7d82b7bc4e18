"""How the view shows what a gesture would do: gates away from home, a wire led another way.

The graph stays as it is; with the gesture's end all is back where the graph has it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bpstudio.ui.canvas import extent, geometry
from bpstudio.ui.canvas.asked import Asked
from bpstudio.ui.canvas.geometry import Floats, Ints, Rect
from bpstudio.ui.canvas.lifted import Lifted


class Previewed(Asked):
    """A measured graph with one preview at a time put on."""

    def shifted(
        self, ids: Iterable[str], dx: float, dy: float, *, leaving: bool = False
    ) -> Rect | None:
        """Show these nodes and notes away from where the graph has them; () puts all back.

        `leaving` shows the frames of their groups without them.

        The rectangle that looks different. Their labels ride along with the wires' middles.
        """
        if self._lifted is None and not self._note_shift and not ids:
            return None
        ids = tuple(ids)
        self._plug()
        old, notes = self._lifted, {key: (dx, dy) for key in ids if key in self.graph.notes}
        if old is not None and old.ids == ids:
            now, both, wires, before = old, old.nodes, old.wires, old.rect
        else:
            now, both, wires, before = self._take_up(ids, old)
        self.at[now.nodes] = self.nodes.at[now.nodes] + (dx, dy)
        if self.cover is not None and self.cover.shifted(ids, (dx, dy)):
            self._find_cover()
        self.rebox(both)
        if self.routes is not None:
            self._carry_dots(now.nodes, wires, (dx, dy))
        self.rewire(wires)
        if len(now.nodes):
            self.anchors.ride(self._view, wires)
            self.anchors.refit(wires, both)
        else:
            self._anchors = None
        self._lifted, self._note_shift = (now if len(now.nodes) else None), notes
        if not now.alone or old is not now:
            self.frames = self._frames.now(self._view, self.mask(ids) if leaving else None)
        now.rect = geometry.union(
            extent.of_nodes(self._view, both, wires), extent.of_notes(self._view, notes)
        )
        return geometry.union(before, now.rect)

    def _take_up(
        self, ids: tuple[str, ...], old: Lifted | None
    ) -> tuple[Lifted, Ints, Ints, Rect | None]:
        """Put back what was lifted and lift these: them, all rows and wires that this concerns,
        and where they were drawn."""
        now = Lifted(self._view, ids)
        both = now.nodes if old is None else np.union1d(now.nodes, old.nodes).astype(np.intp)
        before = geometry.union(
            extent.of_nodes(self._view, both), extent.of_notes(self._view, self._note_shift)
        )
        if old is not None:
            self.at[old.nodes] = self.nodes.at[old.nodes]
        return now, both, self.wires_of(both), before

    @property
    def lifted(self) -> Lifted | None:
        """What a drag has taken up, where all the rest of the picture is still."""
        return self._lifted if self._lifted is not None and self._lifted.alone else None

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
            self.anchors.refit(rows_of, np.empty(0, dtype=np.intp))
        if not wire:
            self._anchors = None
        return geometry.union(before, self.region(keys))
