"""What is looked for in a trainer, 30 times a second: maps of every unit, values, outputs.

Each function here makes a look, which the training thread calls between two chunks. What a look
answers is a copy: the trainer's own arrays move on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.ui.trainer import colours

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer

MOST_CELLS = 600_000
"""Units times points of all maps together: about 5 ms."""
FINE, COARSE = 100, 20
Bounds = tuple[float, float, float, float]
"""left, bottom, right, top of the plane that is shown."""


@dataclass(frozen=True, slots=True)
class Maps:
    """Every unit over the plane, as rows of a colour table: per layer (units, side, side).

    `inputs` are the features themselves. `surface` is the output's own map, row 0 at the top;
    `of_classes` says which table it is for.
    """

    inputs: np.ndarray
    layers: tuple[np.ndarray, ...]
    surface: np.ndarray
    of_classes: bool
    bounds: Bounds


def side_for(units: int) -> int:
    """How many points a side of each map has."""
    return int(np.clip(np.sqrt(MOST_CELLS / max(1, units)), COARSE, FINE))


def grid(bounds: Bounds, side: int) -> np.ndarray:
    """Points (side * side, 2) row by row from the top left, in the middle of their cells."""
    left, bottom, right, top = bounds
    step = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(left + (right - left) * step, top + (bottom - top) * step)
    return np.column_stack([x.ravel(), y.ravel()])


def plane(
    bounds: Bounds, features: Sequence[str] | None, sizes: Sequence[int], low: float, high: float
) -> Callable[[Trainer], Maps]:
    """Maps of every unit; outputs are coloured between `low` and `high`, or as classes."""
    from bpstudio.nn.features import expand

    side = side_for(sum(sizes[1:]))
    points = grid(bounds, side)
    inputs = expand(points, features) if features is not None else points
    shown = np.stack([_spread(column) for column in inputs.T]).reshape(-1, side, side)
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-9)

    def look(trainer: Trainer) -> Maps:
        made = trainer.unit_maps(inputs)
        hidden = [hidden_colours(layer, trainer.spec.network.activation) for layer in made[:-1]]
        outputs = made[-1]
        if len(outputs) > 1:
            surface = _certainty(outputs, trainer.spec.network.output)
            last = colours.index(outputs, 0.5, 0.5) if low >= 0 else colours.index(outputs)
        else:
            surface = last = colours.index(outputs, middle, half)
        layers = tuple(layer.reshape(-1, side, side) for layer in (*hidden, last))
        surface = surface.reshape(side, side)
        return Maps(shown, layers, surface, len(outputs) > 1, bounds)

    return look


def _spread(values: np.ndarray) -> np.ndarray:
    return colours.index(values, 0.0, max(float(np.abs(values).max()), 1e-9))


def hidden_colours(values: np.ndarray, activation: str) -> np.ndarray:
    """A layer's maps (units, points) in colours; functions without bounds by their largest."""
    if activation == "sigmoid":
        return colours.index(values, 0.5, 0.5)
    if activation == "tanh":
        return colours.index(values)
    with np.errstate(all="ignore"):
        largest = np.nan_to_num(np.abs(values).max(axis=1, keepdims=True), posinf=1e30)
        return colours.index(values / np.maximum(largest, np.float32(0.5)))


def _certainty(outputs: np.ndarray, function: str) -> np.ndarray:
    """The class with the largest output and how far it leads, one number for both."""
    winner = np.argmax(outputs, axis=0)
    best = outputs.max(axis=0)
    chance = 1 / len(outputs)
    if function in ("softmax", "sigmoid"):
        certain = (best - chance) / (1 - chance)
    else:
        certain = best / 2 + 0.5
    level = np.nan_to_num(np.clip(certain, 0, 1)) * (colours.LEVELS - 1)
    return np.asarray((winner % 16 * colours.LEVELS + level).astype(np.uint8))


def units(sample: np.ndarray) -> Callable[[Trainer], tuple[np.ndarray, ...]]:
    """Every unit's activation for one sample (features,): per layer (units,), inputs first."""
    row = np.array(sample, dtype=np.float64)[None, :]

    def look(trainer: Trainer) -> tuple[np.ndarray, ...]:
        layers = trainer.activations(row)
        return (row[0], *(layer[:, 0].copy() for layer in layers))

    return look


def outputs(inputs: np.ndarray) -> Callable[[Trainer], np.ndarray]:
    """The outputs (samples, outputs) for these inputs (samples, features)."""
    return lambda trainer: trainer.evaluate(inputs).copy()


def of_all(most: int = 2000) -> Callable[[Trainer], np.ndarray]:
    """The outputs for the first training samples."""
    return lambda trainer: trainer.evaluate(trainer.data.inputs[:most]).copy()


def layer_of_all(layer: int, most: int = 2000) -> Callable[[Trainer], np.ndarray]:
    """One layer's activations (samples, units) for the first training samples."""
    return lambda trainer: trainer.activations(trainer.data.inputs[:most])[layer].T.copy()
