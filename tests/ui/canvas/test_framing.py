"""Frames under mouse and keys: drawn, titled, moved with what stands in them, resized, painted."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.core.graph import Note
from bpstudio.core.standing import rect_of, standing_in
from bpstudio.ui.canvas import arranging, framing, hover, titled
from bpstudio.ui.canvas.tools import DrawFrame
from tests.ui.canvas.person import ALT, CTRL, LEFT, Person

RECT = (-80.0, -104.0, 104.0, 224.0)
"""Round x, y and z."""


@pytest.fixture
def framed(person) -> Person:
    """A canvas with a frame round the three inputs and nothing selected."""
    person.document.do(edits.add_frame(person.graph, RECT, "inputs"))
    return person


def frame_of(person) -> Note:
    (frame,) = (note for note in person.graph.notes.values() if note.frame)
    return frame


def head(person, key: str = "frame1") -> QPoint:
    left, top, _, _ = rect_of(person.graph.notes[key])
    return person.at(left + 60, top + 12)


def press_handle(person, way: tuple[int, int], by: tuple[float, float]) -> None:
    handle = person.canvas.notes.handles[way]
    assert handle.isVisible()
    start = QPointF(handle.mapToGlobal(QPoint(7, 7)))
    for kind, at in (
        (QEvent.Type.MouseButtonPress, start),
        (QEvent.Type.MouseMove, start + QPointF(*by) / 2),
        (QEvent.Type.MouseMove, start + QPointF(*by)),
        (QEvent.Type.MouseButtonRelease, start + QPointF(*by)),
    ):
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
        spot = QPointF(handle.mapFromGlobal(at))
        event = QMouseEvent(kind, spot, at, button, LEFT, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(handle, event)


# --- making one ----------------------------------------------------------------------------------


def test_a_frame_goes_round_what_is_selected_and_asks_for_its_title(person):
    before = person.graph
    person.document.select(["x", "y"])
    framing.frame(person.canvas)
    assert person.canvas.editing.field.hasFocus()
    person.type("forward pass")
    person.key(Qt.Key.Key_Return)
    frame = frame_of(person)
    assert frame.text == "forward pass"
    assert set(standing_in(person.graph, frame.id)) == {"x", "y"}
    assert person.labels == ["Add a frame"]
    assert person.document.selection == {frame.id}
    person.undo_all()
    assert person.graph == before


def test_esc_before_the_title_is_taken_leaves_no_trace(person):
    before = person.graph
    person.document.select(["x"])
    framing.frame(person.canvas)
    person.key(Qt.Key.Key_Escape)
    assert person.graph == before
    assert person.labels == []
    assert not person.canvas.editing.field.isVisible()


def test_a_frame_may_do_without_a_title(person):
    person.document.select(["x"])
    framing.frame(person.canvas)
    person.key(Qt.Key.Key_Return)
    assert frame_of(person).text == ""
    assert person.labels == ["Add a frame"]


def test_with_nothing_selected_one_is_drawn_from_corner_to_corner(person):
    framing.frame(person.canvas)
    assert isinstance(person.canvas.tools.state, DrawFrame)
    assert "corner to corner" in person.heard[-1]
    person.drag(person.at(-80, -104), person.at(104, 224))
    person.type("in")
    person.key(Qt.Key.Key_Return)
    assert rect_of(frame_of(person)) == RECT
    assert person.resting


@pytest.mark.parametrize("pressed", [False, True])
def test_esc_drops_the_drawing_without_a_trace(person, pressed):
    before = person.graph
    framing.frame(person.canvas)
    if pressed:
        person.drag(person.at(0, -100), person.at(90, 0), drop=False)
    person.key(Qt.Key.Key_Escape)
    assert person.resting
    assert (person.graph, person.labels) == (before, [])


def test_enter_puts_one_down_without_a_mouse(person):
    framing.frame(person.canvas)
    person.key(Qt.Key.Key_Return)
    person.type("loss")
    person.key(Qt.Key.Key_Return)
    assert frame_of(person).text == "loss"
    assert frame_of(person).size == (320.0, 200.0)


# --- moving --------------------------------------------------------------------------------------


def test_a_drag_by_the_title_takes_all_that_stands_in_it_along_in_one_undo(framed):
    framed.drag(head(framed), head(framed) + QPoint(40, 24), CTRL)
    assert framed.graph.nodes["x"].at == (40.0, 24.0)
    assert framed.graph.nodes["z"].at == (40.0, 184.0)
    assert framed.graph.nodes["q"].at == (200.0, 40.0)
    assert frame_of(framed).at == (-40.0, -80.0)
    assert framed.labels[-1] == "Move inputs and all in it"
    framed.document.undo_stack.undo()
    assert framed.graph.nodes["x"].at == (0.0, 0.0)
    assert rect_of(frame_of(framed)) == RECT


def test_a_drag_by_the_line_is_one_by_the_title(framed):
    spot = framed.at(RECT[0], 40)
    framed.drag(spot, spot + QPoint(0, 40))
    assert framed.graph.nodes["y"].at == (0.0, 120.0)


def test_alt_moves_the_frame_alone_and_is_heard_during_the_drag(framed):
    framed.drag(head(framed), head(framed) + QPoint(40, 0), drop=False)
    assert framed.canvas.view.at[framed.canvas.view.row["x"], 0] == 40.0
    framed.move(head(framed) + QPoint(48, 0), LEFT, ALT)
    assert framed.canvas.view.at[framed.canvas.view.row["x"], 0] == 0.0
    framed.release(head(framed) + QPoint(48, 0), mods=ALT)
    assert framed.graph.nodes["x"].at == (0.0, 0.0)
    assert frame_of(framed).at == (-32.0, -104.0)
    assert framed.labels[-1] == "Move inputs"


def test_ctrl_alt_drags_a_copy_of_the_frame_with_all_in_it(framed):
    framed.drag(head(framed), head(framed) + QPoint(0, 360), CTRL | ALT)
    assert len(framed.graph.nodes) == 8
    frames = [note for note in framed.graph.notes.values() if note.frame]
    assert [len(standing_in(framed.graph, frame.id)) for frame in frames] == [3, 3]


def test_inside_a_frame_the_paper_is_paper(framed):
    framed.drag(framed.at(-70, -60), framed.at(10, 10))
    assert framed.document.selection == {"x"}
    framed.click(framed.at(-70, -40))
    assert framed.document.selection == frozenset()


def test_a_band_takes_a_frame_that_lies_wholly_in_it(framed):
    framed.drag(framed.at(-120, -140), framed.at(110, 230))
    assert framed.document.selection == {"x", "y", "z", "frame1"}


def test_arrows_move_it_with_what_is_in_it_but_sweep_nothing_up(framed):
    framed.document.select(["frame1"])
    for _ in range(30):
        framed.key(Qt.Key.Key_Right)
    assert framed.graph.nodes["x"].at == (240.0, 0.0)
    assert framed.graph.nodes["q"].at == (200.0, 40.0)
    assert "q" in standing_in(framed.graph, "frame1")
    assert framed.labels[-1] == "Move inputs and all in it"
    assert len(framed.labels) == 2
    framed.document.undo_stack.undo()
    assert framed.graph.nodes["x"].at == (0.0, 0.0)


def test_alt_and_arrows_move_it_alone(framed):
    framed.document.select(["frame1"])
    framed.key(Qt.Key.Key_Down, ALT)
    assert frame_of(framed).at == (-80.0, -96.0)
    assert framed.graph.nodes["x"].at == (0.0, 0.0)


def test_deleting_it_leaves_what_stands_in_it(framed):
    framed.document.select(["frame1"])
    framed.key(Qt.Key.Key_Delete)
    assert not framed.graph.notes
    assert len(framed.graph.nodes) == 5


# --- size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "by", "rect"),
    [
        ((1, 1), (40, 24), (-80.0, -104.0, 144.0, 248.0)),
        ((-1, 0), (-24, 99), (-104.0, -104.0, 104.0, 224.0)),
        ((0, -1), (7, -48), (-80.0, -152.0, 104.0, 224.0)),
        ((-1, -1), (900, 900), (8.0, 160.0, 104.0, 224.0)),
    ],
)
def test_its_handles_move_the_edges_that_they_stand_on(framed, way, by, rect):
    framed.document.select(["frame1"])
    press_handle(framed, way, by)
    assert rect_of(frame_of(framed)) == rect
    assert framed.labels[-1] == "Resize inputs"
    assert framed.graph.nodes["x"].at == (0.0, 0.0)


def test_handles_show_for_the_one_selected_frame_and_go_with_it(framed):
    handles = framed.canvas.notes.handles.values()
    assert not any(handle.isVisible() for handle in handles)
    framed.click(head(framed))
    assert all(handle.isVisible() for handle in handles)
    assert not framed.canvas.notes.grip.isVisible()
    framed.drag(head(framed), head(framed) + QPoint(40, 24), drop=False)
    rect = framed.canvas.view.note_rect("frame1")
    assert rect[0] == -40.0
    assert framed.canvas.notes.handles[1, 1].geometry().contains(framed.at(*rect[2:]))
    framed.release(head(framed) + QPoint(40, 24))


def test_ctrl_and_arrows_resize_it_as_a_note(framed):
    framed.document.select(["frame1"])
    framed.canvas.notes.stretch((1, 0))
    assert frame_of(framed).size == (208.0, 328.0)
    assert framed.heard[-1] == "The frame is 208 wide and 328 high"
    for _ in range(20):
        framed.canvas.notes.stretch((-1, 0))
    assert framed.heard[-1] == "A frame cannot be smaller than this."


# --- title and colour ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["double", Qt.Key.Key_F2, Qt.Key.Key_Return])
def test_its_title_is_typed_in_place(framed, how):
    if how == "double":
        framed.double(head(framed))
    else:
        framed.document.select(["frame1"])
        framed.key(how)
    field = framed.canvas.editing.field
    assert field.hasFocus()
    assert field.text() == "inputs"
    assert field.accessibleName() == "Title of the frame"
    framed.type("what goes in")
    framed.key(Qt.Key.Key_Return)
    assert frame_of(framed).text == "what goes in"
    assert framed.labels[-1] == "Call the frame what goes in"


def test_esc_keeps_an_old_title_and_the_frame(framed):
    framed.double(head(framed))
    framed.type("no")
    framed.key(Qt.Key.Key_Escape)
    assert frame_of(framed).text == "inputs"
    assert len(framed.labels) == 1


def test_it_takes_the_colours_that_groups_have(framed):
    framed.document.select(["frame1"])
    arranging.colour(framed.canvas, "green")
    assert frame_of(framed).colour == "green"
    assert framed.labels[-1] == "Colour inputs"


def test_a_right_click_on_its_title_offers_title_contents_and_colours(framed):
    menu = framed.canvas.menu_at(head(framed))
    words = [action.text() for action in menu.actions()]
    for word in ("Type the title …", "Select what stands in it", "Colour", "Delete"):
        assert word in words
    (colours,) = (a.menu() for a in menu.actions() if a.text() == "Colour")
    blue = next(action for action in colours.actions() if action.text() == "Blue")
    blue.trigger()
    assert frame_of(framed).colour == "blue"


def test_what_stands_in_it_can_be_selected(framed):
    framed.document.select(["frame1"])
    framing.select_inside(framed.canvas)
    assert framed.document.selection == {"x", "y", "z"}


# --- told to the ear and the eye -----------------------------------------------------------------


def test_tab_comes_to_it_after_the_last_gate_and_says_what_it_is(framed):
    framed.document.select(["f"])
    framed.key(Qt.Key.Key_Tab)
    assert framed.document.selection == {"frame1"}
    assert framed.heard[-1] == "inputs · frame round 3 gates; Enter types its title"


def test_tab_comes_to_open_groups_and_notes_too_and_says_what_they_are(framed):
    framed.document.do(edits.group(framed.graph, ["x", "y"], "pair"))
    framed.document.do(edits.add_note(framed.graph, (200.0, 300.0), "why\nso"))
    (group,) = framed.graph.groups
    (note,) = (key for key, note in framed.graph.notes.items() if not note.frame)
    framed.document.select(["f"])
    framed.key(Qt.Key.Key_Tab)
    assert framed.document.selection == {group}
    assert framed.heard[-1] == "pair, open group, 2 gates; Enter collapses it"
    framed.key(Qt.Key.Key_Tab)
    assert framed.document.selection == {"frame1"}
    framed.key(Qt.Key.Key_Tab)
    assert framed.document.selection == {note}
    assert framed.heard[-1] == "why so, note; Enter writes in it"
    framed.document.select([group])
    framed.key(Qt.Key.Key_Return)
    assert framed.graph.groups[group].collapsed


def in_sight(person, frame: str) -> bool:
    canvas = person.canvas
    left, top, right, bottom = canvas.camera.rect_to_screen(canvas.view.note_rect(frame))
    return left >= 0 and top >= 0 and right <= canvas.room[0] and bottom <= canvas.room[1]


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_a_new_frame_is_brought_into_sight_with_its_title(person, scale):
    person.canvas.camera.scale = scale
    person.canvas.camera.offset = (-100, 40)
    person.document.select(["x", "y", "q"])
    framing.frame(person.canvas)
    (made,) = person.document.selection
    assert in_sight(person, made)


def test_a_new_frame_that_is_in_sight_moves_nothing(person):
    before = person.canvas.spot
    framing.draw(person.canvas, (0.0, 0.0, 320.0, 200.0))
    assert person.canvas.spot == before


def test_hovering_says_how_much_stands_in_it(framed):
    hit = framed.canvas.hit((-20.0, -88.0))
    words = hover.sentence(framed.document, hit)
    assert words.startswith("inputs · frame round 3 gates\n")


def test_everything_else_lies_over_a_frame(framed):
    framed.document.do(edits.add_frame(framed.graph, (-20.0, -40.0, 300.0, 140.0), "over"))
    canvas = framed.canvas
    assert canvas.hit((-20.0, 0.0)).id == "x"
    assert canvas.hit((280.0, 140.0)).id == "frame2"
    small = canvas.hit((120.0, -30.0))
    assert (small.part, small.id) == ("note", "frame2")


def test_its_title_strip_grows_as_the_paper_gets_smaller():
    assert titled.strip(RECT, 1.0) == (-80.0, -104.0, 104.0, -76.0)
    assert titled.strip(RECT, 4.0) == (-80.0, -156.0, 104.0, -76.0)
    assert titled.strip(RECT, 5.0) is None  # narrower than any title
    assert titled.strip((0.0, 0.0, 1e4, 1e4), 20.0) is None


def test_its_handles_stand_on_the_line_as_it_is_drawn_where_the_strip_stands_out(framed):
    canvas = framed.canvas
    canvas.zoom_at(0.5, (400.0, 300.0))
    framed.document.select(["frame1"])
    rect = canvas.view.note_rect("frame1")
    outline = titled.outline(rect, canvas.view.factor / canvas.camera.scale)
    assert outline[1] < rect[1]
    left, top, _, _ = canvas.camera.rect_to_screen(outline)
    middle = canvas.notes.handles[-1, -1].geometry().center()
    assert abs(middle.x() - left) <= 2
    assert abs(middle.y() - top) <= 2


def test_far_away_a_frame_has_handles_at_its_corners_only():
    assert len(titled.handles((0.0, 0.0, 300.0, 300.0))) == 8
    assert set(titled.handles((0.0, 0.0, 30.0, 300.0))) == {(-1, -1), (-1, 1), (1, -1), (1, 1)}


def test_a_click_and_a_drag_on_a_frame_are_told_apart(framed):
    QTest.mouseClick(framed.canvas, LEFT, pos=head(framed))
    assert framed.document.selection == {"frame1"}
    assert len(framed.labels) == 1
