"""What the flow's pictures show is what the trainer's numbers are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpstudio.nn.flowlog import BINS, MOST_COLUMNS, QUANTITIES, FlowLog, Span, ahead, column
from bpstudio.nn.spec import Choice
from bpstudio.nn.trainer import Trainer
from tests.nn import nets


@pytest.fixture
def trainer():
    return Trainer(nets.spec((4, 9, 9, 9, 2), "sigmoid", batch=8, learning_rate=0.5))


@pytest.fixture
def log():
    return FlowLog(wanted=True, period=0.0)


def figures(rows):
    return [
        (r.norm_weight_gradient, r.norm_backpropagated, r.std, r.update_to_data, r.saturated)
        for r in rows
    ]


def test_before_the_first_step_it_shows_the_step_that_comes_next(trainer, log):
    picture = log(trainer)
    assert trainer.updates == 0
    assert trainer.last is None
    trainer.step()
    assert figures(picture.now) == figures(trainer.flow())
    assert picture.now == picture.start or figures(picture.now) == figures(picture.start)


def test_weights_typed_by_hand_count_before_the_first_step(trainer, log):
    trainer.network.layers[0].W[0, 0] = 7.5
    picture = log(trainer)
    trainer.step()
    assert figures(picture.now) == figures(trainer.flow())


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_step_ahead_leaves_the_run_as_it_is(dropout):
    spec = nets.spec((4, 6, 6, 2), "tanh", batch=8, dropout=dropout)
    plain, looked = Trainer(spec), Trainer(spec)
    plain.run(updates=7)
    for _ in range(7):
        ahead(looked)
        looked.step()
    np.testing.assert_array_equal(plain.network.parameters, looked.network.parameters)


def test_the_start_is_found_again_when_it_is_asked_for_late(trainer, log):
    first = Trainer(trainer.spec)
    first.step()
    trainer.run(epochs=3)
    picture = log(trainer)
    assert figures(picture.start) == figures(first.flow())
    assert figures(picture.now) == figures(trainer.flow())
    assert figures(picture.now) != figures(picture.start)


def test_histograms_count_every_number_once(trainer, log):
    picture = log(trainer)
    for row in picture.now:
        assert row.activations.shape == (BINS,)
        assert row.activations.sum() == pytest.approx(1.0)
        assert 0.5 < row.backpropagated.sum() <= 1.0 + 1e-12
    assert picture.activations.low <= min(r.mean for r in picture.now)


def test_what_vanishes_stands_further_to_the_left():
    tiny = Choice("gaussian", {"std": 0.05})
    spec = nets.spec((4, *[20] * 8, 2), "sigmoid", batch=40, initializer=tiny)
    picture = FlowLog(wanted=True)(Trainer(spec))
    middles = [float(np.average(np.arange(BINS), weights=r.backpropagated)) for r in picture.now]
    assert middles[0] < middles[3] < middles[-1] - 5
    assert picture.backpropagated.low < np.log10(picture.now[0].norm_backpropagated)


def test_the_history_has_a_column_per_recorded_step_and_forgets_at_a_rewind(trainer, log):
    log.record(trainer)
    for _ in range(4):
        trainer.epoch()
        log.record(trainer)
        log.record(trainer)
    picture = log(trainer)
    assert list(picture.steps) == [0, 5, 10, 15, 20]
    assert set(picture.history) == set(QUANTITIES)
    last = picture.history["weight_gradient"][:, -1]
    np.testing.assert_allclose(last, trainer.report().norms, rtol=1e-12)
    np.testing.assert_allclose(
        np.array([picture.history[key][:, -1] for key in QUANTITIES]), column(trainer)
    )
    np.testing.assert_allclose(column(trainer).T, figures(trainer.flow()))
    trainer.rewind()
    log.record(trainer)
    assert list(log(trainer).steps) == [0]


def test_the_history_never_grows_beyond_its_limit(trainer, log):
    for _ in range(2 * MOST_COLUMNS + 50):
        trainer.step()
        log.record(trainer)
    steps = log(trainer).steps
    assert len(steps) <= MOST_COLUMNS + 1
    assert steps[0] == 0
    assert steps[-1] > 2 * MOST_COLUMNS
    gaps = np.diff(steps[1:])
    assert gaps.max() <= 2 * gaps.min()


def test_no_picture_is_made_that_nobody_wants(trainer, log):
    log.wanted = False
    assert log(trainer) is None


def test_a_playing_run_gets_a_new_picture_only_now_and_then(trainer):
    log = FlowLog(wanted=True, period=3600.0)
    trainer.step()
    first = log(trainer)
    trainer.step()
    assert log(trainer) is first


def test_axes_stay_while_they_suit():
    span = Span(-6.0, 0.0)
    assert span.fit(-5.0, -1.0, slack=3) is span
    assert span.fit(-7.0, -1.0, slack=3) == Span(-7.0, 0.0)
    assert span.fit(-2.0, -1.0, slack=3) == Span(-2.0, -1.0)
    assert span.fit(float("nan"), 1.0, slack=3) is span


def test_numbers_that_ran_away_break_nothing(log):
    spec = nets.spec((4, 9, 9, 2), "relu", batch=8, learning_rate=1e80)
    trainer = Trainer(spec)
    trainer.run(epochs=5)
    assert trainer.fault is not None
    log.record(trainer)
    assert len(log(trainer).now) == 3


@pytest.mark.parametrize("kind", ["adam", "momentum", "rmsprop"])
def test_the_update_is_what_the_optimizer_adds_not_the_rate_times_the_gradient(log, kind):
    spec = nets.spec((4, 9, 9, 2), "tanh", batch=8, optimizer=Choice(kind))
    trainer = Trainer(spec)
    trainer.run(updates=4)
    shown = [row.update_to_data for row in log(trainer).now]
    before = [layer.W.copy() for layer in trainer.network.layers]
    trainer.step()
    pairs = zip(trainer.network.layers, before, strict=True)
    true = [(layer.W - own).std() / own.std() for layer, own in pairs]
    np.testing.assert_allclose(shown, true, rtol=1e-12)
    log.record(trainer)
    assert log(trainer).history["update_to_data"][:, -1].min() > 0


def test_softmax_and_batch_norm_are_looked_at_too(log):
    spec = nets.spec((4, 9, 9, 3), "relu", "softmax", batch=8, batch_norm=True)
    spec = replace(spec, loss="cross_entropy")
    trainer = Trainer(spec)
    trainer.run(updates=3)
    log.record(trainer)
    assert len(log(trainer).now) == 3
