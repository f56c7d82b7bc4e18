"""Difference quotients: what happens to the outputs when the number on a wire is nudged.

Many nudges are done at once, one in each pair of samples of a batch, and only the levels above the
lowest nudged wire are computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import wide
from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import quiet
from bpstudio.core.order import Rows
from bpstudio.core.trace import Trace

Mask = NDArray[np.bool_]

ROOM = 4_000_000
"""Numbers held at once: 32 MB an array. Large graphs are nudged in pieces of this."""


@dataclass(slots=True)
class Differences:
    """Per wire: difference quotients, the step, how far the outputs moved at most on the way to
    either side, and whether a kink or tie lay between the two."""

    central: Array
    left: Array
    right: Array
    step: Array
    moved: Array
    kink: Mask
    tie: Mask

    @classmethod
    def nothing(cls, size: int) -> Differences:
        """No difference known, nothing crossed."""
        central, left, right, step, moved = (np.full(size, np.nan) for _ in range(5))
        return cls(central, left, right, step, moved, np.zeros(size, bool), np.zeros(size, bool))

    def replace(self, at: Rows, by: Differences, chosen: Mask) -> None:
        for part in fields(self):
            getattr(self, part.name)[at] = getattr(by, part.name)[chosen]


def differences(trace: Trace, rows: Rows, h: Array | float, least: float = 1.0) -> Differences:
    """Difference quotients for these wire rows (ascending; one may stand there many times).

    `h` is scaled by the number on the wire or, where that is smaller, by `least`.
    """
    wiring = trace.plan.wiring
    size = max(1, ROOM // (2 * max(1, wiring.count + wiring.wire_count)))
    found = Differences.nothing(rows.size)
    with quiet():
        step = found.step = h * np.maximum(least, np.abs(trace.wire_value[rows, 0]))
    for start in range(0, rows.size, size):
        piece = slice(start, min(start + size, rows.size))
        _fill(trace, rows[piece], step[piece], piece, found)
    return found


def _fill(trace: Trace, rows: Rows, step: Array, piece: slice, found: Differences) -> None:
    """One piece: every wire nudged up in one sample and down in another."""
    plan, wiring = trace.plan, trace.plan.wiring
    count = rows.size
    seen = trace.wire_value[rows, 0]
    with quiet():
        # What the nudge really was, after rounding: the quotient must divide by that.
        up, down = seen + step, seen - step
    desk = plan.desk(2 * count)
    levels = np.searchsorted(np.array(wiring.level_wires), rows, side="right") - 1
    lowest = int(levels[0])
    base = wiring.level_rows[lowest]
    desk.value[:base] = trace.value[:base]

    def nudge(level: int, inputs: Array) -> None:
        here = np.flatnonzero(levels == level)
        slots = rows[here] - wiring.level_wires[level]
        inputs[slots, here] = up[here]
        inputs[slots, count + here] = down[here]

    with quiet():
        wide.forward(desk, range(lowest, len(wiring.level_rows) - 1), nudge)
        ends, weights = trace.seeds.arrays
        above = weights @ (desk.value[ends, :count] - trace.value[ends])
        below = weights @ (trace.value[ends] - desk.value[ends, count:])
        found.central[piece] = (above + below) / (up - down)
        found.right[piece] = above / (up - seen)
        found.left[piece] = below / (seen - down)
        found.moved[piece] = np.fmax(np.abs(above), np.abs(below))
    first = wiring.level_wires[lowest]
    found.kink[piece], found.tie[piece] = _crossed(trace, desk, first, count)


def _crossed(trace: Trace, desk: wide.Desk, first: int, count: int) -> tuple[Mask, Mask]:
    """Per nudged wire, whether some gate's kink, or a tie, lies between the two sides.

    Wires before row `first` were not computed anew.
    """
    kink, tie = np.zeros(count, bool), np.zeros(count, bool)
    for kind in desk.kinds.all:
        slots = [desk.kinds.wires[slot] for slot in kind.slots()]
        keep = slots[0] >= first
        if not keep.any():
            continue
        wires = [slot[keep] for slot in slots]
        for at in kind.gate.kinks:
            side = np.sign(desk.inputs[wires[0]] - at)
            here = np.sign(trace.wire_value[wires[0]] - at)
            kink |= ((side[:, :count] != side[:, count:]) | (side[:, :count] != here)).any(axis=0)
        for edge in kind.gate.edges:
            if edge.what == "kink":
                side = np.sign(edge.part(tuple(desk.inputs[w] for w in wires)) - edge.number)
                here = np.sign(edge.part(tuple(trace.wire_value[w] for w in wires)) - edge.number)
                apart = (side[:, :count] != side[:, count:]) | (side[:, :count] != here)
                kink |= apart.any(axis=0)
        if kind.gate.ties:
            rows = desk.wiring.target[wires[0]]
            for wire in wires:
                wins = desk.inputs[wire] == desk.value[rows]
                won = trace.wire_value[wire] == trace.value[rows]
                tie |= ((wins[:, :count] != wins[:, count:]) | (wins[:, :count] != won)).any(axis=0)
    return kink, tie
