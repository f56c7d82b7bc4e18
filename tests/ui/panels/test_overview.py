"""The overview: a map of a large graph, and a hand on the canvas."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node
from bpstudio.ui import theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def grid(n: int, gap: float = 400.0) -> Graph:
    return Graph([Node(f"x{i}", "input", (i % 10 * gap, i // 10 * gap)) for i in range(n)])


@pytest.fixture
def large(window, qtbot):
    document = window.session.new()
    document.do(edits.replace_all(document.committed, grid(100), "Build"))
    qtbot.waitUntil(lambda: window.workbench.overview.isVisible())
    window.canvas.camera.scale = 1.0
    window.canvas.fit((0.0, 0.0, 800.0, 600.0))
    return window


def middle(window) -> tuple[float, float]:
    canvas = window.canvas
    return canvas.camera.to_scene((canvas.room[0] / 2, canvas.room[1] / 2))


def test_a_small_graph_needs_no_map(window, simple) -> None:
    document = window.session.new()
    document.do(edits.replace_all(document.committed, simple, "Build"))
    assert not window.workbench.overview.isVisible()


def test_a_click_brings_that_place_into_the_middle(large, qtbot) -> None:
    overview = large.workbench.overview
    overview.grab()
    at = overview.to_map(2800.0, 2400.0).toPoint()
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=at)
    near = 1.0 / overview._scale
    assert middle(large) == pytest.approx((2800.0, 2400.0), abs=near)


def test_the_frame_follows_the_canvas(large) -> None:
    overview = large.workbench.overview
    overview.grab()
    before = overview.frame()
    large.canvas.pan(-200.0, -100.0)
    after = overview.frame()
    assert after.left() > before.left()
    assert after.top() > before.top()
    large.canvas.zoom_at(2.0, (10.0, 10.0))
    assert overview.frame().width() == pytest.approx(after.width() / 2)


def test_every_gate_is_on_the_map(large) -> None:
    overview = large.workbench.overview
    # The frame tints what it covers.
    large.canvas.pan(-100_000.0, 0.0)
    image = overview.grab().toImage()
    ink = QColor(theme.current().family("sources")).rgb()
    ratio = overview.devicePixelRatioF()
    for x, y in large.canvas.view.at.tolist():
        at = overview.to_map(x, y) * ratio
        around = {
            image.pixel(int(at.x()) + dx, int(at.y()) + dy)
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        }
        assert ink in around


def test_arrow_keys_move_the_canvas(large, qtbot) -> None:
    overview = large.workbench.overview
    before = middle(large)
    qtbot.keyClick(overview, Qt.Key.Key_Right)
    assert middle(large)[0] > before[0]


def test_can_be_switched_off(large) -> None:
    large.menus.entries["overview"].trigger()
    assert not large.workbench.overview.isVisible()
    large.menus.entries["overview"].trigger()
    assert large.workbench.overview.isVisible()


def test_follows_edits_and_documents(large, qtbot) -> None:
    overview = large.workbench.overview
    overview.grab()
    document = large.document
    assert overview.to_map(-4000.0, 0.0).x() < 0
    document.do(edits.move(document.committed, {"x0": (-4000.0, 0.0)}))
    qtbot.waitUntil(lambda: overview.to_map(-4000.0, 0.0).x() >= 0)
    large.session.new()
    assert not overview.isVisible()
    document.undo_stack.setClean()
    large.session.close(document)
    assert not overview.isVisible()


def test_a_point_far_outside_is_harmless(large) -> None:
    overview = large.workbench.overview
    overview.grab()
    overview.look_at(QPointF(1e7, -1e7))
    assert np.isfinite(middle(large)).all()
    assert overview.rect().contains(QPoint(1, 1))


def test_the_map_shows_frames_and_has_room_for_them(large) -> None:
    overview, document = large.workbench.overview, large.document
    plain = overview._drawn().toImage()
    document.do(edits.add_frame(document.graph, (-200.0, -200.0, 1400.0, 1000.0), "one"))
    document.do(edits.add_frame(document.graph, (9000.0, 0.0, 9800.0, 600.0), "far out"))
    framed = overview._drawn().toImage()
    assert framed != plain
    assert overview.to_map(9800.0, 600.0).x() <= overview.width()
    inside, outside = overview.to_map(1300.0, 200.0), overview.to_map(2600.0, 2200.0)
    ratio = framed.devicePixelRatio()
    assert framed.pixelColor((inside * ratio).toPoint()).alpha() > 0
    assert framed.pixelColor((outside * ratio).toPoint()).alpha() == 0
