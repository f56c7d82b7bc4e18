"""The normal distribution on arrays: its share below x and its density, for GELU.

NumPy has no error function. Small arrays go through the C library's, number by number; large ones
through a table of the share every 1/64 and its Taylor series from the nearest entry, which agrees
with it to 3e-16 and is eight times as fast.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from bpstudio.nn.calls import Array

FEW = 250
"""Numbers up to which calling the C library for each is the faster way (measured)."""
PER_UNIT = 64
FAR = 10
"""The table ends here: below -10 the share is less than 1e-23."""
TERMS = 8
_ROOT_HALF = math.sqrt(0.5)
_SCALE = 1.0 / math.sqrt(2.0 * math.pi)
_erfc = np.frompyfunc(math.erfc, 1, 1)


def cdf(x: Array, out: Array) -> None:
    """out = the share of the normal distribution below x: erfc(-x / sqrt 2) / 2. Not in place."""
    if x.size <= FEW:
        np.multiply(x, -_ROOT_HALF, out)
        np.multiply(_erfc(out), 0.5, out, casting="unsafe")
        return
    table = _table()
    near = np.minimum(np.maximum(x, -FAR), FAR).astype(np.float64)
    entry = np.rint(near * PER_UNIT)
    near -= entry / PER_UNIT
    # NaN becomes some entry here and NaN again through `near`.
    rows = (entry + FAR * PER_UNIT).astype(np.intp)
    found = table[-1].take(rows, mode="clip")
    for coefficients in table[-2::-1]:
        found *= near
        found += coefficients.take(rows, mode="clip")
    np.copyto(out, found, casting="same_kind")


@cache
def _table() -> Array:
    """Taylor coefficients (TERMS, entries) of the share around every multiple of 1/PER_UNIT.

    The nth derivative of the density is (-1)^n He_n(x) times the density, with Hermite's
    polynomials He_n+1 = x He_n - n He_n-1.
    """
    x = np.arange(-FAR * PER_UNIT, FAR * PER_UNIT + 1) / PER_UNIT
    bell = _SCALE * np.exp(-0.5 * x * x)
    rows = [np.array([0.5 * math.erfc(-v * _ROOT_HALF) for v in x])]
    before, hermite, sign = np.zeros_like(x), np.ones_like(x), 1.0
    for n in range(TERMS - 1):
        rows.append(sign * hermite * bell / math.factorial(n + 1))
        before, hermite, sign = hermite, x * hermite - n * before, -sign
    return np.array(rows)


def density(x: Array, out: Array) -> None:
    """out = exp(-x² / 2) / sqrt(2 pi)."""
    np.square(x, out)
    np.multiply(out, -0.5, out)
    np.exp(out, out)
    np.multiply(out, _SCALE, out)
