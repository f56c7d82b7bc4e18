"""The canvas under real mouse, key and drag events, offscreen: values and names."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.ui.canvas import hits
from bpstudio.ui.owngate import OwnGateDialog
from tests.ui.canvas.person import before
from tests.ui.graphs import simple


def test_scrubbing_a_value_updates_the_result_and_is_one_command(person):
    start = person.value("x")
    person.drag(start, start + QPoint(40, 0), drop=False)
    assert person.graph.nodes["x"].params["value"] == -1.0
    assert person.document.trace.value_of("f") == -16.0
    assert person.document.committed == simple()
    assert person.labels == []
    person.release(start + QPoint(40, 0))
    assert person.labels == ["Set x to −1"]
    assert person.document.committed.nodes["x"].params["value"] == -1.0
    person.document.undo_stack.undo()
    assert person.graph == simple()


def test_escape_drops_a_scrub_and_its_numbers(person):
    start = person.value("x")
    person.drag(start, start + QPoint(40, 0), drop=False)
    person.key(Qt.Key.Key_Escape)
    assert person.graph == simple()
    assert person.document.trace.value_of("f") == -12.0
    assert person.labels == []


def test_values_are_typed_in_place_and_tab_goes_on(person):
    person.click(person.value("x"))
    field = person.canvas.editing.field
    assert field.is_open
    assert field.text() == "−2"
    person.type("7")
    person.key(Qt.Key.Key_Tab)
    assert person.graph.nodes["x"].params["value"] == 7.0
    assert field.item == "y"
    person.type("1e-3")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["y"].params["value"] == 0.001
    assert not field.is_open
    assert person.canvas.hasFocus()
    assert person.labels == ["Set x to 7", "Set y to 0.001"]


def test_a_field_writes_in_the_size_that_is_drawn_there(person):
    # As the window's style sheet says of every widget: without care it goes before the font.
    person.canvas.setStyleSheet("QWidget { font-size: 9px; }")
    for scale in (1.0, 2.0, 3.0):
        person.canvas.camera.scale = scale
        person.canvas.edit_value("x")
        assert person.canvas.editing.field.fontInfo().pixelSize() == round(13 * scale)
        person.key(Qt.Key.Key_Escape)


def test_the_field_of_a_value_never_hides_whose_it_is(person):
    for scale in (0.5, 1.0, 2.0):
        person.canvas.camera.scale = scale
        person.canvas.edit_value("x")
        left = person.canvas.camera.rect_to_screen(hits.value_rect(person.canvas.view, "x"))[0]
        assert person.canvas.editing.field.geometry().left() >= round(left)
        person.canvas.editing.field.leave()


def test_a_bad_value_is_refused_in_words_and_the_field_stays(person):
    person.click(person.value("x"))
    person.type("two")
    person.key(Qt.Key.Key_Return)
    field = person.canvas.editing.field
    assert field.is_open
    assert person.canvas.bubble.text() == "“two” is not a number; type one like −2.5 or 1e-3."
    person.key(Qt.Key.Key_Escape)
    assert not field.is_open
    assert not person.canvas.bubble.isVisible()
    assert person.graph == simple()


def test_enter_edits_the_value_of_the_selected_input_and_f2_its_name(person):
    person.document.select(["z"])
    person.key(Qt.Key.Key_Return)
    person.type("9")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["z"].params["value"] == 9.0
    person.key(Qt.Key.Key_F2)
    person.type("gain")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["z"].label == "gain"
    assert person.labels[-1] == "Rename z to gain"


def dialog_of(person):
    """The own gate's dialog that is open; None for none."""
    found = person.canvas.window().findChildren(OwnGateDialog)
    return next((one for one in found if one.isVisible()), None)


@pytest.fixture
def own(qtbot):
    graph = Graph().apply(edits.define_kind(Graph(), "swish", "x * sigmoid(x)"))
    graph = graph.apply(edits.build(graph, "f = swish(u) + leaky_relu(u)"))
    yield from before(qtbot, graph)


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("how", ["double-click", "Enter"])
def test_an_own_gate_shows_its_formula_to_change_it(own, how):
    key = next(k for k, node in own.graph.nodes.items() if node.gate in own.graph.kinds)
    if how == "Enter":
        own.document.select((key,))
        own.key(Qt.Key.Key_Return)
    else:
        own.double(own.node(key))
    dialog = dialog_of(own)
    assert dialog is not None
    assert dialog.formula.text() == "x * sigmoid(x)"
    dialog.reject()
    assert own.labels == []
    assert own.resting
    own.document.select((key,))
    own.key(Qt.Key.Key_F2)
    assert dialog_of(own) is None
    assert own.canvas.editing.field.is_open
    own.canvas.editing.field.leave()


def test_a_double_click_on_a_gate_with_a_parameter_types_it_and_on_another_renames(own):
    leaky = next(k for k, node in own.graph.nodes.items() if node.gate == "leaky_relu")
    own.double(own.node(leaky))
    assert own.canvas.editing.field.text() == "0.01"
    own.canvas.editing.field.leave()
    own.double(own.node("f"))
    assert own.canvas.editing.field.text() == "f"
    own.canvas.editing.field.leave()
    assert own.labels == []


def test_a_double_click_on_a_name_renames(person):
    person.double(person.node("x", -34))
    assert person.canvas.editing.field.item == "x"
    person.type("x0")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["x"].label == "x0"


def test_the_field_leaves_with_the_gate_it_edits(person):
    person.click(person.value("x"))
    person.document.do(edits.delete(person.graph, ["x"]))
    assert not person.canvas.editing.field.is_open


def test_the_field_goes_with_the_paper(person):
    person.click(person.value("x"))
    before = person.canvas.editing.field.geometry()
    person.canvas.pan(40, 30)
    after = person.canvas.editing.field.geometry()
    assert after.topLeft() - before.topLeft() == QPoint(40, 30)
