"""Worked examples from lecture notes and papers: every number of every scalar graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bpstudio.core.check import check
from bpstudio.core.graph import Graph
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from tests.core.graphs import chain

EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "reference" / "examples.json").read_text("utf-8")
)["examples"]
SCALAR = {e["id"]: e for e in EXAMPLES if e["kind"] == "scalar_graph"}
OTHER = {e["id"]: e for e in EXAMPLES if e["kind"] != "scalar_graph"}
GATES = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "neg": "negate",
    "recip": "reciprocal",
    "exp": "exp",
    "max": "max",
    "relu": "relu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "mulc": "scale:a",
    "addc": "add_constant:c",
    "pow": "power:p",
}


def graph_of(example: dict[str, Any]) -> Graph:
    ops = []
    for op in example["ops"]:
        key, _, number = op["op"].partition(":")
        ops.append((op["out"], GATES[key] + (f"={number}" if number else ""), op["args"]))
    return chain(ops, example["inputs"])


def near(got: float, reference: float) -> bool:
    return abs(got - reference) <= 1e-12 * (1 + abs(reference))


def assert_agrees(trace: Trace, example: dict[str, Any]) -> None:
    graph = trace.plan.graph
    for node, value in example["forward"].items():
        assert near(trace.value_of(node), value), node
    for node, grad in example["grad"].items():
        assert near(trace.grad_of(node), grad), node
    for edge in example["edges"]:
        port = list(graph.into(edge["dst"]))[edge["port"]]
        wire = graph.into(edge["dst"])[port]
        assert graph.wires[wire].source == edge["src"]
        reference = (edge["value"], edge["local"], edge["upstream"], edge["grad"])
        assert all(map(near, trace.wire(wire), reference)), edge


@pytest.mark.parametrize("name", SCALAR)
def test_every_number_of_the_example_is_right(name: str) -> None:
    plan = Plan.of(graph_of(SCALAR[name]))
    assert_agrees(plan.run(), SCALAR[name])
    plan.warm()
    assert_agrees(plan.run(), SCALAR[name])
    # As the second sample of a batch, and as one of enough to go row by row.
    first = plan.nodes[0]
    value = float(SCALAR[name]["inputs"][first])
    for size in (2, 300):
        batch = plan.run({first: [value] * size})
        assert batch.value.shape == (len(plan.nodes), size)
        assert_agrees(batch, SCALAR[name])


@pytest.mark.parametrize("name", SCALAR)
def test_the_check_passes_the_example(name: str) -> None:
    found = check(graph_of(SCALAR[name]))
    assert {line.verdict for line in found.lines.values()} == {"ok"}
    assert found.worst < 1e-6


def test_published_numbers_are_met_with_the_digits_they_were_printed_with() -> None:
    met = 0
    for example in SCALAR.values():
        trace = Plan.of(graph_of(example)).run()
        for said in example["published"]:
            if not said["matches"] or said["what"] not in ("value", "grad"):
                continue
            ask = trace.value_of if said["what"] == "value" else trace.grad_of
            assert abs(ask(said["node"]) - said["number"]) <= 0.5000001 * 10.0 ** -said["dp"]
            met += 1
    assert met > 50


def test_reverse_topological_order_gives_8_not_2_10_or_16() -> None:
    lab = OTHER["traversal_order_lab"]
    graph = chain(
        [("b", "scale:a=2", ["a"]), ("c", "scale:a=3", ["b"]), ("d", "add", ["b", "c"])],
        {"a": 1.0},
    )
    trace = Plan.of(graph).run()
    assert {n: trace.value_of(n) for n in "abcd"} == lab["forward"]
    assert trace.grad_of("a") == lab["correct_reverse_topological"] == 8.0


def test_ties_and_kinks_follow_torch() -> None:
    said = OTHER["ties_and_kinks"]
    tie = Plan.of(chain([("f", "max", ["x", "y"])], {"x": 2.0, "y": 2.0})).run()
    assert [tie.grad_of("x"), tie.grad_of("y")] == said["torch_maximum_tie"]
    for gate in ("relu", "abs"):
        kink = Plan.of(chain([("f", gate, ["x"])], {"x": 0.0})).run()
        assert kink.grad_of("x") == said[f"torch_{gate}_at_0"] == 0.0


def test_the_inner_root_is_named_as_the_origin_of_nan() -> None:
    ops = [
        ("m", "add_constant:c=-2", ["x"]),
        ("inner", "sqrt", ["m"]),
        ("outer", "sqrt", ["inner"]),
    ]
    trace = Plan.of(chain(ops, {"x": 1.0})).run()
    said = {(w.kind, w.node) for w in trace.warnings}
    assert ("nan", "inner") in said
    assert "outer" not in {node for _, node in said}
    assert trace.grad_of("x") != trace.grad_of("x")
    origin = next(w for w in trace.warnings if w.kind == "nan")
    assert origin.sentence == "inner made the first NaN: √(−1). outer only hands it on."


def test_a_crossed_kink_is_called_a_kink() -> None:
    said = OTHER["gradcheck_kink"]
    graph = chain([("f", "relu", ["x"])], {"x": said["x"]})
    line = check(graph, h=said["h"]).lines["w1"]
    assert (line.analytic, line.numeric) == (said["analytic"], said["numeric"])
    assert line.verdict == "kink"


def test_the_error_of_central_differences_makes_a_v_over_h() -> None:
    graph = chain(
        [("t", "scale:a=2", ["x"]), ("u", "tanh", ["t"]), ("f", "multiply", ["x", "u"])], {"x": 1.3}
    )
    exact = OTHER["gradcheck_h_sweep"]["analytic"]
    assert near(Plan.of(graph).run().grad_of("x"), exact)
    sweep = [0.1, 0.01, 0.001, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12]
    errors = []
    for h in sweep:
        lines = check(graph, h=h / 1.3, retry=False).lines
        # x feeds the product and the scale; only the sum of both is the derivative by x.
        numeric = lines["w1"].numeric + lines["w3"].numeric
        errors.append(abs(numeric - exact) / exact)
    assert errors[0] > errors[1] > errors[2] > errors[3] > errors[4] < 1e-8
    assert errors[4] < errors[6] < errors[7]
