"""One number per layer and step as a map of colours, with its scale beside it and numbers to read.

Sizes go by decades from the paper to a strong ink; ratios are blue above and orange below what they
should be; shares go from nothing to all. A number that is none is hatched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.nn.flowlog import Span
from bpstudio.ui import theme as themes
from bpstudio.ui.theme import Theme
from bpstudio.ui.trainer import colours
from bpstudio.ui.trainer.layerplot import power

_TOP, _BOTTOM, _LEFT, _RIGHT = 40.0, 22.0, 30.0, 66.0
_BAR = 10.0
GUIDE = 1e-3
"""What an update should be of the data."""
AROUND = 3.0
"""Decades on either side of it that have colours of their own."""
KINDS = {"update_to_data": "ratio", "saturated": "share"}
"""Quantities that are no sizes."""


@cache
def _sizes_table(theme: Theme) -> np.ndarray:
    """256 packed colours: the paper, then ever stronger."""
    stops = ("#F4F1E8", "#BFD3C1", "#5FA39B", "#2A6F86", "#17375E")
    if theme.dark:
        stops = ("#22262B", "#24485A", "#2F7D86", "#7CC3A2", "#F2EFC4")
    ends = np.array([[QColor(c).red(), QColor(c).green(), QColor(c).blue()] for c in stops])
    at, places = np.linspace(0, len(ends) - 1, 256), np.arange(len(ends))
    rgb = np.column_stack([np.interp(at, places, ends[:, k]) for k in range(3)]).astype(np.uint32)
    return np.asarray(0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2], np.uint32)


@dataclass(frozen=True, eq=False)
class Field:
    """What is shown: a value per layer and column, the updates of the columns, its name."""

    values: np.ndarray
    steps: np.ndarray
    title: str
    kind: str = "size"
    """"size", "ratio" or "share"."""
    noun: str = ""
    """What a column is, where it is no update."""


class HeatMap(QWidget):
    """Arrow keys move the reading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field: Field | None = None
        self.reading: tuple[int, int] | None = None
        self._span = Span(-3.0, 0.0)
        self._image: QImage | None = None
        self._known: np.ndarray | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(190, 120)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.appearance().changed.connect(self._dress)

    def show_field(self, field: Field | None, span: Span | None = None) -> None:
        """Show this; `span` in decades where another map shares the scale."""
        if field is not None and (self.field is None or field.kind != self.field.kind):
            self._span = Span(-3.0, 0.0)
        self.field = field
        if field is not None and field.kind == "size":
            self._span = span or self._span.fit(*decades_of(field.values), slack=2)
        self._dress()

    def _dress(self, _: object = None) -> None:
        field = self.field
        if field is not None and field.values.size:
            look = themes.current()
            table = colours.numbers(look) if field.kind == "ratio" else _sizes_table(look)
            shares = self._shares(field.values)
            self._known = np.isfinite(shares)
            indices = np.clip(np.nan_to_num(shares) * 255, 0, 255).astype(np.uint8)
            self._image = colours.picture(indices, table)
            self.setAccessibleDescription(self.words())
        else:
            self._image = None
        self.update()

    def _shares(self, values: np.ndarray) -> np.ndarray:
        """Where along the scale, 0 to 1; NaN for what is no number."""
        assert self.field is not None
        if self.field.kind == "share":
            return np.asarray(values, float)
        with np.errstate(all="ignore"):
            logs = np.log10(np.asarray(values, float))
        logs[np.asarray(values) == 0] = -400.0
        if self.field.kind == "ratio":
            return np.asarray((logs - math.log10(GUIDE)) / (2 * AROUND) + 0.5)
        low, high = self._span.low, self._span.high
        return np.asarray((logs - low) / max(high - low, 1e-9))

    def words(self) -> str:
        """The last column, for screen readers and tests."""
        field = self.field
        if field is None or not field.values.size:
            return ""
        last = ", ".join(self._number(v) for v in field.values[:, -1])
        return tr(
            "{title}, {noun} {n}: {numbers}",
            title=field.title,
            noun=field.noun or tr("update"),
            n=int(field.steps[-1]),
            numbers=last,
        )

    def _number(self, value: float) -> str:
        assert self.field is not None
        return f"{value:.1%}" if self.field.kind == "share" else numbers.show(float(value), 3)

    # --- painting ---------------------------------------------------------------------------

    @property
    def room(self) -> QRectF:
        """Where the colours are."""
        n = themes.length
        return QRectF(self.rect()).adjusted(n(_LEFT), n(_TOP), -n(_RIGHT), -n(_BOTTOM))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, n = themes.current(), themes.length
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.panel))
            painter.setFont(themes.font(n(11)))
            painter.setPen(look.color("faint"))
            over = QRectF(n(8), n(2), self.width() - n(16), n(16))
            painter.drawText(over, Qt.AlignmentFlag.AlignLeft, self._title())
            if self._image is not None and self.field is not None:
                self._paint_field(painter, self.field)
                self._paint_scale(painter)
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_field(self, painter: QPainter, field: Field) -> None:
        look, room, n = themes.current(), self.room, themes.length
        layers, columns = field.values.shape
        assert self._image is not None
        assert self._known is not None
        painter.drawImage(room, self._image)
        wide, tall = room.width() / columns, room.height() / layers
        hatch = QBrush(look.color("line"), Qt.BrushStyle.BDiagPattern)
        for layer, column in zip(*np.nonzero(~self._known), strict=True):
            box = QRectF(room.left() + column * wide, room.top() + layer * tall, wide, tall)
            painter.fillRect(box, QColor(look.panel))
            painter.fillRect(box, hatch)
        painter.setPen(look.color("faint"))
        aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        every = max(1, math.ceil(n(15) / tall))
        for layer in range(0, layers, every):
            y = room.top() + (layer + 0.5) * tall
            painter.drawText(QRectF(0, y - n(8), room.left() - n(5), n(16)), aligned,
                             str(layer + 1))  # fmt: skip
        self._paint_steps(painter, field, wide)
        if self.reading is not None:
            layer, column = self.reading
            painter.setPen(QPen(look.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            box = QRectF(room.left() + column * wide, room.top() + layer * tall,
                         max(wide, 3.0), max(tall, 3.0))  # fmt: skip
            painter.drawRect(box)

    def _paint_steps(self, painter: QPainter, field: Field, wide: float) -> None:
        room, n = self.room, themes.length
        columns = len(field.steps)
        most = max(2, int(room.width() / n(70)))
        places = sorted({round(k * (columns - 1) / max(1, most - 1)) for k in range(most)})
        for column in places:
            x = room.left() + (column + 0.5) * wide
            left = min(max(x - n(40), 0.0), self.width() - n(80))
            painter.drawText(QRectF(left, room.bottom() + n(3), n(80), n(16)),
                             Qt.AlignmentFlag.AlignCenter,
                             f"{int(field.steps[column]):,}")  # fmt: skip

    def _paint_scale(self, painter: QPainter) -> None:
        look, room, n = themes.current(), self.room, themes.length
        assert self.field is not None
        table = colours.numbers(look) if self.field.kind == "ratio" else _sizes_table(look)
        bar = QRectF(room.right() + n(12), room.top(), n(_BAR), room.height())
        painter.drawImage(bar, colours.picture(np.arange(255, -1, -1).reshape(-1, 1), table))
        painter.setPen(look.color("faint"))
        for share, words in self._scale(max(2, int(room.height() / n(30)))):
            y = room.bottom() - share * room.height()
            painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + n(3), y))
            box = QRectF(bar.right() + n(6), y - n(8), n(44), n(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)

    def _scale(self, most: int) -> list[tuple[float, str]]:
        assert self.field is not None
        if self.field.kind == "share":
            return [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")]
        if self.field.kind == "ratio":
            middle = round(math.log10(GUIDE))
            return [(0.5 + k / (2 * AROUND), power(middle + k)) for k in (-3, 0, 3)]
        low, high = self._span.low, self._span.high
        every = max(1, math.ceil((high - low) / most))
        whole = range(math.ceil(low), math.floor(high) + 1, every)
        return [((p - low) / max(high - low, 1e-9), power(p)) for p in whole]

    def _title(self) -> str:
        field = self.field
        if field is None:
            return ""
        if self.reading is None or not self._holds(*self.reading):
            return tr("{what}: layer × {noun}", what=field.title, noun=field.noun or tr("update"))
        layer, column = self.reading
        return tr(
            "Layer {layer}, {noun} {n}: {value}",
            layer=layer + 1,
            noun=field.noun or tr("update"),
            n=f"{int(field.steps[column]):,}",
            value=self._number(float(field.values[layer, column])),
        )

    # --- pointing and keys ------------------------------------------------------------------

    def _holds(self, layer: int, column: int) -> bool:
        return self.field is not None and (
            0 <= layer < self.field.values.shape[0] and 0 <= column < self.field.values.shape[1]
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.field is None or not self.field.values.size:
            return
        room, (layers, columns) = self.room, self.field.values.shape
        layer = math.floor((event.position().y() - room.top()) / room.height() * layers)
        column = math.floor((event.position().x() - room.left()) / room.width() * columns)
        self._read((layer, column) if self._holds(layer, column) else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._read(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if event.key() not in moves or self.field is None or not self.field.values.size:
            super().keyPressEvent(event)
            return
        down, across = moves[Qt.Key(event.key())]
        if self.reading is None:
            self._read((0, self.field.values.shape[1] - 1))
            return
        wanted = self.reading[0] + down, self.reading[1] + across
        if self._holds(*wanted):
            self._read(wanted)

    def _read(self, place: tuple[int, int] | None) -> None:
        if place != self.reading:
            self.reading = place
            self.update()


def decades_of(*many: np.ndarray) -> tuple[float, float]:
    """The whole decades that hold the values above 0; NaN without any."""
    parts = [values[(values > 0) & np.isfinite(values)] for values in many]
    known = np.concatenate([part.ravel() for part in parts])
    if not known.size:
        return math.nan, math.nan
    low, high = math.floor(math.log10(known.min())), math.ceil(math.log10(known.max()))
    return float(low), float(max(high, low + 1))
