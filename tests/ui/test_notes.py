"""Notes: written where they stand, as one command, and resized by their corner."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.core.graph import Graph, GraphError, Note
from bpstudio.ui.notes import FONT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(window, opened):
    window.activateWindow()
    window.canvas.setFocus()
    return window.canvas


@pytest.fixture
def noted(canvas, opened) -> Note:
    """A note that stands there."""
    opened.do(edits.add_note(opened.graph, (0.0, 300.0), "first line\nsecond"))
    (note,) = opened.graph.notes.values()
    canvas.zoom_fit()
    return note


def add(window) -> str:
    window.menus.entries["add_note"].trigger()
    (key,) = window.document.graph.notes
    return key


def test_a_note_and_its_words_are_one_command(window, canvas, opened) -> None:
    before, count = opened.graph, opened.undo_stack.count()
    key = add(window)
    assert canvas.notes.field.hasFocus()
    QTest.keyClicks(canvas.notes.field, "What if x")
    QTest.keyClick(canvas.notes.field, Qt.Key.Key_Return)
    QTest.keyClicks(canvas.notes.field, "is 0?")
    QTest.keyClick(canvas.notes.field, Qt.Key.Key_Return, CTRL)
    assert opened.graph.notes[key].text == "What if x\nis 0?"
    assert opened.undo_stack.count() == count + 1
    assert opened.undo_stack.undoText() == "Add a note"
    assert opened.selection == {key}
    assert canvas.hasFocus()
    opened.undo_stack.undo()
    assert opened.graph == before


def test_words_are_written_in_the_size_they_are_drawn_in_and_all_stay_in_sight(
    window, canvas, opened
) -> None:
    add(window)
    field = canvas.notes.field
    for _ in range(3):
        window.menus.entries["zoom_in"].trigger()
        assert field.fontInfo().pixelSize() == pytest.approx(FONT * canvas.camera.scale, abs=1)
    for line in ("one", "two", "three", "four"):
        QTest.keyClicks(field, line)
        QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert field.verticalScrollBar().maximum() == 0
    assert field.geometry().bottom() <= canvas.height()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Tab])
def test_a_note_without_words_was_never_there(window, canvas, opened, key) -> None:
    before, count = opened.graph, opened.undo_stack.count()
    add(window)
    QTest.keyClick(canvas.notes.field, key)
    assert opened.graph == before
    assert opened.undo_stack.count() == count
    assert not canvas.notes.field.isVisible()


def test_f2_opens_the_words_with_all_their_lines(window, canvas, opened, noted) -> None:
    opened.select([noted.id])
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    field = canvas.notes.field
    assert field.isVisible()
    assert field.toPlainText() == "first line\nsecond"
    count = opened.undo_stack.count()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert opened.undo_stack.count() == count
    assert opened.graph.notes[noted.id] == noted


def test_a_double_click_opens_it_and_a_click_elsewhere_takes_it(canvas, opened, noted) -> None:
    left, top, _, _ = canvas.camera.rect_to_screen(canvas.view.note_rect(noted.id))
    spot = QPoint(round(left) + 20, round(top) + 12)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    assert canvas.notes.field.isVisible()
    QTest.keyClicks(canvas.notes.field, "new")
    canvas.setFocus()
    assert opened.graph.notes[noted.id].text == "new"
    assert opened.undo_stack.undoText() == "Edit the note"


def test_a_note_grows_with_its_words(canvas, opened, noted) -> None:
    canvas.notes.edit(noted.id)
    canvas.notes.field.setPlainText("a line\n" * 30)
    canvas.notes.field.take()
    tall = opened.graph.notes[noted.id].size[1]
    assert tall > 300
    assert opened.undo_stack.undoText() == "Edit the note"
    opened.undo_stack.undo()
    assert opened.graph.notes[noted.id] == noted


def test_words_too_long_for_a_file_keep_the_field_open(canvas, opened, noted) -> None:
    said: list[str] = []
    opened.said.connect(said.append)
    canvas.notes.edit(noted.id)
    canvas.notes.field.setPlainText("x" * 20_001)
    assert not canvas.notes.field.take()
    assert canvas.notes.field.is_open
    assert said
    canvas.notes.leave()
    assert opened.graph.notes[noted.id] == noted


def drag_grip(canvas, way: QPoint, *, drop: bool = True) -> None:
    grip = canvas.notes.grip
    at = QPointF(5, 5)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    start = grip.mapToGlobal(at)
    kinds = [(QEvent.Type.MouseButtonPress, QPoint(), left), (QEvent.Type.MouseMove, way, left)]
    if drop:
        kinds.append((QEvent.Type.MouseButtonRelease, way, none))
    for kind, gone, held in kinds:
        button = none if kind == QEvent.Type.MouseMove else left
        event = QMouseEvent(kind, at, start + QPointF(gone), button, held, CTRL & ~CTRL)
        QApplication.sendEvent(grip, event)


def test_the_corner_resizes_as_one_command(canvas, opened, noted) -> None:
    opened.select([noted.id])
    assert canvas.notes.grip.isVisible()
    count = opened.undo_stack.count()
    drag_grip(canvas, QPoint(60, 40), drop=False)
    assert opened.graph.notes[noted.id].size > noted.size
    assert opened.committed.notes[noted.id] == noted
    drag_grip(canvas, QPoint(60, 40))
    scale = canvas.camera.scale
    wanted = noted.size[0] + 60 / scale, noted.size[1] + 40 / scale
    assert opened.graph.notes[noted.id].size == pytest.approx(wanted, abs=8)
    assert opened.undo_stack.count() == count + 1
    opened.undo_stack.undo()
    assert opened.graph.notes[noted.id] == noted


KEYS = {"Right": (24, 0), "Left": (-24, 0), "Down": (0, 24), "Up": (0, -24)}


@pytest.mark.parametrize("key", KEYS)
def test_keys_resize_a_note_as_one_command_and_say_its_size(canvas, opened, noted, key) -> None:
    opened.do(edits.resize_note(opened.graph, noted.id, (240.0, 120.0)))
    opened.select([noted.id])
    said: list[str] = []
    opened.said.connect(said.append)
    count = opened.undo_stack.count()
    for _ in range(2):
        QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{key}"), CTRL)
    wide, tall = 240 + 2 * KEYS[key][0], 120 + 2 * KEYS[key][1]
    assert opened.graph.notes[noted.id].size == (wide, tall)
    assert opened.graph.notes[noted.id].at == noted.at
    assert opened.undo_stack.count() == count + 1
    assert said[-1] == f"The note is {wide} wide and {tall} high"
    opened.undo_stack.undo()
    assert opened.graph.notes[noted.id].size == (240.0, 120.0)


def test_a_note_that_is_as_small_as_can_be_says_so(canvas, opened, noted) -> None:
    opened.select([noted.id])
    said: list[str] = []
    opened.said.connect(said.append)
    for _ in range(30):
        QTest.keyClick(canvas, Qt.Key.Key_Left, CTRL)
    count = opened.undo_stack.count()
    assert said[-1] == "A note cannot be smaller than this."
    QTest.keyClick(canvas, Qt.Key.Key_Left, CTRL)
    assert opened.undo_stack.count() == count


def test_a_selection_lost_in_mid_drag_drops_the_new_size(canvas, opened, noted) -> None:
    opened.select([noted.id])
    drag_grip(canvas, QPoint(60, 40), drop=False)
    opened.select([])
    assert not canvas.notes.grip.isVisible()
    assert opened.graph == opened.committed
    assert opened.graph.notes[noted.id] == noted


def test_the_field_goes_with_its_note_and_leaves_with_it(canvas, opened, noted) -> None:
    canvas.notes.edit(noted.id)
    before = canvas.notes.field.geometry()
    canvas.pan(-30, -20)
    assert canvas.notes.field.geometry().topLeft() == before.topLeft() + QPoint(-30, -20)
    opened.undo_stack.undo()
    assert not canvas.notes.field.isVisible()
    assert noted.id not in opened.graph.notes


def test_a_note_is_never_smaller_than_a_word_nor_without_a_size() -> None:
    graph = Graph().apply(edits.add_note(Graph(), (0.0, 0.0), "a"))
    (note,) = graph.notes
    small = graph.apply(edits.resize_note(graph, note, (-5.0, 0.0)))
    assert small.notes[note].size == (48.0, 32.0)
    for size in ((float("nan"), 1.0), (1e9, 1.0)):
        with pytest.raises(GraphError):
            edits.resize_note(graph, note, size)
    with pytest.raises(GraphError):
        edits.resize_note(graph, "nothing", (1.0, 1.0))
