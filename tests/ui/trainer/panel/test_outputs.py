"""The panel as a person uses it: examples, surfaces, painted points, pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.nn.data import Data
from bpstudio.ui.theme import LIGHT
from bpstudio.ui.trainer import colours
from bpstudio.ui.trainer.examples import EXAMPLES
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.views import plane
from bpstudio.ui.trainer.views.code import CodeView, apart
from bpstudio.ui.trainer.views.curve import known_pieces
from bpstudio.ui.trainer.views.digits import DigitsView, _Bars
from bpstudio.ui.trainer.views.plane import PlaneView
from bpstudio.ui.window import Window
from tests.ui.trainer.panel.acts import LEFT, RIGHT, Reach, Wait, at, click

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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


def test_who_paints_keeps_the_keys(window: Window, docked: TrainingPanel, qtbot: QtBot) -> None:
    panel = docked
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


def test_points_are_painted_and_taken_away_with_keys_alone(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.choose_example("own_points")
    settle()
    count = len(panel.own)
    panel.page.view.setFocus()
    QTest.keyClick(panel.page.view, Qt.Key.Key_2)
    for _ in range(3):
        QTest.keyClick(panel.page.view, Qt.Key.Key_Right)
    QTest.keyClick(panel.page.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    place = panel.page.view.cross
    assert place[0] == pytest.approx(1.5)
    assert place[1] == pytest.approx(0.1)
    assert panel.page.view.accessibleDescription() == "(1.5, 0.1)"
    QTest.keyClick(panel.page.view, Qt.Key.Key_Space)
    settle()
    assert panel.own[-1] == (*place, 1)
    assert len(panel.frame.data.inputs) == count + 1
    # The new network has a new view, which has the keyboard and the cross where they were.
    assert panel.page.view.cross == place
    assert panel.page.view.hasFocus()
    QTest.keyClick(panel.page.view, Qt.Key.Key_Delete)
    settle()
    assert len(panel.own) == count


def test_a_key_that_is_held_paints_one_point_and_none_where_there_are_too_many(
    panel: TrainingPanel, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.choose_example("own_points")
    settle()
    count, space = len(panel.own), Qt.Key.Key_Space

    def press(again: bool) -> QKeyEvent:
        none = Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(QEvent.Type.KeyPress, space, none, " ", again)
        QApplication.sendEvent(panel.page.view, event)
        return event

    for again in (False, True, True):
        press(again)
    settle()
    assert len(panel.own) == count + 1
    monkeypatch.setattr(plane, "MOST_OWN", count + 1)
    assert press(False).isAccepted(), "the key is the view's all the same"
    settle()
    assert len(panel.own) == count + 1


def test_a_class_without_a_brush_has_no_key_and_brushes_are_told_by_number(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.choose_example("own_points")
    settle()
    view = panel.page.view
    assert isinstance(view, PlaneView)
    before = view.brush
    for key in (Qt.Key.Key_6, Qt.Key.Key_9):
        QTest.keyClick(view, key)
    assert view.brush == before
    assert [button.text() for button in panel.brushes.group.buttons()] == list("12345")


def test_the_code_is_decoded_with_keys_alone(panel: TrainingPanel, settle: Wait) -> None:
    panel.choose_example("autoencoder")
    settle()
    view = panel.page.view
    assert isinstance(view, CodeView)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    first = view.decoded
    assert first is not None
    assert view.accessibleDescription() != ""
    for _ in range(12):
        QTest.keyClick(view, Qt.Key.Key_Up)
    assert not np.array_equal(first, view.decoded)
    codes = np.asarray(panel.frame.seen["codes"])
    QTest.keyClick(view, Qt.Key.Key_Return)
    away = np.hypot(*(view.to_view(codes) - view.to_view(np.array([view.pointed]))).T)
    assert view.sample == int(away.argmin())
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.pointed is None


@given(
    arrays(np.float64, st.tuples(st.integers(1, 10), st.just(2)), elements=st.floats(-100, 100)),
)
def test_names_of_classes_keep_apart(places: np.ndarray) -> None:
    moved = apart(places, 23.0)
    for one, first in enumerate(moved):
        for other in moved[one + 1 :]:
            assert np.abs(first - other).max() >= 12.0
    far = np.array([[0.0, 0.0], [50.0, 0.0]])
    assert np.array_equal(apart(far, 23.0), far)


def test_a_line_is_broken_where_it_is_no_number() -> None:
    line = np.array([[0, 1], [1, np.nan], [2, 3], [3, 4], [4, np.inf]], dtype=float)
    assert [piece.tolist() for piece in known_pieces(line)] == [[[0, 1]], [[2, 3], [3, 4]]]
    assert known_pieces(line[1:2]) == []


def test_numbers_that_ran_away_are_no_digit(panel: TrainingPanel, settle: Wait) -> None:
    panel.choose_example("digits")
    settle()
    view = panel.page.view
    assert isinstance(view, DigitsView)
    bars = view.findChild(_Bars)
    bars.show_values(np.array([0.1, 0.9, *[0.0] * 8]))
    assert bars.accessibleDescription() == "1: 90%"
    bars.show_values(np.full(10, np.nan))
    assert bars.best == -1
    assert bars.accessibleDescription() == ""
    assert not bars.grab().isNull()
