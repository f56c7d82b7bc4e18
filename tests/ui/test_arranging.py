"""Groups, wires' ways, guides and the knife on the canvas, under real mouse and key events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits, groups
from bpstudio.core.graph import Graph, Node
from bpstudio.files.bps import File
from bpstudio.ui.canvas import arranging, gliding
from bpstudio.ui.canvas.tools import CutHeld
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session
from tests.ui.canvas.person import ALT, CTRL, LEFT, SHIFT, Person, simple

Key = Qt.Key
RGB32 = QImage.Format.Format_RGB32


def grouped() -> Graph:
    """f = (x + y) * z with x, y and q in a group."""
    graph = simple()
    return graph.apply(edits.group(graph, ["y", "q"], "sum"))


@pytest.fixture
def person(qtbot):
    made = Person(qtbot, grouped())
    yield made
    made.canvas.set_document(None)


@pytest.fixture
def folded(person):
    person.document.do(edits.set_collapsed(person.graph, "group1"))
    person.document.undo_stack.clear()
    return person


def box(person, dx: float = 0.0, dy: float = 0.0):
    x, y = person.canvas.view.boxes[0].found.at
    return person.at(x + dx, y + dy)


# --- groups ----------------------------------------------------------------------------------


def test_a_double_click_opens_a_box_and_undo_closes_it(folded):
    folded.double(box(folded))
    assert not folded.graph.groups["group1"].collapsed
    assert folded.labels == ["Open sum"]
    assert folded.heard[-1] == "Open sum"
    folded.undo_all()
    assert folded.graph.groups["group1"].collapsed


def test_enter_opens_and_closes_the_selected_group(folded):
    folded.click(box(folded))
    assert folded.document.selection == {"group1"}
    folded.key(Key.Key_Return)
    assert not folded.graph.groups["group1"].collapsed
    folded.key(Key.Key_Return)
    assert folded.graph.groups["group1"].collapsed
    assert folded.labels == ["Open sum", "Collapse sum"]


def test_dragging_a_box_moves_all_inside_as_one_command(folded):
    before = {key: folded.graph.nodes[key].at for key in ("y", "q")}
    trace = folded.document.trace
    folded.drag(box(folded), box(folded, 43, 82))
    for key, (x, y) in before.items():
        assert folded.graph.nodes[key].at == (x + 40, y + 80)
    assert folded.labels == ["Move 2 gates"]
    assert folded.document.trace.value_of("f") == trace.value_of("f")
    folded.undo_all()
    assert {key: folded.graph.nodes[key].at for key in before} == before


def test_escape_in_mid_drag_leaves_the_box_where_it_was(folded):
    rect = folded.canvas.view.boxes[0].rect
    folded.drag(box(folded), box(folded, 60, 60), drop=False)
    assert folded.canvas.view.boxes[0].rect != rect
    folded.key(Key.Key_Escape)
    assert folded.canvas.view.boxes[0].rect == rect
    assert folded.labels == []
    assert folded.resting


def test_wires_are_drawn_to_and_from_the_ports_of_a_box(folded):
    folded.document.do(edits.disconnect(folded.graph, ["w1", "w3"]))
    folded.drag(folded.out("x"), folded.into("q", "x"))
    assert folded.graph.wires[folded.graph.into("q")["x"]].source == "x"
    folded.drag(folded.out("q"), folded.into("f", "x"))
    assert folded.graph.wires[folded.graph.into("f")["x"]].source == "q"
    assert folded.labels[-2:] == ["Connect x to q, port x", "Connect q to f, port x"]


def test_a_wire_dropped_on_a_box_takes_its_free_input_or_says_why_not(folded):
    folded.drag(folded.out("z"), box(folded))
    assert folded.heard[-1].startswith("Every input of sum has its wire")
    folded.document.do(edits.disconnect(folded.graph, ["w1"]))
    folded.drag(folded.out("z"), box(folded))
    assert folded.graph.wires[folded.graph.into("q")["x"]].source == "z"


def test_a_wire_into_a_box_that_would_make_a_loop_is_refused(folded):
    folded.document.do(edits.disconnect(folded.graph, ["w1"]))
    folded.drag(folded.out("f"), box(folded))
    assert "loop" in folded.heard[-1]


def test_tab_and_arrows_walk_over_boxes(folded):
    folded.canvas.select_none()
    seen = []
    for _ in range(4):
        folded.canvas.select_next()
        seen += folded.document.selection
    assert sorted(seen) == ["f", "group1", "x", "z"]
    folded.document.select(["f"])
    folded.key(Key.Key_Left, ALT)
    assert folded.document.selection == {"group1"}
    assert folded.heard[-1] == "sum, group, 2 gates; Enter opens it"
    folded.key(Key.Key_Left, ALT)
    assert folded.document.selection == {"x"}


def test_a_wire_can_be_drawn_from_a_box_with_keys(folded):
    folded.document.do(edits.disconnect(folded.graph, ["w3"]))
    folded.document.select(["group1"])
    folded.key(Key.Key_W)
    folded.key(Key.Key_Return)
    assert folded.graph.wires[folded.graph.into("f")["x"]].source == "q"


def test_a_rubber_band_catches_a_box(folded):
    left, top, right, bottom = folded.canvas.view.boxes[0].rect
    folded.drag(folded.at(left + 10, bottom + 20), folded.at(right + 20, top + 10))
    assert folded.document.selection == {"group1"}
    folded.key(Key.Key_Delete)
    assert set(folded.graph.nodes) == {"x", "z", "f"}


def test_grouping_asks_for_the_title(person):
    person.document.select(["z", "f"])
    arranging.group(person.canvas)
    person.type("product")
    person.key(Key.Key_Return)
    (made,) = [g for g in person.graph.groups.values() if g.title == "product"]
    assert set(groups.inside(person.graph, made.id)) == {"z", "f"}
    assert person.labels[0] == "Group 2 gates"


def test_ungrouping_leaves_the_gates_selected(folded):
    folded.document.select(["group1"])
    arranging.ungroup(folded.canvas)
    assert folded.graph.groups == {}
    assert folded.document.selection == {"y", "q"}
    assert folded.labels == ["Ungroup sum"]


def test_a_gate_dropped_in_a_frame_goes_into_the_group_as_one_command(person):
    person.drag(person.node("z", -20), person.at(100, 40))
    assert person.graph.nodes["z"].group == "group1"
    assert person.labels == ["Put 1 gate into sum"] or len(person.labels) == 1
    person.undo_all()
    assert person.graph == grouped()


def test_alt_keeps_a_gate_out_of_the_frame_it_is_dropped_in(person):
    person.drag(person.node("z", -20), person.at(100, 40), ALT)
    assert person.graph.nodes["z"].group == ""
    assert person.graph.nodes["z"].at != (0, 160)


def test_a_gate_dragged_out_of_its_frame_leaves_the_group(person):
    person.press(person.node("q", -10))
    person.move(person.node("q", -10, 150), LEFT)
    assert "out of sum" in person.canvas.overlay.sentence
    (frame,) = person.canvas.view.frames
    assert frame.rect[3] < 120
    person.release(person.node("q", -10, 150))
    assert person.graph.nodes["q"].group == ""
    assert len(person.labels) == 1


def test_a_gate_moved_inside_its_frame_stays_in_the_group(person):
    person.drag(person.node("q", -10), person.node("q", -34))
    assert person.graph.nodes["q"].group == "group1"
    assert person.labels == ["Move q"]


def test_colours_and_titles_are_commands_of_their_own(folded):
    folded.document.select(["group1"])
    arranging.colour(folded.canvas, "green")
    assert folded.graph.groups["group1"].colour == "green"
    assert folded.labels == ["Colour sum"]


def test_taking_out_puts_gates_into_the_group_around(person):
    person.document.do(edits.group(person.graph, ["group1", "z"], "outer"))
    outer = person.graph.groups["group1"].group
    person.document.select(["q"])
    arranging.take_out(person.canvas)
    assert person.graph.nodes["q"].group == outer
    arranging.take_out(person.canvas)
    assert person.graph.nodes["q"].group == ""
    arranging.take_out(person.canvas)
    assert person.heard[-1] == "Nothing that is selected lies in a group."


def test_a_value_inside_a_box_is_edited_on_the_box(folded):
    folded.canvas.edit_value("y")
    assert folded.canvas.editing.field.is_open
    folded.canvas.editing.field.leave()


# --- wires' ways ------------------------------------------------------------------------------


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


# --- the knife ---------------------------------------------------------------------------------


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


def test_a_key_that_x11_repeats_stays_held(person, monkeypatch):
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
    QTest.qWait(100)
    assert person.resting
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


# --- places ------------------------------------------------------------------------------------


def test_a_drag_locks_in_on_a_neighbour_and_shows_the_line(person):
    person.document.do(edits.move(person.graph, {"f": (403.0, 160.0)}))
    person.press(person.node("z", -20))
    start = person.graph.nodes["z"].at
    spot = person.node("z", -20)
    person.move(spot + person.at(200, 0) - person.at(0, 0), LEFT)
    lines = person.canvas.overlay.lines
    assert any(line.upright and line.at == 200 for line in lines)
    person.release(spot + person.at(200, 0) - person.at(0, 0))
    assert person.graph.nodes["z"].at[0] == start[0] + 200


def test_ctrl_lets_a_drag_go_anywhere(person):
    spot = person.node("z", -20)
    person.press(spot)
    person.move(spot + person.at(13, 101) - person.at(0, 0), LEFT, CTRL)
    assert person.canvas.overlay.lines == ()
    person.release(spot + person.at(13, 101) - person.at(0, 0), mods=CTRL)
    x, y = person.graph.nodes["z"].at
    assert (x, y) == (13, 261)


def test_ctrl_and_alt_drag_a_copy_with_its_inner_wires(person):
    person.document.select(["z", "f"])
    spot = person.node("f", -10)
    to = person.node("f", -10, 160)
    person.press(spot)
    person.move(person.node("f", -10, 80), LEFT, CTRL | ALT)
    person.move(to, LEFT, CTRL | ALT)
    assert len(person.canvas.overlay.copies) == 2
    person.release(to, mods=CTRL | ALT)
    assert len(person.graph.nodes) == 7
    assert len(person.graph.wires) == 5
    assert person.labels == ["Duplicate 2 gates"]
    copies = person.document.selection
    assert {person.graph.nodes[key].at for key in copies} == {(0, 320), (400, 240)}
    assert person.graph.nodes["f"].at == (400, 80)


def test_shift_keeps_a_drag_on_one_axis(person):
    person.drag(person.node("f", -10), person.node("f", 93, 20), SHIFT)
    x, y = person.graph.nodes["f"].at
    assert y == 80
    assert x != 400


@pytest.mark.parametrize(
    ("edge", "axis"),
    [("left", 0), ("centre", 0), ("right", 0), ("top", 1), ("middle", 1), ("bottom", 1)],
)
def test_aligning_is_one_command_that_glides(person, edge, axis):
    person.document.select(["q", "f"])
    arranging.align(person.canvas, edge)
    assert len(person.labels) == 1
    boxes = [groups.body(person.graph.nodes[key], person.graph) for key in ("q", "f")]
    share = {"left": 0, "top": 0, "centre": 0.5, "middle": 0.5}.get(edge, 1)
    lines = {b[axis] + share * (b[axis + 2] - b[axis]) for b in boxes}
    assert len(lines) == 1


def test_what_cannot_be_aligned_is_said(person):
    person.document.select(["q"])
    arranging.align(person.canvas, "left")
    assert person.heard[-1] == "Choose two things or more to align them."
    assert person.labels == []


def test_distributing_and_straightening(person):
    person.document.select(["x", "y", "z"])
    arranging.distribute(person.canvas, "down")
    assert person.heard[-1] == "It is so already."
    person.document.select(["f"])
    arranging.straighten(person.canvas)
    assert person.labels == ["Straighten the wires"]


def test_deleting_joins_the_wires_of_what_goes(person):
    person.document.do(edits.splice(*_with_tanh(person), "w3"))
    node = next(n.id for n in person.graph.nodes.values() if n.gate == "tanh")
    person.document.select([node])
    arranging.delete_and_join(person.canvas)
    assert person.graph.wires[person.graph.into("f")["x"]].source == "q"
    assert person.labels[-1] == "Delete tanh1 and join its wires"


def _with_tanh(person):
    patch = edits.add_node(person.graph, "tanh", (300.0, 40.0))
    person.document.do(patch)
    return person.graph, edits.born(patch)[0]


def test_tidy_glides_and_ends_where_the_graph_is(person, qtbot):
    person.canvas.reduced_motion = False
    person.document.do(edits.move(person.graph, {"f": (100.0, 400.0), "q": (600.0, -100.0)}))
    person.document.undo_stack.clear()
    person.canvas.tidy()
    assert person.labels == ["Tidy the graph"]
    view = person.canvas.view
    assert person.canvas._glide.running
    assert (view.at != view.nodes.at).any()
    qtbot.waitUntil(lambda: not person.canvas._glide.running, timeout=3000)
    assert (view.at == view.nodes.at).all()
    person.undo_all()
    assert person.graph.nodes["f"].at == (100, 400)


def test_an_edit_ends_a_glide(person, monkeypatch):
    monkeypatch.setattr(gliding, "GLIDE_S", 60.0)
    person.canvas.reduced_motion = False
    person.document.select(["q", "f"])
    arranging.align(person.canvas, "middle")
    assert person.canvas._glide.running
    person.document.do(edits.add_node(person.graph, "exp", (300.0, 300.0)))
    assert not person.canvas._glide.running
    view = person.canvas.view
    assert (view.at == view.nodes.at).all()


def test_whoever_wants_less_motion_sees_no_glide(person):
    person.canvas.reduced_motion = True
    person.document.select(["q", "f"])
    arranging.align(person.canvas, "top")
    assert not person.canvas._glide.running


def test_no_gesture_holds_on_to_a_gate_that_is_gone(person):
    person.press(person.node("q", -10))
    person.move(person.node("q", 60), LEFT)
    person.document.do(edits.delete(person.graph, ["group1"]))
    person.release(person.node("f"))
    assert person.resting
    assert isinstance(person.graph.nodes["f"], Node)


# --- painted ahead -----------------------------------------------------------------------------


def painted(canvas) -> np.ndarray:
    """A whole new picture of it."""
    image = canvas.grab().toImage().convertToFormat(RGB32)
    return np.array(image.constBits()).reshape(image.height(), -1, 4)[..., :3].astype(int)


def test_strips_painted_ahead_equal_a_whole_repaint(person):
    # Qt begins the dashes of a frame elsewhere where it clips them.
    person.document.do(edits.ungroup(person.graph, "group1"))
    canvas = person.canvas
    QApplication.processEvents()
    for step in [(-7, -3)] * 20 + [(5, 2)] * 30 + [(0, -9)] * 20 + [(-9, 4)] * 20:
        canvas.pan(*step)
        QApplication.processEvents()
    assert canvas._apron._slabs
    whole = painted(canvas)
    for rect in (QRect(0, 0, 5, canvas.height()), QRect(0, 0, canvas.width(), 4)):
        strip = QImage(canvas.size(), RGB32)
        with QPainter(strip) as painter:
            painter.setClipRect(rect)
            assert canvas._painted_ahead(painter, rect)
        made = np.array(strip.constBits()).reshape(strip.height(), -1, 4)[..., :3].astype(int)
        at = np.s_[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        off = np.abs(made[at] - whole[at]).max(axis=2)
        assert off.max() <= 2


def test_what_changes_beyond_the_edge_is_not_shown_as_it_was(person):
    canvas = person.canvas
    canvas.pan(-5, 0)
    QApplication.processEvents()
    assert canvas._apron._slabs
    person.document.do(edits.nudge(person.graph, ["f"], 2000.0, 0.0))
    assert not canvas._apron._slabs
    canvas.pan(-5, 0)
    QApplication.processEvents()
    canvas.set_digits(7)
    assert not canvas._apron._slabs


def test_several_gates_dragged_together_lock_in_where_gaps_are_equal(qtbot):
    places = zip("abcd", (0, 120, 300, 420), strict=True)
    person = Person(qtbot, Graph([Node(key, "exp", (x, 0.0)) for key, x in places]))
    person.document.select(("c", "d"))
    person.drag(person.node("c"), person.node("c", -57, 3), drop=False)
    gaps = [line for line in person.canvas.overlay.lines if line.gap]
    assert len(gaps) == 2
    assert {round(line.end - line.start, 6) for line in gaps} == {64.0}
    assert person.canvas.grab().toImage() is not None
    person.release(person.node("c", -57, 3))
    assert person.graph.nodes["c"].at == (240, 0)
    assert person.graph.nodes["d"].at == (360, 0)
    person.canvas.set_document(None)


def test_a_wire_that_locks_in_level_shows_the_line_that_it_lies_on(qtbot):
    graph = Graph().apply(edits.build(Graph(), "f = exp(x)"))
    person = Person(qtbot, graph)
    person.document.do(edits.move(person.graph, {"f": (300.0, 90.0), "x": (0.0, 10.0)}))
    person.drag(person.node("f"), person.node("f", 5, -77), drop=False)
    level = person.canvas.view.output("x")
    lines = [line for line in person.canvas.overlay.lines if line.axis == 1 and not line.gap]
    assert any(line.at == level[1] and line.start == level[0] for line in lines)
    person.canvas.set_document(None)
