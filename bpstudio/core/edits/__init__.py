"""Every change to a graph as a pure function `(graph, …) -> Patch`.

An edit checks everything before it answers; a patch it hands out applies. What it refuses it
refuses with a GraphError whose text is a whole sentence: the thing, the rule, the way out. The
edits that read formulas are fetched when they are first used: the window should not wait for them.
"""

from typing import TYPE_CHECKING, Any

from bpstudio.core.edits.clearing import clear_place, covered
from bpstudio.core.edits.collapse import put_into, set_collapsed, set_colour
from bpstudio.core.edits.draft import born, gate_of, node_of, ports_of
from bpstudio.core.edits.framing import add_frame, frame_round, resize_frame
from bpstudio.core.edits.nodes import (
    add_node,
    add_note,
    delete,
    group,
    move,
    rename,
    resize_note,
    set_note,
    set_param,
    set_samples,
    set_seed,
    set_value,
    ungroup,
)
from bpstudio.core.edits.splicing import splice
from bpstudio.core.edits.whole import build, merge, replace_all, tidy
from bpstudio.core.edits.wires import (
    connect,
    disconnect,
    free_port,
    next_port,
    refusal,
    replug,
)

if TYPE_CHECKING:
    from bpstudio.core.edits.arrange import align, distribute, nudge, straighten
    from bpstudio.core.edits.copying import clip, duplicate, paste, pasted
    from bpstudio.core.edits.cutting import add_dot, clear_dots, cut, move_dot, remove_dot
    from bpstudio.core.edits.expanding import can_expand, expand, expand_all, opened
    from bpstudio.core.edits.fusing import described, fuse, fuse_refusal, recognised
    from bpstudio.core.edits.kinds import (
        change_kind,
        define_kind,
        remove_kind,
        set_setting,
        users_of,
    )

__all__ = [
    "add_dot",
    "add_frame",
    "add_node",
    "add_note",
    "align",
    "born",
    "build",
    "can_expand",
    "change_kind",
    "clear_dots",
    "clear_place",
    "clip",
    "connect",
    "covered",
    "cut",
    "define_kind",
    "delete",
    "described",
    "disconnect",
    "distribute",
    "duplicate",
    "expand",
    "expand_all",
    "frame_round",
    "free_port",
    "fuse",
    "fuse_refusal",
    "gate_of",
    "group",
    "merge",
    "move",
    "move_dot",
    "next_port",
    "node_of",
    "nudge",
    "opened",
    "paste",
    "pasted",
    "ports_of",
    "put_into",
    "recognised",
    "refusal",
    "remove_dot",
    "remove_kind",
    "rename",
    "replace_all",
    "replug",
    "resize_frame",
    "resize_note",
    "set_collapsed",
    "set_colour",
    "set_note",
    "set_param",
    "set_samples",
    "set_seed",
    "set_setting",
    "set_value",
    "splice",
    "straighten",
    "tidy",
    "ungroup",
    "users_of",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from bpstudio.core.edits import arrange, copying, cutting, expanding, fusing, kinds

    rooms = (arrange, copying, cutting, expanding, fusing, kinds)
    found = next(vars(room)[name] for room in rooms if name in vars(room))
    globals()[name] = found
    return found
