"""ACTIONS: everything the window can be told to do, as data.

Menus, the formula bar's buttons and the shortcut sheet are made from this table. An action whose
key the canvas answers itself is marked `held="canvas"`: the window shows the key but does not bind
it, so that the same key still types a letter elsewhere.
"""

from __future__ import annotations

from bpstudio.language import N_
from bpstudio.ui.actions.action import Action
from bpstudio.ui.actions.arrange import ARRANGE, FRAMES
from bpstudio.ui.actions.clip import FIND, PARTS
from bpstudio.ui.actions.edit import EDIT
from bpstudio.ui.actions.file import FILE
from bpstudio.ui.actions.formulas import FORMULAS
from bpstudio.ui.actions.gates import GATES
from bpstudio.ui.actions.graph import GRAPH
from bpstudio.ui.actions.help import HELP
from bpstudio.ui.actions.network import NETWORK
from bpstudio.ui.actions.reading import READING
from bpstudio.ui.actions.step import STEP
from bpstudio.ui.actions.training import TRAINING
from bpstudio.ui.actions.view import VIEW

__all__ = ["ACTIONS", "MENUS", "Action"]

MENUS = {
    "file": N_("&File"),
    "edit": N_("&Edit"),
    "view": N_("&View"),
    "view/digits": N_("&Digits"),
    "view/size": N_("&Size"),
    "view/theme": N_("&Theme"),
    "view/language": N_("&Language"),
    "graph": N_("&Graph"),
    "graph/arrange": N_("A&rrange"),
    "graph/groups": N_("&Groups"),
    "graph/colour": N_("C&olour of groups and frames"),
    "graph/wires": N_("&Wires"),
    "graph/note": N_("Size of &notes and frames"),
    "graph/ties": N_("T&ies of max and min"),
    "network": N_("&Network"),
    "step": N_("&Step"),
    "help": N_("&Help"),
}
"""Menus and submenus in their order -> title (marked for translation)."""

ACTIONS: tuple[Action, ...] = (
    *(*FILE, *EDIT, *VIEW, *TRAINING),
    *(
        *GRAPH,
        *FORMULAS,
        *ARRANGE,
        *GATES,
        *NETWORK,
        *PARTS,
        *FRAMES,
        *STEP,
        *READING,
        *FIND,
        *HELP,
    ),
)
