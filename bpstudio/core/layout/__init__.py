"""Tidies a graph: in layers from left to right, with few crossings and straight wires.

    >>> places = tidy(graph)                # node id -> Point, for edits.move
    >>> places = tidy(graph, only=chosen)   # only these, about where they stand

Promises: no two bodies overlap; every wire runs from left to right with LABEL_ROOM to spare; the
first port's wire comes in above the second's; centres lie on the SNAP grid; the middle of what is
tidied stays where it was; the same graph always gives the same places. Notes are left alone.

Small graphs have all their sources in the first column, as textbooks draw them, where that costs
no crossing; in others each source stands just before its first gate. Pieces that no wire
joins stand one under the other, lone nodes in rows beneath.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from bpstudio.core import groups
from bpstudio.core.graph import Graph, Point
from bpstudio.core.groups import GroupBox
from bpstudio.core.layout.drawn import Drawing, disorder
from bpstudio.core.layout.layers import (
    Sheet,
    Thread,
    pieces,
    sheets,
    threads_among,
    threads_of,
    without_loops,
)
from bpstudio.core.layout.order import KEPT, Columns, arranged
from bpstudio.core.layout.rows import ROW_GAP, straightened
from bpstudio.core.shape import LABEL_ROOM, PORT_GAP, SNAP, node_size

COMPARED = 150
"""Up to so many wires several layouts are drawn and compared."""
POLISHED = 2
"""So many of them get their last touch; a third gains one crossing less in a hundred."""
PIECE_GAP = 2 * ROW_GAP
BENT_ROOM = 32.0
"""How much wider a column gap is where a wire climbs: else the labels would hide the bend."""
FAN_ROOM = 56.0
"""How much wider it is behind a fan-out, whose sum stands there before the wires part."""
STEEP = 4.0
"""It also grows by a px for every so many px that its steepest wire climbs beyond LABEL_ROOM."""
LONE_ROW = 8
"""Nodes without wires stand so many in a row."""


def tidy(graph: Graph, only: Iterable[str] | None = None) -> dict[str, Point]:
    """New centres for all nodes, or for those of the ids `only` that are nodes or groups.

    A collapsed group is one body; the nodes inside it keep their places to one another.
    """
    chosen = None if only is None else set(only)
    boxes = groups.boxes(graph)
    if boxes:
        return _with_boxes(graph, chosen, boxes)
    ids = [key for key in graph.nodes if chosen is None or key in chosen]
    sizes = [node_size(graph.nodes[key], graph.gates) for key in ids]
    places = _stacked(len(ids), threads_of(graph, ids), sizes)
    return dict(
        zip(ids, _recentred([graph.nodes[key].at for key in ids], sizes, places), strict=True)
    )


def _with_boxes(
    graph: Graph, chosen: set[str] | None, boxes: Mapping[str, GroupBox]
) -> dict[str, Point]:
    """The same where collapsed groups stand among the nodes."""
    cover, held = groups.hidden(graph), groups.contents(graph)
    ids = [key for key in (*graph.nodes, *boxes) if key not in cover]
    if chosen is not None:
        seen = {cover.get(key, key) for key in chosen}
        ids = [key for key in ids if key in seen]
    sizes = [
        boxes[key].size if key in boxes else node_size(graph.nodes[key], graph.gates) for key in ids
    ]
    old = [boxes[key].at if key in boxes else graph.nodes[key].at for key in ids]
    threads = without_loops(threads_among(graph, ids, cover, boxes), old)
    new = _recentred(old, sizes, _stacked(len(ids), threads, sizes))
    places = {}
    for key, before, after in zip(ids, old, new, strict=True):
        if key not in boxes:
            places[key] = after
            continue
        for node in held[key]:
            x, y = graph.nodes[node].at
            places[node] = x + after[0] - before[0], y + after[1] - before[1]
    return places


@dataclass
class _Piece:
    """Laid out nodes of a piece, from the top left corner of their box."""

    nodes: list[int]
    at: list[Point]
    height: float


def _stacked(count: int, threads: list[Thread], sizes: list[Point]) -> list[Point]:
    """Centres of all nodes: the pieces one under the other, lone nodes last."""
    found = pieces(count, threads)
    home = {node: n for n, piece in enumerate(found) for node in piece}
    inside: list[list[Thread]] = [[] for _ in found]
    for thread in threads:
        inside[home[thread.source]].append(thread)
    laid = [
        _piece(piece, wires, sizes) for piece, wires in zip(found, inside, strict=True) if wires
    ]
    lone = [piece[0] for piece, wires in zip(found, inside, strict=True) if not wires]
    laid += [_row(lone[n : n + LONE_ROW], sizes) for n in range(0, len(lone), LONE_ROW)]
    places: list[Point] = [(0.0, 0.0)] * count
    top = 0.0
    for part in laid:
        for node, (x, y) in zip(part.nodes, part.at, strict=True):
            places[node] = (x, y + top)
        top += _snapped_up(part.height + (PIECE_GAP if len(part.nodes) > 1 else ROW_GAP))
    return places


def _row(nodes: list[int], sizes: list[Point]) -> _Piece:
    """Nodes that no wire joins, side by side."""
    x = 0.0
    at = []
    tall = max(sizes[node][1] for node in nodes)
    for node in nodes:
        wide = _snapped_up(sizes[node][0] / 2)
        at.append((x + wide, _snapped_up(tall / 2)))
        x += 2 * wide + LABEL_ROOM
    return _Piece(nodes, at, tall)


def _piece(nodes: list[int], threads: list[Thread], sizes: list[Point]) -> _Piece:
    """One connected piece, laid out."""
    local = {node: n for n, node in enumerate(nodes)}
    own = [Thread(local[t.source], local[t.target], t.port, t.ports) for t in threads]
    shapes = [sizes[node] for node in nodes]
    ways = [
        _placed(sheet, columns, shapes)
        for sheet in sheets(len(nodes), own, PORT_GAP)
        for _, columns in arranged(sheet)[: KEPT if len(own) <= COMPARED else 1]
    ]
    at = ways[0] if len(own) > COMPARED else _best(own, ways, shapes)
    left = min(x - shape[0] / 2 for (x, _), shape in zip(at, shapes, strict=True))
    top = min(y - shape[1] / 2 for (_, y), shape in zip(at, shapes, strict=True))
    left, top = _snapped_up(left), _snapped_up(top)
    height = max(y + shape[1] / 2 for (_, y), shape in zip(at, shapes, strict=True)) - top
    return _Piece(nodes, [(x - left, y - top) for x, y in at], height)


def _best(threads: list[Thread], ways: list[list[Point]], shapes: list[Point]) -> list[Point]:
    """The way that looks best, once the most promising ones have had their last touch."""

    def look(way: list[Point]) -> int:
        return disorder(Drawing(threads, way, shapes))

    ways = sorted(ways, key=look)
    if not look(ways[0]):
        return ways[0]
    from bpstudio.core.layout.polish import polished

    return min([polished(threads, way, shapes) for way in ways[:POLISHED]], key=look)


def _placed(sheet: Sheet, columns: Columns, shapes: list[Point]) -> list[Point]:
    """Centres of a sheet's nodes, for one order."""
    ys = straightened(sheet, columns, [height for _, height in shapes])
    return list(zip(_across(sheet, columns, ys, [width for width, _ in shapes]), ys, strict=False))


def _across(sheet: Sheet, columns: Columns, ys: list[float], widths: list[float]) -> list[float]:
    """The x of every node: columns as wide as their widest body, gaps with room for labels."""
    x = 0.0
    xs = [0.0] * sheet.nodes
    half_before = 0.0
    for number, column in enumerate(columns):
        bodies = [point for point in column if point < sheet.nodes]
        half = max((widths[point] for point in bodies), default=0.0) / 2
        if number:
            gap = _gap(sheet, columns[number - 1], ys)
            x = _snapped_up(x + half_before + gap + half)
        for point in bodies:
            xs[point] = x
        half_before = half
    return xs


def _gap(sheet: Sheet, column: list[int], ys: list[float]) -> float:
    """The free width after a column that the labels on its wires need."""
    links = [(point, link) for point in column for link in sheet.out[point]]
    climb = max((abs(ys[link.point] + link.drop - ys[point]) for point, link in links), default=0.0)
    fans = any(len(sheet.out[point]) > 1 for point in column if point < sheet.nodes)
    steep = min(max(0.0, climb - LABEL_ROOM) / STEEP, 2 * LABEL_ROOM)
    return LABEL_ROOM + min(climb, BENT_ROOM) + steep + (FAN_ROOM if fans else 0.0)


def _recentred(before: list[Point], sizes: list[Point], places: list[Point]) -> list[Point]:
    """The places moved, by whole snap steps, so that the middle of it all stays."""
    if not places:
        return []
    old, new = _middle(before, sizes), _middle(places, sizes)
    shift = [round((a - b) / SNAP) * SNAP for a, b in zip(old, new, strict=True)]
    return [(x + shift[0], y + shift[1]) for x, y in places]


def _middle(places: list[Point], sizes: list[Point]) -> Point:
    pairs = list(zip(places, sizes, strict=True))
    axes = []
    for axis in (0, 1):
        low = min(at[axis] - size[axis] / 2 for at, size in pairs)
        high = max(at[axis] + size[axis] / 2 for at, size in pairs)
        axes.append((low + high) / 2)
    return axes[0], axes[1]


def _snapped_up(length: float) -> float:
    return ceil(length / SNAP) * SNAP
