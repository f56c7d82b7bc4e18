"""A gate's table texts as expressions, for as many ports as a node has.

The text of a gate that grows is written for x and y. For more ports y stands for all the others:
among the arguments of a many-input function it is repeated (`winner(x, y)` becomes
`winner(x3, x, y)`), elsewhere the gate itself joins them (multiply's `y` becomes `x * y`), and
`before` becomes the number of ports that come before x.
"""

from __future__ import annotations

from functools import lru_cache

from bpstudio.core.formula.expr import Call, Expr, Name, Number, fold, names_in, substitute
from bpstudio.core.formula.functions import functions
from bpstudio.core.formula.parser import parse
from bpstudio.core.gate import Gate, growing_ports

_read = lru_cache(maxsize=1024)(parse)


def value_of(gate: Gate, ports: int, *, stable: bool = False) -> Expr:
    """The value over the ports' and params' names; `stable` prefers the text that keeps digits."""
    expr = _read(gate.stable if stable and gate.stable else gate.value)
    if ports <= len(gate.inputs):
        return expr
    names = growing_ports(ports)
    others = Call(_joiner(gate), tuple(Name(name) for name in names[1:]))
    return _grow(expr, names[0], names[1:], others)


def locals_of(gate: Gate, ports: int, *, stable: bool = False) -> tuple[Expr, ...]:
    """One local gradient per port; z stands for the value."""
    texts = gate.stable_local if stable and gate.stable_local else gate.local
    exprs = tuple(_read(text) for text in texts)
    if ports <= len(gate.inputs):
        return tuple(map(_placed, exprs, range(ports))) if gate.grows else exprs
    names = growing_ports(ports)
    joiner = _joiner(gate)
    found: list[Expr] = []
    for i, own in enumerate(names):
        others = names[:i] + names[i + 1 :]
        flat = Call(joiner, tuple(Name(name) for name in others))
        joined = _around(joiner, names[:i], names[i + 1 :]) if stable else flat
        found.append(_grow(_placed(exprs[0], i), own, others, joined))
    return tuple(found)


def meaning(key: str, count: int) -> tuple[tuple[str, ...], Expr]:
    """What a function of `count` arguments computes: their names, and an expression over them.

    Arguments are the gate's ports and then its params; a param that was left out is a number in
    the expression.
    """
    gate = functions()[key].gate
    if gate is None:
        raise KeyError(key)
    ports = count if gate.grows else len(gate.inputs)
    params = [name for name in gate.params if name != "inputs"]
    given = params[: count - ports]
    left_out = {name: Number(float(gate.params[name])) for name in params[len(given) :]}
    names = growing_ports(ports) if gate.grows else gate.inputs
    return (*names, *given), substitute(value_of(gate, ports, stable=True), left_out)


def _placed(expr: Expr, before: int) -> Expr:
    return substitute(expr, {"before": Number(float(before))})


def _joiner(gate: Gate) -> str:
    expr = _read(gate.value)
    return expr.function if isinstance(expr, Call) else gate.key


def _around(joiner: str, before: tuple[str, ...], after: tuple[str, ...]) -> Expr:
    """All that stands before, joined from the left, with all that comes after, from the right.

    Neighbouring ports share almost all of it, so 64 products take 128 multiplications and not
    4,000; and no product is ever divided by an input, which would be nan at 0.
    """
    sides = [_chain(joiner, side) for side in (before, after[::-1]) if side]
    return sides[0] if len(sides) == 1 else Call(joiner, tuple(sides))


def _chain(joiner: str, names: tuple[str, ...]) -> Expr:
    chain: Expr = Name(names[0])
    for name in names[1:]:
        chain = Call(joiner, (chain, Name(name)))
    return chain


def _grow(expr: Expr, own: str, others: tuple[str, ...], joined: Expr) -> Expr:
    meanings: dict[str, Expr] = {"x": Name(own), "y": joined}

    def join(call: Call, parts: tuple[Expr, ...]) -> Expr:
        if functions()[call.function].most <= 2:
            return Call(call.function, parts)
        args: list[Expr] = []
        for arg, part in zip(call.args, parts, strict=True):
            if "y" in names_in(arg):
                each = ({"x": Name(own), "y": Name(other)} for other in others)
                args.extend(substitute(arg, meaning) for meaning in each)
            else:
                args.append(part)
        return Call(call.function, tuple(args))

    return fold(expr, lambda at: meanings.get(at.name, at) if isinstance(at, Name) else at, join)
