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
from typing import Any

import numpy as np

from bpstudio.core.gate import Array, Gate

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
    raise NotImplementedError


def local_function(gate: Gate, ports: int) -> LocalFunction:
    """The gate's local gradients over arrays; a constant one comes back as a 0-d array."""
    raise NotImplementedError


def scalar_source(
    gate: Gate, inputs: Sequence[str], value: str, params: Mapping[str, str]
) -> ScalarSource:
    """The gate as straight-line expressions over the given names, "v3 * v5" for multiply.

    `inputs` holds one variable name per port, `value` the variable that the value is stored in
    (a local gradient may use it), `params` the source of each parameter (a variable or a literal).
    Run it with SCALARS as globals.
    """
    raise NotImplementedError


def value_text(gate: Gate, ports: int) -> str:
    """The shown formula of the value for a node with this many ports, over its ports' names."""
    raise NotImplementedError


def local_text(gate: Gate, ports: int, index: int) -> str:
    """The shown formula of one port's local gradient; may use z, the value."""
    raise NotImplementedError


SCALARS: Mapping[str, Callable[..., float]] = {}
"""What scalar source may call: exp, log, divide, … on floats that give inf and nan, never raise."""
