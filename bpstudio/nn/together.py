"""Together: one network with several seeds or rates, all of them trained in one sweep.

The numbers of each are those of a Trainer with that seed or rate, but for the last digits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpstudio.nn.calls import Array, Call, call, constant, run
from bpstudio.nn.chance import DROPOUT, ORDER, chance
from bpstudio.nn.data import Data
from bpstudio.nn.evaluation import Evaluation
from bpstudio.nn.manyprogram import ManyProgram, slices_of
from bpstudio.nn.network import Network
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.schedules import factor_at
from bpstudio.nn.spec import LayerWeights, Spec
from bpstudio.nn.updates import CLIP_EPS, norm_of


class Together:
    """Nets of `specs`, which differ in seed or learning rate only, on the same data."""

    def __init__(self, specs: Sequence[Spec], data: Data) -> None:
        self.spec, self._specs = specs[0], specs
        # The nets one by one pass through this one, to be begun, evaluated and copied.
        self._network = Network(self.spec.network, self.spec.dtype)
        self._evaluation = Evaluation(self._network, data, lambda: self.spec)
        begun = []
        for spec in specs:
            self._network.begin(spec)
            begun.append((self._network.parameters.copy(), self._network.running.copy()))
        self.parameters = np.stack([p for p, _ in begun])
        self.running = np.stack([r for _, r in begun])
        self.gradient = np.zeros_like(self.parameters)
        self._layers = slices_of(self.spec.network, self.parameters, self.running)
        self._gradients = slices_of(self.spec.network, self.gradient)
        dtype = self.parameters.dtype
        self._rows = np.ones((len(data.inputs), data.inputs.shape[1] + 1), dtype)
        self._rows[:, :-1] = data.inputs
        self._targets = data.targets.astype(dtype)
        self._shuffling = [chance(spec.seed, ORDER) for spec in specs]
        self._dropping = [chance(spec.seed, DROPOUT) for spec in specs]
        self._programs: dict[int, ManyProgram] = {}
        self._updates = 0
        self._update = self._penalties() + self._rule_calls()

    # --- the update -------------------------------------------------------------------------------

    def _penalties(self) -> list[Call]:
        """As updates.py: L1 and L2 join the gradient, then clipping by value and by norm."""
        spec, p, g, s = self.spec, self.parameters, self.gradient, np.empty_like(self.parameters)
        weights, calls = self._network.is_weight(), []
        if spec.l2:
            calls += [call(np.multiply, p, weights * spec.l2, s), call(np.add, g, s, g)]
        if spec.l1:
            calls += [
                call(np.sign, p, s),
                call(np.multiply, s, weights * spec.l1, s),
                call(np.add, g, s, g),
            ]
        if spec.clip_value is not None:
            calls.append(call(np.minimum, g, constant(spec.clip_value, g), out=g))
            calls.append(call(np.maximum, g, constant(-spec.clip_value, g), out=g))
        if spec.clip_norm is not None:
            calls.append(call(self._clip_norms, spec.clip_norm))
        return calls

    def _clip_norms(self, most: float) -> None:
        for own in self.gradient:
            norm = norm_of(own)
            if norm + CLIP_EPS > most:
                np.multiply(own, own.dtype.type(most / (norm + CLIP_EPS)), own)

    def _rule_calls(self) -> list[Call]:
        rule = OPTIMIZERS[self.spec.optimizer.kind]
        given = self.spec.optimizer.full(rule.parameters)
        p, g = self.parameters, self.gradient
        c = {name: constant(value, p) for name, value in given.items()}
        # A row for each net: rates differ, and what an optimizer derives from them does.
        self._rate = np.array([[spec.learning_rate] for spec in self._specs], p.dtype)
        c |= {name: np.zeros_like(self._rate) for name in rule.extra}
        c["rate"] = self._rate.copy()
        self._constants = c
        states = tuple(np.zeros_like(p) for _ in rule.states)
        scratch, decay = np.empty_like(p), given["weight_decay"]
        calls: list[Call] = [] if rule.derived is None else [self._derive]
        if decay:
            share = c["rate"] if rule.decay_apart else None
            calls += [
                call(np.multiply, p, constant(decay, p), scratch),
                *([call(np.multiply, scratch, share, scratch)] if share is not None else []),
                call(np.subtract, p, scratch, p)
                if rule.decay_apart
                else call(np.add, g, scratch, g),
            ]
        return calls + rule.update(p, g, states, scratch, c)

    def _derive(self) -> None:
        """What depends on the number of updates, net by net."""
        derived = OPTIMIZERS[self.spec.optimizer.kind].derived
        assert derived is not None
        for row in range(len(self._specs)):
            own = {n: v[row] if v.ndim else v for n, v in self._constants.items()}
            derived({n: v.reshape(()) for n, v in own.items()}, self._updates)

    # --- running ----------------------------------------------------------------------------------

    def epoch(self, index: int) -> None:
        """Epoch `index`, from 0, of all nets; each in an order of its own."""
        spec, samples = self.spec, len(self._rows)
        orders = np.stack(
            [
                r.permutation(samples) if spec.shuffle else np.arange(samples)
                for r in self._shuffling
            ]
        )
        batch = min(spec.batch, samples)
        with np.errstate(all="ignore"):
            np.multiply(self._rate, factor_at(spec, index), self._constants["rate"])
            for start in range(0, samples, batch):
                chosen = orders[:, start : start + batch]
                if chosen.shape[1] < batch and spec.drop_last:
                    break
                self._step(chosen)

    def _step(self, chosen: Array) -> None:
        program = self._program(chosen.shape[1])
        self._rows.take(chosen, axis=0, out=program.rows, mode="clip")
        np.copyto(program.targets, self._targets.take(chosen, axis=0).transpose(0, 2, 1))
        run(program.calls)
        run(self._update)
        self._updates += 1

    def _program(self, batch: int) -> ManyProgram:
        if batch not in self._programs:
            self._programs[batch] = ManyProgram(
                self.spec, self._layers, self._gradients, batch, self._dropping
            )
        return self._programs[batch]

    # --- questions --------------------------------------------------------------------------------

    def _show(self, index: int) -> Network:
        self._network.parameters[:] = self.parameters[index]
        self._network.running[:] = self.running[index]
        return self._network

    def loss(self) -> Array:
        """The mean loss of each net over all samples; nan where it ran away."""
        found = []
        for index, own in enumerate(self.parameters):
            self._show(index)
            found.append(self._evaluation.loss("train") if np.isfinite(own).all() else np.nan)
        return np.array(found)

    def weights(self, index: int) -> tuple[LayerWeights, ...]:
        """The weights of one net, copied."""
        return self._show(index).weights()
