"""Contracts over ACTIVATIONS: the gates' values and slopes, at kinks, far out, and for NaN."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpstudio.core.gates import GATES
from bpstudio.core.gates.compute import quiet, value_function
from bpstudio.nn.activations import ACTIVATIONS, FEW_CLASSES, softmax, value_of
from bpstudio.nn.normal import cdf

POINTS = np.concatenate(
    [np.linspace(-8, 8, 401), [-800.0, -40.0, -1e-9, 0.0, 1e-9, 1e-300, 40.0, 800.0]]
)


def slope_of(key, z):
    out = np.empty_like(z)
    with np.errstate(all="ignore"):
        for one in ACTIVATIONS[key].derivative(z, value_of(key, z), out):
            one()
    return out


@pytest.mark.parametrize("rows", [1, 300])
@pytest.mark.parametrize("key", [key for key in ACTIVATIONS if key != "linear"])
def test_value_and_slope_are_the_gates(key, rows):
    gate = GATES[ACTIVATIONS[key].gate]
    z = np.tile(POINTS, (rows, 1))
    params = {"slope": 0.01} if key == "leaky_relu" else {}
    with quiet():
        wanted = np.asarray(value_function(gate, 1)((z[0],), params))
    for row in value_of(key, z)[[0, -1]]:
        assert np.all(np.abs(row - wanted) <= 4e-16 * (1 + np.abs(wanted)))
    numeric = (value_of(key, z + 1e-6) - value_of(key, z - 1e-6)) / 2e-6
    smooth = np.abs(z) > 1e-5
    assert np.allclose(slope_of(key, z)[smooth], numeric[smooth], atol=3e-8, rtol=3e-8)


def test_slopes_at_kinks_are_pytorchs():
    zero = np.zeros((2, 3))
    for key, slope in (("relu", 0.0), ("leaky_relu", 0.01), ("elu", 1.0), ("softplus", 0.5)):
        assert np.all(slope_of(key, zero) == slope), key


@pytest.mark.parametrize("key", ACTIVATIONS)
@pytest.mark.parametrize("size", [3, 3000])
def test_no_number_stays_no_number(key, size):
    z = np.zeros((1, size))
    z[0, 1] = math.nan
    found = value_of(key, z)
    assert np.isnan(found[0, 1])
    assert np.isfinite(found[0, [0, 2]]).all()


@pytest.mark.parametrize("key", [key for key, a in ACTIVATIONS.items() if not a.keeps_input])
def test_in_place_is_the_same(key):
    z = np.random.default_rng(0).standard_normal((7, 5))
    wanted = value_of(key, z)
    for one in ACTIVATIONS[key].forward(z, z):
        one()
    assert np.array_equal(z, wanted)


def test_the_normal_share_is_the_c_librarys():
    x = np.random.default_rng(1).uniform(-12, 12, 20_000)
    found, exact = np.empty_like(x), np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in x])
    cdf(x, found)
    assert np.abs(found - exact).max() < 3e-16
    inner = np.abs(x) < 5
    assert np.all(np.abs(found - exact)[inner] <= 2e-14 * exact[inner])


def test_softmax_of_many_classes_is_that_of_few_and_makes_no_square_of_them():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((FEW_CLASSES + 1, 3)) * 30
    e = np.exp(z - z.max(axis=0))
    np.testing.assert_allclose(value_of("softmax", z), e / e.sum(axis=0), rtol=1e-14)
    np.testing.assert_allclose(value_of("softmax", z[:-1]), e[:-1] / e[:-1].sum(axis=0), rtol=1e-14)
    calls = softmax(np.zeros((1001, 2)), np.zeros((1000, 2)))
    held = [a for one in calls for a in (*one.args, getattr(one.func, "__self__", None))]
    held = [a for a in held if isinstance(a, np.ndarray)]
    assert max(a.size for a in held) <= 2002


def test_softmax_of_large_sums():
    found = value_of("softmax", np.array([[1000.0, -1000.0], [999.0, -1000.0]]))
    e = math.exp(-1)
    assert found == pytest.approx(np.array([[1 / (1 + e), 0.5], [e / (1 + e), 0.5]]), rel=1e-14)
