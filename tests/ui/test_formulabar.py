import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from bpstudio.core import edits
from bpstudio.ui.formulabar import BREAK, FormulaBar


@pytest.fixture
def bar(window) -> FormulaBar:
    return window.formula_bar


def enter(bar: FormulaBar, text: str, qtbot, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    bar.field.setFocus()
    bar.field.selectAll()
    qtbot.keyClicks(bar.field, text)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, modifier)


def test_a_formula_without_a_document_makes_one(bar, window, qtbot) -> None:
    enter(bar, "(x + y) * z", qtbot)
    assert window.document is not None
    gates = sorted(node.gate for node in window.document.graph.nodes.values())
    assert gates == ["add", "input", "input", "input", "multiply"]
    assert window.document.graph.named("f")


def test_enter_builds_with_one_command_and_keeps_values(bar, opened, qtbot) -> None:
    count = opened.undo_stack.count()
    enter(bar, "f = x * y", qtbot)
    assert opened.undo_stack.count() == count + 1
    assert opened.graph.nodes["x"].params["value"] == -2.0
    assert "z" not in opened.graph.nodes


def test_shift_enter_builds_beside(bar, opened, qtbot) -> None:
    enter(bar, "g = a * b", qtbot, Qt.KeyboardModifier.ShiftModifier)
    assert opened.graph.named("f")
    assert opened.graph.named("g")


@pytest.mark.parametrize("text", ["(x + y", "x +* y", "__import__('os')", "foo(x)", "x = x + 1"])
def test_a_fault_is_told_and_nothing_changes(bar, opened, qtbot, text) -> None:
    before = opened.graph
    enter(bar, text, qtbot)
    assert opened.graph is before
    assert bar.fault.isVisible()
    assert bar.fault.text()
    assert bar.field.text() == text


def test_the_place_of_a_fault_is_marked(bar, opened, qtbot) -> None:
    enter(bar, "max(a, b) + * 3", qtbot)
    assert bar.field.fault_at == bar.field.text().index("*")
    qtbot.keyClicks(bar.field, "1")
    assert bar.field.fault_at == -1
    assert not bar.fault.isVisible()


@pytest.mark.parametrize("text", ["x + foo(y)", "g = x + foo(y)"])
def test_the_column_told_is_the_one_in_the_field(bar, opened, qtbot, text) -> None:
    enter(bar, text, qtbot)
    assert f"column {text.index('foo') + 1}:" in bar.fault.text()


def test_a_fault_put_right_is_no_longer_told_anywhere(bar, opened, window, qtbot) -> None:
    enter(bar, "x + * y", qtbot)
    assert window.notice.isVisible()
    enter(bar, "x + y", qtbot)
    assert not window.notice.isVisible()


def test_an_input_called_like_the_output_is_told_apart(bar, opened, window, qtbot) -> None:
    opened.do(edits.rename(opened.committed, "z", opened.graph.nodes["f"].name))
    qtbot.waitUntil(lambda: bar.field.text().endswith("f"))
    assert bar.name.text() != "f ="
    enter(bar, bar.field.text() + " + 1", qtbot)
    assert not bar.fault.isVisible()


def test_follows_the_only_output(bar, opened, qtbot) -> None:
    qtbot.waitUntil(lambda: bar.field.text() == "(x + y) * z")
    assert bar.name.text() == "f ="
    opened.do(edits.rename(opened.graph, "f", "loss"))
    qtbot.waitUntil(lambda: bar.name.text() == "loss =")


def test_a_half_typed_formula_is_not_overwritten(bar, opened, qtbot) -> None:
    qtbot.waitUntil(lambda: bar.field.text() == "(x + y) * z")
    bar.field.setFocus()
    qtbot.keyClicks(bar.field, "1 + ")
    typed = bar.field.text()
    opened.do(edits.set_value(opened.graph, "x", 1.0))
    bar._refresh()
    assert bar.field.text() == typed
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.field.text() == "(x + y) * z"


def test_a_pasted_program_keeps_its_lines(bar, window, qtbot) -> None:
    mime = QMimeData()
    mime.setText("q = x + y\nf = q * z\n")
    bar.field.paste_program(mime)
    assert BREAK in bar.field.text()
    assert bar.submit()
    assert window.document.graph.named("q")
    assert window.document.graph.named("f")


def test_several_outputs_are_shown_as_a_program(bar, opened, qtbot) -> None:
    enter(bar, "g = a * b", qtbot, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: BREAK in bar.field.text())
    assert bar.name.text() == ""
    before = len(opened.graph.nodes)
    assert bar.submit()
    assert len(opened.graph.nodes) == before


def test_nine_to_the_ninth_to_the_ninth_does_not_hang(bar, window, qtbot) -> None:
    enter(bar, "9**9**9", qtbot)
    assert window.document is not None


def test_named_steps_are_shown_as_lines_and_build_the_same_graph(bar, window, qtbot) -> None:
    bar.field.setText(f"q = x + y {BREAK} f = q * z")
    assert bar.submit()
    document = window.document
    graph = document.graph
    qtbot.waitUntil(lambda: bar.field.text() == f"q = x + y {BREAK} f = q * z")
    assert bar.name.text() == ""
    assert bar.submit()
    assert set(document.graph.nodes) == set(graph.nodes)


@pytest.mark.parametrize(
    ("text", "lost"), [("f = x", True), ("f = x * y", False), (f"q = x {BREAK} f = q * y", True)]
)
def test_a_name_that_gets_no_gate_is_told(bar, opened, window, text, lost) -> None:
    bar.field.setText(text)
    assert bar.submit()
    assert ("only another name of x" in window.notice.text()) is lost


def test_a_formula_that_is_cut_is_said_whole_to_who_points_at_it(bar, opened, monkeypatch) -> None:
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _, text, __: said.append(text))
    place = bar.field.rect().center()
    pointing = QHelpEvent(QEvent.Type.ToolTip, place, bar.field.mapToGlobal(place))
    assert not bar.field.is_cut
    long = " + ".join(f"exp(x{n} * y{n})" for n in range(40))
    bar.field.setText(f"a = {long} {BREAK} b = x < 1")
    QApplication.sendEvent(bar.field, pointing)
    (tip,) = said
    assert f"<p>a = {long}</p>" in tip
    assert "b = x &lt; 1" in tip
    assert bar.field.toolTip() in tip
