"""The gradient check of a large graph, piece by piece, so that it can be given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.core.check import STEP, Check, Line, check
from bpstudio.core.graph import Graph
from bpstudio.core.plan import Plan

if TYPE_CHECKING:
    from bpstudio.ui.aside import Errand

PIECE = 500
"""Wires."""


def check_in_pieces(graph: Graph, sample: int, errand: Errand) -> Check:
    """What `check` says of all wires; of the first ones only where the errand is given up."""
    plan = Plan.of(graph)
    wires = plan.wires[: plan.wiring.wire_count]
    lines: dict[str, Line] = {}
    for start in range(0, len(wires), PIECE):
        if not errand.wanted:
            break
        lines |= check(plan, only=wires[start : start + PIECE], sample=sample).lines
    return Check(STEP, lines)
