"""Names of ports, written inside bodies once one is near enough to read them.

For gates whose inputs mean different things (losses, gates of one's own) and for collapsed groups.
Each name has a place of its own beside its port, clear of the symbol or the title, and is set as
large as that place allows: it is written from the zoom on at which it can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QPainter

from bpstudio.core.shape import BOX_TITLE, PORT_GAP
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import rows, symbols
from bpstudio.ui.canvas.geometry import Ints
from bpstudio.ui.canvas.labels import Role
from bpstudio.ui.theme import Theme

if TYPE_CHECKING:
    from bpstudio.ui.canvas.cover import Box
    from bpstudio.ui.canvas.fast import Pass
    from bpstudio.ui.canvas.viewmodel import ViewModel

NAMED = frozenset({"losses", "own"})
"""Families of gates whose inputs are told by name; in the others the upper one is the first."""
PX = 8.0
"""Size of a name that has room, scene px."""
LEAST = 3.0
"""A name that would have to be smaller is cut short."""
READABLE = 9.0
"""From this size on, in logical pixels of the screen, a name is written."""
INSET = 7.0
"""From the edge of a body to a name: clear of the ring."""
ROW = 9.0
"""From one name to the next below it, scene px."""
_HALF = 4.0
"""Half of the height that a name of PX takes."""
_TITLE, _BADGE = 15.5, 12.0
"""Half the height of a box's title and count; what a badge takes of a body's right edge."""
_ROLES = {-1: 100, 1: 101}
"""Numbers of the two roles among a sheet's sprites, by where the name begins."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name beside its port: its place from the body's centre, its size, and which way it goes.

    align   -1 begins at x (an input's), 1 ends there (an output's)
    """

    text: str
    x: float
    y: float
    px: float
    align: int


@dataclass(frozen=True, slots=True)
class Body:
    """What names have to fit into: half its size, and half of what stands in its middle."""

    half: tuple[float, float]
    middle: tuple[float, float]
    shared: bool = False


def of_gate(view: ViewModel, row: int) -> tuple[Name, ...]:
    """The names of a gate's inputs; none where they are all alike."""
    style = view.styles[view.nodes.style[row]]
    names = tuple(view.nodes.ports[row])
    if style.family not in NAMED or style.kind != rows.CARD or len(names) < 2:
        return ()
    half = style.width / 2, style.height / 2
    size, wide = symbols.extent(style.face, style.width, view.factor)
    return _placed(names, Body(half, (wide / 2, 0.56 * size)), -1)


def of_box(box: Box) -> tuple[Name, ...]:
    """The names of a collapsed group's inputs and outputs."""
    wide, tall = box.found.size
    title = min(_width(box.title[:BOX_TITLE], 13.0, bold=True), wide - 20.0)
    words = max(title, _width("00 gates", 11.0))
    body = Body((wide / 2, tall / 2), (words / 2, _TITLE), shared=True)
    ins = tuple(port.name for port in box.found.ports.inputs)
    outs = tuple(port.name for port in box.found.ports.outputs)
    return (*_placed(ins, body, -1), *_placed(outs, body, 1))


@lru_cache(maxsize=4096)
def _placed(names: tuple[str, ...], body: Body, align: int) -> tuple[Name, ...]:
    found = []
    heights = _heights(len(names), body)
    if not body.shared and len(names) % 2 and len(names) > 1:
        room = body.half[0] - INSET - body.middle[0] - 2.0
        if room < 0.75 * _width(names[len(names) // 2], PX):
            heights = _below(heights, body)
    for name, (y, beside) in zip(names, heights, strict=True):
        if abs(y) + _HALF > body.half[1]:
            continue
        whole = body.half[0] - INSET
        room = whole - body.middle[0] - 2.0 if beside else whole * (1.0 if body.shared else 2.0)
        if not beside and not body.shared:
            room -= _BADGE
        elif body.shared:
            room -= 2.0
        text, px = _fitted(name, room)
        if text:
            found.append(Name(text, align * whole, y, px, align))
    return tuple(found)


def _heights(count: int, body: Body) -> list[tuple[float, bool]]:
    """Where each of a side's names stands: at its port, or as near as the middle lets it.

    With each goes whether it stands beside what is in the middle.
    """
    found = [(place - (count - 1) / 2) * PORT_GAP for place in range(count)]
    inner = body.middle[1] + _HALF
    # From the middle outwards: each keeps clear of the one before.
    for place in range((count + 1) // 2, count):
        found[place] = inner = max(found[place], inner)
        found[count - 1 - place] = -inner
        inner += ROW
    return [(y, y == 0.0) for y in found]


def _below(heights: list[tuple[float, bool]], body: Body) -> list[tuple[float, bool]]:
    """The name in the middle has no room beside the symbol: it goes below it, and those after it
    further down, so that they are read in the order of their ports. As they were without room."""
    middle = len(heights) // 2
    found, y = list(heights), body.middle[1] + _HALF
    for place in range(middle, len(heights)):
        y = max(y, heights[place][0])
        found[place] = y, False
        y += ROW
    return found if found[-1][0] + _HALF <= body.half[1] else heights


def _fitted(name: str, room: float) -> tuple[str, float]:
    """The name and its size in so much room; cut short where it would be too small."""
    if room < LEAST:
        return "", 0.0
    px = min(PX, PX * room / max(_width(name, PX), 0.1))
    while px < LEAST and len(name) > 1:
        name = name[:-2] + "…" if name.endswith("…") else name[:-1] + "…"
        px = min(PX, PX * room / _width(name, PX))
    return (name, px) if px >= LEAST else ("", 0.0)


@lru_cache(maxsize=4096)
def _width(text: str, px: float, *, bold: bool = False) -> float:
    """How wide a text is, measured large: hinting must not decide what fits."""
    font = themes.font(10 * px, bold=bold, italic=not bold)
    return QFontMetricsF(font).horizontalAdvance(text) / 10


# --- in both back-ends -----------------------------------------------------------------------


def seen(view: ViewModel, at: Ints, boxes: list[Box]) -> Iterator[tuple[float, float, Name]]:
    """The names on these gates and boxes, each with where its body's centre is."""
    families = np.array([style.family in NAMED for style in view.styles], dtype=bool)
    if len(at) and families.any():
        for row in at[families[view.nodes.style[at]]].tolist():
            x, y = view.at[row].tolist()
            yield from ((x, y, name) for name in of_gate(view, row))
    for box in boxes:
        left, top, right, bottom = box.rect
        for name in of_box(box):
            yield (left + right) / 2, (top + bottom) / 2, name


def stamp(it: Pass) -> None:
    """The names in view that can be read, on the screen."""
    scale = it.k / it.dpr
    if scale * PX < READABLE:
        return
    left, top, right, bottom = it.scene
    boxes = [
        box
        for box in it.view.boxes
        if box.rect[0] <= right and box.rect[2] >= left and box.rect[1] <= bottom
        if box.rect[3] >= top
    ]
    for x, y, name in seen(it.view, it.nodes, boxes):
        if name.px * scale < READABLE:
            continue
        role = Role(name.px, "faint", bold=False, italic=True, align=name.align, name=True)
        px = max(1, int(name.px * it.k))
        setting = it.sheet.set_texts(_ROLES[name.align], role, px, [name.text])
        place = it.to_device(np.array([[x + name.x, y + name.y]]))
        shift = setting.width[0] if name.align > 0 else 0.0
        it.sheet.stamp(it.painter, setting.sprites, place[:, 0] - shift, place[:, 1])


def page(painter: QPainter, theme: Theme, view: ViewModel, at: Ints) -> None:
    """All names, on a page."""
    painter.setPen(theme.color("faint"))
    for x, y, name in seen(view, at, view.boxes):
        font = themes.font(name.px, italic=True)
        font.setPixelSize(max(1, int(name.px)))
        metrics = QFontMetricsF(font)
        left = x + name.x - (metrics.horizontalAdvance(name.text) if name.align > 0 else 0.0)
        painter.setFont(font)
        middle = -metrics.tightBoundingRect("0").top() / 2
        painter.drawText(QPointF(left, y + name.y + middle), name.text)
