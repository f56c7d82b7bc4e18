"""The V of the gradient check: its words, its plot, and when what draws it is loaded."""

import numpy as np
import pytest

from bpstudio.core import edits
from bpstudio.core.check import Sweep, sweep
from bpstudio.core.graph import Graph
from bpstudio.ui import theme
from bpstudio.ui.session import STEPS
from bpstudio.ui.sweepplot import Curve, SweepPlot
from bpstudio.ui.sweepwords import Shape, sentences
from tests.ui.test_start import modules_after


def swept(text: str, node: str = "f", port: str = "x", **values: float) -> Sweep:
    graph = Graph().apply(edits.build(Graph(), text, values))
    return sweep(graph, graph.into(node)[port], STEPS)


def test_a_smooth_gate_has_both_legs_and_a_foot_near_a_millionth() -> None:
    found = swept("f = sigmoid(x)", x=1.0)
    shape = Shape.of(found)
    assert shape.rounding
    assert shape.truncation
    assert shape.crossed == ()
    assert 1e-8 < found.best < 1e-4
    first, *legs = sentences(found, 1e-6)
    assert first.startswith("The error is least near h = ")
    assert [leg.split(":")[0] for leg in legs] == ["Longer steps", "Shorter steps"]


def test_a_line_has_no_truncation() -> None:
    found = swept("f = 3 * x", x=2.1)
    assert not Shape.of(found).truncation
    assert any("close to a line" in said for said in sentences(found, 1e-6))


def test_a_kink_close_by_is_crossed_by_long_steps_only() -> None:
    found = swept("f = relu(x)", x=-1e-6)
    shape = Shape.of(found)
    assert shape.crossed
    assert min(shape.crossed) > 1e-6
    (said,) = sentences(found, 1e-6)
    assert said.startswith("Steps from h = 3.2e−6 on cross a kink")
    assert "0 on the left" in said


@pytest.mark.parametrize(
    ("text", "values", "word"),
    [
        ("f = abs(x)", {"x": 0.0}, "crosses a kink"),
        ("f = relu(x)", {"x": 0.0}, "crosses a kink"),
        ("f = max(x, y)", {"x": 2.0, "y": 2.0}, "turns a tie"),
    ],
)
def test_on_a_kink_and_on_a_tie_both_sides_are_told(text, values, word) -> None:
    said = sentences(swept(text, **values), 1e-6)[0]
    assert word in said
    assert "one-sided differences" in said


def test_nothing_to_compare_is_said() -> None:
    assert "nothing to compare" in sentences(swept("f = log(x)", x=-1.0), 1e-6)[0]


def test_an_error_of_zero_stands_on_the_floor() -> None:
    curve = Curve.of(swept("f = 3 * x", x=2.1), 12)
    assert curve is not None
    assert curve.zeros.any()
    assert np.isfinite(curve.y).all()
    assert curve.span[2] < curve.y.min()


def test_without_a_finite_difference_there_is_no_curve() -> None:
    assert Curve.of(swept("f = log(x)", x=-1.0), 12) is None


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_plot_has_the_themes_ground_and_ink(qtbot, name) -> None:
    try:
        theme.appearance().use(name)
        plot = SweepPlot()
        qtbot.addWidget(plot)
        plot.resize(264, 224)
        plot.show_sweep(swept("f = sigmoid(x)", x=1.0))
        plot.show()
        qtbot.waitUntil(lambda: plot.drawn)
        qtbot.wait(50)
        picture = plot.grab().toImage()
        colours = theme.current()
        inks = {picture.pixelColor(x, y).name() for x in range(264) for y in range(224)}
        assert picture.pixelColor(150, 40).name() == colours.panel.lower()
        assert colours.accent.lower() in inks
        assert colours.value.lower() in inks
        assert "#000000" not in inks
    finally:
        theme.appearance().use("system")


def test_the_plot_is_told_in_words(qtbot) -> None:
    plot = SweepPlot()
    qtbot.addWidget(plot)
    plot.show_sweep(swept("f = sigmoid(x)", x=1.0))
    assert plot.accessibleName()
    assert "truncation" in plot.accessibleDescription()


def test_a_window_with_a_graph_has_not_loaded_what_draws_plots() -> None:
    code = """
from bpstudio.core import edits
from bpstudio.ui import app, theme
from bpstudio.ui.window import Window
application = app.application(["bpstudio"])
theme.appearance().use("light")
window = Window()
window.show()
window.begin([])
document = window.session.new()
document.do(edits.build(document.graph, "f = sigmoid(x)", {"x": 1.0}))
document.select(["f"])
application.processEvents()
window.session.check(document)
document.select([])
application.processEvents()
"""
    assert "pyqtgraph" not in modules_after(code)
