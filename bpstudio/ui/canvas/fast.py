"""The stages of the fast back-end: whole columns turned into a few painter calls.

Everything here is in device pixels, at whole ones where it is stamped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bpstudio.core.shape import GRID
from bpstudio.ui.canvas import atlas, bends, drawing, geometry, hits, routes, weights
from bpstudio.ui.canvas.drawing import ACTIVE, HOVERED, LARGEST_PORT, SELECTED
from bpstudio.ui.canvas.geometry import Floats, Ints, Rect

if TYPE_CHECKING:
    from bpstudio.ui.canvas.framefast import Placed
    from bpstudio.ui.canvas.frames import Frame
    from bpstudio.ui.canvas.renderer import Renderer
    from bpstudio.ui.canvas.sight import Sight

_PIECES = np.array([1, 4, 8, 12, 16, 24, 32, 64])
_MANY = 4000
"""With more lines than this in view they are not antialiased: none can be told from the next."""
_FAINT = 0.35
"""Opacity of a gate that may not take the wire in the making."""
_PAD = 8
"""Room around a body in its sprite for outlines, scene px."""


ALL, STANDING, LIFTED = "all", "standing", "lifted"
"""What of a view a pass paints: in a drag what stands and what is lifted off it apart."""


class Pass:
    """One call of paint: what every stage needs. Device pixels = scene px * k + (ox, oy)."""

    def __init__(
        self, renderer: Renderer, painter: QPainter, sight: Sight, part: str = ALL
    ) -> None:
        self.theme, self.dpr, self.factor = renderer.theme, renderer.dpr, renderer.factor
        self.painter, self.view, self.rect = painter, sight.view, sight.rect
        self.overlay, self.marks = sight.overlay, sight.marks
        self.scale, self.grid, self._part = sight.scale, sight.grid, part
        (x, y), rect = sight.offset, sight.rect
        self.k = sight.scale * self.dpr
        self.ox, self.oy = x * self.dpr, y * self.dpr
        self.sheet = renderer.sheet(self.k)
        self.base = painter.transform()
        self.scene = (
            (rect.left() - x) / sight.scale,
            (rect.top() - y) / sight.scale,
            (rect.right() - x) / sight.scale,
            (rect.bottom() - y) / sight.scale,
        )
        self.nodes = self._nodes_in(self.scene, 24.0)
        self.wires = self._without_hidden(self._wires_in(self.scene))
        self.placed: Placed | None = None
        self.stamps: list[tuple[Ints, Floats, Floats]] = []

    def _nodes_in(self, rect: Rect, pad: float) -> Ints:
        lifted = self.view.lifted
        if lifted is None or self._part == ALL:
            return self.view.nodes_in(rect, pad)
        if self._part == LIFTED:
            return self.view.nodes_in(rect, pad, lifted.nodes)
        found = self.view.nodes_in(rect, pad)
        return np.asarray(found[lifted.stands[found]])

    def _wires_in(self, rect: Rect) -> Ints:
        lifted = self.view.lifted
        if lifted is None or self._part == ALL:
            return self.view.wires_in(rect)
        if self._part == LIFTED:
            return self.view.wires_in(rect, lifted.wires)
        found = self.view.wires_in(rect)
        return np.asarray(found[lifted.wires_stand[found]])

    def _without_hidden(self, wires: Ints) -> Ints:
        """Without the wire whose end a gesture has in hand: its dots and numbers go with it."""
        rows = [self.view.wire_row[key] for key in self.ids("hidden") if key in self.view.wire_row]
        return np.asarray(wires[~np.isin(wires, rows)]) if rows else wires

    def tails_in(self, rect: Rect, pad: float = 0.0) -> Ints:
        """Rows of the nodes in a rectangle, those whose output a box shows there among them."""
        if self._part == ALL:
            return self.view.tails_in(rect, pad)
        # Nothing is lifted where there are boxes.
        return self._nodes_in(rect, pad)

    @property
    def lifting(self) -> bool:
        """Whether only what a drag has lifted is painted."""
        return self._part == LIFTED

    @property
    def frames(self) -> list[Frame]:
        """The frames of groups in view: they stand, whatever is lifted."""
        if self.lifting:
            return []
        return [
            frame for frame in self.view.frames if hits.meet(hits.frame_rect(frame), self.scene)
        ]

    def widget_units(self) -> None:
        """From here on the painter's unit is a logical pixel, as it was before."""
        self.painter.setTransform(self.base)
        self.painter.setOpacity(1.0)

    def device_units(self) -> None:
        """From here on the painter's unit is a device pixel."""
        self.painter.setTransform(self.base)
        self.painter.scale(1 / self.dpr, 1 / self.dpr)
        self.painter.setOpacity(1.0)

    def scene_units(self) -> None:
        """From here on the painter's unit is a scene pixel."""
        self.device_units()
        self.painter.translate(self.ox, self.oy)
        self.painter.scale(self.k, self.k)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def smooth(self, on: bool) -> None:
        """Antialiasing on or off."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, on)

    def to_device(self, points: Floats) -> Floats:
        """Points (…, 2) from scene to device pixels."""
        return np.asarray(points * self.k + (self.ox, self.oy))

    def near(self, lines: Floats, width: float) -> Floats:
        """Of lines (n, 4) this wide those that can touch what is painted: a curve that only
        passes by leaves most of its pieces outside, and each would go through Qt's stroker."""
        room, dpr, rect = width + 2.0, self.dpr, self.rect
        x, y = lines[:, 0::2], lines[:, 1::2]
        inside = (
            (np.minimum(x[:, 0], x[:, 1]) <= rect.right() * dpr + room)
            & (np.maximum(x[:, 0], x[:, 1]) >= rect.left() * dpr - room)
            & (np.minimum(y[:, 0], y[:, 1]) <= rect.bottom() * dpr + room)
            & (np.maximum(y[:, 0], y[:, 1]) >= rect.top() * dpr - room)
        )
        return np.asarray(lines[inside])

    def ids(self, name: str) -> frozenset[str]:
        """A set of ids of the overlay; empty where there is none."""
        return getattr(self.overlay, name) if self.overlay is not None else frozenset()


def ground(it: Pass) -> None:
    """The paper and its dots; a small picture has none."""
    left, top = it.rect.left() * it.dpr, it.rect.top() * it.dpr
    page = QRectF(left, top, it.rect.width() * it.dpr, it.rect.height() * it.dpr)
    it.smooth(False)
    it.painter.fillRect(page, it.theme.color("paper"))
    if not it.grid:
        return
    step = GRID
    while step * it.k < 16 * it.dpr:
        step *= 2
        if step > 64 * GRID:
            return
    xs = np.arange(np.floor(it.scene[0] / step), np.ceil(it.scene[2] / step) + 1) * step
    ys = np.arange(np.floor(it.scene[1] / step), np.ceil(it.scene[3] / step) + 1) * step
    radius = max(it.dpr, it.k) * min(it.factor, 1.5)

    def paint(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(it.theme.color("dots"))
        painter.drawEllipse(QPointF(size / 2, size / 2), radius, radius)

    size = 2 * np.ceil(radius + 0.5)
    number = it.sheet.number(("dot", radius), size, size, (size / 2, size / 2), paint)
    at = it.to_device(np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2))
    it.sheet.stamp(it.painter, np.full(len(at), number), at[:, 0], at[:, 1])


def far_wires(it: Pass) -> None:
    """So far away that wires are straight lines."""
    it.smooth(False)
    it.painter.setPen(QPen(it.theme.color("line"), 1))
    atlas.draw_lines(it.painter, _straight(it, it.wires))


def far_bodies(it: Pass) -> None:
    """So far away that gates are rectangles."""
    view, painter = it.view, it.painter
    it.smooth(False)
    painter.setPen(Qt.PenStyle.NoPen)
    families = [style.family for style in view.styles]
    names = sorted(set(families))
    family = np.array([names.index(f) for f in families])[view.nodes.style[it.nodes]]
    family[view.selected[it.nodes]] = len(names)
    colors = [it.theme.family(name) for name in names] + [it.theme.selection]
    for number in np.unique(family).tolist():
        chosen = it.nodes[family == number]
        place = it.to_device(view.box[chosen, :2])
        size = np.maximum(view.nodes.size[chosen] * it.k, 1.5 * it.dpr)
        painter.setBrush(QColor(colors[number]))
        atlas.draw_rects(painter, place[:, 0], place[:, 1], size[:, 0], size[:, 1])


def wires(it: Pass, *, straight: bool, thick: bool) -> None:
    """All wires in view, then the selected and the active ones over them."""
    view = it.view
    at = it.wires
    hover = view.wire_row.get(it.marks.hover, -1)
    special = view.numbers.wire_active[at] | view.wire_selected[at] | (at == hover)
    stubs = it.nodes[view.stub[it.nodes]]
    near = _stubs_near(it)
    if len(near):
        # By a mask and not by union1d, which imports all of numpy.ma for the first picture.
        either = np.zeros(len(view.stub), bool)
        either[stubs] = either[near] = True
        stubs = np.flatnonzero(either)
    quiet = at[~special]
    if view.weighted and not straight:
        wide, tails_wide = weights.of_wires(view, quiet), weights.of_nodes(view, stubs)
        for times in np.union1d(wide, tails_wide).tolist():
            lines = [_curved(it, quiet[wide == times]), _tails(it, stubs[tails_wide == times])]
            _draw(it, np.concatenate(lines), times, thick=True)
    else:
        pieces = _straight(it, quiet) if straight else _curved(it, quiet)
        _draw(it, np.concatenate([pieces, _tails(it, stubs)]), 1.0, thick=thick)
    it.smooth(True)
    for row in at[special].tolist():
        special_wire(it, row)


def _tails(it: Pass, stubs: Ints) -> Floats:
    """The free wires of results."""
    view = it.view
    ends = np.stack([view.box[stubs, 2], view.at[stubs, 1]] * 2, axis=1).reshape(-1, 2, 2)
    tails = it.to_device(ends).reshape(-1, 4)
    tails[:, 2] += view.tail * it.k
    return tails


def _draw(it: Pass, lines: Floats, times: float, *, thick: bool) -> None:
    """Lines as wide as a wire, `times` over."""
    width = drawing.WIRE_WIDTH * times * it.factor * it.k if thick else it.dpr
    pen = QPen(it.theme.color("line"), max(width, it.dpr))
    # Square ends close the joints of a curve's pieces; round ones cost nine times as much.
    pen.setCapStyle(Qt.PenCapStyle.SquareCap if thick else Qt.PenCapStyle.FlatCap)
    it.smooth(len(lines) <= _MANY)
    it.painter.setPen(pen)
    atlas.draw_lines(it.painter, it.near(lines, width))


def special_wire(it: Pass, row: int) -> None:
    """A wire that is active, selected or under the pointer: a single clean curve."""
    view = it.view
    least = drawing.WIRE_WIDTH * float(weights.of_wires(view, np.array([row]))[0])
    color, width = it.theme.ink, 2.2
    if view.wire_selected[row]:
        color, width = it.theme.selection, 2.6
    if view.numbers.wire_active[row]:
        color = it.theme.phase(view.numbers.phase)
        width = drawing.ACTIVE_WIDTH
    pen = drawing.wire_pen(color, max(max(width, least) * it.factor * it.k, 1.5 * it.dpr))
    it.painter.setPen(pen)
    it.painter.setBrush(Qt.BrushStyle.NoBrush)
    it.painter.drawPath(bends.path(it.to_device(routes.way(view, row))))


def _stubs_near(it: Pass) -> Ints:
    """Nodes left of the picture whose free wire reaches into it."""
    left, top, right, bottom = it.scene
    near = it.tails_in((left - it.view.tail - 8, top, right, bottom), 8.0)
    return np.asarray(near[it.view.stub[near]])


def _straight(it: Pass, at: Ints) -> Floats:
    return it.to_device(routes.pieces(it.view, at)[:, [0, 3]]).reshape(-1, 4)


def _curved(it: Pass, at: Ints) -> Floats:
    """The curves as pieces (n, 4), as many as each one needs."""
    control = routes.pieces(it.view, at)
    need = _PIECES[np.searchsorted(_PIECES, geometry.pieces_needed(control, it.k))]
    found = []
    for pieces in geometry.kinds(need)[0].tolist():
        lines = it.to_device(geometry.flatten(control[need == pieces], pieces))
        found.append(np.concatenate([lines[:, :-1], lines[:, 1:]], axis=2).reshape(-1, 4))
    return np.concatenate(found) if found else np.empty((0, 4))


def bodies(it: Pass, *, faces: bool) -> None:
    """Cards and pills with their symbols."""
    view, at = it.view, it.nodes
    picked = view.mask(it.ids("picked"))
    state = (view.selected | picked)[at] * SELECTED
    state += view.mask([view.numbers.active])[at] * ACTIVE
    state += view.mask([it.marks.hover])[at] * HOVERED
    opacity = np.where(view.mask(it.ids("forbidden"))[at], _FAINT, 1.0)
    code = view.nodes.style[at].astype(np.int64) * 8 + state
    kinds, which = geometry.kinds(code)
    with it.sheet.drawing():
        numbers = [_body_sprite(it, kind // 8, kind % 8, faces) for kind in kinds.tolist()]
    place = it.to_device(view.box[at, :2])
    sprites = np.array(numbers, dtype=np.intp)[which] if numbers else np.empty(0, np.intp)
    it.sheet.stamp(it.painter, sprites, place[:, 0], place[:, 1], opacity)


def _body_sprite(it: Pass, style_number: int, state: int, faces: bool) -> int:
    style = it.view.styles[style_number]
    # Whole device pixels, so that all four edges of the card are sharp.
    width, height = round(style.width * it.k), round(style.height * it.k)
    pad = round(_PAD * it.k)

    def paint(painter: QPainter) -> None:
        painter.translate(pad, pad)
        painter.scale(width / style.width, height / style.height)
        box = QRectF(0, 0, style.width, style.height)
        drawing.body(painter, it.theme, style, box, state, hair=it.dpr / it.k)
        if faces:
            drawing.face(painter, it.theme, style, box, it.factor)

    key = ("body", style, state, faces)
    return it.sheet.number(key, width + 2 * pad, height + 2 * pad, (pad, pad), paint)


def ports(it: Pass) -> None:
    """The rings of all ports in view; lit ones while a wire is in the making."""
    view, at = it.view, it.nodes
    if not len(at):
        return
    count = view.nodes.count[at]
    owner = np.repeat(at, count)
    index = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    wired = (view.wired[owner] >> index.astype(np.uint64)) & np.uint64(1)
    look_in = np.where(wired == 1, drawing.RING, drawing.OPEN)
    look_out = np.full(len(at), drawing.RING)
    lit = it.overlay.lit if it.overlay is not None else ""
    allowed = ~view.mask(it.ids("forbidden"))
    if lit == "inputs":
        look_in[allowed[owner]] = drawing.LIT
    elif lit == "outputs":
        look_out[allowed[at]] = drawing.LIT
    awake = view.selected | view.mask([it.marks.hover])
    ghosts = at[view.ghost[at] & (allowed if lit == "inputs" else awake)[at]]
    ghost_places = np.array([view.ghost_at(i) for i in ghosts.tolist()]).reshape(-1, 2)
    ghost_look = drawing.LIT if lit == "inputs" else drawing.GHOST
    place = np.concatenate(
        [
            view.inputs_at(owner, index),
            np.column_stack([view.box[at, 2], view.at[at, 1]]),
            ghost_places,
        ]
    )
    look = np.concatenate([look_in, look_out, np.full(len(ghosts), ghost_look)])
    looks = np.array([port_sprite(it, n) for n in range(len(drawing.PORT_RADII))])
    device = it.to_device(place)
    it.sheet.stamp(it.painter, looks[look], device[:, 0], device[:, 1])


def port_sprite(it: Pass, look: int) -> int:
    """The sprite of a port's ring."""
    scale = max(it.k, 0.5 * it.dpr) * min(it.factor, LARGEST_PORT)
    half = int(np.ceil((drawing.PORT_RADII[look] + 2) * scale)) + 0.5

    def paint(painter: QPainter) -> None:
        painter.scale(scale, scale)
        drawing.port(painter, it.theme, look, QPointF(half / scale, half / scale))

    key = ("port", look)
    return it.sheet.number(key, 2 * half, 2 * half, (half - 0.5, half - 0.5), paint)
