"""The canvas under real mouse, key and drag events, offscreen: wires drawn and moved."""

from __future__ import annotations

from PySide6.QtCore import Qt

from bpstudio.core import edits
from tests.ui.canvas.person import source_of
from tests.ui.graphs import simple


def test_dragging_from_port_to_port_draws_a_wire(person):
    person.document.do(edits.disconnect(person.graph, ["w2"]))
    person.drag(person.out("y"), person.into("q", "y"))
    assert source_of(person.graph, "q", "y") == "y"
    assert person.labels[-1] == "Connect y to q, port y"
    assert person.heard[-1] == "Connected y to q, port y"
    assert person.resting


def test_clicking_one_port_then_another_draws_a_wire(person):
    person.document.do(edits.disconnect(person.graph, ["w2"]))
    person.click(person.out("y"))
    person.move(person.at(100, 60))
    assert person.canvas.overlay.rubber is not None
    person.click(person.into("q", "y"))
    assert source_of(person.graph, "q", "y") == "y"


def test_a_wire_can_be_drawn_backwards_from_an_input(person):
    person.document.do(edits.disconnect(person.graph, ["w2"]))
    person.drag(person.into("q", "y"), person.out("y"))
    assert source_of(person.graph, "q", "y") == "y"


def test_a_loop_is_refused_in_words_at_the_pointer_and_nothing_changes(person):
    person.drag(person.out("f"), person.into("q", "x"), drop=False)
    said = "This would make a loop: f already depends on q (q → f → q)."
    assert person.canvas.bubble.isVisible()
    assert person.canvas.bubble.text() == said
    person.release(person.into("q", "x"))
    assert person.graph == simple()
    assert person.labels == []
    assert person.heard[-1] == said
    assert person.canvas.bubble.isVisible()
    assert person.canvas.bubble.lasting
    assert person.resting


def test_the_reason_goes_away_after_two_seconds(person, qtbot):
    person.drag(person.out("f"), person.into("q", "x"))
    bubble = person.canvas.bubble
    # The time that was asked for: a busy machine may look at it late.
    assert bubble.lasting
    assert bubble._end.interval() == 2000
    qtbot.waitUntil(lambda: not person.canvas.bubble.isVisible())


def test_a_taken_port_changes_hands_in_one_command(person):
    person.drag(person.out("z"), person.into("q", "y"))
    assert source_of(person.graph, "q", "y") == "z"
    assert len(person.graph.wires) == 4
    assert len(person.labels) == 1
    person.undo_all()
    assert person.graph == simple()


def test_a_wire_end_moves_from_one_gate_to_another(person):
    person.drag(person.into("q", "y"), person.into("f", "y"))
    assert source_of(person.graph, "f", "y") == "y"
    assert "y" not in person.graph.into("q")
    assert len(person.labels) == 1


def test_a_wire_end_let_go_over_nothing_is_taken_off(person):
    person.drag(person.into("q", "y"), person.at(120, 260))
    assert "w2" not in person.graph.wires
    assert person.heard[-1] == "Took the wire from y to q off"
    assert not person.canvas.quick.is_open


def test_a_wire_dropped_on_a_gate_takes_a_free_port_or_grows_one(person):
    person.drag(person.out("z"), person.node("q", 8, 0))
    assert source_of(person.graph, "q", "x3") == "z"
    person.document.undo_stack.undo()
    assert person.graph == simple()


def test_a_wire_dropped_on_nothing_offers_what_fits_and_wires_it_in_one_command(person):
    person.drag(person.out("f"), person.at(540, 80))
    assert person.canvas.quick.is_open
    assert "input" not in person.canvas.quick.offered()
    person.type("tanh")
    person.key(Qt.Key.Key_Return)
    assert person.labels == ["Add tanh1 and connect f"]
    assert source_of(person.graph, "tanh1", "x") == "f"
    assert person.document.selection == {"tanh1"}
    assert not person.canvas.quick.is_open
    assert person.canvas.hasFocus()
    assert person.resting


def test_escape_in_the_offer_leaves_no_trace(person):
    person.drag(person.out("f"), person.at(540, 80))
    person.key(Qt.Key.Key_Escape)
    assert person.graph == simple()
    assert person.labels == []
    assert person.resting
