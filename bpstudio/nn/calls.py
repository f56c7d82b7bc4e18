"""A computation as a straight list of bound NumPy calls into arrays that are already there.

Everything that a training step does is one such list, built once: a call then costs what NumPy
itself costs. Constants are arrays without axes, because converting a Python float costs more than
multiplying ten numbers by it; they can be written to, which changes a running program at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]
Call = Callable[[], object]

LINE = 64
"""Bytes of a cache line, and of the widest vectors: half as fast where each lies across two."""


def call(function: Callable[..., object], *args: Any, **words: Any) -> Call:
    """`function` with its arguments bound."""
    return partial(function, *args, **words)


def constant(value: float, like: Array) -> Array:
    """`value` as an array without axes, of the same dtype as `like`."""
    return np.array(value, like.dtype)


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """A new array that begins with a cache line."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    raw = np.empty(size + LINE, np.uint8)
    start = -int(raw.__array_interface__["data"][0]) % LINE
    return raw[start : start + size].view(dtype).reshape(shape)


def filled(shape: tuple[int, ...], value: float, dtype: DTypeLike) -> Array:
    """A new array that begins with a cache line, `value` everywhere."""
    made = empty(shape, dtype)
    made.fill(value)
    return made


def run(calls: Iterable[Call]) -> None:
    """Make the calls, one after the other."""
    for one in calls:
        one()
