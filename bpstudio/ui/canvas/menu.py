"""The menu that a right click opens: what can be done with what is under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from bpstudio.core import edits, groups
from bpstudio.core.graph import Point
from bpstudio.language import tr, trn
from bpstudio.ui import clips
from bpstudio.ui.canvas import arranging, framing, owning, reshaping, walking
from bpstudio.ui.canvas.paints import COLOUR_NAMES
from bpstudio.ui.canvas.tools import Hit
from bpstudio.ui.canvas.tools.framing import usual

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas

MOST_GROUPS = 6
"""Groups offered to put things into."""
Entry = (
    tuple[str, Callable[[], object]]
    | tuple[str, Callable[[], object], str]
    | tuple[str, "list[Entry]"]
    | None
)
"""A text, what it does and, where it cannot be done, why not; or a menu of its own; None is a line
between."""


def menu_for(canvas: GraphCanvas, hit: Hit | None, scene: Point) -> QMenu:
    """The menu for a hit, or for the selection where `hit` is None. Shown by the caller."""
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    _fill(menu, _entries(canvas, hit, scene))
    return menu


def _fill(menu: QMenu, entries: Iterable[Entry]) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        text, do, *reasons = entry
        # A name is not a mnemonic: its & must be shown.
        text = text.replace("&", "&&")
        if isinstance(do, list):
            _fill(menu.addMenu(text), do)
            continue
        action = menu.addAction(text)
        action.triggered.connect(_plainly(do))
        action.setEnabled(not any(reasons))
        action.setToolTip("".join(reasons))


def _plainly(do: Callable[[], object]) -> Callable[[bool], None]:
    """A slot that does not hand on whether the entry is checked."""

    def slot(_: bool = False) -> None:
        do()

    return slot


def _entries(canvas: GraphCanvas, hit: Hit | None, scene: Point) -> list[Entry]:
    graph, chosen = canvas.stage.graph, canvas.stage.selection
    if hit is not None and hit.part == "wire":
        return _wire(canvas, hit.id, scene)
    if hit is not None and hit.part == "dot":
        return _dot(canvas, hit)
    nodes = [key for key in chosen if key in graph.nodes]
    if chosen and (hit is None or hit.part != "canvas"):
        return _selection(canvas, nodes)
    return [
        (tr("Add a gate …"), lambda: canvas.quick_add(scene)),
        (tr("Add a note"), lambda: canvas.notes.insert(scene)),
        (tr("Draw a frame"), lambda: framing.draw(canvas, usual(scene))),
        (tr("Paste"), lambda: clips.paste(canvas, scene)),
        None,
        (tr("Select all"), canvas.select_all),
        (tr("Zoom to fit"), canvas.zoom_fit),
    ]


def _wire(canvas: GraphCanvas, wire: str, scene: Point) -> list[Entry]:
    return [
        (tr("Put a gate into this wire …"), lambda: canvas.quick_add_into(wire, scene)),
        (tr("Take this wire off"), canvas.delete_selection),
        None,
        (tr("Lead it through a dot here"), lambda: arranging.add_dot(canvas, wire, scene)),
        *_dots(canvas, wire),
    ]


def _dots(canvas: GraphCanvas, wire: str) -> list[Entry]:
    if not canvas.stage.graph.wires[wire].dots:
        return []
    return [(tr("Remove all dots"), lambda: arranging.clear_dots(canvas, wire))]


def _dot(canvas: GraphCanvas, hit: Hit) -> list[Entry]:
    graph, index = canvas.stage.graph, int(hit.port)
    patch = edits.remove_dot(graph, hit.id, index)
    return [(tr("Remove this dot"), lambda: canvas.stage.do(patch)), *_dots(canvas, hit.id)]


def _selection(canvas: GraphCanvas, nodes: list[str]) -> list[Entry]:
    graph = canvas.stage.graph
    entries: list[Entry] = []
    if len(nodes) == 1:
        node = graph.nodes[nodes[0]]
        if walking.value_param(graph, node):
            entries.append((tr("Edit the value …"), canvas.edit_value))
        entries.append((tr("Rename …"), canvas.rename_selected))
        entries.append((tr("Draw a wire from {name}", name=node.name), canvas.start_wire))
        entries.append(None)
    why_not_copy = clips.refusal(graph, canvas.stage.selection)
    entries += [
        (tr("Cut"), lambda: clips.cut(canvas), why_not_copy),
        (tr("Copy"), lambda: clips.copy(canvas), why_not_copy),
        (tr("Duplicate"), lambda: clips.duplicate(canvas), why_not_copy),
        None,
    ]
    if any(graph.into(key) or graph.out_of(key) for key in nodes):
        entries.append((tr("Take the wires off"), canvas.disconnect_selection))
    count = len(canvas.stage.selection)
    if len(nodes) == count and count > 1:
        words = trn("Delete {n} gate", "Delete {n} gates", count)
    else:
        words = tr("Delete")
    entries.append((words, canvas.delete_selection))
    if any(graph.into(key) and graph.out_of(key) for key in nodes):
        entries.append((tr("Delete and join wires"), lambda: arranging.delete_and_join(canvas)))
    entries += _grouping(canvas)
    entries += _framing(canvas)
    if nodes:
        entries += [None, *_reshaping(canvas)]
    entries += [None, (tr("Zoom to the selection"), canvas.zoom_selection)]
    return entries


def _grouping(canvas: GraphCanvas) -> list[Entry]:
    """What makes groups of these, and what can be done with a group."""
    graph, chosen = canvas.stage.graph, arranging.members(canvas)
    if not chosen:
        return []
    entries: list[Entry] = [None, (tr("Group these"), lambda: arranging.group(canvas))]
    boxes = [key for key in chosen if key in graph.groups]
    if boxes:
        closed = all(graph.groups[key].collapsed for key in boxes)
        words = tr("Open the group") if closed else tr("Collapse the group")
        entries.append((words, lambda: arranging.fold(canvas)))
        entries.append((tr("Ungroup"), lambda: arranging.ungroup(canvas)))
    if len(boxes) == 1 == len(chosen):
        entries.append((tr("Rename …"), canvas.rename_selected))
    for key, name in arranging.other_groups(canvas)[:MOST_GROUPS]:
        put = partial(arranging.put_into, canvas, key)
        entries.append((tr("Put into {name}", name=name), put))
    if any(groups.around(graph, key) for key in chosen):
        entries.append((tr("Take out of the group"), lambda: arranging.take_out(canvas)))
    return entries


def _framing(canvas: GraphCanvas) -> list[Entry]:
    """What draws a frame round these, and what can be done with a frame."""
    frames = framing.chosen_frames(canvas)
    entries: list[Entry] = []
    if len(frames) < len(canvas.stage.selection):
        entries.append((tr("Draw a frame round these"), lambda: framing.frame(canvas)))
    if len(frames) == 1 == len(canvas.stage.selection):
        entries += [None, (tr("Type the title …"), canvas.rename_selected)]
    if frames:
        words = tr("Select what stands in it")
        entries.append((words, lambda: framing.select_inside(canvas)))
    if arranging.paintable(canvas):
        colours: list[Entry] = [
            (tr(title), partial(arranging.colour, canvas, name))
            for name, title in COLOUR_NAMES.items()
        ]
        entries.append((tr("Colour"), colours))
    return entries


def _reshaping(canvas: GraphCanvas) -> list[Entry]:
    """What makes other gates of these."""
    graph, chosen = canvas.stage.graph, canvas.stage.selection
    why_not_expand = reshaping.expand_refusal(graph, chosen)
    why_not_fuse = reshaping.fuse_refusal(graph, chosen)
    entries: list[Entry] = [
        (tr("Expand into simpler gates"), lambda: reshaping.expand(canvas), why_not_expand),
        (tr("Fuse into one gate"), lambda: reshaping.fuse(canvas), why_not_fuse),
    ]
    if kind := owning.kind_of_selection(graph, chosen):
        name = graph.gates[kind].name
        words = tr("Change the own gate {name} …", name=name)
        entries.append((words, lambda: owning.change(canvas, kind)))
    return entries
