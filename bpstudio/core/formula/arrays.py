"""What the primitive functions do to NumPy arrays, and how a formula becomes a function of arrays.

Nothing raises on numbers: overflow, division by zero and a missing domain give inf and nan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import add, mul, neg, sub
from typing import Any

import numpy as np

from bpstudio.core.formula.expr import Call, Expr, Name, Number, fold
from bpstudio.core.formula.functions import PRIMITIVES
from bpstudio.core.formula.scalars import SCALARS
from bpstudio.core.formula.special import (
    co_winner,
    erf,
    first_winner,
    fraction,
    gelu_slope,
    normal_cdf,
    power,
    power_slope,
    step,
    winner,
)


def _many(function: Any) -> Callable[..., Any]:
    return lambda *values: reduce(function, values)


ARRAYS: Mapping[str, Callable[..., Any]] = {
    "add": _many(np.add),
    "subtract": np.subtract,
    "multiply": _many(np.multiply),
    "divide": np.divide,
    "negate": np.negative,
    "power": power,
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
    "first_winner": first_winner,
    "co_winner": co_winner,
    "fraction": fraction,
    "erf": erf,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "normal_cdf": normal_cdf,
    "gelu_slope": gelu_slope,
    "power_slope": power_slope,
}
"""What each of PRIMITIVES does; the pairs of a many-input function are taken from left to right."""

FLOATS: Mapping[str, Callable[..., float]] = {
    **SCALARS,
    "add": lambda *values: reduce(add, values),
    "subtract": sub,
    "multiply": lambda *values: reduce(mul, values),
    "negate": neg,
    "max": SCALARS["maximum"],
    "min": SCALARS["minimum"],
}
"""The same on single floats, where a call into NumPy costs more than the arithmetic."""

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

    def __init__(
        self,
        names: Sequence[str],
        expand: Expand,
        operations: Mapping[str, Callable[..., Any]] = ARRAYS,
    ) -> None:
        self.expand = expand
        self.operations = operations
        self.places: dict[str, int] = {name: i for i, name in enumerate(names)}
        self.width = len(names)
        self.slots: dict[tuple[Any, ...], int] = {}
        self.script: list[tuple[Callable[..., Any] | None, Any]] = []

    def add(self, expr: Expr, places: Mapping[str, int] | None = None) -> int:
        """The slot that will hold the expression's value."""
        places = self.places if places is None else places

        def leaf(at: Number | Name) -> int:
            if isinstance(at, Name):
                return places[at.name]
            return self._slot(("number", repr(at.value)), None, at.value)

        # A gate's own text recurses in `_call`, and those texts are two deep.
        return fold(expr, leaf, self._call)

    def _call(self, call: Call, parts: tuple[int, ...]) -> int:
        key = call.function
        if key not in PRIMITIVES:
            names, value = self.expand(key, len(parts))
            return self.add(value, dict(zip(names, parts, strict=True)))
        if key == "power" and isinstance(call.args[1], Number) and call.args[1].value == 2.0:
            if self.operations is ARRAYS:
                return self._slot(("square", parts[0]), np.square, parts[:1])
            return self._slot(("multiply", *parts[:1] * 2), mul, parts[:1] * 2)
        function = self.operations[key]
        if key in _PAIRS and len(parts) == 2 and self.operations is ARRAYS:
            function = _PAIRS[key]
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
