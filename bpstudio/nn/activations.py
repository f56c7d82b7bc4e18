"""ACTIVATIONS: the functions between a layer's weighted sums z and its activations a.

Each entry binds calls for value and derivative on given arrays, with PyTorch's values at kinks:
relu'(0) = 0, leaky'(0) = slope, elu'(0) = 1; gelu is the erf form. Nothing overflows into a wrong
value, and NaN stays NaN. softplus is exact everywhere, as the gate is (PyTorch cuts it to z
above 20, where it differs by up to 2e-9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bpstudio.language import N_
from bpstudio.nn.calls import Array, Call, call, constant, empty, filled
from bpstudio.nn.normal import cdf, density

SLOPE = 0.01
"""Of leaky relu below zero; PyTorch's and the gate's default."""
COMPARES = 2_000
"""Numbers from which NumPy's comparison, written out as 1.0, overtakes its sign (measured)."""
BESIDE = 32_768
"""Numbers up to which zeros of the same shape beside them stay in the cache."""
FEW_CLASSES = 64
"""Outputs up to which softmax takes products with square matrices; they grow with the square."""
SATURATED = 0.97
"""Share of its range from the middle where an activation counts as saturated: |tanh| > 0.97."""


@dataclass(frozen=True, slots=True)
class Activation:
    """How a function of one number is computed on arrays.

    `forward(z, out)` binds out = f(z), where `out` may be `z`; `derivative(z, a, out)` binds
    out = f'(z), from a = f(z) alone unless it `keeps_input`. `saturated(a)` says where the
    function is flat, `silent` whether a unit that is 0 for every sample is dead.
    """

    key: str
    title: str
    gate: str
    forward: Callable[[Array, Array], list[Call]]
    derivative: Callable[[Array, Array, Array], list[Call]]
    keeps_input: bool = False
    saturated: Callable[[Array], Array] | None = None
    silent: bool = False


def _linear(z: Array, out: Array) -> list[Call]:
    return [] if out is z else [call(np.copyto, out, z)]


def _ones(z: Array, a: Array, out: Array) -> list[Call]:
    return [call(out.fill, 1.0)]


def _sigmoid(z: Array, out: Array) -> list[Call]:
    one = constant(1.0, z)
    return [
        call(np.negative, z, out),
        call(np.exp, out, out),
        call(np.add, out, one, out),
        call(np.reciprocal, out, out),
    ]


def _sigmoid_slope(z: Array, a: Array, out: Array) -> list[Call]:
    return [call(np.subtract, constant(1.0, a), a, out), call(np.multiply, out, a, out)]


def _tanh(z: Array, out: Array) -> list[Call]:
    return [call(np.tanh, z, out)]


def _tanh_slope(z: Array, a: Array, out: Array) -> list[Call]:
    return [call(np.square, a, out), call(np.subtract, constant(1.0, a), out, out)]


def _relu(z: Array, out: Array) -> list[Call]:
    # Vector instructions compare two arrays of one shape, but not an array and a constant.
    beside = z.size <= BESIDE
    zeros = filled(z.shape, 0.0, z.dtype) if beside else constant(0.0, z)
    return [call(np.maximum, z, zeros, out=out)]


def _relu_slope(z: Array, a: Array, out: Array) -> list[Call]:
    # The sign of a value that is never negative is 0 or 1; on large arrays comparing is faster,
    # and an array of truths between costs less than having NumPy convert as it compares.
    if a.size < COMPARES:
        return [call(np.sign, a, out)]
    on = empty(a.shape, bool)
    return [call(np.greater, a, constant(0.0, a), on), call(np.copyto, out, on)]


def _leaky(z: Array, out: Array) -> list[Call]:
    scaled = np.empty_like(z)
    return [
        call(np.multiply, z, constant(SLOPE, z), scaled),
        call(np.maximum, z, scaled, out=out),
    ]


def _leaky_slope(z: Array, a: Array, out: Array) -> list[Call]:
    return [call(np.sign, a, out), call(np.maximum, out, constant(SLOPE, a), out=out)]


def _elu(z: Array, out: Array) -> list[Call]:
    zero, low = constant(0.0, z), np.empty_like(z)
    return [
        call(np.minimum, z, zero, out=low),
        call(np.expm1, low, low),
        call(np.maximum, z, zero, out=out),
        call(np.add, out, low, out),
    ]


def _elu_slope(z: Array, a: Array, out: Array) -> list[Call]:
    return [
        call(np.minimum, a, constant(0.0, a), out=out),
        call(np.add, out, constant(1.0, a), out),
    ]


def _softplus(z: Array, out: Array) -> list[Call]:
    # max(z, 0) + log(1 + exp(-|z|)): no exponential of a large number.
    rest = np.empty_like(z)
    return [
        call(np.absolute, z, rest),
        call(np.negative, rest, rest),
        call(np.exp, rest, rest),
        call(np.log1p, rest, rest),
        call(np.maximum, z, constant(0.0, z), out=out),
        call(np.add, out, rest, out),
    ]


def _softplus_slope(z: Array, a: Array, out: Array) -> list[Call]:
    # sigmoid(z) = 1 - exp(-softplus(z))
    return [call(np.negative, a, out), call(np.expm1, out, out), call(np.negative, out, out)]


def _gelu(z: Array, out: Array) -> list[Call]:
    share = np.empty_like(z)
    return [call(cdf, z, share), call(np.multiply, z, share, out)]


def _gelu_slope(z: Array, a: Array, out: Array) -> list[Call]:
    bell = np.empty_like(z)
    return [
        call(density, z, bell),
        call(np.multiply, bell, z, bell),
        call(cdf, z, out),
        call(np.add, out, bell, out),
    ]


def _flat_sigmoid(a: Array) -> Array:
    return np.asarray(np.abs(a - 0.5) > SATURATED / 2)


def _flat_tanh(a: Array) -> Array:
    return np.asarray(np.abs(a) > SATURATED)


def _flat_elu(a: Array) -> Array:
    return np.asarray(a < -SATURATED)


def _off(a: Array) -> Array:
    return np.asarray(a == 0)


ACTIVATIONS: Mapping[str, Activation] = {
    entry.key: entry
    for entry in (
        Activation("linear", N_("Linear"), "", _linear, _ones),
        Activation(
            "sigmoid",
            N_("Sigmoid"),
            "sigmoid",
            _sigmoid,
            _sigmoid_slope,
            saturated=_flat_sigmoid,
        ),
        Activation("tanh", N_("tanh"), "tanh", _tanh, _tanh_slope, saturated=_flat_tanh),
        Activation("relu", N_("ReLU"), "relu", _relu, _relu_slope, saturated=_off, silent=True),
        Activation("leaky_relu", N_("Leaky ReLU"), "leaky_relu", _leaky, _leaky_slope),
        Activation("elu", N_("ELU"), "elu", _elu, _elu_slope, saturated=_flat_elu),
        Activation("gelu", N_("GELU"), "gelu", _gelu, _gelu_slope, keeps_input=True),
        Activation("softplus", N_("Softplus"), "softplus", _softplus, _softplus_slope),
    )
}


def softmax(whole: Array, out: Array) -> list[Call]:
    """Bind out = softmax of each column of z, whose largest entry is taken off first.

    `whole` is z with a row more below, where the largest entries are put.
    """
    z, top, units = whole[:-1], whole[-1], len(out)
    if units > FEW_CLASSES:
        row = empty((out.shape[1],), out.dtype)
        return [
            call(np.maximum.reduce, z, 0, None, top),
            call(np.subtract, z, top, out),
            call(np.exp, out, out),
            call(np.add.reduce, out, 0, None, row),
            call(np.divide, out, row, out),
        ]
    ones, total = np.ones((units, units), out.dtype), empty(out.shape, out.dtype)
    less = np.hstack([np.eye(units), np.full((units, 1), -1.0)]).astype(out.dtype)
    # A product with ones adds up the columns in a third of the time of a sum, and writes the sum
    # into every row: arrays of one shape are divided in half the time of a row spread over many.
    # So it is with the largest entries: z - top is one product, and exact, for all else in it is 0.
    return [
        call(np.maximum.reduce, z, 0, None, top),
        call(less.dot, whole, out),
        call(np.exp, out, out),
        call(ones.dot, out, total),
        call(np.divide, out, total, out),
    ]


def softmax_back(a: Array, grad: Array) -> list[Call]:
    """Bind grad = a (grad - sum of a grad): softmax's whole Jacobian times the gradient."""
    part, total = np.empty_like(a), np.empty((1, a.shape[1]), a.dtype)
    return [
        call(np.multiply, a, grad, part),
        call(np.add.reduce, part, axis=0, keepdims=True, out=total),
        call(np.subtract, grad, total, grad),
        call(np.multiply, grad, a, grad),
    ]


def value_of(key: str, z: Array) -> Array:
    """The activations for sums z, as a new array; key may be "softmax" too."""
    out = np.empty_like(z)
    if key == "softmax":
        bound = softmax(np.vstack([z, z[:1]]), out)
    else:
        bound = ACTIVATIONS[key].forward(z, out)
    with np.errstate(all="ignore"):
        for one in bound:
            one()
    return out
