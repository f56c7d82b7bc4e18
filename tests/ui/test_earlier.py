"""The earlier versions of a file, as a person reaches them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpstudio.core import edits
from bpstudio.ui import ask, earlier
from bpstudio.ui.document import Document
from bpstudio.ui.shelf import ShelfDialog
from bpstudio.ui.window import Window


def saved_twice(window: Window, document: Document, path: Path) -> None:
    window.session.save(document, path)
    document.do(edits.set_value(document.committed, "x", 77.0))
    window.session.save(document, path)


def test_a_save_keeps_what_it_replaces_and_that_opens_beside(
    window: Window, opened: Document, tmp_path: Path
) -> None:
    before = opened.committed
    path = tmp_path / "lesson.bps"
    saved_twice(window, opened, path)
    shown = ShelfDialog(earlier.Versions(window, opened), window)
    assert shown.list.topLevelItemCount() == 1
    assert "lesson" in shown.windowTitle()
    shown.open_button.click()
    document = window.document
    assert document is not None
    assert document is not opened
    assert (document.path, document.committed) == (None, before)
    assert document.title.startswith("lesson (")


def test_versions_are_deleted_when_their_owner_means_it(
    window: Window, opened: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved_twice(window, opened, tmp_path / "lesson.bps")
    shown = ShelfDialog(earlier.Versions(window, opened), window)
    monkeypatch.setattr(ask, "about_deleting", lambda *_: False)
    shown.delete_button.click()
    assert shown.list.topLevelItemCount() == 1
    monkeypatch.setattr(ask, "about_deleting", lambda *_: True)
    shown.delete_button.click()
    assert shown.list.topLevelItemCount() == 0
    assert "no earlier version" in shown.words.text()


def test_a_save_is_not_stopped_by_a_version_that_cannot_be_kept(
    window: Window, opened: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(earlier, "folder", lambda: tmp_path / "file" / "versions")
    heard: list[str] = []
    window.session.said.connect(heard.append)
    saved_twice(window, opened, tmp_path / "lesson.bps")
    assert not opened.dirty
    assert "Its earlier version could not be kept: a part of the path is no folder." in heard[-1]
