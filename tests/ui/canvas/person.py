"""Someone in front of a canvas: real mouse, key and drag events; the Document tells the outcome."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QImage,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from bpstudio.core.graph import Graph
from bpstudio.files.bps import File
from bpstudio.ui.canvas.canvas import GraphCanvas
from bpstudio.ui.canvas.tools import EMPTY, Idle
from bpstudio.ui.document import Document

NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton


class Person:
    """Someone in front of a canvas: points at things of the graph by name."""

    def __init__(self, qtbot, graph: Graph) -> None:
        self.document = Document(File(graph))
        self.window = QWidget()
        self.canvas = GraphCanvas(self.document)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.window.resize(800, 600)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.canvas.setFocus()
        self.canvas.camera.scale = 1.0
        self.canvas.camera.offset = (150, 200)
        self.heard: list[str] = []
        self.document.said.connect(self.heard.append)

    @property
    def graph(self) -> Graph:
        return self.document.graph

    @property
    def labels(self) -> list[str]:
        stack = self.document.undo_stack
        return [stack.text(n) for n in range(stack.count())]

    @property
    def resting(self) -> bool:
        return isinstance(self.canvas.tools.state, Idle) and self.canvas.overlay == EMPTY

    def at(self, x: float, y: float) -> QPoint:
        sx, sy = self.canvas.camera.to_screen((x, y))
        return QPoint(round(sx), round(sy))

    def node(self, key: str, dx: float = 0.0, dy: float = 0.0) -> QPoint:
        x, y = self.graph.nodes[key].at
        return self.at(x + dx, y + dy)

    def value(self, key: str) -> QPoint:
        return self.at(
            self.canvas.view.box[self.canvas.view.row[key], 2] - 24, self.graph.nodes[key].at[1]
        )

    def out(self, key: str) -> QPoint:
        return self.at(*self.canvas.view.output(key))

    def into(self, key: str, port: str) -> QPoint:
        return self.at(*self.canvas.view.input(key, port))

    def wire(self, key: str, t: int = 2) -> QPoint:
        from bpstudio.ui.canvas.geometry import along

        row = self.canvas.view.wire_row[key]
        return self.at(*along(self.canvas.view.control[row : row + 1], t / 4)[0])

    def move(self, to: QPoint, button=Qt.MouseButton.NoButton, mods=NO) -> None:
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QMouseEvent

        spot = QPointF(to)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            spot,
            QPointF(self.canvas.mapToGlobal(to)),
            Qt.MouseButton.NoButton,
            button,
            mods,
        )
        QApplication.sendEvent(self.canvas, event)

    def press(self, at: QPoint, button=LEFT, mods=NO) -> None:
        QTest.mousePress(self.canvas, button, mods, at)

    def release(self, at: QPoint, button=LEFT, mods=NO) -> None:
        QTest.mouseRelease(self.canvas, button, mods, at)

    def drag(self, start: QPoint, end: QPoint, mods=NO, drop: bool = True, button=LEFT) -> None:
        self.press(start, button, mods)
        for part in (0.1, 0.4, 0.8, 1.0):
            step = start + (end - start) * part
            self.move(step, button, mods)
        if drop:
            self.release(end, button, mods)

    def click(self, at: QPoint, mods=NO) -> None:
        QTest.mouseClick(self.canvas, LEFT, mods, at)

    def double(self, at: QPoint) -> None:
        QTest.mouseDClick(self.canvas, LEFT, NO, at)

    def key(self, key, mods=NO) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.canvas, key, mods)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def undo_all(self) -> None:
        self.document.undo_stack.setIndex(0)


def before(qtbot, graph: Graph) -> Iterator[Person]:
    """Someone in front of this graph, until the test is over: what a fixture yields from."""
    made = Person(qtbot, graph)
    yield made
    made.canvas.set_document(None)


def source_of(graph: Graph, node: str, port: str) -> str:
    return graph.wires[graph.into(node)[port]].source


def wheel(canvas, at: QPoint, notches: float, mods=NO) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        mods,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def picture(pixmap: QPixmap) -> np.ndarray:
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return raw[:, : image.width(), :3].astype(int)


def screen(person: Person) -> np.ndarray:
    """The window's backing store, as it stands after partial repaints."""
    QApplication.processEvents()
    return picture(person.window.screen().grabWindow(person.window.winId()))
