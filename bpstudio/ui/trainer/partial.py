"""A network's second half: what it makes of numbers put in behind one of its layers.

For the code of an autoencoder, decoded where the mouse points. It reads a frame's copied weights,
so that the window may use it while training goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bpstudio.nn.spec import LayerWeights, Spec

EPS = 1e-5
"""Of batch norm, inside the root, as in PyTorch."""


def decode(
    spec: Spec, weights: tuple[LayerWeights, ...], after: int, codes: np.ndarray
) -> np.ndarray:
    """Outputs (samples, outputs) for activations (samples, units) of layer `after` (0 = inputs)."""
    from bpstudio.nn.activations import value_of

    network = spec.network
    a = np.asarray(codes, dtype=np.float64).T
    last = len(weights)
    for layer in range(after + 1, last + 1):
        numbers = weights[layer - 1]
        z = numbers.W @ a + numbers.b[:, None]
        if numbers.gamma is not None and numbers.mean is not None:
            assert numbers.variance is not None
            assert numbers.beta is not None
            root = np.sqrt(numbers.variance + EPS)
            z = (z - numbers.mean[:, None]) / root[:, None]
            z = numbers.gamma[:, None] * z + numbers.beta[:, None]
        key = network.output if layer == last else network.activation
        made = value_of(key, np.ascontiguousarray(z))
        a = made + a if network.adds_input(layer) else made
    return np.asarray(a.T)
