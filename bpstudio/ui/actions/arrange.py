"""The parts of the Graph menu that put things in order: groups, wires' ways, places."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bpstudio.core.settings import SETTINGS
from bpstudio.language import N_, tr
from bpstudio.ui.actions.action import Action, entry_words, has_document, has_selection
from bpstudio.ui.canvas.paints import COLOUR_NAMES

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.window import Window


def _on_canvas(command: str, *more: object) -> Callable[[Window], None]:
    """Runs a command of canvas/arranging.py by its name; the module is fetched when it is used."""

    def run(window: Window) -> None:
        from bpstudio.ui.canvas import arranging

        do: Callable[[GraphCanvas, *tuple[object, ...]], None] = getattr(arranging, command)
        do(window.canvas, *more)

    return run


def _has(kind: str, least: int = 1) -> Callable[[Window], bool]:
    """Whether so many things of a kind ("nodes groups …", tables of a graph) are selected."""
    tables = kind.split()

    def when(window: Window) -> bool:
        document = window.document
        if document is None:
            return False
        found = [
            key
            for key in document.selection
            if any(key in getattr(document.graph, table) for table in tables)
        ]
        return len(found) >= least

    return when


def _why(sentence: str) -> Callable[[Window], str]:
    return lambda window: tr(sentence) if window.document is not None else ""


def _in_group(window: Window) -> bool:
    """Whether a group, or a gate in one, is selected."""
    if window.document is None:
        return False
    from bpstudio.ui.canvas import arranging

    return bool(arranging.chosen_groups(window.canvas))


def _lies_in_group(window: Window) -> bool:
    document = window.document
    if document is None:
        return False
    items = (document.graph.get(key) for key in document.selection)
    return any(getattr(item, "group", "") for item in items)


def _fold_words(window: Window) -> str:
    from bpstudio.ui.canvas import arranging

    graph = window.document.graph if window.document is not None else None
    chosen = arranging.chosen_groups(window.canvas) if graph is not None else []
    closed = graph is not None and bool(chosen) and all(graph.groups[k].collapsed for k in chosen)
    return tr("&Open") if closed else tr("&Collapse")


def _paintable(window: Window) -> bool:
    """Whether a group, a gate in one, or a frame is selected."""
    if window.document is None:
        return False
    from bpstudio.ui.canvas import arranging

    return bool(arranging.paintable(window.canvas))


def _frames(command: str) -> Callable[[Window], None]:
    """Runs a command of canvas/framing.py by its name."""

    def run(window: Window) -> None:
        from bpstudio.ui.canvas import framing

        getattr(framing, command)(window.canvas)

    return run


def _has_frame(window: Window) -> bool:
    from bpstudio.ui.canvas import framing

    return window.document is not None and bool(framing.chosen_frames(window.canvas))


def _frame_words(window: Window) -> str:
    document = window.document
    placed = document is not None and any(k not in document.graph.wires for k in document.selection)
    return tr("Draw a &frame round these") if placed else tr("Draw a &frame")


def _has_colour(name: str) -> Callable[[Window], bool]:
    def checked(window: Window) -> bool:
        from bpstudio.ui.canvas import arranging

        if window.document is None:
            return False
        chosen = [window.document.graph.get(key) for key in arranging.paintable(window.canvas)]
        return bool(chosen) and all(getattr(item, "colour", None) == name for item in chosen)

    return checked


def _stretch(way: tuple[int, int], window: Window) -> None:
    window.canvas.notes.stretch(way)


def _is_shape(shape: str) -> Callable[[Window], bool]:
    return lambda w: w.document is not None and w.document.graph.setting("wires") == shape


_NO_GROUP = N_("Select a group, or a gate in one.")
_TWO = N_("Choose two things or more to align them.")
_THREE = N_("Choose three things or more to distribute them.")
_THINGS = "nodes groups notes"

GROUPS = (
    Action(
        "group",
        N_("&Group"),
        "",
        "Ctrl+Shift+G",
        "graph/groups",
        _has("nodes groups"),
        _on_canvas("group"),
        section=3,
        why=_why(N_("Select the gates that the group shall hold.")),
    ),
    Action(
        "ungroup",
        N_("&Ungroup"),
        "",
        "Ctrl+Shift+U",
        "graph/groups",
        _in_group,
        _on_canvas("ungroup"),
        section=3,
        why=_why(_NO_GROUP),
    ),
    Action(
        "fold",
        N_("&Collapse"),
        "",
        "Ctrl+Shift+B",
        "graph/groups",
        _in_group,
        _on_canvas("fold"),
        section=3,
        text=_fold_words,
        why=_why(_NO_GROUP),
    ),
    Action(
        "take_out",
        N_("&Take out of the group"),
        "",
        "Ctrl+Shift+O",
        "graph/groups",
        _lies_in_group,
        _on_canvas("take_out"),
        section=3,
        why=_why(N_("Nothing that is selected lies in a group.")),
    ),
    *(
        Action(
            f"colour_{name or 'none'}",
            COLOUR_NAMES[name],
            "",
            "",
            "graph/colour",
            _paintable,
            _on_canvas("colour", name),
            checked=_has_colour(name),
            section=3,
            why=_why(N_("Select a group, a gate in one, or a frame.")),
        )
        for name in COLOUR_NAMES
    ),
)

PLACES = (
    *(
        Action(
            f"align_{edge}",
            title,
            "",
            key,
            "graph/arrange",
            _has(_THINGS, 2),
            _on_canvas("align", edge),
            section=3,
            why=_why(_TWO),
        )
        for edge, title, key in (
            ("left", N_("Align &left edges"), "Ctrl+Shift+Left"),
            ("centre", N_("Align &centres"), "Ctrl+Alt+E"),
            ("right", N_("Align &right edges"), "Ctrl+Shift+Right"),
            ("top", N_("Align &top edges"), "Ctrl+Shift+Up"),
            ("middle", N_("Align &middles"), "Ctrl+Alt+M"),
            ("bottom", N_("Align &bottom edges"), "Ctrl+Shift+Down"),
        )
    ),
    *(
        Action(
            f"distribute_{direction}",
            title,
            "",
            key,
            "graph/arrange",
            _has(_THINGS, 3),
            _on_canvas("distribute", direction),
            section=4,
            why=_why(_THREE),
        )
        for direction, title, key in (
            ("across", N_("Distribute &across"), "Ctrl+Alt+A"),
            ("down", N_("Distribute &down"), "Ctrl+Alt+D"),
        )
    ),
    Action(
        "straighten",
        N_("&Straighten the wires"),
        "",
        "Ctrl+Alt+S",
        "graph/arrange",
        _has("nodes wires"),
        _on_canvas("straighten"),
        section=5,
        why=_why(N_("Choose gates or wires to straighten.")),
    ),
)

WAYS = (
    *(
        Action(
            f"wires_{shape}",
            title,
            "",
            "",
            "graph/wires",
            has_document,
            _on_canvas("shape_wires", shape),
            checked=_is_shape(shape),
            section=3,
            text=entry_words(title),
        )
        for shape, title in SETTINGS["wires"].values.items()
    ),
    Action(
        "add_dot",
        N_("Lead the wire through a &dot"),
        "",
        "Ctrl+Alt+W",
        "graph/wires",
        _has("wires"),
        _on_canvas("add_dot"),
        section=4,
        why=_why(N_("Select a wire.")),
    ),
    Action(
        "clear_dots",
        N_("&Remove its dots"),
        "",
        "",
        "graph/wires",
        _has("wires"),
        _on_canvas("clear_dots"),
        section=4,
        why=_why(N_("Select a wire.")),
    ),
    Action(
        "knife",
        N_("Cut wires with a &stroke"),
        "",
        "X",
        "graph/wires",
        has_document,
        _on_canvas("knife"),
        section=5,
        held="canvas",
    ),
)

NOTES = tuple(
    Action(
        f"note_{name}",
        title,
        "",
        key,
        "graph/note",
        _has("notes"),
        partial(_stretch, way),
        section=3,
        why=_why(N_("Select a note or a frame.")),
    )
    for name, title, key, way in (
        ("wider", N_("&Wider"), "Ctrl+Right", (1, 0)),
        ("narrower", N_("&Narrower"), "Ctrl+Left", (-1, 0)),
        ("taller", N_("&Taller"), "Ctrl+Down", (0, 1)),
        ("lower", N_("&Lower"), "Ctrl+Up", (0, -1)),
    )
)

FRAMES = (
    Action(
        "frame",
        N_("&Frame"),
        "",
        "Ctrl+Shift+F",
        "graph",
        has_document,
        _frames("frame"),
        section=6,
        text=_frame_words,
    ),
    Action(
        "select_inside",
        N_("Select what stands in the fra&me"),
        "",
        "Ctrl+Alt+F",
        "graph",
        _has_frame,
        _frames("select_inside"),
        section=6,
        why=_why(N_("Select a frame.")),
    ),
)


JOIN = Action(
    "delete_join",
    N_("Delete and &join wires"),
    "",
    "Ctrl+Del",
    "edit",
    has_selection,
    _on_canvas("delete_and_join"),
    section=2,
)

ARRANGE: tuple[Action, ...] = (*PLACES, *GROUPS, *WAYS, *NOTES)
