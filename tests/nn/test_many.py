"""Nets side by side are the nets one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.faults import SpecError, TrainingError
from bpstudio.nn.many import Many, is_plain
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Choice
from bpstudio.nn.trainer import Trainer
from tests.nn import nets


def compare(spec, epochs=4, tolerance=1e-12, **over):
    many = Many(spec, **over)
    many.run(epochs)
    assert many.losses.shape == (epochs + 1, len(many.specs))
    for index, own in enumerate(many.specs):
        trainer = Trainer(own)
        losses = [trainer.loss()]
        for _ in range(epochs):
            trainer.epoch()
            losses.append(trainer.loss())
        assert nets.close(many.losses[:, index], losses, tolerance)
        for mine, theirs in zip(many.weights(index), trainer.network.weights(), strict=True):
            for name, value in theirs.to_json().items():
                assert nets.close(mine.to_json()[name], value, 10 * tolerance), name
    return many


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_seeds_side_by_side(activation):
    # 40 samples in batches of 12: the last one is incomplete.
    many = compare(nets.spec((3, 6, 5, 2), activation, batch=12), seeds=(0, 1, 7))
    assert is_plain(many.specs[0])
    assert len(set(many.losses[0])) == 3


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_rates_side_by_side(kind, decay):
    spec = nets.spec(optimizer=Choice(kind, {"weight_decay": decay}), drop_last=True, batch=12)
    many = compare(spec, learning_rates=(0.001, 0.01, 0.03))
    assert len(set(many.losses[0])) == 1
    assert len(set(many.losses[-1])) == 3


@pytest.mark.parametrize(("loss", "output"), [p for p in nets.PAIRS if p[1] != "softmax"])
def test_losses_side_by_side(loss, output):
    schedule = Choice("exponential", {"gamma": 0.5})
    compare(nets.spec(output=output, loss=loss, schedule=schedule), seeds=(3, 4), epochs=2)


EXTRAS = [
    {"batch_norm": True},
    {"dropout": 0.2},
    {"dropout": 0.2, "dtype": "float32"},
    {"residual": True},
    {"residual": (2,), "batch_norm": True, "dropout": 0.3},
    {"output": "softmax"},
    {"output": "softmax", "loss": "cross_entropy"},
    {"output": "softmax", "loss": "cross_entropy", "batch_norm": True, "residual": True},
    {"l1": 0.02},
    {"l2": 0.1, "l1": 0.01, "optimizer": Choice("adam", {"weight_decay": 0.1})},
    {"clip_norm": 0.05},
    {"clip_value": 0.01, "clip_norm": 0.02, "l2": 0.1},
]


@pytest.mark.parametrize("extra", EXTRAS, ids=str)
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_everything_a_net_may_have_runs_together(extra, activation):
    # 40 samples in batches of 12: a last batch of 4 has masks and statistics of its own.
    tolerance = 1e-5 if extra.get("dtype") == "float32" else 1e-12
    spec = nets.spec((6, 6, 6, 6, 3), activation, batch=12, **extra)
    many = compare(spec, seeds=(0, 1, 5), tolerance=tolerance)
    assert is_plain(many.specs[0])


def test_dropout_of_a_net_without_hidden_layers_draws_nothing():
    compare(nets.spec((3, 2), dropout=0.5), seeds=(0, 1))


def test_given_weights_are_where_every_net_starts():
    spec = nets.spec(batch_norm=True)
    begun = Trainer(spec)
    begun.epoch()
    many = compare(replace(spec, weights=begun.network.weights()), seeds=(1, 2))
    assert many.losses[0, 0] == many.losses[0, 1]


def test_a_pruned_net_runs_by_itself():
    many = compare(nets.spec(l1=0.1, l1_prune=True), seeds=(0, 1))
    assert not is_plain(many.specs[0])
    assert is_plain(nets.spec(l1_prune=True))


def test_refuses_what_a_trainer_refuses():
    for extra in ({"batch_norm": True, "batch": 1}, {"loss": "hinge"}):
        with pytest.raises(SpecError):
            Many(nets.spec(**extra), seeds=(0, 1))


def test_a_net_that_runs_away_leaves_the_others_alone():
    spec = nets.spec((3, 6, 2), "relu", "linear")
    many = Many(spec, learning_rates=(0.01, 1e30, 0.02))
    many.run(3)
    assert np.isfinite(many.losses[:, [0, 2]]).all()
    assert not np.isfinite(many.losses[-1, 1])
    assert np.isfinite(many.median()).all()
    low, high = many.band(0.5)
    assert np.all(low <= many.median())
    assert np.all(many.median() <= high)


def test_refuses_both_and_neither():
    for words in ({}, {"seeds": (1,), "learning_rates": (0.1,)}):
        with pytest.raises(TrainingError, match="either seeds or learning rates"):
            Many(nets.spec(), **words)
    with pytest.raises(TrainingError, match="at most 256"):
        Many(replace(nets.spec(), epochs=1), seeds=range(257))
