"""Whether a drawn graph can be trained as asked: its loss, its parameters, its data.

What is refused is a DrawnError: one sentence with the node's name, and the node's id to show it by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from bpstudio.core.graph import Graph, GraphError
from bpstudio.core.plan import Plan
from bpstudio.language import tr
from bpstudio.nn.calls import Array
from bpstudio.nn.faults import NetworkError

OWN = ""
"""A binding that leaves an input the number it has in the graph."""


class DrawnError(NetworkError):
    """A graph that cannot be trained as asked; `node` is the id that the sentence speaks of."""

    def __init__(self, sentence: str, node: str = "") -> None:
        super().__init__(sentence)
        self.node = node


def inputs_to_bind(graph: Graph, loss: str) -> tuple[str, ...]:
    """The inputs that a loss depends on and training does not move: what needs a column."""
    above = graph.upstream(loss)
    return tuple(
        key
        for key, node in graph.nodes.items()
        if key in above and node.gate == "input" and not node.params.get("trainable")
    )


def ordered(graph: Graph) -> Plan:
    try:
        return Plan.of(graph)
    except GraphError as error:
        raise DrawnError(str(error)) from None


def parts_of(
    plan: Plan, loss: str, bindings: Mapping[str, str], columns: Mapping[str, Array]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parameters and the bound inputs; raises DrawnError for whatever does not fit."""
    graph = plan.graph
    _refuse_loss(plan, loss)
    above = graph.upstream(loss)
    parameters = _parameters(graph, loss, above)
    for key, column in bindings.items():
        _refuse_binding(graph, key, column, columns)
    open_inputs = inputs_to_bind(graph, loss)
    for key in open_inputs:
        name = graph.nodes[key].name
        if key not in bindings:
            raise DrawnError(
                tr(
                    "{node} has no data: bind it to a column, or mark it as trainable.",
                    node=name,
                ),
                key,
            )
        if bindings[key] == OWN and isinstance(graph.nodes[key].params.get("value"), tuple):
            raise DrawnError(
                tr("{node} holds several samples; bind it to a column of the data.", node=name), key
            )
    return parameters, tuple(key for key in open_inputs if bindings[key] != OWN)


def _refuse_loss(plan: Plan, loss: str) -> None:
    graph = plan.graph
    node = graph.nodes.get(loss)
    if node is None:
        raise DrawnError(tr("There is no node {id} to take as the loss.", id=loss), loss)
    gate = graph.gate(node)
    if gate is None or gate.is_source:
        raise DrawnError(
            tr("{node} cannot be the loss; choose a gate that computes.", node=node.name), loss
        )
    if plan.known[plan.row[loss]]:
        return
    above = graph.upstream(loss)
    for key, port in plan.missing:
        if key in above:
            raise DrawnError(
                tr(
                    "{node}.{port} has no wire; wire it first.",
                    node=graph.nodes[key].name,
                    port=port,
                ),
                key,
            )
    raise DrawnError(tr("{node} cannot be computed.", node=node.name), loss)


def _parameters(graph: Graph, loss: str, above: Iterable[str]) -> tuple[str, ...]:
    trainable = [
        key
        for key, node in graph.nodes.items()
        if node.gate == "input" and node.params.get("trainable")
    ]
    if not trainable:
        raise DrawnError(
            tr("No input is trainable: mark at least one input that training may change.")
        )
    found = tuple(key for key in trainable if key in above)
    if not found:
        raise DrawnError(
            tr(
                "{node} does not depend on any trainable input, so nothing can be learned from it.",
                node=graph.nodes[loss].name,
            ),
            loss,
        )
    for key in found:
        if isinstance(graph.nodes[key].params.get("value"), tuple):
            raise DrawnError(
                tr(
                    "{node} is trainable and holds several samples; it needs one number.",
                    node=graph.nodes[key].name,
                ),
                key,
            )
    return found


def _refuse_binding(graph: Graph, key: str, column: str, columns: Mapping[str, Array]) -> None:
    node = graph.nodes.get(key)
    if node is None or node.gate != "input":
        name = key if node is None else node.name
        raise DrawnError(tr("{node} is no input that data can go into.", node=name), key)
    if node.params.get("trainable") and column != OWN:
        raise DrawnError(
            tr(
                "{node} is trainable and bound to a column; training would change the data. "
                "Choose one of the two.",
                node=node.name,
            ),
            key,
        )
    if column != OWN and column not in columns:
        raise DrawnError(
            tr("The data have no column “{column}” for {node}.", column=column, node=node.name), key
        )


def read_columns(columns: Mapping[str, Array]) -> dict[str, Array]:
    """One-dimensional, equally long, finite; raises DrawnError with the column's name."""
    found: dict[str, Array] = {}
    first, length = "", -1
    for name, values in columns.items():
        column = np.asarray(values, np.float64)
        if column.ndim != 1 or not column.size:
            raise DrawnError(tr("The column “{column}” is no list of numbers.", column=name))
        if length not in (-1, column.size):
            raise DrawnError(
                tr(
                    "“{first}” has {one} samples and “{second}” has {other}; "
                    "all columns need as many.",
                    first=first,
                    one=length,
                    second=name,
                    other=column.size,
                )
            )
        wrong = ~np.isfinite(column)
        if wrong.any():
            raise DrawnError(
                tr("Sample {n} of “{column}” is no number.", column=name, n=int(wrong.argmax()) + 1)
            )
        found[name], first, length = column, name, column.size
    return found
