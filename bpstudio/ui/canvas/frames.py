"""The titled dashed frames around groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpstudio.core.graph import Graph
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.geometry import Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

MARGIN = (14.0, 22.0)
"""Paper between a frame and its members beside and above them, scene px: beside them less, so that
the dashed line stays clear of the labels on the wires that cross it."""
TITLE = 22.0
"""Height of the strip above a frame that holds its title, scene px."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A group as drawn; `rect` is the dashed line, the title stands above it."""

    id: str
    title: str
    rect: Rect


def frames(view: ViewModel) -> tuple[Frame, ...]:
    """A frame per group that holds something, outermost first."""
    graph = view.graph
    if not graph.groups:
        return ()
    held: dict[str, list[int]] = {}
    for i, key in enumerate(view.nodes.ids):
        if group := graph.nodes[key].group:
            held.setdefault(group, []).append(i)
    rects: dict[str, Rect] = {}
    found: list[Frame] = []
    for key in sorted(graph.groups, key=lambda k: depth(graph, k), reverse=True):
        inner = [rects[g.id] for g in graph.groups.values() if g.group == key and g.id in rects]
        rect = geometry.union(geometry.hull(view.box[held.get(key, [])]), *inner)
        if rect is None:
            continue
        top = MARGIN[1] + (TITLE if inner else 0.0)
        rects[key] = (
            rect[0] - MARGIN[0],
            rect[1] - top,
            rect[2] + MARGIN[0],
            rect[3] + MARGIN[1],
        )
        found.append(Frame(key, graph.groups[key].title or key, rects[key]))
    return tuple(reversed(found))


def depth(graph: Graph, key: str) -> int:
    """How many groups a group stands in."""
    seen: set[str] = set()
    while key in graph.groups and key not in seen:
        seen.add(key)
        key = graph.groups[key].group
    return len(seen)
