"""What a gate is: one table entry that says everything, as data.

`value` and `local` are formula text over the ports' names and the parameters' names; everything
that shows, computes, exports or explains a gate reads that text. `forward` and `vjp` only override
how a number is computed where the plain reading would lose digits or time, and a contract test
holds them to the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.language import tr

Array = NDArray[np.float64]
FAMILIES = ("sources", "arithmetic", "functions", "losses")
OWN = "own"
"""The family of gates that a graph brings along."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a gate made of others bends or breaks: where one of its parts is a certain number.

    `what` is "kink" (the slope jumps) or "pole" (the value is infinite), `text` the part as formula
    text, `number` the number, `part` computes the part from the inputs by port.
    """

    what: str
    text: str
    number: float
    part: Callable[[tuple[Array, ...]], Array]


@dataclass(frozen=True, slots=True)
class Gate:
    """One kind of gate.

    key      what files, formulas and exports call it, for ever
    symbol   what its card shows; may hold a parameter: "×{a}"
    title    its name in words (marked for translation). Names begin with a capital, as in PyTorch's
             and the Playground's lists, and keep the field's own spelling (ReLU, GELU, Leaky
             ReLU); in formulas a gate is its key, as mathematics writes it: exp, log, tanh
    short    the same in fewer letters, for a small card; "" where the title is short
    family   one of FAMILIES, or OWN
    inputs   its ports' names; a gate with `most` > len(inputs) can grow x3, x4, …
    value    its value as formula text over the ports and params
    local    one formula text per port: the local gradient d value / d port; may also use z,
             the value itself. In the texts of a gate that grows, y stands for all other ports:
             repeated among the arguments of a many-input function, elsewhere joined by the gate;
             `before` for how many ports come before x
    note     one sentence on how its gradient behaves (marked for translation)
    samples  points in the domain, one tuple of port values each, for contract tests
    params   name -> default
    most     the most inputs it takes; 0 for a fixed number
    source   where the formula or its stable form comes from
    stable   the value as formula text that keeps its digits everywhere, where `value` does not;
             numbers and generated code come from it
    stable_local  the same for `local`
    ties     whether equal inputs share its gradient
    shares   policy for ties -> the `local` texts that follow it, for all but the default
    parts    the lines of formula that it becomes when it is expanded, where `value` is not it
    kinks    the values of its input at which its slope jumps
    poles    (port, number): where that input makes it infinite, as 0 does a denominator
    forward  (inputs, params) -> value, arrays that broadcast against each other
    vjp      (inputs, params, value) -> local gradients, one array per port
    scalar   (inputs) -> (value, local gradients) on floats, for a gate whose text is a user's and
             must not become code
    edges    where it bends or breaks inside, for a gate made of others
    """

    key: str
    symbol: str
    title: str
    family: str
    inputs: tuple[str, ...]
    value: str
    local: tuple[str, ...]
    note: str
    samples: tuple[tuple[float, ...], ...]
    params: Mapping[str, float | bool] = field(default_factory=dict)
    most: int = 0
    source: str = ""
    stable: str = ""
    stable_local: tuple[str, ...] = ()
    ties: bool = False
    shares: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: str = ""
    kinks: tuple[float, ...] = ()
    poles: tuple[tuple[str, float], ...] = ()
    forward: Callable[[tuple[Array, ...], Mapping[str, Any]], Array] | None = None
    vjp: Callable[[tuple[Array, ...], Mapping[str, Any], Array], tuple[Array, ...]] | None = None
    scalar: Callable[..., tuple[float, ...]] | None = None
    edges: tuple[Edge, ...] = ()
    short: str = ""

    @property
    def name(self) -> str:
        """What people call it: its title in the chosen language, an own one's as it was given."""
        return self.title if self.family == OWN else tr(self.title)

    @property
    def is_source(self) -> bool:
        """Whether it takes no inputs: its number comes from outside."""
        return not self.inputs

    @property
    def grows(self) -> bool:
        """Whether it can take more inputs than it starts with."""
        return self.most > len(self.inputs)

    def ports(self, params: Mapping[str, float | bool]) -> tuple[str, ...]:
        """The names of the ports a node with these params has, top to bottom."""
        if not self.grows:
            return self.inputs
        return growing_ports(int(params.get("inputs", len(self.inputs))))


def growing_ports(n: int) -> tuple[str, ...]:
    """x, y, x3, x4, … for n inputs."""
    return ("x", "y", *(f"x{i}" for i in range(3, n + 1)))[:n]
