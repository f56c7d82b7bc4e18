"""Find: names, gates, formulas, notes, numbers; best first, each thing once, with its reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.find import search
from bpstudio.core.graph import Graph, Group, Kind, Node, Note, Wire
from bpstudio.core.plan import Plan
from tests.core.graphs import chain
from tests.core.pieces import graphs, perceptron

SWISH = Kind("mine", "My swish", "u * sigmoid(u)")
MIXED = Graph(
    [
        Node("x1", "input", params={"value": 3.5}, label="rate"),
        Node("s1", "sigmoid"),
        Node("sig", "tanh"),
        Node("m1", "mine"),
        Node("r1", "reciprocal"),
        Node("z9", "convolve"),
    ],
    [Wire("w1", "x1", "s1", "x")],
    [Group("g1", "Signal path")],
    [Note("n1", "Here the sigma of the whole layer is worth a look, at leisure")],
    kinds=[SWISH],
)


def found(graph: Graph, text: str) -> list[str]:
    trace = Plan.of(graph).run() if "z9" not in graph.nodes else None
    return [hit.id for hit in search(graph, trace, text)]


def test_names_go_before_gates_and_beginnings_before_middles():
    assert found(MIXED, "sig") == ["sig", "g1", "s1", "n1", "m1"]
    assert found(MIXED, "RATE") == ["x1"]
    assert found(MIXED, "x1") == ["x1"]
    assert found(MIXED, "s1")[0] == "s1"


@pytest.mark.parametrize(
    ("text", "first", "reason"),
    [
        ("σ", "s1", "gate Sigmoid σ"),
        ("sigmoid", "s1", "gate Sigmoid"),
        ("1/x", "r1", "gate Reciprocal 1/x"),
        ("u*sigmoid", "m1", "formula u * sigmoid(u)"),
        ("my swish", "m1", "gate My swish"),
        ("convolve", "z9", "gate convolve"),
        ("rate", "x1", "name rate"),
        ("path", "g1", "name Signal path"),
        ("layer", "n1", "text “…f the whole layer is worth a look, at le…”"),
    ],
)
def test_a_hit_says_why_it_is_one(text, first, reason):
    hit = search(MIXED, None, text)[0]
    assert (hit.id, hit.reason) == (first, reason)


def test_nothing_finds_nothing():
    for text in ("", "   ", "qqq", "=", "> many", "=3.5"):
        assert search(MIXED, None, text) == ()


def numbers(text: str) -> set[tuple[str, str]]:
    graph = chain(
        [("d", "divide", ["a", "zero"]), ("e", "scale:a=100", ["b"]), ("t", "tanh", ["b"])],
        {"a": 1.0, "zero": 0.0, "b": 3.5},
    )
    return {(hit.id, hit.what) for hit in search(graph, Plan.of(graph).run(), text)}


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("=3.5", {("b", "value")}),
        ("= 3.50", {("b", "value")}),
        ("3.5", {("b", "value")}),
        ("0.9982", {("t", "value")}),
        ("0.998", set()),
        (">200", {("e", "value"), ("d", "value"), ("a", "gradient")}),
        (">=350", {("e", "value"), ("d", "value"), ("a", "gradient")}),
        ("inf", {("d", "value"), ("a", "gradient")}),
        ("∞", {("d", "value"), ("a", "gradient")}),
        ("-inf", {("zero", "gradient")}),
        ("−∞", {("zero", "gradient")}),
        ("∂ = inf", {("a", "gradient")}),
        ("grad<0", {("zero", "gradient")}),
        ("=0.9982", {("t", "value")}),
        ("=0.9981", set()),
        ("nan", set()),
    ],
)
def test_numbers_are_found_as_labels_show_them(text, hits):
    assert numbers(text) == hits


def test_a_bare_number_may_be_a_part_of_a_name_too_and_then_the_whole_name_goes_first():
    graph = chain([("n2", "exp", ["two"]), ("2", "sin", ["two"])], {"two": 2.0})
    hits = search(graph, Plan.of(graph).run(), "2")
    assert [(hit.id, hit.what) for hit in hits] == [
        ("2", "name"),
        ("two", "value"),
        ("n2", "name"),
    ]


def test_where_is_the_nan():
    graph = chain(
        [("l", "log", ["a"]), ("s", "exp", ["l"]), ("t", "exp", ["b"]), ("banana", "sin", ["b"])],
        {"a": -1.0, "b": 1.0},
    )
    graph = Graph([*graph.nodes.values(), Node("open", "exp")], graph.wires.values())
    hits = search(graph, Plan.of(graph).run(), "NaN")
    assert {hit.id for hit in hits if hit.what in ("value", "gradient")} == {"l", "s", "a"}
    assert hits[0].reason == "value NaN"
    assert [hit.id for hit in hits][-1] == "banana"


@settings(max_examples=60)
@given(graphs(), st.text(max_size=6) | st.sampled_from(["=1", "<2", "e", "nan", "n1", "u"]))
def test_every_thing_is_found_once_and_the_best_comes_first(graph, text):
    hits = search(graph, Plan.of(graph).run(), text)
    assert len({hit.id for hit in hits}) == len(hits)
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
    for hit in hits:
        assert graph.get(hit.id) is not None
        assert hit.reason


def test_a_name_is_found_by_any_part_of_it():
    graph = perceptron()
    for node in graph.nodes.values():
        for end in range(1, len(node.name) + 1):
            assert node.id in found(graph, node.name[:end])


def test_a_frame_is_found_by_its_title_as_a_group_is():
    graph = Graph(notes=[Note("frame1", "forward pass", frame=True), Note("n1", "the pass")])
    assert [(hit.id, hit.kind, hit.what) for hit in search(graph, None, "pass")] == [
        ("frame1", "frame", "name"),
        ("n1", "note", "text"),
    ]
