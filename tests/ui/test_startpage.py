from PySide6.QtCore import Qt

from bpstudio.files.examples import EXAMPLES
from bpstudio.ui import startpage


def test_offers_every_shipped_example_with_a_picture(window, qtbot) -> None:
    page = window.start_page
    assert [card.path.stem for card in page.cards] == list(EXAMPLES)
    qtbot.waitUntil(lambda: all(card._picture is not None for card in page.cards))
    for card in page.cards:
        assert not card._picture.isNull()
        assert card.accessibleName()


def test_a_click_opens_an_untitled_copy(window, qtbot) -> None:
    card = window.start_page.cards[0]
    before = card.path.read_bytes()
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.document.path is None
    assert not window.document.dirty
    assert card.path.read_bytes() == before


def test_every_example_opens(window) -> None:
    for path in startpage.example_paths():
        assert window.filing.open_copy(path)
        assert window.document.graph


def test_new_and_open_ask_the_window(window, qtbot, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(window.filing, "ask_and_open", lambda: asked.append(1))
    qtbot.mouseClick(window.start_page.open_button, Qt.MouseButton.LeftButton)
    assert asked == [1]
    qtbot.mouseClick(window.start_page.new_button, Qt.MouseButton.LeftButton)
    assert window.document is not None


def test_leads_to_the_training_panel(window, qtbot) -> None:
    for _ in range(2):
        qtbot.mouseClick(window.start_page.train_button, Qt.MouseButton.LeftButton)
        assert window.training.panel.isVisible()
    qtbot.waitUntil(lambda: window.training.panel.runner.settled)


def test_a_narrow_page_keeps_its_buttons_in_sight(window, qtbot) -> None:
    page = window.start_page
    page.setParent(None)
    page.resize(390, 500)
    page.show()
    qtbot.waitUntil(lambda: page.horizontalScrollBar().maximum() == 0)
    first, last = (button.mapTo(page, button.rect().bottomRight())
                   for button in (page.new_button, page.train_button))  # fmt: skip
    assert last.x() < 376
    assert last.y() >= first.y()
    window.centre.insertWidget(0, page)


def test_no_width_makes_the_page_scroll_sideways(window, qtbot) -> None:
    page = window.start_page
    page.setParent(None)
    page.show()
    for wide in (1200, 1180, 1164, 1150, 1148, 1136, 920, 900, 890, 884, 640, 624, 400):
        page.resize(wide, 500)
        qtbot.waitUntil(
            lambda: (
                page._body.minimumSizeHint().width() <= page.viewport().width()
                and page.horizontalScrollBar().maximum() == 0
            )
        )
    assert page._grid.columnCount() <= 4, "the grid keeps no columns that nobody needs"
    window.centre.insertWidget(0, page)


def test_lists_recent_files_that_are_still_there(window, file_of, simple, tmp_path) -> None:
    window.settings.remember(tmp_path / "gone.bps")
    path = file_of(simple)
    window.settings.remember(path)
    assert window.start_page.recent_paths() == [path]


def test_comes_back_when_the_last_document_closes(window, opened) -> None:
    opened.undo_stack.setClean()
    window.filing.close([opened])
    assert window.centre.currentWidget() is window.start_page
    assert not window.stepper.isVisible()


def test_a_picture_is_drawn_in_the_theme(window) -> None:
    from PySide6.QtCore import QSize

    from bpstudio.ui import theme

    view = startpage._view(startpage.example_paths()[0])
    image = startpage.preview(view, QSize(200, 100), 1.0).toImage()
    assert image.pixelColor(0, 0).name().upper() == theme.current().paper.upper()


def test_no_picture_shows_the_papers_dots_however_small_it_is_drawn(window) -> None:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QColor

    from bpstudio.ui import theme

    paper, dots = QColor(theme.current().paper), QColor(theme.current().dots)
    for path in startpage.example_paths():
        image = startpage.preview(startpage._view(path), QSize(200, 100), 1.0).toImage()
        edge = {image.pixelColor(x, y).rgb() for x in range(200) for y in (*range(6), 98, 99)}
        assert paper.rgb() in edge
        assert dots.rgb() not in edge
        assert edge == {paper.rgb()}, path.stem
