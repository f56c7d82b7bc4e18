"""How the network is painted: units, biases, names, and what is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bpstudio.core import numbers
from bpstudio.language import tr, trn
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import colours
from bpstudio.ui.trainer.parts import BIAS
from bpstudio.ui.trainer.places import Column

NAMES_TOP = 42
"""Where "Inputs" and "Outputs" stand, px."""

if TYPE_CHECKING:
    from bpstudio.ui.trainer.network import NetworkView


def paint_column(
    view: NetworkView, painter: QPainter, number: int, column: Column, start: int
) -> None:
    if column.picture:
        paint_picture(view, painter, number, column)
        return
    look, side, n = themes.current(), column.side, themes.length
    radius = min(5.0, side / 5)
    edge = QPen(look.color("edge"), 1.2)
    values = view.values(number)
    table = colours.numbers(look)
    for unit, (x, y) in enumerate(column.centres.tolist()):
        box = QRectF(x - side / 2, y - side / 2, side, side)
        painter.setPen(edge)
        if view.atlas is not None:
            part = QRectF(0, (start + unit) * view.side, view.side, view.side)
            painter.drawImage(box, view.atlas, part)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            row = int(colours.index(values[unit : unit + 1])[0]) if len(values) else 128
            ground = QColor(int(table[row]))
            painter.setBrush(ground)
        painter.drawRoundedRect(box, radius, radius)
        if view.atlas is None and side >= n(30) and len(values):
            paint_value(painter, box, float(values[unit]), ground)
    if number and side >= n(12):
        paint_biases(view, painter, number, column)
    if column.shown < column.count:
        more = trn("and {n} more", "and {n} more", column.count - column.shown)
        painter.setPen(look.color("faint"))
        painter.setFont(themes.font(n(11)))
        x = float(column.centres[0, 0])
        low = QRectF(x - n(60), view.height() - n(17), n(120), n(15))
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, more)


def paint_value(painter: QPainter, box: QRectF, value: float, ground: QColor) -> None:
    painter.setPen(QColor(colours.ink_on(themes.current(), ground)))
    painter.setFont(themes.font(themes.length(10)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, numbers.show(value, 2))


def paint_biases(view: NetworkView, painter: QPainter, number: int, column: Column) -> None:
    assert view.frame is not None
    look = themes.current()
    bias = view.frame.weights[number - 1].b
    painter.setPen(QPen(look.color("paper"), 1.0))
    for value, (x, y) in zip(bias.tolist(), column.centres.tolist(), strict=False):
        ink = colours.positive(look) if value >= 0 else colours.negative(look)
        radius = themes.length(1.8 + 2.2 * min(1.0, abs(value)) if value == value else 1.8)
        painter.setBrush(QColor(ink))
        corner = QPointF(x - column.side / 2, y + column.side / 2)
        painter.drawEllipse(corner, radius, radius)


def paint_picture(view: NetworkView, painter: QPainter, number: int, column: Column) -> None:
    values = view.values(number)
    if not len(values):
        return
    look = themes.current()
    rows = colours.index(values).reshape(column.picture, column.picture)
    image = colours.picture(rows, colours.numbers(look))
    box = QRectF(*column.box)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(box, image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.setPen(QPen(look.color("edge"), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def paint_names(view: NetworkView, painter: QPainter) -> None:
    look, n = themes.current(), themes.length
    painter.setPen(look.color("faint"))
    painter.setFont(themes.font(n(12)))
    first = view.columns[0]
    if not first.picture and first.side >= n(11):
        for unit, (x, y) in enumerate(first.centres.tolist()):
            box = QRectF(0, y - n(9), x - first.side / 2 - n(8), n(18))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            name = painter.fontMetrics().elidedText(
                view.name_of(unit), Qt.TextElideMode.ElideMiddle, round(box.width())
            )
            painter.drawText(box, flags, name)
    metrics, free = painter.fontMetrics(), view.apart / 2 - n(3)
    for column, words, side in (
        (first, tr("Inputs"), -1),
        (view.columns[-1], tr("Outputs"), 1),
    ):
        # Over its column, but away from the buttons of the next one as far as they need.
        half = metrics.horizontalAdvance(words) / 2
        x = float(column.centres[:, 0].mean()) + side * max(0.0, half - max(4.0, free - n(31)))
        x = min(max(half + 2, x), view.width() - half - 2)
        over = QRectF(x - half - 1, n(NAMES_TOP), 2 * half + 2, n(18))
        painter.drawText(over, Qt.AlignmentFlag.AlignCenter, words)


def paint_pick(view: NetworkView, painter: QPainter) -> None:
    look = themes.current()
    for part, wide in ((view.hovered, 2.0), (view.picked if view.hasFocus() else None, 2.5)):
        if part is None:
            continue
        painter.setPen(QPen(look.color("accent"), wide))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        column = view.columns[part.layer]
        if part.source != BIAS:
            curve = view.strips[part.layer - 1].wires.curve(part.unit, part.source)
            painter.drawPolyline([QPointF(x, y) for x, y in curve.tolist()])
        elif part.unit < len(column.centres):
            x, y = column.centres[part.unit].tolist()
            half = column.side / 2 + 2
            painter.drawRoundedRect(QRectF(x - half, y - half, 2 * half, 2 * half), 6, 6)
    if view.hasFocus() and view.picked is None:
        painter.setPen(QPen(look.color("accent"), 2))
        # The brush of the last bias would fill the whole view.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(view.rect()).adjusted(1, 1, -1, -1))


def paint_bubble(view: NetworkView, painter: QPainter) -> None:
    part = view.hovered or (view.picked if view.hasFocus() else None)
    if part is None or view.editing is not None:
        return
    look, n = themes.current(), themes.length
    words = view.words_of(part)
    painter.setFont(themes.font(n(12)))
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(words) + 20, metrics.height() + 12
    at = view.anchor(part)
    left = min(max(4.0, at.x() + 12), max(4.0, view.width() - width - 4))
    top = min(max(4.0, at.y() - height - 10), view.height() - height - 4.0)
    painter.setPen(QPen(look.color("edge"), 1))
    painter.setBrush(look.color("panel"))
    box = QRectF(left, top, width, height)
    painter.drawRoundedRect(box, 6, 6)
    painter.setPen(look.color("ink"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
