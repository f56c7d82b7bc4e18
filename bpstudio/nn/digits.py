"""Digits of 8x8 pixels from 0 to 1, drawn by ourselves with a pen that is never quite the same.

Each digit is a few strokes on a page 0..1 wide and high (y downwards). A sample turns, stretches,
shears, shifts and bends them a little and fills a pixel the more, the nearer it is to the pen.
"""

from __future__ import annotations

import numpy as np

from bpstudio.nn.calls import Array

SIDE = 8
PEN = 0.085
"""Half the width of the pen, in pages; a pixel is an eighth."""
_POINTS = 24
"""Of the polyline that a digit's strokes are laid out with."""


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Array]:
    turn = np.radians(np.linspace(start, end, 13))
    return list(np.column_stack([x + rx * np.cos(turn), y + ry * np.sin(turn)]))


def _line(*points: tuple[float, float]) -> list[Array]:
    return [np.array(point) for point in points]


_STROKES: tuple[list[Array], ...] = (
    _arc(0.5, 0.5, 0.26, 0.38, -90, 270),
    _line((0.36, 0.26), (0.54, 0.12), (0.54, 0.88)),
    [*_arc(0.49, 0.33, 0.24, 0.21, -170, 30), *_line((0.26, 0.87), (0.77, 0.87))],
    [*_arc(0.47, 0.31, 0.23, 0.19, -150, 80), *_arc(0.47, 0.68, 0.26, 0.2, -80, 150)],
    _line((0.62, 0.88), (0.62, 0.12), (0.24, 0.63), (0.79, 0.63)),
    [*_line((0.72, 0.13), (0.32, 0.13), (0.3, 0.45)), *_arc(0.47, 0.64, 0.25, 0.23, -110, 140)],
    [*_arc(0.62, 0.5, 0.35, 0.4, -100, -180), *_arc(0.49, 0.66, 0.22, 0.21, -180, 180)],
    _line((0.25, 0.13), (0.75, 0.13), (0.43, 0.88)),
    [*_arc(0.5, 0.3, 0.2, 0.18, 90, 450), *_arc(0.5, 0.68, 0.24, 0.2, -90, 270)],
    [*_arc(0.51, 0.34, 0.22, 0.21, 0, 360), *_arc(0.38, 0.5, 0.35, 0.4, 0, 80)],
)


def _spread(stroke: list[Array]) -> Array:
    """The stroke as _POINTS points at equal distances along it."""
    corners = np.array(stroke)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    at = np.linspace(0.0, along[-1], _POINTS)
    return np.column_stack([np.interp(at, along, corners[:, k]) for k in (0, 1)])


def draw_digits(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    """Pixels (samples, 64), row by row from the top left, and the digits (samples,)."""
    label = np.arange(samples) % 10
    strokes = np.stack([_spread(stroke) for stroke in _STROKES])[label] - 0.5
    turn = rng.normal(0.0, 0.12, (samples, 1))
    wide, high = rng.normal(1.0, 0.09, (2, samples, 1))
    lean = rng.normal(0.0, 0.12, (samples, 1))
    x, y = strokes[..., 0] * wide + lean * strokes[..., 1], strokes[..., 1] * high
    x, y = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
    bend = rng.normal(0.0, 0.025, (4, samples, 1))
    x += 0.5 + bend[0] + bend[1] * np.sin(5 * y)
    y += 0.5 + bend[2] + bend[3] * np.sin(5 * x)
    pen = PEN * rng.uniform(0.8, 1.3, (samples, 1))
    return _fill(x, y, pen, rng, noise), label


def _fill(x: Array, y: Array, pen: Array, rng: np.random.Generator, noise: float) -> Array:
    centres = (np.arange(SIDE) + 0.5) / SIDE
    pixels = np.empty((len(x), SIDE * SIDE))
    for row in range(SIDE):
        for column in range(SIDE):
            far = np.hypot(*_to_segments(x, y, centres[column], centres[row])).min(axis=1)
            pixels[:, row * SIDE + column] = far
    pixels = np.clip(1.5 - pixels / pen / 1.2, 0.0, 1.0)
    if noise:
        pixels = np.clip(pixels + noise * rng.standard_normal(pixels.shape), 0.0, 1.0)
    return pixels


def _to_segments(x: Array, y: Array, px: float, py: float) -> tuple[Array, Array]:
    """From the pixel at (px, py) to the nearest point of each piece of the stroke."""
    x0, y0, dx, dy = x[:, :-1], y[:, :-1], np.diff(x), np.diff(y)
    share = ((px - x0) * dx + (py - y0) * dy) / np.maximum(dx * dx + dy * dy, 1e-12)
    share = np.clip(share, 0.0, 1.0)
    return x0 + share * dx - px, y0 + share * dy - py
