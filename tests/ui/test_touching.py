"""Fingers: QTest's synthetic touch points, as a touch screen sends them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.ui.canvas import touching
from bpstudio.ui.canvas.tools import Hit
from tests.ui.canvas.person import Person, before
from tests.ui.graphs import simple

DEVICE = []


@pytest.fixture
def person(qtbot):
    yield from before(qtbot, simple())


class Hand:
    """Fingers by number on a person's canvas."""

    def __init__(self, person: Person) -> None:
        self.canvas = person.canvas
        if not DEVICE:
            DEVICE.append(QTest.createTouchDevice())

    def _send(self, how: str, fingers: dict[int, QPoint]) -> None:
        event = QTest.touchEvent(self.canvas, DEVICE[0])
        for number, at in fingers.items():
            getattr(event, how)(number, at, self.canvas)
        event.commit()

    def down(self, at: QPoint, finger: int = 0, besides: dict[int, QPoint] | None = None) -> None:
        event = QTest.touchEvent(self.canvas, DEVICE[0])
        for number, where in (besides or {}).items():
            event.move(number, where, self.canvas)
        event.press(finger, at, self.canvas)
        event.commit()

    def move(self, *at: QPoint) -> None:
        self._send("move", dict(enumerate(at)))

    def up(self, *at: QPoint) -> None:
        self._send("release", dict(enumerate(at)))

    def drag(self, start: QPoint, end: QPoint) -> None:
        self.down(start)
        for part in (0.2, 0.6, 1.0):
            self.move(start + (end - start) * part)
        self.up(end)

    def tap(self, at: QPoint) -> None:
        self.down(at)
        self.up(at)


@pytest.fixture
def hand(person):
    return Hand(person)


def off(person, dx: int, dy: int = 0) -> QPoint:
    """So many screen pixels from the free paper's side of q's upper input port."""
    return person.into("q", "x") + QPoint(dx, dy)


def test_a_port_is_a_target_of_22_pixels_for_a_finger_and_of_12_for_a_mouse(person) -> None:
    canvas = person.canvas
    assert canvas.camera.scale == 1.0
    port = Hit("input", "q", "x")

    def hit(away: float, device) -> Hit:
        at = off(person, 0)
        scene = canvas.camera.to_scene((at.x() - away * 0.6, at.y() - away * 0.8))
        return canvas.hit(scene, device)

    assert hit(21, "touch") == port
    assert hit(23, "touch") != port
    assert hit(11, "mouse") == port
    assert hit(13, "mouse") != port


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_the_target_has_the_same_size_on_the_screen_at_every_zoom(person, scale) -> None:
    canvas = person.canvas
    canvas.zoom_at(scale, (0.0, 0.0))
    x, y = canvas.camera.to_screen(canvas.view.output("f"))
    assert canvas.hit(canvas.camera.to_scene((x + 21, y)), "touch") == Hit("output", "f")
    assert canvas.hit(canvas.camera.to_scene((x + 23, y)), "touch").part != "output"


def test_a_finger_that_misses_a_port_by_20_pixels_draws_a_wire_from_it(person, hand) -> None:
    at = person.out("f") + QPoint(16, -12)
    hand.down(at)
    hand.move(at + QPoint(60, 60))
    assert not person.resting
    assert person.canvas.overlay.rubber is not None
    hand.up(at + QPoint(60, 60))
    person.canvas.quick.hide()
    person.canvas.tools.rest()


def test_a_finger_drags_a_gate_and_shaking_does_not(person, hand) -> None:
    before = person.graph.nodes["f"].at
    hand.drag(person.node("f"), person.node("f") + QPoint(7, 6))
    assert person.graph.nodes["f"].at == before
    hand.drag(person.node("f"), person.node("f") + QPoint(80, 48))
    assert person.labels == ["Move f"]
    x, y = person.graph.nodes["f"].at
    assert (x - before[0], y - before[1]) == pytest.approx((80, 48), abs=8)


def test_two_fingers_move_the_paper_and_drop_what_the_first_had_begun(person, hand) -> None:
    canvas, start = person.canvas, person.node("f")
    hand.down(start)
    hand.move(start + QPoint(40, 0))
    assert not person.resting
    other = start + QPoint(200, 0)
    hand.down(other, 1, {0: start + QPoint(40, 0)})
    assert person.resting
    offset = canvas.camera.offset
    hand.move(start + QPoint(40 + 30, 20), other + QPoint(30, 20))
    assert canvas.camera.offset == (offset[0] + 30, offset[1] + 20)
    hand.up(start, other)
    assert person.labels == []
    assert canvas.camera.scale == 1.0


def test_two_fingers_apart_zoom_and_what_is_under_them_stays(person, hand) -> None:
    canvas = person.canvas
    one, other = QPoint(200, 200), QPoint(400, 260)
    hand.down(one)
    hand.down(other, 1, {0: one})
    before = [canvas.camera.to_scene((p.x(), p.y())) for p in (one, other)]
    for part in (0.25, 0.5, 0.75, 1.0):
        ends = one - QPoint(100, 30) * part, other + QPoint(100, 30) * part
        hand.move(*ends)
    assert canvas.camera.scale == pytest.approx(2.0, rel=0.02)
    after = [canvas.camera.to_scene((p.x(), p.y())) for p in ends]
    for was, now in zip(before, after, strict=True):
        assert now == pytest.approx(was, abs=3.0)
    hand.up(*ends)
    assert person.labels == []


def test_a_pinch_on_a_touchpad_zooms_at_the_pointer(person) -> None:
    canvas, at = person.canvas, QPointF(220.0, 180.0)
    before = canvas.camera.to_scene((at.x(), at.y()))
    for _ in range(4):
        there = QPointF(canvas.mapToGlobal(at))
        pinch = QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture,
            QPointingDevice.primaryPointingDevice(),
            2,
            at,
            at,
            there,
            0.1,
            QPointF(0.0, 0.0),
        )
        assert QApplication.sendEvent(canvas, pinch)
    assert canvas.camera.scale == pytest.approx(1.1**4)
    assert canvas.camera.to_scene((at.x(), at.y())) == pytest.approx(before, abs=1.0)
    assert person.labels == []
    assert person.resting


def test_one_finger_that_stays_after_two_does_nothing(person, hand) -> None:
    one, other = person.node("f"), person.node("f") + QPoint(150, 0)
    hand.down(one)
    hand.down(other, 1, {0: one})
    event = QTest.touchEvent(person.canvas, DEVICE[0])
    event.move(0, one, person.canvas)
    event.release(1, other, person.canvas)
    event.commit()
    spot = person.canvas.spot
    hand.move(one + QPoint(60, 60))
    hand.up(one + QPoint(60, 60))
    assert person.labels == []
    assert person.canvas.spot == spot
    assert person.resting


def test_a_tap_selects_and_two_taps_ask_for_a_gate(person, hand) -> None:
    hand.tap(person.node("q"))
    assert person.document.selection == {"q"}
    spot = person.at(150, 300)
    hand.tap(spot)
    assert person.document.selection == frozenset()
    hand.tap(spot + QPoint(5, -4))
    assert person.canvas.quick.isVisible()
    person.canvas.quick.hide()
    person.canvas.tools.rest()


def test_a_finger_that_rests_asks_for_the_menu_and_does_nothing_else(
    person, hand, monkeypatch
) -> None:
    monkeypatch.setattr(touching, "HOLD_MS", 1)
    asked = []
    monkeypatch.setattr(person.canvas, "open_menu", asked.append)
    hand.down(person.node("q"))
    person.canvas._touch._held()
    hand.move(person.node("q") + QPoint(50, 0))
    hand.up(person.node("q") + QPoint(50, 0))
    assert asked == [person.node("q")]
    assert person.labels == []
    assert person.resting


def test_a_touch_on_a_field_is_the_fields_own(person, hand) -> None:
    person.canvas.edit_value("x")
    field = person.canvas.editing.field
    assert field.isVisible()
    inside = field.geometry().center()
    hand.down(inside)
    QApplication.processEvents()
    hand.up(inside)
    assert field.isVisible()
    assert person.resting
    field.leave()
