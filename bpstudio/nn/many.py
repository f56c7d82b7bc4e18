"""Many runs of one network side by side: the same specification with several seeds or rates.

Plain networks run together, every product and every function over all of them in one call: 32 nets
cost a few times one. Each net's numbers are those of a Trainer with that seed or rate, but for the
last digits. What the batched form lacks (batch norm, dropout, residual connections, softmax,
penalties, clipping) runs as so many Trainers, with the same results to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.activations import ACTIVATIONS
from bpstudio.nn.calls import Array, Call, call, constant
from bpstudio.nn.faults import TrainingError
from bpstudio.nn.losses import LOSSES
from bpstudio.nn.network import Network
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.schedules import SCHEDULES
from bpstudio.nn.spec import LayerWeights, Spec
from bpstudio.nn.trainer import Trainer

MOST = 256


class Many:
    """`losses` has a row for the start and one per epoch, a column per net; a net whose numbers
    ran away has nan or inf from there on, and the others go on."""

    def __init__(
        self, spec: Spec, seeds: Sequence[int] = (), learning_rates: Sequence[float] = ()
    ) -> None:
        if bool(seeds) == bool(learning_rates):
            raise TrainingError(tr("choose either seeds or learning rates"))
        if max(len(seeds), len(learning_rates)) > MOST:
            raise TrainingError(tr("at most {most} nets run side by side", most=MOST))
        self.specs = [replace(spec, seed=seed) for seed in seeds] or [
            replace(spec, learning_rate=rate) for rate in learning_rates
        ]
        self._trainers = [Trainer(own) for own in self.specs]
        self._together = _Together(self._trainers) if is_plain(spec) else None
        self.epochs_done = 0
        self._losses = [self._loss()]

    @property
    def losses(self) -> Array:
        return np.array(self._losses)

    def epoch(self) -> None:
        """One more epoch of every net."""
        if self._together is not None:
            self._together.epoch(self.epochs_done)
        else:
            for trainer in self._trainers:
                if trainer.fault is None:
                    trainer.epoch()
        self.epochs_done += 1
        self._losses.append(self._loss())

    def run(self, epochs: int, until: Callable[[], bool] | None = None) -> None:
        for _ in range(epochs):
            if until is not None and until():
                return
            self.epoch()

    def _loss(self) -> Array:
        if self._together is not None:
            return self._together.loss()
        return np.array([np.nan if t.fault is not None else t.loss() for t in self._trainers])

    def median(self) -> Array:
        """The median loss over the nets, per epoch; a net that ran away counts as the worst."""
        return np.median(self._ranked(), axis=1)

    def band(self, share: float = 0.8) -> tuple[Array, Array]:
        """The lower and the upper edge of the middle `share` of the nets, per epoch."""
        edge = (1.0 - share) / 2
        low, high = np.quantile(self._ranked(), (edge, 1.0 - edge), axis=1, method="nearest")
        return low, high

    def _ranked(self) -> Array:
        return np.where(np.isnan(self.losses), np.inf, self.losses)

    def weights(self, index: int) -> tuple[LayerWeights, ...]:
        """The weights of one net, as they are now."""
        if self._together is not None:
            network = Network(self.specs[index].network, self.specs[index].dtype)
            network.parameters[:] = self._together.parameters[index]
            return network.weights()
        return self._trainers[index].network.weights()


def is_plain(spec: Spec) -> bool:
    """Whether nets of this specification can run together."""
    network = spec.network
    extras = network.batch_norm, network.residual, network.dropout, network.output == "softmax"
    limits = spec.l1, spec.l2, spec.clip_norm, spec.clip_value
    return not any(extras) and not any(limits)


class _Together:
    """Parameters (nets, count); activations (nets, units + 1, batch)."""

    def __init__(self, trainers: list[Trainer]) -> None:
        first = trainers[0]
        self.spec, self._specs = first.spec, [t.spec for t in trainers]
        self.parameters = np.stack([t.network.parameters for t in trainers])
        self.gradient = np.zeros_like(self.parameters)
        self._rows = np.ones((len(first.data.inputs), first.data.inputs.shape[1] + 1))
        self._rows[:, :-1] = first.data.inputs
        self._rows = self._rows.astype(self.parameters.dtype)
        self._targets = first.data.targets.astype(self.parameters.dtype)
        self._rngs = [np.random.default_rng([spec.seed, 1]) for spec in self._specs]
        self._passes: dict[int, _Pass] = {}
        self._updates = 0
        self._bind_update()

    def _bind_update(self) -> None:
        rule = OPTIMIZERS[self.spec.optimizer.kind]
        given = self.spec.optimizer.full(rule.parameters)
        p, g = self.parameters, self.gradient
        c = {name: constant(value, p) for name, value in given.items()}
        # A row for each net: rates differ, and what an optimizer derives from them does.
        self._rate = np.array([[spec.learning_rate] for spec in self._specs], p.dtype)
        c |= {name: np.zeros_like(self._rate) for name in rule.extra}
        c["rate"] = self._rate.copy()
        self._rule, self._constants = rule, c
        states = tuple(np.zeros_like(p) for _ in rule.states)
        scratch, decay = np.empty_like(p), given["weight_decay"]
        self._calls: list[Call] = []
        if decay:
            share = c["rate"] if rule.decay_apart else None
            self._calls = [
                call(np.multiply, p, constant(decay, p), scratch),
                *([call(np.multiply, scratch, share, scratch)] if share is not None else []),
                call(np.subtract, p, scratch, p)
                if rule.decay_apart
                else call(np.add, g, scratch, g),
            ]
        self._calls += rule.update(p, g, states, scratch, c)

    def epoch(self, index: int) -> None:
        spec, samples = self.spec, len(self._rows)
        schedule = SCHEDULES[spec.schedule.kind]
        factor = schedule.factor(index, spec.epochs, spec.schedule.full(schedule.parameters))
        np.multiply(self._rate, factor, self._constants["rate"])
        orders = np.stack(
            [r.permutation(samples) if spec.shuffle else np.arange(samples) for r in self._rngs]
        )
        batch = min(spec.batch, samples)
        with np.errstate(all="ignore"):
            for start in range(0, samples, batch):
                chosen = orders[:, start : start + batch]
                if chosen.shape[1] < batch and spec.drop_last:
                    break
                self._step(chosen)

    def _step(self, chosen: Array) -> None:
        size = chosen.shape[1]
        if size not in self._passes:
            self._passes[size] = _Pass(self.spec, self.parameters, self.gradient, size)
        one = self._passes[size]
        self._rows.take(chosen, axis=0, out=one.rows, mode="clip")
        np.copyto(one.targets, self._targets.take(chosen, axis=0).transpose(0, 2, 1))
        for act in one.calls:
            act()
        if self._rule.derived is not None:
            self._derive()
        self._updates += 1
        for act in self._calls:
            act()

    def _derive(self) -> None:
        """What depends on the number of updates, net by net."""
        assert self._rule.derived is not None
        for row in range(len(self._specs)):
            own = {n: v[row] if v.ndim else v for n, v in self._constants.items()}
            own = {n: v.reshape(()) for n, v in own.items()}
            self._rule.derived(own, self._updates)

    def loss(self) -> Array:
        """The mean loss of each net over all samples."""
        network = Network(self.spec.network, self.spec.dtype)
        found = []
        for row in self.parameters:
            network.parameters[:] = row
            found.append(_loss_of(self.spec, network, self._rows, self._targets))
        return np.array(found)


def _loss_of(spec: Spec, network: Network, rows: Array, targets: Array) -> float:
    from bpstudio.nn.program import Program

    program = Program(network, len(rows), loss=spec.loss, delta=spec.delta)
    goals = np.ascontiguousarray(targets.T)
    program.run(program.bind(rows, goals))
    return program.mean_loss(goals)


class _Pass:
    """Forward and backward of all nets for one batch size."""

    def __init__(self, spec: Spec, parameters: Array, gradient: Array, batch: int) -> None:
        nets, sizes = len(parameters), spec.network.sizes
        dtype, loss = parameters.dtype, LOSSES[spec.loss]
        self.rows = np.ones((nets, batch, sizes[0] + 1), dtype)
        self.targets = np.empty((nets, sizes[-1], batch), dtype)
        weights, grads = _matrices(sizes, parameters), _matrices(sizes, gradient)
        self.calls: list[Call] = []
        calls, last = self.calls, len(weights) - 1
        kinds = [spec.network.activation] * last + [spec.network.output]
        h: Array = self.rows.transpose(0, 2, 1)
        layers = []
        for w, kind, units in zip(weights, kinds, sizes[1:], strict=True):
            z = np.empty((nets, units, batch), dtype)
            full = np.ones((nets, units + 1, batch), dtype)
            calls.append(call(np.matmul, w, h, z))
            calls += ACTIVATIONS[kind].forward(z, full[:, :-1])
            layers.append((h, z, full[:, :-1], kind))
            h = full
        outputs = layers[-1][2]
        d = np.empty_like(outputs)
        calls.append(call(np.subtract, outputs, self.targets, d))
        scale = loss.factor / (batch * loss.count(spec.network.output, sizes[-1]))
        calls += loss.gradient(d, constant(scale, d), spec.delta)
        for index in range(last, -1, -1):
            before, z, a, kind = layers[index]
            if not (index == last and loss.direct):
                slope = np.empty_like(a)
                calls += ACTIVATIONS[kind].derivative(z, a, slope)
                calls.append(call(np.multiply, d, slope, d))
            calls.append(call(np.matmul, d, before.transpose(0, 2, 1), grads[index]))
            if index:
                up = np.empty((nets, sizes[index], batch), dtype)
                back = weights[index][:, :, :-1].transpose(0, 2, 1)
                calls.append(call(np.matmul, back, d, up))
                d = up


def _matrices(sizes: tuple[int, ...], flat: Array) -> list[Array]:
    """Per layer the nets' weights and biases (nets, units, inputs + 1), as views."""
    found, at = [], 0
    for inputs, units in pairwise(sizes):
        end = at + units * (inputs + 1)
        found.append(flat[:, at:end].reshape(len(flat), units, inputs + 1))
        at = end
    return found
