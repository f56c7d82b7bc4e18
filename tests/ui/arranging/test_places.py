"""On the canvas, under real mouse and key events: places, guides and glides."""

from __future__ import annotations

import pytest

from bpstudio.core import edits, groups
from bpstudio.core.graph import Node
from bpstudio.ui.canvas import arranging, gliding
from tests.ui.canvas.person import ALT, CTRL, LEFT, SHIFT


def test_a_drag_locks_in_on_a_neighbour_and_shows_the_line(person):
    person.document.do(edits.move(person.graph, {"f": (403.0, 160.0)}))
    person.press(person.node("z", -20))
    start = person.graph.nodes["z"].at
    spot = person.node("z", -20)
    person.move(spot + person.at(200, 0) - person.at(0, 0), LEFT)
    lines = person.canvas.overlay.lines
    assert any(line.upright and line.at == 200 for line in lines)
    person.release(spot + person.at(200, 0) - person.at(0, 0))
    assert person.graph.nodes["z"].at[0] == start[0] + 200


def test_ctrl_lets_a_drag_go_anywhere(person):
    spot = person.node("z", -20)
    person.press(spot)
    person.move(spot + person.at(13, 101) - person.at(0, 0), LEFT, CTRL)
    assert person.canvas.overlay.lines == ()
    person.release(spot + person.at(13, 101) - person.at(0, 0), mods=CTRL)
    x, y = person.graph.nodes["z"].at
    assert (x, y) == (13, 261)


def test_ctrl_and_alt_drag_a_copy_with_its_inner_wires(person):
    person.document.select(["z", "f"])
    spot = person.node("f", -10)
    to = person.node("f", -10, 160)
    person.press(spot)
    person.move(person.node("f", -10, 80), LEFT, CTRL | ALT)
    person.move(to, LEFT, CTRL | ALT)
    assert len(person.canvas.overlay.copies) == 2
    person.release(to, mods=CTRL | ALT)
    assert len(person.graph.nodes) == 7
    assert len(person.graph.wires) == 5
    assert person.labels == ["Duplicate 2 gates"]
    copies = person.document.selection
    assert {person.graph.nodes[key].at for key in copies} == {(0, 320), (400, 240)}
    assert person.graph.nodes["f"].at == (400, 80)


def test_shift_keeps_a_drag_on_one_axis(person):
    person.drag(person.node("f", -10), person.node("f", 93, 20), SHIFT)
    x, y = person.graph.nodes["f"].at
    assert y == 80
    assert x != 400


@pytest.mark.parametrize(
    ("edge", "axis"),
    [("left", 0), ("centre", 0), ("right", 0), ("top", 1), ("middle", 1), ("bottom", 1)],
)
def test_aligning_is_one_command_that_glides(person, edge, axis):
    person.document.select(["q", "f"])
    arranging.align(person.canvas, edge)
    assert len(person.labels) == 1
    boxes = [groups.body(person.graph.nodes[key], person.graph) for key in ("q", "f")]
    share = {"left": 0, "top": 0, "centre": 0.5, "middle": 0.5}.get(edge, 1)
    lines = {b[axis] + share * (b[axis + 2] - b[axis]) for b in boxes}
    assert len(lines) == 1


def test_what_cannot_be_aligned_is_said(person):
    person.document.select(["q"])
    arranging.align(person.canvas, "left")
    assert person.heard[-1] == "Choose two things or more to align them."
    assert person.labels == []


def test_distributing_and_straightening(person):
    person.document.select(["x", "y", "z"])
    arranging.distribute(person.canvas, "down")
    assert person.heard[-1] == "It is so already."
    person.document.select(["f"])
    arranging.straighten(person.canvas)
    assert person.labels == ["Straighten the wires"]


def test_deleting_joins_the_wires_of_what_goes(person):
    person.document.do(edits.splice(*_with_tanh(person), "w3"))
    node = next(n.id for n in person.graph.nodes.values() if n.gate == "tanh")
    person.document.select([node])
    arranging.delete_and_join(person.canvas)
    assert person.graph.wires[person.graph.into("f")["x"]].source == "q"
    assert person.labels[-1] == "Delete tanh1 and join its wires"


def _with_tanh(person):
    patch = edits.add_node(person.graph, "tanh", (300.0, 40.0))
    person.document.do(patch)
    return person.graph, edits.born(patch)[0]


def test_tidy_glides_and_ends_where_the_graph_is(person, qtbot):
    person.canvas.reduced_motion = False
    person.document.do(edits.move(person.graph, {"f": (100.0, 400.0), "q": (600.0, -100.0)}))
    person.document.undo_stack.clear()
    person.canvas.tidy()
    assert person.labels == ["Tidy the graph"]
    view = person.canvas.view
    assert person.canvas._glide.running
    assert (view.at != view.nodes.at).any()
    qtbot.waitUntil(lambda: not person.canvas._glide.running)
    assert (view.at == view.nodes.at).all()
    person.undo_all()
    assert person.graph.nodes["f"].at == (100, 400)


def test_an_edit_ends_a_glide(person, monkeypatch):
    monkeypatch.setattr(gliding, "GLIDE_S", 60.0)
    person.canvas.reduced_motion = False
    person.document.select(["q", "f"])
    arranging.align(person.canvas, "middle")
    assert person.canvas._glide.running
    person.document.do(edits.add_node(person.graph, "exp", (300.0, 300.0)))
    assert not person.canvas._glide.running
    view = person.canvas.view
    assert (view.at == view.nodes.at).all()


def test_whoever_wants_less_motion_sees_no_glide(person):
    person.canvas.reduced_motion = True
    person.document.select(["q", "f"])
    arranging.align(person.canvas, "top")
    assert not person.canvas._glide.running


def test_no_gesture_holds_on_to_a_gate_that_is_gone(person):
    person.press(person.node("q", -10))
    person.move(person.node("q", 60), LEFT)
    person.document.do(edits.delete(person.graph, ["group1"]))
    person.release(person.node("f"))
    assert person.resting
    assert isinstance(person.graph.nodes["f"], Node)
