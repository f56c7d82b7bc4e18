"""Nodes and wires of a graph as columns: one row each, one array per fact.

Reading a dataclass costs a microsecond and happens once per item; all else works on whole columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import shape
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.geometry import Floats, Ints, Mask

FEW = 64
"""So many rows are taken out of a list one by one."""
LEARNS = "learns"
"""What the face of a pill says whose number training may change."""
CARD, PILL, LOCK = 0, 1, 2
"""What a node's body is: a gate's card, a source's pill, an unknown gate's locked card."""


@dataclass(frozen=True, slots=True)
class Style:
    """Everything that two nodes share when they look alike: one sprite serves them all.

    kind    CARD, PILL or LOCK
    face    the symbol's text (on a pill "" or LEARNS, the key on a lock)
    family  the gate's family
    width, height   of the body, scene px
    """

    kind: int
    face: str
    family: str
    width: float
    height: float


@dataclass(slots=True)
class NodeRows:
    """One row per node.

    at (n, 2) centre · size (n, 2) · kind · style (number in the view's `styles`) · value (a
    source's own single number, else NaN) · count (input ports) · most (the most it can have)
    """

    ids: list[str]
    names: list[str]
    labels: list[str]
    ports: list[tuple[str, ...]]
    at: Floats
    size: Floats
    kind: NDArray[np.uint8]
    style: NDArray[np.int32]
    value: Floats
    count: NDArray[np.int32]
    most: NDArray[np.int32]


@dataclass(slots=True)
class WireRows:
    """One row per wire: ids, the rows of its two nodes and the number of its port."""

    ids: list[str]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    port: NDArray[np.int32]


class Plugs:
    """Which wires are plugged into each node, for those who ask for a few nodes many times."""

    def __init__(self, wires: WireRows, nodes: int) -> None:
        self._source, self._target, self._nodes = wires.source, wires.target, nodes
        ends = np.concatenate([wires.source, wires.target])
        count = np.bincount(ends, minlength=nodes)
        self._first = np.concatenate([[0], np.cumsum(count)]).astype(np.intp)
        self._wires = np.argsort(ends, kind="stable") % max(1, len(wires.source))

    def fits(self, wires: WireRows, nodes: int) -> bool:
        """Whether these are still the wires that were read."""
        same = self._source is wires.source and self._target is wires.target
        return same and self._nodes == nodes

    def of(self, at: Ints) -> Ints:
        """The rows of the wires that start or end at these nodes, in ascending order."""
        return np.unique(self._wires[geometry.ranges(self._first, at)])


Rows = TypeVar("Rows", NodeRows, WireRows)


def kept(rows: Rows, keep: Mask) -> Rows:
    """The rows that a mask keeps, in their order."""
    gone = np.flatnonzero(~keep)[::-1].tolist()
    few = len(gone) <= FEW
    chosen = [] if few else keep.tolist()

    def column(values: Any) -> Any:
        if not isinstance(values, list):
            return values[keep]
        if not few:
            return [v for v, stays in zip(values, chosen, strict=True) if stays]
        # Closing a gap is one move of memory; asking every row is ten thousand questions.
        left = list(values)
        for place in gone:
            del left[place]
        return left

    return type(rows)(*(column(getattr(rows, f.name)) for f in fields(rows)))


def joined(first: Rows, second: Rows) -> Rows:
    """The rows of both, the second behind the first."""

    def column(name: str) -> Any:
        one, other = getattr(first, name), getattr(second, name)
        return one + other if isinstance(one, list) else np.concatenate([one, other])

    return type(first)(*(column(f.name) for f in fields(first)))


class Reader:
    """Reads a graph's nodes and wires into rows; keeps the styles it has met, by number."""

    def __init__(self, gates: Mapping[str, Gate]) -> None:
        self.gates = gates
        self.styles: list[Style] = []
        self._number: dict[Style, int] = {}
        self._met: dict[Any, tuple[int, tuple[str, ...], int]] = {}

    def look_again(self, gates: Mapping[str, Gate]) -> None:
        """The gates are others now: what nodes of a kind look like is no longer known."""
        self.gates = gates
        self._met.clear()

    def nodes(self, nodes: Iterable[Node], graph: Graph) -> NodeRows:
        """The nodes as rows."""
        nodes = list(nodes)
        met = [self._look(node, graph) for node in nodes]
        style = np.array([m[0] for m in met], dtype=np.int32)
        sizes = np.array([(s.width, s.height) for s in self.styles]).reshape(-1, 2)
        kinds = np.array([s.kind for s in self.styles], dtype=np.uint8)
        return NodeRows(
            ids=[node.id for node in nodes],
            names=[node.label or node.id for node in nodes],
            labels=[node.label for node in nodes],
            ports=[m[1] for m in met],
            at=np.array([node.at for node in nodes], dtype=float).reshape(-1, 2),
            size=sizes[style],
            kind=kinds[style],
            style=style,
            value=np.array([self._value(node) for node in nodes], dtype=float),
            count=np.array([len(m[1]) for m in met], dtype=np.int32),
            most=np.array([m[2] for m in met], dtype=np.int32),
        )

    def wires(
        self, wires: Iterable[Wire], row: Mapping[str, int], ports: list[tuple[str, ...]]
    ) -> WireRows:
        """The wires as rows; `row` says where each node is, `ports` what its inputs are called."""
        wires = list(wires)
        target = [row[wire.target] for wire in wires]
        names = [(ports[t], wire.port) for t, wire in zip(target, wires, strict=True)]
        # A port that the gate lost or never had still shows its wire, at the first port.
        index = [p.index(name) if name in p else 0 for p, name in names]
        return WireRows(
            ids=[wire.id for wire in wires],
            source=np.array([row[wire.source] for wire in wires], dtype=np.int32),
            target=np.array(target, dtype=np.int32),
            port=np.array(index, dtype=np.int32),
        )

    def _look(self, node: Node, graph: Graph) -> tuple[int, tuple[str, ...], int]:
        """The number of a node's style, its ports' names, and the most ports it can have."""
        gate = self.gates.get(node.gate)
        if gate is None:
            ports = tuple(sorted(graph.into(node.id)))
            width, height = shape.size(None, node.gate, len(ports))
            return self._style(Style(LOCK, node.gate, "", width, height)), ports, 0
        key: Any
        if gate.is_source:
            key = (node.gate, len(node.label or node.id), bool(node.params.get("trainable")))
        else:
            key = (node.gate, *node.params.items())
        if (met := self._met.get(key)) is None:
            width, height = shape.node_size(node, self.gates)
            kind = PILL if gate.is_source else CARD
            learns = LEARNS if node.params.get("trainable") else ""
            face = learns if gate.is_source else shape.face(gate, node.params)
            number = self._style(Style(kind, face, gate.family, width, height))
            most = gate.most if gate.grows else 0
            met = self._met[key] = (number, gate.ports(node.params), most)
        return met

    def _style(self, style: Style) -> int:
        number = self._number.setdefault(style, len(self.styles))
        if number == len(self.styles):
            self.styles.append(style)
        return number

    def _value(self, node: Node) -> float:
        gate = self.gates.get(node.gate)
        if gate is None or not gate.is_source:
            return float("nan")
        value = node.params.get("value", gate.params.get("value", 0.0))
        # A batch is shown as it is read, which is not a matter of the graph.
        return float("nan") if isinstance(value, tuple) else float(value)
