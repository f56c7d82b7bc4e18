"""The time line of a run: the left half is the forward pass, the right half the backward pass.

In forward mode there is one pass, and one colour.

It is a QSlider, so that keys and screen readers work as everywhere; it only draws itself and jumps
to where it is pressed.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from bpstudio.language import tr
from bpstudio.ui import theme

_TRACK, _HIGH = 15.0, 46
"""Height of the line above the captions, in pixels from the top; and of the whole."""
_LOW_TRACK, _LOW = 11.0, 36
"""The same where the window is low."""
_MARGIN = 10.0
_TICK = 8.0
_KNOB = 8.0
_CLOSEST_TICKS = 6.0
_at = theme.length


class Timeline(QSlider):
    """A slider over steps 0 … 2n; `set_steps(2n)` sets how many there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, 0)
        self.setSingleStep(1)
        self.setPageStep(1)
        self.setTracking(True)
        self._low = False
        theme.appearance().changed.connect(self._size)
        self._size()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._at_rest = True
        self._one_pass = False

    def _size(self, _: object = None) -> None:
        self.setFixedHeight(theme.px(_LOW if self._low else _HIGH))
        # In Large mode its neighbours are wider, and a projector has no more pixels for it.
        self.setMinimumWidth(200 if theme.appearance().factor == 1.0 else 160)

    def set_low(self, on: bool) -> None:
        """Be as low as can be."""
        self._low = on
        self._size()
        self.update()

    @property
    def _track(self) -> float:
        """How far below the top the line runs."""
        return _at(_LOW_TRACK if self._low else _TRACK)

    def show_step(self, step: int | None, steps: int, *, one_pass: bool = False) -> None:
        """Stand at this step of so many; None is the rest position with everything shown.

        `one_pass` is forward mode.
        """
        blocked = self.blockSignals(True)
        self.setRange(0, steps)
        self.setValue(steps if step is None else step)
        self.blockSignals(blocked)
        self._at_rest, self._one_pass = step is None, one_pass
        self.setEnabled(steps > 0)
        self.setAccessibleDescription("   ".join(filter(None, self.captions())))
        self.update()

    def captions(self) -> tuple[str, str]:
        """What stands under the left and the right half."""
        step, steps = self.value(), self.maximum()
        forward, backward = tr("forward"), tr("backward")
        if self._one_pass:
            forward, backward = tr("forward mode"), ""
        if self._at_rest or steps == 0:
            return forward, backward
        place = tr("step {step} of {steps}", step=step, steps=steps)
        if self.in_backward():
            return forward, f"{backward} · {place}"
        return f"{forward} · {place}", backward

    def in_backward(self) -> bool:
        """Whether the knob stands in the backward pass."""
        return not self._one_pass and self.value() * 2 > self.maximum()

    # --- the mouse --------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Down or right goes on, as it does through a page; one notch is one step.
        turn = event.angleDelta().x() or event.angleDelta().y()
        if turn:
            self._choose(self.value() + (1 if turn < 0 else -1))
        event.accept()

    def _go(self, x: float) -> None:
        length = self.width() - 2 * _at(_MARGIN)
        self._choose(round((x - _at(_MARGIN)) / max(1.0, length) * self.maximum()))

    def _choose(self, step: int) -> None:
        step = max(0, min(self.maximum(), step))
        if step == self.value() and self._at_rest:
            # The rest position and the last step share a place: pressing there begins the steps.
            self._at_rest = False
            self.valueChanged.emit(step)
        self.setValue(step)

    # --- drawing ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.current()
            green, red = QColor(colours.value), QColor(colours.grad)
            if self._one_pass:
                green = red = QColor(colours.tangent)
            left, right = _at(_MARGIN), self.width() - _at(_MARGIN)
            middle = (left + right) / 2
            knob = self._x(self.value())
            if not self.isEnabled():
                green = red = QColor(colours.edge)
                knob = right
            self._draw_track(painter, green, left, middle, knob)
            self._draw_track(painter, red, middle, right, knob)
            self._draw_ticks(painter, QColor(colours.faint))
            self._draw_captions(painter, green, red)
            if self.isEnabled():
                self._draw_knob(painter, red if self.in_backward() else green, knob)

    def _x(self, step: int) -> float:
        length = self.width() - 2 * _at(_MARGIN)
        return _at(_MARGIN) + length * (step / self.maximum() if self.maximum() else 1.0)

    def _draw_track(
        self, painter: QPainter, colour: QColor, left: float, right: float, knob: float
    ) -> None:
        """The done part in full colour, what is still to come paler."""
        pale = QColor(colour)
        pale.setAlphaF(0.45)
        for start, end, shade in ((left, min(right, knob), colour), (max(left, knob), right, pale)):
            if end > start:
                pen = QPen(shade, _at(4.0))
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(start, self._track), QPointF(end, self._track))

    def _draw_ticks(self, painter: QPainter, colour: QColor) -> None:
        steps = self.maximum()
        if not steps or (self.width() - 2 * _at(_MARGIN)) / steps < _CLOSEST_TICKS:
            return
        painter.setPen(QPen(colour, max(1.0, _at(1.0) // 1)))
        for step in range(steps + 1):
            x = round(self._x(step)) + 0.5
            painter.drawLine(
                QPointF(x, self._track - _at(_TICK)), QPointF(x, self._track + _at(_TICK))
            )

    def _draw_knob(self, painter: QPainter, colour: QColor, x: float) -> None:
        painter.setPen(QPen(self.palette().window().color(), _at(2.0)))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, self._track), _at(_KNOB), _at(_KNOB))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.current().accent), 2.0))
            painter.drawEllipse(QPointF(x, self._track), _at(_KNOB + 3), _at(_KNOB + 3))

    def _draw_captions(self, painter: QPainter, green: QColor, red: QColor) -> None:
        font = self.font()
        font.setBold(True)
        font.setPixelSize(theme.px(11))
        painter.setFont(font)
        height = QFontMetricsF(font).height()
        box = QRectF(
            _at(_MARGIN), self.height() - height - 2, self.width() - 2 * _at(_MARGIN), height
        )
        left, right = self._fitting(QFontMetricsF(font), box.width())
        painter.setPen(green)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, left)
        painter.setPen(red)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, right)

    def _fitting(self, metrics: QFontMetricsF, room: float) -> tuple[str, str]:
        """The captions, where they are too long for the line only that of the pass one is in: as
        "step 3 of 10", coloured as its half of the line is."""

        def fits(*words: str) -> bool:
            return metrics.horizontalAdvance("  ".join(filter(None, words))) <= room

        left, right = self.captions()
        if fits(left, right):
            return left, right
        if self._at_rest:
            return "", ""
        place = tr("step {step} of {steps}", step=self.value(), steps=self.maximum())
        if not fits(place):
            place = f"{self.value()} / {self.maximum()}"
        return ("", place) if self.in_backward() else (place, "")
