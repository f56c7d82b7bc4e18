"""How a drawn graph is trained, as the plain values that a document keeps, and back.

`training` holds the loss, where the data come from, what each input takes, and the rules; a table
that is no generated set stands in `datasets` under TABLE. Which inputs learn is marked in the graph
itself. Reading raises SpecError with the path in the document. Gates that were deleted since are no
fault: the graph may have been edited without a thought of its training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpstudio.language import listed, tr
from bpstudio.nn.calls import Array
from bpstudio.nn.data import DATASETS
from bpstudio.nn.drawable import OWN
from bpstudio.nn.faults import SpecError
from bpstudio.nn.kept import LONGEST
from bpstudio.nn.optimizers import OPTIMIZERS

TABLE = "drawn"
"""What the table of a drawn graph is called among a document's data sets."""
SAMPLES, NONE, KEPT = "samples", "none", "kept"
"""Sources beside the generated sets: the inputs' own batches, their own numbers, a kept table."""


@dataclass(frozen=True)
class Wishes:
    """What one chooses for the training of a drawn graph.

    source   SAMPLES, NONE, KEPT or a name of DATASETS
    takes    input's id -> the name of a column, or OWN
    epochs   after which it stops, 0: never
    pace     updates per second, 0: as many as there can be
    """

    loss: str
    source: str = NONE
    takes: Mapping[str, str] = field(default_factory=dict)
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    batch: int = 10
    shuffle: bool = True
    epochs: int = 0
    pace: int = 0


def to_document(
    wishes: Wishes, columns: Mapping[str, Array], goals: tuple[str, ...] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`training`, and the entries of `datasets` that it needs; `goals` are columns to be met."""
    kept: dict[str, Any] = {"loss": wishes.loss}
    tables: dict[str, Any] = {}
    if wishes.source == SAMPLES:
        kept["data"] = {"samples": True}
    elif wishes.source == KEPT:
        kept["data"], tables = {"use": TABLE}, {TABLE: _table(columns, goals)}
    elif wishes.source != NONE:
        kept["data"] = {"dataset": wishes.source}
    takes = {key: name for key, name in wishes.takes.items() if name != OWN}
    if takes:
        kept["takes"] = takes
    kept["optimizer"] = {"kind": wishes.optimizer, "learning_rate": wishes.learning_rate}
    kept |= {"batch": wishes.batch, "shuffle": wishes.shuffle}
    kept |= {"epochs": wishes.epochs, "pace": wishes.pace}
    return kept, tables


def of_document(kept: Mapping[str, Any], datasets: Mapping[str, Any]) -> Wishes:
    """The wishes. Raises SpecError for a name that there is not."""
    data = kept.get("data", {})
    if len(data) > 1:
        reason = tr("the data come from one place, not from {n}", n=len(data))
        raise SpecError("$.training.data", reason)
    source = NONE
    if "use" in data:
        if data["use"] not in datasets:
            reason = tr("the document holds no data “{name}”", name=data["use"])
            raise SpecError("$.training.data.use", reason)
        source = KEPT
    elif "dataset" in data:
        source = data["dataset"]
        if source not in DATASETS:
            raise SpecError("$.training.data.dataset", _unknown(source, DATASETS))
    elif data.get("samples"):
        source = SAMPLES
    rule = kept.get("optimizer", {})
    kind = rule.get("kind", Wishes.optimizer)
    if kind not in OPTIMIZERS:
        raise SpecError("$.training.optimizer.kind", _unknown(kind, OPTIMIZERS))
    rest = {key: kept[key] for key in ("batch", "shuffle", "epochs", "pace") if key in kept}
    rate = float(rule.get("learning_rate", Wishes.learning_rate))
    return Wishes(kept["loss"], source, dict(kept.get("takes", {})), kind, rate, **rest)


def columns_of(
    kept: Mapping[str, Any], datasets: Mapping[str, Any]
) -> tuple[dict[str, Array], tuple[str, ...]]:
    """The columns of the table that the training takes, and which of them are to be met.
    Raises SpecError."""
    name = kept["data"]["use"]
    table = datasets[name]
    found: dict[str, Array] = {}
    goals: tuple[str, ...] = ()
    place = f"$.datasets.{name}"
    for part, names, usual in (("inputs", "features", "x"), ("targets", "outputs", "y")):
        try:
            rows = np.array(table[part], np.float64)
        except ValueError:
            raise SpecError(f"{place}.{part}", tr("the rows are not equally long")) from None
        if rows.size == 0:
            # Rows of nothing, as where no column is a goal.
            continue
        called = tuple(table.get(names, ())) or _called(usual, rows.shape[1])
        if len(called) != rows.shape[1]:
            reason = tr("expected {n} names", n=rows.shape[1])
            raise SpecError(f"{place}.{names}", reason)
        goals = called if part == "targets" else goals
        found |= dict(zip(called, np.ascontiguousarray(rows.T), strict=True))
    if len({len(column) for column in found.values()}) > 1:
        reason = tr("there must be as many rows as in {other}", other="inputs")
        raise SpecError(f"{place}.targets", reason)
    return found, goals


def _unknown(name: str, table: Mapping[str, Any]) -> str:
    return tr("there is no “{name}”; there are {names}", name=name, names=listed(table))


def _called(letter: str, count: int) -> tuple[str, ...]:
    if count == 1 and letter == "y":
        return ("y",)
    return tuple(f"{letter}{n + 1}" for n in range(count))


def _table(columns: Mapping[str, Array], goals: tuple[str, ...]) -> dict[str, Any]:
    """A data set: what is to be met are its targets, the other columns its inputs."""
    table: dict[str, Any] = {}
    inputs = [name for name in columns if name not in goals]
    for part, names, chosen in (
        ("inputs", "features", inputs),
        ("targets", "outputs", [name for name in columns if name in goals]),
    ):
        rows = np.array([columns[name] for name in chosen], np.float64).T
        count = len(next(iter(columns.values()), ()))
        table[part] = rows.tolist() if chosen else [[] for _ in range(count)]
        if chosen:
            table[names] = [name[:LONGEST] for name in chosen]
    return table
