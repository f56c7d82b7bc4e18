"""Frames: what stands in one, and the edits that draw, move, size, paint, copy and fit them."""

import pytest

from bpstudio.core import edits
from bpstudio.core.graph import BadText, Graph, GraphError, Group, Node, Note, UnknownItem, Wire
from bpstudio.core.groups import body, boxes
from bpstudio.core.standing import frames_of, frames_round, rect_of, standing_in, with_standing


def lesson() -> Graph:
    """Two gates and a note in a frame, one gate on its line, one outside."""
    nodes = [
        Node("x", "input", (100.0, 100.0), {"value": 2.0}, "x"),
        Node("e", "exp", (250.0, 100.0)),
        Node("l", "log", (400.0, 100.0)),
        Node("s", "sin", (700.0, 100.0)),
    ]
    wires = [Wire("w1", "x", "e", "x"), Wire("w2", "e", "l", "x"), Wire("w3", "l", "s", "x")]
    notes = [
        Note("frame1", "forward pass", (0.0, 0.0), (400.0, 260.0), frame=True),
        Note("n1", "why", (20.0, 160.0), (100.0, 60.0)),
    ]
    return Graph(nodes, wires, notes=notes)


# --- grows with what stands in it ---------------------------------------------------------------


def grown_lesson() -> Graph:
    nodes = [
        Node("x", "input", (100.0, 100.0), {"value": 2.0}, "x"),
        Node("s", "sigmoid", (250.0, 100.0)),
        Node("l", "log", (500.0, 100.0)),
    ]
    wires = [Wire("w1", "x", "s", "x"), Wire("w2", "s", "l", "x")]
    notes = [
        Note("outer", "", (-40.0, -40.0), (400.0, 300.0), frame=True),
        Note("inner", "", (180.0, 40.0), (140.0, 120.0), frame=True),
        Note("aside", "", (0.0, 800.0), (140.0, 120.0), frame=True),
    ]
    return Graph(nodes, wires, notes=notes)


def test_frames_grow_to_hold_what_came_of_a_gate_in_the_same_undo():
    before = grown_lesson()
    patch = edits.expand(before, "s")
    after = before.apply(patch)
    parts = {node.id for node in after.nodes.values() if node.group}
    assert len(parts) > 2
    assert parts <= set(standing_in(after, "inner"))
    assert {*parts, "x", "inner"} <= set(standing_in(after, "outer"))
    assert "l" not in standing_in(after, "outer")
    assert after.notes["aside"] == before.notes["aside"]
    assert after.apply(patch.inverse()) == before


def test_a_frame_with_room_for_the_parts_stays_as_it_is():
    roomy = Note("outer", "", (-400.0, -400.0), (1600.0, 1200.0), frame=True)
    before = Graph(grown_lesson().nodes.values(), grown_lesson().wires.values(), notes=[roomy])
    after = before.apply(edits.expand(before, "s"))
    assert after.notes["outer"] == roomy


def test_a_frame_round_a_box_grows_when_the_box_is_opened():
    graph = lesson()
    graph = graph.apply(edits.delete(graph, ["frame1", "n1"]))
    graph = graph.apply(edits.group(graph, ["x", "e", "l"], "all"))
    (key,) = graph.groups
    folded = graph.apply(edits.set_collapsed(graph, key))
    ((x, y), (wide, tall)) = boxes(folded)[key].at, boxes(folded)[key].size
    left, top = x - wide / 2 - 8, y - tall / 2 - 40
    small = folded.apply(edits.add_frame(folded, (left, top, left + wide + 16, top + tall + 48)))
    (frame,) = frames_of(small)
    assert body(small.nodes["x"], small)[0] < left
    assert set(standing_in(small, frame.id)) == {"x", "e", "l"}
    opening = edits.set_collapsed(small, key, False)
    opened = small.apply(opening)
    assert set(standing_in(opened, frame.id)) == {"x", "e", "l"}
    assert opened.apply(opening.inverse()) == small


# --- what stands in one --------------------------------------------------------------------------


def test_only_what_is_wholly_inside_stands_in_a_frame():
    assert set(standing_in(lesson(), "frame1")) == {"x", "e", "n1"}


def test_a_frame_in_a_frame_stands_in_it_but_not_the_other_way_round():
    graph = lesson().apply(edits.add_frame(lesson(), (40.0, 50.0, 200.0, 150.0), "inner"))
    assert "frame2" in standing_in(graph, "frame1")
    assert standing_in(graph, "frame2") == ("x",)
    assert [note.id for note in frames_of(graph)] == ["frame1", "frame2"]
    assert [note.id for note in frames_round(graph, graph.nodes["x"])] == ["frame2", "frame1"]


def test_two_frames_of_one_place_and_size_do_not_stand_in_one_another():
    rect = (0.0, 0.0, 300.0, 200.0)
    graph = Graph().apply(edits.add_frame(Graph(), rect))
    graph = graph.apply(edits.add_frame(graph, rect))
    assert standing_in(graph, "frame1") == standing_in(graph, "frame2") == ()


def test_a_collapsed_group_stands_in_a_frame_as_its_box_with_all_its_gates():
    far = [
        Node("a", "exp", (-400.0, 100.0), group="g"),
        Node("b", "exp", (600.0, 100.0), group="g"),
    ]
    frame = Note("frame1", "", (0.0, 0.0), (240.0, 240.0), frame=True)
    shut = Graph(far, groups=[Group("g", "G", True)], notes=[frame])
    assert set(standing_in(shut, "frame1")) == {"a", "b"}
    assert standing_in(Graph(far, groups=[Group("g", "G")], notes=[frame]), "frame1") == ()


def test_a_plain_note_carries_nothing():
    assert with_standing(lesson(), ["n1", "s"]) == ("n1", "s")


# --- making and changing -------------------------------------------------------------------------


def test_a_frame_round_some_gates_holds_them_with_room_for_its_title():
    graph = lesson()
    patch = edits.frame_round(graph, ["e", "l"], "middle")
    assert patch.label == "Add a frame"
    graph = graph.apply(patch)
    (frame,) = (note for note in graph.notes.values() if note.text == "middle")
    assert set(standing_in(graph, frame.id)) == {"e", "l"}
    assert rect_of(frame)[1] + 28.0 < body(graph.nodes["e"], graph)[1]
    assert all(n % 8 == 0 for n in (*frame.at, *frame.size))
    assert graph.apply(patch.inverse()) == lesson()


def test_a_frame_round_a_result_has_room_for_its_number():
    graph = lesson()
    frame = graph.apply(edits.frame_round(graph, ["s"])).notes["frame2"]
    assert rect_of(frame)[2] >= body(graph.nodes["s"], graph)[2] + 72.0


def test_a_frame_round_nothing_that_has_a_place_is_refused():
    with pytest.raises(UnknownItem, match="Select gates"):
        edits.frame_round(lesson(), ["w1"])


def test_a_frame_may_be_empty_but_never_too_small_to_hold_a_title():
    graph = Graph().apply(edits.add_frame(Graph(), (0.0, 0.0, 1.0, 1.0)))
    assert graph.notes["frame1"].size == (96.0, 64.0)
    graph = graph.apply(edits.resize_note(graph, "frame1", (3.0, 300.0)))
    assert graph.notes["frame1"].size == (96.0, 300.0)


def test_a_frames_title_is_a_label_and_no_longer_than_one():
    graph = lesson()
    patch = edits.rename(graph, "frame1", "  loss ")
    assert graph.apply(patch).notes["frame1"].text == "loss"
    with pytest.raises(BadText):
        edits.rename(graph, "frame1", "x" * 201)
    with pytest.raises(UnknownItem):
        edits.rename(graph, "n1", "a note has words, not a name")


def test_a_frame_takes_a_groups_colours_and_a_note_none():
    graph = lesson()
    patch = edits.set_colour(graph, "frame1", "blue")
    assert patch.label == "Colour forward pass"
    assert graph.apply(patch).notes["frame1"].colour == "blue"
    for key, colour in (("frame1", "pink"), ("n1", "blue")):
        with pytest.raises(GraphError):
            edits.set_colour(graph, key, colour)


def test_the_name_of_a_move_says_what_a_frame_took_along():
    graph = lesson()

    def label(*ids):
        return edits.move(graph, dict.fromkeys(ids, (1.0, 1.0))).label

    assert label("frame1") == "Move forward pass"
    assert label(*with_standing(graph, ["frame1"])) == "Move forward pass and all in it"
    assert label("frame1", "s") == "Move 2 gates"


def test_deleting_a_frame_leaves_what_stands_in_it():
    graph = lesson()
    patch = edits.delete(graph, ["frame1"])
    assert patch.label == "Delete forward pass"
    after = graph.apply(patch)
    assert after.nodes == graph.nodes
    assert set(after.notes) == {"n1"}


def test_a_copy_of_a_frame_is_one_of_all_in_it():
    graph = lesson()
    piece = edits.clip(graph, ["frame1"])
    assert set(piece.nodes) == {"x", "e"}
    assert set(piece.wires) == {"w1"}
    assert set(piece.notes) == {"frame1", "n1"}
    twice = graph.apply(edits.duplicate(graph, ["frame1"], (0.0, 400.0)))
    (copy,) = (note for note in twice.notes.values() if note.frame and note.id != "frame1")
    assert len(standing_in(twice, copy.id)) == 3
    assert (copy.text, copy.at) == ("forward pass", (0.0, 400.0))


# --- tidy ----------------------------------------------------------------------------------------


def test_tidy_fits_a_frame_round_its_gates_again_in_the_same_edit():
    graph = lesson().apply(edits.move(lesson(), {"x": (30.0, 60.0)}))
    graph = graph.apply(edits.resize_frame(graph, "frame1", (-200.0, -300.0, 400.0, 500.0)))
    graph = graph.apply(edits.add_frame(graph, (-180.0, -200.0, 320.0, 180.0), "inner"))
    patch = edits.tidy(graph)
    after = graph.apply(patch)
    for key in ("frame1", "frame2"):
        for node in ("x", "e"):
            assert node in standing_in(after, key)
    assert "frame2" in standing_in(after, "frame1")
    assert "n1" in standing_in(after, "frame1")
    assert after.notes["frame2"].size != graph.notes["frame2"].size
    assert after.apply(patch.inverse()) == graph


def test_tidy_of_some_gates_leaves_frames_round_others_alone():
    graph = lesson()
    patch = edits.tidy(graph, ["e", "l", "s"])
    assert patch
    assert "frame1" not in patch.changes
    empty = lesson().apply(edits.add_frame(lesson(), (0.0, 400.0, 200.0, 600.0)))
    assert "frame2" not in edits.tidy(empty).changes


def test_tidy_of_what_is_tidy_does_nothing_to_frames():
    graph = lesson()
    graph = graph.apply(edits.tidy(graph))
    graph = graph.apply(edits.resize_frame(graph, "frame1", (-500.0, -500.0, 900.0, 900.0)))
    assert not edits.tidy(graph)
