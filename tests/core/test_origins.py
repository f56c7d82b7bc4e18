"""Where a NaN or an infinity comes from, and who only hands it on."""

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.core.origins import heirs, inherited
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace


def run(text: str, **values: float) -> Trace:
    return Plan.of(Graph().apply(edits.build(Graph(), text, values))).run()


def said(trace: Trace, node: str) -> list[tuple[str, str]]:
    return [(found.origin, found.sentence) for found in inherited(trace, node)]


def test_the_inner_root_made_it_and_the_outer_hands_it_on() -> None:
    trace = run("f = sqrt(sqrt(x - 2))", x=1.0)
    ((origin, sentence),) = said(trace, "f")[:1]
    assert origin == "sqrt1"
    assert sentence == "f only hands on the NaN that sqrt1 made."
    assert heirs(trace, "sqrt1") == ("f",)


def test_who_made_it_inherits_nothing() -> None:
    trace = run("a = log(x)\nf = a * y", x=-1.0, y=2.0)
    assert said(trace, "a") == []
    assert heirs(trace, "f") == ()


def test_an_infinity_is_followed_too() -> None:
    trace = run("a = exp(x)\nb = a + 1\nf = b * y", x=1000.0, y=2.0)
    assert said(trace, "f") == [("a", "f only hands on the infinity of a.")]
    assert heirs(trace, "a") == ("b", "f")


def test_a_gradient_is_followed_down_to_the_gate_that_spoilt_it() -> None:
    trace = run("q = x * y\nr = sqrt(q)\nf = r * 0", x=0.0, y=3.0)
    assert said(trace, "x") == [("r", "The gradient of x is NaN because of r.")]
    assert heirs(trace, "r") == ("x", "y", "q")


def test_a_gradient_spoilt_by_a_value_leads_to_that_value() -> None:
    trace = run("a = log(x)\nf = a * y", x=-1.0, y=2.0)
    assert ("a", "The gradient of y is NaN because of a.") in said(trace, "y")


def test_a_sound_graph_has_nothing_to_hand_on() -> None:
    trace = run("f = x * y", x=1.0, y=2.0)
    assert all(not inherited(trace, key) and not heirs(trace, key) for key in trace.plan.nodes)
