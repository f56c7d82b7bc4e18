"""Graphviz dot as the peer of the layout: where it puts gates, and how its own curves cross.

    python -m tests.core.dot        # measures again and writes dot_crossings.json

`places`: the canvas's curves between dot's places. `curves`: dot's own routed curves, which end at
the gates' ports as ours do. Each the better of dot with and without being told of the ports, but
`curves` only with them: without, all wires end in a gate's middle, which is another picture.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np

from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Point
from bpstudio.core.layout.drawn import Drawing, crossings, wires_under_bodies
from bpstudio.core.shape import node_size

GRAPHS = 16
BENDS = 9


def measured(graph: Graph) -> dict[str, int]:
    plain, ported = drawn(graph, ports=False), drawn(graph, ports=True)
    drawings = [Drawing.of(graph, places_of(text)) for text in (plain, ported)]
    return {
        "places": min(map(crossings, drawings)),
        "curves": crossing_curves(ported),
        "under": min(map(wires_under_bodies, drawings)),
    }


def drawn(graph: Graph, *, ports: bool) -> list[list[str]]:
    """dot's "plain" answer, in words; drawn to the canvas's scale."""
    form = "record" if ports else "box"
    lines = [f"digraph {{ rankdir=LR; nodesep=0.6; ranksep=0.9; node [shape={form} fixedsize=true]"]
    for key, node in graph.nodes.items():
        wide, tall = node_size(node, GATES)
        inputs = "|".join(f"<{port}> " for port in GATES[node.gate].ports(node.params))
        label = f"{{{{{inputs or ' '}}}|<out> }}" if ports else key
        lines.append(f'{key} [width={wide / 72} height={tall / 72} label="{label}"]')
    for wire in graph.wires.values():
        ends = (":out:e", f":{wire.port}:w") if ports else ("", "")
        lines.append(f"{wire.source}{ends[0]} -> {wire.target}{ends[1]}")
    answer = subprocess.run(
        ["dot", "-Tplain"], input="\n".join([*lines, "}"]), capture_output=True, text=True
    )
    return [line.split() for line in answer.stdout.splitlines()]


def places_of(rows: list[list[str]]) -> dict[str, Point]:
    return {r[1]: (float(r[2]) * 72, -float(r[3]) * 72) for r in rows if r[0] == "node"}


def crossing_curves(rows: list[list[str]]) -> int:
    """Pairs of dot's own curves, of different sources, that cross."""
    curves = [(r[1], _line(r)) for r in rows if r[0] == "edge"]
    return sum(
        _cross(one, two)
        for n, (source, one) in enumerate(curves)
        for other, two in curves[:n]
        if source != other
    )


def _line(row: list[str]) -> np.ndarray:
    count = int(row[3])
    knots = np.array([float(word) for word in row[4 : 4 + 2 * count]]).reshape(-1, 2)
    t = np.linspace(0, 1, BENDS)[:, None]
    parts = [knots[:1]]
    for first in range(0, count - 1, 3):
        a, b, c, d = knots[first : first + 4]
        curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t**3 * d
        parts.append(curve[1:])
    return np.concatenate(parts)


def _cross(one: np.ndarray, two: np.ndarray) -> bool:
    a, b, c, d = one[:-1, None], one[1:, None], two[None, :-1], two[None, 1:]
    apart = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
    return bool(apart.any())


def _side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    to, at = b - a, c - a
    return to[..., 0] * at[..., 1] - to[..., 1] * at[..., 0]


if __name__ == "__main__":
    from tests.core.test_layout import tangle

    found = [measured(tangle(seed)) for seed in range(GRAPHS)]
    table = {key: [numbers[key] for numbers in found] for key in found[0]}
    (Path(__file__).parent / "dot_crossings.json").write_text(json.dumps(table) + "\n")
