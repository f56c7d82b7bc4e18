"""Formulas as gates, gates as formulas."""

import math

import pytest

from bpstudio.core.formula import FormulaError, program_of, text_of, text_of_program
from bpstudio.core.formula.names import legal_id
from bpstudio.core.graph import Graph, Node, Wire
from tests.core.formulas import build, evaluate, gates, output, wired

# --- formulas as gates ----------------------------------------------------------------------------


def test_the_simple_example():
    graph = build("q = x + y\nf = q * z", x=-2.0, y=5.0, z=-4.0)
    assert list(graph.nodes) == ["x", "y", "z", "q", "f"]
    assert [n.label for n in graph.nodes.values()] == ["x", "y", "z", "q", "f"]
    assert graph.nodes["x"].params == {"value": -2.0}
    assert gates(graph) == {"q": "add", "f": "multiply"}
    assert wired(graph) == {("x", "q", "x"), ("y", "q", "y"), ("q", "f", "x"), ("z", "f", "y")}
    assert evaluate(graph, "f") == -12.0


def test_the_perceptron_from_simple_gates():
    graph = build("f = 1/(1+exp(-1*(w0*x0 + w1*x1 + w2)))")
    assert gates(graph) == {
        "multiply1": "multiply",
        "multiply2": "multiply",
        "add1": "add",
        "add2": "add",
        "scale1": "scale",
        "exp1": "exp",
        "add_constant1": "add_constant",
        "f": "reciprocal",
    }
    assert graph.nodes["scale1"].params == {"a": -1.0}


@pytest.mark.parametrize(
    ("formula", "built"),
    [
        ("2 * x", [("scale", {"a": 2.0})]),
        ("x * 2", [("scale", {"a": 2.0})]),
        ("multiply(2, x)", [("scale", {"a": 2.0})]),
        ("scale(x, 2)", [("scale", {"a": 2.0})]),
        ("-1 * x", [("scale", {"a": -1.0})]),
        ("-x", [("negate", {})]),
        ("x + 1", [("add_constant", {"c": 1.0})]),
        ("1 + x", [("add_constant", {"c": 1.0})]),
        ("x - 2", [("add_constant", {"c": -2.0})]),
        ("2 - x", [("negate", {}), ("add_constant", {"c": 2.0})]),
        ("1 / x", [("reciprocal", {})]),
        ("3 / x", [("reciprocal", {}), ("scale", {"a": 3.0})]),
        ("x / 4", [("scale", {"a": 0.25})]),
        ("x / 3", [("constant", {"value": 3.0}), ("divide", {})]),
        ("x / 0", [("constant", {"value": 0.0}), ("divide", {})]),
        ("x ^ 2", [("power", {"p": 2.0})]),
        ("x ^ 0.5", [("power", {"p": 0.5})]),
        ("x ^ -1", [("power", {"p": -1.0})]),
        ("square(x)", [("square", {})]),
        ("2 ^ x", [("scale", {"a": math.log(2.0)}), ("exp", {})]),
        ("2 * 3 * x", [("scale", {"a": 6.0})]),
        ("x * (1 + 2) ^ 2", [("scale", {"a": 9.0})]),
        ("leaky_relu(x)", [("leaky_relu", {})]),
        ("leaky_relu(x, 0.1 * 2)", [("leaky_relu", {"slope": 0.2})]),
        ("max(x, x, 3)", [("constant", {"value": 3.0}), ("max", {"inputs": 3.0})]),
        ("1 / 0 + x", [("constant", {"value": 0.0}), ("reciprocal", {}), ("add", {})]),
    ],
)
def test_folds_numbers_into_gates(formula, built):
    graph = build(formula)
    found = [(n.gate, dict(n.params)) for n in graph.nodes.values() if n.gate != "input"]
    assert sorted(found, key=str) == sorted(built, key=str)


def test_a_repeated_name_is_one_node_with_a_fan_out():
    graph = build("f = x * x + sin(x)")
    assert len(graph.out_of("x")) == 3
    graph = build("s = sigmoid(x)\nf = s * s")
    assert gates(graph) == {"s": "sigmoid", "f": "multiply"}
    assert wired(graph) >= {("s", "f", "x"), ("s", "f", "y")}


def test_a_named_number_is_a_constant_and_still_serves_as_a_parameter():
    graph = build("n = 3\nf = n * x ^ n")
    assert gates(graph) == {"n": "constant", "power1": "power", "f": "multiply"}
    assert graph.nodes["power1"].params == {"p": 3.0}


def test_numbers_alone_become_one_constant():
    graph = build("f = 2 * 3 + sqrt(16)")
    assert {n.id: dict(n.params) for n in graph.nodes.values()} == {"f": {"value": 10.0}}


def test_another_name_for_a_node_makes_no_node():
    graph = build("q = x + y\np = q\nf = p * q")
    assert gates(graph) == {"q": "add", "f": "multiply"}


def test_ids_are_legal_and_never_collide():
    graph = build("权重 * α₁ + alpha1 + w1 + add1 + b′")
    assert {n.label: n.id for n in graph.nodes.values() if n.label} == {
        "权重": "input1",
        "α₁": "alpha1",
        "alpha1": "input2",
        "w1": "w1",
        "add1": "add1",
        "b′": "b_prime",
        "f": "f",
    }
    assert "add2" in graph.nodes
    assert not set(graph.wires) & set(graph.nodes)
    assert legal_id("权") == ""


@pytest.mark.parametrize(
    ("formula", "place", "words"),
    [
        ("x + step(y)", (1, 5), "“step” has no gate"),
        ("(-2)^x", (1, 5), "negative number"),
        ("scale(x, y)", (1, 10), "must be a number"),
        ("leaky_relu(x, 2*y)", (1, 16), "must be a number"),
    ],
)
def test_says_what_cannot_be_built(formula, place, words):
    with pytest.raises(FormulaError, match=words) as caught:
        build(formula)
    assert (caught.value.line, caught.value.column) == place


# --- gates as formulas ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "formula",
    [
        "(x + y) * z",
        "x - (y - z)",
        "x * (y * z)",
        "-x * y",
        "-(x * y)",
        "-1 * x",
        "1 / (exp(-x) + 1)",
        "3 / x",
        "2 - x",
        "x - 2",
        "x ^ 2 + y ^ -1",
        "max(a, b, c) + add(a, b, c)",
        "leaky_relu(x, 0.2)",
        "max(x, 3)",
        "(x / y) ^ 3",
        "q = x + y\nf = q * sin(q)",
        "c = 2\nf = c * x",
    ],
)
def test_a_graph_gives_back_its_formula(formula):
    graph = build(formula)
    assert text_of(graph, output(graph)) == formula


def test_any_node_has_its_formula():
    graph = build("q = x + y\nf = q * z")
    assert text_of(graph, "x") == "x"
    assert text_of(graph, "q") == "x + y"
    assert text_of(graph, "f") == "q = x + y\nf = q * z"


def test_several_outputs_share_their_lines():
    graph = build("q = x + y\nf = q * z\ng = q + 1")
    assert text_of_program(program_of(graph, ["f", "g"])) == "q = x + y\nf = q * z\ng = q + 1"


def test_labels_that_are_no_names_are_replaced():
    nodes = [
        Node("a", "input", label="my input", params={"value": 1.0}),
        Node("b", "input", label="exp", params={"value": 1.0}),
        Node("c.1", "input", params={"value": 1.0}),
        Node("s", "add", params={"inputs": 3.0}),
    ]
    wires = [
        Wire(f"w{i}", source, "s", port)
        for i, (source, port) in enumerate([("a", "x"), ("b", "y"), ("c.1", "x3")])
    ]
    assert text_of(Graph(nodes, wires), "s") == "add(a, b, v1)"


def test_a_ladder_is_as_long_as_its_gates():
    lines = ["a0 = x + x"] + [f"a{i} = a{i - 1} + a{i - 1}" for i in range(1, 200)]
    graph = build("\n".join(lines))
    written = text_of(graph, "a199")
    assert len(written.splitlines()) == 200
    assert evaluate(build(written, x=1.0), "a199") == 2.0**200


def test_an_unlabelled_ladder_gets_names():
    nodes = [Node("x", "input", params={"value": 1.0})]
    wires = []
    for i in range(60):
        nodes.append(Node(f"s{i}", "add"))
        before = f"s{i - 1}" if i else "x"
        wires += [Wire(f"a{i}", before, f"s{i}", "x"), Wire(f"b{i}", before, f"s{i}", "y")]
    written = text_of(Graph(nodes, wires), "s59")
    assert evaluate(build(written, x=1.0), "s59") == 2.0**60


def test_long_and_deep_graphs_are_cut_into_lines_that_can_be_read():
    deep = Graph(
        [Node("x", "input", params={"value": 0.5}), *(Node(f"n{i}", "sin") for i in range(500))],
        [Wire(f"w{i}", f"n{i - 1}" if i else "x", f"n{i}", "x") for i in range(500)],
    )
    written = text_of(deep, "n499")
    again = build(written, x=0.5)
    assert evaluate(again, output(again)) == evaluate(deep, "n499")


def test_a_port_without_a_wire_or_an_unknown_gate_has_no_formula():
    graph = Graph([Node("x", "input"), Node("m", "multiply")], [Wire("w1", "x", "m", "x")])
    with pytest.raises(FormulaError, match="m has no wire into y"):
        text_of(graph, "m")
    with pytest.raises(FormulaError, match="m is of a kind unknown"):
        text_of(Graph([Node("m", "convolve")]), "m")
