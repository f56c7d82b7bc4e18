"""Is the gradient right? Central differences for every wire against the trace.

`check` compares all wires at one step size, `sweep` one wire at many. A wire's numeric gradient
changes the value that its target sees, and nothing else that the source feeds:
(J(v + h) − J(v − h)) / 2h, J being the seeded sum of outputs. Where a nudge carries some gate over
its kink, or turns a tie, both sides have slopes of their own and the verdict says so instead of
crying wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.differences import differences
from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import quiet
from bpstudio.core.graph import Graph, UnknownItem
from bpstudio.core.judging import VERDICTS, Judgement, judge, scale_of
from bpstudio.core.numbers import DIGITS, show
from bpstudio.core.order import Rows
from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from bpstudio.language import listed, together, tr

STEP = 1e-6
"""h for |v| ≤ 1, times |v| above: the error of central differences is least near 1e-6."""
FLOOR = 1e-6
"""Gradients below this times the largest output are compared with it, not with themselves."""
STEPS = tuple(10.0**-k for k in range(1, 15))
"""The steps of a sweep."""

_GRAVITY = {"ok": 0, "kink": 1, "tie": 1, "undefined": 2, "mismatch": 3}


@dataclass(frozen=True, slots=True)
class Line:
    """One wire's comparison; `left` and `right` are the one-sided differences.

    `without` names the outputs that are no numbers: both gradients leave them out. `blurred` is a
    line that is undefined although both gradients are numbers: rounding leaves no step to compare.
    """

    analytic: float
    numeric: float
    relative: float
    verdict: str
    left: float
    right: float
    without: tuple[str, ...] = ()
    blurred: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """The comparison of every wire that takes part, by wire id, in the plan's order."""

    h: float
    lines: dict[str, Line]
    samples: dict[str, int] = field(default_factory=dict)
    """By wire id: the sample its line is of, where all of a batch were checked."""

    @property
    def passed(self) -> bool:
        """Whether no wire is a mismatch."""
        return all(line.verdict != "mismatch" for line in self.lines.values())

    @property
    def worst(self) -> float:
        """The largest relative difference among the wires that agree."""
        return max((x.relative for x in self.lines.values() if x.verdict == "ok"), default=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """One wire over many steps h; arrays in the order of `h`, NaN where there is no difference.

    On log axes `error` falls with h as the tangent gets closer, then rises as rounding takes over:
    a V with its foot near 1e-6. Where the step crosses a kink or turns a tie it does not fall at
    all; `left` and `right`, the one-sided differences, tell why.
    """

    h: Array
    analytic: float
    numeric: Array
    left: Array
    right: Array
    kink: NDArray[np.bool_]
    tie: NDArray[np.bool_]

    @property
    def error(self) -> Array:
        """Relative difference of the numeric gradient from the analytic one."""
        with quiet():
            off = np.abs(self.numeric - self.analytic)
            size = np.maximum(np.abs(self.numeric), abs(self.analytic))
            found: Array = np.where(off == 0, 0.0, off / size)
        return found

    @property
    def best(self) -> float:
        """The step with the least error; NaN where there is none."""
        error = self.error
        return float("nan") if np.isnan(error).all() else float(self.h[np.nanargmin(error)])


def check(
    graph: Graph | Plan,
    h: float = STEP,
    only: Iterable[str] | None = None,
    *,
    retry: bool = True,
    sample: int = 0,
) -> Check:
    """Compare all wires, or `only` these (wire ids). Raises UnknownItem for an id it lacks.

    A wire that disagrees at h is tried at other steps before it is called a mismatch, and shows the
    numbers of the step that settled it; where no step could tell it is undefined. Of a batch one
    sample is checked. Outputs that are no numbers are left out; a wire that leads to nothing else
    is undefined, too.
    """
    ground = _ground(graph, sample)
    asked = _asked(ground.plan, only)
    rows = _rows(ground.trace, asked)
    lines = _lines(ground, rows, judge(ground.trace, rows, h, retry=retry))
    return Check(h, {wire: lines.get(wire, _NOTHING) for wire in asked})


def check_all_samples(graph: Graph | Plan, h: float = STEP) -> Check:
    """Compare all wires in every sample of a batch; of each wire the line that went worst is kept.

    Where none went worse than another it is sample 0's. Without a batch it is what `check` finds.
    """
    plan = graph if isinstance(graph, Plan) else Plan.of(graph)
    worst, batch = check(plan, h), plan.run().batch
    if batch == 1:
        return worst
    samples = dict.fromkeys(worst.lines, 0)
    for sample in range(1, batch):
        for wire, line in check(plan, h, sample=sample).lines.items():
            if _GRAVITY[line.verdict] > _GRAVITY[worst.lines[wire].verdict]:
                worst.lines[wire], samples[wire] = line, sample
    return Check(h, worst.lines, samples)


def sweep(graph: Graph | Plan, wire: str, hs: Iterable[float] = STEPS, *, sample: int = 0) -> Sweep:
    """One wire's differences over many steps, all at once. Raises UnknownItem for no such wire.

    Where nothing finite depends on the wire, all its numbers are NaN.
    """
    ground = _ground(graph, sample)
    steps = np.array(list(hs), np.float64)
    rows = _rows(ground.trace, _asked(ground.plan, (wire,)))
    if not rows.size:
        none, never = np.full(steps.size, np.nan), np.zeros(steps.size, bool)
        return Sweep(steps, float("nan"), none, none, none, never, never)
    found = differences(ground.trace, rows.repeat(steps.size), steps)
    analytic = ground.trace.number(3, int(rows[0]))
    return Sweep(steps, analytic, found.central, found.left, found.right, found.kink, found.tie)


def verdict_sentence(line: Line, digits: int = DIGITS) -> str:
    """What a comparison means, in words."""
    left, right = show(line.left, digits), show(line.right, digits)
    if line.verdict == "ok":
        said = tr(
            "The numeric gradient agrees: it differs by {relative} of its size.",
            relative=show(line.relative, 2),
        )
    elif line.verdict == "kink":
        said = tr(
            "The step crosses a kink: the slope is {left} on the left and {right} on the right, "
            "so no difference can confirm the gradient {analytic}. It is not wrong.",
            left=left,
            right=right,
            analytic=show(line.analytic, digits),
        )
    elif line.verdict == "tie":
        said = tr(
            "The step turns a tie: the slope is {left} on the left and {right} on the right, "
            "so no difference can confirm the gradient {analytic}. It is not wrong.",
            left=left,
            right=right,
            analytic=show(line.analytic, digits),
        )
    elif line.verdict == "mismatch":
        said = tr(
            "The gradient {analytic} is not what a small change shows, {numeric}.",
            analytic=show(line.analytic, digits),
            numeric=show(line.numeric, digits),
        )
    elif line.blurred:
        said = tr(
            "No difference can tell whether {analytic} is right: the rounding of the numbers alone "
            "moves the output as a step does. Smaller numbers here would tell.",
            analytic=show(line.analytic, digits),
        )
    else:
        said = tr("There is nothing to compare: no finite number depends on this wire here.")
    if line.without and (line.verdict != "undefined" or line.blurred):
        left_out = listed(line.without)
        lost = tr("Left out, because it is no finite number: {outputs}.", outputs=left_out)
        said = together((said, lost))
    return said


# --- what is compared -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the differences are taken of: a run with nothing but finite outputs.

    plan     of the whole graph
    trace    one sample; of the part that the finite outputs depend on
    without  the names of the outputs left out
    astray   the ids of the wires that lead to one of them
    """

    plan: Plan
    trace: Trace
    without: tuple[str, ...] = ()
    astray: frozenset[str] = frozenset()


def _ground(graph: Graph | Plan, sample: int) -> _Ground:
    plan = graph if isinstance(graph, Plan) else Plan.of(graph)
    trace = plan.run().sample(sample)
    rows, numbers = trace.seeds.arrays
    fine = np.isfinite(trace.value[rows, 0])
    if fine.all():
        return _Ground(plan, trace)
    # Seeding the others alone would not do: 0 times a NaN slope is NaN all the way up.
    whole = plan.graph
    kept = _upstream(whole, [plan.nodes[row] for row in rows[fine].tolist()])
    part = Graph(
        (whole.nodes[key] for key in kept),
        (wire for wire in whole.wires.values() if wire.target in kept),
    )
    seeds = {
        plan.nodes[row]: number
        for row, number in zip(rows[fine].tolist(), numbers[fine].tolist(), strict=True)
    }
    lost = [plan.nodes[row] for row in rows[~fine].tolist()]
    above = _upstream(whole, lost)
    return _Ground(
        plan,
        Plan.of(part).run(seeds=seeds).sample(sample),
        tuple(whole.nodes[key].name for key in lost),
        frozenset(wire.id for wire in whole.wires.values() if wire.target in above),
    )


def _upstream(graph: Graph, nodes: list[str]) -> set[str]:
    """The nodes and all that any of them depends on."""
    found, todo = set(nodes), list(nodes)
    while todo:
        for wire in graph.into(todo.pop()).values():
            source = graph.wires[wire].source
            if source not in found:
                found.add(source)
                todo.append(source)
    return found


def _asked(plan: Plan, only: Iterable[str] | None) -> list[str]:
    """The wires to compare: those that take part in a run, in row order."""
    taking = plan.wires[: plan.wiring.wire_count]
    if only is None:
        return list(taking)
    chosen = set(only)
    for wire in chosen:
        if wire not in plan.wire_row:
            raise UnknownItem(tr("There is no wire {id} to check.", id=wire))
    return [wire for wire in taking if wire in chosen]


def _rows(trace: Trace, wires: list[str]) -> Rows:
    """The rows of those wires that the trace holds, ascending."""
    row = trace.plan.wire_row
    found: Rows = np.sort(np.array([row[wire] for wire in wires if wire in row], np.int64))
    return found[found < trace.plan.wiring.wire_count]


# --- how it turned out ------------------------------------------------------------------------

_NAN = float("nan")
_NOTHING = Line(_NAN, _NAN, _NAN, "undefined", _NAN, _NAN)
"""Where there is nothing to compare."""


def _lines(ground: _Ground, rows: Rows, judged: Judgement) -> dict[str, Line]:
    trace, found = ground.trace, judged.shown
    analytic = trace.wire_grad[rows, 0]
    with quiet():
        off = np.abs(analytic - found.central)
        size = np.maximum(np.abs(analytic), np.abs(found.central))
        # Below this a difference is rounding and nothing else, however it compares.
        size = np.maximum(size, FLOOR * scale_of(trace))
        relative = np.where(off == 0, 0.0, off / size)
    numbers = (analytic, found.central, relative, judged.verdict, found.left, found.right)
    columns = (column.tolist() for column in (rows, *numbers, judged.blurred))
    made: dict[str, Line] = {}
    for row, a, n, r, v, left, right, blurred in zip(*columns, strict=True):
        wire = trace.plan.wires[row]
        without = ground.without if wire in ground.astray else ()
        made[wire] = Line(a, n, r, VERDICTS[v], left, right, without, blurred)
    return made
