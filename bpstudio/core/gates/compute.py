"""A gate's texts turned into something that computes: NumPy functions and scalar source.

Everything here is read from the table's own text (`stable` where a gate has one, else `value`;
`stable_local`, else `local`), so that a number on a wire, the generated code and an exported script
cannot disagree. Functions are made once per (gate, number of ports), at the first call that needs
them.

Nothing raises on numbers: overflow, 1/0 and log(-1) give inf and nan. NumPy may still warn of them,
so a run wraps itself in `quiet()` once instead of every gate paying for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from bpstudio.core.formula.arrays import Tape
from bpstudio.core.formula.dialects import FAST_SCALAR
from bpstudio.core.formula.expr import Call, Expr, Name, Number, fold, names_in, substitute
from bpstudio.core.formula.functions import PRIMITIVES
from bpstudio.core.formula.gatetext import locals_of, meaning, value_of
from bpstudio.core.formula.scalars import SCALARS
from bpstudio.core.formula.write import READABLE, write
from bpstudio.core.gate import Array, Gate, growing_ports

__all__ = [
    "SCALARS",
    "LocalFunction",
    "ScalarSource",
    "ValueFunction",
    "local_function",
    "local_names",
    "local_needs",
    "local_text",
    "quiet",
    "scalar_source",
    "single_ufunc",
    "value_function",
    "value_text",
]

ValueFunction = Callable[[tuple[Array, ...], Mapping[str, Any]], Array]
"""(inputs by port, params as floats or arrays that broadcast) -> value."""

LocalFunction = Callable[[tuple[Array, ...], Mapping[str, Any], Array], tuple[Array, ...]]
"""(inputs, params, value) -> one local gradient per port, each broadcastable to the value."""


@dataclass(frozen=True, slots=True)
class ScalarSource:
    """Python expressions for one gate on floats; the names they call are the keys of SCALARS."""

    value: str
    local: tuple[str, ...]


def quiet() -> AbstractContextManager[Any]:
    """Inside it NumPy makes inf and nan without warning."""
    return np.errstate(all="ignore")


def value_function(gate: Gate, ports: int) -> ValueFunction:
    """The gate's value over arrays, for a node with this many ports. Not for sources."""
    if gate.forward is not None:
        return gate.forward
    return _value_function(gate.stable or gate.value, _Shape.of(gate, ports))


def single_ufunc(gate: Gate, ports: int) -> tuple[np.ufunc, tuple[str, ...]] | None:
    """The one NumPy operation that is the value, and the ports and params it takes, in order.

    None where it takes several. Called with `out`, it writes where the value belongs: half the time
    of making an array first.
    """
    return None if gate.forward is not None else _single(_Shape.of(gate, ports))


def local_function(gate: Gate, ports: int) -> LocalFunction:
    """The gate's local gradients over arrays; a constant one comes back as a 0-d array."""
    if gate.vjp is not None:
        return gate.vjp
    return _local_function(gate.stable_local or gate.local, _Shape.of(gate, ports))


def local_needs(gate: Gate, ports: int) -> tuple[str, ...] | None:
    """What the local gradients are made from: names of ports and params, z for the value.

    None where the table does not say.
    """
    if gate.vjp is not None:
        return None
    found = (names_in(e) for e in locals_of(gate, ports, stable=True))
    return tuple(dict.fromkeys(name for names in found for name in names))


def local_names(gate: Gate, ports: int) -> tuple[str, ...] | None:
    """Per port the port whose number is the local gradient as it stands, z for the value.

    As multiply has y and x; None where something must be computed.
    """
    if gate.vjp is not None:
        return None
    exprs = locals_of(gate, ports, stable=True)
    names = tuple(e.name for e in exprs if isinstance(e, Name) and e.name not in gate.params)
    return names if len(names) == len(exprs) else None


def scalar_source(
    gate: Gate, inputs: Sequence[str], value: str, params: Mapping[str, str]
) -> ScalarSource:
    """The gate as straight-line expressions over the given names, "v3 * v5" for multiply.

    `inputs` holds one variable name per port, `value` the variable that the value is stored in
    (a local gradient may use it), `params` the source of each parameter (a variable or a literal).
    Run it with SCALARS as globals.
    """
    ports = growing_ports(len(inputs)) if gate.grows else gate.inputs
    names = {**params, **dict(zip(ports, inputs, strict=True)), "z": value}
    forward = write(inlined(value_of(gate, len(ports), stable=True)), FAST_SCALAR, names)
    local = locals_of(gate, len(ports), stable=True)
    return ScalarSource(forward, tuple(write(inlined(e), FAST_SCALAR, names) for e in local))


def value_text(gate: Gate, ports: int) -> str:
    """The shown formula of the value for a node with this many ports, over its ports' names."""
    return write(value_of(gate, ports), READABLE)


def local_text(gate: Gate, ports: int, index: int) -> str:
    """The shown formula of one port's local gradient; may use z, the value."""
    return write(locals_of(gate, ports)[index], READABLE)


def inlined(expr: Expr) -> Expr:
    """The expression with every gate that no dialect computes by itself replaced by its text."""

    def join(call: Call, parts: tuple[Expr, ...]) -> Expr:
        if call.function in PRIMITIVES:
            return Call(call.function, parts)
        names, value = meaning(call.function, len(parts))
        return inlined(substitute(value, dict(zip(names, parts, strict=True))))

    return fold(expr, lambda at: at, join)


# --- made once -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a gate's compiled functions depend on besides the text; hashable, unlike a Gate."""

    gate: Gate
    ports: int

    @classmethod
    def of(cls, gate: Gate, ports: int) -> _Shape:
        return cls(gate, ports)

    @property
    def key(self) -> tuple[object, ...]:
        gate = self.gate
        return (gate.key, self.ports, gate.inputs, tuple(gate.params), gate.most, gate.value)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shape) and self.key == other.key

    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Its ports' names, and its params' names that formulas may use."""
        ports = growing_ports(self.ports) if self.gate.grows else self.gate.inputs
        return ports, tuple(name for name in self.gate.params if name != "inputs")


@lru_cache(maxsize=1024)
def _single(shape: _Shape) -> tuple[np.ufunc, tuple[str, ...]] | None:
    ports, params = shape.names()
    names = (*ports, *params)
    tape = Tape(names, meaning)
    tape.add(value_of(shape.gate, len(ports), stable=True))
    function, slots = tape.script[0]
    if len(tape.script) > 1 or not isinstance(function, np.ufunc):
        return None
    return function, tuple(names[slot] for slot in slots)


@lru_cache(maxsize=1024)
def _value_function(_text: str, shape: _Shape) -> ValueFunction:
    ports, params = shape.names()
    tape = Tape((*ports, *params), meaning)
    slot = tape.add(value_of(shape.gate, len(ports), stable=True))
    if len(tape.script) == 1 and not params and tape.script[0][1] == tuple(range(len(ports))):
        only: Any = tape.script[0][0]
        return lambda inputs, params: only(*inputs)

    def value(inputs: tuple[Array, ...], given: Mapping[str, Any]) -> Array:
        known = (*inputs, *[given[name] for name in params])
        return tape.run(known, (slot,))[0]  # type: ignore[no-any-return]

    return value


@lru_cache(maxsize=1024)
def _local_function(_texts: tuple[str, ...], shape: _Shape) -> LocalFunction:
    ports, params = shape.names()
    tape = Tape((*ports, *params, "z"), meaning)
    exprs = locals_of(shape.gate, len(ports), stable=True)
    if all(isinstance(e, Number) for e in exprs):
        fixed = tuple(np.asarray(e.value) for e in exprs if isinstance(e, Number))
        return lambda inputs, given, value: fixed
    slots = tuple(tape.add(e) for e in exprs)
    plain_names = all(isinstance(e, Name) for e in exprs) and not params

    def local(
        inputs: tuple[Array, ...], given: Mapping[str, Any], value: Array
    ) -> tuple[Array, ...]:
        if plain_names:
            known = (*inputs, value)
            return tuple(known[slot] for slot in slots)
        results = tape.run((*inputs, *[given[name] for name in params], value), slots)
        return tuple(r if isinstance(r, np.ndarray) else np.asarray(r) for r in results)

    return local
