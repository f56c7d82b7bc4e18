"""Large mode: the whole window follows the size that is chosen, at run time."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from bpstudio import language
from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node
from bpstudio.files import bps, examples
from bpstudio.ui import theme
from bpstudio.ui.canvas import geometry, sizing
from bpstudio.ui.settings import SIZES
from bpstudio.ui.window import Window
from tests.ui.conftest import drag_handle, forget_edits


@pytest.fixture
def window(qtbot, settings):
    made = Window(settings)
    qtbot.addWidget(made, before_close_func=forget_edits)
    made.resize(1600, 876)
    made.show()
    made.new()
    path = examples.path("perceptron")
    graph = bps.decode(path.read_bytes(), path.name).graph
    made.document.do(edits.replace_all(made.document.committed, graph, "Open"))
    made.canvas.zoom_fit()
    QApplication.processEvents()
    yield made
    settings.set("size", 1.0)


def choose(window: Window, size: float) -> None:
    """Choose a size in the View menu."""
    window.menus.entries[f"size_{round(100 * size)}"].trigger()
    QApplication.processEvents()


def cut(window: Window) -> list[str]:
    """The buttons whose words do not fit on them, or that do not fit into the window."""
    whole = window.rect()
    found = []
    for button in [*window.findChildren(QPushButton), *window.findChildren(QToolButton)]:
        if not button.isVisible() or button.visibleRegion().isEmpty():
            continue
        words = QFontMetrics(button.font()).horizontalAdvance(button.text().replace("&", ""))
        at = button.mapTo(window, QPoint(0, 0))
        inside = whole.contains(button.rect().translated(at))
        if words > button.width() or (not inside and button.window() is window):
            found.append(button.objectName() or button.text())
    return found


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_no_button_is_cut_at_any_size(window, size: float, lang: str) -> None:
    window.settings.set("language", lang)
    choose(window, size)
    assert cut(window) == []
    window.settings.set("language", "en")


def test_all_of_the_stage_grows_and_comes_back(window) -> None:
    stage = window.stepper
    parts = [*stage._buttons.values(), stage.timeline, stage.values, stage.digits]
    usual = [part.height() for part in parts]
    for size in (1.5, 2.0, 1.0):
        choose(window, size)
        assert [part.height() for part in parts] == [round(high * size) for high in usual]


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_on_a_low_projector_the_stage_is_low_and_stays_so_from_step_to_step(window, lang) -> None:
    window.settings.set("language", lang)
    window.resize(1280, 690)
    choose(window, 2.0)
    QTest.qWait(20)
    stage, heights = window.stepper, set()
    for step in range(stage.steps + 1):
        window.document.go(step)
        QTest.qWait(5)
        heights.add(stage.height())
        assert stage.sentence.toolTip() == stage.sentence.text()
    assert len(heights) == 1
    assert heights.pop() < 0.27 * window.height()
    assert window.canvas.height() > 1.7 * stage.height()
    # A rail's words stand upright.
    assert [name for name in cut(window) if not name.startswith("rail")] == []
    window.resize(1600, 1000)
    QTest.qWait(20)
    assert stage.height() > 200
    assert stage.values.isVisible()
    window.settings.set("language", "en")


def test_cards_sections_and_rows_grow(window) -> None:
    card = window.workbench.palette.cards["input"]
    heading = window.workbench.sections["outline"].heading
    before = card.height(), heading.height()
    choose(window, 2.0)
    assert (card.height(), heading.height()) == (2 * before[0], 2 * before[1])


def test_the_palette_has_two_columns_or_one_as_its_width_allows(window) -> None:
    palette = window.workbench.palette
    assert palette.columns == 2
    choose(window, 2.0)
    assert palette.columns == 1
    places = {palette._grid.getItemPosition(palette._grid.indexOf(c))[1] for c in cards(palette)}
    assert places == {0}
    choose(window, 1.0)
    assert palette.columns == 2


def cards(palette) -> list:
    return [palette.cards[key] for key in palette.shown_keys()]


def test_the_sides_grow_but_leave_the_canvas_the_most(window) -> None:
    usual = window.across.sizes()
    for size in (1.5, 2.0):
        choose(window, size)
        left, canvas, right = window.across.sizes()
        assert left > usual[0]
        assert right > usual[2]
        assert canvas > left + right
    choose(window, 1.0)
    assert window.across.sizes() == usual


def test_sides_that_somebody_has_moved_stay(window) -> None:
    drag_handle(window.across.handle(1), 120)
    moved = window.across.sizes()[0]
    choose(window, 1.5)
    assert window.across.sizes()[0] == moved


def test_numbers_on_the_canvas_grow_and_the_graph_stays_whole(window) -> None:
    canvas = window.canvas
    usual = 12 * canvas.camera.scale
    choose(window, 1.5)
    assert canvas.is_fitted
    assert 12 * canvas.view.larger * canvas.camera.scale > 1.2 * usual
    left, top, right, bottom = canvas.camera.rect_to_screen(canvas.view.bounds())
    assert left >= 0
    assert top >= 0
    assert right <= canvas.width()
    assert bottom <= canvas.height()


def show(window: Window, name: str) -> None:
    """Open an example in place of what the window shows."""
    path = examples.path(name)
    graph = bps.decode(path.read_bytes(), path.name).graph
    window.document.do(edits.replace_all(window.document.committed, graph, "Open"))
    window.canvas.zoom_fit()
    QApplication.processEvents()


def test_gates_symbols_names_lines_and_numbers_are_twice_as_large_at_100_percent(window) -> None:
    canvas = window.canvas
    canvas.zoom_actual()
    assert canvas.camera.scale == 1.0
    usual = canvas.grab().toImage()
    choose(window, 2.0)
    assert canvas.camera.scale == 2.0
    assert (canvas.view.factor, canvas.view.larger) == (1.0, 1.0)
    assert canvas.file_view().zoom == 1.0
    assert canvas.grab().toImage() != usual
    choose(window, 1.0)
    assert canvas.camera.scale == 1.0


@pytest.mark.parametrize("name", examples.EXAMPLES)
def test_a_size_shows_numbers_that_can_be_read_or_goes_nearer(window, name: str) -> None:
    show(window, name)
    choose(window, 2.0)
    canvas = window.canvas
    assert canvas.is_fitted
    assert 12 * canvas.view.larger * canvas.camera.scale >= 13.0
    canvas.zoom_fit()
    left, top, right, bottom = canvas.camera.rect_to_screen(canvas.view.bounds())
    assert min(left, top) >= 0
    assert right <= canvas.width()
    assert bottom <= canvas.height()


def test_a_graph_too_large_for_its_window_is_shown_from_its_inputs_and_follows_steps(
    window,
) -> None:
    show(window, "micrograd")
    choose(window, 2.0)
    canvas, document = window.canvas, window.document
    left, top, _, bottom = canvas.camera.rect_to_screen(canvas.view.bounds(["a", "b"]))
    assert left >= 0
    assert top < canvas.height() / 2 < bottom
    assert not canvas.shows([document.trace.plan.nodes[-1]])
    for step in range(len(document.trace.steps)):
        document.go(step + 1)
        left, top, right, bottom = canvas.camera.rect_to_screen(
            canvas.view.body_of(canvas.view.numbers.active)
        )
        assert left >= 0
        assert right <= canvas.width()
        assert top >= 0
        assert bottom <= canvas.height()


def test_the_wires_of_a_step_come_into_view_with_its_gate(window) -> None:
    window.resize(1280, 660)
    choose(window, 2.0)
    QApplication.processEvents()
    canvas, document = window.canvas, window.document
    seen = 0
    for step in range(1, len(document.trace.steps) + 1):
        document.go(step)
        QApplication.processEvents()
        view = canvas.view
        rects = [view.bounds((view.numbers.active,)), *view.wire_box[view.numbers.wire_active]]
        all_of_it = geometry.hull(np.array(rects))
        left, top, right, bottom = canvas.camera.rect_to_screen(all_of_it)
        fits = right - left < canvas.room[0] * 0.75 and bottom - top < canvas.room[1] * 0.75
        assert canvas.camera.sees(rects[0], canvas.room)
        if fits:
            seen += 1
            assert canvas.camera.sees(all_of_it, canvas.room), step
    assert seen >= 8


def test_a_step_does_not_move_a_graph_that_is_shown_whole(window) -> None:
    before = window.canvas.spot
    window.document.go(3)
    assert window.canvas.spot == before


def test_lines_and_numbers_keep_their_size_between_the_usual_scale_and_100_percent() -> None:
    assert sizing.enlargement(1.0, 2.0) == 2.0
    assert sizing.enlargement(0.4, 2.0) == 2.0
    assert sizing.enlargement(1.6, 2.0) == 1.25
    assert sizing.enlargement(2.0, 2.0) == 1.0
    assert sizing.enlargement(8.0, 2.0) == 1.0
    assert sizing.enlargement(0.1, 1.0) == 1.0


def test_a_small_graph_is_fitted_larger_than_usual(window) -> None:
    document = window.document
    document.do(edits.replace_all(document.committed, Graph([Node("x", "input")]), "One gate"))
    window.canvas.zoom_fit()
    assert window.canvas.camera.scale == 1.5
    choose(window, 2.0)
    window.canvas.zoom_fit()
    assert window.canvas.camera.scale == 3.0


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize(("size", "wide", "high"), [(1.5, 1024, 700), (2.0, 1366, 860)])
def test_the_window_fits_on_a_projector(
    window, size: float, wide: int, high: int, lang: str
) -> None:
    window.settings.set("language", lang)
    choose(window, size)
    least = window.minimumSizeHint()
    assert least.width() <= wide
    assert least.height() <= high
    window.settings.set("language", "en")


def test_lengths_follow_the_size(qapp) -> None:
    theme.appearance().factor = 1.5
    assert (theme.px(9), theme.length(3)) == (14, 4.5)
    theme.appearance().factor = 1.0
    assert (theme.px(9), theme.length(3)) == (9, 3.0)
