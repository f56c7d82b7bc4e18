"""Collapsed groups in the view: their boxes, what they hide, where the wires that cross them end.

Found once from the graph (core/groups.py), followed box by box from patches; a drag's preview moves
the boxes whose gates all move. A view without a collapsed group has no Cover and pays nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    homes: Floats = field(default_factory=lambda: np.empty((0, 2)), compare=False)
    """Where its ports are before the step, inputs first."""
    bare: Mask = field(default_factory=lambda: np.empty(0, dtype=bool), compare=False)
    """Which of them are inputs without a wire."""

    @property
    def rect(self) -> Rect:
        (left, top, right, bottom), (dx, dy) = self.found.rect, self.step
        return left + dx, top + dy, right + dx, bottom + dy

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
        self.boxes: dict[str, Box] = {}
        self._held: dict[str, list[str]] = {}
        self._read(graph)

    @staticmethod
    def wanted(graph: Graph) -> bool:
        """Whether a graph has a collapsed group at all."""
        return any(group.collapsed for group in graph.groups.values())

    def _read(self, graph: Graph, but: Collection[str] | None = None) -> None:
        """Find everything; with `but`, boxes that hold what they held stay, but for these."""
        before = {} if but is None else dict(self.boxes)
        held_before = {} if but is None else self._held
        self.hidden = groups.hidden(graph)
        held = groups.contents(graph)
        self._held = {
            key: held[key]
            for key, group in graph.groups.items()
            if group.collapsed and key not in self.hidden
        }
        self.boxes = {}
        for key in self._held:
            same = key in before and held_before.get(key) == self._held[key]
            if same and but is not None and key not in but:
                self.boxes[key] = before[key]
            else:
                self._find(graph, key)

    def _find(self, graph: Graph, key: str) -> None:
        box = groups.box_of_group(graph, key, self._held[key])
        if box is not None:
            it = graph.groups[key]
            homes = np.array([*box.inputs_at, *box.outputs_at], float).reshape(-1, 2)
            bare = [not port.wires for port in box.ports.inputs]
            bare += [False] * len(box.ports.outputs)
            count = len(self._held[key])
            self.boxes[key] = Box(
                key, it.title or key, it.colour, count, box, (0.0, 0.0), homes, np.array(bare, bool)
            )

    def followed(self, graph: Graph, patch: Patch) -> bool:
        """Follow a patch; whether what is hidden, or where a wire ends, may be another now."""
        if any(True for kind in (Kind, Setting) for _ in patch.touched(kind)):
            self._read(graph)
            return True
        if any(True for _ in patch.touched(Group)):
            only = all(_is_group(old) or _is_group(new) for old, new in patch.changes.values())
            self._read(graph, patch.changes if only else None)
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

    def shifted(self, ids: Collection[str], step: Point) -> bool:
        """Show the boxes whose gates are all among these a step away, all others at home.

        Whether that changed anything.
        """
        among, changed = set(ids), False
        for key, box in self.boxes.items():
            goes = bool(among) and among.issuperset(self._held[key])
            if box.step != (step if goes else (0.0, 0.0)):
                self.boxes[key] = replace(box, step=step if goes else (0.0, 0.0))
                changed = True
        return changed

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
        rows: list[int] = []
        places = [np.empty((0, 2))]
        for box in self.boxes.values():
            rows += [view.row[port.node] for port in box.found.ports.outputs]
            places.append(box.homes[len(box.found.ports.inputs) :] + box.step)
        return np.array(rows, dtype=np.intp), np.concatenate(places)

    def inputs(self, view: ViewModel) -> tuple[Ints, Floats]:
        """The rows of the wires that cross into boxes, and where they end."""
        rows: list[int] = []
        places = [np.empty((0, 2))]
        for box in self.boxes.values():
            ports = box.found.ports.inputs
            rows += [view.wire_row[wire] for port in ports for wire in port.wires]
            wired = ~box.bare[: len(ports)]
            places.append(box.homes[: len(ports)][wired] + box.step)
        return np.array(rows, dtype=np.intp), np.concatenate(places)

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


def _is_group(item: object) -> bool:
    return isinstance(item, Group)
