"""What is said of a formula that somebody typed."""

import pytest

from bpstudio.core import edits
from bpstudio.core.formula import FormulaError, gates_of, parse_program
from bpstudio.core.formula.typed import other_names, refuse_zero_divisors
from bpstudio.core.graph import Graph
from bpstudio.core.plan import Plan


@pytest.mark.parametrize(
    ("formula", "place"),
    [
        ("1/0", (1, 2)),
        ("x / 0", (1, 3)),
        ("q = x + 1\nf = q * (1 / -0)", (2, 12)),
        ("max(x, reciprocal(0))", (1, 8)),
        ("x / (2 - 2)", (1, 3)),
    ],
)
def test_a_division_by_the_number_0_is_refused_with_its_column(formula, place):
    with pytest.raises(FormulaError, match="divided by the number 0") as caught:
        edits.build(Graph(), formula)
    assert (caught.value.line, caught.value.column) == place


def test_the_way_out_that_the_refusal_names_builds():
    graph = Graph().apply(edits.build(Graph(), "z = 0\nf = 1 / z"))
    assert Plan.of(graph).run().value_of("f") == float("inf")


@pytest.mark.parametrize("formula", ["0 / x", "x / 1e-308", "x / y", "x^-1", "0 * x", "9**9**9"])
def test_other_divisions_are_left_alone(formula):
    refuse_zero_divisors(parse_program(formula))


def test_an_own_gate_of_numbers_is_left_to_its_formula():
    graph = Graph().apply(edits.define_kind(Graph(), "Twice", "2 * x"))
    built = graph.apply(edits.build(graph, "f = y / Twice(0)"))
    assert Plan.of(built).run().value_of("f") == float("inf")


def test_a_graph_that_divides_by_0_is_still_built_from_its_own_text():
    # A document may hold it: only what is typed anew is refused.
    assert gates_of(parse_program("x / 0")).named("f")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("f = x * y", []),
        ("f = x", [("f", "x")]),
        ("a = x\nb = a\nc = b + 1", [("a", "x"), ("b", "x")]),
        ("q = x + y\nf = (q)", [("f", "q")]),
    ],
)
def test_a_name_without_a_gate_is_told_with_what_bears_it(formula, said):
    sentences = other_names(parse_program(formula))
    assert len(sentences) == len(said)
    for sentence, (name, other) in zip(sentences, said, strict=True):
        assert sentence.startswith(f"“{name}” is only another name of {other},")
        assert sentence.endswith(f"the graph shows it as {other}.")
