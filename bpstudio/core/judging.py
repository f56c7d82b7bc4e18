"""The judgement of each wire's gradient: it agrees, it is wrong, or no difference can tell.

A wire that disagrees is tried at other steps before it is called a mismatch. And it is called one
only where a difference could have told: where rounding alone moves the outputs by a part of what
the longest step does, there is no step between the two, as for the sine of 1e15, whose neighbouring
numbers lie an eighth of a radian apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.differences import Differences, differences
from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import quiet
from bpstudio.core.order import Rows
from bpstudio.core.trace import Trace
from bpstudio.core.wiring import Wiring

CLOSE = 1e-5
"""Relative difference up to which numeric and analytic agree."""
APART = 1e-4
"""Relative difference of the slopes on both sides from which a crossed kink matters."""
NOISE = 1e-9
"""What rounding may do to a difference quotient, relative to the largest output, at a step of
`NOISE_STEP` or below; over longer steps it does so much less."""
NOISE_STEP = 1e-6
AGAIN = (
    *((1e-4, 1.0), (1e-2, 1.0), (1e-8, 1.0), (1e-6, 0.0), (1e-4, 0.0)),
    *((1e-10, 1.0), (1e-12, 1e4), (1e-14, 1e8), (1e-15, 1e9)),
)
"""Other steps to try before a difference counts as a mismatch: h, and the |v| it is scaled by at
least. Long ones where rounding drowns a tiny gradient, short ones near a pole and for a sine of a
large number, which an h of 1e-6 times that number would carry over many waves."""
EPS = float(np.finfo(np.float64).eps)
LAST_PLACES = (2.0, 3.0, 5.0, 8.0, 13.0)
"""By how many eps of itself a number is nudged to see what its rounding does. Several, lest a sine
come round to where it was by chance; where neighbours lie nearly whole waves apart, one number in a
hundred above 1e16, it does all the same and looks smooth."""
OWN = 16 * EPS
"""Of the largest output: how far its own rounding moves it, whatever the wire's number does."""
SAFE = 10.0
"""A quotient at the shortest step is wrong by about the square of how far that step carries, as a
part of the way that the outputs have. So a difference this many times that part is a fault."""

OK, KINK, TIE, MISMATCH, UNDEFINED = range(5)
VERDICTS = ("ok", "kink", "tie", "mismatch", "undefined")


@dataclass(slots=True)
class Judgement:
    """Per wire: the differences that settled it, the verdict's number, and whether it is undefined
    because rounding leaves no step that could tell."""

    shown: Differences
    verdict: NDArray[np.int64]
    blurred: NDArray[np.bool_]


def judge(trace: Trace, rows: Rows, h: float, *, retry: bool) -> Judgement:
    """Compare these wires' gradients (rows ascending) with their differences, at h and others."""
    analytic = trace.wire_grad[rows, 0]
    shown = differences(trace, rows, h)
    verdict = _verdicts(trace, analytic, shown)
    nearest, reach = _off(analytic, shown), shown.moved.copy()
    open_ = (verdict == MISMATCH) | (verdict == UNDEFINED)
    suspects = np.flatnonzero(open_ & np.isfinite(analytic))
    for other, least in AGAIN if retry else ():
        if not suspects.size:
            break
        again = differences(trace, rows[suspects], other, least)
        nearest[suspects] = np.fmin(nearest[suspects], _off(analytic[suspects], again))
        reach[suspects] = np.fmax(reach[suspects], again.moved)
        found = _verdicts(trace, analytic[suspects], again)
        better = (found != MISMATCH) & (found != UNDEFINED)
        better |= (found == MISMATCH) & (verdict[suspects] == UNDEFINED)
        verdict[suspects[better]] = found[better]
        shown.replace(suspects[better], again, better)
        suspects = suspects[~better | (found == MISMATCH)]
    blurred = np.zeros(rows.size, bool)
    wrong = np.flatnonzero(verdict == MISMATCH)
    if wrong.size and retry:
        blur = blur_of(trace, rows[wrong])
        blurred[wrong] = (blur > 0) & (nearest[wrong] * reach[wrong] <= SAFE * blur)
        verdict[blurred] = UNDEFINED
    return Judgement(shown, verdict, blurred)


def blur_of(trace: Trace, rows: Rows) -> Array:
    """How far the outputs move at most when the number on a wire, or on one that depends on it, is
    another in its last places.

    It is measured and asks no gradient: a wrong one cannot talk itself out. An output's own
    rounding, which is in every difference, does not count.
    """
    wiring = trace.plan.wiring
    below = _below(wiring, rows)
    moved = np.zeros(wiring.wire_count)
    for places in LAST_PLACES:
        nudged = differences(trace, below, places * EPS, least=0.0)
        moved[below] = np.fmax(moved[below], nudged.moved)
    moved = np.maximum(moved - OWN * scale_of(trace), 0.0)
    most = np.zeros(wiring.count)
    for level in reversed(range(len(wiring.level_wires) - 1)):
        part = slice(wiring.level_wires[level], wiring.level_wires[level + 1])
        moved[part] = np.maximum(moved[part], most[wiring.target[part]])
        np.maximum.at(most, wiring.source[part], moved[part])
    found: Array = moved[rows]
    return found


def scale_of(trace: Trace) -> float:
    """The largest output, which sets how much rounding there is in a difference."""
    rows, weights = trace.seeds.arrays
    return float(np.max(np.abs(trace.value[rows, 0] * weights), initial=0.0))


def _below(wiring: Wiring, rows: Rows) -> Rows:
    """These wires and all that depend on them, ascending."""
    taken, reached = np.zeros(wiring.wire_count, bool), np.zeros(wiring.count, bool)
    taken[rows] = True
    for level in range(len(wiring.level_wires) - 1):
        part = slice(wiring.level_wires[level], wiring.level_wires[level + 1])
        taken[part] |= reached[wiring.source[part]]
        reached[wiring.target[part][taken[part]]] = True
    return np.flatnonzero(taken)


def _off(analytic: Array, found: Differences) -> Array:
    """How far the two are apart, as a part of the larger one."""
    with quiet():
        off = np.abs(analytic - found.central)
        part: Array = np.where(off == 0, 0.0, off / _size(analytic, found))
    return part


def _size(analytic: Array, found: Differences) -> Array:
    size: Array = np.maximum(np.abs(analytic), np.abs(found.central))
    return size


def _verdicts(trace: Trace, analytic: Array, found: Differences) -> NDArray[np.int64]:
    with quiet():
        off = np.abs(analytic - found.central)
        noise = NOISE * scale_of(trace) * np.minimum(1.0, NOISE_STEP / found.step)
        close = off <= CLOSE * _size(analytic, found) + noise
        sides = np.maximum(np.abs(found.left), np.abs(found.right))
        apart = np.abs(found.right - found.left) > APART * sides + noise
        finite = np.isfinite(analytic) & np.isfinite(found.central)
    verdict = np.where(close, OK, MISMATCH)
    verdict[found.kink & (apart | ~close)] = KINK
    verdict[found.tie & (apart | ~close)] = TIE
    verdict[~finite] = UNDEFINED
    return verdict
