"""Large mode in a small window, as on a projector: the graph keeps its room, nothing is cut."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from bpstudio import language
from bpstudio.ui import theme
from bpstudio.ui.column import Column
from bpstudio.ui.document import Document
from bpstudio.ui.window import Window
from tests.ui.conftest import drag_handle, forget_edits

SCREENS = ((1024, 740), (1280, 690), (1366, 740), (1920, 1050))


def enlarge(window: Window, size: float, width: int, height: int) -> None:
    """On a screen of this size, in Large mode."""
    window.settings.set("size", size)
    window.resize(width, height)
    QTest.qWait(20)


def share(window: Window) -> float:
    """Of the window's width that is the canvas's."""
    return window.canvas.width() / window.width()


def press(window: Window, key: str) -> None:
    """Press a side's rail with the mouse."""
    QTest.mouseClick(window.workbench.ends[key].rail, Qt.MouseButton.LeftButton)
    QTest.qWait(20)


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("size", [1.5, 2.0])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_canvas_has_most_of_the_width_and_no_heading_is_cut(
    window: Window, opened: Document, screen: tuple[int, int], size: float, lang: str
) -> None:
    window.settings.set("language", lang)
    enlarge(window, size, *screen)
    assert share(window) >= 0.55
    outline = window.workbench.panels["outline"]
    if outline.isVisible():
        for section in range(3):
            assert outline.header().sectionSize(section) >= outline.header().sectionSizeHint(
                section
            )
    for label in window.workbench.column.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap():
            assert label.minimumSizeHint().width() <= label.width() + 1, label.text()


def test_a_side_without_room_leaves_a_rail_with_its_name_that_opens_it(
    window: Window, opened: Document
) -> None:
    enlarge(window, 2.0, 1024, 740)
    palette = window.workbench.ends["palette"]
    assert palette.folded
    assert palette.rail.isVisible()
    assert palette.rail.text() == palette.rail.accessibleName() == "Gates"
    press(window, "palette")
    assert window.workbench.palette.isVisible()
    assert window.workbench.palette.width() >= window.workbench.palette.least_width
    press(window, "palette")
    assert palette.folded


def test_the_rail_is_a_button_for_the_keyboard_too(window: Window, opened: Document) -> None:
    enlarge(window, 2.0, 1024, 740)
    rail = window.workbench.ends["column"].rail
    assert rail.focusPolicy() & Qt.FocusPolicy.TabFocus
    rail.setFocus()
    QTest.keyClick(rail, Qt.Key.Key_Space)
    assert window.workbench.column.isVisible()
    window.menus.entries["column"].trigger()
    assert not window.workbench.column.isVisible()


def test_what_somebody_opens_in_a_crowded_window_stays_open_there_and_only_there(
    window: Window, opened: Document, qtbot
) -> None:
    enlarge(window, 2.0, 1024, 740)
    window.menus.entries["palette"].trigger()
    window.menus.entries["column"].trigger()
    QTest.qWait(20)
    assert window.workbench.palette.isVisible()
    assert window.workbench.column.isVisible()
    press(window, "column")
    window.settings.set("size", 1.0)
    QTest.qWait(20)
    assert window.workbench.column.isVisible()
    window.settings.set("size", 2.0)
    again = Window(window.settings)
    qtbot.addWidget(again, before_close_func=forget_edits)
    again.resize(1024, 740)
    again.show()
    again.new()
    QTest.qWait(20)
    assert again.workbench.palette.isVisible()
    assert not again.workbench.column.isVisible()


def test_the_menu_says_which_sides_are_open(window: Window, opened: Document) -> None:
    enlarge(window, 2.0, 1024, 740)
    entries, menu = window.menus.entries, window.menus.menus["view"]
    menu.aboutToShow.emit()
    assert not entries["palette"].isChecked()
    press(window, "palette")
    menu.aboutToShow.emit()
    assert entries["palette"].isChecked()


def test_a_roomy_window_has_no_rails(window: Window, opened: Document) -> None:
    for size, width in ((1.0, 1024), (1.5, 1600), (2.0, 1920)):
        enlarge(window, size, width, 900)
        assert all(side.rail.isHidden() for side in window.workbench.ends.values())
        assert all(not side.folded for side in window.workbench.ends.values())


def test_searching_for_a_gate_opens_the_palette_that_is_away(
    window: Window, opened: Document
) -> None:
    enlarge(window, 2.0, 1024, 740)
    window.focus_palette()
    assert window.workbench.palette.search.isVisible()


def test_widths_that_a_hand_has_set_come_back_after_a_crowded_time(
    window: Window, opened: Document
) -> None:
    window.resize(1366, 740)
    drag_handle(window.across.handle(1), 60)
    own = window.across.sizes()[0]
    enlarge(window, 2.0, 1024, 740)
    assert window.workbench.ends["palette"].folded
    enlarge(window, 1.0, 1366, 740)
    assert window.across.sizes()[0] == own


def test_a_low_column_has_one_part_open_and_the_others_headings(
    window: Window, opened: Document
) -> None:
    enlarge(window, 2.0, 1280, 690)
    column: Column = window.workbench.column
    sections = window.workbench.sections
    assert column.low
    assert [key for key, section in sections.items() if section.is_open] == ["inspector"]
    QTest.mouseClick(sections["outline"].heading, Qt.MouseButton.LeftButton)
    assert [key for key, section in sections.items() if section.is_open] == ["outline"]
    assert sections["outline"].body.height() >= theme.px(64)
    window.settings.set("size", 1.0)
    QTest.qWait(20)
    assert [key for key, section in sections.items() if section.is_open] == [
        "inspector",
        "outline",
    ]


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS[:2])
def test_the_parts_of_a_narrow_stage_stand_beside_one_another(
    window: Window, opened: Document, screen: tuple[int, int], lang: str
) -> None:
    window.settings.set("language", lang)
    enlarge(window, 2.0, *screen)
    stage = window.stepper
    parts = [*stage._buttons.values(), stage.speed, stage.timeline]
    edges = [(part.x(), part.x() + part.width() - 1) for part in parts]
    assert all(one[1] < other[0] for one, other in itertools.pairwise(edges))
    assert edges[-1][1] < stage.width()
    QTest.qWait(50)
    if stage.narrow:
        menu = stage.show_menu
        assert menu.x() + menu.width() >= stage.width() - 16
    assert stage.speed.width() >= stage.speed.sizeHint().width()
    assert stage.timeline.width() >= stage.timeline.minimumWidth()
    assert stage.sentence.height() >= stage.sentence.heightForWidth(stage.sentence.width())


def test_captions_of_a_short_time_line_never_lie_over_one_another(
    window: Window, opened: Document
) -> None:
    line = window.stepper.timeline
    metrics = QFontMetrics(theme.font(theme.length(11), bold=True))
    for wide in (40, 100, 200, 400):
        for step in (None, 1, 3):
            window.document.go(step)
            left, right = line._fitting(metrics, wide)
            together = metrics.horizontalAdvance(left) + metrics.horizontalAdvance(right)
            assert together <= wide
            if step is not None:
                assert str(step) in left + right


def test_a_narrow_stage_has_its_switches_in_a_menu(window: Window, opened: Document) -> None:
    enlarge(window, 2.0, 1024, 740)
    stage = window.stepper
    assert stage.show_menu.isVisible()
    assert not stage.values.isVisible()
    stage.show_menu.menu().aboutToShow.emit()
    entry = stage.show_menu.switches["gradients"]
    assert entry.isChecked()
    entry.trigger()
    assert not window.settings.get("gradients")
    stage.show_menu.digits[6].trigger()
    assert window.settings.get("digits") == 6
    enlarge(window, 1.0, 1280, 740)
    assert not stage.show_menu.isVisible()
    assert stage.values.isVisible()
    assert not stage.gradients.isChecked()
