"""Qt's events as plain PointerEvents."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPointerEvent,
    QPointingDevice,
    QWheelEvent,
)

from bpstudio.ui.canvas.tools.events import Device, Modifier

KEYS = {
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Backtab",
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_F2: "F2",
}
_BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
_MODIFIERS: tuple[tuple[Qt.KeyboardModifier, Modifier], ...] = (
    (Qt.KeyboardModifier.ShiftModifier, "shift"),
    (Qt.KeyboardModifier.ControlModifier, "ctrl"),
    (Qt.KeyboardModifier.AltModifier, "alt"),
)
COMMAND = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
"""With one of these held a key is a command of the window's, unless it is an arrow's."""
NOTCH = 120.0
"""Qt's units for one click of a wheel."""


def modifiers(keys: Qt.KeyboardModifier) -> frozenset[Modifier]:
    """The modifiers that gestures know."""
    return frozenset(name for flag, name in _MODIFIERS if keys & flag)


def button(event: QMouseEvent) -> str:
    """The button that this event is about."""
    return _BUTTONS.get(event.button(), "")


def device(event: QPointerEvent) -> Device:
    """What the pointer is; a mouse event made from a touch still says it was a finger."""
    kind = event.pointerType()
    if kind == QPointingDevice.PointerType.Finger:
        return "touch"
    if event.deviceType() == QInputDevice.DeviceType.TouchScreen:
        return "touch"
    return "pen" if kind == QPointingDevice.PointerType.Pen else "mouse"


def key(event: QKeyEvent) -> str:
    """The key by its name, or the character it types."""
    found = KEYS.get(Qt.Key(event.key())) if event.key() in _KNOWN else None
    if found == "Tab" and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return "Backtab"
    if found:
        return found
    if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier):
        # Ctrl+A types a control character: the letter is what matters.
        return chr(event.key()) if 32 < event.key() < 127 else ""
    return event.text()


_KNOWN = frozenset(int(k) for k in KEYS)


def wheel(event: QWheelEvent) -> tuple[tuple[float, float], bool]:
    """How far a wheel turned: in notches, or in pixels (True) where two fingers did it."""
    pixels = event.pixelDelta()
    touchpad = event.device() is not None and (
        event.device().type() == QInputDevice.DeviceType.TouchPad
    )
    phased = event.phase() != Qt.ScrollPhase.NoScrollPhase
    if not pixels.isNull() and (touchpad or phased):
        return (float(pixels.x()), float(pixels.y())), True
    angle = event.angleDelta()
    if touchpad or phased:
        return (angle.x() / 2, angle.y() / 2), True
    # Alt turns a wheel sideways on some platforms; zooming does not care which way it went.
    turn = angle.y() or angle.x()
    return (0.0, turn / NOTCH), False


def point(event: QEvent) -> tuple[float, float]:
    """Where a positioned event is, in the widget's pixels."""
    at: QPointF = event.position()  # type: ignore[attr-defined]
    return at.x(), at.y()
