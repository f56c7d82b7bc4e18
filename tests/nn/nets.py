"""Small specifications with numbers that sit away from kinks."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.checking import OUTPUTS
from bpstudio.nn.data import Data
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer

PAIRS = [
    (loss, output)
    for loss in LOSSES
    for output in OUTPUTS
    if not LOSSES[loss].outputs or output in LOSSES[loss].outputs
]


def data(inputs: int, outputs: int, output: str, samples: int = 40, seed: int = 0) -> Data:
    """Targets between 0 and 1, and a distribution per row where softmax needs one."""
    rng = np.random.default_rng(seed)
    targets = rng.uniform(0.05, 0.95, (samples, outputs))
    if output == "softmax":
        targets /= targets.sum(axis=1, keepdims=True)
    return Data(rng.standard_normal((samples, inputs)), targets)


def spec(
    sizes: tuple[int, ...] = (3, 6, 6, 2),
    activation: str = "tanh",
    output: str = "linear",
    **rest: Any,
) -> Spec:
    network = {k: rest.pop(k) for k in ("batch_norm", "residual", "dropout") if k in rest}
    given = rest.pop("data", None) or data(sizes[0], sizes[-1], output)
    return Spec(NetworkSpec(sizes, activation, output, **network), given, **rest)


def close(mine: Any, theirs: Any, tolerance: float) -> bool:
    """|mine - theirs| <= tolerance (1 + |theirs|), everywhere."""
    mine, theirs = np.asarray(mine), np.asarray(theirs)
    assert mine.shape == theirs.shape
    return bool(np.all(np.abs(mine - theirs) <= tolerance * (1 + np.abs(theirs))))


NETWORK = ("activation", "output", "batch_norm", "residual", "dropout")


def trainer_of(sizes=(2, 3, 2), *, seed=0, samples=6, **given):
    """A trainer on random data whose targets suit every loss."""
    rng = np.random.default_rng(seed)
    network = NetworkSpec(sizes, **{key: given.pop(key) for key in NETWORK if key in given})
    targets = rng.random((samples, sizes[-1])) + 0.05
    if sizes[-1] > 1:
        targets /= targets.sum(axis=1, keepdims=True)
    else:
        targets /= 2
    spec = Spec(network, Data(rng.normal(size=(samples, sizes[0])), targets), seed=seed, **given)
    trainer = Trainer(spec)
    for layer in trainer.network.layers:
        layer.b[:] = rng.normal(0, 0.3, layer.b.shape)
        if layer.mean is not None:
            layer.gamma[:] = rng.normal(1, 0.3, layer.b.shape)
            layer.beta[:] = rng.normal(0, 0.3, layer.b.shape)
            layer.mean[:] = rng.normal(0, 0.5, layer.b.shape)
            layer.variance[:] = rng.random(layer.b.shape) + 0.2
    return trainer


NETWORKS = st.tuples(
    st.lists(st.integers(1, 5), min_size=2, max_size=5),
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from(OUTPUTS),
    st.sampled_from(list(LOSSES)),
    st.booleans(),
    st.booleans(),
    st.integers(0, 1000),
)


def any_trainer(sizes, activation, output, loss, batch_norm, residual, seed, **given):
    if output == "softmax" and sizes[-1] < 2:
        output = "linear"
    if loss == "cross_entropy" and output not in LOSSES[loss].outputs:
        output = "sigmoid"
    return trainer_of(
        tuple(sizes),
        seed=seed,
        activation=activation,
        output=output,
        loss=loss,
        batch_norm=batch_norm,
        residual=residual,
        **given,
    )
