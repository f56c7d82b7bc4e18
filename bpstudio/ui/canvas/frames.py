"""The titled dashed frames around open groups. A collapsed one is a box, see cover.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.core.graph import Graph, Group, Node, Patch
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.geometry import Ints, Mask, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

MARGIN = (14.0, 22.0)
"""Paper between a frame and its members beside and above them, scene px: beside them less, so that
the dashed line stays clear of the labels on the wires that cross it."""
TITLE = 22.0
"""Height of the strip above a frame that holds its title, scene px."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An open group as drawn; `rect` is the dashed line, the title stands above it."""

    id: str
    title: str
    rect: Rect
    colour: str = ""


class Frames:
    """Who is in which group, read once; `now` measures the frames where things stand."""

    def __init__(self, graph: Graph) -> None:
        self._held: dict[str, list[str]] = {}
        self._inner: dict[str, list[str]] = {}
        self._order: list[str] = []
        self._rows: tuple[object, dict[str, Ints]] | None = None
        if not graph.groups:
            return
        for node in graph.nodes.values():
            if node.group:
                self._held.setdefault(node.group, []).append(node.id)
        for group in graph.groups.values():
            self._inner.setdefault(group.group, []).append(group.id)
        self._order = sorted(graph.groups, key=lambda key: depth(graph, key), reverse=True)

    @staticmethod
    def stale(patch: Patch) -> bool:
        """Whether a patch puts anything into another group, or makes or takes any."""
        if any(True for _ in patch.touched(Group)):
            return True
        return any(_group(old) != _group(new) for old, new in patch.touched(Node))

    def now(self, view: ViewModel, without: Mask | None = None) -> tuple[Frame, ...]:
        """A frame per open group that is seen and holds something, outermost first; around all but
        the nodes of a mask."""
        graph, rows = view.graph, self._rows_in(view)
        boxed = view.cover.boxes if view.cover is not None else {}
        rects: dict[str, Rect] = {}
        found: list[Frame] = []
        for key in self._order:
            if key in boxed:
                rects[key] = boxed[key].rect
                continue
            if view.face_of(key) != key:
                continue
            inner = [rects[one] for one in self._inner.get(key, ()) if one in rects]
            own = None
            if key in rows:
                at = rows[key] if without is None else rows[key][~without[rows[key]]]
                own = geometry.hull(view.box[at])
            rect = geometry.union(own, *inner)
            if rect is None:
                continue
            top = MARGIN[1] + (TITLE if inner else 0.0)
            rects[key] = (
                rect[0] - MARGIN[0],
                rect[1] - top,
                rect[2] + MARGIN[0],
                rect[3] + MARGIN[1],
            )
            group = graph.groups[key]
            found.append(Frame(key, group.title or key, rects[key], group.colour))
        return tuple(reversed(found))

    def _rows_in(self, view: ViewModel) -> dict[str, Ints]:
        """The rows of each group's own nodes, kept while the view's rows stay what they are."""
        if self._rows is None or self._rows[0] is not view.row:
            rows = {
                key: np.array([view.row[node] for node in held], dtype=np.intp)
                for key, held in self._held.items()
            }
            self._rows = view.row, rows
        return self._rows[1]


def depth(graph: Graph, key: str) -> int:
    """How many groups a group stands in."""
    seen: set[str] = set()
    while key in graph.groups and key not in seen:
        seen.add(key)
        key = graph.groups[key].group
    return len(seen)


def _group(item: object) -> str:
    return item.group if isinstance(item, Node) else ""
