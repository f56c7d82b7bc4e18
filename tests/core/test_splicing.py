"""A gate put into a short wire: what follows it makes room, and nothing else moves."""

from dataclasses import replace as changed
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits, groups
from bpstudio.core.edits import splicing
from bpstudio.core.graph import Graph, Group, Node, Note, Wire
from bpstudio.core.groups import body, boxes
from bpstudio.core.shape import CARD, GRID, LABEL_ROOM, SNAP
from bpstudio.core.standing import rect_of, standing_in
from bpstudio.files.bps import File, encode
from tests.core.pieces import graphs, overlaps_seen

APART = CARD[0] + LABEL_ROOM


def row(*places: float) -> Graph:
    """exp gates a, b, c, … in a row at these places, each wired to the next, and a free one: new.

    Where it lands in the wire from a to b, a has room before it.
    """
    names = "abcdefgh"[: len(places)]
    nodes = [Node(n, "exp", (x, 0.0)) for n, x in zip(names, places, strict=True)]
    wires = [Wire(f"w{n}", n, m, "x") for n, m in pairwise(names)]
    return Graph([*nodes, Node("new", "sin", (APART, 0.0))], wires)


def spliced(graph: Graph, wire: str = "wa") -> Graph:
    return graph.apply(edits.splice(graph, "new", wire))


def gap(graph: Graph, left: str, right: str) -> float:
    return body(graph.nodes[right], graph)[0] - body(graph.nodes[left], graph)[2]


def _bytes(graph: Graph) -> bytes:
    return encode(File(graph))


def test_what_follows_too_closely_moves_right_by_whole_steps_until_labels_have_room():
    graph = row(0.0, APART + 21.0)
    after = spliced(graph)
    assert after.nodes["new"].at == graph.nodes["new"].at
    assert LABEL_ROOM <= gap(after, "new", "b") < LABEL_ROOM + SNAP
    assert (after.nodes["b"].at[0] - graph.nodes["b"].at[0]) % SNAP == 0
    assert after.nodes["b"].at[1] == 0.0


def test_the_row_behind_it_moves_only_as_far_as_it_is_pushed():
    graph = row(0.0, 1.5 * APART, 2.5 * APART, 4.5 * APART, 5.5 * APART)
    after = spliced(graph)
    assert LABEL_ROOM <= gap(after, "new", "b") < LABEL_ROOM + SNAP
    assert gap(after, "b", "c") == LABEL_ROOM
    assert {n: after.nodes[n].at for n in "ade"} == {n: graph.nodes[n].at for n in "ade"}


def test_nothing_moves_where_there_is_room():
    graph = row(0.0, 2 * APART, 3 * APART)
    patch = edits.splice(graph, "new", "wa")
    assert not patch.changes.keys() & graph.nodes.keys()


def test_a_wire_that_was_short_before_stays_as_short():
    graph = row(0.0, 1.5 * APART, 1.5 * APART + CARD[0] + 16)
    assert gap(spliced(graph), "b", "c") == 16


def test_only_what_the_gate_feeds_moves_frames_and_notes_stay():
    graph = row(0.0, 1.5 * APART)
    other = Node("other", "exp", (1.5 * APART, 90.0))
    frame = Note("f", "Frame", (0.0, -90.0), (400.0, 300.0), frame=True)
    graph = Graph([*graph.nodes.values(), other], graph.wires.values(), (), [frame])
    changes = edits.splice(graph, "new", "wa").changes
    assert changes.keys() == {"b", *(k for k in changes if k.startswith("w"))}


def framed(*frames: Note) -> Graph:
    """A row in which the splice pushes b, in frames."""
    graph = row(0.0, APART)
    return Graph(graph.nodes.values(), graph.wires.values(), notes=frames)


def test_a_frame_grows_round_what_is_pushed_out_of_it_and_so_do_those_round_it():
    inner = Note("inner", "Layer", (APART - 60.0, -90.0), (130.0, 160.0), frame=True)
    outer = Note("outer", "Net", (-60.0, -160.0), (APART + 150.0, 300.0), frame=True)
    aside = Note("aside", "Else", (0.0, 400.0), (130.0, 160.0), frame=True)
    graph = framed(inner, outer, aside)
    held = standing_in(graph, "inner")
    patch = edits.splice(graph, "new", "wa")
    after = graph.apply(patch)
    assert "b" in held
    assert after.nodes["b"].at[0] > rect_of(inner)[2]
    assert set(held) <= set(standing_in(after, "inner"))
    assert {*held, "a", "new", "inner"} <= set(standing_in(after, "outer"))
    assert after.notes["inner"].at == inner.at
    assert after.notes["aside"] == aside
    assert after.apply(patch.inverse()) == graph


def test_a_frame_that_the_pushed_gate_stood_half_out_of_stays():
    half = Note("half", "", (-60.0, -90.0), (APART + 60.0, 160.0), frame=True)
    graph = framed(half)
    assert "b" not in standing_in(graph, "half")
    assert graph.apply(edits.splice(graph, "new", "wa")).notes["half"] == half


def test_one_command_is_undone_and_redone_byte_for_byte():
    graph = row(0.0, 1.2 * APART, 2.2 * APART)
    patch = edits.splice(graph, "new", "wa")
    after = graph.apply(patch)
    assert patch.label == "Splice new into a wire"
    assert _bytes(after.apply(patch.inverse())) == _bytes(graph)
    assert _bytes(graph.apply(patch)) == _bytes(after)


def test_dots_of_wires_wholly_among_what_moves_go_along():
    graph = row(0.0, 1.5 * APART, 2.5 * APART)
    dotted = changed(graph.wires["wb"], dots=((2 * APART, 50.0),))
    graph = Graph(graph.nodes.values(), [graph.wires["wa"], dotted])
    after = spliced(graph)
    step = after.nodes["b"].at[0] - graph.nodes["b"].at[0]
    assert step > 0
    assert after.wires["wb"].dots == ((2 * APART + step, 50.0),)


def test_a_collapsed_group_in_the_way_moves_as_a_whole():
    graph = row(0.0, 1.2 * APART, 2.2 * APART)
    inner = [changed(graph.nodes[n], group="g") for n in "bc"]
    free = Node("v", "input", (1.2 * APART, 80.0), group="g")
    nodes = [graph.nodes["a"], graph.nodes["new"], *inner, free]
    graph = Graph(nodes, graph.wires.values(), [Group("g", "Box", collapsed=True)])
    # The box stands in the middle of what it holds: drop before it.
    graph = graph.apply(edits.move(graph, {"new": (boxes(graph)["g"].at[0] - 90.0, 40.0)}))
    after = spliced(graph)
    steps = {after.nodes[n].at[0] - graph.nodes[n].at[0] for n in "bcv"}
    assert len(steps) == 1
    assert steps.pop() > 0
    left = boxes(after)["g"].at[0] - boxes(after)["g"].size[0] / 2
    assert left - body(after.nodes["new"], after)[2] >= LABEL_ROOM


def test_what_lies_left_of_the_gate_does_not_move():
    graph = row(0.0, -1.5 * APART)
    assert spliced(graph).nodes["b"] == graph.nodes["b"]


def test_the_gate_itself_goes_right_where_it_was_put_close_to_its_source():
    graph = row(0.0, APART)
    graph = graph.apply(edits.move(graph, {"new": (APART / 2, 8.0)}))
    after = spliced(graph)
    assert LABEL_ROOM <= gap(after, "a", "new") < LABEL_ROOM + SNAP
    assert after.nodes["new"].at[1] == 8.0
    assert LABEL_ROOM <= gap(after, "new", "b") < LABEL_ROOM + SNAP


def test_what_stands_in_the_way_of_what_moves_is_pushed_along_with_what_it_feeds():
    graph = row(0.0, 1.2 * APART)
    way = Node("way", "cos", (1.2 * APART + 80.0, 16.0))
    fed = Node("fed", "cos", (way.at[0] + APART, 200.0))
    note = Note("said", "why", (fed.at[0] - 20.0, 0.0), (100.0, 40.0))
    wires = [*graph.wires.values(), Wire("wf", "way", "fed", "x")]
    graph = Graph([*graph.nodes.values(), way, fed], wires, (), [note])
    after = spliced(graph)
    assert GRID <= gap(after, "b", "way") < GRID + SNAP
    assert gap(after, "way", "fed") == LABEL_ROOM
    assert after.notes["said"].at[0] - body(after.nodes["way"], after)[2] >= GRID


def test_a_gate_put_down_on_its_source_or_on_what_it_feeds_comes_to_stand_between():
    for x in (-30.0, 0.0, 90.0, 2 * APART, 2 * APART + 20.0):
        graph = row(0.0, 2 * APART)
        graph = graph.apply(edits.move(graph, {"new": (x, 8.0)}))
        after = spliced(graph)
        assert gap(after, "a", "new") >= LABEL_ROOM
        assert gap(after, "new", "b") >= LABEL_ROOM
        assert after.nodes["a"] == graph.nodes["a"]


@settings(max_examples=150, deadline=None)
@given(graphs(), st.data())
def test_nothing_that_was_clear_of_another_lies_on_it_after_a_splice(graph, data):
    free = [n.id for n in graph.nodes.values() if n.gate == "exp" and not graph.into(n.id)]
    free = [key for key in free if not graph.out_of(key)]
    shown = [w for w in graph.wires if not is_hidden(graph, w)]
    if not shown:
        return
    if not free:
        at = data.draw(st.tuples(*[st.integers(-320, 320)] * 2))
        first = edits.add_node(graph, "sin", at)
        graph, free = graph.apply(first), [*edits.born(first)]
    node, wire = free[0], data.draw(st.sampled_from(shown))
    if node in groups.hidden(graph):
        return
    after = graph.apply(edits.splice(graph, node, wire))
    lying = overlaps_seen(graph)
    assert not {pair for pair in overlaps_seen(after) if node in pair or pair not in lying}


def test_a_splice_into_the_last_wire_of_a_gate_with_free_ports_before_it_keeps_them():
    graph = Graph(
        [Node("a", "exp"), Node("m", "max", (300.0, 0.0), {"inputs": 4}), Node("new", "sin")],
        [Wire("w", "a", "m", "x4")],
    )
    after = graph.apply(edits.splice(graph, "new", "w"))
    assert after.wires[after.into("m")["x4"]].source == "new"
    assert after.nodes["m"].params == {"inputs": 4}


def test_a_push_through_thousands_looks_at_few_for_each_and_once(monkeypatch):
    count, looked, beside = 2000, [], splicing._Sheet._beside

    def counted(sheet, row, *among):
        found = beside(sheet, row, *among)
        looked.append(len(found))
        return found

    monkeypatch.setattr(splicing._Sheet, "_beside", counted)
    nodes = [Node("x0", "input"), Node("new", "sin", (1.5 * APART, 0.0))]
    nodes += [Node(f"x{n}", "exp", (n * APART, 0.0)) for n in range(1, count)]
    wires = [Wire(f"w{n}", f"x{n - 1}", f"x{n}", "x") for n in range(1, count)]
    graph = Graph(nodes, wires)
    after = spliced(graph, "w2")
    assert sum(after.nodes[key] != graph.nodes[key] for key in graph.nodes) > count - 4
    assert len(looked) < count + 10
    assert sum(looked) < 20 * count


def is_hidden(graph: Graph, wire: str) -> bool:
    hidden = groups.hidden(graph)
    ends = graph.wires[wire].source, graph.wires[wire].target
    return len({hidden.get(key, key) for key in ends}) == 1
