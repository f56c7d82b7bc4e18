"""How wires run: their curves from port to port, through dots, or at right angles.

One curve is a cubic bezier of shape (4, 2): where it starts, two control points, where it ends.
Everything here is for many wires at once, in scene pixels. The canvas draws these ways, and what is
put onto the paper keeps off them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.shape import LABEL_ROOM, LATE_TURN

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CURVED, ORTHOGONAL, STRAIGHT = "curved", "orthogonal", "straight"
STEPS = 5
"""Pieces of one hop at right angles; those that it does not need have no length."""
OUT = 20.0
"""How far a wire at right angles runs out of a port before it turns back, scene px."""
_NEAREST = 8.0
"""A wire at right angles turns no nearer to its ports than this, scene px."""
_REACH = 28.0
"""The least a curve runs straight out of its port, scene px; a shorter one looks kinked."""


def plain(shape: str, start: Floats, end: Floats) -> Floats:
    """The one curve (n, 4, 2) from each start to each end: for wires without dots."""
    return curves(start, end) if shape == CURVED else _line(start, end)


def through(shape: str, points: Floats, alone: Mask) -> Floats:
    """The curves (n, p, 4, 2) from each start through its dots to its end, points (n, dots + 2, 2).

    `alone` says which have their source for themselves: at right angles the others share their
    beginning, so they turn near it, and these near their end.
    """
    if shape == ORTHOGONAL:
        return _orthogonal(points, alone)
    return _curved(points) if shape == CURVED else _straight(points)


def curves(start: Floats, end: Floats) -> Floats:
    """Control points (n, 4, 2) from starts to ends (n, 2): level at both ports.

    To the right it is the plain S of the look. To the left it swings out of both ports, and where
    the two are at the same height it bulges downwards, so that it never hides behind the gates.
    """
    gap = end[:, 0] - start[:, 0]
    drop = end[:, 1] - start[:, 1]
    left = gap < 0
    reach = np.maximum(gap / 2, np.minimum(_REACH, _REACH * 0.5 + np.abs(drop) / 4))
    reach += np.clip(-gap, 0.0, 320.0) * 0.45
    bulge = np.where(left, np.clip(1 - np.abs(drop) / 90.0, 0.0, 1.0) * 84.0, 0.0)
    out = np.empty((len(start), 4, 2))
    out[:, 0], out[:, 3] = start, end
    out[:, 1, 0], out[:, 1, 1] = start[:, 0] + reach, start[:, 1] + bulge
    out[:, 2, 0], out[:, 2, 1] = end[:, 0] - reach, end[:, 1] + bulge
    return out


def flatten(control: Floats, pieces: int) -> Floats:
    """The curves as polylines (n, pieces + 1, 2)."""
    return np.asarray(np.einsum("kp,nkd->npd", _weights(pieces), control))


@lru_cache(maxsize=128)
def _weights(pieces: int) -> Floats:
    """How much each control point counts at the ends of so many pieces (4, pieces + 1)."""
    t = np.linspace(0.0, 1.0, pieces + 1)
    u = 1 - t
    return np.stack([u**3, 3 * u * u * t, 3 * u * t * t, t**3])


# --- chains: points (k, d + 2, 2) -> pieces (k, p, 4, 2) ----------------------------------------


def _line(start: Floats, end: Floats) -> Floats:
    """Straight lines as curves, evenly run through."""
    third = (end - start) / 3
    return np.stack([start, start + third, end - third, end], axis=-2)


def _straight(points: Floats) -> Floats:
    return _line(points[:, :-1], points[:, 1:])


def _curved(points: Floats) -> Floats:
    """Through the dots in one sweep, level at both ports."""
    if points.shape[1] == 2:
        return curves(points[:, 0], points[:, 1])[:, None]
    tangent = np.zeros_like(points)
    around = points[:, 2:] - points[:, :-2]
    size = np.hypot(around[..., 0], around[..., 1])[..., None]
    tangent[:, 1:-1] = around / np.maximum(size, 1e-9)
    tangent[:, [0, -1], 0] = 1.0
    hop = np.diff(points, axis=1)
    reach = np.hypot(hop[..., 0], hop[..., 1])[..., None] / 3
    out = np.empty((len(points), points.shape[1] - 1, 4, 2))
    out[:, :, 0], out[:, :, 3] = points[:, :-1], points[:, 1:]
    out[:, :, 1] = points[:, :-1] + tangent[:, :-1] * reach
    out[:, :, 2] = points[:, 1:] - tangent[:, 1:] * reach
    return out


def _orthogonal(points: Floats, alone: Mask) -> Floats:
    """Level and upright lines only: out of a port level, through the first dot upright, into the
    last port level. `alone`: see `through`."""
    hops = points.shape[1] - 1
    peak = _peaks(points) if hops > 1 else alone
    found = []
    for hop in range(hops):
        a, b = points[:, hop], points[:, hop + 1]
        if hops == 1:
            corners = _port_to_port(a, b, alone)
        elif hop == 0:
            corners = _port_to_dot(a, b, peak)
        elif hop == hops - 1:
            corners = _dot_to_port(a, b, peak & (hops == 2))
        else:
            corners = [a, _at(a[:, 0], b[:, 1]), b, b, b, b]
        found.append(_straight(np.stack(corners, axis=1)))
    return np.concatenate(found, axis=1)


def _port_to_port(a: Floats, b: Floats, alone: Mask) -> list[Floats]:
    gap = b[:, 0] - a[:, 0]
    back = gap < 2 * _NEAREST
    # The longer level piece has room for the numbers: behind a turn near the source, or before one
    # near the target.
    turn = np.clip(gap - LABEL_ROOM, _NEAREST, np.maximum(gap / 2, _NEAREST))
    turn = np.where(alone, np.maximum(gap - LATE_TURN, gap / 2), turn)
    # A level wire is one piece, with its numbers in the middle of all of it.
    level = (a[:, 1] == b[:, 1]) & ~back
    x1 = a[:, 0] + np.where(back, OUT, np.where(level, gap, turn))
    x2 = np.where(back, b[:, 0] - OUT, x1)
    # Between two gates at one height the way back goes below them.
    low = np.abs(b[:, 1] - a[:, 1]) < 64
    middle = np.where(low, np.maximum(a[:, 1], b[:, 1]) + 64, (a[:, 1] + b[:, 1]) / 2)
    middle = np.where(back, middle, (a[:, 1] + b[:, 1]) / 2)
    return [a, _at(x1, a[:, 1]), _at(x1, middle), _at(x2, middle), _at(x2, b[:, 1]), b]


def _peaks(points: Floats) -> Mask:
    """Whose first dot is above, or below, both of its neighbours: upright the wire would come back
    from there on the line it went, and look like a branch."""
    before, dot, after = points[:, 0, 1], points[:, 1, 1], points[:, 2, 1]
    return np.asarray((before - dot) * (after - dot) > 0)


def _port_to_dot(a: Floats, b: Floats, peak: Mask) -> list[Floats]:
    ahead = b[:, 0] >= a[:, 0] + _NEAREST
    half = np.maximum((a[:, 0] + b[:, 0]) / 2, a[:, 0] + _NEAREST)
    x = np.where(ahead, np.where(peak, half, b[:, 0]), a[:, 0] + OUT)
    return [a, _at(x, a[:, 1]), _at(x, b[:, 1]), b, b, b]


def _dot_to_port(a: Floats, b: Floats, peak: Mask) -> list[Floats]:
    ahead = a[:, 0] <= b[:, 0] - _NEAREST
    half = np.minimum((a[:, 0] + b[:, 0]) / 2, b[:, 0] - _NEAREST)
    x = np.where(ahead, np.where(peak, half, a[:, 0]), b[:, 0] - OUT)
    return [a, _at(x, a[:, 1]), _at(x, b[:, 1]), b, b, b]


def _at(x: Floats, y: Floats) -> Floats:
    return np.stack([x, y], axis=1)
