"""Curves and boxes for many wires at once: pure NumPy, scene pixels, no Qt.

A wire is one cubic bezier of shape (4, 2): the output port, two control points, the input port.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import ways

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]
Rect = tuple[float, float, float, float]
"""left, top, right, bottom in scene pixels."""

EVERYWHERE: Rect = (-1e9, -1e9, 1e9, 1e9)
"""Beyond the edge of the paper on all sides."""

curves, flatten = ways.curves, ways.flatten


def columns(count: int) -> Floats:
    """Room for so many boxes (n, 4), edge by edge in memory: `touching` looks at one edge of all
    at a time, and is six times as fast as over boxes that lie one by one."""
    return np.zeros((count, 4), order="F")


def boxes(control: Floats) -> Floats:
    """Bounding boxes (n, 4) of the control points: never smaller than the curves'."""
    if not len(control):
        return np.empty((0, 4))
    return np.concatenate([control.min(axis=1), control.max(axis=1)], axis=1)


def along(control: Floats, t: Floats | float) -> Floats:
    """Points (n, 2) of the curves at the parameter t, one for all or one each."""
    t = np.broadcast_to(np.asarray(t, dtype=float), (len(control),))
    u = 1 - t
    weights = np.stack([u**3, 3 * u * u * t, 3 * u * t * t, t**3], axis=1)
    return np.asarray(np.einsum("nk,nkd->nd", weights, control))


def pieces_needed(control: Floats, scale: float) -> Ints:
    """How many straight pieces each curve needs to look smooth at a scale; 1 where it is straight.

    From the second differences (Wang's bound): the error stays under a sixth of a pixel.
    """
    if not len(control):
        return np.empty(0, dtype=np.intp)
    bend = np.abs(control[:, :-2] - 2 * control[:, 1:-1] + control[:, 2:])
    # A level wire's control points are unevenly spaced along the line, but nothing bends across.
    onward = control[:, 2, 0] >= control[:, 1, 0]
    flat = (np.ptp(control[:, :, 1], axis=1) < 0.01) & onward
    size = np.hypot(bend[:, :, 0], bend[:, :, 1]).max(axis=1) * scale
    needed = np.ceil(np.sqrt(size * 6 * 6 / 8))
    return np.where(flat, 1, np.clip(needed, 1, 64)).astype(np.intp)


def nearest(lines: Floats, x: float, y: float) -> tuple[Floats, Floats]:
    """Distance of a point to each polyline (n, p, 2), and the parameter of the nearest place."""
    start, step = lines[:, :-1], np.diff(lines, axis=1)
    length = np.maximum((step**2).sum(axis=2), 1e-12)
    to = np.array([x, y]) - start
    part = np.clip((to * step).sum(axis=2) / length, 0.0, 1.0)
    away = np.hypot(*np.moveaxis(to - step * part[:, :, None], 2, 0))
    best = away.argmin(axis=1)
    rows = np.arange(len(lines))
    return away[rows, best], (best + part[rows, best]) / step.shape[1]


def whole(values: Floats) -> Floats:
    """The nearest whole numbers, halves always upwards.

    NumPy rounds halves to even: a picture scrolled by one pixel would shift some sprites by two.
    The hair on top keeps noise in the last digit from deciding.
    """
    return np.floor(values + (0.5 + 1e-6))


def touching(boxes_: Floats, rect: Rect, pad: float = 0.0) -> Mask:
    """Which boxes (n, 4) meet the rectangle grown by `pad`."""
    left, top, right, bottom = rect
    return np.asarray(
        (boxes_[:, 0] <= right + pad)
        & (boxes_[:, 2] >= left - pad)
        & (boxes_[:, 1] <= bottom + pad)
        & (boxes_[:, 3] >= top - pad)
    )


def union(*rects: Rect | None) -> Rect | None:
    """The smallest rectangle that holds all given; None where none is given."""
    real = [r for r in rects if r is not None]
    if not real:
        return None
    return (
        min(r[0] for r in real),
        min(r[1] for r in real),
        max(r[2] for r in real),
        max(r[3] for r in real),
    )


def hull(boxes_: Floats) -> Rect | None:
    """The rectangle around boxes (n, 4), those that are NaN passed over; None for none."""
    if not len(boxes_):
        return None
    if np.isnan(boxes_).any():
        return hull(boxes_[~np.isnan(boxes_).any(axis=1)])
    low, high = boxes_[:, :2].min(axis=0), boxes_[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def grown(rect: Rect, by: float) -> Rect:
    """The rectangle with a margin all round."""
    return rect[0] - by, rect[1] - by, rect[2] + by, rect[3] + by


def kinds(numbers: NDArray[Any]) -> tuple[Ints, Ints]:
    """The small whole numbers that occur, ascending, and which of them each one is.

    What np.unique with its inverse gives, without a sort: it is asked for with every stage.
    """
    there = np.bincount(numbers) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]


def ranges(first: Ints, rows: Ints) -> Ints:
    """The numbers first[r] … first[r + 1] - 1 of every row, one after the other."""
    begin, count = first[rows], first[rows + 1] - first[rows]
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(begin - (ends - count), count))
