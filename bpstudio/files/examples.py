"""EXAMPLES: the documents that ship with the program, in teaching order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bpstudio import assets
from bpstudio.language import N_

EXAMPLES: Mapping[str, str] = {
    "simple": N_("The simplest chain: (x + y) · z"),
    "product": N_("One multiply gate swaps its inputs"),
    "fan-out": N_("A fan-out adds up: e = (a + b) · (b + 1)"),
    "patterns": N_("How add, max and multiply hand gradients on"),
    "perceptron": N_("A perceptron from single gates"),
    "perceptron-sigmoid": N_("The same perceptron with a sigmoid gate"),
    "neuron": N_("A tanh neuron"),
    "loss": N_("Three gates to a loss"),
    "micrograd": N_("The tangle of the micrograd page"),
}
"""Name -> title; the file is resources/examples/NAME.bps."""


def path(name: str) -> Path:
    """Where the example is. Raises KeyError for a name that is not in EXAMPLES."""
    if name not in EXAMPLES:
        raise KeyError(name)
    return assets.path("examples", f"{name}.bps")
