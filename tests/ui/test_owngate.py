"""The own-gate dialog under real keys: what it shows, refuses, makes and changes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.ui import owntext
from bpstudio.ui.document import Document
from bpstudio.ui.owngate import OwnGateDialog, drafted

# What the offscreen platform says of every window that is not the first.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SWISH = "x / (1 + exp(-x))"


def document_with(*kinds: tuple[str, str], formula: str = "") -> Document:
    graph = Graph()
    for title, text in kinds:
        graph = graph.apply(edits.define_kind(graph, title, text))
    if formula:
        graph = graph.apply(edits.build(graph, formula))
    document = Document()
    document.do(edits.replace_all(document.committed, graph, "Build"))
    return document


@pytest.fixture
def ask(qtbot):
    """Opens the dialog on a document; all of them close with the test."""
    made: list[OwnGateDialog] = []

    def show(document: Document, **more: object) -> OwnGateDialog:
        dialog = OwnGateDialog(document, **more)  # type: ignore[arg-type]
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        made.append(dialog)
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.activateWindow()
        return dialog

    return show


def type_into(dialog: OwnGateDialog, name: str, formula: str) -> None:
    """As hands do it: the name, Tab, the formula."""
    QTest.keyClicks(dialog.name, name)
    QTest.keyClick(dialog.name, Qt.Key.Key_Tab)
    QTest.keyClicks(dialog.formula, formula)


def test_the_keyboard_alone_makes_a_gate_in_one_step(ask) -> None:
    document = document_with()
    before = document.undo_stack.count()
    dialog = ask(document)
    type_into(dialog, "swish", SWISH)
    assert dialog.focusWidget() is dialog.formula
    QTest.keyClick(dialog.formula, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    (kind,) = document.committed.kinds.values()
    assert (kind.id, kind.title, kind.formula) == ("swish", "swish", SWISH)
    assert document.undo_stack.count() == before + 1
    document.undo_stack.undo()
    assert not document.committed.kinds


def test_while_one_types_inputs_formula_and_derivatives_appear(ask, qtbot) -> None:
    dialog = ask(document_with())
    type_into(dialog, "bell", "a * sin(x)")
    qtbot.waitUntil(lambda: dialog.ports.text() == "Inputs: a, x")
    assert dialog.value.text == "z = a * sin(x)"
    shown = [drawn.text for drawn, _ in dialog.slopes if drawn.isVisible()]
    assert shown == ["dz/da = sin(x)", "dz/dx = a * cos(x)"]
    assert "dz/dx = a * cos(x)" in dialog.formula.accessibleDescription()


def test_where_there_is_no_derivative_is_said(ask, qtbot) -> None:
    dialog = ask(document_with())
    type_into(dialog, "v", "abs(x) + 1 / y")
    qtbot.waitUntil(dialog.cautions.isVisible)
    assert dialog.cautions.text() == (
        "There is no derivative where x = 0: the slope jumps there.\nInfinite where y = 0."
    )


def test_a_pole_that_is_none_is_not_said() -> None:
    assert owntext.cautions(drafted(Graph(), "cube", "x ^ 3 + y")) == []


def test_half_a_formula_is_told_quietly_and_enter_marks_its_fault(ask, qtbot) -> None:
    document = document_with()
    dialog = ask(document)
    type_into(dialog, "half", "log(1 + ")
    qtbot.waitUntil(lambda: "column" in dialog.hint.text())
    assert not dialog.fault.isVisible()
    assert dialog.formula.fault_at == -1
    QTest.keyClick(dialog.formula, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "column 8" in dialog.fault.text()
    assert dialog.formula.fault_at == 7
    assert not document.committed.kinds
    QTest.keyClicks(dialog.formula, "x)")
    assert not dialog.fault.isVisible()
    assert dialog.formula.fault_at == -1


@pytest.mark.parametrize(
    ("name", "formula", "words", "in_name"),
    [
        ("", SWISH, "name", True),
        ("exp", SWISH, "a gate of the table already", True),
        ("swish", "x + 1", "already", True),
        ("t", "3 + 4", "input", True),
        ("t", "swish(x) + 1", "write out the formula of “swish”", False),
        ("t", "foo(x)", "no function “foo”", False),
    ],
)
def test_refuses_by_sentence_and_changes_nothing(ask, name, formula, words, in_name) -> None:
    document = document_with(("swish", SWISH))
    before = document.committed
    dialog = ask(document)
    type_into(dialog, name, formula)
    QTest.keyClick(dialog.formula, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert words in dialog.fault.text()
    assert document.committed == before
    assert dialog.focusWidget() is (dialog.name if in_name else dialog.formula)


def test_escape_leaves_everything_as_it_was(ask) -> None:
    document = document_with()
    dialog = ask(document)
    type_into(dialog, "swish", SWISH)
    QTest.keyClick(dialog.formula, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not document.committed.kinds


def test_changing_a_used_gate_is_one_step_and_its_numbers_follow(ask) -> None:
    document = document_with(("swish", SWISH), formula="f = swish(x) + swish(y)")
    before, value = document.undo_stack.count(), document.trace.value_of("f")
    dialog = ask(document, kind="swish")
    assert (dialog.name.text(), dialog.formula.text()) == ("swish", SWISH)
    assert dialog.used.text() == "2 gates of this graph change with it."
    QTest.keyClicks(dialog.formula, "2 * x")
    QTest.keyClick(dialog.formula, Qt.Key.Key_Return)
    assert document.undo_stack.count() == before + 1
    assert document.trace.value_of("f") == 4.0
    assert document.trace.grad_of("x") == 2.0
    document.undo_stack.undo()
    assert document.trace.value_of("f") == value


def test_a_change_that_would_lose_a_wire_is_refused(ask) -> None:
    document = document_with(("blend", "x * y"), formula="f = blend(a, b)")
    dialog = ask(document, kind="blend")
    QTest.keyClicks(dialog.formula, "x + 1")
    QTest.keyClick(dialog.formula, Qt.Key.Key_Return)
    assert "f has a wire at y" in dialog.fault.text()
    assert document.committed.kinds["blend"].formula == "x * y"


def test_a_screen_reader_finds_every_field_by_name(ask) -> None:
    dialog = ask(document_with())
    named = (dialog, dialog.name, dialog.formula)
    assert all(widget.accessibleName() for widget in named)
    assert all(button.text() for button in (dialog.take, dialog.cancel))


def test_many_ports_say_how_many_derivatives_are_left_out(ask) -> None:
    dialog = ask(document_with())
    type_into(dialog, "sum", "a + b + c + d + g + h")
    dialog.read()
    assert dialog.more.text() == "and 2 more derivatives"


def test_a_derivative_too_long_to_read_is_said_in_words() -> None:
    formula = " * ".join(f"sin(x + {n})" for n in range(60))
    ((words, latex),) = owntext.slopes(drafted(Graph(), "long", formula))
    assert latex == ""
    assert words.startswith("dz/dx")


def test_the_ties_policy_of_the_graph_holds_in_the_dialog() -> None:
    graph = Graph()
    first = graph.apply(edits.set_setting(graph, "ties", "first"))
    assert drafted(graph, "m", "max(x, y)").local != drafted(first, "m", "max(x, y)").local
