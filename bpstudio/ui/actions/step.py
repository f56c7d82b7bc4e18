"""The Step menu."""

from __future__ import annotations

from bpstudio.language import N_
from bpstudio.ui.actions.action import Action, has_steps

STEP = (
    Action(
        "step_first",
        N_("&First step"),
        "first",
        "Ctrl+Home",
        "step",
        has_steps,
        lambda w: w.stepper.first(),
    ),
    Action(
        "step_back",
        N_("One step &back"),
        "back",
        "PgUp",
        "step",
        has_steps,
        lambda w: w.stepper.back(),
    ),
    Action(
        "play",
        N_("&Play or pause"),
        "play",
        "F5",
        "step",
        has_steps,
        lambda w: w.stepper.toggle(),
    ),
    Action(
        "step_forward",
        N_("One step f&orward"),
        "forward",
        "PgDown",
        "step",
        has_steps,
        lambda w: w.stepper.forward(),
    ),
    Action(
        "step_last",
        N_("&Last step"),
        "last",
        "Ctrl+End",
        "step",
        has_steps,
        lambda w: w.stepper.last(),
    ),
    Action(
        "everything",
        N_("Show &everything"),
        "",
        "F6",
        "step",
        has_steps,
        lambda w: w.stepper.everything(),
        section=2,
    ),
)
