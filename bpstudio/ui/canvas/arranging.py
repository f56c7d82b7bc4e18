"""Groups, wires' ways and places, as the canvas is asked for them by a key, a menu or an action.

Each is one named edit; what cannot be done is said at the pointer and in the status line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bpstudio.core import edits, groups
from bpstudio.core.edits.places import group_name
from bpstudio.core.graph import Graph, GraphError, Node, Patch
from bpstudio.language import tr, trn
from bpstudio.ui.canvas import framing, routes
from bpstudio.ui.canvas.tools import CutHeld
from bpstudio.ui.canvas.tools.leading import moved_dots

if TYPE_CHECKING:
    from bpstudio.ui.canvas.canvas import GraphCanvas


def _do(canvas: GraphCanvas, make: Callable[[Graph], Patch], merge: str | None = None) -> bool:
    """Do an edit on the graph as it is; a refusal is said. Whether anything changed."""
    canvas.tools.rest()
    try:
        patch = make(canvas.stage.graph)
    except GraphError as error:
        canvas.stage.refuse(str(error))
        return False
    canvas.stage.do(patch, merge)
    return bool(patch)


def _do_each(
    canvas: GraphCanvas, chosen: Iterable[str], edit: Callable[[Graph, str], Patch]
) -> bool:
    """The same for an edit of each of several things, as one command."""

    def make(graph: Graph) -> Patch:
        patch = Patch("")
        for key in chosen:
            more = edit(graph.apply(patch), key)
            patch = patch.then(more, more.label)
        return patch

    return _do(canvas, make)


# --- groups --------------------------------------------------------------------------------------


def members(canvas: GraphCanvas) -> list[str]:
    """The selected nodes and groups."""
    graph = canvas.stage.graph
    return [key for key in canvas.stage.selection if key in graph.nodes or key in graph.groups]


def chosen_groups(canvas: GraphCanvas) -> list[str]:
    """The selected groups; without one, the group that the selected gates are in."""
    graph = canvas.stage.graph
    found = [key for key in canvas.stage.selection if key in graph.groups]
    if found:
        return found
    homes = {graph.nodes[key].group for key in members(canvas) if key in graph.nodes}
    home = homes.pop() if len(homes) == 1 else ""
    return [home] if home in graph.groups else []


def group(canvas: GraphCanvas) -> None:
    """Group what is selected, and ask for the title."""
    chosen = members(canvas)
    before = set(canvas.stage.graph.groups)
    if _do(canvas, lambda graph: edits.group(graph, chosen, tr("Group"))):
        made = next(iter(set(canvas.stage.graph.groups) - before))
        canvas.stage.select((made,))
        canvas.rename(made)


def ungroup(canvas: GraphCanvas) -> None:
    """Take the frames of the selected groups away; what was in them stays, selected."""
    chosen = chosen_groups(canvas)
    inner = [one.id for key in chosen for one in canvas.stage.graph.members(key)]
    if _do_each(canvas, chosen, edits.ungroup):
        canvas.stage.select(inner)


def fold(canvas: GraphCanvas, key: str = "") -> None:
    """Collapse a group, or open it again; without one named, the selected ones."""
    graph = canvas.stage.graph
    chosen = [key] if key else chosen_groups(canvas)
    if not chosen:
        canvas.stage.refuse(tr("Select a group, or a gate in one."))
        return
    # Several go one way: all open only where all are collapsed.
    collapse = not all(graph.groups[one].collapsed for one in chosen)
    if _do_each(canvas, chosen, lambda graph, one: edits.set_collapsed(graph, one, collapse)):
        canvas.stage.select(chosen)


def take_out(canvas: GraphCanvas) -> None:
    """Take the selected gates and groups out of the group that they are in, into the one around."""
    graph = canvas.stage.graph
    chosen = [key for key in members(canvas) if groups.around(graph, key)]
    if not chosen:
        canvas.stage.refuse(tr("Nothing that is selected lies in a group."))
        return
    around = groups.around(graph, chosen[0])
    _do(canvas, lambda graph: edits.put_into(graph, chosen, around[1] if around[1:] else ""))


def put_into(canvas: GraphCanvas, group: str) -> None:
    """Put the selected gates and groups into a group."""
    chosen = members(canvas)
    _do(canvas, lambda graph: edits.put_into(graph, chosen, group))


def paintable(canvas: GraphCanvas) -> list[str]:
    """The selected frames and groups; without any, the group that the selected gates are in."""
    frames = framing.chosen_frames(canvas)
    if frames and not members(canvas):
        return frames
    return [*frames, *chosen_groups(canvas)]


def colour(canvas: GraphCanvas, name: str) -> None:
    """Paint the selected groups and frames."""
    _do_each(canvas, paintable(canvas), lambda graph, key: edits.set_colour(graph, key, name))


def other_groups(canvas: GraphCanvas) -> list[tuple[str, str]]:
    """The groups, with their names, that the selected things could be put into."""
    graph, chosen = canvas.stage.graph, members(canvas)
    inside = {key for key in graph.groups if {key, *groups.around(graph, key)} & set(chosen)}
    homes = {getattr(graph.get(key), "group", "") for key in chosen}
    left = [key for key in graph.groups if key not in inside and homes != {key}]
    return [(key, group_name(graph, key)) for key in left]


# --- wires ---------------------------------------------------------------------------------------


def shape_wires(canvas: GraphCanvas, shape: str) -> None:
    """Draw all wires of the document curved, at right angles or straight."""
    _do(canvas, lambda graph: edits.set_setting(graph, "wires", shape))


def chosen_wires(canvas: GraphCanvas) -> list[str]:
    """The selected wires."""
    return [key for key in canvas.stage.selection if key in canvas.stage.graph.wires]


def add_dot(canvas: GraphCanvas, wire: str = "", at: tuple[float, float] | None = None) -> None:
    """Lead a wire through a dot: where it was pointed at, or in its middle."""
    for key in [wire] if wire else chosen_wires(canvas):
        row = canvas.view.wire_row[key]
        x, y = at if at is not None else routes.along(canvas.view, [row], 0.5)[0].tolist()
        _do(canvas, lambda graph, key=key, x=x, y=y: edits.add_dot(graph, key, (x, y)))  # type: ignore[misc]


def clear_dots(canvas: GraphCanvas, wire: str = "") -> None:
    """Take all dots off the selected wires."""
    graph = canvas.stage.graph
    chosen = [key for key in ([wire] if wire else chosen_wires(canvas)) if graph.wires[key].dots]
    if chosen:
        _do(canvas, lambda graph: edits.clear_dots(graph, chosen))
    else:
        canvas.stage.refuse(tr("Select a wire that is led through dots."))


def nudge_dots(canvas: GraphCanvas, dx: float, dy: float) -> bool:
    """Move the dots of the one selected wire; whether it is what is selected."""
    chosen = chosen_wires(canvas)
    if len(chosen) != 1 or len(canvas.stage.selection) != 1:
        return False
    (wire,) = chosen
    if canvas.stage.graph.wires[wire].dots:
        _do(canvas, lambda graph: moved_dots(graph, wire, (dx, dy)), f"dots {wire}")
    return True


def knife(canvas: GraphCanvas) -> None:
    """Take the knife: the next drag cuts the wires that it crosses."""
    if canvas.document is not None:
        canvas.setFocus()
        canvas.tools.go(CutHeld(canvas.tools, stays=True))


# --- places --------------------------------------------------------------------------------------


def align(canvas: GraphCanvas, edge: str) -> None:
    """Bring an edge or the middles of the selected things into line."""
    chosen = tuple(canvas.stage.selection)
    _moved(canvas, lambda graph: edits.align(graph, chosen, edge))  # type: ignore[arg-type]


def distribute(canvas: GraphCanvas, direction: str) -> None:
    """Leave the same room between the selected things."""
    chosen = tuple(canvas.stage.selection)
    _moved(canvas, lambda graph: edits.distribute(graph, chosen, direction))  # type: ignore[arg-type]


def straighten(canvas: GraphCanvas) -> None:
    """Make wires level by moving the selected gates up and down."""
    graph = canvas.stage.graph
    chosen = [k for k in canvas.stage.selection if k in graph.nodes or k in graph.wires]
    _moved(canvas, lambda graph: edits.straighten(graph, chosen))


def _moved(canvas: GraphCanvas, make: Callable[[Graph], Patch]) -> None:
    """An edit of places: what moves glides there."""
    canvas.tools.rest()
    try:
        patch = make(canvas.stage.graph)
    except GraphError as error:
        canvas.stage.refuse(str(error))
        return
    if not patch:
        canvas.announce(tr("It is so already."))
        return
    canvas.glide(patch)


def delete_and_join(canvas: GraphCanvas) -> None:
    """Delete what is selected and join the wires of each gate that goes."""
    chosen = [key for key in canvas.stage.selection if canvas.stage.graph.get(key) is not None]
    if chosen:
        _do(canvas, lambda graph: edits.delete(graph, chosen, heal=True))


# --- going about ---------------------------------------------------------------------------------


def faces(canvas: GraphCanvas, keys: tuple[str, ...]) -> tuple[str, ...]:
    """What is seen for these nodes, each once."""
    if canvas.view.cover is None:
        return keys
    return tuple(dict.fromkeys(canvas.view.face_of(key) for key in keys))


def beside_box(canvas: GraphCanvas, group: str, direction: str) -> str:
    """The neighbour of a collapsed group along its wires; "" for none."""
    box = canvas.view.cover.boxes.get(group) if canvas.view.cover is not None else None
    graph = canvas.stage.graph
    if box is None or direction not in ("left", "right"):
        return ""
    ports = box.found.ports.inputs if direction == "left" else box.found.ports.outputs
    wires = [graph.wires[wire] for port in ports for wire in port.wires]
    ends = [wire.source if direction == "left" else wire.target for wire in wires]
    return canvas.view.face_of(ends[0]) if ends else ""


def described(canvas: GraphCanvas, key: str) -> str:
    """What the keyboard has come to, in words."""
    graph = canvas.stage.graph
    if key in graph.notes and not graph.notes[key].frame:
        words = " ".join(graph.notes[key].text.split()) or tr("empty")
        return tr("{words}, note; Enter writes in it", words=words)
    if key in graph.notes:
        return tr("{frame}; Enter types its title", frame=framing.described(graph, key))
    if key in graph.groups:
        name, count = group_name(graph, key), len(groups.inside(graph, key))
        inside = trn("{n} gate", "{n} gates", count)
        if graph.groups[key].collapsed:
            return tr("{name}, group, {gates}; Enter opens it", name=name, gates=inside)
        return tr("{name}, open group, {gates}; Enter collapses it", name=name, gates=inside)
    node = graph.nodes[key]
    gate = graph.gate(node)
    return tr("{name}, {title}", name=node.name, title=gate.name if gate else node.gate)


def source_of(canvas: GraphCanvas) -> str:
    """The node whose output a wire from the selection would carry; "" where it is not one."""
    graph = canvas.stage.graph
    chosen = members(canvas)
    if len(chosen) != 1:
        return ""
    if isinstance(graph.get(chosen[0]), Node):
        return chosen[0]
    box = canvas.view.cover.boxes.get(chosen[0]) if canvas.view.cover is not None else None
    outputs = box.found.ports.outputs if box is not None else ()
    return outputs[0].node if len(outputs) == 1 else ""
