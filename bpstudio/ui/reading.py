"""What the numbers on the canvas are: which sample of a batch, and gradients or forward mode.

A `Reading` is a view of a run, not a part of the graph: it is in no file and in no history. A
`Readout` is a trace as a reading shows it: the numbers for the labels, the steps to go through,
what is visible after n of them, and the words for one. Nothing is computed here that the trace and
`core.forward` do not compute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.trace import Step, Trace, Visible

if TYPE_CHECKING:
    from bpstudio.core.explain import Explanation
    from bpstudio.core.forward import Tangents
    from bpstudio.core.graph import Graph

REVERSE, FORWARD = "reverse", "forward"
SAMPLE, MEAN, SPREAD = "sample", "mean", "spread"
TANGENT = "tangent"
"""The phase of a step of forward mode, beside a trace's "forward" and "backward"."""

Numbers = NDArray[np.float64]


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


def sources_of(graph: Graph) -> tuple[str, ...]:
    """The inputs that forward mode can differentiate by, as they stand: down, then across."""
    found = [n for n in graph.nodes.values() if n.gate == "input"]
    return tuple(n.id for n in sorted(found, key=lambda n: (n.at[0], n.at[1], n.id)))


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The numbers to show by the plan's rows: values, and gradients or derivatives by an input.

    On a wire, both are those of its source in forward mode; in reverse mode the second is what the
    wire carries back.
    """

    value: Numbers
    second: Numbers
    wire_value: Numbers
    wire_second: Numbers
    forward: bool = False
    spread: bool = False

    @classmethod
    def of(cls, trace: Trace) -> Figures:
        """The numbers of a trace's first sample."""
        columns = (trace.value, trace.grad, trace.wire_value, trace.wire_grad)
        return cls(*(column[:, 0] for column in columns))


class Readout:
    """A trace as a reading shows it; `reading` is the one asked for, fitted to the trace."""

    def __init__(self, trace: Trace, reading: Reading) -> None:
        self.trace = trace
        self.reading = fitted(reading, trace)

    @cached_property
    def one(self) -> Trace:
        """The chosen sample as a trace of its own."""
        return self.trace.sample(self.reading.sample)

    @property
    def shown(self) -> Trace:
        """What cautions are about: the chosen sample, or the whole batch for mean and spread."""
        return self.one if self.reading.of == SAMPLE else self.trace

    @cached_property
    def tangents(self) -> Tangents | None:
        """The chosen sample's derivatives by the input of forward mode."""
        return self._tangents(self.one)

    def _tangents(self, trace: Trace) -> Tangents | None:
        if not self.reading.is_forward:
            return None
        from bpstudio.core.forward import tangents

        return tangents(trace, self.reading.source)

    # --- numbers ----------------------------------------------------------------------------

    @cached_property
    def figures(self) -> Figures:
        """The numbers for the labels."""
        if self.reading.of == SAMPLE:
            found = Figures.of(self.one)
            tangent = None if self.tangents is None else self.tangents.node[:, 0]
        else:
            found, tangent = self._over_samples()
        if tangent is None:
            return found
        source = self.trace.plan.wiring.source
        return replace(found, second=tangent, wire_second=tangent[source], forward=True)

    def _over_samples(self) -> tuple[Figures, Numbers | None]:
        spread = self.reading.of == SPREAD
        moment = self.trace.spread if spread else self.trace.mean
        names = ("value", "grad", "wire_value", "wire_grad")
        found = Figures(*(moment(name) for name in names), spread=spread)
        tangents = self._tangents(self.trace)
        return found, None if tangents is None else tangents.moments[int(spread)]

    # --- steps ------------------------------------------------------------------------------

    @property
    def steps(self) -> int:
        """How many steps there are to go through."""
        return len(self.one.steps) if self.tangents is None else len(self.tangents.rows)

    def visible(self, step: int | None) -> Visible | None:
        """What is to be seen after so many steps; None in reverse mode for all there is."""
        if self.tangents is not None:
            return self._visible_ahead(self.tangents, step)
        return None if step is None else self.one.at(step)

    def _visible_ahead(self, tangents: Tangents, step: int | None) -> Visible:
        """Values are all there; derivatives come with the steps, but for those that are 0."""
        wiring = self.trace.plan.wiring
        known = wiring.known
        come = known.copy()
        if step is not None:
            come[tangents.rows[step:]] = False
        active, slots = "", ()
        if step:
            row = int(tangents.rows[step - 1])
            active, slots = wiring.nodes[row], wiring.slots(row)
        return Visible(
            step=Step(TANGENT, active, (), float(tangents.of(active))) if active else None,
            values=known,
            wire_values=known[wiring.source],
            grads=come,
            wire_grads=come[wiring.source],
            active=active,
            active_wires=tuple(wiring.wires[w] for w in slots),
        )

    def explain(self, step: int, digits: int) -> Explanation:
        """The words for the step that leads to this many steps done; `step` is at least 1."""
        if self.tangents is not None:
            from bpstudio.core.forward import explain_tangent

            return explain_tangent(self.tangents, step - 1, digits)
        from bpstudio.core.explain import explain

        return explain(self.one, step - 1, digits)
