"""INITIALIZERS: the weights a network starts with, drawn from a seed. Biases start at 0.

Sources: Glorot and Bengio 2010 (xavier), He et al. 2015 eq. 10 (he), LeCun et al. 1998 (lecun),
Saxe et al. 2014 (orthogonal). All are normal distributions but for the last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from bpstudio.language import N_
from bpstudio.nn.calls import Array


@dataclass(frozen=True, slots=True)
class Initializer:
    """`draw(rng, units, inputs, parameters)` answers W (units, inputs) in float64."""

    key: str
    title: str
    draw: Callable[[np.random.Generator, int, int, Mapping[str, float]], Array]
    parameters: Mapping[str, float] = field(default_factory=dict)


def _normal(scale: Callable[[int, int], float]) -> Callable[..., Array]:
    def draw(
        rng: np.random.Generator, units: int, inputs: int, given: Mapping[str, float]
    ) -> Array:
        return rng.standard_normal((units, inputs)) * scale(units, inputs)

    return draw


def _gaussian(
    rng: np.random.Generator, units: int, inputs: int, given: Mapping[str, float]
) -> Array:
    return rng.standard_normal((units, inputs)) * given["std"]


def _orthogonal(
    rng: np.random.Generator, units: int, inputs: int, given: Mapping[str, float]
) -> Array:
    tall = rng.standard_normal((max(units, inputs), min(units, inputs)))
    q, r = np.linalg.qr(tall)
    # QR leaves the signs open; without fixing them the result is not uniformly distributed.
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)
    return q if units >= inputs else q.T


def _zeros(rng: np.random.Generator, units: int, inputs: int, given: Mapping[str, float]) -> Array:
    return np.zeros((units, inputs))


INITIALIZERS: Mapping[str, Initializer] = {
    entry.key: entry
    for entry in (
        Initializer("gaussian", N_("Gaussian"), _gaussian, MappingProxyType({"std": 1.0})),
        Initializer("xavier", N_("Xavier"), _normal(lambda n, m: math.sqrt(2.0 / (n + m)))),
        Initializer("he", N_("He"), _normal(lambda n, m: math.sqrt(2.0 / m))),
        Initializer("lecun", N_("LeCun"), _normal(lambda n, m: math.sqrt(1.0 / m))),
        Initializer("orthogonal", N_("Orthogonal"), _orthogonal),
        Initializer("zeros", N_("Zeros"), _zeros),
    )
}
