"""FEATURES: what a network may see of a point of the plane, as in TensorFlow Playground."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bpstudio.nn.calls import Array

FEATURES: Mapping[str, Callable[[Array, Array], Array]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}


def expand(points: Array, features: Sequence[str]) -> Array:
    """Points (samples, 2) as the chosen features (samples, features)."""
    x1, x2 = points[:, 0], points[:, 1]
    return np.column_stack([FEATURES[name](x1, x2) for name in features])
