"""What a run is given from outside: the sources' numbers, batches of samples, and seeds.

Everything that can be wrong with them is refused here, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bpstudio.core.gate import Array
from bpstudio.core.gates import GATES
from bpstudio.core.graph import BadParam, Graph, GraphError, Node, UnknownItem
from bpstudio.core.order import Rows
from bpstudio.core.wiring import Wiring
from bpstudio.language import tr


@dataclass(frozen=True)
class Seeds:
    """Numbers put on nodes before the backward pass, in row order."""

    rows: tuple[int, ...]
    numbers: tuple[float, ...]

    @cached_property
    def arrays(self) -> tuple[Rows, Array]:
        return np.array(self.rows, np.int64), np.array(self.numbers, np.float64)


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


def value_of(node: Node) -> float:
    """A source's own number."""
    return float(node.params.get("value", GATES[node.gate].params["value"]))


def with_inputs(
    values: list[float], given: Mapping[str, float | ArrayLike], graph: Graph, wiring: Wiring
) -> tuple[list[Any], int]:
    """The sources' values with the given ones put in, and the size of the batch.

    Raises UnknownItem for an id that is no node, BadParam for one that is no source, for what is
    neither a number nor a column of numbers, and for columns of unequal length.
    """
    changed: list[Any] = values.copy()
    row, sources = wiring.row, len(changed)
    batch, widest = 1, ""
    for key, value in given.items():
        at = row.get(key, sources)
        if at >= sources:
            raise _no_source(graph, key)
        if type(value) is not float:
            samples = _samples(graph.nodes[key], value)
            if not isinstance(samples, float):
                if batch not in (1, samples.size):
                    raise _unequal(graph, widest, batch, key, samples.size)
                batch, widest = samples.size, key
            changed[at] = samples
        else:
            changed[at] = value
    return changed, batch


def _samples(node: Node, value: Any) -> float | Array:
    """One number, or a batch of at least two."""
    try:
        samples = np.array(value)
    except ValueError:  # columns in a column, of unequal length
        samples = np.empty(0)
    if samples.ndim > 1 or not samples.size or samples.dtype.kind not in "fiub":
        raise BadParam(tr("{node} takes a number or a column of numbers.", node=node.name))
    numbers: Array = samples.astype(np.float64)
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
