"""Plan: ties, kinks, overflow and seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpstudio.core import tiers
from bpstudio.core.graph import Graph, Patch, Seed, UnknownItem
from bpstudio.core.plan import Plan
from tests.core.graphs import chain, wild, xyz
from tests.core.tiers import assert_near, assert_same, by_arrays


@pytest.mark.parametrize(
    ("gate", "inputs", "local"),
    [
        ("max", [2.0, 2.0], [0.5, 0.5]),
        ("min", [2.0, 2.0], [0.5, 0.5]),
        ("max", [1.0, 3.0, 3.0, 3.0], [0.0, 1 / 3, 1 / 3, 1 / 3]),
        ("relu", [0.0], [0.0]),
        ("abs", [0.0], [0.0]),
        ("multiply", [0.0, 3.0, 5.0], [15.0, 0.0, 0.0]),
        ("multiply", [0.0, 0.0, 5.0], [0.0, 0.0, 0.0]),
        ("add", [1.0, 2.0, 3.0, 4.0], [1.0] * 4),
        ("sqrt", [0.0], [math.inf]),
        ("divide", [1.0, -0.0], [-math.inf, -math.inf]),
    ],
)
def test_local_gradients_at_the_edges(gate: str, inputs: list[float], local: list[float]) -> None:
    names = [f"x{i}" for i in range(len(inputs))]
    graph = chain([("f", gate, names)], dict(zip(names, inputs, strict=True)))
    for trace in (Plan.of(graph).run(), by_arrays(graph)):
        assert [trace.wire(f"w{i + 1}")[1] for i in range(len(inputs))] == local


@pytest.mark.parametrize(
    ("gate", "x", "value"),
    [
        ("exp", 800.0, math.inf),
        ("reciprocal", 0.0, math.inf),
        ("reciprocal", -0.0, -math.inf),
        ("log", 0.0, -math.inf),
        ("log", -1.0, math.nan),
        ("sqrt", -1.0, math.nan),
        ("sigmoid", -800.0, 0.0),
        ("tanh", 800.0, 1.0),
        ("sin", math.inf, math.nan),
    ],
)
def test_no_number_raises_or_warns(gate: str, x: float, value: float) -> None:
    graph = chain([("f", gate, ["x"])], {"x": x})
    made = Plan.of(graph)
    traces = [made.run(), by_arrays(graph), made.run({"x": [x, 1.0]}), made.run({"x": [x] * 300})]
    made.warm()
    traces.append(made.run())
    for trace in traces:
        np.testing.assert_equal(trace.value_of("f"), value)


def test_saturated_functions_keep_a_gradient() -> None:
    trace = Plan.of(chain([("f", "sigmoid", ["x"])], {"x": 40.0})).run()
    assert trace.grad_of("x") == pytest.approx(4.248354255291589e-18, rel=1e-12)


def test_zero_times_infinity_is_nan_on_the_wire() -> None:
    graph = chain([("r", "sqrt", ["x"]), ("f", "scale:a=0", ["r"])], {"x": 0.0})
    trace = Plan.of(graph).run()
    assert trace.wire("w1")[1:3] == (math.inf, 0.0)
    assert math.isnan(trace.wire("w1")[3])


def test_a_square_as_a_product_has_a_share_per_port() -> None:
    trace = Plan.of(chain([("f", "multiply", ["x", "x"])], {"x": 3.0})).run()
    assert [trace.wire(w)[3] for w in ("w1", "w2")] == [3.0, 3.0]
    assert trace.grad_of("x") == 6.0


def test_every_end_gets_a_seed_of_one() -> None:
    graph = chain([("a", "square", ["x"]), ("b", "scale:a=3", ["x"])], {"x": 2.0, "lonely": 1.0})
    trace = Plan.of(graph).run()
    assert (trace.grad_of("a"), trace.grad_of("b"), trace.grad_of("x")) == (1.0, 1.0, 7.0)
    assert trace.grad_of("lonely") == 0.0


def test_seeds_of_the_graph_replace_the_default() -> None:
    graph = xyz()
    seeded = Graph(graph.nodes.values(), graph.wires.values(), seeds={"q": 2.0, "z": 0.5})
    for trace in (Plan.of(seeded).run(), by_arrays(seeded)):
        assert (trace.grad_of("f"), trace.grad_of("q"), trace.grad_of("z")) == (0.0, 2.0, 0.5)
        assert trace.grad_of("x") == 2.0


def test_seeds_for_one_run_leave_the_plan_alone() -> None:
    made = Plan.of(xyz())
    for _ in range(2):
        assert made.run(seeds={"f": 10.0}).grad_of("x") == -40.0
        assert made.run(seeds={"q": 1.0}).grad_of("x") == 1.0
        assert made.run(seeds={}).grad_of("x") == 0.0
        assert made.run().grad_of("x") == -4.0
        made.warm()


@pytest.mark.usefixtures("never_small")
@pytest.mark.parametrize("seeded", [{"n40": 2.0}, {"n40": 2.0, "n79": 1.0, "x0": 3.0}])
def test_seeds_inside_a_strip_count_in_generated_code_too(seeded: dict[str, float]) -> None:
    graph = wild(7, 80, reach=2)
    made = Plan.of(graph)
    made.warm()
    expected = by_arrays(Graph(graph.nodes.values(), graph.wires.values(), seeds=seeded))
    assert_near(made.run(seeds=seeded), expected)
    held = Plan.of(Graph(graph.nodes.values(), graph.wires.values(), seeds=seeded))
    cold = held.run()
    assert not held.is_warm
    held.warm()
    assert held.is_warm
    assert_same(held.run(), cold)
    assert_near(cold, expected)


def test_a_seed_that_moves_inward_makes_strips_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "SMALL", -1)
    graph = wild(7, 80, reach=2)
    made = Plan.of(graph)
    made.warm()
    patch = Patch("seed", {"seed n40": (None, Seed("n40", 2.0))})
    after = made.updated(graph.apply(patch), patch)
    assert not after.is_warm
    cold = after.run()
    after.warm()
    assert_same(after.run(), cold)
    assert_near(cold, by_arrays(after.graph))
    assert_same(made.run(), Plan.of(graph).run())


def test_refuses_a_seed_on_nothing_by_name() -> None:
    with pytest.raises(UnknownItem, match="no node ghost to put a seed on"):
        Plan.of(xyz()).run(seeds={"ghost": 1.0})
