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
    the norms of the weights' gradients. Where gradients are clipped they are those before it, and
    `clipped` has what was left for the optimizer: what exploded on its way and was shortened in
    the end looks even.
    """

    spec: Spec
    losses: Array
    accuracies: Array
    test_accuracies: Array
    norms: Array
    fault: str
    updates: int = 0
    epoch: float = 0.0
    """How far it came, the update of the fault included."""
    clipped: Array | None = None

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
        self._clipped: list[tuple[float, ...]] = []
        self._clips = spec.clip_norm is not None or spec.clip_value is not None
        self._whole: tuple[float, ...] = ()
        """The norms of the last step before its gradient was clipped."""
        self._look()

    def epoch(self, until: Until | None) -> bool:
        trainer = self.trainer
        if trainer.fault is not None:
            return True
        if not self._norms:
            self._step()
            self._note()
        if self._at_end():
            self._norms.append(self._norms[0])
            self._clipped.append(self._clipped[0])
            self._look()
            return True
        if trainer.fault is None:
            trainer.run(updates=trainer.updates_left - 1, until=until)
            if trainer.fault is None and not (until is not None and until()):
                self._step()
        if until is not None and until():
            return False
        self._note()
        self._look()
        return True

    def _step(self) -> None:
        """One update, whose gradient is looked at before it is clipped as well."""
        trainer, spec = self.trainer, self._spec
        if not self._clips:
            trainer.step()
            return
        state = trainer.state()
        trainer.change(clip_norm=None, clip_value=None)
        self._whole = trainer.step().norms
        trainer.change(clip_norm=spec.clip_norm, clip_value=spec.clip_value)
        trainer.restore(state)
        trainer.step()

    def _note(self) -> None:
        # A step that brought a NaN was not made twice: its numbers are none either way.
        norms = self.trainer.report().norms
        self._clipped.append(norms)
        self._norms.append(self._whole or norms)
        self._whole = ()

    def _at_end(self) -> bool:
        # An epoch of a single update is done with the first step.
        return len(self._norms) == 1 and self.trainer.feed.batches == 1

    def _look(self) -> None:
        trainer = self.trainer
        self._losses.append(trainer.loss())
        for which, values in (("train", self._rights), ("test", self._tested)):
            # Numbers that are none are no answers either, right or wrong.
            known = which == "train" or len(trainer.data.test_inputs)
            known = known and trainer.fault is None
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
            self.trainer.updates,
            self.trainer.epochs_done,
            np.array(self._clipped).reshape(-1, layers) if self._clips else None,
        )
