"""One text, many readings: gates, NumPy, Python and PyTorch code, LaTeX, text with numbers in it.

The text is read by our own parser (`parse`, `parse_program`) and never evaluated as code. Every
function here that takes text raises FormulaError, one sentence with the line and column, for text
that is no formula. The names below are fetched when they are first used, because computing a graph
needs few of them and the window should not wait for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpstudio.core.formula.build import gates_of, inputs_of
    from bpstudio.core.formula.expr import Call, Definition, Expr, Name, Number
    from bpstudio.core.formula.parser import FormulaError, parse, parse_program
    from bpstudio.core.formula.readings import (
        latex,
        numpy_function,
        numpy_source,
        python_source,
        text,
        torch_source,
        with_numbers,
    )
    from bpstudio.core.formula.recover import program_of, text_of, text_of_program

__all__ = [
    "Call",
    "Definition",
    "Expr",
    "FormulaError",
    "Name",
    "Number",
    "gates_of",
    "inputs_of",
    "latex",
    "numpy_function",
    "numpy_source",
    "parse",
    "parse_program",
    "program_of",
    "python_source",
    "text",
    "text_of",
    "text_of_program",
    "torch_source",
    "with_numbers",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from bpstudio.core.formula import build, expr, parser, readings, recover

    rooms = (expr, parser, build, recover, readings)
    found = next(vars(room)[name] for room in rooms if name in vars(room))
    globals()[name] = found
    return found
