"""What comes onto the paper covers nothing that is there, and comes no further than it must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits, groups
from bpstudio.core.edits.clearing import REACHES
from bpstudio.core.edits.copying import middle_of
from bpstudio.core.graph import BadParam, Graph, Node, Note, Patch
from bpstudio.core.groups import body
from bpstudio.core.shape import CARD, GRID, SNAP
from bpstudio.core.standing import rect_of, standing_in
from tests.core.pieces import graphs, overlaps_seen, perceptron

PLACES = st.tuples(*[st.integers(-300, 300).map(float)] * 2)


def new_overlaps(graph: Graph, patch: Patch) -> set[tuple[str, str]]:
    """Pairs of something that came in and something that was there, one on the other."""
    after = graph.apply(patch)
    pairs = overlaps_seen(after)
    return {(a, b) for a, b in pairs if (graph.get(a) is None) != (graph.get(b) is None)}


def rects(*found: tuple[float, float, float, float]):
    return np.array(found, dtype=float).reshape(-1, 4)


# --- one thing --------------------------------------------------------------------------------


def test_a_free_place_is_taken_as_it_is():
    assert edits.clear_place(rects((0, 0, 50, 50)), (56, 48), (78.5, 0.25)) == (78.5, 0.25)


def test_a_gate_beside_another_keeps_clear_of_it():
    x, y = edits.clear_place(rects((-28, -24, 28, 24)), CARD, (0.0, 0.0))
    assert (x, y) == (0.0, CARD[1] + GRID)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-20, 20)] * 2), max_size=12), PLACES)
def test_no_free_place_on_the_grid_is_nearer(corners, at):
    taken = rects(*((x * 10, y * 10, x * 10 + 60, y * 10 + 40) for x, y in corners))
    size = 40.0, 24.0

    def clear(x: float, y: float, room: float) -> bool:
        wide, tall = size[0] / 2 + room, size[1] / 2 + room
        return all(
            x + wide <= left or right <= x - wide or y + tall <= top or bottom <= y - tall
            for left, top, right, bottom in taken.tolist()
        )

    x, y = edits.clear_place(taken, size, at)
    assert clear(x, y, 0.0)
    if clear(*at, 0.0):
        assert (x, y) == at
        return
    assert (x - at[0]) % SNAP == 0
    assert (y - at[1]) % SNAP == 0
    assert clear(x, y, GRID)
    far = math.hypot(x - at[0], y - at[1])
    steps = range(-int(far / SNAP) - 1, int(far / SNAP) + 2)
    ways = ((SNAP * a, SNAP * b) for a in steps for b in steps)
    nearer = [way for way in ways if math.hypot(*way) < far - 1e-9]
    assert not any(clear(at[0] + a, at[1] + b, GRID) for a, b in nearer)


def test_where_nothing_near_is_free_it_comes_beside_everything():
    reach = REACHES[-1] * SNAP + 100.0
    wide = (-reach, -2 * reach, 3 * reach, 2 * reach)
    x, y = edits.clear_place(rects(wide), (56, 48), (0.0, 0.0))
    assert (x, y) == (-math.ceil((reach + 28 + GRID) / SNAP) * SNAP, 0.0)


# --- pieces -----------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(graphs(), graphs(), PLACES)
def test_a_paste_covers_nothing_and_keeps_its_shape_and_its_grid(graph, piece, at):
    patch = edits.paste(graph, piece, at)
    assert not new_overlaps(graph, patch)
    after = graph.apply(patch)
    pairs = list(zip(piece.nodes.values(), edits.born(patch), strict=True))
    steps = {
        (after.nodes[new].at[0] - old.at[0], after.nodes[new].at[1] - old.at[1])
        for old, new in pairs
    }
    assert len(steps) == 1
    ((dx, dy),) = steps
    assert dx % SNAP == 0
    assert dy % SNAP == 0


@settings(max_examples=60, deadline=None)
@given(graphs(), PLACES)
def test_a_paste_at_the_pointer_stays_near_it(graph, at):
    piece = Graph([Node("p", "exp")])
    patch = edits.paste(graph, piece, at)
    (key,) = edits.born(patch)
    x, y = graph.apply(patch).nodes[key].at
    # It is never further than past all that is near: each thing there and its room, once.
    most = sum(max(c - a, d - b) + 2 * GRID + 60 for a, b, c, d in edits.covered(graph)[1].tolist())
    assert math.hypot(x - at[0], y - at[1]) <= most + SNAP


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_a_duplicate_covers_nothing(graph, data):
    ids = data.draw(st.lists(st.sampled_from([*graph.nodes, "g1", "note1"]), min_size=1))
    if edits.clip(graph, ids):
        assert not new_overlaps(graph, edits.duplicate(graph, ids))


def test_a_copy_that_was_dragged_somewhere_lies_just_there():
    graph = Graph([Node("a", "exp")])
    patch = edits.duplicate(graph, ["a"], (8.0, 0.0))
    (key,) = edits.born(patch)
    assert graph.apply(patch).nodes[key].at == (8.0, 0.0)


def test_what_was_cut_out_from_among_others_goes_back_where_it_was():
    graph = perceptron()
    ids = list(graph.nodes)[::2]
    piece = edits.clip(graph, ids)
    left = graph.apply(edits.delete(graph, ids))
    back = left.apply(edits.paste(left, piece, offset=(0.0, 0.0)))
    assert {n.at for n in back.nodes.values()} == {n.at for n in graph.nodes.values()}


def test_a_pasted_frame_catches_nothing_and_lies_on_no_other_frame():
    gates = [Node("a", "exp", (100.0, 100.0)), Node("b", "exp", (400.0, 100.0))]
    frame = Note("f", "One", (0.0, 0.0), (300.0, 200.0), frame=True)
    graph = Graph(gates, notes=[frame])
    patch = edits.duplicate(graph, ["f"])
    after = graph.apply(patch)
    (new,) = (note for note in after.notes.values() if note.id != "f")
    assert standing_in(after, "f") == ("a",)
    held = standing_in(after, new.id)
    assert [after.nodes[key].gate for key in held] == ["exp"]
    assert held[0] not in graph.nodes
    one, two = rect_of(frame), rect_of(new)
    assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


def test_a_frame_pasted_into_a_larger_one_stays_in_it():
    outer = Note("f", "Out", (-500.0, -500.0), (1000.0, 1000.0), frame=True)
    inner = Graph(notes=[Note("g", "In", (0.0, 0.0), (200.0, 100.0), frame=True)])
    graph = Graph(notes=[outer])
    after = graph.apply(edits.paste(graph, inner, (0.0, 0.0)))
    assert after.notes["g"].at == (-96.0, -48.0)


@pytest.mark.parametrize("at", [None, (0.0, 0.0)])
def test_a_formula_beside_covers_nothing(at):
    tall = Node("tall", "add", (0.0, 0.0), {"inputs": 64})
    note = Note("said", "here", (-50.0, 600.0), (300.0, 200.0))
    graph = Graph([tall], notes=[note])
    patch = edits.build(graph, "f = (x + y) * z", beside=True, at=at)
    assert not new_overlaps(graph, patch)
    (low,) = (body(n, graph)[3] for n in graph.nodes.values())
    after = graph.apply(patch)
    if at is None:
        assert all(after.nodes[key].at[1] > low for key in edits.born(patch))


def test_a_formula_at_a_free_place_has_its_middle_there():
    graph = Graph([Node("a", "exp", (4000.0, 0.0))])
    patch = edits.build(graph, "f = (x + y) * z", beside=True, at=(100.0, 40.0))
    after = graph.apply(patch)
    x, y = middle_of(edits.clip(after, edits.born(patch)))
    assert abs(x - 100.0) <= SNAP
    assert abs(y - 40.0) <= SNAP


def test_a_collapsed_group_takes_the_room_of_its_box_only():
    graph = perceptron()
    graph = graph.apply(edits.group(graph, list(graph.nodes), "all"))
    (key,) = graph.groups
    graph = graph.apply(edits.set_collapsed(graph, key, True))
    ids, taken = edits.covered(graph)
    assert ids == [key]
    assert tuple(taken[0].tolist()) == groups.boxes(graph)[key].rect


# --- the end of the paper ---------------------------------------------------------------------


@pytest.mark.parametrize("corner", [(1e7, 1e7), (-1e7, -1e7), (1e7, -1e7), (1e7, 0.0)])
def test_nothing_is_put_off_the_paper_to_find_room(corner):
    graph = Graph([Node("a", "exp", corner)])
    at = edits.clear_place(edits.covered(graph)[1], (56, 48), corner)
    assert at != corner
    assert max(map(abs, at)) <= 1e7


def test_a_piece_that_does_not_fit_on_the_paper_is_refused_in_words():
    piece = Graph([Node("a", "exp", (0.0, 0.0)), Node("b", "exp", (4000.0, 0.0))])
    with pytest.raises(BadParam, match="off the paper"):
        edits.paste(Graph(), piece, (1e7, 0.0))
