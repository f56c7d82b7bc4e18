"""On the canvas, under real mouse and key events: strips painted ahead."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node
from tests.ui.canvas.person import Person

RGB32 = QImage.Format.Format_RGB32


def painted(canvas) -> np.ndarray:
    """A whole new picture of it."""
    image = canvas.grab().toImage().convertToFormat(RGB32)
    return np.array(image.constBits()).reshape(image.height(), -1, 4)[..., :3].astype(int)


def test_strips_painted_ahead_equal_a_whole_repaint(person):
    # Qt begins the dashes of a frame elsewhere where it clips them.
    person.document.do(edits.ungroup(person.graph, "group1"))
    canvas = person.canvas
    QApplication.processEvents()
    for step in [(-7, -3)] * 20 + [(5, 2)] * 30 + [(0, -9)] * 20 + [(-9, 4)] * 20:
        canvas.pan(*step)
        QApplication.processEvents()
    assert canvas._apron._slabs
    whole = painted(canvas)
    for rect in (QRect(0, 0, 5, canvas.height()), QRect(0, 0, canvas.width(), 4)):
        strip = QImage(canvas.size(), RGB32)
        with QPainter(strip) as painter:
            painter.setClipRect(rect)
            assert canvas._painted_ahead(painter, rect)
        made = np.array(strip.constBits()).reshape(strip.height(), -1, 4)[..., :3].astype(int)
        at = np.s_[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        off = np.abs(made[at] - whole[at]).max(axis=2)
        assert off.max() <= 2


def test_what_changes_beyond_the_edge_is_not_shown_as_it_was(person):
    canvas = person.canvas
    canvas.pan(-5, 0)
    QApplication.processEvents()
    assert canvas._apron._slabs
    person.document.do(edits.nudge(person.graph, ["f"], 2000.0, 0.0))
    assert not canvas._apron._slabs
    canvas.pan(-5, 0)
    QApplication.processEvents()
    canvas.set_digits(7)
    assert not canvas._apron._slabs


def test_several_gates_dragged_together_lock_in_where_gaps_are_equal(qtbot):
    places = zip("abcd", (0, 120, 300, 420), strict=True)
    person = Person(qtbot, Graph([Node(key, "exp", (x, 0.0)) for key, x in places]))
    person.document.select(("c", "d"))
    person.drag(person.node("c"), person.node("c", -57, 3), drop=False)
    gaps = [line for line in person.canvas.overlay.lines if line.gap]
    assert len(gaps) == 2
    assert {round(line.end - line.start, 6) for line in gaps} == {64.0}
    assert person.canvas.grab().toImage() is not None
    person.release(person.node("c", -57, 3))
    assert person.graph.nodes["c"].at == (240, 0)
    assert person.graph.nodes["d"].at == (360, 0)
    person.canvas.set_document(None)


def test_a_wire_that_locks_in_level_shows_the_line_that_it_lies_on(qtbot):
    graph = Graph().apply(edits.build(Graph(), "f = exp(x)"))
    person = Person(qtbot, graph)
    person.document.do(edits.move(person.graph, {"f": (300.0, 90.0), "x": (0.0, 10.0)}))
    person.drag(person.node("f"), person.node("f", 5, -77), drop=False)
    level = person.canvas.view.output("x")
    lines = [line for line in person.canvas.overlay.lines if line.axis == 1 and not line.gap]
    assert any(line.at == level[1] and line.start == level[0] for line in lines)
    person.canvas.set_document(None)
