"""A computation as a straight list of bound NumPy calls into arrays that are already there.

Everything that a training step does is one such list, built once: a call then costs what NumPy
itself costs. Constants are arrays without axes, because converting a Python float costs more than
multiplying ten numbers by it; they can be written to, which changes a running program at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Call = Callable[[], object]


def call(function: Callable[..., object], *args: Any, **words: Any) -> Call:
    """`function` with its arguments bound."""
    return partial(function, *args, **words)


def constant(value: float, like: Array) -> Array:
    """`value` as an array without axes, of the same dtype as `like`."""
    return np.array(value, like.dtype)


def run(calls: Iterable[Call]) -> None:
    """Make the calls, one after the other."""
    for one in calls:
        one()
