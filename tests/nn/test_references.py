"""TensorFlow Playground's losses and torch's gradient norms in deep nets, replayed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bpstudio.nn.data import Data
from bpstudio.nn.spec import LayerWeights, NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer
from bpstudio.nn.updates import norm_of
from tests.conftest import REFERENCE

CASES = sorted(path.stem for path in (REFERENCE / "playground").glob("*.json"))


def playground(name: str) -> tuple[Trainer, dict]:
    kept = json.loads((REFERENCE / "playground" / f"{name}.json").read_text("utf-8"))
    case = kept["case"]
    train, test = np.array(kept["train"]), np.array(kept["test"])
    weights = tuple(LayerWeights(np.array(w["W"]), np.array(w["b"])) for w in kept["init"])
    output = "linear" if case["dataset"].startswith("reg") else "tanh"
    spec = Spec(
        NetworkSpec((2, *case["hidden"], 1), case["activation"], output),
        Data(train[:, :2], train[:, 2:], test[:, :2], test[:, 2:]),
        batch=case["batch"],
        learning_rate=case["lr"],
        shuffle=False,
        l1=case.get("rr", 0.0),
        l1_prune=True,
        weights=weights,
    )
    return Trainer(spec), kept


def test_all_six_cases_are_there():
    assert len(CASES) == 6


@pytest.mark.parametrize("name", CASES)
def test_losses_of_the_playground(name):
    trainer, kept = playground(name)
    for epoch in range(501):
        if epoch:
            trainer.epoch()
        assert abs(trainer.loss() - kept["lossTrain"][epoch]) < 1e-12, epoch
        assert abs(trainer.loss("test") - kept["lossTest"][epoch]) < 1e-12, epoch
        if epoch in (1, 500):
            wanted = kept["after1" if epoch == 1 else "final"]
            for layer, theirs in zip(trainer.network.layers, wanted, strict=True):
                assert np.allclose(layer.W, theirs["W"], rtol=0, atol=1e-11)
                assert np.allclose(layer.b, theirs["b"], rtol=0, atol=1e-11)


def test_dead_weights_stay_dead():
    trainer, kept = playground("circle_2-4-2-1_tanh_L1")
    trainer.run(epochs=500)
    dead = [np.array(layer["W"]) == 0 for layer in kept["final"]]
    assert sum(mask.sum() for mask in dead) > 0
    for layer, mask in zip(trainer.network.layers, dead, strict=True):
        assert np.array_equal(layer.W == 0, mask)


FLOW = json.loads((REFERENCE / "gradient_flow.json").read_text("utf-8"))["init"]
SCALES = {"n001": lambda i, o: 0.01, "xavier": lambda i, o: (2 / (i + o)) ** 0.5}
SCALES["he"] = lambda i, o: (2 / i) ** 0.5
DEPTH, WIDTH, CLASSES, SAMPLES = 20, 100, 10, 256


@pytest.mark.parametrize("key", FLOW)
def test_gradient_norms_of_twenty_layers(key):
    activation, scale, remedy = key.split("/")
    rng = np.random.default_rng(0)
    x = rng.standard_normal((SAMPLES, WIDTH))
    y = np.eye(CLASSES)[rng.integers(0, CLASSES, SAMPLES)]
    size = SCALES[scale]
    drawn = [rng.standard_normal((WIDTH, WIDTH)) * size(WIDTH, WIDTH) for _ in range(DEPTH)]
    drawn.append(rng.standard_normal((WIDTH, CLASSES)) * size(WIDTH, CLASSES))
    network = NetworkSpec(
        (WIDTH, *[WIDTH] * DEPTH, CLASSES),
        activation,
        "softmax",
        batch_norm=remedy == "bn",
        residual=tuple(range(2, DEPTH + 1)) if remedy == "residual" else False,
    )
    weights = tuple(LayerWeights(w.T, np.zeros(w.shape[1])) for w in drawn)
    spec = Spec(network, Data(x, y), loss="cross_entropy", batch=SAMPLES, shuffle=False)
    trainer = Trainer(Spec(**{**vars(spec), "weights": weights}))
    report = trainer.step()
    kept = FLOW[key]
    assert report.loss == pytest.approx(kept["seed0_loss"], rel=1e-6)
    norms = [norm_of(layer.W) for layer in trainer.gradient_layers]
    assert norms[:-1] == pytest.approx(kept["seed0_gW"], rel=1e-6, abs=0)
    assert norms[-1] == pytest.approx(kept["seed0_gWo"], rel=1e-6, abs=0)
    assert report.norms == tuple(norms)
    flow = trainer.flow()
    assert [f.norm_weight_gradient for f in flow] == norms
    # torch's std divides by n - 1; the reference's is of the layer's outputs.
    assert [f.std for f in flow[:-1]] == pytest.approx(kept["seed0_std"], rel=1e-4)
