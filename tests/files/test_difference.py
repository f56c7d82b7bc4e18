"""What changed between two documents is said once, in words, item by item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
        "The group Two differs.",
        "The note m was moved.",
        "The note n now says “C”.",
        "The view was moved.",
        "Data of other programs or versions differs.",
    ]
    assert "q left the group g." in differences(after, before)
