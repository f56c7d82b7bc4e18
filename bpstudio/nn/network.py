"""Network: the parameters of a NetworkSpec in one contiguous vector, with views layer by layer.

A layer's weights and biases lie side by side as one matrix `whole` (units, inputs + 1), the biases
in the last column: with a row of ones below the activations, one product gives W h + b, and
another one the gradients of both. `W` and `b` are views of it and may be written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bpstudio.nn.calls import Array, filled
from bpstudio.nn.chance import WEIGHTS, chance
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.spec import Choice, LayerWeights, NetworkSpec, Spec


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Views of one layer's parameters (or of their gradients)."""

    whole: Array
    W: Array
    b: Array
    gamma: Array | None = None
    beta: Array | None = None
    mean: Array | None = None
    variance: Array | None = None
    running: Array | None = None
    """(2, units): `mean` and `variance` are its rows."""

    @property
    def units(self) -> int:
        return int(self.whole.shape[0])

    def copy(self) -> LayerWeights:
        """The numbers, as they are now."""
        parts = {
            name: view.copy()
            for name in ("gamma", "beta", "mean", "variance")
            if (view := getattr(self, name)) is not None
        }
        return LayerWeights(self.W.copy(), self.b.copy(), **parts)


def layers_of(spec: NetworkSpec, flat: Array, running: Array | None = None) -> tuple[Layer, ...]:
    """The views into a vector of `spec.count` numbers; `running` has two per normalised unit."""
    layers, at, norm_at = [], 0, 0
    for index, units in enumerate(spec.sizes[1:]):
        inputs = spec.sizes[index]
        end = at + units * (inputs + 1)
        whole = flat[at:end].reshape(units, inputs + 1)
        norms: tuple[Array | None, ...] = ()
        if spec.batch_norm and index < len(spec.sizes) - 2:
            norms = (flat[end : end + units], flat[end + units : end + 2 * units])
            end += 2 * units
            if running is not None:
                both = running[2 * norm_at : 2 * (norm_at + units)].reshape(2, units)
                norms += (both[0], both[1], both)
            norm_at += units
        layers.append(Layer(whole, whole[:, :-1], whole[:, -1], *norms))
        at = end
    return tuple(layers)


class Network:
    """Parameters of one network; nothing here computes with them."""

    def __init__(self, spec: NetworkSpec, dtype: str = "float64") -> None:
        self.spec = spec
        self.parameters: Array = filled((spec.count,), 0.0, dtype)
        self.running: Array = np.zeros(2 * sum(spec.sizes[1:-1]) * spec.batch_norm, dtype)
        """Batch norm's running mean and variance, which training moves without a gradient."""
        self.layers = layers_of(spec, self.parameters, self.running)
        self._reset_norms()

    @property
    def count(self) -> int:
        return int(self.parameters.size)

    def _reset_norms(self) -> None:
        for layer in self.layers:
            if layer.gamma is not None and layer.beta is not None and layer.running is not None:
                layer.gamma[:] = 1.0
                layer.beta[:] = 0.0
                layer.running[0] = 0.0
                layer.running[1] = 1.0

    def begin(self, spec: Spec) -> None:
        """The weights that a run of this specification starts with."""
        if spec.weights is None:
            self.initialize(spec.initializer, spec.seed)
        else:
            self.set_weights(spec.weights)

    def initialize(self, choice: Choice, seed: int) -> None:
        """Draw new weights; biases 0, batch norm as new."""
        entry = INITIALIZERS[choice.kind]
        given = choice.full(entry.parameters)
        rng = chance(seed, WEIGHTS)
        for layer in self.layers:
            with np.errstate(over="ignore"):  # Too large for float32: the first step says so.
                layer.W[:] = entry.draw(rng, layer.W.shape[0], layer.W.shape[1], given)
            layer.b[:] = 0.0
        self._reset_norms()

    def weights(self) -> tuple[LayerWeights, ...]:
        """Copies of all numbers, layer by layer."""
        return tuple(layer.copy() for layer in self.layers)

    def set_weights(self, weights: Sequence[LayerWeights]) -> None:
        """Take these numbers; parts of batch norm that are not given start as new."""
        self._reset_norms()
        for layer, given in zip(self.layers, weights, strict=True):
            for name in ("W", "b", "gamma", "beta", "mean", "variance"):
                values, view = getattr(given, name), getattr(layer, name)
                if values is not None and view is not None:
                    view[:] = values

    def is_weight(self) -> Array:
        """1 for every entry of `parameters` that is a weight, 0 for biases, gamma and beta."""
        mask = np.zeros_like(self.parameters)
        for layer in layers_of(self.spec, mask):
            layer.W[:] = 1.0
        return mask
