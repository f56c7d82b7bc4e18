"""The training panel in the View menu, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.language import N_
from bpstudio.ui.actions.action import Action, always

if TYPE_CHECKING:
    from bpstudio.ui.window import Window


def _shown(window: Window) -> bool:
    return window.settings.get("training") and window.training.shown


def _panel(window: Window, name: str) -> None:
    """Ask the panel, which is shown for it if need be."""
    getattr(window.training.panel or window.training.show(), name)()


TRAINING = (
    Action(
        "training",
        N_("&Training"),
        "play",
        "F7",
        "view",
        always,
        lambda w: w.training.toggle(),
        checked=_shown,
        section=5,
    ),
    Action(
        "training_play",
        N_("Train or pause"),
        "",
        "Shift+F7",
        "view",
        _shown,
        lambda w: _panel(w, "toggle"),
        section=5,
    ),
    Action(
        "training_step",
        N_("Train one update"),
        "",
        "Ctrl+F7",
        "view",
        _shown,
        lambda w: _panel(w, "step"),
        section=5,
    ),
    Action(
        "training_rewind",
        N_("Rewind the training"),
        "",
        "Ctrl+Shift+F7",
        "view",
        _shown,
        lambda w: _panel(w, "rewind"),
        section=5,
    ),
)
