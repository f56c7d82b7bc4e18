"""The canvas under mouse, keys and drags: Qt's events become gestures, hovering becomes words.

`GraphCanvas` in canvas.py adds what the canvas can be told to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QTouchEvent,
    QWheelEvent,
)

from bpstudio.core.graph import Point
from bpstudio.ui.canvas import geometry, hover, pointing
from bpstudio.ui.canvas.holding import HeldKey
from bpstudio.ui.canvas.stage import REACH, to_hit
from bpstudio.ui.canvas.surface import Surface
from bpstudio.ui.canvas.tools import EMPTY, NOWHERE, Hit, PointerEvent
from bpstudio.ui.canvas.tools.events import Device
from bpstudio.ui.canvas.tools.placing import Spots, ghost_of
from bpstudio.ui.canvas.touching import Touch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from bpstudio.ui.document import Document

GATE_MIME = "application/x-bpstudio-gate"
HOVER_MS = 450
"""How long the pointer rests before the canvas says what it is over."""
HOVER_CURSORS = {
    "output": Qt.CursorShape.CrossCursor,
    "input": Qt.CursorShape.CrossCursor,
    "value": Qt.CursorShape.SizeHorCursor,
}


class CanvasWidget(Surface):
    """The surface with hands on it."""

    def __init__(self, document: Document | None = None, parent: QWidget | None = None) -> None:
        super().__init__(None, parent)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self._no_menu = False
        self._spots = Spots()
        self._touch = Touch(self)
        self._held = HeldKey(self, lambda event: self.tools.feed(event))
        self._hover = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._hover.timeout.connect(self._say_hovered)
        if document is not None:
            self.set_document(document)

    # --- following the steps ---------------------------------------------------------------------

    def _stepped(self, step: int | None) -> None:
        super()._stepped(step)
        self._follow()

    def _follow(self) -> None:
        """Keep the gate that the step is about in view, a result with its number, and the step's
        wires, as far as they have room with it; never in the middle of a gesture."""
        numbers, view = self.view.numbers, self.view
        active = numbers.active
        if active and not self.tools.busy and (body := view.body_of(active)) is not None:
            rect = view.bounds((active,)) or body
            wires = geometry.hull(view.wire_box[numbers.wire_active])
            if wires is not None:
                rect = self.camera.beside(rect, wires, self.room)
            fitted = self.is_fitted
            if not self.camera.sees(rect, self.room):
                self.pan(*self.camera.reveal(rect, self.room))
            if fitted:
                self._fitted = self.camera.scale, self.camera.offset

    # --- hovering ---------------------------------------------------------------------------

    def hit(self, scene: Point, device: Device = "mouse") -> Hit:
        """What is under a point of the scene, as gestures name it."""
        return to_hit(self.view, scene, REACH[device] / self.camera.scale)

    def _hover_over(self, hit: Hit) -> None:
        if hit == self._hovered:
            return
        if hit.id != self._hovered.id:
            self.update_scene(self.view.region({hit.id, self._hovered.id}))
        self._hovered = hit
        if not self.bubble.lasting:
            self.bubble.clear_words()
        self.setCursor(HOVER_CURSORS.get(hit.part, Qt.CursorShape.ArrowCursor))
        self._hover.stop() if hit.part == "canvas" else self._hover.start()

    def _say_hovered(self) -> None:
        if self.document is not None and not self.tools.busy and self._pointer is not None:
            self.tell(hover.sentence(self.document, self._hovered))

    def _forget_hover(self) -> None:
        self._hover.stop()
        if self._hovered.id:
            self.update_scene(self.view.region((self._hovered.id,)))
        self._hovered = NOWHERE
        if not self.bubble.lasting and not self.overlay.sentence:
            self.bubble.clear_words()

    # --- Qt: mouse ----------------------------------------------------------------------------

    def _pointer_event(self, kind: Any, event: Any, **more: Any) -> PointerEvent:
        screen = pointing.point(event)
        scene = self.camera.to_scene(screen)
        device = pointing.device(event) if hasattr(event, "pointerType") else "mouse"
        looks = kind != "move" or self.tools.state.looks
        return PointerEvent(
            kind,
            scene,
            screen,
            pointing.modifiers(event.modifiers()),
            device,
            self.hit(scene, device) if looks else NOWHERE,
            **more,
        )

    def _mouse(self, kind: Any, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self.document is not None:
            made = self._pointer_event(kind, event, button=pointing.button(event))
            self.tools.feed(made)
            if kind == "move" and not self.tools.busy and not event.buttons():
                self._hover_over(made.hit)
        event.accept()

    def take_pointer(self, at: QPointF) -> None:
        """A finger points here now."""
        self._pointer = at

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._forget_hover()
        self.bubble.clear_words()
        self._no_menu = event.button() == Qt.MouseButton.RightButton and self.tools.busy
        self._mouse("press", event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._forget_hover()
        self._mouse("double", event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse("move", event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse("release", event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._forget_hover()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta, pixels = pointing.wheel(event)
        self._pointer = event.position()
        if self.document is not None:
            self.tools.feed(self._pointer_event("wheel", event, delta=delta, pixels=pixels))
            # What is under the pointer has changed for a gesture under way.
            if self.tools.busy:
                self.tools.feed(self._pointer_event("move", event))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        if self.document is None or self._no_menu or self.tools.busy:
            self._no_menu = False
            return
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.open_menu(None if keyboard else event.pos())

    def open_menu(self, at: QPoint | None) -> None:
        """For the menu of what is at a point, or of the selection."""

    # --- Qt: keys and focus -------------------------------------------------------------------

    def _key_event(self, kind: Any, event: QKeyEvent) -> PointerEvent:
        at = self._pointer if self._pointer is not None else QPointF(self.rect().center())
        screen = at.x(), at.y()
        scene = self.camera.to_scene(screen)
        return PointerEvent(
            kind,
            scene,
            screen,
            pointing.modifiers(event.modifiers()),
            hit=self.hit(scene),
            key=pointing.key(event),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        made = self._key_event("key", event)
        if self.document is None or not made.key or (made.key == "Space" and event.isAutoRepeat()):
            super().keyPressEvent(event)
            return
        if not (self._held.repeats(made.key) and self.tools.busy):
            self.tools.feed(made)
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self.document is not None and not event.isAutoRepeat():
            made = self._key_event("keyup", event)
            if self.tools.busy:
                self._held.released(made)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Letters, arrows and Space mean something here before they mean a menu's shortcut.
            if pointing.key(event) and not event.modifiers() & pointing.COMMAND:
                event.accept()
                return True
        elif isinstance(event, QTouchEvent):
            return self._touch.take(event)
        elif isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                scale = max(0.5, min(2.0, 1.0 + event.value()))
                if self.document is not None:
                    self.tools.feed(self._pointer_event("wheel", event, scale=scale))
                event.accept()
                return True
        elif event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._ring = event.reason() in (*reasons, Qt.FocusReason.ShortcutFocusReason)
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.tools.feed(PointerEvent("cancel"))
        if self._ring:
            self._ring = False
            self.update()
        super().focusOutEvent(event)

    # --- Qt: size and visibility --------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        old, new = event.oldSize(), event.size()
        if self.is_fitted and not self._look_due:
            self.fit_again()
        elif old.isValid() and not self._look_due:
            # The middle of the view stays in the middle.
            self.camera.pan((new.width() - old.width()) // 2, (new.height() - old.height()) // 2)
        self._look_if_due()
        self._camera_moved()
        self.update()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._look_if_due()
        self._animate()

    def hideEvent(self, event: QHideEvent) -> None:
        self.tools.feed(PointerEvent("cancel"))
        super().hideEvent(event)
        self._flow.stop()

    # --- Qt: gates dragged from the palette -----------------------------------------------------

    def _dragged_gate(self, event: QDropEvent) -> str:
        if self.document is None or not event.mimeData().hasFormat(GATE_MIME):
            return ""
        raw = bytes(event.mimeData().data(GATE_MIME).data())
        key = raw.decode("utf-8", "replace")
        return key if key in self.stage.graph.gates else ""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dragged_gate(event):
            self.tools.rest()
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        gate = self._dragged_gate(event)
        if not gate:
            event.ignore()
            return
        self._pointer = event.position()
        move = self._pointer_event("move", event)
        self.show_overlay(ghost_of(self.stage.graph, gate, move, self._spots))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._spots = Spots()
        self.show_overlay(EMPTY)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        gate = self._dragged_gate(event)
        self._spots = Spots()
        self.show_overlay(EMPTY)
        if not gate:
            event.ignore()
            return
        self._pointer = event.position()
        self.drop_gate(gate, self._pointer_event("release", event))
        event.acceptProposedAction()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_gate(self, gate: str, event: PointerEvent) -> None:
        """For the gate let go over the canvas."""
