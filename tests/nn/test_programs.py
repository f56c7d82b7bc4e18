"""Networks written for other programs compute what the trainer computes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings

from bpstudio.nn import numpy_script, onnx_model, torch_module
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.programs import PROGRAMS
from bpstudio.nn.spec import Choice
from tests.nn.nets import NETWORKS, OUTPUTS, any_trainer, trainer_of


def loaded(text):
    """What the written program defines."""
    found = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), found)  # noqa: S102
    return found


def assert_gradients(found, wanted, bound=1e-12):
    for mine, theirs in zip(found, wanted, strict=True):
        for part, values in mine.items():
            given = getattr(theirs, part)
            assert np.all(np.abs(values - given) <= bound * (1 + np.abs(given))), part


@settings(max_examples=60, deadline=None)
@given(NETWORKS)
def test_the_numpy_script_computes_outputs_loss_and_gradients(drawn):
    trainer = any_trainer(*drawn)
    x, t = trainer.data.inputs, trainer.data.targets
    script = loaded(numpy_script.numpy_network(trainer))
    assert np.allclose(script["predict"](x), trainer.evaluate(x), rtol=1e-12, atol=1e-12)
    assert script["loss"](x, t) == pytest.approx(trainer.loss(), rel=1e-12)
    assert_gradients(script["gradients"](x, t), trainer.gradients(x, t, training=False))


def test_every_activation_output_and_loss_is_written():
    losses = {*LOSSES} - {"cross_entropy"} | {*LOSSES["cross_entropy"].outputs}
    assert set(numpy_script.FUNCTIONS) == set(ACTIVATIONS)
    assert set(torch_module.FUNCTIONS) == set(onnx_model.OPERATORS) == set(OUTPUTS)
    assert set(numpy_script.LOSSES) == set(torch_module.LOSSES) == losses
    assert set(torch_module.OPTIMIZER_TEXTS) == set(OPTIMIZERS)


@pytest.mark.parametrize("key", ["numpy_network", "torch_network"])
def test_a_written_program_keeps_to_the_width_of_its_numbers(key):
    text = PROGRAMS[key].write(trainer_of((2, 3, 3, 2), batch_norm=True, residual=True))
    compile(text, "written.py", "exec")
    assert all(len(line) <= 140 for line in text.splitlines() if "[[" not in line)


def test_the_numpy_script_runs_as_it_is(tmp_path):
    trainer = trainer_of((2, 3, 2), batch_norm=True, activation="gelu")
    path = tmp_path / "network.py"
    path.write_text(PROGRAMS["numpy_network"].write(trainer), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(path)], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    first = [float(word) for word in lines[1].split()[1:]]
    assert np.allclose(first, trainer.evaluate(trainer.data.inputs[:1])[0], rtol=1e-12)
    assert done.stderr == ""


def test_a_float32_network_is_written_in_float32():
    trainer = trainer_of((2, 4, 1), dtype="float32")
    script = loaded(numpy_script.numpy_network(trainer))
    assert script["LAYERS"][0]["W"].dtype == np.float32
    assert np.array_equal(script["LAYERS"][0]["W"], trainer.network.layers[0].W)


# --- PyTorch --------------------------------------------------------------------------------------


def torch_gradients(module, model, x, t, torch):
    model.zero_grad()
    loss = module["loss"](model, x, t)
    whole = loss + (module["penalty"](model) if "penalty" in module else 0.0)
    whole.backward()
    found = [
        {"W": layer.weight.grad.numpy(), "b": layer.bias.grad.numpy()} for layer in model.layers
    ]
    for norm, grad in zip(getattr(model, "norms", ()), found, strict=False):
        grad |= {"gamma": norm.weight.grad.numpy(), "beta": norm.bias.grad.numpy()}
    return loss.item(), found


@pytest.mark.peer
@settings(max_examples=40, deadline=None)
@given(NETWORKS)
def test_the_torch_module_computes_outputs_loss_and_gradients(drawn):
    torch = pytest.importorskip("torch")
    trainer = any_trainer(*drawn, l1=0.01, l2=0.1)
    x, t = trainer.data.inputs, trainer.data.targets
    module = loaded(torch_module.torch_network(trainer))
    model = module["load"]().eval()
    given = torch.tensor(x), torch.tensor(t)
    outputs = model(given[0]).detach().numpy()
    assert np.allclose(outputs, trainer.evaluate(x), rtol=1e-12, atol=1e-12)
    loss, found = torch_gradients(module, model, *given, torch)
    assert loss == pytest.approx(trainer.loss(), rel=1e-12)
    assert_gradients(found, trainer.gradients(x, t, training=False), 1e-11)
    _, found = torch_gradients(module, model.train(), *given, torch)
    assert_gradients(found, trainer.gradients(x, t), 1e-10)


@pytest.mark.peer
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_torch_module_goes_on_training_as_the_trainer_does(optimizer):
    torch = pytest.importorskip("torch")
    trainer = trainer_of((2, 4, 2), batch_norm=True, optimizer=Choice(optimizer), batch=6)
    module = loaded(torch_module.torch_network(trainer))
    model = module["load"]().train()
    optimizer = module["optimizer"](model.parameters())
    trainer.change(shuffle=False)
    x, t = torch.tensor(trainer.data.inputs), torch.tensor(trainer.data.targets)
    for _ in range(20):
        optimizer.zero_grad()
        module["loss"](model, x, t).backward()
        optimizer.step()
        trainer.step()
    for layer, ours in zip(model.layers, trainer.network.layers, strict=True):
        assert np.allclose(layer.weight.detach().numpy(), ours.W, rtol=1e-9, atol=1e-10)
    running = model.norms[0].running_var.numpy()
    assert np.allclose(running, trainer.network.layers[0].variance, rtol=1e-10)


# --- ONNX -----------------------------------------------------------------------------------------


@pytest.mark.peer
@settings(max_examples=40, deadline=None)
@given(NETWORKS)
def test_the_onnx_model_computes_the_outputs(drawn):
    pytest.importorskip("onnx")
    from onnx.reference import ReferenceEvaluator

    trainer = any_trainer(*drawn)
    model = ReferenceEvaluator(onnx_model.onnx_network(trainer))
    x = trainer.data.inputs
    (found,) = model.run(None, {"x": x.astype(np.float32)})
    assert np.allclose(found, trainer.evaluate(x), rtol=1e-4, atol=1e-4)


def test_without_the_package_onnx_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(onnx_model.NeedsOnnx, match="pip install"):
        onnx_model.onnx_network(trainer_of((2, 1)))
