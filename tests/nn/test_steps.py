"""Many updates before one look are the updates one by one, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Choice
from bpstudio.nn.steps import FEW
from bpstudio.nn.trainer import Trainer
from tests.nn import nets

RUNAWAY = {"activation": "relu", "output": "linear", "learning_rate": 1e3, "batch": 2}


def one_by_one(spec, updates):
    trainer = Trainer(spec)
    for _ in range(updates):
        if trainer.fault is None:
            trainer.step()
    return trainer


def same(one, other):
    assert one.updates == other.updates
    assert one.fault == other.fault
    mine, theirs = one.state(), other.state()
    for a, b in zip(
        (mine.parameters, mine.running, mine.alive, *mine.optimizer),
        (theirs.parameters, theirs.running, theirs.alive, *theirs.optimizer),
        strict=True,
    ):
        assert np.array_equal(a, b, equal_nan=True)
    assert (mine.position, mine.epoch, mine.random) == (
        theirs.position,
        theirs.epoch,
        theirs.random,
    )
    for a, b in zip(one.gradient_layers, other.gradient_layers, strict=True):
        assert np.array_equal(a.whole, b.whole, equal_nan=True)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("extra", [{}, {"batch_norm": True, "dropout": 0.3}], ids=str)
def test_together_and_one_by_one_are_the_same(kind, extra):
    spec = nets.spec(optimizer=Choice(kind, {}), batch=4, **extra)
    together = Trainer(spec)
    together.run(updates=50)
    same(together, one_by_one(spec, 50))


@pytest.mark.parametrize("rate", [0.0, 1e-9, 0.03, 1.0, 5.0])
@pytest.mark.parametrize("extra", [{}, {"batch_norm": True}, {"residual": True}], ids=str)
def test_what_sgd_subtracts_is_the_rate_times_the_gradient_that_is_shown(rate, extra):
    trainer = Trainer(nets.spec(shuffle=False, batch=4, **extra))
    twin = Trainer(nets.spec(shuffle=False, batch=4, optimizer=Choice("momentum"), **extra))
    for _ in range(2):
        trainer.learning_rate = twin.learning_rate = rate
        before = trainer.network.parameters.copy()
        twin.network.parameters[:] = before
        twin._update.clear()
        trainer.step()
        twin.step()
        assert nets.close(trainer._gradient, twin._gradient, 1e-14)
        assert nets.close(trainer.network.parameters, before - rate * trainer._gradient, 1e-15)
        for mine, theirs in zip(trainer.last[0].upstreams, twin.last[0].upstreams, strict=True):
            assert nets.close(mine, theirs, 1e-14)
        rate = 0.5 if rate != 0.5 else 2.0


@pytest.mark.parametrize("kind", ["sgd", "momentum", "nesterov"])
@pytest.mark.parametrize("extra", [{}, {"dropout": 0.3}, {"l1": 0.01, "l1_prune": True}], ids=str)
def test_a_fault_is_found_at_its_own_update(kind, extra):
    spec = nets.spec((3, 6, 6, 2), optimizer=Choice(kind, {}), **{**RUNAWAY, **extra})
    together = Trainer(spec)
    together.run(updates=500)
    assert together.fault is not None
    assert together.fault.updates == together.updates > FEW
    same(together, one_by_one(spec, 500))


def test_a_batch_norm_that_runs_away_stands_where_it_broke():
    spec = nets.spec((3, 6, 6, 2), batch_norm=True, **{**RUNAWAY, "learning_rate": 1e200})
    together = Trainer(spec)
    together.run(updates=500)
    assert together.fault is not None
    same(together, one_by_one(spec, 500))
