from dataclasses import replace

import pytest

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node, Patch, StalePatch
from bpstudio.ui.document import Document


@pytest.fixture
def document(qtbot):
    document = Document()
    document.do(edits.build(document.graph, "f = (x + y) * z", {"x": -2.0, "y": 5.0, "z": -4.0}))
    return document


def set_x(document, value):
    return edits.set_value(document.committed, "x", value)


def test_an_edit_is_undone_and_redone_by_name(document):
    built = document.graph
    assert document.undo_stack.undoText() == "Build f = (x + y) * z"
    document.undo_stack.undo()
    assert document.graph == Graph()
    document.undo_stack.redo()
    assert document.graph == built


def test_the_trace_follows_the_graph(document):
    assert document.trace.value_of("f") == -12.0
    document.do(set_x(document, 0.0))
    assert document.trace.value_of("f") == -20.0
    assert document.trace.grad_of("z") == 5.0
    document.undo_stack.undo()
    assert document.trace.value_of("f") == -12.0


def test_a_new_trace_is_announced_once_for_many_edits(document, qtbot):
    traces = []
    document.traced.connect(traces.append)
    for value in (1.0, 2.0, 3.0):
        document.do(set_x(document, value))
    qtbot.waitUntil(lambda: bool(traces))
    assert len(traces) == 1
    assert traces[0].value_of("x") == 3.0


def test_edits_with_the_same_merge_word_become_one_command(document):
    count = document.undo_stack.count()
    for value in (1.0, 2.0, 3.0):
        document.do(set_x(document, value), merge="scrub x")
    assert document.undo_stack.count() == count + 1
    assert document.undo_stack.undoText() == "Set x to 3"
    document.undo_stack.undo()
    assert document.graph.nodes["x"].params["value"] == -2.0


def test_merged_edits_that_come_to_nothing_leave_no_command(document):
    count = document.undo_stack.count()
    document.do(set_x(document, 1.0), merge="scrub x")
    document.do(set_x(document, -2.0), merge="scrub x")
    assert document.undo_stack.count() == count


def test_a_preview_is_shown_but_not_kept(document):
    patches = []
    document.patched.connect(patches.append)
    document.preview(set_x(document, 9.0))
    assert document.graph.nodes["x"].params["value"] == 9.0
    assert document.committed.nodes["x"].params["value"] == -2.0
    assert document.trace.value_of("x") == 9.0
    document.preview(None)
    assert document.graph == document.committed
    assert document.trace.value_of("x") == -2.0
    assert len(patches) == 2
    assert document.undo_stack.count() == 1


def test_doing_a_previewed_patch_announces_nothing_twice(document):
    patch = set_x(document, 9.0)
    document.preview(patch)
    patches = []
    document.patched.connect(patches.append)
    document.do(patch)
    assert patches == []
    assert document.committed.nodes["x"].params["value"] == 9.0


def test_a_patch_that_does_not_fit_changes_nothing(document):
    before, count = document.graph, document.undo_stack.count()
    with pytest.raises(StalePatch):
        document.do(Patch("bad", {"x": (Node("x", "log"), None)}))
    assert document.graph == before
    assert document.undo_stack.count() == count


def test_an_empty_patch_leaves_no_command(document):
    count = document.undo_stack.count()
    document.do(Patch("nothing"))
    assert document.undo_stack.count() == count


def test_what_is_deleted_is_no_longer_selected(document):
    document.select(["x", "f", "no such id"])
    assert document.selection == {"x", "f"}
    document.do(edits.delete(document.committed, ["f"]))
    assert document.selection == {"x"}


@pytest.mark.parametrize("what", ["note", "group"])
def test_a_note_or_group_undone_is_no_longer_selected(document, what):
    graph = document.committed
    patch = edits.add_note(graph, (0, 0), "a") if what == "note" else edits.group(graph, "xy", "G")
    document.do(patch)
    document.select(key for key, (before, _) in patch.changes.items() if before is None)
    assert len(document.selection) == 1
    document.undo_stack.undo()
    assert document.selection == frozenset()


def test_a_step_stays_on_the_trace_and_survives_a_new_value(document):
    document.go(99)
    assert document.step == 4
    document.go(2)
    document.do(set_x(document, 1.0))
    assert document.step == 2


def test_a_change_of_wiring_shows_everything_again(document):
    document.go(2)
    document.do(edits.delete(document.committed, ["f"]))
    assert document.step is None


def test_is_unsaved_exactly_when_an_edit_is_not_saved(document, tmp_path):
    assert document.dirty
    file = document.to_file()
    document.saved(file, tmp_path / "f.bps", None)
    assert not document.dirty
    assert document.title == "f"
    document.do(set_x(document, 1.0))
    assert document.dirty
    document.undo_stack.undo()
    assert not document.dirty


def test_without_an_edit_the_file_stays_as_it_was(document, tmp_path):
    from bpstudio.files.bps import View

    document.saved(document.to_file(), tmp_path / "f.bps", None)
    assert document.to_file(View(zoom=3.0)) is document.file


def test_numbers_that_move_on_are_told_together_with_what_follows_from_them(document):
    told: list[float] = []
    document.link(dict.fromkeys(["x"], "value"))
    document.traced.connect(lambda trace: told.append(trace.value_of("x")))
    node = document.graph.nodes["x"]
    moved = replace(node, params={**node.params, "value": 7.5})
    assert document.follow(Patch("Train", {"x": (node, moved)}))
    assert told == [7.5]
