"""A gate's forward and backward as a few lines of Python, as lecture notes write them.

The lines are made from the table's texts: the value that is shown, the local gradients that are
shown, one line each, with what backward needs named and cached by forward. Where the program itself
computes by a stabler form, a comment says which. The text is for reading and copying; the program
never runs it (a test does, and compares it with the engine).
"""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bpstudio.core.formula.expr import Call, Expr, Number, fold, names_in, substitute
from bpstudio.core.formula.functions import PRIMITIVES, functions
from bpstudio.core.formula.gatetext import locals_of, value_of
from bpstudio.core.formula.names import code_name
from bpstudio.core.formula.write import (
    ATOM,
    POWER,
    PRODUCT,
    SIGN,
    Dialect,
    Piece,
    held,
    write_piece,
)
from bpstudio.core.formula.write import write as written
from bpstudio.core.gate import Gate, growing_ports
from bpstudio.core.numbers import plain
from bpstudio.language import tr

WIDTH = 79
"""PEP 8."""
VALUE = "z "
"""What the value goes by until it has a name in the code; no port is called so."""


def code_of(gate: Gate, ports: int, params: Mapping[str, Any], width: int = WIDTH) -> str:
    """The gate's code for a node with this many ports and these params.

    Lines are at most `width` characters, but for what cannot be broken: a narrow column is no
    reason to cut code off.
    """
    page = _Page(width)
    if gate.is_source:
        said = tr("Nothing to compute: its number comes from outside.")
        return "\n".join(page.comment(said)) + "\n"
    names = growing_ports(ports) if gate.grows else gate.inputs
    value = _inlined(value_of(gate, len(names)))
    slopes = [_inlined(expr) for expr in locals_of(gate, len(names))]
    given = {
        name: float(params.get(name, default))
        for name, default in gate.params.items()
        if name != "inputs"
    }
    spelt = _spelt(names, given)
    used = _used((value, *slopes))
    if not used <= {*names, *given, "z"}:
        # An own gate's derivative that its formula does not spell out.
        said = tr("Its derivative is too long for a line: expand the gate to see its parts.")
        return "\n".join(page.comment(said)) + "\n"
    cached = [spelt[name] for name in (*names, "z") if name in _used(slopes)]
    text = "\n".join(
        (
            *_forward(page, gate, spelt, names, written(value, PYTHON, spelt), cached),
            *("", ""),
            *_backward(
                page, gate, [spelt[name] for name in names], _products(slopes, spelt), cached
            ),
        )
    )
    constants = [f"{spelt[k]} = {_number(v)}" for k, v in given.items() if k in used]
    imports = ["import math"] if "math." in text else []
    head = "\n\n".join("\n".join(block) for block in (imports, constants) if block)
    return f"{head}\n\n\n{text}\n" if head else f"{text}\n"


def _forward(
    page: _Page,
    gate: Gate,
    spelt: Mapping[str, str],
    ports: Sequence[str],
    value: str,
    cached: Sequence[str],
) -> list[str]:
    return [
        *page.listed("def forward(", [spelt[port] for port in ports], "):", indent=""),
        *page.engine(gate.value, gate.stable),
        *page.assigned(spelt[VALUE], value),
        *(page.listed("cache = ", cached) if cached else []),
        f"    return {spelt[VALUE]}, {'cache' if cached else None}",
    ]


def _backward(
    page: _Page,
    gate: Gate,
    ports: Sequence[str],
    products: Sequence[str],
    cached: Sequence[str],
) -> list[str]:
    grads = [f"d{port}" for port in ports]
    lines = ["def backward(cache, upstream):"]
    lines += page.listed("", cached, " = cache") if cached else []
    for index, (name, product) in enumerate(zip(grads, products, strict=True)):
        if gate.stable_local:
            lines += page.engine(gate.local[index], gate.stable_local[index])
        lines += page.assigned(name, product)
    return [*lines, *page.listed("return ", grads)]


def _products(slopes: Sequence[Expr], spelt: Mapping[str, str]) -> list[str]:
    """local * upstream for each port; a 1 is left out."""
    texts = []
    for slope in slopes:
        if slope == Number(1.0):
            texts.append("upstream")
        elif slope == Number(-1.0):
            texts.append("-upstream")
        else:
            texts.append(f"{held(write_piece(slope, PYTHON, spelt), PRODUCT)} * upstream")
    return texts


def _used(exprs: Iterable[Expr]) -> set[str]:
    return {name for expr in exprs for name in names_in(expr)}


def _spelt(ports: Sequence[str], params: Iterable[str]) -> dict[str, str]:
    """Legal names that do not meet: an own gate's ports may be called anything."""
    taken = {"math", "cache", "upstream", "forward", "backward"}
    found: dict[str, str] = {}
    for name in (*ports, *params, VALUE):
        found[name] = code_name(name.strip(), "v", taken)
        taken |= {found[name], f"d{found[name]}"}
    # In an own gate z may be a port; else it is the value.
    return {"z": found[VALUE], **found}


def _inlined(expr: Expr) -> Expr:
    """Gates that Python lacks by their own shown formulas."""

    def join(call: Call, parts: tuple[Expr, ...]) -> Expr:
        gate = functions()[call.function].gate
        if call.function in PRIMITIVES or gate is None:
            return Call(call.function, parts)
        ports = len(parts) if gate.grows else len(gate.inputs)
        meanings: dict[str, Expr] = dict(
            zip(growing_ports(ports) if gate.grows else gate.inputs, parts, strict=False)
        )
        params = [name for name in gate.params if name != "inputs"]
        for name, part in zip(params, parts[ports:], strict=False):
            meanings[name] = part
        for name in params[len(parts) - ports :]:
            meanings[name] = Number(float(gate.params[name]))
        return _inlined(substitute(value_of(gate, ports), meanings))

    return fold(expr, lambda at: at, join)


# --- lines ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """Lines of code that are at most `width` characters long."""

    width: int

    def engine(self, shown: str, stable: str) -> list[str]:
        """A comment where the engine takes another way to the same number."""
        if not stable or stable == shown:
            return []
        said = tr(
            "Backprop Studio computes {formula}: the same, with all its digits.", formula=stable
        )
        return self.comment(said, "    ")

    def comment(self, text: str, indent: str = "") -> list[str]:
        start = f"{indent}# "
        return [f"{start}{line}" for line in _prose(text, max(8, self.width - len(start)))]

    def assigned(self, name: str, text: str) -> list[str]:
        line = f"    {name} = {text}"
        if len(line) <= self.width:
            return [line]
        return [f"    {name} = (", *self.filled(text, " " * 8), "    )"]

    def listed(
        self, head: str, names: Sequence[str], tail: str = "", indent: str = "    "
    ) -> list[str]:
        """Names behind a head, on as many lines as they take; then in parentheses."""
        text = ", ".join(names)
        line = f"{indent}{head}{text}{tail}"
        if len(line) <= self.width:
            return [line]
        opening, closing = ("", "") if head.endswith("(") else ("(", ")")
        closing = closing if head and not tail else f"{closing}{tail}"
        inner = indent + " " * (4 if indent else 8)
        return [f"{indent}{head}{opening}", *self.filled(text, inner), f"{indent}{closing}"]

    def filled(self, text: str, indent: str) -> list[str]:
        return textwrap.wrap(
            text,
            max(self.width, len(indent) + 8),
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


_PIECE = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+|\S|\s+")
"""A word, or one Chinese character: a line may end behind any of those."""
_CLOSING = "，。：；！？、）》」”’,.:;!?)"
"""Signs that begin no line."""


def _prose(text: str, width: int) -> list[str]:
    """Lines of a sentence in any language; a Chinese character is two columns wide."""
    lines, line, used = [], "", 0
    for piece in _PIECE.findall(text):
        wide = sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in piece)
        if line.strip() and used + wide > width and piece not in _CLOSING and piece.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        if line or piece.strip():
            line, used = line + piece, used + wide
    return [*lines, line.rstrip()]


# --- the language -----------------------------------------------------------------------------


def _number(value: float) -> str:
    return plain(value) if math.isfinite(value) else f'float("{value!r}")'


def _power(call: Call, parts: tuple[Piece, ...]) -> Piece | None:
    """Between numbers as floats: with ints 9 ** 9 ** 9 would run for years."""
    base = call.args[0]
    if not isinstance(base, Number):
        return None
    return (f"{float(base.value)!r} ** {held(parts[1], SIGN)}", POWER) if base.value > 0 else None


def _step(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (f"float({parts[0][0]} > 0)", ATOM)


def _sign(call: Call, parts: tuple[Piece, ...]) -> Piece:
    text = held(parts[0], SIGN)
    return (f"float({text} > 0) - float({text} < 0)", 1)


def _winner(call: Call, parts: tuple[Piece, ...]) -> Piece:
    """The share of the first in being the largest."""
    every = ", ".join(text for text, _ in parts)
    own = parts[0][0]
    return (f"({own} == max({every})) / [{every}].count({own})", PRODUCT)


def _co_winner(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (f"float({parts[0][0]} == max({', '.join(text for text, _ in parts)}))", ATOM)


def _first_winner(call: Call, parts: tuple[Piece, ...]) -> Piece:
    """1 where it is the largest and none before it is as large."""
    before = call.args[-1]
    count = int(before.value) if isinstance(before, Number) else 0
    own, others = parts[0][0], [text for text, _ in parts[1:-1]]
    first = [f"{own} > {text}" for text in others[:count]]
    rest = [f"{own} >= {text}" for text in others[count:]]
    return (f"float({' and '.join([*first, *rest])})", ATOM)


def _cdf(call: Call, parts: tuple[Piece, ...]) -> Piece:
    return (f"0.5 * (1 + math.erf({held(parts[0], PRODUCT)} / math.sqrt(2)))", PRODUCT)


PYTHON = Dialect(
    {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"},
    functions={
        key: f"math.{key}"
        for key in ("exp", "log", "sin", "cos", "sqrt", "tanh", "erf", "log1p", "expm1")
    },
    number=_number,
    special={
        "power": _power,
        "step": _step,
        "sign": _sign,
        "winner": _winner,
        "co_winner": _co_winner,
        "first_winner": _first_winner,
        "normal_cdf": _cdf,
    },
)
"""Python on floats as people write it; what the engine runs is `dialects.SCALAR`."""
