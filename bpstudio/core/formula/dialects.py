"""How formulas are spelt: for eyes, in Python on floats, in NumPy and in PyTorch."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import reduce

from bpstudio.core.formula.expr import Call, Name, Number, names_in
from bpstudio.core.formula.scalars import FAST_EXP
from bpstudio.core.formula.write import ATOM, POWER, PRODUCT, SIGN, Dialect, Piece, Special, held
from bpstudio.core.numbers import DIGITS, MINUS, show
from bpstudio.core.settings import SETTINGS

RAISED = str.maketrans("0123456789" + MINUS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def pretty(digits: int = DIGITS) -> Dialect:
    """For eyes: × and a true minus, small whole exponents raised, numbers rounded."""

    def power(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
        exponent = parts[1][0]
        if not exponent.removeprefix(MINUS).isdecimal():
            return None
        return (f"{held(parts[0], ATOM)}{exponent.translate(RAISED)}", POWER)

    return Dialect(
        {"add": "+", "subtract": MINUS, "multiply": "×", "divide": "/", "power": "^"},
        minus=MINUS,
        functions={"log": "ln"},
        number=lambda value: "π" if value == math.pi else show(value, digits),
        special={"power": power},
    )


# --- code ------------------------------------------------------------------------------------


def _float(value: float) -> str:
    """A literal of a float: never an int, with which 9 ** 9 ** 9 would run for years."""
    return repr(float(value)) if math.isfinite(value) else f'float("{value!r}")'


def _scalar_divide(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
    by = call.args[1]
    if isinstance(by, Number) and by.value:
        return None
    return (f"divide({parts[0][0]}, {parts[1][0]})", ATOM)


def _fast_divide(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
    by, over, under = call.args[1], parts[0][0], parts[1][0]
    if isinstance(by, Name) and isinstance(call.args[0], Name | Number):
        return (f"({over} / {under} if {under} else divide({over}, {under}))", ATOM)
    return _scalar_divide(call, parts)


def _fast_exp(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
    x = parts[0][0]
    if not isinstance(call.args[0], Name):
        return None
    return (f"(fast_exp({x}) if {x} < {FAST_EXP} else exp({x}))", ATOM)


def _fast_step(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
    x = parts[0][0]
    return (f"(1.0 if {x} > 0 else step({x}))", ATOM) if isinstance(call.args[0], Name) else None


def _larger_or_smaller(sign: str) -> Special:
    def special(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
        if len(parts) != 2 or not all(isinstance(arg, Name | Number) for arg in call.args):
            return None
        x, y = parts[0][0], parts[1][0]
        return (f"({x} if {x} {sign} {y} or {x} != {x} else {y})", ATOM)

    return special


def _scalar_power(call: Call, parts: tuple[Piece, ...]) -> Piece:
    by = call.args[1]
    if isinstance(by, Number) and by.value == 2 and parts[0][1] == ATOM and len(parts[0][0]) < 20:
        return (f"{parts[0][0]} * {parts[0][0]}", PRODUCT)
    return (f"power({parts[0][0]}, {parts[1][0]})", ATOM)


SCALAR = Dialect(
    {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"},
    functions={"max": "maximum", "min": "minimum"},
    number=_float,
    special={"divide": _scalar_divide, "power": _scalar_power},
)
"""Python on floats; calls what `scalars.SCALARS` holds, so nothing raises."""

FAST_SCALAR = replace(
    SCALAR,
    special={
        "divide": _fast_divide,
        "exp": _fast_exp,
        "max": _larger_or_smaller(">"),
        "min": _larger_or_smaller("<"),
        "power": _scalar_power,
        "step": _fast_step,
    },
)
"""The same numbers faster, for generated code: a call costs three times the arithmetic, so what is
simple is written out and only the odd number calls."""


def _between_numbers(function: str) -> Special:
    """Python's own floats raise where NumPy's give inf: between numbers NumPy must do it."""

    def special(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
        return None if names_in(call) else (f"{function}({parts[0][0]}, {parts[1][0]})", ATOM)

    return special


def _in_pairs(function: str) -> Special:
    def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
        return reduce(lambda a, b: (f"{function}({a[0]}, {b[0]})", ATOM), parts)

    return special


def _limit(function: str, side: str) -> Special:
    """PyTorch compares tensors with tensors only; a number is a limit to it.

    Of three and more, amax and amin share the gradient of a tie evenly; pairs would not.
    """

    def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
        if len(parts) > 2 and not any(isinstance(arg, Number) for arg in call.args):
            every = ", ".join(text for text, _ in parts)
            return (f"torch.a{function[:3]}(torch.stack([{every}]), dim=0)", ATOM)
        text = parts[0][0]
        for arg, part in zip(call.args[1:], parts[1:], strict=True):
            if isinstance(arg, Number):
                text = f"torch.clamp({text}, {side}={part[0]})"
            else:
                text = f"torch.{function}({text}, {part[0]})"
        return (text, ATOM)

    return special


def _tensors_first(sign: str) -> Special:
    """Between two numbers the first is made a tensor, so that no Python float raises."""

    def special(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
        if names_in(call):
            return None
        return (f"(torch.tensor({parts[0][0]}).double() {sign} {held(parts[1], ATOM)})", ATOM)

    return special


def _of_tensor(function: str) -> Special:
    """PyTorch's functions take tensors only; a number is made one."""

    def special(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
        if names_in(call) or "torch." in parts[0][0]:
            return None
        return (f"torch.{function}(torch.tensor({parts[0][0]}).double())", ATOM)

    return special


_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}
_ELEMENTWISE = ["exp", "log", "sin", "cos", "sqrt", "abs", "tanh", "log1p", "expm1", "sign"]

NUMPY = Dialect(
    _OPERATORS,
    functions={key: f"np.{key}" for key in _ELEMENTWISE},
    number=_float,
    special={
        "divide": _between_numbers("np.divide"),
        "power": _between_numbers("np.power"),
        "max": _in_pairs("np.maximum"),
        "min": _in_pairs("np.minimum"),
        "step": lambda call, parts: (f"np.heaviside({parts[0][0]}, 0.0)", ATOM),
    },
)
"""NumPy with `import numpy as np`; other functions are called by their keys."""

NUMPY_HELPERS = {
    "erf": "def erf(x):\n    return np.vectorize(math.erf, otypes=[float])(x)",
    "normal_cdf": (
        "def normal_cdf(x):\n"
        "    return 0.5 * np.vectorize(math.erfc, otypes=[float])(-x / math.sqrt(2.0))"
    ),
    "gelu_slope": (
        "def gelu_slope(x):\n"
        "    near = np.clip(x, -40.0, 40.0)\n"
        "    tail = math.sqrt(0.5 / math.pi) * np.exp(-0.5 * near * near)\n"
        "    return normal_cdf(x) + near * tail"
    ),
    "power_slope": (
        "def power_slope(x, p):\n    return p * x ** (p - 1.0) if p != 0.0 else 0.0 * x"
    ),
    "fraction": (
        "def fraction(f, x):\n"
        '    """f * x, 0 for f = 0 even where x is infinite."""\n'
        "    return np.where((f == 0.0) & (x == x), 0.0, np.multiply(f, x))[()]"
    ),
    "first_winner": (
        "def first_winner(x, *rest):\n"
        '    """1 for the first of the largest; last comes how many others are before x."""\n'
        "    values, before = np.stack(np.broadcast_arrays(x, *rest[:-1])), int(rest[-1])\n"
        "    largest = values == values.max(axis=0)\n"
        "    first = largest[0] & ~largest[1 : before + 1].any(axis=0)\n"
        "    return np.where(np.isnan(values).any(axis=0), np.nan, 1.0 * first)[()]"
    ),
    "co_winner": (
        "def co_winner(x, *others):\n"
        '    """1 for each of the largest."""\n'
        "    values = np.stack(np.broadcast_arrays(x, *others))\n"
        "    largest = 1.0 * (x == values.max(axis=0))\n"
        "    return np.where(np.isnan(values).any(axis=0), np.nan, largest)[()]"
    ),
    "winner": (
        "def winner(x, *others):\n"
        '    """The share of x in being the largest: equals share evenly."""\n'
        "    values = np.stack(np.broadcast_arrays(x, *others))\n"
        "    largest = values == values.max(axis=0)\n"
        "    share = largest[0] / np.maximum(largest.sum(axis=0), 1)\n"
        "    return np.where(np.isnan(values).any(axis=0), np.nan, share)[()]"
    ),
}
"""What a script must define before it calls one of these; `import math` and NumPy at hand."""

TORCH = Dialect(
    _OPERATORS,
    functions={
        **{key: f"torch.{key}" for key in _ELEMENTWISE},
        **{key: f"torch.{key}" for key in ("erf", "sigmoid", "relu", "reciprocal", "square")},
        **{key: f"torch.nn.functional.{key}" for key in ("gelu", "elu", "leaky_relu")},
        "normal_cdf": "torch.special.ndtr",
    },
    number=_float,
    special={
        **{key: _of_tensor(key) for key in _ELEMENTWISE},
        "divide": _tensors_first("/"),
        "power": _tensors_first("**"),
        "max": _limit("maximum", "min"),
        "min": _limit("minimum", "max"),
        "step": lambda call, parts: (f"(({parts[0][0]}) > 0.0).double()", ATOM),
        # torch's own softplus turns linear at 20, which costs nine digits there.
        "softplus": lambda call, parts: (
            f"-torch.nn.functional.logsigmoid(-({parts[0][0]}))",
            SIGN,
        ),
        "scale": lambda call, parts: (f"({parts[1][0]}) * ({parts[0][0]})", PRODUCT),
    },
)
"""PyTorch with `import torch`; every name is a tensor."""

_LARGEST = """class Largest(torch.autograd.Function):
    \"""max under the graph's policy for ties: {policy}.\"""

    @staticmethod
    def forward(ctx, *inputs):
        values = torch.stack(inputs)
        largest = values.amax(dim=0)
        wins = values == largest
        shares = 1.0 * ({wins})
        ctx.save_for_backward(torch.where(largest.isnan(), largest, shares))
        return largest

    @staticmethod
    def backward(ctx, upstream):
        return tuple(share * upstream for share in ctx.saved_tensors[0])"""
_SHARES = {"first": "wins & (wins.cumsum(dim=0) == 1)", "all": "wins"}


def torch_ties(ties: str) -> tuple[Dialect, str]:
    """PyTorch under a policy for ties, and what a script must define for it.

    PyTorch's own max and min split evenly, and need nothing.
    """
    if ties not in _SHARES:
        return TORCH, ""
    special = {**TORCH.special, "max": _largest("", "max"), "min": _largest("-", "min")}
    policy = SETTINGS["ties"].values[ties]
    return replace(TORCH, special=special), _LARGEST.format(policy=policy, wins=_SHARES[ties])


def _largest(sign: str, function: str) -> Special:
    """The smallest is the largest of the negatives, with both signs turned back."""

    def special(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
        if any(isinstance(arg, Number) for arg in call.args):
            return TORCH.special[function](call, parts)
        every = ", ".join(sign + held(part, SIGN) if sign else part[0] for part in parts)
        return (f"{sign}Largest.apply({every})", SIGN if sign else ATOM)

    return special
