"""The numbers that the canvas shows: a trace's values and gradients laid out by the view's rows.

In forward mode the derivatives by its input stand where the gradients stand otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from bpstudio.ui.canvas.geometry import Floats, Ints, Mask
from bpstudio.ui.readout import Figures

if TYPE_CHECKING:
    from bpstudio.core.plan import Plan
    from bpstudio.core.trace import Trace, Visible

LETTERS = {
    "tie": "T",
    "kink": "K",
    "overflow": "∞",
    "inf": "∞",
    "division": "÷",
    "domain": "D",
    "nan": "N",
}
"""What a badge says, by the kind of the trace's warning; other kinds have none."""

_NODE = ("value", "grad", "value_on", "grad_on")
_WIRE = ("wire_value", "wire_grad", "wire_value_on", "wire_grad_on", "wire_active")


@dataclass(slots=True)
class Numbers:
    """A trace's figures by row, with masks of what is visible in the step shown.

    active   id of the node that the step is about, "" for none
    phase    "forward", "backward", "tangent" (a step of forward mode), ""
    badges   node id -> letter
    forward  whether `grad` and `wire_grad` hold derivatives by the input of forward mode
    spread   whether all numbers are standard deviations over a batch
    """

    value: Floats
    grad: Floats
    value_on: Mask
    grad_on: Mask
    wire_value: Floats
    wire_grad: Floats
    wire_value_on: Mask
    wire_grad_on: Mask
    wire_active: Mask
    active: str = ""
    phase: str = ""
    badges: dict[str, str] = field(default_factory=dict)
    forward: bool = False
    spread: bool = False
    _of: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    _rows: tuple[Ints, Ints, Ints, Ints] | None = None

    @classmethod
    def blank(cls, nodes: int, wires: int) -> Numbers:
        """Nothing visible."""
        columns: dict[str, Any] = {n: np.empty(0, dtype=_kind(n)) for n in (*_NODE, *_WIRE)}
        made = cls(**columns)
        made.grow(nodes, wires)
        return made

    def keep_nodes(self, keep: Mask) -> None:
        """Some nodes died."""
        self._keep(_NODE, keep)

    def keep_wires(self, keep: Mask) -> None:
        """Some wires died."""
        self._keep(_WIRE, keep)

    def _keep(self, names: tuple[str, ...], keep: Mask) -> None:
        self._rows = None
        for name in names:
            setattr(self, name, getattr(self, name)[keep])

    def grow(self, nodes: int, wires: int) -> None:
        """Rows for the born behind the living, with nothing visible on them."""
        self._rows = None
        for names, n in ((_NODE, nodes), (_WIRE, wires)):
            for name in names:
                old = getattr(self, name)
                fill = np.nan if old.dtype == float else False
                more = np.full(max(0, n - len(old)), fill, dtype=old.dtype)
                setattr(self, name, np.concatenate([old[:n], more]))

    def take(
        self,
        trace: Trace | None,
        visible: Visible | None,
        row: Mapping[str, int],
        wire_row: Mapping[str, int],
        figures: Figures | None = None,
    ) -> None:
        """Take the numbers of a trace; `visible` None shows all that is known.

        `figures` are the numbers as they are read; without them, those of the first sample.
        """
        for name in (*_NODE, *_WIRE):
            getattr(self, name)[:] = np.nan if _kind(name) is float else False
        self.active = self.phase = ""
        self.badges = {}
        self.forward = self.spread = False
        if trace is None:
            return
        figures = figures or Figures.of(trace)
        self.forward, self.spread = figures.forward, figures.spread
        nodes, plan_nodes, wires, plan_wires = self._match(trace.plan, row, wire_row)
        self.value[nodes] = figures.value[plan_nodes]
        self.grad[nodes] = figures.second[plan_nodes]
        self.wire_value[wires] = figures.wire_value[plan_wires]
        self.wire_grad[wires] = figures.wire_second[plan_wires]
        if visible is None:
            self._reveal_known(trace, row, nodes, plan_nodes, wires, plan_wires)
        else:
            self.value_on[nodes] = visible.values[plan_nodes]
            self.grad_on[nodes] = visible.grads[plan_nodes]
            self.wire_value_on[wires] = visible.wire_values[plan_wires]
            self.wire_grad_on[wires] = visible.wire_grads[plan_wires]
            self._light(visible, wire_row)
        for warning in trace.warnings:
            if warning.node in row and warning.kind in LETTERS:
                self.badges[warning.node] = LETTERS[warning.kind]

    def _reveal_known(
        self,
        trace: Trace,
        row: Mapping[str, int],
        nodes: Ints,
        plan_nodes: Ints,
        wires: Ints,
        plan_wires: Ints,
    ) -> None:
        known = np.zeros(len(self.value), dtype=bool)
        known[nodes] = trace.plan.known[plan_nodes]
        self.value_on[:] = self.grad_on[:] = known
        all_wires = trace.at(len(trace.steps))
        self.wire_value_on[wires] = all_wires.wire_values[plan_wires]
        self.wire_grad_on[wires] = all_wires.wire_grads[plan_wires]
        self.grad_on[nodes] = all_wires.grads[plan_nodes]

    def _light(self, visible: Visible, wire_row: Mapping[str, int]) -> None:
        if visible.step is None:
            return
        self.active, self.phase = visible.active, visible.step.phase
        for key in visible.active_wires:
            if key in wire_row:
                self.wire_active[wire_row[key]] = True

    def _match(
        self, plan: Plan, row: Mapping[str, int], wire_row: Mapping[str, int]
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Rows here and rows in the plan of what both have; kept while neither changes.

        A scrub makes a plan with every move, and all of them have the same wiring.
        """
        nodes, wires = self._of
        if self._rows is None or nodes is not plan.nodes or wires is not plan.wires:
            self._of = plan.nodes, plan.wires
            self._rows = (*_pairs(plan.nodes, row), *_pairs(plan.wires, wire_row))
        return self._rows


def _pairs(ids: tuple[str, ...], row: Mapping[str, int]) -> tuple[Ints, Ints]:
    here = np.fromiter(map(row.get, ids, repeat(-1)), dtype=np.intp, count=len(ids))
    there = np.flatnonzero(here >= 0)
    return here[there], there


def _kind(name: str) -> type:
    return bool if name.endswith(("_on", "active")) else float
