"""What a drag has taken up: the rows that are away from home, kept from one move to the next.

A gate that is dragged is drawn over all that stands, like a card that is lifted off the table: so
what stands can be one still picture, and a move paints only what is in the hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bpstudio.ui.canvas.geometry import Ints, Mask, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel


class Lifted:
    """The nodes of a drag and the wires on them, by row, and the masks of those that stand.

    alone   whether nothing else of the picture goes with them: no group's frame, no collapsed
            group, no note. Only then the rest is still.
    rect    where they were drawn last
    """

    __slots__ = ("alone", "ids", "nodes", "rect", "stands", "wires", "wires_stand")

    def __init__(self, view: ViewModel, ids: tuple[str, ...]) -> None:
        self.ids = ids
        rows = [view.row[key] for key in ids if key in view.row]
        self.nodes: Ints = np.array(sorted(set(rows)), dtype=np.intp)
        self.wires: Ints = view.wires_of(self.nodes)
        self.stands: Mask = _all_but(self.nodes, len(view.nodes.ids))
        self.wires_stand: Mask = _all_but(self.wires, len(view.wires.ids))
        self.rect: Rect | None = None
        nodes = view.graph.nodes
        self.alone = view.cover is None and all(
            key in nodes and not nodes[key].group for key in ids
        )


def _all_but(at: Ints, count: int) -> Mask:
    mask = np.ones(count, dtype=bool)
    mask[at] = False
    return mask
