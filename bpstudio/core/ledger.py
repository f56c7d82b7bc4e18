"""What a wiring is made from: a graph's nodes and wires as columns, in the graph's order.

To read fifty thousand nodes one by one takes four times as long as to order them. So the plan after
an edit takes the columns of the plan before, and reads again only what the patch names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.gate import Gate, growing_ports
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, GraphError, Kind, Node, Patch, Setting, UnknownItem, Wire
from bpstudio.core.order import Rows
from bpstudio.language import tr

FEW = 24
"""So many ids are looked for in a list one by one; for more the list is gone through once."""


@dataclass(frozen=True, slots=True)
class Table:
    """The gates by their codes: the place of each key, of each gate's ports, and their count."""

    gates: tuple[Gate, ...]
    codes: dict[str, int]
    ports: list[dict[str, int]]
    arity: list[int]

    @classmethod
    def of(cls, graph: Graph) -> Table:
        if graph.gates is GATES:
            return _PLAIN
        # Own gates that no node is are left out: nobody waits for them to be made.
        used = {node.gate for node in graph.nodes.values()}
        return cls.holding([graph.gates[k] for k in graph.gates if k in GATES or k in used])

    @classmethod
    def holding(cls, gates: Iterable[Gate]) -> Table:
        found = tuple(gates)
        return cls(
            found,
            {gate.key: i for i, gate in enumerate(found)},
            [
                {name: i for i, name in enumerate(growing_ports(g.most) if g.grows else g.inputs)}
                for g in found
            ],
            [-1 if g.grows else len(g.inputs) for g in found],
        )


_PLAIN = Table.holding(GATES.values())


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """A line per node and a line per wire; a place is the number of a line.

    code, arity            per node: the place of its gate in the table, -1 for unknown; its ports
    source, target, port   per wire: the places of its nodes; -1 for a port that the node has not
    """

    table: Table
    nodes: list[str]
    code: Rows
    arity: Rows
    wires: list[str]
    source: Rows
    target: Rows
    port: Rows

    @classmethod
    def of(cls, graph: Graph) -> Ledger:
        """Read all of a graph. Raises UnknownItem for a wire that ends nowhere."""
        table, nodes = Table.of(graph), list(graph.nodes)
        code, arity = _gates_of(list(graph.nodes.values()), table)
        index = dict(zip(nodes, range(len(nodes)), strict=True))
        ends = _ends_of(list(graph.wires.values()), index, code, arity, table)
        return cls(table, nodes, code, arity, list(graph.wires), *ends)

    def after(self, graph: Graph, patch: Patch) -> tuple[Ledger, Rows] | None:
        """The ledger of `graph`, this one's graph after a patch, and of each of its nodes the place
        it had here, -1 for one that is new or another now.

        None where it has to be read as a whole: other gates, or wires that end nowhere.
        """
        if not self._follows(graph, patch):
            return None
        dead, changed, born = _sorted(patch, Node)
        known = places_of(self.nodes, {*dead, *(node.id for node in changed)})
        keep, nodes = _without(self.nodes, [known[key] for key in dead])
        place, was = np.cumsum(keep) - 1, np.flatnonzero(keep)
        again = place[[known[node.id] for node in changed]].astype(np.int64)
        code, arity = _gates_of([*changed, *born], self.table)
        was = _filled(was, again, np.full(len(code), -1), len(born))
        codes = _filled(self.code[keep], again, code, len(born))
        arities = _filled(self.arity[keep], again, arity, len(born))
        nodes += [node.id for node in born]
        dead, changed, born = _sorted(patch, Wire)
        known = places_of(self.wires, {*dead, *(wire.id for wire in changed)})
        stays, wires = _without(self.wires, [known[key] for key in dead])
        source, target = self.source[stays], self.target[stays]
        if not (keep[source].all() and keep[target].all()):
            return None
        source, target = place[source], place[target]
        moved = np.cumsum(stays) - 1
        lines = {int(moved[known[wire.id]]): wire for wire in changed}
        # What a port is called by depends on the gate.
        into = np.flatnonzero(np.isin(target, again)).tolist() if len(again) else []
        lines |= {line: graph.wires[wires[line]] for line in into}
        fresh = [*lines.values(), *born]
        wires += [wire.id for wire in born]
        ends = {end for wire in fresh for end in (wire.source, wire.target)}
        index = places_of(nodes, ends)
        if len(index) < len(ends):
            return None
        at = np.array(list(lines), np.int64)
        read = _ends_of(fresh, index, codes, arities, self.table)
        old = source, target, self.port[stays]
        ends_now = [_filled(o, at, n, len(born)) for o, n in zip(old, read, strict=True)]
        return Ledger(self.table, nodes, codes, arities, wires, *ends_now), was

    def _follows(self, graph: Graph, patch: Patch) -> bool:
        """Whether a patch leaves the gates what they are, and no id changes its kind of item."""
        for old, new in patch.changes.values():
            if isinstance(old, Kind | Setting) or isinstance(new, Kind | Setting):
                return False
            if old is not None and new is not None and type(old) is not type(new):
                return False
            if (
                isinstance(new, Node)
                and new.gate in graph.gates
                and new.gate not in self.table.codes
            ):
                return False
        return True


def places_of(ids: Sequence[str], wanted: Collection[str]) -> dict[str, int]:
    """The places of those ids among the wanted that are there."""
    if len(wanted) > FEW:
        return {key: i for i, key in enumerate(ids) if key in wanted}
    found: dict[str, int] = {}
    for key in wanted:
        try:
            found[key] = ids.index(key)
        except ValueError:
            continue
    return found


def _sorted(patch: Patch, kind: type[Any]) -> tuple[list[str], list[Any], list[Any]]:
    """Of one kind of items: the ids of the dead, the changed, and the born."""
    dead: list[str] = []
    changed: list[Any] = []
    born: list[Any] = []
    for old, new in patch.touched(kind):
        if new is None and old is not None:
            dead.append(old.id)
        else:
            (born if old is None else changed).append(new)
    return dead, changed, born


def _without(ids: list[str], gone: list[int]) -> tuple[NDArray[np.bool_], list[str]]:
    """A mask of what stays, and the ids of it."""
    keep = np.ones(len(ids), dtype=bool)
    keep[gone] = False
    if len(gone) > FEW:
        return keep, [key for key, stays in zip(ids, keep.tolist(), strict=True) if stays]
    left = list(ids)
    for place in sorted(gone, reverse=True):
        del left[place]
    return keep, left


def _filled(old: Rows, at: Rows, values: Rows, more: int) -> Rows:
    """A column with the first values put in at these places and the last `more` behind it."""
    found = np.concatenate([old, values[len(values) - more :]])
    found[at] = values[: len(values) - more]
    return found


def _gates_of(nodes: Sequence[Node], table: Table) -> tuple[Rows, Rows]:
    """Per node the place of its gate in the table (-1 for an unknown one), its count of ports."""
    code = [table.codes.get(node.gate, -1) for node in nodes]
    codes = np.array(code, np.int64)
    arity = np.array([*table.arity, 0], np.int64)[codes]
    grown = [
        (i, max(len(table.gates[code[i]].inputs), int(nodes[i].params.get("inputs", 0))))
        for i in np.flatnonzero(arity < 0).tolist()
    ]
    if grown:
        rows, counts = zip(*grown, strict=True)
        arity[list(rows)] = counts
    return codes, arity


def _ends_of(
    wires: Sequence[Wire], index: Mapping[str, int], code: Rows, arity: Rows, table: Table
) -> tuple[Rows, Rows, Rows]:
    """Per wire the places of its two nodes and of its port; -1 for a port the node has not."""
    try:
        source = np.array([index[w.source] for w in wires], np.int64)
        target = np.array([index[w.target] for w in wires], np.int64)
    except KeyError as missing:
        raise _dangling(wires, index) from missing
    ports = [*table.ports, {}]
    kind = code[target].tolist()
    port = np.array([ports[k].get(w.port, -1) for k, w in zip(kind, wires, strict=True)], np.int64)
    port[port >= arity[target]] = -1
    return source, target, port


def _dangling(wires: Sequence[Wire], index: Mapping[str, int]) -> GraphError:
    wire = next(w for w in wires if w.source not in index or w.target not in index)
    lost = wire.source if wire.source not in index else wire.target
    return UnknownItem(
        tr("Wire {wire} ends at {node}, which is not in the graph.", wire=wire.id, node=lost)
    )
