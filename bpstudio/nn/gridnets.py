"""Deep nets of one shape side by side, forward and backward once: what a grid's cells measure.

Per seed, inputs, classes, and the weights layer by layer come from one generator in this order, as
normal numbers that each initializer brings to its scale: two nets of one depth differ in what
their names say and in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array, run
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.norm import EPS
from bpstudio.nn.spec import Choice

Until = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a seed gives: inputs, classes as ones and zeros, normal numbers (inputs, units)."""

    inputs: Array
    targets: Array
    normals: tuple[Array, ...]


def draw_net(seed: int, depth: int, width: int, samples: int, classes: int) -> Drawn:
    """What a net of `depth` hidden layers takes from its seed."""
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((samples, width))
    labels = rng.integers(0, classes, samples)
    shapes = [(width, width)] * depth + [(width, classes)]
    normals = tuple(rng.standard_normal(shape) for shape in shapes)
    return Drawn(inputs, np.eye(classes)[labels], normals)


class _Given:
    """Hands an initializer numbers that are drawn already, in place of a generator."""

    def __init__(self, normals: Array) -> None:
        self._normals = normals

    def standard_normal(self, shape: tuple[int, int]) -> Array:
        units_first = self._normals.T
        return units_first if units_first.shape == shape else self._normals


def _weights(choice: Choice, normals: Array) -> Array:
    """(inputs, units), of the initializer's scale."""
    entry = INITIALIZERS[choice.kind]
    inputs, units = normals.shape
    rng = cast(Any, _Given(normals))
    drawn = entry.draw(rng, units, inputs, choice.full(entry.parameters))
    return np.asarray(drawn.T)


MEASURED = ("gradients", "backpropagated", "stds", "saturated", "dead")


class Nets:
    """Nets of one shape, side by side: arrays are (nets, samples, units)."""

    def __init__(
        self, activation: str, variant: str, pairs: Sequence[tuple[Choice, Drawn]]
    ) -> None:
        self._entry, self._variant = ACTIVATIONS[activation], variant
        layers = range(len(pairs[0][1].normals))
        self._weights = [
            np.stack([_weights(choice, one.normals[layer]) for choice, one in pairs])
            for layer in layers
        ]
        self._inputs = np.stack([one.inputs for _, one in pairs])
        self._targets = np.stack([one.targets for _, one in pairs])
        self._depth = len(self._weights) - 1
        nets = len(pairs)
        self._found = tuple(np.zeros((nets, self._depth)) for _ in MEASURED)

    def measure(self, until: Until | None = None) -> tuple[Array, ...] | None:
        """The arrays of MEASURED, each (nets, depth); None where `until()` ended it."""
        with np.errstate(all="ignore"):
            for _ in (*self._forward(), *self._backward()):
                if until is not None and until():
                    return None
        return self._found

    def _forward(self) -> Iterator[None]:
        h, self._below, self._sums, self._active = self._inputs, [], [], []
        self._spreads: list[Array] = []
        for layer in range(self._depth):
            z = np.matmul(h, self._weights[layer])
            if self._variant == "batch_norm":
                z -= z.mean(axis=1, keepdims=True)
                spread = np.sqrt(np.square(z).mean(axis=1, keepdims=True) + EPS)
                z /= spread
                self._spreads.append(spread)
            keeps = self._variant == "batch_norm" or self._entry.keeps_input
            a = np.empty_like(z) if keeps else z
            run(self._entry.forward(z, a))
            self._below.append(h)
            self._sums.append(z)
            self._active.append(a)
            h = h + a if self._adds(layer) else a
            self._look(layer, a, h)
            yield
        self._below.append(h)

    def _adds(self, layer: int) -> bool:
        return self._variant == "residual" and layer > 0

    def _look(self, layer: int, a: Array, h: Array) -> None:
        _, _, stds, saturated, dead = self._found
        stds[:, layer] = h.std(axis=(1, 2))
        if self._entry.saturated is not None:
            flat = self._entry.saturated(a)
            saturated[:, layer] = flat.mean(axis=(1, 2))
            if self._entry.silent:
                dead[:, layer] = flat.all(axis=1).mean(axis=1)

    def _backward(self) -> Iterator[None]:
        gradients, upstream = self._found[:2]
        logits = np.matmul(self._below[-1], self._weights[-1])
        logits -= logits.max(axis=2, keepdims=True)
        np.exp(logits, logits)
        logits /= logits.sum(axis=2, keepdims=True)
        d = (logits - self._targets) / logits.shape[1]
        up = np.matmul(d, self._weights[-1].transpose(0, 2, 1))
        for layer in range(self._depth - 1, -1, -1):
            upstream[:, layer] = _norms(up)
            d = self._through(layer, up)
            gradients[:, layer] = _norms(np.matmul(self._below[layer].transpose(0, 2, 1), d))
            if layer:
                back = np.matmul(d, self._weights[layer].transpose(0, 2, 1))
                up = back + up if self._adds(layer) else back
            yield

    def _through(self, layer: int, up: Array) -> Array:
        """From the gradient of a layer's outputs to that of its sums."""
        z, a = self._sums[layer], self._active[layer]
        d: Array = np.empty_like(a)
        run(self._entry.derivative(z, a, d))
        d *= up
        if self._variant == "batch_norm":
            share = np.multiply(d, z).mean(axis=1, keepdims=True)
            d -= d.mean(axis=1, keepdims=True)
            d -= z * share
            d /= self._spreads[layer]
        return d


def _norms(values: Array) -> Array:
    """The Frobenius norm of each net's matrix, without underflow on the way."""
    flat = values.reshape(len(values), -1)
    top: Array = np.abs(flat).max(axis=1, keepdims=True)
    scale = np.where((top > 0) & np.isfinite(top), top, 1.0)
    found: Array = scale[:, 0] * np.sqrt(np.square(flat / scale).sum(axis=1))
    return found
