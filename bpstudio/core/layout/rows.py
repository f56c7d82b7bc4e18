"""How high each point of an ordered sheet stands, so that wires run straight.

What a wire's drawing makes level is tied into rigid blocks, port to port: the two halves of a long
wire, and the wires that carry the line of thought (a gate's only input, or its only input that is
itself a gate). Then every block is drawn towards the middle of what it is wired to, as far as the
gaps allow.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from math import floor, inf

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.layout.layers import Link, Sheet
from bpstudio.core.layout.order import Columns
from bpstudio.core.shape import SNAP

ROW_GAP = 48.0
"""Free height between two bodies: a gradient under the one wire, a value over the next."""
WIRE_GAP = 40.0
"""Free height between two wires that pass a column, or a wire and a body."""
HOLE = 2 * ROW_GAP
"""Free height right across the drawing from which it is closed up."""
ROUNDS = 40
FAINT = 0.01
"""How much a gate heeds what it feeds and its long wires, against 1 for its inputs beside it:
it stands midway between these."""

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Ties = dict[int, Link]
"""Point -> the link that leaves it straight."""


def straightened(
    sheet: Sheet, columns: Columns, heights: list[float], *, level: bool = True
) -> list[float]:
    """The height (y) of every point's centre, in whole snap steps. `heights` are the nodes'.

    With `level` the halves of long wires go before the line of thought, else after it.
    """
    gaps = [[_gap(sheet, heights, a, b) for a, b in pairwise(column)] for column in columns]
    y = [0.0] * len(sheet.column)
    for column, gap in zip(columns, gaps, strict=True):
        at = -floor(sum(gap) / 2 / SNAP) * SNAP
        for point, step in zip(column, (*gap, 0.0), strict=True):
            y[point] = at
            at += step
    blocks = _blocks(sheet, columns, gaps, _ties(sheet, columns, level=level))
    at_last = _settled(blocks, _pulls(sheet, blocks), blocks.means(y))
    return _closed_up(heights, [at_last[blocks.of[p]] + blocks.rise[p] for p in range(len(y))])


def _closed_up(heights: list[float], y: list[float]) -> list[float]:
    """The same heights without bands in which nothing stands and no wire runs level.

    Points that press on one another while they are drawn to different places can wander off
    together, and leave a hole as tall as the rest of the graph.
    """
    order = sorted(range(len(y)), key=y.__getitem__)
    found = list(y)
    lowest, shift = -inf, 0.0
    for point in order:
        half = heights[point] / 2 if point < len(heights) else 0.0
        free = y[point] - half - lowest
        if HOLE < free < inf:
            shift += floor((free - ROW_GAP) / SNAP) * SNAP
        lowest = max(lowest, y[point] + half)
        found[point] = y[point] - shift
    return found


def _gap(sheet: Sheet, heights: list[float], above: int, below: int) -> float:
    """The least distance of two centres in a column, in whole snap steps."""
    tall = [heights[p] if p < sheet.nodes else 0.0 for p in (above, below)]
    free = ROW_GAP if all(tall) else WIRE_GAP
    return -floor(-(sum(tall) / 2 + free) / SNAP) * SNAP


# --- what is straight ---------------------------------------------------------------------------


def _ties(sheet: Sheet, columns: Columns, *, level: bool) -> Ties:
    """The straight links; none cross, and each point has one at most on either side."""
    place = {point: row for column in columns for row, point in enumerate(column)}
    wanted = []
    for target, links in enumerate(sheet.into):
        for rank, link in _straight(sheet, target, links):
            rank = rank if level else -rank
            wanted.append((rank, sheet.column[target], place[link.point], target, link))
    wanted.sort(key=lambda w: w[:4])
    tie: Ties = {}
    tied: set[int] = set()
    kept: dict[int, list[tuple[int, int]]] = {}
    for _, column, source_row, target, link in wanted:
        if target in tied or link.point in tie:
            continue
        pair = (source_row, place[target])
        rows = kept.setdefault(column, [])
        at = bisect_left(rows, pair)
        if (at and rows[at - 1][1] > pair[1]) or (at < len(rows) and rows[at][1] < pair[1]):
            continue
        rows.insert(at, pair)
        tie[link.point] = Link(target, link.share, link.drop)
        tied.add(target)
    return tie


def _straight(sheet: Sheet, target: int, links: list[Link]) -> list[tuple[int, Link]]:
    """The links into a point that ask to be straight, with their rank (0 goes first)."""
    n = sheet.nodes
    if target >= n:
        before = links[0].point
        early = sheet.early[target - n]
        same = early if before < n else early == sheet.early[before - n]
        return [(0, links[0])] if same else []
    asking = [(0, link) for link in links if link.point >= n and not sheet.early[link.point - n]]
    if len(links) == 1:
        return [(2, links[0])]
    # A wire that leaps over one column, beside the gate it leaps over, is best left level.
    asking += [
        (1, link)
        for link in links
        if link.point >= n and len(sheet.out[sheet.origin[link.point - n]]) > 1
    ]
    gates = [link for link in links if sheet.into[link.point] and link.point < n]
    if len(gates) == 1:
        asking.append((2, gates[0]))
    elif len(links) % 2 and links[len(links) // 2].point < n:
        asking.append((3, links[len(links) // 2]))
    return asking


@dataclass
class _Blocks:
    """Points tied together: block of each point, its height above the block's, who is below."""

    of: list[int]
    rise: list[float]
    below: list[list[tuple[int, float]]]
    count: int
    columns: Columns
    gaps: list[list[float]]

    def means(self, y: list[float]) -> list[float]:
        own = np.bincount(self.of, np.subtract(y, self.rise), self.count)
        return list(own / np.bincount(self.of, minlength=self.count))


def _blocks(sheet: Sheet, columns: Columns, gaps: list[list[float]], tie: Ties) -> _Blocks:
    head = {link.point: (point, link.drop) for point, link in tie.items()}
    of = [0] * len(sheet.column)
    rise = [0.0] * len(of)
    count = 0
    for column in columns:
        for point in column:
            if point in head:
                source, drop = head[point]
                of[point], rise[point] = of[source], rise[source] - drop
            else:
                of[point] = count
                count += 1
    below: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for column, gap in zip(columns, gaps, strict=True):
        for (a, b), free in zip(pairwise(column), gap, strict=True):
            below[of[a]].append((of[b], free + rise[a] - rise[b]))
    return _Blocks(of, rise, below, count, columns, gaps)


# --- where it settles ---------------------------------------------------------------------------


@dataclass
class _Pulls:
    """Links between blocks: `two` wants to be `drop` below `one`; how much either heeds that."""

    one: Ints
    two: Ints
    drop: Floats
    back: Floats
    ahead: Floats


def _pulls(sheet: Sheet, blocks: _Blocks) -> _Pulls:
    of, rise, n = blocks.of, blocks.rise, sheet.nodes
    rows = [
        (
            of[link.point],
            of[target],
            rise[link.point] - rise[target] - link.drop,
            FAINT if link.point < n and sheet.into[link.point] else 1.0,
            1.0 if link.point < n or target >= n else FAINT,
        )
        for target, links in enumerate(sheet.into)
        for link in links
        if of[link.point] != of[target]
    ]
    one, two, *rest = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return _Pulls(np.array(one, int), np.array(two, int), *(np.array(r, float) for r in rest))


def _settled(blocks: _Blocks, pulls: _Pulls, start: list[float]) -> list[float]:
    """The blocks' heights after some rounds of pulling and making room."""
    order = _top_down(blocks.below)
    y: Floats = np.array(start)
    n = blocks.count
    rounds = max(8, min(ROUNDS, 40_000 // len(blocks.of)))
    for number in range(rounds):
        # In the last rounds only gates move, each to the very middle of its inputs.
        last = number >= rounds * 3 // 4
        back = np.zeros_like(pulls.back) if last else pulls.back
        weight = np.zeros(n)
        weight += np.bincount(pulls.one, back, n)
        weight += np.bincount(pulls.two, pulls.ahead, n)
        total = np.bincount(pulls.one, (y[pulls.two] - pulls.drop) * back, n)
        total += np.bincount(pulls.two, (y[pulls.one] + pulls.drop) * pulls.ahead, n)
        wish = np.where(weight > 0, total / np.maximum(weight, FAINT), y)
        near = [float(at) for at in (wish if last else (y + wish) / 2)]
        y = np.array(_pooled(blocks, near, weight, forward=number % 2 == 0))
    snapped = [floor(at / SNAP + 0.5) * SNAP for at in y]
    return [float(floor(at / SNAP) * SNAP) for at in _room(blocks.below, order, snapped)]


def _pooled(blocks: _Blocks, wish: list[float], weight: Floats, *, forward: bool) -> list[float]:
    """One pass over the columns; in each the places nearest to the wishes that keep the gaps.

    Neighbours that collide are pooled and share one shift: isotonic regression.
    """
    of, rise = blocks.of, blocks.rise
    heavy = [max(FAINT, float(pull)) for pull in weight]
    for number in range(len(blocks.columns))[:: 1 if forward else -1]:
        column, gap = blocks.columns[number], blocks.gaps[number]
        offset = 0.0
        offsets = []
        pools: list[tuple[float, float, int]] = []  # mean shift, weight, how many
        for point, step in zip(column, (0.0, *gap), strict=True):
            offset += step
            offsets.append(offset)
            mean, mass, size = wish[of[point]] + rise[point] - offset, heavy[of[point]], 1
            while pools and pools[-1][0] > mean:
                other, more, many = pools.pop()
                mean = (mean * mass + other * more) / (mass + more)
                mass += more
                size += many
            pools.append((mean, mass, size))
        shifts = (mean for mean, _, size in pools for _ in range(size))
        for point, at, shift in zip(column, offsets, shifts, strict=True):
            wish[of[point]] = at + shift - rise[point]
    return wish


def _room(below: list[list[tuple[int, float]]], order: list[int], wish: list[float]) -> list[float]:
    """Places near the wishes with all gaps kept.

    Pushing what collides only down is one lawful placing, only up another; their middle is
    lawful again, and fair to both.
    """
    down, up = list(wish), list(wish)
    for one in order:
        for two, free in below[one]:
            if down[two] < down[one] + free:
                down[two] = down[one] + free
    for one in reversed(order):
        for two, free in below[one]:
            if up[one] > up[two] - free:
                up[one] = up[two] - free
    return [(a + b) / 2 for a, b in zip(down, up, strict=True)]


def _top_down(below: list[list[tuple[int, float]]]) -> list[int]:
    """The blocks, each after all that stand above it."""
    waiting = [0] * len(below)
    for pairs in below:
        for two, _ in pairs:
            waiting[two] += 1
    order = [one for one, count in enumerate(waiting) if not count]
    for one in order:
        for two, _ in below[one]:
            waiting[two] -= 1
            if not waiting[two]:
                order.append(two)
    return order
