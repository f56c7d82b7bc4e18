"""The losses of one run over its updates, thinned so that it never grows beyond a limit.

Points are taken at fixed counts of updates, never by the clock: the same run twice leaves the same
points wherever both have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_POINTS = 2000
COLUMNS = ("updates", "epoch", "loss", "test_loss", "accuracy", "test_accuracy")


@dataclass(frozen=True, slots=True)
class Curve:
    """A run so far: arrays of one length, NaN where a number was not taken."""

    updates: np.ndarray
    epoch: np.ndarray
    loss: np.ndarray
    test_loss: np.ndarray
    accuracy: np.ndarray
    test_accuracy: np.ndarray

    def __len__(self) -> int:
        return len(self.updates)


class History:
    """Takes points and hands out Curves. `every` doubles each time it is full."""

    def __init__(self) -> None:
        self._points = np.empty((MOST_POINTS, len(COLUMNS)))
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._count = 0
        self.every = 1
        """A regular point is taken at every so many marks of the run."""

    @property
    def last(self) -> int:
        """The updates of the newest point, -1 without one."""
        return int(self._points[self._count - 1, 0]) if self._count else -1

    def add(self, *point: float) -> None:
        """Take a point, in the order of COLUMNS; a second one at the same updates replaces it."""
        if self._count and self.last == point[0]:
            self._count -= 1
        if self._count == MOST_POINTS:
            self._thin()
        self._points[self._count] = point
        self._count += 1

    def _thin(self) -> None:
        # The first point stays: a curve that lost its start tells another story.
        kept = self._points[: self._count : 2].copy()
        self._points[: len(kept)] = kept
        self._count = len(kept)
        self.every *= 2

    def curve(self) -> Curve:
        """The points so far, copied."""
        columns = self._points[: self._count].T.copy()
        return Curve(*columns)
