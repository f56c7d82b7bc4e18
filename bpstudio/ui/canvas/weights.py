"""How wide a wire is drawn where its width shows its gradient's size.

A log scale, four powers of ten below the largest gradient shown: training and chain rule multiply,
so the eye should compare ratios. A few steps, so that equal gradients look equal and the picture
stays calm. Nothing is said about a wire whose gradient is not computed yet: it keeps its width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bpstudio.ui.canvas.geometry import Floats, Ints, Mask

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

DECADES = 4.0
"""A gradient so many powers of ten below the largest is drawn as thin as zero."""
THINNEST, THICKEST = 0.5, 2.5
"""Times the usual width."""
STEPS = 8


def of_wires(view: ViewModel, at: Ints) -> Floats:
    """What to multiply the width of these wires by."""
    shown = view.numbers
    return _times(view, shown.wire_grad[at], shown.wire_grad_on[at])


def of_nodes(view: ViewModel, at: Ints) -> Floats:
    """What to multiply the width of these nodes' free wires by."""
    return _times(view, view.numbers.grad[at], view.numbers.grad_on[at])


def _times(view: ViewModel, gradient: Floats, on: Mask) -> Floats:
    if not view.weighted:
        return np.ones(len(gradient))
    size, largest = np.abs(gradient), _largest(view)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1.0 + (np.log10(size) - np.log10(largest)) / DECADES if largest else size * 0.0
    share = np.round(np.clip(share, 0.0, 1.0) * STEPS) / STEPS
    known = on & ~np.isnan(gradient)
    return np.where(known, THINNEST + (THICKEST - THINNEST) * np.where(known, share, 0.0), 1.0)


def _largest(view: ViewModel) -> float:
    """The largest finite gradient shown on any wire; 0 where there is none."""
    shown = view.numbers
    both = np.concatenate([shown.wire_grad[shown.wire_grad_on], shown.grad[shown.grad_on]])
    sizes = np.abs(both[np.isfinite(both)])
    return float(sizes.max()) if len(sizes) else 0.0
