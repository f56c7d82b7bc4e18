"""The last touch: nodes change their heights where the wires, as they are drawn, then cross less.

The sheet counts crossings between neighbouring columns, but a long wire is drawn as one S that does
not keep to its bends. So here the finished drawing itself is improved: columns stay, and within its
column each node in turn goes to the free height that is best for all (Matuszewski, Schoenfeld,
Molitor 1999 call it sifting), or changes places with another one. While the columns stay, the
height of every curve at a given x is linear in the heights of the nodes; so all that can change is
kept as rows of numbers, and trying a height costs a multiplication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import ceil
from random import Random

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.graph import Point
from bpstudio.core.layout.drawn import NEAR, UNDER, climb_at
from bpstudio.core.layout.layers import Thread
from bpstudio.core.layout.rows import ROW_GAP
from bpstudio.core.shape import PORT_GAP, SNAP

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ROUNDS = 8
"""Most rounds; with 50 nodes it rarely takes five until nothing moves any more."""
WORK = 3_500_000
"""Rounds cost about wires squared times nodes: large tangles get fewer, half a second in all."""
CLIMB = 0.001
"""What a scene pixel of climb costs, in crossings: of equal heights the straighter wires win."""
STEP = 2 * SNAP
"""Distance of the heights that are tried, at least."""
TRIED = 48
"""Heights that are tried, at most."""
MARGIN = 2 * ROW_GAP
"""How far the drawing may grow upwards and downwards."""
HAIR = 1e-9
"""A gain below it is noise."""


def polished(
    threads: Sequence[Thread], at: Sequence[Point], shapes: Sequence[Point]
) -> list[Point]:
    """Centres with the same x and better y. `at` must lie on the SNAP grid, without overlaps."""
    page = _Page(threads, np.array(at), np.array(shapes))
    random = Random(len(threads))
    order = list(range(len(at)))
    rounds = min(ROUNDS, WORK // (len(threads) ** 2 * len(at)))
    for _ in range(max(1, rounds)):
        random.shuffle(order)
        sifted = [page.sift(node) for node in order]
        swapped = [page.swap(*pair) for column in page.columns for pair in combinations(column, 2)]
        if not any(sifted) and not any(swapped):
            break
    return [(x, float(y)) for (x, _), y in zip(at, page.y, strict=True)]


class _Rows:
    """Numbers that are linear in the nodes' heights, kept up to date; (rows, width).

    rows[node], slope[node]: which rows depend on a node, and by how much each.
    """

    def __init__(self, count: int, terms: Sequence[_Term], y: Floats) -> None:
        width = terms[0].slope.shape[1]
        node = np.concatenate([term.node for term in terms])
        row = np.concatenate([np.arange(count)] * len(terms))
        # A row may name a node twice, as two wires into the same gate do: one sum for each.
        keys, place = np.unique(node * count + row, return_inverse=True)
        slope = np.zeros((len(keys), width))
        np.add.at(slope, place, np.concatenate([term.slope for term in terms]))
        node, row = np.divmod(keys, count)
        bounds = np.searchsorted(node, np.arange(len(y) + 1))
        parts = [slice(a, b) for a, b in pairwise(bounds)]
        self.rows: list[Ints] = [row[part] for part in parts]
        self.slope: list[Floats] = [slope[part] for part in parts]
        self.now = np.zeros((count, width))
        for term in terms:
            self.now += term.slope * (y[term.node][:, None] + term.drop[:, None])

    def tried(self, node: int, steps: Floats) -> Floats:
        """The rows that depend on a node (rows, width, steps), were it moved by each step."""
        now: Floats = self.now[self.rows[node]][:, :, None]
        return now + self.slope[node][:, :, None] * steps

    def moved(self, *moves: tuple[int, float]) -> Floats:
        """All rows, were these nodes moved."""
        now = self.now.copy()
        for node, step in moves:
            now[self.rows[node]] += self.slope[node] * step
        return now

    def move(self, node: int, step: float) -> None:
        self.now[self.rows[node]] += self.slope[node] * step


@dataclass
class _Term:
    """One summand of rows: of each, a node, a slope (rows, width) and px below its centre."""

    node: Ints
    slope: Floats
    drop: Floats


class _Wires:
    """Where the wires start and end, and the terms of their heights at given x."""

    def __init__(self, threads: Sequence[Thread], at: Floats, shapes: Floats) -> None:
        self.source = np.array([t.source for t in threads], np.intp)
        self.target = np.array([t.target for t in threads], np.intp)
        self.drop = np.array([(t.port - (t.ports - 1) / 2) * PORT_GAP for t in threads])
        self.left = at[self.source, 0] + shapes[self.source, 0] / 2
        self.right = at[self.target, 0] - shapes[self.target, 0] / 2

    def heights(self, wire: Ints, xs: Floats, sign: float) -> list[_Term]:
        """The height of each wire at its own xs (rows, width), times sign."""
        start, end = self.left[wire, None], self.right[wire, None]
        climbed = climb_at((xs - start) / (end - start))
        nothing = np.zeros(len(wire))
        return [
            _Term(self.source[wire], sign * (1 - climbed), nothing),
            _Term(self.target[wire], sign * climbed, self.drop[wire]),
        ]


class _Page:
    """A drawing whose columns stay: what crosses, what runs under what, how far wires climb."""

    def __init__(self, threads: Sequence[Thread], at: Floats, shapes: Floats) -> None:
        self.y = at[:, 1].copy()
        self.low, self.high = self.y.min() - MARGIN, self.y.max() + MARGIN
        self.step = max(STEP, ceil((self.high - self.low) / TRIED / SNAP) * SNAP)
        self.tall: list[float] = shapes[:, 1].tolist()
        wires = _Wires(threads, at, shapes)
        self.pairs = self._pairs(wires)
        self.bodies, self.reach = self._bodies(wires, at, shapes)
        self.climbs = self._climbs(wires)
        self.cost: float | None = None
        columns: dict[float, list[int]] = {}
        for node, x in enumerate(at[:, 0].tolist()):
            columns.setdefault(x, []).append(node)
        self.columns = [columns[x] for x in sorted(columns)]
        self.column = {node: column for column in self.columns for node in column}

    def sift(self, node: int) -> bool:
        """Move a node to the best free height of its column; whether that gained."""
        heights = np.arange(self.low, self.high, self.step)
        for other in self.column[node]:
            if other != node:
                heights = heights[abs(heights - self.y[other]) >= self._gap(node, other)]
        heights = np.append(heights, self.y[node])
        costs = self._costs(node, heights - self.y[node])
        best = int(costs.argmin())
        if costs[best] > costs[-1] - HAIR:
            return False
        self._move(node, float(heights[best] - self.y[node]))
        return True

    def swap(self, one: int, two: int) -> bool:
        """Let two nodes of a column change places, if that gains; whether it did."""
        step = float(self.y[two] - self.y[one])
        if self.tall[one] != self.tall[two]:
            return False
        if self.cost is None:
            self.cost = self._cost()
        if self._cost((one, step), (two, -step)) > self.cost - HAIR:
            return False
        self._move(one, step)
        self._move(two, -step)
        return True

    def _gap(self, one: int, two: int) -> float:
        return ceil(((self.tall[one] + self.tall[two]) / 2 + ROW_GAP) / SNAP) * SNAP

    def _move(self, node: int, step: float) -> None:
        self.y[node] += step
        self.cost = None
        for rows in (self.pairs, self.bodies, self.climbs):
            rows.move(node, step)

    def _cost(self, *moves: tuple[int, float]) -> float:
        pairs, bodies = self.pairs.moved(*moves), self.bodies.moved(*moves)
        crossed = np.count_nonzero(pairs[:, 0] * pairs[:, 1] < 0)
        under = np.count_nonzero((abs(bodies) < self.reach[:, None]).any(axis=1))
        climbed = float(abs(self.climbs.moved(*moves)).sum())
        return float(crossed + UNDER * under + CLIMB * climbed)

    def _costs(self, node: int, steps: Floats) -> Floats:
        """What depends on a node, were it moved by each step."""
        pairs, bodies = self.pairs.tried(node, steps), self.bodies.tried(node, steps)
        reach = self.reach[self.bodies.rows[node]][:, None, None]
        crossed = (pairs[:, 0] * pairs[:, 1] < 0).sum(axis=0)
        under = (abs(bodies) < reach).any(axis=1).sum(axis=0)
        climbed = abs(self.climbs.tried(node, steps)).sum(axis=(0, 1))
        costs: Floats = crossed + UNDER * under + CLIMB * climbed
        return costs

    def _pairs(self, wires: _Wires) -> _Rows:
        """How far wire one is below wire two at either end of the stretch that they share."""
        one, two = np.triu_indices(len(wires.left), 1)
        start = np.maximum(wires.left[one], wires.left[two])
        stop = np.minimum(wires.right[one], wires.right[two])
        beside = (start < stop) & (wires.source[one] != wires.source[two])
        one, two = one[beside], two[beside]
        ends = np.stack([start[beside], stop[beside]], axis=1)
        terms = wires.heights(one, ends, 1.0) + wires.heights(two, ends, -1.0)
        return _Rows(len(one), terms, self.y)

    def _bodies(self, wires: _Wires, at: Floats, shapes: Floats) -> tuple[_Rows, Floats]:
        """How far each wire is below a body that it passes, at that one's left, middle, right."""
        wire, body = (
            grid.ravel() for grid in np.indices((len(wires.left), len(at)), dtype=np.intp)
        )
        left = at[body, 0] - shapes[body, 0] / 2 - NEAR
        right = at[body, 0] + shapes[body, 0] / 2 + NEAR
        passes = (left < wires.right[wire]) & (wires.left[wire] < right)
        passes &= (wires.source[wire] != body) & (wires.target[wire] != body)
        passes &= wires.left[wire] < wires.right[wire]
        wire, body, left, right = wire[passes], body[passes], left[passes], right[passes]
        xs = np.stack([left, (left + right) / 2, right], axis=1)
        xs = np.clip(xs, wires.left[wire, None], wires.right[wire, None])
        itself = _Term(body, np.full(xs.shape, -1.0), np.zeros(len(body)))
        terms = [*wires.heights(wire, xs, 1.0), itself]
        return _Rows(len(wire), terms, self.y), shapes[body, 1] / 2 + NEAR

    def _climbs(self, wires: _Wires) -> _Rows:
        """How far each wire climbs."""
        count = len(wires.left)
        terms = [
            _Term(wires.target, np.ones((count, 1)), wires.drop),
            _Term(wires.source, -np.ones((count, 1)), np.zeros(count)),
        ]
        return _Rows(count, terms, self.y)
