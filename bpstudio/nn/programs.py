"""PROGRAMS: a network written for other programs, by key and by file suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpstudio.language import N_

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer


@dataclass(frozen=True, slots=True)
class NetworkExporter:
    """One target: `write` makes the file from a trainer, with the weights of now."""

    key: str
    title: str
    suffix: str
    write: Callable[[Trainer], str | bytes]


def _numpy(trainer: Trainer) -> str:
    from bpstudio.nn.numpy_script import numpy_network

    return numpy_network(trainer)


def _torch(trainer: Trainer) -> str:
    from bpstudio.nn.torch_module import torch_network

    return torch_network(trainer)


def _onnx(trainer: Trainer) -> bytes:
    from bpstudio.nn.onnx_model import onnx_network

    return onnx_network(trainer)


PROGRAMS: Mapping[str, NetworkExporter] = {
    entry.key: entry
    for entry in (
        NetworkExporter("numpy_network", N_("Network as a NumPy script"), ".py", _numpy),
        NetworkExporter("torch_network", N_("Network as a PyTorch module"), ".py", _torch),
        NetworkExporter("onnx", N_("Network as an ONNX model"), ".onnx", _onnx),
    )
}
