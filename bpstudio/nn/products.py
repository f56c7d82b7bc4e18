"""Matrix products as bound calls, cut the way that OpenBLAS multiplies them fastest.

Up to a million multiplications OpenBLAS has kernels for processors with AVX-512 that read the
matrices where they lie; a larger product copies both into its own order first. A large product in
strips of rows below that limit takes 0.55 to 0.95 of the time, where the strips are tall enough
and the columns' rows begin with a cache line: measured with float32 and float64, 32 to 256 units,
65 to 785 inputs and batches of 10 to 256, for each of the three kernels. Elsewhere, and with other
libraries, a product is one call.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from bpstudio.nn.calls import LINE, Array, Call, call, empty

SMALL = 1_000_000
"""Multiplications up to which OpenBLAS's kernels for small matrices are used (its own limit)."""
TALL, LOW = 64, 8
"""Rows of the tallest strips, which any batch may have, and of the lowest that are worth it."""
TURNS = 2_048
"""Numbers in a gradient from which delta is turned over for it, where the product is small."""
LARGE = 128 * 1024
"""Bytes of a result from which `dot`, which fills it with zeros first, is behind `matmul`."""


@cache
def _has_small_kernels() -> bool:
    # Not at import: asking every library that is loaded takes ten milliseconds.
    from threadpoolctl import threadpool_info

    found = {each.get("architecture") for each in threadpool_info()}
    return bool(found & {"SkylakeX", "Cooperlake", "SapphireRapids"})


def _strip(rows: int, inner: int, columns: Array) -> int:
    """Rows per strip of a product (rows, inner) (inner, batch); all of them where cutting is no
    gain."""
    batch = columns.shape[1]
    if rows * inner * batch <= SMALL or not columns.flags.c_contiguous:
        return rows
    height = TALL
    while height * inner * batch > SMALL:
        height //= 2
    aligned = batch * columns.itemsize % (2 * LINE) == 0
    if height < (LOW if aligned else TALL) or not _has_small_kernels():
        return rows
    return height


def product(weights: Array, columns: Array, out: Array) -> list[Call]:
    """Bind out = weights columns, (units, inputs) (inputs, batch), all rows after rows."""
    rows = len(weights)
    height = _strip(rows, weights.shape[1], columns)
    return [
        call(weights[at : at + height].dot, columns, out[at : at + height])
        for at in range(0, rows, height)
    ]


def outer(delta: Array, before: Array, out: Array) -> list[Call]:
    """Bind out = delta before, (units, batch) (batch, inputs): the gradient of a layer's weights.

    `before` may be what the layer before handed on, turned over, or the batch's own rows.
    """
    count = out.size * delta.shape[1]
    if not before.flags.c_contiguous and out.size >= TURNS and count <= SMALL:
        # Where both run along what is summed over, the kernels for small matrices are slow.
        turned = empty((delta.shape[1], delta.shape[0]), delta.dtype)
        return [call(np.copyto, turned, delta.T), call(turned.T.dot, before, out)]
    if out.nbytes >= LARGE:
        return [call(np.matmul, delta, before, out)]
    return [call(delta.dot, before, out)]
