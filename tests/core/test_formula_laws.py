"""Laws of formulas: written, read again, built and computed."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.formula import (
    Call,
    Name,
    Number,
    gates_of,
    numpy_function,
    parse,
    parse_program,
    text,
    text_of,
)
from bpstudio.core.formula.expr import names_in, same
from bpstudio.core.formula.functions import functions
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph
from tests.core.formulas import evaluate, shape

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
