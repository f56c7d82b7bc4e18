"""What holds for every page: pausing, languages, names, room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui import app as apps
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.layerplot import LayerPlot, Sizes
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.lab.turning import PAGES, Wait, check, press, press_and_finish, turned_deep

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_long_computation_pauses_training(
    panel: TrainingPanel, seeds: QWidget, reach: Callable[[int], None], qtbot: QtBot
) -> None:
    press(panel.row.buttons["play"])
    reach(5)
    press_and_finish(qtbot, seeds)
    qtbot.waitUntil(lambda: panel.runner.settled)
    assert not panel.playing


def test_shutting_the_panel_ends_what_is_at_work(
    panel: TrainingPanel, turn: Callable[[str], QWidget]
) -> None:
    view = turn("remedies")
    view.epochs.setValue(100_000)
    check(view.cards.cards["relu"].box)
    press(view.bar.button)
    panel.shut()
    assert not view.bar.job.running
    assert view.bar.button.text() == "Run both"


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_every_page_speaks_chinese_in_every_dress(
    panel: TrainingPanel, turn: Callable[[str], QWidget], choice: str, settle: Wait
) -> None:
    contents = [turn(key) for key in PAGES[1:]]
    press(contents[0].deep)
    themes.appearance().use(choice)
    apps.use_language("zh_CN")
    apps.QCoreApplication.sendEvent(panel, apps.QEvent(apps.QEvent.Type.LanguageChange))
    assert panel.pages["remedies"].content.bar.button.text() == "并排训练"
    assert contents[0].grid.bar.button.text() == "比较"
    assert contents[1].cards.cards["clipping"].box.text() == "梯度裁剪"
    assert panel.tabs.tabText(1) == "梯度流"
    for key in PAGES[1:]:
        turn(key)
        assert not panel.grab().isNull()
    apps.use_language("en")


@pytest.mark.parametrize("key", PAGES[1:])
def test_every_control_has_a_name_for_screen_readers(
    panel: TrainingPanel, turn: Callable[[str], QWidget], key: str
) -> None:
    content = turned_deep(turn, key)
    for part in content.findChildren(QWidget):
        if part.focusPolicy() == Qt.FocusPolicy.NoFocus or part.isHidden():
            continue
        if part.objectName().startswith("qt_") or not part.isVisible():
            continue
        named = part.accessibleName() or (hasattr(part, "text") and part.text())
        inside = part.parentWidget() is not None and part.parentWidget().accessibleName()
        assert named or inside, (type(part).__name__, part.objectName())


@pytest.mark.parametrize("key", PAGES[1:])
def test_a_page_fits_the_narrowest_panel(
    panel: TrainingPanel, turn: Callable[[str], QWidget], key: str
) -> None:
    turned_deep(turn, key)
    panel.resize(480, 640)
    QTest.qWait(20)
    assert panel.width() <= 560
    assert not panel.grab().isNull()


@pytest.mark.parametrize("width", [650, 722, 760, 1000])
def test_beside_a_graph_nothing_of_the_comparison_is_cut(
    panel: TrainingPanel, turn: Callable[[str], QWidget], flow: QWidget, width: int
) -> None:
    panel.resize(width, 760)
    QTest.qWait(20)
    rows = flow.view.rows
    assert rows.width() <= width
    assert max(place.right() for _, place in rows._lefts()) <= rows.width()
    view = turn("remedies")
    QTest.qWait(20)
    twin = view.view
    assert [half.accuracy.short for half in twin.halves] == ["Accuracy", "Accuracy"]
    assert twin.width() <= twin.parentWidget().width()
    assert view.across.sizes()[1] >= view.across.sizes()[0] or width > 720
    # The switches as wide as a hand can draw them.
    view.across.setSizes([600, 100])
    QTest.qWait(20)
    assert twin.width() <= twin.parentWidget().width()


def test_in_a_low_panel_the_table_of_deep_nets_has_room_for_several_rows(
    panel: TrainingPanel, turn: Callable[[str], QWidget], qtbot: QtBot
) -> None:
    panel.resize(660, 760)
    content = turn("flow")
    press(content.deep)
    grid = content.grid
    assert not grid.note.isHidden()
    assert "(3)" in grid.variants.button.text()
    assert grid.variants.button.toolTip().count(",") == 2
    assert grid.weights.y() == grid.depths.y()
    grid.depths.boxes[10].setChecked(False)
    grid.depths.boxes[20].setChecked(False)
    grid.width_.setValue(10)
    grid.seeds.setValue(1)
    press_and_finish(qtbot, grid)
    QTest.qWait(20)
    assert grid.note.isHidden()
    rows = grid.table.verticalHeader().defaultSectionSize()
    assert grid.table.viewport().height() >= 2 * rows
    grid.words.setText("Of many words that wrap. " * 12)
    grid._make_room()
    QTest.qWait(20)
    assert grid.plot.geometry().bottom() <= grid.plot.parentWidget().height()
    assert grid.plot.height() >= grid.plot.minimumHeight()


def test_every_line_of_a_plot_is_named_however_narrow_it_is(qtbot: QtBot) -> None:
    plot = LayerPlot()
    qtbot.addWidget(plot)
    plot.show_lines(
        [
            Sizes("activations", (1.0, 2.0), "value", "disc"),
            Sizes("back-propagated", (1.0, 2.0), "grad", "square"),
            Sizes("weights’ gradient", (1.0, 2.0), "losses", "triangle"),
        ]
    )
    tops = []
    for width in (170, 220, 480):
        plot.resize(width, 160)
        named = [words for _, words, _, _ in plot._names()]
        assert named == [line.name for line in plot.lines]
        tops.append(plot.room.top())
        plot.grab()
    assert tops[0] > tops[1] > tops[2]
