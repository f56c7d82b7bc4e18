"""Where the keyboard goes: the next gate in order, the neighbour along a wire, the next value."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bpstudio.core.graph import Graph, Node

WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def next_in(order: Sequence[str], chosen: Collection[str], way: int) -> str:
    """The id after (1) or before (-1) the chosen ones in an order, round the end; "" for none."""
    if not order:
        return ""
    at = [n for n, key in enumerate(order) if key in chosen]
    if not at:
        return order[0 if way > 0 else -1]
    return order[((at[-1] if way > 0 else at[0]) + way) % len(order)]


def along(graph: Graph, start: str, direction: str) -> str:
    """The neighbour of a node: left and right follow wires, up and down go to those beside it."""
    node = graph.nodes[start]
    if direction == "left":
        sources = [graph.wires[w].source for w in graph.into(start).values()]
        return _nearest(graph, node, sources)
    if direction == "right":
        targets = [graph.wires[w].target for w in graph.out_of(start)]
        return _nearest(graph, node, targets)
    down = WAYS[direction][1]
    there = [
        n.id
        for n in graph.nodes.values()
        if (n.at[1] - node.at[1]) * down > 0
        and abs(n.at[1] - node.at[1]) >= abs(n.at[0] - node.at[0]) * 0.5
    ]
    return _nearest(graph, node, there)


def sources(graph: Graph) -> list[str]:
    """The nodes with a number of their own, as they stand: top to bottom, then left to right."""
    gates = {key: graph.gate(key) for key in {n.gate for n in graph.nodes.values()}}
    sourced = {key for key, gate in gates.items() if gate is not None and gate.is_source}
    found = [n for n in graph.nodes.values() if n.gate in sourced]
    return [n.id for n in sorted(found, key=lambda n: (n.at[1], n.at[0], n.id))]


def value_param(graph: Graph, node: Node) -> str:
    """The parameter that editing a node's value changes; "" where it has none."""
    gate = graph.gate(node)
    if gate is None:
        return ""
    names = (k for k, v in gate.params.items() if not isinstance(v, bool) and k != "inputs")
    return next(names, "")


def _nearest(graph: Graph, node: Node, ids: Collection[str]) -> str:
    def far(key: str) -> tuple[float, str]:
        x, y = graph.nodes[key].at
        return (x - node.at[0]) ** 2 + (y - node.at[1]) ** 2, key

    return min((key for key in ids if key != node.id), key=far, default="")
