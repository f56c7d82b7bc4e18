"""What a part of a network is called and what number it has, in one frame of a run."""

from __future__ import annotations

import numpy as np

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui.trainer.engine import Frame
from bpstudio.ui.trainer.parts import BIAS, Part

NAMES = {"x1": "x₁", "x2": "x₂", "x1^2": "x₁²", "x2^2": "x₂²", "x1*x2": "x₁x₂"} | {
    "sin(x1)": "sin x₁",
    "sin(x2)": "sin x₂",
}
"""A feature -> how it is written wherever it is shown."""


def values(frame: Frame, layer: int) -> np.ndarray:
    """The activations of a layer for the sample looked at; none where none is."""
    units = frame.seen.get("units")
    if units is None or len(units) <= layer:
        return np.empty(0)
    return np.asarray(units[layer])


def name_of(frame: Frame, source: int) -> str:
    """What an input is called."""
    names = frame.data.features
    if source < len(names):
        return NAMES.get(names[source], names[source])
    return "x" if frame.spec.network.sizes[0] == 1 else f"x{source + 1}"


def value_of(frame: Frame, part: Part) -> float:
    """The weight or bias as it is in this frame."""
    layer = frame.weights[part.layer - 1]
    return float(layer.b[part.unit] if part.source == BIAS else layer.W[part.unit, part.source])


def words_of(frame: Frame, part: Part, number: float | None = None) -> str:
    """One line about a part, its number last: that of the frame, or another one."""
    if part.layer == 0:
        name, known = name_of(frame, part.unit), values(frame, 0)
        return f"{name} = {numbers.show(float(known[part.unit]))}" if len(known) else name
    value = numbers.show(value_of(frame, part) if number is None else number, 4)
    if part.source == BIAS:
        return tr(
            "bias of unit {unit} in layer {layer}: {value}",
            unit=part.unit + 1,
            layer=part.layer,
            value=value,
        )
    source = (
        name_of(frame, part.source) if part.layer == 1 else tr("unit {unit}", unit=part.source + 1)
    )
    return tr(
        "weight from {source} to unit {unit} in layer {layer}: {value}",
        source=source,
        unit=part.unit + 1,
        layer=part.layer,
        value=value,
    )
