"""Nothing is lost: not by a crash, not by closing without saving, not by a full disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Patch
from bpstudio.files import bps, journal
from bpstudio.files.journal import Found
from bpstudio.files.tale import JournalError
from bpstudio.ui import ask, journals
from bpstudio.ui.document import Document
from bpstudio.ui.recovery import Unsaved
from bpstudio.ui.shelf import ShelfDialog
from bpstudio.ui.window import Window
from tests.conftest import PATIENCE_MS


def left() -> tuple[Found, ...]:
    return journal.found(journals.folder())


def crash(document: Document, window: Window) -> Found:
    """Leave the journal as a killed process does, and forget the document."""
    before = {one.path for one in left()}
    book = window.journals.of(document).journal
    assert book is not None
    book._close()
    document.undo_stack.setClean()
    document._moved = False
    window.session.close(document)
    ends = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < ends:
        # A thread that brings it to the disk holds the lock for that long.
        if new := [one for one in left() if one.path not in before]:
            return new[0]
        time.sleep(0.01)
    raise AssertionError("no journal was left")


def test_an_edit_is_in_the_journal_at_once(window: Window, opened: Document) -> None:
    document = opened
    document.do(edits.set_value(document.committed, "x", 3.0))
    graph = document.committed
    one = crash(document, window)
    assert journal.recover(one).graph == graph


def test_undo_and_redo_are_in_it_too(window: Window, opened: Document) -> None:
    opened.do(edits.delete(opened.committed, ["z"]))
    opened.undo_stack.undo()
    graph = opened.committed
    assert journal.recover(crash(opened, window)).graph == graph


def test_a_preview_is_not(window: Window, opened: Document) -> None:
    graph = opened.committed
    opened.preview(edits.set_value(graph, "x", 99.0))
    assert journal.recover(crash(opened, window)).graph == graph


def test_saving_ends_the_journal(window: Window, opened: Document, tmp_path: Path) -> None:
    book = window.journals.of(opened).journal
    assert book is not None
    window.session.save(opened, tmp_path / "saved.bps")
    assert not book.path.exists()
    opened.do(edits.set_value(opened.committed, "x", 1.0))
    again = window.journals.of(opened).journal
    assert again is not None
    assert again.path != book.path


def test_undoing_everything_leaves_nothing_to_recover(
    window: Window, opened: Document, tmp_path: Path
) -> None:
    window.session.save(opened, tmp_path / "saved.bps")
    opened.do(edits.set_value(opened.committed, "x", 1.0))
    opened.undo_stack.undo()
    assert window.journals.of(opened).journal is None
    assert not list(journals.folder().iterdir())


def test_numbers_that_training_moves_are_written_when_it_settles(
    window: Window, opened: Document
) -> None:
    opened.link({"x": "value"})
    node = opened.committed.nodes["x"]
    moved = Patch("", {"x": (node, edits.set_value(opened.committed, "x", 0.125).changes["x"][1])})
    assert opened.follow(moved)
    window.journals.of(opened).settle()
    assert journal.recover(crash(opened, window)).graph.nodes["x"].params["value"] == 0.125


def test_closing_without_saving_can_be_taken_back(
    window: Window, opened: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = opened.committed
    monkeypatch.setattr(ask, "about_unsaved", lambda *_: "discard")
    assert window.filing.close([opened])
    (one,) = left()
    assert one.closed
    (document,) = window.recovery.open([one])
    assert document.committed == graph
    assert document.dirty
    assert left() == ()


def test_quitting_without_saving_can_be_taken_back(
    window: Window, opened: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "about_unsaved", lambda *_: "discard")
    assert window.close()
    (one,) = left()
    assert one.closed


def test_a_crash_is_offered_and_opened_where_its_file_was(
    qtbot: QtBot, window: Window, opened: Document, tmp_path: Path
) -> None:
    path = tmp_path / "lesson.bps"
    window.session.save(opened, path)
    opened.do(edits.set_value(opened.committed, "x", 42.0))
    graph = opened.committed
    crash(opened, window)
    window.recovery.look()
    qtbot.waitUntil(lambda: window.recovery.bar is not None)
    bar = window.recovery.bar
    assert bar is not None
    assert bar.isVisible()
    assert "lesson" in bar.words.text()
    qtbot.mouseClick(bar.restore, Qt.MouseButton.LeftButton)
    document = window.document
    assert document is not None
    assert (document.path, document.committed, document.dirty) == (path, graph, True)
    assert not bar.isVisible()
    assert left() == ()
    assert window.filing.save(document)
    assert bps.load(path)[0].graph == graph


def test_a_file_changed_since_is_not_written_over_unasked(
    window: Window, opened: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lesson.bps"
    window.session.save(opened, path)
    opened.do(edits.set_value(opened.committed, "x", 42.0))
    one = crash(opened, window)
    bps.save(bps.File(Graph()), path)
    monkeypatch.setattr(ask, "about_outside_change", lambda *_, **__: "keep")
    (document,) = window.recovery.open([one])
    asked: list[str] = []
    monkeypatch.setattr(ask, "about_overwriting", lambda _, name: asked.append(name) or False)
    assert not window.filing.save(document)
    assert asked == ["lesson.bps"]


def test_recovered_beside_the_open_file_it_has_another_name(
    window: Window, opened: Document, tmp_path: Path
) -> None:
    path = tmp_path / "lesson.bps"
    window.session.save(opened, path)
    opened.do(edits.set_value(opened.committed, "x", 42.0))
    one = crash(opened, window)
    window.session.open(path)
    (document,) = window.recovery.open([one])
    assert (document.path, document.title) == (None, "lesson (recovered)")


def test_not_now_is_not_offered_again_but_stays_in_the_list(
    qtbot: QtBot, window: Window, opened: Document
) -> None:
    crash(opened, window)
    window.recovery.look()
    qtbot.waitUntil(lambda: window.recovery.bar is not None)
    bar = window.recovery.bar
    assert bar is not None
    qtbot.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    (one,) = left()
    assert one.closed


def test_nothing_lost_is_not_mentioned(qtbot: QtBot, window: Window) -> None:
    window.recovery.look()
    qtbot.wait(300)
    assert window.recovery.bar is None


def test_the_list_opens_and_deletes(
    window: Window, opened: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(opened, window)
    other = window.session.new()
    other.do(edits.add_node(other.committed, "input", (0.0, 0.0)))
    crash(other, window)
    shown = ShelfDialog(Unsaved(window.recovery), window)
    assert shown.list.topLevelItemCount() == 2
    monkeypatch.setattr(ask, "about_deleting", lambda *_: True)
    shown.list.setCurrentItem(shown.list.topLevelItem(0))
    shown.delete_button.click()
    assert shown.list.topLevelItemCount() == 1
    shown.list.setCurrentItem(shown.list.topLevelItem(0))
    shown.open_button.click()
    assert len(window.session.documents) == 1
    empty = ShelfDialog(Unsaved(window.recovery), window)
    assert "everything was saved" in empty.words.text()
    assert not empty.open_button.isEnabled()


def test_a_refusing_disk_is_said_once_and_the_work_goes_on(
    window: Window, opened: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    window.session.said.connect(heard.append)

    def full(*_: object) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(journal.Journal, "edit", full)
    for value in (1.0, 2.0):
        opened.do(edits.set_value(opened.committed, "x", value))
    assert opened.committed.nodes["x"].params["value"] == 2.0
    assert [s for s in heard if "cannot be kept safe (the disk is full)" in s] == heard[:1]
    assert len(heard) == 1


def test_a_large_document_is_written_beside_the_window(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch, simple: Graph
) -> None:
    monkeypatch.setattr(journals, "LARGE", 2)
    document = window.session.adopt(bps.File(simple, "large"))
    document.do(edits.set_value(document.committed, "x", 5.0))
    graph = document.committed
    book = window.journals.of(document).journal
    assert book is not None
    qtbot.waitUntil(lambda: b'"base"' in book.path.read_bytes())
    assert journal.recover(crash(document, window)).graph == graph


def test_a_grown_journal_is_begun_anew(
    qtbot: QtBot, window: Window, opened: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "MOST_BYTES", 100)
    recorder = window.journals.of(opened)
    first = recorder.journal
    assert first is not None
    for value in range(200):
        opened.do(edits.set_value(opened.committed, "x", float(value)))
    recorder.settle()
    assert recorder.journal is not first
    assert not first.path.exists()
    graph = opened.committed
    assert journal.recover(crash(opened, window)).graph == graph


KILLED = """
import os, signal, sys
sys.path[:0] = {path!r}
from PySide6.QtCore import QTimer
from bpstudio.core import edits
from bpstudio.ui import app as apps
from bpstudio.ui.window import Window
app = apps.application(["bpstudio"])
window = Window()
window.show()
window.begin([])
document = window.session.new()
document.do(edits.build(document.committed, "f = tanh(w * x + b)", {{}}))
document.do(edits.set_value(document.committed, "w", 0.5))
QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGKILL))
app.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_program_loses_nothing(tmp_path: Path, qtbot: QtBot, window: Window) -> None:
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(path=sys.path)],
        env=env,
        check=False,
        timeout=240,
        capture_output=True,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    (folder,) = {path.parent for path in (tmp_path / "data").rglob("*.journal")}
    (one,) = journal.found(folder)
    (document,) = window.recovery.open([one])
    assert document.committed.nodes["w"].params["value"] == 0.5
    assert document.committed.nodes["f"].gate == "tanh"
