"""Evaluation: what a network says as it is now, in eval mode, without an update.

Outputs, every unit's activations, loss and accuracy over whole sets, and gradients on samples of
one's own. Programs are kept by the number of samples, so that asking again costs a pass only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.data import Data, share_right
from bpstudio.nn.faults import DataError
from bpstudio.nn.network import Network, layers_of
from bpstudio.nn.program import Bound, Program
from bpstudio.nn.spec import Spec

EVALUATED = 4096
"""Samples evaluated at a time; a forward pass of them stays in the cache."""
KEPT = 8
"""Programs kept at most."""
Part = tuple[Program, Bound]


class Evaluation:
    """Questions to `network`, over `data` and the loss that `spec` names now."""

    def __init__(self, network: Network, data: Data, spec: Callable[[], Spec]) -> None:
        self._network, self._data, self._spec = network, data, spec
        self._programs: dict[tuple[int, str], tuple[Program, Network]] = {}
        self._sets: dict[str, list[Part]] = {}
        self._grid: tuple[Array, Bound, Program] | None = None

    def forget(self) -> None:
        """The loss is another one."""
        self._sets.clear()

    def outputs(self, x: Array) -> Array:
        """The outputs (samples, outputs) for x (samples, features)."""
        parts = [program.outputs.T[:n].copy() for program, n in self._forward(x)]
        return np.concatenate(parts) if parts else np.empty((0, self._network.spec.sizes[-1]))

    def activations(self, x: Array) -> tuple[Array, ...]:
        """Every unit's activation, (units, samples) per layer."""
        parts = [[a[:, :n].copy() for a in program.activations] for program, n in self._forward(x)]
        return tuple(np.concatenate(layer, axis=1) for layer in zip(*parts, strict=True))

    def _forward(self, x: Array) -> Iterator[tuple[Program, int]]:
        """Programs after their pass, with how many of their columns count."""
        x = samples_of(self._network, x)
        size = min(EVALUATED, max(1, len(x)))
        program = self._program(size, self._network.parameters.dtype.name)[0]
        for at in range(0, len(x), size):
            part = x[at : at + size]
            columns = np.ones((x.shape[1] + 1, size), program.dtype)
            columns[:-1, : len(part)] = part.T
            program.run(program.bind(columns.T))
            yield program, len(part)

    def _program(self, size: int, dtype: str) -> tuple[Program, Network]:
        """A forward program for so many samples; of another dtype with weights of its own."""
        key = (size, dtype)
        if key not in self._programs:
            if len(self._programs) >= KEPT:
                self._programs.pop(next(iter(self._programs)))
            own = dtype == self._network.parameters.dtype.name
            network = self._network if own else Network(self._network.spec, dtype)
            self._programs[key] = Program(network, size), network
        return self._programs[key]

    def unit_maps(self, grid: Array) -> tuple[Array, ...]:
        """Every unit's activation over a grid (points, features), in float32.

        (units, points) per layer. The arrays are views of buffers that the next call overwrites.
        """
        program, network = self._program(len(grid), "float32")
        if self._grid is None or self._grid[0] is not grid or self._grid[2] is not program:
            # One column after the other: that is how the first product reads it fastest.
            rows = with_ones(samples_of(network, grid), program.dtype)
            self._grid = grid, program.bind(rows), program
        if network is not self._network:
            np.copyto(network.parameters, self._network.parameters, casting="same_kind")
            np.copyto(network.running, self._network.running, casting="same_kind")
        program.run(self._grid[1])
        return tuple(program.activations)

    # --- whole sets -------------------------------------------------------------------------------

    def loss(self, which: str) -> float:
        """The mean loss over all "train" or "test" samples, without penalties."""
        total, count = 0.0, 0
        for program, bound in self._whole_set(which):
            program.run(bound)
            total += program.mean_loss(bound.targets) * program.batch
            count += program.batch
        return total / count if count else math.nan

    def accuracy(self, which: str) -> float | None:
        """The share of samples whose class is right; None where targets are plain numbers."""
        if self._data.classes is None:
            return None
        right, count = 0.0, 0
        for program, bound in self._whole_set(which):
            program.run(bound)
            right += share_right(program.outputs.T, bound.targets.T) * program.batch
            count += program.batch
        return right / count if count else math.nan

    def sampled(self, which: str, most: int) -> tuple[float, float | None]:
        """Loss and accuracy, in one pass, over `most` samples spread evenly through the set."""
        key = f"{which} {most}"
        if key not in self._sets:
            inputs, targets = self._set(which)
            rows = np.linspace(0, len(inputs) - 1, min(most, len(inputs))).round().astype(int)
            self._sets[key] = self._bind_set(inputs[rows], targets[rows])
        loss, right, count = 0.0, 0.0, 0
        for program, bound in self._sets[key]:
            program.run(bound)
            loss += program.mean_loss(bound.targets) * program.batch
            count += program.batch
            if self._data.classes is not None:
                right += share_right(program.outputs.T, bound.targets.T) * program.batch
        if not count:
            return math.nan, None
        return loss / count, None if self._data.classes is None else right / count

    def _set(self, which: str) -> tuple[Array, Array]:
        data = self._data
        if which == "test":
            return data.test_inputs, data.test_targets
        return data.inputs, data.targets

    def _whole_set(self, which: str) -> list[Part]:
        if which not in self._sets:
            self._sets[which] = self._bind_set(*self._set(which))
        return self._sets[which]

    def _bind_set(self, inputs: Array, targets: Array) -> list[Part]:
        parts, programs, spec = [], {}, self._spec()
        for at in range(0, len(inputs), EVALUATED):
            part = inputs[at : at + EVALUATED]
            size = len(part)
            if size not in programs:
                programs[size] = Program(self._network, size, loss=spec.loss, delta=spec.delta)
            program = programs[size]
            columns = np.ones((part.shape[1] + 1, size), program.dtype)
            columns[:-1] = part.T
            goals = np.ascontiguousarray(targets[at : at + size].T, program.dtype)
            parts.append((program, program.bind(columns.T, goals)))
        return parts


def gradient_of(network: Network, spec: Spec, x: Array, y: Array, *, training: bool) -> Array:
    """The gradient of mean loss and penalties on samples x, y, in the order of the parameters.

    `training` False: batch norm uses its running statistics. Dropout takes no part.
    """
    flat = np.zeros_like(network.parameters)
    program, bound, _ = pass_of(network, spec, x, y, flat, training=training)
    program.run(bound)
    p, weights = network.parameters, network.is_weight()
    flat += weights * (spec.l2 * p + spec.l1 * np.sign(p))
    return flat


def pass_of(
    network: Network, spec: Spec, x: Array, y: Array, gradient: Array, *, training: bool
) -> tuple[Program, Bound, Array]:
    """A program over samples x, y bound to them, and y as it wants it (outputs, samples).

    Its backward pass writes to `gradient`, in the order of the parameters.
    """
    x = samples_of(network, x)
    program = Program(
        network,
        len(x),
        loss=spec.loss,
        delta=spec.delta,
        gradients=layers_of(spec.network, gradient),
        training=training,
    )
    goals = np.ascontiguousarray(np.asarray(y).T, program.dtype)
    return program, program.bind(with_ones(x, program.dtype), goals), goals


def with_ones(x: Array, dtype: np.dtype[Any]) -> Array:
    """x (samples, features) with a last column of ones."""
    rows = np.ones((len(x), x.shape[1] + 1), dtype)
    rows[:, :-1] = x
    return rows


def samples_of(network: Network, x: Array) -> Array:
    """x as an array (samples, features) of numbers; raises DataError where it is not."""
    found = np.asarray(x, dtype=np.float64)
    wanted = network.spec.sizes[0]
    if found.ndim != 2 or found.shape[1] != wanted:
        shape = " × ".join(map(str, found.shape))
        raise DataError(
            tr("expected samples × {wanted} numbers, found {shape}", wanted=wanted, shape=shape)
        )
    return found
