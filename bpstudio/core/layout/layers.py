"""Which column each node stands in, and the points that stand in for long wires.

A Sheet is one connected piece of a graph as plain numbers: points 0 … n - 1 are its nodes, later
ones are bends, one in every column that a long wire passes. All its links join neighbouring
columns, left to right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bpstudio.core.graph import Graph, Point
from bpstudio.core.groups import GroupBox

WIDEST_OPEN = 30
"""Up to so many nodes all sources may stand together in the first column."""
LONGEST_OPEN = 6
"""... unless one of their wires would then pass over more columns than this."""

SHORTENED = 400
"""Up to so many nodes the wires of a piece are made as short as can be."""
PASSES = 8


class Thread(NamedTuple):
    """A wire between two nodes of a piece; `port` counts from 0 among the target's `ports`."""

    source: int
    target: int
    port: int
    ports: int


class Link(NamedTuple):
    """One end of a link: the point there, and where at the TARGET it plugs in.

    share  0 … 1, top to bottom, for counting crossings
    drop   scene pixels from the target's centre, for straightening
    """

    point: int
    share: float
    drop: float


@dataclass
class Sheet:
    """A piece of a graph in columns; see the module's text.

    `early` tells for each bend whether it is still in the first half of its wire, `origin` at
    which node that starts.
    """

    nodes: int
    column: list[int]
    into: list[list[Link]]
    out: list[list[Link]]
    early: list[bool] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)

    def columns(self) -> list[list[int]]:
        """The points of each column, in the order of their numbers."""
        rows: list[list[int]] = [[] for _ in range(max(self.column) + 1)]
        for point, column in enumerate(self.column):
            rows[column].append(point)
        return rows


def threads_of(graph: Graph, ids: Sequence[str]) -> list[Thread]:
    """The wires among these nodes; an unknown port counts as the next one down."""
    return threads_among(graph, ids, {}, {})


def threads_among(
    graph: Graph, ids: Sequence[str], cover: Mapping[str, str], boxes: Mapping[str, GroupBox]
) -> list[Thread]:
    """The wires among nodes and collapsed groups; what hides in one counts as its box."""
    number = {key: n for n, key in enumerate(ids)}
    threads = []
    for target, key in enumerate(ids):
        if key in boxes:
            ends = [next(iter(port.wires), "") for port in boxes[key].ports.inputs]
        else:
            ends = _wires_by_port(graph, key)
        for port, wire in enumerate(ends):
            if wire:
                at = graph.wires[wire].source
                source = number.get(cover.get(at, at))
                if source is not None:
                    threads.append(Thread(source, target, port, len(ends)))
    return threads


def _wires_by_port(graph: Graph, key: str) -> list[str]:
    """The wire into each port of a node, top to bottom, "" for none."""
    node = graph.nodes[key]
    gate = graph.gate(node)
    wires = graph.into(key)
    known = gate.ports(node.params) if gate is not None else ()
    return [wires.get(p, "") for p in (*known, *(p for p in wires if p not in known))]


def without_loops(threads: Sequence[Thread], at: Sequence[Point]) -> list[Thread]:
    """The wires but for those that run back in a loop, which boxes of several gates can close.

    Where all that is left waits for one another, what stands leftmost goes first.
    """
    waiting = [0] * len(at)
    ahead: list[list[int]] = [[] for _ in at]
    for thread in threads:
        waiting[thread.target] += 1
        ahead[thread.source].append(thread.target)
    ready = [node for node, count in enumerate(waiting) if not count]
    others = iter(sorted(range(len(at)), key=at.__getitem__))
    rank: dict[int, int] = {}
    while len(rank) < len(at):
        if not ready:
            ready = [next(node for node in others if node not in rank)]
        node = ready.pop()
        rank[node] = len(rank)
        for target in ahead[node]:
            waiting[target] -= 1
            if not waiting[target] and target not in rank:
                ready.append(target)
    return [thread for thread in threads if rank[thread.source] < rank[thread.target]]


def pieces(count: int, threads: Sequence[Thread]) -> list[list[int]]:
    """The nodes 0 … count - 1 by connected piece, each piece and all of them in rising order."""
    beside: list[list[int]] = [[] for _ in range(count)]
    for thread in threads:
        beside[thread.source].append(thread.target)
        beside[thread.target].append(thread.source)
    seen = [False] * count
    found = []
    for first in range(count):
        if seen[first]:
            continue
        seen[first] = True
        piece = [first]
        for node in piece:
            for other in beside[node]:
                if not seen[other]:
                    seen[other] = True
                    piece.append(other)
        found.append(sorted(piece))
    return found


def sheets(count: int, threads: Sequence[Thread], drop: float) -> list[Sheet]:
    """The sheets worth comparing for one piece; `drop` is the distance of two ports.

    In a small piece the sources may all stand in the first column, as textbooks draw it. The
    other way, and the only one in larger pieces, each stands just before its first gate.
    """
    early = _early(count, threads)
    late = _late(count, threads, early)
    ways = [late]
    longest = max((early[t.target] - early[t.source] for t in threads), default=0)
    if count <= WIDEST_OPEN and longest <= LONGEST_OPEN and early != late:
        ways.insert(0, early)
    return [_bent(count, threads, way, drop) for way in ways]


def _early(count: int, threads: Sequence[Thread]) -> list[int]:
    """Each node as far left as its inputs allow."""
    column = [0] * count
    for node, targets in _in_order(count, threads):
        for target in targets:
            column[target] = max(column[target], column[node] + 1)
    return column


def _late(count: int, threads: Sequence[Thread], early: list[int]) -> list[int]:
    """Each node just before its first consumer; outputs stay where `_early` has them."""
    column = list(early)
    for node, targets in reversed(list(_in_order(count, threads))):
        if targets:
            column[node] = max(column[node], min(column[t] for t in targets) - 1)
    return _shortened(count, threads, column) if count <= SHORTENED else column


def _shortened(count: int, threads: Sequence[Thread], column: list[int]) -> list[int]:
    """Columns with less wire in all: a node moves, with what it pushes, while that gains.

    Pushing one node and all it drives before it is the steepest descent for this sum, which has
    no false bottoms but for moves that several nodes would have to begin together.
    """
    targets: list[list[int]] = [[] for _ in range(count)]
    sources: list[list[int]] = [[] for _ in range(count)]
    for thread in threads:
        targets[thread.source].append(thread.target)
        sources[thread.target].append(thread.source)
    column = list(column)
    moved = True
    for _ in range(PASSES):
        if not moved:
            break
        moved = False
        for node in range(count):
            for step, ahead, behind in ((1, targets, sources), (-1, sources, targets)):
                while pushed := _pushed(node, step, column, ahead, behind):
                    moved = True
                    for other in pushed:
                        column[other] += step
    first = min(column)
    return [at - first for at in column]


def _pushed(
    node: int, step: int, column: list[int], ahead: list[list[int]], behind: list[list[int]]
) -> set[int]:
    """What moves with the node by one column, or nothing where wires would grow in all."""
    pushed = {node}
    todo = [node]
    gain = 0
    while todo:
        at = todo.pop()
        gain += len(ahead[at]) - len(behind[at])
        for other in ahead[at]:
            if column[other] == column[at] + step and other not in pushed:
                pushed.add(other)
                todo.append(other)
    return pushed if gain > 0 else set()


def _in_order(count: int, threads: Sequence[Thread]) -> list[tuple[int, list[int]]]:
    """The nodes and their targets, sources first. What stands in a loop is left out."""
    targets: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for thread in threads:
        targets[thread.source].append(thread.target)
        waiting[thread.target] += 1
    order = [node for node in range(count) if not waiting[node]]
    for node in order:
        for target in targets[node]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return [(node, targets[node]) for node in order]


def _bent(count: int, threads: Sequence[Thread], column: list[int], drop: float) -> Sheet:
    """The sheet with its bends; the longest wires get none where that would be far too many.

    A wire is drawn as one S: level with its source through the first half of its way, level with
    its target's port through the second. So the wires of one source share their bends until each
    is half-way.
    """
    sheet = Sheet(count, list(column), [[] for _ in range(count)], [[] for _ in range(count)])
    shared: dict[tuple[int, int], int] = {}
    room = 4 * count + 2000
    for thread in sorted(threads, key=lambda t: column[t.target] - column[t.source]):
        first, last = column[thread.source], column[thread.target]
        room -= last - first - 1
        if last <= first or room < 0:
            continue
        at = thread.source
        half = (first + last) // 2
        for between in range(first + 1, last):
            known = shared.get((thread.source, between)) if between <= half else None
            if known is None:
                known = _bend(sheet, at, between, early=between <= half)
                if between <= half:
                    shared[thread.source, between] = known
            at = known
        share = (thread.port + 1) / (thread.ports + 1)
        down = (thread.port - (thread.ports - 1) / 2) * drop
        sheet.into[thread.target].append(Link(at, share, down))
        sheet.out[at].append(Link(thread.target, share, down))
    for links in sheet.into:
        links.sort(key=lambda link: link.share)
    return sheet


def _bend(sheet: Sheet, before: int, column: int, *, early: bool) -> int:
    """A new point that goes on from the point before it."""
    point = len(sheet.column)
    sheet.column.append(column)
    sheet.into.append([Link(before, 0.5, 0.0)])
    sheet.out.append([])
    sheet.out[before].append(Link(point, 0.5, 0.0))
    sheet.early.append(early)
    sheet.origin.append(before if before < sheet.nodes else sheet.origin[before - sheet.nodes])
    return point
