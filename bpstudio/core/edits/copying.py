"""Copy, paste and duplicate: a piece of a graph as a graph of its own, and back in with new ids.

piece = clip(graph, ids)              # files/clip.py makes text of it
patch = paste(graph, piece, at=(x, y))
sentence = pasted(piece, patch)       # what to say about it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace as changed

import numpy as np

from bpstudio.core.edits.clearing import clear_offset, rects_of, rects_of_notes
from bpstudio.core.edits.draft import born
from bpstudio.core.edits.nodes import with_members
from bpstudio.core.edits.places import name_of
from bpstudio.core.edits.whole import merge
from bpstudio.core.graph import Graph, Kind, Node, Patch, Point, UnknownItem
from bpstudio.core.limits import LONGEST_LABEL
from bpstudio.core.shape import GRID, snapped
from bpstudio.core.standing import with_standing
from bpstudio.language import together, tr, trn

APART = (GRID, GRID)
"""How far from the original a copy would land, were there room."""


def clip(graph: Graph, ids: Iterable[str]) -> Graph:
    """The chosen nodes, notes and groups with all inside them, frames with all that stands in
    them, the wires among these, their seeds and the own kinds that they use. Other ids (wires) are
    passed over; settings stay behind."""
    chosen = with_members(graph, [key for key in with_standing(graph, ids) if _copies(graph, key)])
    nodes = [graph.nodes[key] for key in graph.nodes if key in chosen]
    wires = {wire for node in nodes for wire in graph.out_of(node.id)}
    used = {node.gate for node in nodes}
    return Graph(
        (_freed(node, chosen) for node in nodes),
        (w for w in graph.wires.values() if w.id in wires and w.target in chosen),
        (
            g if g.group in chosen else changed(g, group="")
            for g in graph.groups.values()
            if g.id in chosen
        ),
        (note for note in graph.notes.values() if note.id in chosen),
        {node.id: graph.seeds[node.id] for node in nodes if node.id in graph.seeds},
        (kind for kind in graph.kinds.values() if kind.id in used),
    )


def paste(graph: Graph, piece: Graph, at: Point | None = None, *, offset: Point = APART) -> Patch:
    """Add a clip with ids and names of its own: its middle `at` a place, else `offset` away from
    where it was cut, or as near to there as it covers nothing. An own kind that is here already is
    shared; one whose name means another formula here gets a number behind its name, which `pasted`
    says."""
    if not piece:
        raise UnknownItem(tr("There is nothing to paste."))
    if at is not None:
        middle = middle_of(piece)
        offset = snapped(at[0] - middle[0]), snapped(at[1] - middle[1])
    offset = clear_offset(graph, piece, offset)
    named = with_free_names(graph, piece)
    names = [node.name for node in named.nodes.values()]
    label = trn("Paste {n} gate", "Paste {n} gates", len(names))
    if len(names) < 2:
        label = tr("Paste {name}", name=names[0] if names else nameless(piece))
    return merge(graph, named, label, offset)


def duplicate(graph: Graph, ids: Iterable[str], offset: Point | None = None) -> Patch:
    """Copies of the chosen things, with the wires among them: just `offset` away, or beside them
    where they cover nothing."""
    piece = clip(graph, ids)
    if not piece:
        raise UnknownItem(tr("Choose gates, groups or notes to duplicate."))
    if offset is None:
        offset = clear_offset(graph, piece, APART)
    named = with_free_names(graph, piece)
    names = [node.name for node in piece.nodes.values()]
    label = trn("Duplicate {n} gate", "Duplicate {n} gates", len(names))
    if len(names) < 2:
        label = tr("Duplicate {name}", name=names[0] if names else nameless(piece))
    return merge(graph, named, label, offset)


def pasted(piece: Graph, patch: Patch) -> str:
    """What a paste did, as a sentence: how many gates came in and which own gates were renamed."""
    count = len(born(patch))
    said = [trn("Pasted {n} gate.", "Pasted {n} gates.", count)]
    for kind in (new for old, new in patch.touched(Kind) if old is None):
        if not isinstance(kind, Kind):
            continue
        before = next((k.title for k in piece.kinds.values() if _same(k, kind)), kind.title)
        if before != kind.title:
            said.append(
                tr(
                    "“{old}” is another gate here; the pasted one is called “{new}”.",
                    old=before,
                    new=kind.title,
                )
            )
    return together(said)


def middle_of(graph: Graph) -> Point:
    """The middle of the box around all nodes and notes."""
    rects = np.concatenate([rects_of(graph.nodes.values(), graph), rects_of_notes(graph)])
    if not len(rects):
        return 0.0, 0.0
    x, y = ((rects[:, :2].min(axis=0) + rects[:, 2:].max(axis=0)) / 2).tolist()
    return x, y


def nameless(piece: Graph) -> str:
    """What a clip without gates is called."""
    return name_of(piece, next(iter(piece.notes))) if len(piece.notes) == 1 else tr("the notes")


def _copies(graph: Graph, key: str) -> bool:
    return key in graph.nodes or key in graph.notes or key in graph.groups


def _freed(node: Node, chosen: Mapping[str, None]) -> Node:
    """The node outside of a group that does not come along."""
    return changed(node, group="") if node.group and node.group not in chosen else node


def _same(one: Kind, two: Kind) -> bool:
    return one.formula == two.formula and two.title.startswith(one.title)


def with_free_names(graph: Graph, piece: Graph) -> Graph:
    """The clip whose labels are not in use in the graph: x becomes x2, then x3."""
    met = {n.name for n in graph.nodes.values()}
    taken = met | set(graph.nodes) | {n.label for n in piece.nodes.values()}
    nodes = []
    last: dict[str, int] = {}
    if not any(node.label in met for node in piece.nodes.values() if node.label):
        return piece
    for node in piece.nodes.values():
        if node.label and node.label in met:
            node = changed(node, label=_next_name(node.label, taken, last))
            taken.add(node.label)
        nodes.append(node)
    return Graph(
        nodes,
        piece.wires.values(),
        piece.groups.values(),
        piece.notes.values(),
        piece.seeds,
        piece.kinds.values(),
    )


def _next_name(name: str, taken: set[str], last: dict[str, int]) -> str:
    """The name with the next number that is free; `last` remembers where counting stopped."""
    stem = (name.rstrip("0123456789") or f"{name}_")[: LONGEST_LABEL - 9]
    number = last.get(stem, 1) + 1
    while f"{stem}{number}" in taken:
        number += 1
    last[stem] = number
    return f"{stem}{number}"
