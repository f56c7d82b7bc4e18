"""Wires that are cut, wires that heal when a gate goes, and the dots that lead a wire's drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as changed
from itertools import pairwise
from math import hypot

from bpstudio.core.edits.draft import Draft, placed_at, shrink, wire_of
from bpstudio.core.edits.nodes import delete, with_members
from bpstudio.core.graph import BadParam, Graph, Node, Patch, Point, UnknownItem, Wire
from bpstudio.core.limits import MOST_DOTS
from bpstudio.language import tr, trn


def cut(graph: Graph, wires: Iterable[str]) -> Patch:
    """Take off all the wires that a stroke crossed."""
    gone = dict.fromkeys(wires)
    if not gone:
        raise UnknownItem(tr("The stroke crossed no wire."))
    draft = Draft(graph)
    for key in gone:
        wire_of(graph, key)
        draft.drop(key)
    shrink(draft)
    return draft.patch(trn("Cut {n} wire", "Cut {n} wires", len(gone)))


def healed(graph: Graph, ids: Iterable[str]) -> Patch:
    """Delete gates and join what fed each one to what it fed, where one thing alone fed it.

    A wire to a consumer keeps its id and port and takes its new source. Where several gates go in
    a row, the join spans them all.
    """
    ids = list(ids)
    doomed = [key for key in with_members(graph, ids) if key in graph.nodes]
    gone, cut_too = set(doomed), {key for key in ids if key in graph.wires}
    plain = delete(graph, ids)
    draft = Draft(graph)
    draft.changes.update(plain.changes)
    feeds: dict[str, tuple[str, tuple[Point, ...]]] = {}
    joined = 0
    for key in doomed:
        for wire in graph.out_of(key):
            item = graph.wires[wire]
            if item.target in gone or wire in cut_too:
                continue
            source, dots = _feed(graph, key, gone, feeds)
            if source:
                way = (*dots, *item.dots)[:MOST_DOTS]
                draft.put(changed(item, source=source, dots=way))
                joined += 1
    if not joined:
        return plain
    _ungrow(draft, graph)
    if len(doomed) == 1:
        name = graph.nodes[doomed[0]].name
        return draft.patch(tr("Delete {name} and join its wires", name=name))
    return draft.patch(
        trn(
            "Delete {n} gate and join its wires",
            "Delete {n} gates and join their wires",
            len(doomed),
        )
    )


def _feed(
    graph: Graph, node: str, gone: set[str], known: dict[str, tuple[str, tuple[Point, ...]]]
) -> tuple[str, tuple[Point, ...]]:
    """The one node that stays and feeds a node that goes ("" for none or several), and the dots
    on the way."""
    todo = [node]
    while todo:
        key = todo[-1]
        wires = [graph.wires[wire] for wire in graph.into(key).values()]
        asked = [wire.source for wire in wires if wire.source in gone and wire.source not in known]
        if asked:
            todo += asked
            continue
        todo.pop()
        feeds = {known[w.source][0] if w.source in gone else w.source for w in wires}
        source = feeds.pop() if len(feeds) == 1 else ""
        before = known[wires[0].source][1] if source and wires[0].source in gone else ()
        known[key] = source, (*before, *wires[0].dots) if source and len(wires) == 1 else ()
    return known[node]


def _ungrow(draft: Draft, graph: Graph) -> None:
    """Undo what a plain deletion took back from the gates whose wires stay after all."""
    for old, new in list(draft.changes.values()):
        if isinstance(old, Node) and isinstance(new, Node):
            draft.put(graph.nodes[old.id])
    shrink(draft)


def add_dot(graph: Graph, wire: str, at: Point, index: int | None = None) -> Patch:
    """Lead a wire's drawing through a place: before dot number `index`, else where it fits best."""
    item = wire_of(graph, wire)
    if len(item.dots) >= MOST_DOTS:
        raise BadParam(tr("A wire is led through at most {most} dots.", most=MOST_DOTS))
    place = placed_at(at)
    where = dot_index(graph, item, place) if index is None else index
    if not 0 <= where <= len(item.dots):
        raise UnknownItem(_no_dot(graph, item, where))
    dots = (*item.dots[:where], place, *item.dots[where:])
    return _dotted(graph, item, dots, tr("Add a dot to {wire}", wire=way_of(graph, item)))


def move_dot(graph: Graph, wire: str, index: int, at: Point) -> Patch:
    """Move one of the dots of a wire."""
    item = _with_dot(graph, wire, index)
    dots = (*item.dots[:index], placed_at(at), *item.dots[index + 1 :])
    return _dotted(graph, item, dots, tr("Move a dot of {wire}", wire=way_of(graph, item)))


def remove_dot(graph: Graph, wire: str, index: int) -> Patch:
    """Take one of the dots off a wire."""
    item = _with_dot(graph, wire, index)
    dots = (*item.dots[:index], *item.dots[index + 1 :])
    return _dotted(graph, item, dots, tr("Remove a dot of {wire}", wire=way_of(graph, item)))


def clear_dots(graph: Graph, wires: Iterable[str]) -> Patch:
    """Take all dots off some wires."""
    draft = Draft(graph)
    for key in wires:
        draft.put(changed(wire_of(graph, key), dots=()))
    return draft.patch(tr("Remove all dots"))


def dot_index(graph: Graph, wire: Wire, at: Point) -> int:
    """Between which dots a new one lengthens the way least."""
    ways = (graph.nodes[wire.source].at, *wire.dots, graph.nodes[wire.target].at)
    detours = [
        hypot(at[0] - a[0], at[1] - a[1]) + hypot(b[0] - at[0], b[1] - at[1]) - _far(a, b)
        for a, b in pairwise(ways)
    ]
    return detours.index(min(detours))


def _far(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def way_of(graph: Graph, wire: Wire) -> str:
    """A wire as a name: "x → q"."""
    return f"{graph.nodes[wire.source].name} → {graph.nodes[wire.target].name}"


def _with_dot(graph: Graph, wire: str, index: int) -> Wire:
    item = wire_of(graph, wire)
    if not 0 <= index < len(item.dots):
        raise UnknownItem(_no_dot(graph, item, index))
    return item


def _no_dot(graph: Graph, wire: Wire, index: int) -> str:
    return trn(
        "{wire} has {n} dot, so none with the number {index}.",
        "{wire} has {n} dots, so none with the number {index}.",
        len(wire.dots),
        wire=way_of(graph, wire),
        index=index + 1,
    )


def _dotted(graph: Graph, wire: Wire, dots: tuple[Point, ...], label: str) -> Patch:
    draft = Draft(graph)
    draft.put(changed(wire, dots=dots))
    return draft.patch(label)
