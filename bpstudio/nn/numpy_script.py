"""A network as a NumPy script that runs as it is: weights, forward pass, loss, gradients.

Only what the network uses is written: no batch norm, no residual connections where there are none.
Batch norm stands with its running statistics and dropout takes no part, as in eval mode. Numbers
are written so that they read back to the last bit; nothing that a person wrote becomes code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bpstudio.nn.activations import SLOPE
from bpstudio.nn.calls import Array
from bpstudio.nn.norm import EPS
from bpstudio.nn.trainer import Trainer
from bpstudio.nn.written import constants, residual_layers

SHOWN = 5
"""Samples that the script carries along and runs."""

_SIGMOID = "np.where(z > 0, 1.0, np.exp(-np.abs(z))) / (1.0 + np.exp(-np.abs(z)))"
_E2 = "np.exp(-2.0 * np.abs(z))"
FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "linear": ("z", "np.ones_like(z)"),
    "sigmoid": (_SIGMOID, "np.exp(-np.abs(z)) / (1.0 + np.exp(-np.abs(z))) ** 2"),
    "tanh": ("np.tanh(z)", f"4.0 * {_E2} / (1.0 + {_E2}) ** 2"),
    "relu": ("np.maximum(z, 0.0)", "np.where(z > 0, 1.0, 0.0)"),
    "leaky_relu": (f"np.where(z > 0, z, {SLOPE} * z)", f"np.where(z > 0, 1.0, {SLOPE})"),
    "elu": (
        "np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))",
        "np.exp(np.minimum(z, 0.0))",
    ),
    "gelu": (
        "z * normal_cdf(z)",
        "normal_cdf(z) + z * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)",
    ),
    "softplus": ("np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))", _SIGMOID),
}
"""The text of each activation and of its derivative; a test holds the table to ACTIVATIONS."""

LOSSES: Mapping[str, tuple[str, str]] = {
    "half_squared_error": ("0.5 * np.sum((y - t) ** 2) / n", "(y - t) / n"),
    "mse": ("np.mean((y - t) ** 2)", "2.0 * (y - t) / y.size"),
    "mae": ("np.mean(np.abs(y - t))", "np.sign(y - t) / y.size"),
    "huber": (
        "np.mean(np.where(np.abs(y - t) < DELTA, 0.5 * (y - t) ** 2,"
        " DELTA * (np.abs(y - t) - 0.5 * DELTA)))",
        "np.clip(y - t, -DELTA, DELTA) / y.size",
    ),
    "softmax": (
        "np.mean(np.log(np.sum(np.exp(z - z.max(axis=0)), axis=0)) + z.max(axis=0)"
        " - np.sum(t * z, axis=0))",
        "(y - t) / n",
    ),
    "sigmoid": (
        "np.mean(np.maximum(z, 0.0) - z * t + np.log1p(np.exp(-np.abs(z))))",
        "(y - t) / y.size",
    ),
}
"""The text of each loss and of its gradient by the outputs y; of cross-entropy, named by its output
function, by the sums z."""

CDF = '''

def normal_cdf(z):
    """The share of the normal distribution below z."""
    return 0.5 * np.vectorize(math.erfc, otypes=[float])(-z / math.sqrt(2.0))'''


def numpy_network(trainer: Trainer) -> str:
    """The script."""
    return "\n".join(_lines(trainer)) + "\n"


def _lines(trainer: Trainer) -> Iterator[str]:
    spec, network = trainer.spec, trainer.spec.network
    sizes = "-".join(map(str, network.sizes))
    used = {network.activation, network.output}
    residual = residual_layers(network)
    yield f'"""A network {sizes}, written by Backprop Studio.'
    yield ""
    yield "Needs Python and NumPy. x is (samples, features), t is (samples, outputs)."
    if network.batch_norm:
        yield "Batch norm uses its running statistics."
    yield '"""'
    yield ""
    if "gelu" in used:
        yield from ("import math", "")
    yield from ("import numpy as np", "")
    yield f"DTYPE = np.{spec.dtype}"
    if spec.loss == "huber":
        yield f"DELTA = {spec.delta!r}"
    yield from constants(trainer, "LAYERS", "np.array({values}, DTYPE)")
    if "gelu" in used:
        yield CDF
    yield from _functions(network.activation, network.output)
    yield from _forward(network.batch_norm, bool(residual))
    yield from _loss(spec.loss, network.output)
    yield from _gradients(spec.loss, network.output, network.batch_norm, bool(residual))
    yield from _main(trainer)


def _functions(activation: str, output: str) -> Iterator[str]:
    value, slope = FUNCTIONS[activation]
    yield from _function("activation", value)
    yield from _function("activation_slope", slope)
    if output == "softmax":
        yield from ("", "", "def output(z):")
        yield "    e = np.exp(z - z.max(axis=0))"
        yield "    return e / e.sum(axis=0)"
        return
    value, slope = FUNCTIONS[output]
    yield from _function("output", value)
    yield from _function("output_slope", slope)


def _function(name: str, text: str) -> Iterator[str]:
    yield from ("", "", f"def {name}(z):", f"    return {text}")


def _forward(batch_norm: bool, residual: bool) -> Iterator[str]:
    yield from ("", "", "def forward(x):")
    yield '    """The sums z before and the activations h after each layer\'s function."""'
    yield "    z, h = [], [np.asarray(x, DTYPE).T]"
    yield "    for number, layer in enumerate(LAYERS, 1):"
    yield "        last = number == len(LAYERS)"
    yield '        z.append(layer["W"] @ h[-1] + layer["b"][:, None])'
    if batch_norm:
        yield "        if not last:"
        yield '            z[-1] = normal(z[-1], layer) * layer["gamma"][:, None]'
        yield '            z[-1] = z[-1] + layer["beta"][:, None]'
    yield "        a = output(z[-1]) if last else activation(z[-1])"
    yield f"        h.append(a{' + h[-1] if number in RESIDUAL else a' if residual else ''})"
    yield "    return z, h"
    if batch_norm:
        yield from ("", "", "def normal(z, layer):")
        yield f'    root = np.sqrt(layer["variance"] + {EPS})'
        yield '    return (z - layer["mean"][:, None]) / root[:, None]'
    yield from ("", "", "def predict(x):")
    yield '    """The outputs (samples, outputs)."""'
    yield "    return forward(x)[1][-1].T"


def _loss(loss: str, output: str) -> Iterator[str]:
    text = LOSSES[output if loss == "cross_entropy" else loss][0]
    yield from ("", "", "def loss(x, t):")
    yield '    """The mean loss."""'
    yield "    z, h = forward(x)"
    yield "    z, y, t = z[-1], h[-1], np.asarray(t, DTYPE).T"
    if "/ n" in text:
        yield "    n = t.shape[1]"
    yield f"    return float({text})"


def _gradients(loss: str, output: str, batch_norm: bool, residual: bool) -> Iterator[str]:
    direct = loss == "cross_entropy"
    text = LOSSES[output if direct else loss][1]
    yield from ("", "", "def gradients(x, t):")
    yield '    """The gradient of the mean loss by every parameter, layer by layer."""'
    yield "    z, h = forward(x)"
    yield "    y, t = h[-1], np.asarray(t, DTYPE).T"
    if "/ n" in text:
        yield "    n = t.shape[1]"
    yield f"    up = {text}"
    if direct:
        yield "    d = up"
    elif output == "softmax":
        yield "    d = y * (up - np.sum(y * up, axis=0))"
    else:
        yield "    d = up * output_slope(z[-1])"
    yield "    found = []"
    yield "    for number in range(len(LAYERS), 0, -1):"
    yield "        layer = LAYERS[number - 1]"
    yield "        if number < len(LAYERS):"
    yield "            d = up * activation_slope(z[number - 1])"
    yield "        grad = {}"
    if batch_norm:
        yield "        if number < len(LAYERS):"
        yield '            sums = layer["W"] @ h[number - 1] + layer["b"][:, None]'
        yield '            grad["gamma"] = np.sum(d * normal(sums, layer), axis=1)'
        yield '            grad["beta"] = np.sum(d, axis=1)'
        yield f'            scale = layer["gamma"] / np.sqrt(layer["variance"] + {EPS})'
        yield "            d = d * scale[:, None]"
    yield '        grad["W"], grad["b"] = d @ h[number - 1].T, np.sum(d, axis=1)'
    yield "        found.insert(0, grad)"
    if residual:
        yield "        skipped = up if number in RESIDUAL else 0.0"
        yield '        up = layer["W"].T @ d + skipped'
    else:
        yield '        up = layer["W"].T @ d'
    yield "    return found"


def _main(trainer: Trainer) -> Iterator[str]:
    yield from ("", "", 'if __name__ == "__main__":')
    yield f"    x = np.array({_samples(trainer.data.inputs)}, DTYPE)"
    yield f"    t = np.array({_samples(trainer.data.targets)}, DTYPE)"
    yield '    print("loss", loss(x, t))'
    yield "    for row in predict(x).tolist():"
    yield '        print("output", *row)'
    yield "    for number, grad in enumerate(gradients(x, t), 1):"
    yield '        print("layer", number, "gradient", float(np.sqrt(np.sum(grad["W"] ** 2))))'


def _samples(values: Array) -> str:
    return repr(np.asarray(values[:SHOWN], np.float64).tolist())
