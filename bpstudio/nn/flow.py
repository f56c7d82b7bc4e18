"""How signals and gradients flow through the layers of the last step: the gradient-flow lab.

Activations, back-propagated gradients and weight gradients apart, with their sizes: the ratio of
first to last alone misleads, because tiny weights make every gradient equally tiny.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array
from bpstudio.nn.faults import TrainingError
from bpstudio.nn.updates import norm_of

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Figures:
    """One layer's figures in the last step.

    `saturated` is the share of activations in the flat part of the function, `dead` the share of
    units that gave 0 for every sample (relu). The ratios compare standard deviations (Karpathy,
    makemore 3): gradient to data, and update to data, log10 of which should be near -3. From
    `measure` the update is plain SGD's, rate x gradient; flowlog puts in what another optimizer
    really adds to the weights.
    """

    layer: int
    mean: float
    std: float
    norm_activation: float
    norm_backpropagated: float
    norm_weight_gradient: float
    saturated: float
    dead: float
    gradient_to_data: float
    update_to_data: float


@dataclass(frozen=True, eq=False)
class LayerFlow(Figures):
    """One layer's numbers in the last step, copied.

    `backpropagated` is the gradient of the layer's outputs (units, batch), `weight_gradient` that
    of W.
    """

    activation: Array
    backpropagated: Array
    weight_gradient: Array


def measure(trainer: Trainer) -> tuple[LayerFlow, ...]:
    """The flow of the last step of a trainer; raises TrainingError before the first."""
    if trainer.last is None:
        raise TrainingError(tr("no step has been made since the start"))
    program, _ = trainer.last
    rate = trainer.rate
    flows = []
    for index, layer in enumerate(trainer.network.layers):
        a = program.activations[index].copy()
        up = program.upstreams[index].copy()
        grad = trainer.gradient_layers[index].W.copy()
        output = index == len(trainer.network.layers) - 1
        key = trainer.spec.network.output if output else trainer.spec.network.activation
        saturated, dead = _shares(key, a)
        spread = float(layer.W.std())
        ratio = float(grad.std()) / spread if spread else math.nan
        flows.append(
            LayerFlow(
                layer=index + 1,
                activation=a,
                backpropagated=up,
                weight_gradient=grad,
                mean=float(a.mean()),
                std=float(a.std()),
                norm_activation=norm_of(a),
                norm_backpropagated=norm_of(up),
                norm_weight_gradient=norm_of(grad),
                saturated=saturated,
                dead=dead,
                gradient_to_data=ratio,
                update_to_data=rate * ratio,
            )
        )
    return tuple(flows)


def _shares(key: str, a: Array) -> tuple[float, float]:
    """The share of saturated activations and of dead units."""
    entry = ACTIVATIONS.get(key)
    if entry is None or entry.saturated is None:
        return 0.0, 0.0
    flat = entry.saturated(a)
    dead = float(flat.all(axis=1).mean()) if entry.silent else 0.0
    return float(np.mean(flat)), dead
