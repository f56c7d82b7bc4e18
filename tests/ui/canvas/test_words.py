"""The canvas under real mouse, key and drag events, offscreen: what it says."""

from __future__ import annotations

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.ui.canvas.stage import spoken
from tests.ui.canvas.person import (
    Person,
)


def test_hovering_a_wire_tells_every_digit_and_the_product(person, qtbot):
    person.document.do(edits.set_value(person.graph, "x", 1 / 3))
    person.move(person.wire("w4"))
    qtbot.waitUntil(person.canvas.bubble.isVisible)
    assert person.canvas.bubble.text() == (
        "z → f.y\nvalue −4\ngradient = local × upstream = 5.333333333333333 × 1 = 5.333333333333333"
    )
    person.move(person.at(300, 300))
    assert not person.canvas.bubble.isVisible()


def test_hovering_does_not_tell_what_a_step_has_not_computed(person, qtbot):
    person.document.go(0)
    person.move(person.wire("w3"))
    qtbot.waitUntil(person.canvas.bubble.isVisible)
    assert person.canvas.bubble.text() == "q → f.x"


def test_hovering_a_gate_tells_its_title_and_formula(person, qtbot):
    person.move(person.node("f", 8, 8))
    qtbot.waitUntil(person.canvas.bubble.isVisible)
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
    qtbot.waitUntil(person.canvas.bubble.isVisible)
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


def test_a_wire_led_elsewhere_or_healed_was_not_connected(person):
    before = person.graph
    for patch in (
        edits.add_dot(before, "w1", (60.0, 40.0)),
        edits.delete(before, ["q"], heal=True),
    ):
        assert spoken(before, before.apply(patch), patch) == patch.label


def test_the_canvas_has_a_name_and_words_for_a_screen_reader(person):
    assert person.canvas.accessibleName() == "Canvas"
    assert "Tab" in person.canvas.accessibleDescription()
