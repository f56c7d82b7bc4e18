"""Any other problem: outputs against targets as points, or which class is taken for which."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import axes, colours, looks
from bpstudio.ui.trainer.engine import Look
from bpstudio.ui.trainer.views.view import Problem, View, classes_of

MOST_DRAWN = 1500


class TableView(View):
    """Fits everything."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(problem, parent)
        self._low = 0.0
        self.setAccessibleName(tr("Outputs against targets"))

    @staticmethod
    def fits(problem: Problem) -> bool:
        return True

    def looks(self) -> Mapping[str, Look]:
        return {
            "all": looks.of_all(MOST_DRAWN),
            "units": looks.units(self.problem.data.inputs[0]),
        }

    def paintEvent(self, event: QPaintEvent) -> None:
        look, n = themes.current(), themes.length
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.paper))
            found = self.frame.seen.get("all") if self.frame is not None else None
            if found is None:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outputs = np.asarray(found)
            targets = self.problem.data.targets[: len(outputs)]
            # What is no number stands nowhere, and says no class.
            known = np.isfinite(outputs).all(axis=1)
            outputs, targets = outputs[known], targets[known]
            room = QRectF(self.rect()).adjusted(n(60), n(34), -n(18), -n(44))
            self._low = room.bottom() + n(4)
            if self.problem.data.classes is not None:
                self._paint_classes(painter, room, outputs, targets)
            else:
                self._paint_numbers(painter, room, outputs, targets)
            painter.setPen(look.color("faint"))
            painter.setFont(themes.font(n(12)))
            low = QRectF(room.left(), self._low + n(18), room.width(), n(18))
            painter.drawText(low, Qt.AlignmentFlag.AlignCenter, tr("Target"))
            high = QRectF(6, 6, self.width() - 12.0, n(18))
            painter.drawText(high, Qt.AlignmentFlag.AlignLeft, tr("Output"))
            everything = len(self.problem.data.targets)
            if len(known) < everything:
                some = tr(
                    "the first {n} of {all} samples",
                    n=f"{len(known):,}",
                    all=f"{everything:,}",
                )
                painter.drawText(high, Qt.AlignmentFlag.AlignRight, some)

    def _paint_classes(
        self, painter: QPainter, room: QRectF, outputs: np.ndarray, targets: np.ndarray
    ) -> None:
        look, n = themes.current(), themes.length
        count = self.problem.data.classes or 2
        true = classes_of(targets, count)
        low = min(float(targets.min()), 0.0)
        said = outputs.argmax(axis=1) if outputs.shape[1] > 1 else outputs[:, 0] > (low + 1) / 2
        table = np.zeros((count, count), dtype=int)
        np.add.at(table, (np.asarray(said, dtype=int), true), 1)
        cell = min(room.width(), room.height()) / count
        left = room.left() + (room.width() - cell * count) / 2
        most = max(1, int(table.sum(axis=0).max()))
        painter.setFont(themes.font(max(n(9), min(n(13), cell * 0.4))))
        for row in range(count):
            for column in range(count):
                box = QRectF(left + column * cell, room.top() + row * cell, cell - 1, cell - 1)
                ink = colours.positive(look) if row == column else colours.negative(look)
                shade = QColor(ink)
                shade.setAlphaF(float(0.05 + 0.75 * table[row, column] / most))
                painter.fillRect(box, shade)
                painter.setPen(QColor(colours.ink_on(look, _over(look.color("paper"), shade))))
                if cell >= n(16) and table[row, column]:
                    text = str(table[row, column])
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(look.color("faint"))
        self._low = room.top() + count * cell + n(4)
        for number in range(count):
            low_box = QRectF(left + number * cell, room.top() + count * cell + 2, cell, n(16))
            names = self.problem.class_names
            name = names[number] if number < len(names) else str(number)
            cut = painter.fontMetrics().elidedText
            dots = Qt.TextElideMode.ElideRight
            short = cut(name, dots, round(max(cell, n(44))))
            painter.drawText(low_box, Qt.AlignmentFlag.AlignCenter, short)
            side = QRectF(left - n(56), room.top() + number * cell, n(52), cell)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(side, flags, cut(name, dots, round(side.width())))

    def _paint_numbers(
        self, painter: QPainter, room: QRectF, outputs: np.ndarray, targets: np.ndarray
    ) -> None:
        look, n = themes.current(), themes.length
        low, high = float(targets.min()), float(targets.max())
        pad = max(1e-9, (high - low) * 0.08)
        low, high = low - pad, high + pad

        def place(values: np.ndarray, along: bool) -> np.ndarray:
            share = np.clip((values - low) / (high - low), -0.02, 1.02)
            if along:
                return np.asarray(room.left() + share * room.width())
            return np.asarray(room.bottom() - share * room.height())

        painter.setFont(themes.font(n(11)))
        for value in axes.ticks(low, high, max(3, min(5, int(room.width() / n(64))))):
            x, y = float(place(np.array(value), True)), float(place(np.array(value), False))
            painter.setPen(look.color("dots"))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(look.color("faint"))
            under = QRectF(x - n(30), room.bottom() + n(3), n(60), n(16))
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, axes.label(value))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(
                QRectF(0, y - n(8), room.left() - n(6), n(16)), flags, axes.label(value)
            )
        painter.setPen(QPen(look.color("line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(room.bottomLeft(), room.topRight())
        painter.setPen(QPen(look.color("panel"), 0.8))
        for column in range(targets.shape[1]):
            painter.setBrush(QColor(colours.of_class(look, column + 1)))
            xs, ys = place(targets[:, column], True), place(outputs[:, column], False)
            for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
                painter.drawEllipse(QPointF(x, y), n(3), n(3))


def _over(ground: QColor, veil: QColor) -> QColor:
    """What a half transparent colour makes of the one below."""
    share = veil.alphaF()
    red, green, blue = (
        below + share * (above - below)
        for below, above in (
            (ground.redF(), veil.redF()),
            (ground.greenF(), veil.greenF()),
            (ground.blueF(), veil.blueF()),
        )
    )
    return QColor.fromRgbF(red, green, blue)
