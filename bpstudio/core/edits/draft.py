"""What every edit is made of: changes collected against a graph, and the checks of names,
places and parameters."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace as changed
from typing import Any

from bpstudio.core.gate import Gate
from bpstudio.core.gates import GATES
from bpstudio.core.graph import (
    BadParam,
    BadText,
    Graph,
    Group,
    Item,
    Node,
    Patch,
    Point,
    Scalar,
    Seed,
    Setting,
    UnknownGate,
    UnknownItem,
    Wire,
)
from bpstudio.core.limits import FARTHEST, FEWEST_SAMPLES, LONGEST_LABEL, MOST_SAMPLES
from bpstudio.language import tr, trn


class Draft:
    """Changes collected against a graph; each id keeps its first `before` and its last `after`."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.changes: dict[str, tuple[Item | None, Item | None]] = {}

    def put(self, item: Item) -> None:
        self._set(item.id, item)

    def drop(self, key: str) -> None:
        self._set(key, None)

    def get(self, key: str) -> Item | None:
        return self.changes[key][1] if key in self.changes else self.graph.get(key)

    def patch(self, label: str) -> Patch:
        return Patch(label, {k: (a, b) for k, (a, b) in self.changes.items() if a != b})

    def _set(self, key: str, after: Item | None) -> None:
        before = self.changes[key][0] if key in self.changes else self.graph.get(key)
        self.changes[key] = (before, after)


def drop_emptied(draft: Draft) -> None:
    """Groups that a draft leaves with nothing inside go too: nobody could see or choose them."""
    graph = draft.graph
    left = [old.group for old, _ in draft.changes.values() if isinstance(old, Node | Group)]
    todo = [key for key in left if key]
    if not todo:
        return
    ids = dict.fromkeys((*graph.nodes, *graph.groups, *draft.changes))
    items = (draft.get(key) for key in ids)
    held = Counter(item.group for item in items if isinstance(item, Node | Group))
    while todo:
        group = draft.get(todo.pop())
        if isinstance(group, Group) and not held[group.id]:
            draft.drop(group.id)
            held[group.group] -= 1
            todo.append(group.group)


class Fresh:
    """Ids that a graph never had, many at a time: each is taken as it is handed out."""

    def __init__(self, graph: Graph, taken: Iterable[str] = ()) -> None:
        self.graph, self.taken = graph, set(taken)
        self._last: dict[str, int] = {}

    def id(self, prefix: str) -> str:
        """The prefix and the next number that is free."""
        number = self._last.get(prefix, 0)
        if not number:
            number = int(self.graph.fresh(prefix)[len(prefix) :]) - 1
        number += 1
        while f"{prefix}{number}" in self.taken:
            number += 1
        self._last[prefix] = number
        self.taken.add(f"{prefix}{number}")
        return f"{prefix}{number}"


def born(patch: Patch, kind: type[Item] = Node) -> tuple[str, ...]:
    """The ids of the items of one kind that a patch brings into being."""
    return tuple(new.id for old, new in patch.touched(kind) if old is None and new is not None)


def node_of(graph: Graph, node: str) -> Node:
    """The node with this id; raises UnknownItem."""
    found = graph.nodes.get(node)
    if found is None:
        raise UnknownItem(tr("There is no gate “{id}” in this graph.", id=node))
    return found


def gate_of(node: Node, graph: Graph | None = None) -> Gate:
    """The gate of a node: one of the table's or, with its graph, one of the graph's own.

    Raises UnknownGate for one from a later version.
    """
    gate = GATES.get(node.gate) if graph is None else graph.gate(node)
    if gate is None:
        raise UnknownGate(
            tr(
                "“{name}” is a gate of the kind “{kind}”, which this version does not know; "
                "it is kept as it is.",
                name=node.name,
                kind=node.gate,
            )
        )
    return gate


def ports_of(node: Node, graph: Graph | None = None) -> tuple[str, ...]:
    """The input ports that a placed node has; none for an unknown gate. As for `gate_of`, own
    gates are known with their graph only."""
    gate = GATES.get(node.gate) if graph is None else graph.gate(node)
    return gate.ports(node.params) if gate is not None else ()


def stem(key: str) -> str:
    """What a number may be put behind to make an id: gate1 has ids gate1_1, gate1_2, …"""
    return f"{key}_" if key[-1:].isdigit() else key


def wire_of(graph: Graph, wire: str) -> Wire:
    found = graph.wires.get(wire)
    if found is None:
        raise UnknownItem(tr("There is no wire “{id}” in this graph.", id=wire))
    return found


def items_of(graph: Graph) -> Iterable[Item]:
    yield from graph.nodes.values()
    yield from graph.wires.values()
    yield from graph.groups.values()
    yield from graph.notes.values()
    for node, value in graph.seeds.items():
        yield Seed(node, value)
    yield from graph.kinds.values()
    for name, option in graph.settings.items():
        yield Setting(name, option)


def placed_at(at: Point) -> Point:
    x, y = float(at[0]), float(at[1])
    if not (math.isfinite(x) and math.isfinite(y) and max(abs(x), abs(y)) <= FARTHEST):
        raise BadParam(tr("That place is off the paper, which ends at ±10,000,000 pixels."))
    # Negative zero would be another byte in the file for the same place.
    return x + 0.0, y + 0.0


def plain_text(text: str, longest: int) -> str:
    if len(text) > longest:
        raise BadText(
            tr(
                "This text has {n} characters; {most} are allowed.",
                n=f"{len(text):,}",
                most=f"{longest:,}",
            )
        )
    if any((ord(c) < 32 and c not in "\n\t") or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise BadText(tr("A control character cannot be part of a text."))
    if longest == LONGEST_LABEL and ("\n" in text or "\t" in text):
        raise BadText(tr("A name stands on one line."))
    return text


def samples_of(node: Node, values: Iterable[Any]) -> Scalar:
    """An input's batch: one number per sample."""
    found = tuple(values)
    if node.gate != "input":
        raise BadParam(tr("{name} takes one number; only inputs take samples.", name=node.name))
    if not FEWEST_SAMPLES <= len(found) <= MOST_SAMPLES:
        raise BadParam(
            tr(
                "{name} takes 2 to {most} samples, not {n}.",
                name=node.name,
                most=f"{MOST_SAMPLES:,}",
                n=f"{len(found):,}",
            )
        )
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in found):
        raise BadParam(tr("Every sample of {name} must be a number.", name=node.name))
    if not all(math.isfinite(v) for v in found):
        raise BadParam(tr("Every sample of {name} must be a finite number.", name=node.name))
    return tuple(float(v) for v in found)


def param_of(graph: Graph, node: Node, name: str, value: Scalar | list[float]) -> Scalar:
    gate = gate_of(node, graph)
    if name not in gate.params:
        raise BadParam(
            tr(
                "{name} ({kind}) has no parameter “{param}”.",
                name=node.name,
                kind=gate.key,
                param=name,
            )
        )
    if isinstance(gate.params[name], bool):
        if not isinstance(value, bool):
            raise BadParam(tr("{param} of {name} is yes or no.", param=name, name=node.name))
        return value
    if isinstance(value, tuple | list):
        if name != "value":
            raise BadParam(tr("{param} of {name} is one number.", param=name, name=node.name))
        return samples_of(node, value)
    if isinstance(value, bool) or not math.isfinite(value):
        raise BadParam(tr("{param} of {name} must be a finite number.", param=name, name=node.name))
    if name == "inputs":
        if value != int(value) or not len(gate.inputs) <= value <= gate.most:
            raise BadParam(
                tr(
                    "{name} takes a whole number of inputs from {least} to {most}.",
                    name=node.name,
                    least=len(gate.inputs),
                    most=gate.most,
                )
            )
        return int(value)
    return float(value)


def cut_label(graph: Graph, wires: Iterable[Wire]) -> str:
    gone = list(wires)
    if len(gone) != 1:
        return trn("Take {n} wire off", "Take {n} wires off", len(gone))
    return tr(
        "Take the wire from {source} to {target} off",
        source=graph.nodes[gone[0].source].name,
        target=graph.nodes[gone[0].target].name,
    )


def shrink(draft: Draft) -> None:
    """Give back the free last ports of the grown gates that lost a wire in this draft."""
    # In the order of the draft: a set's own would be another in every process.
    lost, put = dict[str, None](), dict[str, list[str]]()
    for name, (old, new) in draft.changes.items():
        if isinstance(old, Wire):
            lost[old.target] = None
        if isinstance(new, Wire):
            put.setdefault(new.target, []).append(name)
    for key in lost:
        node = draft.get(key)
        gate = draft.graph.gate(node) if isinstance(node, Node) else None
        if not isinstance(node, Node) or gate is None or not gate.grows:
            continue
        wires = [draft.get(w) for w in (*draft.graph.into(key).values(), *put.get(key, ()))]
        wired = {w.port for w in wires if isinstance(w, Wire) and w.target == key}
        ports = list(gate.ports(node.params))
        full = len(ports)
        while len(ports) > len(gate.inputs) and ports[-1] not in wired:
            ports.pop()
        if len(ports) < full:
            params = {**node.params, "inputs": len(ports)}
            if len(ports) == gate.params["inputs"]:
                params.pop("inputs")
            draft.put(changed(node, params=params))
