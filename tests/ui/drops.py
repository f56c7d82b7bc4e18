"""Something dragged over a widget and dropped there, as Qt tells a widget of it."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, qVersion
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

WHOLE = tuple(map(int, qVersion().split("."))) < (6, 12)
"""Before Qt 6.12 a drag moves in whole pixels."""


def _told(kind, widget: QWidget, at: QPoint | QPointF, mime: QMimeData) -> bool:
    place = QPointF(at)
    event = kind(
        place.toPoint() if WHOLE and kind is not QDropEvent else place,
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def enter(widget: QWidget, at: QPoint | QPointF, mime: QMimeData) -> bool:
    """Whether the widget would take it."""
    return _told(QDragEnterEvent, widget, at, mime)


def move(widget: QWidget, at: QPoint | QPointF, mime: QMimeData) -> bool:
    return _told(QDragMoveEvent, widget, at, mime)


def drop(widget: QWidget, at: QPoint | QPointF, mime: QMimeData) -> bool:
    """Whether the widget took it."""
    return _told(QDropEvent, widget, at, mime)


def leave(widget: QWidget) -> None:
    event: QEvent = QDragLeaveEvent()
    QApplication.sendEvent(widget, event)
