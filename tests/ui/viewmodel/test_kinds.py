"""The canvas's arrays: own gates, scrubs and floods."""

from __future__ import annotations

import numpy as np

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node, Patch, Wire
from bpstudio.ui.canvas import geometry, rows, viewmodel
from bpstudio.ui.canvas.viewmodel import ViewModel
from tests.ui.viewmodel.alike import followed, same


def own_graph() -> Graph:
    """x and y into an own gate, y's port last in its formula."""
    graph = Graph()
    graph = graph.apply(edits.define_kind(graph, "blend", "x * (1 + y)"))
    return graph.apply(edits.build(graph, "f = blend(x, y)"))


def test_an_own_gate_has_a_card_with_its_title_and_its_formulas_ports() -> None:
    view = ViewModel(own_graph())
    row = view.row["f"]
    style = view.styles[view.nodes.style[row]]
    assert (style.kind, style.face, style.family) == (rows.CARD, "blend", "own")
    assert view.nodes.ports[row] == ("x", "y")


def test_nodes_follow_their_own_gates_title_formula_and_end() -> None:
    graph = own_graph()
    renamed = edits.change_kind(graph, "blend", title="a much longer name")
    longer = graph.apply(renamed)
    swapped = edits.change_kind(longer, "blend", formula="y + x * a")
    gone = Patch("Lose it", {"blend": (longer.apply(swapped).kinds["blend"], None)})
    view = followed(graph, renamed, swapped, gone, gone.inverse())
    row = view.row["f"]
    assert view.styles[view.nodes.style[row]].face == "a much…"
    assert view.nodes.ports[row] == ("y", "x", "a")
    assert view.open[row]


def test_a_kind_that_is_missing_is_a_locked_card_until_it_comes() -> None:
    graph = own_graph()
    kind = graph.kinds["blend"]
    gone = Patch("Lose it", {"blend": (kind, None)})
    view = followed(graph, gone)
    assert view.nodes.kind[view.row["f"]] == rows.LOCK
    after = graph.apply(gone)
    dirty = view.patched(after.apply(gone.inverse()), gone.inverse())
    assert view.nodes.kind[view.row["f"]] == rows.CARD
    assert dirty is not None


def test_a_policy_for_ties_changes_no_look() -> None:
    graph = own_graph()
    same(followed(graph, edits.set_setting(graph, "ties", "first")), ViewModel(graph))


def test_a_scrubbed_value_measures_and_places_nothing_anew():
    graph = Graph(
        [Node("x", "input", (0, 0), {"value": 1.0}), Node("e", "exp", (200, 0))],
        [Wire("w", "x", "e", "x")],
    )
    view = ViewModel(graph)
    placed, control = view.anchors, view.control.copy()
    patch = edits.set_value(graph, "x", 2.5)
    view.patched(graph.apply(patch), patch)
    assert view.anchors is placed
    assert view.nodes.value[view.row["x"]] == 2.5
    assert np.array_equal(view.control, control)
    renamed = edits.rename(view.graph, "x", "a much longer name")
    view.patched(view.graph.apply(renamed), renamed)
    assert view.anchors is not placed
    assert view.nodes.names[view.row["x"]] == "a much longer name"


def test_an_id_may_be_another_kind_of_thing_in_the_graph_that_takes_its_place() -> None:
    one = Graph().apply(edits.build(Graph(), "f = w1 * x"))
    wire = next(iter(one.wires))
    other = Graph([Node(wire, "input", params={"value": 3.0})])
    view = ViewModel(one)
    patch = edits.replace_all(one, other, "Another")
    view.patched(other, patch)
    assert view.row == {wire: 0}
    assert len(view.wires.ids) == 0
    view.patched(one, patch.inverse())
    assert set(view.row) == set(one.nodes)


def test_a_flood_of_gates_is_read_at_once_and_the_old_rows_keep_their_numbers(monkeypatch):
    monkeypatch.setattr(viewmodel, "FLOOD", 0)
    graph = Graph(
        [Node("x", "input", (0, 0), {"value": 1.0}), Node("e", "exp", (200, 0))],
        [Wire("w", "x", "e", "x")],
    )
    view = ViewModel(graph)
    view.numbers.value[:], view.numbers.wire_grad[:] = (1.0, 2.5), 7.0
    view.select({"e"})
    piece = Graph(
        [Node(f"s{i}", "sin", (90.0 * i, 200.0)) for i in range(6)],
        [Wire(f"v{i}", f"s{i}", f"s{i + 1}", "x") for i in range(5)],
    )
    patch = edits.paste(graph, piece)
    after = graph.apply(patch)
    assert view.patched(after, patch) == geometry.EVERYWHERE
    same(view, ViewModel(after))
    assert view.numbers.value[:2].tolist() == [1.0, 2.5]
    assert view.numbers.wire_grad[0] == 7.0
    assert len(view.numbers.value) == 8
    assert view.selected.tolist() == [False, True, *[False] * 6]
    # What takes gates away is followed row by row.
    assert view.patched(graph, patch.inverse()) != geometry.EVERYWHERE
    same(view, ViewModel(graph))
