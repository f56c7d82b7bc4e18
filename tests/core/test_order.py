"""The levels of a graph, held to networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import order
from bpstudio.core.graph import LoopError

Edges = list[tuple[int, int]]


def _levels(count: int, edges: Edges) -> list[int]:
    ends = np.array(edges, np.int64).reshape(-1, 2)
    return order.levels(count, ends[:, 0], ends[:, 1]).tolist()


def _generations(count: int, edges: Edges) -> list[int]:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    level = [0] * count
    for number, generation in enumerate(nx.topological_generations(graph)):
        for node in generation:
            level[node] = number
    return level


@st.composite
def _acyclic(draw: st.DrawFn) -> tuple[int, Edges]:
    count = draw(st.integers(1, 40))
    name = draw(st.permutations(range(count)))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = draw(st.lists(pair.filter(lambda p: p[0] < p[1]), max_size=80))
    return count, [(name[a], name[b]) for a, b in pairs]


@given(_acyclic())
def test_levels_are_the_generations_of_networkx(graph: tuple[int, Edges]) -> None:
    assert _levels(*graph) == _generations(*graph)


@given(_acyclic())
def test_both_ways_of_levelling_agree(graph: tuple[int, Edges]) -> None:
    count, edges = graph
    ends = np.array(edges, np.int64).reshape(-1, 2)
    first, heads = order.successors(count, ends[:, 0], ends[:, 1])
    found = order._by_node(count, first, heads, ends[:, 1])
    assert found.tolist() == _levels(count, edges)


def test_a_long_chain_is_levelled_node_by_node() -> None:
    n = 5000
    assert _levels(n, [(i, i + 1) for i in range(n - 1)]) == list(range(n))


def test_nodes_in_and_behind_a_loop_have_no_level() -> None:
    assert _levels(5, [(0, 1), (1, 2), (2, 1), (2, 3)]) == [0, -1, -1, -1, 0]


def test_spells_out_the_loop() -> None:
    ends = np.array([(0, 1), (1, 2), (2, 1), (2, 3)])
    level = order.levels(4, ends[:, 0], ends[:, 1])
    with pytest.raises(LoopError, match=r"[bc] → [bc] → [bc]\.") as refused:
        order.refuse_loop(list("abcd"), ends[:, 0], ends[:, 1], level)
    assert sorted(refused.value.loop) == ["b", "c"]
