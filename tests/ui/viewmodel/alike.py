"""Whether two views show the same, and a view that followed patches."""

from __future__ import annotations

import numpy as np

from bpstudio.core.graph import Graph, Patch
from bpstudio.ui.canvas.viewmodel import ViewModel


def same(one: ViewModel, other: ViewModel) -> None:
    """Two views show the same, whatever the order of their rows."""
    assert sorted(one.nodes.ids) == sorted(other.nodes.ids)
    assert sorted(one.wires.ids) == sorted(other.wires.ids)
    for key, i in one.row.items():
        j = other.row[key]
        assert one.styles[one.nodes.style[i]] == other.styles[other.nodes.style[j]]
        assert one.nodes.ports[i] == other.nodes.ports[j]
        assert (one.nodes.labels[i], one.nodes.names[i]) == (
            other.nodes.labels[j],
            other.nodes.names[j],
        )
        np.testing.assert_allclose(one.box[i], other.box[j])
        np.testing.assert_equal(one.nodes.value[i], other.nodes.value[j])
        for name in ("wired", "out_count", "in_count", "open", "stub", "ghost"):
            assert getattr(one, name)[i] == getattr(other, name)[j], (key, name)
    for key, i in one.wire_row.items():
        j = other.wire_row[key]
        np.testing.assert_allclose(one.control[i], other.control[j])
        np.testing.assert_allclose(one.wire_box[i], other.wire_box[j])
        for end in ("source", "target"):
            mine, theirs = getattr(one.wires, end)[i], getattr(other.wires, end)[j]
            assert one.nodes.ids[mine] == other.nodes.ids[theirs]
    assert set(one.frames) == set(other.frames)


def followed(graph: Graph, *patches: Patch) -> ViewModel:
    """A view that followed the patches, checked after each against one built anew."""
    view = ViewModel(graph)
    for patch in patches:
        graph = graph.apply(patch)
        view.patched(graph, patch)
        same(view, ViewModel(graph))
    return view


def change(graph: Graph, *items: object) -> Patch:
    """A patch that puts these items in."""
    return Patch("Edit", {item.id: (graph.get(item.id), item) for item in items})  # type: ignore[attr-defined, misc]
