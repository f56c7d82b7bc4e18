"""Training: update after update up to a limit, whatever it is that is trained.

Networks (trainer.py) and drawn graphs (drawn.py) say how some updates are made, `_advance`; how
far they go, at what rate and from which start is the same for both.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from bpstudio.language import tr
from bpstudio.nn.chance import ORDER, begin_again
from bpstudio.nn.faults import TrainingError
from bpstudio.nn.report import Report
from bpstudio.nn.schedules import factor_at
from bpstudio.nn.search import Fault
from bpstudio.nn.spec import Spec
from bpstudio.nn.updates import Update

SLICE = 0.004
"""Seconds between two looks at the clock and at `until`."""


def _of_spec(name: str) -> Any:
    """A field of the specification as an attribute; to set it is to `change` it."""
    return property(
        lambda training: getattr(training.spec, name),
        lambda training, value: training.change(**{name: value}),
    )


class Training(ABC):
    """Whoever makes updates of a specification, batch after batch and epoch after epoch."""

    spec: Spec
    _update: Update
    _shuffling: np.random.Generator
    updates: int
    epoch_index: int
    fault: Fault | None

    @property
    @abstractmethod
    def batches(self) -> int:
        """Updates per epoch."""

    @property
    @abstractmethod
    def position(self) -> int:
        """The batch that comes next, from 0; `batches` when the epoch is over."""

    @abstractmethod
    def report(self) -> Report:
        """Where training stands; before the first step the loss is that of all samples."""

    @abstractmethod
    def change(self, **fields: Any) -> None:
        """Change fields of the specification while the parameters stay."""

    @abstractmethod
    def _advance(self, most: int) -> int:
        """Up to `most` updates of this epoch, or of the next at its end; answers how many."""

    @abstractmethod
    def _begin_epoch(self) -> None:
        """The order and the rate of the epoch that begins."""

    def _end(self) -> None:
        """After the last of the updates that were asked for."""
        return

    # --- steps ------------------------------------------------------------------------------------

    @property
    def updates_left(self) -> int:
        """Updates to the end of this epoch; at its end, those of the next."""
        return (self.batches - self.position) or self.batches

    @property
    def epochs_done(self) -> float:
        """Epochs since the start; a part of one counts as that part."""
        return self.epoch_index + self.position / max(1, self.batches)

    def step(self) -> Report:
        """One update on the next batch."""
        self._go_on(1)
        self._end()
        return self.report()

    def epoch(self) -> Report:
        """The rest of this epoch; at its end, the whole of the next."""
        return self.run(updates=self.updates_left)

    def run(
        self,
        updates: int | None = None,
        epochs: int | None = None,
        seconds: float | None = None,
        until: Callable[[], bool] | None = None,
    ) -> Report:
        """Updates until one of the limits is reached, a fault appears, or `until()` is true."""
        most = math.inf if updates is None else updates
        if epochs is not None:
            most = min(most, self.updates_left + (epochs - 1) * self.batches if epochs > 0 else 0)
        start = time.perf_counter()
        end = math.inf if seconds is None else start + seconds
        done, piece, limited = 0, 1, until is not None or seconds is not None
        while done < most and self.fault is None:
            begun = time.perf_counter()
            if begun >= end or (until is not None and until()):
                break
            done += self._go_on(int(min(most - done, piece if limited else 1 << 30)))
            if time.perf_counter() - begun < SLICE / 2:
                piece *= 2
            elif piece > 1:
                piece //= 2
        if done:
            self._end()
        return self.report()

    def _go_on(self, most: int) -> int:
        if self.fault is not None:
            raise TrainingError(tr("{fault} Rewind to go on.", fault=self.fault.sentence))
        if self.position >= self.batches:
            self.epoch_index += 1
            self._begin_epoch()
        return self._advance(most)

    # --- the start, and the rate ------------------------------------------------------------------

    def _begin_again(self) -> None:
        """No update was made, and nothing of one is remembered; the first epoch begins."""
        begin_again(self._shuffling, self.spec.seed, ORDER)
        self._update.clear()
        self.updates, self.epoch_index, self.fault = 0, 0, None
        self._begin_epoch()

    def _set_rate(self) -> None:
        with np.errstate(over="ignore"):  # Too large for float32: the next step says so.
            factor = factor_at(self.spec, self.epoch_index)
            self._update.rate[()] = self.spec.learning_rate * factor

    @property
    def rate(self) -> float:
        """The learning rate of now, by the schedule."""
        return float(self._update.rate)

    learning_rate = _of_spec("learning_rate")
    """The specification's; `rate` is what its schedule makes of it now."""
    l1, l2 = _of_spec("l1"), _of_spec("l2")
    clip_norm, clip_value = _of_spec("clip_norm"), _of_spec("clip_value")
