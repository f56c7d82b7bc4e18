"""The gradient check's verdicts as people read them."""

import pytest

from bpstudio.core.check import Check, Line, check
from bpstudio.core.edits import build
from bpstudio.core.graph import Graph
from bpstudio.ui.panels.verdicts import verdict_of_node, wire_named


@pytest.mark.parametrize(
    ("relative", "said"), [(5.6e-11, "✓ 6e−11"), (0.0, "✓ agrees"), (1e-4, "✓ 0.0001")]
)
def test_how_far_a_gradient_is_off_is_said_only_where_it_is_off(relative, said) -> None:
    line = Line(1.0, 1.0, relative, "ok", 1.0, 1.0)
    (entry,) = verdict_of_node(Check(1e-6, {"w": line}), Graph(), "")
    assert entry.text == said


def test_what_no_difference_can_tell_is_called_so() -> None:
    graph = Graph().apply(build(Graph(), "f = sin(x)", {"x": 1e15}))
    (wire,) = graph.wires
    words, _ = wire_named(check(graph), graph, wire)
    assert words.startswith("? x → ")
    assert words.endswith(": cannot be told")
