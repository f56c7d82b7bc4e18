"""The canvas under real mouse, key and drag events, offscreen; the Document tells what happened."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from bpstudio.core import edits
from bpstudio.core.gates import GATES
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.files.bps import File, View
from bpstudio.ui import theme
from bpstudio.ui.canvas.canvas import GraphCanvas
from bpstudio.ui.canvas.stage import spoken
from bpstudio.ui.canvas.tools import EMPTY, Idle, KeyWiring, Place
from bpstudio.ui.canvas.widget import GATE_MIME
from bpstudio.ui.document import Document
from bpstudio.ui.owngate import OwnGateDialog

NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton


def simple() -> Graph:
    """f = (x + y) * z, with room between."""
    return Graph(
        [
            Node("x", "input", (0, 0), {"value": -2.0}, "x"),
            Node("y", "input", (0, 80), {"value": 5.0}, "y"),
            Node("z", "input", (0, 160), {"value": -4.0}, "z"),
            Node("q", "add", (200, 40), {}, "q"),
            Node("f", "multiply", (400, 80), {}, "f"),
        ],
        [
            Wire("w1", "x", "q", "x"),
            Wire("w2", "y", "q", "y"),
            Wire("w3", "q", "f", "x"),
            Wire("w4", "z", "f", "y"),
        ],
    )


class Person:
    """Someone in front of a canvas: points at things of the graph by name."""

    def __init__(self, qtbot, graph: Graph) -> None:
        self.document = Document(File(graph))
        self.window = QWidget()
        self.canvas = GraphCanvas(self.document)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.window.resize(800, 600)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.canvas.setFocus()
        self.canvas.camera.scale = 1.0
        self.canvas.camera.offset = (150, 200)
        self.heard: list[str] = []
        self.document.said.connect(self.heard.append)

    @property
    def graph(self) -> Graph:
        return self.document.graph

    @property
    def labels(self) -> list[str]:
        stack = self.document.undo_stack
        return [stack.text(n) for n in range(stack.count())]

    @property
    def resting(self) -> bool:
        return isinstance(self.canvas.tools.state, Idle) and self.canvas.overlay == EMPTY

    def at(self, x: float, y: float) -> QPoint:
        sx, sy = self.canvas.camera.to_screen((x, y))
        return QPoint(round(sx), round(sy))

    def node(self, key: str, dx: float = 0.0, dy: float = 0.0) -> QPoint:
        x, y = self.graph.nodes[key].at
        return self.at(x + dx, y + dy)

    def value(self, key: str) -> QPoint:
        return self.at(
            self.canvas.view.box[self.canvas.view.row[key], 2] - 24, self.graph.nodes[key].at[1]
        )

    def out(self, key: str) -> QPoint:
        return self.at(*self.canvas.view.output(key))

    def into(self, key: str, port: str) -> QPoint:
        return self.at(*self.canvas.view.input(key, port))

    def wire(self, key: str, t: int = 2) -> QPoint:
        from bpstudio.ui.canvas.geometry import along

        row = self.canvas.view.wire_row[key]
        return self.at(*along(self.canvas.view.control[row : row + 1], t / 4)[0])

    def move(self, to: QPoint, button=Qt.MouseButton.NoButton, mods=NO) -> None:
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QMouseEvent

        spot = QPointF(to)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            spot,
            QPointF(self.canvas.mapToGlobal(to)),
            Qt.MouseButton.NoButton,
            button,
            mods,
        )
        QApplication.sendEvent(self.canvas, event)

    def press(self, at: QPoint, button=LEFT, mods=NO) -> None:
        QTest.mousePress(self.canvas, button, mods, at)

    def release(self, at: QPoint, button=LEFT, mods=NO) -> None:
        QTest.mouseRelease(self.canvas, button, mods, at)

    def drag(self, start: QPoint, end: QPoint, mods=NO, drop: bool = True, button=LEFT) -> None:
        self.press(start, button, mods)
        for part in (0.1, 0.4, 0.8, 1.0):
            step = start + (end - start) * part
            self.move(step, button, mods)
        if drop:
            self.release(end, button, mods)

    def click(self, at: QPoint, mods=NO) -> None:
        QTest.mouseClick(self.canvas, LEFT, mods, at)

    def double(self, at: QPoint) -> None:
        QTest.mouseDClick(self.canvas, LEFT, NO, at)

    def key(self, key, mods=NO) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.canvas, key, mods)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def undo_all(self) -> None:
        self.document.undo_stack.setIndex(0)


@pytest.fixture
def person(qtbot):
    made = Person(qtbot, simple())
    yield made
    made.canvas.set_document(None)


@pytest.fixture
def fresh(qtbot):
    made = Person(qtbot, Graph())
    yield made
    made.canvas.set_document(None)


def source_of(graph: Graph, node: str, port: str) -> str:
    return graph.wires[graph.into(node)[port]].source


# --- wiring -----------------------------------------------------------------------------------


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
    qtbot.wait(500)
    assert person.canvas.bubble.isVisible()
    qtbot.waitUntil(lambda: not person.canvas.bubble.isVisible(), timeout=3000)


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


# --- selecting and moving ---------------------------------------------------------------------


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


# --- values and names -------------------------------------------------------------------------


def test_scrubbing_a_value_updates_the_result_and_is_one_command(person):
    start = person.value("x")
    person.drag(start, start + QPoint(40, 0), drop=False)
    assert person.graph.nodes["x"].params["value"] == -1.0
    assert person.document.trace.value_of("f") == -16.0
    assert person.document.committed == simple()
    assert person.labels == []
    person.release(start + QPoint(40, 0))
    assert person.labels == ["Set x to −1"]
    assert person.document.committed.nodes["x"].params["value"] == -1.0
    person.document.undo_stack.undo()
    assert person.graph == simple()


def test_escape_drops_a_scrub_and_its_numbers(person):
    start = person.value("x")
    person.drag(start, start + QPoint(40, 0), drop=False)
    person.key(Qt.Key.Key_Escape)
    assert person.graph == simple()
    assert person.document.trace.value_of("f") == -12.0
    assert person.labels == []


def test_values_are_typed_in_place_and_tab_goes_on(person):
    person.click(person.value("x"))
    field = person.canvas.editing.field
    assert field.is_open
    assert field.text() == "−2"
    person.type("7")
    person.key(Qt.Key.Key_Tab)
    assert person.graph.nodes["x"].params["value"] == 7.0
    assert field.item == "y"
    person.type("1e-3")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["y"].params["value"] == 0.001
    assert not field.is_open
    assert person.canvas.hasFocus()
    assert person.labels == ["Set x to 7", "Set y to 0.001"]


def test_a_bad_value_is_refused_in_words_and_the_field_stays(person):
    person.click(person.value("x"))
    person.type("two")
    person.key(Qt.Key.Key_Return)
    field = person.canvas.editing.field
    assert field.is_open
    assert person.canvas.bubble.text() == "“two” is not a number; type one like −2.5 or 1e-3."
    person.key(Qt.Key.Key_Escape)
    assert not field.is_open
    assert not person.canvas.bubble.isVisible()
    assert person.graph == simple()


def test_enter_edits_the_value_of_the_selected_input_and_f2_its_name(person):
    person.document.select(["z"])
    person.key(Qt.Key.Key_Return)
    person.type("9")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["z"].params["value"] == 9.0
    person.key(Qt.Key.Key_F2)
    person.type("gain")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["z"].label == "gain"
    assert person.labels[-1] == "Rename z to gain"


def dialog_of(person):
    """The own gate's dialog that is open; None for none."""
    found = person.canvas.window().findChildren(OwnGateDialog)
    return next((one for one in found if one.isVisible()), None)


@pytest.fixture
def own(qtbot):
    graph = Graph().apply(edits.define_kind(Graph(), "swish", "x * sigmoid(x)"))
    graph = graph.apply(edits.build(graph, "f = swish(u) + leaky_relu(u)"))
    made = Person(qtbot, graph)
    yield made
    made.canvas.set_document(None)


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("how", ["double-click", "Enter"])
def test_an_own_gate_shows_its_formula_to_change_it(own, how):
    key = next(k for k, node in own.graph.nodes.items() if node.gate in own.graph.kinds)
    if how == "Enter":
        own.document.select((key,))
        own.key(Qt.Key.Key_Return)
    else:
        own.double(own.node(key))
    dialog = dialog_of(own)
    assert dialog is not None
    assert dialog.formula.text() == "x * sigmoid(x)"
    dialog.reject()
    assert own.labels == []
    assert own.resting
    own.document.select((key,))
    own.key(Qt.Key.Key_F2)
    assert dialog_of(own) is None
    assert own.canvas.editing.field.is_open
    own.canvas.editing.field.leave()


def test_a_double_click_on_a_gate_with_a_parameter_types_it_and_on_another_renames(own):
    leaky = next(k for k, node in own.graph.nodes.items() if node.gate == "leaky_relu")
    own.double(own.node(leaky))
    assert own.canvas.editing.field.text() == "0.01"
    own.canvas.editing.field.leave()
    own.double(own.node("f"))
    assert own.canvas.editing.field.text() == "f"
    own.canvas.editing.field.leave()
    assert own.labels == []


def test_a_double_click_on_a_name_renames(person):
    person.double(person.node("x", -34))
    assert person.canvas.editing.field.item == "x"
    person.type("x0")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["x"].label == "x0"


def test_the_field_leaves_with_the_gate_it_edits(person):
    person.click(person.value("x"))
    person.document.do(edits.delete(person.graph, ["x"]))
    assert not person.canvas.editing.field.is_open


def test_the_field_goes_with_the_paper(person):
    person.click(person.value("x"))
    before = person.canvas.editing.field.geometry()
    person.canvas.pan(40, 30)
    after = person.canvas.editing.field.geometry()
    assert after.topLeft() - before.topLeft() == QPoint(40, 30)


# --- adding -----------------------------------------------------------------------------------


def gate_mime(key: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(GATE_MIME, key.encode())
    return mime


def test_a_gate_dragged_from_the_palette_shows_a_ghost_and_lands(person):
    mime = gate_mime("exp")
    spot, copy = person.at(300, 301), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(spot, copy, mime, LEFT, NO)
    QApplication.sendEvent(person.canvas, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(person.canvas, QDragMoveEvent(spot, copy, mime, LEFT, NO))
    assert person.canvas.overlay.ghost == ("exp", (304.0, 304.0))
    drop = QDropEvent(QPointF(spot), copy, mime, LEFT, NO)
    QApplication.sendEvent(person.canvas, drop)
    assert person.graph.nodes["exp1"].at == (304.0, 304.0)
    assert person.document.selection == {"exp1"}
    assert person.labels == ["Add exp1"]
    assert person.resting


def test_a_gate_dropped_on_a_wire_is_spliced_in(person):
    mime, copy = gate_mime("exp"), Qt.DropAction.CopyAction
    spot = person.wire("w3", 1)
    QApplication.sendEvent(person.canvas, QDragEnterEvent(spot, copy, mime, LEFT, NO))
    QApplication.sendEvent(person.canvas, QDragMoveEvent(spot, copy, mime, LEFT, NO))
    assert person.canvas.overlay.splice == "w3"
    QApplication.sendEvent(person.canvas, QDropEvent(QPointF(spot), copy, mime, LEFT, NO))
    assert source_of(person.graph, "exp1", "x") == "q"
    assert source_of(person.graph, "f", "x") == "exp1"
    assert len(person.labels) == 1
    person.undo_all()
    assert person.graph == simple()


def test_a_drag_that_leaves_drops_its_ghost(person):
    mime, copy = gate_mime("exp"), Qt.DropAction.CopyAction
    spot = person.at(300, 300)
    QApplication.sendEvent(person.canvas, QDragEnterEvent(spot, copy, mime, LEFT, NO))
    QApplication.sendEvent(person.canvas, QDragMoveEvent(spot, copy, mime, LEFT, NO))
    QApplication.sendEvent(person.canvas, QDragLeaveEvent())
    assert person.resting
    assert person.labels == []


@pytest.mark.parametrize(
    ("kind", "data"), [(GATE_MIME, b"no_such_gate"), (GATE_MIME, b"\xff"), ("text/plain", b"exp")]
)
def test_what_is_no_gate_is_not_accepted(person, kind, data):
    mime = QMimeData()
    mime.setData(kind, data)
    enter = QDragEnterEvent(person.at(300, 300), Qt.DropAction.CopyAction, mime, LEFT, NO)
    QApplication.sendEvent(person.canvas, enter)
    assert not enter.isAccepted()


def test_click_then_place(person):
    told = []
    person.canvas.placing.connect(told.append)
    person.canvas.place("tanh")
    assert isinstance(person.canvas.tools.state, Place)
    person.move(person.at(300, 300))
    assert person.canvas.overlay.ghost == ("tanh", (304.0, 304.0))
    person.click(person.at(300, 300), SHIFT)
    person.click(person.at(400, 300))
    assert [n.at for n in person.graph.nodes.values() if n.gate == "tanh"] == [
        (304.0, 304.0),
        (400.0, 304.0),
    ]
    assert person.resting
    assert told == ["tanh", ""]


def test_add_at_centre_covers_no_gate(person):
    person.canvas.zoom_fit()
    for _ in range(6):
        person.canvas.add_at_centre("add")
    boxes = person.canvas.view.box
    for i in range(len(boxes)):
        for j in range(i):
            apart = (
                boxes[i, 0] >= boxes[j, 2]
                or boxes[j, 0] >= boxes[i, 2]
                or boxes[i, 1] >= boxes[j, 3]
                or boxes[j, 1] >= boxes[i, 3]
            )
            assert apart


def test_a_double_click_space_or_a_letter_asks_for_a_gate(person):
    spot = person.at(300, 300)
    person.double(spot)
    assert person.canvas.quick.is_open
    person.key(Qt.Key.Key_Escape)
    person.move(spot)
    person.key(Qt.Key.Key_Space)
    assert person.canvas.quick.is_open
    person.key(Qt.Key.Key_Escape)
    person.key(Qt.Key.Key_E)
    assert person.canvas.quick.field.text() == "e"
    person.type("xp")
    person.key(Qt.Key.Key_Return)
    assert person.graph.nodes["exp1"].at == (304.0, 304.0)


def test_a_number_typed_where_a_gate_is_asked_for_becomes_a_constant_or_is_wired_in(person):
    person.double(person.at(300, 300))
    person.type("2.5")
    person.key(Qt.Key.Key_Return)
    (made,) = person.document.selection
    assert person.graph.nodes[made].gate == "constant"
    assert person.graph.nodes[made].params["value"] == 2.5
    person.document.do(edits.disconnect(person.graph, ["w2"]))
    person.drag(person.into("q", "y"), person.at(60, 330))
    assert person.canvas.quick.is_open
    person.type("-4")
    person.key(Qt.Key.Key_Return)
    source = person.graph.nodes[source_of(person.graph, "q", "y")]
    assert (source.gate, source.params["value"]) == ("constant", -4.0)


def test_the_perceptron_of_the_first_lesson_can_be_built_by_hand(fresh):
    places = {"x": (0, 0), "y": (0, 80), "z": (0, 160)}
    for key, at in places.items():
        fresh.canvas.place("input")
        fresh.click(fresh.at(*at))
        assert fresh.graph.nodes[key].label == key
    for gate, at in (("add", (200, 40)), ("multiply", (400, 80))):
        fresh.canvas.place(gate)
        fresh.click(fresh.at(*at))
    fresh.drag(fresh.out("x"), fresh.into("add1", "x"))
    fresh.drag(fresh.out("y"), fresh.into("add1", "y"))
    fresh.drag(fresh.out("add1"), fresh.into("multiply1", "x"))
    fresh.drag(fresh.out("z"), fresh.into("multiply1", "y"))
    fresh.click(fresh.value("x"))
    for number in ("-2", "5"):
        fresh.type(number)
        fresh.key(Qt.Key.Key_Tab)
    fresh.type("-4")
    fresh.key(Qt.Key.Key_Return)
    trace = fresh.document.trace
    assert trace.value_of("multiply1") == -12.0
    assert [trace.grad_of(key) for key in "xyz"] == [-4.0, -4.0, 3.0]
    built = fresh.graph
    fresh.undo_all()
    assert fresh.graph == Graph()
    fresh.document.undo_stack.setIndex(fresh.document.undo_stack.count())
    assert fresh.graph == built


# --- menu -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (
            "q",
            [
                "Rename …",
                "Draw a wire from q",
                "Cut",
                "Copy",
                "Duplicate",
                "Take the wires off",
                "Delete",
                "Delete and join wires",
                "Group these",
                "Expand into simpler gates",
                "Fuse into one gate",
                "Zoom to the selection",
            ],
        ),
        (
            "x",
            [
                "Edit the value …",
                "Rename …",
                "Draw a wire from x",
                "Cut",
                "Copy",
                "Duplicate",
                "Take the wires off",
                "Delete",
                "Group these",
                "Expand into simpler gates",
                "Fuse into one gate",
                "Zoom to the selection",
            ],
        ),
        (
            "w4",
            [
                "Put a gate into this wire …",
                "Take this wire off",
                "Lead it through a dot here",
            ],
        ),
        ("", ["Add a gate …", "Add a note", "Paste", "Select all", "Zoom to fit"]),
    ],
)
def test_a_right_click_offers_what_can_be_done_there(person, where, words):
    spot = person.at(300, 300)
    if where in person.graph.nodes:
        spot = person.node(where, -10)
    elif where:
        spot = person.wire(where)
    menu = person.canvas.menu_at(spot)
    assert [a.text() for a in menu.actions() if not a.isSeparator()] == words
    assert person.document.selection == (frozenset({where}) if where else frozenset())


def test_the_menus_entries_do_what_they_say(person):
    menu = person.canvas.menu_at(person.node("q"))
    (entry,) = [a for a in menu.actions() if a.text() == "Take the wires off"]
    entry.trigger()
    assert set(person.graph.wires) == {"w4"}


# --- moving about -----------------------------------------------------------------------------


def wheel(canvas, at: QPoint, notches: float, mods=NO) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        mods,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_the_wheel_zooms_with_the_point_under_it_staying(person):
    spot = person.node("q")
    wheel(person.canvas, spot, 3)
    assert person.canvas.camera.scale == pytest.approx(1.728)
    assert (person.node("q") - spot).manhattanLength() <= 1
    wheel(person.canvas, spot, -100)
    wheel(person.canvas, spot, -100)
    assert person.canvas.camera.scale == 0.1
    for _ in range(9):
        wheel(person.canvas, spot, 100)
    assert person.canvas.camera.scale == 8.0


def test_two_fingers_pan(person):
    before = person.canvas.camera.offset
    event = QWheelEvent(
        QPointF(10, 10),
        QPointF(10, 10),
        QPoint(7, -5),
        QPoint(14, -10),
        Qt.MouseButton.NoButton,
        NO,
        Qt.ScrollPhase.ScrollUpdate,
        False,
    )
    QApplication.sendEvent(person.canvas, event)
    assert person.canvas.camera.offset == (before[0] + 7, before[1] - 5)


def test_the_middle_button_drags_the_paper(person):
    before = person.canvas.camera.offset
    person.drag(person.at(300, 300), person.at(340, 320), button=MIDDLE)
    assert person.canvas.camera.offset == (before[0] + 40, before[1] + 20)
    assert person.labels == []


def test_zoom_commands(person):
    person.canvas.zoom_in()
    assert person.canvas.camera.scale == 1.25
    person.canvas.zoom_out()
    assert person.canvas.camera.scale == 1.0
    person.canvas.zoom_fit()
    left, top, right, bottom = person.canvas.camera.rect_to_screen(person.canvas.view.bounds())
    assert 0 <= left < right <= person.canvas.width()
    assert 0 <= top < bottom <= person.canvas.height()
    person.canvas.zoom_actual()
    assert person.canvas.camera.scale == 1.0


def test_a_document_opens_where_it_was_left(qtbot):
    document = Document(File(simple(), view=View(0.5, (100.0, 50.0))))
    canvas = GraphCanvas(document)
    canvas.resize(640, 480)
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    assert canvas.file_view() == View(0.5, (100.0, 50.0))
    canvas.set_document(None)


def test_far_places_zero_sizes_and_the_largest_zoom_are_safe(qtbot):
    graph = Graph([Node("a", "add", (1e7, -1e7)), Node("b", "input", (-1e7, 1e7))])
    person = Person(qtbot, graph)
    canvas = person.canvas
    for size in ((0, 0), (1, 1), (1, 300), (300, 200)):
        canvas.resize(*size)
        for command in (canvas.zoom_fit, canvas.zoom_in, canvas.zoom_out, canvas.zoom_actual):
            command()
            canvas.grab()
    canvas.fit((1e7 - 10, -1e7 - 10, 1e7 + 10, -1e7 + 10))
    for _ in range(20):
        canvas.zoom_in()
    assert canvas.camera.scale == 8.0
    canvas.grab()
    canvas.pan(1e300, float("nan"))
    canvas.pan(1e12, -1e12)
    canvas.pan(1e12, -1e12)
    canvas.grab()
    for item in ("a", "b"):
        canvas.reveal(item)
        canvas.editing.value(item)
        canvas.editing.field.leave()
    canvas.set_document(None)


# --- words ------------------------------------------------------------------------------------


def test_hovering_a_wire_tells_every_digit_and_the_product(person, qtbot):
    person.document.do(edits.set_value(person.graph, "x", 1 / 3))
    person.move(person.wire("w4"))
    qtbot.waitUntil(person.canvas.bubble.isVisible, timeout=2000)
    assert person.canvas.bubble.text() == (
        "z → f.y\nvalue −4\ngradient = local × upstream = 5.333333333333333 × 1 = 5.333333333333333"
    )
    person.move(person.at(300, 300))
    assert not person.canvas.bubble.isVisible()


def test_hovering_does_not_tell_what_a_step_has_not_computed(person, qtbot):
    person.document.go(0)
    person.move(person.wire("w3"))
    qtbot.waitUntil(person.canvas.bubble.isVisible, timeout=2000)
    assert person.canvas.bubble.text() == "q → f.x"


def test_hovering_a_gate_tells_its_title_and_formula(person, qtbot):
    person.move(person.node("f", 8, 8))
    qtbot.waitUntil(person.canvas.bubble.isVisible, timeout=2000)
    assert person.canvas.bubble.text().splitlines()[0].startswith("f · ")
    assert "value −12" in person.canvas.bubble.text()


def test_a_badge_tells_its_warning(qtbot):
    graph = Graph(
        [Node("x", "input", (0, 0), {"value": -1.0}, "x"), Node("l", "log", (200, 0))],
        [Wire("w1", "x", "l", "x")],
    )
    person = Person(qtbot, graph)
    view = person.canvas.view
    person.move(person.at(*view.badge_at(view.row["l"])))
    qtbot.waitUntil(person.canvas.bubble.isVisible, timeout=2000)
    (warning,) = [w for w in person.document.trace.warnings if w.node == "l"][:1]
    assert warning.sentence in person.canvas.bubble.text()
    person.canvas.set_document(None)


def test_what_happened_is_said(person):
    before = person.graph
    for patch, words in (
        (edits.connect(before, "z", "q", "x3"), "Connected z to q, port x3"),
        (edits.disconnect(before, ["w2"]), "Took the wire from y to q off"),
        (edits.move(before, {"x": (1, 1)}), "Move x"),
    ):
        assert spoken(before, before.apply(patch), patch) == words


def test_the_canvas_has_a_name_and_words_for_a_screen_reader(person):
    assert person.canvas.accessibleName() == "Canvas"
    assert "Tab" in person.canvas.accessibleDescription()


# --- painting ---------------------------------------------------------------------------------


def picture(pixmap: QPixmap) -> np.ndarray:
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return raw[:, : image.width(), :3].astype(int)


def screen(person: Person) -> np.ndarray:
    """The window's backing store, as it stands after partial repaints."""
    QApplication.processEvents()
    return picture(person.window.screen().grabWindow(person.window.winId()))


def test_scrolls_and_dirty_drags_leave_what_a_full_repaint_would(person, qtbot):
    start = screen(person)
    rng = random.Random(3)
    for _ in range(25):
        person.canvas.pan(rng.randint(-40, 40), rng.randint(-30, 30))
        QApplication.processEvents()
    for _ in range(25):
        key = rng.choice(list(person.graph.nodes))
        spot = person.node(key, -20)
        person.drag(spot, spot + QPoint(rng.randint(-60, 60), rng.randint(-60, 60)))
        QApplication.processEvents()
    person.move(person.at(-2000, -2000))
    partial = screen(person)
    person.canvas.repaint()
    whole = screen(person)
    assert not np.array_equal(start, whole)
    assert np.abs(partial - whole).max() <= 2


@pytest.mark.parametrize("gesture", ["band", "drag", "wire"])
def test_what_a_gesture_draws_over_a_kept_picture_equals_a_whole_repaint(person, gesture):
    canvas = person.canvas
    start = {
        "band": person.at(-60, -60),
        "drag": person.node("q", -20),
        "wire": person.out("x"),
    }[gesture]
    rng = random.Random(5)
    person.press(start)
    kept = False
    for n in range(30):
        person.move(start + QPoint(10 * n + rng.randint(-9, 9), 8 * n + rng.randint(-9, 9)), LEFT)
        QApplication.processEvents()
        kept |= canvas._underlay is not None
        if n == 20:
            person.document.go(2)
            canvas._flow.stop()
    assert canvas.tools.busy
    assert kept
    partial = screen(person)
    canvas.update()
    assert canvas._underlay is None
    off = np.abs(partial - screen(person)).max(axis=2)
    assert off.max() <= 2
    person.release(start)
    assert canvas._underlay is None


def test_an_empty_canvas_says_what_to_do_and_the_words_go_when_it_is_not(fresh):
    empty = picture(fresh.canvas.grab())
    assert len(np.unique(empty.reshape(-1, 3), axis=0)) > 5
    fresh.canvas.show_overlay(fresh.canvas.overlay)
    fresh.document.do(edits.add_node(fresh.graph, "input", (2000, 2000)))
    bare = picture(fresh.canvas.grab())
    height, width = bare.shape[:2]
    middle = np.s_[height * 46 // 100 : height * 54 // 100, width * 3 // 8 : width * 5 // 8]
    assert np.abs(empty[middle] - bare[middle]).max() > 20


def test_a_repaint_touches_only_what_a_patch_names(person):
    QApplication.processEvents()
    painted = []
    real = person.canvas._paint
    person.canvas._paint = lambda painter, dirty: (painted.append(dirty), real(painter, dirty))
    person.document.do(edits.move(person.graph, {"x": (0, -40)}))
    QApplication.processEvents()
    assert painted
    assert all(rect.right() < person.node("f").x() for rect in painted)
    del person.canvas._paint


def test_numbers_that_nobody_can_read_are_not_repainted(person):
    canvas = person.canvas
    canvas.zoom_at(0.3 / canvas.camera.scale, (300, 200))
    QApplication.processEvents()
    painted = []
    real = canvas._paint
    canvas._paint = lambda painter, dirty: (painted.append(dirty), real(painter, dirty))
    person.document.preview(edits.set_value(person.graph, "x", 7.0))
    QApplication.processEvents()
    of_the_input = max((r.width() for r in painted), default=0)
    assert of_the_input < canvas.width() / 2
    for step in (0, 1, 4, 2, None):
        person.document.go(step)
        canvas._flow.stop()
        QApplication.processEvents()
        partial = screen(person)
        canvas.repaint()
        assert np.abs(partial - screen(person)).max() <= 2
    del canvas._paint


def test_the_dot_travels_only_while_a_step_is_shown(person):
    assert not person.canvas._flow.isActive()
    person.document.go(1)
    assert person.canvas._flow.isActive()
    person.document.go(None)
    assert not person.canvas._flow.isActive()
    person.canvas.reduced_motion = True
    person.document.go(2)
    assert not person.canvas._flow.isActive()


def test_both_themes_paint(person):
    look = theme.appearance()
    before = look.choice
    pictures = []
    for choice in ("light", "dark"):
        look.choice = choice
        pictures.append(picture(person.canvas.grab()))
    look.choice = before
    assert pictures[0].mean() > 150 > 90 > pictures[1].mean()


# --- the monkey -------------------------------------------------------------------------------

KEYS = (
    Qt.Key.Key_Escape,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Return,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Space,
    Qt.Key.Key_F2,
    Qt.Key.Key_W,
    Qt.Key.Key_M,
    Qt.Key.Key_7,
    Qt.Key.Key_Minus,
)


def monkey_step(person: Person, rng: random.Random) -> None:
    canvas, stack = person.canvas, person.document.undo_stack

    def anywhere() -> QPoint:
        if person.graph.nodes and rng.random() < 0.8:
            key = rng.choice(list(person.graph.nodes))
            row = canvas.view.row[key]
            x, y = (
                rng.choice(
                    [canvas.view.box[row, 0], canvas.view.box[row, 2], canvas.view.at[row, 0]]
                ),
                canvas.view.at[row, 1],
            )
            return person.at(x + rng.randint(-10, 10), y + rng.randint(-12, 12))
        return QPoint(rng.randint(-20, 820), rng.randint(-20, 620))

    mods = rng.choice([NO, NO, NO, SHIFT, CTRL, ALT])
    button = rng.choice([LEFT, LEFT, LEFT, LEFT, MIDDLE, RIGHT])
    what = rng.random()
    if what < 0.25:
        person.drag(anywhere(), anywhere(), mods, drop=rng.random() < 0.9, button=button)
    elif what < 0.35:
        QTest.mouseClick(canvas, button, mods, anywhere())
    elif what < 0.40:
        person.double(anywhere())
    elif what < 0.50:
        person.move(anywhere(), rng.choice([Qt.MouseButton.NoButton, LEFT]))
    elif what < 0.75:
        person.key(rng.choice(KEYS), rng.choice([NO, NO, NO, SHIFT]))
    elif what < 0.80:
        wheel(canvas, anywhere(), rng.choice([-3, -1, 1, 3]), mods)
    elif what < 0.84:
        canvas.place(rng.choice(list(GATES)))
    elif what < 0.88:
        canvas.add_at_centre(rng.choice(list(GATES)))
    elif what < 0.92:
        rng.choice([stack.undo, stack.redo])()
    elif what < 0.94:
        person.release(anywhere(), button)
    elif what < 0.96:
        canvas.resize(rng.choice([0, 1, 300, 800]), rng.choice([0, 1, 200, 600]))
    elif what < 0.98:
        person.document.go(rng.choice([None, 0, 1, 3]))
    else:
        rng.choice([canvas.zoom_fit, canvas.select_all, canvas.start_wire, canvas.quick_add])()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_monkey_breaks_nothing_and_undo_leads_back_to_the_start(qtbot, seed):
    person = Person(qtbot, simple())
    rng = random.Random(seed)
    for n in range(1000):
        monkey_step(person, rng)
        if n % 5 == 0:
            QApplication.processEvents()
        if not person.canvas.hasFocus() and not person.canvas.isAncestorOf(
            QApplication.focusWidget() or person.window
        ):
            person.canvas.setFocus()
        # The graph as shown has always a sound plan, and selection names only what is there.
        assert all(person.graph.get(key) is not None for key in person.document.selection)
    QTest.keyClick(person.canvas, Qt.Key.Key_Escape)
    person.canvas.set_document(None)
    assert person.document.graph == person.document.committed
    built = person.document.committed
    assert len(person.document.trace.plan.nodes) == len(built.nodes)
    assert person.document.undo_stack.count() > 10
    end = person.document.undo_stack.index()
    person.undo_all()
    assert person.document.committed == simple()
    person.document.undo_stack.setIndex(end)
    assert person.document.committed == built
