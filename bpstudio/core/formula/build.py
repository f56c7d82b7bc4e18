"""A formula as gates: one node per operation, a fan-out where a name is used again.

The folding rules are those of INTERFACES.md: a number times or plus something is one gate with the
number in it, 1/u a reciprocal, numbers alone become one constant. A number that would overflow is
left to its gates: 9**9**9 is a power gate whose value is inf, because a document holds no inf.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bpstudio.core.formula.arrays import Tape
from bpstudio.core.formula.expr import Call, Definition, Expr, Name, Number, Place, fold, names_in
from bpstudio.core.formula.gatetext import meaning
from bpstudio.core.formula.names import legal_id
from bpstudio.core.formula.parser import FormulaError
from bpstudio.core.gate import OWN, Gate, growing_ports
from bpstudio.core.gates import GATES
from bpstudio.core.graph import NOTHING, Graph, Kind, Node, Scalar, Wire
from bpstudio.language import tr

Program = Sequence[Definition]


@dataclass(eq=False, slots=True)
class _Part:
    """A node to be: its id is chosen when all names are known."""

    gate: str
    params: dict[str, Scalar] = field(default_factory=dict)
    fed_by: tuple[_Part, ...] = ()
    label: str = ""


@dataclass(eq=False, slots=True)
class _Named:
    """A number with a name of its own: a constant node wherever it is an operand."""

    value: float
    node: _Part


Operand = float | _Part | _Named


def inputs_of(program: Program) -> tuple[str, ...]:
    """The names that no line defines: the formula's inputs, in the order of the text."""
    defined = {definition.name for definition in program}
    found = (name for definition in program for name in names_in(definition.expr))
    return tuple(dict.fromkeys(name for name in found if name not in defined))


def gates_of(
    program: Program,
    values: Mapping[str, float] | None = None,
    kinds: Mapping[str, Kind] = NOTHING,
) -> Graph:
    """The program's graph, every node at (0, 0). `values` gives inputs their numbers; `kinds` are
    the own gates that it may call, and that the graph gets.

    Raises FormulaError for what no gate can do.
    """
    builder = _Builder(values or {}, kinds)
    for name in inputs_of(program):
        builder.known[name] = builder.input(name)
    for definition in program:
        builder.define(definition)
    return builder.graph()


class _Builder:
    def __init__(self, values: Mapping[str, float], kinds: Mapping[str, Kind]) -> None:
        self.values, self.kinds = values, kinds
        from bpstudio.core.own import gates_for

        self.gates = gates_for(kinds)
        self.known: dict[str, Operand] = {}
        self.parts: list[_Part] = []

    # --- one line after another ------------------------------------------------------------

    def input(self, name: str) -> _Part:
        value = float(self.values.get(name, GATES["input"].params["value"]))
        return self.place("input", {"value": value}, label=name)

    def define(self, definition: Definition) -> None:
        operand = fold(definition.expr, self.leaf, self.join)
        if isinstance(operand, float):
            node = self.place("constant", {"value": operand}, label=definition.name)
            operand = _Named(operand, node)
        elif isinstance(operand, _Part) and not operand.label:
            operand.label = definition.name
        self.known[definition.name] = operand

    def leaf(self, at: Number | Name) -> Operand:
        return at.value if isinstance(at, Number) else self.known[at.name]

    def join(self, call: Call, parts: tuple[Operand, ...]) -> Operand:
        gate = self.gates.get(call.function)
        if gate is None:
            raise FormulaError(
                tr("“{name}” has no gate of its own, so it cannot be built.", name=call.function),
                call.at,
            )
        if gate.family != OWN and all(isinstance(part, float) for part in parts):
            number = number_of(call.function, [float(part) for part in parts])  # type: ignore[arg-type]
            if math.isfinite(number):
                return number
        if len(parts) == 2 and (rule := _RULES.get(call.function)) is not None:
            folded = rule(self, parts[0], parts[1], call.at)
            if folded is not None:
                return folded
        return self.gate(gate, parts, call)

    # --- nodes -------------------------------------------------------------------------------

    def place(
        self,
        gate: str,
        params: dict[str, Scalar] | None = None,
        *fed_by: Operand,
        label: str = "",
    ) -> _Part:
        sources = tuple(self.placed(operand) for operand in fed_by)
        part = _Part(gate, params or {}, sources, label)
        self.parts.append(part)
        return part

    def placed(self, operand: Operand) -> _Part:
        """The operand as a node: a bare number becomes a constant."""
        if isinstance(operand, float):
            return self.place("constant", {"value": operand})
        return operand.node if isinstance(operand, _Named) else operand

    def gate(self, gate: Gate, parts: tuple[Operand, ...], call: Call) -> _Part:
        """The gate with its ports fed by the first arguments, its params set to the others."""
        if gate.grows:
            count: dict[str, Scalar] = {"inputs": float(len(parts))} if len(parts) > 2 else {}
            return self.place(gate.key, count, *parts)
        ports = len(gate.inputs)
        params: dict[str, Scalar] = {}
        for name, part, expr in zip(gate.params, parts[ports:], call.args[ports:], strict=False):
            number = _as_number(part)
            if number is None:
                raise FormulaError(
                    tr(
                        "{name} in {function} is a parameter: it must be a number.",
                        name=name,
                        function=gate.key,
                    ),
                    _place_of(expr, call.at),
                )
            params[name] = number
        return self.place(gate.key, params, *parts[:ports])

    # --- all of it ---------------------------------------------------------------------------

    def graph(self) -> Graph:
        ids = self.ids()
        nodes = [Node(ids[p], p.gate, (0.0, 0.0), p.params, p.label) for p in self.parts]
        taken = {*ids.values(), *self.kinds}
        wires: list[Wire] = []
        number = 0
        for part in self.parts:
            ports = self.gates[part.gate].inputs
            if len(part.fed_by) > len(ports):
                ports = growing_ports(len(part.fed_by))
            for port, source in zip(ports, part.fed_by, strict=True):
                number += 1
                # An input may well be called w1.
                while f"w{number}" in taken:
                    number += 1
                wires.append(Wire(f"w{number}", ids[source], ids[part], port))
        return Graph(nodes, wires, kinds=self.kinds.values())

    def ids(self) -> dict[_Part, str]:
        """Labelled nodes are called by their label where an id may be written so; others count."""
        ids: dict[_Part, str] = {}
        taken: set[str] = set(self.kinds)
        for part in self.parts:
            name = legal_id(part.label) if part.label else ""
            if name and name not in taken:
                ids[part] = name
                taken.add(name)
        counts: dict[str, int] = {}
        for part in self.parts:
            while part not in ids:
                counts[part.gate] = counts.get(part.gate, 0) + 1
                key = f"{part.gate}_" if part.gate[-1].isdigit() else part.gate
                name = f"{key}{counts[part.gate]}"
                if name not in taken:
                    ids[part] = name
                    taken.add(name)
        return ids


def number_of(function: str, values: list[float]) -> float:
    """What a function of numbers alone comes to."""
    import numpy as np

    names = [f"v{i}" for i in range(len(values))]
    tape = Tape(names, meaning)
    slot = tape.add(Call(function, tuple(Name(name) for name in names)))
    with np.errstate(all="ignore"):
        return float(tape.run(values, (slot,))[0])


def _as_number(operand: Operand) -> float | None:
    if isinstance(operand, _Named):
        return operand.value
    return operand if isinstance(operand, float) else None


def _place_of(expr: Expr, otherwise: Place) -> Place:
    return expr.at if expr.at != (0, 0) else otherwise


# --- folding: each rule answers the node that does it, or None to use the plain gate ----------


def _add(b: _Builder, x: Operand, y: Operand, at: Place) -> Operand | None:
    if isinstance(y, float):
        return b.place("add_constant", {"c": y}, x)
    return b.place("add_constant", {"c": x}, y) if isinstance(x, float) else None


def _subtract(b: _Builder, x: Operand, y: Operand, at: Place) -> Operand | None:
    if isinstance(y, float):
        return b.place("add_constant", {"c": -y}, x)
    if isinstance(x, float):
        return b.place("add_constant", {"c": x}, b.place("negate", None, y))
    return None


def _multiply(b: _Builder, x: Operand, y: Operand, at: Place) -> Operand | None:
    if isinstance(x, float):
        return b.place("scale", {"a": x}, y)
    return b.place("scale", {"a": y}, x) if isinstance(y, float) else None


def _divide(b: _Builder, x: Operand, y: Operand, at: Place) -> Operand | None:
    if isinstance(x, float):
        below = b.place("reciprocal", None, y)
        return below if x == 1.0 else b.place("scale", {"a": x}, below)
    # Only a power of two has an exact reciprocal: x / 3 is not x times a float.
    if isinstance(y, float) and abs(math.frexp(y)[0]) == 0.5 and math.isfinite(1.0 / y):
        return b.place("scale", {"a": 1.0 / y}, x)
    return None


def _power(b: _Builder, x: Operand, y: Operand, at: Place) -> Operand | None:
    exponent = _as_number(y)
    if exponent is not None:
        return b.place("power", {"p": exponent}, x)
    if isinstance(x, float) and x < 0:
        raise FormulaError(
            tr("A negative number to a power that varies has no value; use a positive base."), at
        )
    if isinstance(x, float) and x > 0:
        return b.place("exp", None, b.place("scale", {"a": math.log(x)}, y))
    return b.place("exp", None, b.place("multiply", None, y, b.place("log", None, x)))


_RULES = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
}
