"""How frames that stand on their own are put on the screen; titled.py says where their parts are.

All of them at once, in whole device pixels: what is straight as plain rectangles, one call for a
colour, corners and titles as sprites. framepaint.py draws the same with a pen, for pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from bpstudio.core.items import COLOURS
from bpstudio.core.shape import FRAME_TITLE
from bpstudio.ui import theme as themes
from bpstudio.ui.canvas import atlas, framepaint, hits, paints, titled
from bpstudio.ui.canvas.drawing import qrect
from bpstudio.ui.canvas.geometry import Floats, Ints, grown, whole

if TYPE_CHECKING:
    from bpstudio.ui.canvas.fast import Pass

_WIDEST = 1000
"""A title wider than this is no sprite, device px."""
_LONG = 1 << 40
"""In the place of a sprite: the title is too wide for one."""
_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
"""Top left, top right, bottom right, bottom left: whether at the right, whether at the bottom."""
_EDGES = np.array([(0, 1), (2, 1), (2, 3), (0, 3)])
"""The same, as columns of a box."""


class Placed:
    """The frames in view; places in whole device pixels.

    at              their rows in view.titled
    scene           left, top, right, bottom with the title, scene px (k, 4)
    box             the same on the device
    head            the lower edges of the strips with the titles; the top where there is none
    colour          the numbers of their colours (k,)
    radius          of their corners (k,), 0 from far away
    """

    def __init__(self, it: Pass) -> None:
        rows = it.view.titled_rows
        hair = it.factor / it.scale
        box = it.view.titled_rects().copy()
        tall = max(FRAME_TITLE, titled.LEAST_TITLE * hair)
        if tall <= titled.HIGHEST:
            named = box[:, 2] - box[:, 0] >= titled.NARROWEST * hair
            head = box[:, 1] + FRAME_TITLE * named
            box[:, 1] = np.where(named, head - tall, head)
        else:
            head = box[:, 1]
        left, top, right, bottom = grown(it.scene, 8.0 * max(1.0, 1.0 / it.scale))
        self.at = np.flatnonzero(
            (box[:, 0] <= right) & (box[:, 2] >= left) & (box[:, 1] <= bottom) & (box[:, 3] >= top)
        )
        box = box[self.at]
        self.scene = box
        self.box = whole(box * it.k + (it.ox, it.oy, it.ox, it.oy))
        self.head = whole(head[self.at] * it.k + it.oy)
        self.colour = rows.colour[self.at]
        radius = round(framepaint.RADIUS * it.k)
        side = np.minimum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) * it.k
        self.radius = np.where((side > 2 * radius) & (radius > 1), radius, 0)


def seen(it: Pass) -> Placed | None:
    """The frames in view, None for none: they stand, whatever is lifted."""
    if it.lifting or not it.view.titled:
        return None
    if it.placed is None:
        it.placed = Placed(it)
    return it.placed if len(it.placed.at) else None


def paint(it: Pass, found: Placed) -> None:
    """Strips with their titles, and lines."""
    it.smooth(False)
    it.painter.setPen(Qt.PenStyle.NoPen)
    _strips(it, found)
    _lines(it, found)
    _titles(it, found)


def grounds(it: Pass, found: Placed) -> None:
    """The pale grounds: over wires and the patches of numbers, but not on notes."""
    it.smooth(False)
    it.painter.setPen(Qt.PenStyle.NoPen)
    plain = _without_notes(it, found)
    left, top, right, bottom = found.box[plain].T
    round_ = found.radius[plain]
    bands = (
        (left, top + round_, right, bottom - round_),
        (left + round_, top, right - round_, top + round_),
        (left + round_, bottom - round_, right - round_, bottom),
    )
    _fill(it, found.colour[plain], bands if round_.any() else bands[:1], "ground")
    _corners(it, found.box[plain], round_, found.colour[plain], "ground", 4)


def _strips(it: Pass, found: Placed) -> None:
    named = np.flatnonzero(found.head > found.box[:, 1])
    if not len(named):
        return
    left, top, right, _ = found.box[named].T
    round_, low = found.radius[named], found.head[named]
    # A corner is never higher than the strip: that grows from afar, and near by is 28 to 10 px.
    bands = (
        (left, top + round_, right, low),
        (left + round_, top, right - round_, top + round_),
    )
    _fill(it, found.colour[named], bands if round_.any() else bands[:1], "strip")
    _corners(it, found.box[named], round_, found.colour[named], "strip", 2)


def _lines(it: Pass, found: Placed) -> None:
    """The lines of frames, at last those of selected ones and of the one under the pointer."""
    lit, hover = _lit(it, found)
    state = lit | hover
    for chosen, width in ((~state, 1.2), (state, 2.0)):
        if not chosen.any():
            continue
        wide = max(1, round(max(width * it.k, width * it.dpr)))
        shift = wide // 2
        left, top, right, bottom = (found.box[chosen] - shift).T
        round_ = found.radius[chosen]
        colour = np.where(lit[chosen], len(COLOURS) + 1, found.colour[chosen])
        bands = (
            (left + round_, top, right - round_ + wide, top + wide),
            (left + round_, bottom, right - round_ + wide, bottom + wide),
            (left, top + np.maximum(round_, wide), left + wide, bottom - round_ + wide),
            (right, top + np.maximum(round_, wide), right + wide, bottom - round_ + wide),
        )
        _fill(it, colour, bands, "line")
        outer = np.stack([left, top, right + wide, bottom + wide], axis=1)
        _corners(it, outer, round_, colour, "line", 4, wide)


def _lit(it: Pass, found: Placed) -> tuple[np.ndarray, np.ndarray]:
    """Masks: the selected frames, and the one under the pointer."""
    picked, hover = it.ids("picked") | it.view.chosen, it.marks.hover
    row = it.view.titled_rows.row
    chosen = [row[key] for key in picked if key in row] if len(picked) else []
    return np.isin(found.at, chosen), found.at == row.get(hover, -1)


def _fill(it: Pass, colour: Ints, bands: tuple[tuple[Floats, ...], ...], what: str) -> None:
    """Rectangles, as far as they are in what is painted: a call for each colour."""
    rects = np.array(bands).transpose(0, 2, 1).reshape(-1, 4)
    numbers = np.tile(colour, len(bands))
    rect, dpr = it.rect, it.dpr
    low = np.floor((rect.left() * dpr - 2, rect.top() * dpr - 2))
    high = np.ceil((rect.right() * dpr + 2, rect.bottom() * dpr + 2))
    rects[:, :2] = np.maximum(rects[:, :2], low)
    rects[:, 2:] = np.minimum(rects[:, 2:], high)
    size = rects[:, 2:] - rects[:, :2]
    inside = (size > 0).all(axis=1)
    for number in set(numbers[inside].tolist()):
        mine = inside & (numbers == number)
        it.painter.setBrush(_brush(it, number, what))
        atlas.fill_whole(it.painter, rects[mine], pale=what != "line")


def _brush(it: Pass, number: int, what: str) -> QColor:
    colour = COLOURS[number - 1] if 0 < number <= len(COLOURS) else ""
    if what == "ground":
        return framepaint.pale(it.theme, colour)
    if number > len(COLOURS):
        return QColor(it.theme.selection)
    made = QColor(paints.ink(it.theme, colour))
    if what == "strip":
        made.setAlphaF(framepaint.STRIP_FILL)
    return made


def _corners(
    it: Pass, box: Floats, radius: Ints, colour: Ints, what: str, count: int, wide: int = 0
) -> None:
    """The first so many corners of these boxes, as sprites; `wide` is a line's width, 0 to fill."""
    if not radius.any():
        return
    size = int(radius.max())
    at = box[:, _EDGES[:count]] - size * _CORNERS[:count]
    low = it.rect.left() * it.dpr - size, it.rect.top() * it.dpr - size
    high = it.rect.right() * it.dpr, it.rect.bottom() * it.dpr
    near = ((at >= low) & (at <= high)).all(axis=2) & (radius > 0)[:, None]
    box_of, way = np.nonzero(near)
    if not len(way):
        return
    key = "corner", what, size, wide
    table = it.sheet.kept.get(key)
    if table is None:
        table = it.sheet.kept[key] = np.full((len(COLOURS) + 2, 4), -1)
    numbers = colour[box_of]
    for number in set(numbers.tolist()):
        if table[number, 0] < 0:
            table[number] = [_corner(it, size, number, what, way, wide) for way in range(4)]
    place = at[box_of, way]
    it.sheet.stamp(it.painter, table[numbers, way], place[:, 0], place[:, 1])


def _corner(it: Pass, size: int, number: int, what: str, way: int, wide: int) -> int:
    far, low = _CORNERS[way].tolist()

    def draw(painter: QPainter) -> None:
        colour = _brush(it, number, what)
        painter.setPen(QPen(colour, wide) if wide else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if wide else colour)
        turn = 2 * size - wide
        at = QRectF(wide / 2 - far * size, wide / 2 - low * size, turn, turn)
        painter.drawEllipse(at)

    return it.sheet.number(("corner", what, size, number, way, wide), size, size, (0, 0), draw)


# --- titles ------------------------------------------------------------------------------------


def _titles(it: Pass, found: Placed) -> None:
    named = np.flatnonzero(found.head > found.box[:, 1])
    if not len(named):
        return
    px = max(1, round(max(13.0 * it.k, 12.0 * it.factor * it.dpr)))
    rows = it.view.titled_rows
    known = it.sheet.kept.get("titles")
    if known is None or known[0] is not rows:
        # Of the last frames alone: every edit of one makes other rows.
        known = it.sheet.kept["titles"] = rows, np.full(len(rows.row), -1)
    sprites = known[1]
    at = found.at[named]
    for n in np.flatnonzero(sprites[at] < 0).tolist():
        wide = float(found.scene[named[n], 2] - found.scene[named[n], 0]) * it.k
        sprites[at[n]] = _title(it, int(at[n]), px, round(wide - 1.4 * px))
    x = found.box[named, 0] + round(0.8 * px)
    y = np.floor((found.box[named, 1] + found.head[named]) / 2)
    here = sprites[at]
    it.sheet.stamp(it.painter, here[here < _LONG], x[here < _LONG], y[here < _LONG])
    for n in np.flatnonzero(here == _LONG).tolist():
        _say(it, int(at[n]), px, float(x[n]), float(y[n]))


def _title(it: Pass, row: int, px: int, room: int) -> int:
    note = it.view.titled[row]
    text = framepaint.elided(note.text, px, room)
    font = themes.font(px, bold=True)
    metrics = QFontMetricsF(font)
    wide, tall = metrics.horizontalAdvance(text) + px, metrics.height() + 2
    if wide > _WIDEST:
        return _LONG
    ink = _ink(it, note.colour)

    def draw(painter: QPainter) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QPointF(px // 2, round(metrics.ascent()) + 1), text)

    anchor = (px // 2, round(tall / 2))
    return it.sheet.number(("title", text, note.colour, px), wide, tall, anchor, draw)


def _say(it: Pass, row: int, px: int, x: float, y: float) -> None:
    """A title that is too wide for a sprite, written anew each time."""
    note = it.view.titled[row]
    rect = it.view.note_rect(note.id)
    text = framepaint.elided(note.text, px, round((rect[2] - rect[0]) * it.k - 1.4 * px))
    font = themes.font(px, bold=True)
    metrics = QFontMetricsF(font)
    it.painter.setFont(font)
    it.painter.setPen(_ink(it, note.colour))
    tall = metrics.height() + 2
    it.painter.drawText(QPointF(x, y - round(tall / 2) + round(metrics.ascent()) + 1), text)
    it.painter.setPen(Qt.PenStyle.NoPen)


def _ink(it: Pass, colour: str) -> QColor:
    return QColor(paints.ink(it.theme, colour) if colour else it.theme.ink)


# --- notes on frames ---------------------------------------------------------------------------


def _without_notes(it: Pass, found: Placed) -> Ints:
    """Paint the grounds of those frames on which a note is seen; the places of the others."""
    view = it.view
    everything = np.arange(len(found.at))
    if len(view.notes) == len(view.titled):
        return everything
    notes = [view.note_rect(key) for key, note in view.notes.items() if not note.frame]
    notes = [rect for rect in notes if hits.meet(rect, it.scene)]
    if not notes:
        return everything
    left, top, right, bottom = np.array(notes).T
    x, y, x1, y1 = (edge[:, None] for edge in found.scene.T)
    over = (x <= right) & (x1 >= left) & (y <= bottom) & (y1 >= top)
    it.smooth(True)
    for n in np.flatnonzero(over.any(axis=1)).tolist():
        path, radius = QPainterPath(), float(found.radius[n])
        path.addRoundedRect(qrect(tuple(found.box[n].tolist())), radius, radius)
        for note in np.flatnonzero(over[n]).tolist():
            cut = QPainterPath()
            x0, y0, x2, y2 = (n * it.k for n in notes[note])
            cut.addRoundedRect(
                qrect((x0 + it.ox, y0 + it.oy, x2 + it.ox, y2 + it.oy)), 8 * it.k, 8 * it.k
            )
            path = path.subtracted(cut)
        it.painter.setBrush(_brush(it, int(found.colour[n]), "ground"))
        it.painter.drawPath(path)
    it.smooth(False)
    return np.flatnonzero(~over.any(axis=1))
