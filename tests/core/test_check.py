"""The gradient check: right gradients pass, wrong ones do not, and kinks and ties are named."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pytest

from bpstudio.core import check as module
from bpstudio.core import differences, edits
from bpstudio.core.check import STEPS, Check, check, sweep, verdict_sentence
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Node, UnknownItem
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from tests.core.graphs import chain, perceptron, wild, xyz


def verdicts(found: Check) -> Counter[str]:
    return Counter(line.verdict for line in found.lines.values())


def one(gate: str, *inputs: float, h: float = 1e-6) -> list[module.Line]:
    names = [f"x{i}" for i in range(len(inputs))]
    graph = chain([("f", gate, names)], dict(zip(names, inputs, strict=True)))
    return list(check(graph, h).lines.values())


def test_the_classic_examples_pass() -> None:
    for graph in (xyz(), perceptron()):
        found = check(graph)
        assert set(found.lines) == set(graph.wires)
        assert verdicts(found) == {"ok": len(graph.wires)}
        assert found.passed
        assert found.worst < 1e-8


def test_a_wire_is_nudged_alone_not_its_source() -> None:
    graph = chain([("f", "multiply", ["x", "x"])], {"x": 3.0})
    assert [line.numeric for line in check(graph).lines.values()] == pytest.approx([3.0, 3.0])


@pytest.mark.parametrize("key", [key for key, gate in GATES.items() if gate.inputs])
def test_every_gate_of_the_table_passes_at_its_samples(key: str) -> None:
    for sample in GATES[key].samples:
        assert {line.verdict for line in one(key, *sample)} == {"ok"}, sample


def test_random_graphs_pass() -> None:
    for seed in range(10):
        found = check(wild(seed, 80))
        assert verdicts(found)["mismatch"] == verdicts(found)["undefined"] == 0
        assert found.worst < 1e-4


def test_a_wrong_gradient_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Plan.of(perceptron())
    honest = made.run()
    wrong = honest.wire_grad.copy()
    wrong[3] *= 1.001
    numbers = (honest.value, honest.local, honest.grad, wrong)
    trace = Trace.of(made, 1, made.seeds, tuple(array[:, 0] for array in numbers))
    monkeypatch.setattr(Plan, "run", lambda self: trace)
    found = check(made)
    assert not found.passed
    assert [wire for wire, line in found.lines.items() if line.verdict == "mismatch"] == [
        made.wires[3]
    ]


def test_a_kink_between_the_two_sides_is_a_kink() -> None:
    line = one("relu", -1e-6, h=1e-5)[0]
    assert (line.verdict, line.analytic) == ("kink", 0.0)
    assert line.numeric == pytest.approx(0.45)
    assert (line.left, line.right) == pytest.approx((0.0, 0.9))


@pytest.mark.parametrize("gate", ["relu", "abs", "leaky_relu"])
def test_both_slopes_are_shown_at_a_kink(gate: str) -> None:
    line = one(gate, 0.0)[0]
    assert line.verdict == "kink"
    assert line.right == pytest.approx(1.0)
    assert line.left < line.right


def test_a_kink_that_nothing_depends_on_is_none() -> None:
    graph = chain([("r", "relu", ["x"]), ("f", "scale:a=0", ["r"])], {"x": 0.0})
    assert check(graph).lines["w1"].verdict == "ok"


def test_a_kink_further_down_is_found() -> None:
    graph = chain([("d", "subtract", ["x", "y"]), ("f", "abs", ["d"])], {"x": 1.0, "y": 1.0})
    assert verdicts(check(graph)) == {"kink": 3}


@pytest.mark.parametrize("gate", ["max", "min"])
def test_a_tie_is_a_tie(gate: str) -> None:
    assert [line.verdict for line in one(gate, 2.0, 2.0)] == ["tie", "tie"]
    assert [line.verdict for line in one(gate, 2.0, 2.0 + 1e-7)] == ["tie", "tie"]
    assert [line.verdict for line in one(gate, 2.0, 2.1)] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("gate", "x"), [("log", -1.0), ("sqrt", 0.0), ("reciprocal", 0.0), ("exp", 800.0)]
)
def test_what_is_not_finite_is_undefined(gate: str, x: float) -> None:
    assert one(gate, x)[0].verdict == "undefined"


def test_a_nan_beside_leaves_the_rest_checkable() -> None:
    graph = chain([("bad", "log", ["x"]), ("f", "square", ["y"])], {"x": -1.0, "y": 3.0})
    lines = check(graph).lines
    assert (lines["w1"].verdict, lines["w2"].verdict) == ("undefined", "ok")


@pytest.mark.parametrize(
    ("gate", "x"),
    [("log", 1e-9), ("exp", 300.0), ("square", 1e8), ("sin", 1e6), ("sin", -3e9), ("cos", 1e8)],
)
def test_steep_and_large_numbers_still_pass(gate: str, x: float) -> None:
    assert one(gate, x)[0].verdict == "ok"


def test_tiny_gradients_are_not_lost_in_rounding() -> None:
    assert one("sigmoid", 30.0)[0].verdict == "ok"


def test_only_some_wires_may_be_asked_for() -> None:
    graph = perceptron()
    every = check(graph)
    some = check(graph, only=["w7", "w2"])
    assert set(some.lines) == {"w2", "w7"}
    assert all(some.lines[wire] == every.lines[wire] for wire in some.lines)
    with pytest.raises(UnknownItem, match="no wire ghost"):
        check(graph, only=["ghost"])


def test_wires_that_take_no_part_are_left_out() -> None:
    graph = xyz()
    half = Graph([*graph.nodes.values(), Node("h", "add")], graph.wires.values())
    assert set(check(half).lines) == set(graph.wires)
    assert check(Graph()).lines == {}


def test_seeds_weigh_the_outputs() -> None:
    graph = xyz()
    seeded = Graph(graph.nodes.values(), graph.wires.values(), seeds={"q": 2.0, "f": 0.5})
    found = check(seeded)
    assert verdicts(found) == {"ok": 4}
    assert found.lines["w1"].numeric == pytest.approx(0.0)


def test_pieces_give_what_one_batch_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = wild(5, 60)
    whole = check(graph)
    monkeypatch.setattr(differences, "ROOM", 1000)
    assert check(graph).lines == whole.lines


def test_a_thousand_gates_are_checked_within_seconds() -> None:
    # No clock decides here; the limit only keeps a gate-by-gate check from creeping in.
    graph = wild(3, 1000)
    began = time.process_time()
    found = check(graph)
    assert time.process_time() - began < 60
    assert len(found.lines) == len(graph.wires)
    assert np.isfinite([line.relative for line in found.lines.values()]).all()


def test_a_trunk_that_feeds_a_nan_is_compared_by_its_finite_outputs() -> None:
    ops = [
        ("t", "scale:a=2", ["x"]),
        ("bad", "sqrt", ["t"]),
        ("worse", "log", ["bad"]),
        ("f", "square", ["t"]),
    ]
    lines = check(chain(ops, {"x": -1.0})).lines
    found = {wire: (line.verdict, line.without) for wire, line in lines.items()}
    assert found == {
        "w1": ("ok", ("worse",)),
        "w2": ("undefined", ()),
        "w3": ("undefined", ()),
        "w4": ("ok", ()),
    }
    assert lines["w1"].analytic == -8.0
    assert lines["w1"].numeric == pytest.approx(-8.0)
    assert list(lines) == list(Plan.of(chain(ops, {"x": -1.0})).wires)


def test_an_output_left_out_keeps_the_seeds_of_the_others() -> None:
    graph = chain([("bad", "log", ["x"]), ("f", "square", ["y"])], {"x": -1.0, "y": 3.0})
    seeded = Graph(graph.nodes.values(), graph.wires.values(), seeds={"bad": 1.0, "f": 0.5})
    assert check(seeded).lines["w2"].analytic == 3.0


def test_of_a_batch_one_sample_is_checked() -> None:
    graph = chain([("f", "relu", ["x"])], {"x": 1.0})
    nodes = [Node("x", "input", params={"value": (2.0, 0.0, -3.0)}), graph.nodes["f"]]
    batch = Graph(nodes, graph.wires.values())
    assert [check(batch, sample=k).lines["w1"].verdict for k in range(3)] == ["ok", "kink", "ok"]


def test_a_sweep_is_a_v_with_its_foot_in_the_middle() -> None:
    graph = perceptron()
    found = sweep(graph, "w7")
    assert tuple(found.h) == STEPS
    assert found.analytic == Plan.of(graph).run().wire("w7")[3]
    best = int(np.argmin(found.error))
    assert 1e-8 < found.best < 1e-3
    assert found.error[best] < 1e-9
    assert found.error[0] > 1e4 * found.error[best]
    assert found.error[-1] > 1e4 * found.error[best]


def test_a_sweep_has_the_numbers_of_a_check() -> None:
    graph = wild(4, 40)
    made = Plan.of(graph)
    for wire in list(graph.wires)[::7]:
        found = sweep(made, wire, [1e-3, 1e-6])
        for k, h in enumerate((1e-3, 1e-6)):
            line = check(made, h, [wire], retry=False).lines[wire]
            assert line.numeric == pytest.approx(found.numeric[k], rel=1e-12, abs=1e-300)


def test_a_sweep_across_a_kink_shows_both_slopes_and_no_v() -> None:
    found = sweep(chain([("f", "relu", ["x"])], {"x": 0.0}), "w1")
    np.testing.assert_allclose(found.left, 0.0)
    np.testing.assert_allclose(found.right, 1.0, rtol=1e-9)
    np.testing.assert_allclose(found.numeric, 0.5, rtol=1e-9)
    assert (found.error == 1.0).all()


def test_a_sweep_of_what_has_no_number_is_nan() -> None:
    graph = chain([("f", "log", ["x"])], {"x": -1.0})
    found = sweep(graph, "w1")
    assert np.isnan([found.analytic, found.best, *found.numeric, *found.error]).all()
    with pytest.raises(UnknownItem, match="no wire ghost"):
        sweep(graph, "ghost")


def test_a_sweep_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sweep(perceptron(), "w2")
    monkeypatch.setattr(differences, "ROOM", 100)
    np.testing.assert_array_equal(sweep(perceptron(), "w2").numeric, whole.numeric)


@pytest.mark.parametrize(
    ("gate", "inputs", "said"),
    [
        ("square", [3.0], "The numeric gradient agrees: "),
        (
            "relu",
            [0.0],
            "The step crosses a kink: the slope is 0 on the left and 1 on the right, "
            "so no difference can confirm the gradient 0. It is not wrong.",
        ),
        ("max", [2.0, 2.0], "The step turns a tie: the slope is 0 on the left and 1 on the "),
        ("log", [-1.0], "There is nothing to compare: no finite number depends on this wire here."),
        (
            "sin",
            [1e15],
            "No difference can tell whether −0.5132 is right: the rounding of the numbers alone "
            "moves the output as a step does. Smaller numbers here would tell.",
        ),
    ],
)
def test_every_verdict_has_its_sentence(gate: str, inputs: list[float], said: str) -> None:
    assert verdict_sentence(one(gate, *inputs)[0]).startswith(said)


def test_the_sentence_of_a_mismatch_has_both_numbers() -> None:
    line = module.Line(2.0, 3.0, 0.3, "mismatch", 3.0, 3.0, ("g", "h"))
    assert verdict_sentence(line) == (
        "The gradient 2 is not what a small change shows, 3. "
        "Left out, because it is no finite number: g, h."
    )


def test_a_sweep_says_which_steps_cross_a_kink() -> None:
    graph = Graph().apply(edits.build(Graph(), "f = relu(x)", {"x": -1e-6}))
    found = sweep(graph, next(iter(graph.wires)))
    assert found.kink[found.h > 1.1e-6].all()
    assert not found.kink[found.h < 0.9e-6].any()
    assert not found.tie.any()
