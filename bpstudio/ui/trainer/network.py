"""The network drawn large: a small picture in every unit, its weights as lines between them.

Pointing at a line or a unit shows its number; a click, or Enter on what the arrow keys picked,
opens a field to type another. The frame comes from the training thread; nothing here computes.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import colours, netpaint, partwords, places
from bpstudio.ui.trainer.engine import Frame
from bpstudio.ui.trainer.looks import Maps
from bpstudio.ui.trainer.numberfield import NumberField
from bpstudio.ui.trainer.parts import BIAS, Part
from bpstudio.ui.trainer.places import Column
from bpstudio.ui.trainer.plusminus import PlusMinus
from bpstudio.ui.trainer.strips import Strip, Turns

_NEAR = 7.0
"""How far from a line the pointer still means it, px."""


class NetworkView(QWidget):
    """Shows the newest frame. Its signals are wishes; the panel fulfils them."""

    edited = Signal(object, float)
    """A Part and its new number."""
    widened = Signal(int, int)
    """A hidden layer (from 1) and +1 or -1 units."""
    deepened = Signal(int)
    """+1 or -1 hidden layers."""
    looked = Signal(object)
    """The (layer, unit) pointed at, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_view")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(themes.px(260), themes.px(150))
        self.frame: Frame | None = None
        self.pictures: frozenset[int] = frozenset()
        """Layers whose units are the pixels of a square picture."""
        self.discrete = False
        self.columns: tuple[Column, ...] = ()
        self.hovered: Part | None = None
        self.picked: Part | None = None
        self.strips: list[Strip] = []
        self._turns = Turns()
        self.atlas: QImage | None = None
        self.side = 0
        self._key: object = None
        self._depth = PlusMinus(self)
        self._depth.changed.connect(self.deepened)
        self._widths: list[PlusMinus] = []
        self.field = NumberField(self)
        self.field.given.connect(self._commit)
        self.field.left.connect(self._left)
        self.editing: Part | None = None
        themes.appearance().changed.connect(self._redress)
        self.retranslate()

    # --- what it is given -------------------------------------------------------------------

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, inputs first."""
        return self.frame.spec.network.sizes if self.frame is not None else ()

    def show_frame(self, frame: Frame, pictures: frozenset[int] | None = None) -> None:
        """Show this state of the run, with these layers as pictures.

        Both come together: a layer of the run before is no picture of the next one's pixels.
        """
        fresh = self.frame is None or self.frame.spec.network.sizes != frame.spec.network.sizes
        self.frame = frame
        if pictures is not None:
            self.pictures = pictures
        if fresh:
            self.hovered = self.picked = None
            self.field.leave()
        if fresh or self._key != self._geometry():
            self._arrange()
        elif self.strips:
            self._renew(all_of_them=not frame.playing)
        self._paint_atlas()
        self.update()

    def show_discrete(self, on: bool) -> None:
        """Two colours only, or all of them."""
        self.discrete = on
        self._paint_atlas()
        self.update()

    def retranslate(self) -> None:
        """Say everything in the chosen language."""
        self.setAccessibleName(tr("The network"))
        self._depth.say(
            tr("Hidden layers"), tr("One hidden layer less"), tr("One more hidden layer")
        )
        self.field.setAccessibleName(tr("New number"))
        self._place_controls()
        self.update()

    # --- geometry ---------------------------------------------------------------------------

    def _geometry(self) -> object:
        ratio = self.devicePixelRatioF()
        return (self.sizes, self.size(), self.pictures, ratio, themes.length(1))

    @property
    def apart(self) -> float:
        """How far from each other two columns stand."""
        if len(self.columns) < 2:
            return 0.0
        first, last = (float(self.columns[n].centres[:, 0].mean()) for n in (0, -1))
        return (last - first) / (len(self.columns) - 1)

    def _arrange(self) -> None:
        """Lay everything out for the sizes and the room there is now."""
        self._key = self._geometry()
        self.strips = []
        if not self.sizes:
            return
        factor = themes.length(1)
        self.columns = tuple(
            column.times(factor)
            for column in places.columns(
                self.sizes, self.width() / factor, self.height() / factor, self.pictures
            )
        )
        for source, target in zip(self.columns, self.columns[1:], strict=False):
            wires = places.wires(source, target)
            left = float(wires.points[:, :, 0].min()) - 3
            width = float(wires.points[:, :, 0].max()) + 3 - left
            self.strips.append(Strip(wires, left, width, self.height()))
        self._renew(all_of_them=True)
        self._place_controls()
        self.update()

    def _renew(self, all_of_them: bool) -> None:
        assert self.frame is not None
        look, dpr = themes.current(), self.devicePixelRatioF()
        weights = [layer.W for layer in self.frame.weights]
        if len(weights) != len(self.strips):
            return
        widest = float(np.clip(min(c.side for c in self.columns) * 0.3, 1.6, 4.5))
        if all_of_them:
            for strip, matrix in zip(self.strips, weights, strict=True):
                strip.renew(matrix, look, dpr, widest)
        else:
            self._turns.renew(self.strips, weights, look, dpr, widest)

    def _place_controls(self) -> None:
        hidden = max(0, len(self.sizes) - 2)
        self._depth.show_number(hidden)
        self._depth.fit(math.inf)
        left = round((self.width() - self._depth.width()) / 2)
        self._depth.move(left, themes.px(4))
        while len(self._widths) > hidden:
            self._widths.pop().deleteLater()
        while len(self._widths) < hidden:
            made = PlusMinus(self)
            number = len(self._widths) + 1
            made.changed.connect(lambda by, number=number: self.widened.emit(number, by))
            self._widths.append(made)
            made.show()
        for number, control in enumerate(self._widths, start=1):
            control.say(
                "",
                tr("One unit less in hidden layer {layer}", layer=number),
                tr("One more unit in hidden layer {layer}", layer=number),
            )
            control.show_number(self.sizes[number])
            control.fit(self.apart)
            centre = self.columns[number].centres[0, 0] if number < len(self.columns) else 0
            lowest = themes.px(places.TOP) - 1 - control.height()
            top = min(themes.px(38), lowest)
            control.move(round(centre - control.width() / 2), top)
        self._order_of_focus()

    def _order_of_focus(self) -> None:
        before: QWidget = self
        for control in (self._depth, *self._widths):
            for button in control.buttons:
                QWidget.setTabOrder(before, button)
                before = button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.frame is not None:
            self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _redress(self, _: object = None) -> None:
        self.setMinimumSize(themes.px(260), themes.px(150))
        if self.frame is not None:
            self._arrange()
            self._paint_atlas()
        self.update()

    # --- painting ---------------------------------------------------------------------------

    def _paint_atlas(self) -> None:
        """All units' maps as one tall picture, one below the other."""
        maps = self.frame.seen.get("maps") if self.frame is not None else None
        if not isinstance(maps, Maps):
            self.atlas = None
            return
        self.side = maps.inputs.shape[-1]
        table = colours.numbers(themes.current(), self.discrete)
        rows = np.concatenate([maps.inputs, *maps.layers]).reshape(-1, self.side)
        self.atlas = colours.picture(rows, table)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = themes.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.paper))
            if self.frame is None or not self.strips:
                return
            for strip in self.strips:
                strip.paint(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            start = 0
            for number, column in enumerate(self.columns):
                netpaint.paint_column(self, painter, number, column, start)
                start += column.count
            netpaint.paint_names(self, painter)
            netpaint.paint_pick(self, painter)
            netpaint.paint_bubble(self, painter)

    def values(self, number: int) -> np.ndarray:
        """The activations of a layer for the sample looked at; none where none is."""
        return partwords.values(self._shown, number)

    def name_of(self, source: int) -> str:
        """What an input is called."""
        return partwords.name_of(self._shown, source)

    @property
    def _shown(self) -> Frame:
        assert self.frame is not None
        return self.frame

    def anchor(self, part: Part) -> QPointF:
        if part.source != BIAS:
            curve = self.strips[part.layer - 1].wires.curve(part.unit, part.source)
            return QPointF(*curve[places.PIECES // 2].tolist())
        return QPointF(*self.columns[part.layer].centres[part.unit].tolist())

    # --- what a part is ---------------------------------------------------------------------

    def value_of(self, part: Part) -> float:
        """The weight or bias as it is in the newest frame."""
        return partwords.value_of(self._shown, part)

    def words_of(self, part: Part) -> str:
        """One line about a part, its number last."""
        return partwords.words_of(self._shown, part)

    def part_at(self, x: float, y: float) -> Part | None:
        """The unit under a point, else the weight whose line is near."""
        for number, column in enumerate(self.columns):
            unit = column.unit_at(x, y)
            if unit >= 0:
                return Part(number, unit)
        best, found = _NEAR, None
        for number, strip in enumerate(self.strips):
            if not strip.left - _NEAR <= x <= strip.left + strip.width + _NEAR:
                continue
            target, source, away = strip.wires.nearest(x, y, strip.shown)
            if away < best:
                best, found = away, Part(number + 1, target, source)
        return found

    # --- pointer ----------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.part_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, part: Part | None) -> None:
        if part == self.hovered:
            return
        self.hovered = part
        shape = Qt.CursorShape.PointingHandCursor
        if part is not None and part.layer:
            self.setCursor(shape)
        else:
            self.unsetCursor()
        on_unit = part is not None and part.source == BIAS
        self.looked.emit((part.layer, part.unit) if part is not None and on_unit else None)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.field.leave()
        part = self.part_at(event.position().x(), event.position().y())
        self.picked = part
        if part is not None and part.layer and event.button() == Qt.MouseButton.LeftButton:
            self.open_field(part)
        self.update()

    # --- keyboard ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, weights = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if key in moves and self.columns:
            if weights and self.picked is not None and self.picked.layer:
                self._pick_source(moves[Qt.Key(key)][1])
            else:
                self._pick(*moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.picked is not None:
            if self.picked.layer:
                self.open_field(self.picked)
        elif key == Qt.Key.Key_Escape and self.picked is not None:
            self.picked = None
            self.update()
        else:
            super().keyPressEvent(event)

    def _pick(self, across: int, down: int) -> None:
        at = self.picked or Part(0, -down if down > 0 else 0)
        layer = min(max(0, at.layer + across), len(self.columns) - 1)
        unit = min(max(0, at.unit + down), self.columns[layer].shown - 1)
        self._say_picked(Part(layer, unit))

    def _pick_source(self, down: int) -> None:
        assert self.picked is not None
        last = self.columns[self.picked.layer - 1].shown - 1
        source = min(max(BIAS, self.picked.source + down), last)
        self._say_picked(Part(self.picked.layer, self.picked.unit, source))

    def _say_picked(self, part: Part) -> None:
        self.picked = part
        words = self.words_of(part)
        self.setAccessibleDescription(words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- the field --------------------------------------------------------------------------

    def open_field(self, part: Part) -> None:
        """Ask for another number for a weight or a bias."""
        self.editing = self.picked = part
        self.field.open(self.value_of(part), self.anchor(part), self.words_of(part))
        self.update()

    def _commit(self, value: float) -> None:
        part, self.editing = self.editing, None
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if part is not None:
            self.edited.emit(part, value)

    def _left(self) -> None:
        self.editing = None
        self.update()
