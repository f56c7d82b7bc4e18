"""The whole network's gradient held against central differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.evaluation import pass_of
from bpstudio.nn.faults import TrainingError

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer

STEP = 6e-6
"""The third root of float64's epsilon: truncation and rounding are then about equally small."""
KINK = 1e-4
"""Where the slopes left and right differ by more, a corner of the function was crossed."""


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """Analytic and numeric derivative of every parameter, in the order of `parameters`.

    `relative` is |analytic - numeric| over the larger of the two and 1e-6 of the largest; where a
    kink lies within the step (`kink`) there is nothing to compare. `largest` leaves those out.
    """

    parameters: Array
    analytic: Array
    numeric: Array
    relative: Array
    kink: Array
    largest: float


def check_gradient(
    trainer: Trainer, x: Array, y: Array, parameters: Array | None = None
) -> GradientCheck:
    """Compare on samples x (samples, features), y (samples, outputs), penalties included.

    `parameters` are the indices to look at; all by default. Dropout takes no part. In float64.
    """
    if trainer.spec.dtype != "float64":
        raise TrainingError(tr("central differences need float64: float32 has too few digits"))
    network, spec = trainer.network, trainer.spec
    chosen = np.arange(network.count) if parameters is None else np.asarray(parameters)
    analytic = trainer.flat_gradient(x, y)[chosen]
    unused = np.zeros_like(network.parameters)
    program, bound, goals = pass_of(network, spec, x, y, unused, training=True)
    program.backward.clear()
    p, weights = network.parameters, network.is_weight()

    def total() -> float:
        program.run(bound)
        penalty = weights * (0.5 * spec.l2 * p * p + spec.l1 * np.abs(p))
        return program.mean_loss(goals) + float(penalty.sum())

    middle = total()
    sides = np.empty((2, len(chosen)))
    steps = STEP * np.maximum(1.0, np.abs(p[chosen]))
    for row, index in enumerate(chosen):
        before = p[index]
        for side, sign in enumerate((-1.0, 1.0)):
            p[index] = before + sign * steps[row]
            sides[side, row] = total()
        p[index] = before
    return _compare(chosen, analytic, middle, sides, steps)


def _compare(
    chosen: Array, analytic: Array, middle: float, sides: Array, steps: Array
) -> GradientCheck:
    numeric = (sides[1] - sides[0]) / (2 * steps)
    left, right = (middle - sides[0]) / steps, (sides[1] - middle) / steps
    floor = 1e-6 * max(1e-3, float(np.max(np.abs(analytic), initial=0.0)))
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor)
    relative = np.abs(analytic - numeric) / size
    # Curvature alone makes the sides differ by the step's order; a corner by a share of the slope.
    kink = (np.abs(left - right) > 0.01 * size) & (np.abs(left - right) > KINK)
    # Rounding of the loss itself, as a derivative: what is below it is no disagreement.
    noise = 4 * np.finfo(np.float64).eps * max(1.0, abs(middle)) / steps
    relative = np.where(np.abs(analytic - numeric) <= noise, 0.0, relative)
    clear = relative[~kink]
    return GradientCheck(
        chosen, analytic, numeric, relative, kink, float(np.max(clear, initial=0.0))
    )
