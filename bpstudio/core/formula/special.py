"""Functions that NumPy lacks, or that lose digits when written down plainly, on arrays."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np

from bpstudio.core.gate import Array

FAR = 40.0
"""Beyond it the normal distribution's tail is 0 in floats: exp(-40^2 / 2) = 1e-348."""
_SPLIT = 134217729.0
"""2^27 + 1: cuts a float into two halves of 26 bits (Dekker 1971)."""
SQRT_HALF = 0.7071067811865476
SQRT_HALF_REST = -4.833646656726457e-17
"""sqrt(1/2) minus the float above it; the two together hold 32 digits."""
TWO_OVER_SQRT_PI = 1.1283791670955126
ONE_OVER_SQRT_TWO_PI = 0.3989422804014327
ROOT = -0.7517915246935645
ROOT_REST = 1.4956759177009883e-17
"""Where the slope of gelu is zero, in two parts."""
NEAR_ROOT = 0.375
SLOPES = (
    *(0.4314939923140469, 0.388284982990552, -0.018199676398671087, -0.1140082332972217),
    *(-0.014771522148244337, 0.019421679838189067, 0.004539228379125415),
    *(-0.002239538068073497, -0.0007448268386746817, 0.00018633974623233514),
    *(8.615947861116571e-05, -1.121438018842664e-05, -7.74846130700372e-06),
    *(4.3284506257392273e-07, 5.702764979242107e-07, -1.6044265494246427e-09),
    *(-3.5459866461783865e-08, -1.396942086426202e-09, 1.90319840501314e-09),
    1.4506418938779426e-10,
)
"""Taylor series of the slope of gelu at its root from the first power on, by mpmath in 60 digits:
within NEAR_ROOT of the root its error is 1e-18 of the result."""

_erf = np.frompyfunc(math.erf, 1, 1)
_erfc = np.frompyfunc(math.erfc, 1, 1)


def erf(x: Any) -> Array:
    """The error function, by the C library."""
    return np.asarray(_erf(x), dtype=np.float64)


def step(x: Any) -> Array:
    """1 above zero, 0 at and below it; nan stays nan."""
    return np.heaviside(x, 0.0)  # type: ignore[no-any-return]


def winner(x: Any, *others: Any) -> Array:
    """The first's share in being the largest: 1 alone, 1/n with n - 1 equals, else 0."""
    largest = reduce(np.maximum, others, x)
    ties = reduce(
        np.add, (np.equal(other, largest) for other in others), np.equal(x, largest) * 1.0
    )
    share = np.where(np.equal(x, largest), 1.0 / np.maximum(ties, 1.0), 0.0)
    return np.where(np.isnan(largest), np.nan, share)


def first_winner(x: Any, *rest: Any) -> Array:
    """1 for the first of the largest, else 0; the last argument is how many of the others come
    before x."""
    others, before = rest[:-1], int(np.max(rest[-1]))
    largest = reduce(np.maximum, others, x)
    wins = np.equal(x, largest)
    for other in others[:before]:
        wins = wins & np.not_equal(other, largest)
    return np.where(np.isnan(largest), np.nan, wins * 1.0)


def fraction(f: Any, x: Any) -> Array:
    """f x; 0 for f = 0 even where x is infinite."""
    nothing = np.equal(f, 0.0) & ~np.isnan(x)
    return np.where(nothing, 0.0, np.multiply(f, x))


def co_winner(x: Any, *others: Any) -> Array:
    """1 for each of the largest, else 0."""
    largest = reduce(np.maximum, others, x)
    return np.where(np.isnan(largest), np.nan, np.equal(x, largest) * 1.0)


def power(x: Any, p: Any) -> Array:
    """x ^ p as C's pow, whatever the shapes: -0 ^ 0.5 is 0 and (-inf) ^ 0.5 is inf."""
    found = np.power(x, p)
    half = np.equal(p, 0.5)
    if np.any(half):
        # For one exponent of 0.5 NumPy takes a square root, which says -0 and nan.
        found = np.where(half & (np.equal(x, -np.inf) | np.equal(x, 0.0)), np.abs(x), found)
    return np.asarray(found)


def power_slope(x: Any, p: Any) -> Array:
    """p * x ^ (p - 1). Puts back what rounding p - 1 took, which far from 1 is many digits."""
    less = np.subtract(p, 1.0)
    # Dekker's sum: what p - 1 lost, exact in either order of size.
    back = less - p
    rest = (p - (less - back)) + (-1.0 - back)
    slope = p * power(x, less)
    if np.any(rest):
        fix = 1.0 + rest * np.log(np.abs(x))
        slope = np.where(np.isfinite(fix), slope * fix, slope)
    return np.where(np.equal(p, 0.0), 0.0, slope)


def normal_cdf(x: Any) -> Array:
    """(1 + erf(x / sqrt 2)) / 2. In the tail erfc doubles every digit that x / sqrt 2 lost."""
    x = np.clip(x, -FAR, FAR)
    t = -x * SQRT_HALF
    high, low = halves(x)
    high_c, low_c = halves(SQRT_HALF)
    # Dekker's product: what rounding took from x * sqrt(1/2), then what sqrt(1/2) lacks.
    lost = -(((high * high_c + t) + high * low_c + low * high_c) + low * low_c)
    lost = lost - x * SQRT_HALF_REST
    tail = np.asarray(_erfc(t), dtype=np.float64)
    return 0.5 * (tail - TWO_OVER_SQRT_PI * np.exp(-t * t) * lost)  # type: ignore[no-any-return]


def normal_pdf(x: Any) -> Array:
    """exp(-x^2 / 2) / sqrt(2 pi), the square kept exactly in two parts."""
    x = np.clip(x, -FAR, FAR)
    high, low = halves(x)
    exact = np.exp(-0.5 * high * high) * np.exp(-0.5 * low * (x + high))
    return ONE_OVER_SQRT_TWO_PI * exact  # type: ignore[no-any-return]


def halves(x: Any) -> tuple[Any, Any]:
    """x as a sum of two numbers of 26 bits, whose products are exact."""
    big = x * _SPLIT
    high = big - (big - x)
    return high, x - high


def gelu_slope(x: Any) -> Array:
    """normal_cdf(x) + x normal_pdf(x); near its root, where the two cancel, a series."""
    bounded = np.clip(x, -FAR, FAR)
    slope: Array = normal_cdf(x) + bounded * normal_pdf(x)
    d = (bounded - ROOT) - ROOT_REST
    near = np.abs(d) < NEAR_ROOT
    return np.where(near, d * series(d), slope) if np.any(near) else slope


def series(d: Any) -> Any:
    """The sum of SLOPES[k] d^k."""
    total = SLOPES[-1]
    for c in SLOPES[-2::-1]:
        total = total * d + c
    return total
