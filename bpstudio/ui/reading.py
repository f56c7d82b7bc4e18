"""What the numbers on the canvas are: which sample of a batch, and gradients or forward mode.

A `Reading` is a view of a run, not a part of the graph: it is in no file and in no history. What it
shows of a trace is worked out in readout.py; this file imports nothing that a window without a
document would have to wait for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpstudio.core.graph import Graph
    from bpstudio.core.trace import Trace

REVERSE, FORWARD = "reverse", "forward"
SAMPLE, MEAN, SPREAD = "sample", "mean", "spread"

MOST_TYPED = 40
"""Samples that are typed in a line; more have the table of samples."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a run is looked at.

    mode     "reverse": the second number is the gradient; "forward": it is d node / d `source`
    source   the id of the input that forward mode differentiates by
    sample   the chosen sample of a batch, counted from 0
    of       "sample": that sample's numbers; "mean", "spread": over all samples
    """

    mode: str = REVERSE
    source: str = ""
    sample: int = 0
    of: str = SAMPLE

    @property
    def is_forward(self) -> bool:
        return self.mode == FORWARD


PLAIN = Reading()
"""Gradients of the first sample."""


def fitted(reading: Reading, trace: Trace) -> Reading:
    """The reading, without what this trace does not have: a source that went, a sample too far."""
    if reading == PLAIN:
        return reading
    wiring = trace.plan.wiring
    if reading.is_forward and wiring.row.get(reading.source, wiring.count) >= wiring.count:
        reading = replace(reading, mode=REVERSE, source="")
    if reading.sample >= trace.batch:
        reading = replace(reading, sample=trace.batch - 1)
    if trace.batch == 1 and reading.of != SAMPLE:
        reading = replace(reading, of=SAMPLE)
    return reading


def is_long(value: object) -> bool:
    """Whether a parameter is a batch of too many samples for a line of text."""
    return isinstance(value, tuple) and len(value) > MOST_TYPED


def sources_of(graph: Graph) -> tuple[str, ...]:
    """The inputs that forward mode can differentiate by, as they stand: down, then across."""
    found = [n for n in graph.nodes.values() if n.gate == "input"]
    return tuple(n.id for n in sorted(found, key=lambda n: (n.at[0], n.at[1], n.id)))
