"""CASES: networks that are ill in a known way, for the remedies to be tried on.

All learn the 8×8 digits. What each remedy does to each of them was measured; the notes say what is
wrong, not what helps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bpstudio.language import N_
from bpstudio.nn.data import Dataset
from bpstudio.nn.spec import Choice, NetworkSpec, Spec

EXAMPLE = "digits"
"""The panel's example whose data these are."""


@dataclass(frozen=True, slots=True)
class Case:
    """One network: its title and what is wrong with it (both marked)."""

    key: str
    title: str
    note: str
    spec: Callable[[], Spec]


def _digits(
    hidden: int,
    width: int,
    activation: str,
    weights: Choice,
    rate: float,
    *,
    residual: bool = False,
    momentum: bool = True,
) -> Spec:
    network = NetworkSpec((64, *[width] * hidden, 10), activation, "softmax", residual=residual)
    return Spec(
        network,
        Dataset("digits", 1500, test=0.2),
        "cross_entropy",
        optimizer=Choice("momentum" if momentum else "sgd"),
        learning_rate=rate,
        initializer=weights,
        batch=32,
    )


CASES: tuple[Case, ...] = (
    Case(
        "vanishing",
        N_("Vanishing: five sigmoid layers"),
        N_(
            "Each sigmoid layer hands back a quarter of the gradient at best; the first layers "
            "hardly learn."
        ),
        # At twice this rate ReLU's units die by the dozen: the remedy would seem to be none.
        lambda: _digits(5, 50, "sigmoid", Choice("xavier"), 0.05),
    ),
    Case(
        "tiny",
        N_("Tiny: eight tanh layers, weights N(0, 0.01²)"),
        N_("The signal dies on its way forward, and every gradient with it; the ratio looks well."),
        lambda: _digits(8, 50, "tanh", Choice("gaussian", {"std": 0.01}), 0.05),
    ),
    Case(
        "large",
        N_("Saturated: eight tanh layers, weights N(0, 0.5²)"),
        N_("Sums are so large that most units stand at −1 or 1, where the slope is nearly 0."),
        lambda: _digits(8, 50, "tanh", Choice("gaussian", {"std": 0.5}), 0.05),
    ),
    Case(
        "exploding",
        N_("Exploding: sixteen residual ReLU layers"),
        N_("Sums and gradients grow from layer to layer, until numbers are none any more."),
        lambda: _digits(16, 64, "relu", Choice("he"), 0.1, residual=True, momentum=False),
    ),
)
