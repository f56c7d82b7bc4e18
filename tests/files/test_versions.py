"""What a save replaces is kept, the newest first, never twice, never without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.files import bps, versions


def write(path: Path, gates: int) -> None:
    graph = Graph()
    for at in range(gates):
        graph = graph.apply(edits.add_node(graph, "input", (float(at), 0.0)))
    path.write_bytes(bps.encode(bps.File(graph)))


def test_the_first_save_replaces_nothing(tmp_path: Path) -> None:
    assert versions.keep(tmp_path / "kept", tmp_path / "new.bps", 1.0) == ""
    assert versions.versions(tmp_path / "kept", tmp_path / "new.bps") == ()


def test_versions_are_answered_newest_first_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "lesson.bps"
    for gates in (1, 2, 3):
        write(path, gates)
        assert versions.keep(tmp_path / "kept", path, 100.0 + gates) == ""
    kept = versions.versions(tmp_path / "kept", path)
    assert [versions.gates_in(one) for one in kept] == [3, 2, 1]
    assert [one.when for one in kept] == [103.0, 102.0, 101.0]


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "lesson.bps"
    write(path, 1)
    for now in (1.0, 2.0, 3.0):
        versions.keep(tmp_path / "kept", path, now)
    assert len(versions.versions(tmp_path / "kept", path)) == 1


def test_two_files_of_one_name_have_versions_of_their_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "lesson.bps", 1)
    versions.keep(tmp_path / "kept", tmp_path / "a" / "lesson.bps", 1.0)
    assert versions.versions(tmp_path / "kept", tmp_path / "b" / "lesson.bps") == ()


def test_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST", 3)
    path = tmp_path / "lesson.bps"
    for gates in range(1, 7):
        write(path, gates)
        versions.keep(tmp_path / "kept", path, float(gates))
    kept = versions.versions(tmp_path / "kept", path)
    assert [versions.gates_in(one) for one in kept] == [6, 5, 4]


def test_the_newest_stays_however_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST_KEPT", 10)
    path = tmp_path / "lesson.bps"
    for gates in (1, 2):
        write(path, gates)
        versions.keep(tmp_path / "kept", path, float(gates))
    (one,) = versions.versions(tmp_path / "kept", path)
    assert versions.gates_in(one) == 2


def test_a_folder_that_cannot_be_made_is_a_phrase(tmp_path: Path) -> None:
    path = tmp_path / "lesson.bps"
    write(path, 1)
    (tmp_path / "file").write_text("no folder")
    assert versions.keep(tmp_path / "file" / "kept", path, 1.0) == "a part of the path is no folder"


def test_what_is_no_document_counts_no_gates(tmp_path: Path) -> None:
    path = tmp_path / "lesson.bps"
    path.write_text("not a document")
    versions.keep(tmp_path / "kept", path, 1.0)
    (one,) = versions.versions(tmp_path / "kept", path)
    assert versions.gates_in(one) == 0
