"""Is the gradient right? Central differences for every wire against the trace.

A wire's numeric gradient changes the value that its target sees, and nothing else that the source
feeds: (J(v + h) − J(v − h)) / 2h, J being the seeded sum of outputs. Many wires are nudged at once,
one sample of a batch each. Where a nudge carries some gate over its kink, or turns a tie, both
sides have slopes of their own and the verdict says so instead of crying wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import wide
from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import quiet
from bpstudio.core.graph import Graph, UnknownItem
from bpstudio.core.order import Rows
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from bpstudio.language import tr

STEP = 1e-6
"""h for |v| ≤ 1, times |v| above: the error of central differences is least near 1e-6."""
CLOSE = 1e-5
"""Relative difference up to which numeric and analytic agree."""
APART = 1e-4
"""Relative difference of the slopes on both sides from which a crossed kink matters."""
NOISE = 1e-9
"""What rounding may do to a difference quotient at STEP, relative to the largest output."""
FLOOR = 1e-6
"""Gradients below this times the largest output are compared with it, not with themselves."""
AGAIN = ((1e-4, 1.0), (1e-2, 1.0), (1e-8, 1.0), (1e-6, 0.0), (1e-4, 0.0))
"""Other steps to try before a difference counts as a mismatch: h, and the |v| it is scaled by at
least. Long ones where rounding drowns a tiny gradient, short ones near a pole."""
ROOM = 4_000_000
"""Numbers held at once: 32 MB an array. Large graphs are checked in pieces of this."""

VERDICTS = ("ok", "kink", "tie", "mismatch", "undefined")
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Line:
    """One wire's comparison; `left` and `right` are the one-sided differences."""

    analytic: float
    numeric: float
    relative: float
    verdict: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Check:
    """The comparison of every wire that takes part, by wire id, in the plan's order."""

    h: float
    lines: dict[str, Line]

    @property
    def passed(self) -> bool:
        """Whether no wire is a mismatch."""
        return all(line.verdict != "mismatch" for line in self.lines.values())

    @property
    def worst(self) -> float:
        """The largest relative difference among the wires that agree."""
        return max((x.relative for x in self.lines.values() if x.verdict == "ok"), default=0.0)


def check(
    graph: Graph | Plan,
    h: float = STEP,
    only: Iterable[str] | None = None,
    *,
    retry: bool = True,
) -> Check:
    """Compare all wires, or `only` these (wire ids). Raises UnknownItem for an id it lacks.

    A wire that disagrees at h is tried at other steps before it is called a mismatch, and shows the
    numbers of the step that settled it. For the V of errors over h, turn `retry` off.
    """
    plan = graph if isinstance(graph, Plan) else Plan.of(graph)
    trace = plan.run()
    rows = _rows(plan, only)
    first = _differences(trace, rows, h)
    astray = _astray(trace)[rows]
    for quotient in (first.central, first.left, first.right):
        quotient[astray] = np.nan
    analytic = trace.wire_grad[rows, 0]
    verdict = _verdicts(trace, analytic, first)
    suspects = np.flatnonzero((verdict == _MISMATCH) | (verdict == _UNDEFINED))
    suspects = suspects[np.isfinite(analytic[suspects]) & ~astray[suspects]]
    for other, least in AGAIN if retry else ():
        if not suspects.size:
            break
        again = _differences(trace, rows[suspects], other, least)
        found = _verdicts(trace, analytic[suspects], again)
        better = (found != _MISMATCH) & (found != _UNDEFINED)
        better |= (found == _MISMATCH) & (verdict[suspects] == _UNDEFINED)
        verdict[suspects[better]] = found[better]
        first.replace(suspects[better], again, better)
        suspects = suspects[~better | (found == _MISMATCH)]
    return Check(h, _lines(trace, rows, analytic, first, verdict))


_OK, _KINK, _TIE, _MISMATCH, _UNDEFINED = range(5)


@dataclass(slots=True)
class _Differences:
    """Per wire: difference quotients, and whether a kink or tie lay between the two sides."""

    central: Array
    left: Array
    right: Array
    kink: Mask
    tie: Mask

    def replace(self, at: Rows, by: _Differences, chosen: Mask) -> None:
        for name in ("central", "left", "right", "kink", "tie"):
            getattr(self, name)[at] = getattr(by, name)[chosen]


def _rows(plan: Plan, only: Iterable[str] | None) -> Rows:
    if only is None:
        return np.arange(plan.wiring.wire_count)
    for wire in only:
        if wire not in plan.wire_row:
            raise UnknownItem(tr("There is no wire {id} to check.", id=wire))
    rows = np.array(sorted(plan.wire_row[wire] for wire in only), np.int64)
    return rows[rows < plan.wiring.wire_count]


def _differences(trace: Trace, rows: Rows, h: float, least: float = 1.0) -> _Differences:
    """Difference quotients for these wire rows (ascending), piece by piece."""
    wiring = trace.plan.wiring
    size = max(1, ROOM // (2 * max(1, wiring.count + wiring.wire_count)))
    found = _Differences(
        *(np.full(rows.size, np.nan) for _ in range(3)), *(np.zeros(rows.size, bool) for _ in "kt")
    )
    for start in range(0, rows.size, size):
        piece = slice(start, min(start + size, rows.size))
        with quiet():
            step = h * np.maximum(least, np.abs(trace.wire_value[rows[piece], 0]))
        _fill(trace, rows[piece], step, piece, found)
    return found


def _fill(trace: Trace, rows: Rows, step: Array, piece: slice, found: _Differences) -> None:
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
        ends, weights = _outputs(trace)
        above = weights @ (desk.value[ends, :count] - trace.value[ends])
        below = weights @ (trace.value[ends] - desk.value[ends, count:])
        found.central[piece] = (above + below) / (up - down)
        found.right[piece] = above / (up - seen)
        found.left[piece] = below / (seen - down)
    first = wiring.level_wires[lowest]
    found.kink[piece], found.tie[piece] = _crossed(trace, desk, first, count)


def _outputs(trace: Trace) -> tuple[Rows, Array]:
    """The seeded rows whose value is a finite number, and their seeds."""
    rows, weights = trace.seeds.arrays
    fine = np.isfinite(trace.value[rows, 0])
    return rows[fine], weights[fine]


def _scale(trace: Trace) -> float:
    """The largest output, which sets how much rounding there is in a difference."""
    rows, weights = _outputs(trace)
    return float(np.max(np.abs(trace.value[rows, 0] * weights), initial=0.0))


def _astray(trace: Trace) -> Mask:
    """Which wires lead to a seeded node that is not a finite number: they have no difference."""
    wiring = trace.plan.wiring
    rows, _ = trace.seeds.arrays
    lost = rows[~np.isfinite(trace.value[rows, 0])]
    reaches = np.zeros(wiring.count, bool)
    reaches[lost] = True
    if lost.size:
        bounds = wiring.level_wires
        for low, high in reversed(list(pairwise(bounds))):
            reaches[wiring.source[low:high][reaches[wiring.target[low:high]]]] = True
    return reaches[wiring.target[: wiring.wire_count]]


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
        if kind.gate.ties:
            rows = desk.wiring.target[wires[0]]
            for wire in wires:
                wins = desk.inputs[wire] == desk.value[rows]
                won = trace.wire_value[wire] == trace.value[rows]
                tie |= ((wins[:, :count] != wins[:, count:]) | (wins[:, :count] != won)).any(axis=0)
    return kink, tie


def _verdicts(trace: Trace, analytic: Array, found: _Differences) -> NDArray[np.int64]:
    with quiet():
        size = np.maximum(np.abs(analytic), np.abs(found.central))
        off = np.abs(analytic - found.central)
        scale = _scale(trace)
        close = off <= CLOSE * size + NOISE * scale
        sides = np.maximum(np.abs(found.left), np.abs(found.right))
        apart = np.abs(found.right - found.left) > APART * sides + NOISE * scale
        finite = np.isfinite(analytic) & np.isfinite(found.central)
    verdict = np.where(close, _OK, _MISMATCH)
    verdict[found.kink & (apart | ~close)] = _KINK
    verdict[found.tie & (apart | ~close)] = _TIE
    verdict[~finite] = _UNDEFINED
    return verdict


def _lines(
    trace: Trace, rows: Rows, analytic: Array, found: _Differences, verdict: NDArray[np.int64]
) -> dict[str, Line]:
    with quiet():
        off = np.abs(analytic - found.central)
        size = np.maximum(np.abs(analytic), np.abs(found.central))
        # Below this a difference is rounding and nothing else, however it compares.
        size = np.maximum(size, FLOOR * _scale(trace))
        relative = np.where(off == 0, 0.0, off / size)
    columns = (analytic, found.central, relative, verdict, found.left, found.right)
    lines = zip(rows.tolist(), *(c.tolist() for c in columns), strict=True)
    return {
        trace.plan.wires[row]: Line(a, n, r, VERDICTS[v], left, right)
        for row, a, n, r, v, left, right in lines
    }
