from dataclasses import replace
from pathlib import Path

import pytest

from bpstudio.core import edits
from bpstudio.core.check import Check
from bpstudio.core.graph import Graph, Node, Wire
from bpstudio.core.plan import Plan
from bpstudio.files import bps
from bpstudio.ui.aside import Errand
from bpstudio.ui.session import AT_ONCE, Session, moves_numbers
from tests.ui.conftest import bury


def test_a_file_already_open_is_only_shown(session: Session, file_of, simple) -> None:
    path = file_of(simple)
    first = session.open(path)
    session.open(file_of(simple, "other.bps"))
    assert session.open(path) is first
    assert session.current is first
    assert len(session.documents) == 2


def test_the_same_file_by_another_path_is_the_same_document(
    session: Session, file_of, simple, tmp_path: Path
) -> None:
    path = file_of(simple)
    link = tmp_path / "link.bps"
    link.symlink_to(path)
    assert session.open(path) is session.open(link)


def test_a_broken_file_opens_nothing(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "broken.bps"
    path.write_text("{")
    with pytest.raises(bps.BadDocument):
        session.open(path)
    assert session.documents == ()
    assert session.settings.recent == []


def test_an_opened_file_takes_the_place_of_a_blank_sheet(session, file_of, simple) -> None:
    session.new()
    document = session.open(file_of(simple))
    assert session.documents == (document,)


def test_a_sheet_that_was_drawn_on_stays(session, file_of, simple) -> None:
    sheet = session.new()
    sheet.do(edits.add_node(sheet.graph, "input", (0.0, 0.0)))
    session.open(file_of(simple))
    assert sheet in session.documents


def test_saving_without_an_edit_changes_no_byte(session, file_of, simple, tmp_path) -> None:
    path = file_of(simple)
    before = path.read_bytes()
    document = session.open(path)
    session.save(document, path, bps.View(2.0, (9.0, 9.0)))
    assert path.read_bytes() == before
    assert not document.dirty


def test_undoing_every_edit_saves_the_same_bytes(session, file_of, simple) -> None:
    path = file_of(simple)
    before = path.read_bytes()
    document = session.open(path)
    document.do(edits.set_value(document.graph, "x", 7.0))
    document.undo_stack.undo()
    session.save(document, path)
    assert path.read_bytes() == before


def test_a_saved_document_opens_again_as_it_was(session, file_of, simple, tmp_path) -> None:
    document = session.open(file_of(simple))
    document.do(edits.set_value(document.graph, "x", 7.0))
    target = tmp_path / "saved.bps"
    session.save(document, target)
    assert document.path == target
    graph = document.graph
    session.close(document)
    assert session.open(target).graph == graph


def test_an_example_opens_as_an_untitled_copy(session, file_of, simple) -> None:
    document = session.open_copy(file_of(simple))
    assert document.path is None
    assert session.settings.recent == []


def test_sees_a_change_by_another_program(session, file_of, simple) -> None:
    path = file_of(simple)
    document = session.open(path)
    assert not session.changed_outside(document)
    path.write_bytes(path.read_bytes() + b"\n")
    assert session.changed_outside(document)
    path.unlink()
    assert session.changed_outside(document)


def test_reloading_can_be_undone(session, file_of, simple) -> None:
    path = file_of(simple)
    document = session.open(path)
    document.do(edits.set_value(document.graph, "x", 7.0))
    mine = document.graph
    session.reload(document)
    assert document.graph == simple
    assert not document.dirty
    document.undo_stack.undo()
    assert document.graph == mine


def test_closing_shows_a_neighbour(session, file_of, simple) -> None:
    first = session.open(file_of(simple))
    second = session.open(file_of(simple, "second.bps"))
    session.close(second)
    assert session.current is first
    session.close(first)
    assert session.current is None


def test_a_check_lasts_until_a_number_can_change(session, file_of, simple) -> None:
    document = session.open(file_of(simple))
    session.check(document)
    document.do(edits.move(document.graph, {"x": (500.0, 0.0)}))
    assert session.check_of(document) is not None
    document.do(edits.set_value(document.graph, "x", 7.0))
    assert session.check_of(document) is None


def test_only_places_and_names_leave_the_numbers_alone(simple) -> None:
    assert not moves_numbers(edits.move(simple, {"x": (9.0, 9.0)}))
    assert not moves_numbers(edits.rename(simple, "x", "speed"))
    assert moves_numbers(edits.set_value(simple, "x", 3.0))
    assert moves_numbers(edits.set_seed(simple, "x", 3.0))
    assert moves_numbers(edits.delete(simple, ["x"]))


@pytest.fixture
def wide() -> Graph:
    """More wires than are checked at once."""
    size = AT_ONCE + 100
    nodes = [Node("x", "input", (0.0, 0.0), {"value": 0.5})]
    nodes += [Node(f"n{i}", "tanh", (100.0, 40.0 * i)) for i in range(size)]
    return Graph(nodes, [Wire(f"w{i}", "x", f"n{i}", "x") for i in range(size)])


def test_a_large_graph_is_checked_beside_the_work(session, wide, qtbot) -> None:
    document = session.new()
    document.do(edits.replace_all(document.committed, wide, "Build"))
    heard: list[str] = []
    session.said.connect(heard.append)
    found: list[Check] = []
    session.check_soon(document, found.append)
    assert found == []
    assert heard == [f"Checking {len(wide.wires):,} wires …"]
    qtbot.waitUntil(lambda: bool(found))
    assert found[0].passed
    assert len(found[0].lines) == len(wide.wires)
    assert session.check_of(document) is found[0]


def test_an_edit_gives_a_check_up(session, wide, qtbot, qapp) -> None:
    document = session.new()
    document.do(edits.replace_all(document.committed, wide, "Build"))
    found: list[Check] = []
    session.check_soon(document, found.append)
    heard: list[str] = []
    session.said.connect(heard.append)
    document.do(edits.set_value(document.committed, "x", 1.0))
    assert heard == ["The graph has changed meanwhile: check it again."]
    qtbot.waitUntil(lambda: not qapp.findChildren(Errand))
    assert found == []
    assert session.check_of(document) is None


def test_a_place_that_changes_leaves_a_check_alone(session, wide, qtbot) -> None:
    document = session.new()
    document.do(edits.replace_all(document.committed, wide, "Build"))
    found: list[Check] = []
    session.check_soon(document, found.append)
    document.do(edits.move(document.committed, {"x": (9.0, 9.0)}))
    qtbot.waitUntil(lambda: bool(found))


def test_a_small_graph_is_checked_at_once(session, file_of, simple) -> None:
    document = session.open(file_of(simple))
    found: list[Check] = []
    session.check_soon(document, found.append)
    assert found == [session.check_of(document)]


def test_a_check_is_of_one_sample(session, file_of, simple) -> None:
    document = session.open(file_of(simple))
    document.do(edits.set_samples(document.committed, {"x": (1.0, 2.0)}))
    session.check(document)
    document.read(replace(document.reading, sample=1))
    assert session.check_of(document) is None
    line = next(iter(session.check(document).lines.values()))
    assert line.verdict == "ok"


def test_a_document_may_be_closed_while_its_plan_warms_up(
    session, file_of, simple, qtbot, monkeypatch
) -> None:
    document = session.open(file_of(simple))
    monkeypatch.setattr(Plan, "warm", lambda *_: False)
    document._warm()
    session.close(document)
    bury()
    qtbot.wait(10)
