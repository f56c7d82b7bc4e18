"""Twins run as their specifications would alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpstudio.nn.data import Dataset
from bpstudio.nn.faults import TrainingError
from bpstudio.nn.remedies import REMEDIES, course, treated
from bpstudio.nn.spec import Choice, NetworkSpec, Spec
from bpstudio.nn.twins import ORDER, Twins, with_remedies
from tests.nn import nets


def test_each_side_is_the_run_alone():
    before = nets.spec((4, 6, 6, 2), "sigmoid", batch=8)
    after = with_remedies(before, ["batch_norm"])
    twins = Twins(before, after)
    for _ in range(3):
        assert twins.epoch()
    for side, spec in zip(twins.sides(), (before, after), strict=True):
        alone = course(spec, 3)
        assert tuple(side.losses) == alone.losses
        np.testing.assert_allclose(side.norms[0], alone.gradient_norms, rtol=1e-12)
        assert side.norms.shape == (4, 3)
        assert side.spec is spec


def test_an_epoch_of_one_batch_is_one_update():
    spec = nets.spec((4, 6, 2), batch=40)
    twins = Twins(spec, spec)
    twins.epoch()
    twins.epoch()
    assert [run.trainer.updates for run in twins._runs] == [2, 2]


def test_accuracy_of_both_sets_is_kept():
    spec = Spec(NetworkSpec((2, 4, 1)), Dataset("xor", samples=60, test=0.5))
    twins = Twins(spec, spec)
    twins.epoch()
    before, after = twins.sides()
    assert before.accuracies.shape == before.test_accuracies.shape == (2,)
    assert 0 <= before.test_accuracies[-1] <= 1
    np.testing.assert_array_equal(before.losses, after.losses)


def test_several_remedies_go_together_in_an_order_that_keeps_all():
    tiny = Choice("gaussian", {"std": 0.01})
    spec = nets.spec((4, 6, 6, 2), "sigmoid", initializer=tiny)
    every = with_remedies(spec, REMEDIES)
    assert every.network.activation == "relu"
    assert every.initializer.kind == "he"
    assert every.network.batch_norm
    assert every.network.residual is True
    assert every.clip_norm == 1.0
    assert every.weights is not None
    assert set(ORDER) == set(REMEDIES)
    assert with_remedies(spec, []) is spec
    one = with_remedies(spec, ["residual"])
    assert one == treated(spec, "residual")


def test_what_does_not_fit_and_what_there_is_not_is_refused():
    with pytest.raises(TrainingError, match="no hidden layer"):
        with_remedies(nets.spec((4, 2)), ["batch_norm"])
    with pytest.raises(TrainingError, match="no remedy “rest”"):
        with_remedies(nets.spec(), ["rest"])


def test_cancelling_ends_the_epoch_and_the_preparation():
    spec = nets.spec((4, 6, 6, 2), "sigmoid")
    assert not Twins(spec, spec).epoch(until=lambda: True)
    assert with_remedies(spec, ["pretraining"], until=lambda: True) is None


def test_a_side_that_ran_away_stays_and_says_why():
    spec = nets.spec((4, 6, 6, 2), "relu", batch=8, learning_rate=1e60)
    calm = replace(spec, learning_rate=0.01)
    twins = Twins(spec, calm)
    for _ in range(4):
        assert twins.epoch()
    before, after = twins.sides()
    assert before.fault.endswith(".")
    assert not after.fault
    assert len(after.losses) == 5
    assert len(before.losses) < 5
    assert before.updates == round(5 * before.epoch) > 0


def test_the_verdict_tells_vanishing_from_even():
    spec = nets.spec((4, *[12] * 10, 2), "sigmoid", initializer=Choice("xavier"))
    twins = Twins(spec, with_remedies(spec, ["batch_norm"]))
    twins.epoch()
    before, after = twins.sides()
    assert (before.verdict, after.verdict) == ("vanishes", "even")


def exploding(**rest) -> Spec:
    """Sixteen layers that add their inputs: gradients grow from the last to the first."""
    return nets.spec((4, *[32] * 16, 2), "relu", residual=True, initializer=Choice("he"), **rest)


def test_sizes_are_told_before_clipping_because_it_mends_no_scale():
    spec = exploding(batch=8)
    twins = Twins(spec, with_remedies(spec, ["clipping"]))
    twins.epoch()
    before, after = twins.sides()
    np.testing.assert_array_equal(after.norms[0], before.norms[0])
    assert before.verdict == after.verdict == "explodes"
    assert before.clipped is None
    whole = np.sqrt((after.clipped[0] ** 2).sum())
    assert 0.9 < whole <= 1.0
    np.testing.assert_allclose(
        after.clipped[0] / after.clipped[0][0], after.norms[0] / after.norms[0][0], rtol=1e-9
    )


def test_a_clipped_side_is_the_run_alone_to_the_last_bit():
    spec = exploding(batch=8, clip_norm=1.0, clip_value=0.3, shuffle=True, dropout=0.2)
    twins = Twins(spec, spec)
    for _ in range(3):
        assert twins.epoch()
    alone = course(spec, 3)
    side = twins.sides()[1]
    assert tuple(side.losses) == alone.losses
    np.testing.assert_allclose(side.clipped[0], alone.gradient_norms, rtol=1e-12)
    assert side.norms.shape == side.clipped.shape == (4, 17)
    assert (side.norms >= side.clipped).all()
    assert side.updates == 15


def test_a_clipped_epoch_of_one_batch_is_one_update():
    spec = nets.spec((4, 6, 2), batch=40, clip_norm=1e-3)
    twins = Twins(spec, spec)
    twins.epoch()
    twins.epoch()
    assert [run.trainer.updates for run in twins._runs] == [2, 2]
    assert twins.sides()[0].norms.shape == (3, 2)


def test_a_side_that_ran_away_answers_nothing_rather_than_all_wrong():
    network = NetworkSpec((2, 4, 1), "relu", "linear")
    spec = Spec(network, Dataset("xor", samples=60), learning_rate=1e60)
    twins = Twins(spec, spec)
    for _ in range(3):
        twins.epoch()
    side = twins.sides()[0]
    assert side.fault
    assert np.isnan(side.accuracies[-1])
    assert np.isfinite(side.accuracies[0])
