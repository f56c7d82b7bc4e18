"""Many runs of one network side by side: the same specification with several seeds or rates.

They run together, every product and every function over all of them in one call: 32 nets cost a
few times one. Each net's numbers are those of a Trainer with that seed or rate, but for the last
digits. What the batched form lacks (`l1_prune`) runs as so many Trainers, with the same results to
look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.checking import check_batches
from bpstudio.nn.faults import TrainingError
from bpstudio.nn.spec import LayerWeights, Spec
from bpstudio.nn.together import Together
from bpstudio.nn.trainer import Trainer, draw

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
        self._trainers: list[Trainer] = []
        self._together: Together | None = None
        if is_plain(spec):
            for own in self.specs:
                own.check()
            data = draw(spec)
            check_batches(spec, len(data.inputs))
            self._together = Together(self.specs, data)
        else:
            self._trainers = [Trainer(own) for own in self.specs]
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
            return self._together.weights(index)
        return self._trainers[index].network.weights()


def is_plain(spec: Spec) -> bool:
    """Whether nets of this specification can run together."""
    return not (spec.l1_prune and spec.l1)
