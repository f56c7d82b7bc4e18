"""Room on the paper: what bodies cover, and how neighbours move when one grows or shrinks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed

import numpy as np

from bpstudio.core.edits.draft import Draft, placed_at
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Node, Note, Point
from bpstudio.core.shape import GRID, SNAP, node_size


@dataclass(frozen=True, slots=True)
class Box:
    """What bodies cover together."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, graph: Graph, nodes: Iterable[Node]) -> Box:
        """Around the bodies of at least one node."""
        bodies = [(node.at, node_size(node, graph.gates)) for node in nodes]
        return cls(
            min(at[0] - size[0] / 2 for at, size in bodies),
            min(at[1] - size[1] / 2 for at, size in bodies),
            max(at[0] + size[0] / 2 for at, size in bodies),
            max(at[1] + size[1] / 2 for at, size in bodies),
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def room_for(width: float) -> float:
    """How far neighbours move for a body that grows or shrinks by so much."""
    return math.ceil(width / SNAP) * SNAP


def shift_right(draft: Draft, beyond: float, by: float, besides: set[str]) -> None:
    """Move all nodes and notes whose place is right of a line."""
    items: tuple[Node | Note, ...] = (*draft.graph.nodes.values(), *draft.graph.notes.values())
    for item in items:
        if by and item.at[0] > beyond and item.id not in besides:
            draft.put(changed(item, at=placed_at((item.at[0] + by, item.at[1]))))


class Places:
    """Where all nodes and notes stand, as columns, while one node after the other is grown.

    Who grows hundreds of nodes moves thousands hundreds of times: here that is one addition each.
    """

    def __init__(self, graph: Graph) -> None:
        items: list[Node | Note] = [*graph.nodes.values(), *graph.notes.values()]
        self._gates: Mapping[str, Gate] = graph.gates
        self._row = {item.id: i for i, item in enumerate(items)}
        self._count = len(items)
        self._at = np.array([item.at for item in items], dtype=float).reshape(-1, 2)
        sizes = [node_size(node, graph.gates) for node in graph.nodes.values()]
        # A note takes no room: it moves aside, and nothing moves for it.
        sizes += [(math.nan, math.nan)] * len(graph.notes)
        self._size = np.array(sizes, dtype=float).reshape(-1, 2)

    def at(self, key: str) -> Point:
        """Where an item stands now."""
        x, y = self._at[self._row[key]].tolist()
        return x, y

    def box(self, key: str) -> Box:
        """What a node's body covers now."""
        row = self._row[key]
        low, high = self._at[row] - self._size[row] / 2, self._at[row] + self._size[row] / 2
        return Box(*low.tolist(), *high.tolist())

    def put(self, node: Node) -> None:
        """A node that is new, or that stands elsewhere or is another gate now."""
        row = self._row.setdefault(node.id, self._count)
        if row == self._count:
            self._count += 1
            if row == len(self._at):
                self._at = np.concatenate([self._at, np.zeros((row + 16, 2))])
                self._size = np.concatenate([self._size, np.zeros((row + 16, 2))])
        self._at[row], self._size[row] = node.at, node_size(node, self._gates)

    def make_room(self, key: str, grown: Box) -> None:
        """Move everything right of a node, and what stands above and below it, out of its way."""
        at, size = self._at[: self._count], self._size[: self._count]
        x, y = self.at(key)
        own = np.zeros(self._count, dtype=bool)
        own[self._row[key]] = True
        column = ~own & (at[:, 0] <= x) & (at[:, 0] + size[:, 0] / 2 > grown.left)
        above, below = column & (at[:, 1] < y), column & (at[:, 1] >= y)
        bottoms, tops = at[above, 1] + size[above, 1] / 2, at[below, 1] - size[below, 1] / 2
        up = float(np.max(bottoms + (GRID - grown.top), initial=0.0))
        down = float(np.max(grown.bottom + GRID - tops, initial=0.0))
        at[above, 1] -= room_for(up)
        at[below, 1] += room_for(down)
        at[~own & (at[:, 0] > x), 0] += room_for(max(0.0, grown.right - self.box(key).right))

    def settle(self, draft: Draft) -> None:
        """Put what stands elsewhere than in the draft where it stands now."""
        for key, at in zip(self._row, self._at[: self._count].tolist(), strict=True):
            item = draft.get(key)
            if isinstance(item, Node | Note) and item.at != (at[0], at[1]):
                draft.put(changed(item, at=placed_at((at[0], at[1]))))
