"""How some nodes of a graph come about, as people want to read it: text, LaTeX, numbers put in.

The lines are those of `recover`; each reading of them is made when it is asked for. What a formula
would take can be counted beforehand, because somebody may point at the last of ten thousand gates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bpstudio.core.formula.expr import Definition
from bpstudio.core.formula.recover import named_program, text_of_program
from bpstudio.core.formula.tex import LATEX, tex_name
from bpstudio.core.formula.write import write
from bpstudio.core.graph import Graph
from bpstudio.core.numbers import DIGITS
from bpstudio.core.readings import plain_reader

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Formulas:
    """`name = expression` lines, and the node behind every name in them."""

    lines: tuple[Definition, ...]
    nodes: Mapping[str, str]

    @classmethod
    def of(cls, graph: Graph, nodes: Iterable[str]) -> Formulas:
        """The formulas of these nodes. Raises FormulaError where a port has no wire."""
        return cls(*named_program(graph, nodes))

    @property
    def text(self) -> str:
        """Formula text, which the formula bar reads back as the same gates."""
        return text_of_program(self.lines)

    @property
    def tex_lines(self) -> tuple[str, ...]:
        """LaTeX, line by line."""
        return tuple(f"{tex_name(line.name)} = {write(line.expr, LATEX)}" for line in self.lines)

    @property
    def latex(self) -> str:
        """LaTeX for a formula of its own: several lines are set below each other."""
        if len(self.lines) == 1:
            return self.tex_lines[0]
        rows = (line.replace(" = ", " &= ", 1) for line in self.tex_lines)
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def with_numbers(
        self, trace: Trace, digits: int = DIGITS, known: Callable[[str], bool] = _always
    ) -> tuple[str, ...]:
        """q = x + y = −2 + 5 = 3, line by line, in the first sample of a trace.

        `known` tells of a node id whether its number may be shown yet.
        """
        reader = plain_reader(digits)
        shown = {
            name: reader.number(trace.value_of(key))
            for name, key in self.nodes.items()
            if known(key)
        }
        made = []
        for line in self.lines:
            stages = [line.name, reader.text(line.expr, {})]
            if line.name in shown:
                stages += [reader.text(line.expr, shown), shown[line.name]]
            # A line of numbers alone says the same thing several times.
            kept = [stages[0], *(b for a, b in pairwise(stages) if a != b)]
            made.append(" = ".join(kept))
        return tuple(made)


def reach(graph: Graph, nodes: Iterable[str], most: int) -> int:
    """How many nodes these depend on, themselves included; counted no further than past `most`."""
    seen = set(nodes)
    todo = list(seen)
    while todo and len(seen) <= most:
        for wire in graph.into(todo.pop()).values():
            source = graph.wires[wire].source
            if source not in seen:
                seen.add(source)
                todo.append(source)
    return len(seen)
