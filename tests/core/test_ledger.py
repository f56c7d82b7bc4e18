"""A wiring made from the columns of the plan before is the one that reading all would make."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits, ledger
from bpstudio.core.graph import Graph, GraphError, LoopError, Node, Patch, UnknownItem, Wire
from bpstudio.core.ledger import Ledger, places_of
from bpstudio.core.plan import Plan
from tests.core.graphs import layered, wild

COLUMNS = ("level", "arity", "source", "target", "port", "cuts", "row_of")


def same(one: Plan, other: Plan) -> None:
    """Two plans of one graph, however they were made."""
    assert one.graph is other.graph
    assert (one.nodes, one.wires, one.missing) == (other.nodes, other.wires, other.missing)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(one.wiring, name), getattr(other.wiring, name), name)
    np.testing.assert_array_equal(one._numbers, other._numbers)
    assert one._sources == other._sources
    assert one.seeds == other.seeds


def edit(graph: Graph, random) -> Patch | None:
    """Some edit of the graph; None where what was tried is refused."""
    nodes, wires = list(graph.nodes), list(graph.wires)
    some = random.sample(nodes, min(len(nodes), random.choice((1, 2, 40))))
    tries = {
        "delete": lambda: edits.delete(graph, some),
        "add": lambda: edits.add_node(graph, random.choice(("input", "add", "scale")), (0, 0)),
        "cut": lambda: edits.disconnect(graph, random.sample(wires, 1)),
        "wire": lambda: edits.connect(graph, random.choice(nodes), random.choice(nodes), "x"),
        "paste": lambda: edits.duplicate(graph, some),
        "move": lambda: edits.nudge(graph, some, 8.0, 0.0),
        "number": lambda: Patch(
            "", {key: (graph.nodes[key], _numbered(graph.nodes[key], random)) for key in some}
        ),
        "swap": lambda: _swapped(graph, some[0]),
    }
    try:
        return tries[random.choice(sorted(tries))]()
    except (GraphError, ValueError, IndexError):
        return None


def _numbered(node: Node, random) -> Node:
    names = [name for name in ("a", "c", "value") if name in node.params]
    return replace(node, params={**node.params, **dict.fromkeys(names, random.random())})


def _swapped(graph: Graph, key: str) -> Patch:
    """Another gate under the same wires, some of whose ports it may lack; or one nobody knows."""
    node = graph.nodes[key]
    gate = {"add": "multiply", "multiply": "sin", "sin": "later"}.get(node.gate, "add")
    return Patch("", {key: (node, replace(node, gate=gate, params={}))})


@given(st.integers(0, 5_000), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_a_plan_that_followed_edits_is_the_one_made_anew(seed: int, random) -> None:
    graph = wild(seed, 30)
    plan = Plan.of(graph)
    for _ in range(12):
        if (patch := edit(graph, random)) is None:
            continue
        after = graph.apply(patch)
        made = plan.updated(after, patch)
        same(made, Plan.of(after))
        back = patch.inverse()
        undone = after.apply(back)
        same(made.updated(undone, back), Plan.of(undone))
        graph, plan = after, made


def test_an_edit_reads_only_what_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = layered(4, 300, 6)
    plan = Plan.of(graph)
    read: list[str] = []
    real = ledger._gates_of

    def counted(nodes, table):
        read.extend(node.id for node in nodes)
        return real(nodes, table)

    monkeypatch.setattr(ledger, "_gates_of", counted)
    key = next(n.id for n in graph.nodes.values() if graph.into(n.id))
    patch = edits.delete(graph, [key])
    plan.updated(graph.apply(patch), patch)
    fed = {graph.wires[wire].target for wire in graph.out_of(key)}
    assert set(read) <= fed


def test_a_loop_and_a_lost_end_are_refused_after_an_edit_too() -> None:
    graph = Graph(
        [Node("a", "sin"), Node("b", "sin"), Node("c", "sin")], [Wire("w", "a", "b", "x")]
    )
    plan = Plan.of(graph)
    loop = Patch("", {"v": (None, Wire("v", "b", "a", "x"))})
    with pytest.raises(LoopError):
        plan.updated(graph.apply(loop), loop)
    for lost in (
        Patch("", {"v": (None, Wire("v", "gone", "a", "x"))}),
        Patch("", {"a": (graph.nodes["a"], None)}),
    ):
        with pytest.raises(UnknownItem):
            plan.updated(graph.apply(lost), lost)


def test_another_kind_of_item_under_an_id_and_own_gates_are_read_as_a_whole() -> None:
    graph = Graph([Node("a", "sin"), Node("b", "sin")], [Wire("w", "a", "b", "x")])
    book = Ledger.of(graph)
    turned = Patch("", {"w": (graph.wires["w"], Node("w", "input"))})
    assert book.after(graph.apply(turned), turned) is None
    kind = edits.define_kind(graph, "Swish", "x * sigmoid(x)")
    assert book.after(graph.apply(kind), kind) is None
    known = graph.apply(kind)
    first = Patch("", {"n": (None, Node("n", next(iter(known.kinds))))})
    same(Plan.of(known).updated(after := known.apply(first), first), Plan.of(after))


def test_few_ids_are_found_as_many_are() -> None:
    ids = [f"n{i}" for i in range(200)]
    few = {"n7", "n199", "nothing"}
    assert places_of(ids, few) == {"n7": 7, "n199": 199}
    many = {*few, *(f"n{i}" for i in range(50))}
    assert places_of(ids, many) == {f"n{i}": i for i in (*range(50), 199)}
