"""Every gate once more in mpmath's long numbers, written by hand: the oracle for digits."""

from __future__ import annotations

import math

import mpmath
from mpmath import mpf

BITS = {1: 300, 2: 2400}
"""By the number of inputs: enough that 1e308 - 5e-324 and products of such keep every bit."""

ORDINARY = (1e-8, 1e-3, 0.1, 0.25, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.7, math.pi, 10.0, 20.0, 25.3)
SATURATED = (36.7, 40.0, 100.0, 355.1, 700.0, 709.7, 745.0, 1000.0)
TINY = (0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-155, 1e-20)
HUGE = (1e10, 1e154, 1.3e154, 1e155, 1e200, 1e300, 1e308, 1.7976931348623157e308)
GRID = tuple(s * x for x in (*TINY, *ORDINARY, *SATURATED, *HUGE) for s in (1.0, -1.0))


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def cdf(x):
    if abs(x) > 2000:
        return mpf(x > 0)
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def pdf(x):
    return mpf(0) if abs(x) > 2000 else mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def softplus(x):
    return mpmath.log1p(mpmath.exp(-abs(x))) + max(x, mpf(0))


def bell(x):
    return mpmath.exp(-abs(x)) / (1 + mpmath.exp(-abs(x))) ** 2


def share(x, y):
    return mpf(1) if x > y else mpf(0.5) if x == y else mpf(0)


def one(*_):
    return mpf(1)


# key -> value and one local gradient per port
EXACT = {
    "add": (lambda x, y: x + y, one, one),
    "subtract": (lambda x, y: x - y, one, lambda x, y: mpf(-1)),
    "multiply": (lambda x, y: x * y, lambda x, y: y, lambda x, y: x),
    "divide": (lambda x, y: x / y, lambda x, y: 1 / y, lambda x, y: -x / y**2),
    "max": (max, share, lambda x, y: share(y, x)),
    "min": (min, lambda x, y: share(y, x), share),
    "negate": (lambda x: -x, lambda x: mpf(-1)),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2),
    "square": (lambda x: x * x, lambda x: 2 * x),
    "sqrt": (mpmath.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x))),
    "abs": (abs, mpmath.sign),
    "exp": (mpmath.exp, mpmath.exp),
    "log": (mpmath.log, lambda x: 1 / x),
    "sin": (mpmath.sin, mpmath.cos),
    "cos": (mpmath.cos, lambda x: -mpmath.sin(x)),
    "sigmoid": (sigmoid, bell),
    "tanh": (mpmath.tanh, lambda x: 4 * bell(2 * x)),
    "relu": (lambda x: max(x, mpf(0)), lambda x: mpf(x > 0)),
    "softplus": (softplus, sigmoid),
    "gelu": (lambda x: x * cdf(x), lambda x: cdf(x) + x * pdf(x)),
    "elu": (
        lambda x: x if x > 0 else mpmath.expm1(x),
        lambda x: mpmath.exp(min(x, mpf(0))),
    ),
    "leaky_relu": (
        lambda x: x if x > 0 else mpf(0.01) * x,
        lambda x: mpf(1) if x > 0 else mpf(0.01),
    ),
    "add_constant": (lambda x: x + 1, one),
    "scale": (lambda x: 2 * x, lambda x: mpf(2)),
    "power": (lambda x: x * x, lambda x: 2 * x),
    "half_squared_error": (
        lambda x, y: (x - y) ** 2 / 2,
        lambda x, y: x - y,
        lambda x, y: y - x,
    ),
    "cross_entropy_logit": (
        lambda x, y: softplus(x) - x * y,
        lambda x, y: sigmoid(x) - y,
        lambda x, y: -x,
    ),
}


def points(key, ports):
    """The grid for a gate: every number, or pairs of every second with every other second."""
    if key == "cross_entropy_logit":
        return [(x, y) for x in GRID for y in (0.0, 0.25, 0.5, 0.9, 1.0)]
    if ports == 1:
        return [(x,) for x in GRID]
    return [(x, y) for x in GRID[::3] for y in (*GRID[1::4], GRID[0], x)]


def rounded(function, point):
    """The exact result as a float; None where there is none (a pole, a complex root)."""
    with mpmath.workprec(BITS[len(point)]):
        try:
            exact = function(*map(mpf, point))
        except (ZeroDivisionError, ValueError):
            return None
        if isinstance(exact, mpmath.mpc) or exact != exact:
            return None
        if mpmath.isinf(exact):
            return None
        sign = -1.0 if exact < 0 else 1.0
        if abs(exact) < mpf(2) ** -1022:
            # float() of mpmath flushes what lies below the normal numbers.
            return sign * math.ldexp(int(mpmath.nint(abs(exact) * mpf(2) ** 1074)), -1074)
        try:
            return float(exact)
        except OverflowError:
            return sign * math.inf


def ulps(got, want):
    """How many last digits apart; overflow counts one beyond the largest float."""
    if got == want:
        return 0.0
    largest = 1.7976931348623157e308
    if math.isinf(want):
        return 1.0 if got == math.copysign(largest, want) else math.inf
    if math.isinf(got):
        return 1.0 if abs(want) == largest and got * want > 0 else math.inf
    return abs(got - want) / math.ulp(want) if got == got else math.inf
