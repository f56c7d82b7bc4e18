"""Formulas in LaTeX.

Names come from people and files, so nothing of them reaches LaTeX but letters and digits.
"""

from __future__ import annotations

import math
import unicodedata

from bpstudio.core.formula.expr import Call
from bpstudio.core.formula.write import ATOM, POWER, PRODUCT, SIGN, SUM, Dialect, Piece, Special
from bpstudio.core.numbers import plain

_CALLED = {
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
}


def tex_name(name: str) -> str:
    r"""A name in LaTeX: x1 -> x_{1}, α -> \alpha, rate -> \mathit{rate}."""
    letters = unicodedata.normalize("NFKC", name)
    stem = letters.rstrip("0123456789")
    low = letters[len(stem) :]
    if "_" in stem[1:]:
        stem, _, below = stem.rstrip("_").partition("_")
        low = f"{below}{low}"
    body = _stem(_kept(stem))
    return f"{body}_{{{_worded(_kept(low))}}}" if _kept(low) else body


def tex_number(value: float) -> str:
    """A number in LaTeX, powers of ten written out."""
    if value != value:
        return r"\mathrm{NaN}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    if value == math.pi:
        return r"\pi"
    mantissa, _, exponent = plain(value).partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa


def _kept(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _stem(stem: str) -> str:
    words = unicodedata.name(stem, "").split() if len(stem) == 1 else []
    if len(words) == 4 and words[0] == "GREEK" and words[2] == "LETTER":
        letter = words[3].lower().replace("lamda", "lambda")
        return rf"\{letter if words[1] == 'SMALL' else letter.capitalize()}"
    if len(stem) == 1 and stem.isascii():
        return stem
    return rf"\mathit{{{stem}}}" if stem.isascii() and stem else _worded(stem)


def _worded(text: str) -> str:
    return text if text.isascii() else rf"\text{{{text}}}"


def _held(piece: Piece, least: int) -> str:
    return piece[0] if piece[1] >= least else rf"\left({piece[0]}\right)"


def _between(binds: int, sign: str) -> Special:
    def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
        text = _held(parts[0], binds)
        for part in parts[1:]:
            text += f" {sign} {_held(part, ATOM if part[1] == SIGN else binds + 1)}"
        return (text, binds)

    return special


def _call(name: str) -> Special:
    def special(call: Call, parts: tuple[Piece, ...]) -> Piece:
        return (rf"{name}\left({', '.join(text for text, _ in parts)}\right)", ATOM)

    return special


def _around(before: str, after: str) -> Special:
    return lambda call, parts: (f"{before}{parts[0][0]}{after}", ATOM)


def _fraction(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (rf"\frac{{{parts[0][0]}}}{{{parts[1][0]}}}", ATOM)


def _power(call: Call, parts: tuple[Piece, ...]) -> Piece:
    base = parts[0]
    # A fraction does not show where it ends, and e^{x} cannot take a second exponent.
    loose = base[1] < ATOM or base[0].startswith((r"\frac", "e^"))
    text = rf"\left({base[0]}\right)" if loose else base[0]
    return (f"{text}^{{{parts[1][0]}}}", POWER)


def _winner(call: Call, parts: tuple[Piece, ...]) -> Piece:
    """An Iverson bracket: 1 where the first is the largest."""
    every = ", ".join(text for text, _ in parts)
    return (rf"\left[{parts[0][0]} = \max\left({every}\right)\right]", ATOM)


def _negative(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (f"-{_held(parts[0], PRODUCT if parts[0][0][0] != '-' else ATOM + 1)}", SIGN)


_ONE: Piece = ("1", ATOM)
_TWO: Piece = ("2", ATOM)

_SPECIAL: dict[str, Special] = {
    **{key: _call(name) for key, name in _CALLED.items()},
    "add": _between(SUM, "+"),
    "add_constant": _between(SUM, "+"),
    "subtract": _between(SUM, "-"),
    "multiply": _between(PRODUCT, r"\cdot"),
    "scale": lambda call, parts: _between(PRODUCT, r"\cdot")(call, parts[::-1]),
    "negate": _negative,
    "divide": _fraction,
    "reciprocal": lambda call, parts: _fraction(call, (_ONE, *parts)),
    "power": _power,
    "square": lambda call, parts: _power(call, (*parts, _TWO)),
    "sqrt": _around(r"\sqrt{", "}"),
    "exp": _around("e^{", "}"),
    "abs": _around(r"\left|", r"\right|"),
    "step": _around(r"\left[", r" > 0\right]"),
    "fraction": _between(PRODUCT, r"\cdot"),
    "winner": _winner,
    "co_winner": _winner,
    "first_winner": lambda call, parts: _winner(call, parts[:-1]),
}


def _upright(key: str) -> str:
    words = r"\_".join(_kept(part) for part in key.split("_"))
    return rf"\operatorname{{{words}}}"


LATEX = Dialect(
    {},
    call=_upright,
    number=tex_number,
    name=tex_name,
    special=_SPECIAL,
)
