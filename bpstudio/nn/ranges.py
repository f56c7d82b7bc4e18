"""Numbers within their ranges; a refusal says what was given and what to choose instead."""

from __future__ import annotations

import math

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.nn.faults import SpecError


def check_within(
    place: str, value: float, low: float, high: float = math.inf, *, below: bool = False
) -> None:
    """low <= value <= high, or < high where `below`; never NaN."""
    if low <= value <= high and math.isfinite(value) and not (below and value == high):
        return
    known = {"value": _shown(value), "low": _shown(low), "high": _shown(high)}
    if below:
        reason = tr("{value} is out of range; choose {low} or more, but less than {high}", **known)
    elif math.isfinite(high):
        reason = tr("{value} is out of range; choose {low} to {high}", **known)
    elif math.isfinite(value):
        reason = tr("{value} is too small; choose {low} or more", **known)
    else:
        reason = tr("{value} is no finite number; choose {low} or more", **known)
    raise SpecError(place, reason)


def check_above_zero(place: str, value: float) -> None:
    """0 < value, and finite."""
    if not 0.0 < value < math.inf:
        reason = tr("{value} is out of range; choose a number above 0", value=_shown(value))
        raise SpecError(place, reason)


def _shown(value: float) -> str:
    """A whole number as it is counted, any other with all its digits."""
    if isinstance(value, int):
        return f"{value:,}".replace("-", numbers.MINUS)
    return numbers.exact(value)
