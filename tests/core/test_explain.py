"""Explanations: the line, the sentence, the LaTeX, and the ledger."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.explain import Row, explain, ledger
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Node
from bpstudio.core.plan import Plan
from bpstudio.core.trace import BACKWARD, Trace
from tests.core.graphs import WILD, chain, perceptron, wild, xyz


def back(trace: Trace, node: str) -> int:
    return trace.steps.index_of(node, BACKWARD)


def line(ops: list[tuple[str, str, list[str]]], inputs: dict[str, float], node: str = "f") -> str:
    """The line of a node's backward step."""
    trace = Plan.of(chain(ops, inputs)).run()
    return explain(trace, back(trace, node)).line


def test_forward_shows_names_then_numbers_then_the_value() -> None:
    trace = Plan.of(xyz()).run()
    assert explain(trace, 0).line == "q = x + y = −2 + 5 = 3"
    assert explain(trace, 1).line == "f = q × z = 3 × (−4) = −12"
    assert explain(trace, 1).sentence == "Multiply computes f from q and z."
    assert explain(trace, 1).latex == r"f = q \cdot z = 3 \cdot \left(-4\right) = -12"


def test_backward_has_an_equation_per_port() -> None:
    trace = Plan.of(xyz()).run()
    said = explain(trace, 2)
    assert said.line == (
        "dq = upstream × local = 1 × z = 1 × (−4) = −4   dz = upstream × local = 1 × q = 1 × 3 = 3"
    )
    assert said.latex == (
        r"dq = \mathrm{upstream} \times \mathrm{local} = 1 \cdot z = 1 \cdot \left(-4\right) = -4"
        r" \qquad "
        r"dz = \mathrm{upstream} \times \mathrm{local} = 1 \cdot q = 1 \cdot 3 = 3"
    )
    assert explain(trace, 3).line == (
        "dx = upstream × local = −4 × 1 = −4   dy = upstream × local = −4 × 1 = −4"
    )


def test_a_step_may_be_given_itself() -> None:
    trace = Plan.of(xyz()).run()
    assert explain(trace, trace.steps[2]) == explain(trace, 2)


def test_a_function_shows_its_local_formula_with_numbers() -> None:
    trace = Plan.of(perceptron()).run()
    assert explain(trace, back(trace, "g")).line == (
        "de = upstream × local = −0.5344 × e^(−1) = −0.5344 × 0.3679 = −0.1966"
    )
    assert explain(trace, back(trace, "f")).line == (
        "dh = upstream × local = 1 × (−1 / 1.368²) = 1 × (−0.5344) = −0.5344"
    )


@pytest.mark.parametrize(
    ("gate", "inputs", "text"),
    [
        ("sigmoid", [0.0], "dx0 = upstream × local = 1 × (0.5 × (1 − 0.5)) = 1 × 0.25 = 0.25"),
        ("scale:a=-2", [3.0], "dx0 = upstream × local = 1 × (−2) = −2"),
        ("negate", [3.0], "dx0 = upstream × local = 1 × (−1) = −1"),
        ("relu", [3.0], "dx0 = upstream × local = 1 × [3 > 0] = 1 × 1 = 1"),
        ("power:p=3", [2.0], "dx0 = upstream × local = 1 × (3 × 2 ^ (3 − 1)) = 1 × 12 = 12"),
        (
            "max",
            [4.0, 2.0],
            "dx0 = upstream × local = 1 × [4 = max(4, 2)] = 1 × 1 = 1   "
            "dx1 = upstream × local = 1 × [2 = max(2, 4)] = 1 × 0 = 0",
        ),
        (
            "multiply",
            [2.0, 3.0, 5.0],
            "dx0 = upstream × local = 1 × (x1 × x2) = 1 × (3 × 5) = 1 × 15 = 15   "
            "dx1 = upstream × local = 1 × (x0 × x2) = 1 × (2 × 5) = 1 × 10 = 10   "
            "dx2 = upstream × local = 1 × (x0 × x1) = 1 × (2 × 3) = 1 × 6 = 6",
        ),
    ],
)
def test_lines_of_other_gates(gate: str, inputs: list[float], text: str) -> None:
    names = [f"x{i}" for i in range(len(inputs))]
    assert line([("f", gate, names)], dict(zip(names, inputs, strict=True))) == text


def test_labels_are_what_gradients_are_named_after() -> None:
    nodes = [
        Node("x", "input", params={"value": 2.0}, label="w_0"),
        Node("y", "input", params={"value": 3.0}, label="hidden unit"),
        Node("f", "multiply", label="out"),
    ]
    trace = Plan.of(Graph(nodes, chain([("f", "multiply", ["x", "y"])], {}).wires.values())).run()
    said = explain(trace, 1).line
    assert said.startswith("dw_0 = upstream × local = 1 × hidden unit = 1 × 3 = 3   d(hidden unit)")
    assert explain(trace, 0).line == "out = w_0 × hidden unit = 2 × 3 = 6"


def test_shares_of_one_source_are_told_apart_by_port() -> None:
    text = line([("f", "multiply", ["x", "x"])], {"x": 3.0})
    assert text.startswith("dx [x] = upstream × local = 1 × x = 1 × 3 = 3   dx [y] = ")


def test_a_fan_outs_sum_is_said_when_its_last_share_arrives() -> None:
    ops = [
        ("a", "scale:a=-3", ["x"]),
        ("b", "scale:a=8", ["x"]),
        ("f", "add", ["a", "b"]),
    ]
    trace = Plan.of(chain(ops, {"x": 1.0})).run()
    last, before = trace.steps[-1], trace.steps[-2]
    assert explain(trace, last).sentence.endswith(
        "x feeds 2 gates: its gradient is the sum 8 + (−3) = 5."
    )
    assert "feeds" not in explain(trace, before).sentence


def test_a_fan_out_into_one_gate_counts_ports() -> None:
    trace = Plan.of(chain([("f", "multiply", ["x", "x"])], {"x": 3.0})).run()
    assert explain(trace, 1).sentence.endswith(
        "x feeds 2 ports: its gradient is the sum 3 + 3 = 6."
    )


def test_a_long_sum_is_shortened() -> None:
    ops = [(f"n{i}", "negate", ["x"]) for i in range(9)]
    trace = Plan.of(chain(ops, {"x": 3.0})).run()
    sums = [explain(trace, i).sentence for i in range(9, 18)]
    said = [s for s in sums if "feeds" in s]
    assert len(said) == 1
    assert said[0].endswith("the sum −1 + (−1) + (−1) + (−1) + … + (−1) = −9.")


def test_a_seed_on_a_fan_out_is_part_of_the_sum() -> None:
    graph = chain([("q", "square", ["x"]), ("a", "exp", ["q"]), ("b", "negate", ["q"])], {"x": 0.0})
    seeded = Graph(graph.nodes.values(), graph.wires.values(), seeds={"q": 4.0, "a": 1.0, "b": 1.0})
    trace = Plan.of(seeded).run()
    said = " ".join(explain(trace, i).sentence for i in range(len(trace.steps)))
    assert "q feeds 2 gates: its gradient is the sum 4 + 1 + (−1) = 4." in said


def test_digits_are_as_many_as_asked() -> None:
    trace = Plan.of(perceptron()).run()
    assert explain(trace, back(trace, "g"), digits=3).line == (
        "de = upstream × local = −0.534 × e^(−1) = −0.534 × 0.368 = −0.197"
    )


def test_a_source_has_no_step_to_explain() -> None:
    trace = Plan.of(xyz()).run()
    step = trace.steps[0]
    with pytest.raises(ValueError, match="x"):
        explain(trace, type(step)(step.phase, "x", (), 0.0))


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_every_step_of_any_graph_can_be_explained(seed: int) -> None:
    trace = Plan.of(wild(seed, 25, kinds=WILD)).run()
    for step in trace.steps:
        said = explain(trace, step)
        assert said.line.count("{") == 0
        assert " = " in said.line
        assert said.sentence.endswith(".")
        assert said.latex.count("{") == said.latex.count("}")
        assert said.latex.count(r"\left") == said.latex.count(r"\right")
    for node in trace.plan.nodes:
        assert ledger(trace, node)


def test_the_ledger_is_that_of_the_inspector() -> None:
    trace = Plan.of(perceptron()).run()
    assert ledger(trace, "g") == [
        Row("input x", "−1", "value", "−1"),
        Row("value z", "0.3679", "value", "0.36787944117144233"),
        Row("local dz/dx = e^x", "0.3679", "local", "0.36787944117144233"),
        Row("upstream", "−0.5344", "grad", "−0.534446645388523"),
        Row("dx = upstream × local", "−0.1966", "strong", "−0.19661193324148188"),
    ]


def test_the_ledger_of_a_source_lists_the_shares_of_its_gradient() -> None:
    ops = [("a", "scale:a=-3", ["x"]), ("b", "scale:a=8", ["x"])]
    rows = ledger(Plan.of(chain(ops, {"x": 2.0})).run(), "x")
    assert [(row.title, row.text, row.kind) for row in rows] == [
        ("Input", "2", "value"),
        ("from a", "−3", "grad"),
        ("from b", "8", "grad"),
        ("gradient", "5", "strong"),
    ]


def test_the_ledger_of_an_unwired_node_says_what_is_missing() -> None:
    trace = Plan.of(Graph([Node("f", "add")])).run()
    assert [row.title for row in ledger(trace, "f")] == ["port x has no wire", "port y has no wire"]


def test_every_gate_can_be_explained_and_has_a_ledger() -> None:
    for gate in GATES.values():
        if gate.is_source:
            continue
        graph = chain(
            [("f", gate.key, list(gate.inputs))],
            dict(zip(gate.inputs, gate.samples[0], strict=True)),
        )
        trace = Plan.of(graph).run()
        assert explain(trace, 0).line.startswith("f = ")
        assert explain(trace, 1).line.startswith("dx = upstream × local = 1 × ")
        assert [row.kind for row in ledger(trace, "f")].count("strong") == len(gate.inputs)


def test_short_names_keep_a_bare_d_and_long_ones_with_a_number_get_parentheses() -> None:
    names = {"q": "dq", "x0": "dx0", "w12": "dw12", "add_constant1": "d(add_constant1)"}
    names |= {"hidden1": "d(hidden1)", "total": "dtotal"}
    for name, gradient in names.items():
        text = line([("f", "square", [name])], {name: 3.0})
        assert text.startswith(f"{gradient} = upstream")
