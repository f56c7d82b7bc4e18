"""How formulas are spelt: for eyes, in Python on floats, in NumPy, in PyTorch and in LaTeX."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping

from bpstudio.core.formula.expr import Call, Number, names_in
from bpstudio.core.formula.write import ATOM, POWER, PRODUCT, SUM, Dialect, Piece, held
from bpstudio.core.numbers import DIGITS, MINUS, plain, show

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


def _numpy(name: str) -> Dialect:
    def guarded(key: str, sign: str) -> object:
        # Python's own floats raise where NumPy's give inf: between numbers NumPy must do it.
        def special(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
            if names_in(call):
                return None
            return (f"{name}.{key}({parts[0][0]}, {parts[1][0]})", ATOM)

        return special

    def pairs(key: str, function: str) -> object:
        def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
            text = parts[0][0]
            for part in parts[1:]:
                text = f"{name}.{function}({text}, {part[0]})"
            return (text, ATOM)

        return special

    return Dialect(
        {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"},
        functions={
            key: f"{name}.{key}"
            for key in ("exp", "log", "sin", "cos", "sqrt", "abs", "tanh", "log1p", "expm1", "sign")
        },
        number=_float,
        special={
            "divide": guarded("divide", "/"),  # type: ignore[dict-item]
            "power": guarded("power", "**"),  # type: ignore[dict-item]
            "max": pairs("max", "maximum"),  # type: ignore[dict-item]
            "min": pairs("min", "minimum"),  # type: ignore[dict-item]
        },
    )


NUMPY = _numpy("np")
"""NumPy with `import numpy as np`; helper functions are called by their keys."""


def _torch() -> Dialect:
    def limit(function: str, side: str) -> object:
        def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
            text = parts[0][0]
            for arg, part in zip(call.args[1:], parts[1:], strict=True):
                if isinstance(arg, Number):
                    text = f"torch.clamp({text}, {side}={part[0]})"
                else:
                    text = f"torch.{function}({text}, {part[0]})"
            return (text, ATOM)

        return special

    base = _numpy("torch")
    special: Mapping[str, object] = {
        "max": limit("maximum", "min"),
        "min": limit("minimum", "max"),
    }
    functions = {
        **base.functions,
        "erf": "torch.erf",
        "normal_cdf": "torch.special.ndtr",
        "sigmoid": "torch.sigmoid",
        "relu": "torch.relu",
        "softplus": "torch.nn.functional.softplus",
        "gelu": "torch.nn.functional.gelu",
        "elu": "torch.nn.functional.elu",
        "leaky_relu": "torch.nn.functional.leaky_relu",
        "reciprocal": "torch.reciprocal",
        "square": "torch.square",
    }
    return Dialect(base.operators, functions=functions, number=_float, special=special)  # type: ignore[arg-type]


TORCH = _torch()
"""PyTorch with `import torch`; every name is a tensor."""


# --- LaTeX -----------------------------------------------------------------------------------

_TEX_FUNCTIONS = {
    "log": r"\ln",
    "sin": r"\sin",
    "cos": r"\cos",
    "tanh": r"\tanh",
    "max": r"\max",
    "min": r"\min",
    "sigmoid": r"\sigma",
    "sign": r"\mathrm{sgn}",
    "erf": r"\mathrm{erf}",
    "normal_cdf": r"\Phi",
    "normal_pdf": r"\varphi",
}


def tex_name(name: str) -> str:
    r"""A name in LaTeX: x1 -> x_{1}, α -> \alpha, rate -> \mathit{rate}; nothing passes unescaped."""
    plain_name = unicodedata.normalize("NFKC", name)
    stem = plain_name.rstrip("0123456789")
    stem, _, below = (stem or plain_name).partition("_") if "_" in stem[1:] else (stem, "", "")
    digits = plain_name[len(plain_name.rstrip("0123456789")) :]
    low = "".join(c for c in below if c.isalnum()) + digits
    return f"{_tex_stem(stem)}_{{{_tex_text(low)}}}" if low else _tex_stem(stem)


def _tex_stem(stem: str) -> str:
    if len(stem) == 1 and not stem.isascii():
        words = unicodedata.name(stem, "").split()
        if words[:1] == ["GREEK"] and words[2:3] == ["LETTER"] and len(words) == 4:
            letter = words[3].lower().replace("lamda", "lambda")
            return rf"\{letter if words[1] == 'SMALL' else letter.capitalize()}"
    return _tex_text(stem) if len(stem) == 1 else rf"\mathit{{{_tex_text(stem)}}}"


def _tex_text(text: str) -> str:
    escaped = text.replace("_", r"\_")
    return escaped if escaped.isascii() else rf"\text{{{escaped}}}"


def tex_number(value: float) -> str:
    """A number in LaTeX, powers of ten written out."""
    if not math.isfinite(value):
        return r"\mathrm{NaN}" if value != value else r"\infty" if value > 0 else r"-\infty"
    if value == math.pi:
        return r"\pi"
    mantissa, _, exponent = plain(value).partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa


def _tex_divide(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (rf"\frac{{{parts[0][0]}}}{{{parts[1][0]}}}", ATOM)


def _tex_power(call: Call, parts: tuple[Piece, ...]) -> Piece:
    base = parts[0]
    # A fraction or a root ends visibly, but a raised function or e^x does not.
    loose = base[1] < ATOM or base[0].startswith((r"\frac", "e^"))
    text = rf"\left({base[0]}\right)" if loose else base[0]
    return (f"{{{text}}}^{{{parts[1][0]}}}", POWER)


def _tex_between(binds: int, sign: str) -> object:
    def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
        text = _tex_held(parts[0], binds)
        for part in parts[1:]:
            text += f" {sign} {_tex_held(part, binds + (1 if part[1] != 3 else 9))}"
        return (text, binds)

    return special


def _tex_held(piece: Piece, least: int) -> str:
    return piece[0] if piece[1] >= least else rf"\left({piece[0]}\right)"


def _tex_call(name: str) -> object:
    def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
        return (rf"{name}\left({', '.join(text for text, _ in parts)}\right)", ATOM)

    return special


def _tex_around(before: str, after: str, holds: int = ATOM) -> object:
    return lambda call, parts: (f"{before}{parts[0][0]}{after}", holds)


def _tex_winner(call: Call, parts: tuple[Piece, ...]) -> Piece:
    """An Iverson bracket: 1 where the first is the largest."""
    every = ", ".join(text for text, _ in parts)
    return (rf"\left[{parts[0][0]} = \max\left({every}\right)\right]", ATOM)


LATEX = Dialect(
    {},
    number=tex_number,
    special={
        **{key: _tex_call(name) for key, name in _TEX_FUNCTIONS.items()},
        **{
            key: _tex_call(rf"\mathrm{{{key.replace('_', '-')}}}")
            for key in "relu softplus gelu elu leaky_relu half_squared_error cross_entropy_logit "
            "log1p expm1 power_slope".split()
        },
        "add": _tex_between(SUM, "+"),
        "add_constant": _tex_between(SUM, "+"),
        "subtract": _tex_between(SUM, "-"),
        "multiply": _tex_between(PRODUCT, r"\cdot"),
        "scale": lambda call, parts: _tex_between(PRODUCT, r"\cdot")(call, parts[::-1]),  # type: ignore[operator]
        "divide": _tex_divide,
        "power": _tex_power,
        "square": lambda call, parts: _tex_power(call, (parts[0], ("2", ATOM))),
        "reciprocal": lambda call, parts: _tex_divide(call, (("1", ATOM), parts[0])),
        "sqrt": _tex_around(r"\sqrt{", "}"),
        "exp": _tex_around("e^{", "}"),
        "abs": _tex_around(r"\left|", r"\right|"),
        "step": _tex_around(r"\left[", r" > 0\right]"),
        "winner": _tex_winner,
    },  # type: ignore[dict-item]
)
"""LaTeX for a formula; names must be given through `tex_name`."""
