"""The readings that take text: a function of arrays, code, LaTeX, the text with numbers in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bpstudio.core.formula.arrays import Tape
from bpstudio.core.formula.build import inputs_of
from bpstudio.core.formula.dialects import NUMPY, SCALAR, TORCH, pretty
from bpstudio.core.formula.expr import Definition, Expr, Name, names_in, walk
from bpstudio.core.formula.functions import functions
from bpstudio.core.formula.gatetext import meaning
from bpstudio.core.formula.names import code_name
from bpstudio.core.formula.parser import FormulaError, parse, parse_program
from bpstudio.core.formula.tex import LATEX, tex_name
from bpstudio.core.formula.write import TEXT, Dialect, write
from bpstudio.core.gate import Array
from bpstudio.core.graph import NOTHING, Kind
from bpstudio.core.numbers import DIGITS, show
from bpstudio.language import tr


def numpy_function(text: str, names: Sequence[str]) -> Callable[..., Array]:
    """A function of arrays, in the order of `names`, for the text's last line.

    Overflow and missing domains give inf and nan, without warnings. Raises FormulaError for a name
    that is neither among `names` nor defined.
    """
    program = parse_program(text)
    unknown = [name for name in inputs_of(program) if name not in names]
    if unknown:
        raise FormulaError(_no_value(unknown[0]), _first(program, unknown[0]))
    tape = Tape(names, meaning)
    slot = 0
    for line in program:
        slot = tape.places[line.name] = tape.add(line.expr)

    def run(*values: Any) -> Array:
        with np.errstate(all="ignore"):
            arrays = [np.asarray(value, dtype=np.float64) for value in values]
            return np.asarray(tape.run(arrays, (slot,))[0])

    return run


def text(expr: Expr) -> str:
    """The expression as formula text, with as few parentheses as give back the same tree."""
    return write(expr, TEXT)


def python_source(text: str) -> str:
    """Python on floats; it calls what `scalars.SCALARS` holds and gates by their keys."""
    return _source(text, SCALAR)


def numpy_source(text: str) -> str:
    """Python with NumPy as np; functions that NumPy lacks are called by their keys."""
    return _source(text, NUMPY)


def torch_source(text: str) -> str:
    """Python with PyTorch as torch, every name a tensor."""
    return _source(text, TORCH)


def latex(text: str, kinds: Mapping[str, Kind] = NOTHING) -> str:
    r"""LaTeX of one expression, or of the lines of a program joined by \\."""
    if "=" not in text and "＝" not in text:
        return write(parse(text, kinds), LATEX)
    program = parse_program(text, kinds)
    return r" \\ ".join(f"{tex_name(line.name)} = {write(line.expr, LATEX)}" for line in program)


def with_numbers(
    text: str,
    values: Mapping[str, float],
    digits: int = DIGITS,
    kinds: Mapping[str, Kind] = NOTHING,
) -> str:
    """One expression as people write it, numbers in place of the names: "1 × (−4)"."""
    spelt = {name: show(value, digits) for name, value in values.items()}
    return write(parse(text, kinds), pretty(digits), spelt)


def _source(text: str, dialect: Dialect) -> str:
    """One expression, or one line of code for each line of a program; names made legal."""
    program = parse_program(text)
    names: dict[str, str] = {}
    every = dict.fromkeys(n for line in program for n in (*names_in(line.expr), line.name))
    for name in every:
        names[name] = code_name(name, "v", {*names.values(), "np", "torch", *_spoken(dialect)})
    if "=" not in text and "＝" not in text:
        return write(program[0].expr, dialect, names)
    return "\n".join(f"{names[d.name]} = {write(d.expr, dialect, names)}" for d in program)


def _spoken(dialect: Dialect) -> tuple[str, ...]:
    return (*functions(), *dialect.functions.values(), "float", "divide", "power")


def _no_value(name: str) -> str:
    return tr("“{name}” has no value here.", name=name)


def _first(program: Sequence[Definition], name: str) -> tuple[int, int]:
    for line in program:
        for part in walk(line.expr):
            if isinstance(part, Name) and part.name == name:
                return part.at
    return (1, 1)
