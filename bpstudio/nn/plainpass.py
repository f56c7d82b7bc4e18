"""A network's forward pass written a second time: plainly, in float64, for many nets side by side.

The check of gradients must not lean on the program that it checks. Activations are (units, nets,
samples): nets that differ in one parameter go through the layers behind it in one product.
"""

from __future__ import annotations

import numpy as np

from bpstudio.nn.activations import value_of
from bpstudio.nn.calls import Array
from bpstudio.nn.norm import EPS
from bpstudio.nn.spec import LayerWeights
from bpstudio.nn.trainer import Trainer


class PlainPass:
    """The network of a trainer with the samples x (samples, features) and targets y.

    `training`: batch norm by the batch's own statistics, else by the running ones. Dropout takes
    no part.
    """

    def __init__(self, trainer: Trainer, x: Array, y: Array, training: bool) -> None:
        self._spec, self.net, self._training = trainer.spec, trainer.spec.network, training
        self.weights = [_doubles(layer) for layer in trainer.network.weights()]
        self.t = np.ascontiguousarray(y.T)[:, None, :]
        self.before: list[Array] = [np.ascontiguousarray(x.T)[:, None, :]]
        """What each layer of the one net as it is is given; last, its outputs."""
        self.sums: list[Array] = []
        for index in range(len(self.weights)):
            sums = self.sums_of(index, self.before[-1])
            self.sums.append(sums)
            a, _ = self.after(index, sums, self.before[-1])
            self.before.append(a)

    def sums_of(self, index: int, before: Array) -> Array:
        layer, flat = self.weights[index], before.reshape(len(before), -1)
        return (layer.W @ flat).reshape(-1, *before.shape[1:]) + layer.b[:, None, None]

    def after(
        self, index: int, z: Array, before: Array, norms: tuple[Array, Array] | None = None
    ) -> tuple[Array, Array]:
        """A layer's output from its sums W h + b, and what its activation was given."""
        layer, last = self.weights[index], index == len(self.weights) - 1
        if not last and layer.gamma is not None and layer.beta is not None:
            gamma, beta = norms or (layer.gamma[:, None, None], layer.beta[:, None, None])
            z = self._normal(layer, z) * gamma + beta
        kind = self.net.output if last else self.net.activation
        a = value_of(kind, z.reshape(len(z), -1)).reshape(z.shape)
        return (a + before if self.net.adds_input(index + 1) else a), z

    def _normal(self, layer: LayerWeights, z: Array) -> Array:
        if self._training:
            mean, variance = z.mean(axis=2, keepdims=True), z.var(axis=2, keepdims=True)
        else:
            assert layer.mean is not None
            assert layer.variance is not None
            mean, variance = layer.mean[:, None, None], layer.variance[:, None, None]
        found: Array = (z - mean) / np.sqrt(variance + EPS)
        return found

    def loss(self, a: Array, z: Array) -> Array:
        """The mean loss of each net."""
        t, kind, elements = self.t, self._spec.loss, a.shape[0] * a.shape[2]
        if kind == "cross_entropy" and self.net.output == "softmax":
            top = z.max(axis=0)
            each = np.log(np.exp(z - top).sum(axis=0)) + top - (t * z).sum(axis=0)
            return np.asarray(each.mean(axis=1))
        r = np.abs(a - t)
        near = np.minimum(r, self._spec.delta)
        each = {
            "half_squared_error": lambda: 0.5 * r * r * len(a),
            "mse": lambda: r * r,
            "mae": lambda: r,
            "huber": lambda: near * (r - 0.5 * near),
            "cross_entropy": lambda: np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))),
        }[kind]()
        return np.asarray(each.sum(axis=(0, 2)) / elements)


def _doubles(layer: LayerWeights) -> LayerWeights:
    def doubled(part: Array | None) -> Array | None:
        return None if part is None else part.astype(np.float64)

    norms = (layer.gamma, layer.beta, layer.mean, layer.variance)
    doubles = layer.W.astype(np.float64), layer.b.astype(np.float64)
    return LayerWeights(*doubles, *(doubled(part) for part in norms))
