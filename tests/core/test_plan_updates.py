"""Plan: what an edit keeps of it."""

from __future__ import annotations

import pytest

from bpstudio.core.graph import Graph, Node, Patch, Seed
from bpstudio.core.plan import Plan
from tests.core.graphs import layered, perceptron, xyz
from tests.core.tiers import assert_same


def _with(graph: Graph, node: str, **params: float) -> Patch:
    old = graph.nodes[node]
    new = Node(old.id, old.gate, old.at, {**old.params, **params}, old.label, old.group)
    return Patch("set", {node: (old, new)})


@pytest.mark.parametrize("warm", [False, True])
def test_changing_a_number_keeps_the_wiring(warm: bool) -> None:
    graph = perceptron()
    made = Plan.of(graph)
    if warm:
        made.warm()
    for node, params in (("x0", {"value": 3.0}), ("h", {"c": 2.0})):
        patch = _with(graph, node, **params)
        graph = graph.apply(patch)
        made = made.updated(graph, patch)
        assert made.is_warm is warm
        assert_same(made.run(), Plan.of(graph).run())
    assert made.graph is graph


def test_an_updated_plan_leaves_the_old_one_alone() -> None:
    graph = perceptron()
    made = Plan.of(graph)
    before = made.run()
    for node, params in (("x0", {"value": 3.0}), ("h", {"c": 2.0})):
        patch = _with(graph, node, **params)
        made.updated(graph.apply(patch), patch).run()
    assert_same(made.run(), before)


def test_moves_and_labels_keep_everything() -> None:
    graph = xyz()
    made = Plan.of(graph)
    old = graph.nodes["q"]
    patch = Patch("move", {"q": (old, Node("q", "add", (50.0, 60.0), label="sum"))})
    after = made.updated(graph.apply(patch), patch)
    assert after.wiring is made.wiring
    assert after.graph.nodes["q"].name == "sum"


def test_a_seed_keeps_the_wiring_and_changes_the_gradients() -> None:
    graph = xyz()
    made = Plan.of(graph)
    made.warm()
    patch = Patch("seed", {"seed q": (None, Seed("q", 5.0))})
    after = made.updated(graph.apply(patch), patch)
    assert after.wiring is made.wiring
    assert after.run().grad_of("x") == 5.0
    again = Patch("seed", {"seed q": (Seed("q", 5.0), Seed("q", 6.0))})
    after.warm()
    assert after.updated(after.graph.apply(again), again).run().grad_of("x") == 6.0


def test_wires_births_and_ports_order_anew() -> None:
    graph = xyz()
    made = Plan.of(graph)
    cut = Patch("cut", {"w1": (graph.wires["w1"], None)})
    assert made.updated(graph.apply(cut), cut).missing == (("q", "x"),)
    born = Patch("add", {"n": (None, Node("n", "input"))})
    assert "n" in made.updated(graph.apply(born), born).row
    grown = _with(graph, "q", inputs=3.0)
    assert made.updated(graph.apply(grown), grown).missing == (("q", "x3"),)
    other = Patch("swap", {"f": (graph.nodes["f"], Node("f", "add"))})
    assert made.updated(graph.apply(other), other).run().value_of("f") == -1.0


def test_a_param_of_a_large_graph_reaches_the_arrays() -> None:
    graph = layered(4, 300, 4)
    made = Plan.of(graph)
    made.run()
    node = next(n for n in graph.nodes.values() if n.gate == "scale")
    patch = _with(graph, node.id, a=7.0)
    after = graph.apply(patch)
    assert_same(made.updated(after, patch).run(), Plan.of(after).run())
