"""What minor version 4 of the format carries: how the graph itself is trained."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bpstudio.core.graph import Graph
from bpstudio.files import bps
from bpstudio.files.bps import BadDocument, File
from bpstudio.files.difference import differences
from tests.files.documents import SAMPLE, SAMPLES

DATA = (SAMPLES / "v1-minor4.bps").read_bytes()


def test_the_frozen_sample_is_read_and_written_back_byte_for_byte():
    file = bps.decode(DATA)
    assert file.training is not None
    assert file.training["takes"] == {"x": "size", "y": "price"}
    assert file.datasets["drawn"]["targets"] == [[-2.0], [1.0], [4.0]]
    assert bps.encode(file) == DATA


def test_only_training_raises_the_minor_version_to_4():
    assert b'"minor":4' in bps.encode(File(Graph(), training={"loss": "l"}))
    older = (SAMPLES / "v1-minor3.bps").read_bytes()
    assert bps.encode(bps.decode(older)) == older


def test_before_minor_4_the_key_is_kept_word_for_word():
    data = SAMPLE.replace(b'"view"', b'"training":[1, 2],\n"view"')
    file = bps.decode(data)
    assert file.training is None
    assert bps.encode(file) == data


def test_training_of_ours_takes_the_place_of_what_was_kept():
    kept = bps.decode(SAMPLE.replace(b'"view"', b'"training":[1, 2],\n"view"'))
    again = bps.decode(bps.encode(replace(kept, training={"loss": "f"})))
    assert again.training == {"loss": "f"}


def test_what_another_program_kept_as_network_stays_beside_our_training():
    kept = bps.decode(SAMPLE.replace(b'"view"', b'"network":[1, 2],\n"view"'))
    assert b'"network":[1, 2]' in bps.encode(replace(kept, training={"loss": "f"}, minor=0))


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("loss",), "no id!", "$.training.loss"),
        (("loss",), None, "$.training.loss"),
        (("data",), {"path": "/etc"}, "$.training.data.path"),
        (("takes",), {"x": 3}, "$.training.takes"),
        (("batch",), 0, "$.training.batch"),
        (("epochs",), -1, "$.training.epochs"),
        (("optimizer",), {"kind": "sgd"}, "$.training.optimizer"),
        (("run",), "rm", "$.training.run"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(place: Any, value: Any, says: str):
    document = json.loads(DATA)
    document["training"][place[0]] = value
    with pytest.raises(BadDocument) as refused:
        bps.decode(json.dumps(document).encode())
    assert refused.value.place.startswith(says)


def test_a_difference_in_training_is_said():
    a = bps.decode(DATA)
    b = replace(a, training={**a.training, "batch": 3})  # type: ignore[dict-item]
    assert differences(a, b) == ["How the graph is trained was changed."]
