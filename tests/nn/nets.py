"""Small specifications with numbers that sit away from kinks."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpstudio.nn.checking import OUTPUTS
from bpstudio.nn.data import Data
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.spec import NetworkSpec, Spec

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
