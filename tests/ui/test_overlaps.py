"""What is written on the canvas covers no gate and nothing else that is written.

Measured with the fonts in use, in all shipped examples as they are shipped and laid out anew, at
the zoom that fits them, at the usual one, at 100 % and between, in all sizes of Large mode. How
often a number lies on another's wire is printed (`pytest -rP`): its patch of paper parts the two.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF

from bpstudio.core.edits import set_setting, tidy
from bpstudio.core.graph import Graph
from bpstudio.core.plan import Plan
from bpstudio.files import bps
from bpstudio.files.examples import EXAMPLES, path
from bpstudio.ui import theme
from bpstudio.ui.canvas import geometry, labels, routes, sizing
from bpstudio.ui.canvas.camera import FIT_LARGEST, Camera
from bpstudio.ui.canvas.renderer import LABELS
from bpstudio.ui.canvas.viewmodel import ViewModel

pytestmark = pytest.mark.usefixtures("qapp")
ROOM = (1100.0, 640.0)
"""The canvas of a window of 1600x900, about."""
SIZES = theme.FACTORS
DIGITS_HIGH = 0.84
"""Of a digit's height to the size of its type: what has to stay free of ink."""

NUMBERS_HALF = (26.0, 18.0)
"""Half of what a value and a gradient of four digits take around the middle of their wire."""


@cache
def graph_of(name: str, laid: str) -> Graph:
    graph = bps.decode(path(name).read_bytes(), name).graph
    return graph if laid == "shipped" else graph.apply(tidy(graph))


def view_of(name: str, laid: str, size: float) -> ViewModel:
    view = ViewModel(graph_of(name, laid))
    view.enlarge(size)
    view.show(Plan.of(view.graph).run())
    return view


def fitting(view: ViewModel, size: float) -> float:
    camera = Camera()
    bounds = view.bounds()
    assert bounds is not None
    camera.fit(bounds, ROOM, FIT_LARGEST * size)
    return camera.scale


def texts(view: ViewModel, zoom: float) -> tuple[list[str], np.ndarray, np.ndarray]:
    """What is written, the boxes of its ink in scene px as this zoom draws it, and its roles."""
    found, inside = labels.collect(view, (-1e9, -1e9, 1e9, 1e9)), labels.inside(view)
    boxes = []
    for text, (x, y), number in zip(found.text, found.point.tolist(), found.role, strict=True):
        role = labels.ROLES[number]
        px = max(1, round(role.px * zoom * (inside if role.fixed else view.larger)))
        font = theme.font(px, bold=role.bold, italic=role.italic)
        width = QFontMetricsF(font).horizontalAdvance(text) / zoom
        left, half = x - width * (role.align + 1) / 2, px / zoom * DIGITS_HIGH / 2
        boxes.append((left, y - half, left + width, y + half))
    return found.text, np.array(boxes), found.role


def pairs(one: np.ndarray, other: np.ndarray) -> list[list[int]]:
    """Which boxes share more than a hair."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    return np.argwhere(((high - low) > 0.5).all(axis=2)).tolist()


def on_wires(view: ViewModel, boxes: np.ndarray) -> int:
    """How often a wire runs through the box of a number, its own wire included."""
    lines = geometry.flatten(view.control, 48)
    inside = [
        ((lines > box[:2]) & (lines < box[2:])).all(axis=2).any(axis=1).sum() for box in boxes
    ]
    return int(sum(inside))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("laid", ["shipped", "tidied"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_number_covers_a_gate_or_anything_else_written(
    name: str, laid: str, size: float
) -> None:
    view = view_of(name, laid, size)
    for zoom in {fitting(view, size): None, 1.0: None, 0.75 * size: None, size: None}:
        view.enlarge(sizing.enlargement(zoom, size))
        if zoom * view.larger < LABELS:
            continue  # So small nothing is written.
        said, boxes, role = texts(view, zoom)
        free = np.array([not labels.ROLES[number].fixed for number in role])
        crossed = on_wires(view, boxes[free])
        print(
            f"{name} {laid} {size}x at zoom {zoom:.2f}: numbers {view.larger}x, "
            f"{12 * view.larger * zoom:.1f} px, {crossed} crossings with wires"
        )
        on_gates = pairs(boxes[free], view.box)
        assert [(np.array(said)[free][i], view.nodes.ids[j]) for i, j in on_gates] == []
        assert [(said[i], said[j]) for i, j in pairs(boxes, boxes) if i < j] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_at_100_percent_everything_has_the_size_that_was_chosen(name: str, size: float) -> None:
    view = view_of(name, "shipped", 1.0)
    _, usual, _ = texts(view, 1.0)
    view.enlarge(sizing.enlargement(size, size))
    _, large, _ = texts(view, size)
    assert view.factor == 1.0
    np.testing.assert_allclose(large * size, usual * size, atol=2.0 * size)


@pytest.mark.parametrize("name", ["perceptron", "neuron", "loss"])
def test_at_right_angles_the_numbers_of_a_wire_lie_on_no_other_wire(name):
    graph = graph_of(name, "tidied")
    view = ViewModel(graph.apply(set_setting(graph, "wires", "orthogonal")))
    rows, sampled = np.arange(len(view.wires.ids)), np.linspace(0.0, 1.0, 200)
    middle = routes.along(view, rows, np.full(len(rows), 0.5))
    ways = [routes.along(view, np.full(200, row), sampled) for row in rows]
    for row, (x, y) in enumerate(middle.tolist()):
        for other in np.delete(rows, row):
            near = np.abs(ways[other] - (x, y)) < NUMBERS_HALF
            assert not near.all(axis=1).any(), (view.wires.ids[row], view.wires.ids[other])
