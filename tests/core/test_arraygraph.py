"""Our arrays behind networkx: its functions give what plain networkx gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.arraygraph import BACKEND, ArrayGraph

edges = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=24)


def graphs(pairs: list[tuple[int, int]]) -> tuple[ArrayGraph, Any]:
    """The same graph of twelve nodes, ours and networkx's."""
    names = [f"n{i}" for i in range(12)]
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    plain = nx.DiGraph()
    plain.add_nodes_from(names)
    plain.add_edges_from((names[a], names[b]) for a, b in pairs)
    return ArrayGraph(names, ends[:, 0], ends[:, 1]), plain


@given(edges)
def test_generations_are_those_of_plain_networkx(pairs: list[tuple[int, int]]) -> None:
    ours, plain = graphs(pairs)
    assert BACKEND.is_directed_acyclic_graph(ours) == nx.is_directed_acyclic_graph(plain)
    if nx.is_directed_acyclic_graph(plain):
        expected = [set(generation) for generation in nx.topological_generations(plain)]
        assert [set(found) for found in BACKEND.topological_generations(ours)] == expected
        order = list(BACKEND.topological_sort(ours))
        assert sorted(order) == sorted(plain)
        assert all(order.index(a) < order.index(b) for a, b in plain.edges)
    else:
        with pytest.raises(nx.NetworkXUnfeasible):
            list(BACKEND.topological_sort(ours))


@given(edges)
def test_a_cycle_found_is_one(pairs: list[tuple[int, int]]) -> None:
    ours, plain = graphs(pairs)
    if nx.is_directed_acyclic_graph(plain):
        with pytest.raises(nx.NetworkXNoCycle):
            BACKEND.find_cycle(ours)
        return
    found = BACKEND.find_cycle(ours)
    assert all(plain.has_edge(a, b) for a, b in found)
    assert [b for _, b in found] == [a for a, _ in found[1:]] + [found[0][0]]


@given(edges)
def test_there_and_back_is_the_same_graph(pairs: list[tuple[int, int]]) -> None:
    ours, plain = graphs(pairs)
    assert nx.utils.graphs_equal(BACKEND.convert_to_nx(ours), plain)
    back = BACKEND.convert_from_nx(plain)
    assert nx.utils.graphs_equal(BACKEND.convert_to_nx(back), plain)


DISPATCHED = """
import networkx as nx, numpy as np
from bpstudio.core.arraygraph import ArrayGraph
graph = ArrayGraph(["a", "b", "c"], np.array([0, 1]), np.array([1, 2]))
print(list(nx.topological_generations(graph)), list(nx.topological_sort(graph)))
print(nx.is_directed_acyclic_graph(graph))
loop = ArrayGraph(["a", "b"], np.array([0, 1]), np.array([1, 0]))
print(nx.find_cycle(loop), nx.find_cycle(loop, "b"))
plain = nx.DiGraph([("x", "y")])
print(list(nx.topological_sort(plain, backend="bpstudio")), list(nx.topological_sort(plain)))
"""


def test_networkx_finds_it_by_its_entry_point(tmp_path: Path) -> None:
    # What an installed wheel leaves beside the package; by its name it goes before one that is.
    info = tmp_path / "backprop_studio-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: backprop-studio\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[networkx.backends]\nbpstudio = bpstudio.core.arraygraph:BACKEND\n"
    )
    root = Path(__file__).parents[2]
    path = os.pathsep.join((str(tmp_path), str(root)))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", DISPATCHED],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "[['a'], ['b'], ['c']] ['a', 'b', 'c']",
        "True",
        "[('a', 'b'), ('b', 'a')] [('b', 'a'), ('a', 'b')]",
        "['x', 'y'] ['x', 'y']",
    ]


def test_the_entry_point_of_the_project_names_it() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points."networkx.backends"]\n' in text
    assert 'bpstudio = "bpstudio.core.arraygraph:BACKEND"\n' in text
