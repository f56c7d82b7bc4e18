"""New arrays begin where NumPy's and BLAS's loops are fastest."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.nn.calls import LINE, empty, filled


@pytest.mark.parametrize("dtype", ["float32", "float64", "bool"])
@pytest.mark.parametrize("shape", [(0,), (1,), (3, 7), (2, 65, 33)])
def test_an_array_begins_with_a_cache_line(shape, dtype):
    many = [empty(shape, dtype) for _ in range(20)]
    for made in many:
        assert made.__array_interface__["data"][0] % LINE == 0 or made.size == 0
        assert made.flags.c_contiguous
        assert made.flags.writeable
        assert (made.shape, made.dtype) == (shape, np.dtype(dtype))


def test_arrays_share_nothing_and_hold_what_they_were_filled_with():
    one, other = filled((5, 3), 1.5, "float32"), filled((5, 3), 0.0, "float32")
    assert not np.shares_memory(one, other)
    assert np.all(one == 1.5)
    assert np.all(other == 0)
