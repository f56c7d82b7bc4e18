"""Expand, fuse, own gates and ties as actions: one step each, the same numbers, new in sight."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.core.graph import Graph, GraphError
from bpstudio.files import bps
from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.canvas import reshaping
from bpstudio.ui.document import Document
from bpstudio.ui.owngate import OwnGateDialog
from bpstudio.ui.panels.gatecard import mime_of
from tests.ui import drops

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def show(window):
    """Opens the graph of a formula in the window, with own gates."""

    def opened(formula: str, *kinds: tuple[str, str], **values: float) -> Document:
        graph = Graph()
        for title, text in kinds:
            graph = graph.apply(edits.define_kind(graph, title, text))
        if formula:
            graph = graph.apply(edits.build(graph, formula, values))
        document = window.session.new()
        document.do(edits.replace_all(document.committed, graph, "Build"))
        window.activateWindow()
        window.canvas.setFocus()
        QApplication.processEvents()
        return document

    return opened


def press(window, key: Qt.Key, modifiers=CONTROL) -> None:
    QTest.keyClick(window.canvas, key, modifiers)


def dialog_of(window) -> OwnGateDialog:
    found = [d for d in window.findChildren(OwnGateDialog) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def by_gate(document: Document, gate: str) -> str:
    return next(n.id for n in document.graph.nodes.values() if n.gate == gate)


def numbers(document: Document, *nodes: str) -> list[float]:
    trace = document.trace
    return [x for key in nodes for x in (trace.value_of(key), trace.grad_of(key))]


def is_in_sight(window, ids) -> bool:
    canvas = window.canvas
    left, top, right, bottom = canvas.camera.rect_to_screen(canvas.view.bounds(ids))
    return left >= 0 and top >= 0 and right <= canvas.room[0] and bottom <= canvas.room[1]


# --- expand -----------------------------------------------------------------------------------


@pytest.mark.parametrize("far", [False, True])
def test_a_sigmoid_becomes_its_parts_with_the_same_numbers(window, show, far) -> None:
    document = show("f = sigmoid(x) * y", x=0.7, y=-3.0)
    gate = by_gate(document, "sigmoid")
    before, count = numbers(document, "x", "y", "f"), document.undo_stack.count()
    document.select([gate])
    if far:
        window.canvas.pan(-3000, 900)
    press(window, Qt.Key.Key_J, CONTROL | SHIFT)
    kinds = {document.graph.nodes[key].gate for key in document.selection}
    assert kinds == {"negate", "exp", "add_constant", "reciprocal"}
    assert numbers(document, "x", "y", "f") == pytest.approx(before, rel=1e-15)
    assert document.undo_stack.count() == count + 1
    assert is_in_sight(window, document.selection)
    document.undo_stack.undo()
    assert document.graph.nodes[gate].gate == "sigmoid"
    assert numbers(document, "x", "y", "f") == before


def test_all_selected_gates_expand_in_one_step_and_simple_ones_stay(window, show) -> None:
    document = show("f = tanh(x) + sigmoid(y)", x=0.25, y=0.5)
    before, count = numbers(document, "x", "y", "f"), document.undo_stack.count()
    document.select(document.graph.nodes)
    press(window, Qt.Key.Key_J, CONTROL | SHIFT)
    gates = {node.gate for node in document.graph.nodes.values()}
    assert not gates & {"tanh", "sigmoid"}
    assert "f" not in document.selection
    assert document.undo_stack.count() == count + 1
    assert document.undo_stack.undoText() == "Expand 2 gates"
    assert numbers(document, "x", "y", "f") == pytest.approx(before, rel=1e-14)


def test_an_own_gate_expands_without_a_change_of_a_digit(window, show) -> None:
    document = show("f = swish(x)", ("swish", "x / (1 + exp(-x))"), x=1.5)
    before = numbers(document, "x", "f")
    document.select(["f"])
    press(window, Qt.Key.Key_J, CONTROL | SHIFT)
    assert numbers(document, "x", "f") == before
    assert document.graph.nodes["f"].gate == "divide"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ((), "Select a gate"),
        (("f",), "as simple as can be"),
        (("x", "y", "f"), "none is made of others"),
    ],
)
def test_why_nothing_can_be_expanded_is_said(window, show, chosen, words) -> None:
    document = show("f = x + y")
    before = document.committed
    document.select(chosen)
    press(window, Qt.Key.Key_J, CONTROL | SHIFT)
    assert words in window.notice.text()
    assert document.committed == before


# --- fuse -------------------------------------------------------------------------------------


def test_the_parts_of_a_sigmoid_are_recognised(window, show) -> None:
    document = show("f = 1 / (1 + exp(-x))", x=0.7)
    before, count = numbers(document, "x", "f"), document.undo_stack.count()
    window.canvas.select_all()
    press(window, Qt.Key.Key_J)
    assert document.graph.nodes["f"].gate == "sigmoid"
    assert document.selection == {"f"}
    assert len(document.graph.nodes) == 2
    assert numbers(document, "x", "f") == pytest.approx(before, rel=1e-15)
    assert document.undo_stack.count() == count + 1
    assert is_in_sight(window, ["f"])


def test_what_no_gate_does_asks_for_a_name_and_is_one_step(window, show) -> None:
    document = show("f = x * tanh(x + y)", x=0.7, y=-2.0)
    before, count = numbers(document, "x", "y", "f"), document.undo_stack.count()
    window.canvas.select_all()
    press(window, Qt.Key.Key_J)
    dialog = dialog_of(window)
    assert dialog.formula.text() == "x * tanh(x + y)"
    assert dialog.formula.isReadOnly()
    QTest.keyClicks(dialog.name, "lean")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert document.graph.nodes["f"].gate == "lean"
    assert document.selection == {"f"}
    assert numbers(document, "x", "y", "f") == before
    assert document.undo_stack.count() == count + 1
    document.undo_stack.undo()
    assert not document.graph.kinds
    assert len(document.graph.nodes) == 5


def test_a_name_that_is_taken_keeps_the_dialog_and_the_graph(window, show) -> None:
    document = show("f = x * tanh(x + y)")
    before = document.committed
    window.canvas.select_all()
    press(window, Qt.Key.Key_J)
    dialog = dialog_of(window)
    QTest.keyClicks(dialog.name, "tanh")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert "a gate of the table already" in dialog.fault.text()
    assert document.committed == before
    QTest.keyClick(dialog.name, Qt.Key.Key_Escape)
    assert document.committed == before


def test_why_gates_cannot_be_fused_is_said(window, show) -> None:
    document = show("q = x + y\nf = q * z\ng = q - z")
    document.select(["q", "f"])
    press(window, Qt.Key.Key_J)
    assert "q is used by these gates and by g too" in window.notice.text()
    document.select(["f"])
    press(window, Qt.Key.Key_J)
    assert "at least two gates" in window.notice.text()


def test_the_menus_grey_out_what_cannot_be_done_and_say_why(window, show) -> None:
    document = show("f = sigmoid(x)")
    document.select(["x"])
    window.menus.menus["graph"].aboutToShow.emit()
    entry = window.menus.entries["expand"]
    assert not entry.isEnabled()
    assert "as simple as can be" in entry.toolTip()
    document.select(["f"])
    window.menus.menus["graph"].aboutToShow.emit()
    assert entry.isEnabled()
    here = {action.text(): action for action in window.canvas.menu_at(None).actions()}
    assert here["Expand into simpler gates"].isEnabled()
    assert not here["Fuse into one gate"].isEnabled()
    here["Expand into simpler gates"].trigger()
    assert document.graph.nodes["f"].gate == "reciprocal"


def test_expand_then_fuse_is_where_it_began(window, show) -> None:
    document = show("f = softplus(x)", x=0.3)
    document.select(["f"])
    press(window, Qt.Key.Key_J, CONTROL | SHIFT)
    assert len(document.selection) > 1
    press(window, Qt.Key.Key_J)
    assert document.graph.nodes["f"].gate == "softplus"


def test_at_the_edge_of_the_paper_a_sentence_says_that_the_parts_have_no_room(window, show) -> None:
    document = show("f = sigmoid(x)", x=1.0)
    gate = by_gate(document, "sigmoid")
    document.do(edits.move(document.graph, {gate: (1e7, 0.0)}))
    before = document.graph
    document.select({gate})
    press(window, Qt.Key.Key_J, CONTROL | SHIFT)
    assert document.graph == before
    assert "off the paper" in window.notice.text()


def test_a_command_whose_edit_is_refused_says_why(window, show) -> None:
    show("f = x + y")

    def refuse(_window) -> None:
        raise GraphError("There is no room.")

    action = next(one for one in ACTIONS if one.id == "zoom_fit")
    window.menus.run(replace(action, run=refuse))
    assert window.notice.text() == "There is no room."


def test_wires_and_notes_in_the_selection_are_no_gates(window, show) -> None:
    document = show("f = 1 / (1 + exp(-x))")
    ids = [*document.graph.nodes, *document.graph.wires]
    assert reshaping.fuse_refusal(document.graph, ids) == ""


# --- own gates --------------------------------------------------------------------------------


def test_a_new_own_gate_stands_in_the_palette_and_goes_with_undo(window, show) -> None:
    document = show("f = x + y")
    palette = window.workbench.palette
    QTest.mouseClick(palette.new, Qt.MouseButton.LeftButton)
    dialog = dialog_of(window)
    QTest.keyClicks(dialog.name, "soft")
    QTest.keyClick(dialog.name, Qt.Key.Key_Tab)
    QTest.keyClicks(dialog.formula, "log(1 + exp(x))")
    QTest.keyClick(dialog.formula, Qt.Key.Key_Return)
    assert palette.shown_keys()[-1] == "soft"
    QTest.keyClick(palette.cards["soft"], Qt.Key.Key_Return)
    placed = by_gate(document, "soft")
    assert document.selection == {placed}
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert "soft" not in palette.cards
    assert "soft" not in palette.shown_keys()


def test_a_used_own_gate_is_not_removed_and_its_users_are_named(window, show) -> None:
    document = show("f = swish(x)", ("swish", "x / (1 + exp(-x))"))
    card = window.workbench.palette.cards["swish"]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Delete)
    assert "swish is still in use by f" in window.notice.text()
    assert "swish" in document.committed.kinds
    document.do(edits.delete(document.committed, ["f"]))
    QTest.keyClick(window.workbench.palette.cards["swish"], Qt.Key.Key_Delete)
    assert not document.committed.kinds
    assert "swish" not in window.workbench.palette.cards


def test_the_menu_of_an_own_card_offers_insert_change_and_remove(window, show, qtbot) -> None:
    document = show("", ("swish", "x / (1 + exp(-x))"))
    card = window.workbench.palette.cards["swish"]
    qtbot.mouseClick(card, Qt.MouseButton.RightButton)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(card, QContextMenuEvent(reason, QPoint(5, 5), QPoint(5, 5)))
    entries = {action.text(): action for action in card.menu.actions()}
    assert list(entries) == ["Put into the middle", "Change …", "Remove"]
    entries["Put into the middle"].trigger()
    assert by_gate(document, "swish")
    entries["Change …"].trigger()
    dialog = dialog_of(window)
    assert dialog.name.text() == "swish"
    dialog.reject()
    card.menu.close()


def test_change_takes_the_selected_kind_or_lets_one_pick(window, show) -> None:
    document = show("f = a1(x) + b1(x)", ("a1", "x + 1"), ("b1", "x + 2"))
    document.select([by_gate(document, "b1")])
    window.menus.entries["change_gate"].trigger()
    dialog = dialog_of(window)
    assert dialog.name.text() == "b1"
    dialog.reject()
    document.select(())
    window.menus.entries["change_gate"].trigger()
    quick = window.canvas.quick
    assert quick.offered() == ["a1", "b1"]
    QTest.keyClicks(quick.field, "b1")
    QTest.keyClick(quick.field, Qt.Key.Key_Return)
    assert dialog_of(window).name.text() == "b1"


def test_quick_add_finds_own_gates_by_name_and_formula(window, show) -> None:
    document = show("f = x + y", ("swish", "x / (1 + exp(-x))"))
    for typed in ("swish", "x/(1+exp(-x))", "swi"):
        window.canvas.quick_add((0.0, 200.0))
        quick = window.canvas.quick
        QTest.keyClicks(quick.field, typed)
        assert quick.offered()[0] == "swish"
        QTest.keyClick(quick.field, Qt.Key.Key_Return)
    assert sum(node.gate == "swish" for node in document.graph.nodes.values()) == 3


def test_the_formula_bar_calls_own_gates_and_shows_them(window, show) -> None:
    document = show("", ("swish", "x / (1 + exp(-x))"))
    field = window.formula_bar.field
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, "swish(x) * 2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert by_gate(document, "swish")
    assert document.trace.value_of("f") == pytest.approx(2 / (1 + math.exp(-1)))
    assert field.text().replace(" ", "") in ("swish(x)*2", "2*swish(x)")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "swish" in document.committed.kinds


def test_an_own_gate_takes_wires_and_is_renamed_where_it_stands(window, show) -> None:
    document = show("f = blend(x, y)", ("blend", "a * (1 + b)"))
    document.do(edits.disconnect(document.committed, [document.graph.into("f")["b"]]))
    assert window.canvas.view.open[window.canvas.view.row["f"]]
    document.select(["y"])
    press(window, Qt.Key.Key_W, Qt.KeyboardModifier.NoModifier)
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert set(document.graph.into("f")) == {"a", "b"}
    document.do(edits.change_kind(document.committed, "blend", title="mix"))
    view = window.canvas.view
    assert view.styles[view.nodes.style[view.row["f"]]].face == "mix"


def test_an_own_gate_dropped_on_a_wire_is_put_into_it(window, show) -> None:
    document = show("f = -x", ("swish", "x / (1 + exp(-x))"))
    canvas = window.canvas
    middle = canvas.view.control[0].mean(axis=0)
    at = QPoint(*(round(v) for v in canvas.camera.to_screen(tuple(middle))))
    mime = mime_of("swish")
    drops.enter(canvas, at, mime)
    drops.move(canvas, at, mime)
    assert canvas.overlay.splice
    drops.drop(canvas, at, mime)
    own = by_gate(document, "swish")
    assert document.graph.downstream("x") == {"x", own, "f"}


def test_a_title_with_tags_is_shown_as_it_was_written(window, show) -> None:
    show("", ("<b>x</b>", "x + 1"))
    card = next(card for card in window.workbench.palette.cards.values() if card.own)
    assert "&lt;b&gt;x&lt;/b&gt;" in card.toolTip()
    assert card.accessibleName() == "<b>x</b>"


def test_another_document_brings_its_own_gates(window, show) -> None:
    first = show("", ("one", "x + 1"))
    show("", ("two", "x + 2"))
    palette = window.workbench.palette
    assert [key for key, card in palette.cards.items() if card.own] == ["two"]
    window.session.show(first)
    assert [key for key, card in palette.cards.items() if card.own] == ["one"]


# --- ties -------------------------------------------------------------------------------------


def test_the_policy_for_ties_is_one_step_is_checked_and_travels(window, show) -> None:
    document = show("f = max(x, y)", x=2.0, y=2.0)
    assert numbers(document, "x", "y")[1::2] == [0.5, 0.5]
    count = document.undo_stack.count()
    for policy, gradients in (("first", [1.0, 0.0]), ("all", [1.0, 1.0])):
        window.menus.entries[f"ties_{policy}"].trigger()
        assert numbers(document, "x", "y")[1::2] == gradients
        window.menus.menus["graph/ties"].aboutToShow.emit()
        checked = [
            key
            for key, entry in window.menus.entries.items()
            if key.startswith("ties_") and entry.isChecked()
        ]
        assert checked == [f"ties_{policy}"]
    assert document.undo_stack.count() == count + 2
    kept = bps.decode(bps.encode(document.to_file()), "ties.bps").graph
    assert kept.setting("ties") == "all"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert numbers(document, "x", "y")[1::2] == [0.5, 0.5]


def test_a_check_goes_stale_with_the_policy(window, show) -> None:
    document = show("f = max(x, y)")
    window.session.check(document)
    window.menus.entries["ties_first"].trigger()
    assert window.session.check_of(document) is None
