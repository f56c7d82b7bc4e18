"""Update: from the batch's gradient to new parameters, as one list of calls.

In this order: L1 and L2 join the gradient of the weights (not of biases); clipping by value, then
by norm over all parameters together; weight decay and the optimizer's rule; `l1_prune` last. Rates
and strengths are arrays without axes: changing one changes the next step.
"""

from __future__ import annotations

import math

import numpy as np

from bpstudio.nn.calls import Array, Call, call, constant, empty
from bpstudio.nn.network import Network
from bpstudio.nn.optimizers import OPTIMIZERS, Optimizer
from bpstudio.nn.spec import Spec

CHUNK = 32_768
"""Numbers of a vector that are worked on at a time: several vectors of them stay in the cache."""
TAME = (1e-6, 1.0)
"""Rates that gradients may be multiplied by long before they are used: nothing leaves its range."""
CLIP_EPS = 1e-6
"""PyTorch's clip_grad_norm_ divides by the norm plus this."""


class Update:
    """Moves `network.parameters` by `gradient`; remembers what the optimizer remembers.

    With `rated`, plain SGD wants gradients that come multiplied by the rate already: the loss has
    a factor anyway, so that is a pass less over all parameters. `factor` says by what.
    """

    def __init__(
        self, network: Network, gradient: Array, spec: Spec, *, rated: bool = False
    ) -> None:
        self.network, self.gradient, self._rated = network, gradient, rated
        self._rule: Optimizer = OPTIMIZERS[spec.optimizer.kind]
        self._forget()
        self._is_weight = network.is_weight()
        self.alive = np.ones_like(network.parameters)
        """0 where l1_prune has set a weight to 0 for good."""
        self.rate = constant(spec.learning_rate, network.parameters)
        self.build(spec)

    def build(self, spec: Spec) -> None:
        """Make the calls for this specification; state of the same optimizer is kept."""
        p, g = self.network.parameters, self.gradient
        self.spec = spec
        before, self._rule = self._rule, OPTIMIZERS[spec.optimizer.kind]
        if before.states != self._rule.states:
            # A velocity means nothing to RMSprop; Adam's two vectors do to AdamW.
            self._forget()
        given = spec.optimizer.full(self._rule.parameters)
        self._constants = {name: constant(value, p) for name, value in given.items()}
        self._constants |= {name: constant(0.0, p) for name in self._rule.extra}
        self._constants["rate"] = self.rate
        prunes = self._prunes = spec.l1_prune and spec.l1 > 0
        self._plain = self._is_plain(spec, given["weight_decay"])
        self.takes_rate = self.could_take_rate
        self.calls: list[Call] = [call(np.subtract, p, g, p)]
        if self.takes_rate:
            return
        self.calls = [self._prepare]
        scratch = empty((min(CHUNK, p.size),), p.dtype)
        self._add_penalty(spec, scratch, prunes)
        if spec.clip_value is not None:
            high, low = constant(spec.clip_value, p), constant(-spec.clip_value, p)
            self.calls.append(call(np.minimum, g, high, out=g))
            self.calls.append(call(np.maximum, g, low, out=g))
        if spec.clip_norm is not None:
            self.calls.append(self._clip_norm)
        if prunes:
            self._signs = np.empty_like(p)
            self.calls.append(call(np.sign, p, self._signs))
        self._add_rule(given["weight_decay"], scratch)
        if prunes:
            self.calls.append(self._prune)
        if self._rule.derived is None:
            self.calls.remove(self._prepare)

    def _is_plain(self, spec: Spec, decay: float) -> bool:
        """Whether the rate times the gradient of the loss is all there is to an update."""
        more = decay or spec.l1 or spec.l2 or spec.l1_prune
        clips = spec.clip_value is not None or spec.clip_norm is not None
        return self._rated and spec.optimizer.kind == "sgd" and not more and not clips

    @property
    def could_take_rate(self) -> bool:
        """What `takes_rate` would be if the calls were made anew for the rate of now."""
        return self._plain and TAME[0] <= float(self.rate) <= TAME[1]

    @property
    def factor(self) -> float:
        """What the gradient has to come multiplied by."""
        return float(self.rate) if self.takes_rate else 1.0

    def _forget(self) -> None:
        p = self.network.parameters
        self.states: tuple[Array, ...] = tuple(np.zeros_like(p) for _ in self._rule.states)
        self.updates = 0

    def _chunks(self, *vectors: Array) -> list[tuple[Array, ...]]:
        size = self.network.parameters.size
        return [tuple(v[at : at + CHUNK] for v in vectors) for at in range(0, size, CHUNK)]

    def _add_penalty(self, spec: Spec, scratch: Array, prunes: bool) -> None:
        p, g = self.network.parameters, self.gradient
        if spec.l2 > 0:
            for pc, gc, mc in self._chunks(p, g, self._is_weight * spec.l2):
                s = scratch[: pc.size]
                self.calls += [call(np.multiply, pc, mc, s), call(np.add, gc, s, gc)]
        if spec.l1 > 0 and not prunes:
            for pc, gc, mc in self._chunks(p, g, self._is_weight * spec.l1):
                s = scratch[: pc.size]
                self.calls += [
                    call(np.sign, pc, s),
                    call(np.multiply, s, mc, s),
                    call(np.add, gc, s, gc),
                ]
        if spec.l1_prune:
            # A dead weight stays dead, whatever the other terms say.
            self.calls.append(call(np.multiply, g, self.alive, g))

    def _add_rule(self, decay: float, scratch: Array) -> None:
        p, g = self.network.parameters, self.gradient
        for pc, gc, *states in self._chunks(p, g, *self.states):
            s = scratch[: pc.size]
            if decay and self._rule.decay_apart:
                self.calls += [
                    call(self._shrink, pc, s, decay),
                    call(np.subtract, pc, s, pc),
                ]
            elif decay:
                self.calls += [
                    call(np.multiply, pc, constant(decay, pc), s),
                    call(np.add, gc, s, gc),
                ]
            self.calls += self._rule.update(pc, gc, tuple(states), s, self._constants)

    # --- the calls that are more than one of NumPy's ----------------------------------------------

    def _prepare(self) -> None:
        assert self._rule.derived is not None
        self._rule.derived(self._constants, self.updates)
        self.updates += 1

    def _shrink(self, p: Array, out: Array, decay: float) -> None:
        np.multiply(p, float(self.rate) * decay, out)

    def _clip_norm(self) -> None:
        g, most = self.gradient, self.spec.clip_norm
        assert most is not None
        norm = norm_of(g)
        if norm + CLIP_EPS > most:
            np.multiply(g, g.dtype.type(most / (norm + CLIP_EPS)), g)

    def _prune(self) -> None:
        """TensorFlow Playground's L1: a weight that this term alone carries across zero dies."""
        p = self.network.parameters
        moved = p - (float(self.rate) * self.spec.l1) * self._signs * self._is_weight
        died = p * moved < 0
        moved[died] = 0.0
        self.alive[died] = 0.0
        p[:] = moved

    def kept(self) -> tuple[int, Array, tuple[Array, ...]]:
        """What an update changes besides the parameters, copied."""
        alive = self.alive.copy() if self._prunes else self.alive
        return self.updates, alive, tuple(state.copy() for state in self.states)

    def put_back(self, kept: tuple[int, Array, tuple[Array, ...]]) -> None:
        """Stand where `kept` was taken."""
        self.updates = kept[0]
        self.alive[:] = kept[1]
        for mine, given in zip(self.states, kept[2], strict=True):
            mine[:] = given

    def clear(self) -> None:
        """As before the first update."""
        self.updates = 0
        self.alive[:] = 1.0
        for state in self.states:
            state[:] = 0.0


def norm_of(values: Array) -> float:
    """The Euclidean norm; where the squares overflow, computed again on a smaller scale."""
    flat = values.ravel()
    found = float(flat.dot(flat))
    if math.isfinite(found) and found > 0:
        return math.sqrt(found)
    largest = float(np.max(np.abs(flat), initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    scaled = flat.astype(np.float64) / largest
    return largest * math.sqrt(float(scaled.dot(scaled)))
