"""A network as an ONNX model, through the `onnx` package that the format's own project keeps.

In float32, the one type that every runtime computes in; for use, not for training: batch norm with
its running statistics, no dropout. The package is an optional extra, imported when asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.activations import SLOPE
from bpstudio.nn.faults import NetworkError
from bpstudio.nn.norm import EPS
from bpstudio.nn.spec import LayerWeights
from bpstudio.nn.trainer import Trainer

OPSET = 20
"""The first that has GELU."""
IR = 9
"""The file version that goes with it; runtimes refuse one that is newer than they are."""

OPERATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "linear": ("Identity", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "relu": ("Relu", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": SLOPE}),
    "elu": ("Elu", {"alpha": 1.0}),
    "gelu": ("Gelu", {}),
    "softplus": ("Softplus", {}),
    "softmax": ("Softmax", {"axis": 1}),
}


class NeedsOnnx(NetworkError):
    """The optional package is not installed."""


def onnx_network(trainer: Trainer) -> bytes:
    """The model's file: input "x" (samples, features), output "y" (samples, outputs)."""
    try:
        import onnx
        from onnx import TensorProto, helper, numpy_helper
    except ImportError:
        raise NeedsOnnx(
            tr("ONNX needs the package onnx: pip install 'backprop-studio[onnx]'")
        ) from None
    spec = trainer.spec.network
    nodes: list[Any] = []
    numbers: list[Any] = []

    def operate(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(layer: LayerWeights, part: str, number: int) -> str:
        name = f"{part}{number}"
        values = np.asarray(getattr(layer, part), np.float32)
        numbers.append(numpy_helper.from_array(values, name))
        return name

    before, last = "x", len(spec.sizes) - 1
    for number, layer in enumerate(trainer.network.weights(), 1):
        parts = [constant(layer, part, number) for part in ("W", "b")]
        found = operate("Gemm", [before, *parts], f"z{number}", transB=1)
        if layer.gamma is not None:
            parts = [constant(layer, p, number) for p in ("gamma", "beta", "mean", "variance")]
            normal = f"normal{number}"
            found = operate("BatchNormalization", [found, *parts], normal, epsilon=EPS)
        kind, attributes = OPERATORS[spec.output if number == last else spec.activation]
        adds = spec.adds_input(number)
        name = "y" if number == last else f"a{number}" if adds else f"h{number}"
        found = operate(kind, [found], name, **attributes)
        if adds:
            found = operate("Add", [found, before], f"h{number}")
        before = found
    shape = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "network",
        [shape("x", TensorProto.FLOAT, ["samples", spec.sizes[0]])],
        [shape("y", TensorProto.FLOAT, ["samples", spec.sizes[-1]])],
        numbers,
    )
    model = helper.make_model(
        graph, producer_name="Backprop Studio", opset_imports=[helper.make_opsetid("", OPSET)]
    )
    model.ir_version = IR
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
