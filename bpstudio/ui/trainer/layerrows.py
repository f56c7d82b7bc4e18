"""The layers of a network as rows: three small histograms each, and its figures beside them.

Forward is green, backward is red, as everywhere. The histograms of one column share an axis; those
of gradients count decades, so that what vanishes stands further left than what does not. The thin
dark outline is the first step of the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from bpstudio.core import numbers
from bpstudio.language import N_, tr
from bpstudio.nn.flowlog import FlowPicture, FlowRow, Span
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import axes
from bpstudio.ui.trainer.layerplot import power

ROW, TALLEST, HEAD = 34.0, 60.0, 52.0
NARROWEST = 640
ROOMY = 720
"""Below this width the columns move together; a panel beside the graph still shows all of them."""
MUCH = 0.5
"""A share of saturated or dead units from which it is marked."""
FAR = 10.0
"""Times 1e-3 or a part of it: an update that is marked as too large or too small."""
GUIDE = 1e-3


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a heading (marked), its width (0: what is left), and what it shows of a row.

    `shares` and `span` for a histogram in the ink of a theme role; `words` for figures, which end
    in a mark where something is wrong.
    """

    title: str
    width: float = 0.0
    shares: Callable[[FlowRow], np.ndarray] | None = None
    span: Callable[[FlowPicture], Span] | None = None
    role: str = ""
    decades: bool = True
    words: Callable[[FlowRow], str] | None = None


def _flat(row: FlowRow) -> str:
    return f"{row.saturated:.0%}" + (" !" if row.saturated > MUCH else "")


def _dead(row: FlowRow) -> str:
    return f"{row.dead:.0%}" + (" !" if row.dead > MUCH else "")


def _update(row: FlowRow) -> str:
    return numbers.show(row.update_to_data, 2) + hint(row.update_to_data)


def hint(ratio: float) -> str:
    """An arrow where an update is far too small or too large for its weights."""
    if not ratio > 0:
        return ""
    return " ↑" if ratio > FAR * GUIDE else " ↓" if ratio < GUIDE / FAR else ""


COLUMNS: tuple[Column, ...] = (
    Column(N_("Activations"), shares=lambda r: r.activations, span=lambda p: p.activations,
           role="value", decades=False),
    Column(N_("Spread"), 54, words=lambda r: numbers.show(r.std, 2)),
    Column(N_("Flat"), 46, words=_flat),
    Column(N_("Dead"), 46, words=_dead),
    Column(N_("Back-propagated"), shares=lambda r: r.backpropagated,
           span=lambda p: p.backpropagated, role="grad"),
    Column(N_("Norm"), 62, words=lambda r: numbers.show(r.norm_backpropagated, 2)),
    Column(N_("Weights’ gradient"), shares=lambda r: r.weight_gradients,
           span=lambda p: p.weight_gradients, role="losses"),
    Column(N_("Norm"), 62, words=lambda r: numbers.show(r.norm_weight_gradient, 2)),
    Column(N_("Gradient : data"), 62, words=lambda r: numbers.show(r.gradient_to_data, 2)),
    Column(N_("Update : data"), 72, words=_update),
)  # fmt: skip
_NUMBER = 30.0
"""The width of the layer's own number."""


class LayerRows(QWidget):
    """Keys up and down move the row that is read out."""

    read = Signal(str)
    """All figures of the row under the pointer or the keys, or "" for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: FlowPicture | None = None
        self.beside_start = True
        self.row = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.appearance().changed.connect(self.updateGeometry)

    def show_picture(self, picture: FlowPicture | None) -> None:
        """Show the layers as they are now."""
        rows = len(picture.now) if picture is not None else 0
        before = len(self.picture.now) if self.picture is not None else 0
        self.picture = picture
        if rows != before:
            self.row = -1
            n = themes.length
            self.setMinimumSize(round(n(NARROWEST)), round(n(HEAD) + rows * n(ROW) * 0.75))
            self.updateGeometry()
        self.setAccessibleDescription(self.words())
        self.update()

    def sizeHint(self) -> QSize:
        n = themes.length
        rows = len(self.picture.now) if self.picture is not None else 4
        return QSize(round(n(NARROWEST + 160)), round(n(HEAD + rows * ROW)))

    def words(self) -> str:
        """Everything, for screen readers and tests."""
        if self.picture is None:
            return ""
        return "\n".join(self.words_of(row) for row in self.picture.now)

    def words_of(self, row: FlowRow) -> str:
        """One layer in words."""
        return tr(
            "Layer {layer}: spread {std}, saturated {flat}, dead {dead}, norms: activations "
            "{a}, back-propagated {b}, weights’ gradient {g}; gradient : data {gd}, update : data "
            "{ud}",
            layer=row.layer,
            std=numbers.show(row.std, 3),
            flat=f"{row.saturated:.1%}",
            dead=f"{row.dead:.1%}",
            a=numbers.show(row.norm_activation, 3),
            b=numbers.show(row.norm_backpropagated, 3),
            g=numbers.show(row.norm_weight_gradient, 3),
            gd=numbers.show(row.gradient_to_data, 3),
            ud=numbers.show(row.update_to_data, 3),
        )

    # --- geometry ---------------------------------------------------------------------------

    def _lefts(self) -> list[tuple[Column, QRectF]]:
        """The columns with their place across; top and height are those of the heading."""
        n = themes.length
        gap = n(10 if self.width() >= n(ROOMY) else 6)
        fixed = sum(n(c.width) for c in COLUMNS) + n(_NUMBER) + gap * (len(COLUMNS) + 1)
        wide = max(n(40), (self.width() - fixed) / sum(1 for c in COLUMNS if not c.width))
        x, places = n(_NUMBER) + gap, []
        for column in COLUMNS:
            width = n(column.width) if column.width else wide
            places.append((column, QRectF(x, 0, width, n(HEAD))))
            x += width + gap
        return places

    def tall(self) -> float:
        """The height of a row."""
        rows = len(self.picture.now) if self.picture is not None else 1
        n = themes.length
        room = (self.height() - n(HEAD) - n(4)) / max(1, rows)
        return min(n(TALLEST), max(n(ROW) * 0.75, room))

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look, n = themes.current(), themes.length
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.panel))
            picture = self.picture
            if picture is None:
                return
            painter.setFont(themes.font(n(11)))
            tall, places = self.tall(), self._lefts()
            self._paint_head(painter, picture, places)
            for index, row in enumerate(picture.now):
                top = n(HEAD) + index * tall
                self._paint_row(painter, picture, places, index, row, top, tall)
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_head(
        self, painter: QPainter, picture: FlowPicture, places: list[tuple[Column, QRectF]]
    ) -> None:
        look, n = themes.current(), themes.length
        for column, place in places:
            # Figures have short names at their right: a histogram's name may reach over.
            wide = max(place.width(), n(68)) if column.shares else place.width()
            box = QRectF(place.left(), n(3), wide, n(30))
            side = Qt.AlignmentFlag.AlignLeft if column.shares else Qt.AlignmentFlag.AlignRight
            painter.setPen(QColor(getattr(look, column.role)) if column.role else look.color("ink"))
            flags = side | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, tr(column.title))
            if column.span is not None:
                self._paint_ticks(painter, column, column.span(picture), place)

    def _paint_ticks(self, painter: QPainter, column: Column, span: Span, place: QRectF) -> None:
        n, most = themes.length, max(2, int(place.width() / themes.length(64)))
        if column.decades:
            every = max(1, math.ceil((span.high - span.low) / most))
            whole = range(math.ceil(span.low), math.floor(span.high) + 1, every)
            marks = [(float(p), power(p)) for p in whole]
        else:
            marks = [(v, axes.label(v)) for v in axes.ticks(span.low, span.high, most)]
        painter.setPen(themes.current().color("faint"))
        free = -math.inf
        for value, words in marks:
            x = place.left() + (value - span.low) / max(span.high - span.low, 1e-9) * place.width()
            left = min(max(x - n(22), place.left() - n(6)), place.right() + n(6) - n(44))
            if left < free:
                continue
            free = left + painter.fontMetrics().horizontalAdvance(words) + n(8)
            painter.drawText(QRectF(left, n(35), n(44), n(14)), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_row(
        self,
        painter: QPainter,
        picture: FlowPicture,
        places: list[tuple[Column, QRectF]],
        index: int,
        row: FlowRow,
        top: float,
        tall: float,
    ) -> None:
        look, n = themes.current(), themes.length
        if index == self.row:
            painter.fillRect(QRectF(0, top, self.width(), tall), look.color("tint"))
        painter.setPen(look.color("ink"))
        middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top, n(_NUMBER), tall), middle, str(row.layer))
        for column, place in places:
            box = QRectF(place.left(), top + 2, place.width(), tall - 4)
            if column.shares is not None:
                start = column.shares(picture.start[index]) if self.beside_start else None
                _paint_histogram(painter, column.shares(row), start, column.role, box)
            elif column.words is not None:
                words = column.words(row)
                marked = words.endswith(("!", "↑", "↓"))
                painter.setPen(look.color("warn" if marked else "ink"))
                painter.drawText(QRectF(place.left() - n(6), top, place.width() + n(6), tall),
                                 middle, words)  # fmt: skip

    # --- pointing and keys ------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._read(math.floor((event.position().y() - themes.length(HEAD)) / self.tall()))

    def leaveEvent(self, event: object) -> None:
        self._read(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = len(self.picture.now) if self.picture is not None else 0
        if event.key() == Qt.Key.Key_Down and rows:
            self._read(min(self.row + 1, rows - 1))
        elif event.key() == Qt.Key.Key_Up and rows:
            self._read(max(self.row - 1, 0))
        else:
            super().keyPressEvent(event)

    def _read(self, row: int) -> None:
        rows = len(self.picture.now) if self.picture is not None else 0
        row = row if 0 <= row < rows else -1
        if row != self.row:
            self.row = row
            assert self.picture is not None
            self.read.emit(self.words_of(self.picture.now[row]) if row >= 0 else "")
            self.update()


def _paint_histogram(
    painter: QPainter, shares: np.ndarray, start: np.ndarray | None, role: str, box: QRectF
) -> None:
    """Bins as filled steps, the tallest of the two as high as the row."""
    look = themes.current()
    painter.fillRect(box, look.color("paper"))
    both = shares if start is None else np.maximum(shares, start)
    top = float(both.max())
    painter.setPen(QPen(look.color("dots"), 1))
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    if not top > 0:
        return
    ink = QColor(getattr(look, role))
    fill = QColor(ink)
    fill.setAlphaF(0.45)
    painter.setPen(QPen(ink, 1))
    painter.setBrush(fill)
    painter.drawPolygon(_steps(shares / top, box, closed=True))
    if start is not None:
        painter.setPen(QPen(look.color("ink"), 1, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(_steps(start / top, box, closed=False))


def _steps(heights: np.ndarray, box: QRectF, *, closed: bool) -> QPolygonF:
    count = len(heights)
    xs = box.left() + np.repeat(np.arange(count + 1), 2)[1:-1] / count * box.width()
    # The root of the share: a tail of few numbers is seen beside the hump.
    ys = box.bottom() - np.repeat(np.sqrt(heights), 2) * (box.height() - 2)
    points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    if closed:
        points = [box.bottomLeft(), *points, box.bottomRight()]
    return QPolygonF(points)
