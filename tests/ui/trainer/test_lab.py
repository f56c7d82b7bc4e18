"""Gradient flow, deep nets compared, remedies and seeds, as a person uses them: real events."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.nn.flowlog import QUANTITIES
from bpstudio.nn.grid import Grid
from bpstudio.nn.remedies import REMEDIES
from bpstudio.nn.spec import Choice, NetworkSpec
from bpstudio.nn.trainer import Trainer
from bpstudio.ui import app as apps
from bpstudio.ui import ask
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import background
from bpstudio.ui.trainer.background import Desk, Job
from bpstudio.ui.trainer.cases import CASES
from bpstudio.ui.trainer.layerplot import LayerPlot, Sizes
from bpstudio.ui.trainer.layerrows import hint
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.remedycards import against
from bpstudio.ui.trainer.seedsview import rates

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Wait = Callable[[], None]
LEFT = Qt.MouseButton.LeftButton
PAGES = ("network", "flow", "remedies", "seeds")


def press(button: QWidget) -> None:
    QTest.mouseClick(button, LEFT)


def check(box: QWidget) -> None:
    QTest.mouseClick(box, LEFT, pos=QPoint(12, box.height() // 2))


@pytest.fixture
def turn(qtbot: QtBot, panel: TrainingPanel) -> Callable[[str], QWidget]:
    """Turn to a page with a click on its tab; its content."""

    def to(key: str) -> QWidget:
        bar = panel.tabs.tabBar()
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(PAGES.index(key)).center())
        page = panel.pages[key]
        qtbot.waitUntil(lambda: page.isVisible() and panel.runner.settled)
        return getattr(page, "content", page)

    return to


@pytest.fixture
def flow(qtbot: QtBot, panel: TrainingPanel, turn: Callable[[str], QWidget]) -> QWidget:
    """The gradient-flow page of a deep sigmoid net on digits."""
    panel.choose_example("digits")
    network = NetworkSpec((64, *[16] * 8, 10), "sigmoid", "softmax")
    panel.change(replace(panel.spec, network=network, initializer=Choice("xavier")))
    qtbot.waitUntil(lambda: panel.runner.settled)
    content = turn("flow")
    qtbot.waitUntil(lambda: content.view.picture is not None)
    return content


# --- the background -------------------------------------------------------------------------


def test_a_job_tells_its_news_and_its_result(qtbot: QtBot) -> None:
    job, told = Job(), []
    job.told.connect(told.append)

    def work(desk: Desk) -> str:
        for n in range(5):
            desk.tell((n + 1) / 5, n)
        return "done"

    with qtbot.waitSignal(job.ended) as ended:
        job.start(work)
    assert ended.args == ["done"]
    assert told[-1] == 4
    assert not job.running


def test_a_cancelled_job_ends_at_once_with_nothing(qtbot: QtBot) -> None:
    job = Job()

    def work(desk: Desk) -> str:
        while not desk.until():
            pass
        return "too late"

    with qtbot.waitSignal(job.ended, timeout=3000) as ended:
        job.start(work)
        job.cancel()
    assert ended.args == [None]


def test_a_refusal_in_the_background_is_told(qtbot: QtBot) -> None:
    job, refused = Job(), []
    job.refused.connect(refused.append)
    with qtbot.waitSignal(job.ended) as ended:
        job.start(lambda desk: Grid(depths=(0,)).check())
    assert ended.args == [None]
    assert refused == ["0 is not between 1 and 200"]


def test_a_fault_in_the_background_is_logged_and_told(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[type] = []
    monkeypatch.setattr(background.sys, "excepthook", lambda kind, *_: seen.append(kind))
    job, refused = Job(), []
    job.refused.connect(refused.append)
    with qtbot.waitSignal(job.ended):
        job.start(lambda desk: 1 // 0)
    assert seen == [ZeroDivisionError]
    assert len(refused) == 1


def test_closing_a_job_waits_for_its_thread() -> None:
    job = Job()

    def work(desk: Desk) -> None:
        while not desk.until():
            pass

    job.start(work)
    job.close()
    assert not job.running


# --- pages ----------------------------------------------------------------------------------


def test_a_page_is_made_when_it_is_first_looked_at(
    panel: TrainingPanel, turn: Callable[[str], QWidget]
) -> None:
    assert [panel.tabs.tabText(n) for n in range(4)] == [
        *("Network", "Gradient flow", "Remedies", "Seeds")
    ]
    for key in PAGES[1:]:
        assert panel.pages[key].content is None
        assert turn(key) is not None


def test_the_network_page_shows_what_happened_while_another_was_open(
    panel: TrainingPanel, turn: Callable[[str], QWidget], settle: Wait
) -> None:
    turn("seeds")
    press(panel.row.buttons["step"])
    settle()
    bar = panel.tabs.tabBar()
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(0).center())
    settle()
    assert panel.page.curves.frame.updates == 1


# --- gradient flow --------------------------------------------------------------------------


def test_the_flow_at_the_start_is_that_of_the_first_step(
    panel: TrainingPanel, flow: QWidget, settle: Wait
) -> None:
    picture = flow.view.picture
    assert picture.updates == 0
    trainer = Trainer(replace(panel.spec, data=panel.problem.data))
    trainer.step()
    norms = [row.norm_weight_gradient for row in picture.now]
    np.testing.assert_allclose(norms, trainer.report().norms, rtol=1e-12)
    assert flow.view.sentence.text().startswith("The gradient vanishes: ")
    assert "ratio alone misleads" in flow.view.misleads.text()


def test_a_step_and_an_epoch_are_seen_with_the_history(
    panel: TrainingPanel, flow: QWidget, settle: Wait, qtbot: QtBot
) -> None:
    press(panel.row.buttons["step"])
    press(panel.row.buttons["epoch"])
    settle()
    updates = panel.frame.updates
    qtbot.waitUntil(lambda: flow.view.picture.updates == updates)
    assert list(flow.view.picture.steps) == [0, 1, updates]
    assert flow.view.map.field.values.shape == (9, 3)
    assert flow.view.rows.accessibleDescription().count("\n") == 8
    press(panel.row.buttons["rewind"])
    qtbot.waitUntil(lambda: flow.view.picture.updates == 0)
    assert list(flow.view.picture.steps) == [0]


def test_the_last_picture_of_a_run_that_played_is_its_last_state(
    panel: TrainingPanel, flow: QWidget, reach: Callable[[int], None], qtbot: QtBot
) -> None:
    press(panel.row.buttons["play"])
    reach(60)
    press(panel.row.buttons["play"])
    qtbot.waitUntil(lambda: panel.runner.settled)
    qtbot.waitUntil(lambda: flow.view.picture.updates == panel.frame.updates, timeout=5000)


def test_the_history_goes_on_while_nobody_looks(
    panel: TrainingPanel, flow: QWidget, turn: Callable[[str], QWidget], settle: Wait
) -> None:
    turn("network")
    assert not panel.pages["flow"].log.wanted
    press(panel.row.buttons["epoch"])
    settle()
    assert panel.frame.seen["flow"] is None
    turn("flow")
    settle()
    assert list(flow.view.picture.steps) == [0, panel.frame.updates]


def test_every_quantity_can_be_seen_over_time(flow: QWidget) -> None:
    box = flow.view.quantity
    box.setFocus()
    kinds = []
    for key in QUANTITIES:
        assert box.currentData() == key
        kinds.append(flow.view.map.field.kind)
        assert not flow.view.map.grab().isNull()
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert kinds == ["size", "size", "size", "ratio", "share"]


def test_keys_and_pointer_read_layers(flow: QWidget) -> None:
    view = flow.view
    view.rows.setFocus()
    QTest.keyClick(view.rows, Qt.Key.Key_Down)
    QTest.keyClick(view.rows, Qt.Key.Key_Down)
    assert view.reading.text().startswith("Layer 2: spread ")
    view.map.setFocus()
    QTest.keyClick(view.map, Qt.Key.Key_Left)
    QTest.keyClick(view.map, Qt.Key.Key_Down)
    assert view.map.reading == (1, 0)
    assert view.map._title().startswith("Layer 2, update 0: ")
    view.sizes.setFocus()
    QTest.keyClick(view.sizes, Qt.Key.Key_Right)
    assert view.sizes.reading == 0
    room = view.map.room
    QTest.mouseMove(view.map, QPointF(room.left() + 2, room.bottom() - 2).toPoint())
    assert view.map.reading == (8, 0)


def test_without_the_start_beside_it_nothing_faint_is_drawn(
    panel: TrainingPanel, flow: QWidget, settle: Wait
) -> None:
    press(panel.row.buttons["epoch"])
    settle()
    assert any(line.faint for line in flow.view.sizes.lines)
    check(flow.view.beside)
    assert not any(line.faint for line in flow.view.sizes.lines)


def test_another_network_is_looked_at_at_once(
    panel: TrainingPanel, flow: QWidget, settle: Wait, qtbot: QtBot
) -> None:
    panel.deepen(-1)
    settle()
    qtbot.waitUntil(lambda: flow.view.picture is not None and len(flow.view.picture.now) == 8)


def test_updates_far_from_a_thousandth_are_marked() -> None:
    assert [hint(v).strip() for v in (1e-3, 2e-2, 3e-5, math.nan, 0.0)] == ["", "↑", "↓", "", ""]


# --- deep nets compared ---------------------------------------------------------------------


@pytest.fixture
def grid(flow: QWidget) -> QWidget:
    """The table's page, with small nets chosen."""
    press(flow.deep)
    flow.grid.width_.setValue(12)
    flow.grid.seeds.setValue(2)
    return flow.grid


def finish(qtbot: QtBot, content: QWidget) -> None:
    qtbot.waitUntil(lambda: not content.bar.job.running, timeout=60_000)


def test_one_click_fills_the_table(grid: QWidget, qtbot: QtBot) -> None:
    press(grid.bar.button)
    assert grid.bar.button.text() == "Cancel"
    finish(qtbot, grid)
    cells = grid.table.cells
    assert (cells.rowCount(), cells.columnCount()) == (9, 9)
    assert len(cells.cells) == 81
    assert grid.words.text().startswith("Sigmoid, 5 layers, N(0, 0.01²): first ")
    assert grid.plot.layers == 5
    grid.table.setFocus()
    QTest.keyClick(grid.table, Qt.Key.Key_End)
    assert "20 layers, He" in grid.words.text()
    assert grid.plot.layers == 20
    assert not grid.grab().isNull()


def test_what_is_chosen_is_what_is_compared(grid: QWidget, qtbot: QtBot) -> None:
    for key in (10, 20):
        check(grid.depths.boxes[key])
    check(grid.depths.boxes[2])
    # The last one stays: a table of nothing is none.
    for key in ("sigmoid", "tanh", "relu"):
        check(grid.activations.boxes[key])
    assert grid.activations.chosen == ("relu",)
    press(grid.bar.button)
    finish(qtbot, grid)
    cells = grid.table.cells.cells
    assert {cell.depth for cell in cells} == {2, 5}
    assert {cell.activation for cell in cells} == {"relu"}


def test_the_table_can_be_cancelled_and_keeps_what_it_has(grid: QWidget, qtbot: QtBot) -> None:
    grid.width_.setValue(300)
    grid.seeds.setValue(20)
    press(grid.bar.button)
    qtbot.waitUntil(lambda: len(grid.table.cells.cells) > 0, timeout=60_000)
    press(grid.bar.button)
    finish(qtbot, grid)
    assert 0 < len(grid.table.cells.cells) < 81
    assert grid.bar.state.text() == "Cancelled."
    assert grid.export.isEnabled()


def test_the_table_is_saved_and_copied(
    grid: QWidget, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(grid.bar.button)
    finish(qtbot, grid)
    path = tmp_path / "nets.csv"
    monkeypatch.setattr(ask, "file_to_export", lambda *_: path)
    grid._save.trigger()
    with path.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 81
    grid._copy.trigger()
    assert "verdict" in QGuiApplication.clipboard().text()
    grid.write(tmp_path / "no folder" / "nets.txt")
    assert "nets.txt" in grid.bar.state.text()


def test_a_cell_is_built_for_the_panels_data(
    panel: TrainingPanel, grid: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    press(grid.bar.button)
    finish(qtbot, grid)
    grid.table.setCurrentIndex(grid.table.cells.index(7, 2))
    press(grid.build)
    settle()
    network = panel.frame.spec.network
    assert network.sizes == (64, *[12] * 5, 10)
    assert (network.activation, network.batch_norm) == ("relu", True)
    assert panel.spec.initializer.kind == "he"


# --- remedies -------------------------------------------------------------------------------


def test_every_remedy_says_what_it_cures_and_what_not(turn: Callable[[str], QWidget]) -> None:
    view = turn("remedies")
    assert set(view.cards.cards) == set(REMEDIES)
    for key, card in view.cards.cards.items():
        assert card.box.text()
        assert card.cures.text().startswith(against(REMEDIES[key]))
        press(card.explain)
        assert card.note.isVisible()
    assert "not against exploding" in view.cards.cards["relu"].cures.text()
    assert "already" in view.cards.cards["initialization"].cures.text()
    assert not view.cards.cards["initialization"].box.isEnabled()


def test_a_twin_run_stands_before_beside_after_and_is_taken(
    panel: TrainingPanel, turn: Callable[[str], QWidget], qtbot: QtBot, settle: Wait
) -> None:
    view = turn("remedies")
    view.epochs.setValue(3)
    assert not view.take.isEnabled()
    press(view.bar.button)
    assert view.bar.state.text() == "Switch on a remedy first."
    check(view.cards.cards["batch_norm"].box)
    assert view.cards.cards["batch_norm"].note.isVisible()
    press(view.bar.button)
    finish(qtbot, view)
    before, after = view.view.sides
    assert len(before.losses) == len(after.losses) == 4
    assert (before.verdict, after.verdict) == ("vanishes", "even")
    left, right = (half.figures.text() for half in view.view.halves)
    assert "vanishes" in left
    assert "even" in right
    press(view.take)
    settle()
    assert panel.example == "digits"
    assert panel.frame.spec.network.batch_norm
    assert panel.frame.spec.network.sizes == (64, 50, 50, 50, 50, 50, 10)


def test_the_panels_own_network_is_treated_from_its_own_seed(
    panel: TrainingPanel, turn: Callable[[str], QWidget], qtbot: QtBot, settle: Wait
) -> None:
    view = turn("remedies")
    view.cases.setCurrentIndex(0)
    check(view.cards.cards["clipping"].box)
    view.epochs.setValue(2)
    press(view.bar.button)
    finish(qtbot, view)
    before, _ = view.view.sides
    trainer = Trainer(replace(panel.spec, data=panel.problem.data))
    trainer.run(epochs=2)
    assert before.losses[-1] == trainer.loss()
    press(view.take)
    settle()
    assert panel.frame.spec.clip_norm == 1.0
    assert not view.cards.cards["clipping"].box.isEnabled() or panel.spec.clip_norm == 1.0


def test_pretrained_weights_are_taken_only_once_they_are_learnt(
    panel: TrainingPanel, turn: Callable[[str], QWidget], qtbot: QtBot, settle: Wait
) -> None:
    view = turn("remedies")
    view.epochs.setValue(1)
    check(view.cards.cards["pretraining"].box)
    assert not view.take.isEnabled()
    press(view.bar.button)
    finish(qtbot, view)
    press(view.take)
    settle()
    assert panel.spec.weights is not None
    np.testing.assert_array_equal(panel.frame.weights[0].W, panel.spec.weights[0].W)


def test_a_twin_run_can_be_cancelled(turn: Callable[[str], QWidget], qtbot: QtBot) -> None:
    view = turn("remedies")
    view.epochs.setValue(5000)
    check(view.cards.cards["relu"].box)
    press(view.bar.button)
    qtbot.waitUntil(lambda: view.view.sides is not None, timeout=20_000)
    press(view.bar.button)
    finish(qtbot, view)
    assert view.bar.state.text() == "Cancelled."
    assert len(view.view.sides[0].losses) < 5000


def test_switching_a_remedy_while_it_runs_ends_the_run(
    turn: Callable[[str], QWidget], qtbot: QtBot
) -> None:
    view = turn("remedies")
    view.epochs.setValue(5000)
    check(view.cards.cards["relu"].box)
    press(view.bar.button)
    qtbot.waitUntil(lambda: view.view.sides is not None, timeout=20_000)
    check(view.cards.cards["batch_norm"].box)
    finish(qtbot, view)
    assert view.view.sides is None


def test_numbers_that_ran_away_are_told_beside_the_cure(
    turn: Callable[[str], QWidget], qtbot: QtBot
) -> None:
    view = turn("remedies")
    view.cases.setCurrentIndex(1 + [case.key for case in CASES].index("exploding"))
    check(view.cards.cards["clipping"].box)
    view.epochs.setValue(1)
    press(view.bar.button)
    finish(qtbot, view)
    before, after = view.view.sides
    assert before.fault
    assert not after.fault
    assert view.view.halves[0].figures.text().endswith(before.fault)
    assert not view.grab().isNull()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_every_case_can_be_trained(case) -> None:
    spec = case.spec()
    spec.check()
    trainer = Trainer(spec)
    trainer.step()
    assert len(trainer.flow()) == len(spec.network.sizes) - 1


# --- seeds ----------------------------------------------------------------------------------


@pytest.fixture
def seeds(turn: Callable[[str], QWidget]) -> QWidget:
    view = turn("seeds")
    view.count.setValue(6)
    view.epochs.setValue(4)
    return view


def test_seeds_run_side_by_side_with_median_and_band(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot
) -> None:
    press(seeds.bar.button)
    finish(qtbot, seeds)
    assert seeds.shown.losses.shape == (5, 6)
    np.testing.assert_array_equal(seeds.shown.median, np.median(seeds.shown.losses, axis=1))
    assert (seeds.shown.low <= seeds.shown.high).all()
    assert seeds.values == tuple(range(panel.spec.seed, panel.spec.seed + 6))
    first = [seeds.table.item(0, column).text() for column in range(3)]
    assert first[2] == "★ best"
    assert int(first[0]) == seeds.values[int(seeds.shown.losses[-1].argmin())]
    trainer = Trainer(replace(panel.spec, data=panel.problem.data, seed=seeds.values[2]))
    trainer.run(epochs=4)
    assert seeds.shown.losses[-1, 2] == pytest.approx(trainer.loss(), rel=1e-9)


def test_a_click_takes_a_seed_and_keys_read_its_curve(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    press(seeds.bar.button)
    finish(qtbot, seeds)
    table = seeds.table
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert "chosen" in [line.name for line in seeds.plot.lines]
    QTest.keyClick(table, Qt.Key.Key_Return)
    settle()
    wanted = int(table.item(1, 0).text())
    assert panel.frame.spec.seed == wanted
    QTest.mouseClick(table.viewport(), LEFT, pos=table.visualItemRect(table.item(3, 0)).center())
    settle()
    assert panel.spec.seed == int(table.item(3, 0).text()) != wanted


def test_learning_rates_side_by_side_name_those_that_ran_away(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    panel.choose_example("plane")
    panel.change(replace(panel.spec, optimizer=Choice("sgd")))
    settle()
    seeds.which.setCurrentIndex(1)
    assert seeds.lowest.isVisible()
    seeds.highest.setCurrentIndex(seeds.highest.count() - 1)
    seeds.epochs.setValue(40)
    press(seeds.bar.button)
    finish(qtbot, seeds)
    assert seeds.values[0] == 0.001
    assert seeds.values[-1] == 10.0
    notes = [seeds.table.item(row, 2).text() for row in range(6)]
    assert notes[0] == "★ best"
    assert notes[-1] == "ran away"
    press(panel.row.buttons["step"])
    settle()
    seeds.table.setCurrentCell(0, 0)
    QTest.keyClick(seeds.table, Qt.Key.Key_Return)
    settle()
    assert panel.frame.spec.learning_rate == seeds.values[int(np.nanargmin(seeds.shown.losses[-1]))]
    assert panel.frame.updates == 0


def test_runs_of_an_earlier_network_are_said_to_be_so(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, settle: Wait
) -> None:
    press(seeds.bar.button)
    finish(qtbot, seeds)
    panel.deepen(1)
    settle()
    assert seeds.note.text().startswith("These runs are of an earlier network.")


def test_so_many_large_nets_are_refused(
    panel: TrainingPanel, seeds: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.ui.trainer.seedsview.MOST_PARAMETERS", 100)
    press(seeds.bar.button)
    finish(qtbot, seeds)
    assert seeds.bar.state.text().startswith("So many nets of this size do not fit")
    assert seeds.shown is None


def test_rates_are_evenly_apart_on_a_log_axis() -> None:
    assert rates(0.001, 1.0, 4) == (0.001, 0.01, 0.1, 1.0)


# --- all pages ------------------------------------------------------------------------------


def test_a_long_computation_pauses_training(
    panel: TrainingPanel, seeds: QWidget, reach: Callable[[int], None], qtbot: QtBot
) -> None:
    press(panel.row.buttons["play"])
    reach(5)
    press(seeds.bar.button)
    finish(qtbot, seeds)
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
    content = turn(key)
    if key == "flow":
        press(content.deep)
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
    content = turn(key)
    if key == "flow":
        press(content.deep)
    panel.resize(480, 640)
    QTest.qWait(20)
    assert panel.width() <= 560
    assert not panel.grab().isNull()


@pytest.mark.parametrize("width", [650, 760, 1000])
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
    assert twin.width() <= twin.parentWidget().width()
    assert view.across.sizes()[1] >= view.across.sizes()[0] or width > 720


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
    press(grid.bar.button)
    finish(qtbot, grid)
    QTest.qWait(20)
    assert grid.note.isHidden()
    rows = grid.table.verticalHeader().defaultSectionSize()
    assert grid.table.viewport().height() >= 2 * rows


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
