"""Something dragged over a widget and dropped there, as Qt tells a widget of it."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, qVersion
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

WHOLE = tuple(map(int, qVersion().split("."))) < (6, 12)
"""Before Qt 6.12 a drag moves in whole pixels."""


def _event(kind, at: QPoint | QPointF, mime: QMimeData, actions=Qt.DropAction.CopyAction):
    place = QPointF(at)
    return kind(
        place.toPoint() if WHOLE and kind is not QDropEvent else place,
        actions,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


def _told(kind, widget: QWidget, at: QPoint | QPointF, mime: QMimeData) -> bool:
    event = _event(kind, at, mime)
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


def answer(widget: QWidget, at: QPoint | QPointF, mime: QMimeData) -> list[Qt.DropAction]:
    """What a program that would rather move than copy is told at enter, move and drop."""
    both, told = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, []
    for kind in (QDragEnterEvent, QDragMoveEvent, QDropEvent):
        event = _event(kind, at, mime, both)
        event.setDropAction(Qt.DropAction.MoveAction)
        QApplication.sendEvent(widget, event)
        told.append(event.dropAction() if event.isAccepted() else Qt.DropAction.IgnoreAction)
    return told


def leave(widget: QWidget) -> None:
    event: QEvent = QDragLeaveEvent()
    QApplication.sendEvent(widget, event)
