"""The grid's numbers are those of the reference and of notes/teaching.md."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from bpstudio.nn.data import Data
from bpstudio.nn.faults import SpecError
from bpstudio.nn.grid import VERDICTS, Grid, run_grid, verdict
from bpstudio.nn.gridtext import COLUMNS, to_csv, to_text
from bpstudio.nn.spec import Choice, LayerWeights, NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer

TINY, XAVIER, HE = Choice("gaussian", {"std": 0.01}), Choice("xavier"), Choice("he")
NAMES = {"gaussian": "n001", "xavier": "xavier", "he": "he"}
SHORT = {"plain": "plain", "batch_norm": "bn", "residual": "residual"}
TABLE = {
    ("sigmoid", "plain"): (7e-31, 6e-13, 1.4e-10),
    ("sigmoid", "batch_norm"): (1.5, 1.5, 1.5),
    ("sigmoid", "residual"): (2.5e-2, 3.0e-2, 3.7e-2),
    ("tanh", "plain"): (0.95, 1.09, 2.3),
    ("relu", "plain"): (1.16, 1.16, 0.26),
    ("relu", "batch_norm"): (36, 32, 31),
}
"""notes/teaching.md: ratio first to last at N(0, 0.01²), Xavier, He; 20 layers of 100."""
SIZES = {"sigmoid": 5e-33, "tanh": 5e-21, "relu": 5e-24}
"""The first layer's norm with tiny weights."""
REFERENCE = Path(__file__).parents[1] / "reference" / "gradient_flow.json"


@pytest.fixture(scope="module")
def cells():
    found = run_grid(Grid(depths=(20,), seeds=(0, 1, 2)))
    return {(c.activation, c.variant, c.initializer.kind): c for c in found}


def near(mine: float, theirs: float) -> bool:
    """Of the same order of magnitude."""
    return theirs / 3 < mine < theirs * 3


@pytest.mark.parametrize(("activation", "variant"), TABLE)
def test_the_medians_are_those_of_the_teaching_table(cells, activation, variant):
    for kind, wanted in zip(NAMES, TABLE[activation, variant], strict=True):
        assert near(cells[activation, variant, kind].ratio, wanted), kind


def test_the_sizes_with_tiny_weights_are_tiny_whatever_the_ratio(cells):
    for activation, wanted in SIZES.items():
        assert near(cells[activation, "plain", "gaussian"].first, wanted)
    assert cells["tanh", "plain", "gaussian"].verdict == "tiny"
    assert cells["tanh", "plain", "xavier"].verdict == "even"
    assert cells["sigmoid", "plain", "he"].verdict == "vanishes"
    assert cells["relu", "residual", "he"].verdict == "explodes"
    assert cells["relu", "residual", "he"].stds[-1] > 1e3


def test_every_layer_is_the_references_to_a_millionth():
    known = json.loads(REFERENCE.read_text("utf-8"))["init"]
    activations = ("sigmoid", "tanh", "relu", "leaky_relu")
    found = run_grid(Grid(depths=(20,), activations=activations, seeds=(0,)))
    for cell in found:
        key = f"{cell.activation}/{NAMES[cell.initializer.kind]}/{SHORT[cell.variant]}"
        np.testing.assert_allclose(cell.gradients, known[key]["seed0_gW"], rtol=1e-6, err_msg=key)
        np.testing.assert_allclose(cell.stds, known[key]["seed0_std"], rtol=1e-6, err_msg=key)


@pytest.mark.parametrize("variant", ["plain", "batch_norm", "residual"])
@pytest.mark.parametrize("activation", ["tanh", "gelu", "elu", "softplus"])
def test_a_cell_is_what_a_trainer_measures(activation, variant):
    grid = Grid((4,), (activation,), (variant,), (XAVIER,), 12, 30, 3, (7,))
    (cell,) = run_grid(grid)
    rng = np.random.default_rng(7)
    x = rng.standard_normal((30, 12))
    y = np.eye(3)[rng.integers(0, 3, 30)]
    shapes = [(12, 12)] * 4 + [(12, 3)]
    drawn = [rng.standard_normal(s) * np.sqrt(2 / sum(s)) for s in shapes]
    network = NetworkSpec(
        (12, *[12] * 4, 3),
        activation,
        "softmax",
        batch_norm=variant == "batch_norm",
        residual=(2, 3, 4) if variant == "residual" else False,
    )
    weights = tuple(LayerWeights(w.T, np.zeros(w.shape[1])) for w in drawn)
    trainer = Trainer(
        Spec(network, Data(x, y), "cross_entropy", batch=30, shuffle=False, weights=weights)
    )
    trainer.step()
    flow = trainer.flow()[:-1]
    np.testing.assert_allclose(cell.gradients, [f.norm_weight_gradient for f in flow], rtol=1e-9)
    np.testing.assert_allclose(
        cell.backpropagated, [f.norm_backpropagated for f in flow], rtol=1e-9
    )
    np.testing.assert_allclose(cell.stds, [f.std for f in flow], rtol=1e-9)
    if variant != "residual":
        np.testing.assert_allclose(cell.saturated, [f.saturated for f in flow], rtol=1e-12)


def test_nets_together_are_the_nets_apart(monkeypatch):
    grid = Grid((3,), ("tanh",), ("plain",), (TINY, HE), 8, 10, 3, (0, 1, 2))
    together = run_grid(grid)
    monkeypatch.setattr("bpstudio.nn.grid.ROOM", 1)
    for one, other in zip(together, run_grid(grid), strict=True):
        np.testing.assert_allclose(one.gradients, other.gradients, rtol=1e-12)
        np.testing.assert_allclose(one.ratios, other.ratios, rtol=1e-12)


def test_progress_is_told_and_cancelling_ends_it():
    grid = Grid((2, 4), ("tanh", "relu"), ("plain",), (HE,), 8, 10, 3, (0,))
    shares, told = [], []
    found = run_grid(grid, done=lambda new, share: (told.extend(new), shares.append(share)))
    assert tuple(told) == found
    assert len(found) == len(grid) == 4
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert run_grid(grid, until=lambda: True) is None
    asked = []
    assert run_grid(grid, until=lambda: len(asked) > 5 or asked.append(1)) is None


def test_weights_far_too_large_overflow_and_say_so():
    grid = Grid((60,), ("relu",), ("plain",), (Choice("gaussian", {"std": 1e6}),), 10, 10, 3, (0,))
    (cell,) = run_grid(grid)
    assert cell.verdict == "overflow"
    assert "overflow" in to_text([cell])


def test_the_tables_can_be_read_back(cells):
    chosen = list(cells.values())[:4]
    read = list(csv.DictReader(io.StringIO(to_csv(chosen))))
    assert tuple(read[0]) == COLUMNS
    assert [float(row["ratio"]) for row in read] == [cell.ratio for cell in chosen]
    assert read[0]["initializer"] == "gaussian 0.01"
    lines = to_text(chosen).splitlines()
    assert len(lines) == 5
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"depths": (0,)}, "depths"),
        ({"depths": ()}, "depths"),
        ({"width": 5000}, "width"),
        ({"activations": ("step",)}, "activations"),
        ({"initializers": (Choice("kaiming"),)}, "initializers"),
        ({"depths": (200,) * 50, "width": 1000, "samples": 10_000}, "$"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(change, place):
    with pytest.raises(SpecError, match=place.replace("$", r"\$")):
        run_grid(Grid(**change))


def test_verdicts_look_at_sizes_before_the_ratio():
    assert verdict(1e-21, 1e-21) == "tiny"
    assert verdict(1e-5, 1.0) == "vanishes"
    assert verdict(1.0, 1e-5) == "explodes"
    assert verdict(5e3, 1e5) == "explodes"
    assert verdict(float("nan"), 1.0) == "overflow"
    assert set(VERDICTS) == {"even", "vanishes", "explodes", "tiny", "overflow"}
