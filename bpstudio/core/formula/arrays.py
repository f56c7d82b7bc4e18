"""What the primitive functions do to NumPy arrays, and how a formula becomes a function of arrays.

Nothing raises on numbers: overflow, division by zero and a missing domain give inf and nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from bpstudio.core.formula.expr import Call, Expr, Name, Number
from bpstudio.core.formula.functions import PRIMITIVES
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


def power_slope(x: Any, p: Any) -> Array:
    """p * x ^ (p - 1). Puts back what rounding p - 1 took, which far from 1 is many digits."""
    less = np.subtract(p, 1.0)
    # Dekker's sum: what p - 1 lost, exact in either order of size.
    back = less - p
    rest = (p - (less - back)) + (-1.0 - back)
    slope = p * np.power(x, less)
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


def _many(function: Any) -> Callable[..., Any]:
    return lambda *values: reduce(function, values)


ARRAYS: Mapping[str, Callable[..., Any]] = {
    "add": _many(np.add),
    "subtract": np.subtract,
    "multiply": _many(np.multiply),
    "divide": np.divide,
    "negate": np.negative,
    "power": np.power,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "max": _many(np.maximum),
    "min": _many(np.minimum),
    "tanh": np.tanh,
    "step": step,
    "sign": np.sign,
    "winner": winner,
    "erf": erf,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "normal_cdf": normal_cdf,
    "normal_pdf": normal_pdf,
    "power_slope": power_slope,
}
"""What each of PRIMITIVES does; the pairs of a many-input function are taken from left to right."""

_PAIRS: Mapping[str, Callable[..., Any]] = {
    "add": np.add,
    "multiply": np.multiply,
    "max": np.maximum,
    "min": np.minimum,
}

Expand = Callable[[str, int], tuple[tuple[str, ...], Expr]]
"""(function, number of arguments) -> what its text calls them, and its text as an expression."""


class Tape:
    """Expressions over the same names as a list of array operations, each done once.

    Slots are numbered: first one per name, then numbers and results as they come up. The same
    operation on the same slots is not repeated, so that exp(-|x|) in a quotient costs one exp.
    """

    def __init__(self, names: Sequence[str], expand: Expand) -> None:
        self.expand = expand
        self.places: dict[str, int] = {name: i for i, name in enumerate(names)}
        self.width = len(names)
        self.slots: dict[tuple[Any, ...], int] = {}
        self.script: list[tuple[Callable[..., Any] | None, Any]] = []

    def add(self, expr: Expr, places: Mapping[str, int] | None = None) -> int:
        """The slot that will hold the expression's value."""
        places = self.places if places is None else places

        # Iterative like `fold`; a gate's own text recurses, and those texts are two deep.
        done: list[int] = []
        todo: list[tuple[Expr, bool]] = [(expr, False)]
        while todo:
            at, ready = todo.pop()
            if isinstance(at, Number):
                done.append(self._slot(("number", repr(at.value)), None, at.value))
            elif isinstance(at, Name):
                done.append(places[at.name])
            elif not ready:
                todo.append((at, True))
                todo.extend((arg, False) for arg in reversed(at.args))
            else:
                first = len(done) - len(at.args)
                parts = tuple(done[first:])
                del done[first:]
                done.append(self._call(at, parts))
        return done[0]

    def _call(self, call: Call, parts: tuple[int, ...]) -> int:
        key = call.function
        if key not in PRIMITIVES:
            names, value = self.expand(key, len(parts))
            return self.add(value, dict(zip(names, parts, strict=True)))
        if key == "power" and isinstance(call.args[1], Number) and call.args[1].value == 2.0:
            return self._slot(("square", parts[0]), np.square, parts[:1])
        function = _PAIRS[key] if key in _PAIRS and len(parts) == 2 else ARRAYS[key]
        return self._slot((key, *parts), function, parts)

    def _slot(self, key: tuple[Any, ...], function: Callable[..., Any] | None, what: Any) -> int:
        if key not in self.slots:
            self.slots[key] = self.width + len(self.script)
            self.script.append((function, what))
        return self.slots[key]

    def run(self, values: Sequence[Any], wanted: Sequence[int]) -> tuple[Any, ...]:
        """The wanted slots' values, given one value per name."""
        known = list(values)
        for function, what in self.script:
            known.append(what if function is None else function(*[known[i] for i in what]))
        return tuple(known[slot] for slot in wanted)
