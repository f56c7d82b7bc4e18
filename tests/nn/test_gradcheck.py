"""The check of a whole network: it agrees where the gradient is right, and only there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.nn import gradcheck
from bpstudio.nn.faults import DataError
from bpstudio.nn.gradcheck import check
from tests.nn.nets import NETWORKS, any_trainer, trainer_of


@settings(max_examples=60, deadline=None)
@given(NETWORKS, st.booleans())
def test_any_network_passes(drawn, training):
    trainer = any_trainer(*drawn, l1=0.01, l2=0.1)
    found = check(trainer, training=training)
    assert found.counts["mismatch"] == found.counts["undefined"] == 0
    assert found.counts["kink"] <= found.analytic.size / 4
    assert found.worst < 1e-6
    if not (training and trainer.spec.network.batch_norm):
        assert found.loss == pytest.approx(trainer.loss(), rel=1e-12)


def test_every_parameter_has_its_place_and_name():
    trainer = trainer_of((2, 3, 1), batch_norm=True)
    found = check(trainer)
    names = [line.name for line in found.lines]
    assert len(set(names)) == trainer.network.count
    assert names[:3] == ["w1_1_1", "w1_1_2", "w1_2_1"]
    x, y = trainer.data.inputs, trainer.data.targets
    gradients = trainer.gradients(x, y)
    for line in found.lines:
        values = getattr(gradients[line.layer], line.part)
        wanted = values[line.row, line.col] if line.part == "W" else values[line.row]
        assert line.analytic == wanted
        assert line.verdict == "ok"


@pytest.mark.parametrize("index", [0, 7, 8])
def test_a_wrong_gradient_is_found_and_named(index, monkeypatch):
    trainer = trainer_of((2, 3, 1))
    right = trainer.flat_gradient
    monkeypatch.setattr(
        trainer,
        "flat_gradient",
        lambda *given, **words: right(*given, **words) + 1e-4 * (np.arange(13) == index),
    )
    found = check(trainer)
    assert not found.passed
    assert found.counts["mismatch"] == 1
    line = next(line for line in found.lines if line.verdict == "mismatch")
    # The vector holds a unit's weights, then its bias.
    assert line.name == {0: "w1_1_1", 7: "w1_3_2", 8: "b1_3"}[index]
    assert found.sentence == f"1 of 13 gradients are wrong, {line.name} most."


def test_a_kink_between_the_nudged_nets_is_named():
    trainer = trainer_of((1, 2, 1), activation="relu", output="linear", samples=1, batch=1)
    layer = trainer.network.layers[0]
    layer.W[:] = [[1.0], [1.0]]
    layer.b[:] = [1e-6 - trainer.data.inputs[0, 0], 5.0]
    found = check(trainer)
    assert found.passed
    kinked = {line.name: line.kink for line in found.lines if line.verdict == "kink"}
    assert kinked == dict.fromkeys(("b1_1", "w1_1_1"), "relu of unit 1 in layer 1")


def test_the_kinks_of_losses_and_penalties_are_named():
    trainer = trainer_of((1, 1), output="linear", loss="mae", l1=0.1, samples=1, batch=1)
    layer = trainer.network.layers[0]
    layer.W[:], layer.b[:] = 0.0, trainer.data.targets[0] + 1e-6
    kinks = {line.name: line.kink for line in check(trainer).lines}
    assert kinks["b1_1"] == "the absolute value of output 1's difference"
    assert kinks["w1_1_1"] == "the L1 penalty at 0"


def test_a_float32_network_is_checked_as_closely_as_it_computes():
    found = check(trainer_of((2, 6, 6, 2), dtype="float32"))
    assert found.passed
    assert 1e-12 < found.worst < 1e-3


def test_numbers_that_are_none_are_undefined():
    trainer = trainer_of((2, 2, 1))
    trainer.network.layers[0].W[0, 0] = np.nan
    assert check(trainer).counts["undefined"] == trainer.network.count


def test_pieces_give_what_the_whole_gives(monkeypatch):
    trainer = trainer_of((3, 5, 4, 2), batch_norm=True)
    whole = check(trainer)
    monkeypatch.setattr(gradcheck, "MOST_NUMBERS", 200)
    assert np.allclose(check(trainer).numeric, whole.numeric, rtol=1e-9, atol=1e-12)


def test_too_many_parameters_are_refused_and_a_check_can_be_stopped(monkeypatch):
    trainer = trainer_of((2, 3, 1))
    with pytest.raises(DataError, match="stopped"):
        check(trainer, until=lambda: True)
    monkeypatch.setattr(gradcheck, "MOST_PARAMETERS", 12)
    with pytest.raises(DataError, match="13 parameters are too many"):
        check(trainer)


def test_a_loss_that_bends_within_the_step_is_looked_at_nearer():
    trainer = trainer_of(
        (1, 4, 3),
        seed=416,
        activation="linear",
        output="linear",
        loss="half_squared_error",
        batch_norm=True,
        residual=False,
    )
    found = check(trainer, training=True)
    assert found.passed, found.sentence
    assert found.worst < 1e-6
