"""Another shape of a network: a layer more or less, units more or fewer."""

from __future__ import annotations

from bpstudio.nn.checking import MOST_UNITS

MOST_HIDDEN = 12
"""Hidden layers that the buttons add; more can be typed in the settings."""
FIRST_WIDTH = 4
"""Units of the first hidden layer of a network that had none."""
Sizes = tuple[int, ...]


def widened(sizes: Sizes, layer: int, by: int) -> Sizes:
    """More or fewer units in a layer."""
    wide = min(max(1, sizes[layer] + by), MOST_UNITS)
    return (*sizes[:layer], wide, *sizes[layer + 1 :])


def deepened(sizes: Sizes, by: int) -> Sizes:
    """One hidden layer more, as wide as the last, or one less."""
    if by < 0 and len(sizes) > 2:
        return (*sizes[:-2], sizes[-1])
    if by > 0 and len(sizes) - 2 < MOST_HIDDEN:
        return (*sizes[:-1], sizes[-2] if len(sizes) > 2 else FIRST_WIDTH, sizes[-1])
    return sizes
