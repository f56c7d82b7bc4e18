"""What can be said of a training: where it stands, and all that its next step depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bpstudio.nn.calls import Array
from bpstudio.nn.search import Fault


@dataclass(frozen=True)
class Report:
    """Where training stands after an update. `loss` is that of the batch, before its update."""

    updates: int
    epoch: float
    loss: float
    learning_rate: float
    fault: Fault | None = None
    _norms: Callable[[int], tuple[float, ...]] | None = field(default=None, repr=False)

    @property
    def norms(self) -> tuple[float, ...]:
        """The norm of each layer's weight gradient; only until the next step."""
        return () if self._norms is None else self._norms(self.updates)


@dataclass(frozen=True, eq=False)
class State:
    """All that the next step depends on, copied."""

    parameters: Array
    running: Array
    optimizer: tuple[Array, ...]
    alive: Array
    optimizer_updates: int
    updates: int
    epoch: int
    order: Array
    position: int
    random: tuple[dict[str, Any], dict[str, Any]]
