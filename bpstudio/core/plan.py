"""Order a graph once, then run it as often as its numbers change.

A Plan holds the wiring as arrays, the numbers of sources and params, and the seeds. `run` goes
forward and backward and answers a frozen Trace; it never raises for a number, never starts from an
earlier run's gradients and never recurses. `updated` keeps the wiring through edits that change no
wire, so that dragging an input of a large graph orders nothing.

How a run is done depends on the shape only (see notes in wide, narrow and columns); all ways give
the same numbers, but for the last digit of functions that NumPy and C compute differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bpstudio.core import codegen, columns, tiers, wide
from bpstudio.core.gate import Array
from bpstudio.core.gates import GATES
from bpstudio.core.gates.compute import quiet
from bpstudio.core.given import (
    Seeds,
    all_numbers,
    batch_of,
    inner_seeds,
    seeds_from,
    seeds_of,
    value_of,
    with_inputs,
)
from bpstudio.core.graph import Graph, Kind, Node, Patch, Seed, Setting, Wire
from bpstudio.core.narrow import Strip, Strips
from bpstudio.core.order import Rows
from bpstudio.core.trace import Trace
from bpstudio.core.wiring import Wiring, wiring_of

_REWIRING = (Wire, Kind, Setting)
"""What changes the wiring, or the gates that it counts."""


class Plan:
    """See the module. Frozen in all that can be seen; what it remembers only makes it faster."""

    __slots__ = (
        "_columns",
        "_inner",
        "_numbers",
        "_params",
        "_row",
        "_sources",
        "_whole",
        "graph",
        "seeds",
        "wiring",
    )

    graph: Graph
    wiring: Wiring
    seeds: Seeds

    def __init__(
        self, graph: Graph, wiring: Wiring, before: tuple[Plan, Rows] | None = None
    ) -> None:
        self.graph, self.wiring, self._row = graph, wiring, wiring.source_row
        nodes = graph.nodes
        self._sources = [value_of(nodes[key]) for key in wiring.nodes[: wiring.sources]]
        self._columns = _any_column(self._sources)
        self._numbers = self._read_numbers(before)
        self._params: list[list[float]] | None = None
        self._whole: Any = None
        self.seeds = seeds_of(graph, wiring)
        self._inner = inner_seeds(self.seeds, wiring)

    @classmethod
    def of(cls, graph: Graph) -> Plan:
        """Order the graph. Raises LoopError (the loop spelled out) and other GraphErrors."""
        return cls(graph, wiring_of(graph))

    # --- what it says -----------------------------------------------------------------------

    @property
    def nodes(self) -> tuple[str, ...]:
        """Node ids in row order, which is a topological order; unknown ones last."""
        return self.wiring.nodes

    @property
    def row(self) -> Mapping[str, int]:
        return self.wiring.row

    @property
    def wires(self) -> tuple[str, ...]:
        """Wire ids in row order; those that take no part last."""
        return self.wiring.wires

    @property
    def wire_row(self) -> Mapping[str, int]:
        return self.wiring.wire_row

    @property
    def known(self) -> NDArray[np.bool_]:
        """Per row whether the node can be computed."""
        return self.wiring.known

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """(node id, port) of every port that lacks its wire."""
        return self.wiring.missing

    @property
    def gates(self) -> int:
        """How many gates a run computes."""
        return self.wiring.count - self.wiring.sources

    # --- keeping it -------------------------------------------------------------------------

    def updated(self, graph: Graph, patch: Patch) -> Plan:
        """The plan of `graph`, which is this plan's graph with the patch applied."""
        rows: list[int] = []
        for old, new in patch.changes.values():
            if isinstance(old, _REWIRING) or isinstance(new, _REWIRING):
                return self._rewired(graph, patch)
            if not isinstance(old, Node) and not isinstance(new, Node):
                continue
            if not isinstance(old, Node) or not isinstance(new, Node) or not _same_shape(old, new):
                return self._rewired(graph, patch)
            if old.params != new.params:
                rows.append(self.row[new.id])
        plan = Plan.__new__(Plan)
        plan.graph, plan.wiring, plan._whole = graph, self.wiring, self._whole
        plan._row = self._row
        plan._sources, plan._numbers, plan._params = self._sources, self._numbers, self._params
        plan.seeds, plan._inner = self.seeds, self._inner
        if rows:
            plan._sources = self._sources.copy()
        if any(row >= self.wiring.sources for row in rows):
            plan._numbers, plan._params = self._numbers.copy(), None
        for row in rows:
            plan._read(row)
        plan._columns = _any_column(plan._sources) if rows else self._columns
        if any(True for _ in patch.touched(Seed)):
            plan.seeds = seeds_of(graph, self.wiring)
            plan._inner = inner_seeds(plan.seeds, self.wiring)
            if plan.seeds.rows != self.seeds.rows:
                plan._whole = None
        return plan

    def _rewired(self, graph: Graph, patch: Patch) -> Plan:
        """The plan of a graph with other nodes or wires: ordered anew, but not read anew."""
        followed = self.wiring.ledger.after(graph, patch)
        if followed is None:
            return Plan.of(graph)
        ledger, was = followed
        wiring = wiring_of(graph, ledger)
        # By row: the row here of each node that is what it was, -1 for others.
        here = np.empty(len(was), np.int64)
        here[wiring.row_of] = np.append(self.wiring.row_of, -1)[was]
        return Plan(graph, wiring, (self, here))

    def _read(self, row: int) -> None:
        """Take over the params of one node."""
        if row >= self.wiring.count:
            return
        node = self.graph.nodes[self.wiring.nodes[row]]
        if row < self.wiring.sources:
            self._sources[row] = value_of(node)
            return
        kinds = wide.kinds_of(self.wiring)
        kind = kinds.kind_at(row)
        for name, at in kind.params.items():
            value = node.params.get(name, kind.gate.params[name])
            self._numbers[at + int(kinds.place[row]) - kind.start] = float(value)

    def _read_numbers(self, before: tuple[Plan, Rows] | None = None) -> Array:
        """All params that formulas read, kind after kind (see wide.Kind).

        `before` is a plan that knew most of them, with the rows that nodes had there.
        """
        kinds = wide.kinds_of(self.wiring)
        numbers = np.zeros(kinds.numbers)
        nodes = self.graph.nodes
        for kind in kinds.all:
            if not kind.params:
                continue
            rows = kinds.nodes[kind.start : kind.stop]
            fresh = np.arange(len(rows))
            if before is not None:
                fresh = _carry(before, kind, rows, numbers)
            params = [nodes[self.wiring.nodes[row]].params for row in rows[fresh].tolist()]
            for name, at in kind.params.items():
                default = kind.gate.params[name]
                numbers[at + fresh] = [float(p.get(name, default)) for p in params]
        return numbers

    # --- running it -------------------------------------------------------------------------

    def run(
        self,
        inputs: Mapping[str, float | ArrayLike] | None = None,
        seeds: Mapping[str, float] | None = None,
    ) -> Trace:
        """Forward and backward. `inputs` (node id -> number or batch) stand in for the sources'
        own values, `seeds` (node id -> number) for the graph's; the plan keeps its own.

        Raises UnknownItem for an id that is no source (no node), BadParam for a bad batch: also
        for one that the graph's own inputs hold, which `of` lets pass.
        """
        whole = self._whole
        if whole is not None and seeds is None and not self._columns:
            # Small graphs are dragged at many runs per frame: nothing more may stand in the way.
            try:
                values: Any = self._sources
                if inputs:
                    row, values = self._row, values.copy()
                    for key, value in inputs.items():
                        if value.__class__ is not float:
                            raise LookupError
                        values[row[key]] = value
                trace = Trace()
                trace._raw = whole(values, (self._params or self._listed())[0], self.seeds.numbers)
                trace.plan, trace.batch, trace.seeds, trace._made = self, 1, self.seeds, {}
                return trace
            except LookupError:
                # Columns, numbers of other kinds, and all that is to be refused.
                pass
        return self._run(inputs, seeds)

    def _run(
        self, inputs: Mapping[str, float | ArrayLike] | None, seeds: Mapping[str, float] | None
    ) -> Trace:
        """`run` by whatever way suits these numbers."""
        values, columns = self._sources, self._columns
        strips = tiers.strips_of(self.wiring)
        put = self.seeds if seeds is None else seeds_from(seeds, self.wiring)
        if inputs and strips is None and not columns:
            found = all_numbers(inputs, self.wiring)
            if found is not None:
                return self._run_arrays(found, put, 1)
        if inputs:
            values, given = with_inputs(values, inputs, self.graph, self.wiring)
            columns = columns or given
        if self._whole is not None and not columns and put.rows == self.seeds.rows:
            params = (self._params or self._listed())[0]
            return Trace.of(self, 1, put, self._whole(values, params, put.numbers))
        batch = batch_of(values, self.graph, self.wiring) if columns else 1
        if batch == 1 and strips is not None:
            return self._run_lists(strips, values, put)
        return self._run_arrays(values, put, batch)

    def warm(self, strips: int | None = None) -> bool:
        """Generate what makes further runs faster, at most `strips` pieces; True when all is done.

        For idle moments: one piece takes about 10 ms.
        """
        if tiers.is_small(self.wiring):
            whole = tiers.strips_of(self.wiring)
            if self._whole is None and whole is not None and whole.all:
                self._whole = codegen.whole(whole.all[0].program(), self.seeds.rows)
            return True
        made = [part for part in tiers.parts_of(self.wiring) if isinstance(part, Strip)]
        cold = [strip for strip in made if not strip.is_warm(self._inner)]
        for strip in cold[:strips]:
            strip.warm(self._inner)
        return strips is None or len(cold) <= strips

    @property
    def is_warm(self) -> bool:
        """Whether nothing is left to generate."""
        if tiers.is_small(self.wiring):
            return self._whole is not None or not self.gates
        made = (part for part in tiers.parts_of(self.wiring) if isinstance(part, Strip))
        return all(strip.is_warm(self._inner) for strip in made)

    def _run_lists(self, strips: Strips, values: list[Any], put: Seeds) -> Trace:
        params = self._params or self._listed()
        inner = self._inner if put is self.seeds else inner_seeds(put, self.wiring)
        start = tiers.listed_start_of(self.wiring)
        for row, number in zip(put.rows, put.numbers, strict=True):
            start[row] = number
        return Trace.of(self, 1, put, strips.run(values, params, start, inner))

    def _listed(self) -> list[list[float]]:
        """The params of each strip's gates."""
        strips = tiers.strips_of(self.wiring)
        self._params = strips.params(self._numbers) if strips is not None else []
        return self._params

    def _run_arrays(self, values: Any, put: Seeds, batch: int) -> Trace:
        if batch >= columns.FROM:
            calls = columns.columns_of(self.wiring)
            return Trace.of(self, batch, put, calls.run(values, self._numbers.tolist(), put, batch))
        desk = self.desk(batch)
        if batch == 1:
            desk.value[: len(values)] = values
        else:
            for row, value in enumerate(values):
                desk.value[row] = value
        start = tiers.start_of(self.wiring)
        desk.grad[...] = start if batch == 1 else start[:, None]
        rows, numbers = put.arrays
        desk.grad[rows] = numbers if batch == 1 else numbers[:, None]
        parts = tiers.parts_of(self.wiring) if batch == 1 else tiers.levels_of(self.wiring)
        with quiet():
            self._run_parts(desk, parts, put)
        made = (desk.value, desk.local, desk.grad, desk.wire_grad)
        if tiers.keeps(self.wiring, desk):
            # Copied first: a desk that is given back may be another thread's at once.
            made = (made[0].copy(), made[1].copy(), made[2].copy(), made[3].copy())
            tiers.give_back(self.wiring, desk)
        return Trace.of(self, batch, put, made)

    def _run_parts(self, desk: wide.Desk, parts: Sequence[Strip | range], put: Seeds) -> None:
        inner = self._inner if put is self.seeds else inner_seeds(put, self.wiring)
        slopes: dict[Strip, Sequence[float]] = {}
        for part in parts:
            if isinstance(part, Strip):
                slopes[part] = part.forward_on(desk)
            else:
                wide.forward(desk, part)
        if len(slopes) < len(parts):
            wide.locals_of(desk)
        for strip, local in slopes.items():
            desk.local[strip.wires] = local
        for part in reversed(parts):
            if isinstance(part, Strip):
                part.backward_on(desk, slopes[part], inner)
            else:
                wide.backward(desk, part)

    # --- what a run needs -------------------------------------------------------------------

    def desk(self, batch: int) -> wide.Desk:
        """Working memory with the params on it."""
        desk = tiers.desk_of(self.wiring, batch)
        desk.load(self._numbers)
        return desk


def _carry(before: tuple[Plan, Rows], kind: wide.Kind, rows: Rows, numbers: Array) -> Rows:
    """Put in the params of those of a kind's rows that a plan knew; which it did not."""
    plan, here = before
    kinds, row = wide.kinds_of(plan.wiring), here[rows]
    # Who could not be computed there had no numbers; a kind is one gate with one count of inputs,
    # which a node that is what it was has kept.
    known = (row >= 0) & (row < plan.wiring.count)
    if known.any():
        place = kinds.place[row[known]]
        theirs = kinds.all[int(kinds.kind_of[place[0]])]
        for name, at in kind.params.items():
            first = theirs.params[name] - theirs.start
            numbers[at + np.flatnonzero(known)] = plan._numbers[first + place]
    return np.flatnonzero(~known)


def _any_column(values: Sequence[Any]) -> bool:
    """Whether a source holds a batch of samples."""
    return any(type(value) is not float for value in values)


def _same_shape(old: Node, new: Node) -> bool:
    """Whether the node takes the same inputs as before."""
    if old.gate != new.gate:
        return False
    if old.params == new.params or (gate := GATES.get(new.gate)) is None:
        return True
    return gate.ports(old.params) == gate.ports(new.params)
