"""Plan: the order, every way of running, and what numbers do at the edges."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import columns, plan
from bpstudio.core.gates import GATES
from bpstudio.core.graph import (
    BadParam,
    Graph,
    LoopError,
    Node,
    Patch,
    PortTaken,
    Seed,
    UnknownItem,
    Wire,
)
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from tests.core.graphs import WILD, chain, layered, oracle, perceptron, wild, xyz

ARRAYS = ("value", "grad", "wire_value", "local", "upstream", "wire_grad")


@pytest.fixture
def never_small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every graph takes the way of large ones: strips and levels of arrays."""
    monkeypatch.setattr(plan, "SMALL", -1)
    return


def by_arrays(graph: Graph) -> Trace:
    """The array tier alone."""
    made = Plan.of(graph)
    return made._run_arrays(made._sources, made.seeds, 1)


def in_levels(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Trace:
    """The array tier alone, no strips."""
    with monkeypatch.context() as patched:
        patched.setattr(plan, "parts", lambda wiring: [range(1, len(wiring.level_rows) - 1)])
        return by_arrays(graph)


def arrays(trace: Trace) -> dict[str, np.ndarray[Any, Any]]:
    return {name: getattr(trace, name) for name in ARRAYS}


def assert_same(one: Trace, other: Trace) -> None:
    """The same numbers to the bit."""
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def assert_near(one: Trace, other: Trace) -> None:
    for name in ARRAYS:
        a, b = getattr(one, name), getattr(other, name)
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12, err_msg=name)


def assert_right(trace: Trace, graph: Graph) -> None:
    """Agrees with the oracle to 1e-12 (1 + |reference|)."""
    values, grads, shares = oracle(graph)
    asked = ((values, trace.value_of), (grads, trace.grad_of), (shares, lambda w: trace.wire(w)[3]))
    for reference, ask in asked:
        for key, number in reference.items():
            assert abs(ask(key) - number) <= 1e-12 * (1 + abs(number)), key


# --- the numbers ------------------------------------------------------------------------------


def test_the_classic_example_is_right() -> None:
    trace = Plan.of(xyz()).run()
    assert {n: trace.value_of(n) for n in "xyzqf"} == {"x": -2, "y": 5, "z": -4, "q": 3, "f": -12}
    assert {n: trace.grad_of(n) for n in "xyzqf"} == {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}
    assert trace.wire("w3") == (3.0, -4.0, 1.0, -4.0)


seeds = st.integers(0, 10**6)


@given(seeds, st.integers(1, 60))
@settings(deadline=None)
def test_any_graph_agrees_with_the_oracle(seed: int, gates: int) -> None:
    graph = wild(seed, gates)
    assert_right(Plan.of(graph).run(), graph)
    assert_right(by_arrays(graph), graph)


@given(seeds, st.integers(1, 80))
@settings(deadline=None)
def test_generated_code_gives_the_same_bits_as_gate_after_gate(seed: int, gates: int) -> None:
    made = Plan.of(wild(seed, gates, kinds=WILD))
    before = made.run()
    assert made.warm()
    assert_same(made.run(), before)


@given(seeds, st.integers(1, 80))
@settings(deadline=None)
def test_only_arithmetic_gives_the_same_bits_in_every_tier(seed: int, gates: int) -> None:
    kinds = ("add", "subtract", "multiply", "divide", "negate", "max", "min", "relu", "scale")
    graph = wild(seed, gates, kinds=kinds)
    small, large = Plan.of(graph).run(), by_arrays(graph)
    assert_same(small, large)


@given(seeds, st.integers(1, 60))
@settings(deadline=None)
def test_all_tiers_agree_and_meet_nan_and_inf_in_the_same_places(seed: int, gates: int) -> None:
    graph = wild(seed, gates, kinds=WILD)
    made = Plan.of(graph)
    small, large = made.run(), by_arrays(graph)
    first = made.nodes[0]
    value = small.value_of(first)
    rows = made.run({first: [value] * columns.FROM})
    few = made.run({first: [value] * 3})
    for other in (large, rows, few):
        for name in ARRAYS:
            # Functions may differ by an ulp, which later gates and poles magnify.
            ours, theirs = getattr(small, name)[:, 0], getattr(other, name)[:, 0]
            assert (np.isnan(ours) == np.isnan(theirs)).all()
            fine = np.isfinite(ours) & (np.abs(ours) < 1e6)
            np.testing.assert_allclose(theirs[fine], ours[fine], rtol=1e-6, atol=1e-6)


def test_strips_and_levels_share_one_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = layered(3, 200, 4)
    deep = wild(5, 400, reach=2)
    nodes = [
        *graph.nodes.values(),
        *(Node(f"d{n.id}", n.gate, params=n.params) for n in deep.nodes.values()),
    ]
    wires = [
        *graph.wires.values(),
        *(Wire(f"d{w.id}", f"d{w.source}", f"d{w.target}", w.port) for w in deep.wires.values()),
    ]
    both = Graph(nodes, wires)
    made = Plan.of(both)
    kinds = {type(part).__name__ for part in made._parts()}
    assert kinds == {"range", "Strip"}
    cold = made.run()
    assert_near(cold, in_levels(both, monkeypatch))
    assert not made.is_warm
    assert made.warm()
    assert made.is_warm
    assert_same(made.run(), cold)


@pytest.mark.usefixtures("never_small")
def test_small_graphs_are_right_in_the_large_ones_way() -> None:
    for graph in (xyz(), perceptron(), chain([], {"x": 1.0})):
        assert_near(Plan.of(graph).run(), by_arrays(graph))
    assert Plan.of(xyz()).run().grad_of("x") == -4


def test_a_run_is_repeatable_and_starts_from_zero() -> None:
    for graph in (perceptron(), wild(1, 200), layered(1, 300, 5)):
        made = Plan.of(graph)
        assert_same(made.run(), made.run())


def test_traces_keep_their_numbers_while_the_plan_runs_on() -> None:
    made = Plan.of(layered(1, 400, 4))
    first = made.run()
    kept = {name: array.copy() for name, array in arrays(first).items()}
    made.run({made.nodes[0]: 17.0})
    for name, array in arrays(first).items():
        np.testing.assert_array_equal(array, kept[name])


def test_runs_in_two_threads_do_not_meet() -> None:
    made = Plan.of(layered(2, 400, 4))
    node = made.nodes[0]
    alone = {v: made.run({node: float(v)}) for v in range(2)}
    wrong: list[int] = []

    def keep_running(value: int) -> None:
        for _ in range(20):
            if not np.array_equal(made.run({node: float(value)}).value, alone[value].value):
                wrong.append(value)

    threads = [threading.Thread(target=keep_running, args=(v,)) for v in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# --- the order --------------------------------------------------------------------------------


@given(seeds, st.integers(1, 80))
@settings(deadline=None)
def test_rows_are_a_topological_order(seed: int, gates: int) -> None:
    graph = wild(seed, gates)
    made = Plan.of(graph)
    assert sorted(made.nodes) == sorted(graph.nodes)
    assert sorted(made.wires) == sorted(graph.wires)
    for wire in graph.wires.values():
        assert made.row[wire.source] < made.row[wire.target]
        row = made.wire_row[wire.id]
        assert made.wiring.source[row] == made.row[wire.source]
        assert made.wiring.target[row] == made.row[wire.target]


def test_an_empty_graph_has_an_empty_trace() -> None:
    trace = Plan.of(Graph()).run()
    assert trace.value.shape == (0, 1)
    assert len(trace.steps) == 0
    assert trace.warnings == ()


def test_sources_alone_have_values_and_no_gradient() -> None:
    trace = Plan.of(chain([], {"x": 3.0})).run()
    assert (trace.value_of("x"), trace.grad_of("x")) == (3.0, 0.0)


def test_spells_the_loop_out() -> None:
    nodes = [Node("a", "negate"), Node("b", "negate")]
    wires = [Wire("w1", "a", "b", "x"), Wire("w2", "b", "a", "x")]
    with pytest.raises(LoopError, match="close a loop"):
        Plan.of(Graph(nodes, wires))


def test_refuses_two_wires_in_one_port() -> None:
    nodes = [Node("x", "input"), Node("f", "add")]
    wires = [Wire("w1", "x", "f", "x"), Wire("w2", "x", "f", "x")]
    with pytest.raises(PortTaken, match="f has a port with two wires"):
        Plan.of(Graph(nodes, wires))


def test_refuses_a_wire_that_ends_nowhere() -> None:
    with pytest.raises(UnknownItem, match="w1 ends at y"):
        Plan.of(Graph([Node("x", "input")], [Wire("w1", "x", "y", "x")]))


def test_nodes_that_cannot_be_computed_take_no_part() -> None:
    graph = chain([("q", "add", ["x", "x"]), ("g", "exp", ["x"])], {"x": 2.0})
    nodes = [*graph.nodes.values(), Node("half", "add"), Node("after", "exp"), Node("new", "hyper")]
    wires = [
        *graph.wires.values(),
        Wire("u1", "q", "half", "x"),
        Wire("u2", "half", "after", "x"),
        Wire("u3", "g", "new", "x"),
    ]
    made = Plan.of(Graph(nodes, wires))
    known = {key: bool(made.known[row]) for key, row in made.row.items()}
    assert known == {"x": True, "q": True, "g": True, "half": False, "after": False, "new": False}
    assert made.missing == (("half", "y"),)
    trace = made.run()
    # q and g feed nothing that can be computed, so both are ends.
    assert trace.grad_of("q") == trace.grad_of("g") == 1.0
    assert trace.grad_of("x") == 2.0 + math.exp(2.0)
    for key in ("half", "after", "new"):
        assert math.isnan(trace.value_of(key))
        assert math.isnan(trace.grad_of(key))
    assert trace.wire("u1")[0] == 4.0
    assert all(map(math.isnan, trace.wire("u1")[1:]))
    assert math.isnan(trace.wire("u2")[0])
    assert trace.value.shape == (6, 1)


def test_a_wire_into_a_port_the_gate_lacks_takes_no_part() -> None:
    graph = xyz()
    wires = [*graph.wires.values(), Wire("w9", "x", "q", "x3")]
    trace = Plan.of(Graph(graph.nodes.values(), wires)).run()
    assert trace.value_of("f") == -12
    assert math.isnan(trace.wire("w9")[3])


# --- semantics --------------------------------------------------------------------------------


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
    monkeypatch.setattr(plan, "SMALL", -1)
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


# --- inputs and batches -----------------------------------------------------------------------


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
    with pytest.raises(BadParam, match="x has 100001 samples; a batch holds at most 100000"):
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


# --- keeping the plan -------------------------------------------------------------------------


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


# --- depth ------------------------------------------------------------------------------------


def test_a_chain_of_100000_gates_runs_without_recursion() -> None:
    n = 100_000
    nodes = [Node("n0", "input", params={"value": 0.5})]
    nodes += [Node(f"n{i}", "add_constant", params={"c": 1.0}) for i in range(1, n + 1)]
    wires = [Wire(f"w{i}", f"n{i - 1}", f"n{i}", "x") for i in range(1, n + 1)]
    trace = Plan.of(Graph(nodes, wires)).run()
    assert trace.value_of(f"n{n}") == n + 0.5
    assert trace.grad_of("n0") == 1.0
    assert len(trace.steps) == 2 * n
    assert trace.steps[-1].node == "n1"


def test_a_ladder_of_depth_1000_doubles_at_every_rung() -> None:
    names = [f"n{i}" for i in range(1001)]
    ops = [(names[i], "add", [names[i - 1]] * 2) for i in range(1, 1001)]
    trace = Plan.of(chain(ops, {"n0": 1.0})).run()
    assert trace.grad_of("n0") == 2.0**1000


def test_a_value_used_five_hundred_times_adds_up() -> None:
    ops = [(f"n{i}", "negate", ["x"]) for i in range(500)]
    graph = chain(ops, {"x": 1.0})
    made = Plan.of(graph)
    assert made.run().grad_of("x") == -500
    made.warm()
    assert made.run().grad_of("x") == -500


def test_every_gate_of_the_table_runs_alone_in_every_tier() -> None:
    for gate in GATES.values():
        for sample in gate.samples if gate.inputs else ():
            graph = chain(
                [("f", gate.key, list(gate.inputs))], dict(zip(gate.inputs, sample, strict=True))
            )
            made = Plan.of(graph)
            cold, wide = made.run(), by_arrays(graph)
            made.warm()
            assert_same(made.run(), cold)
            for name in ARRAYS:
                ours, theirs = getattr(cold, name), getattr(wide, name)
                np.testing.assert_array_max_ulp(ours, theirs, maxulp=4)


@pytest.mark.peer
@pytest.mark.parametrize("tenth", range(10))
def test_a_thousand_random_graphs_agree_with_torch_wires_included(tenth: int) -> None:
    pytest.importorskip("torch")
    for seed in range(100 * tenth, 100 * tenth + 100):
        graph = wild(seed, 4 + seed % 37)
        trace = Plan.of(graph).run()
        for place, ours, theirs in _beside_torch(graph, trace):
            reference = 0.0 if theirs is None else float(theirs)
            assert abs(ours - reference) <= 1e-12 * (1 + abs(reference)), (seed, place)


def _beside_torch(graph: Graph, trace: Trace) -> Iterator[tuple[str, float, Any]]:
    """(where, our number, torch's) for values and gradients of all nodes and wires."""
    import torch

    value: dict[str, Any] = {}
    wire: dict[str, Any] = {}
    for key in trace.plan.nodes:
        node = graph.nodes[key]
        if node.gate == "input":
            number = torch.tensor(node.params["value"], dtype=torch.float64, requires_grad=True)
            value[key] = number
            continue
        into = [key for _, key in sorted(_ports(graph, key))]
        for at in into:
            # A copy of its own for each wire: its gradient is what the wire carries back.
            wire[at] = value[graph.wires[at].source].clone()
            wire[at].retain_grad()
        value[key] = _torch(torch, node, [wire[at] for at in into])
        value[key].retain_grad()
    ends = [value[trace.plan.nodes[row]] for row in trace.plan.seeds.rows]
    sum(ends).backward()
    for key, tensor in value.items():
        yield key, trace.value_of(key), tensor.item()
        yield key, trace.grad_of(key), tensor.grad
    for key, tensor in wire.items():
        yield key, trace.wire(key)[0], tensor.item()
        yield key, trace.wire(key)[3], tensor.grad


def _ports(graph: Graph, node: str) -> list[tuple[int, str]]:
    ports = GATES[graph.nodes[node].gate].ports(graph.nodes[node].params)
    return [(ports.index(port), wire) for port, wire in graph.into(node).items()]


def _torch(torch: Any, node: Node, x: list[Any]) -> Any:
    from functools import reduce

    many = {"add": torch.add, "multiply": torch.mul, "max": torch.maximum, "min": torch.minimum}
    if node.gate in many and len(x) == 2:
        return many[node.gate](*x)
    # torch.maximum splits a tie of three as 1/2, 1/4, 1/4; amax splits it evenly, as we do.
    if node.gate in ("max", "min"):
        return getattr(torch.stack(x), f"a{node.gate}")()
    if node.gate in many:
        return reduce(many[node.gate], x)
    functional = torch.nn.functional
    param = {k: v for k, v in node.params.items() if k != "inputs"}
    rules = {
        "subtract": lambda: x[0] - x[1],
        "negate": lambda: -x[0],
        "scale": lambda: x[0] * param["a"],
        "add_constant": lambda: x[0] + param["c"],
        "half_squared_error": lambda: 0.5 * (x[0] - x[1]) ** 2,
        "softplus": lambda: functional.softplus(x[0], threshold=1e9),
        "gelu": lambda: functional.gelu(x[0]),
        "elu": lambda: functional.elu(x[0]),
        "leaky_relu": lambda: functional.leaky_relu(x[0], param["slope"]),
        "relu": lambda: functional.relu(x[0]),
    }
    rule = rules.get(node.gate)
    return rule() if rule else getattr(torch, node.gate)(x[0])
