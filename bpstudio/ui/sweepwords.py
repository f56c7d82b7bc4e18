"""What a sweep of step sizes shows, in a few sentences: the plot for those who cannot see it.

The left leg of the V is rounding: two outputs that hardly differ are subtracted, and the digits
that are left are noise. The right leg is truncation: the chord over a long step is not the tangent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.numbers import DIGITS, show
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.core.check import Sweep

CLEARLY = 30.0
"""How many times the least error an end of the curve must have to count as a leg of the V."""
NOTICEABLE = 1e-9
"""Below this the long steps' error is rounding as well."""

BEYOND = 6
"""How many steps past the first that crosses: just past it a side's slope is a mixture of both."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What can be said of a sweep's curve.

    defined     whether there is anything to compare
    rounding    whether the error rises towards short steps
    truncation  whether it rises towards long ones
    crossed     the steps that cross a kink or turn a tie, shortest first
    tie         whether it is a tie that they turn
    """

    defined: bool
    rounding: bool
    truncation: bool
    crossed: tuple[float, ...]
    tie: bool

    @classmethod
    def of(cls, sweep: Sweep) -> Shape:
        error = sweep.error
        finite = np.isfinite(error)
        crossing = crossings(sweep)
        crossed = tuple(sorted(sweep.h[crossing].tolist()))
        if not finite.any():
            return cls(False, False, False, (), False)
        order = np.argsort(sweep.h)
        ends = error[order][finite[order]]
        least = max(float(ends.min()), 1e-16)
        return cls(
            True,
            bool(ends[:3].max() > CLEARLY * least),
            bool(ends[-1] > max(CLEARLY * least, NOTICEABLE)) and not crossed,
            crossed,
            bool(sweep.tie[crossing].any()),
        )


def crossings(sweep: Sweep) -> NDArray[np.bool_]:
    """The steps whose two sides have slopes of their own, because a kink or a tie lies between."""
    from bpstudio.core.judging import APART

    apart = np.abs(sweep.right - sweep.left)
    size = np.maximum(np.abs(sweep.right), np.abs(sweep.left))
    found: NDArray[np.bool_] = (sweep.kink | sweep.tie) & (apart > APART * size)
    return found


def error_at(sweep: Sweep, h: float) -> float:
    """The error at the step nearest to h."""
    return float(sweep.error[int(np.argmin(np.abs(np.log(sweep.h / h))))])


def sentences(sweep: Sweep, h: float, digits: int = DIGITS) -> tuple[str, ...]:
    """The sweep in sentences; `h` is the step that the check used."""
    shape = Shape.of(sweep)
    if not shape.defined:
        return (tr("There is nothing to compare: no finite number depends on this wire here."),)
    said = []
    if shape.crossed:
        said.append(_crossing(sweep, shape, digits))
    elif error_at(sweep, h) == 0:
        said.append(
            tr(
                "At the check’s h = {h} the difference is the gradient to the last digit.",
                h=_power(h),
            )
        )
    else:
        said.append(
            tr(
                "The error is least near h = {best}: {error} of the gradient. At the check’s "
                "h = {h} it is {here}.",
                best=_power(sweep.best),
                error=show(error_at(sweep, sweep.best), 2),
                h=_power(h),
                here=show(error_at(sweep, h), 2),
            )
        )
    if shape.truncation:
        said.append(tr("Longer steps: truncation, the chord is not the tangent."))
    elif not shape.crossed:
        said.append(
            tr("Long steps do no harm here: along this wire the function is close to a line.")
        )
    if shape.rounding:
        said.append(tr("Shorter steps: rounding, the digits that differ run out."))
    return tuple(said)


def _crossing(sweep: Sweep, shape: Shape, digits: int) -> str:
    """A kink or a tie, with the slopes on both sides at a step well beyond it."""
    well = shape.crossed[min(BEYOND, len(shape.crossed) - 1)]
    at = int(np.argmin(np.abs(sweep.h - well)))
    sides = {"left": show(float(sweep.left[at]), digits)}
    sides["right"] = show(float(sweep.right[at]), digits)
    whole = len(shape.crossed) >= int(np.isfinite(sweep.error).sum())
    if shape.tie and whole:
        return tr(
            "Every step turns a tie, so the error cannot fall: one-sided differences are {left} "
            "on the left and {right} on the right.",
            **sides,
        )
    if shape.tie:
        return tr(
            "Steps from h = {h} on turn a tie: one-sided differences are {left} on the left and "
            "{right} on the right. Shorter steps do not.",
            h=_power(shape.crossed[0]),
            **sides,
        )
    if whole:
        return tr(
            "Every step crosses a kink, so the error cannot fall: one-sided differences are "
            "{left} on the left and {right} on the right.",
            **sides,
        )
    return tr(
        "Steps from h = {h} on cross a kink: one-sided differences are {left} on the left and "
        "{right} on the right. Shorter steps do not.",
        h=_power(shape.crossed[0]),
        **sides,
    )


def _power(h: float) -> str:
    return show(h, 2)
