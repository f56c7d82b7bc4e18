"""A gate's formulas as people read them: ports by their sources' names, or numbers put in.

Expressions come from the gate table; here they are only spelt out, as plain text for the stage and
the inspector ("q × z", "3 × (−4)", "e^(−1)") or as LaTeX. Names are any text a user chose, so none
of this is ever read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bpstudio.core.formula.dialects import pretty
from bpstudio.core.formula.expr import Call, Expr, Name, Number, names_in, walk
from bpstudio.core.formula.gatetext import locals_of, value_of
from bpstudio.core.formula.parser import parse
from bpstudio.core.formula.tex import LATEX, tex_name
from bpstudio.core.formula.write import ATOM, POWER, SIGN, TEXT, Piece, held, write_piece
from bpstudio.core.gate import Gate
from bpstudio.core.numbers import DIGITS, MINUS, exact, show

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

FEW = 3
"""A formula over names is worth showing before its numbers when it holds at most so many."""

SHORT = 4
"""Names of at most so many characters may end in digits behind a d: dw1, dx0."""

_BRACKETS = ("winner", "co_winner", "first_winner", "step")

_SIGNS = ("add", "subtract", "multiply", "divide", "negate")


@dataclass(frozen=True, slots=True)
class Reader:
    """One way of spelling: a dialect, how a number looks in it, and how a name does."""

    dialect: Any
    tex: bool
    digits: int
    signed_zero: bool = False

    def number(self, value: float) -> str:
        text = show(value, self.digits)
        if self.signed_zero and value == 0:
            text = exact(value)
        return _tex_shown(text) if self.tex else text

    def factor(self, value: float) -> str:
        """A number behind a ×."""
        text = self.number(value)
        if not text.startswith(("-", MINUS)):
            return text
        return rf"\left({text}\right)" if self.tex else f"({text})"

    def name(self, text: str) -> str:
        return tex_name(text) if self.tex else text

    def text(self, expr: Expr, names: Mapping[str, str]) -> str:
        return write_piece(expr, self.dialect, names)[0]

    def as_factor(self, expr: Expr, names: Mapping[str, str]) -> str:
        """The expression behind a ×, in parentheses unless it holds together."""
        piece = write_piece(expr, self.dialect, names)
        if self.tex and piece[1] < POWER:
            return rf"\left({piece[0]}\right)"
        return held(piece, POWER)


def plain_reader(digits: int = DIGITS) -> Reader:
    """Plain text: ×, a true minus, e^x."""
    base = pretty(digits)
    special = {**base.special, "exp": _exp, "negate": _negate, "step": _step}
    special |= {"winner": _winner, "co_winner": _winner, "first_winner": _first_winner}
    functions = {**base.functions, "sqrt": "√", "sign": "sgn"}
    return Reader(replace(base, special=special, functions=functions), False, digits)


def spelt_out(text: str) -> str:
    """A table's formula text as typed, but for its own functions, which nobody could look up:
    `winner(x, y)` becomes [x = max(x, y)]."""
    known = {key: plain_reader().dialect.special[key] for key in _BRACKETS}
    return write_piece(parse(text), replace(TEXT, special={**TEXT.special, **known}), {})[0]


def tex_reader(digits: int = DIGITS) -> Reader:
    """LaTeX, numbers rounded."""
    dialect = replace(LATEX, number=lambda value: _tex_shown(show(value, digits)))
    return Reader(dialect, True, digits)


def _exp(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (f"e^{held(parts[0], ATOM)}", ATOM)


def _negate(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
    """−1 for a 1 put in; the writer, which must tell a sign from a literal, has −(1)."""
    return (f"{MINUS}{parts[0][0]}", SIGN) if parts[0][1] == ATOM else None


def _winner(call: Call, parts: tuple[Piece, ...]) -> Piece:
    """An Iverson bracket, as in the notes: 1 where the first is the largest."""
    return (f"[{parts[0][0]} = max({', '.join(text for text, _ in parts)})]", ATOM)


def _first_winner(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return _winner(call, parts[:-1])


def _step(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (f"[{parts[0][0]} > 0]", ATOM)


def _tex_shown(text: str) -> str:
    """A number that `show` wrote, in LaTeX."""
    text = text.replace(MINUS, "-").replace("∞", r"\infty").replace("NaN", r"\mathrm{NaN}")
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if e else text


# --- what stands at a node --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A computed gate in a trace: its gate, its row, its wires, and what its ports are called."""

    gate: Gate
    node: str
    row: int
    wires: tuple[int, ...]
    sources: tuple[str, ...]
    """name of the node at each port's other end"""
    ports: tuple[str, ...]

    @property
    def value(self) -> Expr:
        return value_of(self.gate, len(self.ports))

    def local(self, index: int) -> Expr:
        """One port's local gradient; where it is only the value again, the value's formula."""
        expr = locals_of(self.gate, len(self.ports))[index]
        return self.value if expr == Name("z") and "z" not in self.ports else expr


def place_of(trace: Trace, node: str) -> Place | None:
    """None for a source and for a node that cannot be computed."""
    plan, wiring = trace.plan, trace.plan.wiring
    row = wiring.row[node]
    if not wiring.sources <= row < wiring.count:
        return None
    item = plan.graph.nodes[node]
    gate = plan.graph.gates[item.gate]
    wires = tuple(wiring.slots(row))
    sources = tuple(name_of(trace, wiring.nodes[int(wiring.source[w])]) for w in wires)
    return Place(gate, node, row, wires, sources, gate.ports(item.params))


def name_of(trace: Trace, node: str) -> str:
    """What people call it."""
    return trace.plan.graph.nodes[node].name


def compound(name: str) -> bool:
    """Whether a d in front of the name needs parentheses: "dq" and "dw1" read well, while
    "dadd_constant1" and "dhidden unit" do not."""
    if not name.replace("_", "a").isalnum():
        return True
    return len(name) > SHORT and name[-1].isdecimal()


def named(trace: Trace, place: Place, reader: Reader) -> dict[str, str]:
    """port -> its source's name, z -> the node's own, param -> its number."""
    # An own gate may have a port called z; its formulas never mean the value by it.
    names = {"z": reader.name(name_of(trace, place.node)), **_params(trace, place, reader)}
    return names | dict(zip(place.ports, map(reader.name, place.sources), strict=True))


def numbered(trace: Trace, place: Place, reader: Reader, sample: int = 0) -> dict[str, str]:
    """port, z and param -> number."""
    values = {
        port: reader.number(float(_value(trace, int(trace.plan.wiring.source[w]), sample)))
        for port, w in zip(place.ports, place.wires, strict=True)
    }
    own = reader.number(float(_value(trace, place.row, sample)))
    return {"z": own, **_params(trace, place, reader), **values}


def _params(trace: Trace, place: Place, reader: Reader) -> dict[str, str]:
    given = trace.plan.graph.nodes[place.node].params
    return {
        name: reader.number(float(given.get(name, default)))
        for name, default in place.gate.params.items()
        if name != "inputs"
    }


def _value(trace: Trace, row: int, sample: int) -> float:
    return trace.number(0, row) if sample == 0 else float(trace.value[row, sample])


def is_short(expr: Expr, ports: tuple[str, ...]) -> bool:
    """Whether it is made of a few ports only, so that it says something before numbers are in."""
    parts = list(walk(expr))
    if any(isinstance(part, Call) and part.function not in _SIGNS for part in parts):
        return False
    leaves = [part for part in parts if not isinstance(part, Call)]
    return len(leaves) <= FEW and all(isinstance(p, Name) and p.name in ports for p in leaves)


def is_bare(expr: Expr) -> bool:
    """Whether it is a single number or name, so that putting numbers in computes it already."""
    return isinstance(expr, Number | Name)


def formula_of(gate: Gate, ports: int, index: int, reader: Reader) -> str:
    """A port's local gradient over the ports' names, for a title: "e^x", "y", "1 / x²"."""
    expr = locals_of(gate, ports)[index]
    if expr == Name("z") and "z" not in gate.inputs:
        expr = value_of(gate, ports)
    return reader.text(expr, {name: reader.name(name) for name in names_in(expr)})


def value_with_numbers(trace: Trace, node: str, sample: int = 0, digits: int = DIGITS) -> str:
    """A gate's value formula with its inputs' numbers put in: "ln(−1)", "1 / 0"."""
    place = place_of(trace, node)
    if place is None:
        return ""
    # Without its sign a zero would not explain the sign of 1 / (−0) = −∞.
    reader = replace(plain_reader(digits), signed_zero=True)
    return reader.text(place.value, numbered(trace, place, reader, sample))
