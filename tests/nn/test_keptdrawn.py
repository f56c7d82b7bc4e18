"""The choices for a drawn graph in a document: read back as they were written."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.graph import Graph
from bpstudio.files import bps
from bpstudio.nn.faults import SpecError
from bpstudio.nn.keptdrawn import KEPT, NONE, SAMPLES, Wishes, columns_of, of_document, to_document

COLUMNS = {"size": np.array([1.0, 2.0, 0.1]), "age": np.arange(3.0), "price": np.ones(3)}


def through_a_file(wishes, columns=None, goals=()):
    training, tables = to_document(wishes, columns or {}, goals)
    data = bps.encode(bps.File(Graph(), training=training, datasets=tables))
    file = bps.decode(data)
    assert bps.encode(file) == data
    return file.training, file.datasets


@pytest.mark.parametrize("source", [NONE, SAMPLES, "spiral"])
def test_wishes_come_back_as_they_were(source):
    wishes = Wishes("l", source, {"x": "x1"}, "adam", 0.03, 7, shuffle=False, epochs=9, pace=100)
    assert of_document(*through_a_file(wishes)) == wishes


@pytest.mark.parametrize("goals", [(), ("price",), ("size", "age", "price")])
def test_a_table_comes_back_to_the_last_bit_whatever_is_to_be_met(goals):
    kept = through_a_file(Wishes("l", KEPT, {"x": "size"}), COLUMNS, goals)
    assert of_document(*kept).source == KEPT
    columns, found = columns_of(*kept)
    assert set(found) == set(goals)
    assert set(columns) == set(COLUMNS)
    assert all(np.array_equal(columns[name], COLUMNS[name]) for name in COLUMNS)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"data": {"dataset": "magic"}}, "$.training.data.dataset"),
        ({"data": {"use": "gone"}}, "$.training.data.use"),
        ({"data": {"use": "drawn", "samples": True}}, "$.training.data"),
        ({"optimizer": {"kind": "magic", "learning_rate": 1.0}}, "$.training.optimizer.kind"),
    ],
)
def test_a_name_that_there_is_not_is_refused_with_its_place(change, place):
    with pytest.raises(SpecError) as refused:
        of_document({"loss": "l", **change}, {"drawn": {"inputs": [], "targets": []}})
    assert refused.value.place == place


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({"inputs": [[1.0], [1.0, 2.0]], "targets": [[1.0], [2.0]]}, "$.datasets.t.inputs"),
        ({"inputs": [[1.0], [2.0]], "targets": [[1.0]]}, "$.datasets.t.targets"),
        (
            {"inputs": [[1.0]], "targets": [[1.0]], "features": ["a", "b"]},
            "$.datasets.t.features",
        ),
    ],
)
def test_a_table_that_does_not_fit_itself_is_refused_with_its_place(table, place):
    with pytest.raises(SpecError) as refused:
        columns_of({"loss": "l", "data": {"use": "t"}}, {"t": table})
    assert refused.value.place == place


def test_a_nameless_table_is_named_as_elsewhere():
    table = {"inputs": [[1.0, 2.0]], "targets": [[3.0]]}
    columns, goals = columns_of({"loss": "l", "data": {"use": "t"}}, {"t": table})
    assert list(columns) == ["x1", "x2", "y"]
    assert goals == ("y",)
