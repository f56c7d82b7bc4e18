"""Collapsed groups in the view: their boxes, what they hide, where the wires that cross them end.

Found once from the graph (core/groups.py), followed box by box from patches; a drag's preview moves
the boxes whose gates all move. A view without a collapsed group has no Cover and pays nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.core import groups
from bpstudio.core.graph import Graph, Group, Kind, Node, Patch, Point, Setting, Wire
from bpstudio.core.groups import GroupBox, GroupPort
from bpstudio.ui.canvas.geometry import Floats, Ints, Mask, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel


@dataclass(frozen=True, slots=True)
class Box:
    """A collapsed group as it is shown now. `gates` is how many gates it holds."""

    id: str
    title: str
    colour: str
    gates: int
    found: GroupBox
    step: Point = (0.0, 0.0)

    @property
    def rect(self) -> Rect:
        (x, y), (wide, tall) = self.found.at, self.found.size
        x, y = x + self.step[0], y + self.step[1]
        return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2

    @property
    def inputs(self) -> list[tuple[GroupPort, Point]]:
        """Its input ports and where they are."""
        return self._placed(self.found.ports.inputs, self.found.inputs_at)

    @property
    def outputs(self) -> list[tuple[GroupPort, Point]]:
        """Its output ports and where they are."""
        return self._placed(self.found.ports.outputs, self.found.outputs_at)

    def _placed(
        self, ports: tuple[GroupPort, ...], places: tuple[Point, ...]
    ) -> list[tuple[GroupPort, Point]]:
        dx, dy = self.step
        return [(p, (x + dx, y + dy)) for p, (x, y) in zip(ports, places, strict=True)]


class Cover:
    """All collapsed groups of a graph that are seen.

    boxes    group id -> Box
    hidden   id of a node or group -> the group whose box is seen for it
    """

    def __init__(self, graph: Graph) -> None:
        self._read(graph)

    @staticmethod
    def wanted(graph: Graph) -> bool:
        """Whether a graph has a collapsed group at all."""
        return any(group.collapsed for group in graph.groups.values())

    def _read(self, graph: Graph) -> None:
        self.hidden = groups.hidden(graph)
        held = groups.contents(graph)
        self._held = {
            key: held[key]
            for key, group in graph.groups.items()
            if group.collapsed and key not in self.hidden
        }
        self.boxes: dict[str, Box] = {}
        for key in self._held:
            self._find(graph, key)

    def _find(self, graph: Graph, key: str) -> None:
        box = groups.box_of_group(graph, key, self._held[key])
        if box is not None:
            it = graph.groups[key]
            self.boxes[key] = Box(key, it.title or key, it.colour, len(self._held[key]), box)

    def followed(self, graph: Graph, patch: Patch) -> bool:
        """Follow a patch; whether what is hidden, or where a wire ends, may be another now."""
        if any(True for kind in (Group, Kind, Setting) for _ in patch.touched(kind)):
            self._read(graph)
            return True
        changed: set[str] = set()
        for old, new in patch.touched(Node):
            assert old is None or isinstance(old, Node)
            assert new is None or isinstance(new, Node)
            if old is None or new is None or old.group != new.group:
                self._read(graph)
                return True
            changed.add(self.hidden.get(old.id, ""))
        for change in patch.touched(Wire):
            for item in change:
                if isinstance(item, Wire):
                    changed |= {self.hidden.get(item.source, ""), self.hidden.get(item.target, "")}
        changed.discard("")
        for key in changed:
            self._find(graph, key)
        return bool(changed)

    def shifted(self, ids: Collection[str], step: Point) -> None:
        """Show the boxes whose gates are all among these a step away, all others at home."""
        among = set(ids)
        for key, box in self.boxes.items():
            goes = bool(among) and among.issuperset(self._held[key])
            if box.step != (step if goes else (0.0, 0.0)):
                self.boxes[key] = replace(box, step=step if goes else (0.0, 0.0))

    def glided(self, steps: Mapping[str, Sequence[float]]) -> None:
        """Show each box as far away as its gates are."""
        for key, box in self.boxes.items():
            dx, dy = steps.get(self._held[key][0], (0.0, 0.0))
            self.boxes[key] = replace(box, step=(dx, dy))

    def held(self, key: str) -> frozenset[str]:
        """The nodes in a box."""
        return frozenset(self._held[key])

    # --- for the view's arrays ---------------------------------------------------------------

    def unseen(self, row: Mapping[str, int], count: int) -> Mask:
        """A mask over the nodes: which are inside a box."""
        mask = np.zeros(count, dtype=bool)
        mask[[row[key] for key in self.hidden if key in row]] = True
        return mask

    def outputs(self, view: ViewModel) -> tuple[Ints, Floats]:
        """The rows of the nodes behind output ports, and where these are."""
        rows, places = [], []
        for box in self.boxes.values():
            for port, at in box.outputs:
                rows.append(view.row[port.node])
                places.append(at)
        return np.array(rows, dtype=np.intp), np.array(places, float).reshape(-1, 2)

    def inputs(self, view: ViewModel) -> tuple[Ints, Floats]:
        """The rows of the wires that cross into boxes, and where they end."""
        rows, places = [], []
        for box in self.boxes.values():
            for port, at in box.inputs:
                for wire in port.wires:
                    rows.append(view.wire_row[wire])
                    places.append(at)
        return np.array(rows, dtype=np.intp), np.array(places, float).reshape(-1, 2)

    def port_at(self, node: str, port: str) -> Point | None:
        """Where a hidden node's port is seen; the middle of the box for one that is not."""
        box = self.boxes.get(self.hidden.get(node, ""))
        if box is None:
            return None
        for it, at in box.inputs if port else box.outputs:
            if it.node == node and it.port == port:
                return at
        left, top, right, bottom = box.rect
        return (left + right) / 2, (top + bottom) / 2

    def shows(self, node: str, port: str) -> bool:
        """Whether a hidden node's port is one of its box's."""
        box = self.boxes.get(self.hidden.get(node, ""))
        ports = (box.found.ports.inputs if port else box.found.ports.outputs) if box else ()
        return any(it.node == node and it.port == port for it in ports)
