"""Edits of whole graphs: tidy, merge, replace, build from a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace as changed

from bpstudio.core.edits.draft import (
    Draft,
    born,
    items_of,
    placed_at,
)
from bpstudio.core.edits.wires import connect
from bpstudio.core.graph import (
    Graph,
    Node,
    Note,
    Patch,
    Point,
)
from bpstudio.language import tr


def tidy(graph: Graph, only: Iterable[str] | None = None) -> Patch:
    """Lay the graph, or some of its nodes, out in layers."""
    from bpstudio.core.layout import tidy as lay_out

    draft = Draft(graph)
    for key, at in lay_out(graph, only).items():
        draft.put(changed(graph.nodes[key], at=at))
    return draft.patch(tr("Tidy the graph") if only is None else tr("Tidy the selection"))


def merge(graph: Graph, other: Graph, label: str, offset: Point = (0.0, 0.0)) -> Patch:
    """Add all of another graph; ids that are or were in use here are renamed."""
    renamed: dict[str, str] = {}
    for key in (*other.nodes, *other.wires, *other.groups, *other.notes):
        if not graph.unused(key):
            prefix = key.rstrip("0123456789") or "n"
            renamed[key] = graph.fresh(prefix, {*renamed.values(), *other.nodes, *other.wires})
    draft = Draft(graph)
    for item in items_of(with_ids(other, renamed)):
        if isinstance(item, Node | Note):
            item = changed(item, at=placed_at((item.at[0] + offset[0], item.at[1] + offset[1])))
        draft.put(item)
    return draft.patch(label)


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
) -> Patch:
    """The gates of a formula, laid out: in place of what is there, or `beside` it.

    Inputs that are already there by name keep their ids and values; `values` go first. Raises
    FormulaError.
    """
    from bpstudio.core.formula import gates_of, parse_program

    here = {n.label: n for n in graph.nodes.values() if n.gate == "input" and n.label}
    known = {name: float(n.params.get("value", 1.0)) for name, n in here.items()}
    built = gates_of(parse_program(text), {**known, **(values or {})})
    kept = {n.id: here[n.label] for n in built.nodes.values() if n.label in here}
    kept = {key: old for key, old in kept.items() if built.nodes[key].gate == "input"}
    built = built.apply(tidy(built))
    label = tr("Build {formula}", formula=_shortened(text))
    if not beside:
        built = with_ids(built, _swapped(built, {key: old.id for key, old in kept.items()}))
        return replace_all(graph, _keeping(built, kept, values or {}), label)
    return _build_beside(graph, built, {key: old.id for key, old in kept.items()}, label)


def _build_beside(graph: Graph, built: Graph, kept: Mapping[str, str], label: str) -> Patch:
    new = Graph(
        (n for key, n in built.nodes.items() if key not in kept),
        (w for w in built.wires.values() if w.source not in kept),
    )
    low = max((n.at[1] for n in graph.nodes.values()), default=-96.0) + 96.0
    left = min((n.at[0] for n in graph.nodes.values()), default=0.0)
    top = min((n.at[1] for n in built.nodes.values()), default=0.0)
    edge = min((n.at[0] for n in built.nodes.values()), default=0.0)
    first = merge(graph, new, label, (left - edge, low - top))
    after = graph.apply(first)
    # Born nodes come in the order of `new`, so the pairs tell where each of its ids went.
    at = dict(zip(new.nodes, born(first), strict=True))
    for wire in built.wires.values():
        if wire.source in kept:
            more = connect(after, kept[wire.source], at[wire.target], wire.port)
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
        fresh = nodes[old.id]
        params = {**old.params, "value": values.get(old.label, fresh.params.get("value", 1.0))}
        if "value" not in old.params and old.label not in values:
            params = dict(old.params)
        nodes[old.id] = changed(fresh, params=params, extra=old.extra)
    return Graph(nodes.values(), built.wires.values(), built.groups.values(), built.notes.values())


def with_ids(graph: Graph, renames: Mapping[str, str]) -> Graph:
    """The graph with ids renamed everywhere they are spoken of."""
    if not renames:
        return graph

    def new(key: str) -> str:
        return renames.get(key, key)

    return Graph(
        (changed(n, id=new(n.id), group=new(n.group)) for n in graph.nodes.values()),
        (
            changed(w, id=new(w.id), source=new(w.source), target=new(w.target))
            for w in graph.wires.values()
        ),
        (changed(g, id=new(g.id), group=new(g.group)) for g in graph.groups.values()),
        (changed(n, id=new(n.id)) for n in graph.notes.values()),
        {new(key): value for key, value in graph.seeds.items()},
    )


def _shortened(text: str) -> str:
    line = " ; ".join(part.strip() for part in text.strip().splitlines() if part.strip())
    return line if len(line) <= 40 else line[:39] + "…"
