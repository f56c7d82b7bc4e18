"""What minor version 2 of the format carries: dots on wires, colours of groups, wires' shape."""

import json
from dataclasses import replace

import pytest

from bpstudio.core.graph import Graph, Group, Node, Wire
from bpstudio.files import bps
from bpstudio.files.bps import File
from tests.files.documents import SAMPLE, SAMPLES

DATA = (SAMPLES / "v1-minor2.bps").read_bytes()


def changed(change) -> bytes:
    document = json.loads(DATA)
    change(document["graph"])
    return json.dumps(document).encode()


def test_dots_colours_and_the_wires_shape_are_kept_to_the_byte():
    file = bps.decode(DATA)
    assert bps.encode(file) == DATA
    assert file.graph.wires["w3"].dots == ((80.0, 120.0), (240.0, 120.5))
    assert file.graph.wires["w1"].dots == ()
    assert file.graph.groups["g1"] == Group("g1", "Inside", True, "g2", {}, "blue")
    assert file.graph.setting("wires") == "orthogonal"


@pytest.mark.parametrize(
    "graph",
    [
        Graph(settings={"wires": "straight"}),
        Graph(groups=[Group("g", colour="red")]),
        Graph(
            [Node("a", "input"), Node("e", "exp")],
            [Wire("w1", "a", "e", "x", dots=((1.0, 2.0),))],
        ),
    ],
)
def test_the_minor_version_rises_to_2_with_any_of_them(graph):
    data = bps.encode(File(graph))
    assert b'"minor":2' in data
    assert bps.decode(data).graph == graph


def test_without_any_of_them_it_stays_low():
    assert b'"minor":0' in bps.encode(bps.decode(SAMPLE))
    assert b'"minor":1' in bps.encode(bps.decode((SAMPLES / "v1-minor1.bps").read_bytes()))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda g: g["wires"][2].update(dots=[[1.0, 2e7]]), "$.graph.wires[2].dots[0][1]"),
        (lambda g: g["wires"][2].update(dots=[[1.0]]), "$.graph.wires[2].dots[0]"),
        (lambda g: g["wires"][2].update(dots=[[0.0, 0.0]] * 65), "$.graph.wires[2].dots"),
        (lambda g: g["wires"][2].update(dots=3), "$.graph.wires[2].dots"),
        (lambda g: g["groups"][0].update(colour="mauve"), "$.graph.groups[0].colour"),
        (lambda g: g["groups"][0].update(colour="Blue!"), "$.graph.groups[0].colour"),
        (lambda g: g["settings"].update(wires="wavy"), "$.graph.settings.wires"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(change, place):
    with pytest.raises(bps.BadDocument) as caught:
        bps.decode(changed(change))
    assert caught.value.place == place


def test_a_key_written_twice_in_a_wire_with_dots_is_found():
    for twice in (b'{"id":"w3","id":"w3",', b'{"dots":[],"id":"w3",'):
        with pytest.raises(bps.BadDocument, match="twice"):
            bps.decode(DATA.replace(b'{"id":"w3",', twice))


def test_a_later_minor_version_keeps_its_colours_its_shape_and_what_it_wrote_beside_dots():
    data = DATA.replace(b'"minor":2', b'"minor":8').replace(b'"blue"', b'"teal"')
    data = data.replace(b"120.5]]}", b'120.5]],"spline":true}').replace(b"orthogonal", b"wavy")
    file = bps.decode(data)
    assert file.graph.groups["g1"].colour == "teal"
    assert file.graph.setting("wires") == "curved"
    assert bps.encode(file) == data


def test_an_older_program_keeps_them_as_unknown_keys():
    # What minor 1 did with this file: every key that it lacks becomes a Kept and is put back.
    from bpstudio.files import later, meaning

    keys = {**later.KEYS, "wires": ("id", "from", "to")}
    keys["groups"] = ("id", "title", "collapsed", "group")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(later, "KEYS", keys)
        split = later.split(DATA, meaning.params_of)
    assert "dots" in split.items["wires"][2]
    assert "colour" in split.items["groups"][0]
    assert b'"dots"' not in split.known


def test_moving_a_dot_changes_one_line():
    graph = bps.decode(DATA).graph
    wire = graph.wires["w3"]
    moved = replace(wire, dots=(wire.dots[0], (240.0, 128.0)))
    other = Graph(
        graph.nodes.values(),
        [*(w for w in graph.wires.values() if w.id != "w3"), moved],
        graph.groups.values(),
        settings=graph.settings,
    )
    now = bps.encode(File(other, "dots and colours")).splitlines()
    assert len([1 for a, b in zip(DATA.splitlines(), now, strict=True) if a != b]) == 1
