"""What JSON types cannot say about a document, each fault with its path."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from bpstudio.files import bps
from bpstudio.files.bps import BadDocument
from bpstudio.files.meaning import params_of
from tests.files.documents import spoiled

Document = dict[str, Any]


def gate(**fields: Any) -> Callable[[Document], object]:
    return lambda d: d["graph"]["gates"].append(fields)


def wire(source: str, target: str, port: str, name: str = "new") -> Callable[[Document], object]:
    return lambda d: d["graph"]["wires"].append({"id": name, "from": source, "to": [target, port]})


def groups(*entries: Document) -> Callable[[Document], object]:
    return lambda d: d["graph"].update(groups=list(entries))


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (gate(id="x", kind="add"), "$.graph.gates[3].id", "taken by $.graph.gates[2]"),
        (gate(id="w1", kind="add"), "$.graph.wires[0].id", "taken by $.graph.gates[3]"),
        (
            lambda d: d.update(notes=[{"id": "q"}]),
            "$.notes[0].id",
            "the id “q” is taken by $.graph.gates[1]",
        ),
        (gate(id="n", kind="convolve"), "$.graph.gates[3].kind", "no gate “convolve”"),
        (gate(id="n", kind="exp", params={"p": 1}), "$.graph.gates[3].params.p", "no parameter"),
        (
            gate(id="n", kind="input", params={"value": "1"}),
            "$.graph.gates[3].params.value",
            "expected a number, found text",
        ),
        (
            gate(id="n", kind="input", params={"value": True}),
            "$.graph.gates[3].params.value",
            "expected a number, found true or false",
        ),
        (
            gate(id="n", kind="input", params={"trainable": 1}),
            "$.graph.gates[3].params.trainable",
            "expected true or false, found a whole number",
        ),
        (
            gate(id="n", kind="input", params={"value": 10**400}),
            "$.graph.gates[3].params.value",
            "too large",
        ),
        *(
            (
                gate(id="n", kind="add", params={"inputs": wrong}),
                "$.graph.gates[3].params.inputs",
                "takes 2 to 64 inputs",
            )
            for wrong in (1, 65, 2.5, -3)
        ),
        (wire("none", "q", "y"), "$.graph.wires[2].from", "no gate with the id “none”"),
        (wire("x", "none", "y"), "$.graph.wires[2].to[0]", "no gate with the id “none”"),
        (wire("x", "q", "x3"), "$.graph.wires[2].to[1]", "no port “x3”; it has x, y"),
        (wire("q", "x", "x"), "$.graph.wires[2].to[1]", "“x” (input) takes no wire"),
        (wire("x", "q", "x"), "$.graph.wires[2].to", "q.x already has the wire “w1”"),
        (wire("x", "q", "y", "w1"), "$.graph.wires[2].id", "taken by $.graph.wires[0]"),
        (wire("f", "q", "y"), "$.graph.wires[", "loop: "),
        (wire("q", "q", "y"), "$.graph.wires[2]", "loop: q → q"),
        (lambda d: d["graph"].update(seeds={"none": 1}), "$.graph.seeds.none", "no gate with"),
        (lambda d: d["graph"].update(seeds={"q": 1, "f": "1"}), "$.graph.seeds.f", "found text"),
        (lambda d: d["graph"].update(seeds={"f": True}), "$.graph.seeds.f", "found true or"),
        (lambda d: d["graph"].update(seeds={"f": 10**400}), "$.graph.seeds.f", "too large"),
        (lambda d: d["graph"]["gates"][0].update(group="g"), "$.graph.gates[0].group", "no group"),
        (groups({"id": "g", "group": "h"}), "$.graph.groups[0].group", "no group with the id “h”"),
        (groups({"id": "g", "group": "g"}), "$.graph.groups[0].group", "inside itself"),
        (
            groups({"id": "g", "group": "h"}, {"id": "h", "group": "g"}),
            "$.graph.groups[0].group",
            "inside itself",
        ),
    ],
)
def test_refuses_what_makes_no_graph(
    change: Callable[[Document], object], place: str, reason: str
) -> None:
    with pytest.raises(BadDocument) as caught:
        bps.decode(spoiled(change))
    assert caught.value.place.startswith(place)
    assert reason in caught.value.reason


def test_spells_the_loop_out() -> None:
    with pytest.raises(BadDocument) as caught:
        bps.decode(spoiled(wire("f", "q", "y")))
    assert caught.value.reason.endswith(("q → f → q", "f → q → f"))
    assert caught.value.place in ("$.graph.wires[1]", "$.graph.wires[2]")


def test_a_very_deep_graph_and_a_very_deep_group_are_read() -> None:
    def deepen(document: Document) -> None:
        chain = ["x", *(f"n{i}" for i in range(20_000))]
        document["graph"]["gates"] += [{"id": key, "kind": "exp"} for key in chain[1:]]
        document["graph"]["wires"] += [
            {"id": f"c{i}", "from": a, "to": [b, "x"]} for i, (a, b) in enumerate(pairwise(chain))
        ]
        ids = [f"g{i}" for i in range(5000)]
        document["graph"]["groups"] = [
            {"id": key, **({"group": ids[i - 1]} if i else {})} for i, key in enumerate(ids)
        ]

    graph = bps.decode(spoiled(deepen)).graph
    assert len(graph.nodes) == 20_003
    assert len(graph.groups) == 5000


def test_a_gate_that_has_grown_has_its_ports() -> None:
    def grow(document: Document) -> None:
        document["graph"]["gates"][1]["params"] = {"inputs": 3.0}
        wire("x", "q", "x3")(document)

    graph = bps.decode(spoiled(grow)).graph
    assert graph.nodes["q"].params == {"inputs": 3}
    assert graph.wires["new"].port == "x3"


def test_whole_numbers_are_read_as_floats() -> None:
    params = {"value": 3}
    graph = bps.decode(spoiled(gate(id="n", kind="constant", params=params))).graph
    assert type(graph.nodes["n"].params["value"]) is float


def test_params_of_a_growing_gate_include_its_inputs() -> None:
    assert params_of("add") == {"inputs"}
    assert params_of("input") == {"value", "trainable"}
    assert params_of("convolve") is None
