"""A person's way with documents: open, change, save, close, and what may go wrong."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from bpstudio import language
from bpstudio.core import edits
from bpstudio.files import bps
from bpstudio.files.clip import text_of
from bpstudio.ui import ask
from bpstudio.ui.tabs import LEAST_TAB
from bpstudio.ui.window import Window
from tests.ui import drops
from tests.ui.conftest import drag_handle, forget_edits


@pytest.fixture
def told(monkeypatch) -> list[str]:
    """The sentences that dialogs showed."""
    sentences: list[str] = []
    monkeypatch.setattr(ask, "tell", lambda _, __, sentence, *___: sentences.append(sentence))
    return sentences


def answer(monkeypatch, question: str, reply: object) -> list[tuple]:
    """Let a question of `ask` be answered like this; the calls are recorded."""
    calls: list[tuple] = []

    def asked(*args: object, **more: object) -> object:
        calls.append((*args[1:], more))
        return reply

    monkeypatch.setattr(ask, question, asked)
    return calls


def test_begins_with_the_start_page_and_nothing_else(window: Window) -> None:
    assert window.centre.currentWidget() is window.start_page
    assert window.document is None
    assert not window.stepper.isVisible()


def test_new_shows_an_empty_canvas_with_all_panels(window: Window) -> None:
    window.menus.entries["new"].trigger()
    assert window.centre.currentWidget() is window.tabs
    assert window.stepper.isVisible()
    assert window.workbench.palette.isVisible()
    assert window.canvas.document is window.document


def test_what_is_opened_from_the_start_page_has_the_keyboard(window, file_of, simple) -> None:
    window.start_page.setFocus()
    window.filing.open([file_of(simple)])
    assert window.canvas.hasFocus()


def test_a_formula_typed_on_the_start_page_keeps_the_keyboard(window, qtbot) -> None:
    window.formula_bar.field.setFocus()
    qtbot.keyClicks(window.formula_bar.field, "x * y")
    qtbot.keyClick(window.formula_bar.field, Qt.Key.Key_Return)
    assert len(window.document.graph.nodes) == 3
    assert window.formula_bar.field.hasFocus()


def test_the_title_bar_names_the_document_and_its_edits(window, file_of, simple) -> None:
    window.filing.open([file_of(simple)])
    assert window.windowTitle() == "simple[*] – Backprop Studio"
    assert not window.isWindowModified()
    window.document.do(edits.set_value(window.document.graph, "x", 1.0))
    assert window.isWindowModified()
    window.document.undo_stack.undo()
    assert not window.isWindowModified()


def test_the_tab_bar_hides_with_one_document(window, file_of, simple) -> None:
    window.filing.open([file_of(simple)])
    assert not window.tabs.tabBar().isVisible()
    window.filing.open([file_of(simple, "other.bps")])
    assert window.tabs.tabBar().isVisible()
    window.tabs.setCurrentIndex(0)
    assert window.document.path.name == "simple.bps"


def test_a_middle_click_closes_a_tab(window, file_of, simple, qtbot) -> None:
    window.filing.open([file_of(simple), file_of(simple, "other.bps")])
    place = window.tabs.tabBar().tabRect(0).center()
    qtbot.mouseClick(window.tabs.tabBar(), Qt.MouseButton.MiddleButton, pos=place)
    assert [d.path.name for d in window.session.documents] == ["other.bps"]


def test_a_broken_file_is_one_sentence_and_no_empty_document(window, tmp_path, told) -> None:
    path = tmp_path / "broken.bps"
    path.write_text('{"format": "bpstudio.graph", "version": 1')
    window.filing.open([path])
    assert window.document is None
    assert len(told) == 1
    assert "broken.bps" in told[0]
    assert "\n" not in told[0]


def test_a_missing_file_is_forgotten_by_the_recent_ones(window, tmp_path, told) -> None:
    path = tmp_path / "gone.bps"
    window.settings.remember(path)
    window.filing.open([path])
    assert window.settings.recent == []
    assert told


def test_one_bad_file_among_several_does_not_stop_the_others(
    window, file_of, simple, tmp_path, told
) -> None:
    bad = tmp_path / "bad.bps"
    bad.write_text("")
    window.filing.open([bad, file_of(simple)])
    assert window.document.path.name == "simple.bps"
    assert len(told) == 1


def test_save_close_and_reopen_gives_the_same_bytes(window, opened, tmp_path, monkeypatch) -> None:
    path = tmp_path / "mine.bps"
    answer(monkeypatch, "file_to_save", path)
    assert window.filing.save(opened)
    assert not opened.dirty
    before = path.read_bytes()
    assert window.filing.close([opened])
    window.filing.open([path])
    assert window.filing.save(window.document)
    assert path.read_bytes() == before


def test_a_read_only_folder_is_told_and_nothing_is_lost(
    window, opened, tmp_path, monkeypatch, told
) -> None:
    answer(monkeypatch, "file_to_save", tmp_path / "no" / "such" / "folder.bps")
    assert not window.filing.save(opened)
    assert opened.dirty
    assert opened.path is None
    assert len(told) == 1


def test_two_tabs_never_become_one_file(window, opened, file_of, simple, monkeypatch, told) -> None:
    path = file_of(simple)
    window.filing.open([path])
    answer(monkeypatch, "file_to_save", path)
    assert not window.filing.save_as(opened)
    assert "another tab" in told[0]


def test_closing_asks_once_for_all_that_is_unsaved(window, opened, monkeypatch, tmp_path) -> None:
    other = window.session.new()
    other.do(edits.add_node(other.graph, "input", (0.0, 0.0)))
    window.session.new()
    calls = answer(monkeypatch, "about_unsaved", "cancel")
    window.close()
    assert window.isVisible()
    assert len(calls) == 1
    assert len(calls[0][0]) == 2


def test_closing_without_edits_asks_nothing(window, file_of, simple, monkeypatch) -> None:
    window.filing.open([file_of(simple)])
    calls = answer(monkeypatch, "about_unsaved", "cancel")
    assert window.close()
    assert calls == []


def test_discarding_leaves_the_file_as_it_was(window, file_of, simple, monkeypatch) -> None:
    path = file_of(simple)
    before = path.read_bytes()
    window.filing.open([path])
    window.document.do(edits.set_value(window.document.graph, "x", 7.0))
    answer(monkeypatch, "about_unsaved", "discard")
    assert window.filing.close([window.document])
    assert path.read_bytes() == before
    assert window.document is None


def test_saving_all_saves_all_and_closes(window, file_of, simple, monkeypatch) -> None:
    paths = [file_of(simple, "a.bps"), file_of(simple, "b.bps")]
    window.filing.open(paths)
    for document in window.session.documents:
        document.do(edits.set_value(document.graph, "x", 7.0))
    answer(monkeypatch, "about_unsaved", "save")
    assert window.close()
    for path in paths:
        assert bps.load(path)[0].graph.nodes["x"].params["value"] == 7.0


def test_a_cancelled_name_keeps_the_window_open(window, opened, monkeypatch) -> None:
    answer(monkeypatch, "about_unsaved", "save")
    answer(monkeypatch, "file_to_save", None)
    window.close()
    assert window.isVisible()
    assert opened.dirty


def test_another_programs_change_is_asked_about_once(window, file_of, simple, monkeypatch) -> None:
    path = file_of(simple)
    window.filing.open([path])
    changed = simple.apply(edits.set_value(simple, "x", 9.0))
    path.write_bytes(bps.encode(bps.File(changed)))
    calls = answer(monkeypatch, "about_outside_change", "keep")
    window.filing.look_outside()
    window.filing.look_outside()
    assert len(calls) == 1
    assert window.document.graph == simple


def test_reloading_takes_the_other_programs_version(window, file_of, simple, monkeypatch) -> None:
    path = file_of(simple)
    window.filing.open([path])
    changed = simple.apply(edits.set_value(simple, "x", 9.0))
    path.write_bytes(bps.encode(bps.File(changed)))
    answer(monkeypatch, "about_outside_change", "reload")
    window.filing.look_outside()
    assert window.document.graph == changed
    assert not window.document.dirty


def test_never_writes_over_another_programs_change_unasked(
    window, file_of, simple, monkeypatch
) -> None:
    path = file_of(simple)
    window.filing.open([path])
    path.write_bytes(path.read_bytes() + b"\n")
    theirs = path.read_bytes()
    window.document.do(edits.set_value(window.document.graph, "x", 7.0))
    answer(monkeypatch, "about_outside_change", "keep")
    calls = answer(monkeypatch, "about_overwriting", False)
    assert not window.filing.save(window.document)
    assert path.read_bytes() == theirs
    assert len(calls) == 1
    assert window.document.dirty


def test_a_file_taken_away_can_be_saved_again(window, file_of, simple, monkeypatch) -> None:
    path = file_of(simple)
    window.filing.open([path])
    path.unlink()
    assert window.filing.save(window.document)
    assert bps.load(path)[0].graph == simple


def drop(window: Window, paths: list[Path]) -> bool:
    """Drop files on the window; answers whether it took them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    taken = drops.enter(window, QPoint(400, 300), mime)
    if taken:
        drops.drop(window, QPoint(400, 300), mime)
    return taken


def test_a_file_dropped_on_the_window_opens(window, file_of, simple, qtbot) -> None:
    assert drop(window, [file_of(simple)])
    qtbot.waitUntil(lambda: window.document is not None)
    assert window.document.graph == simple


@pytest.mark.parametrize(
    ("name", "word"),
    [("cat.png", "picture"), ("data.csv", "Ctrl+B"), ("notes.txt", ".bps"), ("", "folder")],
)
def test_another_file_dropped_on_the_window_is_a_sentence(window, tmp_path, name, word) -> None:
    path = tmp_path / name
    if name:
        path.write_bytes(b"\0\xff")
    assert drop(window, [path])
    assert word in window.notice.text()
    assert window.document is None


def test_of_several_files_dropped_the_documents_open(window, file_of, simple, tmp_path, qtbot):
    assert drop(window, [tmp_path / "cat.png", file_of(simple)])
    qtbot.waitUntil(lambda: window.document is not None)
    assert window.document.graph == simple


def drop_text(widget, text: str, at: QPoint) -> None:
    """Drop a text on a widget."""
    mime = QMimeData()
    mime.setText(text)
    drops.enter(widget, at, mime)
    drops.drop(widget, at, mime)
    QApplication.processEvents()


def test_a_graphs_text_dropped_on_the_canvas_is_pasted_there(window, opened) -> None:
    text = text_of(edits.clip(opened.graph, ["x"]))
    canvas = window.canvas
    scene = canvas.camera.to_scene((80, 90))
    drop_text(window, text, canvas.mapTo(window, QPoint(80, 90)))
    (key,) = opened.selection
    assert opened.graph.nodes[key].at == pytest.approx(scene, abs=8)
    assert opened.undo_stack.undoText().startswith("Paste")


def test_a_graphs_text_dropped_without_a_document_makes_one(window, simple) -> None:
    drop_text(window, text_of(simple), QPoint(400, 300))
    assert len(window.document.graph.nodes) == len(simple.nodes)


def test_other_text_dropped_is_a_sentence(window) -> None:
    drop_text(window, "Dear all", QPoint(400, 300))
    assert window.document is None
    assert "no graph" in window.notice.text()


@pytest.mark.parametrize("what", ["text", "file"])
def test_a_drop_takes_nothing_away_from_the_program_it_comes_from(window, tmp_path, what) -> None:
    mime = QMimeData()
    if what == "text":
        mime.setText("Dear all")
    else:
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "cat.png"))])
    told = drops.answer(window, QPoint(400, 300), mime)
    QApplication.processEvents()
    assert told == [Qt.DropAction.CopyAction] * 3


def test_a_picture_without_a_file_dropped_is_a_sentence(window, opened) -> None:
    mime, picture = QMimeData(), QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(0)
    mime.setImageData(picture)
    assert drops.enter(window, QPoint(400, 300), mime)
    assert drops.drop(window, QPoint(400, 300), mime)
    assert "picture" in window.notice.text()


def test_what_is_said_stands_in_the_quiet_line(window, opened) -> None:
    opened.say("multiply1.x already has a wire; drop to replace it")
    assert window.notice.isVisible()
    assert window.notice.text() == "multiply1.x already has a wire; drop to replace it"


def test_what_was_said_does_not_lie_over_the_list_of_gates(window, opened) -> None:
    opened.say("Moved x")
    assert window.notice.isVisible()
    window.canvas.quick_add()
    assert window.canvas.quick.isVisible()
    assert not window.notice.isVisible()


def test_document_names_are_never_read_as_markup(window, opened) -> None:
    opened.do(edits.rename(opened.graph, "x", "<b>loud</b>"))
    opened.select(["x"])
    window.workbench.panels["inspector"].refresh()
    assert window.workbench.panels["inspector"].name.text() == "<b>loud</b>"
    assert window.workbench.panels["inspector"].name.textFormat() == Qt.TextFormat.PlainText
    assert window.notice.textFormat() == Qt.TextFormat.PlainText


def test_the_theme_changes_at_once(window) -> None:
    from bpstudio.ui import theme

    before = theme.appearance().choice
    try:
        window.settings.set("theme", "dark")
        assert theme.current().dark
        window.settings.set("theme", "light")
        assert not theme.current().dark
    finally:
        theme.appearance().use(before)


def test_the_language_changes_without_a_restart(window, opened, monkeypatch) -> None:
    words = {"&File": "文件(&F)", "Values": "数值", "Tidy": "整理", "Inspector": "检查器"}
    monkeypatch.setattr(language, "read_catalogue", lambda code: words)
    window.settings.set("language", "zh_CN")
    assert window.menus.menus["file"].title() == "文件(&F)"
    assert window.stepper.values.text() == "数值"
    assert window.buttons["tidy"].text() == "整理"
    assert window.workbench.sections["inspector"].heading.text() == "检查器"
    window.settings.set("language", "en")
    assert window.menus.menus["file"].title() == "&File"
    assert window.stepper.values.text() == "Values"


def test_digits_and_labels_reach_every_canvas(window, opened) -> None:
    window.settings.set("digits", 7)
    window.settings.set("gradients", False)
    assert window.canvas.view.digits == 7
    assert not window.canvas.view.show_gradients
    window.session.new()
    assert not window.canvas.view.show_gradients


def test_size_and_splitters_are_remembered(window, opened, settings, qtbot) -> None:
    window.resize(790, 640)
    before = window.workbench.column.width()
    drag_handle(window.across.handle(2), -16)
    width = window.workbench.column.width()
    assert before + 12 <= width <= before + 20
    opened.undo_stack.setClean()
    window.close()
    again = Window(settings)
    qtbot.addWidget(again, before_close_func=forget_edits)
    again.show()
    again.new()
    assert again.size() == window.size()
    assert abs(again.workbench.column.width() - width) <= 2


def test_on_a_small_screen_no_part_of_the_window_is_beyond_its_edge(
    settings, monkeypatch, qtbot
) -> None:
    small = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, 800, 450))
    monkeypatch.setattr(Window, "screen", lambda _: small)
    window = Window(settings)
    qtbot.addWidget(window)
    window.show()
    window.new()
    QApplication.processEvents()
    assert window.width() < 800
    assert window.height() < 450
    assert window.stepper.geometry().bottom() <= window.height()


def test_a_place_saved_with_the_file_is_looked_at_again(window, simple, tmp_path, qtbot) -> None:
    path = tmp_path / "view.bps"
    view = bps.View(zoom=0.5, center=(120.0, 40.0))
    path.write_bytes(bps.encode(bps.File(simple, view=view)))
    window.filing.open([path])
    qtbot.waitUntil(lambda: abs(window.canvas.camera.scale - 0.5) < 1e-9)
    x, y = window.canvas.file_view().center
    assert abs(x - 120.0) < 3
    assert abs(y - 40.0) < 3


@pytest.mark.parametrize("chosen", [[], ["f"], ["x"]])
def test_everything_that_takes_the_keyboard_has_a_name(window, opened, qtbot, chosen) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QWidget

    opened.select(chosen)
    qtbot.wait(50)
    nameless = []
    for widget in window.findChildren(QWidget):
        takes = widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        inside = isinstance(widget.parentWidget(), (QAbstractSpinBox, QComboBox))
        if not takes or inside or widget.focusProxy() is not None:
            continue
        named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
        if not named:
            nameless.append(f"{type(widget).__name__} {widget.objectName()}")
    assert nameless == []


def test_activation_looks_for_outside_changes(window, file_of, simple, monkeypatch, qtbot) -> None:
    window.filing.open([file_of(simple)])
    looked: list[bool] = []
    monkeypatch.setattr(window.filing, "look_outside", lambda: looked.append(True))
    window.activateWindow()
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
    qtbot.waitUntil(lambda: bool(looked))


@pytest.mark.parametrize("covered", [True, False], ids=["foot", "top"])
def test_a_refusal_that_the_notice_would_cover_is_shown_once(window, opened, covered) -> None:
    said = "This would make a loop: f already depends on q (q → f → q)."
    bubble = window.canvas.bubble
    where = QPoint(2, window.canvas.height() - 2 if covered else 2)
    window.canvas.tell(said, bad=True, ms=2000, at=where)
    window.notice.say(said)
    assert bubble.isVisible()
    assert window.notice.text() == said
    assert window.notice.isVisible() is not covered
    bubble.clear_words()
    window.notice.say(said)
    assert window.notice.isVisible()


def test_many_documents_keep_names_that_can_be_told_apart_and_the_bar_scrolls(
    window, file_of, simple
) -> None:
    for number in range(14):
        window.filing.open([file_of(simple, f"a lesson of the autumn {number}.bps")])
    bar = window.tabs.tabBar()
    widths = [bar.tabRect(place).width() for place in range(bar.count())]
    assert len(widths) == 14
    assert min(widths) >= LEAST_TAB
    assert sum(widths) > bar.width()
    shown = bar.tabRect(bar.currentIndex())
    assert shown.left() >= 0
    assert shown.right() <= bar.width()
