"""What a patch changes, as far as a document has to know it."""

from __future__ import annotations

from bpstudio.core.graph import Kind, Node, Patch, Wire


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
    # An own gate of another formula may have other ports.
    return any(True for kind in (Wire, Kind) for _ in patch.touched(kind))
