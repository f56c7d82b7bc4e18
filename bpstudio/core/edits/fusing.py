"""A chunk of gates becomes one gate: one of the table's, one of the graph's own, or a new one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed

from bpstudio.core.edits.draft import Draft, born, placed_at
from bpstudio.core.edits.kinds import define_kind
from bpstudio.core.edits.nodes import with_members
from bpstudio.core.edits.room import Box, room_for, shift_right
from bpstudio.core.formula.expr import Call, Expr, Name, Number, names_in, same, substitute
from bpstudio.core.formula.match import Binding, match
from bpstudio.core.formula.parser import is_name
from bpstudio.core.formula.recover import order_of, spelt
from bpstudio.core.formula.write import TEXT, write
from bpstudio.core.gate import OWN, Gate
from bpstudio.core.gates import GATES
from bpstudio.core.graph import (
    BadKind,
    BadText,
    Graph,
    GraphError,
    Kind,
    Node,
    Patch,
    Scalar,
    UnknownItem,
    Wire,
)
from bpstudio.core.limits import LONGEST_FORMULA
from bpstudio.core.own import inner_of
from bpstudio.core.parts import formula_parts
from bpstudio.core.shape import SNAP, node_size
from bpstudio.language import listed, tr

LETTERS = "xyzwabcdeghkmnpqrstuv"
NAMED = 3
LARGEST = LONGEST_FORMULA // 2
"""Parts of a formula that 20,000 characters can hold at most."""


def fuse(graph: Graph, ids: Iterable[str], title: str = "") -> Patch:
    """Make one gate of nodes or groups.

    A chunk that computes what a gate of the table or an own one does becomes that; any other one
    becomes a new own gate called `title`. Raises BadKind where the chunk is none, BadText where
    it needs a title (`recognised` tells beforehand).
    """
    chunk = _Chunk.of(graph, ids)
    key, wires, params = chunk.recognised()
    draft = Draft(graph)
    if not key:
        if not title.strip():
            raise BadText(tr("No gate does what these gates do; give the new one a name."))
        first = define_kind(graph, title, write(chunk.expr, TEXT))
        key = born(first, Kind)[0]
        graph = graph.apply(first)
        draft.changes.update(first.changes)
        wires = {name: name for name in names_in(chunk.expr)}
    chunk.put(graph, draft, key, wires, params)
    name = chunk.graph.nodes[chunk.output].name
    gate = graph.gates[key]
    return draft.patch(tr("Fuse {name} into {gate}", name=name, gate=tr(gate.title)))


def recognised(graph: Graph, ids: Iterable[str]) -> str:
    """The key of the gate that nodes or groups would become; "" where that needs a new one.

    Raises BadKind where they cannot become one gate.
    """
    return _Chunk.of(graph, ids).recognised()[0]


def described(graph: Graph, ids: Iterable[str]) -> Kind:
    """The own gate that nodes or groups would become, without an id; its title is their group's.

    Raises BadKind where they cannot become one gate.
    """
    chunk = _Chunk.of(graph, ids)
    return Kind("", chunk._group_title(), write(chunk.expr, TEXT))


def fuse_refusal(graph: Graph, ids: Iterable[str]) -> GraphError | None:
    """Why these cannot become one gate; None where they can."""
    try:
        _Chunk.of(graph, ids)
    except GraphError as error:
        return error
    return None


@dataclass(slots=True)
class _Chunk:
    """The nodes that disappear in one, the last of them, and what they compute."""

    graph: Graph
    nodes: dict[str, Node]
    output: str
    expr: Expr
    feeds: dict[str, str]
    """name in the formula -> the node that feeds it from outside, "" for a port without a wire"""

    @classmethod
    def of(cls, graph: Graph, ids: Iterable[str]) -> _Chunk:
        nodes = _nodes(graph, ids)
        output = _output(graph, nodes)
        expr, feeds = _formula(graph, nodes, output)
        return cls(graph, nodes, output, expr, feeds)

    def recognised(self) -> tuple[str, Mapping[str, str], dict[str, Scalar]]:
        """(key, port -> name in the formula, params) of the gate that computes the same."""
        title = self._group_title()
        gates = [gate for gate in GATES.values() if not gate.is_source]
        gates += [self.graph.gates[key] for key in self.graph.kinds]
        # A group that an expanded gate left behind says which gate it was.
        for gate in sorted(gates, key=lambda gate: tr(gate.title) != title):
            found = _as_gate(gate, self.expr)
            if found is not None:
                ports = {port: str(found[port]) for port in gate.inputs}
                names = [name for name in gate.params if name in found]
                return gate.key, ports, {name: float(found[name]) for name in names}
        return "", {}, {}

    def put(
        self,
        graph: Graph,
        draft: Draft,
        key: str,
        wires: Mapping[str, str],
        params: dict[str, Scalar],
    ) -> None:
        """Drop the chunk and put its one gate there."""
        last = self.nodes[self.output]
        gone = {*self.nodes} - {self.output}
        for member in self.nodes:
            for wire in self.graph.into(member).values():
                draft.drop(wire)
        for member in gone:
            draft.drop(member)
        group = self._drop_groups(draft, last)
        node = Node(last.id, key, last.at, params, last.label, group, last.extra)
        draft.put(changed(node, at=placed_at(self._place(graph, draft, node))))
        for port in graph.gates[key].inputs:
            source = self.feeds[wires[port]]
            if source:
                draft.put(self._wire(draft, source, port))

    def _wire(self, draft: Draft, source: str, port: str) -> Wire:
        """A wire into the one gate: one from the same source that led into the chunk, or a new."""
        for key in self.graph.out_of(source):
            old = self.graph.wires[key]
            if old.target in self.nodes and draft.get(key) is None:
                return changed(old, target=self.output, port=port)
        return Wire(self.graph.fresh("w", draft.changes), source, self.output, port)

    def _drop_groups(self, draft: Draft, last: Node) -> str:
        """Groups that held nothing else go too; the group that the one gate is in."""
        around: set[str] = set()
        group = self.graph.groups[last.group].group if last.group else ""
        while group:
            around.add(group)
            group = self.graph.groups[group].group
        gone: set[str] = set(self.nodes)
        more = True
        while more:
            more = False
            for key in self.graph.groups.keys() - gone - around:
                members = [member.id for member in self.graph.members(key)]
                if members and gone.issuperset(members):
                    gone.add(key)
                    draft.drop(key)
                    more = True
        return self.graph.groups[last.group].group if last.group in gone else last.group

    def _place(self, graph: Graph, draft: Draft, node: Node) -> tuple[float, float]:
        """At the chunk's left edge; what stands to the right closes up where it then fits."""
        box = Box.of(self.graph, self.nodes.values())
        width = node_size(node, graph.gates)[0]
        at = (_on_grid(box.left + width / 2, node.at[0]), node.at[1])
        freed = room_for(max(0.0, box.right - box.left - width))
        line = at[0] + freed
        others = [n for n in self.graph.nodes.values() if n.id not in self.nodes]
        right = [n for n in others if n.at[0] > line]
        left = [Box.of(graph, (n,)) for n in others if n.at[0] <= line and n.at[0] > box.left]
        moved = [Box.of(graph, (changed(n, at=(n.at[0] - freed, n.at[1])),)) for n in right]
        if not any(one.overlaps(other) for one in left for other in moved):
            shift_right(draft, line, -freed, set(self.nodes))
        return at

    def _group_title(self) -> str:
        group = self.graph.groups.get(self.nodes[self.output].group)
        return group.title if group is not None else ""


# --- reading the chunk ------------------------------------------------------------------------


def _on_grid(x: float, like: float) -> float:
    """Up to the grid where the other place is on it: where `expand` took the place down."""
    return math.ceil(x / SNAP) * SNAP if like % SNAP == 0 else x


def _nodes(graph: Graph, ids: Iterable[str]) -> dict[str, Node]:
    """The gates among what was selected, and the constants that feed only them."""
    members = with_members(graph, ids)
    for key in members:
        if graph.get(key) is None:
            raise UnknownItem(tr("There is nothing called “{id}” to fuse.", id=key))
    nodes = {key: graph.nodes[key] for key in members if key in graph.nodes}
    for node in nodes.values():
        if graph.gate(node) is None:
            raise BadKind(
                tr("{node} is of a kind unknown here, so it has no formula.", node=node.name)
            )
    gates = {key: n for key, n in nodes.items() if not graph.gates[n.gate].is_source}
    for node in graph.nodes.values():
        fed = {graph.wires[wire].target for wire in graph.out_of(node.id)}
        if node.gate == "constant" and fed and fed <= gates.keys() and node.id not in graph.seeds:
            nodes[node.id] = node
    chunk = {k: n for k, n in nodes.items() if k in gates or _is_inside(graph, n, gates)}
    if not gates or len(chunk) < 2:
        raise BadKind(tr("Select at least two gates to make one of them."))
    return chunk


def _is_inside(graph: Graph, node: Node, gates: Mapping[str, Node]) -> bool:
    fed = {graph.wires[wire].target for wire in graph.out_of(node.id)}
    inside = bool(fed) and fed <= gates.keys() and node.id not in graph.seeds
    return node.gate == "constant" and inside


def _output(graph: Graph, nodes: Mapping[str, Node]) -> str:
    """The one node whose value is used outside. Raises BadKind."""
    ends: list[str] = []
    for key, node in nodes.items():
        targets = [graph.wires[wire].target for wire in graph.out_of(key)]
        outside = [target for target in targets if target not in nodes]
        if outside and len(outside) < len(targets):
            raise BadKind(
                tr(
                    "{name} is used by these gates and by {other} too, "
                    "so it cannot disappear in one gate.",
                    name=node.name,
                    other=graph.nodes[outside[0]].name,
                )
            )
        if key in graph.seeds and targets and not outside:
            raise BadKind(
                tr("{name} has a seed, so it cannot disappear in one gate.", name=node.name)
            )
        if outside or not targets:
            ends.append(key)
    if len(ends) > 1:
        names = [nodes[key].name for key in ends]
        raise BadKind(
            tr(
                "These gates have {n} outputs, {names}; one gate has one.",
                n=len(ends),
                names=listed(names, NAMED),
            )
        )
    return ends[0]


def _formula(graph: Graph, nodes: Mapping[str, Node], output: str) -> tuple[Expr, dict[str, str]]:
    """What the chunk computes, and what feeds each of its names. Raises BadKind."""
    exprs: dict[str, Expr] = {}
    sizes: dict[str, int] = {}
    feeds: dict[str, str] = {}
    names: dict[str, str] = {}

    def outside(source: str, port: str) -> Expr:
        if source and source in names:
            return Name(names[source])
        wish = graph.nodes[source].label or source if source else port
        names[source or f" {len(feeds)}"] = name = _free_name(wish, feeds)
        feeds[name] = source
        return Name(name)

    for key in order_of(graph, (output,)):
        if key not in nodes:
            continue
        node, gate = nodes[key], graph.gates[nodes[key].gate]
        if gate.is_source:
            exprs[key], sizes[key] = Number(float(node.params.get("value", 1.0))), 1
            continue
        args: list[Expr] = []
        sizes[key] = 1
        for port in gate.ports(node.params):
            wire = graph.into(key).get(port)
            source = graph.wires[wire].source if wire is not None else ""
            args.append(exprs[source] if source in exprs else outside(source, port))
            sizes[key] += sizes.get(source, 1)
        if sizes[key] > LARGEST:
            raise BadKind(tr("The formula of these gates is too long for one gate; choose fewer."))
        exprs[key] = _spelt(node, gate, tuple(args))
    return exprs[output], feeds


def _spelt(node: Node, gate: Gate, args: tuple[Expr, ...]) -> Expr:
    if gate.family == OWN:
        return substitute(inner_of(gate.value).expr, dict(zip(gate.inputs, args, strict=True)))
    return spelt(node, gate, args)


def _free_name(wish: str, taken: Mapping[str, str]) -> str:
    if is_name(wish) and wish not in taken:
        return wish
    letters = (letter for letter in LETTERS if letter not in taken)
    return next(letters, None) or next(f"x{n}" for n in range(1, 10**6) if f"x{n}" not in taken)


def _as_gate(gate: Gate, expr: Expr) -> Binding | None:
    """How a gate's ports and params stand in the formula; None where it computes another one."""
    pattern = formula_parts(gate)
    if pattern is None:
        return None
    if isinstance(expr, Call) and expr.function == gate.key:
        return None
    params = [name for name in gate.params if name != "inputs"]
    found = match(pattern, expr, params)
    if found is None and gate.family == OWN:
        ours, theirs = names_in(pattern), names_in(expr)
        meanings: dict[str, Expr] = {a: Name(b) for a, b in zip(ours, theirs, strict=False)}
        if len(ours) == len(theirs) and same(substitute(pattern, meanings), expr):
            return dict(zip(ours, theirs, strict=True))
    return found
