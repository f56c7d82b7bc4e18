"""What stands in a frame: the gates, notes and frames whose bodies lie wholly inside of it.

A frame holds nothing by name; where a thing stands decides. A collapsed group counts as its box.
"""

from __future__ import annotations

from collections.abc import Iterable

from bpstudio.core.graph import Graph, Node, Note
from bpstudio.core.groups import Rect, body, boxes, contents, hidden, lies_in


def frames_of(graph: Graph) -> list[Note]:
    """The frames of a graph, larger ones first: as they lie upon one another."""
    found = [note for note in graph.notes.values() if note.frame]
    return sorted(found, key=lambda note: -note.size[0] * note.size[1])


def rect_of(note: Note) -> Rect:
    """The rectangle that a note or frame covers."""
    (x, y), (wide, tall) = note.at, note.size
    return x, y, x + wide, y + tall


def standing_in(graph: Graph, frame: str) -> tuple[str, ...]:
    """The ids of the nodes, notes and frames that stand wholly in a frame, at any depth.

    Of two frames of one size and place neither stands in the other.
    """
    own = rect_of(graph.notes[frame])
    found = dict.fromkeys(_nodes_in(graph, own))
    for note in graph.notes.values():
        rect = rect_of(note)
        if note.id != frame and rect != own and lies_in(rect, own):
            found[note.id] = None
    return tuple(found)


def with_standing(graph: Graph, ids: Iterable[str]) -> tuple[str, ...]:
    """These ids and, for each frame among them, those of what stands in it."""
    found = dict.fromkeys(ids)
    for key in tuple(found):
        note = graph.notes.get(key)
        if note is not None and note.frame:
            found |= dict.fromkeys(standing_in(graph, key))
    return tuple(found)


def frames_round(graph: Graph, node: Node) -> list[Note]:
    """The frames that a node, where it is seen, stands in, innermost first."""
    rect = body(node, graph)
    return [note for note in reversed(frames_of(graph)) if lies_in(rect, rect_of(note))]


def _nodes_in(graph: Graph, rect: Rect) -> list[str]:
    left, top, right, bottom = rect
    unseen = hidden(graph)
    found = [
        node.id
        for node in graph.nodes.values()
        # The middle first: bodies are measured for the few that are near.
        if left < node.at[0] < right
        and top < node.at[1] < bottom
        and node.id not in unseen
        and lies_in(body(node, graph), rect)
    ]
    if unseen:
        held = contents(graph)
        for key, box in boxes(graph).items():
            if lies_in(box.rect, rect):
                found += held[key]
    return found
