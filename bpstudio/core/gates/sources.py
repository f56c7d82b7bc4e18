"""Gates without inputs: their number comes from outside."""

from __future__ import annotations

from bpstudio.core.gate import Gate
from bpstudio.language import N_

GATES = (
    Gate(
        key="input",
        symbol="x",
        title=N_("Input"),
        family="sources",
        inputs=(),
        value="value",
        local=(),
        note=N_(
            "An input collects the gradients of all its wires: how much the output would change."
        ),
        samples=((),),
        params={"value": 1.0, "trainable": False},
    ),
    Gate(
        key="constant",
        symbol="c",
        title=N_("Constant"),
        family="sources",
        inputs=(),
        value="value",
        local=(),
        note=N_("A constant never changes, so the gradient that reaches it is not used."),
        samples=((),),
        params={"value": 1.0},
    ),
)
