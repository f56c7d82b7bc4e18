"""Where the two labels of a wire hang: on the wire's middle, or nearby where that is taken.

A value hangs above the wire and a gradient below it. Where two wires run close together both
labels move to one side (value still above gradient). Gates, stubs' labels and other numbers are
avoided; in a very large graph only wires into the same gate are told apart.

In Large mode all numbers of a graph are set in one larger size: the largest, up to the size asked
for, at which none covers a gate or another number. Where it does not fit between two gates a pair
of labels stands clear above and below them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import shape
from bpstudio.ui.canvas import geometry, routes
from bpstudio.ui.canvas.geometry import Floats, Ints
from bpstudio.ui.canvas.rows import PILL

if TYPE_CHECKING:
    from bpstudio.ui.canvas.fitting import Room
    from bpstudio.ui.canvas.viewmodel import ViewModel

LABEL_PX = 12.0
"""Size of a label's digits, scene px."""
BOX = (54.0, 15.0)
"""Width that placing reserves for a label (seven characters) and the height of its patch."""
CLEAR = 4.5
"""Free height between a wire and the labels beside its middle, scene px."""
ABOVE, BELOW = -12.5, 12.5
"""Centres of a value and a gradient on their usual sides of the wire."""
NAME_ABOVE = 10.0
"""How far above a body its name is written, scene px."""
OVER = shape.CARD[1] / 2 + 1.5
"""So far from its wire's end a label clears the gate there."""
LARGER = (2.0, 1.75, 1.5, 1.35, 1.25, 1.1, 1.0)
"""The sizes that numbers are tried at, in times the usual one."""
SAFE = 1.1
"""How much larger they may be where nobody looks for room: they fit between two gates."""
CAREFUL = 500
"""With more wires than this only wires into the same gate are told apart."""
PATIENT = 160
"""With more wires than this no larger size than SAFE is looked for."""

_SIDES = (0, -1, 1, -2, 2)
_FAR_SIDES = (4, -3, 3)
"""Sides clear of the gates: both above (-3), both below (3), one above and one below (4)."""
_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)
_COST: NDArray[np.float64] = np.array([30.0, 24.0, 12.0, 0.0, 12.0, 24.0, 30.0, 20.0])
"""By side + 3: how unwelcome it is."""


def offsets(larger: float) -> Floats:
    """By side + 3: how far the value's and the gradient's centre lie below the wire, (8, 2)."""
    tall = BOX[1] * larger
    near, row, over = 5.0 + tall / 2, tall + 0.5, OVER + tall / 2
    return np.array(
        [
            [-over - row, -over],
            [-near - 2 * row, -near - row],
            [-near - row, -near],
            [-near, near],
            [near, near + row],
            [near + row, near + 2 * row],
            [over, over + row],
            [-over, over],
        ]
    )


def wire_room(factor: float) -> Floats:
    """What labels and line width may add to a wire's box."""
    tall = 36.0 + 30.0 * max(factor, 1.0)
    return np.array([-80.0 * factor, -tall, 80.0 * factor, tall])


def body_room(factor: float) -> Floats:
    """What a name above, a badge and the summed gradient at the output may add to a body."""
    return np.array([-14.0, -26.0, 80.0, 30.0]) * factor


def tail(larger: float) -> float:
    """How long the free wire of a result is: its numbers have room on it."""
    return max(shape.STUB, 8.0 + BOX[0] * larger)


def stub_label(larger: float) -> float:
    """How far right of its output a result's labels are centred: clear of a frame around it."""
    return max(shape.STUB / 2 + 6.0, 7.0 + BOX[0] * larger / 2)


@dataclass(slots=True)
class Anchors:
    """Per wire: the point on it where its labels hang, the parameter t, and the side -3 … 4.

    larger   how much larger than usual the numbers are
    room     how much each number has there, once one has asked (see fitting.py)
    moved    the rows of wires and nodes to be fitted anew, None for none
    """

    point: Floats
    t: Floats
    side: NDArray[np.int8]
    larger: float = 1.0
    room: Room | None = None
    moved: tuple[Ints, Ints] | None = None

    def ride(self, view: ViewModel, rows: Ints) -> None:
        """These wires moved: their labels stay at the same t."""
        self.point[rows] = routes.along(view, rows, self.t[rows])

    def refit(self, wires: Ints, nodes: Ints) -> None:
        """The numbers on these wires and nodes may have another room than before."""
        if self.room is None:
            return
        # One drag names the same arrays with every move: nothing has to be joined then.
        if self.moved is not None and self.moved[0] is not wires:
            wires, nodes = np.union1d(self.moved[0], wires), np.union1d(self.moved[1], nodes)
        self.moved = wires.astype(np.intp, copy=False), nodes.astype(np.intp, copy=False)

    def offsets(self, rows: Ints) -> Floats:
        """How far the value's and the gradient's centres lie below the anchors, (k, 2)."""
        return np.asarray(offsets(self.larger)[self.side[rows] + 3])


def anchors(view: ViewModel) -> Anchors:
    """Places for all labels. The same graph gives the same places on every machine."""
    drawn = _drawn(view) if len(view.control) <= CAREFUL else b""
    kept, found = _kept.get(view, (b"", None))
    if not drawn or drawn != kept or found is None:
        most = view.factor if len(view.control) <= PATIENT else min(view.factor, SAFE)
        sizes = [size for size in LARGER if 1.0 < size <= most]
        found = next(filter(None, (_placed(view, size) for size in sizes)), None)
        found = found or _placed(view, 1.0)
        assert found is not None
        _kept[view] = drawn, found
    # Its points will ride along with what is dragged.
    return replace(found, point=found.point.copy())


_kept: WeakKeyDictionary[ViewModel, tuple[bytes, Anchors | None]] = WeakKeyDictionary()
"""The places found last: while a value is scrubbed the graph is read again, but nothing moves."""


def _drawn(view: ViewModel) -> bytes:
    """All that places depend on."""
    at = np.arange(len(view.control))
    columns = (
        np.array([view.factor]),
        view.box,
        view.bodies,
        view.control,
        *(routes.along(view, at, t) for t in (0.3, 0.5, 0.7) if len(at)),
        view.stub,
        view.out_count > 1,
        np.array([len(label) for label in view.nodes.labels]),
    )
    return b"".join(column.tobytes() for column in columns)


def _placed(view: ViewModel, larger: float) -> Anchors | None:
    """Places for all labels at one size; None where a larger size than usual has no room."""
    m = len(view.control)
    found = Anchors(
        routes.along(view, np.arange(m), 0.5), np.full(m, 0.5), np.zeros(m, np.int8), larger
    )
    if m == 0:
        return found
    if m > CAREFUL:
        _part_siblings(view, found)
        return found
    labels = boxes(found.point, found.side, larger)
    # Inside a collapsed group a wire is nowhere: one NaN would make every sum below one.
    labels[~np.isfinite(labels).all(axis=1)] = 0.0
    fixed = _obstacles(view, larger)
    clash = (_overlap(labels, fixed) > 0).any(axis=1) | (_among(labels) > 0).any(axis=1)
    clash = clash.reshape(-1, 2).any(axis=1)
    taken = np.concatenate([fixed, labels[np.repeat(~clash, 2)]])
    if larger > 1.0 and _covered(fixed, len(view.bodies)) >= 1.0:
        return None
    for row in np.flatnonzero(clash):
        t, side, shared = _best(view, int(row), taken, larger)
        if larger > 1.0 and shared >= 1.0:
            return None
        found.t[row], found.side[row] = t, side
        found.point[row] = routes.along(view, [row], t)[0]
        own = boxes(found.point[row : row + 1], found.side[row : row + 1], larger)
        taken = np.concatenate([taken, own])
    return found


def _best(view: ViewModel, row: int, taken: Floats, larger: float) -> tuple[float, int, float]:
    """The place along one wire that covers least, and how much it covers.

    Nearer to the middle where several are free.
    """
    sides = _SIDES if larger == 1.0 else (*_SIDES, *_FAR_SIDES)
    t = np.repeat(_PLACES, len(sides))
    side = np.tile(np.array(sides, dtype=np.int8), len(_PLACES))
    places = routes.along(view, np.full(len(t), row), t)
    shared = _overlap(boxes(places, side, larger), taken)
    # Better over another number's edge than over a gate's.
    shared[:, : len(view.bodies)] *= 4.0
    covered = shared.sum(axis=1).reshape(-1, 2).sum(axis=1)
    cost = covered + np.abs(t - 0.5) * 60.0 + _COST[side + 3]
    upper = view.wires.port[row] < (view.nodes.count[view.wires.target[row]] - 1) / 2
    cost += np.where((side > 0) if upper else (side < 0), 1.0, 0.0)
    best = int(cost.argmin())
    return float(t[best]), int(side[best]), float(covered[best])


def boxes(point: Floats, side: NDArray[np.int8], larger: float) -> Floats:
    """Boxes (2n, 4): of each wire the value's, then the gradient's."""
    out = np.empty((len(point), 2, 4))
    middle = point[:, 1, None] + offsets(larger)[side + 3]
    half, tall = BOX[0] * larger / 2, BOX[1] * larger / 2
    out[:, :, 0], out[:, :, 2] = point[:, 0, None] - half, point[:, 0, None] + half
    out[:, :, 1], out[:, :, 3] = middle - tall, middle + tall
    return out.reshape(-1, 4)


def _obstacles(view: ViewModel, larger: float) -> Floats:
    """Bodies with their ports, the labels of stubs, the sums at fan-outs, and the names."""
    bodies = view.bodies + np.array([-5.0, -1.0, 5.0, 1.0])
    rows = np.flatnonzero(view.stub & np.isfinite(view.box[:, 2]))
    middle = np.column_stack([view.box[rows, 2] + stub_label(larger), view.at[rows, 1]])
    stubs = boxes(middle, np.zeros(len(rows), np.int8), larger)
    added = sums(view, np.flatnonzero((view.out_count > 1) & np.isfinite(view.box[:, 2])), larger)
    return np.concatenate([bodies, stubs, added, named(view, larger)])


def named(view: ViewModel, larger: float) -> Floats:
    """Boxes of the names above gates."""
    long = np.array([len(label) for label in view.nodes.labels])
    at = np.flatnonzero((long > 0) & ~view.stub & (view.nodes.kind != PILL) & view.seen)
    half, tall = long[at] * 3.6 * larger, 8.0 * larger
    x, y = view.at[at, 0], view.box[at, 1] - NAME_ABOVE * larger
    return np.column_stack([x - half, y - tall, x + half, y + tall])


def _covered(fixed: Floats, bodies: int) -> float:
    """How much the numbers that cannot move cover of gates and of one another."""
    texts = fixed[bodies:]
    on_gates = _overlap(texts, fixed[:bodies] + np.array([5.0, 1.0, -5.0, -1.0]))
    return float(on_gates.sum() + _among(texts).sum() / 2)


def _among(found: Floats) -> Floats:
    """How much area each of the boxes shares with each other one."""
    among = _overlap(found, found)
    np.fill_diagonal(among, 0.0)
    return among


def hull_of_nodes(view: ViewModel, at: Ints) -> geometry.Rect | None:
    """The rectangle of these nodes with the free wires, names and numbers beside them."""
    at = at[view.seen[at]]
    if not len(at):
        return None
    larger = view.anchors.larger if view.stub[at].any() and view.factor > 1 else 1.0
    around = view.box[at] + np.array([-6.0, -2.0, 6.0, 2.0])
    name = np.array([8.0 + 9.5 * larger * len(view.nodes.labels[i]) for i in at.tolist()])
    around[:, 2] += np.where(view.stub[at], tail(larger) + name, 0.0)
    around[:, 1] -= np.where(~view.stub[at] & (name > 8), 18.0 * larger, 0.0)
    return geometry.hull(around)


def hull_of_wires(view: ViewModel, at: Ints) -> geometry.Rect | None:
    """The rectangle of these wires and their labels."""
    at = at[np.isfinite(view.wire_box[at, 0])]
    if not len(at):
        return None
    curves = geometry.flatten(routes.pieces(view, at), 8).reshape(-1, 2)
    labels = boxes(view.anchors.point[at], view.anchors.side[at], view.anchors.larger)
    return geometry.union(
        geometry.hull(np.concatenate([curves, curves], axis=1)), geometry.hull(labels)
    )


def sums(view: ViewModel, rows: Ints, larger: float) -> Floats:
    """Boxes for the summed gradient of these nodes: right of and below the output port."""
    out = np.empty((len(rows), 4))
    out[:, 0], out[:, 2] = view.box[rows, 2] + 4, view.box[rows, 2] + 4 + 64 * larger
    out[:, 1], out[:, 3] = view.at[rows, 1] + 8, view.at[rows, 1] + 8 + BOX[1] * larger
    return out


def _overlap(one: Floats, other: Floats) -> Floats:
    """How much area each of the boxes (a, 4) shares with each of the others (b, 4)."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    return np.asarray(np.prod(np.clip(high - low, 0.0, None), axis=2))


def _part_siblings(view: ViewModel, found: Anchors) -> None:
    """Of wires into the same gate whose blocks would touch, the upper goes up, the lower down."""
    order = np.lexsort((view.wires.port, view.wires.target))
    target = view.wires.target[order]
    step = np.abs(np.diff(found.point[order], axis=0))
    wide, tall = BOX[0] * found.larger, 41.0 * found.larger
    tight = (np.diff(target) == 0) & (step[:, 0] < wide) & (step[:, 1] < tall)
    upper, lower = order[:-1][tight], order[1:][tight]
    found.side[lower] = 1
    found.side[upper] = -1
