"""One network, two views: gates on the canvas that follow the network, and change it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.core import edits
from bpstudio.core.graph import Patch
from bpstudio.ui.document import Document
from bpstudio.ui.trainer.asgraph import snapshot
from bpstudio.ui.trainer.fields import with_sizes
from bpstudio.ui.trainer.link import Link
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.views.plane import PlaneView
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(docked: TrainingPanel) -> TrainingPanel:
    return docked


@pytest.fixture
def linked(window: Window, panel: TrainingPanel) -> Document:
    """The network with its third sample as a graph."""
    document = window.training.links.open(2)
    assert document is not None
    return document


@pytest.fixture
def link(window: Window, linked: Document) -> Link:
    return window.training.links.links[linked]


def settle(qtbot: QtBot, panel: TrainingPanel) -> None:
    """Wait until all is done and drawn, and then a while for what must not come."""
    links = panel.hand.links
    qtbot.waitUntil(
        lambda: panel.runner.settled and not any(link._later.isActive() for link in links)
    )
    QTest.qWait(150)


def weight(panel: TrainingPanel, layer: int, row: int, col: int) -> float:
    with panel.runner.held() as engine:
        return float(engine.trainer.network.layers[layer].W[row, col])


def number(document: Document, key: str) -> float:
    return document.committed.nodes[key].params["value"]


def agree(panel: TrainingPanel, document: Document, sample: int) -> None:
    """Values and gradients of the drawing are the trainer's, to 1e-12."""
    trainer, data = snapshot(panel), panel.problem_data
    x, y = data.inputs[[sample]], data.targets[[sample]]
    trace = document.trace
    units = trainer.activations(x)
    sums = [key for key in document.graph.nodes if key.startswith("h1_")]
    assert len(sums) == len(units[0])
    for key, value in zip(sums, units[0][:, 0], strict=True):
        assert trace.value_of(key) == pytest.approx(value, abs=1e-12)
    gradients = trainer.gradients(x, y)
    for layer, found in enumerate(gradients, 1):
        for row, col in np.ndindex(found.W.shape):
            key = f"w{layer}_{row + 1}_{col + 1}"
            assert trace.grad_of(key) == pytest.approx(found.W[row, col], abs=1e-12)
            assert number(document, key) == pytest.approx(weight(panel, layer - 1, row, col))


def test_the_key_opens_the_network_as_gates(window: Window, panel: TrainingPanel) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F12)
    document = window.document
    assert document is not None
    assert document.title == "Circle 2-4-2-1 as gates"
    assert [group.title for group in document.graph.groups.values()]
    assert not document.undo_stack.count()
    agree(panel, document, 0)


def test_it_is_seen_though_the_panels_own_window_lay_over_it(
    window: Window, panel: TrainingPanel, qtbot: QtBot
) -> None:
    window.training.move()
    qtbot.waitUntil(panel.isActiveWindow)
    assert window.training.links.open(0) is not None
    qtbot.waitUntil(window.isActiveWindow)


def test_without_the_panel_it_says_where_the_network_is(window: Window, opened: Document) -> None:
    said = []
    window.session.said.connect(said.append)
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert said == ["Open the training panel first (F7): it holds the network."]


def test_labels_move_while_it_trains_and_nothing_enters_the_history(
    panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    before = number(linked, "w1_1_1")
    QTest.mouseClick(panel.row.buttons["play"], LEFT)
    qtbot.waitUntil(lambda: number(linked, "w1_1_1") != before)
    moved = number(linked, "w1_1_1")
    qtbot.waitUntil(lambda: number(linked, "w1_1_1") != moved)
    QTest.mouseClick(panel.row.buttons["play"], LEFT)
    settle(qtbot, panel)
    assert linked.undo_stack.count() == 0
    agree(panel, linked, 2)


def test_a_weight_changed_by_hand_changes_the_network_and_undo_puts_it_back(
    panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    before = weight(panel, 0, 0, 1)
    linked.do(edits.set_value(linked.committed, "w1_1_2", 0.75))
    settle(qtbot, panel)
    assert weight(panel, 0, 0, 1) == 0.75
    assert linked.undo_stack.count() == 1
    agree(panel, linked, 2)
    linked.undo_stack.undo()
    settle(qtbot, panel)
    assert weight(panel, 0, 0, 1) == before
    assert number(linked, "w1_1_2") == before


def test_undo_of_a_move_keeps_what_was_learned_since(
    panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    at = linked.committed.nodes["w1_1_1"].at
    linked.do(edits.move(linked.committed, {"w1_1_1": (at[0] - 64.0, at[1])}))
    for _ in range(3):
        panel.step()
    settle(qtbot, panel)
    learned = number(linked, "w1_1_1")
    assert learned == weight(panel, 0, 0, 0)
    linked.undo_stack.undo()
    assert linked.committed.nodes["w1_1_1"].at == at
    assert number(linked, "w1_1_1") == learned
    linked.undo_stack.redo()
    assert number(linked, "w1_1_1") == learned
    settle(qtbot, panel)
    assert weight(panel, 0, 0, 0) == learned


def test_a_weight_deleted_and_brought_back_takes_the_networks_number(
    panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    linked.do(edits.delete(linked.committed, ["w1_1_1"]))
    panel.step()
    settle(qtbot, panel)
    now = weight(panel, 0, 0, 0)
    linked.undo_stack.undo()
    settle(qtbot, panel)
    assert weight(panel, 0, 0, 0) == now
    assert number(linked, "w1_1_1") == now
    linked.undo_stack.redo()
    assert "w1_1_1" not in linked.committed.nodes


def test_numbers_wait_while_a_hand_is_at_work(
    panel: TrainingPanel, linked: Document, link: Link, qtbot: QtBot
) -> None:
    before = number(linked, "w1_1_1")
    linked.preview(edits.set_value(linked.committed, "w2_1_1", 3.0))
    panel.step()
    qtbot.waitUntil(lambda: panel.runner.settled)
    QTest.qWait(150)
    assert number(linked, "w1_1_1") == before
    linked.preview(None)
    qtbot.waitUntil(lambda: number(linked, "w1_1_1") != before)
    agree(panel, linked, 2)


def test_the_chip_says_which_sample_and_chooses_another(
    window: Window, panel: TrainingPanel, linked: Document, link: Link, qtbot: QtBot
) -> None:
    chip = window.training.links.chips[linked]
    assert chip.isVisible()
    assert chip.number.value() == 3
    chip.number.setFocus()
    QTest.keyClick(chip.number, Qt.Key.Key_Up)
    assert link.sample == 3
    assert number(linked, "x1") == panel.problem_data.inputs[3, 0]
    agree(panel, linked, 3)
    assert panel.sample == 3
    linked.do(edits.set_value(linked.committed, "x1", 9.0))
    assert chip.more.text() == "changed by hand"
    linked.undo_stack.undo()
    assert chip.more.isHidden()


def test_a_click_on_a_point_of_the_plane_chooses_the_sample(
    panel: TrainingPanel, linked: Document, link: Link
) -> None:
    view = panel.page.view
    assert isinstance(view, PlaneView)
    place = view.to_view(view.problem.points[0][[7]])[0]
    QTest.mouseClick(view, LEFT, pos=QPointF(*place).toPoint())
    chosen = panel.sample
    near = np.hypot(*(view.to_view(view.problem.points[0]) - place).T)
    assert near[chosen] < 2.0
    assert link.sample == chosen
    assert number(linked, "x1") == panel.problem_data.inputs[chosen, 0]


def test_unlink_keeps_the_graph_as_it_is(
    window: Window, panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    chip = window.training.links.chips[linked]
    before = number(linked, "w1_1_1")
    QTest.mouseClick(chip.leave, LEFT)
    assert not window.training.links.links
    panel.step()
    settle(qtbot, panel)
    assert number(linked, "w1_1_1") == before
    linked.do(edits.set_value(linked.committed, "w1_1_1", 5.0))
    settle(qtbot, panel)
    assert weight(panel, 0, 0, 0) != 5.0


def test_another_network_ends_the_link_and_says_so(
    window: Window, panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    said = []
    window.session.said.connect(said.append)
    panel.change(with_sizes(panel.spec, (2, 3, 1)))
    settle(qtbot, panel)
    assert not window.training.links.links
    assert "another one now" in said[-1]


def test_rewinding_takes_the_drawing_along(
    panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    before = number(linked, "w1_1_1")
    panel.step()
    settle(qtbot, panel)
    assert number(linked, "w1_1_1") != before
    panel.rewind()
    settle(qtbot, panel)
    assert number(linked, "w1_1_1") == before


def test_weights_that_are_no_numbers_stay_off_the_canvas(
    panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    panel.change(replace(panel.spec, learning_rate=1e6, loss="half_squared_error"))
    panel.runner.step(400)
    settle(qtbot, panel)
    assert np.isfinite(number(linked, "w1_1_1"))


def test_a_network_too_large_is_refused_with_the_number_of_gates(
    window: Window, panel: TrainingPanel, qtbot: QtBot
) -> None:
    panel.change(with_sizes(panel.spec, (2, 120, 120, 1)))
    settle(qtbot, panel)
    count = len(window.session.documents)
    QTest.mouseClick(panel.row.as_graph, LEFT)
    assert len(window.session.documents) == count
    assert "the canvas takes 20,000" in panel.notice.words.text()


def test_closing_the_document_or_the_panel_ends_the_link(
    window: Window, panel: TrainingPanel, linked: Document, qtbot: QtBot
) -> None:
    linked.undo_stack.setClean()
    window.session.close(linked)
    assert not window.training.links.links
    panel.step()
    settle(qtbot, panel)
    again = window.training.links.open()
    assert again is not None
    window.training.shut()
    assert not window.training.links.links


def test_the_gates_are_painted_in_another_turn_than_the_panels_frame(
    panel: TrainingPanel, link: Link, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, follow, seen = panel.runner.gate, link.document.follow, []
    fresh = [False]

    def framed(_: object) -> None:
        seen.append(("frame", gate.is_long))
        fresh[0] = True
        QTimer.singleShot(0, lambda: fresh.__setitem__(0, False))

    def followed(patch: Patch) -> bool:
        seen.append(("gates", fresh[0]))
        return follow(patch)

    monkeypatch.setattr(link.document, "follow", followed)
    panel.runner.framed.connect(framed)
    panel.toggle()
    qtbot.waitUntil(lambda: sum(kind == "gates" for kind, _ in seen) > 6)
    panel.toggle()
    assert ("frame", False) in seen
    assert ("frame", True) not in seen
    assert ("gates", True) not in seen


# --- test samples, and what the gates leave out --------------------------------------------------


def test_a_test_sample_opens_as_gates_and_is_called_one(
    window: Window, panel: TrainingPanel, qtbot: QtBot
) -> None:
    data = panel.problem_data
    trained = len(data.inputs)
    document = window.training.links.open(trained + 3)
    chip, link = window.training.links.chips[document], window.training.links.links[document]
    settle(qtbot, panel)
    values = [number(document, key) for key in (*link.unfolded.inputs, *link.unfolded.targets)]
    assert values == [*data.test_inputs[3], *data.test_targets[3]]
    assert "test data" in chip.more.text()
    assert chip.number.maximum() == trained + len(data.test_inputs)
    units = snapshot(panel).activations(data.test_inputs[[3]])
    trace = document.trace
    for key, value in zip(link.unfolded.units[0], units[0][:, 0], strict=True):
        assert trace.value_of(key) == pytest.approx(value, abs=1e-12)
    chip.number.setValue(1)
    assert link.sample == 0
    assert "test data" not in chip.more.text()


def test_a_test_point_is_clicked_only_where_it_is_to_be_seen(
    window: Window, panel: TrainingPanel, linked: Document, link: Link, qtbot: QtBot
) -> None:
    view = panel.page.view
    assert isinstance(view, PlaneView)
    train, test = view.problem.points
    away = np.abs(test[:, None] - train[None]).sum(axis=2).min(axis=1)
    chosen = int(away.argmax())
    at = QPointF(*view.to_view(test[[chosen]])[0].tolist())
    QTest.mouseClick(view, LEFT, pos=at.toPoint())
    assert link.sample != len(train) + chosen
    panel.page.tests.click()
    QTest.mouseClick(view, LEFT, pos=at.toPoint())
    assert link.sample == len(train) + chosen


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"batch_norm": True}, "running statistics"),
        ({"dropout": 0.5}, "no dropout"),
        ({"batch_norm": True, "dropout": 0.5}, "running statistics, no dropout"),
    ],
)
def test_the_chip_says_what_the_gates_leave_out_of_a_training_step(
    window: Window, panel: TrainingPanel, qtbot: QtBot, fields: dict[str, object], words: str
) -> None:
    panel.change(replace(panel.spec, network=replace(panel.spec.network, **fields)))
    settle(qtbot, panel)
    document = window.training.links.open(0)
    said = window.training.links.chips[document].more.text()
    assert (words in said) if words else not said


@pytest.mark.parametrize("wide", [220, 420, 1200])
def test_the_chip_shows_all_of_itself_on_a_canvas_of_any_width(
    window: Window, linked: Document, link: Link, wide: int
) -> None:
    chip, canvas = window.training.links.chips[linked], window.canvas
    canvas.resize(wide, 600)
    chip.refresh()
    assert canvas.rect().contains(chip.geometry())
    for part in (chip.words, chip.number, chip.leave):
        assert chip.rect().contains(part.geometry())
        needed = part.heightForWidth(part.width()) if part is chip.words else 0
        assert part.height() >= needed
        assert part.width() >= (part.minimumSizeHint().width())


def test_the_whole_graph_is_shown_below_the_chip(window: Window, linked: Document) -> None:
    chip, canvas = window.training.links.chips[linked], window.canvas
    for size in ((600, 200), (500, 240), (420, 700)):
        canvas.resize(*size)
        canvas.fit_all()
        left, top, right, bottom = canvas.camera.rect_to_screen(canvas.view.bounds())
        place = chip.geometry()
        apart = top >= place.bottom() or right <= place.left()
        assert apart, size
        assert bottom <= size[1]
        assert left >= 0


def test_the_graph_takes_the_chips_room_back_when_it_is_gone(
    window: Window, linked: Document, link: Link
) -> None:
    canvas = window.canvas
    canvas.resize(500, 240)
    canvas.fit_all()
    small = canvas.camera.scale
    QTest.mouseClick(window.training.links.chips[linked].leave, LEFT)
    assert canvas.is_fitted
    assert canvas.camera.scale > small
    assert canvas.over == (canvas.strip,)
