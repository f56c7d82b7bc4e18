"""Edits of nodes, notes and groups."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace as changed

from bpstudio.core.edits.draft import (
    Draft,
    cut_label,
    drop_emptied,
    gate_of,
    node_of,
    param_of,
    placed_at,
    plain_text,
    shrink,
    stem,
)
from bpstudio.core.edits.framing import carrying, resize_frame
from bpstudio.core.edits.places import carry_dots, name_of
from bpstudio.core.gate import growing_ports
from bpstudio.core.graph import (
    BadParam,
    Graph,
    Group,
    Node,
    Note,
    Patch,
    Point,
    Scalar,
    Seed,
    UnknownGate,
    UnknownItem,
    Wire,
)
from bpstudio.core.groups import around, contents
from bpstudio.core.limits import LEGAL_ID, LONGEST_LABEL, LONGEST_NOTE
from bpstudio.core.numbers import show
from bpstudio.language import tr, trn

LEAST_NOTE = (48.0, 32.0)
"""How small a note can be, in scene pixels."""
INPUT_NAMES: tuple[str, ...] = (*"xyzwbacdeghkmnpqrstuv",)


def add_node(
    graph: Graph,
    gate: str,
    at: Point,
    *,
    label: str = "",
    params: Mapping[str, Scalar] | None = None,
    group: str = "",
) -> Patch:
    """Place a gate. An input without a label gets the next free name of x, y, z, w, b, a, …"""
    entry = graph.gate(gate)
    if entry is None:
        raise UnknownGate(tr("There is no gate “{kind}” in the table.", kind=gate))
    if not label and gate == "input":
        label = _input_name(graph)
    plain = label if LEGAL_ID.match(label) and graph.unused(label) else ""
    key = (plain if entry.is_source else "") or graph.fresh(stem(gate))
    node = Node(key, gate, placed_at(at), {}, plain_text(label, LONGEST_LABEL), group)
    for name, value in (params or {}).items():
        node = changed(node, params={**node.params, name: param_of(graph, node, name, value)})
    draft = Draft(graph)
    draft.put(node)
    return draft.patch(tr("Add {name}", name=node.name))


def move(graph: Graph, places: Mapping[str, Point]) -> Patch:
    """Move nodes and notes: id -> new place. For whole groups see arrange.nudge."""
    draft = Draft(graph)
    steps: dict[str, Point] = {}
    for key, at in places.items():
        item = graph.get(key)
        if not isinstance(item, Node | Note):
            raise UnknownItem(tr("There is nothing called “{id}” to move.", id=key))
        draft.put(changed(item, at=placed_at(at)))
        steps[key] = at[0] - item.at[0], at[1] - item.at[1]
    carry_dots(draft, steps)
    if len(steps) == 1:
        return draft.patch(tr("Move {name}", name=name_of(graph, next(iter(steps)))))
    if frame := carrying(graph, steps):
        return draft.patch(tr("Move {name} and all in it", name=name_of(graph, frame)))
    return draft.patch(trn("Move {n} gate", "Move {n} gates", len(steps)))


def rename(graph: Graph, key: str, text: str) -> Patch:
    """Give a node a label, or a group or frame a title. An empty text takes a label away."""
    item = graph.get(key)
    text = plain_text(text.strip(), LONGEST_LABEL)
    draft = Draft(graph)
    if isinstance(item, Node):
        draft.put(changed(item, label=text))
        return draft.patch(tr("Rename {name} to {text}", name=item.name, text=text or item.id))
    if isinstance(item, Group):
        draft.put(changed(item, title=text))
        return draft.patch(tr("Rename the group to {text}", text=text))
    if isinstance(item, Note) and item.frame:
        draft.put(changed(item, text=text))
        return draft.patch(tr("Call the frame {text}", text=text))
    raise UnknownItem(tr("There is nothing called “{id}” to rename.", id=key))


def set_param(graph: Graph, node: str, name: str, value: Scalar | list[float]) -> Patch:
    """Set a parameter of a node; a growing gate's `inputs` may not cut a wired port off.

    An input's value may be a batch: a list or tuple of 2 to 100,000 finite numbers.
    """
    placed = node_of(graph, node)
    value = param_of(graph, placed, name, value)
    if name == "inputs" and isinstance(value, int):
        keep = set(growing_ports(value))
        cut = [port for port in graph.into(node) if port not in keep]
        if cut:
            raise BadParam(
                tr(
                    "{name} still has a wire at input {port}; take it off first.",
                    name=placed.name,
                    port=cut[0],
                )
            )
    draft = Draft(graph)
    draft.put(changed(placed, params={**placed.params, name: value}))
    if isinstance(value, tuple):
        n = len(value)
        return draft.patch(
            trn("Set {name} to {n} sample", "Set {name} to {n} samples", n, name=placed.name)
        )
    shown = show(value) if not isinstance(value, bool) else (tr("yes") if value else tr("no"))
    if name == "value":
        return draft.patch(tr("Set {name} to {value}", name=placed.name, value=shown))
    return draft.patch(
        tr("Set {param} of {name} to {value}", param=name, name=placed.name, value=shown)
    )


def set_value(graph: Graph, node: str, value: float | tuple[float, ...]) -> Patch:
    """Set the number of an input or a constant, or an input's batch."""
    placed = node_of(graph, node)
    if "value" not in gate_of(placed, graph).params:
        raise BadParam(
            tr("{name} computes its value; only inputs and constants are set.", name=placed.name)
        )
    return set_param(graph, node, "value", value)


def set_samples(graph: Graph, columns: Mapping[str, float | Sequence[float]]) -> Patch:
    """Set several inputs at once, each to a number or to a batch; all batches equally long."""
    from bpstudio.core.given import refuse_unequal

    whole = Patch("")
    after = graph
    for key, column in columns.items():
        placed = node_of(after, key)
        value = column if isinstance(column, int | float) else list(column)
        # A value that stays as it is must not count as an edit.
        if param_of(after, placed, "value", value) != placed.params.get("value"):
            step = set_param(after, key, "value", value)
            whole, after = whole.then(step, step.label), after.apply(step)
    refuse_unequal(after)
    batches = [
        len(v) for n in after.nodes.values() if isinstance(v := n.params.get("value"), tuple)
    ]
    if len(whole.changes) < 2:
        return whole
    if not batches:
        return whole.then(Patch(""), tr("Set the inputs to single numbers"))
    n = batches[0]
    label = trn("Set the inputs to {n} sample", "Set the inputs to {n} samples", n)
    return whole.then(Patch(""), label)


def set_seed(graph: Graph, node: str, value: float | None) -> Patch:
    """Put a number on a node's output before the backward pass; None takes it off."""
    placed = node_of(graph, node)
    draft = Draft(graph)
    if value is None:
        draft.drop(f"seed {node}")
        return draft.patch(tr("Take the seed off {name}", name=placed.name))
    if not math.isfinite(value):
        raise BadParam(tr("The seed of {name} must be a finite number.", name=placed.name))
    draft.put(Seed(node, float(value)))
    return draft.patch(tr("Seed {name} with {value}", name=placed.name, value=show(value)))


def delete(graph: Graph, ids: Iterable[str], *, heal: bool = False) -> Patch:
    """Delete nodes with their wires and seeds, wires, notes, and groups with all inside them.

    With `heal`, what alone fed a node that goes is joined to what that one fed.
    """
    if heal:
        from bpstudio.core.edits.cutting import healed

        return healed(graph, ids)
    draft = Draft(graph)
    doomed = with_members(graph, ids)
    names: list[str] = []
    for key in doomed:
        item = graph.get(key)
        if item is None:
            raise UnknownItem(tr("There is nothing called “{id}” to delete.", id=key))
        draft.drop(key)
        if isinstance(item, Node):
            names.append(item.name)
            for wire in (*graph.into(key).values(), *graph.out_of(key)):
                draft.drop(wire)
            if key in graph.seeds:
                draft.drop(f"seed {key}")
    shrink(draft)
    drop_emptied(draft)
    if len(names) == 1:
        return draft.patch(tr("Delete {name}", name=names[0]))
    if names:
        return draft.patch(trn("Delete {n} gate", "Delete {n} gates", len(names)))
    if len(doomed) == 1 and isinstance(wire_item := graph.get(next(iter(doomed))), Wire):
        return draft.patch(cut_label(graph, (wire_item,)))
    if len(doomed) == 1 and (note := graph.notes.get(next(iter(doomed)))) and note.frame:
        return draft.patch(tr("Delete {name}", name=name_of(graph, note.id)))
    return draft.patch(trn("Delete {n} item", "Delete {n} items", len(doomed)))


def add_note(graph: Graph, at: Point, text: str) -> Patch:
    """Write a note on the paper."""
    draft = Draft(graph)
    draft.put(Note(graph.fresh("note"), plain_text(text, LONGEST_NOTE), placed_at(at)))
    return draft.patch(tr("Add a note"))


def set_note(graph: Graph, note: str, text: str) -> Patch:
    """Change a note's text."""
    if note not in graph.notes:
        raise UnknownItem(tr("There is no note “{id}” in this graph.", id=note))
    draft = Draft(graph)
    draft.put(changed(graph.notes[note], text=plain_text(text, LONGEST_NOTE)))
    return draft.patch(tr("Edit the note"))


def resize_note(graph: Graph, note: str, size: Point) -> Patch:
    """Make a note or a frame as wide and tall as this, but never smaller than a word."""
    if note not in graph.notes:
        raise UnknownItem(tr("There is no note “{id}” in this graph.", id=note))
    wide, tall = placed_at(size)
    if graph.notes[note].frame:
        left, top = graph.notes[note].at
        return resize_frame(graph, note, (left, top, left + wide, top + tall))
    draft = Draft(graph)
    size = max(LEAST_NOTE[0], wide), max(LEAST_NOTE[1], tall)
    draft.put(changed(graph.notes[note], size=size))
    return draft.patch(tr("Resize the note"))


def group(graph: Graph, ids: Iterable[str], title: str) -> Patch:
    """Put nodes and groups into a new group, inside the innermost that they share, if any.

    What lies in a group that goes in stays in that one. A group goes in as a whole where all that
    it holds was chosen, as a rubber band does.
    """
    draft = Draft(graph)
    chosen = dict.fromkeys(ids)
    members = [graph.get(key) for key in chosen]
    inside = [m for m in members if isinstance(m, Node | Group)]
    if not inside or len(inside) != len(members):
        raise UnknownItem(tr("A group holds gates and groups; select some first."))
    ways = {m.id: around(graph, m.id) for m in inside}
    inside = [m for m in inside if not any(group in chosen for group in ways[m.id])]
    first = ways[inside[0].id]
    parent = next((g for g in first if all(g in ways[m.id] for m in inside)), "")
    box = Group(graph.fresh("group"), plain_text(title, LONGEST_LABEL), False, parent)
    draft.put(box)
    for member in _wholes(graph, inside, parent):
        draft.put(changed(member, group=box.id))
    held = contents(graph)
    gates = sum(len(held[m.id]) if isinstance(m, Group) else 1 for m in inside)
    return draft.patch(trn("Group {n} gate", "Group {n} gates", gates))


def _wholes(graph: Graph, members: list[Node | Group], parent: str) -> list[Node | Group]:
    """Members inside `parent`, with the outermost groups that they fill in place of what fills
    them."""
    held = with_members(graph, [member.id for member in members])
    filled = {
        key
        for key, inner in contents(graph).items()
        if inner and key != parent and all(node in held for node in inner)
    } - set(around(graph, parent))
    found: dict[str, Node | Group] = {}
    for member in members:
        ways = [key for key in around(graph, member.id) if key in filled]
        whole = graph.groups[ways[-1]] if ways else member
        found[whole.id] = whole
    return list(found.values())


def ungroup(graph: Graph, key: str) -> Patch:
    """Take a group's frame away; what was in it belongs to the group around it."""
    box = graph.groups.get(key)
    if box is None:
        raise UnknownItem(tr("There is no group “{id}” in this graph.", id=key))
    draft = Draft(graph)
    for member in graph.members(key):
        draft.put(changed(member, group=box.group))
    draft.drop(key)
    return draft.patch(tr("Ungroup {name}", name=box.title or box.id))


def with_members(graph: Graph, ids: Iterable[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    todo = deque(ids)
    while todo:
        key = todo.popleft()
        if key not in found:
            found[key] = None
            if key in graph.groups:
                todo.extend(member.id for member in graph.members(key))
    return found


def _input_name(graph: Graph) -> str:
    used = {n.label for n in graph.nodes.values()} | set(graph.nodes)
    for name in INPUT_NAMES:
        if name not in used:
            return name
    return graph.fresh("x", used)
