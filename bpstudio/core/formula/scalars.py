"""What the primitive functions do to single floats: as `arrays` has it, but never raising.

Generated straight-line code and folded constants use these; the C library behind `math` raises
where IEEE arithmetic has inf and nan, so each puts the right one back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from bpstudio.core.formula.special import (
    FAR,
    NEAR_ROOT,
    ONE_OVER_SQRT_TWO_PI,
    ROOT,
    ROOT_REST,
    SQRT_HALF,
    SQRT_HALF_REST,
    TWO_OVER_SQRT_PI,
    halves,
    series,
)

INF = math.inf
NAN = math.nan
FAST_EXP = 709.0
"""Below it exp does not overflow, and the C library's own needs nobody around it."""


def divide(x: float, y: float) -> float:
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0 or x != x:
            return NAN
        return math.copysign(INF, x) * math.copysign(1.0, y)


def exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return INF


def expm1(x: float) -> float:
    try:
        return math.expm1(x)
    except OverflowError:
        return INF


def log(x: float) -> float:
    if x > 0:
        return math.log(x)
    return -INF if x == 0 else NAN


def log1p(x: float) -> float:
    if x > -1:
        return math.log1p(x)
    return -INF if x == -1 else NAN


def sqrt(x: float) -> float:
    # -0.0 >= 0 holds and the root of -0.0 is -0.0.
    return math.sqrt(x) if x >= 0 else NAN


def sin(x: float) -> float:
    return math.sin(x) if abs(x) < INF else NAN


def cos(x: float) -> float:
    return math.cos(x) if abs(x) < INF else NAN


def power(x: float, p: float) -> float:
    try:
        return math.pow(x, p)
    except OverflowError:
        return -INF if x < 0 and math.fmod(p, 2.0) in (1.0, -1.0) else INF
    except ValueError:
        if x != 0:
            return NAN
        odd = math.fmod(p, 2.0) in (1.0, -1.0)
        return math.copysign(INF, x) if odd else INF


def power_slope(x: float, p: float) -> float:
    if p == 0:
        return 0.0
    less = p - 1.0
    back = less - p
    rest = (p - (less - back)) + (-1.0 - back)
    slope = p * power(x, less)
    if rest:
        fix = 1.0 + rest * log(abs(x))
        if math.isfinite(fix):
            return slope * fix
    return slope


def maximum(x: float, *others: float) -> float:
    for y in others:
        # Not "greater" is also true of nan, which then stays. Of equals the last counts, as in
        # NumPy: 0 and -0 are equal, and 1 / 0 tells them apart.
        x = x if x > y or x != x else y
    return x


def minimum(x: float, *others: float) -> float:
    for y in others:
        x = x if x < y or x != x else y
    return x


def step(x: float) -> float:
    return 1.0 if x > 0 else 0.0 if x == x else x


def sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x + 0.0 if x != x else 0.0


def winner(x: float, *others: float) -> float:
    largest = maximum(x, *others)
    if largest != largest:
        return largest
    return 1.0 / (1 + sum(y == largest for y in others)) if x == largest else 0.0


def first_winner(x: float, *rest: float) -> float:
    others, before = rest[:-1], int(rest[-1])
    largest = maximum(x, *others)
    if largest != largest:
        return largest
    return 1.0 if x == largest and largest not in others[:before] else 0.0


def fraction(f: float, x: float) -> float:
    return 0.0 if f == 0 and x == x else f * x


def co_winner(x: float, *others: float) -> float:
    largest = maximum(x, *others)
    return largest if largest != largest else 1.0 if x == largest else 0.0


def normal_cdf(x: float) -> float:
    if x != x:
        return x
    x = max(-FAR, min(FAR, x))
    t = -x * SQRT_HALF
    high, low = halves(x)
    high_c, low_c = halves(SQRT_HALF)
    lost: float = -(((high * high_c + t) + high * low_c + low * high_c) + low * low_c)
    lost -= x * SQRT_HALF_REST
    return 0.5 * (math.erfc(t) - TWO_OVER_SQRT_PI * math.exp(-t * t) * lost)


def normal_pdf(x: float) -> float:
    if x != x:
        return x
    x = max(-FAR, min(FAR, x))
    high, low = halves(x)
    near: float = math.exp(-0.5 * high * high) * math.exp(-0.5 * low * (x + high))
    return ONE_OVER_SQRT_TWO_PI * near


def gelu_slope(x: float) -> float:
    x = max(-FAR, min(FAR, x)) if x == x else x
    d = (x - ROOT) - ROOT_REST
    if abs(d) < NEAR_ROOT:
        return float(d * series(d))
    return normal_cdf(x) + x * normal_pdf(x)


SCALARS: Mapping[str, Callable[..., float]] = {
    "abs": abs,
    "co_winner": co_winner,
    "cos": cos,
    "divide": divide,
    "erf": math.erf,
    "exp": exp,
    "expm1": expm1,
    "fast_exp": math.exp,
    "first_winner": first_winner,
    "fraction": fraction,
    "gelu_slope": gelu_slope,
    "log": log,
    "log1p": log1p,
    "maximum": maximum,
    "minimum": minimum,
    "normal_cdf": normal_cdf,
    "power": power,
    "power_slope": power_slope,
    "sign": sign,
    "sin": sin,
    "sqrt": sqrt,
    "step": step,
    "tanh": math.tanh,
    "winner": winner,
}
