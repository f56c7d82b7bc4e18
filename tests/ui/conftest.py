"""A window and its session on settings of their own, in English, and documents to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from bpstudio import language
from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.files import bps
from bpstudio.ui.document import Document
from bpstudio.ui.session import Session
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import Window

SIMPLE = "f = (x + y) * z"
VALUES = {"x": -2.0, "y": 5.0, "z": -4.0}


@pytest.fixture
def settings(qapp: object, tmp_path: Path) -> Iterator[Settings]:
    """Settings in a folder of this test's own."""
    folder = str(tmp_path / "settings")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    yield Settings()
    language.use("en")


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
def window(qtbot: QtBot, settings: Settings) -> Iterator[Window]:
    """A shown window without a document."""
    window = Window(settings)
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.begin([])
    yield window
    for document in window.session.documents:
        document.undo_stack.setClean()
    window.close()


@pytest.fixture
def opened(window: Window, simple: Graph) -> Document:
    """The simple graph, open in the window and not saved anywhere."""
    document = window.session.new()
    document.do(edits.replace_all(document.committed, simple, "Build"))
    return document
