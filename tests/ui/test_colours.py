"""Inks that mean different things look different to colour-blind eyes, and can be read.

Colour blindness is simulated as Machado, Oliveira and Fernandes (2009) do it at full severity, on
linear light; what is left is measured as CIEDE2000, in which 2 is just to be seen and 10 is plain.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from bpstudio.ui.theme import THEMES, Theme, contrast

EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
NUMBERS = ("value", "grad", "tangent", "ink")
FAMILIES = ("sources", "arithmetic", "functions", "losses", "own")
GROUNDS = {"value": "value_tint", "grad": "grad_tint", "tangent": "tangent_tint"}


def seen(colour: str, eyes: str) -> np.ndarray:
    """A colour as these eyes see it, in CIELAB."""
    it = QColor(colour)
    light = np.array([it.redF(), it.greenF(), it.blueF()])
    light = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(EYES[eyes] @ light, 0.0, 1.0) / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    by_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    by_chroma = (c2 - c1) / (1 + 0.045 * c)
    by_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * c * t)
    angle = np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))
    mixed = -2 * np.sqrt(c**7 / (c**7 + 25.0**7)) * np.sin(angle) * by_chroma * by_hue
    return float(np.sqrt(by_light**2 + by_chroma**2 + by_hue**2 + mixed))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_of_the_published_table(one, other, expected) -> None:
    # Sharma, Wu and Dalal (2005), pairs 1, 17 and 34.
    assert difference(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("it", THEMES.values(), ids=list(THEMES))
def test_numbers_of_different_meaning_look_different(it: Theme, eyes: str) -> None:
    near = {
        (one, other): difference(seen(getattr(it, one), eyes), seen(getattr(it, other), eyes))
        for one, other in combinations(NUMBERS, 2)
    }
    assert {pair: round(d, 1) for pair, d in near.items() if d < 15} == {}


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("it", THEMES.values(), ids=list(THEMES))
def test_families_of_gates_look_different(it: Theme, eyes: str) -> None:
    near = {
        (one, other): difference(seen(getattr(it, one), eyes), seen(getattr(it, other), eyes))
        for one, other in combinations(FAMILIES, 2)
    }
    assert {pair: round(d, 1) for pair, d in near.items() if d < 9} == {}


@pytest.mark.parametrize("ink", [*NUMBERS, *FAMILIES, "warn", "faint"])
@pytest.mark.parametrize("it", THEMES.values(), ids=list(THEMES))
def test_every_ink_can_be_read_where_it_stands(it: Theme, ink: str) -> None:
    for ground in ("paper", "card", "panel", "field", GROUNDS.get(ink, "panel")):
        assert contrast(getattr(it, ink), getattr(it, ground)) >= 4.5
