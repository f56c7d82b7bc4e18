"""Wires as wide as their gradients are large: right on a log scale, calm, in both back-ends."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from bpstudio.ui.canvas import weights
from bpstudio.ui.canvas.renderer import Renderer
from bpstudio.ui.canvas.vector import Vector
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.theme import LIGHT
from tests.ui import fakes

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def view() -> ViewModel:
    graph = fakes.perceptron()
    made = ViewModel(graph)
    made.show(fakes.run(graph))
    made.weighted = True
    return made


def times(view: ViewModel, *gradients: float) -> list[float]:
    """The widths of the first wires when they have these gradients."""
    shown = view.numbers
    shown.wire_grad[:], shown.wire_grad_on[:], shown.grad_on[:] = 0.0, False, False
    at = np.arange(len(gradients))
    shown.wire_grad[at], shown.wire_grad_on[at] = gradients, True
    return weights.of_wires(view, at).tolist()


def test_the_largest_is_widest_and_a_ten_thousandth_of_it_thinnest(view) -> None:
    assert times(view, 5.0, 5e-4, 0.0) == [weights.THICKEST, weights.THINNEST, weights.THINNEST]


def test_equal_ratios_are_equal_steps(view) -> None:
    one, tenth, hundredth, thousandth = times(view, 1.0, 0.1, -0.01, 0.001)
    assert one - tenth == tenth - hundredth == hundredth - thousandth > 0


def test_the_sign_does_not_matter(view) -> None:
    assert len(set(times(view, -2.0, 2.0))) == 1


def test_infinity_is_the_widest_and_measures_nothing(view) -> None:
    endless, one, tenth = times(view, np.inf, 1.0, 0.1)
    assert endless == one == weights.THICKEST
    assert tenth < one


def test_what_is_not_known_keeps_its_width(view) -> None:
    assert times(view, np.nan, 1.0)[0] == 1.0
    view.numbers.wire_grad_on[:] = False
    assert weights.of_wires(view, np.arange(3)).tolist() == [1.0, 1.0, 1.0]


def test_all_gradients_zero_are_all_thin(view) -> None:
    assert times(view, 0.0, 0.0) == [weights.THINNEST, weights.THINNEST]


def test_off_every_wire_has_its_width(view) -> None:
    view.weighted = False
    assert set(weights.of_wires(view, np.arange(5)).tolist()) == {1.0}
    assert set(weights.of_nodes(view, np.arange(3)).tolist()) == {1.0}


def ink(view: ViewModel, paint) -> int:
    """How many pixels are darker than wires' edges are."""
    view.show_values = view.show_gradients = False
    image = QImage(1180, 460, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    with QPainter(image) as painter:
        paint(painter)
    found = np.frombuffer(image.constBits(), np.uint8).reshape(460, 1180, 4)
    return int((found[:, :, 1] < 190).sum())


@pytest.mark.parametrize("backend", ["fast", "vector"])
def test_both_back_ends_draw_the_widths(view, backend: str) -> None:
    def paint(painter: QPainter) -> None:
        if backend == "fast":
            Renderer(LIGHT).paint(painter, view, 1.0, (30, 30), QRectF(0, 0, 1180, 460))
        else:
            painter.translate(30, 30)
            Vector(LIGHT).paint(painter, view)

    view.numbers.wire_grad[:] = 1.0
    wide = ink(view, paint)
    view.numbers.wire_grad[1:] = 1e-9
    thin = ink(view, paint)
    view.weighted = False
    assert thin < ink(view, paint) < wide
