"""The straight list of calls computes what the textbook's network computes."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.checking import OUTPUTS
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.products import SMALL, TURNS
from bpstudio.nn.trainer import Trainer
from tests.nn import nets, plain

EXTRAS = [
    {},
    {"batch_norm": True},
    {"residual": True},
    {"residual": (2,)},
    {"dropout": 0.3},
    {"dropout": 0.3, "residual": True},
    {"batch_norm": True, "residual": True, "dropout": 0.5},
]
SIZES = [(3, 2), (3, 5, 2), (3, 6, 6, 2), (4, 4, 4, 4, 3)]


def masks_of(trainer, batch):
    """Factors as dropout draws them, the same for every update."""
    keep = 1 - trainer.spec.network.dropout
    rng = np.random.default_rng(5)
    return [
        (rng.random((units, batch)) < keep) / keep for units in trainer.spec.network.sizes[1:-1]
    ]


def compare(spec, tolerance=1e-12):
    trainer = Trainer(spec)
    weights = trainer.network.weights()
    batch = min(spec.batch, len(trainer.data.inputs))
    masks = masks_of(trainer, batch) if spec.network.dropout else None
    if masks is not None:
        trainer.masks = lambda update, layer, shape: masks[layer]
    report = trainer.step()
    x, t = trainer.data.inputs[:batch], trainer.data.targets[:batch]
    loss, grads = plain.loss_and_gradients(spec.network, spec.loss, weights, x, t, masks)
    assert report.loss == pytest.approx(loss, rel=1e-12)
    for mine, theirs in zip(trainer.gradient_layers, grads, strict=True):
        for name, value in theirs.items():
            assert nets.close(getattr(mine, name), value, tolerance), name


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_a_step_has_the_plain_gradients(activation, sizes):
    compare(nets.spec(sizes, activation, "linear", shuffle=False))


@pytest.mark.parametrize(("loss", "output"), nets.PAIRS)
def test_every_loss_with_every_output(loss, output):
    compare(nets.spec(output=output, loss=loss, shuffle=False))


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_network_without_hidden_layers(output):
    compare(nets.spec((3, 2), output=output, shuffle=False))


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_wide_layers_whose_delta_is_turned_over_for_their_gradient(activation):
    sizes = (3, 70, 64, 2)
    spec = nets.spec(sizes, activation, "softmax", loss="cross_entropy", shuffle=False)
    assert TURNS <= 64 * 71 <= 64 * 71 * spec.batch <= SMALL
    compare(spec)


@pytest.mark.parametrize("extra", EXTRAS, ids=str)
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu", "softplus"])
@pytest.mark.parametrize("sizes", [(3, 6, 6, 2), (5, 5, 5, 5, 2)], ids=str)
def test_normalised_residual_and_dropped_layers(extra, activation, sizes):
    for output in ("linear", activation):
        compare(nets.spec(sizes, activation, output, shuffle=False, **extra))


def test_the_first_hidden_layer_may_add_its_input():
    compare(nets.spec((4, 4, 2), residual=True, shuffle=False))
    assert nets.spec((4, 4, 2), residual=True).network.adds_input(1)


@pytest.mark.parametrize("extra", EXTRAS, ids=str)
def test_gradients_asked_for_leave_training_alone(extra):
    spec = nets.spec(shuffle=False, **extra)
    trainer, twin = Trainer(spec), Trainer(spec)
    trainer.gradients(trainer.data.inputs, trainer.data.targets)
    trainer.evaluate(trainer.data.inputs)
    trainer.unit_maps(trainer.data.inputs)
    assert trainer.loss() == twin.loss()
    trainer.run(updates=7)
    twin.run(updates=7)
    assert np.array_equal(trainer.network.parameters, twin.network.parameters)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_whole_gradient_is_the_numeric_one(loss, batch_norm):
    output = "sigmoid" if loss == "cross_entropy" else "tanh"
    trainer = Trainer(nets.spec(output=output, loss=loss, batch_norm=batch_norm, l1=0.01, l2=0.1))
    from bpstudio.nn.numeric import check_gradient

    found = check_gradient(trainer, trainer.data.inputs, trainer.data.targets)
    assert found.largest < 1e-6
    assert len(found.analytic) == trainer.network.count


def test_float32_is_float32_throughout():
    trainer = Trainer(nets.spec(dtype="float32", batch_norm=True, dropout=0.2, l2=0.01))
    trainer.run(epochs=2)
    assert trainer.network.parameters.dtype == np.float32
    program, _ = trainer.last
    assert all(a.dtype == np.float32 for a in program.activations)
    double = Trainer(nets.spec(batch_norm=True, l2=0.01))
    single = Trainer(nets.spec(batch_norm=True, l2=0.01, dtype="float32"))
    assert single.run(epochs=2).loss == pytest.approx(double.run(epochs=2).loss, rel=1e-4)
