"""What of a network can be pointed at: a unit's bias, a weight, an input."""

from __future__ import annotations

from dataclasses import dataclass

BIAS = -1
"""In place of a source: the unit's bias."""


@dataclass(frozen=True, slots=True)
class Part:
    """A weight, a bias (source BIAS), or an input (layer 0, source BIAS, nothing to edit).

    `layer` counts columns from 0, so that a weight of `layer` is in weights[layer - 1].
    """

    layer: int
    unit: int
    source: int = BIAS
