"""Fingers on the canvas: one is a pointer with a wide reach, two move and zoom the paper.

A finger that waits opens the menu of what is under it. The second finger drops what the first one
had begun: it was never meant. What stands on the canvas (fields, buttons) gets its touches from Qt.
"""

from __future__ import annotations

import math
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QEventPoint, QInputDevice, QTouchEvent
from PySide6.QtWidgets import QApplication

from bpstudio.core.graph import Point
from bpstudio.ui.canvas import pointing
from bpstudio.ui.canvas.stage import REACH
from bpstudio.ui.canvas.tools import PointerEvent
from bpstudio.ui.canvas.tools.events import SLOP

if TYPE_CHECKING:
    from bpstudio.ui.canvas.widget import CanvasWidget

HOLD_MS = 600
"""A finger that rests so long asks for the menu."""
LEAST_SPAN = 24.0
"""Two fingers nearer than this, screen px, say nothing about a scale."""


class Touch(QObject):
    """The fingers on one canvas."""

    def __init__(self, canvas: CanvasWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._fingers = 0
        """How many the gesture is of; 2 stays until all have left."""
        self._at: Point = (0.0, 0.0)
        self._span: tuple[Point, float] | None = None
        self._again = False
        """Whether the finger came back to where it has just tapped."""
        self._tapped: tuple[float, Point] = (-math.inf, (0.0, 0.0))
        self._hold = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._hold.timeout.connect(self._held)
        canvas.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    def take(self, event: QTouchEvent) -> bool:
        """Answer a touch; False leaves it to Qt, which makes a mouse of it."""
        begins = event.type() == QEvent.Type.TouchBegin
        if begins and not self._wanted(event):
            event.ignore()
            return False
        event.accept()
        points = event.points()
        down = [p.position() for p in points if p.state() != QEventPoint.State.Released]
        if event.type() == QEvent.Type.TouchCancel:
            self._drop()
        elif begins and len(down) == 1:
            self._begin(event, down[0])
        elif len(down) >= 2:
            self._both(down)
        elif not down:
            self._end(event, points[0].position())
        elif self._fingers == 1:
            self._move(event, down[0])
        return True

    def _wanted(self, event: QTouchEvent) -> bool:
        """Whether it is the paper that is touched, by fingers, and not what stands on it."""
        canvas, points = self._canvas, event.points()
        screen = event.deviceType() == QInputDevice.DeviceType.TouchScreen
        here = points and canvas.childAt(points[0].position().toPoint()) is None
        return bool(screen and here and canvas.document is not None)

    # --- one finger -------------------------------------------------------------------------

    def _begin(self, event: QTouchEvent, at: QPointF) -> None:
        canvas, here = self._canvas, (at.x(), at.y())
        self._fingers, self._at, self._span = 1, here, None
        canvas.hush()
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        when, where = self._tapped
        soon = monotonic() - when < QApplication.doubleClickInterval() / 1000
        self._again = soon and math.dist(where, here) <= REACH["touch"]
        self._tapped = (-math.inf, here) if self._again else (monotonic(), here)
        self._feed("press", event, at, button="left")
        self._hold.start()

    def _move(self, event: QTouchEvent, at: QPointF) -> None:
        if math.dist(self._at, (at.x(), at.y())) > SLOP["touch"]:
            self._hold.stop()
            self._tapped, self._again = (-math.inf, self._at), False
        self._feed("move", event, at)

    def _end(self, event: QTouchEvent, at: QPointF) -> None:
        self._hold.stop()
        if self._fingers == 1 and self._again:
            # Only now: a second touch may also be the beginning of a drag.
            self._canvas.tools.feed(PointerEvent("cancel"))
            self._feed("double", event, at, button="left")
        if self._fingers == 1:
            self._feed("release", event, at, button="left")
        self._fingers, self._span = 0, None

    def _held(self) -> None:
        """The finger waits: what it began is dropped, and it gets a menu."""
        if self._fingers == 1:
            self._drop()
            self._fingers = 2
            self._canvas.open_menu(QPointF(*self._at).toPoint())

    def _drop(self) -> None:
        self._hold.stop()
        if self._fingers == 1:
            self._canvas.tools.feed(PointerEvent("cancel"))
        self._fingers, self._span = 0, None

    def _feed(self, kind: Any, event: QTouchEvent, at: QPointF, button: Any = "") -> None:
        canvas = self._canvas
        canvas.take_pointer(at)
        screen = at.x(), at.y()
        scene = canvas.camera.to_scene(screen)
        made = PointerEvent(
            kind,
            scene,
            screen,
            pointing.modifiers(event.modifiers()),
            "touch",
            canvas.hit(scene, "touch"),
            button,
        )
        canvas.tools.feed(made)

    # --- two fingers ------------------------------------------------------------------------

    def _both(self, down: list[QPointF]) -> None:
        """The paper goes with two fingers: what is under each stays under it."""
        if self._fingers != 2:
            self._drop()
            self._fingers = 2
        (x0, y0), (x1, y1) = ((p.x(), p.y()) for p in down[:2])
        middle, span = ((x0 + x1) / 2, (y0 + y1) / 2), math.hypot(x1 - x0, y1 - y0)
        if self._span is not None:
            (x, y), before = self._span
            gone = middle[0] - x, middle[1] - y
            tools = self._canvas.tools
            tools.feed(PointerEvent("wheel", screen=middle, delta=gone, pixels=True))
            if min(span, before) >= LEAST_SPAN:
                tools.feed(PointerEvent("wheel", screen=middle, scale=span / before))
        self._span = middle, span
