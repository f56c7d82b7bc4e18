"""What a run leaves behind: every number, the steps it took, and what is to be seen after each.

A Trace is frozen. Its arrays hold a row per node or wire in the plan's order and a column per
sample, NaN where a node or wire took no part; they are read-only. Steps and what is visible are
worked out when asked for, from the numbers of sample 0: `at(n)` compares n with the step at which
each number is born.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.gate import Array
from bpstudio.core.gates.compute import quiet
from bpstudio.core.graph import BadParam
from bpstudio.language import tr

if TYPE_CHECKING:
    from bpstudio.core.cautions import Caution
    from bpstudio.core.given import Seeds
    from bpstudio.core.plan import Plan
    from bpstudio.core.wiring import Wiring

FORWARD = "forward"
BACKWARD = "backward"
NAN = float("nan")
MEASURED = ("value", "grad", "wire_value", "local", "upstream", "wire_grad")
"""The arrays of a trace, which have a mean and a spread over a batch."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Step:
    """One gate computing its value, or handing its gradient back; tuples go by port.

    Going forward there is no gradient yet: `upstream` is NaN, `local` and `downstream` are empty.
    """

    phase: str
    node: str
    inputs: tuple[float, ...]
    output: float
    upstream: float = NAN
    local: tuple[float, ...] = ()
    downstream: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Visible:
    """What has been computed after n steps: masks over the rows of nodes and wires."""

    step: Step | None
    values: Mask
    wire_values: Mask
    grads: Mask
    wire_grads: Mask
    active: str
    active_wires: tuple[str, ...]


class Trace:
    """One run of a plan. Made by `Plan.run`."""

    __slots__ = ("_made", "_raw", "batch", "plan", "seeds")

    plan: Plan
    batch: int
    """How many samples, at least 1."""
    seeds: Seeds
    """What the backward pass began with."""

    # No __init__: it would cost a small graph's run a tenth of its time.
    _raw: tuple[Any, Any, Any, Any]
    """values, local gradients, gradients and wire gradients as the run made them"""
    _made: dict[str, Any]
    """arrays and what else was asked for, made when first looked at"""

    @classmethod
    def of(cls, plan: Plan, batch: int, seeds: Seeds, raw: tuple[Any, Any, Any, Any]) -> Trace:
        """The trace of a run that left these numbers."""
        trace = cls()
        trace.plan, trace.batch, trace.seeds, trace._raw, trace._made = plan, batch, seeds, raw, {}
        return trace

    # --- numbers ----------------------------------------------------------------------------

    @property
    def value(self) -> Array:
        """(nodes, batch): what each node computed."""
        return self._array("value", 0, len(self.plan.wiring.nodes))

    @property
    def grad(self) -> Array:
        """(nodes, batch): the gradient of each node, the sum over its outgoing wires and seed."""
        return self._array("grad", 2, len(self.plan.wiring.nodes))

    @property
    def local(self) -> Array:
        """(wires, batch): the local gradient of the wire's target with respect to this input."""
        return self._array("local", 1, len(self.plan.wiring.wires))

    @property
    def wire_grad(self) -> Array:
        """(wires, batch): local × upstream, what each wire carries back."""
        return self._array("wire_grad", 3, len(self.plan.wiring.wires))

    @property
    def wire_value(self) -> Array:
        """(wires, batch): the value of each wire's source."""
        if "wire_value" not in self._made:
            self._made["wire_value"] = _locked(self.value[self.plan.wiring.source])
        found: Array = self._made["wire_value"]
        return found

    @property
    def upstream(self) -> Array:
        """(wires, batch): the gradient of each wire's target; NaN where it takes no part."""
        if "upstream" not in self._made:
            wiring = self.plan.wiring
            taken = self.grad[wiring.target]
            taken[wiring.wire_count :] = NAN
            self._made["upstream"] = _locked(taken)
        found: Array = self._made["upstream"]
        return found

    def value_of(self, node: str, sample: int = 0) -> float:
        """A node's value in one sample; NaN where it cannot be computed."""
        return self.number(0, self.plan.wiring.row[node], sample)

    def grad_of(self, node: str, sample: int = 0) -> float:
        """A node's gradient in one sample."""
        return self.number(2, self.plan.wiring.row[node], sample)

    def wire(self, wire: str, sample: int = 0) -> tuple[float, float, float, float]:
        """(value, local, upstream, gradient) of a wire in one sample."""
        wiring = self.plan.wiring
        row = wiring.wire_row[wire]
        value = self.number(0, int(wiring.source[row]), sample)
        if row >= wiring.wire_count:
            return value, NAN, NAN, NAN
        upstream = self.number(2, int(wiring.target[row]), sample)
        return value, self.number(1, row, sample), upstream, self.number(3, row, sample)

    def number(self, which: int, row: int, sample: int = 0) -> float:
        """One number: which is 0 value, 1 local, 2 grad, 3 wire grad; NaN if unknown."""
        raw = self._raw[which]
        if row >= len(raw):
            return NAN
        number = raw[row]
        if self.batch == 1:
            return float(number)
        return float(number[sample] if number.ndim else number)

    # --- a batch ----------------------------------------------------------------------------

    def sample(self, index: int) -> Trace:
        """One sample of the batch as a trace of its own: its steps, what they say, its warnings.

        Samples are counted from 0. Raises BadParam for one that is not there.
        """
        if not 0 <= index < self.batch:
            raise BadParam(
                tr("There is no sample {k}: they are 0 to {last}.", k=index, last=self.batch - 1)
            )
        if self.batch == 1:
            return self
        columns = tuple([_column(raw, index) for raw in self._raw])
        return Trace.of(self.plan, 1, self.seeds, columns)

    def mean(self, of: str) -> Array:
        """Per row the mean over the samples; `of` names an array: "value", "wire_grad", …"""
        return self._moments(of)[0]

    def spread(self, of: str) -> Array:
        """Per row the standard deviation over the samples (of the batch itself, not estimated)."""
        return self._moments(of)[1]

    def _moments(self, of: str) -> tuple[Array, Array]:
        if of not in MEASURED:
            raise ValueError(of)
        key = f"moments of {of}"
        if key not in self._made:
            self._made[key] = moments(getattr(self, of))
        found: tuple[Array, Array] = self._made[key]
        return found

    # --- arrays -----------------------------------------------------------------------------

    def _array(self, name: str, which: int, rows: int) -> Array:
        found: Array | None = self._made.get(name)
        if found is None:
            raw = self._raw[which]
            if self.batch > 1 and isinstance(raw, list):
                raw = _together(raw, self.batch)
            raw = np.asarray(raw, np.float64).reshape(-1, self.batch)
            if len(raw) < rows:
                raw = np.concatenate((raw, np.full((rows - len(raw), self.batch), NAN)))
            found = self._made[name] = _locked(raw)
        return found

    # --- steps ------------------------------------------------------------------------------

    @property
    def steps(self) -> Steps:
        """A forward step per known gate in row order, then the backward steps in reverse."""
        return Steps(self)

    def at(self, n: int) -> Visible:
        """What is to be seen after n steps; n is held between 0 and len(steps)."""
        # Births depend on the wiring only; drags make many traces of one plan.
        cache = self.plan.wiring.cache
        if "births" not in cache:
            cache["births"] = Births.of(self.plan.wiring)
        births: Births = cache["births"]
        steps = self.steps
        n = min(max(n, 0), len(steps))
        step = steps[n - 1] if n else None
        wiring = self.plan.wiring
        active = step.node if step else ""
        # Not by the gate's name: after an edit of a large graph nobody has yet asked by name.
        slots = wiring.slots(steps.row_at(n - 1)) if n else ()
        return Visible(
            step=step,
            values=births.value <= n,
            wire_values=births.wire_value <= n,
            grads=births.grad <= n,
            wire_grads=births.wire_grad <= n,
            active=active,
            active_wires=tuple(wiring.wires[w] for w in slots),
        )

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """What is worth a badge: ties, kinks, overflow, where a NaN was born, open ports."""
        if "warnings" not in self._made:
            from bpstudio.core.cautions import warnings_of

            self._made["warnings"] = warnings_of(self)
        found: tuple[Caution, ...] = self._made["warnings"]
        return found


class Steps(Sequence[Step]):
    """The steps of a trace, each made when asked for."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        wiring = trace.plan.wiring
        self._first, self._gates = wiring.sources, wiring.count - wiring.sources

    def __len__(self) -> int:
        return 2 * self._gates

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...

    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [self._step(i) for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._step(index % len(self))

    def __iter__(self) -> Iterator[Step]:
        return (self._step(i) for i in range(len(self)))

    def index_of(self, node: str, phase: str = FORWARD) -> int:
        """The place of a gate's step; raises ValueError for a node that takes none."""
        wiring = self._trace.plan.wiring
        at = wiring.row.get(node, -1) - self._first
        if not 0 <= at < self._gates:
            raise ValueError(node)
        return at if phase == FORWARD else 2 * self._gates - 1 - at

    def row_at(self, index: int) -> int:
        """The row of the gate that a step is about."""
        ahead = index < self._gates
        return self._first + (index if ahead else 2 * self._gates - 1 - index)

    def _step(self, index: int) -> Step:
        trace, ahead = self._trace, index < self._gates
        wiring = trace.plan.wiring
        row = self.row_at(index)
        slots = wiring.slots(row)
        inputs = tuple(trace.number(0, int(wiring.source[w])) for w in slots)
        output = trace.number(0, row)
        if ahead:
            return Step(FORWARD, wiring.nodes[row], inputs, output)
        return Step(
            BACKWARD,
            wiring.nodes[row],
            inputs,
            output,
            trace.number(2, row),
            tuple(trace.number(1, w) for w in slots),
            tuple(trace.number(3, w) for w in slots),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Births:
    """After how many steps each number is to be seen; one more than there are steps: never."""

    value: NDArray[np.int64]
    wire_value: NDArray[np.int64]
    grad: NDArray[np.int64]
    wire_grad: NDArray[np.int64]

    @classmethod
    def of(cls, wiring: Wiring) -> Births:
        count, sources = wiring.count, wiring.sources
        gates = count - sources
        never = 2 * gates + 1
        value = np.full(len(wiring.nodes), never, np.int64)
        value[:sources] = 0
        value[sources:count] = np.arange(1, gates + 1)
        wire_grad = np.full(len(wiring.wires), never, np.int64)
        taking = slice(wiring.wire_count)
        wire_grad[taking] = gates + count - wiring.target[taking]
        grad = np.full(len(wiring.nodes), never, np.int64)
        # Where no wire leads on, the first backward step shows the seed, or that there is nothing.
        grad[:count] = min(gates + 1, 2 * gates)
        np.maximum.at(grad, wiring.source[taking], wire_grad[taking])
        return cls(value, value[wiring.source], grad, wire_grad)


def _together(rows: list[Array], batch: int) -> Array:
    """Rows as one array; a 0-d row is one number for all samples."""
    found = np.empty((len(rows), batch))
    for i, row in enumerate(rows):
        found[i] = row
    return found


def _column(raw: Any, index: int) -> Any:
    """One sample of all rows; a 0-d row is one number for all samples."""
    if isinstance(raw, np.ndarray):
        return np.ascontiguousarray(raw[:, index])
    return [float(row[index] if row.ndim else row) for row in raw]


def moments(array: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each row, exact where all its samples are the same."""
    first = array[:, :1]
    with quiet():
        off = array - first
        shift = off.mean(axis=1)
        mean = first[:, 0] + shift
        spread = np.sqrt(np.square(off - shift[:, None]).mean(axis=1))
        # Of infinities the difference is nan, but their mean may well be infinite.
        endless = ~np.isfinite(array).all(axis=1)
        mean[endless] = array[endless].mean(axis=1)
    return _locked(mean), _locked(spread)


def _locked(array: Array) -> Array:
    array.flags.writeable = False
    return array
