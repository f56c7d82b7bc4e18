"""What changed between two documents is said once, in words, item by item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bpstudio.core.edits import define_kind
from bpstudio.core.graph import Graph, Group, Node, Note, Wire
from bpstudio.files import bps
from bpstudio.files.bps import File, View
from bpstudio.files.difference import differences
from tests.files.documents import SAMPLE

FILE = bps.decode(SAMPLE)


def changed(**tables: Any) -> File:
    graph = FILE.graph
    parts: dict[str, Any] = {
        name: {i.id: i for i in tables.get(name, ())} for name in ("nodes", "wires")
    }
    return replace(
        FILE,
        graph=Graph(
            {**graph.nodes, **parts["nodes"]}.values(),
            {**graph.wires, **parts["wires"]}.values(),
            tables.get("groups", ()),
            tables.get("notes", ()),
            tables.get("seeds", {}),
        ),
    )


def test_a_document_does_not_differ_from_itself():
    assert differences(FILE, bps.decode(SAMPLE)) == []


def test_names_what_changed_in_a_gate():
    x = FILE.graph.nodes["x"]
    other = replace(x, params={"value": 3.0, "trainable": True}, label="input", at=(8.0, 0.0))
    assert differences(FILE, changed(nodes=[other])) == [
        "x: the label “x” became “input”.",
        "input (x): trainable no → yes.",
        "input (x): value −2 → 3.",
        "input (x) was moved.",
    ]
    kind = replace(FILE.graph.nodes["q"], gate="multiply")
    assert differences(FILE, changed(nodes=[kind])) == ["q is now Multiply, not Add."]


def test_names_what_came_and_went():
    more = changed(
        nodes=[Node("y", "input", params={"value": 5.0})],
        wires=[Wire("w10", "y", "q", "y")],
        groups=[Group("g", "Part")],
        notes=[Note("n", "Read\nthis")],
        seeds={"f": 2.0},
    )
    assert differences(FILE, more) == [
        "Added y: Input = 5.",
        "Added the wire y → q.y.",
        "Added the group Part.",
        "Added the note n: “Read this”.",
        "The seed of f is now 2.",
    ]
    assert differences(more, FILE) == [
        "Removed y: Input = 5.",
        "Removed the wire y → q.y.",
        "Removed the group Part.",
        "Removed the note n: “Read this”.",
        "f lost its seed.",
    ]


def test_names_a_wire_that_was_plugged_elsewhere():
    moved = changed(wires=[Wire("w3", "q", "f", "y")])
    assert differences(FILE, moved) == ["The wire q → f.x became q → f.y."]


def test_names_groups_notes_title_and_view():
    before = changed(groups=[Group("g", "One")], notes=[Note("n", "A"), Note("m", "B")])
    after = replace(
        changed(
            nodes=[replace(FILE.graph.nodes["q"], group="g")],
            groups=[Group("g", "Two")],
            notes=[Note("n", "C"), Note("m", "B", (9.0, 9.0))],
        ),
        title="New",
        view=View(2.0),
        ext={"a": 1},
    )
    assert differences(before, after) == [
        "The title “(x+y)*z” became “New”.",
        "q went into the group g.",
        "The group g: the title “One” became “Two”.",
        "The note m was moved.",
        "The note n now says “C”.",
        "The view was moved.",
        "Data of other programs or versions differs.",
    ]
    assert "q left the group g." in differences(after, before)


def test_says_what_differs_in_the_drawing_of_a_wire() -> None:
    wire = FILE.graph.wires["w3"]

    def led(*dots: tuple[float, float]) -> File:
        return changed(wires=[replace(wire, dots=dots)])

    here, there = (96.0, 8.0), (120.0, 16.0)
    assert differences(FILE, led(here)) == ["The wire q → f.x is led through 1 dot, not 0."]
    assert differences(led(here), led(here, there)) == [
        "The wire q → f.x is led through 2 dots, not 1."
    ]
    assert differences(led(here), led(there)) == ["The dots of the wire q → f.x were moved."]
    assert differences(led(here), FILE) == ["The wire q → f.x is led through no dots any more."]
    both = changed(wires=[Wire("w3", "q", "f", "y", dots=(here,))])
    assert differences(FILE, both) == [
        "The wire q → f.x became q → f.y.",
        "The wire q → f.y is led through 1 dot, not 0.",
    ]


def test_says_what_differs_in_a_group() -> None:
    inner, outer = Group("g", "Part"), Group("h", "All")
    before = changed(groups=[inner, outer])
    after = changed(groups=[replace(inner, colour="red", collapsed=True, group="h"), outer])
    assert differences(before, after) == [
        "The group Part: the colour “No colour” became “Red”.",
        "The group Part was collapsed.",
        "The group Part went into the group h.",
    ]
    assert differences(after, before) == [
        "The group Part: the colour “Red” became “No colour”.",
        "The group Part was opened.",
        "The group Part left the group h.",
    ]


def test_says_that_a_note_has_another_size_and_place() -> None:
    before = changed(notes=[Note("n", "A")])
    after = changed(notes=[Note("n", "A", (8.0, 8.0), (240.0, 80.0))])
    assert differences(before, after) == ["The note n was moved.", "The note n was resized."]


def test_says_what_is_another_in_an_own_gate() -> None:
    def with_kind(title: str, formula: str) -> File:
        graph = Graph().apply(define_kind(Graph(), "swish", "x * sigmoid(x)"))
        (key,) = graph.kinds
        kind = replace(graph.kinds[key], title=title, formula=formula)
        return replace(FILE, graph=Graph(kinds=[kind]))

    one, named = with_kind("swish", "x * sigmoid(x)"), with_kind("silu", "x * sigmoid(x)")
    other = with_kind("swish", "x * x")
    assert differences(one, named) == ["The own gate swish is called silu now."]
    assert differences(one, other) == ["The own gate swish is now x * x."]


def test_every_item_that_differs_has_a_sentence() -> None:
    graph = FILE.graph
    base = changed(groups=[Group("g", "Part")], notes=[Note("n", "A")])
    for item, table in (
        (graph.wires["w3"], "wires"),
        (Group("g", "Part"), "groups"),
        (Note("n", "A"), "notes"),
    ):
        parts = {"groups": [Group("g", "Part")], "notes": [Note("n", "A")]}
        parts[table] = [replace(item, extra={"later": 1})]
        assert len(differences(base, changed(**parts))) == 1
