"""Forward mode: held to reverse mode, its steps, and how many passes each mode needs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.forward import explain_tangent, passes, tangents
from bpstudio.core.graph import BadParam, Graph, Node, UnknownItem
from bpstudio.core.plan import Plan
from tests.core.graphs import chain, layered, perceptron, wild, xyz


def test_the_classic_example_is_right() -> None:
    found = tangents(Plan.of(xyz()).run(), "x")
    assert {key: found.of(key) for key in "xyzqf"} == {"x": 1, "y": 0, "z": 0, "q": 1, "f": -4}
    assert [found.on(w) for w in ("w1", "w2", "w3", "w4")] == [1.0, 0.0, -4.0, 0.0]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), gates=st.integers(1, 60))
def test_both_modes_agree_on_every_input_and_every_output(seed: int, gates: int) -> None:
    graph = wild(seed, gates)
    made = Plan.of(graph)
    trace = made.run()
    inputs = [key for key, node in graph.nodes.items() if node.gate == "input"]
    ahead = {key: tangents(trace, key) for key in inputs}
    for end in made.seeds.rows:
        output = made.nodes[end]
        back = made.run(seeds={output: 1.0})
        for key in inputs:
            one, other = ahead[key].of(output), back.grad_of(key)
            assert abs(one - other) <= 1e-12 * (1 + abs(other)) * (1 + gates)


@pytest.mark.parametrize("size", [3, 400])
def test_a_batch_has_a_tangent_per_sample(size: int) -> None:
    column = np.linspace(-2, 2, size)
    graph = perceptron()
    trace = Plan.of(graph).run({"w0": column})
    found = tangents(trace, "x0")
    np.testing.assert_allclose(found.node[trace.plan.row["f"]], trace.grad[trace.plan.row["x0"]])
    assert found.of("f", size - 1) == tangents(trace.sample(size - 1), "x0").of("f")


def test_any_node_may_be_the_one_that_changes() -> None:
    trace = Plan.of(perceptron()).run()
    for key in trace.plan.nodes:
        assert tangents(trace, key).of("f") == pytest.approx(trace.grad_of(key), rel=1e-14)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), gates=st.integers(1, 40), at=st.integers(0, 10**6))
def test_both_modes_agree_on_any_node_in_any_graph(seed: int, gates: int, at: int) -> None:
    made = Plan.of(wild(seed, gates))
    trace = made.run()
    source = made.nodes[at % len(made.nodes)]
    found = tangents(trace, source)
    weights = dict(zip(made.seeds.rows, made.seeds.numbers, strict=True))
    ahead = sum(n * found.of(made.nodes[row]) for row, n in weights.items())
    assert abs(ahead - trace.grad_of(source)) <= 1e-12 * (1 + abs(ahead)) * (1 + gates)
    assert set(np.flatnonzero(found.reached)) == {
        made.row[key] for key in made.graph.downstream(source)
    }
    for key in found.trace.plan.wires:
        wire = made.graph.wires[key]
        carried = trace.wire(key)[1] * found.of(wire.source)
        assert found.on(key) == carried


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), gates=st.integers(1, 40), inputs=st.integers(1, 8))
def test_a_pass_for_each_input_or_for_each_output(seed: int, gates: int, inputs: int) -> None:
    graph = wild(seed, gates, inputs=inputs)
    found = passes(Plan.of(graph))
    computing = [node for node in graph.nodes.values() if node.gate != "input"]
    assert found.forward == inputs
    assert found.reverse == sum(not graph.out_of(node.id) for node in computing)


def test_a_large_graph_has_them_too() -> None:
    graph = layered(3, 60, 30)
    trace = Plan.of(graph).run()
    found = tangents(trace, "x7")
    ends = list(trace.seeds.rows)
    assert found.node[ends, 0].sum() == pytest.approx(trace.grad_of("x7"), rel=1e-9)


def test_what_does_not_depend_on_the_input_stays_zero_beside_an_infinite_slope() -> None:
    graph = chain([("r", "sqrt", ["y"]), ("f", "add", ["x", "r"])], {"x": 1.0, "y": 0.0})
    found = tangents(Plan.of(graph).run(), "x")
    assert [found.of(key) for key in "yrf"] == [0.0, 0.0, 1.0]
    assert tangents(Plan.of(graph).run(), "y").of("f") == math.inf


def test_what_takes_no_part_is_nan() -> None:
    graph = xyz()
    half = Graph([*graph.nodes.values(), Node("h", "add", label="half")], graph.wires.values())
    trace = Plan.of(half).run()
    assert math.isnan(tangents(trace, "x").of("h"))
    with pytest.raises(BadParam, match="half has no value"):
        tangents(trace, "h")
    with pytest.raises(UnknownItem, match="no node ghost"):
        tangents(trace, "ghost")


def test_arrays_cannot_be_written() -> None:
    found = tangents(Plan.of(xyz()).run(), "x")
    with pytest.raises(ValueError, match="read-only"):
        found.node[0] = 1.0


def test_only_gates_that_depend_on_the_input_take_a_step() -> None:
    found = tangents(Plan.of(xyz()).run(), "z")
    assert [step.node for step in found.steps] == ["f"]
    step = found.steps[0]
    assert (step.local, step.inputs, step.output) == ((-4.0, 3.0), (0.0, 1.0), 3.0)


def test_a_step_is_told_in_a_line_and_a_sentence() -> None:
    found = tangents(Plan.of(xyz()).run(), "x")
    told = explain_tangent(found, 0)
    assert told.line == "dq/dx = 1 × 1 + 1 × 0 = 1"
    assert told.latex == r"\frac{dq}{dx} = 1 \cdot 1 + 1 \cdot 0 = 1"
    assert told.sentence == (
        "If x grows by a little, q changes by 1 times as much: "
        "through x, y, each local gradient times that input's own rate."
    )
    assert explain_tangent(found, found.steps[1]).line == "df/dx = −4 × 1 + 3 × 0 = −4"


def test_long_names_with_a_number_are_held_together() -> None:
    graph = chain([("add_constant1", "add_constant:c=1", ["x"])], {"x": 1.0})
    found = tangents(Plan.of(graph).run(), "x")
    assert explain_tangent(found, 0).line == "d(add_constant1)/dx = 1 × 1 = 1"


def test_passes_are_counted_for_both_modes() -> None:
    made = passes(Plan.of(perceptron()))
    assert (made.forward, made.reverse) == (5, 1)
    assert made.sentence == (
        "Forward mode needs 5 passes here, one for each input. "
        "Reverse mode needs 1 pass, one for each output."
    )
    graph = chain([("f", "sin", ["x"]), ("g", "cos", ["x"])], {"x": 1.0})
    assert (passes(Plan.of(graph)).forward, passes(Plan.of(graph)).reverse) == (1, 2)


def test_a_constant_asks_for_no_pass() -> None:
    graph = xyz()
    nodes = [n for n in graph.nodes.values() if n.id != "z"]
    made = Plan.of(Graph([*nodes, Node("z", "constant")], graph.wires.values()))
    assert passes(made).forward == 2


def test_a_step_is_made_without_the_others() -> None:
    found = tangents(Plan.of(perceptron()).run(), "w0")
    assert [found.step(i) for i in range(len(found.rows))] == list(found.steps)


def test_mean_and_spread_of_tangents_go_over_the_samples() -> None:
    trace = Plan.of(xyz()).run({"z": [-4.0, 0.0, 1.0]})
    mean, spread = tangents(trace, "x").moments
    row = trace.plan.row["f"]
    assert mean[row] == pytest.approx(-1.0)
    assert spread[row] == pytest.approx(np.std([-4.0, 0.0, 1.0]))
