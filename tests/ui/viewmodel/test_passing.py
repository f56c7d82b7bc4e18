"""What is put onto the paper keeps off the wires where the canvas draws them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits, ways
from bpstudio.core.edits.passing import Wires
from bpstudio.ui.canvas import routes
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.core.pieces import graphs

EVERYWHERE = (-1e6, -1e6, 1e6, 1e6)


@pytest.mark.parametrize("shape", ["curved", "straight", "orthogonal"])
@settings(max_examples=60, deadline=None)
@given(graph=graphs(), data=st.data())
def test_the_boxes_lie_along_the_drawn_wires_and_nowhere_else(shape, graph, data):
    graph = graph.apply(edits.set_setting(graph, "wires", shape))
    view = ViewModel(graph)
    seen = np.flatnonzero(np.isfinite(view.wire_box).all(axis=1))
    drawn = ways.flatten(routes.pieces(view, seen), 64).reshape(-1, 2)
    boxes = Wires(graph, *edits.covered(graph)).through(EVERYWHERE)
    assert bool(len(drawn)) == bool(len(boxes))
    if not len(drawn):
        return
    # Both ways round: every drawn point has a box at it, and every box a drawn point near it.
    low, high = boxes[:, :2] - 2.0, boxes[:, 2:] + 2.0
    some = drawn[:: max(1, len(drawn) // 500)]
    assert ((some[:, None] >= low) & (some[:, None] <= high)).all(axis=2).any(axis=1).all()
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    number = data.draw(st.integers(0, len(middle) - 1))
    assert np.hypot(*(drawn - middle[number]).T).min() < 12.0
