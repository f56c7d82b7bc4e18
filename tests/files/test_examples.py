"""The shipped examples: complete, canonical, and with the numbers that were published."""

from __future__ import annotations

import pytest

from bpstudio import assets
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from bpstudio.files import bps
from bpstudio.files.examples import EXAMPLES, path
from tests.make_examples import LINES, SOURCES, document


def traced(name: str) -> Trace:
    return Plan.of(bps.load(path(name))[0].graph).run()


def test_every_shipped_file_is_in_the_table_and_every_entry_has_its_file():
    shipped = {p.stem for p in (assets.root() / "examples").glob("*.bps")}
    assert shipped == set(EXAMPLES) == set(LINES) == set(SOURCES)


def test_an_unknown_example_is_refused():
    with pytest.raises(KeyError):
        path("../perceptron")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_shipped_file_is_canonical_and_titled_as_in_the_table(name: str):
    data = path(name).read_bytes()
    file = bps.decode(data, name)
    assert bps.encode(file) == data
    assert file.title == EXAMPLES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_shipped_file_is_the_graph_its_script_describes(name: str):
    shipped, made = bps.load(path(name))[0].graph, document(name).graph
    assert shipped.wires == made.wires
    assert {k: (n.gate, n.params, n.label) for k, n in shipped.nodes.items()} == {
        k: (n.gate, n.params, n.label) for k, n in made.nodes.items()
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_an_example_is_known(name: str):
    trace = traced(name)
    assert trace.plan.known.all()
    kinds = {"tie", "kink"} if name == "micrograd" else set()
    assert {w.kind for w in trace.warnings} <= kinds


@pytest.mark.parametrize("name", ["perceptron", "perceptron-sigmoid"])
def test_the_perceptron_has_its_published_numbers(name: str):
    trace = traced(name)
    assert round(trace.value_of("f"), 2) == 0.73
    published = {"w2": 0.20, "w0": -0.20, "x0": 0.39, "w1": -0.39, "x1": -0.59}
    assert {key: round(trace.grad_of(key), 2) for key in published} == published


@pytest.mark.parametrize(
    ("name", "values", "grads"),
    [
        (
            "simple",
            {"q": 3, "f": -12},
            {"f": 1, "q": -4, "z": 3, "x": -4, "y": -4},
        ),
        ("product", {"f": -12}, {"x": -3, "y": 4}),
        ("fan-out", {"c": 3, "d": 2, "e": 6}, {"a": 2, "b": 5}),
        ("patterns", {"f": -20}, {"x": -8, "y": 6, "z": 2, "w": 0}),
        ("neuron", {"n": 0.8813735870195432, "o": 0.7071067811865476}, {"w1": 1.0, "x1": -1.5}),
        ("loss", {"e": -6, "d": 4, "L": -8}, {"f": 4, "d": -2, "a": 6, "b": -4}),
        ("micrograd", {"g": 24.70408163265306}, {"a": 138.83381924198252, "b": 645.57725947521864}),
    ],
)
def test_an_example_has_its_published_numbers(
    name: str, values: dict[str, float], grads: dict[str, float]
):
    trace = traced(name)
    assert {key: trace.value_of(key) for key in values} == pytest.approx(values, rel=1e-9)
    assert {key: trace.grad_of(key) for key in grads} == pytest.approx(grads, rel=1e-9)
