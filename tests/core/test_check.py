"""The gradient check: right gradients pass, wrong ones do not, and kinks and ties are named."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pytest

from bpstudio.core import check as module
from bpstudio.core.check import Check, check
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
    trace = Trace(made, 1, made.seeds, *[array[:, 0] for array in numbers])
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


@pytest.mark.parametrize(("gate", "x"), [("log", 1e-9), ("exp", 300.0), ("square", 1e8)])
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
    monkeypatch.setattr(module, "ROOM", 1000)
    assert check(graph).lines == whole.lines


def test_a_thousand_gates_are_checked_within_seconds() -> None:
    # No clock decides here; the limit only keeps a gate-by-gate check from creeping in.
    graph = wild(3, 1000)
    began = time.perf_counter()
    found = check(graph)
    assert time.perf_counter() - began < 20
    assert len(found.lines) == len(graph.wires)
    assert np.isfinite([line.relative for line in found.lines.values()]).all()
