"""The gates that a graph has: the table's, under its policy for ties, and those of its own.

An own gate is a formula with a name. It is read once into the gates that it is made of, and
everything about it follows from these: its ports are the formula's names, its numbers are what
those gates would compute one after another (so expanding it changes no digit that counts), its
local gradients are theirs by the chain rule. The user's text is never run as code: what computes is
a list of the table's own operations on numbered slots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

import numpy as np

from bpstudio.core.formula.arrays import ARRAYS, FLOATS, Tape
from bpstudio.core.formula.build import gates_of
from bpstudio.core.formula.expr import Call, Definition, Expr, Name, Number, names_in, substitute
from bpstudio.core.formula.functions import functions
from bpstudio.core.formula.gatetext import locals_of, meaning, value_of
from bpstudio.core.formula.parser import FormulaError, parse
from bpstudio.core.formula.write import TEXT, write
from bpstudio.core.gate import OWN, Array, Edge, Gate
from bpstudio.core.gates import GATES
from bpstudio.core.graph import BadKind, Graph, Kind, Node
from bpstudio.language import together, tr

MOST_PORTS = 64
MOST_EDGES = 64
"""Kinks and poles of one own gate that are watched."""
FACE = 8
"""Letters of its title that a card shows; a Chinese character takes the room of two."""
NOTED = 60
"""Characters of a derivative that its note spells out."""
UNSAID = "slope"
"""Stands for a local gradient too long to be read."""
_SAMPLES = ((0.5, 1.25, 0.75), (1.5, 0.25, 2.0), (0.25, 2.5, 1.0), (3.0, 0.5, 1.75))


def gates_for(kinds: Mapping[str, Kind], ties: str = "even") -> Mapping[str, Gate]:
    """Every gate by key; own ones are made when they are first asked for."""
    table = table_of(ties)
    return Gates(table, kinds, ties) if kinds else table


@cache
def table_of(ties: str) -> Mapping[str, Gate]:
    """The gate table under a policy for ties."""
    if ties == "even":
        return GATES
    return {key: with_ties(gate, ties) for key, gate in GATES.items()}


def with_ties(gate: Gate, ties: str) -> Gate:
    """The gate under a policy for ties: itself where it knows none of that name."""
    if ties not in gate.shares:
        return gate
    return replace(gate, local=gate.shares[ties], vjp=None)


class Gates(Mapping[str, Gate]):
    """The table's gates, then a graph's own, in this order."""

    def __init__(self, table: Mapping[str, Gate], kinds: Mapping[str, Kind], ties: str) -> None:
        self._table, self._kinds, self._ties = table, kinds, ties

    def __getitem__(self, key: str) -> Gate:
        found = self._table.get(key)
        return gate_of_kind(self._kinds[key], self._ties) if found is None else found

    def __contains__(self, key: object) -> bool:
        return key in self._table or key in self._kinds

    def __iter__(self) -> Iterator[str]:
        yield from self._table
        yield from self._kinds

    def __len__(self) -> int:
        return len(self._table) + len(self._kinds)


def gate_of_kind(kind: Kind, ties: str = "even") -> Gate:
    """The gate that a kind describes. Raises BadKind or FormulaError where its formula is none."""
    return _made(kind.id, kind.title, kind.formula, ties)


def ports_of_formula(formula: str) -> tuple[str, ...]:
    """What the ports of a gate of this formula are called. Raises as `gate_of_kind` does."""
    return inner_of(formula).ports


@lru_cache(maxsize=2048)
def count_of_ports(formula: str) -> int:
    """How many ports a formula has that is known to be one."""
    return len(names_in(parse(formula)))


# --- what it is made of -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Inner:
    """An own formula as gates: its names, its expression, its graph and the node of its value.

    One is equal to itself only, so that what is worked out for it can be kept by it.
    """

    ports: tuple[str, ...]
    expr: Expr
    graph: Graph
    sources: Mapping[str, str]
    """port -> the input node that stands for it"""
    output: str


@lru_cache(maxsize=256)
def inner_of(formula: str) -> Inner:
    """Read a formula. Raises FormulaError for text that is none, BadKind for one without names."""
    expr = parse(formula)
    ports = names_in(expr)
    if not ports:
        raise BadKind(tr("A gate needs an input: use a name such as x in its formula."))
    if len(ports) > MOST_PORTS:
        raise BadKind(
            tr(
                "The formula has {n} names; a gate takes at most {most} inputs.",
                n=len(ports),
                most=MOST_PORTS,
            )
        )
    if isinstance(expr, Name):
        raise BadKind(tr("A gate computes something: “{name}” alone is no formula.", name=formula))
    # Without a name for the whole, so that a port may be called anything.
    graph = gates_of((Definition("", expr),))
    nodes = list(graph.nodes.values())
    sources = {node.label: node.id for node in nodes[: len(ports)]}
    return Inner(ports, expr, graph, sources, nodes[-1].id)


def expressions_of(inner: Inner) -> dict[str, Expr]:
    """Every inner node's formula over the ports, spelt from the gates that there are."""
    from bpstudio.core.formula.recover import spelt

    exprs: dict[str, Expr] = {node: Name(port) for port, node in inner.sources.items()}
    for node in inner.graph.nodes.values():
        if node.id in exprs:
            continue
        gate = GATES[node.gate]
        if gate.is_source:
            exprs[node.id] = Number(float(node.params["value"]))
            continue
        into = inner.graph.into(node.id)
        feeds = [inner.graph.wires[into[port]].source for port in gate.ports(node.params)]
        exprs[node.id] = spelt(node, gate, tuple(exprs[feed] for feed in feeds))
    return exprs


class _Machine:
    """The inner gates as operations on slots: their values and, in reverse, their gradients."""

    def __init__(self, inner: Inner, operations: Mapping[str, Any], ties: str) -> None:
        self.inner, self.table = inner, table_of(ties)
        self.tape = Tape(inner.ports, meaning, operations)
        self.slot = {node: i for i, node in enumerate(inner.sources.values())}
        for node in list(inner.graph.nodes.values())[len(inner.ports) :]:
            self.slot[node.id] = self.tape.add(self._value(node), self._places(node))
        self.value = self.slot[inner.output]

    def gradients(self) -> tuple[int, ...]:
        """One slot per port, after the values."""
        sums: dict[str, int] = {self.inner.output: self.tape.add(Number(1.0))}
        for node in list(self.inner.graph.nodes.values())[: len(self.inner.ports) - 1 : -1]:
            if node.id not in sums:
                continue
            gate = self.table[node.gate]
            if gate.is_source:
                continue
            places, into = self._places(node), self.inner.graph.into(node.id)
            ports = gate.ports(node.params)
            for port, local in zip(ports, locals_of(gate, len(ports), stable=True), strict=True):
                source = self.inner.graph.wires[into[port]].source
                share = self._times(sums[node.id], local, places)
                sums[source] = self._plus(sums[source], share) if source in sums else share
        zero = self.tape.add(Number(0.0))
        return tuple(sums.get(node, zero) for node in self.inner.sources.values())

    def edges(self) -> list[tuple[str, Expr, float, int]]:
        """("kink" or "pole", what part, at what number, its slot) of the inner gates."""
        found: list[tuple[str, Expr, float, int]] = []
        exprs = expressions_of(self.inner)
        for node in self.inner.graph.nodes.values():
            gate = self.table[node.gate]
            ports = gate.ports(node.params)
            into = self.inner.graph.into(node.id)
            feeds = [self.inner.graph.wires[into[port]].source for port in ports]
            for kink in gate.kinks:
                found.append(("kink", exprs[feeds[0]], kink, self.slot[feeds[0]]))
            for port, number in gate.poles:
                at = feeds[ports.index(port)]
                found.append(("pole", exprs[at], number, self.slot[at]))
            if gate.ties:
                found += self._leads(gate, feeds, exprs)
        return [edge for edge in found if names_in(edge[1])][:MOST_EDGES]

    def _leads(
        self, gate: Gate, feeds: list[str], exprs: Mapping[str, Expr]
    ) -> Iterator[tuple[str, Expr, float, int]]:
        """Where inputs of a max or min tie: each one's lead over the best of the others is 0."""
        for i, one in enumerate(feeds[: 1 if len(feeds) == 2 else None]):
            others = [node for k, node in enumerate(feeds) if k != i]
            names = {f"o{k}": self.slot[node] for k, node in enumerate(others)}
            best: Expr = Name("o0")
            shown = exprs[others[0]]
            if len(others) > 1:
                best = Call(gate.key, tuple(Name(name) for name in names))
                shown = Call(gate.key, tuple(exprs[node] for node in others))
            lead = Call("subtract", (Name("x"), best))
            slot = self.tape.add(lead, {**names, "x": self.slot[one]})
            if isinstance(shown, Number):
                yield "kink", exprs[one], shown.value, self.slot[one]
            else:
                yield "kink", Call("subtract", (exprs[one], shown)), 0.0, slot

    def _value(self, node: Node) -> Expr:
        gate = self.table[node.gate]
        if gate.is_source:
            return self._numbers(node)["value"]
        return substitute(
            value_of(gate, len(gate.ports(node.params)), stable=True), self._numbers(node)
        )

    def _numbers(self, node: Node) -> dict[str, Expr]:
        params = {**self.table[node.gate].params, **node.params}
        return {key: Number(float(v)) for key, v in params.items()}

    def _places(self, node: Node) -> dict[str, int]:
        """Slots by the names that the node's gate has for them."""
        into = self.inner.graph.into(node.id)
        ports = self.table[node.gate].ports(node.params)
        found = {port: self.slot[self.inner.graph.wires[into[port]].source] for port in ports}
        if node.id in self.slot:
            found["z"] = self.slot[node.id]
            for name, number in self._numbers(node).items():
                found[name] = self.tape.add(number)
        return found

    def _times(self, upstream: int, local: Expr, places: Mapping[str, int]) -> int:
        if isinstance(local, Number) and local.value == 1.0:
            return upstream
        return self.tape.add(
            Call("multiply", (Name("upstream "), local)), {**places, "upstream ": upstream}
        )

    def _plus(self, one: int, other: int) -> int:
        return self.tape.add(Call("add", (Name("a"), Name("b"))), {"a": one, "b": other})


# --- the gate ---------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _made(key: str, title: str, formula: str, ties: str) -> Gate:
    inner = inner_of(formula)
    edges = _edges(inner, ties)
    local = _local_texts(inner, ties)
    return Gate(
        key=key,
        symbol=_face(title or key),
        title=title or key,
        family=OWN,
        inputs=inner.ports,
        value=formula,
        local=local,
        note=_note(inner.ports, local, edges),
        samples=_samples(len(inner.ports)),
        source=formula,
        edges=edges,
        **_functions(inner, ties),
    )


def _functions(inner: Inner, ties: str) -> dict[str, Any]:
    """What computes: on arrays the value and the gradients, on floats both at once."""
    ahead = _Machine(inner, ARRAYS, ties)
    both = _Machine(inner, ARRAYS, ties)
    slopes = both.gradients()
    single = _Machine(inner, FLOATS, ties)
    wanted = (single.value, *single.gradients())

    def forward(inputs: tuple[Array, ...], params: Mapping[str, Any]) -> Array:
        found: Array = np.asarray(ahead.tape.run(inputs, (ahead.value,))[0])
        return found

    def vjp(
        inputs: tuple[Array, ...], params: Mapping[str, Any], value: Array
    ) -> tuple[Array, ...]:
        return tuple(np.asarray(slope) for slope in both.tape.run(inputs, slopes))

    def scalar(*inputs: float) -> tuple[float, ...]:
        return single.tape.run(inputs, wanted)

    return {"forward": forward, "vjp": vjp, "scalar": scalar}


def _edges(inner: Inner, ties: str) -> tuple[Edge, ...]:
    machine = _Machine(inner, ARRAYS, ties)
    found = machine.edges()
    tape = machine.tape

    def part(slot: int) -> Any:
        return lambda inputs: np.asarray(tape.run(inputs, (slot,))[0])

    return tuple(Edge(what, write(e, TEXT), number, part(slot)) for what, e, number, slot in found)


def _local_texts(inner: Inner, ties: str) -> tuple[str, ...]:
    from bpstudio.core.derive import chained

    found = [chained(inner.expr, port, table_of(ties)) for port in inner.ports]
    return tuple(UNSAID if expr is None else write(expr, TEXT) for expr in found)


def _note(ports: tuple[str, ...], local: tuple[str, ...], edges: tuple[Edge, ...]) -> str:
    """Its derivatives, and where it has none."""
    from bpstudio.core.readings import spelt_out

    short = [
        f"dz/d{port} = {spelt_out(text)}"
        for port, text in zip(ports, local, strict=True)
        if len(text) <= NOTED and text != UNSAID
    ]
    parts = [", ".join(short[:3]) + "."] if short else []
    if not short:
        parts = [tr("The gradient follows from the formula by the chain rule.")]
    kinks = dict.fromkeys(f"{e.text} = {e.number:g}" for e in edges if e.what == "kink")
    if kinks:
        where = tr(" or ").join(list(kinks)[:3])
        parts.append(
            tr("There is no derivative where {where}: the slope jumps there.", where=where)
        )
    return together(parts)


def _face(title: str) -> str:
    widths = [2 if east_asian_width(sign) in "WF" else 1 for sign in title]
    shown = title
    if sum(widths) > FACE:
        fit = sum(1 for room in accumulate(widths) if room < FACE)
        shown = f"{title[:fit].rstrip()}…"
    # A face is a template where it holds a brace.
    return shown.replace("{", "{{").replace("}", "}}") if "{" in shown else shown


def _samples(ports: int) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row[i % 3] + 0.125 * (i // 3) for i in range(ports)) for row in _SAMPLES)


def refusal_of(key: str) -> str:
    """Why a kind may not be called so, or ""."""
    from bpstudio.core.formula.parser import is_name

    if key in GATES or key in functions():
        return tr("“{name}” is a gate of the table already; choose another name.", name=key)
    if not is_name(key) or not key.isascii():
        return tr("“{name}” cannot be called in a formula; use letters and digits.", name=key)
    return ""


def check_kind(kind: Kind) -> None:
    """Raise BadKind or FormulaError where a kind cannot be a gate."""
    if reason := refusal_of(kind.id):
        raise BadKind(reason)
    inner_of(kind.formula)


__all__ = [
    "FormulaError",
    "Gates",
    "Inner",
    "check_kind",
    "gate_of_kind",
    "gates_for",
    "inner_of",
    "ports_of_formula",
    "refusal_of",
    "table_of",
    "with_ties",
]
