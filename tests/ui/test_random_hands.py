"""Random hands on groups, dots and guides: nothing raises, and the view shows what the graph is."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from bpstudio.ui.canvas import arranging
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.ui.canvas.person import ALT, CTRL, NO, SHIFT, Person
from tests.ui.test_collapsed import nested
from tests.ui.viewmodel.alike import same

KEYS = [
    *(Qt.Key.Key_X, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Tab),
    *(Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_W, Qt.Key.Key_F2),
]
COMMANDS = [
    *(arranging.group, arranging.ungroup, arranging.fold, arranging.take_out),
    *(arranging.straighten, arranging.add_dot, arranging.clear_dots, arranging.knife),
    arranging.delete_and_join,
    lambda canvas: arranging.align(canvas, "left"),
    lambda canvas: arranging.distribute(canvas, "down"),
    lambda canvas: arranging.colour(canvas, "red"),
    lambda canvas: canvas.tidy(),
]
SHAPES = ["curved", "orthogonal", "straight"]


def act(person: Person, rng: random.Random) -> None:
    """One thing that a hand may do."""
    canvas, graph = person.canvas, person.graph
    spot = QPoint(rng.randint(0, 799), rng.randint(0, 599))
    mods = rng.choice([NO, NO, NO, SHIFT, CTRL, ALT, CTRL | ALT])
    kind = rng.random()
    if kind < 0.45:
        start = QPoint(rng.randint(0, 799), rng.randint(0, 599))
        body = canvas.view.body_of(rng.choice(list(graph.nodes))) if graph.nodes else None
        if body is not None and rng.random() < 0.7:
            x, y = (body[0] + body[2]) / 2, (body[1] + body[3]) / 2
            start = person.at(x + rng.randint(-40, 40), y + rng.randint(-20, 20))
        person.drag(start, spot, mods, drop=rng.random() < 0.85)
    elif kind < 0.55:
        person.double(spot)
    elif kind < 0.75:
        person.key(rng.choice(KEYS), mods if mods != ALT else NO)
    elif kind < 0.8:
        canvas.pan(rng.randint(-50, 50), rng.randint(-50, 50))
    elif kind < 0.84:
        canvas.zoom_at(rng.choice([0.5, 0.8, 1.25, 2.0]), (spot.x(), spot.y()))
    elif kind < 0.9:
        ids = [*graph.nodes, *graph.groups, *graph.wires]
        person.document.select(rng.sample(ids, min(len(ids), rng.randint(1, 4))))
        rng.choice(COMMANDS)(canvas)
    elif kind < 0.95:
        arranging.shape_wires(canvas, rng.choice(SHAPES))
    else:
        stack = person.document.undo_stack
        stack.setIndex(rng.randint(0, stack.count()))


@pytest.mark.parametrize("seed", range(3))
def test_any_hands_leave_a_view_that_shows_the_graph(qtbot, seed):
    rng = random.Random(seed)
    person = Person(qtbot, nested())
    canvas = person.canvas
    canvas.reduced_motion = bool(seed % 2)
    for _ in range(120):
        act(person, rng)
        if rng.random() < 0.3:
            QApplication.processEvents()
        if canvas.quick.isVisible():
            canvas.quick.close_quietly()
    canvas.tools.rest()
    canvas._glide.end()
    fresh = ViewModel(person.graph)
    same(canvas.view, fresh)
    assert canvas.view.boxes == fresh.boxes
    person.undo_all()
    assert person.graph == nested()
    canvas.set_document(None)
