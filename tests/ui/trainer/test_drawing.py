"""Geometry and colours: what is pure in the drawing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.data import Dataset
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer
from bpstudio.ui.theme import DARK, LIGHT, contrast
from bpstudio.ui.trainer import axes, colours, places
from bpstudio.ui.trainer.partial import decode
from bpstudio.ui.trainer.plot import thin
from bpstudio.ui.trainer.strips import strongest, widths
from bpstudio.ui.trainer.views.pad import ink


def test_negative_is_orange_positive_is_blue_and_nothing_is_the_paper() -> None:
    for theme in (LIGHT, DARK):
        low, middle, high = (QColor(int(colours.numbers(theme)[n])) for n in (0, 127, 255))
        assert low.red() > low.blue()
        assert high.blue() > high.red()
        paper = QColor(theme.paper)
        assert abs(middle.lightness() - paper.lightness()) < 16


def test_indices_span_the_table_and_nan_is_the_middle() -> None:
    found = colours.index(np.array([-9.0, -1.0, 0.0, 1.0, 9.0]))
    assert found.tolist() == [0, 0, 127, 255, 255]
    assert colours.index(np.array([np.nan, 1.0])).tolist() == [127, 255]


def test_every_class_has_a_colour_of_its_own() -> None:
    for theme in (LIGHT, DARK):
        assert len({colours.of_class(theme, k) for k in range(10)}) == 10


@pytest.mark.parametrize("sizes", [(2, 8, 8, 8, 1), (64, 32, 10), (1, 1), (3, 500, 2)])
def test_units_stay_on_the_page_and_apart(sizes: tuple[int, ...]) -> None:
    for column in places.columns(sizes, 600, 400):
        assert column.shown <= column.count
        ys = column.centres[:, 1]
        assert ys.min() - column.side / 2 >= places.TOP - 1
        assert ys.max() + column.side / 2 <= 400
        assert (np.diff(ys) >= column.side).all()


def test_a_layer_of_pixels_is_a_picture() -> None:
    first = places.columns((64, 16, 2), 600, 400, frozenset({0}))[0]
    assert first.picture == 8
    assert first.unit_at(*first.centres[9].tolist()) == 9
    assert first.centres[9, 1] > first.centres[1, 1]


def test_a_wire_runs_from_its_source_to_its_target() -> None:
    left, right = places.columns((2, 3), 400, 300)
    wires = places.wires(left, right)
    curve = wires.curve(2, 1)
    assert curve[0].tolist() == pytest.approx((left.centres[1] + (left.side / 2, 0)).tolist())
    assert curve[-1].tolist() == pytest.approx((right.centres[2] - (right.side / 2, 0)).tolist())
    x, y = curve[3].tolist()
    assert wires.nearest(x, y, np.arange(6))[:2] == (2, 1)


def test_a_stronger_weight_is_wider_and_nan_is_drawn_thin() -> None:
    found = widths(np.array([[0.0, 0.5, -2.0, 50.0, np.nan]]))[0]
    assert (np.diff(found[:4]) > 0).all()
    assert found[4] == found[0]


def test_of_many_wires_the_strongest_are_drawn() -> None:
    weights = np.arange(100.0).reshape(10, 10) - 50
    assert strongest(weights, 3).tolist() == [0, 1, 99]


def test_ticks_are_round_numbers_within() -> None:
    assert axes.ticks(-6, 6, 6) == [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0]
    assert axes.ticks(0, 0.37, 4) == [0.0, 0.1, 0.2, 0.3]
    assert axes.ticks(1, 1, 4) == []


def test_thinning_a_curve_loses_no_peak() -> None:
    ys = np.zeros(10_000)
    ys[1234], ys[7777] = 5.0, -5.0
    xs, thinned = thin(np.arange(10_000.0), ys, 0, 9999, 300)
    assert len(xs) <= 3 * 300
    assert thinned.max() == 5.0
    assert thinned.min() == -5.0
    assert (np.diff(xs) >= 0).all()


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_decoder_is_the_networks_second_half(activation: str, norm: bool) -> None:
    network = NetworkSpec((3, 4, 4, 2), activation, "sigmoid", batch_norm=norm, residual=True)
    inputs = np.random.default_rng(1).standard_normal((20, 3))
    from bpstudio.nn.data import Data

    trainer = Trainer(Spec(network, Data(inputs, np.full((20, 2), 0.5)), batch=5))
    trainer.run(updates=6)
    for after in (1, 2):
        codes = trainer.activations(inputs)[after - 1].T
        made = decode(trainer.spec, trainer.network.weights(), after, codes)
        np.testing.assert_allclose(made, trainer.evaluate(inputs), atol=1e-9)


def test_a_drawn_stroke_fills_the_pixels_it_runs_over() -> None:
    across = np.column_stack([np.linspace(0.1, 0.9, 20), np.full(20, 0.56)])
    pixels = ink(across).reshape(8, 8)
    assert (pixels[4, 1:7] == 1).all()
    assert (pixels[[0, 1, 7]] == 0).all()


def test_datasets_are_made_once_for_all_who_look() -> None:
    from bpstudio.ui.trainer.problems import drawn

    data = Dataset("circle", samples=20)
    assert drawn(data, 1, "tanh") is drawn(data, 1, "tanh")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_number_is_legible_on_every_colour_a_unit_can_have(theme) -> None:
    for packed in colours.numbers(theme).tolist():
        ground = QColor(packed)
        assert contrast(colours.ink_on(theme, ground), ground.name()) >= 4.5


@pytest.mark.parametrize(("cost", "renewed"), [(0.0001, 4), (0.002, 2), (0.02, 1)])
def test_strips_are_renewed_in_turn_within_their_time(
    monkeypatch: pytest.MonkeyPatch, cost: float, renewed: int
) -> None:
    from bpstudio.ui.trainer import strips

    now = [0.0]
    drawn: list[int] = []

    class Slow:
        def __init__(self, number: int) -> None:
            self.number = number

        def renew(self, *_: object) -> None:
            now[0] += cost
            drawn.append(self.number)

    monkeypatch.setattr(strips.time, "perf_counter", lambda: now[0])
    turns, many = strips.Turns(), [Slow(n) for n in range(4)]
    for _ in range(4):
        turns.renew(many, [np.zeros((1, 1))] * 4, LIGHT, 1.0, 4.5)
    assert len(drawn) == 4 * renewed
    assert set(drawn) == {0, 1, 2, 3}
