"""Specifications for data of one's own: painted points, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bpstudio.nn.data import Data
from bpstudio.nn.spec import Choice, NetworkSpec, Spec

MOST_CLASSES = 50
START = (
    *((-2.4, 2.2, 0), (-3.2, 1.0, 0), (-1.6, 3.0, 0)),
    *((2.5, -1.8, 1), (3.3, -2.7, 1), (1.7, -3.1, 1)),
)
"""What stands on the sheet before one paints: two groups, so that there is something to learn."""
Painted = list[tuple[float, float, int]]


def of_points(painted: Painted, before: Spec | None = None) -> Spec:
    """A specification that tells the painted classes apart; hidden layers as before."""
    points = np.array(painted, dtype=np.float64).reshape(-1, 3)
    found = np.unique(points[:, 2]).astype(int)
    number = np.searchsorted(found, points[:, 2].astype(int))
    count = max(2, len(found))
    hidden = before.network.sizes[1:-1] if before is not None else (6, 4)
    if count == 2:
        # One class alone keeps its own colour.
        up = number if len(found) == 2 else (points[:, 2] > 0).astype(int)
        targets = np.where(up == 1, 1.0, -1.0)[:, None]
        return _spec(points[:, :2], targets, hidden, "tanh", "half_squared_error", before)
    targets = np.eye(count)[number]
    return _spec(points[:, :2], targets, hidden, "softmax", "cross_entropy", before)


def _spec(
    inputs: np.ndarray,
    targets: np.ndarray,
    hidden: tuple[int, ...],
    output: str,
    loss: str,
    before: Spec | None,
) -> Spec:
    sizes = (inputs.shape[1], *hidden, targets.shape[1])
    data = Data(inputs, targets, features=("x1", "x2"))
    if before is None:
        network = NetworkSpec(sizes, "tanh", output)
        return Spec(network, data, loss, optimizer=Choice("adam"), learning_rate=0.01, epochs=1000)
    network = replace(
        before.network, sizes=sizes, output=output, residual=bool(before.network.residual)
    )
    return replace(before, network=network, data=data, loss=loss, weights=None)


def brushes_of(painted: Painted) -> list[int]:
    """The brushes that were used: which class is which stands in a document with the points."""
    return sorted({label for _, _, label in painted})


def painted_again(data: Data, brushes: Sequence[int]) -> Painted | None:
    """The points that were painted with these brushes; None where data and brushes do not fit."""
    outputs, used = data.targets.shape[1], list(brushes)
    if data.inputs.shape[1] != 2 or used != sorted(set(used)) or not used:
        return None
    if outputs > 1:
        number = data.targets.argmax(axis=1)
    elif len(used) == 1:
        number = np.zeros(len(data.targets), int)
    else:
        number = (data.targets[:, 0] > 0).astype(int)
    if max(2, len(used)) != max(2, outputs) or number.max(initial=0) >= len(used):
        return None
    labels = np.array(used)[number]
    return [
        (x, y, label) for (x, y), label in zip(data.inputs.tolist(), labels.tolist(), strict=True)
    ]


def of_table(data: Data, *, numbers: bool) -> Spec:
    """A specification for a table: numbers are approximated, categories told apart."""
    sizes = (data.inputs.shape[1], 16, 8, data.targets.shape[1])
    if numbers:
        network, loss = NetworkSpec(sizes, "tanh", "linear"), "mse"
    elif data.targets.shape[1] == 1:
        network, loss = NetworkSpec(sizes, "tanh", "sigmoid"), "cross_entropy"
    else:
        network, loss = NetworkSpec(sizes, "tanh", "softmax"), "cross_entropy"
    return Spec(
        network, data, loss, optimizer=Choice("adam"), learning_rate=0.003, batch=32, epochs=1000
    )
