"""Where the two labels of a wire hang: on the wire's middle, or nearby where that is taken.

A label block is a value above the wire and a gradient below it. Where two wires run close together
both labels move to one side (value still above gradient). Gates, stubs' labels and other blocks are
avoided; in a very large graph only wires into the same gate are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import shape
from bpstudio.ui.canvas import geometry
from bpstudio.ui.canvas.geometry import Floats, Ints

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

LABEL_PX = 12.0
"""Size of a label's digits, scene px."""
BOX = (54.0, 15.0)
"""Width that placing reserves for a label (seven characters) and the height of its patch."""
CLEAR = 4.5
"""Free height between a wire and the labels beside its middle, scene px."""
ABOVE, BELOW = -12.5, 12.5
"""Centres of a value and a gradient on their usual sides of the wire."""
OFFSETS: NDArray[np.float64] = np.array(
    [[-43.5, -28.0], [-28.0, ABOVE], [ABOVE, BELOW], [BELOW, 28.0], [28.0, 43.5]]
)
"""By side + 2: how far the value's and the gradient's centre lie below the wire."""
_SPAN: NDArray[np.float64] = OFFSETS + np.array([-8.0, 8.0])
"""By side + 2: top and bottom of the block."""
ROOM: NDArray[np.float64] = np.array([-80.0, -48.0, 80.0, 48.0])
"""What labels and line width may add to a wire's box."""
BODY_ROOM: NDArray[np.float64] = np.array([-14.0, -26.0, 80.0, 30.0])
"""What a name above, a badge and the summed gradient at the output may add to a body."""
STUB_LABEL = shape.STUB / 2 + 6
"""How far right of its output a result's labels are centred: clear of a frame around it."""
CAREFUL = 500
"""With more wires than this only wires into the same gate are told apart."""

_TRIES = tuple(
    (t, side) for t in (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78) for side in (0, -1, 1, -2, 2)
)


@dataclass(slots=True)
class Anchors:
    """Per wire: the point on it where its labels hang, the parameter t, and the side -2 … 2."""

    point: Floats
    t: Floats
    side: NDArray[np.int8]

    def ride(self, control: Floats, rows: Ints) -> None:
        """These wires moved: their labels stay at the same t."""
        self.point[rows] = geometry.along(control[rows], self.t[rows])

    def offsets(self, rows: Ints) -> Floats:
        """How far the value's and the gradient's centres lie below the anchors, (k, 2)."""
        return np.asarray(OFFSETS[self.side[rows] + 2])


def anchors(view: ViewModel) -> Anchors:
    """Places for all labels. The same graph gives the same places on every machine."""
    m = len(view.control)
    found = Anchors(geometry.along(view.control, 0.5), np.full(m, 0.5), np.zeros(m, np.int8))
    if m == 0:
        return found
    if m > CAREFUL:
        _part_siblings(view, found)
        return found
    blocks = _blocks(found.point, found.side)
    fixed = _obstacles(view)
    clash = _overlap(blocks, fixed).any(axis=1)
    among = _overlap(blocks, blocks)
    np.fill_diagonal(among, 0.0)
    clash |= among.any(axis=1)
    taken = np.concatenate([fixed, blocks[~clash]])
    for row in np.flatnonzero(clash):
        t, side = _best(view, int(row), taken)
        found.t[row], found.side[row] = t, side
        found.point[row] = geometry.along(view.control[row : row + 1], t)[0]
        block = _blocks(found.point[row : row + 1], found.side[row : row + 1])
        taken = np.concatenate([taken, block])
    return found


def _best(view: ViewModel, row: int, taken: Floats) -> tuple[float, int]:
    """The place along one wire that covers least; nearer to the middle where several are free."""
    t = np.array([place for place, _ in _TRIES])
    side = np.array([s for _, s in _TRIES], dtype=np.int8)
    control = np.broadcast_to(view.control[row], (len(t), 4, 2))
    shared = _overlap(_blocks(geometry.along(control, t), side), taken)
    # Better over another number's edge than over a gate's.
    shared[:, : len(view.box)] *= 4.0
    cost = shared.sum(axis=1) + np.abs(t - 0.5) * 60.0 + np.abs(side) * 12.0
    upper = view.wires.port[row] < (view.nodes.count[view.wires.target[row]] - 1) / 2
    cost += np.where((side > 0) if upper else (side < 0), 1.0, 0.0)
    best = int(cost.argmin())
    return float(t[best]), int(side[best])


def _blocks(point: Floats, side: NDArray[np.int8]) -> Floats:
    """Boxes (n, 4) of whole label blocks."""
    span = _SPAN[side + 2]
    out = np.empty((len(point), 4))
    out[:, 0], out[:, 2] = point[:, 0] - BOX[0] / 2, point[:, 0] + BOX[0] / 2
    out[:, 1], out[:, 3] = point[:, 1] + span[:, 0], point[:, 1] + span[:, 1]
    return out


def _obstacles(view: ViewModel) -> Floats:
    """Bodies with their ports, the labels of stubs, and the sums at fan-outs."""
    bodies = view.box + np.array([-5.0, -1.0, 5.0, 1.0])
    rows = np.flatnonzero(view.stub)
    middle = np.column_stack([view.box[rows, 2] + STUB_LABEL, view.at[rows, 1]])
    stubs = _blocks(middle, np.zeros(len(rows), np.int8))
    return np.concatenate([bodies, stubs, sums(view, np.flatnonzero(view.out_count > 1))])


def hull_of_nodes(view: ViewModel, at: Ints) -> geometry.Rect | None:
    """The rectangle of these nodes with the free wires, names and numbers beside them."""
    if not len(at):
        return None
    boxes = view.box[at] + np.array([-6.0, -2.0, 6.0, 2.0])
    tail = np.array([8.0 + 9.5 * len(view.nodes.labels[i]) for i in at.tolist()])
    boxes[:, 2] += np.where(view.stub[at], shape.STUB + tail, 0.0)
    boxes[:, 1] -= np.where(~view.stub[at] & (tail > 8), 18.0, 0.0)
    return geometry.hull(boxes)


def hull_of_wires(view: ViewModel, at: Ints) -> geometry.Rect | None:
    """The rectangle of these wires and their labels."""
    if not len(at):
        return None
    curves = geometry.flatten(view.control[at], 8).reshape(-1, 2)
    labels = _blocks(view.anchors.point[at], view.anchors.side[at])
    return geometry.union(
        geometry.hull(np.concatenate([curves, curves], axis=1)), geometry.hull(labels)
    )


def sums(view: ViewModel, rows: Ints) -> Floats:
    """Boxes for the summed gradient of these nodes: right of and below the output port."""
    out = np.empty((len(rows), 4))
    out[:, 0], out[:, 2] = view.box[rows, 2] + 4, view.box[rows, 2] + 52
    out[:, 1], out[:, 3] = view.at[rows, 1] + 8, view.at[rows, 1] + 23
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
    tight = (np.diff(target) == 0) & (step[:, 0] < BOX[0]) & (step[:, 1] < 41.0)
    upper, lower = order[:-1][tight], order[1:][tight]
    found.side[lower] = 1
    found.side[upper] = -1
