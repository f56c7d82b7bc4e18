"""Whether two formulas are the same but for the order of their terms and what they call things.

Both are brought into sums of products: x - y is x + (-1)·y, 1 / u is u^(-1), x * x is x^2, and a
number stands before each product. Then pattern and formula are laid over each other, every name of
the pattern bound to a name of the formula, every parameter to a number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bpstudio.core.formula.expr import Call, Expr, Name, Number, fold, walk

LARGEST = 200
"""Parts of a formula beyond which it is not compared."""
PATIENCE = 5_000
"""Tries at laying one over the other before they count as different."""

Binding = Mapping[str, str | float]
"""name of the pattern -> name in the formula, or number of a parameter"""
Base = tuple[Any, ...]
"""("name", x), ("call", function, sums) or ("sum", sum)"""
Factors = tuple[tuple[Base, float], ...]
"""bases and their exponents"""


@dataclass(frozen=True, slots=True)
class Sum:
    """A number and products, each with the number (or parameter) before it."""

    number: float
    terms: tuple[tuple[float | str, Factors], ...] = ()


def match(pattern: Expr, formula: Expr, params: Collection[str] = ()) -> Binding | None:
    """How the pattern becomes the formula, None where it does not."""
    if any(sum(1 for _ in walk(expr)) > LARGEST for expr in (pattern, formula)):
        return None
    tries = _Tries(frozenset(params))
    try:
        return next(tries.sums(_normal(pattern, params), _normal(formula, ()), {}), None)
    except _OutOfPatience:
        return None


# --- sums of products -------------------------------------------------------------------------


def _normal(expr: Expr, params: Collection[str]) -> Sum:
    def leaf(at: Number | Name) -> Sum:
        if isinstance(at, Number):
            return Sum(at.value)
        if at.name in params:
            return Sum(0.0, ((at.name, ()),))
        return Sum(0.0, ((1.0, ((("name", at.name), 1.0),)),))

    def join(call: Call, parts: tuple[Sum, ...]) -> Sum:
        rule = _RULES.get(call.function)
        found = rule(parts) if rule is not None else None
        return found or Sum(0.0, ((1.0, ((("call", call.function, parts), 1.0),)),))

    return fold(expr, leaf, join)


def _add(parts: Sequence[Sum]) -> Sum:
    return Sum(sum(p.number for p in parts), tuple(term for p in parts for term in p.terms))


def _subtract(parts: Sequence[Sum]) -> Sum:
    return _add((parts[0], _times((Sum(-1.0), parts[1]))))


def _times(parts: Sequence[Sum]) -> Sum:
    coefficient: float | str = 1.0
    factors: dict[Base, float] = {}
    for part in parts:
        first, more = _product(part)
        if isinstance(first, str) or isinstance(coefficient, str):
            if 1.0 not in (first, coefficient):
                more = (*more, (("sum", part), 1.0)) if isinstance(first, str) else more
            coefficient = first if coefficient == 1.0 else coefficient
        else:
            coefficient *= first
        for base, exponent in more:
            factors[base] = factors.get(base, 0.0) + exponent
    left = tuple((base, exponent) for base, exponent in factors.items() if exponent)
    if not left and not isinstance(coefficient, str):
        return Sum(coefficient)
    return Sum(0.0, ((coefficient, left),))


def _product(part: Sum) -> tuple[float | str, Factors]:
    """A sum as one product: itself where it has one term, else a factor as a whole."""
    if not part.terms:
        return part.number, ()
    if part.number == 0.0 and len(part.terms) == 1:
        return part.terms[0]
    return 1.0, ((("sum", part), 1.0),)


def _power(base: Sum, exponent: float) -> Sum:
    if not base.terms:
        return Sum(0.0, ((1.0, ((("sum", base), exponent),)),))
    coefficient, factors = _product(base)
    if coefficient == 1.0 and len(factors) == 1 and factors[0][1] == 1.0:
        return Sum(0.0, ((1.0, ((factors[0][0], exponent),)),))
    return Sum(0.0, ((1.0, ((("sum", base), exponent),)),))


def _raise(parts: Sequence[Sum]) -> Sum | None:
    return None if parts[1].terms else _power(parts[0], parts[1].number)


_RULES: Mapping[str, Any] = {
    "add": _add,
    "add_constant": _add,
    "subtract": _subtract,
    "negate": lambda parts: _times((Sum(-1.0), parts[0])),
    "multiply": _times,
    "scale": _times,
    "divide": lambda parts: _times((parts[0], _power(parts[1], -1.0))),
    "reciprocal": lambda parts: _power(parts[0], -1.0),
    "square": lambda parts: _power(parts[0], 2.0),
    "power": _raise,
}
_ANY_ORDER = ("max", "min")


# --- laying one over the other ----------------------------------------------------------------


class _OutOfPatience(Exception):
    """Too many ways to try."""


class _Tries:
    def __init__(self, params: frozenset[str]) -> None:
        self.params = params
        self.left = PATIENCE

    def sums(self, a: Sum, b: Sum, known: Binding) -> Iterator[Binding]:
        if a.number == b.number and len(a.terms) == len(b.terms):
            yield from self.any_order(a.terms, b.terms, known, self.term)

    def any_order(self, a: Any, b: Any, known: Binding, one: Any) -> Iterator[Binding]:
        """Each of `a` over another one of `b`."""
        self.left -= 1
        if self.left < 0:
            raise _OutOfPatience
        if not a:
            yield known
            return
        for i, other in enumerate(b):
            for found in one(a[0], other, known):
                yield from self.any_order(a[1:], b[:i] + b[i + 1 :], found, one)

    def term(self, a: Any, b: Any, known: Binding) -> Iterator[Binding]:
        (first, factors), (second, others) = a, b
        if isinstance(first, str):
            if not isinstance(second, float) or known.get(first, second) != second:
                return
            known = {**known, first: second}
        elif first != second:
            return
        if len(factors) == len(others):
            yield from self.any_order(factors, others, known, self.factor)

    def factor(self, a: Any, b: Any, known: Binding) -> Iterator[Binding]:
        (one, exponent), (other, exponent_too) = a, b
        if exponent != exponent_too or one[0] != other[0]:
            return
        if one[0] == "name":
            if known.get(one[1], other[1]) == other[1]:
                yield {**known, one[1]: other[1]}
        elif one[0] == "sum":
            yield from self.sums(one[1], other[1], known)
        elif one[1] == other[1] and len(one[2]) == len(other[2]):
            if one[1] in _ANY_ORDER:
                yield from self.any_order(one[2], other[2], known, self.sums)
            else:
                yield from self.in_order(one[2], other[2], known)

    def in_order(self, a: Any, b: Any, known: Binding) -> Iterator[Binding]:
        if not a:
            yield known
            return
        for found in self.sums(a[0], b[0], known):
            yield from self.in_order(a[1:], b[1:], found)
