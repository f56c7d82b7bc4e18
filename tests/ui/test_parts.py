"""My parts: kept under a name, listed below the gates, put in by Enter, drag or name."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from bpstudio.core import edits
from bpstudio.core.graph import Group
from bpstudio.ui import ask, myparts
from tests.core.pieces import overlaps_seen
from tests.ui import drops

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def work(window, opened, tmp_path, monkeypatch):
    monkeypatch.setattr(myparts, "folder", lambda: tmp_path / "parts")
    window.workbench.parts.fill()
    window.activateWindow()
    window.canvas.setFocus()
    return window


def named(monkeypatch, name: str | None) -> list[str]:
    """Answer the question for a name; the names suggested are recorded."""
    suggested: list[str] = []

    def answer(_parent, _title, _prompt, text):
        suggested.append(text)
        return name

    monkeypatch.setattr(ask, "for_a_name", answer)
    return suggested


def keep(work, monkeypatch, name: str, ids) -> list[str]:
    suggested = named(monkeypatch, name)
    work.document.select(ids)
    work.menus.entries["keep_part"].trigger()
    return suggested


def rows(work) -> list[str]:
    shelf = work.workbench.parts.list
    return [shelf.item(n).text() for n in range(shelf.count())]


def test_the_list_is_there_only_with_parts(work, monkeypatch) -> None:
    assert not work.workbench.parts.isVisible()
    assert keep(work, monkeypatch, "Sum", ["x", "y"]) == ["Part"]
    assert work.workbench.parts.isVisible()
    assert rows(work) == ["Sum"]
    assert "Sum" in work.notice.text()


def test_an_empty_shelf_takes_no_room_before_it_is_known_to_be_empty(settings, qtbot) -> None:
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from bpstudio.ui.panels.parts import Parts
    from bpstudio.ui.session import Session

    left, parts = QWidget(), Parts(Session(settings))
    QVBoxLayout(left).addWidget(parts)
    qtbot.addWidget(left)
    left.resize(200, 400)
    left.show()
    assert parts.height() == 0


def test_enter_puts_a_part_in_as_one_command(work, monkeypatch) -> None:
    keep(work, monkeypatch, "All", work.document.graph.nodes)
    document, shelf = work.document, work.workbench.parts.list
    before, count = document.graph, document.undo_stack.count()
    shelf.setFocus()
    QTest.keyClick(shelf, Qt.Key.Key_Return)
    assert len(document.graph.nodes) == 2 * len(before.nodes)
    assert len(document.graph.wires) == 2 * len(before.wires)
    assert document.undo_stack.count() == count + 1
    assert document.undo_stack.undoText() == "Insert All"
    assert document.selection == set(document.graph.nodes) - set(before.nodes)
    document.undo_stack.undo()
    assert document.graph == before


def test_a_group_is_kept_with_its_title_and_comes_back_as_one(work, monkeypatch) -> None:
    document = work.document
    document.do(edits.group(document.graph, ["x", "y"], "Neuron"))
    assert keep(work, monkeypatch, "Neuron", document.graph.groups) == ["Neuron"]
    QTest.keyClick(work.workbench.parts.list, Qt.Key.Key_Return)
    assert [group.title for group in document.graph.groups.values()] == ["Neuron", "Neuron"]
    assert all(isinstance(g, Group) for g in document.graph.groups.values())


def test_a_title_in_use_is_asked_about(work, monkeypatch) -> None:
    keep(work, monkeypatch, "Sum", ["x"])
    asked: list[str] = []
    monkeypatch.setattr(ask, "about_replacing_part", lambda _, words: asked.append(words))
    keep(work, monkeypatch, "Sum", ["x", "y"])
    assert "Sum" in asked[0]
    assert myparts.kept()[0].gates == 1
    monkeypatch.setattr(ask, "about_replacing_part", lambda *_: True)
    keep(work, monkeypatch, "Sum", ["x", "y"])
    assert [part.gates for part in myparts.kept()] == [2]


@pytest.mark.parametrize("name", [None, "", "  ", "///"])
def test_no_name_keeps_nothing(work, monkeypatch, name) -> None:
    monkeypatch.setattr(ask, "tell", lambda *_: None)
    keep(work, monkeypatch, name, ["x"])
    assert myparts.kept() == ()
    assert not work.workbench.parts.isVisible()


def test_nothing_selected_says_what_to_select(work) -> None:
    work.document.select([])
    work.menus.entries["keep_part"].trigger()
    assert "Select the gates" in work.notice.text()


def test_delete_asks_and_only_then_deletes(work, monkeypatch) -> None:
    keep(work, monkeypatch, "Sum", ["x"])
    shelf = work.workbench.parts.list
    shelf.setFocus()
    monkeypatch.setattr(ask, "about_deleting_part", lambda *_: False)
    QTest.keyClick(shelf, Qt.Key.Key_Delete)
    assert rows(work) == ["Sum"]
    monkeypatch.setattr(ask, "about_deleting_part", lambda *_: True)
    before = work.document.graph
    QTest.keyClick(shelf, Qt.Key.Key_Delete)
    assert rows(work) == []
    assert myparts.kept() == ()
    assert work.document.graph is before


def test_the_menu_of_a_part_offers_both(work, monkeypatch, qtbot) -> None:
    keep(work, monkeypatch, "Sum", ["x"])
    shelf = work.workbench.parts.list
    at = shelf.visualItemRect(shelf.item(0)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, shelf.mapToGlobal(at))
    QApplication.sendEvent(shelf.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [a.text() for a in menu.actions()] == ["Put into the middle", "Delete …"]
    menu.close()


def test_a_part_dragged_to_the_canvas_comes_there(work, monkeypatch) -> None:
    keep(work, monkeypatch, "Sum", ["x"])
    shelf, canvas = work.workbench.parts.list, work.canvas
    mime = shelf.mimeData([shelf.item(0)])
    at = QPointF(canvas.mapTo(work, QPoint(90, 80)))
    assert drops.enter(work, at, mime)
    drops.drop(work, at, mime)
    QApplication.processEvents()
    assert work.document.undo_stack.undoText() == "Insert Sum"
    (key,) = work.document.selection
    place = canvas.camera.to_screen(work.document.graph.nodes[key].at)
    assert place == pytest.approx((90, 80), abs=12)


def test_a_part_dropped_on_a_gate_covers_nothing_and_is_one_command(work, monkeypatch) -> None:
    keep(work, monkeypatch, "Sum", ["x", "y"])
    graph, canvas = work.document.graph, work.canvas
    on = canvas.camera.to_screen(graph.nodes["x"].at)
    at = QPointF(canvas.mapTo(work, QPoint(round(on[0]), round(on[1]))))
    shelf = work.workbench.parts.list
    mime = shelf.mimeData([shelf.item(0)])
    assert drops.enter(work, at, mime)
    drops.drop(work, at, mime)
    QApplication.processEvents()
    assert len(work.document.graph.nodes) == len(graph.nodes) + 2
    assert not overlaps_seen(work.document.graph)
    work.document.undo_stack.undo()
    assert work.document.graph == graph


def test_a_part_is_put_in_by_its_name(work, monkeypatch) -> None:
    keep(work, monkeypatch, "Sum", ["x"])
    keep(work, monkeypatch, "Neuron", ["x", "y", "z"])
    before = len(work.document.graph.nodes)
    work.menus.entries["insert_part"].trigger()
    QTest.keyClicks(work.chooser.field, "neu")
    assert work.chooser.offered() == ["Neuron"]
    QTest.keyClick(work.chooser.field, Qt.Key.Key_Return)
    assert len(work.document.graph.nodes) == before + 3


def test_a_spoilt_part_is_listed_with_its_fault_and_never_put_in(work, monkeypatch) -> None:
    keep(work, monkeypatch, "Sum", ["x"])
    next(myparts.folder().glob("*.bps")).write_text("{")
    work.workbench.parts.fill()
    shelf = work.workbench.parts.list
    assert shelf.item(0).toolTip()
    before = work.document.graph
    QTest.keyClick(shelf, Qt.Key.Key_Return)
    assert work.document.graph is before
    assert work.notice.text() == shelf.item(0).toolTip()
    assert shelf.mimeData([shelf.item(0)]).formats() == []


def test_a_folder_that_cannot_be_written_is_a_sentence(work, monkeypatch, tmp_path) -> None:
    (tmp_path / "parts").write_text("a file in the way")
    told: list[str] = []
    monkeypatch.setattr(ask, "tell", lambda _, __, words: told.append(words))
    keep(work, monkeypatch, "Sum", ["x"])
    assert len(told) == 1
