"""Formulas of nodes as text, LaTeX and with numbers, and what they would take."""

import pytest

from bpstudio.core import edits
from bpstudio.core.formula import FormulaError, parse_program
from bpstudio.core.formula.views import Formulas, reach
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.plan import Plan

VALUES = {"x": -2.0, "y": 5.0, "z": -4.0}


def built(text: str, values=VALUES) -> Graph:
    return Graph().apply(edits.build(Graph(), text, values))


def test_every_reading_names_its_lines() -> None:
    formulas = Formulas.of(built("q = x + y\nf = q * z"), ["f"])
    assert formulas.text == "q = x + y\nf = q * z"
    assert formulas.tex_lines == ("q = x + y", r"f = q \cdot z")
    assert formulas.latex == ("\\begin{aligned}\nq &= x + y \\\\\nf &= q \\cdot z\n\\end{aligned}")


def test_a_single_line_is_plain_latex() -> None:
    assert Formulas.of(built("f = x * y"), ["f"]).latex == r"f = x \cdot y"


def test_the_text_reads_back() -> None:
    text = Formulas.of(built("q = x + y\nf = q * z + exp(q)"), ["f"]).text
    assert [line.name for line in parse_program(text)] == ["q", "f"]


def test_numbers_are_put_in_line_by_line() -> None:
    graph = built("q = x + y\nf = q * z")
    trace = Plan.of(graph).run()
    formulas = Formulas.of(graph, ["f"])
    assert formulas.with_numbers(trace) == (
        "q = x + y = −2 + 5 = 3",
        "f = q × z = 3 × (−4) = −12",
    )


def test_a_number_that_is_not_known_yet_is_not_put_in() -> None:
    graph = built("q = x + y\nf = q * z")
    formulas = Formulas.of(graph, ["f"])
    lines = formulas.with_numbers(Plan.of(graph).run(), known=lambda key: key != "f")
    assert lines[1] == "f = q × z"


def test_an_open_port_is_refused_by_name() -> None:
    graph = Graph([Node("add1", "add", (0.0, 0.0))])
    with pytest.raises(FormulaError, match="add1"):
        Formulas.of(graph, ["add1"])


def test_counting_stops_past_the_most() -> None:
    size = 100_000
    nodes = [Node("n0", "input", (0.0, 0.0), {"value": 1.0})]
    nodes += [Node(f"n{i}", "exp", (0.0, 0.0)) for i in range(1, size)]
    wires = [Wire(f"w{i}", f"n{i - 1}", f"n{i}", "x") for i in range(1, size)]
    graph = Graph(nodes, wires)
    assert reach(graph, [f"n{size - 1}"], 300) == 301
    assert reach(graph, ["n4"], 300) == 5


def test_not_a_number_is_shown_as_such() -> None:
    graph = built("f = log(x)", {"x": -1.0})
    assert Formulas.of(graph, ["f"]).with_numbers(Plan.of(graph).run()) == (
        "f = ln(x) = ln(−1) = NaN",
    )


def test_a_graph_without_a_formula_is_told_without_a_line_that_nobody_wrote():
    from bpstudio.core.formula import text_of

    graph = Graph([Node("e", "exp", (0.0, 0.0))])
    with pytest.raises(FormulaError) as refused:
        text_of(graph, "e")
    assert str(refused.value) == "e has no wire into x; wire it first."
