"""Copying formulas and opening the V from the menus and by key."""

import pytest
from PySide6.QtCore import Qt

from bpstudio.core import edits
from bpstudio.core.formula import parse_program
from bpstudio.ui import formulabar

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def run(window, action: str) -> None:
    window.menus.entries[action].trigger()


def test_the_formula_is_copied_by_key(window, opened, qtbot, qapp) -> None:
    opened.select(["f"])
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL_SHIFT)
    assert qapp.clipboard().text() == "f = (x + y) * z"
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL_SHIFT)
    assert qapp.clipboard().text() == r"f = \left(x + y\right) \cdot z"


def test_numbers_are_copied_with_it(window, opened, qapp) -> None:
    opened.select(["f"])
    run(window, "copy_numbers")
    assert qapp.clipboard().text() == "f = (x + y) × z = (−2 + 5) × (−4) = −12"


def test_without_a_selection_all_outputs_are_copied(window, opened, qapp) -> None:
    opened.do(edits.build(opened.committed, "g = x * x\nh = g + 1"))
    opened.select([])
    run(window, "copy_formula")
    assert [line.name for line in parse_program(qapp.clipboard().text())] == ["g", "h"]


def test_a_long_formula_is_copied_as_lines_that_read_back(window, opened, qapp) -> None:
    text = "f = " + " + ".join(f"sin(x{i} * {i})" for i in range(1, 120))
    opened.do(edits.build(opened.committed, text))
    opened.select([])
    run(window, "copy_formula")
    copied = qapp.clipboard().text()
    assert "\n" in copied
    assert parse_program(copied)[-1].name == "f"
    run(window, "copy_latex")
    assert qapp.clipboard().text().startswith("\\begin{aligned}")


def test_an_input_has_no_formula_to_copy(window, opened, qapp) -> None:
    qapp.clipboard().setText("before")
    heard: list[str] = []
    opened.said.connect(heard.append)
    opened.select(["x"])
    run(window, "copy_formula")
    assert qapp.clipboard().text() == "before"
    assert heard == ["An input has no formula: select a gate, or nothing for the outputs."]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_v_is_opened_by_key_and_follows_the_selection(window, opened, qtbot) -> None:
    x, y = (opened.graph.into("f")[port] for port in ("x", "y"))
    opened.select([x])
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL_SHIFT)
    large = window.findChild(object, "sweep_window")
    assert large.isVisible()
    assert window.session.check_of(opened) is not None
    before = large.windowTitle()
    opened.select([y])
    assert large.windowTitle() != before
    assert large.windowTitle().startswith("Gradient check: z → f.y")
    opened.select([])
    assert "select a wire or a gate" in large.words.text()
    assert not large.plot.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_large_v_outlives_its_document(window, opened, qtbot) -> None:
    opened.select([opened.graph.into("f")["x"]])
    run(window, "sweep")
    large = window.findChild(object, "sweep_window")
    opened.undo_stack.setClean()
    window.session.close(opened)
    assert "Check the gradients" in large.words.text()


def test_the_bar_writes_no_formula_that_it_would_not_show(window, opened, monkeypatch) -> None:
    monkeypatch.setattr(formulabar, "MOST_NODES", 3)
    opened.do(edits.rename(opened.committed, "f", "g"))
    window.formula_bar._refresh()
    assert window.formula_bar.field.text() == ""
