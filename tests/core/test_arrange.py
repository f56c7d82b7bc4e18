"""Align, distribute, straighten, nudge; what goes along with what moves; guides."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits, groups
from bpstudio.core.graph import BadParam, Graph, GraphError, Group, Node, Note, UnknownItem, Wire
from bpstudio.core.guides import Guides, Line, guides
from tests.core.pieces import graphs, level_wires, overlaps, perceptron


def rect(graph: Graph, key: str) -> tuple[float, float, float, float]:
    return groups.body(graph.nodes[key], graph)


THREE = Graph(
    [Node("a", "input", (0, 0)), Node("b", "add", (100, 31)), Node("c", "exp", (250, 77))]
)


@pytest.mark.parametrize(("edge", "index"), [("left", 0), ("top", 1), ("right", 2), ("bottom", 3)])
def test_aligning_brings_the_edges_to_the_outermost(edge, index):
    after = THREE.apply(edits.align(THREE, THREE.nodes, edge))
    outermost = (min if index < 2 else max)(rect(THREE, key)[index] for key in "abc")
    assert {rect(after, key)[index] for key in "abc"} == {outermost}


@pytest.mark.parametrize(("edge", "axis"), [("centre", 0), ("middle", 1)])
def test_aligning_centres_puts_them_on_one_line_of_the_grid(edge, axis):
    after = THREE.apply(edits.align(THREE, THREE.nodes, edge))
    (line,) = {after.nodes[key].at[axis] for key in "abc"}
    assert line % 8 == 0
    assert [after.nodes[k].at[1 - axis] for k in "abc"] == [
        THREE.nodes[k].at[1 - axis] for k in "abc"
    ]


def test_distributing_leaves_equal_room_and_the_outermost_where_they_are():
    after = THREE.apply(edits.distribute(THREE, THREE.nodes, "across"))
    assert after.nodes["a"] == THREE.nodes["a"]
    assert after.nodes["c"] == THREE.nodes["c"]
    a, b, c = (rect(after, key) for key in "abc")
    assert abs((b[0] - a[2]) - (c[0] - b[2])) <= 1
    down = THREE.apply(edits.distribute(THREE, THREE.nodes, "down"))
    a, b, c = (rect(down, key) for key in "abc")
    assert abs((b[1] - a[3]) - (c[1] - b[3])) <= 1


@pytest.mark.parametrize(
    ("edit", "kind", "words"),
    [
        (lambda: edits.align(THREE, ["a"], "left"), UnknownItem, "two things"),
        (lambda: edits.align(THREE, "abc", "upwards"), BadParam, "upwards.*left, centre"),
        (lambda: edits.distribute(THREE, "ab", "down"), UnknownItem, "three things"),
        (lambda: edits.distribute(THREE, "abc", "round"), BadParam, "round.*across, down"),
        (lambda: edits.nudge(THREE, [], 1, 0), UnknownItem, "something"),
        (lambda: edits.nudge(THREE, ["q"], 1, 0), UnknownItem, "q"),
        (lambda: edits.nudge(THREE, ["a"], 1e8, 0), BadParam, "off the paper"),
        (lambda: edits.straighten(THREE, []), UnknownItem, "gates or wires"),
        (lambda: edits.straighten(THREE, ["q"]), UnknownItem, "q"),
    ],
)
def test_what_cannot_be_is_refused_in_words(edit, kind, words):
    with pytest.raises(kind, match=words):
        edit()


def test_a_group_moves_as_one_with_all_inside_and_the_dots_between():
    graph = Graph(
        [
            Node("a", "exp", (0, 0), group="g"),
            Node("b", "exp", (100, 0), group="h"),
            Node("c", "exp", (300, 0)),
        ],
        [
            Wire("w1", "a", "b", "x", dots=((50.0, 40.0),)),
            Wire("w2", "b", "c", "x", dots=((200.0, 40.0),)),
        ],
        [Group("g", "G"), Group("h", "H", group="g")],
        [Note("n", "hello", (0, 200))],
    )
    patch = edits.nudge(graph, ["g", "b"], 8, 16)
    assert patch.label == "Move G"
    after = graph.apply(patch)
    assert [after.nodes[k].at for k in "abc"] == [(8, 16), (108, 16), (300, 0)]
    assert after.wires["w1"].dots == ((58.0, 56.0),)
    assert after.wires["w2"].dots == ((200.0, 40.0),)
    assert edits.nudge(graph, ["n"], 1, 0).label == "Move the note"
    same = graph.apply(edits.move(graph, {"a": (8, 16), "b": (108, 16)}))
    assert same == after


def test_aligning_takes_a_group_by_the_box_around_it():
    graph = Graph(
        [
            Node("a", "exp", (100, 0), group="g"),
            Node("b", "exp", (200, 50), group="g"),
            Node("c", "exp", (0, 300)),
        ],
        groups=[Group("g")],
    )
    after = graph.apply(edits.align(graph, ["g", "c"], "left"))
    assert after.nodes["a"].at == (0, 0)
    assert after.nodes["b"].at == (100, 50)


def test_straightening_makes_a_chain_level_and_stops_at_bodies():
    chain = Graph(
        [Node("a", "exp", (0, 0)), Node("b", "exp", (150, 13)), Node("c", "exp", (300, -21))],
        [Wire("w1", "a", "b", "x"), Wire("w2", "b", "c", "x")],
    )
    after = chain.apply(edits.straighten(chain, ["b", "c"]))
    assert {node.at[1] for node in after.nodes.values()} == {0}
    assert chain.apply(edits.straighten(chain, ["w1", "w2"])) == after
    blocked = chain.apply(edits.add_node(chain, "sin", (150, -40)))
    assert blocked.apply(edits.straighten(blocked, ["b"])).nodes["b"].at == (150, 13)


@settings(max_examples=60)
@given(graphs(), st.data())
def test_straightening_never_bends_a_wire_nor_lets_bodies_overlap(graph, data):
    for key in graph.groups:
        graph = graph.apply(edits.set_collapsed(graph, key, False))
    chosen = data.draw(st.lists(st.sampled_from(sorted(graph.nodes)), min_size=1))
    patch = edits.straighten(graph, chosen)
    after = graph.apply(patch)
    assert len(level_wires(after)) >= len(level_wires(graph))
    assert overlaps(after) <= overlaps(graph)
    assert all(after.nodes[k].at[0] == graph.nodes[k].at[0] for k in graph.nodes)
    assert {new.id for _, new in patch.touched(Node)} <= set(chosen)


EDITS = st.sampled_from(
    [
        lambda g, ids: edits.align(g, ids, "left"),
        lambda g, ids: edits.align(g, ids, "middle"),
        lambda g, ids: edits.distribute(g, ids, "across"),
        lambda g, ids: edits.straighten(g, ids),
        lambda g, ids: edits.nudge(g, ids, 24.0, -8.0),
        lambda g, ids: edits.duplicate(g, ids),
        lambda g, ids: edits.paste(g, edits.clip(g, ids), (100.0, 100.0)),
        lambda g, ids: edits.delete(g, ids, heal=True),
        lambda g, ids: edits.group(g, ids, "box"),
        lambda g, ids: edits.put_into(g, ids, "g1"),
        lambda g, ids: edits.set_collapsed(g, ids[0]),
        lambda g, ids: edits.set_colour(g, ids[0], "red"),
        lambda g, ids: edits.cut(g, ids),
        lambda g, ids: edits.add_dot(g, ids[0], (1.0, 2.0)),
        lambda g, ids: edits.remove_dot(g, ids[0], 0),
        lambda g, ids: edits.clear_dots(g, ids),
        lambda g, ids: edits.tidy(g),
    ]
)


@settings(max_examples=150)
@given(graphs(), EDITS, st.data())
def test_every_edit_is_one_named_patch_that_its_inverse_takes_back(graph, edit, data):
    every = [*graph.nodes, *graph.groups, *graph.wires, *graph.notes]
    ids = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=6))
    before = Graph(
        graph.nodes.values(),
        graph.wires.values(),
        graph.groups.values(),
        graph.notes.values(),
        graph.seeds,
        graph.kinds.values(),
    )
    try:
        patch = edit(graph, ids)
    except GraphError:
        assert graph == before
        return
    assert patch.label
    after = graph.apply(patch)
    assert after.apply(patch.inverse()) == graph == before


def test_straightening_adds_level_wires_to_a_tidy_perceptron_and_then_has_done():
    graph = perceptron()
    after = graph.apply(edits.straighten(graph, graph.nodes))
    assert level_wires(after) > level_wires(graph)
    assert not edits.straighten(after, after.nodes)


# --- guides ---------------------------------------------------------------------------------------


def test_a_drag_locks_in_on_centres_and_edges_and_shows_the_lines():
    snap = guides([(0, 0, 50, 50)], (103, 2, 153, 52), 6)
    assert (snap.dx, snap.dy) == (0, -2)
    assert snap.lines == (Line(False, 0, 0, 153), Line(False, 25, 0, 153), Line(False, 50, 0, 153))


def test_nothing_in_reach_is_no_snap():
    assert guides([(0, 0, 50, 50)], (103, 70, 153, 130), 6) == guides([], (0, 0, 1, 1), 6)


def test_a_centre_goes_before_an_edge_that_is_as_near():
    snap = guides([(0, 0, 40, 40), (4, 100, 60, 140)], (2, 300, 42, 340), 5)
    assert snap.dx == -2
    assert [line.at for line in snap.lines if line.upright] == [0, 20, 40]


def test_a_wire_that_becomes_level_goes_before_flush_edges():
    still = [(0, 0, 50, 50)]
    assert guides(still, (100, 1, 150, 51), 6).dy == -1
    assert guides(still, (100, 1, 150, 51), 6, wires=[(26, 30)]).dy == 4
    assert guides(still, (100, 1, 150, 51), 6, wires=[(26, 90)]).dy == -1


@settings(max_examples=60)
@given(
    st.lists(st.tuples(*[st.integers(-60, 60)] * 2, *[st.integers(1, 40)] * 2), max_size=8),
    st.tuples(*[st.integers(-60, 60)] * 2),
)
def test_it_never_moves_further_than_its_reach_and_takes_the_nearest_line(rows, at):
    boxes = [(x, y, x + w, y + h) for x, y, w, h in rows]
    moving = (*at, at[0] + 20, at[1] + 20)
    snap = Guides(boxes).at(moving, 5)
    ways = [
        other - ours
        for box in boxes
        for other, ours in zip(
            (box[0], (box[0] + box[2]) / 2, box[2]), (at[0], at[0] + 10, at[0] + 20), strict=True
        )
        if abs(other - ours) <= 5
    ]
    nearest = min(map(abs, ways), default=0)
    for line in snap.lines:
        assert line.start < line.end
    if abs(snap.dx) != nearest:
        # Nothing but gaps that become equal may hold it elsewhere, and only where it is as near.
        assert not ways or abs(snap.dx) < nearest
        gaps = [line for line in snap.lines if line.gap and line.axis == 0]
        lengths = [line.end - line.start for line in gaps]
        assert any(abs(one - other) < 0.05 for one, other in pairwise(lengths))


def test_a_gap_as_wide_as_its_neighbour_holds_a_box_and_both_are_measured():
    row = [(0, 0, 50, 50), (90, 0, 140, 50)]
    snap = guides(row, (183, 10, 233, 60), 6)
    assert snap.dx == -3
    measures = [(line.start, line.end, line.at) for line in snap.lines if line.gap]
    assert measures == [(50, 90, 50), (140, 180, 50)]
    left = guides(row, (-86, 10, -36, 60), 6)
    assert left.dx == -4
    assert len([line for line in left.lines if line.gap]) == 2


def test_a_box_between_two_is_held_in_their_middle():
    snap = guides([(0, 0, 50, 60), (200, 0, 250, 60)], (97, 13, 147, 63), 6)
    assert snap.dx == 3
    assert snap.held == (True, True)
    gaps = [line for line in snap.lines if line.gap]
    assert [(line.start, line.end) for line in gaps] == [(50, 100), (150, 200)]
    assert all(line.axis == 0 for line in gaps)


def test_equal_gaps_are_found_up_and_down_too():
    snap = guides([(0, 0, 50, 50), (0, 90, 50, 140)], (20, 178, 65, 228), 6)
    assert snap.dy == 2
    gaps = [line for line in snap.lines if line.gap]
    assert [(line.upright, line.start, line.end) for line in gaps] == [
        (True, 50, 90),
        (True, 140, 180),
    ]


def test_boxes_that_stand_in_another_row_make_no_gap():
    row = [(0, 200, 50, 250), (90, 200, 140, 250)]
    assert guides(row, (183, 10, 233, 60), 6).dx == 0


def test_a_level_wire_has_a_line_from_port_to_port():
    snap = guides([(0, 0, 50, 50)], (100, 101, 150, 151), 6, wires=[(126, 130, 100, 50)])
    assert snap.dy == 4
    assert Line(False, 130, 50, 100) in snap.lines
