"""What programs written for others share: the numbers of a network as Python text."""

from __future__ import annotations

from collections.abc import Iterator

from bpstudio.nn.spec import NetworkSpec
from bpstudio.nn.trainer import Trainer


def residual_layers(network: NetworkSpec) -> list[int]:
    """The layers, from 1, that add their input to their activation."""
    return [n for n in range(1, len(network.sizes)) if network.adds_input(n)]


def constants(trainer: Trainer, name: str, values_as: str) -> Iterator[str]:
    """RESIDUAL, where there are such layers, and a list of this name with a dictionary a layer;
    `values_as` is what stands for its numbers, {values} in it."""
    residual = residual_layers(trainer.spec.network)
    if residual:
        yield f"RESIDUAL = {residual!r}  # layers that add their input to their activation"
    yield f"{name} = ["
    for layer in trainer.network.weights():
        yield "    {"
        for part, values in layer.to_json().items():
            yield f'        "{part}": {values_as.format(values=repr(values))},'
        yield "    },"
    yield "]"
