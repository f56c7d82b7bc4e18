"""Which functions a formula may call: the gates' keys, ln, and a few helpers of the gate table.

The helpers exist so that a local gradient can be written down (`step` for relu, `winner` for max)
and so that numbers keep their digits (`log1p`). They have no gate of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bpstudio.core.gate import Gate
from bpstudio.core.gates import GATES

if TYPE_CHECKING:
    from bpstudio.core.graph import Kind

ALIASES = {"ln": "log"}


@dataclass(frozen=True, slots=True)
class Function:
    """What may stand between a function's parentheses: from `least` to `most` arguments."""

    key: str
    least: int
    most: int
    gate: Gate | None = None


HELPERS: Mapping[str, Function] = {
    key: Function(key, least, most)
    for key, least, most in (
        ("step", 1, 1),  # 1 above zero, else 0
        ("sign", 1, 1),  # -1, 0 or 1
        ("winner", 2, 64),  # the first argument's share in being the largest: 1, 0, or 1/ties
        ("first_winner", 3, 65),  # 1 for the first of the largest; last, how many come before it
        ("co_winner", 2, 64),  # 1 for each of the largest
        ("fraction", 2, 2),  # the product, 0 for a first factor 0 whatever the second
        ("erf", 1, 1),  # the error function
        ("log1p", 1, 1),  # log(1 + x), exact near zero
        ("expm1", 1, 1),  # exp(x) - 1, exact near zero
        ("normal_cdf", 1, 1),  # (1 + erf(x / sqrt(2))) / 2
        ("gelu_slope", 1, 1),  # normal_cdf(x) + x * exp(-x^2 / 2) / sqrt(2 pi)
        ("power_slope", 2, 2),  # p * x ^ (p - 1), 0 for p = 0
    )
}

_BARE = (
    *("add", "subtract", "multiply", "divide", "negate", "power", "exp", "log"),
    *("sin", "cos", "sqrt", "abs", "max", "min", "tanh"),
)
PRIMITIVES = frozenset((*_BARE, *HELPERS))
"""What every reading computes by itself; any other gate is computed by its text."""


@cache
def functions() -> Mapping[str, Function]:
    """Every function by the name a formula calls it."""
    table = {key: _of_gate(gate) for key, gate in GATES.items() if not gate.is_source}
    for alias, key in ALIASES.items():
        table[alias] = table[key]
    return {**table, **HELPERS}


def functions_with(kinds: Mapping[str, Kind]) -> Mapping[str, Function]:
    """The same and a graph's own gates, by id and by title where a formula can say it."""
    if not kinds:
        return functions()
    from bpstudio.core.own import count_of_ports

    own: dict[str, Function] = {}
    for kind in kinds.values():
        ports = count_of_ports(kind.formula)
        found = Function(kind.id, ports, ports)
        own[kind.id] = found
        own.setdefault(kind.title, found)
    return {**own, **functions()}


def _of_gate(gate: Gate) -> Function:
    ports = len(gate.inputs)
    if gate.grows:
        return Function(gate.key, ports, gate.most, gate)
    # What an arithmetic gate does lies in its parameter (x ^ p): leaving it out says nothing.
    # A function's parameter is a detail with a customary value.
    needed = len(gate.params) if gate.family == "arithmetic" else 0
    return Function(gate.key, ports + needed, ports + len(gate.params), gate)
