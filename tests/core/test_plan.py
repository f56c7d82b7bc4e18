"""Plan: the order, and that every way of running gives the same right numbers."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bpstudio.core import columns, tiers
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, LoopError, Node, PortTaken, UnknownItem, Wire
from bpstudio.core.plan import Plan
from tests.core.graphs import WILD, chain, layered, perceptron, wild, xyz
from tests.core.tiers import (
    ARRAYS,
    arrays,
    assert_near,
    assert_right,
    assert_same,
    by_arrays,
    in_levels,
)

# --- the numbers ----------------------------------------------------------------------------------


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
@example(564, 16)  # (-inf) ^ 0.5
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
    kinds = {type(part).__name__ for part in tiers.parts_of(made.wiring)}
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


# --- the order ------------------------------------------------------------------------------------


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


# --- depth ----------------------------------------------------------------------------------------


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
