"""Batch norm of one layer's sums, as calls (Ioffe and Szegedy 2015), with PyTorch's meanings.

Training: the batch's mean and its variance divided by n; the running variance takes the one
divided by n - 1, and the new batch counts 0.1. Evaluation: the running ones, as one scale and
shift.
"""

from __future__ import annotations

import numpy as np

from bpstudio.nn.calls import Array, Call, call, constant
from bpstudio.nn.network import Layer

EPS = 1e-5
NEW = 0.1
"""How much the new batch counts in the running statistics; Keras writes 0.9 for the same."""


class BatchNorm:
    """Normalises `z` (units, batch) in place, then scales by gamma and shifts by beta."""

    def __init__(
        self, layer: Layer, z: Array, *, training: bool, running: bool, gradients: bool
    ) -> None:
        self._layer, self._z = layer, z
        self._training, self._running, self._gradients = training, running, gradients
        units, batch = z.shape
        self.normal = np.empty_like(z)
        self._part = np.empty_like(z)
        self._mean_of = np.full(batch, 1.0 / batch, z.dtype)
        self._ones = np.ones(batch, z.dtype)
        self._seen = np.empty((2, units), z.dtype)
        self._scale = np.empty(units, z.dtype)
        self._small = np.empty(units, z.dtype)

    @property
    def seen(self) -> Array:
        """Mean and variance (2, units) of the last batch in training."""
        return self._seen

    def forward(self) -> list[Call]:
        layer, z = self._layer, self._z
        assert layer.gamma is not None
        assert layer.beta is not None
        assert layer.running is not None
        if not self._training and not self._gradients:
            return self._with_running(layer.gamma, layer.beta, layer.running)
        if self._training:
            mean, variance = self._seen
            calls = [
                call(z.dot, self._mean_of, mean),
                call(np.subtract, z, mean[:, None], z),
                call(np.square, z, self._part),
                call(self._part.dot, self._mean_of, variance),
                *(self._move_running(layer.running) if self._running else ()),
            ]
        else:
            mean, variance = layer.running
            calls = [call(np.subtract, z, mean[:, None], z)]
        return [
            *calls,
            *self._inverse_root(variance),
            call(np.multiply, z, self._scale[:, None], self.normal),
            call(np.multiply, self.normal, layer.gamma[:, None], z),
            call(np.add, z, layer.beta[:, None], z),
        ]

    def _inverse_root(self, variance: Array) -> list[Call]:
        s = self._scale
        return [
            call(np.add, variance, constant(EPS, s), s),
            call(np.sqrt, s, s),
            call(np.reciprocal, s, s),
        ]

    def _move_running(self, running: Array) -> list[Call]:
        batch = self._z.shape[1]
        shares = np.array([[NEW], [NEW * batch / max(1, batch - 1)]], self._z.dtype)
        new = np.empty_like(running)
        return [
            call(np.multiply, running, constant(1.0 - NEW, new), running),
            call(np.multiply, self._seen, shares, new),
            call(np.add, running, new, running),
        ]

    def _with_running(self, gamma: Array, beta: Array, running: Array) -> list[Call]:
        z, s, shift = self._z, self._scale, self._small
        return [
            *self._inverse_root(running[1]),
            call(np.multiply, s, gamma, s),
            call(np.multiply, running[0], s, shift),
            call(np.subtract, beta, shift, shift),
            call(np.multiply, z, s[:, None], z),
            call(np.add, z, shift[:, None], z),
        ]

    def backward(self, grad: Array, into: Layer) -> list[Call]:
        """From the gradient of the result to that of z, in place; gamma's and beta's into `into`.

        dz = gamma / std (dy - mean(dy) - normal mean(dy normal)); with running statistics, which do
        not depend on z, gamma / std dy.
        """
        layer, part, small = self._layer, self._part, self._small
        assert layer.gamma is not None
        assert into.gamma is not None
        assert into.beta is not None
        share = constant(1.0 / grad.shape[1], grad)
        sums = [
            call(np.multiply, grad, self.normal, part),
            call(part.dot, self._ones, into.gamma),
            call(grad.dot, self._ones, into.beta),
        ]
        centred = [
            call(np.multiply, into.beta, share, small),
            call(np.subtract, grad, small[:, None], grad),
            call(np.multiply, into.gamma, share, small),
            call(np.multiply, self.normal, small[:, None], part),
            call(np.subtract, grad, part, grad),
        ]
        return [
            *sums,
            *(centred if self._training else ()),
            call(np.multiply, layer.gamma, self._scale, small),
            call(np.multiply, grad, small[:, None], grad),
        ]
