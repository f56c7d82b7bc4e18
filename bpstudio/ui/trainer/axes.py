"""Round numbers along an axis, and how they are written."""

from __future__ import annotations

import math

from bpstudio.core import numbers


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most so many round numbers between two, 1, 2 or 5 times a power of ten apart."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return []
    raw = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # A multiple of the step, not a sum of steps: 0.30000000000000004 is no round number.
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]


def label(value: float) -> str:
    """A tick as text."""
    return numbers.show(value, 3)


def epochs(value: float) -> str:
    """A place on the x axis: "0.5", "1,000,000"."""
    return f"{value:,.0f}" if value >= 1e5 else f"{value:,.6g}"
