"""A graph with a group in it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from tests.ui.graphs import simple

Key = Qt.Key


def grouped() -> Graph:
    """f = (x + y) * z with x, y and q in a group."""
    graph = simple()
    return graph.apply(edits.group(graph, ["y", "q"], "sum"))


def box(person, dx: float = 0.0, dy: float = 0.0):
    x, y = person.canvas.view.boxes[0].found.at
    return person.at(x + dx, y + dy)
