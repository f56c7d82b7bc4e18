"""The Help menu."""

from __future__ import annotations

from bpstudio.language import N_
from bpstudio.ui.actions.action import Action, always

HELP = (
    Action(
        "guide", N_("&Guide"), "help", "Shift+F1", "help", always, lambda w: w.help.show_guide()
    ),
    Action(
        "shortcuts",
        N_("&Keyboard shortcuts"),
        "keyboard",
        "F1",
        "help",
        always,
        lambda w: w.show_shortcuts(),
    ),
    Action(
        "commands",
        N_("Find a &command …"),
        "search",
        "Ctrl+Shift+P",
        "help",
        always,
        lambda w: w.show_commands(),
    ),
    Action(
        "about", N_("&About Backprop Studio"), "", "", "help", always, lambda w: w.help.show_about()
    ),
)
