"""A drag over a still picture: what stands is painted once, and the result is as if all were."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.ui.canvas import fitting, labels, placing
from bpstudio.ui.canvas.geometry import EVERYWHERE
from bpstudio.ui.canvas.underlay import Lift
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.benchmarks.canvas import ladder
from tests.ui import fakes
from tests.ui.canvas.person import CTRL, LEFT, Person, before, screen
from tests.ui.graphs import simple

WAY = [QPoint(9 * n, 4 * n) for n in range(1, 24)]
"""From q straight over f."""


@pytest.fixture
def person(qtbot):
    yield from before(qtbot, simple())


def looked_at(person: Person, scale: float) -> None:
    canvas = person.canvas
    canvas.camera.scale = scale
    canvas.camera.centre((200.0, 80.0), canvas.room)
    canvas.update()
    QApplication.processEvents()


@pytest.mark.parametrize("scale", [0.1, 0.3, 0.5, 1.0, 2.0])
def test_a_drag_over_other_gates_equals_a_whole_repaint(person, scale):
    person.document.go(3)
    looked_at(person, scale)
    canvas, start = person.canvas, person.node("q", -4)
    canvas._flow.stop()
    person.press(start)
    for step in WAY:
        person.move(start + step * scale, LEFT, CTRL)
        QApplication.processEvents()
    assert isinstance(canvas._underlay, Lift)
    partial = screen(person)
    canvas.update()
    assert canvas._underlay is None
    assert np.abs(partial - screen(person)).max() <= 2
    person.release(start)


def test_what_stands_is_painted_once_in_a_drag(person, monkeypatch):
    looked_at(person, 1.0)
    painted = []
    real = person.canvas.renderer.paint_standing
    monkeypatch.setattr(
        person.canvas.renderer,
        "paint_standing",
        lambda *a, **more: (painted.append(more), real(*a, **more)),
    )
    start = person.node("q", -20)
    person.press(start)
    for step in WAY:
        person.move(start + step, LEFT, CTRL)
        QApplication.processEvents()
    assert painted == [{"above": False}, {"above": True}]


def test_a_number_that_changes_in_a_drag_is_seen_at_once(person):
    start = person.node("z", -20)
    person.press(start)
    for n in range(12):
        person.move(start + QPoint(5 * n, 0), LEFT)
        QApplication.processEvents()
        if n == 6:
            with person.canvas.by_own_hand():
                person.document.preview(edits.set_value(person.document.committed, "x", 77.0))
    assert isinstance(person.canvas._underlay, Lift)
    partial = screen(person)
    person.canvas.update()
    assert np.abs(partial - screen(person)).max() <= 2


def test_nothing_is_lifted_where_a_frame_goes_along(person):
    view, graph = person.canvas.view, person.graph
    view.shifted(("q",), 8.0, 8.0)
    assert view.lifted is not None
    person.document.do(edits.group(graph, ["q", "f"], "pair"))
    view.shifted(("q",), 8.0, 8.0)
    assert view.lifted is None
    view.shifted(("z",), 8.0, 8.0)
    assert view.lifted is not None


def test_a_drop_leaves_nothing_lifted(person):
    person.drag(person.node("q", -20), person.node("q", 30, 60))
    QApplication.processEvents()
    assert person.canvas.view.lifted is None
    assert person.canvas._underlay is None
    partial = screen(person)
    person.canvas.update()
    assert np.abs(partial - screen(person)).max() <= 2


# --- numbers beside what moves -----------------------------------------------------------------


def shown(view: ViewModel) -> ViewModel:
    view.show(fakes.run(view.graph))
    return view


@pytest.mark.parametrize("step", [(-40.0, 8.0), (64.0, -16.0), (0.0, 120.0)])
def test_the_room_of_numbers_on_moved_wires_is_what_it_would_be_measured_anew(step):
    view = shown(ViewModel(fakes.perceptron()))
    fitting.room(view)
    view.shifted(("add2", "w2"), *step)
    lifted, found = view.lifted, fitting.room(view)
    anew = fitting._room(view)
    np.testing.assert_array_equal(found.wires[lifted.wires], anew.wires[lifted.wires])
    np.testing.assert_array_equal(found.tails[lifted.nodes], anew.tails[lifted.nodes])


def test_the_room_in_a_large_graph_follows_a_drag():
    view = ViewModel(ladder(placing.CAREFUL))
    assert len(view.wires.ids) > placing.CAREFUL
    before = fitting.room(view).wires.copy()
    row = int(view.wires.target[0])
    view.shifted((view.nodes.ids[row],), 200.0, 0.0)
    after = fitting.room(view).wires
    moved = view.lifted.wires
    assert (after[moved] != before[moved]).any()
    stands = view.lifted.wires_stand
    np.testing.assert_array_equal(after[stands], before[stands])
    np.testing.assert_array_equal(after, fitting._room(view).wires)


def test_a_number_takes_up_digits_as_its_gate_is_dragged_away():
    view = shown(ViewModel(simple()))
    view.digits = 12
    view.numbers.wire_value[:] = 1.23456789012
    row = view.wire_row["w3"]

    def written() -> str:
        found = labels._on_wires(view, np.array([row]))
        return found[0].text[0]

    near = written()
    view.shifted(("f", "z"), 160.0, 0.0)
    assert len(written()) > len(near)
    view.shifted((), 0.0, 0.0)
    assert written() == near


def test_where_many_wires_move_their_numbers_keep_what_they_had(monkeypatch):
    view = shown(ViewModel(fakes.perceptron()))
    before = fitting.room(view).wires.copy()
    monkeypatch.setattr(fitting, "MOST_FOLLOWED", 1)
    view.shifted(("add2", "w2"), 300.0, 0.0)
    np.testing.assert_array_equal(fitting.room(view).wires, before)


def test_labels_of_all_rows_are_those_of_a_rectangle_around_everything():
    view = shown(ViewModel(fakes.perceptron()))
    whole = labels.collect(view, EVERYWHERE)
    rows = labels.of(view, np.arange(len(view.wires.ids)), np.arange(len(view.nodes.ids)))
    assert rows.text == whole.text
    np.testing.assert_array_equal(rows.point, whole.point)
