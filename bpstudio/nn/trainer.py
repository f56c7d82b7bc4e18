"""Trainer: a specification at work, step by step, repeatable from its seed.

The step is a straight list of bound NumPy calls (program.py, updates.py), run batch after batch.
A value that is no number stops training at the step that made it, with the layer's name. Nothing
else is hidden in here: what the next step depends on is `state()`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bpstudio.language import listed, tr
from bpstudio.nn.calls import Array, filled
from bpstudio.nn.chance import DROPOUT, ORDER, begin_again, chance
from bpstudio.nn.checking import check_batches, check_targets
from bpstudio.nn.data import Data, Dataset, make
from bpstudio.nn.evaluation import Evaluation, gradient_of
from bpstudio.nn.faults import DataError, SpecError, TrainingError
from bpstudio.nn.feed import Feed
from bpstudio.nn.flow import LayerFlow, measure
from bpstudio.nn.network import Network, layers_of
from bpstudio.nn.program import Bound, Masks, Program
from bpstudio.nn.report import Report, State
from bpstudio.nn.search import find_fault
from bpstudio.nn.spec import LayerWeights, Spec
from bpstudio.nn.steps import Steps
from bpstudio.nn.training import Training
from bpstudio.nn.updates import Update, norm_of

KEEPS = (
    *("loss", "delta", "optimizer", "learning_rate", "schedule", "epochs"),
    *("l1", "l2", "l1_prune", "clip_norm", "clip_value", "batch", "shuffle", "drop_last"),
)
"""Fields of a Spec that may change while the weights stay."""


class Trainer(Training):
    """Trains the network of a specification; raises SpecError when it cannot be carried out."""

    def __init__(self, spec: Spec) -> None:
        spec.check()
        self.spec, self.data = spec, draw(spec)
        check_batches(spec, len(self.data.inputs))
        self.network = Network(spec.network, spec.dtype)
        self._gradient = filled((self.network.count,), 0.0, self.network.parameters.dtype)
        self.gradient_layers = layers_of(spec.network, self._gradient)
        self.masks: Masks | None = None
        self._shuffling = chance(spec.seed, ORDER)
        self._dropping = chance(spec.seed, DROPOUT)
        self._update = Update(self.network, self._gradient, spec, rated=True)
        self._steps = Steps(self.network, self._update, self._dropping)
        self._evaluation = Evaluation(self.network, self.data, lambda: self.spec)
        self._build()
        self.rewind()

    def _build(self) -> None:
        """Programs and batches for the specification as it is now."""
        samples, batch = len(self.data.inputs), min(self.spec.batch, len(self.data.inputs))
        self._program = self._training_program(batch)
        left = 0 if self.spec.drop_last else samples % batch
        self._rest = self._training_program(left) if left else None
        rng = self._shuffling if self.spec.shuffle else None
        self.feed = Feed(self.data.inputs, self.data.targets, self._program, self._rest, rng)
        self._steps.forget()
        self._evaluation.forget()
        self._last: tuple[Program, Bound] | None = None

    def _training_program(self, batch: int) -> Program:
        program = Program(
            self.network,
            batch,
            loss=self.spec.loss,
            delta=self.spec.delta,
            gradients=self.gradient_layers,
            training=True,
            running=True,
        )
        if program.mask_views:
            draws = program.draws(self._dropping)

            def draw_masks() -> None:
                if self.masks is None:
                    for one in draws:
                        one()
                    return
                for layer, view in enumerate(program.mask_views):
                    view[:] = self.masks(self.updates, layer, (view.shape[0], view.shape[1]))

            program.forward.insert(0, draw_masks)
        return program

    # --- the same start, and any other ------------------------------------------------------------

    def rewind(self) -> None:
        """Back to the start: the same weights, the same order of the data, the same dropout."""
        self.network.begin(self.spec)
        begin_again(self._dropping, self.spec.seed, DROPOUT)
        self._gradient[:] = 0.0
        self._last = None
        self.feed.order = np.arange(len(self.data.inputs))
        self._begin_again()

    def state(self) -> State:
        """All that the next step depends on."""
        return State(
            self.network.parameters.copy(),
            self.network.running.copy(),
            tuple(state.copy() for state in self._update.states),
            self._update.alive.copy(),
            self._update.updates,
            self.updates,
            self.epoch_index,
            self.feed.order.copy(),
            self.feed.position,
            (dict(self._shuffling.bit_generator.state), dict(self._dropping.bit_generator.state)),
        )

    def restore(self, state: State) -> None:
        """Stand where a trainer of this specification stood."""
        self.network.parameters[:] = state.parameters
        self.network.running[:] = state.running
        for mine, given in zip(self._update.states, state.optimizer, strict=True):
            mine[:] = given
        self._update.alive[:] = state.alive
        self._update.updates = state.optimizer_updates
        self.updates, self.epoch_index = state.updates, state.epoch
        self.feed.resume(state.order, state.position)
        self._shuffling.bit_generator.state = state.random[0]
        self._dropping.bit_generator.state = state.random[1]
        self.fault, self._last = None, None
        self._set_rate()

    # --- steps ------------------------------------------------------------------------------------

    @property
    def batches(self) -> int:
        return self.feed.batches

    @property
    def position(self) -> int:
        return self.feed.position

    def _begin_epoch(self) -> None:
        self.feed.begin()
        self._set_rate()

    def _set_rate(self) -> None:
        super()._set_rate()
        self._hand_rate_on()

    def _hand_rate_on(self) -> None:
        """The programs multiply by the rate where the update leaves that to them."""
        if self._update.takes_rate != self._update.could_take_rate:
            self._update.build(self.spec)
            self._steps.forget()
        for program in (self._program, self._rest):
            if program is not None:
                program.times(self._update.factor)

    def _advance(self, most: int) -> int:
        """Up to `most` updates of this epoch, with one program."""
        position = self.feed.position
        # Injected masks ask which update it is: one at a time.
        program, batches = self.feed.take(most if self.masks is None else 1)
        before = self.updates
        done, self.fault = self._steps.run(
            program, batches, lambda made: find_fault(self, program, before + made)
        )
        self.updates += done
        self._last = program, batches[done - 1]
        self.feed.position = position + done
        return done

    def _end(self) -> None:
        """Take the rate out of the last step's gradients again: they are there to be read."""
        if self._update.takes_rate and self._last is not None:
            with np.errstate(all="ignore"):
                for values in (self._gradient, *self._last[0].upstreams):
                    np.divide(values, self._update.rate, values)

    def report(self) -> Report:
        loss = self.loss() if self._last is None else self._batch_loss()
        return Report(
            self.updates,
            self.epochs_done,
            loss,
            float(self._update.rate),
            self.fault,
            self._norms,
        )

    def _batch_loss(self) -> float:
        assert self._last is not None
        program, bound = self._last
        return program.mean_loss(bound.targets)

    def _norms(self, updates: int) -> tuple[float, ...]:
        if updates != self.updates:
            raise TrainingError(tr("the numbers of a step can be read until the next step only"))
        return tuple(norm_of(layer.W) for layer in self.gradient_layers)

    @property
    def last(self) -> tuple[Program, Bound] | None:
        """Program and batch of the last step, whose numbers are still there; None before it."""
        return self._last

    # --- what may change while it runs ------------------------------------------------------------

    def change(self, **fields: Any) -> None:
        """Change fields of the specification (KEEPS); weights and optimizer state stay."""
        unknown = set(fields) - set(KEEPS)
        if unknown:
            names = listed(sorted(unknown))
            raise TrainingError(tr("{names} cannot change while the weights stay", names=names))
        spec = replace(self.spec, **fields)
        spec.check()
        check_batches(spec, len(self.data.inputs))
        check_targets(spec, self.data.targets, "$.data.targets")
        before, self.spec = self.spec, spec
        rebuilt = {"loss", "delta", "batch", "shuffle", "drop_last"} & set(fields)
        if any(getattr(before, name) != getattr(spec, name) for name in rebuilt):
            self._build()
            self.feed.begin()
        self._set_rate()
        if set(fields) - {"learning_rate", "schedule", "epochs"} - rebuilt:
            self._update.build(spec)
            self._steps.forget()
        self._update.spec = spec
        self._hand_rate_on()

    # --- questions --------------------------------------------------------------------------------

    def evaluate(self, x: Array) -> Array:
        """The outputs (samples, outputs) for x (samples, features), in eval mode."""
        return self._evaluation.outputs(x)

    def activations(self, x: Array) -> tuple[Array, ...]:
        """Every unit's activation, (units, samples) per layer, in eval mode."""
        return self._evaluation.activations(x)

    def unit_maps(self, grid: Array) -> tuple[Array, ...]:
        """Every unit's activation over a grid (points, features), in float32 and eval mode.

        (units, points) per layer. The arrays are views of buffers that the next call overwrites.
        """
        return self._evaluation.unit_maps(grid)

    def loss(self, which: str = "train") -> float:
        """The mean loss over all training (or test) samples, without penalties, in eval mode."""
        return self._evaluation.loss(which)

    def accuracy(self, which: str = "train") -> float | None:
        """The share of samples whose class is right; None where targets are plain numbers."""
        return self._evaluation.accuracy(which)

    def sampled(self, which: str, most: int) -> tuple[float, float | None]:
        """Loss and accuracy of `most` samples spread evenly through the training or test data."""
        return self._evaluation.sampled(which, most)

    def gradients(self, x: Array, y: Array, *, training: bool = True) -> tuple[LayerWeights, ...]:
        """The gradient of mean loss and penalties on these samples, without an update.

        `training` False: batch norm uses its running statistics. Dropout takes no part.
        """
        flat = self.flat_gradient(x, y, training=training)
        return tuple(layer.copy() for layer in layers_of(self.spec.network, flat))

    def flat_gradient(self, x: Array, y: Array, *, training: bool = True) -> Array:
        """The same in the order of `network.parameters`."""
        return gradient_of(self.network, self.spec, x, y, training=training)

    def flow(self) -> tuple[LayerFlow, ...]:
        """Activations, gradients and updates of each layer in the last step."""
        return measure(self)


def draw(spec: Spec) -> Data:
    """The data of a specification; raises SpecError where they do not suit the network."""
    if isinstance(spec.data, Data):
        return spec.data
    assert isinstance(spec.data, Dataset)
    network = spec.network
    try:
        data = make(spec.data, network.sizes[-1], network.output)
    except DataError as error:
        raise SpecError("$.data.dataset", str(error)) from None
    check_targets(spec, data.targets, "$.data.dataset")
    return data
