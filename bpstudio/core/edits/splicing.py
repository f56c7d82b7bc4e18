"""A gate put into a wire, and the room that is made for it.

As in Blender, the new gate and what comes after it move right until the wires' labels have their
room: only as far as is needed, in whole snap steps. What stands in the way of what moves is pushed
along, so that nothing comes to lie on anything. Frames stay where they are, but grow to hold what
stood in them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import replace as changed
from math import hypot

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import groups
from bpstudio.core.edits.clearing import covered
from bpstudio.core.edits.draft import Draft, node_of, placed_at, wire_of
from bpstudio.core.edits.framing import grow_round
from bpstudio.core.edits.room import room_for
from bpstudio.core.edits.wires import connect, free_port
from bpstudio.core.graph import Graph, Node, Note, Patch, PortTaken, Wire
from bpstudio.core.shape import GRID, LABEL_ROOM, SNAP
from bpstudio.language import tr

Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
EVERY = slice(None)


def splice(graph: Graph, node: str, wire: str) -> Patch:
    """Put a node with a free input into the middle of a wire, between two of its dots.

    It goes right as far as the wire that comes to it needs; what follows it too closely makes room.
    """
    old = wire_of(graph, wire)
    placed = node_of(graph, node)
    port = free_port(graph, old.source, node)
    if not port:
        raise PortTaken(tr("{name} has no free input that could take this wire.", name=placed.name))
    first = connect(graph, old.source, node, port)
    second = connect(graph.apply(first), node, old.target, old.port, replace=True)
    label = tr("Splice {name} into a wire", name=placed.name)
    patch = first.then(second, label)
    if old.dots:
        patch = _sharing_dots(patch, old, placed)
    after = graph.apply(patch)
    steps = _Sheet(after).steps(old.source, node, old.target)
    return patch.then(_moved(after, steps), label) if steps else patch


def _sharing_dots(patch: Patch, old: Wire, placed: Node) -> Patch:
    """The splice whose two wires keep the dots of the one that they were: each those on its side.

    All before the dot that is nearest to the node are the first one's.
    """
    x, y = placed.at
    near = min(range(len(old.dots)), key=lambda i: hypot(old.dots[i][0] - x, old.dots[i][1] - y))
    near += old.dots[near][0] < x
    changes = dict(patch.changes)
    for key, (before, after) in patch.changes.items():
        if isinstance(after, Wire):
            dots = old.dots[near:] if after.source == placed.id else old.dots[:near]
            changes[key] = before, changed(after, dots=dots)
    return Patch(patch.label, changes)


class _Sheet:
    """The bodies that one sees (nodes, boxes of collapsed groups that hide some, and notes), and
    how they make way to the right for one another.

    Who stands left of another in a row stays left of it: so whoever moves can land on nobody.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._cover = groups.hidden(graph)
        self._boxes = groups.boxes(graph)
        self._held = groups.contents(graph) if self._boxes else {}
        self._ids, self._rects = covered(graph)
        self._row = {key: row for row, key in enumerate(self._ids)}
        self._middle = (self._rects[:, 0] + self._rects[:, 2]) / 2
        self._across = np.argsort(self._rects[:, 0], kind="stable")
        self._lefts = self._rects[self._across, 0]

    def steps(self, source: str, node: str, target: str) -> dict[str, float]:
        """How far which nodes and notes go right after a node came between two others."""
        first, new, last = (self._row.get(self._unit(key), -1) for key in (source, node, target))
        if min(first, new, last) < 0 or len({first, new, last}) < 3:
            return {}
        self._middle[new] = self._between(first, new, last)
        steps = self._pushed(new, self._own_step(first, new))
        moved = {self._ids[row]: step for row, step in steps.items() if step}
        return {key: step for unit, step in moved.items() for key in self._things(unit)}

    def _between(self, first: int, new: int, last: int) -> float:
        """Where the new node's middle counts: whose middle is further right, goes out of its way.

        Let go on its source it counts as after it, let go on what it will feed, as before it.
        """
        middle, here = self._middle, float(self._middle[new])
        on = self._beside(new) & (self._rects[:, 0] < self._rects[new, 2])
        on &= self._rects[:, 2] > self._rects[new, 0]
        if on[last] and middle[first] < middle[last] <= here:
            here = float(middle[last]) - SNAP
        if (on[first] or here != middle[new]) and here <= middle[first]:
            here = float(np.nextafter(middle[first], np.inf))
        return here

    def _own_step(self, first: int, new: int) -> float:
        """How far the new node itself goes: clear of its source and of what it was dropped on."""
        rects, middle = self._rects, self._middle
        left = float(rects[new, 0])
        step = min(0.0, room_for(float(middle[new]) - float(left + rects[new, 2]) / 2))
        if middle[first] < middle[new]:
            step = max(step, room_for(float(rects[first, 2]) + LABEL_ROOM - left))
        here = self._beside(new) & (middle <= middle[new]) & (rects[:, 2] > left + step)
        here[new] = False
        return room_for(float(rects[here, 2].max()) + GRID - left) if here.any() else step

    def _pushed(self, new: int, own: float) -> dict[int, float]:
        """How far which rows go right, so that all wires from the new node on have room for their
        labels and nothing is run over. A wire that was short before stays as short.

        Whoever pushes stands left of whom it pushes, so going by the places is going by the order:
        whose turn it is, is pushed no more.
        """
        steps = {new: own}
        todo, done = [(self._middle[new], new)], set[int]()
        while todo:
            _, row = heapq.heappop(todo)
            if row in done:
                continue
            done.add(row)
            for other, need in (*self._by_wires(row, new, steps), *self._by_rows(row, new, steps)):
                if other != new and need > steps.get(other, 0.0):
                    steps[other] = need
                    heapq.heappush(todo, (self._middle[other], other))
        return steps

    def _by_wires(
        self, row: int, new: int, steps: Mapping[int, float]
    ) -> Iterator[tuple[int, float]]:
        """Whom a row feeds, and how far that must go for the wires between them."""
        right, step = float(self._rects[row, 2]), steps[row]
        for wire in self._wires(self._ids[row]):
            other = self._row[self._unit(wire.target)]
            if self._middle[other] <= self._middle[row]:
                continue
            left = float(self._rects[other, 0])
            room = LABEL_ROOM if row == new else min(LABEL_ROOM, left - right)
            need = room_for(right + step + room - left)
            if any(dot[0] < right + step + LABEL_ROOM for dot in wire.dots):
                need = max(need, step)
            yield other, need

    def _by_rows(
        self, row: int, new: int, steps: Mapping[int, float]
    ) -> Iterator[tuple[int, float]]:
        """Who stands right of a row beside it, and how far it must go to keep away."""
        step, right = steps[row], float(self._rects[row, 2])
        # What lay on one another before may go on to; and of a hundred thousand few are so near.
        start = 0 if row == new else int(np.searchsorted(self._lefts, right))
        end = int(np.searchsorted(self._lefts, right + step + GRID))
        near = self._across[start:end]
        near = near[self._beside(row, near) & (self._middle[near] > self._middle[row])]
        for other, gap in zip(near.tolist(), (self._rects[near, 0] - right).tolist(), strict=True):
            room = GRID if row == new else min(GRID, gap)
            yield other, room_for(step + room - gap)

    def _beside(self, row: int, among: Rows | slice = EVERY) -> Flags:
        """Who shares a height with a row."""
        _, top, _, bottom = self._rects[row].tolist()
        return np.asarray((self._rects[among, 1] < bottom) & (self._rects[among, 3] > top))

    def _unit(self, node: str) -> str:
        return self._cover.get(node, node)

    def _things(self, unit: str) -> list[str]:
        return self._held[unit] if unit in self._boxes else [unit]

    def _wires(self, unit: str) -> Iterator[Wire]:
        """The wires that start here."""
        graph = self.graph
        nodes = (key for key in self._things(unit) if key in graph.nodes)
        return (graph.wires[wire] for node in nodes for wire in graph.out_of(node))


def _moved(graph: Graph, steps: Mapping[str, float]) -> Patch:
    """Things moved right, and with them the dots of the wires that are wholly among them."""
    draft = Draft(graph)
    for key, step in steps.items():
        item = graph.get(key)
        if isinstance(item, Node | Note):
            draft.put(changed(item, at=placed_at((item.at[0] + step, item.at[1]))))
        for name in graph.out_of(key) if isinstance(item, Node) else ():
            wire = graph.wires[name]
            by = min(step, steps.get(wire.target, 0.0))
            if wire.dots and by:
                draft.put(changed(wire, dots=tuple(placed_at((x + by, y)) for x, y in wire.dots)))
    grow_round(draft)
    return draft.patch("")
