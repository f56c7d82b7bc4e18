"""The canvas under real mouse, key and drag events, offscreen: gates that are added."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.ui.canvas.tools import Place
from bpstudio.ui.canvas.widget import GATE_MIME
from tests.ui import drops
from tests.ui.canvas.person import SHIFT, source_of
from tests.ui.graphs import simple


def gate_mime(key: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(GATE_MIME, key.encode())
    return mime


def test_a_gate_dragged_from_the_palette_shows_a_ghost_and_lands(person):
    mime, spot = gate_mime("exp"), person.at(300, 301)
    assert drops.enter(person.canvas, spot, mime)
    drops.move(person.canvas, spot, mime)
    assert person.canvas.overlay.ghost == ("exp", (304.0, 304.0))
    drops.drop(person.canvas, spot, mime)
    assert person.graph.nodes["exp1"].at == (304.0, 304.0)
    assert person.document.selection == {"exp1"}
    assert person.labels == ["Add exp1"]
    assert person.resting


def test_a_gate_dropped_on_a_wire_is_spliced_in(person):
    mime = gate_mime("exp")
    spot = person.wire("w3", 1)
    drops.enter(person.canvas, spot, mime)
    drops.move(person.canvas, spot, mime)
    assert person.canvas.overlay.splice == "w3"
    drops.drop(person.canvas, spot, mime)
    assert source_of(person.graph, "exp1", "x") == "q"
    assert source_of(person.graph, "f", "x") == "exp1"
    assert len(person.labels) == 1
    person.undo_all()
    assert person.graph == simple()


def test_a_drag_that_leaves_drops_its_ghost(person):
    mime = gate_mime("exp")
    spot = person.at(300, 300)
    drops.enter(person.canvas, spot, mime)
    drops.move(person.canvas, spot, mime)
    drops.leave(person.canvas)
    assert person.resting
    assert person.labels == []


@pytest.mark.parametrize(
    ("kind", "data"), [(GATE_MIME, b"no_such_gate"), (GATE_MIME, b"\xff"), ("text/plain", b"exp")]
)
def test_what_is_no_gate_is_not_accepted(person, kind, data):
    mime = QMimeData()
    mime.setData(kind, data)
    taken = drops.enter(person.canvas, person.at(300, 300), mime)
    assert not taken


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
