"""Edits of whole graphs: tidy, merge, replace, build from a formula."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace as changed
from itertools import count
from typing import Any

from bpstudio.core.edits.clearing import clear_offset, covered
from bpstudio.core.edits.draft import (
    Draft,
    Fresh,
    born,
    items_of,
    placed_at,
    stem,
)
from bpstudio.core.edits.framing import fit_round
from bpstudio.core.edits.wires import connect
from bpstudio.core.graph import (
    Change,
    Graph,
    Group,
    Item,
    Kind,
    Node,
    Note,
    Patch,
    Point,
    Seed,
    Wire,
)
from bpstudio.core.limits import FARTHEST
from bpstudio.core.shape import GRID, SNAP, snapped
from bpstudio.language import tr


def tidy(graph: Graph, only: Iterable[str] | None = None) -> Patch:
    """Lay the graph, or some of its nodes, out in layers; frames round these are fitted again."""
    from bpstudio.core.layout import tidy as lay_out

    draft = Draft(graph)
    places = lay_out(graph, only)
    for key, at in places.items():
        draft.put(changed(graph.nodes[key], at=placed_at(at)))
        # Where the wires were led is nowhere now.
        for wire in (*graph.into(key).values(), *graph.out_of(key)):
            if graph.wires[wire].dots:
                draft.put(changed(graph.wires[wire], dots=()))
    if draft.patch(""):
        fit_round(draft, places)
    return draft.patch(tr("Tidy the graph") if only is None else tr("Tidy the selection"))


def merge(graph: Graph, other: Graph, label: str, offset: Point = (0.0, 0.0)) -> Patch:
    """Add all of another graph; ids that are or were in use here are renamed.

    Its own kinds come along, but for those that are here already under any id; its settings do not.
    """
    renamed = _kinds_renamed(graph, other)
    met = (*other.nodes, *other.wires, *other.groups, *other.notes, *other.kinds)
    fresh = Fresh(graph, (*renamed.values(), *met))
    for key in (*other.nodes, *other.wires, *other.groups, *other.notes):
        if not graph.unused(key):
            prefix = key.rstrip("0123456789") or "n"
            renamed[key] = fresh.id(prefix)
    added: dict[str, Change] = {}
    for item in _renamed(other, renamed, offset):
        if isinstance(item, Kind):
            if item.id in graph.kinds:
                continue
            item = changed(item, title=_free_title(graph, other, item))
        added[item.id] = (None, item)
    return Patch(label, added)


def _free_title(graph: Graph, other: Graph, kind: Kind) -> str:
    """A kind's title, or with a number behind it where another kind here is called so."""
    taken = {here.title for here in graph.kinds.values()}
    if not kind.title or kind.title not in taken:
        return kind.title
    taken |= {beside.title for beside in other.kinds.values()}
    return next(t for n in count(2) if (t := f"{kind.title} {n}") not in taken)


def _kinds_renamed(graph: Graph, other: Graph) -> dict[str, str]:
    """The ids that another graph's kinds get here; equal ones are one kind."""
    here = {(kind.title, kind.formula): kind.id for kind in graph.kinds.values()}
    renamed: dict[str, str] = {}
    fresh = Fresh(graph, (*other.kinds, *other.nodes))
    for kind in other.kinds.values():
        key = here.get((kind.title, kind.formula), "")
        if not key and not graph.unused(kind.id):
            key = fresh.id(stem(kind.id))
        if key and key != kind.id:
            renamed[kind.id] = key
    return renamed


def replace_all(graph: Graph, other: Graph, label: str) -> Patch:
    """Turn the graph into another one, changing only what differs."""
    draft = Draft(graph)
    for item in items_of(graph):
        draft.drop(item.id)
    for item in items_of(other):
        draft.put(item)
    return draft.patch(label)


def build(
    graph: Graph,
    text: str,
    values: Mapping[str, float] | None = None,
    *,
    beside: bool = False,
    at: Point | None = None,
) -> Patch:
    """The gates of a formula, laid out: in place of what is there, or `beside` it: with its middle
    `at` a place or as near to there as it covers nothing, else below all.

    Inputs that are already there by name keep their ids and values; `values` go first. Raises
    FormulaError.
    """
    from bpstudio.core.formula import gates_of, parse_program
    from bpstudio.core.formula.typed import refuse_zero_divisors

    here = {n.label: n for n in graph.nodes.values() if n.gate == "input" and n.label}
    known = {name: n.params.get("value", 1.0) for name, n in here.items()}
    numbers = {name: float(v) for name, v in known.items() if not isinstance(v, tuple)}
    program = parse_program(text, graph.kinds)
    refuse_zero_divisors(program)
    built = gates_of(program, {**numbers, **(values or {})}, graph.kinds)
    kept = {n.id: here[n.label] for n in built.nodes.values() if n.label in here}
    kept = {key: old for key, old in kept.items() if built.nodes[key].gate == "input"}
    built = built.apply(tidy(built))
    label = tr("Build {formula}", formula=_shortened(text))
    if not beside:
        built = with_ids(built, _swapped(built, {key: old.id for key, old in kept.items()}))
        built = _keeping(built, kept, values or {})
        return replace_all(graph, _with_kinds(built, graph), label)
    return _build_beside(graph, built, {key: old.id for key, old in kept.items()}, label, at)


def _build_beside(
    graph: Graph, built: Graph, kept: Mapping[str, str], label: str, at: Point | None
) -> Patch:
    from bpstudio.core.edits.copying import middle_of, with_free_names

    new = Graph(
        (n for key, n in built.nodes.items() if key not in kept),
        (w for w in built.wires.values() if w.source not in kept),
    )
    new = with_free_names(graph, new)
    low = max((n.at[1] for n in graph.nodes.values()), default=-96.0) + 96.0
    left = min((n.at[0] for n in graph.nodes.values()), default=0.0)
    top = min((n.at[1] for n in built.nodes.values()), default=0.0)
    edge = min((n.at[0] for n in built.nodes.values()), default=0.0)
    floor = float(covered(graph)[1][:, 3].max(initial=-FARTHEST)) + GRID
    head = float(covered(new)[1][:, 1].min(initial=FARTHEST))
    offset = left - edge, max(low - top, math.ceil((floor - head) / SNAP) * SNAP)
    if at is not None:
        x, y = middle_of(new)
        offset = snapped(at[0] - x), snapped(at[1] - y)
    first = merge(graph, new, label, clear_offset(graph, new, offset))
    after = graph.apply(first)
    # Born nodes come in the order of `new`, so the pairs tell where each of its ids went.
    here = dict(zip(new.nodes, born(first), strict=True))
    for wire in built.wires.values():
        if wire.source in kept:
            more = connect(after, kept[wire.source], here[wire.target], wire.port)
            after = after.apply(more)
            first = first.then(more, label)
    return first


def _swapped(built: Graph, wanted: Mapping[str, str]) -> dict[str, str]:
    """Renames that give nodes the wanted ids, moving whoever holds such an id out of the way."""
    renames = {key: new for key, new in wanted.items() if key != new}
    for key in [new for new in renames.values() if new in built.nodes and new not in renames]:
        renames[key] = built.fresh(key.rstrip("0123456789") or "n", renames.values())
    return renames


def _keeping(built: Graph, kept: Mapping[str, Node], values: Mapping[str, float]) -> Graph:
    """The built graph whose inputs keep what else the old ones said (trainable, later data)."""
    nodes = dict(built.nodes)
    for old in kept.values():
        params = dict(old.params)
        if old.label in values:
            params["value"] = values[old.label]
        nodes[old.id] = changed(nodes[old.id], params=params, extra=old.extra)
    return Graph(nodes.values(), built.wires.values(), built.groups.values(), built.notes.values())


def _with_kinds(built: Graph, graph: Graph) -> Graph:
    """The built nodes and wires with the own gates and the settings of a graph."""
    return Graph(
        built.nodes.values(),
        built.wires.values(),
        kinds=graph.kinds.values(),
        settings=graph.settings,
    )


def with_ids(graph: Graph, renames: Mapping[str, str], offset: Point = (0.0, 0.0)) -> Graph:
    """The graph with ids renamed everywhere they are spoken of, and all of it so far away."""
    if not renames and offset == (0.0, 0.0):
        return graph
    items: dict[type[Item], list[Any]] = defaultdict(list)
    for item in _renamed(graph, renames, offset):
        items[type(item)].append(item)
    return Graph(
        items[Node],
        items[Wire],
        items[Group],
        items[Note],
        {seed.node: seed.value for seed in items[Seed]},
        items[Kind],
        graph.settings,
    )


def _renamed(graph: Graph, renames: Mapping[str, str], offset: Point) -> Iterator[Item]:
    """All of a graph but its settings, with ids renamed everywhere they are spoken of, so far
    away."""
    kinds = {key: renames[key] for key in graph.kinds if key in renames}
    new, own, (dx, dy) = renames.get, kinds.get, offset
    # Nodes and wires are spelt out: dataclasses.replace takes three times as long, and a copy of a
    # large graph is nothing else.
    for n in graph.nodes.values():
        at = placed_at((n.at[0] + dx, n.at[1] + dy))
        group = new(n.group, n.group)
        yield Node(new(n.id, n.id), own(n.gate, n.gate), at, n.params, n.label, group, n.extra)
    for w in graph.wires.values():
        dots = w.dots and tuple(placed_at((x + dx, y + dy)) for x, y in w.dots)
        source, target = new(w.source, w.source), new(w.target, w.target)
        yield Wire(new(w.id, w.id), source, target, w.port, w.extra, dots)
    for g in graph.groups.values():
        yield changed(g, id=new(g.id, g.id), group=new(g.group, g.group))
    for note in graph.notes.values():
        at = placed_at((note.at[0] + dx, note.at[1] + dy))
        yield changed(note, id=new(note.id, note.id), at=at)
    for key, value in graph.seeds.items():
        yield Seed(new(key, key), value)
    for kind in graph.kinds.values():
        yield changed(kind, id=new(kind.id, kind.id))


def _shortened(text: str) -> str:
    line = " ; ".join(part.strip() for part in text.strip().splitlines() if part.strip())
    return line if len(line) <= 40 else line[:39] + "…"
