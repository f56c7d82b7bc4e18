"""Groups: collapse and open them, paint them, put things into them and take them out.

None of this changes a wire, a number or the order of the steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as changed

from bpstudio.core.edits.draft import Draft, drop_emptied
from bpstudio.core.edits.framing import grow_round
from bpstudio.core.edits.places import group_name, name_of
from bpstudio.core.graph import BadGroup, Graph, Group, Node, Patch, UnknownItem
from bpstudio.core.groups import around, inside
from bpstudio.core.items import COLOURS
from bpstudio.language import listed, tr, trn


def set_collapsed(graph: Graph, group: str, collapsed: bool = True) -> Patch:
    """Draw a group as one box, or open it again. Raises BadGroup for one that holds no gate."""
    box = group_of(graph, group)
    draft = Draft(graph)
    name = group_name(graph, group)
    if collapsed and not inside(graph, group):
        raise BadGroup(tr("The group {name} holds no gate, so it has no box.", name=name))
    draft.put(changed(box, collapsed=collapsed))
    if not collapsed:
        grow_round(draft)
    return draft.patch(
        tr("Collapse {name}", name=name) if collapsed else tr("Open {name}", name=name)
    )


def set_colour(graph: Graph, group: str, colour: str) -> Patch:
    """Paint a group or a frame in one of COLOURS, or "" for none."""
    frame = graph.notes.get(group)
    box = frame if frame is not None and frame.frame else group_of(graph, group)
    if colour and colour not in COLOURS:
        raise BadGroup(
            tr("“{word}” is none of {values}.", word=colour, values=listed(COLOURS)),
        )
    draft = Draft(graph)
    draft.put(changed(box, colour=colour))
    return draft.patch(tr("Colour {name}", name=name_of(graph, group)))


def put_into(graph: Graph, ids: Iterable[str], group: str) -> Patch:
    """Put gates and groups into a group, or out of all groups for "".

    What lies in a group that goes in stays in that one. Raises BadGroup for a group into itself.
    """
    if group:
        group_of(graph, group)
    chosen = dict.fromkeys(ids)
    draft = Draft(graph)
    count = 0
    for key in chosen:
        item = graph.get(key)
        if not isinstance(item, Node | Group):
            raise UnknownItem(tr("A group holds gates and groups; select some first."))
        if isinstance(item, Group) and (key == group or key in around(graph, group)):
            raise BadGroup(_into_itself(graph, key, group))
        if any(other in chosen for other in around(graph, key)):
            continue
        draft.put(changed(item, group=group))
        count += 1
    if not count:
        raise UnknownItem(tr("A group holds gates and groups; select some first."))
    drop_emptied(draft)
    if not group:
        return draft.patch(trn("Take {n} gate out of its group", "Take {n} out of groups", count))
    name = group_name(graph, group)
    return draft.patch(trn("Put {n} gate into {name}", "Put {n} into {name}", count, name=name))


def group_of(graph: Graph, group: str) -> Group:
    """The group with this id; raises UnknownItem."""
    found = graph.groups.get(group)
    if found is None:
        raise UnknownItem(tr("There is no group “{id}” in this graph.", id=group))
    return found


def _into_itself(graph: Graph, key: str, group: str) -> str:
    name = group_name(graph, key)
    if key == group:
        return tr("The group {name} cannot go into itself.", name=name)
    return tr(
        "The group {name} cannot go into {inner}, which lies inside it.",
        name=name,
        inner=group_name(graph, group),
    )
