"""ManyProgram: forward and backward pass of nets side by side, as program.py's of one net.

Arrays are (nets, units, batch), with program.py's row of ones below the units where a product reads
them. Every net has weights, batches, dropout masks and batch statistics of its own; every product
and every function runs over all of them in one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array, Call, call, constant
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.norm import EPS, NEW
from bpstudio.nn.spec import NetworkSpec, Spec


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """One layer's parameters (or gradients) of all nets, as views: `whole` (nets, units,
    inputs + 1), gamma and beta (nets, units), running mean and variance (nets, 2, units)."""

    whole: Array
    gamma: Array | None = None
    beta: Array | None = None
    running: Array | None = None


def slices_of(spec: NetworkSpec, flat: Array, running: Array | None = None) -> list[Slice]:
    """The views into (nets, count) numbers, in the order of network.layers_of."""
    found, at, norm_at, nets = [], 0, 0, len(flat)
    for index, (inputs, units) in enumerate(pairwise(spec.sizes)):
        end = at + units * (inputs + 1)
        whole = flat[:, at:end].reshape(nets, units, inputs + 1)
        norms: tuple[Array | None, ...] = ()
        if spec.batch_norm and index < len(spec.sizes) - 2:
            norms = flat[:, end : end + units], flat[:, end + units : end + 2 * units]
            end += 2 * units
            if running is not None:
                both = running[:, 2 * norm_at : 2 * (norm_at + units)]
                norms += (both.reshape(nets, 2, units),)
            norm_at += units
        found.append(Slice(whole, *norms))
        at = end
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Passed:
    """What backward needs of a layer: its inputs with the ones, sums, activations."""

    before: Array
    z: Array
    a: Array
    norm: _Norms | None = None
    mask: Array | None = None


class ManyProgram:
    """One step's calls for batches of `batch` samples: write `rows` and `targets`, run `calls`."""

    def __init__(
        self,
        spec: Spec,
        layers: Sequence[Slice],
        gradients: Sequence[Slice],
        batch: int,
        dropping: Sequence[np.random.Generator],
    ) -> None:
        self._spec, self._layers, self._gradients = spec, layers, gradients
        self._sizes, self._depth, self._batch = spec.network.sizes, len(layers), batch
        self._nets, self._dtype = len(layers[0].whole), layers[0].whole.dtype
        self._entry, self._loss = ACTIVATIONS[spec.network.activation], LOSSES[spec.loss]
        self.rows = np.ones((self._nets, batch, self._sizes[0] + 1), self._dtype)
        self.targets = self._room(self._sizes[-1])
        self.calls: list[Call] = []
        self._masks = self._draw_masks(dropping)
        self._passed: list[_Passed] = []
        self._forward()
        self._backward()

    def _room(self, units: int) -> Array:
        return np.empty((self._nets, units, self._batch), self._dtype)

    def _draw_masks(self, dropping: Sequence[np.random.Generator]) -> list[Array]:
        """Every net draws as it would alone: all hidden layers at once, the ones' rows too."""
        hidden, share = self._sizes[1:-1], self._spec.network.dropout
        if not share or not hidden:
            return []
        drawn, masks = self._room(sum(hidden) + len(hidden)), []
        for rng, own in zip(dropping, drawn, strict=True):
            self.calls.append(call(rng.random, out=own, dtype=self._dtype.type))
        kept, factors = np.empty(drawn.shape, bool), np.empty_like(drawn)
        self.calls += [
            call(np.less, drawn, constant(1.0 - share, drawn), kept),
            call(np.multiply, kept, constant(1.0 / (1.0 - share), drawn), factors),
        ]
        at = 0
        for units in hidden:
            masks.append(factors[:, at : at + units])
            at += units + 1
        return masks

    # --- forward ----------------------------------------------------------------------------------

    def _forward(self) -> None:
        h: Array = self.rows.transpose(0, 2, 1)
        for index, layer in enumerate(self._layers):
            z = self._room(self._sizes[index + 1])
            self.calls.append(call(np.matmul, layer.whole, h, z))
            h = self._output(h, z) if index == self._depth - 1 else self._hidden(index, h, z)

    def _hidden(self, index: int, before: Array, z: Array) -> Array:
        norm = None
        if self._layers[index].gamma is not None:
            norm = _Norms(self._layers[index], self._gradients[index], z)
            self.calls += norm.forward()
        full = np.ones((self._nets, z.shape[1] + 1, self._batch), self._dtype)
        out, mask = full[:, :-1], self._masks[index] if self._masks else None
        adds = self._spec.network.adds_input(index + 1)
        # Backward wants the activations themselves, before dropout and the added input.
        a = np.empty_like(z) if mask is not None or adds else out
        self.calls += self._entry.forward(z, a)
        if mask is not None:
            self.calls.append(call(np.multiply, a, mask, out))
        if adds:
            self.calls.append(call(np.add, a if mask is None else out, before[:, :-1], out))
        self._passed.append(_Passed(before, z, a, norm, mask))
        return full

    def _output(self, before: Array, z: Array) -> Array:
        a, kind = np.empty_like(z), self._spec.network.output
        self.calls += _softmax(z, a) if kind == "softmax" else ACTIVATIONS[kind].forward(z, a)
        self._passed.append(_Passed(before, z, a))
        return a

    # --- backward ---------------------------------------------------------------------------------

    def _backward(self) -> None:
        up, d = self._through_output()
        for index in range(self._depth - 1, -1, -1):
            if index < self._depth - 1:
                d = self._through(index, up)
            turned = self._passed[index].before.transpose(0, 2, 1)
            self.calls.append(call(np.matmul, d, turned, self._gradients[index].whole))
            if index:
                back = self._layers[index].whole[:, :, :-1].transpose(0, 2, 1)
                below = self._room(self._sizes[index])
                self.calls.append(call(np.matmul, back, d, below))
                if self._spec.network.adds_input(index + 1):
                    self.calls.append(call(np.add, below, up, below))
                up = below

    def _through_output(self) -> tuple[Array, Array]:
        """The gradients of the outputs and of the sums before the output function."""
        last, loss, kind = self._passed[-1], self._loss, self._spec.network.output
        r = np.empty_like(last.a)
        self.calls.append(call(np.subtract, last.a, self.targets, r))
        terms = self._batch * loss.count(kind, self._sizes[-1])
        self.calls += loss.gradient(r, constant(loss.factor / terms, r), self._spec.delta)
        if loss.direct or kind == "linear":
            return r, r
        if kind == "softmax":
            self.calls += _softmax_back(last.a, r)
            return r, r
        slope = np.empty_like(r)
        self.calls += ACTIVATIONS[kind].derivative(last.z, last.a, slope)
        self.calls.append(call(np.multiply, r, slope, slope))
        return r, slope

    def _through(self, index: int, up: Array) -> Array:
        """From the gradient of a hidden layer's outputs to that of its sums."""
        one, d = self._passed[index], np.empty_like(up)
        self.calls += self._entry.derivative(one.z, one.a, d)
        if one.mask is not None:
            self.calls.append(call(np.multiply, d, one.mask, d))
        self.calls.append(call(np.multiply, up, d, d))
        if one.norm is not None:
            self.calls += one.norm.backward(d)
        return d


def _softmax(z: Array, out: Array) -> list[Call]:
    row = np.empty((len(z), 1, z.shape[2]), z.dtype)
    return [
        call(np.maximum.reduce, z, axis=1, keepdims=True, out=row),
        call(np.subtract, z, row, out),
        call(np.exp, out, out),
        call(np.add.reduce, out, axis=1, keepdims=True, out=row),
        call(np.divide, out, row, out),
    ]


def _softmax_back(a: Array, grad: Array) -> list[Call]:
    part, row = np.empty_like(a), np.empty((len(a), 1, a.shape[2]), a.dtype)
    return [
        call(np.multiply, a, grad, part),
        call(np.add.reduce, part, axis=1, keepdims=True, out=row),
        call(np.subtract, grad, row, grad),
        call(np.multiply, grad, a, grad),
    ]


class _Norms:
    """Batch norm in training of one layer of all nets; see norm.py for what it computes."""

    def __init__(self, layer: Slice, into: Slice, z: Array) -> None:
        nets, units, batch = z.shape
        self._layer, self._into, self._z = layer, into, z
        self._normal, self._part = np.empty_like(z), np.empty_like(z)
        self._mean_of, self._ones = np.full(batch, 1.0 / batch, z.dtype), np.ones(batch, z.dtype)
        self._mean, self._variance, self._scale, self._small = (
            np.empty((nets, units), z.dtype) for _ in range(4)
        )

    def forward(self) -> list[Call]:
        layer, z, s, part = self._layer, self._z, self._scale, self._part
        assert layer.gamma is not None
        assert layer.beta is not None
        assert layer.running is not None
        return [
            call(np.matmul, z, self._mean_of, self._mean),
            call(np.subtract, z, self._mean[:, :, None], z),
            call(np.square, z, part),
            call(np.matmul, part, self._mean_of, self._variance),
            *self._move(layer.running),
            call(np.add, self._variance, constant(EPS, s), s),
            call(np.sqrt, s, s),
            call(np.reciprocal, s, s),
            call(np.multiply, z, s[:, :, None], self._normal),
            call(np.multiply, self._normal, layer.gamma[:, :, None], z),
            call(np.add, z, layer.beta[:, :, None], z),
        ]

    def _move(self, running: Array) -> list[Call]:
        """Mean and variance (that of n - 1) of the batch join the running ones."""
        batch, small = self._z.shape[2], self._small
        unbiased = NEW * batch / max(1, batch - 1)
        return [
            call(np.multiply, running, constant(1.0 - NEW, small), running),
            call(np.multiply, self._mean, constant(NEW, small), small),
            call(np.add, running[:, 0], small, running[:, 0]),
            call(np.multiply, self._variance, constant(unbiased, small), small),
            call(np.add, running[:, 1], small, running[:, 1]),
        ]

    def backward(self, grad: Array) -> list[Call]:
        """From the gradient of the result to that of the sums, in place."""
        gamma, into, part, small = self._layer.gamma, self._into, self._part, self._small
        assert gamma is not None
        assert into.gamma is not None
        assert into.beta is not None
        share = constant(1.0 / grad.shape[2], grad)
        return [
            call(np.multiply, grad, self._normal, part),
            call(np.matmul, part, self._ones, into.gamma),
            call(np.matmul, grad, self._ones, into.beta),
            call(np.multiply, into.beta, share, small),
            call(np.subtract, grad, small[:, :, None], grad),
            call(np.multiply, into.gamma, share, small),
            call(np.multiply, self._normal, small[:, :, None], part),
            call(np.subtract, grad, part, grad),
            call(np.multiply, gamma, self._scale, small),
            call(np.multiply, grad, small[:, :, None], grad),
        ]
