"""What comes onto the paper lies on no wire, where it need not go far for that."""

from __future__ import annotations

import math

import pytest

from bpstudio.core import edits
from bpstudio.core.edits.clearing import FURTHER
from bpstudio.core.edits.passing import Wires
from bpstudio.core.graph import Graph, Node, Point, Wire
from bpstudio.core.groups import body
from bpstudio.core.shape import CARD


def pair(ahead: float = 600.0, **wire: tuple[Point, ...]) -> Graph:
    """Two gates, and one wire from the one to the other."""
    nodes = [Node("a", "exp", (0.0, 0.0)), Node("b", "exp", (ahead, 0.0))]
    return Graph(nodes, [Wire("w", "a", "b", "x", **wire)])


def wires_under(graph: Graph, node: str) -> int:
    """How many small pieces of wires, not its own, a gate lies on."""
    ids, rects = edits.covered(graph)
    others = {
        key: wire for key, wire in graph.wires.items() if node not in (wire.source, wire.target)
    }
    alone = Graph(
        graph.nodes.values(), others.values(), graph.groups.values(), settings=graph.settings
    )
    return len(Wires(alone, ids, rects).through(body(graph.nodes[node], graph)))


def placed(graph: Graph, at: Point) -> tuple[Graph, str]:
    patch = edits.paste(graph, Graph([Node("p", "exp")]), at)
    (key,) = edits.born(patch)
    return graph.apply(patch), key


@pytest.mark.parametrize("shape", ["curved", "straight", "orthogonal"])
@pytest.mark.parametrize("at", [(300.0, 0.0), (300.0, 16.0), (200.0, -24.0)])
def test_a_paste_on_a_wire_goes_just_beside_it(shape, at):
    graph = pair()
    graph = graph.apply(edits.set_setting(graph, "wires", shape))
    after, key = placed(graph, at)
    assert not wires_under(after, key)
    assert math.dist(after.nodes[key].at, at) <= CARD[1]


def test_a_paste_beside_a_wire_stays_where_it_was_wanted():
    after, key = placed(pair(), (304.0, 40.0))
    assert after.nodes[key].at == (304.0, 40.0)


def test_a_wire_that_leads_back_is_kept_off_where_it_bulges():
    graph = pair(-400.0)
    low = Wires(graph, *edits.covered(graph)).through((-300.0, 20.0, -100.0, 200.0))
    assert len(low)
    middle = float(low[:, 1].min()), float(low[:, 3].max())
    after, key = placed(graph, (-200.0, sum(middle) / 2))
    assert not wires_under(after, key)


def test_a_wire_is_kept_off_where_its_dots_lead_it():
    graph = pair(dots=((200.0, 240.0), (400.0, 240.0)))
    after, key = placed(graph, (304.0, 240.0))
    assert not wires_under(after, key)
    after, key = placed(graph, (304.0, 0.0))
    assert after.nodes[key].at == (304.0, 0.0)


def test_among_wires_without_a_gap_it_goes_no_further_than_it_must():
    rows = [24.0 * n for n in range(-12, 13)]
    nodes = [Node(f"a{n}", "exp", (-1000.0, 50 * y)) for n, y in enumerate(rows)]
    nodes += [Node(f"b{n}", "exp", (1000.0, 50 * y)) for n, y in enumerate(rows)]
    wires = [
        Wire(f"w{n}", f"a{n}", f"b{n}", "x", dots=((-600.0, y), (600.0, y)))
        for n, y in enumerate(rows)
    ]
    after, key = placed(Graph(nodes, wires), (0.0, 0.0))
    assert after.nodes[key].at == (0.0, 0.0)


def test_a_duplicate_lies_on_no_wire():
    graph = pair(320.0)
    graph = graph.apply(edits.add_node(graph, "exp", (160.0, 96.0)))
    (mine,) = set(graph.nodes) - {"a", "b"}
    patch = edits.duplicate(graph, [mine])
    (key,) = edits.born(patch)
    after = graph.apply(patch)
    assert not wires_under(after, key)
    assert math.dist(after.nodes[key].at, graph.nodes[mine].at) <= CARD[0] + FURTHER


def test_what_was_cut_goes_back_onto_the_wire_it_lay_on():
    graph = pair().apply(edits.add_node(pair(), "exp", (304.0, 0.0)))
    (mine,) = set(graph.nodes) - {"a", "b"}
    assert wires_under(graph, mine)
    piece = edits.clip(graph, [mine])
    left = graph.apply(edits.delete(graph, [mine]))
    after = left.apply(edits.paste(left, piece, offset=(0.0, 0.0)))
    assert {node.at for node in after.nodes.values()} == {n.at for n in graph.nodes.values()}


def test_a_wire_ends_at_the_box_of_a_collapsed_group_and_none_runs_inside():
    graph = pair(300.0)
    graph = graph.apply(edits.add_node(graph, "exp", (900.0, 0.0)))
    (last,) = set(graph.nodes) - {"a", "b"}
    graph = graph.apply(edits.connect(graph, "b", last, "x"))
    graph = graph.apply(edits.group(graph, ["a", "b"], "both"))
    (key,) = graph.groups
    graph = graph.apply(edits.set_collapsed(graph, key, True))
    ids, rects = edits.covered(graph)
    box = rects[ids.index(key)].tolist()
    everywhere = Wires(graph, ids, rects).through((-1e4, -1e4, 1e4, 1e4))
    assert everywhere[:, 0].min() == box[2]
    assert everywhere[:, 2].max() == 900.0 - CARD[0] / 2
