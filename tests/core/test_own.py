"""Gates of one's own: what a formula makes of them, in every tier, and every refusal."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import columns, edits
from bpstudio.core.check import check
from bpstudio.core.derive import chained, differentiate, tidied
from bpstudio.core.edits import born
from bpstudio.core.explain import explain
from bpstudio.core.formula import FormulaError, numpy_function, parse, text, text_of
from bpstudio.core.formula.expr import names_in
from bpstudio.core.gates import GATES
from bpstudio.core.graph import BadKind, Graph, GraphError, Kind, Node, Wire
from bpstudio.core.own import gate_of_kind, gates_for
from bpstudio.core.plan import Plan
from bpstudio.core.shape import face
from tests.core.tiers import by_arrays

FORMULAS = [
    "log(1 + exp(x))",
    "x * sigmoid(x)",
    "(x + y) * z",
    "abs(x - 1) * y",
    "max(x, y, 0.5) - min(x, y)",
    "1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))",
    "x ^ y",
    "2 ^ x + x ^ 3",
    "leaky_relu(x, 0.2) / y",
    "tanh(x) * gelu(y) - elu(x)",
    "half_squared_error(sigmoid(a), b)",
    "cross_entropy_logit(x, 0.3)",
    "α * x + β",
]


def kind_of(formula, key="mine"):
    return Kind(key, key, formula)


def graph_of(formula, values=None):
    """One node f of an own gate, its ports fed by inputs of the same names."""
    kind = kind_of(formula)
    ports = gate_of_kind(kind).inputs
    values = values or {port: 0.6 + 0.35 * i for i, port in enumerate(ports)}
    nodes = [Node(f"i{i}", "input", params={"value": values[p]}) for i, p in enumerate(ports)]
    wires = [Wire(f"w{i}", f"i{i}", "f", port) for i, port in enumerate(ports)]
    return Graph([*nodes, Node("f", "mine")], wires, kinds=[kind])


@pytest.mark.parametrize("formula", FORMULAS)
def test_its_numbers_are_the_formula_and_its_symbolic_derivatives(formula):
    gate = gate_of_kind(kind_of(formula))
    expr = parse(formula)
    assert gate.inputs == names_in(expr)
    for sample in gate.samples:
        value, *local = gate.scalar(*sample)
        assert value == pytest.approx(float(numpy_function(formula, gate.inputs)(*sample)), 1e-13)
        for port, slope in zip(gate.inputs, local, strict=True):
            if "^ y" not in formula:
                oracle = numpy_function(text(differentiate(expr, port)), gate.inputs)(*sample)
                assert slope == pytest.approx(float(oracle), rel=1e-11, abs=1e-13)
            shown = gate.local[gate.inputs.index(port)]
            assert slope == pytest.approx(
                float(numpy_function(shown, gate.inputs)(*sample)), rel=1e-11, abs=1e-13
            )
        arrays = tuple(np.array([x, x]) for x in sample)
        found = gate.forward(arrays, {})
        assert found == pytest.approx(value, 1e-14)
        for ours, theirs in zip(gate.vjp(arrays, {}, found), local, strict=True):
            assert ours == pytest.approx(theirs, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("formula", FORMULAS)
def test_all_tiers_and_the_check_agree(formula):
    graph = graph_of(formula)
    plan = Plan.of(graph)
    assert plan.known.all()
    cold = plan.run()
    plan.warm()
    warm = plan.run()
    first = plan.nodes[0]
    few = plan.run({first: [cold.value_of(first)] * 3})
    many = plan.run({first: [cold.value_of(first)] * columns.FROM})
    for other in (warm, few, many, by_arrays(graph)):
        for name in ("value", "grad", "local", "wire_grad"):
            ours, theirs = getattr(cold, name)[:, 0], getattr(other, name)[:, 0]
            assert ours == pytest.approx(theirs, rel=1e-13, abs=1e-15)
    found = check(graph)
    assert {line.verdict for line in found.lines.values()} == {"ok"}


def test_a_port_may_be_called_z_and_the_words_still_mean_it():
    graph = graph_of("(x + y) * z", {"x": -2.0, "y": 5.0, "z": -4.0})
    trace = Plan.of(graph).run()
    assert [trace.grad_of(f"i{i}") for i in range(3)] == [-4, -4, 3]
    said = explain(trace, 0)
    assert said.line == "f = (i0 + i1) × i2 = (−2 + 5) × (−4) = −12"
    assert "di0 = upstream × local = 1 × i2 = 1 × (−4) = −4" in explain(trace, 1).line


def test_the_note_shows_the_derivative_and_where_there_is_none():
    assert gate_of_kind(kind_of("log(1 + exp(x))")).note == "dz/dx = exp(x) / (1 + exp(x))."
    tied = gate_of_kind(kind_of("max(x, y) + relu(x)"))
    assert tied.note.startswith("dz/dx = [x = max(x, y)] + [x > 0], dz/dy = [y = max(y, x)].")
    note = gate_of_kind(kind_of("abs(x - 1)")).note
    assert note.endswith("There is no derivative where x - 1 = 0: the slope jumps there.")


def test_a_kink_inside_is_named_by_the_caution_and_the_check():
    trace = Plan.of(graph_of("abs(x - 1)", {"x": 1.0})).run()
    assert [(w.kind, w.sentence) for w in trace.warnings] == [
        ("kink", "f has no derivative here: x - 1 is 0, where its slope jumps.")
    ]
    assert check(trace.plan).lines["w0"].verdict == "kink"
    tied = Plan.of(graph_of("max(x, y) * 2", {"x": 3.0, "y": 3.0})).run()
    assert [w.kind for w in tied.warnings] == ["kink"]
    assert tied.grad_of("i0") == tied.grad_of("i1") == 1.0
    relu = Plan.of(graph_of("max(x, 0.5)", {"x": 0.5})).run()
    assert "x is 0.5" in relu.warnings[0].sentence


def test_a_pole_inside_is_told_from_an_overflow():
    division = Plan.of(graph_of("3 / (x - 1)", {"x": 1.0})).run().warnings[0]
    overflow = Plan.of(graph_of("exp(x) * 2", {"x": 800.0})).run().warnings[0]
    assert (division.kind, overflow.kind) == ("division", "overflow")


def test_it_is_found_through_the_graph_only():
    graph = graph_of("x + 1")
    assert graph.gates["mine"].family == "own"
    assert list(graph.gates)[-1] == "mine"
    assert len(graph.gates) == len(GATES) + 1
    assert graph.gate("add") is GATES["add"]
    assert graph.gate(graph.nodes["f"]) is graph.gates["mine"]
    assert graph.gate("other") is None
    assert Graph().gates is GATES
    assert gates_for({}) is GATES


def test_a_title_cannot_be_a_template():
    gate = gate_of_kind(Kind("g", "{x.__class__}", "x + 1"))
    assert face(gate, {}) == "{x.__cl…"


def test_a_deep_or_long_formula_is_computed_in_proportion():
    formula = "sigmoid(" * 90 + "x" + ")" * 90
    gate = gate_of_kind(kind_of(formula))
    assert gate.local == ("slope",)
    value, slope = gate.scalar(0.5)
    assert 0.5 < value < 1
    assert 0 < slope < 1e-30
    assert "chain rule" in gate.note
    many = gate_of_kind(kind_of("+".join(f"x{n}*x{n}" for n in range(64))))
    assert len(many.inputs) == 64
    assert many.scalar(*range(64))[1:] == tuple(2.0 * n for n in range(64))
    long = gate_of_kind(kind_of("x" + " + x * x" * 2_000))
    assert long.scalar(2.0) == (8002.0, 8001.0)


def test_derivatives_are_tidied():
    pairs = {
        "3 * x ^ 2": "6 * x",
        "x * 5 + 0": "5",
        "sin(x) * 2": "2 * cos(x)",
        "x / 4": "1 / 4",
        "-x": "-1",
    }
    for formula, local in pairs.items():
        assert text(chained(parse(formula), "x", GATES)) in (local, "0.25", "3 * (2 * x)")
    assert text(tidied(parse("1 * x + 0 * y - 0"))) == "x"
    assert chained(parse("x" + " * x" * 2_000), "x", GATES) is None


# --- edits ------------------------------------------------------------------------------------


def defined(title, formula, graph=None):
    graph = graph or Graph()
    return graph.apply(edits.define_kind(graph, title, formula))


def test_a_kind_is_called_after_its_title_or_counted():
    graph = defined("Swish", " x * sigmoid(x) ")
    assert graph.kinds == {"Swish": Kind("Swish", "Swish", "x * sigmoid(x)")}
    for title in ("", "激活", "my gate", "a{b}"):
        patch = edits.define_kind(graph, title, "x + 1")
        assert born(patch, Kind) == ("gate1",)
    taken = graph.apply(edits.add_node(graph, "input", (0, 0), label="Half"))
    assert born(edits.define_kind(taken, "Half", "x / 2"), Kind) == ("Half1",)
    assert edits.define_kind(graph, "Half", "x / 2").label == "Define the gate Half"


def test_nodes_of_a_kind_that_ends_in_a_number_get_ids_of_their_own():
    graph = defined("", "x + 1")
    for expected in ("gate1_1", "gate1_2"):
        patch = edits.add_node(graph, "gate1", (0, 0))
        assert born(patch) == (expected,)
        graph = graph.apply(patch)
    built = Graph().apply(edits.define_kind(Graph(), "", "x + 1"))
    built = built.apply(edits.build(built, "gate1(a) * gate1(b)"))
    assert {"gate1_1", "gate1_2"} <= set(built.nodes)


@pytest.mark.parametrize(
    ("title", "formula", "error", "sentence"),
    [
        ("sigmoid", "x + 1", BadKind, "a gate of the table"),
        ("ln", "x + 1", BadKind, "a gate of the table"),
        ("step", "x + 1", BadKind, "a gate of the table"),
        ("Swish", "x + 1", BadKind, "already"),
        ("G", "3 + 4", BadKind, "needs an input"),
        ("G", "x", BadKind, "alone is no formula"),
        ("G", "", FormulaError, "no formula"),
        ("G", "x +* 2", FormulaError, "column 4"),
        ("G", "G(x) + 1", FormulaError, "“G” cannot be made of itself"),
        ("G", "2 * Swish(x)", FormulaError, "column 5: An own gate is made of the table's"),
        ("G", "nothing(x)", FormulaError, "no function “nothing”"),
        ("G", "erf(x)", FormulaError, "“erf” has no gate"),
        ("G", "leaky_relu(x, y)", FormulaError, "must be a number"),
        ("G", "a = x\na + 1", FormulaError, "Only one expression"),
        ("G", "+".join(f"x{n}" for n in range(65)), BadKind, "at most 64 inputs"),
        ("G\x00", "x + 1", GraphError, "control character"),
    ],
)
def test_what_cannot_be_a_gate_is_refused_in_words(title, formula, error, sentence):
    graph = defined("Swish", "x * sigmoid(x)")
    with pytest.raises(error) as caught:
        edits.define_kind(graph, title, formula)
    assert sentence in str(caught.value)


def test_a_graph_holds_a_thousand_kinds_at_most():
    graph = Graph(kinds=[Kind(f"k{n}", "", "x + 1") for n in range(1_000)])
    with pytest.raises(BadKind, match="at most 1,000"):
        edits.define_kind(graph, "One", "x + 1")


def test_a_kind_in_use_stays_and_names_its_users():
    graph = defined("Swish", "x * sigmoid(x)")
    used = graph.apply(edits.build(graph, "f = Swish(x)"))
    with pytest.raises(BadKind, match="Swish is still in use by f; delete or expand"):
        edits.remove_kind(used, "Swish")
    assert graph.apply(edits.remove_kind(graph, "Swish")) == Graph()
    with pytest.raises(GraphError, match="no own gate “add”"):
        edits.remove_kind(graph, "add")


def test_changing_a_formula_keeps_the_wires():
    graph = defined("G", "x * y")
    graph = graph.apply(edits.build(graph, "f = G(a, b)", {"a": 3.0, "b": 2.0}))
    plan = Plan.of(graph)
    patch = edits.change_kind(graph, "G", formula="y - u / 2")
    after = graph.apply(patch)
    assert {w.port: w.source for w in after.wires.values()} == {"u": "a", "y": "b"}
    assert plan.updated(after, patch).run().value_of("f") == 0.5
    assert after.apply(patch.inverse()) == graph
    with pytest.raises(BadKind, match="f has a wire at y, which the new formula lacks"):
        edits.change_kind(graph, "G", formula="x + 1")
    renamed = graph.apply(edits.change_kind(graph, "G", title="H"))
    assert text_of(renamed, "f") == "G(a, b)"
    assert renamed.gates["G"].title == "H"
    with pytest.raises(BadKind, match="of the table"):
        edits.change_kind(graph, "G", title="tanh")


def test_formulas_call_own_gates_by_id_and_by_title():
    graph = defined("Soft!", "log(1 + exp(x))")
    graph = graph.apply(edits.define_kind(graph, "Twice", "2 * x"))
    built = graph.apply(edits.build(graph, "f = Twice(gate1(x)) + 1", {"x": 0.0}))
    assert Plan.of(built).run().value_of("f") == pytest.approx(2 * math.log(2) + 1)
    assert text_of(built, "f") == "Twice(gate1(x)) + 1"
    assert built.kinds == graph.kinds
    again = built.apply(edits.build(built, text_of(built, "f")))
    assert Plan.of(again).run().value_of("f") == pytest.approx(2 * math.log(2) + 1)
    named = graph.apply(edits.build(graph, "Twice = Twice(3) + x", {"x": 1.0}))
    output = named.named("Twice")[0]
    assert output != "Twice"
    assert Plan.of(named).run().value_of(output) == 7.0
    with pytest.raises(FormulaError, match="Twice takes 1 argument, not 2"):
        edits.build(graph, "Twice(x, y)")
    with pytest.raises(FormulaError, match="did you mean Twice"):
        edits.build(graph, "Twics(x)")


def test_merging_carries_kinds_and_renames_on_a_clash():
    one = defined("G", "x + 1")
    one = one.apply(edits.build(one, "f = G(x)"))
    other = defined("G", "x + 2")
    other = other.apply(edits.build(other, "f = G(x)"))
    same = one.apply(edits.merge(one, one, "Paste"))
    assert set(same.kinds) == {"G"}
    both = one.apply(edits.merge(one, other, "Paste"))
    assert sorted((k.title, k.formula) for k in both.kinds.values()) == [
        ("G", "x + 1"),
        ("G 2", "x + 2"),
    ]
    trace = Plan.of(both).run()
    assert sorted(trace.value_of(n) for n in both.nodes if n[0] == "f") == [2.0, 3.0]
    fresh = Graph().apply(edits.merge(Graph(), other, "Paste"))
    assert fresh.kinds == other.kinds
    assert Graph().apply(edits.replace_all(Graph(), other, "Open")) == other
    assert one.apply(edits.replace_all(one, other, "Open")) == other


# --- settings ---------------------------------------------------------------------------------


def tied(gate, policy, values=(2.0, 2.0, 1.0)):
    nodes = [Node(f"i{i}", "input", params={"value": v}) for i, v in enumerate(values)]
    ports = GATES[gate].ports({"inputs": len(values)})
    wires = [Wire(f"w{i}", f"i{i}", "f", port) for i, port in enumerate(ports)]
    graph = Graph([*nodes, Node("f", gate, params={"inputs": len(values)})], wires)
    return graph.apply(edits.set_setting(graph, "ties", policy))


SHARES = {
    "even": {"max": [0.5, 0.5, 0.0], "min": [0.5, 0.0, 0.5]},
    "first": {"max": [1.0, 0.0, 0.0], "min": [1.0, 0.0, 0.0]},
    "all": {"max": [1.0, 1.0, 0.0], "min": [1.0, 0.0, 1.0]},
}


@pytest.mark.parametrize("policy", SHARES)
@pytest.mark.parametrize("gate", ["max", "min"])
def test_a_policy_for_ties_holds_in_every_tier(policy, gate):
    values = (2.0, 2.0, 1.0) if gate == "max" else (1.0, 2.0, 1.0)
    graph = tied(gate, policy, values)
    plan = Plan.of(graph)
    wanted = SHARES[policy][gate]

    def shares(trace):
        return [trace.wire(f"w{i}")[1] for i in range(3)]

    assert shares(plan.run()) == wanted
    plan.warm()
    assert shares(plan.run()) == wanted
    assert shares(plan.run({"i0": [values[0]] * 3})) == wanted
    assert shares(plan.run({"i0": [values[0]] * columns.FROM})) == wanted
    assert shares(by_arrays(graph)) == wanted
    assert {v.verdict for v in check(graph).lines.values()} <= {"tie", "ok"}
    assert check(graph).lines["w0"].verdict == "tie"


@pytest.mark.parametrize("policy", SHARES)
def test_a_policy_holds_inside_own_gates(policy):
    graph = graph_of("3 * max(x, y, w)", {"x": 2.0, "y": 2.0, "w": 1.0})
    graph = graph.apply(edits.set_setting(graph, "ties", policy))
    local = [Plan.of(graph).run().wire(f"w{i}")[1] for i in range(3)]
    assert local == [3 * share for share in SHARES[policy]["max"]]


@pytest.mark.parametrize("policy", ["first", "all"])
def test_nan_stays_nan_under_every_policy(policy):
    for gate in ("max", "min"):
        graph = tied(gate, policy)
        trace = Plan.of(graph).run({"i1": math.nan})
        assert all(math.isnan(trace.wire(f"w{i}")[1]) for i in range(3))
        few = Plan.of(graph).run({"i1": [math.nan] * 3})
        assert np.isnan(few.local).all()


def test_the_caution_names_the_policy_in_force():
    said = {p: Plan.of(tied("max", p)).run().warnings[0].sentence for p in SHARES}
    assert said["even"].endswith("so the gradient is split evenly, as torch.maximum does for two.")
    assert "the first of them gets the whole gradient; torch" in said["first"]
    assert "each of them gets the whole gradient; torch" in said["all"]


def test_a_setting_is_undone_like_any_edit_and_its_default_leaves_nothing():
    graph = tied("max", "even")
    assert graph.settings == {}
    patch = edits.set_setting(graph, "ties", "first")
    assert patch.label == "Ties of max and min: the first gets it all"
    first = graph.apply(patch)
    assert first.setting("ties") == "first"
    assert first.apply(patch.inverse()) == graph
    assert first != graph
    plan = Plan.of(graph).updated(first, patch)
    assert plan.run().wire("w1")[1] == 0.0
    assert not edits.set_setting(graph, "ties", "even")
    built = first.apply(edits.build(first, "g = max(x, y)"))
    assert built.settings == {"ties": "first"}


@pytest.mark.parametrize(("name", "value"), [("ties", "none"), ("ties", True), ("speed", 1)])
def test_settings_are_closed(name, value):
    with pytest.raises(GraphError, match=r"one of|no setting"):
        edits.set_setting(Graph(), name, value)


# --- batches ----------------------------------------------------------------------------------


def test_an_input_takes_samples():
    graph = Graph().apply(edits.build(Graph(), "f = x * y", {"y": 3.0}))
    patch = edits.set_param(graph, "x", "value", [1, 2.5, -1])
    assert patch.label == "Set x to 3 samples"
    after = graph.apply(patch)
    assert after.nodes["x"].params["value"] == (1.0, 2.5, -1.0)
    assert Plan.of(after).run().value[-1].tolist() == [3.0, 7.5, -3.0]
    assert text_of(after, "f") == "x * y"
    again = after.apply(edits.build(after, "f = x + y"))
    assert again.nodes["x"].params["value"] == (1.0, 2.5, -1.0)


@pytest.mark.parametrize(
    ("node", "name", "value", "sentence"),
    [
        ("x", "value", [1.0], "2 to 100,000 samples, not 1"),
        ("x", "value", [1.0] * 100_001, "2 to 100,000 samples"),
        ("x", "value", [1.0, math.nan], "finite"),
        ("x", "value", [1.0, "2"], "must be a number"),
        ("x", "value", [1.0, True], "must be a number"),
        ("c", "value", [1.0, 2.0], "only inputs take samples"),
        ("s", "a", [1.0, 2.0], "one number"),
        ("x", "trainable", [1.0, 2.0], "yes or no"),
    ],
)
def test_samples_are_refused_in_words(node, name, value, sentence):
    nodes = [Node("x", "input"), Node("c", "constant"), Node("s", "scale")]
    with pytest.raises(GraphError, match=sentence):
        edits.set_param(Graph(nodes), node, name, value)


# --- laws -------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([*"xyz+-*/()^2.,", "sin", "exp", "max"]), max_size=30))
@settings(max_examples=150)
def test_any_text_makes_a_gate_or_a_sentence(parts):
    graph = Graph()
    try:
        after = graph.apply(edits.define_kind(graph, "G", "".join(parts)))
    except GraphError:
        return
    gate = after.gates["G"]
    assert len(gate.local) == len(gate.inputs)
    found = gate.scalar(*[0.5] * len(gate.inputs))
    assert len(found) == len(gate.inputs) + 1


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("swish", "swish"),
        ("log-sum-exp", "log-sum…"),
        ("crease 折", "crease…"),
        ("折线函数", "折线函数"),
        ("分段线性函数", "分段线…"),
        ("a{b}", "a{b}"),
    ],
)
def test_a_card_shows_as_much_of_the_title_as_has_room(title: str, shown: str) -> None:
    gate = gate_of_kind(Kind("k", title, "x + 1"))
    assert face(gate, {}) == shown
