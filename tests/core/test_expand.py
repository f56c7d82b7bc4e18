"""A gate becomes its parts and the parts become the gate again."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bpstudio.core import edits
from bpstudio.core.edits import born
from bpstudio.core.formula import parse
from bpstudio.core.formula.match import match
from bpstudio.core.gates import GATES
from bpstudio.core.graph import (
    BadKind,
    BadParam,
    BadText,
    Graph,
    Group,
    Kind,
    Node,
    UnknownItem,
    Wire,
)
from bpstudio.core.plan import Plan
from bpstudio.core.shape import node_size
from tests.core.graphs import perceptron, wild

EXPANDABLE = [
    *("subtract", "divide", "square", "sigmoid", "tanh", "relu", "softplus", "elu"),
    *("leaky_relu", "half_squared_error", "cross_entropy_logit"),
]
AWAY_FROM_KINKS = [0.7, -1.3, 2.9, -0.2]


def built(formula, values=None, graph=None):
    graph = Graph() if graph is None else graph
    return graph.apply(edits.build(graph, formula, values))


def around(key):
    """The gate between others: its ports fed by inputs, its value used twice."""
    gate = GATES[key]
    params = ", 0.3" if key == "leaky_relu" else ""
    return built(f"f = {key}({', '.join(gate.inputs)}{params})\ng = f * a\nh = sin(f)")


def close(one, other):
    return abs(one - other) <= 1e-12 * (1 + abs(other))


def numbers(graph, nodes):
    trace = Plan.of(graph).run()
    return [(trace.value_of(n), trace.grad_of(n)) for n in nodes]


def test_what_is_made_of_simpler_gates_is_known():
    found = []
    for key in GATES:
        graph = Graph([Node("n", key)])
        if edits.can_expand(graph, "n"):
            found.append(key)
        else:
            with pytest.raises(BadKind, match="as simple as can be"):
                edits.expand(graph, "n")
    assert sorted(found) == sorted(EXPANDABLE)
    assert not edits.can_expand(graph, "nothing")
    assert not edits.can_expand(Graph([Node("n", "later")]), "n")


def test_an_input_of_samples_is_as_simple_as_can_be():
    graph = Graph([Node("n", "input", params={"value": (1.0, 2.0)})])
    assert not edits.can_expand(graph, "n")


@pytest.mark.parametrize("key", EXPANDABLE)
def test_expanding_changes_no_number(key):
    graph = around(key)
    inputs = [n.id for n in graph.nodes.values() if n.gate == "input"]
    for shift in range(len(AWAY_FROM_KINKS)):
        for i, node in enumerate(inputs):
            value = AWAY_FROM_KINKS[(i + shift) % len(AWAY_FROM_KINKS)]
            graph = graph.apply(edits.set_value(graph, node, value))
        after = graph.apply(edits.expand(graph, "f"))
        assert len(after.nodes) > len(graph.nodes) or key == "square"
        pairs = zip(numbers(after, graph.nodes), numbers(graph, graph.nodes), strict=True)
        assert all(close(a, b) for one, other in pairs for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("key", EXPANDABLE)
def test_expanding_keeps_label_seed_and_wires_and_is_undone(key):
    graph = around(key)
    graph = graph.apply(edits.rename(graph, "f", "my name"))
    graph = graph.apply(edits.set_seed(graph, "f", 2.5))
    patch = edits.expand(graph, "f")
    after = graph.apply(patch)
    assert after.apply(patch.inverse()) == graph
    assert after.nodes["f"].label == "my name"
    assert after.seeds == graph.seeds
    assert after.out_of("f") == graph.out_of("f")
    assert set(graph.wires) <= set(after.wires)
    assert Plan.of(after).known.all()
    for group in after.groups.values():
        assert group.title == GATES[key].title
        assert {n.id for n in after.members(group.id)} == {*born(patch), "f"}


@pytest.mark.parametrize("key", [key for key in EXPANDABLE if key != "square"])
def test_fusing_what_was_expanded_gives_the_same_graph(key):
    graph = around(key)
    after = graph.apply(edits.expand(graph, "f"))
    (group,) = after.groups
    assert edits.recognised(after, [group]) == key
    assert after.apply(edits.fuse(after, [group])) == graph
    nodes = [n.id for n in after.members(group)]
    assert after.apply(edits.fuse(after, nodes)) == graph


def test_the_perceptron_has_the_sigmoid_in_it():
    graph = perceptron()
    chunk = ["e", "g", "h", "f"]
    assert edits.recognised(graph, chunk) == "sigmoid"
    patch = edits.fuse(graph, chunk)
    assert patch.label == "Fuse f into Sigmoid"
    after = graph.apply(patch)
    assert after.nodes["f"].gate == "sigmoid"
    for one, other in zip(numbers(after, after.nodes), numbers(graph, after.nodes), strict=True):
        assert one == pytest.approx(other, rel=1e-12)


def test_parts_stand_in_place_and_neighbours_make_room():
    graph = built("a1 = sigmoid(x)\na2 = tanh(x)\na3 = softplus(x)\nf = a1 * a2 * a3")
    graph = graph.apply(edits.add_note(graph, (500.0, 0.0), "to the right"))
    before = graph
    for key in ("a1", "a2", "a3"):
        graph = graph.apply(edits.expand(graph, key))
    bodies = [(n.at, node_size(n, graph.gates)) for n in graph.nodes.values()]
    for i, (at, size) in enumerate(bodies):
        for other, width in bodies[i + 1 :]:
            apart = abs(at[0] - other[0]) >= (size[0] + width[0]) / 2
            assert apart or abs(at[1] - other[1]) >= (size[1] + width[1]) / 2
    for wire in graph.wires.values():
        assert graph.nodes[wire.source].at[0] < graph.nodes[wire.target].at[0]
    assert graph.nodes["x"] == before.nodes["x"]
    assert graph.notes["note1"].at[0] > 500.0


def test_open_ports_stay_open_and_groups_nest():
    graph = Graph([Node("d", "divide", group="g")], groups=[Group("g", "outer")])
    after = graph.apply(edits.expand(graph, "d"))
    (inner,) = [g for g in after.groups.values() if g.id != "g"]
    assert inner.group == "g"
    assert len(Plan.of(after).missing) == 2
    assert after.apply(edits.fuse(after, [inner.id])) == graph


# --- own gates --------------------------------------------------------------------------------


OWN = ["x * sigmoid(x)", "log(1 + exp(a)) / b", "max(x, y, 1) - 2 ^ x", "(x + y) * (x - y) + x * y"]


@pytest.mark.parametrize("formula", OWN)
def test_an_own_gate_expands_and_fuses(formula):
    graph = Graph().apply(edits.define_kind(Graph(), "Mine", formula))
    ports = ", ".join(graph.gates["Mine"].inputs)
    graph = built(f"f = Mine({ports})\ng = f * f", graph=graph)
    after = graph.apply(edits.expand(graph, "f"))
    assert all(n.gate in GATES for n in after.nodes.values())
    for one, other in zip(numbers(after, graph.nodes), numbers(graph, graph.nodes), strict=True):
        assert one == pytest.approx(other, rel=1e-14)
    assert after.apply(edits.fuse(after, after.groups)) == graph


def test_a_chunk_that_no_gate_knows_becomes_an_own_gate():
    graph = built("q = x * y\nf = exp(q) + 3 * x\ng = f / 2")
    chunk = [n.id for n in graph.nodes.values() if n.gate != "input" and n.id != "g"]
    assert edits.recognised(graph, chunk) == ""
    with pytest.raises(BadText, match="give the new one a name"):
        edits.fuse(graph, chunk)
    patch = edits.fuse(graph, chunk, "My gate")
    after = graph.apply(patch)
    assert after.kinds == {"gate1": Kind("gate1", "My gate", "exp(x * y) + 3 * x")}
    assert {n.gate for n in after.nodes.values()} == {"input", "gate1", "scale"}
    assert after.apply(patch.inverse()) == graph
    same = ["x", "y", "f", "g"]
    for one, other in zip(numbers(after, same), numbers(graph, same), strict=True):
        assert one == pytest.approx(other, rel=1e-14)
    again = built("u = exp(x * y) + x * 3\nv = u + exp(z * w) + 3 * z", graph=after)
    second = [
        n.id for n in again.nodes.values() if again.into(n.id) and "u" in again.downstream(n.id)
    ]
    assert edits.recognised(again, second) == "gate1"


def test_own_gates_dissolve_in_a_larger_one():
    graph = Graph().apply(edits.define_kind(Graph(), "Half", "u / 2"))
    graph = built("f = Half(x) + Half(x * x)", graph=graph)
    chunk = [n.id for n in graph.nodes.values() if n.gate != "input"]
    after = graph.apply(edits.fuse(graph, chunk, "Both"))
    assert after.kinds["Both"].formula == "x / 2 + x * x / 2"


def test_what_feeds_one_gate_twice_is_one_port():
    graph = built("f = exp(x) * exp(x + x)")
    chunk = [n.id for n in graph.nodes.values() if n.gate != "input"]
    after = graph.apply(edits.fuse(graph, chunk, "Cube"))
    assert len(after.wires) == 1
    assert after.gates["Cube"].inputs == ("x",)


def test_constants_go_in_and_names_that_cannot_be_are_replaced():
    nodes = [
        Node("x", "input", label="two words"),
        Node("y", "input", label="sin"),
        Node("c", "constant", params={"value": 4.0}),
        Node("d", "constant", params={"value": 5.0}),
    ]
    graph = Graph(nodes)
    for key, gate, feeds in (("p", "multiply", "xc"), ("q", "divide", "yd"), ("s", "add", "pq")):
        graph = graph.apply(edits.add_node(graph, gate, (0, 0), label=key))
        (new,) = [n for n in graph.nodes if graph.nodes[n].label == key]
        for port, source in zip("xy", feeds, strict=True):
            at = next((n for n in graph.nodes if graph.nodes[n].label == source), source)
            graph = graph.apply(edits.connect(graph, at, new, port))
    graph = graph.apply(edits.add_node(graph, "scale", (0, 0), label="t"))
    graph = graph.apply(edits.connect(graph, "d", graph.named("t")[0], "x"))
    chunk = [graph.named(n)[0] for n in "pqs"]
    after = graph.apply(edits.fuse(graph, chunk, "Mix"))
    # c feeds only the chunk and goes in, d feeds another gate too and becomes a port.
    assert after.kinds["Mix"].formula == "x * 4 + y / d"
    assert "c" not in after.nodes


@pytest.mark.parametrize(
    ("chunk", "error", "sentence"),
    [
        (["q"], BadKind, "at least two"),
        (["x"], BadKind, "at least two"),
        ([], BadKind, "at least two"),
        (["q", "f"], BadKind, "q is used by these gates and by h too"),
        (["f", "h"], BadKind, "2 outputs, f, h; one gate has one"),
        (["q", "nothing"], UnknownItem, "nothing called “nothing”"),
    ],
)
def test_what_is_no_chunk_is_refused_in_words(chunk, error, sentence):
    graph = built("q = x * y\nf = exp(q)\nh = sin(q)")
    with pytest.raises(error) as caught:
        edits.fuse(graph, chunk, "G")
    assert sentence in str(caught.value)
    assert str(edits.fuse_refusal(graph, chunk)) == str(caught.value)


def test_a_seed_inside_and_an_unknown_gate_are_refused():
    graph = built("q = x * y\nf = exp(q)")
    assert edits.fuse_refusal(graph, ["q", "f"]) is None
    seeded = graph.apply(edits.set_seed(graph, "q", 1.0))
    with pytest.raises(BadKind, match="q has a seed"):
        edits.fuse(seeded, ["q", "f"], "G")
    later = Graph([*graph.nodes.values(), Node("n", "later")], graph.wires.values())
    with pytest.raises(BadKind, match="n is of a kind unknown"):
        edits.fuse(later, ["n", "f"], "G")


def test_a_ladder_whose_formula_would_never_end_is_refused():
    lines = ["a0 = x * x", *(f"a{n} = a{n - 1} * a{n - 1}" for n in range(1, 40))]
    graph = built("\n".join(lines))
    with pytest.raises(BadKind, match="too long"):
        edits.fuse(graph, [n for n in graph.nodes if n != "x"], "G")


# --- matching ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "formula"),
    [
        ("1 / (1 + exp(-x))", "reciprocal(exp(-1 * v) + 1)"),
        ("1 / (1 + exp(-x))", "(1 + exp(scale(v, -1))) ^ -1"),
        ("x - y", "-b + a"),
        ("x - y", "a + -1 * b"),
        ("x / y", "reciprocal(b) * a"),
        ("0.5 * (x - y) ^ 2", "square(p - q) * 0.5"),
        ("0.5 * (x - y) ^ 2", "0.5 * ((p - q) * (p - q))"),
        ("max(x, 0)", "max(0, v)"),
        ("x * x", "v ^ 2"),
    ],
)
def test_order_and_signs_do_not_matter(pattern, formula):
    assert match(parse(pattern), parse(formula)) is not None


@pytest.mark.parametrize(
    ("pattern", "formula"),
    [
        ("1 / (1 + exp(-x))", "1 / (1 + exp(x))"),
        ("1 / (1 + exp(-x))", "1 / (2 + exp(-x))"),
        ("x - y", "x + y"),
        ("x * x", "x * y"),
        ("x / y", "1 / (x * y)"),
        ("max(x, 0)", "min(x, 0)"),
        ("sin(x) + cos(x)", "sin(x) + cos(y)"),
    ],
)
def test_what_differs_does_not_match(pattern, formula):
    assert match(parse(pattern), parse(formula)) is None


def test_names_and_params_are_bound():
    pattern = parse("max(x, 0) + slope * min(x, 0)")
    assert match(pattern, parse("min(0, u) * 0.25 + max(u, 0)"), ["slope"]) == {
        "x": "u",
        "slope": 0.25,
    }
    assert match(pattern, parse("min(0, u) + max(u, 0)"), ["slope"]) == {"x": "u", "slope": 1.0}


def test_a_hopeless_comparison_ends_soon():
    many = " + ".join(f"sin(x{n} + y{n})" for n in range(12))
    other = " + ".join(f"sin(a{n} + a{n + 1})" for n in range(11)) + " + cos(a1 + a2)"
    assert match(parse(many), parse(other)) is None


@given(st.integers(0, 10_000))
@settings(max_examples=60)
def test_expanding_everything_keeps_every_number(seed):
    graph = wild(seed, 25)
    nodes = list(graph.nodes)
    assume(not Plan.of(graph).run().warnings)  # at a kink a gate and its parts may differ
    before = numbers(graph, nodes)
    for key in nodes:
        if edits.can_expand(graph, key):
            graph = graph.apply(edits.expand(graph, key))
    assert all(n.gate in GATES for n in graph.nodes.values())
    for one, other in zip(numbers(graph, nodes), before, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9)


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_expanding_many_at_once_is_expanding_one_after_the_other(seed, random):
    graph = wild(seed, 30)
    graph = graph.apply(edits.add_note(graph, (300.0, 50.0), "among them"))
    keys = [key for key in graph.nodes if edits.can_expand(graph, key)]
    random.shuffle(keys)
    one_by_one = graph
    for key in keys:
        one_by_one = one_by_one.apply(edits.expand(one_by_one, key))
    patch = edits.expand_all(graph, keys)
    at_once = graph.apply(patch)
    assert at_once == one_by_one
    assert list(at_once.nodes) == list(one_by_one.nodes)
    assert at_once.apply(patch.inverse()) == graph


def test_expanding_many_says_how_many_and_stops_at_one_that_is_simple():
    graph = built("a = sigmoid(x)\nb = tanh(a)")
    assert edits.expand_all(graph, ["a", "b"]).label == "Expand 2 gates"
    with pytest.raises(BadKind, match="as simple as can be"):
        edits.expand_all(graph, ["a", "x"])


def test_a_wider_gate_is_not_fused_off_the_paper():
    places = {"x": 1e7 - 300.0, "a": 1e7, "b": 1e7}
    gates = {"x": "input", "a": "exp", "b": "exp"}
    nodes = [Node(key, gate, (places[key], 200.0 * (key == "b"))) for key, gate in gates.items()]
    graph = Graph(nodes, [Wire("w", "x", "a", "x"), Wire("v", "a", "b", "x")])
    with pytest.raises(BadParam, match="off the paper"):
        edits.fuse(graph, ["a", "b"], "a long name for a gate")
