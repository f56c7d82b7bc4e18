"""GATES: every kind of gate, in the palette's order."""

from __future__ import annotations

from collections.abc import Mapping

from bpstudio.core.gate import Gate
from bpstudio.core.gates import activations, arithmetic, losses, sources

GATES: Mapping[str, Gate] = {
    gate.key: gate for room in (sources, arithmetic, activations, losses) for gate in room.GATES
}
