"""The engine alone, without a thread or a window."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bpstudio.nn.data import Dataset
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.ui.trainer import engine as engines
from bpstudio.ui.trainer import looks
from bpstudio.ui.trainer.engine import Engine, Frame
from bpstudio.ui.trainer.history import MOST_POINTS, History

SPEC = Spec(NetworkSpec((2, 4, 2, 1)), Dataset("circle", samples=100, test=0.3), epochs=50)


@pytest.fixture
def engine() -> Engine:
    made = Engine()
    made.use(SPEC, {})
    return made


def frame(engine: Engine) -> Frame:
    engine.wanted = True
    engine.turn(0.0)
    assert engine.latest is not None
    return engine.latest


def test_messages_are_heard_in_order_and_counted(engine: Engine) -> None:
    heard: list[int] = []
    for number in range(3):
        engine.post(lambda _, number=number: heard.append(number))
    assert frame(engine).answered == 3
    assert heard == [0, 1, 2]


def test_a_refused_message_is_told_and_changes_nothing(engine: Engine) -> None:
    engine.post(lambda e: e.change(learning_rate=-1.0))
    assert "−1 is too small; choose 0 or more" in frame(engine).refusal
    assert frame(engine).spec.learning_rate == SPEC.learning_rate
    engine.post(lambda e: e.step())
    assert frame(engine).refusal == ""


def test_rewinding_gives_the_same_losses_again(engine: Engine) -> None:
    engine.step(70)
    engine.epoch()
    first = frame(engine)
    engine.rewind()
    assert frame(engine).updates == 0
    engine.step(70)
    engine.epoch()
    again = frame(engine)
    assert again.loss == first.loss
    np.testing.assert_array_equal(again.curve.loss, first.curve.loss)


def test_a_turn_leaves_a_point_at_every_epoch(engine: Engine) -> None:
    engine.play(True)
    while engine.trainer is not None and engine.trainer.updates < 70:
        engine.turn(0.001)
    updates = frame(engine).curve.updates
    np.testing.assert_array_equal(updates[:11], np.arange(11) * 7)


def test_it_stops_after_the_epochs_asked_for_and_goes_on_when_played_again(engine: Engine) -> None:
    engine.limit = 3
    engine.play(True)
    for _ in range(1000):
        engine.turn(0.005)
    done = frame(engine)
    assert (done.epoch, done.playing, done.finished) == (3.0, False, True)
    engine.play(True)
    engine.turn(0.005)
    assert frame(engine).updates > done.updates


def test_a_fault_pauses_with_its_sentence_and_rewinding_clears_it(engine: Engine) -> None:
    engine.use(
        replace(SPEC, network=NetworkSpec((2, 4, 1), "relu", "linear"), learning_rate=1e6), {}
    )
    engine.play(True)
    for _ in range(100):
        engine.turn(0.005)
    stopped = frame(engine)
    assert stopped.fault
    assert not stopped.playing
    engine.step()
    assert frame(engine).updates == stopped.updates
    engine.rewind()
    assert frame(engine).fault == ""


def test_an_edited_weight_is_the_networks(engine: Engine) -> None:
    engine.edit(1, 0, 3, 2.5)
    engine.edit(0, 2, -1, -0.5)
    weights = frame(engine).weights
    assert weights[1].W[0, 3] == 2.5
    assert weights[0].b[2] == -0.5


def test_a_frame_is_a_copy(engine: Engine) -> None:
    before = frame(engine)
    kept = before.weights[0].W.copy()
    engine.step(5)
    np.testing.assert_array_equal(before.weights[0].W, kept)


def test_a_pace_holds_the_updates_back(engine: Engine) -> None:
    engine.pace = 100
    engine.play(True)
    for _ in range(20):
        engine.turn(0.001)
    assert engine.trainer is not None
    assert engine.trainer.updates <= 20


def test_new_points_keep_the_weights_where_asked(engine: Engine) -> None:
    engine.step(50)
    weights = frame(engine).weights
    engine.use(replace(SPEC, data=Dataset("xor", samples=100)), {}, keep=True)
    assert frame(engine).weights == weights
    assert frame(engine).updates == 0


def test_maps_have_the_values_of_the_outputs_at_their_places(engine: Engine) -> None:
    engine.step(200)
    bounds = (-6.0, -6.0, 6.0, 6.0)
    look = looks.plane(bounds, ("x1", "x2"), (2, 4, 2, 1), -1.0, 1.0)
    assert engine.trainer is not None
    maps = look(engine.trainer)
    side = maps.surface.shape[0]
    outputs = engine.trainer.evaluate(looks.grid(bounds, side))[:, 0].reshape(side, side)
    np.testing.assert_allclose(maps.surface / 127.5 - 1, outputs, atol=0.01)
    assert [len(layer) for layer in maps.layers] == [4, 2, 1]


def test_the_first_row_of_a_grid_is_the_top() -> None:
    points = looks.grid((0.0, 10.0, 1.0, 20.0), 4)
    assert points[0].tolist() == [0.125, 18.75]
    assert points[-1].tolist() == [0.875, 11.25]


def test_a_history_never_grows_beyond_its_limit_and_keeps_its_start() -> None:
    history = History()
    for update in range(5 * MOST_POINTS):
        if update % history.every == 0:
            history.add(update, update / 10, 1.0, math.nan, math.nan, math.nan)
    curve = history.curve()
    assert MOST_POINTS / 2 <= len(curve) <= MOST_POINTS
    assert history.every == 8
    assert set(np.diff(curve.updates)) == {8}
    assert curve.updates[0] == 0


def test_a_second_point_at_the_same_update_replaces_the_first() -> None:
    history = History()
    history.add(3, 0.3, 2.0, 0, 0, 0)
    history.add(3, 0.3, 1.0, 0, 0, 0)
    assert history.curve().loss.tolist() == [1.0]


def test_the_first_epoch_of_a_large_set_has_a_curve(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "MOST_EVALUATED", 100)
    engine.use(replace(SPEC, data=Dataset("circle", samples=1200), batch=1), {})
    assert engine.trainer is not None
    engine.play(True)
    while engine.trainer.updates < 400:
        engine._train(0.001)
    curve = engine.history.curve()
    assert len(curve) > 10
    assert set(np.diff(curve.updates)) == {1200 / engines.PARTS}
    assert np.isfinite(curve.loss[1:]).all()


def test_the_loss_of_the_last_batches_does_not_lag_behind_what_is_learned(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "MOST_EVALUATED", 100)
    engine.use(replace(SPEC, data=Dataset("gauss", samples=4000), batch=4), {})
    for _ in range(20):
        engine.step(50)
    assert engine.trainer is not None
    assert frame(engine).loss < 2 * engine.trainer.loss() + 0.01


def test_a_long_run_stops_at_the_very_epoch_asked_for(engine: Engine) -> None:
    engine.use(replace(SPEC, data=Dataset("circle", samples=8)), {})
    engine.limit = 2 * MOST_POINTS + 1
    engine.play(True)
    while engine.playing:
        engine._train(0.5)
    assert engine.history.every > 1
    assert engine.trainer is not None
    assert engine.trainer.epochs_done == engine.limit
    assert engine.finished
    assert engine.history.last == engine.trainer.updates
