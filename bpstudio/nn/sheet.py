"""A gate graph as it is written down, gate after gate, each with its place on the paper.

An unfolded network has columns and rows of its own: a general layout does not know that the gates
of one unit belong side by side, and takes long where there are thousands.
"""

from __future__ import annotations

from collections.abc import Sequence

from bpstudio.core.gates.arithmetic import MOST
from bpstudio.core.graph import Graph, Group, Node, Wire
from bpstudio.core.shape import CARD, LABEL_ROOM, PILL, SNAP

COLUMN = CARD[0] + LABEL_ROOM + SNAP
"""Pixels from one column of gates to the next, with room for a wire's labels."""
ROW = 96.0
"""Pixels from one product to the next: its card, and its weight's pill half a row below."""
BELOW = ROW / 2
"""How far below its gate's middle a parameter's pill stands: on the height of the lower port."""
BESIDE = PILL[0] / 2 + LABEL_ROOM + CARD[0] / 2 + 2 * SNAP
"""How far left of its gate's middle a parameter's pill stands."""


class Sheet:
    """Collects nodes, wires and groups; every id is written once, by whoever calls."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.wires: list[Wire] = []
        self.groups: list[Group] = []
        self.group = ""
        """The group that new nodes join."""

    def begin_group(self, key: str, title: str) -> None:
        """Whatever follows belongs to a new group."""
        self.groups.append(Group(key, title))
        self.group = key

    def input(
        self,
        key: str,
        value: float,
        at: tuple[float, float],
        *,
        trainable: bool = False,
        label: str = "",
    ) -> str:
        """An input node; answers its id, as all of these do."""
        params: dict[str, float | bool] = {"value": float(value)}
        if trainable:
            params["trainable"] = True
        self.nodes.append(Node(key, "input", at, params, label, self.group))
        return key

    def parameter(self, key: str, value: float, gate_at: tuple[float, float]) -> str:
        """A trainable input, to the lower left of the gate that reads it."""
        at = (gate_at[0] - BESIDE, gate_at[1] + BELOW)
        return self.input(key, value, at, trainable=True)

    def gate(
        self,
        key: str,
        gate: str,
        at: tuple[float, float],
        sources: Sequence[str],
        *,
        label: str = "",
        **params: float,
    ) -> str:
        """A gate with wires from `sources` into its ports, top to bottom."""
        ports = ("x", "y", *(f"x{n}" for n in range(3, len(sources) + 1)))
        given: dict[str, float] = dict(params)
        if len(sources) > 2:
            given["inputs"] = len(sources)
        self.nodes.append(Node(key, gate, at, given, label, self.group))
        for source, port in zip(sources, ports, strict=False):
            self.wires.append(Wire(f"wire{len(self.wires) + 1}", source, key, port))
        return key

    def joined(
        self,
        key: str,
        gate: str,
        at: tuple[float, float],
        sources: Sequence[str],
        *,
        label: str = "",
    ) -> str:
        """Two or more sources through one growing gate, in several steps where it has too few
        ports."""
        terms, level = list(sources), 0
        while len(terms) > MOST:
            level += 1
            left, parts = at[0] - COLUMN / 2, []
            for number, start in enumerate(range(0, len(terms), MOST)):
                part = terms[start : start + MOST]
                if len(part) == 1:
                    parts += part
                    continue
                place = (left, at[1] + (number - (len(terms) / MOST - 1) / 2) * MOST * 16.0)
                parts.append(self.gate(f"{key}_{level}_{number + 1}", gate, place, part))
            terms = parts
        return self.gate(key, gate, at, terms, label=label)

    def graph(self, seeds: dict[str, float]) -> Graph:
        """What was written, as a graph."""
        return Graph(self.nodes, self.wires, self.groups, (), seeds)
