"""What simpler gates a gate is made of.

A gate of the table becomes the gates of its `parts` text or of the formula that it shows, its
params put in as numbers; an own gate becomes those of its formula. The numbers are the same up to
rounding where nothing overflows: a gate computes by its stable form, its parts do not. Far out they
part (sigmoid at -800: the parts go over exp(800) = inf; tanh at 1e-9 loses nine digits), which is
what the stable forms are for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from bpstudio.core.formula.build import gates_of
from bpstudio.core.formula.expr import Call, Definition, Expr, Number, substitute, walk
from bpstudio.core.formula.functions import functions
from bpstudio.core.formula.parser import parse_program
from bpstudio.core.gate import OWN, Gate
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Node
from bpstudio.core.own import Inner, expressions_of, inner_of


def parts_of(gate: Gate, node: Node) -> Inner | None:
    """The gates that a node's gate is made of; None where it is as simple as can be."""
    if gate.family == OWN:
        return inner_of(gate.value)
    if gate.is_source or gate.grows:
        return None
    numbers = {
        name: float(node.params.get(name, default))
        for name, default in gate.params.items()
        if name != "inputs"
    }
    return _parts(gate.key, tuple(numbers.items()))


def formula_parts(gate: Gate) -> Expr | None:
    """The one formula over ports and params that its parts compute; None where it has none."""
    if gate.family == OWN:
        inner = inner_of(gate.value)
        return expressions_of(inner)[inner.output]
    if gate.is_source or gate.grows or _parts(gate.key, tuple(_defaults(gate).items())) is None:
        return None
    return _joined(_program(gate))


def _defaults(gate: Gate) -> dict[str, float]:
    return {name: float(value) for name, value in gate.params.items() if name != "inputs"}


def _program(gate: Gate) -> tuple[Definition, ...]:
    return parse_program(gate.parts or gate.value)


def _joined(program: tuple[Definition, ...]) -> Expr:
    """A program as one expression."""
    known: dict[str, Expr] = {}
    for line in program:
        known[line.name] = substitute(line.expr, known)
    return known[program[-1].name]


@lru_cache(maxsize=256)
def _parts(key: str, numbers: tuple[tuple[str, float], ...]) -> Inner | None:
    gate = GATES[key]
    params: dict[str, Expr] = {name: Number(value) for name, value in numbers}
    program = tuple(
        Definition(line.name, substitute(line.expr, params), line.line) for line in _program(gate)
    )
    for line in program:
        for part in walk(line.expr):
            if isinstance(part, Call) and functions()[part.function].gate is None:
                return None
    graph = gates_of(program)
    nodes = list(graph.nodes.values())
    if any(node.gate == key for node in nodes):
        return None
    sources = {node.label: node.id for node in nodes if node.gate == "input"}
    output = next(node.id for node in nodes if node.label == program[-1].name)
    bare = [node if node.gate == "input" else replace(node, label="") for node in nodes]
    graph = Graph(bare, graph.wires.values())
    return Inner(gate.inputs, _joined(program), graph, sources, output)
