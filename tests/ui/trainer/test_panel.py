"""The panel as a person uses it: real events, a real thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio import language
from bpstudio.nn.data import Data
from bpstudio.nn.spec import Choice
from bpstudio.ui import app as apps
from bpstudio.ui.theme import LIGHT
from bpstudio.ui.trainer import colours, fields
from bpstudio.ui.trainer.editors import NumberEditor, SizesEditor
from bpstudio.ui.trainer.examples import EXAMPLES, by_key
from bpstudio.ui.trainer.fields import with_sizes
from bpstudio.ui.trainer.foot import duration
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.parts import BIAS, Part
from bpstudio.ui.trainer.views.code import CodeView
from bpstudio.ui.trainer.views.digits import DigitsView
from bpstudio.ui.trainer.views.plane import PlaneView
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Wait = Callable[[], None]
Reach = Callable[[int], None]
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def click(panel: TrainingPanel, key: str) -> None:
    QTest.mouseClick(panel.row.buttons[key], LEFT)


def at(x: float, y: float) -> QPoint:
    return QPointF(x, y).toPoint()


def test_it_begins_paused_at_the_start_and_shows_the_loss(panel: TrainingPanel) -> None:
    assert panel.frame.updates == 0
    assert not panel.playing
    assert "Training loss" in panel.page.curves.figures["loss"].text()
    assert panel.foot.state.text().startswith("Epoch 0")


def test_play_trains_and_pause_stops(panel: TrainingPanel, reach: Reach, settle: Wait) -> None:
    click(panel, "play")
    reach(100)
    assert panel.row.buttons["play"].accessibleName() == "Pause"
    click(panel, "play")
    settle()
    updates = panel.frame.updates
    QTest.qWait(80)
    assert panel.frame.updates == updates
    assert not panel.row.playing


def test_one_update_and_the_rest_of_the_epoch(panel: TrainingPanel, settle: Wait) -> None:
    click(panel, "step")
    settle()
    assert panel.frame.updates == 1
    click(panel, "epoch")
    settle()
    assert panel.frame.epoch == 1.0


def test_rewind_to_the_same_start_gives_the_same_losses(panel: TrainingPanel, settle: Wait) -> None:
    def run() -> list[float]:
        losses = []
        for _ in range(3):
            click(panel, "epoch")
            settle()
            losses.append(panel.frame.loss)
        return losses

    first = run()
    click(panel, "rewind")
    settle()
    assert panel.frame.updates == 0
    assert run() == first


def test_what_was_reached_stays_as_a_faint_curve_with_its_name(
    panel: TrainingPanel, settle: Wait
) -> None:
    click(panel, "epoch")
    settle()
    click(panel, "rewind")
    settle()
    assert [run.name for run in panel.page.curves.runs] == ["Circle 2-4-2-1 tanh 0.03"]
    assert not panel.page.curves.clear.isHidden()
    QTest.mouseClick(panel.page.curves.clear, LEFT)
    assert panel.page.curves.runs == []


def test_the_learning_rate_changes_while_it_trains(
    panel: TrainingPanel, reach: Reach, qtbot: QtBot
) -> None:
    click(panel, "play")
    reach(20)
    editor = panel.row.quick["learning_rate"].editor
    assert isinstance(editor, NumberEditor)
    line = editor.box.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, "0.1")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.frame.spec.learning_rate == 0.1)
    assert panel.frame.updates >= 20
    assert panel.playing


def test_a_number_that_is_none_is_marked_and_not_taken(panel: TrainingPanel) -> None:
    editor = panel.row.quick["learning_rate"].editor
    assert isinstance(editor, NumberEditor)
    line = editor.box.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, "fast")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.property("wrong")
    assert panel.spec.learning_rate == 0.03


def test_a_refused_value_is_told_in_one_sentence(panel: TrainingPanel) -> None:
    editor = panel.row.quick["learning_rate"].editor
    assert isinstance(editor, NumberEditor)
    line = editor.box.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, "-1")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert panel.spec.learning_rate == 0.03
    assert panel.notice.words.text() == "Learning rate: -1.0 is not 0.0 or more"
    assert panel.notice.rewind.isHidden()
    assert line.text() == "0.03"


def test_batch_norm_with_a_single_sample_left_over_is_refused_and_the_run_goes_on(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.change(replace(panel.spec, batch=83))
    settle()
    panel.form.editors["batch_norm"].entry.click()
    assert panel.notice.words.text().startswith("Batch norm: the last batch of 250 samples")
    assert not panel.spec.network.batch_norm
    click(panel, "step")
    settle()
    assert panel.frame.updates == 1


def test_a_learning_rate_of_a_million_pauses_at_the_nan_and_offers_rewind(
    panel: TrainingPanel, qtbot: QtBot, settle: Wait
) -> None:
    panel.choose_example("plane")
    settle()
    panel.change(replace(panel.spec, learning_rate=1e6, optimizer=EXAMPLES[0].spec().optimizer))
    click(panel, "play")
    qtbot.waitUntil(lambda: bool(panel.frame.fault), timeout=20_000)
    settle()
    assert not panel.playing
    assert panel.notice.words.text() == panel.frame.fault
    assert not panel.notice.rewind.isHidden()
    QTest.mouseClick(panel.notice.rewind, LEFT)
    settle()
    assert panel.frame.updates == 0
    assert panel.notice.isHidden()


def test_a_weight_is_typed_over_its_line(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    part = Part(1, 2, 0)
    curve = network.strips[0].wires.curve(2, 0)
    QTest.mouseMove(network, at(*curve[6].tolist()))
    QTest.mouseClick(network, LEFT, pos=at(*curve[6].tolist()))
    assert network.field.isVisible()
    assert network.picked is not None
    network.open_field(part)
    network.field.selectAll()
    QTest.keyClicks(network.field, "1.25")
    QTest.keyClick(network.field, Qt.Key.Key_Return)
    settle()
    assert panel.frame.weights[0].W[2, 0] == 1.25
    assert "1.25" in network.words_of(part)
    assert not network.field.isVisible()


def test_a_weight_that_is_no_number_stays_in_the_field(panel: TrainingPanel) -> None:
    network = panel.page.network
    before = network.value_of(Part(1, 0, 0))
    network.open_field(Part(1, 0, 0))
    network.field.setText("one")
    QTest.keyClick(network.field, Qt.Key.Key_Return)
    assert network.field.isVisible()
    assert network.field.property("wrong")
    QTest.keyClick(network.field, Qt.Key.Key_Escape)
    assert not network.field.isVisible()
    assert network.value_of(Part(1, 0, 0)) == before


def test_keys_reach_every_unit_and_weight(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    network.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(network, key)
    assert network.picked is not None
    assert (network.picked.layer, network.picked.source) == (2, BIAS)
    assert network.accessibleDescription().startswith("bias of unit")
    QTest.keyClick(network, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert network.picked.source == 0
    unit = network.picked.unit
    QTest.keyClick(network, Qt.Key.Key_Return)
    network.field.selectAll()
    QTest.keyClicks(network.field, "-3")
    QTest.keyClick(network.field, Qt.Key.Key_Return)
    settle()
    assert panel.frame.weights[1].W[unit, 0] == -3.0


def test_layers_and_units_are_added_and_taken(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    QTest.mouseClick(network._depth.more, LEFT)
    settle()
    assert panel.frame.spec.network.sizes == (2, 4, 2, 2, 1)
    QTest.mouseClick(network._widths[0].more, LEFT)
    settle()
    assert panel.frame.spec.network.sizes == (2, 5, 2, 2, 1)
    for _ in range(4):
        QTest.mouseClick(network._depth.fewer, LEFT)
    settle()
    assert panel.frame.spec.network.sizes == (2, 1)


def test_hidden_layers_are_typed_in_the_settings(panel: TrainingPanel, settle: Wait) -> None:
    QTest.mouseClick(panel.row.settings, LEFT)
    assert panel.form.isVisible()
    editor = panel.form.editors["hidden"]
    assert isinstance(editor, SizesEditor)
    editor.line.setText("3, 5")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    settle()
    assert panel.frame.spec.network.sizes == (2, 3, 5, 1)
    editor.line.setText("3, many")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.line.property("wrong")
    assert panel.spec.network.sizes == (2, 3, 5, 1)


def test_a_width_beyond_all_bounds_is_refused(panel: TrainingPanel, settle: Wait) -> None:
    editor = panel.form.editors["hidden"]
    assert isinstance(editor, SizesEditor)
    editor.line.setText("20000")
    editor.line.editingFinished.emit()
    assert not panel.notice.isHidden()
    assert panel.spec.network.sizes == (2, 4, 2, 1)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.key)
def test_every_example_is_drawn_while_it_trains(
    panel: TrainingPanel, reach: Reach, settle: Wait, example
) -> None:
    click(panel, "play")
    panel.choose_example(example.key)
    panel.set_pace(0)
    reach(1)
    assert panel.frame.spec.network == example.spec().network
    picture = panel.grab().toImage()
    panel.runner.play(False)
    settle()
    assert not picture.isNull()
    view = panel.page.view
    assert view is not None
    drawn = view.grab().toImage()
    # All over: the codes of an autoencoder begin as one small cloud.
    grid = ((x, y) for x in range(0, drawn.width(), 3) for y in range(0, drawn.height(), 3))
    colours = {drawn.pixel(*at) for at in grid}
    assert len(colours) > 8


def test_discretised_output_has_two_colours(panel: TrainingPanel, settle: Wait) -> None:
    panel.page.discrete.click()
    view = panel.page.view
    assert isinstance(view, PlaneView)
    assert view._surface is not None
    image = view._surface
    found = {image.pixel(x, y) for x in range(0, 100, 7) for y in range(0, 100, 7)}
    assert len(found) <= 2


def test_pointing_at_a_unit_shows_its_map(panel: TrainingPanel) -> None:
    network, view = panel.page.network, panel.page.view
    assert isinstance(view, PlaneView)
    whole = view._surface.copy()
    QTest.mouseMove(network, at(*network.columns[0].centres[0].tolist()))
    assert view._unit == (0, 0)
    assert view._surface != whole
    QTest.mouseMove(network, QPoint(2, network.height() - 2))
    assert view._surface == whole


def test_painted_points_are_learned(panel: TrainingPanel, settle: Wait) -> None:
    panel.choose_example("own_points")
    settle()
    view = panel.page.view
    assert isinstance(view, PlaneView)
    assert panel.brushes.isVisible()
    count = len(panel.own)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_1)
    QTest.mouseClick(view, LEFT, pos=at(*view.to_view(np.array([[3.0, 3.0]]))[0].tolist()))
    settle()
    assert len(panel.own) == count + 1
    assert panel.own[-1][2] == 0
    assert panel.own[-1][:2] == pytest.approx((3.0, 3.0), abs=0.1)
    view = panel.page.view
    QTest.mouseClick(view, RIGHT, pos=at(*view.to_view(np.array([[3.0, 3.0]]))[0].tolist()))
    settle()
    assert len(panel.own) == count
    assert len(panel.frame.data.inputs) == count


def test_three_painted_classes_bring_softmax(panel: TrainingPanel, settle: Wait) -> None:
    panel.use_points([(0, 0, 0), (1, 1, 1), (2, -1, 3), (-2, -1, 3)])
    settle()
    assert panel.frame.spec.network.output == "softmax"
    assert panel.frame.spec.network.sizes[-1] == 3


@pytest.mark.parametrize("labels", [(0,), (1,), (2,), (0, 1), (0, 2), (3, 4), (0, 2, 3), (1, 2, 4)])
def test_the_surface_has_the_colours_of_the_points_painted_on_it(
    panel: TrainingPanel, settle: Wait, labels: tuple[int, ...]
) -> None:
    places = ((-4.0, 4.0), (4.0, 4.0), (0.0, -4.0))
    own = [(*places[n], label) for n, label in enumerate(labels)]
    panel.use_points(own)
    panel.runner.step(400)
    settle()
    view = panel.page.view
    image = view._surface
    for x, y, label in own:
        column = int((x + 6) / 12 * image.width())
        row = int((6 - y) / 12 * image.height())
        seen = image.pixelColor(column, row)
        hues = {b: QColor(colours.of_class(LIGHT, b)).hueF() for b in range(5)}
        away = {brush: abs(hue - seen.hueF()) for brush, hue in hues.items()}
        assert min(away, key=away.get) == label, (label, seen.name(), away)


def test_who_paints_keeps_the_keys(window: Window, qtbot: QtBot) -> None:
    panel = window.training.show()
    qtbot.waitUntil(lambda: panel.frame is not None and panel.runner.settled)
    panel.choose_example("own_points")
    qtbot.waitUntil(lambda: panel.runner.settled)
    window.activateWindow()
    panel.page.view.setFocus()
    qtbot.waitUntil(lambda: panel.page.view.hasFocus())
    before = panel.page.view
    QTest.mouseClick(before, LEFT, pos=at(*before.to_view(np.array([[3.0, 3.0]]))[0].tolist()))
    qtbot.waitUntil(lambda: panel.runner.settled and panel.page.view is not before)
    assert panel.page.view.hasFocus()


def test_a_clean_sheet_can_be_painted_on(panel: TrainingPanel, settle: Wait) -> None:
    panel.choose_example("own_points")
    settle()
    QTest.mouseClick(panel.brushes.clear, LEFT)
    view = panel.page.view
    assert isinstance(view, PlaneView)
    assert view.own == []
    QTest.mouseClick(view, LEFT, pos=at(*view.to_view(np.array([[1.0, 1.0]]))[0].tolist()))
    settle()
    assert len(panel.frame.data.inputs) == 1


def test_a_drawn_digit_is_classified_live(panel: TrainingPanel, settle: Wait) -> None:
    panel.choose_example("digits")
    settle()
    view = panel.page.view
    assert isinstance(view, DigitsView)
    panel.runner.step(600)
    settle()
    assert panel.frame.test_accuracy > 0.9
    QTest.mouseClick(view._clear, LEFT)
    sheet = view.pad.sheet
    points = [
        at(sheet.left() + sheet.width() * x, sheet.top() + sheet.height() * y)
        for x, y in ((0.36, 0.26), (0.54, 0.12), (0.54, 0.4), (0.54, 0.7), (0.54, 0.88))
    ]
    QTest.mousePress(view.pad, LEFT, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(view.pad, point)
    QTest.mouseRelease(view.pad, LEFT, pos=points[-1])
    settle()
    assert int(np.argmax(view.bars._values)) == 1


def test_the_code_is_decoded_where_the_mouse_points(panel: TrainingPanel, settle: Wait) -> None:
    panel.choose_example("autoencoder")
    settle()
    view = panel.page.view
    assert isinstance(view, CodeView)
    codes = np.asarray(panel.frame.seen["codes"])
    QTest.mouseMove(view, at(*view.to_view(codes[:1])[0].tolist()))
    assert view.decoded is not None
    assert view.decoded.shape == (64,)
    assert view.pointed == pytest.approx(codes[0].tolist(), abs=0.05)


def test_a_table_of_ones_own_is_learned(panel: TrainingPanel, settle: Wait) -> None:
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((60, 3))
    panel.use_table(Data(inputs, inputs.sum(axis=1, keepdims=True)), "sums")
    settle()
    assert panel.frame.spec.network.sizes[0] == 3
    assert panel.note.text() == "sums"
    assert not panel.grab().isNull()


def test_it_stops_after_the_epochs_asked_for(
    panel: TrainingPanel, qtbot: QtBot, settle: Wait
) -> None:
    panel.foot.limit.setValue(4)
    panel.set_pace(0)
    click(panel, "play")
    qtbot.waitUntil(lambda: panel.frame.finished, timeout=20_000)
    settle()
    assert panel.frame.epoch == 4.0
    assert panel.foot.progress.value() == 1000


def test_closing_while_it_trains_leaves_no_thread(panel: TrainingPanel, reach: Reach) -> None:
    panel.set_pace(0)
    click(panel, "play")
    reach(50)
    worker = panel.runner._worker
    assert worker is not None
    panel.shut()
    assert worker.isFinished()
    assert not panel.runner._timer.isActive()


def test_it_trains_on_in_slices_where_frames_come_late(
    panel: TrainingPanel, reach: Reach, settle: Wait
) -> None:
    panel.set_pace(0)
    click(panel, "play")
    reach(10)
    panel.runner.slices = True
    reach(panel.frame.updates + 200)
    assert panel.runner._worker is not None
    assert panel.runner._worker.parked
    click(panel, "play")
    settle()
    assert not panel.playing


def test_the_same_run_in_slices_has_the_same_losses(panel: TrainingPanel, settle: Wait) -> None:
    panel.foot.limit.setValue(3)
    panel.set_pace(0)
    losses = []
    for slices in (False, True):
        panel.runner.play(True)
        panel.runner.slices = slices
        settle()
        losses.append(panel.frame.loss)
        panel.foot.limit.setValue(0)
        click(panel, "rewind")
        panel.foot.limit.setValue(3)
        settle()
    assert losses[0] == losses[1]


def test_everything_speaks_chinese(panel: TrainingPanel) -> None:
    apps.use_language("zh_CN")
    apps.QCoreApplication.sendEvent(panel, apps.QEvent(apps.QEvent.Type.LanguageChange))
    assert panel.windowTitle() == "训练"
    assert panel.row.buttons["play"].accessibleName() == "播放"
    assert panel.page.discrete.text() == "离散化输出"
    apps.use_language("en")
    assert language.current() == "en"


def test_everything_that_takes_the_keyboard_has_a_name(panel: TrainingPanel) -> None:
    QTest.mouseClick(panel.row.settings, LEFT)
    nameless = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and widget.objectName() not in ("qt_spinbox_lineedit", "qt_scrollarea_viewport")
        and type(widget).__name__ not in ("QLineEdit", "QScrollBar", "QTabBar", "QTabWidget")
    ]
    assert nameless == []


def test_times_are_told_in_the_unit_that_suits_them() -> None:
    assert [duration(s) for s in (0.2, 50, 600, 9000)] == ["1 s", "50 s", "10 min", "2.5 h"]


def test_a_long_first_epoch_tells_how_far_it_is(panel: TrainingPanel, settle: Wait) -> None:
    points = np.linspace(-1, 1, 60_000).reshape(-1, 2)
    data = Data(points, np.where(points[:, :1] > 0, 1.0, -1.0), features=("x1", "x2"))
    panel.change(replace(panel.spec, data=data))
    settle()
    frame = replace(panel.frame, epoch=1 / 3, updates=1000, playing=True, per_second=500.0)
    panel.foot.show_frame(frame)
    assert panel.foot.state.text().startswith("Epoch 0.33")


def test_runs_of_another_problem_are_not_drawn_beside_this_one(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.runner.step()
    settle()
    panel.choose_example("sine")
    settle()
    assert panel.page.curves.runs == []
    assert panel.page.curves.figures["kept"].text() == ""
    panel.choose_example("circle")
    settle()
    assert [run.name for run in panel.page.curves.runs] == ["Circle 2-4-2-1 tanh 0.03"]


def test_the_way_out_of_a_batch_of_one_is_in_the_settings(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.choose(fields.by_key("batch_norm"), True)
    panel.choose(fields.by_key("batch"), 249)
    assert "drop_last" in panel.notice.words.text()
    panel.choose(fields.by_key("drop_last"), True)
    panel.choose(fields.by_key("batch"), 249)
    settle()
    assert panel.notice.isHidden()
    assert panel.frame.spec.batch == 249


def test_other_data_leave_the_network_as_it_is(panel: TrainingPanel, settle: Wait) -> None:
    panel.change(with_sizes(panel.spec, (2, 5, 3, 1)))
    panel.choose(fields.by_key("learning_rate"), 0.1)
    panel.runner.step(500)
    settle()
    field = fields.by_key("dataset")
    assert set(field.choices(panel.spec)) >= {"circle", "xor", "gauss", "spiral", "moons", "plane"}
    panel.choose(field, "spiral")
    settle()
    assert panel.frame.spec.network.sizes == (2, 5, 3, 1)
    assert panel.frame.spec.learning_rate == 0.1
    assert panel.frame.spec.network.output == "tanh"
    assert (panel.example, panel.row.examples.currentText()) == ("spiral", "Spiral")
    assert panel.note.text().startswith("The hard one")
    assert panel.page.curves.runs == []
    panel.choose(field, "circle")
    settle()
    assert [run.name for run in panel.page.curves.runs] == ["Circle 2-5-3-1 tanh 0.1"]


@pytest.mark.parametrize("start", ["circle", "clouds", "bumps", "sine"])
def test_every_data_set_offered_can_be_trained(
    panel: TrainingPanel, settle: Wait, start: str
) -> None:
    field = fields.by_key("dataset")
    for name in field.choices(by_key()[start].spec()):
        panel.choose_example(start)
        panel.choose(field, name)
        panel.runner.step()
        settle()
        assert panel.notice.isHidden(), panel.notice.words.text()
        assert panel.frame.spec.data is not None
        assert panel.spec.data.name == name
        assert panel.frame.updates == 1


def test_pictures_are_drawn_while_the_window_goes_on(
    panel: TrainingPanel, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bpstudio.ui.trainer import problems

    beats, threads = [], []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: beats.append(1))
    timer.start()
    made = problems.Problem

    def slow(*given: object) -> object:
        threads.append(threading.current_thread())
        time.sleep(0.1)
        return made(*given)

    monkeypatch.setattr(problems, "Problem", slow)
    panel.choose_example("digits")
    assert threads[0] is not threading.main_thread()
    assert len(beats) > 5
    assert panel.problem.labels.max() == 9
    panel.choose_example("xor")
    assert threads[1] is threading.main_thread()
    settle()


def test_a_set_too_large_to_be_evaluated_says_what_its_loss_is(
    panel: TrainingPanel, reach: Reach, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bpstudio.ui.trainer import engine

    words = panel.page.curves.figures["loss"]
    panel.step()
    settle()
    assert "batches" not in words.text()
    monkeypatch.setattr(engine, "MOST_EVALUATED", 100)
    panel.step()
    settle()
    assert "last batches" in words.text()
    assert "20,000 samples" in words.toolTip()
    assert "last batches" in panel.page.curves.loss.title
    panel.rewind()
    settle()
    assert "last batches" not in words.text()


def test_accuracy_and_test_loss_of_a_large_set_are_shown_from_a_sample_said_in_words(
    panel: TrainingPanel, reach: Reach, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bpstudio.ui.trainer import curves, engine

    for module in (engine, curves):
        monkeypatch.setattr(module, "JUDGED", 60)
    monkeypatch.setattr(engine, "MOST_EVALUATED", 100)
    click(panel, "play")
    reach(300)
    click(panel, "play")
    settle()
    frame, figures = panel.frame, panel.page.curves.figures
    assert frame.judged == ("train", "test")
    rows = np.linspace(0, len(frame.data.test_inputs) - 1, 60).round().astype(int)
    with panel.runner.held() as running:
        trainer = running.trainer
        said = trainer.evaluate(frame.data.test_inputs[rows])
    right = np.sign(said) == np.sign(frame.data.test_targets[rows])
    assert frame.test_accuracy == pytest.approx(right.mean())
    assert "(of 60 samples)" in figures["accuracy"].text()
    assert "(of 60 samples)" in figures["test_loss"].text()
    assert "evenly spread" in figures["test_loss"].toolTip()
    assert "(of 60 samples)" in panel.page.curves.accuracy.title
    known = np.isfinite(frame.curve.test_accuracy)
    assert known.sum() > 1
    panel.rewind()
    settle()
    assert "(of 60" not in figures["accuracy"].text()


def test_the_foot_shows_the_learning_rate_of_now_under_a_schedule(
    panel: TrainingPanel, settle: Wait
) -> None:
    assert "learning rate" not in panel.foot.state.text()
    schedule = Choice("step", {"every": 1.0, "gamma": 0.5})
    panel.change(replace(panel.spec, schedule=schedule, learning_rate=0.4))
    settle()
    assert panel.foot.state.text().endswith("learning rate now 0.4")
    click(panel, "epoch")
    click(panel, "step")
    settle()
    assert panel.foot.state.text().endswith("learning rate now 0.2")
    assert panel.row.quick["learning_rate"].editor.line.text() == "0.4"
