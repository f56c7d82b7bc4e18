"""What is said of a formula that somebody typed, beyond whether it can be read.

A graph may well divide by a constant 0, and a document that does so opens. Whoever types 1 / 0 gets
a sentence instead: a gate for it would be infinite for ever, whatever the inputs are.
"""

from __future__ import annotations

from bpstudio.core.formula.build import Program, number_of
from bpstudio.core.formula.expr import Call, Name, Number, fold
from bpstudio.core.formula.functions import functions
from bpstudio.core.formula.parser import FormulaError
from bpstudio.language import tr

_DIVISORS = {"divide": 1, "reciprocal": 0}
"""function -> which of its arguments it divides by"""


def refuse_zero_divisors(program: Program) -> None:
    """Raise FormulaError where something is divided by the number 0, written or worked out."""

    def leaf(at: Number | Name) -> float | None:
        return at.value if isinstance(at, Number) else None

    def join(call: Call, parts: tuple[float | None, ...]) -> float | None:
        divisor = _DIVISORS.get(call.function)
        if divisor is not None and parts[divisor] == 0:
            raise FormulaError(
                tr(
                    "Nothing can be divided by the number 0. To see what a division by zero does, "
                    "give the 0 a name: z = 0, then 1 / z."
                ),
                call.at,
            )
        numbers = [part for part in parts if part is not None]
        # What an own gate makes of numbers is for its own formula to say.
        if len(numbers) < len(parts) or call.function not in functions():
            return None
        return number_of(call.function, numbers)

    for definition in program:
        fold(definition.expr, leaf, join)


def other_names(program: Program) -> tuple[str, ...]:
    """A sentence for each line that only names an input or an earlier line again: it has no gate
    to bear that name."""
    shown: dict[str, str] = {}
    for line in program:
        if isinstance(line.expr, Name):
            shown[line.name] = shown.get(line.expr.name, line.expr.name)
    return tuple(
        tr(
            "“{name}” is only another name of {other}, so there is no gate for it; "
            "the graph shows it as {other}.",
            name=name,
            other=other,
        )
        for name, other in shown.items()
    )
