"""Plan: values given for one run, and columns of samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bpstudio.core.graph import BadParam, Graph, Node, Patch, UnknownItem
from bpstudio.core.plan import Plan
from tests.core.graphs import layered, wild, xyz
from tests.core.tiers import ARRAYS, assert_same


def test_inputs_stand_in_for_one_run() -> None:
    made = Plan.of(xyz())
    assert made.run({"x": 1.0, "z": 2}).value_of("f") == 12.0
    assert made.run({"x": np.float64(1.0)}).value_of("f") == -24.0
    assert made.run().value_of("f") == -12.0


def test_inputs_of_a_large_graph_may_come_in_any_order_and_kind() -> None:
    graph = layered(5, 300, 4)
    made = Plan.of(graph)
    sources = made.nodes[: made.wiring.sources]
    given = {key: float(graph.nodes[key].params["value"]) / 2 for key in sources}
    expected = made.run(given)
    turned = dict(reversed(given.items()))
    kinds: list[dict[str, Any]] = [turned, {k: np.float64(v) for k, v in given.items()}]
    kinds.append({**given, sources[7]: np.array(given[sources[7]])})
    for inputs in kinds:
        assert_same(made.run(inputs), expected)
    assert_same(made.run(dict.fromkeys(sources, 1)), made.run(dict.fromkeys(sources, 1.0)))
    for bad in ("three", None, [[1.0, 2.0]], 1j):
        with pytest.raises(BadParam, match="takes a number or a column"):
            made.run({**given, sources[-1]: bad})
    with pytest.raises(UnknownItem, match="no node ghost"):
        made.run({**given, "ghost": 1.0})
    with pytest.raises(BadParam, match="computes its value"):
        made.run({**given, made.nodes[-1]: 1.0})


@pytest.mark.parametrize("size", [2, 7, 300])
def test_a_batch_is_its_samples_side_by_side(size: int) -> None:
    graph = wild(11, 80)
    made = Plan.of(graph)
    samples = np.linspace(-2.0, 2.0, size)
    batch = made.run({"x0": samples, "x1": 0.25})
    assert batch.batch == size
    for k in (0, size // 2, size - 1):
        alone = made.run({"x0": float(samples[k]), "x1": 0.25})
        for name in ARRAYS:
            one, many = getattr(alone, name)[:, 0], getattr(batch, name)[:, k]
            np.testing.assert_allclose(many, one, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("size", [2, 7, 400])
def test_a_batch_may_stand_in_the_graph(size: int) -> None:
    column = tuple(0.25 * k - 1 for k in range(size))
    graph = xyz()
    nodes = [*graph.nodes.values()][1:]
    held = Graph([Node("x", "input", params={"value": column}), *nodes], graph.wires.values())
    made = Plan.of(held)
    assert_same(made.run(), Plan.of(graph).run({"x": column}))
    assert made.run({"x": 1.0}).batch == 1
    assert made.run({"y": [1.0] * size}).batch == size


def test_an_edit_may_make_a_batch_and_take_it_back() -> None:
    graph = xyz()
    made = Plan.of(graph)
    old = graph.nodes["x"]
    patch = Patch("", {"x": (old, Node("x", "input", params={"value": (1.0, 2.0)}))})
    many = made.updated(graph.apply(patch), patch)
    assert (made.run().batch, many.run().batch) == (1, 2)
    assert many.wiring is made.wiring
    assert many.updated(graph, patch.inverse()).run().batch == 1


def test_columns_of_unequal_length_in_the_graph_are_refused_when_run() -> None:
    columns = {"x": (1.0, 2.0), "y": (1.0, 2.0, 3.0)}
    nodes = [Node(key, "input", params={"value": column}) for key, column in columns.items()]
    made = Plan.of(Graph([*nodes, Node("f", "add")], ()))
    with pytest.raises(BadParam, match="x has 2 samples and y has 3; a batch needs as many"):
        made.run()
    assert made.run({"y": 1.0}).batch == 2


def test_a_batch_has_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadParam, match="x has 100,001 samples; a batch holds at most 100,000"):
        Plan.of(xyz()).run({"x": np.zeros(100_001)})
    monkeypatch.setattr("bpstudio.core.given.MOST_NUMBERS", 80)
    assert Plan.of(xyz()).run({"x": np.zeros(8)}).batch == 8
    with pytest.raises(BadParam, match="9 samples of 5 gates are more than memory should hold"):
        Plan.of(xyz()).run({"x": np.zeros(9)})


def test_a_column_of_one_is_a_number() -> None:
    trace = Plan.of(xyz()).run({"x": [1.0]})
    assert trace.batch == 1
    assert trace.value_of("f") == -24.0


def test_refuses_columns_of_unequal_length_by_name() -> None:
    graph = xyz().apply(
        Patch(
            "",
            {
                "x": (
                    Node("x", "input", params={"value": -2.0}),
                    Node("x", "input", params={"value": -2.0}, label="length"),
                )
            },
        )
    )
    with pytest.raises(BadParam, match="length has 2 samples and y has 3"):
        Plan.of(graph).run({"x": [1.0, 2.0], "y": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize("bad", [[], [[1.0, 2.0], [3.0, 4.0]], "three", None, ["a"], [1.0, None]])
def test_refuses_what_is_no_column_of_numbers(bad: Any) -> None:
    with pytest.raises(BadParam, match="x takes a number or a column of numbers"):
        Plan.of(xyz()).run({"x": bad})


def test_refuses_a_value_for_a_gate_and_for_nothing() -> None:
    made = Plan.of(xyz())
    with pytest.raises(BadParam, match="q computes its value"):
        made.run({"q": 1.0})
    with pytest.raises(UnknownItem, match="no node ghost"):
        made.run({"ghost": 1.0})
