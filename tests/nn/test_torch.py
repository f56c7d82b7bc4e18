"""Step for step beside torch in float64, from injected weights, the data in the same order."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Choice
from bpstudio.nn.trainer import Trainer
from tests.nn import nets

pytestmark = pytest.mark.peer
torch = pytest.importorskip("torch")
F = torch.nn.functional

ONE_STEP, MANY_STEPS = 1e-13, 1e-12


class Peer:
    """The network of a trainer in torch, with autograd and torch's own optimizer and batch norm."""

    def __init__(self, trainer: Trainer) -> None:
        torch.set_num_threads(1)
        self.trainer, self.spec = trainer, trainer.spec
        self.layers = []
        for layer in trainer.network.weights():
            parts = {n: getattr(layer, n) for n in ("W", "b", "gamma", "beta")}
            self.layers.append(
                {n: torch.tensor(v, requires_grad=True) for n, v in parts.items() if v is not None}
            )
        self.running = [
            None if layer.mean is None else (torch.tensor(layer.mean), torch.tensor(layer.variance))
            for layer in trainer.network.weights()
        ]
        self.parameters = [p for layer in self.layers for p in layer.values()]
        self.optimizer = self._optimizer()

    def _optimizer(self):
        spec = self.spec
        given = spec.optimizer.full(OPTIMIZERS[spec.optimizer.kind].parameters)
        words = {"lr": spec.learning_rate, "weight_decay": given["weight_decay"]}
        kind = spec.optimizer.kind
        if kind in ("adam", "adamw"):
            words |= {"betas": (given["beta1"], given["beta2"]), "eps": given["eps"]}
            return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind](
                self.parameters, **words
            )
        if kind == "rmsprop":
            words |= {"alpha": given["alpha"], "eps": given["eps"]}
            return torch.optim.RMSprop(self.parameters, **words)
        words |= {"momentum": given.get("momentum", 0.0), "nesterov": kind == "nesterov"}
        return torch.optim.SGD(self.parameters, **words)

    def outputs(self, x, *, training=True, masks=None):
        act = getattr(F, self.spec.network.activation, None)
        if self.spec.network.activation == "linear":
            act = lambda z: z  # noqa: E731
        act = {"tanh": torch.tanh, "sigmoid": torch.sigmoid}.get(self.spec.network.activation, act)
        h = x
        for i, layer in enumerate(self.layers[:-1]):
            z = h @ layer["W"].T + layer["b"]
            if self.spec.network.batch_norm:
                mean, variance = self.running[i]
                z = F.batch_norm(z, mean, variance, layer["gamma"], layer["beta"], training)
            a = act(z)
            if masks is not None:
                a = a * torch.tensor(masks[i].T)
            h = a + h if self.spec.network.adds_input(i + 1) else a
        return h @ self.layers[-1]["W"].T + self.layers[-1]["b"]

    def loss(self, z, t):
        output, kind = self.spec.network.output, self.spec.loss
        if kind == "cross_entropy":
            if output == "softmax":
                return F.cross_entropy(z, t)
            return F.binary_cross_entropy_with_logits(z, t)
        functions = {
            "linear": lambda z: z,
            "softmax": lambda z: torch.softmax(z, 1),
            "tanh": torch.tanh,
            "sigmoid": torch.sigmoid,
        }
        a = functions[output](z) if output in functions else getattr(F, output)(z)
        if kind == "half_squared_error":
            return 0.5 * ((a - t) ** 2).sum(dim=1).mean()
        if kind == "mae":
            return F.l1_loss(a, t)
        if kind == "huber":
            return F.huber_loss(a, t, delta=self.spec.delta)
        return F.mse_loss(a, t)

    def step(self, x, t, masks=None):
        spec = self.spec
        self.optimizer.zero_grad()
        loss = self.loss(self.outputs(x, masks=masks), t)
        weights = [layer["W"] for layer in self.layers]
        penalty = sum(spec.l2 / 2 * (w**2).sum() + spec.l1 * w.abs().sum() for w in weights)
        (loss + penalty).backward()
        if spec.clip_value is not None:
            torch.nn.utils.clip_grad_value_(self.parameters, spec.clip_value)
        if spec.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters, spec.clip_norm)
        self.optimizer.step()
        return loss.item()

    def compare(self, tolerance):
        for mine, theirs in zip(self.trainer.network.layers, self.layers, strict=True):
            for name, value in theirs.items():
                assert nets.close(getattr(mine, name), value.detach().numpy(), tolerance), name
        for mine, running in zip(self.trainer.network.layers, self.running, strict=True):
            if running is not None:
                assert nets.close(mine.mean, running[0].numpy(), tolerance)
                assert nets.close(mine.variance, running[1].numpy(), tolerance)

    def take_over(self):
        """Put the trainer's numbers into torch, so that a chaotic net is compared step by step."""
        with torch.no_grad():
            for mine, theirs in zip(self.trainer.network.layers, self.layers, strict=True):
                for name, value in theirs.items():
                    value.copy_(torch.tensor(getattr(mine, name).copy()))


def run_beside(spec, steps, tolerance, *, resynchronise=False):
    trainer = Trainer(replace(spec, shuffle=False))
    peer = Peer(trainer)
    x, t = (torch.tensor(v) for v in (trainer.data.inputs, trainer.data.targets))
    batch, rng = trainer.spec.batch, np.random.default_rng(3)
    keep = 1 - spec.network.dropout
    units = spec.network.sizes[1:-1]
    masks = None
    if spec.network.dropout:
        trainer.masks = lambda update, layer, shape: masks[layer]
    for step in range(steps):
        at = step % math.ceil(len(x) / batch) * batch
        chosen = slice(at, at + batch)
        count = len(x[chosen])
        if spec.network.dropout:
            masks = [(rng.random((u, count)) < keep) / keep for u in units]
        if resynchronise:
            peer.take_over()
        theirs = peer.step(x[chosen], t[chosen], masks)
        assert trainer.step().loss == pytest.approx(theirs, rel=tolerance, abs=tolerance)
        if step == 0 or resynchronise:
            peer.compare(ONE_STEP)
    peer.compare(tolerance)
    return trainer, peer


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("loss", "output"), nets.PAIRS)
def test_one_step_of_every_activation_output_and_loss(activation, loss, output):
    run_beside(nets.spec((3, 5, 4, 2), activation, output, loss=loss), 1, ONE_STEP)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_two_hundred_steps_of_every_activation(activation):
    run_beside(nets.spec((3, 6, 6, 2), activation), 200, MANY_STEPS)


@pytest.mark.parametrize(("loss", "output"), nets.PAIRS)
def test_two_hundred_steps_of_every_loss_and_output(loss, output):
    run_beside(nets.spec(output=output, loss=loss, delta=0.1), 200, MANY_STEPS)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_two_hundred_steps_of_every_optimizer(kind, decay):
    choice = Choice(kind, {"weight_decay": decay})
    run_beside(nets.spec(optimizer=choice, learning_rate=0.01), 200, MANY_STEPS)


def test_settings_of_the_optimizers():
    for choice in (
        Choice("adam", {"beta1": 0.5, "beta2": 0.9, "eps": 0.1}),
        Choice("adamw", {"beta1": 0.0, "eps": 1e-3}),
        Choice("rmsprop", {"alpha": 0.5, "eps": 0.01}),
        Choice("nesterov", {"momentum": 0.5}),
    ):
        run_beside(nets.spec(optimizer=choice, learning_rate=0.01), 100, MANY_STEPS)


EXTRAS = [
    {"batch_norm": True},
    {"residual": True},
    {"dropout": 0.4},
    {"batch_norm": True, "residual": True, "dropout": 0.2},
    {"clip_norm": 0.05},
    {"clip_value": 0.01},
    {"clip_norm": 0.1, "clip_value": 0.02, "l2": 0.1},
    {"l2": 0.05},
    {"l1": 0.01},
    {"l1": 0.003, "l2": 0.02, "batch_norm": True},
]


@pytest.mark.parametrize("extra", EXTRAS, ids=str)
@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_two_hundred_steps_with_everything_else(extra, kind):
    # A batch of 12 leaves a last incomplete one of 4 samples out of 40.
    choice = Choice(kind)
    if kind == "adam" and "batch_norm" in extra:
        # A bias before batch norm has no gradient but rounding, which Adam's tiny eps blows up.
        choice = Choice(kind, {"eps": 1e-4})
    spec = nets.spec((4, 6, 6, 2), optimizer=choice, learning_rate=0.01, batch=12, **extra)
    run_beside(spec, 200, MANY_STEPS, resynchronise="l1" in extra)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_a_deep_net_resynchronised_at_each_step(activation):
    spec = nets.spec((6, *[8] * 20, 3), activation, "softmax", loss="cross_entropy")
    run_beside(spec, 200, MANY_STEPS, resynchronise=True)


@pytest.mark.parametrize("extra", EXTRAS[:4], ids=str)
def test_evaluation_uses_running_statistics_and_no_dropout(extra):
    trainer, peer = run_beside(nets.spec((4, 6, 6, 2), **extra), 60, MANY_STEPS)
    x = np.random.default_rng(9).standard_normal((17, 4))
    theirs = peer.outputs(torch.tensor(x), training=False).detach().numpy()
    assert nets.close(trainer.evaluate(x), theirs, MANY_STEPS)


def test_gradients_in_eval_mode_of_batch_norm():
    trainer, peer = run_beside(nets.spec((4, 6, 6, 2), batch_norm=True), 60, MANY_STEPS)
    x, t = trainer.data.inputs, trainer.data.targets
    peer.optimizer.zero_grad()
    peer.loss(peer.outputs(torch.tensor(x), training=False), torch.tensor(t)).backward()
    for mine, theirs in zip(trainer.gradients(x, t, training=False), peer.layers, strict=True):
        for name, value in theirs.items():
            assert nets.close(getattr(mine, name), value.grad.numpy(), MANY_STEPS), name


def test_schedules_are_torchs():
    from bpstudio.nn.schedules import SCHEDULES

    peers = {
        "step": lambda o: torch.optim.lr_scheduler.StepLR(o, 30, 0.1),
        "exponential": lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.99),
        "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 100),
        "warmup": lambda o: torch.optim.lr_scheduler.LinearLR(o, 0.2, 1.0, 4),
    }
    for kind, make in peers.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        scheduler, entry = make(optimizer), SCHEDULES[kind]
        for epoch in range(100):
            factor = entry.factor(epoch, 100, entry.parameters)
            assert factor == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-12), kind
            optimizer.step()
            scheduler.step()


def test_far_out_sums_stay_finite_and_right():
    for z, t, loss in ((-40.0, 1.0, 40.0), (800.0, 0.0, 800.0), (-800.0, 1.0, 800.0)):
        data = replace(nets.data(1, 1, "sigmoid", 1), inputs=np.array([[1.0]]))
        data = replace(data, targets=np.array([[t]]))
        trainer = Trainer(nets.spec((1, 1), output="sigmoid", loss="cross_entropy", data=data))
        trainer.network.layers[0].W[:] = z
        assert trainer.loss() == pytest.approx(loss, rel=1e-12)
        assert trainer.gradients(data.inputs, data.targets)[0].W[0, 0] == pytest.approx(
            1.0 if z > 0 else -1.0, rel=1e-12
        )
