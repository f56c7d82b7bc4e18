"""Where the columns come from that a drawn graph is trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpstudio.core.graph import Graph
from bpstudio.language import N_, listed, tr, trn
from bpstudio.nn.data import DATASETS, Data, Dataset, make
from bpstudio.nn.drawn import OWN, inputs_to_bind
from bpstudio.nn.keptdrawn import KEPT, NONE, SAMPLES, columns_of
from bpstudio.nn.table import NUMBER, Table

OFFERED = ("sine", "jump", "plane", "bumps", "circle", "xor", "gauss", "spiral", "moons")
"""Generated sets with one number to predict."""
GOALS = ("y", "t", "target", "label", "goal")
"""What an input for the target is usually called."""
TABLE, PANEL = "table", "panel"
SOURCES = {
    NONE: N_("None: the graph’s own numbers"),
    SAMPLES: N_("The samples of this document"),
    KEPT: N_("The table kept in this document"),
    PANEL: N_("The data of the training panel"),
}


@dataclass(frozen=True, eq=False)
class Columns:
    """Named columns of one length; `notes` say what was left out, `file` where they were read."""

    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    goals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""

    @property
    def count(self) -> int:
        return len(next(iter(self.values.values()))) if self.values else 0


def of_samples(graph: Graph) -> Columns:
    """The batches that the document's inputs hold, by their names."""
    found = {
        node.name: np.asarray(node.params["value"])
        for node in graph.nodes.values()
        if node.gate == "input" and isinstance(node.params.get("value"), tuple)
    }
    return Columns(found)


def of_data(data: Data) -> Columns:
    """A network's data: its features and its targets."""
    features = data.features or tuple(f"x{n + 1}" for n in range(data.inputs.shape[1]))
    outputs = data.targets.shape[1]
    goals = ("y",) if outputs == 1 else tuple(f"y{n + 1}" for n in range(outputs))
    columns = dict(zip(features, data.inputs.T, strict=True))
    return Columns({**columns, **dict(zip(goals, data.targets.T, strict=True))}, goals)


def of_dataset(name: str) -> Columns:
    """A generated set."""
    made = make(Dataset(name), 1, "linear" if DATASETS[name].regression else "tanh")
    found = of_data(made)
    if made.inputs.shape[1] == 1:
        found = Columns({"x": made.inputs[:, 0], "y": made.targets[:, 0]}, ("y",))
    return found


def of_kept(training: Mapping[str, Any], datasets: Mapping[str, Any]) -> Columns:
    """The table that a document keeps for its graph. Raises SpecError."""
    return Columns(*columns_of(training, datasets))


def of_table(table: Table, file: str = "") -> Columns:
    """The columns of numbers of the table read from a file of this name; rows with a gap in one of
    them are left out, and that is said."""
    chosen = [column for column in table.columns if column.kind == NUMBER]
    keep = np.ones(table.rows, bool)
    for column in chosen:
        keep &= column.known
    notes = []
    if gone := int((~keep).sum()):
        lines = listed(table.lines[~keep].tolist(), 10)
        notes.append(
            trn(
                "{n} row is left out because it misses a value: line {lines}",
                "{n} rows are left out because they miss a value: lines {lines}",
                gone,
                lines=lines,
            )
        )
    other = [column.name for column in table.columns if column.kind != NUMBER]
    if other:
        notes.append(tr("No numbers, so not used: {columns}", columns=listed(other, 10)))
    notes += [problem.sentence for problem in table.problems[:10]]
    values = {column.name: column.values[keep] for column in chosen}
    return Columns(values if keep.any() else {}, tuple(values)[-1:], tuple(notes), file)


def guessed(graph: Graph, loss: str, columns: Columns) -> dict[str, str]:
    """A binding for every input that needs one: by its name, or as the target; else its own."""
    by_name = {name.casefold(): name for name in columns.values}
    found = {}
    for key in inputs_to_bind(graph, loss):
        name = graph.nodes[key].name.casefold()
        bound = by_name.get(name, OWN)
        if bound == OWN and name in GOALS and len(columns.goals) == 1:
            bound = columns.goals[0]
        found[key] = bound
    return found
