"""How much room each number on the canvas has, and how it is written in so much.

Layout leaves room for seven characters between two gates. A number that is longer takes what is
free beside it; where that is too little it is rounded to fewer digits, or written with a power of
ten, never over a gate, a name or another number. Hovering tells all its digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.core import numbers
from bpstudio.ui.canvas import placing, routes
from bpstudio.ui.canvas.geometry import Floats, Ints

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

SURE = 58.0
"""Width that every number has between two gates, scene px: "−0.1234", and air beside it."""
SUM_SURE = 64.0
"""Width that the sum at a fan-out has."""
AIR = 3.0
"""Between a number and what stands beside it."""
STEEP_SURE = 74.0
"""Width that one has on a steep wire where more is free beside it: a longer one would hide it."""
MOST_FOLLOWED = 64
"""With more moved wires than this the numbers on them are fitted when they have come to rest."""
_PORT = 3.0
"""A port's dot stands out of its gate by so much more than AIR."""
_WIDTHS = {numbers.MINUS: 10.1, ".": 4.6, " ": 4.2, "\N{THIN SPACE}": 2.4, "±": 10.1, "∞": 10.0}
_DIGIT = 8.4
"""Widths at the usual size of a label, in the font that is shipped; letters as wide as digits."""


@lru_cache(maxsize=65536)
def width(text: str) -> float:
    """How wide a label's number is, scene px."""
    return sum(_WIDTHS.get(sign, _DIGIT) for sign in text)


@lru_cache(maxsize=65536)
def fitted(value: float, digits: int, room: float) -> str:
    """The number with as many digits, up to so many, as there is room for."""
    shortest = whole = numbers.show(value, digits)
    if width(whole) <= room:
        return whole
    for fewer in range(digits - 1, 0, -1):
        # One digit alone would pass for an exact number: only with a power of ten.
        plain = [numbers.show(value, fewer)] if fewer > 1 else []
        for text in (*plain, _powered(value, fewer)):
            if width(text) <= room:
                return text
            shortest = min(shortest, text, key=width)
    return shortest


def _powered(value: float, digits: int) -> str:
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", numbers.MINUS)


@dataclass(frozen=True, slots=True)
class Room:
    """The widths that are free, scene px.

    wires  of each wire's value and gradient, (m, 2)
    tails  of each node's value and gradient on its free wire, (n, 2)
    sums   of each node's summed gradient, (n,)
    reach  how far to either side of its middle each number may go: those on wires, then those on
           the free wires of `stubs`; in a very large graph nobody asks
    stubs  the rows of the nodes that have a free wire
    """

    wires: Floats
    tails: Floats
    sums: Floats
    reach: Floats
    stubs: Ints


def room(view: ViewModel) -> Room:
    """How much room the numbers have where they hang now.

    While a few gates are dragged the numbers on their wires are fitted with every move. Those of
    wires that stand keep what they had: they are a still picture meanwhile, and take what has
    become free when the gates come to rest. So do all where many wires move.
    """
    anchors = view.anchors
    if anchors.room is None:
        anchors.room = _room(view)
    elif anchors.moved is not None and len(anchors.moved[0]) <= MOST_FOLLOWED:
        _follow(view, anchors.room, *anchors.moved)
    anchors.moved = None
    return anchors.room


def _room(view: ViewModel) -> Room:
    """The room that every number has where it stands. In a very large graph only the gates that a
    wire joins and the names behind results are looked at."""
    m, n, larger = len(view.control), len(view.nodes.ids), view.larger
    stubs = np.flatnonzero(view.stub & np.isfinite(view.box[:, 2]))
    found = Room(
        np.empty((m, 2)),
        np.full((n, 2), _tail(larger)),
        np.full(n, SUM_SURE * larger),
        np.zeros(2 * (m + len(stubs))),
        stubs,
    )
    _follow(view, found, np.arange(m), np.arange(n))
    return found


def _follow(view: ViewModel, found: Room, wires: Ints, nodes: Ints) -> None:
    """Measure the room of the numbers on these wires and nodes anew."""
    larger, sure = view.larger, SURE * view.larger
    if len(view.control) > placing.CAREFUL:
        control = view.control[wires]
        gap = control[:, 3, 0] - control[:, 0, 0] - 2 * AIR
        found.wires[wires] = np.fmax(gap, sure)[:, None]
        return
    m, stubs = len(view.control), found.stubs
    moving, still = _middles(view, stubs), _still(view, stubs)
    ends = np.flatnonzero(np.isin(stubs, nodes))
    which = np.concatenate([_pairs(wires), _pairs(m + ends)])
    half = np.minimum(
        _from_boxes(moving[which], still, larger), _from_one_another(moving, which, larger)
    )
    found.reach[which] = half
    free = np.maximum(2 * (half - AIR), sure).reshape(-1, 2)
    on_wires = free[: len(wires)]
    found.wires[wires] = np.minimum(on_wires, _beside_steep(view, wires, on_wires))
    found.tails[stubs[ends]] = np.minimum(free[len(wires) :], _tail(larger))
    fans = nodes[(view.out_count[nodes] > 1) & np.isfinite(view.box[nodes, 2])]
    beside = _right_of(placing.sums(view, fans, larger), moving, still, found.reach)
    found.sums[fans] = np.maximum(beside, SUM_SURE * larger)


def _pairs(rows: Ints) -> Ints:
    """The places of the two numbers of each row."""
    return np.asarray((2 * rows[:, None] + np.arange(2)).reshape(-1))


def _still(view: ViewModel, stubs: Ints) -> Floats:
    """Boxes of all that numbers keep clear of, but of one another."""
    larger = view.larger
    fans = np.flatnonzero((view.out_count > 1) & np.isfinite(view.box[:, 2]))
    return np.concatenate(
        [
            view.bodies + np.array([-_PORT, -1.0, _PORT, 1.0]),
            placing.sums(view, fans, larger),
            placing.named(view, larger),
            _result_names(view, stubs),
        ]
    )


def _tail(larger: float) -> float:
    """What the free wire out of a result has: from its gate to its name."""
    middle = placing.stub_label(larger)
    return 2 * (min(middle, placing.tail(larger) + 8.0 - middle) - 1.0)


def _beside_steep(view: ViewModel, wires: Ints, free: Floats) -> Floats:
    """So wide a number may be that it can stand aside of its own wire, (k, 2)."""
    way = routes.heading(view, wires, view.anchors.t[wires])
    run = way[:, 3] + way[:, 2] - way[:, 1] - way[:, 0]
    steep = np.abs(run[:, 1]) / np.maximum(np.abs(run[:, 0]), 1e-6)
    aside = free / 2 + placing.CLEAR / np.maximum(steep, 1e-6)[:, None]
    return np.asarray(np.maximum(aside, STEEP_SURE * view.larger))


def _middles(view: ViewModel, stubs: Ints) -> Floats:
    """The middles of all numbers that are centred: on wires, then on free wires, (k, 2)."""
    larger = view.larger
    boxes = placing.boxes(view.anchors.point, view.anchors.side, larger)
    ends = np.column_stack([view.box[stubs, 2] + placing.stub_label(larger), view.at[stubs, 1]])
    both = np.concatenate([boxes, placing.boxes(ends, np.zeros(len(stubs), np.int8), larger)])
    return np.asarray((both[:, :2] + both[:, 2:]) / 2)


def _result_names(view: ViewModel, stubs: Ints) -> Floats:
    """Boxes of the names behind results."""
    long = np.array([len(view.nodes.labels[i]) for i in stubs.tolist()], dtype=float)
    at, long = stubs[long > 0], long[long > 0] * 9.0 * view.larger
    x, y, tall = view.box[at, 2] + view.tail + 8.0, view.at[at, 1], 8.0 * view.larger
    return np.column_stack([x, y - tall, x + long, y + tall])


def _from_boxes(middle: Floats, boxes: Floats, larger: float) -> Floats:
    """How far numbers may reach to either side before they meet one of these boxes."""
    tall = placing.BOX[1] * larger / 2
    x, y = middle[:, :1], middle[:, 1:]
    level = (boxes[:, 1] < y + tall) & (boxes[:, 3] > y - tall)
    away = np.maximum(boxes[:, 0] - x, x - boxes[:, 2])
    return np.asarray(np.where(level, away, np.inf).min(axis=1, initial=np.inf))


def _from_one_another(middle: Floats, which: Ints, larger: float) -> Floats:
    """The same for some of the numbers among all: each has half of the way to the next."""
    apart = np.abs(middle[which, None] - middle[None])
    level = apart[:, :, 1] < placing.BOX[1] * larger - 0.5
    level[np.arange(len(which)), which] = False
    return np.asarray(np.where(level, apart[:, :, 0] / 2, np.inf).min(axis=1, initial=np.inf))


def _right_of(sums: Floats, middle: Floats, still: Floats, half: Floats) -> Floats:
    """The widths free from the left ends of these sums to what stands right of them."""
    numbers_there = np.column_stack([middle - half[:, None], middle + half[:, None]])
    tall = placing.BOX[1] / 2
    numbers_there[:, 1], numbers_there[:, 3] = middle[:, 1] - tall, middle[:, 1] + tall
    boxes = np.concatenate([still, numbers_there])
    level = (boxes[:, 1] < sums[:, 3:]) & (boxes[:, 3] > sums[:, 1:2])
    away = np.where(level & (boxes[:, 0] > sums[:, :1]), boxes[:, 0] - sums[:, :1], np.inf)
    return np.asarray(away.min(axis=1, initial=np.inf) - 2.0 - AIR)
