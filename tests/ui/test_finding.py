"""Ctrl+F: typing shows the hit on the canvas, Enter takes it, Esc goes back, F3 goes on."""

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bpstudio.core import edits
from bpstudio.core.find import Hit
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.ui.finding import row_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def big(window):
    """A long row of gates, with a NaN far to the right and a note, looked at from close by."""
    nodes = [Node("x", "input", (0.0, 0.0), {"value": -1.0}, "x")]
    nodes += [Node(f"e{i}", "tanh", (200.0 * i, 0.0)) for i in range(1, 300)]
    nodes.append(Node("bad", "log", (70_000.0, 400.0)))
    wires = [Wire("w1", "x", "e1", "x"), Wire("wb", "x", "bad", "x")]
    wires += [Wire(f"w{i}", f"e{i - 1}", f"e{i}", "x") for i in range(2, 300)]
    graph = Graph(nodes, wires)
    document = window.session.new()
    document.do(edits.replace_all(document.committed, graph, "Build"))
    document.do(edits.add_note(document.committed, (5000.0, 900.0), "the exam is here"))
    window.activateWindow()
    window.canvas.setFocus()
    window.canvas.zoom_actual()
    return document


def find(window, text: str) -> None:
    QTest.keyClick(window.canvas, Qt.Key.Key_F, CTRL)
    assert window.chooser.field.hasFocus()
    window.chooser.field.clear()
    QTest.keyClicks(window.chooser.field, text)


def is_seen(canvas, key: str) -> bool:
    left, top, right, bottom = canvas.camera.rect_to_screen(canvas.view.bounds({key}))
    return left >= 0 and top >= 0 and right <= canvas.width() and bottom <= canvas.height()


def test_where_is_the_nan(window, big) -> None:
    find(window, "nan")
    assert window.chooser.offered() == ["bad"]
    assert is_seen(window.canvas, "bad")
    assert window.canvas.view.chosen == {"bad"}
    assert big.selection == frozenset()
    QTest.keyClick(window.chooser.field, Qt.Key.Key_Return)
    assert big.selection == {"bad"}
    assert is_seen(window.canvas, "bad")
    assert window.canvas.hasFocus()


def test_what_a_row_tells_is_in_words(window, big) -> None:
    hit = Hit("x", "node", 1, "gradient", math.nan)
    assert row_of(big.committed, big.trace, hit).aside == "gradient NaN · value −1"


def test_a_hit_is_shown_below_the_list(window, big) -> None:
    find(window, "e150")
    chooser, canvas = window.chooser, window.canvas
    below = canvas.mapFromGlobal(chooser.mapToGlobal(chooser.rect().bottomLeft())).y()
    assert canvas.camera.rect_to_screen(canvas.view.bounds({"e150"}))[1] >= below


def test_esc_goes_back_to_where_one_was(window, big) -> None:
    big.select(["x"])
    spot = window.canvas.spot
    find(window, "bad")
    assert window.canvas.spot != spot
    QTest.keyClick(window.chooser.field, Qt.Key.Key_Escape)
    assert window.canvas.spot == spot
    assert big.selection == {"x"}
    assert window.canvas.view.chosen == {"x"}


def test_rows_say_why_and_how_much(window, big) -> None:
    find(window, "=-1")
    row = window.chooser.list.item(0)
    assert row.data(Qt.ItemDataRole.UserRole) == "x"
    assert "value −1" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    window.chooser.close_quietly()
    find(window, "x")
    assert "Input" in window.chooser.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_arrows_walk_the_hits_on_the_canvas(window, big) -> None:
    find(window, "e29")
    for _ in range(3):
        QTest.keyClick(window.chooser.field, Qt.Key.Key_Down)
    (marked,) = window.canvas.view.chosen
    assert marked == window.chooser.offered()[3]
    assert is_seen(window.canvas, marked)


def test_notes_are_found(window, big) -> None:
    find(window, "exam")
    (note,) = big.graph.notes
    QTest.keyClick(window.chooser.field, Qt.Key.Key_Return)
    assert big.selection == {note}
    assert is_seen(window.canvas, note)


def test_f3_goes_on_and_shift_f3_back_round_the_end(window, big) -> None:
    find(window, "e10")
    hits = window.chooser.offered()
    QTest.keyClick(window.chooser.field, Qt.Key.Key_Return)
    seen = []
    for _ in hits:
        QTest.keyClick(window.canvas, Qt.Key.Key_F3)
        seen.append(*big.selection)
    assert seen == [*hits[1:], hits[0]]
    QTest.keyClick(window.canvas, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert big.selection == {hits[-1]}
    assert f"{len(hits)} of {len(hits)}" in window.notice.text()


def test_f3_without_a_search_asks_for_one(window, big) -> None:
    QTest.keyClick(window.canvas, Qt.Key.Key_F3)
    assert window.chooser.is_open


def test_nothing_found_is_said_and_nothing_stays_marked(window, big) -> None:
    find(window, "e150")
    window.chooser.field.setText("xyzzy")
    assert window.chooser.offered() == []
    assert window.chooser.nothing.isVisible()
    assert window.canvas.view.chosen == frozenset()
    QTest.keyClick(window.chooser.field, Qt.Key.Key_Escape)
    QTest.keyClick(window.canvas, Qt.Key.Key_F3)
    assert "xyzzy" in window.notice.text()


def test_many_hits_are_cut_and_counted(window, big) -> None:
    find(window, "tanh")
    assert len(window.chooser.offered()) == 201
    assert window.chooser.list.item(200).text().startswith("99 more")


def test_a_far_view_is_made_readable(window, big) -> None:
    window.canvas.zoom_fit()
    find(window, "e150")
    assert window.canvas.camera.scale == 1.0
    assert is_seen(window.canvas, "e150")
    QTest.keyClick(window.chooser.field, Qt.Key.Key_Escape)
    assert window.canvas.is_fitted


def test_taking_a_hit_in_a_collapsed_group_opens_it(window, big) -> None:
    inner = edits.group(big.graph, ["e5", "e6"], "inner")
    big.do(inner)
    (key,) = edits.born(inner, type(next(iter(big.graph.groups.values()))))
    outer = edits.group(big.graph, [key, "e7"], "outer")
    big.do(outer)
    for group in big.graph.groups:
        big.do(edits.set_collapsed(big.graph, group))
    shut, count = big.graph, big.undo_stack.count()
    find(window, "e5")
    assert "in outer" in window.chooser.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert big.graph is shut
    QTest.keyClick(window.chooser.field, Qt.Key.Key_Return)
    assert not any(group.collapsed for group in big.graph.groups.values())
    assert big.selection == {"e5"}
    assert big.undo_stack.count() == count + 1
