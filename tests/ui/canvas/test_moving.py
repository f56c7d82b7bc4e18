"""The canvas under real mouse, key and drag events, offscreen: selecting and moving."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from bpstudio.core import edits
from bpstudio.ui.canvas.tools import KeyWiring
from tests.ui.canvas.person import ALT, LEFT, SHIFT, source_of
from tests.ui.graphs import simple


def test_dragging_several_gates_moves_them_on_the_grid_as_one_command(person):
    person.drag(person.at(-80, -60), person.at(60, 200))
    assert person.document.selection == {"x", "y", "z"}
    person.drag(person.node("y", -30), person.node("y", -30) + QPoint(29, -13))
    assert person.labels == ["Move 3 gates"]
    assert person.graph.nodes["y"].at == (32.0, 64.0)
    assert person.graph.nodes["x"].at == (32.0, -16.0)
    person.document.undo_stack.undo()
    assert person.graph == simple()
    person.document.undo_stack.redo()
    assert person.graph.nodes["x"].at == (32.0, -16.0)


def test_escape_in_a_drag_leaves_no_trace(person):
    person.drag(person.node("q"), person.node("q") + QPoint(60, 60), drop=False)
    row = person.canvas.view.row["q"]
    assert tuple(person.canvas.view.at[row]) == (264.0, 104.0)
    assert person.graph == simple()
    person.key(Qt.Key.Key_Escape)
    assert tuple(person.canvas.view.at[row]) == (200.0, 40.0)
    person.release(person.at(260, 100))
    assert person.labels == []
    assert person.resting


def test_losing_the_focus_in_a_drag_drops_it(person, qtbot):
    other = QWidget(person.window)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    other.show()
    person.drag(person.node("q"), person.node("q") + QPoint(60, 60), drop=False)
    other.setFocus()
    assert person.resting
    person.release(person.at(260, 100))
    assert person.labels == []


def test_deleting_the_gate_that_is_being_dragged_is_safe(person):
    person.drag(person.node("q"), person.node("q") + QPoint(60, 60), drop=False)
    person.document.do(edits.delete(person.graph, ["q"]))
    assert person.resting
    person.move(person.at(300, 300), LEFT)
    person.release(person.at(300, 300))
    assert "q" not in person.graph.nodes
    assert person.labels == ["Delete q"]


def test_delete_takes_the_selection_with_its_wires(person):
    person.click(person.node("q"))
    person.key(Qt.Key.Key_Delete)
    assert set(person.graph.nodes) == {"x", "y", "z", "f"}
    assert set(person.graph.wires) == {"w4"}
    assert person.heard[-1] == "Delete q"


def test_a_gate_that_is_nudged_stays_in_sight(person):
    person.document.select(["f"])
    for _ in range(30):
        person.key(Qt.Key.Key_Down, SHIFT)
    assert person.canvas.rect().contains(person.node("f"))


def test_arrows_nudge_and_merge_into_one_command(person):
    person.click(person.node("q"))
    for _ in range(3):
        person.key(Qt.Key.Key_Right)
    person.key(Qt.Key.Key_Down)
    assert person.graph.nodes["q"].at == (224.0, 48.0)
    assert len(person.labels) == 1
    person.document.undo_stack.undo()
    assert person.graph == simple()


def test_tab_walks_the_gates_in_the_order_of_computing_and_then_leaves(person):
    order = person.document.trace.plan.nodes
    seen = []
    for _ in order:
        person.key(Qt.Key.Key_Tab)
        seen.extend(person.document.selection)
    assert tuple(seen) == tuple(order)
    person.key(Qt.Key.Key_Backtab, SHIFT)
    assert person.document.selection == {order[-2]}
    assert not person.canvas.focusNextPrevChild(True)
    person.key(Qt.Key.Key_Tab)
    assert person.document.selection == {order[-1]}


def test_alt_arrows_walk_along_wires(person):
    person.document.select(["f"])
    person.key(Qt.Key.Key_Left, ALT)
    assert person.document.selection == {"q"}
    person.key(Qt.Key.Key_Left, ALT)
    assert person.document.selection in ({"x"}, {"y"})
    person.key(Qt.Key.Key_Right, ALT)
    assert person.document.selection == {"q"}


def test_a_wire_is_drawn_with_keys_alone(person):
    person.document.do(edits.disconnect(person.graph, ["w4"]))
    person.document.select(["z"])
    person.key(Qt.Key.Key_W)
    assert isinstance(person.canvas.tools.state, KeyWiring)
    heard = person.heard[-1]
    while person.heard[-1] != "f, port y":
        person.key(Qt.Key.Key_Tab)
        assert person.heard[-1] != heard, "walked all round without meeting f, port y"
    person.key(Qt.Key.Key_Return)
    assert source_of(person.graph, "f", "y") == "z"
    assert person.resting
