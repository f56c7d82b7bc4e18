"""What a network learns from: samples in rows, numbers as they are. Nothing is scaled silently.

`Data` holds arrays; `Dataset` names one of DATASETS with its seed, and `make` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.datasets import DATASETS
from bpstudio.nn.faults import DataError
from bpstudio.nn.features import FEATURES, expand

NO_NEGATIVE = ("sigmoid", "softmax", "relu", "softplus")
"""Outputs that reach 0 and 1 rather than -1 and 1."""


@dataclass(frozen=True)
class Dataset:
    """One of DATASETS: `noise` 0 to 1 as in TensorFlow Playground (there 0 to 0.5), `test` the
    share of samples kept apart, `features` what is made of a plane's x1 and x2."""

    name: str
    samples: int = 500
    noise: float = 0.0
    seed: int = 0
    classes: int | None = None
    features: tuple[str, ...] = ("x1", "x2")
    test: float = 0.0

    @property
    def inputs(self) -> int:
        """How many numbers a sample has."""
        made = DATASETS[self.name]
        return len(self.features) if made.planar else made.inputs


@dataclass(frozen=True, eq=False)
class Data:
    """Samples in rows: inputs (samples, features), targets (samples, outputs), float64.

    `classes` is how many classes accuracy tells apart, None where targets are plain numbers:
    two for one column of two values out of 0, 1, -1; k for k columns with a single 1 per row.
    """

    inputs: Array
    targets: Array
    test_inputs: Array = field(default_factory=lambda: np.empty((0, 0)))
    test_targets: Array = field(default_factory=lambda: np.empty((0, 0)))
    features: tuple[str, ...] = ()

    @cached_property
    def classes(self) -> int | None:
        return count_classes(self.targets)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Data):
            return NotImplemented
        names = ("inputs", "targets", "test_inputs", "test_targets")
        same = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in names)
        return same and self.features == other.features

    __hash__ = None  # type: ignore[assignment]


def count_classes(targets: Array) -> int | None:
    """How many classes these targets (samples, outputs) name; None where they are numbers."""
    if targets.size == 0:
        return None
    outputs = targets.shape[1]
    if outputs == 1:
        values = set(np.unique(targets[:4096]).tolist())
        known = values <= {0.0, 1.0} or values <= {-1.0, 1.0}
        return 2 if known and np.isin(targets, list(values)).all() else None
    ones = targets == 1.0
    low = targets.min()
    rest = np.where(ones, low, targets)
    single = bool((ones.sum(axis=1) == 1).all())
    return outputs if single and low in (0.0, -1.0) and bool((rest == low).all()) else None


def share_right(outputs: Array, targets: Array) -> float:
    """The share of samples whose class is right; both (samples, outputs)."""
    if targets.shape[1] == 1:
        middle = 0.5 * (min(float(targets.min()), 0.0) + 1.0)
        # A value that is no number is on no side.
        right = (outputs > middle) == (targets > middle)
        return float(np.mean(right & ~np.isnan(outputs)))
    right = outputs.argmax(axis=1) == targets.argmax(axis=1)
    return float(np.mean(right & ~np.isnan(outputs).any(axis=1)))


def make(which: Dataset, outputs: int, output: str) -> Data:
    """Draw a dataset with targets that suit a network of so many outputs and that function."""
    made = DATASETS[which.name]
    classes = made.classes or which.classes or max(2, outputs)
    rng = np.random.default_rng(which.seed)
    inputs, drawn = made.draw(rng, which.samples, which.noise, classes)
    targets = _targets(which.name, inputs, drawn, classes, outputs, output)
    names: tuple[str, ...] = ()
    if made.planar:
        inputs, names = expand(inputs, which.features), which.features
    order = rng.permutation(len(inputs)) if made.shuffled else np.arange(len(inputs))
    inputs, targets = inputs[order], targets[order]
    cut = len(inputs) - round(len(inputs) * which.test)
    return Data(inputs[:cut], targets[:cut], inputs[cut:], targets[cut:], names)


def _targets(
    name: str, inputs: Array, drawn: Array, classes: int, outputs: int, output: str
) -> Array:
    if outputs == inputs.shape[1] and DATASETS[name].copies:
        return inputs.copy()
    if drawn.ndim == 2:
        if drawn.shape[1] != outputs:
            raise DataError(
                tr(
                    "the targets of “{name}” are {wanted} per sample, "
                    "the network's outputs {found}",
                    name=name,
                    wanted=drawn.shape[1],
                    found=outputs,
                )
            )
        return drawn
    low = 0.0 if output in NO_NEGATIVE else -1.0
    if outputs == 1 and classes == 2:
        return np.where(drawn == 1, 1.0, low)[:, None]
    if outputs != classes:
        raise DataError(
            tr(
                "“{name}” has {classes} classes: the network needs as many outputs, not {found}",
                name=name,
                classes=classes,
                found=outputs,
            )
        )
    return np.where(drawn[:, None] == np.arange(classes), 1.0, low)


__all__ = [
    "DATASETS",
    "FEATURES",
    "Data",
    "DataError",
    "Dataset",
    "count_classes",
    "make",
    "share_right",
]
