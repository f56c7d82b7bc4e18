"""Derivatives of formulas by a small table of rules.

The rules here know only the primitive functions; every other gate is first replaced by the formula
that its card shows. So `differentiate` is a second opinion on the gate table's local gradients.

`chained` takes each gate's own local gradient instead. It is what back-propagation through these
gates computes, at kinks and ties too, and what a gate that somebody types shows as its local
gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from bpstudio.core.formula.expr import (
    Call,
    Expr,
    Name,
    Number,
    fold,
    names_in,
    substitute,
    walk,
)
from bpstudio.core.formula.functions import PRIMITIVES, functions
from bpstudio.core.formula.gatetext import locals_of, value_of
from bpstudio.core.formula.parser import FormulaError
from bpstudio.core.formula.scalars import SCALARS
from bpstudio.core.gate import Gate, growing_ports
from bpstudio.language import tr

ZERO, ONE, TWO = Number(0.0), Number(1.0), Number(2.0)


def differentiate(expr: Expr, name: str) -> Expr:
    """The derivative with respect to one name; other names are constants.

    At a kink it is what the gates take there: step(0) = 0, sign(0) = 0, equals share. Raises
    FormulaError for a function without a rule.
    """

    def leaf(at: Number | Name) -> tuple[Expr, Expr]:
        return at, ONE if isinstance(at, Name) and at.name == name else ZERO

    def join(call: Call, parts: tuple[tuple[Expr, Expr], ...]) -> tuple[Expr, Expr]:
        args = tuple(value for value, _ in parts)
        whole = Call(call.function, args, call.at)
        total: Expr = ZERO
        for index, (_, inner) in enumerate(parts):
            if inner is not ZERO:
                total = plus(total, times(_partial(whole, index), inner))
        return whole, total

    return fold(shown(expr), leaf, join)[1]


def shown(expr: Expr) -> Expr:
    """The expression with every gate that is no primitive replaced by the formula it shows."""

    def join(call: Call, parts: tuple[Expr, ...]) -> Expr:
        gate = functions()[call.function].gate
        if call.function in PRIMITIVES or gate is None:
            return Call(call.function, parts, call.at)
        ports = len(parts) if gate.grows else len(gate.inputs)
        names = growing_ports(ports) if gate.grows else gate.inputs
        params = {key: Number(float(v)) for key, v in gate.params.items() if key != "inputs"}
        given = dict(zip(params, parts[ports:], strict=False))
        meanings = {**params, **given, **dict(zip(names, parts, strict=False))}
        return substitute(shown(value_of(gate, ports)), meanings)

    return fold(expr, lambda at: at, join)


LARGEST = 1_000
"""Parts of a derivative beyond which nobody reads it."""


def chained(expr: Expr, name: str, gates: Mapping[str, Gate]) -> Expr | None:
    """The derivative by the chain rule over the local gradients that the gates show, tidied.

    None where it would have more than LARGEST parts. The formula may call gates only.
    """
    if _larger(expr, LARGEST):
        return None
    too_large = False

    def leaf(at: Number | Name) -> tuple[Expr, Expr]:
        return at, ONE if isinstance(at, Name) and at.name == name else ZERO

    def join(call: Call, parts: tuple[tuple[Expr, Expr], ...]) -> tuple[Expr, Expr]:
        nonlocal too_large
        whole = Call(call.function, tuple(value for value, _ in parts), call.at)
        total: Expr = ZERO
        if not too_large and any(inner is not ZERO for _, inner in parts):
            gate = gates[call.function]
            for (_, inner), local in zip(parts, _locals_at(gate, whole), strict=False):
                if inner is not ZERO:
                    total = plus(total, times(tidied(local), inner))
            too_large = _larger(total, LARGEST)
        return whole, total

    found = tidied(fold(_without_varying_powers(expr), leaf, join)[1])
    return None if too_large else found


def _locals_at(gate: Gate, call: Call) -> tuple[Expr, ...]:
    """The gate's local gradients with the arguments of a call of it put in."""
    ports = len(call.args) if gate.grows else len(gate.inputs)
    names = growing_ports(ports) if gate.grows else gate.inputs
    params = {key: Number(float(v)) for key, v in gate.params.items() if key != "inputs"}
    given = dict(zip(params, call.args[ports:], strict=False))
    known = {**params, **given, **dict(zip(names, call.args, strict=False)), "z": call}
    return tuple(substitute(expr, known) for expr in locals_of(gate, ports))


def _without_varying_powers(expr: Expr) -> Expr:
    """x ^ y with an exponent that varies as the gates that do it: exp(y * log(x))."""

    def join(call: Call, parts: tuple[Expr, ...]) -> Expr:
        if call.function == "power" and names_in(parts[1]):
            return Call("exp", (Call("multiply", (parts[1], Call("log", parts[:1]))),))
        return Call(call.function, parts, call.at)

    return fold(expr, lambda at: at, join)


def _larger(expr: Expr, most: int) -> bool:
    return any(count >= most for count, _ in enumerate(walk(expr)))


def tidied(expr: Expr) -> Expr:
    """The expression without what changes nothing: numbers put together, no 1 *, + 0 or ^ 1."""
    return fold(expr, lambda at: at, _tidy)


def _tidy(call: Call, parts: tuple[Expr, ...]) -> Expr:
    numbers = [part.value for part in parts if isinstance(part, Number)]
    if len(numbers) == len(parts) and call.function in _ON_NUMBERS:
        value = _ON_NUMBERS[call.function](*numbers)
        if value == round(value, 12):
            return Number(value)
    if len(parts) == 2 and (rule := _TIDY.get(call.function)) is not None:
        return rule(*parts)
    if call.function == "negate" and isinstance(parts[0], Call) and parts[0].function == "negate":
        return parts[0].args[0]
    return Call(call.function, parts)


def _tidy_product(a: Expr, b: Expr) -> Expr:
    if _is(a, 0.0) or _is(b, 0.0):
        return ZERO
    if isinstance(b, Number) and not isinstance(a, Number):
        a, b = b, a
    if _is(a, 1.0):
        return b
    if _is(a, -1.0):
        return Call("negate", (b,))
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Call) and one.function == "divide" and _is(one.args[0], 1.0):
            return over(other, one.args[1])
    return Call("multiply", (a, b))


def _tidy_sum(a: Expr, b: Expr) -> Expr:
    if _is(a, 0.0):
        return b
    if isinstance(b, Call) and b.function == "negate":
        return Call("subtract", (a, b.args[0]))
    return a if _is(b, 0.0) else Call("add", (a, b))


def _is(expr: Expr, number: float) -> bool:
    return isinstance(expr, Number) and expr.value == number


_TIDY: Mapping[str, Callable[[Expr, Expr], Expr]] = {
    "add": _tidy_sum,
    "subtract": lambda a, b: a if _is(b, 0.0) else Call("subtract", (a, b)),
    "multiply": _tidy_product,
    "divide": lambda a, b: a if _is(b, 1.0) else Call("divide", (a, b)),
    "power": lambda a, b: a if _is(b, 1.0) else Call("power", (a, b)),
}
_ON_NUMBERS: Mapping[str, Callable[..., float]] = {
    "add": lambda *values: sum(values),
    "subtract": lambda a, b: a - b,
    "multiply": lambda *values: math.prod(values),
    "divide": SCALARS["divide"],
    "negate": lambda a: -a,
}


def _partial(call: Call, index: int) -> Expr:
    rule = RULES.get(call.function)
    if rule is None:
        raise FormulaError(
            tr("There is no rule for the derivative of {name}.", name=call.function), call.at
        )
    return rule(call, index)


# --- putting together, leaving out what changes nothing ---------------------------------------


def plus(a: Expr, b: Expr) -> Expr:
    if a is ZERO:
        return b
    return a if b is ZERO else Call("add", (a, b))


def times(a: Expr, b: Expr) -> Expr:
    if a is ZERO or b is ZERO:
        return ZERO
    if a is ONE:
        return b
    return a if b is ONE else Call("multiply", (a, b))


def minus(a: Expr) -> Expr:
    return ZERO if a is ZERO else Call("negate", (a,))


def over(a: Expr, b: Expr) -> Expr:
    return Call("divide", (a, b))


def _others(call: Call, index: int) -> tuple[Expr, ...]:
    return call.args[:index] + call.args[index + 1 :]


def _product(call: Call, index: int) -> Expr:
    total: Expr = ONE
    for other in _others(call, index):
        total = times(total, other)
    return total


def _quotient(call: Call, index: int) -> Expr:
    x, y = call.args
    return over(ONE, y) if index == 0 else minus(over(x, Call("power", (y, TWO))))


def _power(call: Call, index: int) -> Expr:
    x, p = call.args
    if index == 1:
        return times(call, Call("log", (x,)))
    if isinstance(p, Number):
        lower: Expr = Number(p.value - 1.0)
        return times(p, x if p.value == 2.0 else Call("power", (x, lower)))
    return times(p, Call("power", (x, Call("subtract", (p, ONE)))))


def _largest(call: Call, index: int) -> Expr:
    return Call("winner", (call.args[index], *_others(call, index)))


def _smallest(call: Call, index: int) -> Expr:
    turned = (call.args[index], *_others(call, index))
    return Call("winner", tuple(Call("negate", (arg,)) for arg in turned))


_TWO_OVER_SQRT_PI = Number(1.1283791670955126)

RULES: Mapping[str, Callable[[Call, int], Expr]] = {
    "add": lambda call, index: ONE,
    "subtract": lambda call, index: Number(-1.0) if index else ONE,
    "multiply": _product,
    "divide": _quotient,
    "negate": lambda call, index: Number(-1.0),
    "power": _power,
    "exp": lambda call, index: call,
    "log": lambda call, index: over(ONE, call.args[0]),
    "sin": lambda call, index: Call("cos", call.args),
    "cos": lambda call, index: minus(Call("sin", call.args)),
    "sqrt": lambda call, index: over(ONE, times(TWO, call)),
    "abs": lambda call, index: Call("sign", call.args),
    "tanh": lambda call, index: Call("subtract", (ONE, Call("power", (call, TWO)))),
    "max": _largest,
    "min": _smallest,
    "step": lambda call, index: ZERO,
    "sign": lambda call, index: ZERO,
    "fraction": lambda call, index: call.args[1 - index],
    "winner": lambda call, index: ZERO,
    "first_winner": lambda call, index: ZERO,
    "co_winner": lambda call, index: ZERO,
    "erf": lambda call, index: times(
        _TWO_OVER_SQRT_PI, Call("exp", (minus(Call("power", (call.args[0], TWO))),))
    ),
    "log1p": lambda call, index: over(ONE, Call("add", (ONE, call.args[0]))),
    "expm1": lambda call, index: Call("exp", call.args),
}
"""function -> its derivative with respect to one argument, as an expression."""
