"""What all runs of one wiring share, whatever its numbers are.

How it is cut into strips and levels, where gradients begin, and working memory: each is made when
it is first asked for, and kept with the wiring.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpstudio.core import wide
from bpstudio.core.gate import Array
from bpstudio.core.narrow import Strip, Strips, last_targets, parts
from bpstudio.core.wiring import Wiring

SMALL = 600
"""Up to this many gates a graph runs as one strip of plain Python."""

LARGEST_SPARE = 4_000_000
"""Wires times samples up to which working memory is kept: 160 MB."""

SPARE_DESKS = 2
"""Working memory kept for the next runs: one for the window, one for whatever runs beside it."""


def is_small(wiring: Wiring) -> bool:
    """Whether all of it is one strip."""
    return wiring.count - wiring.sources <= SMALL


def strips_of(wiring: Wiring) -> Strips | None:
    """The graph as strips, where it is small or narrow all the way."""
    cache = wiring.cache
    if "strips" not in cache:
        cache["strips"] = _strips(wiring)
    found: Strips | None = cache["strips"]
    return found


def _strips(wiring: Wiring) -> Strips | None:
    if is_small(wiring):
        levels = len(wiring.level_rows) - 1
        return Strips(wiring, [Strip(wiring, 1, levels)] if wiring.count > wiring.sources else [])
    every = parts_of(wiring)
    found = [part for part in every if isinstance(part, Strip)]
    return Strips(wiring, found) if len(found) == len(every) else None


def parts_of(wiring: Wiring) -> Sequence[Strip | range]:
    """Strips and levels, one after the other."""
    cache = wiring.cache
    if "parts" not in cache:
        cache["parts"] = parts(wiring)
    found: list[Strip | range] = cache["parts"]
    return found


def levels_of(wiring: Wiring) -> Sequence[range]:
    """Everything above the sources for the array tier."""
    return (range(1, len(wiring.level_rows) - 1),)


def start_of(wiring: Wiring) -> Array:
    """The gradients where nothing has come yet: -0.0, as -0.0 + x is x for every x (0.0 + -0.0
    is not), but 0.0 where nothing ever comes."""
    cache = wiring.cache
    if "nothing" not in cache:
        cache["nothing"] = np.where(last_targets(wiring) < 0, 0.0, -0.0)
    found: Array = cache["nothing"]
    return found


def listed_start_of(wiring: Wiring) -> list[float]:
    """The same as a list of the caller's own."""
    cache = wiring.cache
    if "nothing listed" not in cache:
        cache["nothing listed"] = start_of(wiring).tolist()
    found: list[float] = cache["nothing listed"].copy()
    return found


def desk_of(wiring: Wiring, batch: int) -> wide.Desk:
    """Working memory for a run; nobody else has it."""
    spare: list[wide.Desk] = wiring.cache.setdefault("desks", [])
    # A run may go on in another thread: whoever pops a desk has it alone.
    try:
        desk = spare.pop()
    except IndexError:
        return wide.Desk(wiring, batch)
    return desk if desk.batch == batch else wide.Desk(wiring, batch)


def keeps(wiring: Wiring, desk: wide.Desk) -> bool:
    """Whether a desk is kept for the next run; else its arrays are the caller's."""
    spare: list[wide.Desk] = wiring.cache["desks"]
    return len(spare) < SPARE_DESKS and desk.wire_grad.size <= LARGEST_SPARE


def give_back(wiring: Wiring, desk: wide.Desk) -> None:
    """Keep a desk: from now on it may be another thread's."""
    wiring.cache["desks"].append(desk)
