"""What minor version 3 of the format carries: a network, its weights and its data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.graph import Graph
from bpstudio.files import bps
from bpstudio.files.bps import BadDocument, File
from bpstudio.files.difference import differences
from tests.files.documents import SAMPLE, SAMPLES

DATA = (SAMPLES / "v1-minor3.bps").read_bytes()


def spoilt(change: Any) -> bytes:
    document = json.loads(DATA)
    change(document)
    return json.dumps(document).encode()


def test_the_frozen_sample_is_read_and_written_back_byte_for_byte():
    file = bps.decode(DATA)
    assert file.network["spec"]["network"]["sizes"] == [2, 2, 1]
    assert file.network["weights"][0]["W"] == [[0.1, -0.30000000000000004], [1e-300, 2.0]]
    assert file.datasets["xor"]["inputs"][1] == [0.0, 1.0]
    assert bps.encode(file) == DATA


def test_only_a_network_or_data_raise_the_minor_version_to_3():
    file = bps.decode(DATA)
    assert b'"minor":0' in bps.encode(File(Graph()))
    assert b'"minor":3' in bps.encode(File(Graph(), network=file.network))
    assert b'"minor":3' in bps.encode(File(Graph(), datasets=file.datasets))


def test_before_minor_3_the_two_keys_are_kept_word_for_word():
    data = SAMPLE.replace(b'"view"', b'"network":[1, 2],\n"datasets":"any",\n"view"')
    file = bps.decode(data)
    assert file.network is None
    assert bps.encode(file) == data


def test_a_network_of_ours_takes_the_place_of_what_was_kept():
    kept = SAMPLE.replace(b'"view"', b'"network":[1, 2],\n"datasets":"any",\n"view"')
    given = bps.decode(DATA)
    file = bps.decode(kept)
    whole = File(file.graph, extra=file.extra, network=given.network, datasets=given.datasets)
    again = bps.decode(bps.encode(whole))
    assert (again.network, again.datasets) == (given.network, given.datasets)


def test_a_later_minor_version_keeps_what_this_one_does_not_know():
    data = DATA.replace(b'"minor":3', b'"minor":8')
    assert bps.decode(data).network is not None
    assert bps.encode(bps.decode(data)) == data
    other = data.replace(b'"updates":', b'"speed":1,\n"updates":')
    assert bps.decode(other).network is None
    assert bps.encode(bps.decode(other)) == other


def set_at(*path: Any) -> Any:
    *way, last, value = path

    def change(document: Any) -> None:
        for key in way:
            document = document[key]
        document[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (set_at("network", []), "$.network", "expected an object, found a list"),
        (set_at("network", None), "$.network", "expected an object, found null"),
        (set_at("network", {}), "$.network", "“spec” is missing"),
        (set_at("network", "path", "/etc"), "$.network.path", "no such key"),
        (set_at("network", "updates", -1), "$.network.updates", "must be >= 0"),
        (set_at("network", "updates", 1.5), "$.network.updates", "a whole number"),
        (
            set_at("network", "weights", 0, "W", 1, 0, "x"),
            "$.network.weights[0].W[1][0]",
            "a number",
        ),
        (set_at("network", "weights", 0, {}), "$.network.weights[0]", "“W” is missing"),
        (set_at("network", "spec", 3), "$.network.spec", "an object"),
        (set_at("datasets", []), "$.datasets", "an object"),
        (set_at("datasets", "xor", "inputs", 2, 0), "$.datasets.xor.inputs[2]", "a list"),
        (set_at("datasets", "xor", "url", "http://x"), "$.datasets.xor.url", "no such key"),
        (set_at("datasets", "two words", {}), "$.datasets", "an id is"),
    ],
)
def test_hostile_values_are_refused_with_their_path(change: Any, place: str, reason: str):
    with pytest.raises(BadDocument) as caught:
        bps.decode(spoilt(change))
    assert caught.value.place == place
    assert reason in caught.value.reason


def test_a_number_too_large_and_a_key_written_twice_are_refused():
    with pytest.raises(BadDocument, match=r"\$\.network\.weights\[0\]\.W\[0\]\[0\]"):
        bps.decode(DATA.replace(b"0.1,", b"1e999,", 1))
    with pytest.raises(BadDocument, match="written twice"):
        bps.decode(DATA.replace(b'"updates":', b'"updates":1,\n"updates":'))


def test_too_many_numbers_are_refused(monkeypatch: pytest.MonkeyPatch):
    from bpstudio.files import network

    monkeypatch.setattr(network, "MOST_NUMBERS", 10)
    with pytest.raises(BadDocument, match="more than 10 numbers"):
        bps.decode(DATA)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_refuses_to_write_what_json_cannot_hold(value: float):
    network = {"spec": {}, "weights": [{"W": [[value]], "b": [0.0]}]}
    with pytest.raises(BadDocument, match=r"\$\.network\.weights"):
        bps.encode(File(Graph(), network=network))


def test_differences_are_told_in_words():
    a = bps.decode(DATA)
    document = json.loads(DATA)
    document["network"]["spec"]["seed"] = 9
    document["network"]["weights"][0]["b"][0] = 5.0
    document["network"]["updates"] = 40
    document["datasets"]["other"] = document["datasets"].pop("xor")
    b = bps.decode(json.dumps(document).encode())
    assert differences(a, b) == [
        "The network or its settings were changed.",
        "The network's weights differ: after 12 and after 40 updates.",
        "Added the data “other”.",
        "Removed the data “xor”.",
    ]
    bare = File(a.graph, title=a.title, view=a.view)
    assert differences(bare, a)[0] == "Added a network."
    assert differences(a, bare)[0] == "Removed the network."


_numbers = st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=4)
_matrix = st.lists(_numbers, max_size=3)
_names = st.from_regex(r"\A[a-z0-9_]{1,8}\Z")


@given(
    st.lists(st.fixed_dictionaries({"W": _matrix, "b": _numbers}), max_size=3),
    st.dictionaries(_names, st.fixed_dictionaries({"inputs": _matrix, "targets": _matrix})),
    st.integers(0, 2**60),
)
@settings(deadline=None, max_examples=60)
def test_encode_then_decode_is_identity(weights: Any, datasets: Any, updates: int):
    network = {"spec": {"seed": 3}, "weights": weights, "updates": updates}
    file = File(Graph(), minor=3, network=network, datasets=datasets)
    data = bps.encode(file)
    assert bps.decode(data) == file
    assert bps.encode(bps.decode(data)) == data
