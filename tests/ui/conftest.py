"""A window and its session on settings of their own, in English, and documents to look at."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMessageBox,
    QSplitterHandle,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bpstudio import language
from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.files import bps
from bpstudio.ui import earlier, journals, theme
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import Window

SIMPLE = "f = (x + y) * z"
VALUES = {"x": -2.0, "y": 5.0, "z": -4.0}


@pytest.fixture(autouse=True, scope="session")
def _dressed(qapp: QApplication) -> None:
    """As the program is, from the first test on: undressed, lines and buttons have other heights,
    and which tests came before would decide."""
    theme.appearance().apply()


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    """What a test opens goes with it: each window left is styled again by every later test. So does
    a mouse button that it left down: later tests would drag where they only move."""
    before = QApplication.topLevelWidgets()
    yield
    let_go()
    bury()
    if left_beside(before):
        gc.collect()
        bury()
    assert not left_beside(before)


def let_go() -> None:
    """Release the mouse buttons that are down: after a gesture that was broken off, and after each
    double click of QTest, which never releases."""
    if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
        return
    pad = QWidget()
    pad.show()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
        if QApplication.mouseButtons() & button:
            QTest.mouseRelease(pad, button)
    pad.deleteLater()
    bury()
    assert QApplication.mouseButtons() == Qt.MouseButton.NoButton


def bury() -> None:
    """Delete what waits for its deletion; without an event loop nothing would."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def left_beside(before: list[QWidget]) -> list[QWidget]:
    """The windows, dialogs, menus and widgets without a parent that have come since."""
    return [widget for widget in QApplication.topLevelWidgets() if widget not in before]


@pytest.fixture
def settings(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings and recovery journals in a folder of this test's own."""
    monkeypatch.setattr(journals, "folder", lambda: tmp_path / "recovery")
    monkeypatch.setattr(earlier, "folder", lambda: tmp_path / "versions")
    folder = str(tmp_path / "settings")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    yield Settings()
    bury()
    language.use("en")
    look = theme.appearance()
    look.move(True)
    if (look.choice, look.factor) != ("system", 1.0):
        look.use("system", 1.0)


@pytest.fixture
def session(settings: Settings) -> Session:
    """A session without a window."""
    return Session(settings)


@pytest.fixture
def simple() -> Graph:
    """(x + y) × z at −2, 5, −4."""
    return Graph().apply(edits.build(Graph(), SIMPLE, VALUES))


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[Graph, str], Path]:
    """Writes a graph to a file of a name."""

    def write(graph: Graph, name: str = "simple.bps") -> Path:
        path = tmp_path / name
        path.write_bytes(bps.encode(bps.File(graph)))
        return path

    return write


@pytest.fixture
def window(qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Window:
    """A shown window without a document. A dialog that nobody answers fails the test."""

    def unanswered(dialog: QDialog) -> int:
        raise AssertionError(f"nobody answers {dialog.windowTitle()!r}")

    monkeypatch.setattr(QMessageBox, "exec", unanswered)
    monkeypatch.setattr(QFileDialog, "exec", unanswered)
    window = Window(settings)
    window.resize(1280, 800)
    qtbot.addWidget(window, before_close_func=forget_edits)
    window.show()
    qtbot.waitExposed(window)
    window.begin([])
    return window


def forget_edits(window: Window) -> None:
    """Let a window close without asking."""
    for document in window.session.documents:
        document.undo_stack.setClean()
        document._moved = False


def drag_handle(handle: QSplitterHandle, way: int) -> None:
    """Move a splitter's handle with the mouse."""
    at = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseMove(handle, at + QPoint(way, 0))
    to = handle.rect().center()
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, to)


@pytest.fixture
def opened(window: Window, simple: Graph) -> Document:
    """The simple graph, open in the window and not saved anywhere."""
    document = window.session.new()
    document.do(edits.replace_all(document.committed, simple, "Build"))
    return document
