"""Graphs that several rooms' tests are in front of."""

from __future__ import annotations

from bpstudio.core.graph import Graph, Node, Wire


def simple() -> Graph:
    """f = (x + y) * z, with room between."""
    return Graph(
        [
            Node("x", "input", (0, 0), {"value": -2.0}, "x"),
            Node("y", "input", (0, 80), {"value": 5.0}, "y"),
            Node("z", "input", (0, 160), {"value": -4.0}, "z"),
            Node("q", "add", (200, 40), {}, "q"),
            Node("f", "multiply", (400, 80), {}, "f"),
        ],
        [
            Wire("w1", "x", "q", "x"),
            Wire("w2", "y", "q", "y"),
            Wire("w3", "q", "f", "x"),
            Wire("w4", "z", "f", "y"),
        ],
    )
