import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.formula import (
    Call,
    FormulaError,
    Name,
    Number,
    gates_of,
    inputs_of,
    latex,
    numpy_function,
    numpy_source,
    parse,
    parse_program,
    program_of,
    python_source,
    text,
    text_of,
    text_of_program,
    torch_source,
    with_numbers,
)
from bpstudio.core.formula.expr import names_in, same, substitute
from bpstudio.core.formula.functions import functions
from bpstudio.core.formula.names import ascii_word, code_name, legal_id
from bpstudio.core.formula.parser import is_name
from bpstudio.core.formula.scalars import SCALARS
from bpstudio.core.gates import GATES
from bpstudio.core.gates.compute import quiet, value_function
from bpstudio.core.graph import Graph, Node, Wire

x, y, z = Name("x"), Name("y"), Name("z")


def call(function, *args):
    return Call(function, args)


def build(formula, **values):
    return gates_of(parse_program(formula), values)


def gates(graph):
    """The nodes by id as gate keys, inputs left out."""
    return {n.id: n.gate for n in graph.nodes.values() if n.gate != "input"}


def wired(graph):
    return {(w.source, w.target, w.port) for w in graph.wires.values()}


def evaluate(graph, node):
    """A node's value by the gates' own functions, node after node."""
    values = {}
    for key in order_of(graph):
        gate, params = GATES[graph.nodes[key].gate], graph.nodes[key].params
        if gate.is_source:
            values[key] = np.float64(params["value"])
            continue
        ports = gate.ports(params)
        inputs = tuple(values[graph.wires[graph.into(key)[port]].source] for port in ports)
        with quiet():
            values[key] = value_function(gate, len(ports))(inputs, {**gate.params, **params})
    return float(values[node])


def order_of(graph):
    import networkx as nx

    wires = nx.DiGraph()
    wires.add_nodes_from(graph.nodes)
    wires.add_edges_from((w.source, w.target) for w in graph.wires.values())
    return list(nx.topological_sort(wires))


def output(graph):
    (node,) = [key for key in graph.nodes if not graph.out_of(key)]
    return node


def shape(graph):
    """The graph up to ids and the labels of inner nodes: what each input's paths look like."""
    seen = {}
    for key in order_of(graph):
        node = graph.nodes[key]
        gate = GATES[node.gate]
        if node.gate == "input":
            seen[key] = ("input", node.label)
            continue
        ports = gate.ports(node.params)
        inputs = [seen[graph.wires[graph.into(key)[port]].source] for port in ports]
        params = tuple(sorted((k, float(v)) for k, v in node.params.items()))
        # Hashes keep a shared subgraph from being spelled once per path.
        seen[key] = hash((node.gate, params, tuple(map(hash, inputs))))
    return sorted(hash(value) for value in seen.values())


# --- reading text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("x + y * z", call("add", x, call("multiply", y, z))),
        ("x - y - z", call("subtract", call("subtract", x, y), z)),
        ("x / y / z", call("divide", call("divide", x, y), z)),
        ("x ^ y ^ z", call("power", x, call("power", y, z))),
        ("x ** y ** z", call("power", x, call("power", y, z))),
        ("-x^2", call("negate", call("power", x, Number(2.0)))),
        ("-3", Number(-3.0)),
        ("-3^2", call("negate", call("power", Number(3.0), Number(2.0)))),
        ("(-3)^2", call("power", Number(-3.0), Number(2.0))),
        ("2^-x", call("power", Number(2.0), call("negate", x))),
        ("x * -y", call("multiply", x, call("negate", y))),
        ("-x * y", call("multiply", call("negate", x), y)),
        ("+x", x),
        ("--x", call("negate", call("negate", x))),
        ("x − y × z · 2", call("subtract", x, call("multiply", call("multiply", y, z), Number(2)))),
        ("（x＋y）÷2", call("divide", call("add", x, y), Number(2.0))),
        ("x²", call("power", x, Number(2.0))),
        ("-x⁻¹", call("negate", call("power", x, Number(-1.0)))),
        ("ln(x)", call("log", x)),
        ("max(x, y, z)", call("max", x, y, z)),
        ("1.5e-3 + .5 + 2.", call("add", call("add", Number(1.5e-3), Number(0.5)), Number(2.0))),
        (
            "α₁ * 权重_2 * x′",
            call("multiply", call("multiply", Name("α₁"), Name("权重_2")), Name("x′")),
        ),
    ],
)
def test_reads(formula, tree):
    assert parse(formula) == tree


def test_a_program_is_lines_of_definitions():
    program = parse_program("q = x + y\r\n\n  f = q * z\n")
    assert [(d.name, d.line) for d in program] == [("q", 1), ("f", 3)]
    assert program[1].expr == call("multiply", Name("q"), z)
    assert inputs_of(program) == ("x", "y", "z")


@pytest.mark.parametrize(
    ("formula", "name"), [("x * y", "f"), ("f * y", "g"), ("f = x\nf * g", "h")]
)
def test_a_bare_last_line_gets_a_free_name(formula, name):
    assert parse_program(formula)[-1].name == name


@pytest.mark.parametrize(
    ("formula", "place", "words"),
    [
        ("", (1, 1), "no formula"),
        ("x +", (1, 4), "missing after “+”"),
        ("f = x + * y", (1, 9), "missing before “*”"),
        ("f =", (1, 4), "missing after “=”"),
        ("(x + y", (1, 1), "never closed"),
        ("exp(x", (1, 4), "never closed"),
        ("x + y)", (1, 6), "closes nothing"),
        ("()", (1, 2), "missing before “)”"),
        ("2x", (1, 2), "write 2 * x"),
        ("x y", (1, 3), "write x * y"),
        ("x, y", (1, 2), "between the arguments"),
        ("f = g = x", (1, 7), "only once"),
        ("f == x", (1, 4), "missing before “=”"),
        ("2 = x", (1, 1), "name = expression"),
        ("sigmod(x)", (1, 1), "did you mean sigmoid"),
        ("q(x)", (1, 1), "no function “q”"),
        ("relu(x, y)", (1, 1), "relu takes 1 argument, not 2"),
        ("divide(x)", (1, 1), "divide takes 2 arguments, not 1"),
        ("power(x)", (1, 1), "power takes 2 arguments, not 1"),
        ("max(x)", (1, 1), "max takes 2 to 64 arguments, not 1"),
        ("1 + max(" + ",".join("x" * 65) + ")", (1, 5), "not 65"),
        ("exp = x", (1, 1), "name of a function"),
        ("exp + 1", (1, 1), "is a function; write exp(…)"),
        ("x = x + 1", (1, 5), "in terms of itself"),
        ("f = q * z\nq = x + y", (1, 5), "used before it is defined"),
        ("q = x\nq = y", (2, 1), "defined twice"),
        ("x + y\nf = x", (1, 1), "Only the last line"),
        ("__import__('os')", (1, 12), "has no meaning"),
        ("__import__(os)", (1, 1), "no function “__import__”"),
        ("x.real", (1, 2), "“.” has no meaning"),
        ("x = [y for y in z]", (1, 5), "“[” has no meaning"),
        ("f = x\n  + $", (2, 5), "“$” has no meaning"),
        ("x\x00", (1, 2), "U+0000"),
        ("1e999 * x", (1, 1), "too large"),
        ("9" * 5000, (1, 1), "too large"),
        ("x" * 65, (1, 1), "longer than 64"),
        ("(" * 101 + "x" + ")" * 101, (1, 101), "More than 100 levels"),
        ("-" * 101 + "x", (1, 101), "More than 100 levels"),
        ("2^" * 101 + "x", (1, 202), "More than 100 levels"),
        ("x + " * 5001, (1, 1), "20004 characters"),
        ("x" * 1_000_000, (1, 1), "at most 20000"),
    ],
)
def test_says_what_is_wrong_and_where(formula, place, words):
    with pytest.raises(FormulaError) as caught:
        parse_program(formula)
    assert (caught.value.line, caught.value.column) == place
    assert words in str(caught.value)
    assert f"Line {place[0]}, column {place[1]}:" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_expression_is_one_line():
    with pytest.raises(FormulaError, match="Only one expression"):
        parse("x\ny")


def test_long_and_deep_formulas_are_read_built_and_written_without_recursion():
    chain = "+".join(["x"] * 9999)
    started = time.process_time()
    graph = build(chain)
    assert len(graph.nodes) == 9999
    assert evaluate(graph, "f") == 9999.0
    assert float(numpy_function(chain, ["x"])(1.0)) == 9999.0
    assert len(latex(chain)) > 9999
    assert len(text(parse(chain))) > 9999
    nested = "(" * 99 + "x" + ")" * 99
    assert parse(nested) == x
    # The claim is "does not hang", not a speed.
    assert time.process_time() - started < 60


def test_thousands_of_digits_are_one_float():
    assert parse("0." + "3" * 5000) == Number(1 / 3)
    assert parse("1" + "0" * 300) == Number(1e300)


def test_huge_powers_are_infinite_and_quick():
    graph = build("9**9**9")
    assert gates(graph) == {"constant1": "constant", "f": "power"}
    assert evaluate(graph, "f") == math.inf
    assert float(numpy_function("9**9**9", [])()) == math.inf
    assert eval(python_source("9**9**9"), dict(SCALARS)) == math.inf  # noqa: S307
    with quiet():
        assert eval(numpy_source("9**9**9"), {"np": np}) == math.inf  # noqa: S307


@pytest.mark.parametrize("name", ["x", "w1", "α", "x₁", "权重", "a_b", "x′", "é"])
def test_names_of_any_script(name):
    assert is_name(name)
    assert names_in(parse(f"2 * {name}")) == (name,)


@pytest.mark.parametrize(
    "name", ["", "2x", "x y", "exp", "ln", "x²", "a.b", "x+", " x", "x\n", "e\u0301"]
)
def test_what_is_no_name(name):
    assert not is_name(name)


def refusal(step):
    """What a step raises, None where it goes through; any other exception is a failure."""
    try:
        step()
    except FormulaError as error:
        return error
    return None


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_place(formula):
    error = refusal(lambda: parse_program(formula))
    assert error is None or (error.line >= 1 and error.column >= 1)


@given(st.text("xy+-*/^()=,. 12eE\nexpmaxα²", max_size=60))
def test_anything_that_looks_like_a_formula_is_built_or_refused(formula):
    error = refusal(lambda: gates_of(parse_program(formula)))
    assert error is None or (error.line >= 1 and error.column >= 1)


# --- formulas as gates -------------------------------------------------------------------------


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


# --- gates as formulas -------------------------------------------------------------------------


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


# --- laws --------------------------------------------------------------------------------------

NAMES = st.sampled_from(["x", "y", "z", "w1", "α", "权"])
NUMBERS = st.floats(-1e6, 1e6).map(lambda v: round(v, 3)) | st.sampled_from(
    [0.0, -0.0, 1e-300, 0.1]
)


def trees(functions_of):
    def grow(inner):
        return st.one_of(
            *(
                st.tuples(*[inner] * count).map(lambda args, key=key: Call(key, args))
                for key, count in functions_of
            )
        )

    return st.recursive(NUMBERS.map(Number) | NAMES.map(Name), grow, max_leaves=25)


WRITTEN = [(f.key, f.least) for f in functions().values()] + [("add", 3), ("max", 4)]
SMOOTH = [
    (key, GATES[key] and len(GATES[key].inputs))
    for key in ("add", "subtract", "multiply", "divide", "negate", "sin", "tanh", "sigmoid", "max")
]


@given(trees(WRITTEN))
def test_written_text_reads_back_as_the_same_tree(tree):
    assert same(parse(text(tree)), tree)


@given(trees(SMOOTH))
def test_gates_compute_what_the_formula_says(tree):
    values = {"x": 0.7, "y": -1.3, "z": 2.5, "w1": -0.2, "α": 1.1, "权": 3.0}
    used = names_in(tree)
    graph = gates_of(parse_program(f"f = {text(tree)}"), values)
    direct = float(numpy_function(text(tree), used)(*(values[n] for n in used)))
    (node,) = graph.named("f") or (graph.named(tree.name) if isinstance(tree, Name) else ())
    built = evaluate(graph, node)
    if not (math.isfinite(direct) and math.isfinite(built)):
        return
    if abs(direct) < 1e-9 or abs(direct) > 1e9:
        return
    assert built == pytest.approx(direct, rel=1e-6, abs=1e-6)


@given(trees(SMOOTH))
@settings(max_examples=60)
def test_formula_of_a_graph_of_a_formula_rebuilds_the_graph(tree):
    graph = gates_of(parse_program(f"f = {text(tree)}"))
    (node,) = graph.named("f") or (graph.named(tree.name) if isinstance(tree, Name) else ())
    inside = graph.upstream(node)
    part = Graph(
        (graph.nodes[key] for key in graph.nodes if key in inside),
        (w for w in graph.wires.values() if w.target in inside),
    )
    first = gates_of(parse_program(text_of(part, node)))
    assert shape(first) == shape(part)


# --- other readings ----------------------------------------------------------------------------


def test_a_function_of_arrays_follows_the_order_of_names():
    f = numpy_function("q = x + y\nq * z", ["z", "x", "y"])
    assert np.array_equal(f(np.array([1.0, 2.0]), 3.0, np.array([1.0, -1.0])), [4.0, 4.0])


def test_a_function_of_arrays_makes_inf_and_nan_in_silence():
    f = numpy_function("log(x) + 1 / x + exp(x)", ["x"])
    assert np.array_equal(f(np.array([-1.0, 1e4])), [np.nan, np.inf], equal_nan=True)


def test_a_function_of_arrays_needs_all_names():
    with pytest.raises(FormulaError, match="Line 1, column 5: “y” has no value"):
        numpy_function("x + y", ["x"])


def test_nested_gates_do_not_multiply():
    deep = "sigmoid(" * 90 + "x" + ")" * 90
    assert 0.6 < float(numpy_function(deep, ["x"])(0.0)) < 0.7


def test_code_is_written_for_python_numpy_and_torch():
    formula = "q = α * x ^ 2 / y\nf = max(q, 1) + log(q)"
    assert python_source(formula) == (
        "q = divide(alpha * (x * x), y)\nf = maximum(q, 1.0) + log(q)"
    )
    assert numpy_source(formula) == "q = alpha * x ** 2.0 / y\nf = np.maximum(q, 1.0) + np.log(q)"
    assert torch_source(formula) == (
        "q = alpha * x ** 2.0 / y\nf = torch.clamp(q, min=1.0) + torch.log(q)"
    )


def test_python_source_computes_what_the_formula_says():
    formula = "1 / (1 + exp(-(a * b - c))) ^ 3 + max(a, b, c) / sqrt(b)"
    values = {"a": 0.3, "b": 2.0, "c": -1.0}
    direct = float(numpy_function(formula, list(values))(*values.values()))
    scope = {**SCALARS, **values, "__builtins__": {}}
    assert eval(python_source(formula), scope) == pytest.approx(direct, rel=1e-14)  # noqa: S307
    with quiet():
        scope = {"np": np, **{k: np.float64(v) for k, v in values.items()}}
        assert eval(numpy_source(formula), scope) == pytest.approx(direct, rel=1e-14)  # noqa: S307


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("x", "x"),
        ("α₁", "alpha1"),
        ("lambda", "v"),
        ("λ", "v"),
        ("__class__", "v"),
        ("权", "v"),
        ("x y", "x_y"),
        ("add.x", "add_x"),
        ("abs", "abs_2"),
        ("os;", "v"),
        ("taken", "taken_2"),
    ],
)
def test_names_in_code_pass_a_whitelist(name, spelt):
    assert code_name(name, "v", {"taken"}) == spelt
    assert ascii_word("x\n") == ""


@pytest.mark.parametrize(
    ("formula", "values", "written"),
    [
        ("q * z", {"q": 3.0, "z": -4.0}, "3 × (−4)"),
        ("x - y", {"x": 1.0, "y": -2.5}, "1 − (−2.5)"),
        ("x ^ 2", {"x": -4.0}, "(−4)²"),
        ("-1 / x ^ 2", {"x": 1.3678794411714423}, "−1 / 1.368²"),
        ("exp(x) * y", {"x": -1.0}, "exp(−1) × y"),
        ("-x", {"x": -1.0}, "−(−1)"),
        ("-x", {"x": 1.0}, "−1"),
    ],
)
def test_writes_the_numbers_in(formula, values, written):
    assert with_numbers(formula, values) == written


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("(x + y) * z", r"\left(x + y\right) \cdot z"),
        ("1 / (1 + exp(-x))", r"\frac{1}{1 + e^{-x}}"),
        ("w1 * x₁ + α", r"w_{1} \cdot x_{1} + \alpha"),
        ("sqrt(x) ^ 2 - (y - 1)", r"\sqrt{x}^{2} - \left(y - 1\right)"),
        ("abs(rate) / 2e-7", r"\frac{\left|\mathit{rate}\right|}{2 \cdot 10^{-7}}"),
        ("sigmoid(x) * -3", r"\sigma\left(x\right) \cdot \left(-3\right)"),
        ("q = x\nf = q ^ 2", r"q = x \\ f = q^{2}"),
    ],
)
def test_writes_latex(formula, written):
    assert latex(formula) == written


def test_substitutes_expressions_for_names():
    assert text(substitute(parse("x * y"), {"x": parse("a + b")})) == "(a + b) * y"


def test_every_promised_reading_is_there_and_nothing_else_is():
    import bpstudio.core.formula as formula

    assert [name for name in formula.__all__ if getattr(formula, name, None) is None] == []
    with pytest.raises(AttributeError):
        formula.no_such_reading  # noqa: B018
