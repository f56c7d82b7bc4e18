"""Runs that take turns on a machine that others use as well: only short windows are left alone."""

from __future__ import annotations

import time
from collections.abc import Callable

Run = Callable[[int], object]
"""Makes so many updates."""


WINDOW, BURST = 0.001, 10
"""Seconds per window, and how many in a row: the first after another's turn finds cold caches."""
SELDOM = 4
"""Those that cannot stop where they like take long: they have a turn in every fourth round."""


class Turns:
    """Runs that take turns. `best` is seconds per update of each: the least of all windows so far,
    of the fastest of its variants.

    `lengths` are windows in updates, for those that cannot stop where they like.
    """

    def __init__(
        self,
        runs: dict[str, list[Run]],
        lengths: dict[str, int] | None = None,
        *,
        window: float = WINDOW,
        burst: int = BURST,
    ) -> None:
        self._turns = []
        for name, variants in runs.items():
            for run in variants:
                updates = (lengths or {}).get(name, 0)
                seldom, times = (SELDOM, 1) if updates else (1, burst)
                self._turns.append((name, run, updates or _updates(run, window), seldom, times))
        self._done = 0
        self.best = dict.fromkeys(runs, float("inf"))

    def take(self, rounds: int) -> dict[str, float]:
        """So many rounds more."""
        for turn in range(self._done, self._done + rounds):
            for name, run, updates, seldom, times in self._turns:
                for _ in range(0 if turn % seldom else times):
                    began = time.process_time()
                    run(updates)
                    took = (time.process_time() - began) / updates
                    self.best[name] = min(self.best[name], took)
        self._done += rounds
        return self.best


def seconds(run: Run, updates: int) -> float:
    """Of an update, the least of some runs of so many; the first makes what later ones find."""
    took = float("inf")
    for _ in range(4):
        began = time.process_time()
        run(updates)
        took = min(took, (time.process_time() - began) / updates)
    return took


def _updates(run: Run, window: float) -> int:
    """How many fill a window. The first run makes what later ones find ready: it does not count."""
    run(1)
    updates = 1
    while True:
        began = time.process_time()
        run(updates)
        if (took := time.process_time() - began) >= window:
            return max(1, round(updates * window / took))
        updates *= 2
