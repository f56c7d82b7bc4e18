"""A graph's wiring as arrays of row numbers: what a run needs and an edit of numbers never changes.

Nodes are sorted by (level, gate, count of inputs). So all nodes of a level that are the same gate
with the same count of inputs stand side by side: they are a *group*, its outputs are one slice of
the values. Wires are sorted by (group of the target, port, target): the inputs of a group's first
ports are a slice, those of its second ports the next one.

Nodes that cannot be computed (a port without a wire, a gate this version does not know, or fed by
such a node) come last, behind `count` known ones; their wires come behind `wire_count` known ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import order
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, PortTaken
from bpstudio.core.ledger import Ledger
from bpstudio.core.order import Rows
from bpstudio.language import tr


@dataclass(frozen=True, slots=True)
class Group:
    """Rows start..stop-1: one gate, one count of inputs, one level; wires from row `wires` on."""

    gate: Gate
    arity: int
    start: int
    stop: int
    wires: int

    @property
    def size(self) -> int:
        return self.stop - self.start

    def slots(self) -> list[slice]:
        """The wire rows of each port, in the order of the ports."""
        first = self.wires
        return [
            slice(first + p * self.size, first + (p + 1) * self.size) for p in range(self.arity)
        ]


@dataclass(frozen=True, eq=False)
class Wiring:
    """See the module. Arrays over nodes or wires, in row order, unless said otherwise."""

    nodes: tuple[str, ...]
    wires: tuple[str, ...]
    count: int
    wire_count: int
    level: Rows
    arity: Rows
    source: Rows
    target: Rows
    port: Rows
    missing: tuple[tuple[str, str], ...]
    cuts: NDArray[np.int64]
    """One line per group: first row, row behind the last, code of the gate, inputs, first wire."""
    table: tuple[Gate, ...]
    """The gates that the codes count."""
    ledger: Ledger
    """What it was made from, in the graph's order; what an edit of it starts from."""
    row_of: Rows
    """The row of each of the ledger's nodes."""
    cache: dict[str, Any] = field(default_factory=dict)
    """What a tier has built from this wiring, under the tier's name."""

    @cached_property
    def row(self) -> dict[str, int]:
        return {key: i for i, key in enumerate(self.nodes)}

    @cached_property
    def source_row(self) -> dict[str, int]:
        """The rows of the known sources: as small as a look-up in every run should be."""
        return {key: i for i, key in enumerate(self.source_names)}

    @cached_property
    def source_names(self) -> list[str]:
        return list(self.nodes[: self.sources])

    @cached_property
    def wire_row(self) -> dict[str, int]:
        return {key: i for i, key in enumerate(self.wires)}

    def groups(self, level: int) -> list[Group]:
        """The groups of one level, top to bottom. Level 0 are the sources."""
        table = self.table
        lines = self.cuts[self.level_cuts[level] : self.level_cuts[level + 1]].tolist()
        return [Group(table[c], n, a, b, w) for a, b, c, n, w in lines]

    @cached_property
    def level_cuts(self) -> list[int]:
        """cuts[level_cuts[k]:level_cuts[k + 1]] are level k's groups."""
        return _steps(self.level[self.cuts[:, 0]])

    @cached_property
    def level_rows(self) -> list[int]:
        """Rows level_rows[k]..level_rows[k + 1]-1 are level k."""
        return _steps(self.level[: self.count])

    @cached_property
    def level_wires(self) -> list[int]:
        """Wire rows level_wires[k]..level_wires[k + 1]-1 end in level k."""
        starts = np.append(self.cuts[:, 4], self.wire_count)
        return starts[self.level_cuts].tolist() if self.cuts.size else [0]

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Per row whether the node can be computed."""
        found = np.arange(len(self.nodes)) < self.count
        found.flags.writeable = False
        return found

    @cached_property
    def sources(self) -> int:
        """How many rows at the top are inputs and constants that can be computed."""
        return int(np.count_nonzero(self.arity[: self.count] == 0))

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The rows of known gates that feed nothing known."""
        feeds = np.zeros(self.count, bool)
        feeds[self.source[: self.wire_count]] = True
        feeds[: self.sources] = True
        return tuple(np.flatnonzero(~feeds).tolist())

    @cached_property
    def wire_start(self) -> Rows:
        """Per known node the wire row of its first port; the next port's is `wire_step` further."""
        return self._spread(self.cuts[:, 4]) + np.arange(self.count) - self._spread(self.cuts[:, 0])

    @cached_property
    def wire_step(self) -> Rows:
        """Per known node the distance between the wire rows of neighbouring ports."""
        return self._spread(self.cuts[:, 1] - self.cuts[:, 0])

    def slots(self, row: int) -> range:
        """The wire rows into a known node, by port."""
        if row >= self.count:
            return range(0)
        first, step = int(self.wire_start[row]), int(self.wire_step[row])
        return range(first, first + step * int(self.arity[row]), step)

    def _spread(self, per_group: Rows) -> Rows:
        return np.repeat(per_group, self.cuts[:, 1] - self.cuts[:, 0])


def wiring_of(graph: Graph, ledger: Ledger | None = None) -> Wiring:
    """Order a graph. Raises LoopError for a loop, GraphError for wires that cannot be.

    `ledger` is the graph's, where it is known already.
    """
    book = ledger or Ledger.of(graph)
    nodes, code, arity = book.nodes, book.code, book.arity
    source, target, port = book.source, book.target, book.port
    level = order.levels(len(nodes), source, target)
    order.refuse_loop(nodes, source, target, level)
    known, missing = _known(graph, nodes, code, arity, source, target, port)

    ranked = np.lexsort((arity, code, level, ~known))
    row = np.empty(len(nodes), np.int64)
    row[ranked] = np.arange(len(nodes))
    count = int(np.count_nonzero(known))
    level, code, arity = level[ranked], code[ranked], arity[ranked]
    names = _taken(nodes, ranked)

    source, target = row[source], row[target]
    taking = (target < count) & (port >= 0)
    starts = _group_starts(level[:count], code[:count], arity[:count])
    group = np.searchsorted(starts, target, side="right")
    wired = np.lexsort((target, port, group, ~taking))
    _refuse_doubles(names, target[wired], port[wired], int(np.count_nonzero(taking)))
    return Wiring(
        nodes=names,
        wires=_taken(book.wires, wired),
        count=count,
        wire_count=int(np.count_nonzero(taking)),
        level=level,
        arity=arity,
        source=source[wired],
        target=target[wired],
        port=port[wired],
        missing=missing,
        cuts=_cuts(starts, count, code, arity),
        table=book.table.gates,
        ledger=book,
        row_of=row,
    )


def _taken(ids: list[str], places: Rows) -> tuple[str, ...]:
    """The ids at these places. Through an array: ten times as fast as one by one."""
    return tuple(np.array(ids, dtype=object)[places].tolist())


def _known(
    graph: Graph,
    nodes: list[str],
    code: Rows,
    arity: Rows,
    source: Rows,
    target: Rows,
    port: Rows,
) -> tuple[NDArray[np.bool_], tuple[tuple[str, str], ...]]:
    """Which nodes can be computed, and the ports that lack a wire."""
    filled = np.bincount(target[port >= 0], minlength=len(nodes))
    short = np.flatnonzero((filled < arity) & (code >= 0)).tolist()
    missing = tuple(
        (key, name)
        for key in (nodes[i] for i in short)
        for name in graph.gates[graph.nodes[key].gate].ports(graph.nodes[key].params)
        if name not in graph.into(key)
    )
    known = (code >= 0) & (filled >= arity)
    lost = np.flatnonzero(~known)
    if lost.size:
        first, heads = order.successors(len(nodes), source, target)
    while lost.size:
        lost = _fed_by(lost, first, heads, known)
        known[lost] = False
    return known, missing


def _fed_by(lost: Rows, first: Rows, heads: Rows, known: NDArray[np.bool_]) -> Rows:
    """Who is known still, and fed by these."""
    if lost.size >= order.NARROW:
        fed = heads[order.ranges(first[lost], first[lost + 1])]
        return order.distinct(fed[known[fed]])
    found = {
        fed
        for at in lost.tolist()
        for fed in heads[first[at] : first[at + 1]].tolist()
        if known[fed]
    }
    return np.array(sorted(found), np.int64)


def _refuse_doubles(names: tuple[str, ...], target: Rows, port: Rows, count: int) -> None:
    """Two wires in one port stand side by side in row order."""
    same = (np.diff(target[:count]) == 0) & (np.diff(port[:count]) == 0)
    if same.any():
        name = names[int(target[int(np.argmax(same))])]
        raise PortTaken(tr("{node} has a port with two wires; take one off.", node=name))


def _group_starts(level: Rows, code: Rows, arity: Rows) -> Rows:
    """The first row of each group."""
    if not level.size:
        return np.zeros(0, np.int64)
    change = (np.diff(level) != 0) | (np.diff(code) != 0) | (np.diff(arity) != 0)
    return np.concatenate(([0], np.flatnonzero(change) + 1))


def _cuts(starts: Rows, count: int, code: Rows, arity: Rows) -> Rows:
    """The table of groups, one line each."""
    stops = np.append(starts[1:], count)[: starts.size]
    inputs = arity[starts]
    taken = (stops - starts) * inputs
    return np.stack((starts, stops, code[starts], inputs, np.cumsum(taken) - taken), axis=1)


def _steps(sorted_numbers: Rows) -> list[int]:
    """Where each of the numbers 0, 1, 2, … begins in a sorted array, and its length at the end."""
    top = int(sorted_numbers[-1]) + 1 if sorted_numbers.size else 0
    found: list[int] = np.searchsorted(sorted_numbers, np.arange(top + 1)).tolist()
    return found
