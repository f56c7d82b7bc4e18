"""The canvas under real mouse, key and drag events, offscreen: moving about."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from bpstudio.core.graph import Graph, Node
from bpstudio.files.bps import File, View
from bpstudio.ui.canvas.canvas import GraphCanvas
from bpstudio.ui.document import Document
from tests.ui.canvas.person import MIDDLE, NO, Person, wheel
from tests.ui.graphs import simple


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
