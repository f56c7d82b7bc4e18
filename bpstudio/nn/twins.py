"""Twins: one specification without and with remedies, trained side by side from the same seed.

Both go epoch by epoch, in turn, so that what is reached of them can be compared while they run.
Several remedies may be on; they are applied in an order in which none undoes another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.faults import TrainingError
from bpstudio.nn.grid import verdict
from bpstudio.nn.remedies import REMEDIES, treated
from bpstudio.nn.spec import Spec
from bpstudio.nn.trainer import Trainer, draw

ORDER = ("relu", "batch_norm", "residual", "clipping", "penalty", "initialization", "pretraining")
"""The right scale depends on the function; pre-training starts from the weights drawn."""
Until = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two, as far as it has come: at the start and after each epoch.

    `norms` has a row for the first step and for the last one of each epoch, a column per layer:
    the norms of the weights' gradients, as the optimizer is given them.
    """

    spec: Spec
    losses: Array
    accuracies: Array
    test_accuracies: Array
    norms: Array
    fault: str

    @property
    def verdict(self) -> str:
        """What the hidden layers' gradients were like in the first step: one of VERDICTS."""
        hidden = self.norms[0][:-1] if self.norms.shape[1] > 1 else self.norms[0]
        return verdict(float(hidden[0]), float(hidden[-1]))


def with_remedies(spec: Spec, keys: Iterable[str], until: Until | None = None) -> Spec | None:
    """The specification with all of these in it; None where `until()` ended their preparation."""
    chosen = set(keys)
    if unknown := chosen - set(REMEDIES):
        raise TrainingError(tr("there is no remedy “{name}”", name=min(unknown)))
    made: Spec | None = spec
    for key in (*ORDER, *sorted(set(REMEDIES) - set(ORDER))):
        if key in chosen and made is not None:
            made = treated(made, key, until=until)
    return made


class Twins:
    """`epoch` trains both by one; a side whose numbers ran away stays where it is."""

    def __init__(self, before: Spec, after: Spec) -> None:
        data = draw(before)
        self.epochs_done = 0
        self._runs = [_Run(replace(spec, data=data), spec) for spec in (before, after)]

    def epoch(self, until: Until | None = None) -> bool:
        """One more epoch of each; False where `until()` ended it."""
        with np.errstate(all="ignore"):
            for run in self._runs:
                if not run.epoch(until):
                    return False
        self.epochs_done += 1
        return True

    def sides(self) -> tuple[Side, Side]:
        """Before and after, copied."""
        before, after = (run.side() for run in self._runs)
        return before, after


class _Run:
    def __init__(self, whole: Spec, spec: Spec) -> None:
        self.trainer, self._spec = Trainer(whole), spec
        self._losses: list[float] = []
        self._rights: list[float] = []
        self._tested: list[float] = []
        self._norms: list[tuple[float, ...]] = []
        self._look()

    def epoch(self, until: Until | None) -> bool:
        trainer = self.trainer
        if trainer.fault is not None:
            return True
        if not self._norms:
            self._norms.append(trainer.step().norms)
        if trainer.fault is None and not (trainer.updates and self._at_end()):
            trainer.run(updates=trainer.updates_left, until=until)
        if until is not None and until():
            return False
        self._norms.append(trainer.report().norms)
        self._look()
        return True

    def _at_end(self) -> bool:
        # An epoch of a single update is done with the first step.
        return len(self._norms) == 1 and self.trainer.feed.batches == 1

    def _look(self) -> None:
        trainer = self.trainer
        self._losses.append(trainer.loss())
        for which, values in (("train", self._rights), ("test", self._tested)):
            known = which == "train" or len(trainer.data.test_inputs)
            right = trainer.accuracy(which) if known else None
            values.append(np.nan if right is None else right)

    def side(self) -> Side:
        fault = self.trainer.fault
        layers = len(self.trainer.network.layers)
        return Side(
            self._spec,
            np.array(self._losses),
            np.array(self._rights),
            np.array(self._tested),
            np.array(self._norms).reshape(-1, layers),
            "" if fault is None else fault.sentence,
        )
