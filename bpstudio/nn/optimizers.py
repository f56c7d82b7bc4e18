"""OPTIMIZERS: how a gradient moves the parameters, with PyTorch's meanings.

The learning rate stands outside of the momentum; eps stands outside of the square root, behind
the bias correction; `weight_decay` w adds w times the parameter to the gradient of every parameter,
biases too, but for AdamW, where it shrinks the parameters apart from the gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from bpstudio.language import N_
from bpstudio.nn.calls import Array, Call, call

Constants = Mapping[str, Array]
"""Parameters of an optimizer as arrays without axes; "rate" is the learning rate in force."""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One rule: `update(p, g, states, scratch, c)` binds the calls that move p by gradient g.

    `parameters` are the names of its settings with their defaults (the learning rate apart),
    `states` the names of the vectors it remembers. `derived(c, updates)` sets what
    depends on how many updates there were, before each of them.
    """

    key: str
    title: str
    parameters: Mapping[str, float]
    update: Callable[[Array, Array, tuple[Array, ...], Array, Constants], list[Call]]
    states: tuple[str, ...] = ()
    derived: Callable[[Constants, int], None] | None = None
    extra: tuple[str, ...] = field(default=())
    decay_apart: bool = False
    """Weight decay shrinks the parameters instead of joining the gradient."""


def _sgd(p: Array, g: Array, states: tuple[Array, ...], s: Array, c: Constants) -> list[Call]:
    return [call(np.multiply, g, c["rate"], s), call(np.subtract, p, s, p)]


def _momentum(p: Array, g: Array, states: tuple[Array, ...], s: Array, c: Constants) -> list[Call]:
    (v,) = states
    return [
        call(np.multiply, v, c["momentum"], v),
        call(np.add, v, g, v),
        call(np.multiply, v, c["rate"], s),
        call(np.subtract, p, s, p),
    ]


def _nesterov(p: Array, g: Array, states: tuple[Array, ...], s: Array, c: Constants) -> list[Call]:
    (v,) = states
    return [
        call(np.multiply, v, c["momentum"], v),
        call(np.add, v, g, v),
        call(np.multiply, v, c["momentum"], s),
        call(np.add, s, g, s),
        call(np.multiply, s, c["rate"], s),
        call(np.subtract, p, s, p),
    ]


def _mean_square(v: Array, g: Array, s: Array, keep: Array, take: Array) -> list[Call]:
    """v = keep v + take g²."""
    return [
        call(np.square, g, s),
        call(np.multiply, s, take, s),
        call(np.multiply, v, keep, v),
        call(np.add, v, s, v),
    ]


def _rmsprop(p: Array, g: Array, states: tuple[Array, ...], s: Array, c: Constants) -> list[Call]:
    (v,) = states
    return [
        *_mean_square(v, g, s, c["alpha"], c["new"]),
        call(np.sqrt, v, s),
        call(np.add, s, c["eps"], s),
        call(np.divide, g, s, s),
        call(np.multiply, s, c["rate"], s),
        call(np.subtract, p, s, p),
    ]


def _adam(p: Array, g: Array, states: tuple[Array, ...], s: Array, c: Constants) -> list[Call]:
    # rate m̂ / (sqrt(v̂) + eps) = rate' m / (sqrt(v) + eps'): the corrections are in rate' and eps'.
    m, v = states
    return [
        call(np.subtract, g, m, s),
        call(np.multiply, s, c["new1"], s),
        call(np.add, m, s, m),
        *_mean_square(v, g, s, c["beta2"], c["new2"]),
        call(np.sqrt, v, s),
        call(np.add, s, c["eps_now"], s),
        call(np.divide, m, s, s),
        call(np.multiply, s, c["rate_now"], s),
        call(np.subtract, p, s, p),
    ]


def _correct(c: Constants, updates: int) -> None:
    beta1, beta2 = float(c["beta1"]), float(c["beta2"])
    root = math.sqrt(1.0 - beta2 ** (updates + 1))
    c["eps_now"][()] = float(c["eps"]) * root
    c["rate_now"][()] = float(c["rate"]) * root / (1.0 - beta1 ** (updates + 1))
    c["new1"][()] = 1.0 - beta1
    c["new2"][()] = 1.0 - beta2


def _share(c: Constants, updates: int) -> None:
    c["new"][()] = 1.0 - float(c["alpha"])


def _settings(**values: float) -> Mapping[str, float]:
    return MappingProxyType({**values, "weight_decay": values.get("weight_decay", 0.0)})


_ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
_NOW = ("eps_now", "rate_now", "new1", "new2")

OPTIMIZERS: Mapping[str, Optimizer] = {
    entry.key: entry
    for entry in (
        Optimizer("sgd", N_("SGD"), _settings(), _sgd),
        Optimizer("momentum", N_("Momentum"), _settings(momentum=0.9), _momentum, ("velocity",)),
        Optimizer(
            "nesterov", N_("Nesterov momentum"), _settings(momentum=0.9), _nesterov, ("velocity",)
        ),
        Optimizer(
            "rmsprop",
            N_("RMSprop"),
            _settings(alpha=0.99, eps=1e-8),
            _rmsprop,
            ("square",),
            _share,
            ("new",),
        ),
        Optimizer(
            "adam", N_("Adam"), _settings(**_ADAM), _adam, ("mean", "square"), _correct, _NOW
        ),
        Optimizer(
            "adamw",
            N_("AdamW"),
            _settings(**_ADAM, weight_decay=0.01),
            _adam,
            ("mean", "square"),
            _correct,
            _NOW,
            decay_apart=True,
        ),
    )
}
