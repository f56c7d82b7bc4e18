"""In which order the points of each column stand, so that few links cross.

Sweeps to and fro put every point at the mean place of its neighbours (Sugiyama, Tagawa, Toda
1981), neighbours that stand the wrong way round change places, and small sheets start over a
few times. Ports count: wires that would cross just before their gate are seen as crossing. The
random starts are seeded, so the same sheet always gives the same order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from random import Random

from bpstudio.core.layout.layers import Sheet

Columns = list[list[int]]
STARTS = 24
"""Most random starts of a small sheet; more gain little (48: one crossing less in a hundred)."""
KEPT = 8
"""Orders that are worth drawing to see which looks best."""
PATIENCE = 4
"""Sweeps without a gain after which a start is given up."""


def arranged(sheet: Sheet) -> list[tuple[int, Columns]]:
    """The few best orders found, with their counts of crossings; the best one first.

    An order holds each column's points from top to bottom.
    """
    start = _natural(sheet)
    found = [_Sweeper(sheet, start).settled()]
    points = len(sheet.column)
    random = Random(points)
    for _ in range(min(STARTS, 2500 // points) if found[0][0] else 0):
        columns = [random.sample(column, len(column)) for column in start]
        found.append(_Sweeper(sheet, columns).settled())
    return sorted(found, key=lambda order: order[0])[:KEPT]


def crossings(sheet: Sheet, columns: Columns) -> int:
    """How many pairs of links cross."""
    place = _places(sheet, columns)
    return sum(_between(sheet, column, place) for column in columns)


def _between(sheet: Sheet, column: list[int], place: list[int]) -> int:
    """The crossings between a column and the next."""
    count = 0
    seen: list[float] = []
    for point in column:
        keys = [place[link.point] + link.share for link in sheet.out[point]]
        if seen:
            count += sum(len(seen) - bisect_right(seen, key) for key in keys)
        for key in keys:
            insort(seen, key)
    return count


def _places(sheet: Sheet, columns: Columns) -> list[int]:
    place = [0] * len(sheet.column)
    for column in columns:
        for row, point in enumerate(column):
            place[point] = row
    return place


def _natural(sheet: Sheet) -> Columns:
    """As one reads a formula: from the last gate back, each gate's inputs in the ports' order."""
    columns: Columns = [[] for _ in range(max(sheet.column) + 1)]
    seen = [False] * len(sheet.column)
    ends = [p for p in range(sheet.nodes) if not sheet.out[p]]
    rest = range(len(sheet.column))
    for end in (*ends, *rest):
        todo = [end]
        while todo:
            point = todo.pop()
            if seen[point]:
                continue
            seen[point] = True
            columns[sheet.column[point]].append(point)
            todo.extend(link.point for link in reversed(sheet.into[point]))
    return columns


class _Sweeper:
    """One start, swept until it no longer gets better."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self.sheet = sheet
        self.columns = [list(column) for column in columns]
        self.place = _places(sheet, columns)
        self.sweeps = max(4, min(24, 30_000 // len(sheet.column)))

    def settled(self) -> tuple[int, Columns]:
        best = crossings(self.sheet, self.columns), [list(c) for c in self.columns]
        tired = 0
        for sweep in range(self.sweeps):
            if not best[0] or tired == PATIENCE:
                break
            self._sweep(forward=sweep % 2 == 0)
            self._exchange()
            count = crossings(self.sheet, self.columns)
            if count < best[0]:
                best, tired = (count, [list(c) for c in self.columns]), 0
            else:
                tired += 1
        return best

    def _sweep(self, *, forward: bool) -> None:
        links = self.sheet.into if forward else self.sheet.out
        place = self.place
        for column in self.columns if forward else reversed(self.columns):
            wish = {}
            for point in column:
                if near := links[point]:
                    if forward:
                        total = float(sum(place[link.point] for link in near))
                    else:
                        total = sum(place[link.point] + link.share for link in near)
                    wish[point] = total / len(near)
            # Points without neighbours on that side keep their rows; the others fill the rest.
            sorted_points = iter(sorted(wish, key=wish.__getitem__))
            for row, point in enumerate(column):
                column[row] = next(sorted_points) if point in wish else point
            for row, point in enumerate(column):
                place[point] = row

    def _exchange(self) -> None:
        """Neighbours change places while that gains; every new pair of neighbours is tried."""
        for column in self.columns:
            if len(column) < 2:
                continue
            near = {point: self._near(point) for point in column}
            for last in range(1, len(column)):
                row = last
                while row and _gain(near[column[row - 1]], near[column[row]]) > 0:
                    column[row - 1], column[row] = column[row], column[row - 1]
                    row -= 1
            for row, point in enumerate(column):
                self.place[point] = row

    def _near(self, point: int) -> tuple[list[float], list[float]]:
        place = self.place
        left = sorted(float(place[link.point]) for link in self.sheet.into[point])
        right = sorted(place[link.point] + link.share for link in self.sheet.out[point])
        return left, right


def _gain(above: tuple[list[float], list[float]], below: tuple[list[float], list[float]]) -> int:
    """How many crossings fewer there are when two neighbours change places."""
    gain = 0
    for ups, downs in zip(above, below, strict=True):
        if not ups or not downs or ups[-1] < downs[0]:
            gain -= len(ups) * len(downs)
        elif downs[-1] < ups[0]:
            gain += len(ups) * len(downs)
        else:
            for up in ups:
                gain += bisect_left(downs, up) + bisect_right(downs, up) - len(downs)
    return gain
