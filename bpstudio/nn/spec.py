"""Spec: everything a training run depends on, frozen.

Reading one from JSON is reading.py's task; what its words mean together is checking.py's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bpstudio.nn import checking
from bpstudio.nn.calls import Array
from bpstudio.nn.data import Data, Dataset


@dataclass(frozen=True)
class Choice:
    """An entry of a table with its parameters; those left out have the table's defaults."""

    kind: str
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    def full(self, defaults: Mapping[str, float]) -> dict[str, float]:
        """All parameters, given ones before defaults."""
        return {**defaults, **self.parameters}


@dataclass(frozen=True)
class NetworkSpec:
    """`sizes` from inputs to outputs. `residual` is True for every hidden layer with as many inputs
    as units, or the numbers of such layers, counted from 1."""

    sizes: tuple[int, ...]
    activation: str = "tanh"
    output: str = "tanh"
    batch_norm: bool = False
    residual: bool | tuple[int, ...] = False
    dropout: float = 0.0

    def adds_input(self, layer: int) -> bool:
        """Whether layer 1, 2, ... adds its input to its activation."""
        hidden = 1 <= layer < len(self.sizes) - 1
        if not hidden or self.residual is False or self.sizes[layer - 1] != self.sizes[layer]:
            return False
        return self.residual is True or layer in self.residual

    @property
    def count(self) -> int:
        """How many parameters."""
        pairs = zip(self.sizes, self.sizes[1:], strict=False)
        norms = 2 * sum(self.sizes[1:-1]) if self.batch_norm else 0
        return sum(units * (inputs + 1) for inputs, units in pairs) + norms


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """One layer's numbers: W (units, inputs), b (units,); the rest only under batch norm."""

    W: Array
    b: Array
    gamma: Array | None = None
    beta: Array | None = None
    mean: Array | None = None
    variance: Array | None = None

    def to_json(self) -> dict[str, Any]:
        names = ("W", "b", "gamma", "beta", "mean", "variance")
        return {n: getattr(self, n).tolist() for n in names if getattr(self, n) is not None}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LayerWeights):
            return NotImplemented
        return self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Spec:
    """One training run. `l1`, `l2`, clipping and loss as INTERFACES.md says."""

    network: NetworkSpec
    data: Data | Dataset
    loss: str = "half_squared_error"
    delta: float = 1.0
    optimizer: Choice = Choice("sgd")
    learning_rate: float = 0.03
    schedule: Choice = Choice("constant")
    l1: float = 0.0
    l2: float = 0.0
    l1_prune: bool = False
    clip_norm: float | None = None
    clip_value: float | None = None
    initializer: Choice = Choice("xavier")
    seed: int = 0
    dtype: str = "float64"
    batch: int = 10
    shuffle: bool = True
    drop_last: bool = False
    epochs: int = 100
    weights: tuple[LayerWeights, ...] | None = None

    def check(self) -> None:
        """Raise SpecError for the first thing that cannot be carried out."""
        checking.check(self)
