"""Chance: what is drawn by lot, from a seed, the same each time.

Each use has a stream of its own: one number more for one of them changes nothing of the others.
"""

from __future__ import annotations

import numpy as np

WEIGHTS, ORDER, DROPOUT = 0, 1, 2
"""The streams: first weights, the order of the samples in each epoch, which units dropout takes."""


def chance(seed: int, stream: int) -> np.random.Generator:
    """A stream at its beginning."""
    return np.random.default_rng([seed, stream])


def begin_again(rng: np.random.Generator, seed: int, stream: int) -> None:
    """Put a generator that others hold back to the beginning of a stream."""
    rng.bit_generator.state = chance(seed, stream).bit_generator.state
