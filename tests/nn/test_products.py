"""A product cut in strips is the product; where it is cut is told by sizes and processor alone."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.nn import products
from bpstudio.nn.calls import empty, run
from bpstudio.nn.products import LARGE, LOW, SMALL, TALL, outer, product
from bpstudio.nn.trainer import Trainer
from tests.nn import nets
from tests.nn.test_program import compare


@pytest.fixture
def small_kernels(monkeypatch):
    monkeypatch.setattr(products, "_has_small_kernels", lambda: True)


@pytest.fixture
def no_small_kernels(monkeypatch):
    monkeypatch.setattr(products, "_has_small_kernels", lambda: False)


def matrices(units, inputs, batch, dtype="float32"):
    rng = np.random.default_rng(units)
    made = [empty(shape, dtype) for shape in ((units, inputs), (inputs, batch), (units, batch))]
    for each in made:
        each[:] = rng.integers(-4, 5, each.shape)
    return made


def heights(units, inputs, batch, dtype="float32"):
    weights, columns, out = matrices(units, inputs, batch, dtype)
    return [len(one.args[1]) for one in product(weights, columns, out)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "sizes", [(128, 785, 64), (100, 785, 32), (130, 257, 128), (3, 4, 5), (128, 785, 50)], ids=str
)
def test_strips_give_the_whole_product(small_kernels, sizes, dtype):
    weights, columns, out = matrices(*sizes, dtype)
    out.fill(np.nan)
    run(product(weights, columns, out))
    # Whole numbers: exact in whatever order they are added.
    assert np.array_equal(out, weights @ columns)


def test_strips_are_the_tallest_that_stay_small(small_kernels):
    assert heights(128, 785, 64) == [16] * 8
    assert heights(100, 785, 32) == [32, 32, 32, 4]
    assert heights(64, 129, 128) == [32, 32]
    assert all(height * 785 * 64 <= SMALL for height in heights(128, 785, 64))


@pytest.mark.parametrize(
    ("sizes", "why"),
    [
        ((64, 129, 64), "small as it is"),
        ((128, 785, 50), "rows of 50 numbers begin anywhere in a cache line"),
        ((128, 785, 256), f"strips would be lower than {LOW}"),
    ],
)
def test_other_products_are_one_call(small_kernels, sizes, why):
    assert heights(*sizes) == [sizes[0]], why


def test_tall_strips_need_no_even_batch(small_kernels):
    assert heights(128, 257, 50) == [TALL, TALL]


def test_columns_turned_over_are_not_cut(small_kernels):
    weights, columns, out = matrices(128, 785, 64)
    turned = np.ascontiguousarray(columns.T).T
    assert len(product(weights, turned, out)) == 1


def test_without_kernels_for_small_matrices_nothing_is_cut(no_small_kernels):
    assert heights(128, 785, 64) == [128]


@pytest.mark.parametrize(
    ("units", "inputs", "batch"), [(4, 5, 3), (64, 65, 16), (128, 785, 64)], ids=str
)
@pytest.mark.parametrize("turned", [False, True], ids=["rows", "columns"])
def test_outer_is_the_product_with_what_came_before(units, inputs, batch, turned):
    gradient, before, delta = matrices(units, inputs, batch)
    rows = before.T if turned else np.ascontiguousarray(before.T)
    gradient.fill(np.nan)
    calls = outer(delta, rows, gradient)
    run(calls)
    assert np.array_equal(gradient, delta @ before.T)
    if gradient.nbytes >= LARGE:
        assert [one.func for one in calls] == [np.matmul]


@pytest.mark.parametrize("hidden", [(128,), (128, 64)], ids=str)
def test_a_network_cut_in_strips_has_the_plain_gradients(small_kernels, hidden):
    data = nets.data(257, 10, "linear", samples=64)
    spec = nets.spec((257, *hidden, 10), "tanh", "linear", data=data, batch=64, shuffle=False)
    trainer = Trainer(spec)
    trainer.step()
    assert len(trainer.last[1].first) > 1
    compare(spec)
