"""Trace: its arrays, its steps, what is visible after each, and its warnings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import cautions as cautions_module
from bpstudio.core.cautions import KINDS
from bpstudio.core.explain import explain
from bpstudio.core.graph import BadParam, Graph, Node
from bpstudio.core.plan import Plan
from bpstudio.core.trace import BACKWARD, FORWARD, MEASURED, Trace
from tests.core.graphs import TAME, WILD, chain, layered, perceptron, wild, xyz


def trace_of(ops: list[Any], inputs: dict[str, float]) -> Trace:
    return Plan.of(chain(ops, inputs)).run()


def cautions(trace: Trace) -> list[tuple[str, str]]:
    return [(w.kind, w.node) for w in trace.warnings]


# --- arrays -----------------------------------------------------------------------------------


def test_arrays_have_a_row_per_node_or_wire_and_a_column_per_sample() -> None:
    made = Plan.of(xyz())
    for batch, inputs in ((1, None), (4, {"x": [1.0, 2.0, 3.0, 4.0]})):
        trace = made.run(inputs)
        for name in ("value", "grad"):
            assert getattr(trace, name).shape == (5, batch)
        for name in ("wire_value", "local", "upstream", "wire_grad"):
            assert getattr(trace, name).shape == (4, batch)
            assert getattr(trace, name).dtype == np.float64


@pytest.mark.parametrize("name", ["value", "grad", "wire_value", "local", "upstream", "wire_grad"])
def test_arrays_cannot_be_written(name: str) -> None:
    for trace in (Plan.of(xyz()).run(), Plan.of(layered(1, 300, 3)).run()):
        with pytest.raises(ValueError, match="read-only"):
            getattr(trace, name)[0, 0] = 1.0


@given(st.integers(0, 10**6))
@settings(deadline=None)
def test_a_wires_gradient_is_local_times_upstream_and_a_nodes_the_sum(seed: int) -> None:
    trace = Plan.of(wild(seed, 40)).run()
    np.testing.assert_array_equal(trace.wire_grad, trace.local * trace.upstream)
    total = np.zeros(len(trace.plan.nodes))
    np.add.at(total, trace.plan.wiring.source, trace.wire_grad[:, 0])
    total[list(trace.seeds.rows)] += trace.seeds.numbers
    np.testing.assert_allclose(trace.grad[:, 0], total, rtol=1e-12, atol=1e-12)


# --- steps ------------------------------------------------------------------------------------


def test_steps_go_forward_in_order_and_back_in_reverse() -> None:
    steps = Plan.of(xyz()).run().steps
    assert [(s.phase, s.node) for s in steps] == [
        (FORWARD, "q"),
        (FORWARD, "f"),
        (BACKWARD, "f"),
        (BACKWARD, "q"),
    ]
    assert len(steps) == 4


def test_a_step_holds_its_numbers_by_port() -> None:
    steps = Plan.of(xyz()).run().steps
    ahead, back = steps[1], steps[2]
    assert (ahead.inputs, ahead.output) == ((3.0, -4.0), -12.0)
    assert math.isnan(ahead.upstream)
    assert ahead.local == ahead.downstream == ()
    assert (back.inputs, back.output, back.upstream) == ((3.0, -4.0), -12.0, 1.0)
    assert (back.local, back.downstream) == ((-4.0, 3.0), (-4.0, 3.0))


def test_steps_can_be_sliced_and_counted_from_the_end() -> None:
    steps = Plan.of(xyz()).run().steps
    assert steps[-1] == steps[3]
    assert [s.node for s in steps[1:3]] == ["f", "f"]
    with pytest.raises(IndexError):
        steps[4]
    assert steps.index_of("q") == 0
    assert steps.index_of("q", BACKWARD) == 3
    with pytest.raises(ValueError, match="x"):
        steps.index_of("x")


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_what_is_visible_names_the_active_gate_and_its_wires(seed: int) -> None:
    trace = Plan.of(wild(seed, 15)).run()
    graph = trace.plan.graph
    for n, step in enumerate(trace.steps, 1):
        seen = trace.at(n)
        # By its text: an upstream that is not known yet is NaN, which equals nothing.
        assert (repr(seen.step), seen.active) == (repr(step), step.node)
        assert set(seen.active_wires) == set(graph.into(step.node).values())


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_each_step_only_needs_what_earlier_steps_showed(seed: int) -> None:
    trace = Plan.of(wild(seed, 15)).run()
    plan = trace.plan
    for n, step in enumerate(trace.steps):
        before, after = trace.at(n), trace.at(n + 1)
        row = plan.row[step.node]
        into = [plan.wire_row[w] for w in plan.graph.into(step.node).values()]
        assert before.wire_values[into].all()
        if step.phase == FORWARD:
            assert not before.values[row]
            assert after.values[row]
        else:
            assert after.grads[row]
            assert not before.wire_grads[into].any()
            assert after.wire_grads[into].all()
            # Its gradient is complete before it is handed back; a seed shows with its own step.
            assert before.grads[row] or not plan.graph.out_of(step.node)


# --- what is visible --------------------------------------------------------------------------


def test_at_the_start_only_the_sources_have_values() -> None:
    trace = Plan.of(xyz()).run()
    seen = trace.at(0)
    assert seen.step is None
    assert (seen.active, seen.active_wires) == ("", ())
    assert {trace.plan.nodes[i] for i in np.flatnonzero(seen.values)} == {"x", "y", "z"}
    assert {trace.plan.wires[i] for i in np.flatnonzero(seen.wire_values)} == {"w1", "w2", "w4"}
    assert not seen.grads.any()
    assert not seen.wire_grads.any()


def test_at_the_end_everything_is_visible() -> None:
    trace = Plan.of(perceptron()).run()
    seen = trace.at(len(trace.steps))
    for mask in (seen.values, seen.wire_values, seen.grads, seen.wire_grads):
        assert mask.all()


def test_half_way_the_seed_waits_for_the_first_step_back() -> None:
    trace = Plan.of(xyz()).run()
    assert not trace.at(2).grads.any()
    seen = trace.at(3)
    assert seen.active == "f"
    assert seen.active_wires == ("w3", "w4")
    assert {trace.plan.nodes[i] for i in np.flatnonzero(seen.grads)} == {"f", "q", "z"}
    assert seen.step == trace.steps[2]


def test_a_fan_outs_gradient_waits_for_its_last_wire() -> None:
    ops = [("a", "square", ["x"]), ("b", "exp", ["a"]), ("f", "multiply", ["x", "b"])]
    trace = trace_of(ops, {"x": 1.0})
    row = trace.plan.row["x"]
    assert [bool(trace.at(n).grads[row]) for n in range(7)] == [False] * 6 + [True]


def test_steps_beyond_the_ends_are_held_there() -> None:
    trace = Plan.of(xyz()).run()
    assert trace.at(-3).step is None
    assert trace.at(99).step == trace.steps[-1]


def test_what_cannot_be_computed_is_never_visible() -> None:
    graph = Graph([*xyz().nodes.values(), Node("half", "add")], xyz().wires.values())
    trace = Plan.of(graph).run()
    seen = trace.at(len(trace.steps))
    row = trace.plan.row["half"]
    assert not seen.values[row]
    assert not seen.grads[row]


def test_sources_alone_show_everything_at_once() -> None:
    seen = trace_of([], {"x": 1.0}).at(0)
    assert seen.values.all()
    assert seen.grads.all()


# --- warnings ---------------------------------------------------------------------------------


def test_ordinary_numbers_need_no_warning() -> None:
    for graph in (xyz(), perceptron(), layered(1, 50, 5, ("add", "multiply", "tanh"))):
        assert Plan.of(graph).run().warnings == ()


def test_a_tie_is_named_with_its_inputs() -> None:
    trace = trace_of([("f", "max", ["x", "y", "w"])], {"x": 2.0, "y": 2.0, "w": 1.0})
    assert cautions(trace) == [("tie", "f")]
    said = trace.warnings[0].sentence
    assert said == (
        "f is a tie: x and y are both 2, "
        "so the gradient is split evenly, as torch.maximum does for two."
    )


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (["x", "y", "w"], "f is a tie: x, y and w are all 2, so"),
        (["x", "y", "x"], "f is a tie: x and y are both 2, so"),
        ([f"x{k}" for k in range(64)], "f is a tie: x0, x1, x2 and 61 others are all 2, so"),
        (["x", "x"], "f is a tie: x, 2, goes into it more than once, so"),
    ],
)
def test_a_tie_of_many_or_of_one_gate_with_itself_is_said_so(inputs, said) -> None:
    trace = trace_of([("f", "max", inputs)], dict.fromkeys(inputs, 2.0))
    assert trace.warnings[0].sentence.startswith(said)


@pytest.mark.parametrize("gate", ["relu", "abs", "leaky_relu"])
def test_a_kink_is_named_where_it_is_hit(gate: str) -> None:
    assert cautions(trace_of([("f", gate, ["x"])], {"x": 0.0})) == [("kink", "f")]
    assert cautions(trace_of([("f", gate, ["x"])], {"x": 1e-300})) == []


@pytest.mark.parametrize(
    ("gate", "inputs", "kinds"),
    [
        ("exp", [800.0], ["overflow"]),
        ("multiply", [1e200, 1e200], ["overflow"]),
        ("reciprocal", [0.0], ["division"]),
        ("divide", [1.0, 0.0], ["division"]),
        ("divide", [0.0, 0.0], ["division", "nan"]),
        ("log", [-1.0], ["domain", "nan"]),
        ("log", [0.0], ["division"]),
        ("sqrt", [-1.0], ["domain", "nan"]),
        ("power:p=-1", [0.0], ["division"]),
        ("max", [math.nan, 1.0], ["nan"]),
        ("power:p=0.5", [-8.0], ["domain", "nan"]),
        ("add", [math.inf, -math.inf], ["inf", "inf", "nan"]),
    ],
)
def test_what_leaves_the_reals_is_named(gate: str, inputs: list[float], kinds: list[str]) -> None:
    names = [f"x{i}" for i in range(len(inputs))]
    trace = trace_of([("f", gate, names)], dict(zip(names, inputs, strict=True)))
    assert [kind for kind, _ in cautions(trace)] == kinds
    assert set(kinds) <= set(KINDS)


def test_a_nan_is_told_of_where_it_was_born_with_those_that_hand_it_on() -> None:
    ops = [
        ("log1", "log", ["x"]),
        ("m", "multiply", ["log1", "y"]),
        ("f", "add", ["m", "y"]),
    ]
    trace = trace_of(ops, {"x": -1.0, "y": 2.0})
    born = [w for w in trace.warnings if w.kind == "nan"]
    assert [w.node for w in born] == ["log1"]
    assert born[0].sentence == "log1 made the first NaN: ln(−1). m, f only hand it on."


def test_only_the_first_heirs_of_a_nan_are_named() -> None:
    ops = [("l", "log", ["x"]), *((f"n{i}", "negate", ["l"]) for i in range(6))]
    born = next(w for w in trace_of(ops, {"x": -1.0}).warnings if w.kind == "nan")
    assert born.sentence.endswith("n0, n1, n2 and 3 more hand it on.")


def test_a_nan_that_only_the_way_back_makes_is_found() -> None:
    trace = trace_of([("r", "sqrt", ["x"]), ("f", "scale:a=0", ["r"])], {"x": 0.0})
    assert ("nan", "r") in cautions(trace)
    said = next(w.sentence for w in trace.warnings if w.kind == "nan")
    assert said == "r hands back NaN to x: 0 × ∞."


def test_a_sentence_is_made_only_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ops = [(f"n{i}", "exp", ["x"]) for i in range(50)]
    trace = trace_of([*ops, ("l", "log", ["y"])], {"x": 800.0, "y": -1.0})
    read: list[str] = []
    honest = cautions_module.value_with_numbers

    def formula(trace: Trace, node: str, sample: int) -> str:
        read.append(node)
        return honest(trace, node, sample)

    monkeypatch.setattr(cautions_module, "value_with_numbers", formula)
    found = trace.warnings
    assert [w.node for w in found if w.kind == "overflow"] == [f"n{i}" for i in range(50)]
    assert read == []
    assert found[0].sentence.startswith("n0 overflows: e^800")
    assert read == ["n0"]


def test_an_infinite_slope_is_found() -> None:
    trace = trace_of([("f", "sqrt", ["x"])], {"x": 0.0})
    assert cautions(trace) == [("inf", "f")]


def test_open_ports_come_first() -> None:
    graph = Graph([Node("x", "input"), Node("f", "add", label="sum")])
    trace = Plan.of(graph).run()
    assert cautions(trace) == [("unwired", "f"), ("unwired", "f")]
    assert trace.warnings[0].sentence == "sum: port x has no wire yet."


def test_any_sample_of_a_batch_may_be_warned_of() -> None:
    made = Plan.of(chain([("f", "log", ["x"])], {"x": 1.0}))
    assert ("nan", "f") in cautions(made.run({"x": [1.0, 2.0, -3.0]}))


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=50)
def test_every_nan_has_an_origin(seed: int) -> None:
    trace = Plan.of(wild(seed, 30, kinds=WILD)).run()
    lost = bool(np.isnan(trace.value).any())
    forward = [w for w in trace.warnings if w.kind == "nan" and "made the first" in w.sentence]
    assert bool(forward) == lost
    for caution in forward:
        row = trace.plan.row[caution.node]
        into = [trace.plan.wire_row[w] for w in trace.plan.graph.into(caution.node).values()]
        assert np.isnan(trace.value[row, 0])
        assert not np.isnan(trace.wire_value[into, 0]).any()


def test_tame_graphs_stay_finite() -> None:
    for seed in range(20):
        assert np.isfinite(Plan.of(wild(seed, 60, kinds=TAME)).run().grad).all()


# --- a batch ----------------------------------------------------------------------------------


def batch(values: dict[str, tuple[float, ...]], graph: Graph) -> Graph:
    """The graph with columns of samples on some inputs."""
    nodes = [
        Node(n.id, n.gate, params={"value": values[n.id]} if n.id in values else n.params)
        for n in graph.nodes.values()
    ]
    return Graph(nodes, graph.wires.values())


@pytest.mark.parametrize("size", [2, 300])
def test_a_sample_of_a_batch_is_a_trace_of_its_own(size: int) -> None:
    columns = {
        key: tuple(float(v) for v in np.random.default_rng(i).normal(size=size))
        for i, key in enumerate(("x", "z"))
    }
    whole = Plan.of(batch(columns, xyz())).run()
    assert whole.batch == size
    for k in (0, 1, size - 1):
        alone = Plan.of(xyz()).run({key: column[k] for key, column in columns.items()})
        part = whole.sample(k)
        assert part.batch == 1
        # By their text: from Python 3.13 on, steps that hold a NaN differ from themselves.
        assert list(map(repr, part.steps)) == list(map(repr, alone.steps))
        for key in alone.plan.nodes:
            assert whole.value_of(key, k) == part.value_of(key) == alone.value_of(key)
            assert whole.grad_of(key, k) == part.grad_of(key) == alone.grad_of(key)
        for wire in alone.plan.wires:
            assert whole.wire(wire, k) == part.wire(wire) == alone.wire(wire)


def test_a_sample_explains_itself_and_warns_of_itself() -> None:
    trace = Plan.of(batch({"x": (3.0, 0.0)}, chain([("f", "relu", ["x"])], {"x": 1.0}))).run()
    assert explain(trace.sample(0), 0).line == "f = max(x, 0) = max(3, 0) = 3"
    assert trace.sample(0).warnings == ()
    assert [w.kind for w in trace.sample(1).warnings] == ["kink"]
    assert explain(trace.sample(1), 0).line == "f = max(x, 0) = max(0, 0) = 0"


def test_refuses_a_sample_that_is_not_there() -> None:
    trace = Plan.of(batch({"x": (3.0, 0.0)}, xyz())).run()
    for k in (-1, 2):
        with pytest.raises(BadParam, match=f"no sample {k}: they are 0 to 1"):
            trace.sample(k)


@pytest.mark.parametrize("of", MEASURED)
def test_mean_and_spread_are_those_of_the_samples(of: str) -> None:
    trace = Plan.of(batch({"x": (3.0, -1.0, 7.0, 2.5), "y": (1.0, 2.0, 3.0, 4.0)}, xyz())).run()
    array = getattr(trace, of)
    np.testing.assert_allclose(trace.mean(of), array.mean(axis=1), rtol=1e-15)
    np.testing.assert_allclose(trace.spread(of), array.std(axis=1), rtol=1e-14, atol=1e-15)
    assert not trace.mean(of).flags.writeable


def test_what_is_the_same_in_all_samples_has_no_spread() -> None:
    graph = batch(
        {"x": (3.0, -1.0, 7.0)}, chain([("f", "multiply", ["x", "y"])], {"x": 1, "y": 0.1})
    )
    trace = Plan.of(graph).run()
    row = trace.plan.row["y"]
    assert (trace.mean("value")[row], trace.spread("value")[row]) == (0.1, 0.0)


def test_an_infinite_sample_makes_the_mean_infinite() -> None:
    graph = batch({"x": (0.0, 1.0)}, chain([("f", "reciprocal", ["x"])], {"x": 1.0}))
    trace = Plan.of(graph).run()
    row = trace.plan.row["f"]
    assert trace.mean("value")[row] == math.inf
    assert math.isnan(trace.spread("value")[row])


def test_only_arrays_of_a_trace_have_a_mean() -> None:
    with pytest.raises(ValueError, match="steps"):
        Plan.of(xyz()).run().mean("steps")
