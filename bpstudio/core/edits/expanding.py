"""Gates become the simpler gates that they are made of."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from functools import lru_cache

from bpstudio.core.edits.draft import Draft, Fresh, gate_of, node_of, placed_at, stem
from bpstudio.core.edits.framing import grow_round
from bpstudio.core.edits.room import Box, Places
from bpstudio.core.edits.whole import tidy
from bpstudio.core.gate import OWN
from bpstudio.core.graph import BadKind, Graph, Group, Node, Patch, Point, Wire
from bpstudio.core.own import Inner, inner_of
from bpstudio.core.parts import parts_of
from bpstudio.core.shape import SNAP
from bpstudio.language import tr, trn


def can_expand(graph: Graph, node: str) -> bool:
    """Whether a node's gate is made of simpler ones."""
    placed = graph.nodes.get(node)
    gate = graph.gate(placed) if placed is not None else None
    return placed is not None and gate is not None and parts_of(gate, placed) is not None


def expand(graph: Graph, node: str) -> Patch:
    """Put a node's parts in its place, in a group called after the gate.

    The last part keeps the node's id, so its label, its seed and the wires out of it stay; gates to
    the right make room. Numbers stay the same up to rounding (see core/parts.py).
    """
    return expand_all(graph, (node,))


def expand_all(graph: Graph, nodes: Collection[str]) -> Patch:
    """One patch that expands all of these, one after the other."""
    draft, fresh, places = Draft(graph), Fresh(graph), Places(graph)
    born: dict[str, Collection[str]] = {}
    for key in nodes:
        placed = node_of(graph, key)
        inner = _inner(graph, placed)
        ids = _ids(placed, inner, fresh)
        born[key] = ids.values()
        group = placed.group
        if len(ids) > 1:
            box = Group(fresh.id("group"), tr(gate_of(placed, graph).title), False, placed.group)
            draft.put(box)
            group = box.id
        for part, at in _places(places, placed, _laid(inner)):
            label = placed.label if part.id == inner.output else ""
            new = Node(ids[part.id], part.gate, placed_at(at), part.params, label, group)
            draft.put(new)
            places.put(new)
        _wire(draft, placed, inner, ids, fresh)
    places.settle(draft)
    grow_round(draft, born)
    if len(nodes) != 1:
        return draft.patch(trn("Expand {n} gate", "Expand {n} gates", len(nodes)))
    return draft.patch(tr("Expand {name}", name=placed.name))


def _inner(graph: Graph, placed: Node) -> Inner:
    """What a node's gate is made of. Raises BadKind."""
    gate = gate_of(placed, graph)
    inner = parts_of(gate, placed)
    if inner is None:
        raise BadKind(
            tr(
                "{name} is as simple as can be: {gate} is made of no other gates.",
                name=placed.name,
                gate=tr(gate.title),
            )
        )
    return inner


def opened(graph: Graph) -> Graph:
    """The graph with every own gate expanded, the parts of all at their node's place."""
    draft, fresh = Draft(graph), Fresh(graph)
    for placed in graph.nodes.values():
        gate = graph.gate(placed)
        if gate is None or gate.family != OWN:
            continue
        inner = inner_of(gate.value)
        ids = _ids(placed, inner, fresh)
        for key, new in ids.items():
            part = inner.graph.nodes[key]
            label = placed.label if new == placed.id else ""
            draft.put(changed(placed, id=new, gate=part.gate, params=part.params, label=label))
        _wire(draft, placed, inner, ids, fresh)
    return graph.apply(draft.patch(""))


def _ids(placed: Node, inner: Inner, fresh: Fresh) -> dict[str, str]:
    """Part -> its id in the graph."""
    outside = set(inner.sources.values())
    ids = {inner.output: placed.id}
    for part in inner.graph.nodes.values():
        if part.id not in outside and part.id not in ids:
            ids[part.id] = fresh.id(stem(part.gate))
    return ids


def _wire(draft: Draft, placed: Node, inner: Inner, ids: Mapping[str, str], fresh: Fresh) -> None:
    """The parts' wires; the wires into the node lead to the parts that take its ports."""
    graph = draft.graph
    ports = {node: port for port, node in inner.sources.items()}
    taken: set[str] = set()
    for wire in inner.graph.wires.values():
        source = ids.get(wire.source, "")
        key = ""
        if not source:
            outer = graph.into(placed.id).get(ports[wire.source])
            if outer is None:
                continue
            source = graph.wires[outer].source
            key = outer if outer not in taken else ""
        key = key or fresh.id("w")
        taken.add(key)
        extra = graph.wires[key].extra if key in graph.wires else {}
        draft.put(Wire(key, source, ids[wire.target], wire.port, extra))


# --- room -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Laid:
    """The parts of a gate laid out on a sheet of their own."""

    inner: Inner
    parts: list[Node]
    output: Point
    box: Box


@lru_cache(maxsize=256)
def _laid(inner: Inner) -> _Laid:
    sheet = inner.graph.apply(tidy(inner.graph))
    outside = set(inner.sources.values())
    parts = [node for node in sheet.nodes.values() if node.id not in outside]
    return _Laid(inner, parts, sheet.nodes[inner.output].at, Box.of(sheet, parts))


def _places(places: Places, placed: Node, laid: _Laid) -> list[tuple[Node, Point]]:
    """Where each part goes; what stands to the right, above and below makes room."""
    at, box, body = places.at(placed.id), laid.box, places.box(placed.id)
    by = (_grid(body.left - box.left), at[1] - laid.output[1])
    grown = Box(body.left, box.top + by[1], body.left + box.right - box.left, box.bottom + by[1])
    if at[0] % SNAP:
        by = (body.left - box.left, by[1])
    places.make_room(placed.id, grown)
    return [(node, (node.at[0] + by[0], node.at[1] + by[1])) for node in laid.parts]


def _grid(x: float) -> float:
    return math.floor(x / SNAP) * SNAP
