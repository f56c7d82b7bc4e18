"""Copy, cut, paste and duplicate with the keys people use; the clipboard is a text."""

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Kind, Node
from bpstudio.core.shape import GRID, PILL
from bpstudio.core.standing import standing_in
from bpstudio.files import clip as clips_of
from bpstudio.ui import ask, clips
from bpstudio.ui.actions import ACTIONS
from tests.core.pieces import overlaps_seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(window, opened, qtbot):
    window.activateWindow()
    window.canvas.setFocus()
    clips.clipboard.put(_text_mime(""))
    QTest.mouseMove(window.start_page)
    window.canvas._pointer = None
    return window.canvas


def _text_mime(text: str):
    from PySide6.QtCore import QMimeData

    mime = QMimeData()
    mime.setText(text)
    return mime


def put_text(text: str) -> None:
    """As another program would."""
    clips.clipboard.put(_text_mime(text))


def press(canvas, *letters: str) -> None:
    for letter in letters:
        QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{letter}"), CTRL)


def point_at(canvas, x: int, y: int) -> tuple[float, float]:
    QTest.mouseMove(canvas, QPoint(x, y))
    QTest.mouseMove(canvas, QPoint(x + 1, y))
    return canvas.camera.to_scene((x + 1, y))


@pytest.fixture
def waits(monkeypatch) -> list[object]:
    """The pointers that were shown while something was done."""
    shown: list[object] = []
    monkeypatch.setattr(clips.QGuiApplication, "setOverrideCursor", shown.append)
    monkeypatch.setattr(clips.QGuiApplication, "restoreOverrideCursor", lambda: None)
    monkeypatch.setattr(clips, "SLOW", 3)
    return shown


@pytest.mark.parametrize("chosen", ["x", "g1"])
def test_among_many_gates_the_pointer_says_that_a_copy_takes_a_moment(
    canvas, opened, waits, chosen
) -> None:
    opened.do(edits.group(opened.graph, ["x", "y"], "two"))
    opened.select([chosen if chosen in opened.graph.nodes else next(iter(opened.graph.groups))])
    clips.duplicate(canvas)
    assert waits
    assert set(waits) == {Qt.CursorShape.WaitCursor}


def test_among_few_gates_the_pointer_stays(canvas, opened, waits, monkeypatch) -> None:
    monkeypatch.setattr(clips, "SLOW", 100)
    opened.select(["x"])
    clips.duplicate(canvas)
    assert waits == []


def test_copy_and_paste_bring_the_inner_wires_and_select_the_copies(canvas, opened) -> None:
    opened.select(["x", "y", *(n.id for n in opened.graph.nodes.values() if n.gate == "add")])
    before, count = opened.graph, opened.undo_stack.count()
    press(canvas, "C", "V")
    new = [n for n in opened.graph.nodes.values() if n.id not in before.nodes]
    assert sorted(n.gate for n in new) == ["add", "input", "input"]
    assert len(opened.graph.wires) == len(before.wires) + 2
    assert opened.selection == {n.id for n in new}
    assert opened.undo_stack.count() == count + 1
    assert opened.undo_stack.undoText() == "Paste 3 gates"
    opened.undo_stack.undo()
    assert opened.graph == before


def test_the_clipboard_holds_the_document_as_text(canvas, opened) -> None:
    opened.select(["x"])
    press(canvas, "C")
    text = QGuiApplication.clipboard().text()
    assert list(clips_of.graph_of(text).nodes) == ["x"]
    assert QGuiApplication.clipboard().mimeData().hasFormat(clips_of.MIME)


def test_pasting_again_and_again_covers_nothing_and_stays_near(canvas, opened) -> None:
    opened.select(["x"])
    press(canvas, "C", "V", "V", "V", "D")
    assert not overlaps_seen(opened.graph)
    by_label = {n.label: n.at for n in opened.graph.nodes.values()}
    first, second = by_label["x"], by_label["x2"]
    assert math.dist(first, second) == PILL[1] + GRID


def test_a_graph_pasted_with_the_pointer_on_a_gate_comes_clear_of_it(canvas, opened) -> None:
    opened.select(opened.graph.nodes)
    press(canvas, "C")
    on = canvas.camera.to_screen(opened.graph.nodes["y"].at)
    point_at(canvas, round(on[0]), round(on[1]))
    press(canvas, "V")
    assert not overlaps_seen(opened.graph)
    assert len(opened.graph.nodes) == 10


def test_a_formula_dropped_as_text_comes_to_where_it_was_dropped(canvas, opened) -> None:
    mime = _text_mime("g = sin(u) * 2")
    clips.paste_mime(canvas, mime, (3000.0, 1600.0))
    new = opened.graph.nodes[next(iter(opened.selection))]
    assert math.dist(new.at, (3000.0, 1600.0)) < 200.0
    opened.undo_stack.undo()
    clips.paste_mime(canvas, mime, opened.graph.nodes["y"].at)
    assert not overlaps_seen(opened.graph)


def test_cut_is_one_command_and_pastes_back_where_it_was(canvas, opened) -> None:
    at, count = opened.graph.nodes["x"].at, opened.undo_stack.count()
    opened.select(["x"])
    press(canvas, "X")
    assert "x" not in opened.graph.nodes
    assert opened.undo_stack.undoText() == "Cut out x"
    press(canvas, "V")
    assert opened.undo_stack.count() == count + 2
    assert [n.at for n in opened.graph.nodes.values() if n.label == "x"] == [at]


def test_pastes_at_the_pointer_over_the_canvas(canvas, opened) -> None:
    opened.select(["x"])
    press(canvas, "C")
    scene = point_at(canvas, 60, 50)
    press(canvas, "V")
    (key,) = opened.selection
    at = opened.graph.nodes[key].at
    assert abs(at[0] - scene[0]) <= 8
    assert abs(at[1] - scene[1]) <= 8


def test_a_paste_out_of_sight_comes_to_the_middle(canvas, opened) -> None:
    far = Graph([Node("far", "exp", (9e5, 9e5))])
    put_text(clips_of.text_of(far))
    canvas.zoom_in()
    press(canvas, "V")
    (key,) = opened.selection
    x, y = canvas.camera.to_screen(opened.graph.nodes[key].at)
    assert 0 < x < canvas.width()
    assert 0 < y < canvas.height()


def test_duplicate_leaves_the_clipboard_alone(canvas, opened) -> None:
    put_text("mine")
    opened.select(["x", "y"])
    press(canvas, "D", "D")
    assert QGuiApplication.clipboard().text() == "mine"
    assert opened.undo_stack.undoText() == "Duplicate 2 gates"
    assert len({n.at for n in opened.graph.nodes.values()}) == len(opened.graph.nodes)


def test_pasting_between_documents(window, canvas, opened) -> None:
    opened.select(opened.graph.nodes)
    press(canvas, "C")
    other = window.session.new()
    press(window.canvas, "V")
    assert len(other.graph.nodes) == len(opened.graph.nodes)
    assert len(other.graph.wires) == len(opened.graph.wires)
    assert other.trace.value_of("f") == opened.trace.value_of("f")


def test_pasting_from_a_mails_answer(canvas, opened) -> None:
    text = clips_of.text_of(edits.clip(opened.graph, opened.graph.nodes))
    before = len(opened.graph.nodes)
    put_text("\r\n".join(f"> {line}" for line in text.splitlines()))
    press(canvas, "V")
    assert len(opened.graph.nodes) == 2 * before


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no text"),
        ("Dear all, the exam is moved.", "no graph"),
        ("sigmoid(w*x + b)", "Ctrl+L"),
        ('{"format": "bpstudio.graph", "version": 1}', "no graph"),
        ('{"format": "bpstudio.graph", "version": 99, "graph": {}}', "version"),
        ("{" * 5000, "no graph"),
        ("\ud800", ""),
    ],
)
def test_what_is_no_graph_is_a_sentence(canvas, opened, text, word) -> None:
    said: list[str] = []
    opened.said.connect(said.append)
    before = opened.graph
    put_text(text)
    press(canvas, "V")
    assert opened.graph is before
    assert len(said) == 1
    assert word in said[0]
    assert "\n" not in said[0]


def test_an_empty_clipboard_is_a_sentence(canvas, opened, monkeypatch) -> None:
    said: list[str] = []
    opened.said.connect(said.append)
    QGuiApplication.clipboard().clear()
    press(canvas, "V")
    monkeypatch.setattr(clips.QGuiApplication, "clipboard", lambda: NoData())
    press(canvas, "V")
    assert said == ["There is no text to paste."] * 2


class NoData:
    """A clipboard as the system hands it out while another program is writing to it."""

    def mimeData(self) -> None:
        return None


def test_a_named_formula_becomes_gates_beside(canvas, opened) -> None:
    before = len(opened.graph.nodes)
    put_text("g = tanh(x) + 1\n")
    press(canvas, "V")
    assert len(opened.graph.nodes) > before
    assert any(n.gate == "tanh" for n in opened.graph.nodes.values())
    opened.undo_stack.undo()
    assert len(opened.graph.nodes) == before


def test_very_many_gates_are_asked_about_first(canvas, opened, monkeypatch) -> None:
    many = Graph(Node(f"n{i}", "exp", (i % 100 * 80.0, i // 100 * 60.0)) for i in range(6000))
    put_text(clips_of.text_of(many))
    asked: list[str] = []
    monkeypatch.setattr(ask, "about_many", lambda _, words: asked.append(words))
    before = opened.graph
    press(canvas, "V")
    assert opened.graph is before
    assert "6,000" in asked[0]
    monkeypatch.setattr(ask, "about_many", lambda *_: True)
    press(canvas, "V")
    assert len(opened.graph.nodes) == len(before.nodes) + 6000


def test_the_window_lives_while_very_many_gates_are_made_ready(canvas, monkeypatch) -> None:
    from threading import current_thread, main_thread

    many = Graph(Node(f"n{i}", "exp", (i % 100 * 80.0, i // 100 * 60.0)) for i in range(6000))
    put_text(clips_of.text_of(many))
    monkeypatch.setattr(ask, "about_many", lambda *_: True)
    where = []
    real = edits.paste
    monkeypatch.setattr(
        edits, "paste", lambda *a, **k: (where.append(current_thread()), real(*a, **k))[1]
    )
    press(canvas, "V")
    assert where
    assert main_thread() not in where


def test_no_more_gates_than_a_file_can_hold(canvas, opened, monkeypatch) -> None:
    monkeypatch.setattr("bpstudio.files.records.MOST_GATES", 7)
    opened.select(opened.graph.nodes)
    press(canvas, "C")
    before, said = opened.graph, []
    opened.said.connect(said.append)
    press(canvas, "V")
    assert opened.graph is before
    assert "at most 7" in said[0]


def test_a_renamed_own_gate_is_said(canvas, opened) -> None:
    kind = Kind("k1", "swish", "u * sigmoid(u)")
    opened.do(edits.define_kind(opened.graph, "swish", "u * tanh(u)"))
    put_text(clips_of.text_of(Graph([Node("a", "k1")], kinds=[kind])))
    said: list[str] = []
    opened.said.connect(said.append)
    press(canvas, "V")
    assert "swish 2" in said[-1]


def test_wires_alone_are_not_copied(window, canvas, opened) -> None:
    opened.select([next(iter(opened.graph.wires))])
    put_text("mine")
    press(canvas, "C")
    assert QGuiApplication.clipboard().text() == "mine"
    assert "Select gates" in window.notice.text()


def test_the_canvas_menu_pastes_where_it_was_opened(canvas, opened) -> None:
    opened.select(["x"])
    press(canvas, "C")
    menu = canvas.menu_at(QPoint(90, 90))
    next(action for action in menu.actions() if action.text() == "Paste").trigger()
    (key,) = opened.selection
    assert canvas.camera.to_screen(opened.graph.nodes[key].at) == pytest.approx((90, 90), abs=12)
    menu.deleteLater()


def test_text_fields_keep_their_own_keys(window, canvas, opened) -> None:
    opened.select(["x"])
    field = window.formula_bar.field
    field.setFocus()
    field.setText("abc")
    field.selectAll()
    before = opened.graph
    press(field, "C")
    assert QGuiApplication.clipboard().text() == "abc"
    press(field, "X")
    assert field.text() == ""
    press(field, "V")
    assert field.text() == "abc"
    assert opened.graph is before


def test_a_gesture_under_way_is_dropped_by_a_paste(canvas, opened) -> None:
    opened.select(["x"])
    press(canvas, "C")
    canvas.start_wire()
    assert canvas.tools.busy
    press(canvas, "V")
    assert not canvas.tools.busy


def test_the_four_are_in_the_menu_with_their_keys() -> None:
    keys = {a.id: a.shortcut for a in ACTIONS if a.menu == "edit"}
    assert [keys[k] for k in ("copy", "cut", "paste", "duplicate")] == [
        "Ctrl+C",
        "Ctrl+X",
        "Ctrl+V",
        "Ctrl+D",
    ]


def test_cutting_a_frame_takes_what_stands_in_it_along_and_back(window, opened) -> None:
    opened.do(edits.frame_round(opened.graph, ["x", "y"], "inputs"))
    before = opened.graph
    opened.select(["frame1"])
    clips.cut(window.canvas)
    assert set(opened.graph.nodes) == set(before.nodes) - {"x", "y"}
    assert not opened.graph.notes
    clips.paste(window.canvas, (0.0, 900.0))
    (frame,) = opened.graph.notes.values()
    assert frame.text == "inputs"
    assert len(standing_in(opened.graph, frame.id)) == 2
