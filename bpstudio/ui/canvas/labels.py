"""Every text on the canvas that shows a number or a name, as columns for either back-end.

Nothing is formatted that is not in the rectangle asked for, and nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import numbers, shape
from bpstudio.language import tr
from bpstudio.ui.canvas import fitting, placing, routes, rows
from bpstudio.ui.canvas.geometry import Floats, Ints, Mask, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.viewmodel import ViewModel


@dataclass(frozen=True, slots=True)
class Role:
    """How one sort of label is set: size in scene px, style, ink and patch (fields of Theme).

    align   0 centred on its point, -1 begins there, 1 ends there
    fixed   whether it stands inside a body: it grows by `inside` in Large mode
    name    whether it may hold any text (else digits, sign, point, e, ∞ and NaN only)
    """

    px: float
    ink: str
    patch: str = ""
    bold: bool = True
    italic: bool = False
    align: int = 0
    name: bool = False
    fixed: bool = False


ROLES = (
    Role(placing.LABEL_PX, "value", "paper"),
    Role(placing.LABEL_PX, "grad", "paper", italic=True),
    Role(placing.LABEL_PX, "value", "value_tint"),
    Role(placing.LABEL_PX, "grad", "grad_tint", italic=True),
    Role(14, "sources", italic=True, align=-1, name=True, fixed=True),
    Role(13, "ink", bold=False, align=1, fixed=True),
    Role(15, "sources", italic=True, align=-1, name=True),
    Role(12, "faint", "paper", italic=True, name=True),
    Role(placing.LABEL_PX, "grad", "paper", italic=True, align=-1),
    Role(placing.LABEL_PX, "tangent", "paper"),
    Role(placing.LABEL_PX, "tangent", "tangent_tint"),
    Role(11, "grad", "paper", italic=True, name=True),
)
VALUE, GRAD, VALUE_LIT, GRAD_LIT, PILL_NAME, PILL_VALUE, RESULT_NAME, GATE_NAME, SUM = range(9)
RATE, RATE_LIT, SEED = 9, 10, 11

LIT = {VALUE: VALUE_LIT, GRAD: GRAD_LIT, RATE: RATE_LIT}
PHASES = {"forward": 0, "backward": 1, "tangent": 1}
"""Which of a wire's two numbers a step of each phase is about."""
RATE_MARK, SPREAD_MARK = "∂\N{THIN SPACE}", "±"
"""Before a derivative of forward mode, and before a standard deviation: colour is not enough."""

SURE_LETTERS = 7
"""A number of no more characters has room on every wire."""
SHORT = 5
"""A text of no more characters fits everywhere."""
CHARACTER = 8.0
"""About how wide a digit of a wire's label is, scene px."""
SEED_BELOW = 10.0
"""How far below a body its seed is written, scene px."""
PILL_PAD = 14.0
"""From a pill's ends to its name and its number, scene px."""
PILL_LARGEST = 1.6
"""How much larger a pill's texts may be: they stand in its height with some air."""
MANY_PILLS = 200
"""With more pills than this nobody measures how much room each one has left."""


@dataclass(slots=True)
class Labels:
    """Columns: texts, their points (k, 2) in scene px (vertical middle), and their role numbers."""

    text: list[str]
    point: Floats
    role: NDArray[np.uint8]


@lru_cache(maxsize=65536)
def text_of(value: float, digits: int) -> str:
    """A number as labels show it."""
    return numbers.show(value, digits)


def collect(view: ViewModel, rect: Rect) -> Labels:
    """All labels that may be seen in a rectangle, in drawing order, at `view.larger`'s size."""
    return of(view, view.wires_in(rect), view.tails_in(around(view, rect)))


def around(view: ViewModel, rect: Rect) -> Rect:
    """Where nodes stand whose texts may reach into a rectangle."""
    wide = (shape.STUB + 80.0 + 11.0 * view.longest) * view.factor
    high = 40.0 * view.factor
    return rect[0] - wide, rect[1] - high, rect[2] + wide, rect[3] + high


def of(view: ViewModel, wires: Ints, tails: Ints) -> Labels:
    """The labels of these wires and nodes."""
    nodes = tails[view.seen[tails]]
    parts = [
        *_on_wires(view, wires),
        *_on_stubs(view, tails[view.stub[tails]]),
        _sums(view, tails),
        _seeds(view, nodes),
        *_pills(view, nodes[view.nodes.kind[nodes] == rows.PILL]),
        *_names(view, tails[view.nodes.kind[tails] != rows.PILL]),
    ]
    return Labels(
        [text for part in parts for text in part.text],
        np.concatenate([part.point for part in parts]),
        np.concatenate([part.role for part in parts]),
    )


def _made(text: list[str], point: Floats, role: int) -> Labels:
    return Labels(text, point, np.full(len(text), role, dtype=np.uint8))


def _texts(
    view: ViewModel, values: Floats, role: int, room: Callable[[], Floats], before: str = ""
) -> list[str]:
    """Numbers as this role shows them, with the marks that tell what they are.

    `room` tells the width that each has; it is asked only where one is long.
    """
    spread = SPREAD_MARK if view.numbers.spread else ""
    mark = before + (RATE_MARK if role == RATE else "") + spread
    texts = [mark + text_of(value, view.digits) for value in values.tolist()]
    sure = fitting.SUM_SURE if role == SUM else fitting.SURE
    long = [i for i, text in enumerate(texts) if len(text) > SHORT and fitting.width(text) > sure]
    if long:
        free = room() / view.larger - fitting.width(mark)
        for i in long:
            texts[i] = mark + fitting.fitted(float(values[i]), view.digits, float(free[i]))
    return texts


def _second(view: ViewModel) -> int:
    """The role of a wire's second number: the gradient, or forward mode's derivative."""
    return RATE if view.numbers.forward else GRAD


def _on_wires(view: ViewModel, at: Ints) -> list[Labels]:
    if not len(at):
        return []
    shown, place = view.numbers, view.anchors.point[at]
    down = view.anchors.offsets(at)
    made, aside = [], _Aside(view, at)
    both = (
        (view.show_values, shown.wire_value, shown.wire_value_on, VALUE),
        (view.show_gradients, shown.wire_grad, shown.wire_grad_on, _second(view)),
    )
    for column, (wanted, value, on, role) in enumerate(both):
        if not wanted:
            continue
        keep = on[at]
        texts = _texts(view, value[at[keep]], role, partial(_wire_room, view, at[keep], column))
        point = place[keep].copy()
        point[:, 0] += aside.of(keep, texts, column)
        point[:, 1] += down[keep, column]
        labels = _made(texts, point, role)
        if PHASES.get(shown.phase) == column:
            labels.role[shown.wire_active[at[keep]]] = LIT[role]
        made.append(labels)
    return made


def _wire_room(view: ViewModel, at: Ints, column: int) -> Floats:
    return np.asarray(fitting.room(view).wires[at, column])


def _tail_room(view: ViewModel, at: Ints, column: int) -> Floats:
    return np.asarray(fitting.room(view).tails[at, column])


class _Aside:
    """How far right of its anchor each number stands so that a steep wire does not cross it.

    Where a wire falls, the room above it is on its right and the room below it on its left. No
    number leaves the gap between the two gates; on a level wire none moves.
    """

    def __init__(self, view: ViewModel, at: Ints) -> None:
        control = routes.heading(view, at, view.anchors.t[at])
        way = control[:, 3] + control[:, 2] - control[:, 1] - control[:, 0]
        self._view, self._at, self._larger = view, at, view.larger
        self._steep = np.abs(way[:, 1]) / np.maximum(np.abs(way[:, 0]), 1e-6)
        self._falls = np.sign(way[:, 0] * way[:, 1])
        self._gap = (control[:, 3, 0] - control[:, 0, 0]) / 2
        self._middle = (view.anchors.side[at] == 0) & (view.anchors.t[at] == 0.5)

    def of(self, keep: Mask, texts: list[str], column: int) -> Floats:
        """For the texts of those that a mask keeps; column 0 stands above the wire, 1 below."""
        half = np.array([len(text) for text in texts]) * (CHARACTER * self._larger / 2) + 4.0
        room = self._gap[keep] - half - 5.0
        if max(map(len, texts), default=0) > SURE_LETTERS:
            free = _wire_room(self._view, self._at[keep], column) / 2
            room = np.minimum(room, free - half + 4.0)
        needed = half - placing.CLEAR / np.maximum(self._steep[keep], 1e-6)
        aside = np.clip(needed, 0.0, np.clip(room, 0.0, None))
        turn = 1.0 if column == 0 else -1.0
        return np.asarray(np.where(self._middle[keep], aside * self._falls[keep] * turn, 0.0))


def wire_boxes(view: ViewModel, wire: int) -> list[tuple[str, Rect]]:
    """The numbers on a wire, "value" and "grad", with the boxes they are written in."""
    at, found = np.array([wire]), []
    tall = placing.BOX[1] * view.larger / 2
    for labels in _on_wires(view, at):
        for text, (x, y), role in zip(labels.text, labels.point, labels.role, strict=True):
            half = len(text) * CHARACTER * view.larger / 2 + 4.0
            which = "value" if role in (VALUE, VALUE_LIT) else "grad"
            found.append((which, (x - half, y - tall, x + half, y + tall)))
    return found


def _on_stubs(view: ViewModel, at: Ints) -> list[Labels]:
    """The result on the free wire of a node that feeds nothing; its seed or derivative below."""
    shown, made = view.numbers, []
    right = placing.stub_label(view.larger)
    middle = np.column_stack([view.box[at, 2] + right, view.at[at, 1]])
    above, below = placing.offsets(view.larger)[3].tolist()
    both = (
        (view.show_values, shown.value, shown.value_on, VALUE, above),
        (view.show_gradients, shown.grad, shown.grad_on, _second(view), below),
    )
    for column, (wanted, value, on, role, down) in enumerate(both):
        if not wanted:
            continue
        keep = on[at]
        texts = _texts(view, value[at[keep]], role, partial(_tail_room, view, at[keep], column))
        labels = _made(texts, middle[keep] + (0, down), role)
        lit = {"forward": VALUE, "tangent": RATE}.get(shown.phase)
        if role == lit and shown.active in view.row:
            labels.role[at[keep] == view.row[shown.active]] = LIT[role]
        made.append(labels)
    return made


def _sums(view: ViewModel, at: Ints) -> Labels:
    """The gradient of a node whose value goes several ways: the sum over its wires."""
    shown = view.numbers
    wanted = shown.grad_on[at] & (view.out_count[at] > 1) & view.show_gradients
    at = at[wanted & (not shown.forward)]
    boxes = placing.sums(view, at, view.larger)
    point = np.column_stack([boxes[:, 0] + 2, boxes[:, 1::2].mean(axis=1)])
    texts = _texts(view, shown.grad[at], SUM, lambda: fitting.room(view).sums[at], "Σ ")
    return _made(texts, point, SUM)


def _pills(view: ViewModel, at: Ints) -> list[Labels]:
    y = view.at[at, 1]
    names = _made(
        [view.nodes.names[i] for i in at.tolist()],
        np.column_stack([view.box[at, 0] + PILL_PAD, y]),
        PILL_NAME,
    )
    values = _made(
        _pill_texts(view, at),
        np.column_stack([view.box[at, 2] - PILL_PAD, y]),
        PILL_VALUE,
    )
    return [names, values]


def inside(view: ViewModel) -> float:
    """How much larger than usual texts inside pills are in Large mode: all alike, as all fit."""
    if view.factor == 1.0:
        return 1.0
    at = np.flatnonzero((view.nodes.kind == rows.PILL) & view.seen)
    if not 0 < len(at) <= MANY_PILLS:
        return 1.0
    letters = np.array([len(view.nodes.names[i]) for i in at.tolist()]) * 9.0
    digits = np.array([len(text) for text in _pill_texts(view, at)]) * 8.5
    free = view.nodes.size[at, 0] - 2 * PILL_PAD - CHARACTER
    return float(np.clip((free / (letters + digits)).min(), 1.0, min(view.factor, PILL_LARGEST)))


def _pill_texts(view: ViewModel, at: Ints) -> list[str]:
    """A source's own number; of a batch what its wire shows."""
    own, read = view.nodes.value[at], view.numbers.value[at]
    mark = SPREAD_MARK if view.numbers.spread else ""
    texts = [
        mark + text_of(other, view.digits) if number != number else text_of(number, view.digits)
        for number, other in zip(own.tolist(), read.tolist(), strict=True)
    ]
    for i, text in enumerate(texts):
        if len(text) > SHORT and fitting.width(text) > fitting.SURE:
            name, wide = view.nodes.names[at[i]], view.nodes.size[at[i], 0]
            room = max(fitting.SURE, wide - 2 * PILL_PAD - 4.0 - shape.LETTER * len(name))
            value, front = (read[i], mark) if own[i] != own[i] else (own[i], "")
            room -= fitting.width(front)
            texts[i] = front + fitting.fitted(float(value), view.digits, float(room))
    return texts


def _seeds(view: ViewModel, at: Ints) -> Labels:
    """The seeds that were put on nodes, below their bodies; not the automatic ones."""
    seeds = view.graph.seeds
    if not seeds or not view.show_gradients:
        return _made([], np.empty((0, 2)), SEED)
    at = at[view.mask(seeds)[at]]
    values = [seeds[view.nodes.ids[i]] for i in at.tolist()]
    texts = [tr("seed {value}", value=text_of(value, view.digits)) for value in values]
    down = view.box[at, 3] + SEED_BELOW * view.larger
    return _made(texts, np.column_stack([view.at[at, 0], down]), SEED)


def _names(view: ViewModel, at: Ints) -> list[Labels]:
    """Gates with a name: behind the free wire of a result, above the card of any other."""
    labelled = np.array([bool(view.nodes.labels[i]) for i in at.tolist()], dtype=bool)
    at = at[labelled]
    ends, inner = at[view.stub[at]], at[~view.stub[at] & view.seen[at]]
    behind = np.column_stack([view.box[ends, 2] + view.tail + 8, view.at[ends, 1]])
    up = placing.NAME_ABOVE * view.larger
    above = np.column_stack([view.at[inner, 0], view.box[inner, 1] - up])
    return [
        _made([view.nodes.labels[i] for i in ends.tolist()], behind, RESULT_NAME),
        _made([view.nodes.labels[i] for i in inner.tolist()], above, GATE_NAME),
    ]
