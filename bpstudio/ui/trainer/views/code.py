"""An autoencoder's code: every sample where the narrow layer puts it, decoded where one points.

With two units in the narrow layer it is a picture of the plane; with any other number a table, one
row per sample.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from bpstudio.core import numbers
from bpstudio.language import tr
from bpstudio.ui import theme as themes
from bpstudio.ui.trainer import axes, colours, looks
from bpstudio.ui.trainer.engine import Frame, Look
from bpstudio.ui.trainer.partial import decode
from bpstudio.ui.trainer.views.view import ARROWS, Problem, View

MOST_DRAWN = 600
MOST_ROWS = 16
_PICTURE = 104.0
_MARGIN = 14.0
STEPS_ACROSS = 40
"""Presses of an arrow from one edge of the plane to the other."""


class CodeView(View):
    """Outputs equal inputs, with a narrow layer between."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(problem, parent)
        sizes = problem.spec.network.sizes
        self.layer = int(np.argmin(sizes[1:-1])) + 1
        self.plane = sizes[self.layer] == 2
        self._pixels = round(np.sqrt(sizes[0]))
        self._is_picture = self._pixels**2 == sizes[0] and self._pixels >= 8
        self.pictures = frozenset({0, len(sizes) - 1}) if self._is_picture else frozenset()
        self._bounds = np.array([[-1.0, -1.0], [1.0, 1.0]])
        self.pointed: tuple[float, float] | None = None
        self.decoded: np.ndarray | None = None
        self.sample = 0
        self.setMouseTracking(True)
        if self.plane:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The code of every sample"))

    @staticmethod
    def fits(problem: Problem) -> bool:
        sizes = problem.spec.network.sizes
        return problem.copies and len(sizes) > 2 and min(sizes[1:-1]) < sizes[0]

    def looks(self) -> Mapping[str, Look]:
        return {
            "codes": looks.layer_of_all(self.layer - 1, MOST_DRAWN),
            "units": looks.units(self.problem.data.inputs[self.sample]),
            "all": looks.of_all(MOST_ROWS),
        }

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        codes = frame.seen.get("codes")
        if codes is not None and self.plane and np.isfinite(codes).all():
            self._follow(np.asarray(codes))
        self._decode()
        self.update()

    def _follow(self, codes: np.ndarray) -> None:
        """Let the page follow the codes, slowly enough that it does not tremble."""
        low, high = codes.min(axis=0), codes.max(axis=0)
        room = np.maximum((high - low) * 0.1, 0.02)
        wanted = np.array([low - room, high + room])
        inner = wanted + np.array([room, -room]) * 2
        outside = (wanted[0] < self._bounds[0] - 1e-9) | (wanted[1] > self._bounds[1] + 1e-9)
        shrunk = (inner[0] > self._bounds[0] + room * 3) | (inner[1] < self._bounds[1] - room * 3)
        if (outside | shrunk).any():
            self._bounds += (wanted - self._bounds) * (0.15 if self.frame_plays else 1.0)

    @property
    def frame_plays(self) -> bool:
        """Whether more frames are to come soon."""
        return self.frame is not None and self.frame.playing

    # --- geometry ---------------------------------------------------------------------------

    @property
    def room(self) -> QRectF:
        """Where the code's plane is drawn."""
        n = themes.length
        below = self.picture_side + n(34) if self._is_picture else n(20)
        return QRectF(self.rect()).adjusted(n(34), _MARGIN, -_MARGIN, -below - n(18))

    @property
    def picture_side(self) -> float:
        """How large the pictures below are: the plane has at least as much room."""
        wide = (self.width() - 2 * _MARGIN - 24) / 3
        n = themes.length
        return max(24.0, min(n(_PICTURE), wide, (self.height() - n(110)) / 2))

    def to_view(self, codes: np.ndarray) -> np.ndarray:
        """Codes (n, 2) as points of the widget."""
        low, high = self._bounds
        share = (codes - low) / np.maximum(high - low, 1e-9)
        room = self.room
        x = room.left() + share[:, 0] * room.width()
        return np.column_stack([x, room.bottom() - share[:, 1] * room.height()])

    def to_code(self, at: QPointF) -> tuple[float, float]:
        """A point of the widget as a code."""
        room, (low, high) = self.room, self._bounds
        x = (at.x() - room.left()) / room.width()
        y = (room.bottom() - at.y()) / room.height()
        return tuple((low + np.array([x, y]) * (high - low)).tolist())

    # --- pointing ---------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        inside = self.plane and self.room.contains(at)
        self._point_at(np.array(self.to_code(at)) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._take_sample(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move, key = ARROWS.get(Qt.Key(event.key())), event.key()
        if move is not None and self.plane:
            low, high = self._bounds
            # From what is pointed at, with the first key from the middle.
            here = np.array(self.pointed) if self.pointed is not None else (low + high) / 2
            step = np.array(move) * (high - low) / STEPS_ACROSS
            self._point_at(np.clip(here + step, low, high))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.pointed:
            self._take_sample(QPointF(*self.to_view(np.array([self.pointed]))[0].tolist()))
        elif key == Qt.Key.Key_Escape and self.pointed is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def _point_at(self, code: np.ndarray | None) -> None:
        self.pointed = None if code is None else (float(code[0]), float(code[1]))
        self.setAccessibleDescription(self._code_words() if self.pointed is not None else "")
        self._decode()
        self.update()

    def _take_sample(self, at: QPointF) -> None:
        """Look at the sample whose code is nearest."""
        codes = self.frame.seen.get("codes") if self.frame is not None else None
        if codes is None or not self.plane:
            return
        away = self.to_view(np.asarray(codes)) - np.array(at.toTuple())
        far = np.hypot(away[:, 0], away[:, 1])
        if np.isfinite(far).any():
            self.sample = int(np.nanargmin(far))
            self.wants.emit({"units": looks.units(self.problem.data.inputs[self.sample])})

    def _decode(self) -> None:
        self.decoded = None
        if self.frame is None or self.pointed is None:
            return
        spec = self.frame.spec
        if len(spec.network.sizes) > self.layer and spec.network.sizes[self.layer] == 2:
            code = np.array([self.pointed])
            self.decoded = decode(spec, self.frame.weights, self.layer, code)[0]

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look = themes.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.paper))
            codes = self.frame.seen.get("codes") if self.frame is not None else None
            if codes is None:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.plane:
                self._paint_plane(painter, np.asarray(codes))
                if self._is_picture:
                    self._paint_pictures(painter)
            else:
                self._paint_table(painter, np.asarray(codes))

    def _paint_plane(self, painter: QPainter, codes: np.ndarray) -> None:
        look, room = themes.current(), self.room
        focused = self.hasFocus()
        painter.setPen(QPen(look.color("accent" if focused else "edge"), 2 if focused else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room)
        self._paint_ticks(painter, room)
        painter.setClipRect(room)
        known = np.isfinite(codes).all(axis=1)
        labels = self.problem.labels[: len(codes)][known]
        at = self.to_view(codes[known])
        for label in np.unique(labels).tolist():
            ink = QColor(colours.of_class(look, label) if label >= 0 else look.accent)
            ink.setAlphaF(0.55)
            # Hundreds of dots as round ends of lines without length, in one call per class.
            round_end = Qt.PenCapStyle.RoundCap
            painter.setPen(QPen(ink, themes.length(6.4), Qt.PenStyle.SolidLine, round_end))
            painter.drawPoints([QPointF(x, y) for x, y in at[labels == label].tolist()])
        self._paint_labels(painter, at, labels)
        if self.pointed is not None:
            x, y = self.to_view(np.array([self.pointed]))[0].tolist()
            painter.setPen(QPen(look.color("ink"), 1.2))
            painter.drawLine(QPointF(x - 8, y), QPointF(x + 8, y))
            painter.drawLine(QPointF(x, y - 8), QPointF(x, y + 8))
        painter.setClipping(False)

    def _paint_labels(self, painter: QPainter, at: np.ndarray, labels: np.ndarray) -> None:
        """Each class's name where most of it lies."""
        look, n = themes.current(), themes.length
        painter.setFont(themes.font(n(15), bold=True))
        names = np.unique(labels[labels >= 0]).tolist()
        middles = np.array([np.median(at[labels == label], axis=0) for label in names])
        for label, (x, y) in zip(names, apart(middles, n(23)).tolist(), strict=True):
            box = QRectF(x - n(11), y - n(11), n(22), n(22))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("paper"))
            painter.drawEllipse(box)
            painter.setPen(QColor(colours.of_class(look, label)))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(label))

    def _paint_ticks(self, painter: QPainter, room: QRectF) -> None:
        n = themes.length
        painter.setPen(themes.current().color("faint"))
        painter.setFont(themes.font(n(11)))
        (left, low), (right, high) = self._bounds.tolist()
        for value in axes.ticks(left, right, 4):
            x = room.left() + (value - left) / (right - left) * room.width()
            box = QRectF(x - n(24), room.bottom() + n(3), n(48), n(15))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, axes.label(value))
        for value in axes.ticks(low, high, 4):
            y = room.bottom() - (value - low) / (high - low) * room.height()
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(
                QRectF(0, y - n(8), room.left() - n(5), n(16)), flags, axes.label(value)
            )

    def _paint_pictures(self, painter: QPainter) -> None:
        """A sample, what comes out for it, and what the place pointed at decodes to."""
        assert self.frame is not None
        units = self.frame.seen.get("units")
        shown: list[tuple[str, np.ndarray | None]] = []
        if units is not None:
            shown = [(tr("Sample"), units[0]), (tr("Decoded"), units[-1])]
        pointed = tr("Where you point") if self.pointed is None else self._code_words()
        shown.append((pointed, self.decoded))
        side = self.picture_side
        pitch = (self.width() - 2 * _MARGIN) / 3
        look, n = themes.current(), themes.length
        top = self.height() - side - n(26)
        for number, (words, pixels) in enumerate(shown):
            left = _MARGIN + pitch * number + (pitch - side) / 2
            box = QRectF(left, top + n(18), side, side)
            painter.setPen(look.color("faint"))
            painter.setFont(themes.font(n(11)))
            over = QRectF(_MARGIN + pitch * number, top, pitch, n(16))
            fits = painter.fontMetrics().horizontalAdvance(words) <= pitch
            painter.setFont(themes.font(n(11 if fits else 9)))
            painter.drawText(over, Qt.AlignmentFlag.AlignCenter, words)
            if pixels is not None:
                rows = colours.index(np.asarray(pixels)).reshape(self._pixels, self._pixels)
                painter.drawImage(box, colours.picture(rows, colours.numbers(look)))
            painter.setPen(QPen(look.color("edge"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)

    def _code_words(self) -> str:
        assert self.pointed is not None
        return "(" + ", ".join(numbers.show(value, 2) for value in self.pointed) + ")"

    def _paint_table(self, painter: QPainter, codes: np.ndarray) -> None:
        """One row per sample: its code at the left, what comes out for it at the right."""
        assert self.frame is not None
        inputs = self.problem.data.inputs[:MOST_ROWS]
        rows = len(np.unique(inputs, axis=0)) if len(inputs) else 0
        outputs = np.asarray(self.frame.seen.get("all", np.empty((0, 0))))[:rows]
        if not rows or len(outputs) < rows:
            return
        look, n, gap = themes.current(), themes.length, themes.length(26.0)
        total = codes.shape[1] + outputs.shape[1]
        room = QRectF(self.rect()).adjusted(_MARGIN, n(40), -_MARGIN, -_MARGIN)
        cell = min((room.width() - gap) / total, room.height() / rows, n(44.0))
        left = room.left() + (room.width() - cell * total - gap) / 2
        table = colours.numbers(look)
        for start, block, words in (
            (left, codes[:rows], tr("Code")),
            (left + cell * codes.shape[1] + gap, outputs, tr("Decoded")),
        ):
            painter.setPen(look.color("faint"))
            painter.setFont(themes.font(n(12)))
            over = QRectF(start - n(30), room.top() - n(26), cell * block.shape[1] + n(60), n(18))
            painter.drawText(over, Qt.AlignmentFlag.AlignCenter, words)
            for row in range(rows):
                for column, value in enumerate(block[row].tolist()):
                    box = QRectF(start + cell * column, room.top() + cell * row, cell - 2, cell - 2)
                    number = int(colours.index(np.array([value]))[0])
                    painter.setPen(Qt.PenStyle.NoPen)
                    ground = QColor(int(table[number]))
                    painter.setBrush(ground)
                    painter.drawRoundedRect(box, 3, 3)
                    if cell >= n(30):
                        painter.setPen(QColor(colours.ink_on(look, ground)))
                        painter.setFont(themes.font(n(10)))
                        text = numbers.show(round(value, 2), 2)
                        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def apart(places: np.ndarray, gap: float) -> np.ndarray:
    """Places (n, 2), the nearest moved apart to the gap: none hides one."""
    moved = np.array(places, dtype=np.float64).reshape(-1, 2)
    for _ in range(60):
        between = moved[:, None] - moved[None]
        far = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(far, np.inf)
        if (far >= gap - 0.01).all():
            break
        lacking = np.maximum(gap - far, 0.0)
        # Two at the same place part sideways, by their order.
        same = np.sign(np.arange(len(moved))[:, None] - np.arange(len(moved))[None])
        ways = np.where(
            (far > 1e-6)[..., None],
            between / np.maximum(far, 1e-6)[..., None],
            np.stack([same, np.zeros_like(same)], axis=-1),
        )
        moved += (ways * lacking[..., None]).sum(axis=1) / 2
    return moved
