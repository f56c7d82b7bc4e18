"""The recovery journal: what a crash, a torn line or another program leaves of a document."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bpstudio.core import edits
from bpstudio.core.graph import Graph, GraphError, Node, Patch
from bpstudio.files import bps, journal
from bpstudio.files.bps import File, View
from bpstudio.files.journal import Found, Journal, found, recover
from bpstudio.files.tale import JournalError, Origin, summed
from tests.ui.anyedit import EDITS

SIMPLE = Graph().apply(edits.build(Graph(), "f = (x + y) * z", {"x": -2.0, "y": 5.0, "z": -4.0}))


def left_by(book: Journal) -> Found:
    """The journal as a process leaves it that is killed: nothing said, the lock gone."""
    book._close()
    return next(one for one in found(book.path.parent) if one.path == book.path)


def begun(folder: Path, graph: Graph = SIMPLE, **origin: str) -> Journal:
    book = Journal(folder, Origin(origin.get("title", "lesson"), origin.get("path", "")))
    book.base(File(graph, "lesson"))
    return book


def test_answers_the_document_after_the_last_edit(tmp_path: Path) -> None:
    book, graph = begun(tmp_path), SIMPLE
    for patch in (lambda g: edits.set_value(g, "x", 7.5), lambda g: edits.delete(g, ["z"])):
        edit = patch(graph)
        book.edit(edit)
        graph = graph.apply(edit)
    one = left_by(book)
    assert one.edits == 2
    assert recover(one).graph == graph


@pytest.mark.parametrize("seed", range(6))
def test_holds_any_edit_there_is(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    names, graph = list(EDITS), SIMPLE
    book, done = begun(tmp_path), 0
    for _ in range(400):
        try:
            patch = EDITS[dice.choice(names)](graph, dice.randrange)
            after = graph.apply(patch)
            bps.encode(File(after))
        except (GraphError, bps.BadDocument):
            continue
        book.edit(patch)
        book.edit(patch.inverse())
        book.edit(patch)
        graph, done = after, done + bool(patch)
    assert done > 50
    assert recover(left_by(book)).graph == graph


def test_keeps_title_view_and_what_other_programs_wrote(tmp_path: Path) -> None:
    book = Journal(tmp_path, Origin("lesson"))
    file = File(SIMPLE, "lesson", View(2.0, (3.0, 4.0)), {"org.other": {"a": 1}}, minor=1)
    book.base(file)
    edit = edits.set_value(SIMPLE, "y", 1.0)
    book.edit(edit)
    assert recover(left_by(book)) == replace(file, graph=SIMPLE.apply(edit))


def test_a_torn_last_line_costs_that_line_only(tmp_path: Path) -> None:
    book = begun(tmp_path)
    first = edits.set_value(SIMPLE, "x", 1.0)
    book.edit(first)
    whole = book.written
    book.edit(edits.set_value(SIMPLE.apply(first), "x", 2.0))
    book._close()
    data = book.path.read_bytes()
    for cut in range(whole, len(data) - 1):
        book.path.write_bytes(data[:cut])
        (one,) = found(tmp_path)
        assert recover(one).graph.nodes["x"].params["value"] == 1.0
        assert one.edits == 1


def test_a_spoiled_byte_ends_the_reading_there(tmp_path: Path) -> None:
    book = begun(tmp_path)
    before = book.written
    book.edit(edits.set_value(SIMPLE, "x", 1.0))
    one = left_by(book)
    data = bytearray(one.path.read_bytes())
    data[before + 40] ^= 1
    one.path.write_bytes(bytes(data))
    assert recover(found(tmp_path)[0]).graph == SIMPLE


def test_edits_written_before_the_document_come_after_it(tmp_path: Path) -> None:
    book = Journal(tmp_path, Origin("lesson"))
    number = book.number()
    edit = edits.set_value(SIMPLE, "x", 9.0)
    book.edit(edit)
    book.base(File(SIMPLE), number)
    assert recover(left_by(book)).graph == SIMPLE.apply(edit)


def test_a_file_that_has_not_changed_stands_in_for_a_lost_beginning(tmp_path: Path) -> None:
    path = tmp_path / "lesson.bps"
    stamp = bps.save(File(SIMPLE), path)
    book = Journal(tmp_path, Origin("lesson", str(path), stamp))
    edit = edits.set_value(SIMPLE, "x", 9.0)
    book.edit(edit)
    one = left_by(book)
    assert recover(one).graph == SIMPLE.apply(edit)
    bps.save(File(Graph()), path)
    with pytest.raises(JournalError, match="its beginning is lost"):
        recover(one)


def test_the_network_is_kept_and_written_only_when_it_is_new(tmp_path: Path) -> None:
    book = begun(tmp_path)
    network = {"spec": {"layers": [2, 1]}, "weights": [{"W": [[1.0], [2.0]], "b": [0.5]}]}
    book.network(network, {})
    size = book.written
    book.network(network, {})
    assert book.written == size
    one = left_by(book)
    assert recover(one).network == network


def test_how_the_graph_is_trained_is_recovered_too(tmp_path: Path) -> None:
    book = begun(tmp_path)
    table = {"inputs": [[1.0]], "targets": [[2.0]]}
    training = {"loss": "f", "data": {"use": "drawn"}, "batch": 4}
    book.network(None, {"drawn": table}, training)
    found = recover(left_by(book))
    assert (found.training, found.datasets) == (training, {"drawn": table})


def test_a_journal_in_use_is_not_found(tmp_path: Path) -> None:
    book = begun(tmp_path)
    assert found(tmp_path) == ()
    book._close()
    assert len(found(tmp_path)) == 1


def test_a_killed_process_leaves_its_edits(tmp_path: Path) -> None:
    program = f"""
import os, signal, sys
sys.path[:0] = {sys.path!r}
from bpstudio.core import edits
from bpstudio.core.graph import Graph
from bpstudio.files.bps import File
from bpstudio.files.journal import Journal
from bpstudio.files.tale import Origin
book, graph = Journal({str(tmp_path)!r}, Origin("killed")), Graph()
book.base(File(graph))
for number in range(200):
    patch = edits.add_node(graph, "input", (float(number), 0.0))
    book.edit(patch)
    graph = graph.apply(patch)
os.kill(os.getpid(), signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
"""
    subprocess.run([sys.executable, "-c", program], check=False, timeout=240)
    (one,) = found(tmp_path)
    assert (one.origin.title, one.edits, one.closed) == ("killed", 200, False)
    assert len(recover(one).graph.nodes) == 200


def test_what_is_kept_on_closing_says_so_and_what_is_discarded_is_gone(tmp_path: Path) -> None:
    kept, gone = begun(tmp_path, title="kept"), begun(tmp_path, title="gone")
    kept.keep()
    gone.discard()
    (one,) = found(tmp_path)
    assert (one.origin.title, one.closed) == ("kept", True)
    assert recover(one).graph == SIMPLE


def test_a_journal_without_a_document_is_taken_away(tmp_path: Path) -> None:
    book = Journal(tmp_path, Origin("nothing"))
    book._close()
    assert found(tmp_path) == ()
    assert not book.path.exists()


def test_put_aside_is_offered_no_more_and_forgotten_after_its_time(tmp_path: Path) -> None:
    one = left_by(begun(tmp_path))
    journal.put_aside(one)
    (again,) = found(tmp_path)
    assert again.closed
    journal.forget_old(tmp_path, time.time() + (journal.KEPT_DAYS - 1) * 86_400)
    assert found(tmp_path)
    journal.forget_old(tmp_path, time.time() + (journal.KEPT_DAYS + 1) * 86_400)
    assert not found(tmp_path)


def test_a_crash_is_never_forgotten_by_itself(tmp_path: Path) -> None:
    left_by(begun(tmp_path))
    journal.forget_old(tmp_path, time.time() + 1e9)
    assert len(found(tmp_path)) == 1


def test_a_journal_of_another_version_is_left_alone(tmp_path: Path) -> None:
    book = begun(tmp_path)
    book._close()
    first = summed(b'{"head":{"version":2,"title":"later","path":""},"at":1}')
    book.path.write_bytes(first)
    assert found(tmp_path) == ()
    assert book.path.exists()


@pytest.mark.parametrize(
    "line",
    [
        b'{"base":"{\\"graph\\": 3}"}',
        b'{"base":"not json"}',
        b'{"base":"{}"}',
    ],
)
def test_a_hostile_beginning_is_a_sentence(tmp_path: Path, line: bytes) -> None:
    book = Journal(tmp_path, Origin("bad"))
    book._close()
    head = book.path.read_bytes()
    book.path.write_bytes(head + summed(line))
    (one,) = found(tmp_path)
    with pytest.raises((bps.BadDocument, JournalError)) as caught:
        recover(one)
    assert "bad" in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        b'{"label":"x","set":[["gates","x",{"id":"x","kind":"convolve"}]],"drop":[]}',
        b'{"label":"x","set":[["gates","x"]]}',
        b'{"label":"x","set":7}',
        b'{"label":"x","drop":[["nodes",1]]}',
        b'{"label":"x","set":[["seeds","x","y"]]}',
        b'{"head":5}',
        b'{"head":{"version":1,"stamp":[]}}',
        b'{"label":"x","at":"noon"}',
    ],
)
def test_a_hostile_line_is_a_sentence_or_ends_the_reading(tmp_path: Path, line: bytes) -> None:
    book = begun(tmp_path)
    book._close()
    book.path.write_bytes(book.path.read_bytes() + summed(line))
    for one in found(tmp_path):
        with suppress(bps.BadDocument, JournalError):
            assert recover(one).graph == SIMPLE


def test_what_json_cannot_hold_is_a_sentence(tmp_path: Path) -> None:
    book = begun(tmp_path)
    node = Node("n", "input", (0.0, 0.0), {"value": float("nan")})
    with pytest.raises(JournalError, match="cannot be stored"):
        book.edit(Patch("Add", {"n": (None, node)}))
    book._close()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(JournalError, match="part of the path is no folder"):
        Journal(tmp_path / "file" / "recovery", Origin("x"))


def test_a_line_written_late_keeps_its_place(tmp_path: Path) -> None:
    book = Journal(tmp_path, Origin("lesson"))
    first = edits.set_value(SIMPLE, "x", 1.0)
    graph = SIMPLE.apply(first)
    second = edits.set_value(graph, "x", 2.0)
    early, base = book.number(), book.number()
    number = book.number()
    book.edit(second)
    book.edit(first, number)
    book.base(File(SIMPLE), base)
    book.edit(edits.set_value(SIMPLE, "x", 99.0), early)
    assert recover(left_by(book)).graph == graph.apply(second)


def test_a_file_that_has_not_changed_is_copied_and_another_is_not(tmp_path: Path) -> None:
    path = tmp_path / "lesson.bps"
    stamp = bps.save(File(SIMPLE, "on disk"), path)
    first = Journal(tmp_path, Origin("a", str(path), stamp))
    first.base_from_disk(File(Graph()), stamp, str(path), 1)
    assert recover(left_by(first)) == File(SIMPLE, "on disk")
    bps.save(File(Graph(), "changed"), path)
    other = Journal(tmp_path, Origin("b", str(path), stamp))
    other.base_from_disk(File(SIMPLE, "in memory"), stamp, str(path), 1)
    assert recover(left_by(other)) == File(SIMPLE, "in memory")
