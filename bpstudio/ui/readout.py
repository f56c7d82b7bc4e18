"""A trace as a reading shows it: numbers for the labels, steps to go through, and words for them.

Nothing is computed here that the trace and `core.forward` do not compute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.trace import Step, Trace, Visible
from bpstudio.ui.reading import PLAIN, SAMPLE, SPREAD, Reading, fitted

if TYPE_CHECKING:
    from bpstudio.core.explain import Explanation
    from bpstudio.core.forward import Tangents

TANGENT = "tangent"
"""The phase of a step of forward mode, beside a trace's "forward" and "backward"."""

Numbers = NDArray[np.float64]


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
        return cls(
            trace.value[:, 0], trace.grad[:, 0], trace.wire_value[:, 0], trace.wire_grad[:, 0]
        )


class Readout:
    """A trace as a reading shows it; `reading` is the one asked for, fitted to the trace."""

    def __init__(self, trace: Trace, reading: Reading = PLAIN) -> None:
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
        columns = [moment(name) for name in ("value", "grad", "wire_value", "wire_grad")]
        found = Figures(columns[0], columns[1], columns[2], columns[3], spread=spread)
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

    def computed(self, step: int | None) -> Visible | None:
        """What of values and gradients has been computed; None for all of it.

        Forward mode has a step count of its own, and all gradients beside it.
        """
        return None if step is None or self.reading.is_forward else self.one.at(step)

    def _visible_ahead(self, tangents: Tangents, step: int | None) -> Visible:
        """Values are all there; derivatives come with the steps, but for those that are 0."""
        wiring = self.trace.plan.wiring
        known = wiring.known
        come = known.copy()
        if step is not None:
            come[tangents.rows[step:]] = False
        active, slots = "", range(0)
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
