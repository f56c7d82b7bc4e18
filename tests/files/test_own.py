"""What minor version 1 of the format carries: own gates, settings, batches of samples."""

import json

import pytest

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Kind, Node
from bpstudio.core.plan import Plan
from bpstudio.files import bps
from bpstudio.files.bps import File
from bpstudio.files.difference import differences
from tests.files.documents import SAMPLE, SAMPLES, spoiled

OWN = b"""{
"format":"bpstudio.graph",
"version":1,
"minor":1,
"title":"own",
"graph":{
"gates":[
{"id":"a","kind":"input","pos":[0.0,0.0],"params":{"value":[1.0,-2.5]},"label":"a"},
{"id":"m","kind":"max","pos":[160.0,0.0]},
{"id":"s","kind":"swish","pos":[80.0,0.0]}
],
"wires":[
{"id":"w1","from":"a","to":["s","u"]},
{"id":"w2","from":"s","to":["m","x"]},
{"id":"w3","from":"a","to":["m","y"]}
],
"groups":[],
"seeds":{},
"kinds":[
{"id":"gate2","formula":"abs(x)"},
{"id":"swish","title":"Swish!","formula":"u * sigmoid(u)"}
],
"settings":{"ties":"first"}
},
"notes":[],
"view":{"zoom":1.0,"center":[0.0,0.0]},
"ext":{}
}
"""


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(bps.BadDocument) as caught:
        bps.decode(data)
    return caught.value.place, caught.value.reason


def changed(change) -> bytes:
    document = json.loads(OWN)
    change(document["graph"])
    return json.dumps(document).encode()


def test_own_gates_settings_and_batches_are_kept_to_the_byte():
    file = bps.decode(OWN)
    assert bps.encode(file) == OWN
    graph = file.graph
    assert graph.kinds["swish"] == Kind("swish", "Swish!", "u * sigmoid(u)")
    assert graph.settings == {"ties": "first"}
    assert graph.nodes["a"].params["value"] == (1.0, -2.5)
    trace = Plan.of(graph).run()
    assert trace.value.shape[1] == 2
    assert trace.plan.known.all()


def test_the_minor_version_rises_only_with_what_needs_it():
    assert b'"minor":0' in bps.encode(File(Graph([Node("x", "input", params={"value": 1.0})])))
    plain = bps.decode(SAMPLE).graph
    for patch in (
        edits.set_setting(plain, "ties", "all"),
        edits.define_kind(plain, "Mine", "x + 2"),
        edits.set_param(plain, "x", "value", [1, 2]),
    ):
        data = bps.encode(File(plain.apply(patch)))
        assert b'"minor":1' in data
        assert bps.decode(data).graph == plain.apply(patch)
        assert bps.encode(bps.decode(data)) == data
    back = plain.apply(edits.set_setting(plain, "ties", "all"))
    back = back.apply(edits.set_setting(back, "ties", "even"))
    assert back == plain
    assert b'"minor":0' in bps.encode(File(back))


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (lambda g: g["kinds"][0].update(id="sigmoid"), "$.graph.kinds[0].id", "the table"),
        (lambda g: g["kinds"][0].update(id="ln"), "$.graph.kinds[0].id", "the table"),
        (lambda g: g["kinds"][0].update(id="a-b"), "$.graph.kinds[0].id", "letters and digits"),
        (lambda g: g["kinds"][0].update(id="a"), "$.graph.kinds[0].id", "is taken by"),
        (lambda g: g["kinds"][0].update(formula="x +"), "$.graph.kinds[0].formula", "column 4"),
        (lambda g: g["kinds"][0].update(formula="3"), "$.graph.kinds[0].formula", "input"),
        (lambda g: g["kinds"][0].update(formula="erf(x)"), "$.graph.kinds[0].formula", "erf"),
        (lambda g: g["kinds"][1].update(formula="gate2(u)"), "$.graph.kinds[1].formula", "gate2"),
        (lambda g: g["kinds"][0].pop("formula"), "$.graph.kinds[0]", "formula"),
        (lambda g: g["kinds"][0].update(formula="x" * 20_001), "$.graph.kinds[0].formula", ""),
        (lambda g: g["kinds"][0].update(code="1"), "$.graph.kinds[0].code", ""),
        (lambda g: g["kinds"].pop(1), "$.graph.gates[2].kind", "no gate “swish”"),
        (lambda g: g["gates"][2].update(params={"a": 1.0}), "$.graph.gates[2].params.a", "no par"),
        (lambda g: g["wires"][0].update(to=["s", "x"]), "$.graph.wires[0].to[1]", "no port “x”"),
        (lambda g: g["settings"].update(ties="none"), "$.graph.settings.ties", "even, first, all"),
        (lambda g: g["settings"].update(ties=["even"]), "$.graph.settings.ties", "one of"),
        (lambda g: g["settings"].update(speed=1), "$.graph.settings.speed", "no setting"),
        (
            lambda g: g["gates"][0]["params"].update(value=[1.0]),
            "$.graph.gates[0].params.value",
            "2 to 100,000 samples, not 1",
        ),
        (
            lambda g: g["gates"][0]["params"].update(value=[1.0, "2"]),
            "$.graph.gates[0].params.value[1]",
            "",
        ),
        (
            lambda g: g["gates"][0].update(kind="constant"),
            "$.graph.gates[0].params.value",
            "number",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(change, place, reason):
    found = refused(changed(change))
    assert found[0] == place
    assert reason in found[1]


def test_the_formulas_together_have_a_limit():
    def many(graph):
        graph["kinds"] += [{"id": f"k{n}", "formula": "x+" * 9_000 + "x"} for n in range(20)]

    assert "200,000 characters together" in refused(changed(many))[1]


def test_a_later_minor_version_keeps_what_it_wrote_about_kinds_and_settings():
    data = OWN.replace(b'"minor":1', b'"minor":7')
    data = data.replace(b'"formula":"abs(x)"}', b'"formula":"abs(x)","colour":"red"}')
    data = data.replace(b'{"ties":"first"}', b'{"ties":"random","speed":[1,{"a":2}]}')
    file = bps.decode(data)
    assert file.graph.settings == {}
    assert bps.encode(file) == data


def test_a_key_written_twice_is_found_in_a_kind():
    twice = OWN.replace(b'{"id":"gate2",', b'{"id":"gate2","id":"gate2",')
    assert "twice" in refused(twice)[1]
    assert "twice" in refused(OWN.replace(b'{"ties":', b'{"ties":"all","ties":'))[1]


def test_differences_name_own_gates_settings_and_batches():
    a, b = bps.decode(SAMPLE), bps.decode(OWN)
    said = "\n".join(differences(File(a.graph), File(b.graph)))
    assert "Added the own gate Swish!: u * sigmoid(u)." in said
    assert "Added a: Input = 2 samples." in said
    assert "Added s: Swish!." in said
    assert (
        "Ties of max and min: “split the gradient evenly” became “the first gets it all”." in said
    )
    other = b.graph.apply(edits.change_kind(b.graph, "gate2", formula="-x"))
    assert differences(b, File(other, b.title)) == ["The own gate gate2 is now -x."]


def test_the_old_sample_is_still_written_as_it_was():
    data = (SAMPLES / "v1.bps").read_bytes()
    assert bps.encode(bps.decode(data)) == data
    assert bps.decode(spoiled(lambda d: d.update(minor=1))).minor == 1
