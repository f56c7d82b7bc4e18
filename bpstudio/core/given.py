"""What a run is given from outside: the sources' numbers, batches of samples, and seeds.

Everything that can be wrong with them is refused here, by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from bpstudio.core.gate import Array
from bpstudio.core.gates import GATES
from bpstudio.core.graph import BadParam, Graph, GraphError, Node, UnknownItem
from bpstudio.core.limits import MOST_SAMPLES
from bpstudio.core.order import Rows
from bpstudio.core.wiring import Wiring
from bpstudio.language import tr

MOST_NUMBERS = 50_000_000
"""Samples times nodes and wires: four such arrays are 1.6 GB."""


@dataclass(frozen=True)
class Seeds:
    """Numbers put on nodes before the backward pass, in row order."""

    rows: tuple[int, ...]
    numbers: tuple[float, ...]

    @cached_property
    def arrays(self) -> tuple[Rows, Array]:
        return np.array(self.rows, np.int64), np.array(self.numbers, np.float64)


def inner_seeds(seeds: Seeds, wiring: Wiring) -> tuple[int, ...]:
    """The seeded rows that feed others, too; what feeds nothing is where gradients begin anyway."""
    if seeds.rows is wiring.ends:
        return ()
    return tuple(sorted(set(seeds.rows).difference(wiring.ends)))


def seeds_of(graph: Graph, wiring: Wiring) -> Seeds:
    """The graph's seeds or, where it has none, 1 for every gate that feeds nothing."""
    if graph.seeds:
        return _seeds(graph.seeds, wiring)
    return Seeds(wiring.ends, (1.0,) * len(wiring.ends))


def seeds_from(given: Mapping[str, float], wiring: Wiring) -> Seeds:
    """Seeds for one run. A node that cannot be computed takes none; an unknown one is refused."""
    for key in given:
        if key not in wiring.row:
            raise UnknownItem(tr("There is no node {id} to put a seed on.", id=key))
    return _seeds(given, wiring)


def _seeds(given: Mapping[str, float], wiring: Wiring) -> Seeds:
    placed = [(wiring.row.get(key, wiring.count), float(n)) for key, n in given.items()]
    kept = sorted((row, n) for row, n in placed if row < wiring.count)
    return Seeds(tuple(row for row, _ in kept), tuple(n for _, n in kept))


def value_of(node: Node) -> float | Array:
    """A source's own number, or its column of samples."""
    value = node.params.get("value")
    if value is None:
        value = GATES[node.gate].params["value"]
    return _samples(node, value) if isinstance(value, tuple | list) else float(value)


def with_inputs(
    values: list[Any], given: Mapping[str, float | ArrayLike], graph: Graph, wiring: Wiring
) -> tuple[list[Any], bool]:
    """The sources' values with the given ones put in, and whether a given one is a column.

    Raises UnknownItem for an id that is no node, BadParam for one that is no source and for what
    is neither a number nor a column of numbers.
    """
    changed: list[Any] = values.copy()
    row, sources, columns = wiring.row, len(changed), False
    for key, value in given.items():
        at = row.get(key, sources)
        if at >= sources:
            raise _no_source(graph, key)
        if type(value) is not float:
            value = _samples(graph.nodes[key], value)
            columns = columns or type(value) is not float
        changed[at] = value
    return changed, columns


def all_numbers(given: Mapping[str, Any], wiring: Wiring) -> Array | None:
    """The numbers where every source is given one, in row order; None where it is not so plain."""
    if [*given] != wiring.source_names:
        return None
    try:
        found = np.array([*given.values()])
    except ValueError:  # columns among them
        return None
    return found if found.ndim == 1 and found.dtype == np.float64 else None


def batch_of(values: Sequence[Any], graph: Graph, wiring: Wiring) -> int:
    """How many samples these sources' values hold: 1, or the length of every column.

    Raises BadParam for columns of unequal length, and for more numbers than memory should hold.
    """
    batch, widest = 1, ""
    for row, value in enumerate(values):
        if type(value) is not float:
            key = wiring.nodes[row]
            if batch not in (1, value.size):
                raise _unequal(graph, widest, batch, key, value.size)
            batch, widest = value.size, key
    _refuse_too_many(batch, wiring.count, wiring.count + wiring.wire_count)
    return batch


def refuse_unequal(graph: Graph) -> None:
    """Raises BadParam where the graph's inputs hold columns that no run could take together."""
    batch, widest = 1, ""
    for key, node in graph.nodes.items():
        if not isinstance(value := node.params.get("value"), tuple):
            continue
        if batch not in (1, len(value)):
            raise _unequal(graph, widest, batch, key, len(value))
        batch, widest = len(value), key
    _refuse_too_many(batch, len(graph.nodes), len(graph.nodes) + len(graph.wires))


def _refuse_too_many(batch: int, gates: int, rows: int) -> None:
    if batch * rows > MOST_NUMBERS:
        raise BadParam(
            tr(
                "{samples} samples of {gates} gates are more than memory should hold; "
                "take fewer samples.",
                samples=batch,
                gates=gates,
            )
        )


def _samples(node: Node, value: Any) -> float | Array:
    """One number, or a batch of at least two. The column itself, where it is one already."""
    plain = type(value) is np.ndarray and value.dtype == np.float64 and value.ndim == 1
    if plain and 1 < value.size <= MOST_SAMPLES:
        return cast(Array, value)
    try:
        samples = np.asarray(value)
    except ValueError:  # columns in a column, of unequal length
        samples = np.empty(0)
    if samples.ndim > 1 or not samples.size or samples.dtype.kind not in "fiub":
        raise BadParam(tr("{node} takes a number or a column of numbers.", node=node.name))
    if samples.size > MOST_SAMPLES:
        raise BadParam(
            tr(
                "{node} has {n} samples; a batch holds at most {most}.",
                node=node.name,
                n=f"{samples.size:,}",
                most=f"{MOST_SAMPLES:,}",
            )
        )
    numbers: Array = samples.astype(np.float64, copy=False)
    return numbers if numbers.size > 1 else float(numbers.reshape(()))


def _no_source(graph: Graph, key: str) -> GraphError:
    node = graph.nodes.get(key)
    if node is None:
        return UnknownItem(tr("There is no node {id} to give a value to.", id=key))
    return BadParam(
        tr("{node} computes its value; only inputs and constants take one.", node=node.name)
    )


def _unequal(graph: Graph, first: str, one: int, second: str, other: int) -> GraphError:
    return BadParam(
        tr(
            "{first} has {one} samples and {second} has {other}; a batch needs as many of each.",
            first=graph.nodes[first].name,
            one=one,
            second=graph.nodes[second].name,
            other=other,
        )
    )
