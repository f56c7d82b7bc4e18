"""The view's columns after births and deaths: masks for the dead, the born behind the living.

Only rows that a patch names, and the wires on them, are measured again; where collapsed groups or
routed wires are about, all are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bpstudio.core import ways
from bpstudio.core.graph import Node, Wire
from bpstudio.ui.canvas import geometry, rows
from bpstudio.ui.canvas.geometry import Ints, Mask

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel

Changes = list[Any]
"""Pairs of what an item was and what it is; None before birth and after death."""


def restructure(view: ViewModel, nodes: Changes, wires: Changes) -> None:
    """Bring all columns of a view up to date."""
    kept_wires = _bury_wires(view, [old.id for old, new in wires if new is None])
    kept_nodes = _bury_nodes(view, [old.id for old, new in nodes if new is None])
    born: list[Node] = [new for old, new in nodes if old is None]
    if born:
        view.nodes = rows.joined(view.nodes, view.reader.nodes(born, view.graph))
    view.row = _numbered(view.row, view.nodes.ids, kept_nodes)
    changed: list[Node] = [new for old, new in nodes if old is not None and new is not None]
    changed += _locked(view, wires)
    _reread(view, changed)
    fresh: list[Wire] = [new for old, new in wires if old is None]
    if fresh:
        view.wires = rows.joined(view.wires, view.reader.wires(fresh, view.row, view.nodes.ports))
    view.wire_row = _numbered(view.wire_row, view.wires.ids, kept_wires)
    moved: list[Wire] = [new for old, new in wires if old is not None and new is not None]
    for node in changed:
        moved += [view.graph.wires[key] for key in view.graph.into(node.id).values()]
    view.reread_wires(moved)
    view.numbers.grow(len(view.nodes.ids), len(view.wires.ids))
    dotted = any(wire.dots for wire in (*fresh, *moved))
    if view.cover is not None or view.routes is not None or dotted or _right_angled(view):
        view.derive()
        return
    _stretch(view, kept_nodes, kept_wires)
    at = np.array([view.row[node.id] for node in (*changed, *born)], dtype=np.intp)
    lines = [view.wire_row[wire.id] for wire in (*fresh, *moved)]
    ends = {item.target for change in wires for item in change if item is not None}
    told = [view.row[key] for key in ends if key in view.row]
    _measure(view, at, np.array(lines, dtype=np.intp), np.union1d(at, told).astype(np.intp))
    view.longest = max([view.longest, *(len(node.label) for node in (*changed, *born))])


def _numbered(old: dict[str, int], ids: list[str], kept: Mask | None) -> dict[str, int]:
    """Which row each id has; where none died only the born are new."""
    if kept is not None:
        return dict(zip(ids, range(len(ids)), strict=True))
    for row in range(len(old), len(ids)):
        old[ids[row]] = row
    return old


def _right_angled(view: ViewModel) -> bool:
    return view.graph.setting("wires") == ways.ORTHOGONAL


def _bury_wires(view: ViewModel, dead: list[str]) -> Mask | None:
    if not dead:
        return None
    keep = np.ones(len(view.wires.ids), dtype=bool)
    keep[[view.wire_row[key] for key in dead]] = False
    view.wires = rows.kept(view.wires, keep)
    view.numbers.keep_wires(keep)
    return keep


def _bury_nodes(view: ViewModel, dead: list[str]) -> Mask | None:
    if not dead:
        return None
    keep = np.ones(len(view.nodes.ids), dtype=bool)
    keep[[view.row[key] for key in dead]] = False
    view.nodes = rows.kept(view.nodes, keep)
    view.numbers.keep_nodes(keep)
    number = np.cumsum(keep, dtype=np.int32) - 1
    view.wires.source = number[view.wires.source]
    view.wires.target = number[view.wires.target]
    return keep


def _locked(view: ViewModel, wires: Changes) -> list[Node]:
    """Unknown gates have the ports that their wires name: those whose wires changed."""
    targets = {item.target for change in wires for item in change if item is not None}
    nodes = [view.graph.nodes[key] for key in targets if key in view.graph.nodes]
    return [node for node in nodes if node.gate not in view.gates and node.id in view.row]


def _reread(view: ViewModel, nodes: list[Node]) -> None:
    if nodes:
        at = np.array([view.row[node.id] for node in nodes], dtype=np.intp)
        view.assign(view.reader.nodes(nodes, view.graph), at)


def _stretch(view: ViewModel, nodes: Mask | None, wires: Mask | None) -> None:
    """What is derived for each row, with the rows of the dead taken out and room for the born."""
    for names, keep, count in (
        (("at", "box", "wired", "seen"), nodes, len(view.nodes.ids)),
        (("control", "wire_box"), wires, len(view.wires.ids)),
    ):
        for name in names:
            old = getattr(view, name)
            old = old if keep is None else old[keep]
            if old.shape[1:] == (4,):
                # Edge by edge in memory, as `geometry.columns` made them.
                made = geometry.columns(count)
                made[: len(old)] = old
            else:
                more = np.zeros((count - len(old), *old.shape[1:]), dtype=old.dtype)
                made = np.concatenate([old, more]) if len(more) else old
            setattr(view, name, made)
    view.seen[:] = True


def _measure(view: ViewModel, at: Ints, lines: Ints, told: Ints) -> None:
    """Measure nodes and wires by row anew; `told` are nodes whose wires or ports changed."""
    n = len(view.nodes.ids)
    view.at[at] = view.nodes.at[at]
    view.rebox(at)
    view.rewire(np.union1d(view.wires_of(at), lines).astype(np.intp))
    mask = np.zeros(n, dtype=bool)
    mask[told] = True
    theirs = np.flatnonzero(mask[view.wires.target])
    view.wired[told] = 0
    bits = np.left_shift(np.uint64(1), view.wires.port[theirs].astype(np.uint64))
    np.bitwise_or.at(view.wired, view.wires.target[theirs], bits)
    view.settle()
