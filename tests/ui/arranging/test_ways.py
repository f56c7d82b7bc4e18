"""On the canvas, under real mouse and key events: the ways of wires, and the knife."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from bpstudio.core import edits
from bpstudio.files.bps import File
from bpstudio.ui.canvas import arranging
from bpstudio.ui.canvas.tools import CutHeld
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session
from tests.ui.arranging.grouped import Key
from tests.ui.canvas.person import CTRL, LEFT
from tests.ui.graphs import simple


def test_dragging_the_middle_of_a_wire_makes_a_dot(person):
    person.drag(person.wire("w4"), person.at(200, 240))
    (dot,) = person.graph.wires["w4"].dots
    assert dot == (200, 240)
    assert person.labels == ["Add a dot to z → f"]
    person.undo_all()
    assert person.graph.wires["w4"].dots == ()


def test_escape_drops_a_dot_in_the_making(person):
    before = person.canvas.view.control.copy()
    person.drag(person.wire("w4"), person.at(200, 240), drop=False)
    assert person.canvas.view.routes is not None
    person.key(Key.Key_Escape)
    assert person.canvas.view.routes is None
    assert (person.canvas.view.control == before).all()
    assert person.labels == []
    assert person.resting


@pytest.fixture
def dotted(person):
    person.document.do(edits.add_dot(person.graph, "w4", (200.0, 240.0)))
    person.document.undo_stack.clear()
    return person


def test_a_dot_is_dragged_on_the_grid_and_freely_with_ctrl(dotted):
    dotted.drag(dotted.at(200, 240), dotted.at(243, 301))
    assert dotted.graph.wires["w4"].dots == ((240, 304),)
    dotted.drag(dotted.at(240, 304), dotted.at(221, 297), CTRL)
    assert dotted.graph.wires["w4"].dots == ((221, 297),)
    assert dotted.labels == ["Move a dot of z → f"] * 2


def test_a_double_click_or_delete_takes_a_dot_off(dotted):
    dotted.double(dotted.at(202, 243))
    assert dotted.graph.wires["w4"].dots == ()
    dotted.document.undo_stack.undo()
    dotted.move(dotted.at(200, 240))
    dotted.key(Key.Key_Delete)
    assert dotted.graph.wires["w4"].dots == ()
    assert "w4" in dotted.graph.wires


def test_arrows_move_the_dots_of_a_selected_wire(dotted):
    dotted.document.select(["w4"])
    dotted.key(Key.Key_Down)
    dotted.key(Key.Key_Down)
    assert dotted.graph.wires["w4"].dots == ((200, 256),)
    assert len(dotted.labels) == 1


def test_dots_and_shapes_leave_the_steps_and_the_check_alone(settings, qtbot):
    session = Session(settings)
    document = Document(File(simple()))
    session._add(document)
    session.check(document)
    document.go(3)
    document.do(edits.add_dot(document.committed, "w4", (200.0, 240.0)))
    document.do(edits.set_setting(document.committed, "wires", "orthogonal"))
    assert session.check_of(document) is not None
    assert document.step == 3
    document.do(edits.set_setting(document.committed, "ties", "first"))
    assert session.check_of(document) is None


def test_another_shape_is_drawn_at_once_and_hit(person):
    arranging.shape_wires(person.canvas, "orthogonal")
    assert person.canvas.view.routes is not None
    person.click(person.at(*person.canvas.view.anchors.point[person.canvas.view.wire_row["w4"]]))
    assert person.document.selection == {"w4"}
    arranging.shape_wires(person.canvas, "curved")
    assert person.canvas.view.routes is None


def test_a_stroke_with_x_held_cuts_all_it_crosses_as_one_command(person):
    QTest.keyPress(person.canvas, Key.Key_X)
    person.press(person.at(300, -60))
    person.move(person.at(300, 100), LEFT)
    person.move(person.at(300, 300), LEFT)
    assert person.canvas.overlay.doomed == {"w3", "w4"}
    person.release(person.at(300, 300))
    QTest.keyRelease(person.canvas, Key.Key_X)
    assert set(person.graph.wires) == {"w1", "w2"}
    assert person.labels == ["Cut 2 wires"]
    assert person.resting
    assert not person.canvas.quick.isVisible()


def test_a_key_that_x11_repeats_stays_held(person, qtbot, monkeypatch):
    """Its repeats come as releases and presses, and not all of them are marked as repeats."""
    monkeypatch.setattr(person.canvas._held, "doubts", True)
    QTest.keyPress(person.canvas, Key.Key_X)
    person.press(person.at(300, -60))
    for y in (100, 200, 300):
        QTest.keyRelease(person.canvas, Key.Key_X)
        QTest.keyPress(person.canvas, Key.Key_X)
        person.move(person.at(300, y), LEFT)
    person.release(person.at(300, 300))
    assert person.labels == ["Cut 2 wires"]
    for _ in range(3):
        QTest.keyRelease(person.canvas, Key.Key_X)
        QTest.keyPress(person.canvas, Key.Key_X)
    assert isinstance(person.canvas.tools.state, CutHeld)
    QTest.keyRelease(person.canvas, Key.Key_X)
    qtbot.waitUntil(lambda: person.resting)
    assert not person.canvas.quick.isVisible()


def test_x_alone_types_into_the_search(person):
    person.key(Key.Key_X)
    assert person.canvas.quick.isVisible()
    person.canvas.quick.close_quietly()


def test_escape_in_mid_stroke_cuts_nothing(person):
    arranging.knife(person.canvas)
    assert isinstance(person.canvas.tools.state, CutHeld)
    person.press(person.at(300, -60))
    person.move(person.at(300, 300), LEFT)
    person.key(Key.Key_Escape)
    person.release(person.at(300, 300))
    assert len(person.graph.wires) == 4
    assert person.labels == []
    assert person.resting


def test_the_knife_from_the_menu_is_put_away_after_its_stroke(person):
    arranging.knife(person.canvas)
    person.drag(person.at(300, 76), person.at(300, 300))
    assert set(person.graph.wires) == {"w1", "w2", "w3"}
    assert person.resting


def test_a_stroke_over_nothing_says_so(person):
    arranging.knife(person.canvas)
    person.drag(person.at(500, -100), person.at(560, -100))
    assert person.heard[-1] == "The stroke crossed no wire."
