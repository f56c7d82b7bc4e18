"""How the width of a small window is shared."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from bpstudio.ui import theme
from bpstudio.ui.document import Document
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh_CN"])


@pytest.fixture
def docked(window: Window, opened: Document, qtbot) -> TrainingPanel:
    """The training panel beside the graph in a window of a small laptop."""
    window.settings.set("training_place", "docked")
    window.resize(1280, 690)
    panel = window.training.show()
    qtbot.waitUntil(lambda: panel.frame is not None and panel.runner.settled)
    QTest.qWait(20)
    return panel


def resize(window: Window, width: int, height: int) -> None:
    window.resize(width, height)
    QTest.qWait(20)


@LANGUAGES
def test_at_1024_pixels_the_canvas_has_600_and_no_card_is_cut(
    window: Window, opened: Document, lang: str
) -> None:
    window.settings.set("language", lang)
    resize(window, 1440, 860)
    resize(window, 1024, 720)
    assert window.canvas.width() >= 600
    palette, inspector = window.workbench.palette, window.workbench.panels["inspector"]
    metrics = QFontMetrics(theme.font(theme.length(10)))
    for card in palette.cards.values():
        words = card._caption(metrics, card.width() - 6)
        assert words in card._captions()
    for label in inspector.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width() + 1
    window.settings.set("language", "en")


def test_a_window_made_wide_again_gives_the_sides_their_width_back(
    window: Window, opened: Document
) -> None:
    resize(window, 1440, 860)
    usual = window.across.sizes()[::2]
    resize(window, 1024, 720)
    assert sum(window.across.sizes()[::2]) < sum(usual)
    resize(window, 1440, 860)
    assert window.across.sizes()[::2] == usual


def test_a_name_too_long_for_a_column_has_a_row_of_its_own(
    window: Window, opened: Document
) -> None:
    resize(window, 1024, 720)
    palette = window.workbench.palette
    assert palette.columns == 2
    long, short = palette.cards["half_squared_error"], palette.cards["add"]
    assert long.width() > 1.9 * short.width()
    after = palette.cards["cross_entropy_logit"]
    assert after.y() > long.y()


@LANGUAGES
def test_docked_in_a_small_window_everything_of_the_network_is_seen_at_once(
    window: Window, docked: TrainingPanel, lang: str
) -> None:
    window.settings.set("language", lang)
    QTest.qWait(30)
    page = docked.page
    for part in (page.network, page.view, page.discrete, page.curves.loss, page.curves.accuracy):
        assert part.visibleRegion().boundingRect().size() == part.size(), part
    assert page.across.orientation() == Qt.Orientation.Horizontal
    assert window.canvas.width() >= 240
    lines = {
        part.mapTo(docked.row, QPoint(0, part.height() // 2)).y() // 30
        for part in (docked.row.examples, docked.row.settings)
    }
    assert len(lines) == 2
    assert docked.row.height() <= 2 * 56 + 16
    window.settings.set("language", "en")


def test_the_sides_come_back_when_the_docked_panel_goes(
    window: Window, opened: Document, docked: TrainingPanel
) -> None:
    beside = window.across.sizes()[:3:2]
    window.training.hide()
    QTest.qWait(20)
    alone = window.across.sizes()[:3:2]
    assert beside[0] < alone[0]
    assert beside[1] < alone[1]
    window.training.show()
    QTest.qWait(20)
    assert window.across.sizes()[:3:2] == beside


def test_a_low_panel_tells_about_the_example_to_who_points_at_it(
    window: Window, docked: TrainingPanel
) -> None:
    assert docked.note.isHidden()
    assert docked.note.text()
    assert docked.note.text() in docked.row.examples.toolTip()
    resize(window, 1280, 900)
    assert docked.note.isVisible()


def test_in_a_narrow_panel_the_settings_stand_in_place_of_the_pages(
    window: Window, docked: TrainingPanel
) -> None:
    docked.row.settings.click()
    QApplication.processEvents()
    assert docked.form.isVisible()
    assert not docked.tabs.isVisible()
    assert docked.form.width() == docked.width()
    docked.tell("The learning rate must be positive.")
    assert docked.notice.isVisible()
    docked.row.settings.click()
    assert docked.tabs.isVisible()


def test_in_a_wide_panel_the_settings_stand_beside_the_pages(
    window: Window, docked: TrainingPanel
) -> None:
    window.training.move()
    docked.resize(1000, 700)
    docked.row.settings.click()
    QApplication.processEvents()
    assert docked.form.isVisible()
    assert docked.tabs.isVisible()


def test_the_settings_button_says_its_word_where_there_is_room_and_always_its_name(
    window: Window, docked: TrainingPanel
) -> None:
    button = docked.row.settings
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.accessibleName() == "Settings"
    window.training.move()
    docked.resize(1000, 700)
    QApplication.processEvents()
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
