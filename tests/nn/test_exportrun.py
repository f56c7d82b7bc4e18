"""What is exported is run, and its numbers compared with the network's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bpstudio.nn import exportrun
from bpstudio.nn.exportrun import Outcome
from bpstudio.nn.programs import PROGRAMS
from tests.nn.nets import trainer_of


def exported(tmp_path: Path, key: str, **given):
    trainer = trainer_of((2, 4, 3, 2), **given)
    trainer.run(updates=5)
    made = PROGRAMS[key].write(trainer)
    path = tmp_path / f"net{PROGRAMS[key].suffix}"
    path.write_bytes(made.encode() if isinstance(made, str) else made)
    return path, trainer


@pytest.mark.parametrize(
    "given",
    [
        {"activation": "gelu", "batch_norm": True, "residual": True},
        {"output": "softmax", "loss": "cross_entropy", "l1": 0.1, "l2": 0.1},
        {"dtype": "float32"},
    ],
)
def test_a_numpy_script_is_run_and_its_gradients_are_the_trainers(tmp_path, given):
    path, trainer = exported(tmp_path, "numpy_network", **given)
    outcome = exportrun.run(path, "numpy_network", trainer)
    assert outcome.same
    assert outcome.worst <= exportrun.NEAR[trainer.spec.dtype]
    assert "outputs and gradients are the network’s" in outcome.sentence


def test_a_script_with_another_derivative_is_found_out(tmp_path):
    path, trainer = exported(tmp_path, "numpy_network", activation="tanh")
    text = path.read_text("utf-8")
    assert "d = up * activation_slope" in text
    path.write_text(text.replace("d = up * activation_slope", "d = 1.01 * up * activation_slope"))
    outcome = exportrun.run(path, "numpy_network", trainer)
    assert outcome.same is False
    assert 0.005 < outcome.worst < 0.05
    assert "other numbers" in outcome.sentence


def test_numbers_left_out_are_no_agreement(tmp_path):
    path, trainer = exported(tmp_path, "numpy_network")
    path.write_text("print('output', 0.5)\n", "utf-8")
    assert exportrun.run(path, "numpy_network", trainer).same is False


def test_what_cannot_be_run_says_why(tmp_path):
    path, trainer = exported(tmp_path, "numpy_network")
    path.write_text("import a_module_that_is_not_there\n", "utf-8")
    outcome = exportrun.run(path, "numpy_network", trainer)
    assert outcome.same is None
    assert "No module named 'a_module_that_is_not_there'" in outcome.sentence


def test_a_run_nobody_waits_for_ends(tmp_path):
    path, trainer = exported(tmp_path, "numpy_network")
    path.write_text("import time\ntime.sleep(60)\n", "utf-8")
    assert exportrun.run(path, "numpy_network", trainer, until=lambda: True) is None


def test_a_network_that_overflowed_prints_the_same_nan():
    nan = np.array([np.nan, 1.0])
    assert exportrun._compare("f", "float64", nan, nan, gradients=True) == Outcome("f", True, 0.0)


@pytest.mark.peer
def test_a_torch_module_and_an_onnx_model_are_run(tmp_path):
    pytest.importorskip("torch")
    path, trainer = exported(tmp_path, "torch_network", batch_norm=True, l2=0.1)
    outcome = exportrun.run(path, "torch_network", trainer)
    assert outcome.same, outcome.sentence
    assert outcome.gradients
    pytest.importorskip("onnx")
    path, trainer = exported(tmp_path, "onnx")
    outcome = exportrun.run(path, "onnx", trainer)
    assert outcome.same, outcome.sentence
    assert "its outputs are" in outcome.sentence
