"""What is seen first of a graph: all of it, or so much of it that its numbers can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.files import bps, examples
from bpstudio.ui.canvas.geometry import Rect
from bpstudio.ui.canvas.sizing import MAP, READABLE
from bpstudio.ui.document import Document
from bpstudio.ui.window import Window

SMALL = (1024, 744)
"""What a projector of 1024 x 768 leaves below a window's title."""


def show(window: Window, graph: Graph, size: tuple[int, int]) -> Document:
    """Open a graph in a window of this size."""
    window.resize(*size)
    document = window.session.adopt(bps.File(graph))
    QApplication.processEvents()
    return document


def example(name: str) -> Graph:
    path = examples.path(name)
    return bps.decode(path.read_bytes(), path.name).graph


def is_whole(window: Window) -> bool:
    bounds = window.canvas.view.bounds()
    return bounds is not None and is_inside(window, bounds)


def is_inside(window: Window, rect: Rect) -> bool:
    canvas = window.canvas
    left, top, right, bottom = canvas.camera.rect_to_screen(rect)
    return min(left, top) >= 0 and right <= canvas.width() and bottom <= canvas.height()


@pytest.mark.parametrize("name", examples.EXAMPLES)
def test_every_example_has_numbers_on_a_small_projector(window: Window, name: str) -> None:
    show(window, example(name), SMALL)
    assert window.canvas.camera.scale >= READABLE


def test_what_is_cut_off_comes_as_the_steps_come_to_it(window: Window) -> None:
    document = show(window, example("perceptron"), SMALL)
    canvas = window.canvas
    assert not is_whole(window)
    for step in range(len(document.trace.steps)):
        document.go(step + 1)
        active = canvas.view.numbers.active
        body = canvas.view.body_of(active)
        assert body is not None
        assert is_inside(window, body)
        with_number = canvas.view.bounds((active,))
        assert with_number is not None
        assert is_inside(window, with_number), "a result with its free wire and its number"


def test_a_window_that_becomes_small_goes_nearer_and_one_that_grows_shows_all(
    window: Window,
) -> None:
    show(window, example("perceptron"), (1600, 900))
    assert is_whole(window)
    window.resize(*SMALL)
    QApplication.processEvents()
    assert window.canvas.camera.scale >= READABLE
    window.resize(1600, 900)
    QApplication.processEvents()
    assert is_whole(window)


def test_tidying_leaves_numbers_that_can_be_read_and_what_was_whole_whole(window: Window) -> None:
    document = show(window, example("micrograd"), SMALL)
    canvas = window.canvas
    for fitted in (False, True):
        if fitted:
            canvas.zoom_fit()
        document.do(edits.align(document.graph, list(document.graph.nodes), "top"))
        canvas.tidy()
        assert is_whole(window) == fitted
        assert (canvas.camera.scale >= READABLE) != fitted


def test_a_formula_that_was_typed_is_shown_with_numbers_that_can_be_read(window: Window) -> None:
    show(window, Graph(), SMALL)
    window.formula_bar.field.setText(" + ".join(f"exp(x{n})" for n in range(9)))
    QTest.keyClick(window.formula_bar.field, Qt.Key.Key_Return)
    assert window.document is not None
    assert len(window.document.graph.nodes) > 18
    assert window.canvas.camera.scale >= READABLE


def test_a_graph_that_somebody_fitted_stays_whole_in_a_small_window(window: Window) -> None:
    show(window, example("perceptron"), (1600, 900))
    window.canvas.zoom_fit()
    window.resize(*SMALL)
    QApplication.processEvents()
    assert is_whole(window)


def test_a_graph_of_many_windows_is_shown_as_a_map(window: Window) -> None:
    chain = "f = " + "sin(" * 90 + "x" + ")" * 90
    show(window, Graph().apply(edits.build(Graph(), chain)), SMALL)
    assert window.canvas.camera.scale < MAP
    assert is_whole(window)
