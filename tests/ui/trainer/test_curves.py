"""Earlier runs beside this one: which is which, without a colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from bpstudio.ui.trainer import dashes, fields
from bpstudio.ui.trainer.dashes import PATTERNS, dashed
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.runnames import telling

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Wait = Callable[[], None]


@pytest.fixture
def compared(panel: TrainingPanel, settle: Wait) -> TrainingPanel:
    """Two earlier runs: one with another rate, one with another activation."""
    for key, value in (("learning_rate", 0.1), ("activation", "relu")):
        panel.runner.epoch()
        settle()
        panel.choose(fields.by_key(key), value)
        if key == "learning_rate":
            panel.rewind()
        settle()
    panel.runner.epoch()
    settle()
    return panel


def test_runs_are_called_by_the_settings_in_which_they_differ(compared: TrainingPanel) -> None:
    label = compared.page.curves.figures["kept"]
    assert label.text() == "before: 2 tanh, Learning rate 0.1 · 1 tanh, Learning rate 0.03"
    now = compared.spec
    other = replace(now, learning_rate=0.003, l2=0.01)
    first, second = telling([other, now], now)
    assert first.startswith("Learning rate 0.003, ")
    assert second.startswith("Learning rate 0.1, ")
    assert telling([now], now) == ["same settings"]
    assert "Circle 2-4-2-1 tanh" in label.toolTip()
    assert label.toolTip().count("\n") == 1


def test_every_earlier_run_has_dashes_and_a_number_of_its_own(compared: TrainingPanel) -> None:
    earlier = [line for line in compared.page.curves.loss.lines if line.words]
    assert [line.mark for line in earlier] == ["1", "2"]
    assert len({line.dashes for line in earlier}) == 2
    assert len(set(PATTERNS)) == len(PATTERNS)
    now = [line for line in compared.page.curves.loss.lines if not line.words]
    assert all(not line.dashes for line in now)


def test_pointing_at_an_earlier_curve_says_which_run_it_is(compared: TrainingPanel) -> None:
    plot = compared.page.curves.loss
    QTest.qWait(50)  # The names above it have just been laid out.
    line = next(line for line in plot.lines if line.mark == "1")
    x, y = plot._on_page(plot.room, plot.span(), line)
    place = QPointF(float(x[0] + x[-1]) / 2, float(np.interp((x[0] + x[-1]) / 2, x, y)))
    blank = plot.grab().toImage()
    QTest.mouseMove(plot, place.toPoint())
    pointed = plot.pointed()
    assert pointed is not None
    assert pointed.words[:6] in ("1 tanh", "2 tanh")
    assert plot.grab().toImage() != blank
    QTest.mouseMove(plot, plot.room.topRight().toPoint())
    assert plot.pointed() is None or dashes.away(x, y, plot.room.topRight()) < 8


def test_a_rewound_run_is_seen_from_its_start_whatever_was_zoomed_into(
    compared: TrainingPanel, settle: Wait
) -> None:
    plot = compared.page.curves.loss
    plot.zoom(0.1, plot.room.topRight())
    assert plot.span()[0] > 0
    compared.rewind()
    settle()
    assert plot.span()[0] == 0


def test_cleared_runs_leave_no_dashes_and_no_name(compared: TrainingPanel) -> None:
    QTest.mouseClick(compared.page.curves.clear, Qt.MouseButton.LeftButton)
    assert compared.page.curves.figures["kept"].text() == ""
    assert not any(line.dashes for line in compared.page.curves.loss.lines)


def test_dashes_go_on_over_the_points_of_a_curve() -> None:
    x = np.linspace(0.0, 100.0, 101)
    pieces = dashed(x, np.zeros(101), (9.0, 4.0))
    assert np.hypot(*(pieces[:, 2:] - pieces[:, :2]).T).sum() == pytest.approx(9 * 7 + 9, abs=9)
    seen = np.zeros(1000, bool)
    for left, _, right, _ in pieces:
        seen[round(left * 10) : round(right * 10)] = True
    assert seen[:90].all()
    assert not seen[90:130].any()
    assert seen[130:220].all()
    long = dashed(np.array([0.0, 26.0]), np.zeros(2), (9.0, 4.0))
    assert np.allclose(long[:, [0, 2]], [[0, 9], [13, 22]])


def test_earlier_runs_are_written_as_everything_else_is(panel: TrainingPanel) -> None:
    now = panel.spec
    features = fields.by_key("features").write(now, ("x1^2", "x1*x2", "sin(x1)"))
    (said,) = telling([replace(features, batch=10_000)], now)
    assert "x₁², x₁x₂, sin x₁" in said
    assert "Batch size 10,000" in said
