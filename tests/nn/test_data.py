"""Data sets and features: contracts over the tables."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.nn.data import Dataset, count_classes, make, share_right
from bpstudio.nn.datasets import DATASETS
from bpstudio.nn.features import FEATURES, expand
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer


def outputs_of(made):
    return made.inputs if made.regression and made.copies else made.classes or 1


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("noise", [0.0, 0.2, 1.0])
def test_a_data_set_is_made_of_finite_numbers_of_its_shape(name, noise):
    made = DATASETS[name]
    outputs = 1 if made.classes == 2 else outputs_of(made)
    data = make(Dataset(name, 200, noise, seed=3, test=0.25), outputs, "tanh")
    assert data.inputs.shape == (150, made.inputs)
    assert data.targets.shape == (150, outputs)
    assert data.test_inputs.shape == (50, made.inputs)
    assert all(np.isfinite(v).all() for v in (data.inputs, data.targets))
    if made.planar and name != "gauss":
        assert np.abs(data.inputs).max() < 12
    assert (data.classes is None) == (made.regression and name != "one_hot")


@pytest.mark.parametrize("name", DATASETS)
def test_the_same_seed_draws_the_same_data(name):
    made = DATASETS[name]
    outputs = 1 if made.classes == 2 else outputs_of(made)
    one, two = (make(Dataset(name, 60, 0.1, seed=5), outputs, "tanh") for _ in range(2))
    assert one == two
    other = make(Dataset(name, 60, 0.1, seed=6), outputs, "tanh")
    assert (one == other) == (name == "one_hot")


@pytest.mark.parametrize("classes", [2, 3, 4, 7])
@pytest.mark.parametrize("name", ["circle", "gauss", "spiral", "moons"])
def test_k_classes_are_about_equally_large(name, classes):
    data = make(Dataset(name, 70 * classes, seed=1, classes=classes), classes, "softmax")
    assert data.classes == classes
    assert np.array_equal(data.targets.sum(axis=1), np.ones(70 * classes))
    assert np.all(np.abs(data.targets.sum(axis=0) - 70) <= 2)


def test_targets_suit_the_output():
    for output, low in (("tanh", -1.0), ("linear", -1.0), ("sigmoid", 0.0), ("relu", 0.0)):
        data = make(Dataset("xor"), 1, output)
        assert set(np.unique(data.targets)) == {low, 1.0}


@pytest.mark.parametrize("name", ["circle", "xor", "gauss", "moons"])
def test_a_small_network_learns_it(name):
    spec = Spec(NetworkSpec((2, 6, 6, 1)), Dataset(name, 300, seed=2, test=0.3), epochs=100)
    trainer = Trainer(spec)
    trainer.run(epochs=100)
    assert trainer.accuracy("test") > 0.93


def test_three_hidden_units_carry_eight_codes():
    network = NetworkSpec((8, 3, 8), "sigmoid", "softmax")
    spec = Spec(network, Dataset("one_hot", 8), loss="cross_entropy", learning_rate=2.0, batch=8)
    trainer = Trainer(spec)
    trainer.run(epochs=3000)
    assert trainer.accuracy() == 1.0


def test_digits_can_be_told_apart_and_copied():
    data = Dataset("digits", 1500, seed=0, test=0.2)
    spec = Spec(NetworkSpec((64, 32, 10), "relu", "softmax"), data, loss="cross_entropy", batch=32)
    trainer = Trainer(Spec(**{**vars(spec), "learning_rate": 0.2}))
    trainer.run(epochs=30)
    assert trainer.accuracy("test") > 0.95
    assert trainer.data.inputs.min() >= 0
    assert trainer.data.inputs.max() <= 1
    copying = Trainer(Spec(NetworkSpec((64, 16, 64)), data))
    assert np.array_equal(copying.data.inputs, copying.data.targets)


def test_features_are_the_named_functions():
    points = np.array([[1.0, 2.0], [-0.5, 3.0]])
    wide = expand(points, tuple(FEATURES))
    x, y = points.T
    wanted = np.stack([x, y, x * x, y * y, x * y, np.sin(x), np.sin(y)], axis=1)
    assert np.array_equal(wide, wanted)


def test_classes_are_counted_only_where_targets_name_them():
    assert count_classes(np.array([[0.0], [1.0]])) == 2
    assert count_classes(np.array([[-1.0], [1.0]])) == 2
    assert count_classes(np.array([[-1.0], [0.0], [1.0]])) is None
    assert count_classes(np.array([[0.5], [1.0]])) is None
    assert count_classes(np.eye(4)) == 4
    assert count_classes(2 * np.eye(4) - 1) == 4
    assert count_classes(np.ones((3, 2))) is None
    assert count_classes(np.empty((0, 1))) is None


def test_no_number_is_no_right_answer():
    targets = np.array([[-1.0], [1.0], [-1.0]])
    assert share_right(np.array([[-0.2], [0.3], [np.nan]]), targets) == pytest.approx(2 / 3)
    assert share_right(np.array([[0.2, 0.8], [np.nan, 0.1]]), np.eye(2)[[1, 1]]) == 0.5
