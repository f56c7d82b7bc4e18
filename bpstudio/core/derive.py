"""Derivatives of formulas by a small table of rules.

The rules here know only the primitive functions; every other gate is first replaced by the formula
that its card shows. So this is a second opinion on the gate table's local gradients, and what makes
the local gradient of a gate that somebody types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpstudio.core.formula.expr import Call, Expr, Name, Number, fold, substitute
from bpstudio.core.formula.functions import PRIMITIVES, functions
from bpstudio.core.formula.gatetext import value_of
from bpstudio.core.formula.parser import FormulaError
from bpstudio.core.gate import growing_ports
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
    "winner": lambda call, index: ZERO,
    "erf": lambda call, index: times(
        _TWO_OVER_SQRT_PI, Call("exp", (minus(Call("power", (call.args[0], TWO))),))
    ),
    "log1p": lambda call, index: over(ONE, Call("add", (ONE, call.args[0]))),
    "expm1": lambda call, index: Call("exp", call.args),
}
"""function -> its derivative with respect to one argument, as an expression."""
