"""LOSSES: how far outputs are from targets, with PyTorch's averages.

`half_squared_error` is 0.5 sum over outputs, mean over samples (TensorFlow Playground's); `mse`,
`mae` and `huber` are means over all elements; `cross_entropy` is the mean over samples behind
softmax and the mean over all elements behind sigmoid, computed from the sums z so that no
logarithm of 0 is ever taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bpstudio.language import N_
from bpstudio.nn.calls import Array, Call, call, constant


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a network said: outputs a, the sums z before the output function, targets t."""

    a: Array
    z: Array
    t: Array
    output: str
    delta: float = 1.0


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss as its value and its gradient on arrays (outputs, samples).

    `value(outcome)` is the mean loss. `gradient(r, scale, delta)` binds calls that turn r = a - t
    into scale times the gradient with respect to a, or to z where the loss is `direct`: then the
    output function's derivative has been put in, and `outputs` says for which functions.
    `count(output, outputs)` is how many terms each sample adds to the mean; `factor` what the
    derivative of one term brings along.
    """

    key: str
    title: str
    value: Callable[[Outcome], float]
    gradient: Callable[[Array, Array, float], list[Call]]
    count: Callable[[str, int], int]
    factor: float = 1.0
    direct: bool = False
    outputs: tuple[str, ...] = ()


def _times(r: Array, scale: Array, delta: float) -> list[Call]:
    return [call(np.multiply, r, scale, r)]


def _sign(r: Array, scale: Array, delta: float) -> list[Call]:
    return [call(np.sign, r, r), *_times(r, scale, delta)]


def _clipped(r: Array, scale: Array, delta: float) -> list[Call]:
    return [
        call(np.minimum, r, constant(delta, r), out=r),
        call(np.maximum, r, constant(-delta, r), out=r),
        *_times(r, scale, delta),
    ]


def _half_squared_error(o: Outcome) -> float:
    r = (o.a - o.t).ravel()
    return 0.5 * float(r.dot(r)) / int(o.a.shape[1])


def _mse(o: Outcome) -> float:
    return float(np.mean(np.square(o.a - o.t)))


def _mae(o: Outcome) -> float:
    return float(np.mean(np.abs(o.a - o.t)))


def _huber(o: Outcome) -> float:
    far = np.abs(o.a - o.t)
    near = np.minimum(far, o.delta)
    return float(np.mean(near * (far - 0.5 * near)))


def _cross_entropy(o: Outcome) -> float:
    z = o.z
    if o.output == "softmax":
        top = z.max(axis=0)
        total = np.exp(z - top).sum(axis=0)
        return float(np.mean(np.log(total) + top - (o.t * z).sum(axis=0)))
    return float(np.mean(np.maximum(z, 0) - z * o.t + np.log1p(np.exp(-np.abs(z)))))


def _one(output: str, outputs: int) -> int:
    return 1


def _each(output: str, outputs: int) -> int:
    return outputs


def _each_sigmoid(output: str, outputs: int) -> int:
    return 1 if output == "softmax" else outputs


LOSSES: Mapping[str, Loss] = {
    entry.key: entry
    for entry in (
        Loss("half_squared_error", N_("Half squared error"), _half_squared_error, _times, _one),
        Loss("mse", N_("Mean squared error"), _mse, _times, _each, factor=2.0),
        Loss("mae", N_("Mean absolute error"), _mae, _sign, _each),
        Loss("huber", N_("Huber loss"), _huber, _clipped, _each),
        Loss(
            "cross_entropy",
            N_("Cross-entropy"),
            _cross_entropy,
            _times,
            _each_sigmoid,
            direct=True,
            outputs=("softmax", "sigmoid"),
        ),
    )
}
