"""What no difference can tell is undefined; what one could have told stays a mismatch."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.graph import Graph
from bpstudio.core.judging import Judgement, blur_of, judge
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from tests.core.graphs import chain, wild

WORDS = ("ok", "kink", "tie", "mismatch", "undefined")


def judged(graph: Graph, row: int = 0, factor: float = 1.0) -> str:
    """The verdict on a wire whose gradient was made wrong by a factor before."""
    plan = Plan.of(graph)
    honest = plan.run().sample(0)
    wrong = honest.wire_grad[:, 0].copy()
    wrong[row] *= factor
    arrays = (honest.value[:, 0], honest.local[:, 0], honest.grad[:, 0], wrong)
    found: Judgement = judge(
        Trace.of(plan, 1, plan.run().seeds, arrays), np.array([row]), 1e-6, retry=True
    )
    assert not found.blurred[0] or found.verdict[0] == WORDS.index("undefined")
    return WORDS[found.verdict[0]]


def wave(x: float, gate: str = "sin") -> Graph:
    return chain([("f", gate, ["x"])], {"x": x})


@pytest.mark.parametrize("x", [1e15, -3.7e15, 7e17, 1e20, 1e300])
@pytest.mark.parametrize("factor", [1.0, -1.0, 1.01])
def test_a_sine_whose_numbers_lie_too_far_apart_cannot_be_told(x: float, factor: float) -> None:
    assert judged(wave(x), factor=factor) == "undefined"
    assert judged(wave(x, "cos"), factor=factor) == "undefined"


@pytest.mark.parametrize("x", [0.5, 1e6, 1e8, -3e9, 9e9, 5e10])
def test_up_to_where_a_step_can_tell_right_is_ok_and_wrong_is_found(x: float) -> None:
    assert judged(wave(x)) == "ok"
    for factor in (1.01, 0.99, 2.0, -1.0, 0.0, 1e20):
        assert judged(wave(x), factor=factor) == "mismatch"


@pytest.mark.parametrize("power", range(5, 17))
def test_a_right_gradient_is_never_called_wrong(power: int) -> None:
    rng = np.random.default_rng(power)
    for x in rng.uniform(1, 10, 20) * 10.0**power:
        assert judged(wave(x)) in ("ok", "undefined")


@pytest.mark.parametrize(
    ("ops", "x"),
    [
        ([("big", "add_constant:c=1e15", ["x"]), ("f", "sin", ["big"])], 1.0),
        ([("big", "scale:a=1e20", ["x"]), ("f", "cos", ["big"])], 1.0),
        ([("s", "sin", ["x"]), ("f", "add_constant:c=1e6", ["s"])], 1e15),
    ],
)
def test_rounding_further_down_and_a_larger_output_beside_are_seen(ops: list, x: float) -> None:
    assert judged(chain(ops, {"x": x})) == "undefined"


def test_where_digits_cancel_a_small_fault_cannot_be_told_and_a_large_one_is() -> None:
    ops = [("up", "add_constant:c=1e10", ["x"]), ("f", "add_constant:c=-1e10", ["up"])]
    graph = chain(ops, {"x": 1.0})
    assert judged(graph) == "undefined"
    assert judged(graph, factor=1.1) == "mismatch"


@pytest.mark.parametrize(
    ("gate", "x"),
    [("log", 1e-9), ("exp", 300.0), ("sqrt", 1e-12), ("reciprocal", 1e-8), ("square", 1e8)],
)
def test_a_steep_gate_hides_no_wrong_gradient(gate: str, x: float) -> None:
    for factor in (2.0, -1.0, 0.0, 1e10):
        assert judged(wave(x, gate), factor=factor) == "mismatch"


def test_in_ordinary_graphs_no_wrong_gradient_is_undefined() -> None:
    for seed in range(4):
        graph = wild(seed, 80)
        for row in range(0, Plan.of(graph).wiring.wire_count, 7):
            assert judged(graph, row, 1.01) != "undefined"


def test_a_long_step_over_many_waves_does_not_make_a_zero_right() -> None:
    assert judged(wave(5e10), factor=0.0) == "mismatch"


def test_the_blur_is_that_of_the_wires_below() -> None:
    ops = [("s", "sin", ["x"]), ("t", "sin", ["y"]), ("f", "add", ["s", "t"])]
    graph = chain(ops, {"x": 1e15, "y": 1.0})
    plan = Plan.of(graph)
    rows = np.arange(plan.wiring.wire_count)
    found = dict(zip(plan.wires, blur_of(plan.run(), rows).tolist(), strict=True))
    assert 0.1 < found["w1"] <= 2.0
    assert found["w2"] < 1e-14
