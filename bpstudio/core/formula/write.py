"""Expressions written out: as formula text, with numbers put in, as code, and as LaTeX.

One writer knows where parentheses are needed: fewest possible, yet reading the text again gives
exactly the same tree. A dialect only says how each sign and function is spelt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bpstudio.core.formula.expr import Call, Expr, Name, Number, fold
from bpstudio.core.numbers import plain

SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5
"""How tightly a text holds together."""

Piece = tuple[str, int]
"""A text and how tightly it holds together."""

Special = Callable[[Call, tuple[Piece, ...]], "Piece | None"]
"""(call, pieces of its arguments) -> its piece, None to leave it to the writer."""

_BINDS = {"add": SUM, "subtract": SUM, "multiply": PRODUCT, "divide": PRODUCT, "power": POWER}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a language spells numbers, signs and functions.

    functions   key -> spelling; a function that is not listed is spelt by `call`
    operators   which of the five arithmetic gates are written between their two arguments
    exact       whether reading the text must give the same tree: then a sum of three is
                add(a, b, c), because a + b + c is two sums, and -(3) is not the number -3
    call        how a function is spelt that `functions` does not list
    name        how a name is spelt where the writer is not told otherwise
    special     key -> a function that is asked first
    """

    operators: Mapping[str, str]
    minus: str = "-"
    functions: Mapping[str, str] = field(default_factory=dict)
    number: Callable[[float], str] = plain
    name: Callable[[str], str] = str
    call: Callable[[str], str] = str
    exact: bool = False
    special: Mapping[str, Special] = field(default_factory=dict)


SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "^"}
TEXT = Dialect(SIGNS, exact=True)
"""What `parse` reads back as the same tree."""
READABLE = Dialect(SIGNS)
"""What `parse` reads back as the same value."""


def write(expr: Expr, dialect: Dialect = TEXT, names: Mapping[str, str] | None = None) -> str:
    """The expression's text; `names` says what to write for a name (atoms or calls only)."""
    return write_piece(expr, dialect, names)[0]


def write_piece(
    expr: Expr, dialect: Dialect = TEXT, names: Mapping[str, str] | None = None
) -> Piece:
    """The text and how tightly it holds together."""
    spell = names or {}

    def leaf(at: Number | Name) -> Piece:
        if isinstance(at, Number):
            return piece_of(dialect.number(at.value), dialect.minus)
        return piece_of(spell.get(at.name) or dialect.name(at.name), dialect.minus)

    return fold(expr, leaf, lambda call, parts: join_piece(call, parts, dialect))


def piece_of(text: str, minus: str = "-") -> Piece:
    """A leaf's text: with a minus in front it is a sign and what follows it."""
    return (text, SIGN if text.startswith(minus) else ATOM)


def join_piece(call: Call, parts: tuple[Piece, ...], dialect: Dialect) -> Piece:
    """One call put together from the pieces of its arguments."""
    special = dialect.special.get(call.function)
    if special is not None and (piece := special(call, parts)) is not None:
        return piece
    if call.function == "negate":
        return (f"{dialect.minus}{_signed(parts[0], dialect)}", SIGN)
    sign = dialect.operators.get(call.function)
    if sign is not None and (len(parts) == 2 or not dialect.exact):
        so_far = parts[0]
        for part in parts[1:]:
            so_far = _between(so_far, sign, part, _BINDS[call.function])
        return so_far
    name = dialect.functions.get(call.function) or dialect.call(call.function)
    return (f"{name}({', '.join(text for text, _ in parts)})", ATOM)


def held(piece: Piece, least: int) -> str:
    """The text, in parentheses where it holds together less tightly than `least`."""
    return piece[0] if piece[1] >= least else f"({piece[0]})"


def _signed(piece: Piece, dialect: Dialect) -> str:
    # "--x" is hard to read.
    number = dialect.exact and piece[1] == ATOM and piece[0][0].isdigit()
    return f"({piece[0]})" if number or piece[0].startswith(dialect.minus) else held(piece, SIGN)


def _between(left: Piece, sign: str, right: Piece, binds: int) -> Piece:
    if binds == POWER:
        # To the right of ^ a sign needs none: 2 ^ -x. To the left it does: (-x) ^ 2.
        return (f"{held(left, ATOM)} {sign} {held(right, SIGN)}", POWER)
    first = held(left, binds)
    # x + -3 is legal but ugly, and some languages and readers stumble over it.
    second = f"({right[0]})" if right[1] == SIGN else held(right, binds + 1)
    return (f"{first} {sign} {second}", binds)
