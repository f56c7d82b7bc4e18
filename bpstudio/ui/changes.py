"""What a patch changes, as far as a document has to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpstudio.core.graph import Graph, Kind, Node, Patch, Wire


def brings_samples(patch: Patch) -> bool:
    """Whether a patch gives an input a batch that it did not have."""
    for old, new in patch.touched(Node):
        value = new.params.get("value") if isinstance(new, Node) else None
        before = old.params.get("value") if isinstance(old, Node) else None
        if isinstance(value, tuple) and value != before:
            return True
    return False


def structural(patch: Patch) -> bool:
    """Whether a patch changes what is wired to what, and not only numbers, places and names."""
    for old, new in patch.touched(Node):
        if old is None or new is None:
            return True
        assert isinstance(old, Node)
        assert isinstance(new, Node)
        if old.gate != new.gate or old.params.get("inputs") != new.params.get("inputs"):
            return True
    # A wire that is only led another way carries what it carried.
    if any(_plugged(old) != _plugged(new) for old, new in patch.touched(Wire)):
        return True
    # An own gate of another formula may have other ports.
    return any(True for _ in patch.touched(Kind))


def _plugged(wire: object) -> tuple[str, ...]:
    return (wire.source, wire.target, wire.port) if isinstance(wire, Wire) else ()


def numbers_only(patch: Patch) -> bool:
    """Whether a patch changes nothing but numbers, places and marks of inputs."""
    return all(
        isinstance(old, Node)
        and isinstance(new, Node)
        and old.gate == new.gate == "input"
        and old.label == new.label
        for old, new in patch.changes.values()
    )


def in_place(patch: Patch) -> bool:
    """Whether a patch changes numbers alone and everything stays where it is."""
    return numbers_only(patch) and all(
        isinstance(old, Node)
        and isinstance(new, Node)
        and (old.at, old.group) == (new.at, new.group)
        for old, new in patch.changes.values()
    )


def rebased(patch: Patch, graph: Graph, moving: Mapping[str, str]) -> Patch:
    """A patch made before some numbers moved by themselves, for the graph as it is now.

    `moving` is node id -> the parameter that moves. What the patch does to it holds; where it
    does nothing to it, the number stays as it is now.
    """
    if not moving or not any(key in moving for key in patch.changes):
        return patch
    changes = dict(patch.changes)
    for key, (before, after) in patch.changes.items():
        now = graph.nodes.get(key)
        if key not in moving or now is None or now == before or not isinstance(before, Node):
            continue
        name = moving[key]
        if with_number(before, name, now.params.get(name)) != now:
            # Something else has changed: not for us to mend.
            continue
        if isinstance(after, Node) and after.params.get(name) == before.params.get(name):
            after = with_number(after, name, now.params.get(name))
        if after == now:
            del changes[key]
        else:
            changes[key] = (now, after)
    return Patch(patch.label, changes)


def with_number(node: Node, name: str, value: object) -> Node:
    """The node with another number."""
    params = {**node.params, name: value}
    if value is None:
        del params[name]
    return replace(node, params=params)
