"""The formula of any node: the way back from gates to text.

A node that feeds several, or that has a label, gets a line of its own, as does a part that grew
long or deep. So the text grows with the graph and not with the number of ways through it (a ladder
of forty gates has 2^40), and `parse_program` reads it back as an equivalent graph.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from bpstudio.core.formula.expr import Call, Definition, Expr, Name, Number
from bpstudio.core.formula.parser import NoFormula, is_name
from bpstudio.core.formula.write import TEXT, write
from bpstudio.core.gate import Gate
from bpstudio.core.graph import Graph, Node
from bpstudio.language import tr

WIDEST = 40
"""Operations in one line before a part of it gets a line of its own."""
DEEPEST = 30
"""Levels in one line; the parser's own limit is 100."""


def text_of(graph: Graph, node: str) -> str:
    """The formula of a node: one expression, or lines of definitions that end with the node's.

    Raises NoFormula naming a gate that has no formula or a port that has no wire.
    """
    program = program_of(graph, (node,))
    if len(program) == 1:
        return write(program[0].expr, TEXT)
    return text_of_program(program)


def text_of_program(program: Iterable[Definition]) -> str:
    """`name = expression` lines."""
    return "\n".join(f"{line.name} = {write(line.expr, TEXT)}" for line in program)


def program_of(graph: Graph, nodes: Iterable[str]) -> tuple[Definition, ...]:
    """The lines that define some nodes; what they share is written once."""
    return named_program(graph, nodes)[0]


def named_program(
    graph: Graph, nodes: Iterable[str]
) -> tuple[tuple[Definition, ...], dict[str, str]]:
    """The lines that define some nodes, and the node behind each name in them."""
    wanted = tuple(nodes)
    order = order_of(graph, wanted)
    names = _names(graph, order)
    lines = _Lines(graph, order, wanted, names).read()
    return lines, {name: key for key, name in names.items()}


@dataclass(slots=True)
class _Lines:
    graph: Graph
    order: tuple[str, ...]
    wanted: tuple[str, ...]
    names: Mapping[str, str]
    lines: list[Definition] = field(default_factory=list)
    exprs: dict[str, Expr] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def read(self) -> tuple[Definition, ...]:
        inside = set(self.order)
        for key in self.order:
            node = self.graph.nodes[key]
            gate = _gate_of(self.graph, node)
            expr, width, depth = self.expression(node, gate)
            fans_out = sum(self.graph.wires[w].target in inside for w in self.graph.out_of(key)) > 1
            own = not isinstance(expr, Number) and fans_out
            too_big = width > WIDEST or depth > DEEPEST
            alone = key in self.wanted or bool(node.label) or own or too_big
            if gate.key == "input" or not alone:
                self.exprs[key], self.sizes[key] = expr, (width, depth)
                continue
            self.lines.append(Definition(self.names[key], expr, len(self.lines) + 1))
            self.exprs[key], self.sizes[key] = Name(self.names[key]), (0, 0)
        if not self.lines:
            key = self.wanted[0]
            return (Definition(self.names[key], self.exprs[key]),)
        return tuple(self.lines)

    def expression(self, node: Node, gate: Gate) -> tuple[Expr, int, int]:
        """One node's expression over those of its inputs, its operations and its depth."""
        if gate.key == "input":
            return Name(self.names[node.id]), 0, 0
        if gate.is_source:
            return Number(float(node.params.get("value", gate.params["value"]))), 0, 0
        into = self.graph.into(node.id)
        sources: list[str] = []
        for port in gate.ports(node.params):
            if port not in into:
                raise NoFormula(
                    tr("{node} has no wire into {port}; wire it first.", node=node.name, port=port)
                )
            sources.append(self.graph.wires[into[port]].source)
        args = tuple(self.exprs[source] for source in sources)
        width = 1 + sum(self.sizes[source][0] for source in sources)
        depth = 1 + max(self.sizes[source][1] for source in sources)
        return spelt(node, gate, args), width, depth


def spelt(node: Node, gate: Gate, args: tuple[Expr, ...]) -> Expr:
    """How a gate is written: `parse` and the folding rules lead back to the same gate."""
    values = {
        name: float(node.params.get(name, default))
        for name, default in gate.params.items()
        if name != "inputs"
    }
    if rule := _SPELT.get(gate.key):
        return rule(values, args)
    given = values if values != {k: gate.params[k] for k in values} else {}
    return Call(gate.key, (*args, *(Number(value) for value in given.values())))


def _plus(values: Mapping[str, float], args: tuple[Expr, ...]) -> Expr:
    c = values["c"]
    if isinstance(args[0], Call) and args[0].function == "negate":
        return Call("subtract", (Number(c), *args[0].args))
    if math.copysign(1.0, c) < 0:
        return Call("subtract", (*args, Number(-c)))
    return Call("add", (*args, Number(c)))


def _times(values: Mapping[str, float], args: tuple[Expr, ...]) -> Expr:
    a = values["a"]
    below = args[0].args[1] if isinstance(args[0], Call) and _is_inverse(args[0]) else None
    if below is not None and a != 1.0:
        return Call("divide", (Number(a), below))
    return Call("multiply", (Number(a), *args))


def _is_inverse(call: Call) -> bool:
    top = call.args[0]
    return call.function == "divide" and isinstance(top, Number) and top.value == 1.0


_SPELT: Mapping[str, Callable[[Mapping[str, float], tuple[Expr, ...]], Expr]] = {
    "add_constant": _plus,
    "scale": _times,
    "power": lambda values, args: Call("power", (*args, Number(values["p"]))),
    "reciprocal": lambda values, args: Call("divide", (Number(1.0), *args)),
}


def _gate_of(graph: Graph, node: Node) -> Gate:
    gate = graph.gate(node)
    if gate is None:
        raise NoFormula(
            tr("{node} is of a kind unknown here, so it has no formula.", node=node.name)
        )
    return gate


def order_of(graph: Graph, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The wanted nodes and all they depend on, each after what feeds it; inputs left to right."""
    done: dict[str, None] = {}
    entered: set[str] = set()
    todo: list[tuple[str, bool]] = [(key, False) for key in reversed(wanted)]
    while todo:
        key, ready = todo.pop()
        if ready:
            done[key] = None
        elif key not in entered:
            entered.add(key)
            todo.append((key, True))
            into = graph.into(key)
            gate = graph.gate(graph.nodes[key])
            ports = gate.ports(graph.nodes[key].params) if gate else tuple(into)
            sources = [graph.wires[into[port]].source for port in ports if port in into]
            todo.extend((source, False) for source in reversed(sources))
    return tuple(done)


def _names(graph: Graph, order: tuple[str, ...]) -> dict[str, str]:
    """What the text calls each node: its label, else its id, else a letter and a number."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    free = (f"v{n}" for n in count(1))
    # Ids come second, so that no label loses its name to another node's id.
    for key in sorted(order, key=lambda key: not graph.nodes[key].label):
        wishes = (graph.nodes[key].label, key)
        name = next((w for w in wishes if is_name(w) and w not in taken), "")
        while not name or name in taken:
            name = next(free)
        names[key] = name
        taken.add(name)
    return names
