"""A trained network, its data, and how the graph is trained: their shape and canonical text.

Since minor version 3 a document may hold `network` (the specification, the weights of now, where
training stands) and `datasets` (tables of numbers by name), since minor version 4 `training` (the
loss, the data and the rules that the graph itself is trained with). Here only the shape is judged:
which keys there are, of which kind, how large. What a specification means, and whether weights fit
it, is for the room of networks to say (bpstudio.nn.kept). Numbers are kept exactly as they stand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from bpstudio.files import faults
from bpstudio.files.faults import Fault
from bpstudio.files.records import Id, Label, Record
from bpstudio.files.strictjson import join
from bpstudio.language import tr

SINCE = {"network": 3, "datasets": 3, "training": 4}
"""Key -> the minor version that knows it; before that it was kept word for word."""
MOST_LAYERS = 1_000
MOST_DATASETS = 100
MOST_NUMBERS = 5_000_000
"""In network and data together; as text they take up to 20 bytes each."""

Numbers = list[float]
Matrix = list[Numbers]


class LayerRecord(Record):
    """One layer's weights, as a training specification writes them."""

    W: Matrix
    b: Numbers
    gamma: Numbers | UnsetType = UNSET
    beta: Numbers | UnsetType = UNSET
    mean: Numbers | UnsetType = UNSET
    variance: Numbers | UnsetType = UNSET


class NetworkRecord(Record):
    """`spec` is a training specification whose data may be {"use": name of a dataset}."""

    spec: dict[str, Any]
    weights: Annotated[list[LayerRecord], Meta(max_length=MOST_LAYERS)] | UnsetType = UNSET
    updates: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    state: dict[str, Any] | UnsetType = UNSET


Brush = Annotated[int, Meta(ge=0, le=49)]


class ScaleRecord(Record):
    """How a column was scaled: the network is given (value − shift) × factor."""

    name: Label
    shift: float
    factor: Annotated[float, Meta(gt=0)]


class DatasetRecord(Record):
    """Samples in rows; names of the columns, and what was done to them. `painted` (since minor
    version 4): the points were painted, their classes in turn with these brushes."""

    inputs: Matrix
    targets: Matrix
    test_inputs: Matrix | UnsetType = UNSET
    test_targets: Matrix | UnsetType = UNSET
    title: Label | UnsetType = UNSET
    features: list[Label] | UnsetType = UNSET
    outputs: list[Label] | UnsetType = UNSET
    classes: list[Label] | UnsetType = UNSET
    scaling: list[ScaleRecord] | UnsetType = UNSET
    target_scaling: list[ScaleRecord] | UnsetType = UNSET
    painted: Annotated[list[Brush], Meta(min_length=1, max_length=50)] | UnsetType = UNSET


class SourceRecord(Record):
    """Where a graph's data come from: one of the three, or the graph's own numbers."""

    use: Id | UnsetType = UNSET
    dataset: Label | UnsetType = UNSET
    samples: bool | UnsetType = UNSET


class RuleRecord(Record):
    kind: Label
    learning_rate: float


class TrainingRecord(Record):
    """How the graph is trained: its gates by their ids. What learns is marked in the graph."""

    loss: Id
    data: SourceRecord | UnsetType = UNSET
    takes: dict[Id, Label] | UnsetType = UNSET
    optimizer: RuleRecord | UnsetType = UNSET
    batch: Annotated[int, Meta(ge=1, le=1_000_000)] | UnsetType = UNSET
    shuffle: bool | UnsetType = UNSET
    epochs: Annotated[int, Meta(ge=0, le=1_000_000_000)] | UnsetType = UNSET
    pace: Annotated[int, Meta(ge=0, le=1_000_000_000)] | UnsetType = UNSET


Datasets = Annotated[dict[Id, dict[str, Any]], Meta(max_length=MOST_DATASETS)]

# Annotations are text until msgspec first needs them: now, not while a document is being read.
for _kind in (NetworkRecord, DatasetRecord, TrainingRecord):
    msgspec.json.Decoder(_kind)


def check(found: Mapping[str, Any]) -> None:
    """Raise Fault, with its path, where decoded values of SINCE's keys are not of the shape."""
    if "network" in found:
        _refuse_shape(found["network"], NetworkRecord, "$.network")
    if "datasets" in found:
        _refuse_shape(found["datasets"], Datasets, "$.datasets")
        for name, value in found["datasets"].items():
            _refuse_shape(value, DatasetRecord, f"$.datasets{join(name)}")
    if "training" in found:
        _refuse_shape(found["training"], TrainingRecord, "$.training")
    if _numbers(list(found.values())) > MOST_NUMBERS:
        raise Fault(
            f"$.{min(found)}",
            tr("more than {most} numbers in the network and its data", most=f"{MOST_NUMBERS:,}"),
        )


def needed(
    network: Mapping[str, Any] | None,
    datasets: Mapping[str, Any],
    training: Mapping[str, Any] | None,
) -> int:
    """The lowest minor version that can hold these."""
    if training is not None or any("painted" in table for table in datasets.values()):
        return SINCE["training"]
    return SINCE["network"] if network is not None or datasets else 0


def fits(found: Mapping[str, Any]) -> bool:
    """Whether they have the shape that this version knows."""
    try:
        check(found)
    except Fault:
        return False
    return True


def _refuse_shape(value: Any, kind: Any, place: str) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        fault = faults.of_msgspec(str(error), b"")
        raise Fault(place + fault.place.removeprefix("$"), fault.reason) from None


def _numbers(values: Sequence[Any]) -> int:
    """How many entries all lists in these values have; without recursion."""
    found, todo = 0, list(values)
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            found += len(value)
            if value and not isinstance(value[0], list | dict):
                continue
            todo += value
        elif isinstance(value, dict):
            todo += value.values()
    return found


# --- canonical text -------------------------------------------------------------------------------


def text_of_network(network: Mapping[str, Any]) -> str:
    """Keys and layers each on a line of their own."""
    return _open(network, "$.network")


def text_of_training(training: Mapping[str, Any]) -> str:
    """Each key on a line of its own."""
    return _open(training, "$.training")


def text_of_datasets(datasets: Mapping[str, Any]) -> str:
    """Each sample on a line of its own."""
    inner = [
        f"{_compact(name, '$.datasets')}:{_open(value, f'$.datasets.{name}')}"
        for name, value in datasets.items()
    ]
    return "{\n" + ",\n".join(inner) + "\n}"


def _open(value: Mapping[str, Any], place: str) -> str:
    lines = [f"{_compact(k, place)}:{_listed(v, f'{place}.{k}')}" for k, v in value.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _listed(value: Any, place: str) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return "[\n" + ",\n".join([_compact(entry, place) for entry in value]) + "\n]"
    return _compact(value, place)


def _compact(value: Any, place: str) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise Fault(place, tr("this cannot be stored in a file ({detail})", detail=error)) from None
