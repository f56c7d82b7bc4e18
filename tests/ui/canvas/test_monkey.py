"""The canvas under real mouse, key and drag events, offscreen: a monkey."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core.gates import GATES
from tests.ui.canvas.person import ALT, CTRL, LEFT, MIDDLE, NO, RIGHT, SHIFT, Person, wheel
from tests.ui.graphs import simple

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
