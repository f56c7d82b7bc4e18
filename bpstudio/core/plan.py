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

from bpstudio.core import codegen, columns, wide
from bpstudio.core.gate import Array
from bpstudio.core.gates import GATES
from bpstudio.core.gates.compute import quiet
from bpstudio.core.graph import BadParam, Graph, GraphError, Node, Patch, Seed, UnknownItem, Wire
from bpstudio.core.narrow import Strip, parts
from bpstudio.core.trace import Trace
from bpstudio.core.wiring import Wiring, wiring_of
from bpstudio.language import tr

SMALL = 600
"""Up to this many gates a graph runs as one strip of plain Python."""

LARGEST_SPARE = 4_000_000
"""Wires times samples up to which working memory is kept: 160 MB."""

SPARE_DESKS = 2
"""Working memory kept for the next runs: one for the window, one for whatever runs beside it."""

Seeds = tuple[tuple[int, float], ...]
"""(row, number) of every seed, in row order."""


class Plan:
    """See the module. Frozen in all that can be seen; what it remembers only makes it faster."""

    __slots__ = (
        "_numbers",
        "_params",
        "_seed_numbers",
        "_sources",
        "_whole",
        "graph",
        "seeds",
        "wiring",
    )

    graph: Graph
    wiring: Wiring
    seeds: Seeds

    def __init__(self, graph: Graph, wiring: Wiring) -> None:
        self.graph, self.wiring = graph, wiring
        nodes = graph.nodes
        self._sources = [_value_of(nodes[key]) for key in wiring.nodes[: wiring.sources]]
        self._numbers = self._read_numbers()
        self._params: list[float] | None = None
        self._whole: Any = None
        self._seed(_seeds_of(graph, wiring))

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
        return np.arange(len(self.wiring.nodes)) < self.wiring.count

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
            if isinstance(old, Wire) or isinstance(new, Wire):
                return Plan.of(graph)
            if not isinstance(old, Node) and not isinstance(new, Node):
                continue
            if not isinstance(old, Node) or not isinstance(new, Node) or not _same_shape(old, new):
                return Plan.of(graph)
            if old.params != new.params:
                rows.append(self.row[new.id])
        plan = Plan.__new__(Plan)
        plan.graph, plan.wiring, plan._whole = graph, self.wiring, self._whole
        plan._sources, plan._numbers, plan._params = self._sources, self._numbers, self._params
        plan.seeds, plan._seed_numbers = self.seeds, self._seed_numbers
        if rows:
            plan._sources, plan._numbers, plan._params = (
                self._sources.copy(),
                self._numbers.copy(),
                None,
            )
            for row in rows:
                plan._read(row)
        if any(True for _ in patch.touched(Seed)):
            plan._seed(_seeds_of(graph, self.wiring))
            if _rows(plan.seeds) != _rows(self.seeds):
                plan._whole = None
        return plan

    def _seed(self, seeds: Seeds) -> None:
        self.seeds = seeds
        self._seed_numbers = tuple([number for _, number in seeds])

    def _read(self, row: int) -> None:
        """Take over the params of one node."""
        if row >= self.wiring.count:
            return
        node = self.graph.nodes[self.wiring.nodes[row]]
        if row < self.wiring.sources:
            self._sources[row] = _value_of(node)
            return
        kinds = wide.kinds_of(self.wiring)
        kind = kinds.kind_at(row)
        for name, at in kind.params.items():
            value = node.params.get(name, kind.gate.params[name])
            self._numbers[at + int(kinds.place[row]) - kind.start] = float(value)

    def _read_numbers(self) -> Array:
        """All params that formulas read, kind after kind (see wide.Kind)."""
        kinds = wide.kinds_of(self.wiring)
        numbers = np.zeros(kinds.numbers)
        nodes = self.graph.nodes
        for kind in kinds.all:
            if not kind.params:
                continue
            rows = kinds.nodes[kind.start : kind.stop].tolist()
            params = [nodes[self.wiring.nodes[row]].params for row in rows]
            for name, at in kind.params.items():
                default = kind.gate.params[name]
                numbers[at : at + len(rows)] = [float(p.get(name, default)) for p in params]
        return numbers

    # --- running it -------------------------------------------------------------------------

    def run(
        self,
        inputs: Mapping[str, float | ArrayLike] | None = None,
        seeds: Mapping[str, float] | None = None,
    ) -> Trace:
        """Forward and backward. `inputs` (node id -> number or batch) stand in for the sources'
        own values, `seeds` (node id -> number) for the graph's; the plan keeps its own.

        Raises UnknownItem for an id that is no source (no node), BadParam for a bad batch.
        """
        values, batch = (self._sources, 1) if not inputs else self._with(inputs)
        put = self.seeds if seeds is None else self._checked(seeds)
        if batch == 1 and self.gates <= SMALL:
            return self._run_small(values, put)
        return self._run_arrays(values, put, batch)

    def warm(self, strips: int | None = None) -> bool:
        """Generate what makes further runs faster, at most `strips` pieces; True when all is done.

        For idle moments: one piece takes about 10 ms.
        """
        if self.gates <= SMALL:
            if self._whole is None and self.gates:
                rows = _rows(self.seeds)
                self._whole = codegen.whole(self._strip().program, rows)
            return True
        cold = [part for part in self._parts() if isinstance(part, Strip) and not part.is_warm]
        for strip in cold[:strips]:
            strip.warm()
        return strips is None or len(cold) <= strips

    @property
    def is_warm(self) -> bool:
        """Whether nothing is left to generate."""
        if self.gates <= SMALL:
            return self._whole is not None or not self.gates
        return all(part.is_warm for part in self._parts() if isinstance(part, Strip))

    def _run_small(self, values: list[float], put: Seeds) -> Trace:
        if not self.gates:
            grads = [0.0] * len(values)
            for row, number in put:
                grads[row] += number
            return Trace(self, 1, values, (), grads, ())
        if self._params is None:
            self._params = self._numbers.take(self._strip().places).tolist()
        if self._whole is not None and (put is self.seeds or _rows(put) == _rows(self.seeds)):
            numbers = self._seed_numbers if put is self.seeds else [n for _, n in put]
            return Trace(self, 1, *self._whole(values, self._params, numbers))
        strip = self._strip()
        own, local = strip.forward(values, self._params)
        grads = [0.0] * self.wiring.count
        for row, number in put:
            grads[row] += number
        totals, carried = strip.backward(grads, local)
        return Trace(self, 1, [*values, *own], local, totals, carried)

    def _run_arrays(self, values: Sequence[Any], put: Seeds, batch: int) -> Trace:
        desk = self.desk(batch)
        for row, value in enumerate(values) if batch > 1 else ():
            desk.value[row] = value
        if batch == 1:
            desk.value[: len(values)] = values
        desk.grad[...] = 0.0
        for row, number in put:
            desk.grad[row] += number
        with quiet():
            if batch >= columns.FROM:
                columns.run(desk)
            else:
                self._run_parts(desk, self._parts() if batch == 1 else self._levels())
        arrays = (desk.value, desk.local, desk.grad, desk.wire_grad)
        if not self.give_back(desk):
            return Trace(self, batch, *arrays)
        return Trace(self, batch, *[array.copy() for array in arrays])

    def _run_parts(self, desk: wide.Desk, parts: Sequence[Strip | range]) -> None:
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
                part.backward_on(desk, slopes[part])
            else:
                wide.backward(desk, part)

    # --- what a run needs -------------------------------------------------------------------

    def desk(self, batch: int) -> wide.Desk:
        """Working memory with the params on it; `give_back` keeps it for the next run."""
        spare: list[wide.Desk] = self.wiring.cache.setdefault("desks", [])
        # A run may go on in another thread: whoever pops a desk has it alone.
        try:
            desk = spare.pop()
        except IndexError:
            desk = wide.Desk(self.wiring, batch)
        if desk.batch != batch:
            desk = wide.Desk(self.wiring, batch)
        desk.numbers[...] = self._numbers
        return desk

    def give_back(self, desk: wide.Desk) -> bool:
        """Whether the desk was kept; where it was not, its arrays are the caller's."""
        spare: list[wide.Desk] = self.wiring.cache.setdefault("desks", [])
        if len(spare) >= SPARE_DESKS or desk.wire_grad.size > LARGEST_SPARE:
            return False
        spare.append(desk)
        return True

    def _strip(self) -> Strip:
        """The whole graph as one strip."""
        cache = self.wiring.cache
        if "strip" not in cache:
            cache["strip"] = Strip(self.wiring, 1, len(self.wiring.level_rows) - 1)
        strip: Strip = cache["strip"]
        return strip

    def _parts(self) -> Sequence[Strip | range]:
        cache = self.wiring.cache
        if "parts" not in cache:
            cache["parts"] = parts(self.wiring)
        found: list[Strip | range] = cache["parts"]
        return found

    def _levels(self) -> Sequence[range]:
        """Everything above the sources for the array tier."""
        return (range(1, len(self.wiring.level_rows) - 1),)

    def _with(self, inputs: Mapping[str, float | ArrayLike]) -> tuple[list[Any], int]:
        """The sources' values with these put in, and the size of the batch."""
        values: list[Any] = self._sources.copy()
        row, sources = self.wiring.row, len(values)
        batch, widest = 1, ""
        for key, value in inputs.items():
            at = row.get(key, sources)
            if at >= sources:
                raise self._no_source(key)
            if type(value) is not float:
                samples = _samples(self.graph.nodes[key], value)
                if isinstance(samples, float):
                    value = samples
                elif batch not in (1, samples.size):
                    raise _unequal(self.graph, widest, batch, key, samples.size)
                else:
                    value, batch, widest = samples, samples.size, key
            values[at] = value
        return values, batch

    def _no_source(self, key: str) -> GraphError:
        node = self.graph.nodes.get(key)
        if node is None:
            return UnknownItem(tr("There is no node {id} to give a value to.", id=key))
        return BadParam(
            tr("{node} computes its value; only inputs and constants take one.", node=node.name)
        )

    def _checked(self, seeds: Mapping[str, float]) -> Seeds:
        """Seeds given for one run; a node that cannot be computed takes none."""
        for key in seeds:
            if key not in self.wiring.row:
                raise UnknownItem(tr("There is no node {id} to put a seed on.", id=key))
        return _put(seeds, self.wiring)


def _same_shape(old: Node, new: Node) -> bool:
    """Whether the node takes the same inputs as before."""
    if old.gate != new.gate:
        return False
    if old.params == new.params or (gate := GATES.get(new.gate)) is None:
        return True
    return gate.ports(old.params) == gate.ports(new.params)


def _value_of(node: Node) -> float:
    """A source's own number."""
    return float(node.params.get("value", GATES[node.gate].params["value"]))


def _seeds_of(graph: Graph, wiring: Wiring) -> Seeds:
    """The graph's seeds or, where it has none, 1 for every gate that feeds nothing."""
    if graph.seeds:
        return _put(graph.seeds, wiring)
    return tuple((row, 1.0) for row in wiring.ends)


def _put(seeds: Mapping[str, float], wiring: Wiring) -> Seeds:
    rows = ((wiring.row.get(key, wiring.count), float(n)) for key, n in seeds.items())
    return tuple(sorted((row, n) for row, n in rows if row < wiring.count))


def _rows(seeds: Seeds) -> list[int]:
    return [row for row, _ in seeds]


def _samples(node: Node, value: Any) -> float | Array:
    """One number, or a batch of at least two."""
    try:
        samples = np.array(value, np.float64)
    except (TypeError, ValueError):
        samples = np.empty((0,))
    if samples.ndim > 1 or not samples.size:
        raise BadParam(tr("{node} takes a number or a column of numbers.", node=node.name))
    return samples if samples.size > 1 else float(samples.reshape(()))


def _unequal(graph: Graph, first: str, one: int, second: str, other: int) -> GraphError:
    names = graph.nodes[first].name, graph.nodes[second].name
    return BadParam(
        tr(
            "{first} has {one} samples and {second} has {other}; a batch needs as many of each.",
            first=names[0],
            one=one,
            second=names[1],
            other=other,
        )
    )
