"""The large network: what it paints where, whatever its depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from bpstudio.nn.data import Data
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.parts import Part

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Wait = Callable[[], None]


def test_a_click_beside_the_units_paints_nothing_over_them(
    panel: TrainingPanel, settle: Wait
) -> None:
    network = panel.page.network
    before = network.grab().toImage()
    QTest.mouseClick(network, Qt.MouseButton.LeftButton, pos=QPoint(4, network.height() - 4))
    assert network.hasFocus()
    assert network.picked is None
    after = network.grab().toImage()
    inner = QRect(3, 3, before.width() - 6, before.height() - 6)
    assert after.copy(inner) == before.copy(inner)
    assert after != before


@pytest.mark.parametrize("hidden", [1, 3, 5, 8, 12])
@pytest.mark.parametrize("width", [260, 335, 900])
def test_the_buttons_of_layers_never_touch(
    panel: TrainingPanel, settle: Wait, hidden: int, width: int
) -> None:
    network = panel.page.network
    panel._reshape((2, *[8] * hidden, 1))
    settle()
    network.resize(width, 380)
    shown = [c.geometry() for c in network._widths if not c.isHidden()]
    assert shown or network.apart < 15
    for left, right in pairwise(shown):
        assert not left.intersects(right), (left, right)
    for box in shown:
        assert box.bottom() < min(c.box[1] for c in network.columns) + 1
        assert not box.intersects(network._depth.geometry())


def test_the_field_shows_every_digit_of_a_weight(panel: TrainingPanel, settle: Wait) -> None:
    network = panel.page.network
    panel.runner.edit(0, 0, 0, -1.8336421475410274)
    settle()
    network.open_field(Part(1, 0, 0))
    text = network.field.text()
    assert len(text) > 17
    assert network.field.fontMetrics().horizontalAdvance(text) < network.field.width() - 12


def turn_wheel_over(box: QWidget) -> QWheelEvent:
    middle = QPointF(box.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(box.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    return event


def test_the_wheel_scrolls_the_settings_and_changes_none(
    panel: TrainingPanel, settle: Wait
) -> None:
    QTest.mouseClick(panel.row.settings, Qt.MouseButton.LeftButton)
    before = panel.spec
    boxes = [
        box for kind in (QComboBox, QSpinBox, QSlider) for box in panel.form.findChildren(kind)
    ]
    assert len(boxes) > 8
    for box in (*boxes, *panel.row.findChildren(QComboBox)):
        if box.isVisible():
            # What a box leaves alone, Qt offers to the page under it.
            assert not turn_wheel_over(box).isAccepted()
            assert box.focusPolicy() != Qt.FocusPolicy.WheelFocus
    settle()
    assert panel.spec == before


def test_names_of_earlier_runs_do_not_widen_the_page(panel: TrainingPanel, settle: Wait) -> None:
    panel.resize(730, 760)
    QTest.mouseClick(panel.row.settings, Qt.MouseButton.LeftButton)
    for _ in range(3):
        panel.runner.step()
        settle()
        panel.deepen(1)
        settle()
    assert "·" in panel.page.curves.figures["kept"].text()
    assert panel.page.down.width() <= panel.page.area.viewport().width()


@pytest.fixture
def large() -> Iterator[None]:
    """Large mode, twice as large, while a test runs."""
    themes.appearance().use(factor=2.0)
    yield
    themes.appearance().use(factor=1.0)


@pytest.mark.usefixtures("large")
def test_large_mode_makes_the_network_large_and_nothing_overlap(
    panel: TrainingPanel, settle: Wait
) -> None:
    settle()
    network = panel.page.network
    panel.resize(760, 1640)
    QTest.qWait(20)
    assert panel.page.across.orientation() == Qt.Orientation.Vertical
    assert network.columns[0].side == pytest.approx(2 * 44, rel=0.3)
    # Lower, one part at a time stands under it: no smaller than in half the window, usual size.
    panel.resize(760, 900)
    QTest.qWait(20)
    assert not panel.page.switch.isHidden()
    assert network.columns[0].side >= 2 * 25
    depth = network._depth.geometry()
    shown = [control.geometry() for control in network._widths]
    assert all(control.more.height() >= 30 for control in network._widths)
    for box in shown:
        assert not box.intersects(depth)
        assert box.bottom() < min(column.box[1] for column in network.columns)
    assert panel.row.buttons["play"].iconSize().width() == 40


def test_changing_the_size_while_it_is_open_lays_the_network_out_again(
    panel: TrainingPanel, settle: Wait
) -> None:
    network = panel.page.network
    network.resize(700, 500)
    before = network.columns[0].side
    themes.appearance().use(factor=1.5)
    try:
        assert network.columns[0].side > 1.2 * before
        assert panel.row.buttons["play"].iconSize().width() == 30
    finally:
        themes.appearance().use(factor=1.0)
    assert network.columns[0].side == pytest.approx(before)


def test_in_a_narrow_panel_the_surface_is_large_enough_to_read(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.resize(464, 640)
    settle()
    QTest.qWait(20)
    assert panel.page.across.orientation() == Qt.Orientation.Vertical
    assert panel.page.view.room.width() > 140


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("example", ["circle", "sine", "digits", "autoencoder", "one_hot", "table"])
def test_large_mode_makes_the_letters_of_every_view_large(
    panel: TrainingPanel, settle: Wait, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    if example == "table":
        rng = np.random.default_rng(0)
        inputs = rng.normal(size=(30, 3))
        panel.use_table(Data(inputs, inputs[:, :1], features=("a", "b", "c")), "numbers")
    else:
        panel.choose_example(example)
    settle()
    sizes, made = [], themes.font

    def font(px: float, **style: bool) -> object:
        sizes.append(px)
        return made(px, **style)

    monkeypatch.setattr(themes, "font", font)
    assert panel.page.view is not None
    panel.page.view.grab()
    assert sizes
    assert min(sizes) >= 2 * 9


def test_the_list_of_examples_shows_no_entry_by_half(panel: TrainingPanel) -> None:
    box, option = panel.row.examples, QStyleOptionComboBox()
    box.initStyleOption(option)
    # A menu's arrows would lie over half of an entry; a list has a scroll bar instead.
    assert not box.style().styleHint(QStyle.StyleHint.SH_ComboBox_Popup, option, box)
    assert box.view().verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded


@pytest.mark.parametrize("before", ["one_hot", "circle", "autoencoder"])
@pytest.mark.parametrize("after", ["digits", "autoencoder", "one_hot", "sine"])
def test_a_new_problem_is_painted_before_its_first_numbers_are_there(
    panel: TrainingPanel, settle: Wait, before: str, after: str
) -> None:
    panel.choose_example(before)
    settle()
    panel.choose_example(after)
    # No event has been heard since: the network is still that of the run before.
    panel.grab()
    settle()
    panel.grab()
    assert panel.page.network.sizes == panel.spec.network.sizes
    assert panel.page.network.pictures == panel.page.view.pictures
