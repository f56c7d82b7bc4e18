"""The panel in little room: nothing is cut, nothing scrolls, play and step stay in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui import app as apps
from bpstudio.ui import theme
from bpstudio.ui.trainer.panel import TrainingPanel
from tests.ui.trainer.panel.acts import Reach, Wait, click

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
DOCKED = (598, 494), (420, 542)
"""Of the docked panel in a window of 1280x720 and of 1024x768."""


def place(part: QWidget, panel: TrainingPanel) -> QRect:
    return QRect(part.mapTo(panel, QPoint(0, 0)), part.size())


@pytest.mark.parametrize("size", DOCKED)
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_docked_panel_is_seen_whole(
    panel: TrainingPanel, settle: Wait, qtbot: QtBot, size: tuple[int, int], lang: str
) -> None:
    apps.use_language(lang)
    panel.resize(*size)
    settle()
    page = panel.pages["network"]
    qtbot.waitUntil(lambda: page.down.size() == page.area.size())
    row = panel.row
    parts = [*row.buttons.values(), row.settings, row.examples, row.pace, panel.foot.limit]
    parts += [row.quick["learning_rate"], page.network, page.side, page.discrete, page.tests]
    for part in parts:
        assert part.isVisible()
        assert panel.rect().contains(place(part, panel)), part
    for title in ("loss", "accuracy"):
        assert "…" not in getattr(page.curves, title).heading()


def test_in_a_narrow_low_panel_one_part_at_a_time_stands_under_the_network(
    panel: TrainingPanel, settle: Wait
) -> None:
    panel.resize(*DOCKED[1])
    settle()
    page = panel.pages["network"]
    switch, curves = page.switch, page.curves
    assert switch.told.text() == curves.brief != ""
    seen = []
    for at in range(switch.bar.count()):
        switch.bar.setCurrentIndex(at)
        QTest.qWait(20)
        parts = {"output": page.side, "loss": curves.loss, "accuracy": curves.accuracy}
        seen.append([key for key, part in parts.items() if part.isVisible()])
        assert parts[seen[-1][0]].height() >= 100
    assert seen == [["output"], ["loss"], ["accuracy"]]
    panel.resize(1000, 760)
    QTest.qWait(20)
    assert page.side.isVisible()
    assert curves.loss.isVisible()
    assert curves.accuracy.isVisible()
    assert not switch.isVisible()


def test_where_nothing_is_judged_no_accuracy_is_offered(panel: TrainingPanel, settle: Wait) -> None:
    panel.resize(*DOCKED[1])
    panel.choose_example("sine")
    settle()
    assert not panel.pages["network"].switch.bar.isTabVisible(2)


def test_the_row_gives_back_what_it_took(panel: TrainingPanel, settle: Wait) -> None:
    wide = [panel.row._row.itemAt(n).widget() for n in range(panel.row._row.count())]
    panel.resize(*DOCKED[1])
    assert panel.row.quick["l2"].isHidden()
    assert panel.row.settings.parentWidget() is panel.row
    panel.resize(1000, 760)
    assert [panel.row._row.itemAt(n).widget() for n in range(panel.row._row.count())] == wide
    assert panel.row.quick["l2"].isVisible()
    panel.row.settings.click()
    assert panel.form.isVisible()


def test_the_foot_cuts_no_number(panel: TrainingPanel, reach: Reach, settle: Wait) -> None:
    panel.resize(*DOCKED[1])
    panel.foot.limit.setValue(1_000_000)
    panel.set_pace(0)
    click(panel, "play")
    reach(3000)
    click(panel, "play")
    settle()
    state = panel.foot.state
    assert state.text().startswith("Epoch ")
    assert state.fontMetrics().horizontalAdvance(state.text()) <= state.width()
    assert f"{panel.frame.updates:,} updates" in state.toolTip()
    assert "1,000,000" in panel.foot.limit.text()


@pytest.mark.parametrize("size", [1.5, 2.0])
def test_the_settings_have_room_for_their_words_in_large_mode(
    panel: TrainingPanel, settle: Wait, size: float
) -> None:
    panel.resize(1120, 800)
    panel.row.settings.click()
    try:
        theme.appearance().use(factor=size)
        settle()
        QTest.qWait(100)
        inside = panel.form.widget()
        assert inside.minimumSizeHint().width() <= panel.form.viewport().width()
    finally:
        theme.appearance().use(factor=1.0)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_in_large_mode_its_own_window_on_a_low_screen_shows_all_without_scrolling(
    panel: TrainingPanel, settle: Wait, qtbot: QtBot, lang: str
) -> None:
    try:
        apps.use_language(lang)
        theme.appearance().use(factor=1.5)
        # On a screen of 720 lines, less the title bar.
        panel.resize(1120, 680)
        settle()
        page = panel.page
        qtbot.waitUntil(lambda: page.down.size() == page.area.size())
        parts = [*panel.row.buttons.values(), page.network, page.view, page.curves.loss]
        for part in parts:
            assert panel.rect().contains(place(part, panel)), part
        assert min(page.view.width(), page.view.height()) >= 180
        assert page.curves.loss.room.height() >= 60
    finally:
        theme.appearance().use(factor=1.0)


@pytest.mark.parametrize("size", [(1000, 760), *DOCKED])
def test_a_notice_moves_nothing_when_it_comes_and_goes(
    panel: TrainingPanel, settle: Wait, size: tuple[int, int]
) -> None:
    panel.resize(*size)
    panel.row.settings.click()
    settle()
    QTest.qWait(20)
    parts = [panel.form, panel.tabs, panel.foot, panel.row, panel.page.network]
    parts += [editor.entry for editor in panel.form.editors.values()]
    before = [place(part, panel) for part in parts]
    panel.tell("Batch norm needs two samples or more in a batch, for one has no variance. " * 2)
    QTest.qWait(20)
    assert panel.notice.isVisible()
    assert panel.rect().contains(place(panel.notice, panel))
    words = panel.notice.words
    assert words.height() >= words.heightForWidth(words.width())
    assert [place(part, panel) for part in parts] == before
    panel.notice.away.click()
    QTest.qWait(20)
    assert not panel.notice.isVisible()
    assert [place(part, panel) for part in parts] == before


def test_a_notice_that_was_closed_is_not_told_again_with_every_frame(panel: TrainingPanel) -> None:
    notice = panel.notice
    notice.tell_of("It ran away.", "")
    assert notice.offers_rewind
    notice.away.click()
    notice.tell_of("It ran away.", "")
    assert not notice.isVisible()
    notice.tell_of("", "Something else is refused.")
    assert notice.isVisible()
    notice.tell_of("It ran away.", "")
    assert notice.offers_rewind
