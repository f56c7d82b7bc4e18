"""The format: canonical bytes, versions, limits, and every bad document as one sentence."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.graph import Graph, Group, Node, Note, Wire
from bpstudio.files import bps, records
from bpstudio.files.bps import BadDocument, File, View
from tests.files.documents import SAMPLE, SAMPLES, spoiled


def refused(data: bytes) -> BadDocument:
    with pytest.raises(BadDocument) as caught:
        bps.decode(data, "f.bps")
    text = str(caught.value)
    assert text.startswith("f.bps: ")
    assert "\n" not in text
    assert len(text) <= 600
    return caught.value


# --- canonical bytes ----------------------------------------------------------------------------


def test_the_sample_of_the_format_page_is_canonical():
    file = bps.decode(SAMPLE)
    assert bps.encode(file) == SAMPLE
    assert file.title == "(x+y)*z"
    assert file.graph.nodes["x"] == Node("x", "input", (0.0, 0.0), {"value": -2.0}, "x")
    assert file.graph.wires["w3"] == Wire("w3", "q", "f", "x")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.bps")), ids=lambda p: p.name)
def test_frozen_samples_of_every_version_are_written_back_byte_for_byte(path: Path):
    data = path.read_bytes()
    assert bps.encode(bps.decode(data)) == data


def test_moving_one_gate_changes_one_line():
    file = bps.decode((SAMPLES / "v1.bps").read_bytes())
    node = file.graph.nodes["f"]
    nodes = {**file.graph.nodes, "f": replace(node, at=(8.0, 8.0))}.values()
    graph = file.graph
    moved = Graph(nodes, graph.wires.values(), graph.groups.values(), graph.notes.values())
    moved.seeds = graph.seeds
    before = bps.encode(file).splitlines()
    after = bps.encode(replace(file, graph=moved)).splitlines()
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_the_order_of_construction_does_not_show():
    nodes = [Node(f"x{i}", "input", params={"trainable": True, "value": 1.0}) for i in range(12)]
    turned = [Node(n.id, n.gate, params={"value": 1.0, "trainable": True}) for n in nodes[::-1]]
    data = bps.encode(File(Graph(nodes)))
    assert data == bps.encode(File(Graph(turned)))
    ids = [line["id"] for line in json.loads(data)["graph"]["gates"]]
    assert ids == [f"x{i}" for i in range(12)]


def test_only_format_version_and_graph_are_needed():
    data = b'{"format":"bpstudio.graph","version":1,"graph":{"gates":[],"wires":[]}}'
    assert bps.decode(data) == File(Graph())


def test_one_byte_order_mark_is_passed_over():
    assert bps.decode(b"\xef\xbb\xbf" + SAMPLE) == bps.decode(SAMPLE)
    refused(b"\xef\xbb\xbf\xef\xbb\xbf" + SAMPLE)


def test_network_and_datasets_are_kept_word_for_word():
    kept = b'"network":{"sizes":[2, 4,1],"seed":007}'.replace(b"007", b"7")
    data = SAMPLE.replace(b'"view"', kept + b',\n"view"')
    assert bps.encode(bps.decode(data)) == data


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_refuses_to_write_what_json_cannot_hold(value: float):
    with pytest.raises(BadDocument, match=r"params\.value \(x\): .* cannot be stored"):
        bps.encode(File(Graph([Node("x", "input", params={"value": value})])))
    with pytest.raises(BadDocument, match=r"\$\.ext"):
        bps.encode(File(Graph(), ext={"a": value}))


# --- laws -----------------------------------------------------------------------------------------

_ids = st.from_regex(r"\A[A-Za-z0-9_.:-]{1,12}\Z")
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_number = st.floats(allow_nan=False, allow_infinity=False)
_away = st.floats(-1e7, 1e7)
_free = st.recursive(
    st.none() | st.booleans() | st.integers() | _number | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def files(draw: st.DrawFn) -> File:
    ids = draw(st.lists(_ids, unique=True, max_size=14))
    kinds = ["input", "add", "exp", "note", "group"]
    kind = {key: draw(st.sampled_from(kinds)) for key in ids}
    at = st.tuples(_away, _away)
    groups = [Group(k, draw(_text), draw(st.booleans())) for k in ids if kind[k] == "group"]
    group = st.sampled_from(["", *(g.id for g in groups)])
    nodes = [
        Node(key, kind[key], draw(at), _params(draw, kind[key]), draw(_text), draw(group))
        for key in ids
        if kind[key] in ("input", "add", "exp")
    ]
    wires = [
        Wire(f"->{n.id}"[2:] + ":w", draw(st.sampled_from(nodes[:i])).id, n.id, "x")
        for i, n in enumerate(nodes)
        if i and n.gate != "input" and f"{n.id}:w" not in ids
    ]
    return File(
        Graph(
            nodes,
            wires,
            groups,
            [Note(k, draw(_text), draw(at)) for k in ids if kind[k] == "note"],
            {n.id: draw(_number) for n in nodes if draw(st.booleans())},
        ),
        draw(_text),
        View(draw(st.floats(0.01, 100)), draw(at)),
        draw(st.dictionaries(_text, _free, max_size=3)),
    )


def _params(draw: st.DrawFn, kind: str) -> dict[str, float | bool]:
    if kind == "add":
        return {"inputs": draw(st.integers(2, 64))}
    if kind == "exp":
        return {}
    return {"value": draw(_number), "trainable": draw(st.booleans())}


@given(files())
@settings(deadline=None, max_examples=150)
def test_encode_then_decode_is_identity(file: File):
    data = bps.encode(file)
    assert bps.decode(data) == file
    assert bps.encode(bps.decode(data)) == data


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_no_mutation_of_a_good_document_raises_anything_but_bad_document(data: st.DataObject):
    good = (
        SAMPLES / data.draw(st.sampled_from(["v1.bps", "v1-minor1.bps", "v1-minor9.bps"]))
    ).read_bytes()
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    spoilt = bytearray(good)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(spoilt))
        what = rng.randrange(4)
        if what == 0:
            spoilt[at] = rng.randrange(256)
        elif what == 1:
            del spoilt[at : at + rng.randint(1, 30)]
        elif what == 2:
            spoilt[at:at] = rng.choice(
                [b'"', b"{", b"[", b"]", b"1e999", b"null,", b"\\ud800", b"-"]
            )
        else:
            other = rng.randrange(len(spoilt))
            spoilt[at:at] = spoilt[other : other + rng.randint(1, 60)]
    try:
        file = bps.decode(bytes(spoilt))
    except BadDocument:
        return
    assert bps.decode(bps.encode(file)) == file


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_at_all_raise_anything_but_bad_document(data: bytes):
    refused(data)


# --- bad documents --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"", "$", "empty"),
        (b" \n", "$", "holds nothing"),
        (b"\0" * 4096, "$", "holds nothing"),
        (SAMPLE[:300], "line 13, column 24", "cut off"),
        (b"hello", "line 1, column 1", "not valid JSON"),
        (b'{\n"format": nope}', "line 2, column 11", "not valid JSON"),
        (SAMPLE + b"{}", "line 23, column 1", "not valid JSON"),
        (SAMPLE.replace(b"-2.0", b"NaN"), "line 10, column 60", "not valid JSON"),
        (SAMPLE.replace(b"-2.0", b"Infinity"), "line 10, column 60", "not valid JSON"),
        (SAMPLE.replace(b"-2.0", b"1e999"), "$.graph.gates[2].params.value", "too large"),
        (SAMPLE.replace(b"-2.0", b"9" * 5000), "$.graph.gates[2].params.value", "too large"),
        (SAMPLE.replace(b"320.0", b"9" * 5000), "$.graph.gates[0].pos[0]", "too large"),
        (SAMPLE.replace(b'"ext":{}', b'"ext":{"a":1e999}'), "$.ext.a", "too large"),
        (SAMPLE.replace(b"[]", b"[" * 100_000, 1), "$.graph.groups[0]", "deeper than 32"),
        (b"[" * 100_000, "$", "expected an object, found a list"),
        (
            SAMPLE.replace(b'"ext":{}', b'"ext":{"a":' + b"[" * 40 + b"]" * 40 + b"}"),
            "$.ext.a[0]",
            "deeper than 32",
        ),
        (
            SAMPLE.replace(b'"ext"', b'"network":' + b"[" * 5000 + b"]" * 5000 + b',"ext"'),
            "$.network[0]",
            "deeper than 32",
        ),
        (SAMPLE.replace(b'"ext"', b'"network":[1e999],"ext"'), "$.network[0]", "too large"),
        (SAMPLE.replace(b"(x", b"\xff"), "line 5, column 10", "not UTF-8"),
        (SAMPLE.decode().encode("utf-16"), "line 1, column 1", "not UTF-8"),
        (SAMPLE.replace(b"(x", b"\\ud800"), "$.title", "half of a surrogate pair"),
        (SAMPLE.replace(b'"title"', b'"minor":0,"title"'), "$.minor", "written twice"),
        (
            SAMPLE.replace(b'"label":"x"', b'"label" :"x","\\u006cabel":"y"'),
            "$.graph.gates[2].label",
            "written twice",
        ),
        (
            SAMPLE.replace(b"-2.0", b'-2.0,"value":3.0'),
            "$.graph.gates[2].params.value",
            "written twice",
        ),
        (SAMPLE.replace(b'"seeds":{}', b'"seeds":{"f":1,"f":1}'), "$.graph.seeds.f", "twice"),
        (SAMPLE.replace(b'"ext":{}', b'"ext":{"a":{"b":1,"b":1}}'), "$.ext.a.b", "twice"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_broken_text_is_refused_with_its_place(data: bytes, place: str, reason: str):
    error = refused(data)
    assert error.place.startswith(place)
    assert reason in error.reason


def _set(path: str, value: object) -> Any:
    """A change that puts `value` at a path such as "graph.gates.2.pos"; ... takes it away."""

    def change(document: Any) -> None:
        *way, last = [int(p) if p.isdecimal() else p for p in path.split(".")]
        for part in way:
            document = document[part]
        if value is ...:
            del document[last]
        elif isinstance(document, list) and last == len(document):
            document.append(value)
        else:
            document[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "place", "reason"),
    [
        ("format", ..., "$", "“format” is missing"),
        ("format", "drawio", "$.format", "not a document of Backprop Studio"),
        ("version", ..., "$", "“version” is missing"),
        ("version", "1", "$.version", "expected a whole number, found text"),
        ("version", True, "$.version", "expected a whole number, found true or false"),
        ("version", 0, "$.version", "no version 0"),
        ("minor", -1, "$.minor", "no minor version -1"),
        ("graph", ..., "$", "“graph” is missing"),
        ("graph.wires", ..., "$.graph", "“wires” is missing"),
        ("graph.gates.0.kind", ..., "$.graph.gates[0]", "“kind” is missing"),
        ("graph.gates.0.colour", "red", "$.graph.gates[0].colour", "no such key"),
        ("colour", "red", "$.colour", "no such key"),
        ("view.rotation", 1, "$.view.rotation", "no such key"),
        ("graph.gates.2.pos.1", "0", "$.graph.gates[2].pos[1]", "a number, found text"),
        ("graph.gates.2.pos.1", True, "$.graph.gates[2].pos[1]", "found true or false"),
        ("graph.gates.2.pos", [0], "$.graph.gates[2].pos", "exactly 2"),
        ("graph.gates.2.pos.1", 1.1e7, "$.graph.gates[2].pos[1]", "<= 10000000"),
        ("graph.gates.2.id", "x\n", "$.graph.gates[2].id", "an id is 1 to 64"),
        ("graph.gates.2.id", "a b", "$.graph.gates[2].id", "an id is 1 to 64"),
        ("graph.gates.2.id", "", "$.graph.gates[2].id", "an id is 1 to 64"),
        ("graph.gates.2.id", "a" * 65, "$.graph.gates[2].id", "an id is 1 to 64"),
        ("graph.gates.2.label", "a" * 201, "$.graph.gates[2].label", "longer than 200"),
        ("title", "a" * 201, "$.title", "longer than 200"),
        ("notes", [{"id": "n", "text": "a" * 20_001}], "$.notes[0].text", "longer than 20,000"),
        ("view.zoom", 0, "$.view.zoom", "> 0"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_path(path: str, value: object, place: str, reason: str):
    error = refused(spoiled(_set(path, value)))
    assert error.place == place
    assert reason in error.reason


def test_a_later_version_is_refused_before_anything_else_is_read():
    error = refused(b'{"format":"bpstudio.graph","version":2,"graph":[1,{"a":1,"a":2}],"x":{}}')
    assert error.place == "$.version"
    assert "version 2" in error.reason
    assert "newer Backprop Studio" in error.reason


def test_a_later_minor_version_keeps_what_this_one_does_not_know():
    file = bps.decode((SAMPLES / "v1-minor9.bps").read_bytes())
    assert file.minor == 9
    assert file.graph.nodes["c1"].gate == "convolve"
    assert file.graph.nodes["x"].params == {"value": -2.0}
    assert file.graph.nodes["x"].extra["colour"].text == '"#fff"'
    assert file.extra["made"].text == '{"by":"a later version","at": [1, 2.50]}'


def test_a_later_minor_version_is_otherwise_read_as_strictly():
    data = (SAMPLES / "v1-minor9.bps").read_bytes()
    assert refused(data.replace(b"-2.0", b'"-2"')).place == "$.graph.gates[1].params.value"
    assert refused(data.replace(b'"from":"y"', b'"from":"z"')).place == "$.graph.wires[1].from"
    twice = data.replace(b'"colour":"#fff"', b'"colour":1,"colour":2')
    assert refused(twice).place == "$.graph.gates[1].colour"
    assert refused(data.replace(b'"minor":9', b'"minor":0')).place.startswith("$.")


def test_a_document_of_an_older_version_is_migrated(monkeypatch: pytest.MonkeyPatch):
    def step(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "title": document["title"] + ", migrated"}

    monkeypatch.setattr(bps, "MIGRATIONS", {0: step})
    file = bps.decode(SAMPLE.replace(b'"version":1', b'"version":0'))
    assert file.title == "(x+y)*z, migrated"
    assert file.version == 0
    assert b'"version":1' in bps.encode(file)


def test_an_oversized_document_is_refused_unread(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bps, "MOST_BYTES", 2**20)
    assert "larger than 1 MiB" in refused(b" " * (2**20 + 1)).reason


def test_the_limits_are_those_of_the_format_page():
    assert records.MOST_BYTES == 64 * 2**20
    assert (records.MOST_GATES, records.MOST_WIRES) == (200_000, 400_000)


def test_control_characters_cannot_break_the_one_line():
    assert "\\u2028" in str(refused(spoiled(_set("a\nb\u2028c", 1))))


# --- files ----------------------------------------------------------------------------------------


def test_a_saved_document_opens_as_the_same_and_knows_when_it_changed(tmp_path: Path):
    file = bps.decode(SAMPLE)
    path = tmp_path / "f.bps"
    stamp = bps.save(file, path)
    loaded, read = bps.load(path)
    assert loaded == file
    assert read == stamp
    assert not stamp.changed(path)
    path.write_bytes(SAMPLE.replace(b"-2.0", b"-3.0"))
    assert stamp.changed(path)


@pytest.mark.parametrize("name", ["none.bps", "folder", "bad\0name", "x" * 300, "no/such/f.bps"])
def test_a_file_that_cannot_be_read_is_a_bad_document(tmp_path: Path, name: str):
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadDocument) as caught:
        bps.load(f"{tmp_path}/{name}")
    assert caught.value.place == "file"
