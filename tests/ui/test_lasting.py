"""A long lesson: what is closed is gone, with everything that was made for it."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.core.plan import Plan
from bpstudio.core.trace import Trace
from bpstudio.files import examples
from bpstudio.ui import ask
from bpstudio.ui.document import Document
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import Window
from tests.ui.conftest import bury, forget_edits

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DIALOGS = ("samples", "picture", "define_gate", "train_graph", "shortcuts", "guide", "sweep")
QUESTIONS: dict[str, Callable[[QWidget], object]] = {
    "a sentence": lambda parent: ask.tell(parent, "Title", "Sentence."),
    "unsaved": lambda parent: ask.about_unsaved(parent, ["one", "two"]),
    "outside": lambda parent: ask.about_outside_change(parent, "one", gone=False, dirty=True),
    "overwriting": lambda parent: ask.about_overwriting(parent, "one"),
    "reverting": lambda parent: ask.about_reverting(parent, "one"),
    "deleting": lambda parent: ask.about_deleting(parent, "Title", "Sentence."),
    "a name": lambda parent: ask.for_a_name(parent, "Title", "Prompt", "one"),
    "a file": lambda parent: ask.file_to_save(parent, "one.bps"),
}


def living() -> Counter[str]:
    """What there is of widgets, of this program's own QObjects, and of runs of graphs, by class."""
    for _ in range(3):
        QApplication.processEvents()
        bury()
    gc.collect()
    bury()
    kinds = Counter(type(thing) for thing in gc.get_objects())
    ours = Counter(
        {
            kind.__name__: n
            for kind, n in kinds.items()
            if str(getattr(kind, "__module__", "")).startswith("bpstudio.")
            and (issubclass(kind, QObject) or kind in (Plan, Trace))
        }
    )
    ours.update(f"living {type(widget).__name__}" for widget in QApplication.allWidgets())
    return ours


def grown(deed: Callable[[], None], times: int) -> Counter[str]:
    """What there is more of each time. What is made once, whenever it is first needed, is none."""
    deed()
    deed()
    counts = [living()]
    for _ in range(2):
        for _ in range(times // 2):
            deed()
        counts.append(living())
    steady = (counts[1] - counts[0]) & (counts[2] - counts[1])
    return Counter({name: n for name, n in steady.items() if n >= times // 4})


def close_dialogs(window: Window) -> None:
    """Close whatever stands beside the window."""
    QApplication.processEvents()
    for top in QApplication.topLevelWidgets():
        if top is not window and top.isVisible():
            top.close()
    bury()


def test_a_closed_document_leaves_nothing(window: Window) -> None:
    def open_and_close() -> None:
        document = window.session.open_copy(examples.path("perceptron"))
        QApplication.processEvents()
        window.session.check(document)
        document.select(list(document.graph.nodes)[-1:])
        document.go(3)
        QApplication.processEvents()
        window.session.close(document)

    assert not grown(open_and_close, 20)


@pytest.mark.parametrize("key", DIALOGS)
def test_a_closed_dialog_leaves_nothing(window: Window, opened: Document, key: str) -> None:
    def open_and_close() -> None:
        window.menus.entries[key].trigger()
        close_dialogs(window)

    assert not grown(open_and_close, 8)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_an_answered_question_leaves_nothing(qtbot: QtBot, settings: Settings, kind: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def answer() -> None:
        (dialog,) = parent.findChildren(QDialog)
        dialog.reject()

    def ask_and_answer() -> None:
        QTimer.singleShot(0, parent, answer)
        QUESTIONS[kind](parent)
        bury()

    assert not grown(ask_and_answer, 8)


def test_a_closed_training_window_leaves_nothing(window: Window) -> None:
    def open_and_close() -> None:
        window.training.show()
        window.training.move()
        QApplication.processEvents()
        window.training.shut()
        QApplication.processEvents()

    assert not grown(open_and_close, 8)


def test_a_closed_window_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _: pytest.fail("nobody answers"))

    def open_and_close() -> None:
        window = Window(settings)
        window.show()
        window.filing.open_copy(examples.path("simple"))
        QApplication.processEvents()
        forget_edits(window)
        window.close()
        window.deleteLater()
        bury()

    assert not grown(open_and_close, 8)
