import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLineEdit, QStyleOptionViewItem

from bpstudio.core import edits
from bpstudio.ui.panels.outline import Outline
from bpstudio.ui.panels.outlinerows import GRADIENT, NAME, VALUE, Rows


@pytest.fixture
def outline(window, opened) -> Outline:
    outline = window.workbench.panels["outline"]
    window.activateWindow()
    outline._refresh()
    return outline


def cell(outline: Outline, node: str, column: int, role=Qt.ItemDataRole.DisplayRole) -> str:
    return outline.rows.index(outline.rows.row[node], column).data(role)


def test_lists_the_nodes_in_the_order_they_are_computed(outline, opened) -> None:
    assert outline.rows.ids == opened.trace.plan.nodes


def test_a_row_says_everything_to_a_screen_reader(outline) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert cell(outline, "f", NAME, role) == "f: Multiply, inputs add1 and z, value −12, gradient 1"
    assert cell(outline, "x", NAME, role) == "x: Input, feeds add1, value −2, gradient −4"


def test_shows_no_number_before_its_step(outline, opened) -> None:
    opened.go(0)
    assert cell(outline, "x", VALUE) == "−2"
    assert cell(outline, "f", VALUE) == ""
    assert cell(outline, "f", GRADIENT) == ""


def test_selects_both_ways(outline, opened) -> None:
    opened.select(["x", "z"])
    assert sorted(outline.chosen_ids()) == ["x", "z"]
    outline.setCurrentIndex(outline.rows.index(outline.rows.row["f"], NAME))
    assert opened.selection == {"f"}


def test_enter_edits_a_value(outline, opened, qtbot) -> None:
    outline.setCurrentIndex(outline.rows.index(outline.rows.row["x"], NAME))
    outline.setFocus()
    qtbot.keyClick(outline, Qt.Key.Key_Return)
    editor = outline.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "6")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.graph.nodes["x"].params["value"] == 6.0)


def test_f2_renames(outline, opened, qtbot) -> None:
    outline.setCurrentIndex(outline.rows.index(outline.rows.row["x"], NAME))
    outline.setFocus()
    qtbot.keyClick(outline, Qt.Key.Key_F2)
    editor = outline.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "speed")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.graph.nodes["x"].label == "speed")


def test_delete_deletes_and_stays_in_the_list(outline, opened, qtbot) -> None:
    outline.setCurrentIndex(outline.rows.index(outline.rows.row["y"], NAME))
    outline.setFocus()
    qtbot.keyClick(outline, Qt.Key.Key_Delete)
    assert "y" not in opened.graph.nodes
    assert QApplication.focusWidget() is outline
    assert outline.currentIndex().isValid()


def test_a_bad_value_is_refused_in_words(outline, opened) -> None:
    said: list[str] = []
    opened.said.connect(said.append)
    before = opened.graph
    assert not outline.rows.setData(outline.rows.index(outline.rows.row["x"], VALUE), "many")
    assert opened.graph is before
    assert said == ["“many” is not a number."]


def test_follows_births_and_deaths(outline, opened, qtbot) -> None:
    opened.do(edits.add_node(opened.graph, "exp", (0.0, 200.0)))
    qtbot.waitUntil(lambda: "exp1" in outline.rows.row)
    opened.undo_stack.undo()
    qtbot.waitUntil(lambda: "exp1" not in outline.rows.row)


def test_ten_thousand_rows_are_read_only_where_they_are_seen(window, qtbot, monkeypatch) -> None:
    from bpstudio.core.graph import Graph, Node

    nodes = [Node(f"x{n}", "input", (0.0, 40.0 * n), {"value": 1.0}) for n in range(1, 10_001)]
    document = window.session.new()
    document.do(edits.replace_all(document.graph, Graph(nodes), "Many"))
    outline = window.workbench.panels["outline"]
    qtbot.waitUntil(lambda: len(outline.rows.ids) == 10_000)
    calls = []
    number = type(outline.rows)._number
    monkeypatch.setattr(type(outline.rows), "_number", lambda *a: (calls.append(1), number(*a))[1])
    outline.rows.numbers_changed()
    outline.viewport().repaint()
    assert len(calls) < 1_000


def test_a_narrow_column_shows_fewer_digits_and_never_hides_an_exponent(outline, opened) -> None:
    opened.do(edits.set_value(opened.graph, "z", -5.3721e-5))
    index = outline.rows.index(outline.rows.row["z"], VALUE)
    assert cell(outline, "z", VALUE) == "−5.372e−5"
    assert list(outline.rows.shorter(index)) == ["−5.37e−5", "−5.4e−5", "−5e−5"]
    drawn: list[str] = []

    class Pen(QPainter):
        def drawText(self, *args):
            drawn.append(args[-1])

    picture = QPixmap(200, 30)
    for width in (120, 75):
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, width, 24)
        option.widget = outline
        pen = Pen(picture)
        outline.itemDelegateForColumn(VALUE).paint(pen, option, index)
        pen.end()
    assert drawn[0] == "−5.372e−5"
    assert drawn[1] in ("−5.37e−5", "−5.4e−5", "−5e−5")


def test_all_of_a_large_graph_is_selected_without_asking_every_row(window, qtbot, monkeypatch):
    from bpstudio.core.graph import Graph, Node

    asked = []
    real = Rows.flags
    monkeypatch.setattr(Rows, "flags", lambda self, index: asked.append(1) or real(self, index))
    document = window.session.new()
    many = Graph([Node(f"n{k}", "input", (0.0, 40.0 * k)) for k in range(3000)])
    document.do(edits.replace_all(document.committed, many, "Build"))
    outline = window.workbench.panels["outline"]
    outline._refresh()
    outline.grab()  # laid out
    asked.clear()
    document.select(many.nodes)
    outline.grab()
    assert len(asked) < 300
    assert len(outline.chosen_ids()) == 3000


def test_rows_that_are_no_neighbours_are_marked(outline, opened) -> None:
    chosen = [outline.rows.ids[k] for k in (0, 1, 3)]
    opened.select(chosen)
    assert outline.chosen_ids() == chosen


def test_a_row_says_in_which_frames_its_node_stands(outline, opened) -> None:
    opened.do(edits.frame_round(opened.graph, ["x", "y"], "inputs"))
    assert "in the frame inputs" in cell(outline, "x", NAME, Qt.ItemDataRole.AccessibleTextRole)
    assert cell(outline, "x", NAME, Qt.ItemDataRole.ToolTipRole) == "in the frame inputs"
    assert cell(outline, "f", NAME, Qt.ItemDataRole.ToolTipRole) is None
