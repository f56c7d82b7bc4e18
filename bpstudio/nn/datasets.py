"""DATASETS: made by ourselves from a seed, none downloaded.

Planar sets lie within -6 to 6 on both axes; circle, xor, gauss and spiral follow the shapes of
TensorFlow Playground's, with k classes as k rings, wedges, clouds and arms. `noise` 0 to 1 shifts
points or labels as there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bpstudio.language import N_
from bpstudio.nn.calls import Array
from bpstudio.nn.digits import draw_digits

Draw = Callable[[np.random.Generator, int, float, int], tuple[Array, Array]]
RADIUS = 5.0


@dataclass(frozen=True, slots=True)
class Generator:
    """`draw(rng, samples, noise, classes)` answers inputs (samples, inputs) and either class
    numbers (samples,) or target numbers (samples, outputs).

    `classes`: how many there are where that is fixed; 0: as many as asked for, up to `most`.
    `copies`: a network with as many outputs as inputs learns to copy the inputs. Not `shuffled`:
    the order is fixed.
    """

    key: str
    title: str
    inputs: int
    draw: Draw
    planar: bool = False
    classes: int = 0
    most: int = 10
    copies: bool = False
    shuffled: bool = True
    regression: bool = False


def _labels(samples: int, classes: int) -> Array:
    return np.arange(samples) * classes // max(samples, 1)


def _uniform(rng: np.random.Generator, samples: int) -> Array:
    return rng.uniform(-RADIUS, RADIUS, (samples, 2))


def _circle(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    label = _labels(samples, classes)
    # Rings with gaps between them: ring i fills the first 70 % of its share of the radius.
    radius = RADIUS * (label + rng.uniform(0.0, 0.7, samples)) / (classes - 0.3)
    angle = rng.uniform(0.0, 2 * np.pi, samples)
    points = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    moved = points + rng.uniform(-RADIUS, RADIUS, points.shape) * noise
    share = np.hypot(moved[:, 0], moved[:, 1]) * (classes - 0.3) / RADIUS
    # The border is in the middle of the gap.
    seen = np.clip(np.floor(share + 0.15), 0, classes - 1) if noise else label
    return points, np.asarray(classes - 1 - seen, dtype=np.int64)


def _xor(rng: np.random.Generator, samples: int, noise: float, classes: int) -> tuple[Array, Array]:
    points = _uniform(rng, samples)
    points += np.where(points > 0, 0.3, -0.3)
    moved = points + rng.uniform(-RADIUS, RADIUS, points.shape) * noise
    right, above = moved[:, 0] > 0, moved[:, 1] > 0
    quadrant = np.where(above, np.where(right, 0, 1), np.where(right, 3, 2))
    return points, (quadrant + 1) % classes


def _gauss(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    label = _labels(samples, classes)
    angle = 2 * np.pi * label / classes + np.pi / 4
    middle = 2 * np.sqrt(2.0) * np.column_stack([np.cos(angle), np.sin(angle)])
    spread = np.sqrt(0.5 + 7.0 * noise)
    return middle + spread * rng.standard_normal((samples, 2)), classes - 1 - label


def _spiral(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    label = _labels(samples, classes)
    per_arm = max(1, samples // classes)
    along = (np.arange(samples) % per_arm) / per_arm
    angle = 1.75 * along * 2 * np.pi + 2 * np.pi * label / classes
    points = RADIUS * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return points + rng.uniform(-1, 1, points.shape) * noise, classes - 1 - label


def _moons(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    label = _labels(samples, classes)
    angle = np.pi * rng.uniform(0, 1, samples)
    turn = np.where(label % 2 == 0, 1.0, -1.0)
    middle = label - (classes - 1) / 2
    points = np.column_stack([np.cos(angle) + middle, turn * (np.sin(angle) - 0.25)])
    points *= 2 * RADIUS / (classes + 2)
    return points + 2.0 * noise * rng.standard_normal(points.shape), label


def _plane(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    points = _uniform(rng, samples) * 1.2
    moved = points + rng.uniform(-6, 6, points.shape) * noise
    return points, (moved.sum(axis=1, keepdims=True)) / 10.0


BUMPS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def _bumps(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    points = _uniform(rng, samples) * 1.2
    moved = points + rng.uniform(-6, 6, points.shape) * noise
    heights = [
        sign * np.maximum(0.0, 1 - np.hypot(moved[:, 0] - x, moved[:, 1] - y) / 2)
        for x, y, sign in BUMPS
    ]
    return points, np.sum(heights, axis=0)[:, None]


def _sine(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    x = np.linspace(-np.pi, np.pi, samples)[:, None]
    return x, np.sin(x) + noise * rng.standard_normal(x.shape)


def _step(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    x = np.linspace(-1.0, 1.0, samples)[:, None]
    return x, np.where(x < 0, -0.5, 0.5) + noise * rng.standard_normal(x.shape)


def _parity(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    bits = (np.arange(samples) % 16)[:, None] >> np.arange(4) & 1
    return bits * 2.0 - 1.0, bits.sum(axis=1) % 2


def _one_hot(
    rng: np.random.Generator, samples: int, noise: float, classes: int
) -> tuple[Array, Array]:
    codes = np.eye(8)[np.arange(samples) % 8]
    return codes, codes.copy()


DATASETS: Mapping[str, Generator] = {
    entry.key: entry
    for entry in (
        Generator("circle", N_("Circle"), 2, _circle, planar=True),
        Generator("xor", N_("Exclusive or"), 2, _xor, planar=True, most=4),
        Generator("gauss", N_("Gaussian clouds"), 2, _gauss, planar=True),
        Generator("spiral", N_("Spiral"), 2, _spiral, planar=True),
        Generator("moons", N_("Moons"), 2, _moons, planar=True),
        Generator("plane", N_("Plane"), 2, _plane, planar=True, regression=True),
        Generator("bumps", N_("Gaussian bumps"), 2, _bumps, planar=True, regression=True),
        Generator("sine", N_("Sine"), 1, _sine, regression=True),
        Generator("jump", N_("A jump"), 1, _step, regression=True),
        Generator("parity", N_("Parity of 4 bits"), 4, _parity, classes=2),
        Generator(
            "one_hot",
            N_("Eight codes (8-3-8)"),
            8,
            _one_hot,
            copies=True,
            shuffled=False,
            regression=True,
        ),
        Generator("digits", N_("Digits, 8x8"), 64, draw_digits, classes=10, copies=True),
    )
}
