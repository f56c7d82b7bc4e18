"""Remedies and the twin run, as a person uses them: real events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.nn.remedies import REMEDIES, compare
from bpstudio.nn.trainer import Trainer
from bpstudio.ui.trainer.cases import CASES
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.trainer.remedycards import against
from tests.ui.trainer.lab.turning import Wait, check, finish, press, press_and_finish

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_every_remedy_says_what_it_cures_and_what_not(turn: Callable[[str], QWidget]) -> None:
    view = turn("remedies")
    assert set(view.cards.cards) == set(REMEDIES)
    for key, card in view.cards.cards.items():
        assert card.box.text()
        assert card.cures.text().startswith(against(REMEDIES[key]))
        press(card.explain)
        assert card.note.isVisible()
    assert "not against exploding" in view.cards.cards["relu"].cures.text()
    assert "already" in view.cards.cards["initialization"].cures.text()
    assert not view.cards.cards["initialization"].box.isEnabled()


def test_a_twin_run_stands_before_beside_after_and_is_taken(
    panel: TrainingPanel, turn: Callable[[str], QWidget], qtbot: QtBot, settle: Wait
) -> None:
    view = turn("remedies")
    view.epochs.setValue(3)
    assert not view.take.isEnabled()
    press(view.bar.button)
    assert view.bar.state.text() == "Switch on a remedy first."
    check(view.cards.cards["batch_norm"].box)
    assert view.cards.cards["batch_norm"].note.isVisible()
    press_and_finish(qtbot, view)
    before, after = view.view.sides
    assert len(before.losses) == len(after.losses) == 4
    assert (before.verdict, after.verdict) == ("vanishes", "even")
    left, right = (half.figures.text() for half in view.view.halves)
    assert "vanishes" in left
    assert "even" in right
    press(view.take)
    settle()
    assert panel.example == "digits"
    assert panel.frame.spec.network.batch_norm
    assert panel.frame.spec.network.sizes == (64, 50, 50, 50, 50, 50, 10)


def test_the_panels_own_network_is_treated_from_its_own_seed(
    panel: TrainingPanel, turn: Callable[[str], QWidget], qtbot: QtBot, settle: Wait
) -> None:
    view = turn("remedies")
    view.cases.setCurrentIndex(0)
    check(view.cards.cards["clipping"].box)
    view.epochs.setValue(2)
    press_and_finish(qtbot, view)
    before, _ = view.view.sides
    trainer = Trainer(replace(panel.spec, data=panel.problem.data))
    trainer.run(epochs=2)
    assert before.losses[-1] == trainer.loss()
    press(view.take)
    settle()
    assert panel.frame.spec.clip_norm == 1.0
    assert not view.cards.cards["clipping"].box.isEnabled() or panel.spec.clip_norm == 1.0


def test_pretrained_weights_are_taken_only_once_they_are_learnt(
    panel: TrainingPanel, turn: Callable[[str], QWidget], qtbot: QtBot, settle: Wait
) -> None:
    view = turn("remedies")
    view.epochs.setValue(1)
    check(view.cards.cards["pretraining"].box)
    assert not view.take.isEnabled()
    press_and_finish(qtbot, view)
    press(view.take)
    settle()
    assert panel.spec.weights is not None
    np.testing.assert_array_equal(panel.frame.weights[0].W, panel.spec.weights[0].W)


def test_a_twin_run_can_be_cancelled(turn: Callable[[str], QWidget], qtbot: QtBot) -> None:
    view = turn("remedies")
    view.epochs.setValue(5000)
    check(view.cards.cards["relu"].box)
    press(view.bar.button)
    qtbot.waitUntil(lambda: view.view.sides is not None)
    press_and_finish(qtbot, view)
    assert view.bar.state.text() == "Cancelled."
    assert len(view.view.sides[0].losses) < 5000


def test_switching_a_remedy_while_it_runs_ends_the_run(
    turn: Callable[[str], QWidget], qtbot: QtBot
) -> None:
    view = turn("remedies")
    view.epochs.setValue(5000)
    check(view.cards.cards["relu"].box)
    press(view.bar.button)
    qtbot.waitUntil(lambda: view.view.sides is not None)
    check(view.cards.cards["batch_norm"].box)
    finish(qtbot, view)
    assert view.view.sides is None


@pytest.fixture
def clipped(turn: Callable[[str], QWidget], qtbot: QtBot) -> QWidget:
    """The network whose gradients explode, beside the same with clipping, after an epoch."""
    view = turn("remedies")
    view.cases.setCurrentIndex(1 + [case.key for case in CASES].index("exploding"))
    check(view.cards.cards["clipping"].box)
    view.epochs.setValue(1)
    press_and_finish(qtbot, view)
    return view


def test_numbers_that_ran_away_are_told_beside_the_cure(clipped: QWidget) -> None:
    view = clipped
    before, after = view.view.sides
    assert before.fault
    assert not after.fault
    assert view.view.halves[0].figures.text().endswith(before.fault)
    assert not view.grab().isNull()
    assert view.view.halves[0].figures.text().startswith("Stopped in epoch 1, loss NaN.")
    for plot in (view.view.halves[0].loss, view.view.halves[0].accuracy):
        own = plot.lines[-1]
        assert list(own.xs) == [0.0]
    stop = view.view.halves[0].loss.stop
    assert stop.updates == before.updates < 38
    assert stop.words == view.view.halves[0].loss.accessibleDescription()
    assert view.view.halves[1].loss.stop is None


def test_clipping_is_not_said_to_mend_the_scale(clipped: QWidget) -> None:
    left, right = clipped.view.halves
    said = right.figures.text()
    assert "even" not in said
    assert "before clipping: first" in said
    assert "explodes. Clipping leaves of it: first 0." in said
    assert "before clipping" not in left.figures.text()
    assert "gradient before clipping" in right.sizes.words()
    assert "what clipping leaves" in right.sizes.words()
    assert right.map.field.title == "Gradient norm before clipping"
    assert left.map.field.title == "Gradient norm"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_every_case_can_be_trained(case) -> None:
    spec = case.spec()
    spec.check()
    trainer = Trainer(spec)
    trainer.step()
    assert len(trainer.flow()) == len(spec.network.sizes) - 1


@pytest.mark.parametrize("key", ["pretraining", "relu", "batch_norm", "residual"])
def test_what_is_said_to_cure_vanishing_gradients_lets_the_vanishing_network_learn(key) -> None:
    spec = next(case for case in CASES if case.key == "vanishing").spec()
    twin = compare(spec, key, 20)
    assert twin.before.accuracies[-1] < 0.2
    assert twin.after.accuracies[-1] > 0.95
