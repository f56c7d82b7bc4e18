"""What training promises beside right numbers: repeatable, stoppable, changeable, honest."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bpstudio.nn.data import Data, Dataset
from bpstudio.nn.faults import DataError, SpecError, TrainingError
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Choice, NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer
from tests.nn import nets

SPIRAL = Spec(NetworkSpec((2, 8, 8, 1)), Dataset("spiral", 203, 0.1, 1, test=0.2))


def parameters(trainer):
    return trainer.network.parameters.copy()


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_the_same_seed_gives_the_same_run(kind):
    spec = replace(
        SPIRAL,
        network=NetworkSpec((2, 8, 8, 1), batch_norm=True, dropout=0.2),
        optimizer=Choice(kind),
        l1=0.001,
        l1_prune=True,
        batch=20,
    )
    one, two = Trainer(spec), Trainer(spec)
    one.run(epochs=3)
    first = parameters(one)
    two.run(updates=5)
    two.rewind()
    two.run(updates=7)
    two.run(epochs=3)
    assert two.updates == one.updates == 3 * 9
    assert np.array_equal(parameters(two), first)
    one.rewind()
    assert one.epochs_done == 0
    one.run(epochs=3)
    assert np.array_equal(parameters(one), first)
    other = Trainer(replace(spec, seed=1))
    other.run(epochs=3)
    assert not np.array_equal(parameters(other), first)


def test_a_state_is_all_that_the_next_step_depends_on():
    spec = replace(
        SPIRAL,
        network=NetworkSpec((2, 8, 8, 1), batch_norm=True, dropout=0.2),
        optimizer=Choice("adam"),
        batch=20,
    )
    trainer = Trainer(spec)
    trainer.run(updates=13)
    state = trainer.state()
    trainer.run(updates=29)
    after = parameters(trainer)
    for fresh in (trainer, Trainer(spec)):
        fresh.restore(state)
        assert fresh.updates == 13
        fresh.run(updates=29)
        assert np.array_equal(parameters(fresh), after)


def test_each_sample_is_seen_once_in_an_epoch():
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((23, 2))
    spec = nets.spec((2, 3, 1), data=Data(inputs, np.zeros((23, 1))), batch=5)
    trainer = Trainer(spec)
    for _ in range(3):
        seen = []
        for _ in range(5):
            trainer.step()
            _, bound = trainer.last
            rows = bound.first[0].args[0].T
            seen += [tuple(row[:2]) for row in rows]
        assert sorted(seen) == sorted(map(tuple, inputs))
    assert trainer.epochs_done == 3


def test_an_incomplete_batch_is_used_unless_dropped():
    assert Trainer(SPIRAL).epoch().updates == 17
    dropped = Trainer(replace(SPIRAL, drop_last=True))
    assert dropped.epoch().updates == 16
    assert dropped.epoch().updates == 32


def test_a_batch_larger_than_the_data_is_all_of_them():
    assert Trainer(replace(SPIRAL, batch=10_000)).epoch().updates == 1


def test_more_batches_than_a_window_hold_every_sample():
    data = Data(np.arange(1300.0)[:, None] / 1300, np.zeros((1300, 1)))
    trainer = Trainer(nets.spec((1, 1), data=data, batch=1, learning_rate=0.0))
    seen = []
    while trainer.updates < 1300:
        trainer.step()
        seen.append(float(trainer.last[1].first[0].args[0][0, 0]))
    assert sorted(seen) == data.inputs[:, 0].tolist()
    assert seen != data.inputs[:, 0].tolist()


def test_limits_of_a_run():
    trainer = Trainer(SPIRAL)
    assert trainer.run(updates=0).updates == 0
    assert trainer.run(updates=40).updates == 40
    assert trainer.run(epochs=1).epoch == 3.0
    assert trainer.run(epochs=2).epoch == 5.0
    assert trainer.run(seconds=0.0).epoch == 5.0
    calls = []
    trainer.run(until=lambda: len(calls) > 3 or calls.append(1))
    assert len(calls) == 4
    assert trainer.run(seconds=0.02).updates > 5 * 17


def test_the_report_of_a_step():
    trainer = Trainer(replace(SPIRAL, shuffle=False))
    assert trainer.report().loss == trainer.loss()
    x, t = trainer.data.inputs[:10], trainer.data.targets[:10]
    outputs = trainer.evaluate(x)
    report = trainer.step()
    assert report.loss == pytest.approx(0.5 * float(np.mean((outputs - t) ** 2)), rel=1e-14)
    assert (report.updates, report.epoch, report.fault) == (1, 1 / 17, None)
    assert len(report.norms) == 3
    trainer.step()
    with pytest.raises(TrainingError, match="until the next step"):
        _ = report.norms


# --- faults ---------------------------------------------------------------------------------------


def test_a_learning_rate_of_a_million_is_caught_at_its_step():
    network = NetworkSpec((2, 8, 8, 1), "relu", "linear")
    trainer = Trainer(replace(SPIRAL, network=network, learning_rate=1e6))
    report = trainer.run(epochs=50)
    fault = report.fault
    assert fault is not None
    assert fault.updates == trainer.updates == report.updates < 20
    assert f"layer {fault.layer}" in fault.sentence
    with pytest.raises(TrainingError, match="Rewind to go on"):
        trainer.step()
    trainer.rewind()
    trainer.learning_rate = 0.01
    assert trainer.run(epochs=2).fault is None


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_bad_weight_is_found_in_its_layer(layer, value):
    trainer = Trainer(replace(SPIRAL, network=NetworkSpec((2, 8, 8, 1), "relu", "linear")))
    trainer.step()
    # The outputs of all units reach the next layer, or relu has cut them off: then it is later.
    trainer.network.layers[layer].b[:] = value
    fault = trainer.step().fault
    assert fault is not None
    assert fault.updates == 2
    if not value < 0:
        assert (fault.layer, fault.what) == (layer + 1, "activations")


def test_gradients_that_overflow_are_named():
    data = Data(np.full((4, 1), 1e200), np.zeros((4, 1)))
    trainer = Trainer(nets.spec((1, 1), data=data))
    trainer.network.layers[0].W[:] = 1.0
    fault = trainer.step().fault
    assert (fault.layer, fault.what) == (1, "gradients")
    assert fault.sentence == "The gradients of layer 1 became ∞ at update 1."


def test_large_but_finite_numbers_are_no_fault():
    data = Data(np.full((4, 1), 1e100), np.zeros((4, 1)))
    trainer = Trainer(nets.spec((1, 1), data=data, learning_rate=1e-300))
    trainer.network.layers[0].W[:] = 1e60
    assert trainer.step().fault is None


def test_a_state_from_before_the_fault_goes_on():
    trainer = Trainer(SPIRAL)
    trainer.run(updates=5)
    state = trainer.state()
    trainer.network.layers[0].W[0, 0] = math.nan
    assert trainer.step().fault is not None
    trainer.restore(state)
    assert trainer.step().fault is None


# --- changes while it runs ------------------------------------------------------------------------


def test_a_rate_of_zero_stops_the_weights_at_once():
    trainer = Trainer(SPIRAL)
    trainer.run(updates=3)
    trainer.learning_rate = 0.0
    before = parameters(trainer)
    assert trainer.run(updates=20).learning_rate == 0.0
    assert np.array_equal(parameters(trainer), before)


@pytest.mark.parametrize(
    "fields",
    [
        {"l1": 0.01},
        {"l2": 0.1},
        {"clip_norm": 0.01},
        {"clip_value": 0.001},
        {"optimizer": Choice("adam")},
        {"optimizer": Choice("rmsprop")},
        {"loss": "mae"},
        {"batch": 30},
        {"learning_rate": 0.1},
    ],
    ids=str,
)
def test_a_change_is_what_a_run_with_it_from_there_does(fields):
    start = replace(SPIRAL, shuffle=False)
    trainer = Trainer(start)
    trainer.epoch()
    if "optimizer" in fields:
        # Another rule's memory is of no use to the new one.
        trainer.change(optimizer=Choice("momentum"))
        trainer.epoch()
    trainer.change(**fields)
    other = Trainer(replace(start, weights=trainer.network.weights(), **fields))
    unchanged = Trainer(replace(start, weights=trainer.network.weights()))
    for one in (trainer, other, unchanged):
        one.run(updates=20)
    assert np.array_equal(parameters(trainer), parameters(other))
    assert not np.array_equal(parameters(trainer), parameters(unchanged))


def test_live_properties_are_the_specification():
    trainer = Trainer(SPIRAL)
    trainer.l1, trainer.l2, trainer.clip_norm, trainer.clip_value = 0.1, 0.2, 0.3, 0.4
    spec = trainer.spec
    assert (spec.l1, spec.l2, spec.clip_norm, spec.clip_value) == (0.1, 0.2, 0.3, 0.4)
    assert (trainer.l1, trainer.l2, trainer.clip_norm, trainer.clip_value) == (0.1, 0.2, 0.3, 0.4)


def test_a_refused_change_changes_nothing():
    trainer = Trainer(SPIRAL)
    for fields, error in (
        ({"learning_rate": -1.0}, SpecError),
        ({"loss": "cross_entropy"}, SpecError),
        ({"seed": 3}, TrainingError),
    ):
        with pytest.raises(error):
            trainer.change(**fields)
    assert trainer.spec == SPIRAL


def test_the_schedule_is_in_force():
    spec = replace(SPIRAL, schedule=Choice("step", {"every": 2, "gamma": 0.5}), learning_rate=0.08)
    trainer = Trainer(spec)
    rates = [trainer.epoch().learning_rate for _ in range(5)]
    assert rates == [0.08, 0.08, 0.04, 0.04, 0.02]
    trainer.learning_rate = 0.4
    assert trainer.step().learning_rate == pytest.approx(0.1)


def test_a_weight_may_be_read_and_set():
    trainer = Trainer(SPIRAL)
    layer = trainer.network.layers[1]
    layer.W[2, 3] = 7.25
    layer.b[1] = -1.5
    weights = trainer.network.weights()
    assert weights[1].W[2, 3] == 7.25
    assert weights[1].b[1] == -1.5
    before = trainer.evaluate(trainer.data.inputs)
    trainer.network.parameters[:] = 0.0
    assert np.all(trainer.evaluate(trainer.data.inputs) == 0.0)
    trainer.network.set_weights(weights)
    assert np.array_equal(trainer.evaluate(trainer.data.inputs), before)


# --- questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("samples", [1, 100, 4096, 5000])
def test_unit_maps_are_the_activations(batch_norm, samples):
    trainer = Trainer(replace(SPIRAL, network=NetworkSpec((2, 8, 5, 1), batch_norm=batch_norm)))
    trainer.run(epochs=1)
    grid = np.random.default_rng(0).uniform(-6, 6, (samples, 2))
    exact = trainer.activations(grid)
    maps = trainer.unit_maps(grid)
    assert [m.shape for m in maps] == [(8, samples), (5, samples), (1, samples)]
    for mine, wanted in zip(maps, exact, strict=True):
        assert mine.dtype == np.float32
        assert np.allclose(mine, wanted, atol=2e-5)
    assert np.array_equal(exact[-1].T, trainer.evaluate(grid))
    trainer.run(epochs=1)
    assert np.allclose(trainer.unit_maps(grid)[0], trainer.activations(grid)[0], atol=2e-5)


def test_evaluate_refuses_what_does_not_fit():
    trainer = Trainer(SPIRAL)
    for wrong in (np.zeros(2), np.zeros((4, 3))):
        with pytest.raises(DataError, match="expected samples × 2 numbers"):
            trainer.evaluate(wrong)
    assert trainer.evaluate(np.zeros((0, 2))).shape == (0, 1)


def test_loss_of_many_samples_is_the_mean_over_all():
    data = nets.data(3, 2, "linear", samples=9001)
    trainer = Trainer(nets.spec((3, 4, 2), data=data))
    r = trainer.evaluate(data.inputs) - data.targets
    assert trainer.loss() == pytest.approx(0.5 * float(np.sum(r * r)) / 9001, rel=1e-12)


def test_accuracy_counts_classes():
    for outputs, output in ((1, "tanh"), (1, "sigmoid"), (3, "softmax"), (3, "linear")):
        network = NetworkSpec((2, 6, outputs), output=output)
        trainer = Trainer(Spec(network, Dataset("gauss", 300, seed=2, classes=max(2, outputs))))
        outputs_ = trainer.evaluate(trainer.data.inputs)
        assert trainer.accuracy() != 1.0
        trainer.run(epochs=60)
        assert trainer.accuracy() > 0.9
        assert outputs_.shape == (300, outputs)
    assert Trainer(replace(SPIRAL, data=Dataset("plane"))).accuracy() is None


def test_flow_names_saturated_and_dead_units():
    trainer = Trainer(nets.spec((3, 6, 6, 2), "relu"))
    with pytest.raises(TrainingError, match="no step"):
        trainer.flow()
    trainer.network.layers[0].b[:3] = -1e3
    trainer.step()
    first = trainer.flow()[0]
    assert first.dead >= 0.5
    assert first.saturated >= 0.5
    tanh = Trainer(nets.spec((3, 6, 6, 2), "tanh"))
    tanh.network.layers[1].b[:] = 50.0
    tanh.step()
    flow = tanh.flow()
    assert flow[1].saturated == 1.0
    assert flow[1].dead == 0.0
    assert flow[1].norm_weight_gradient < 1e-12 < flow[2].norm_weight_gradient
    assert flow[0].update_to_data == pytest.approx(0.03 * flow[0].gradient_to_data)


@pytest.mark.parametrize("kind", INITIALIZERS)
def test_initial_weights_have_the_named_scale(kind):
    trainer = Trainer(
        Spec(
            NetworkSpec((200, 300, 1)),
            Data(np.zeros((2, 200)), np.zeros((2, 1))),
            initializer=Choice(kind, {"std": 0.5} if kind == "gaussian" else {}),
        )
    )
    W = trainer.network.layers[0].W
    scales = {
        "gaussian": 0.5,
        "xavier": (2 / 500) ** 0.5,
        "he": 0.1,
        "lecun": (1 / 200) ** 0.5,
        "orthogonal": (1 / 300) ** 0.5,
        "zeros": 0.0,
    }
    assert W.std() == pytest.approx(scales[kind], rel=0.02)
    if kind == "orthogonal":
        assert np.allclose(W.T @ W, np.eye(200), atol=1e-12)
    assert not trainer.network.layers[0].b.any()
