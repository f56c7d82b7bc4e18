"""A function of one number: the samples as points, what the network makes of it as a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import axes, colours, looks
from bpstudio.ui.trainer.engine import Look
from bpstudio.ui.trainer.looks import Maps
from bpstudio.ui.trainer.views.view import Problem, View

if TYPE_CHECKING:
    from bpstudio.nn.trainer import Trainer

FINE = 240
_SIDE = 40
_LEFT, _BOTTOM, _MARGIN = 44.0, 26.0, 12.0


class CurveView(View):
    """One input, one output."""

    tested = True

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(problem, parent)
        self._unit: tuple[int, int] | None = None
        inputs, targets = problem.data.inputs[:, 0], problem.data.targets[:, 0]
        room = 0.04 * max(1e-9, float(np.ptp(inputs)))
        self.span = (float(inputs.min()) - room, float(inputs.max()) + room)
        low, high = float(targets.min()), float(targets.max())
        room = 0.2 * max(1e-9, high - low)
        self.reach = (low - room, high + room)
        self.setAccessibleName(tr("The function learned and the one given"))

    @staticmethod
    def fits(problem: Problem) -> bool:
        sizes = problem.spec.network.sizes
        return sizes[0] == 1 and sizes[-1] == 1

    def looks(self) -> Mapping[str, Look]:
        line = np.linspace(*self.span, FINE)[:, None]
        return {
            "maps": _stripes(self.span, self.problem.range),
            "line": looks.outputs(line),
        }

    def show_unit(self, unit: tuple[int, int] | None) -> None:
        self._unit = unit
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = themes.current()
        n = themes.length
        room = QRectF(self.rect()).adjusted(n(_LEFT), n(_MARGIN), -n(_MARGIN), -n(_BOTTOM))
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.paper))
            self._paint_axes(painter, room)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            data = self.problem.data
            self._dots(painter, room, data.inputs, data.targets, test=False)
            if self.tests and len(data.test_inputs):
                self._dots(painter, room, data.test_inputs, data.test_targets, test=True)
            line = self.frame.seen.get("line") if self.frame is not None else None
            if line is not None:
                painter.setClipRect(room)
                at = self._place(room, np.linspace(*self.span, FINE), np.asarray(line)[:, 0])
                painter.setPen(QPen(QColor(colours.positive(look)), 2.6))
                for piece in known_pieces(at):
                    painter.drawPolyline([QPointF(x, y) for x, y in piece.tolist()])

    def _dots(
        self,
        painter: QPainter,
        room: QRectF,
        inputs: np.ndarray,
        targets: np.ndarray,
        *,
        test: bool,
    ) -> None:
        look = themes.current()
        every = max(1, len(inputs) // 400)
        at = self._place(room, inputs[::every, 0], targets[::every, 0])
        painter.setPen(QPen(look.color("ink" if test else "panel"), 1.0))
        painter.setBrush(QColor(colours.negative(look)))
        for x, y in at.tolist():
            painter.drawEllipse(QPointF(x, y), 2.8, 2.8)

    def _place(self, room: QRectF, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
        (left, right), (low, high) = self.span, self.reach
        x = room.left() + (xs - left) / (right - left) * room.width()
        y = room.bottom() - (ys - low) / (high - low) * room.height()
        return np.column_stack([x, np.clip(y, -1e4, 1e4)])

    def _paint_axes(self, painter: QPainter, room: QRectF) -> None:
        look = themes.current()
        n = themes.length
        painter.setFont(themes.font(n(11)))
        (left, right), (low, high) = self.span, self.reach
        for value in axes.ticks(left, right, max(2, round(room.width() / n(70)))):
            x = room.left() + (value - left) / (right - left) * room.width()
            painter.setPen(look.color("dots"))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
            painter.setPen(look.color("faint"))
            box = QRectF(x - n(30), room.bottom() + n(5), n(60), n(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, axes.label(value))
        for value in axes.ticks(low, high, max(2, round(room.height() / n(50)))):
            y = room.bottom() - (value - low) / (high - low) * room.height()
            painter.setPen(look.color("dots"))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(look.color("faint"))
            box = QRectF(0, y - n(8), room.left() - n(6), n(16))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, axes.label(value))


def known_pieces(at: np.ndarray) -> list[np.ndarray]:
    """A line's points (n, 2) without those that are no numbers: it is broken there, never at 0."""
    known = np.isfinite(at).all(axis=1)
    pieces = np.split(at, np.flatnonzero(np.diff(known)) + 1)
    return [piece for piece in pieces if len(piece) and np.isfinite(piece).all()]


def _stripes(span: tuple[float, float], reach: tuple[float, float]) -> Callable[[Trainer], Maps]:
    """Every unit over the line, drawn as a square of upright stripes."""
    points = np.linspace(*span, _SIDE)[:, None]
    middle, half = sum(reach) / 2, max((reach[1] - reach[0]) / 2, 1e-9)

    def square(rows: np.ndarray) -> np.ndarray:
        return np.repeat(rows[:, None, :], _SIDE, axis=1)

    centre, wide = sum(span) / 2, (span[1] - span[0]) / 2
    shown = square(colours.index(points.T, centre, wide))

    def look(trainer: Trainer) -> Maps:
        made = trainer.unit_maps(points)
        activation = trainer.spec.network.activation
        hidden = [square(looks.hidden_colours(layer, activation)) for layer in made[:-1]]
        last = square(colours.index(made[-1], middle, half))
        return Maps(shown, (*hidden, last), last[0], False, (*span, *reach))

    return look
