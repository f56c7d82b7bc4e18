"""Where a value that is no number appeared: the first place in the order of the computation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bpstudio.core import numbers
from bpstudio.language import N_, tr
from bpstudio.nn.calls import Array
from bpstudio.nn.program import Program

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer

_SENTENCES = {
    "activations": N_("The activations of layer {layer} became {value} at update {n}."),
    "loss": N_("The gradient of the loss became {value} at update {n}."),
    "gradients": N_("The gradients of layer {layer} became {value} at update {n}."),
    "weights": N_("The weights of layer {layer} became {value} at update {n}."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first value that is no number: in which layer (from 1), in what, at which update."""

    layer: int
    what: str
    updates: int
    value: str

    @property
    def sentence(self) -> str:
        words = {"value": self.shown, "n": f"{self.updates:,}"}
        return tr(_SENTENCES[self.what], layer=self.layer, **words)

    @property
    def shown(self) -> str:
        """The value as numbers are written everywhere."""
        return numbers.show(float(self.value))


def find_fault(trainer: Trainer, program: Program, update: int) -> Fault | None:
    """Look through the step of that `update`; None where all numbers are finite after all."""

    def found(values: Array, layer: int, what: str) -> Fault | None:
        if np.isfinite(values).all():
            return None
        wrong = values[~np.isfinite(values)].ravel()
        name = "nan" if np.isnan(wrong).any() else "inf"
        return Fault(layer, what, update, name)

    depth = len(program.activations)
    looks: list[tuple[Array, int, str]] = []
    looks += [(a, index + 1, "activations") for index, a in enumerate(program.activations)]
    looks += [(program.residuals, depth, "loss")]
    for index in range(depth - 1, -1, -1):
        looks.append((program.deltas[index], index + 1, "gradients"))
        looks.append((trainer.gradient_layers[index].whole, index + 1, "gradients"))
    looks += [(own.whole, i + 1, "weights") for i, own in enumerate(trainer.network.layers)]
    looks.append((trainer.network.parameters, depth, "weights"))
    for values, layer, what in looks:
        fault = found(values, layer, what)
        if fault is not None:
            return fault
    return None
