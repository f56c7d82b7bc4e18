"""The table of samples under keys, paste and its buttons; the document tells what came of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from bpstudio.core import edits
from bpstudio.ui.document import Document
from bpstudio.ui.samples import Samples, show_samples
from bpstudio.ui.sampletable import BadTable, SampleTable, cells_of

CTRL = Qt.KeyboardModifier.ControlModifier

# What the offscreen platform says of every window that is not the first.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def table(window, opened, qtbot) -> Samples:
    """The open table of (x + y) × z, its columns x, y, z."""
    window.canvas.setFocus()
    window.menus.entries["samples"].trigger()
    found = window.findChild(Samples)
    qtbot.waitExposed(found)
    return found


def values(document: Document) -> dict[str, object]:
    return {key: document.committed.nodes[key].params["value"] for key in "xyz"}


def columns(table: Samples) -> list[list[float | None]]:
    return table.table.columns


def paste(table: Samples, text: str, qtbot) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(table.cells, Qt.Key.Key_V, CTRL)


def accept(table: Samples, qtbot) -> None:
    qtbot.keyClick(table, Qt.Key.Key_Return, CTRL)


def test_shows_every_input_as_a_column(table) -> None:
    assert table.table.names == ["x", "y", "z"]
    assert columns(table) == [[-2.0], [5.0], [-4.0]]
    assert table.cells.hasFocus()


def test_samples_are_added_and_typed_by_keyboard_alone(table, opened, qtbot) -> None:
    qtbot.keyClick(table.cells, Qt.Key.Key_Insert)
    assert columns(table) == [[-2.0, -2.0], [5.0, 5.0], [-4.0, -4.0]]
    qtbot.keyClick(table.cells, Qt.Key.Key_7)
    field = table.cells.viewport().findChild(QLineEdit)
    assert field.text() == "7"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: columns(table)[0] == [-2.0, 7.0])
    accept(table, qtbot)
    assert values(opened) == {"x": (-2.0, 7.0), "y": (5.0, 5.0), "z": (-4.0, -4.0)}
    assert opened.undo_stack.count() == 2
    opened.undo_stack.undo()
    assert values(opened) == {"x": -2.0, "y": 5.0, "z": -4.0}


@pytest.mark.parametrize("mark", ["\t", ", ", ";", "，"])
def test_a_spreadsheet_is_pasted(table, opened, qtbot, mark) -> None:
    paste(table, f"1{mark}2{mark}3\r\n4{mark}5{mark}−6\r\n", qtbot)
    accept(table, qtbot)
    assert values(opened) == {"x": (1.0, 4.0), "y": (2.0, 5.0), "z": (3.0, -6.0)}


def test_pasted_names_say_which_column_is_which(table, opened, qtbot) -> None:
    table.cells.go_to(0, 2)
    paste(table, "z\tx\n1\t2\n3\t4\n", qtbot)
    accept(table, qtbot)
    assert values(opened) == {"x": (2.0, 4.0), "y": 5.0, "z": (1.0, 3.0)}


def test_one_line_for_one_input_is_its_samples(table, opened, qtbot) -> None:
    table.cells.go_to(0, 2)
    paste(table, "1, 2, 3, 4", qtbot)
    accept(table, qtbot)
    assert values(opened)["z"] == (1.0, 2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\t2\t3\t4\n1\t2\t3\t4", "The clipboard has 4 columns, but from x on there are 3."),
        ("1\n2\nthree", "“three” in line 3 is not a number."),
    ],
)
def test_a_bad_paste_changes_nothing_and_says_why(table, qtbot, text, words) -> None:
    before = [list(column) for column in columns(table)]
    paste(table, text, qtbot)
    assert columns(table) == before
    assert table.fault.text() == words
    assert table.fault.isVisible()


def test_unequal_columns_are_refused_by_name(table, opened, qtbot) -> None:
    paste(table, "1\t1\n2\t2\n3\t", qtbot)
    accept(table, qtbot)
    assert table.isVisible()
    assert "x has 3 samples and y has 2" in table.fault.text()
    assert values(opened) == {"x": -2.0, "y": 5.0, "z": -4.0}


def test_a_hole_in_a_column_is_named(table, qtbot) -> None:
    paste(table, "1\n2\n3", qtbot)
    table.cells.go_to(1, 0)
    qtbot.keyClick(table.cells, Qt.Key.Key_Delete)
    accept(table, qtbot)
    assert table.fault.text() == "x has no number in sample 2."
    table.cells.go_to(0, 1)
    qtbot.keyClick(table.cells, Qt.Key.Key_Delete)
    table.table.setData(table.table.index(1, 0), "2")
    accept(table, qtbot)
    assert table.fault.text() == "y has no number in its first row."


def test_no_batch_keeps_the_sample_at_hand(table, opened, qtbot) -> None:
    paste(table, "1\n2\n3", qtbot)
    table.cells.go_to(1, 0)
    qtbot.mouseClick(table.buttons["no_batch"], Qt.MouseButton.LeftButton)
    accept(table, qtbot)
    assert values(opened) == {"x": 2.0, "y": 5.0, "z": -4.0}


def test_removing_leaves_one_sample(table, qtbot) -> None:
    paste(table, "1\n2\n3", qtbot)
    table.cells.selectAll()
    qtbot.mouseClick(table.buttons["remove"], Qt.MouseButton.LeftButton)
    assert columns(table) == [[1.0], [5.0], [-4.0]]


def test_cells_are_copied_for_a_spreadsheet(table, qtbot) -> None:
    table.cells.selectAll()
    qtbot.keyClick(table.cells, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "-2\t5\t-4"


def test_what_is_no_number_stays_out_of_a_cell(table) -> None:
    assert not table.table.setData(table.table.index(0, 0), "two")
    assert table.fault.text() == "“two” is not a number."
    assert columns(table)[0] == [-2.0]


def test_cancel_changes_nothing(table, opened, qtbot) -> None:
    paste(table, "1\n2", qtbot)
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert values(opened)["x"] == -2.0


def test_a_graph_without_inputs_is_told_so(window, qtbot) -> None:
    document = window.session.new()
    with qtbot.waitSignal(document.said) as told:
        assert show_samples(window, document) is None
    assert "add an input" in told.args[0]


def test_a_batch_has_an_end(simple) -> None:
    table = SampleTable(simple, lambda _: None)
    with pytest.raises(BadTable, match="at most 100,000 samples"):
        table.paste("\n".join("1" for _ in range(100_001)), 0, 0)
    assert table.rowCount() == 1


def test_a_batch_in_the_graph_fills_its_column(simple) -> None:
    graph = simple.apply(edits.set_value(simple, "y", (1.0, 2.0)))
    table = SampleTable(graph, lambda _: None)
    assert table.columns == [[-2.0, None], [1.0, 2.0], [-4.0, None]]
    assert dict(table.columns_read()) == {"x": -2.0, "y": [1.0, 2.0], "z": -4.0}


def test_cells_are_parted_by_what_parts_them() -> None:
    assert cells_of("1\t2,5\n") == [["1", "2,5"]]
    assert cells_of("1; 2") == [["1", "2"]]
    assert cells_of("1") == [["1"]]
