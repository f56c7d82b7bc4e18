"""The picture dialog, copying, printing and the GIF of the steps."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from bpstudio.core.graph import Graph, Node
from bpstudio.ui import ask, picture, picturedialog, printing
from bpstudio.ui.document import Document
from bpstudio.ui.picture import PictureError
from bpstudio.ui.picturedialog import Options, PictureDialog
from tests.ui import fakes

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def document(simple) -> Document:
    from bpstudio.core import edits

    document = Document()
    document.do(edits.replace_all(document.committed, simple, "Build"))
    return document


@pytest.fixture
def dialog(qtbot, document, settings) -> PictureDialog:
    document.select(["x", "y"])
    dialog = PictureDialog(document, settings)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def redrawn(dialog, qtbot) -> QImage:
    qtbot.waitUntil(lambda: not dialog._soon.isActive())
    return dialog.preview.image


def test_shows_the_picture_at_once(dialog) -> None:
    assert dialog.preview.image.width() > 400


def test_the_selection_alone_is_smaller(dialog, qtbot) -> None:
    whole = dialog.preview.image.width()
    dialog.selection.click()
    assert redrawn(dialog, qtbot).width() < whole
    assert dialog.options.selection


def test_each_option_changes_the_picture(dialog, qtbot) -> None:
    before = picturedialog.data_of(dialog._document, dialog.options, "png")
    for check in (dialog.values, dialog.gradients, dialog.transparent):
        check.click()
        made = picturedialog.data_of(dialog._document, dialog.options, "png")
        assert made != before, check.text()
        check.click()
    dialog.theme.setCurrentIndex(1 - dialog.theme.currentIndex())
    assert picturedialog.data_of(dialog._document, dialog.options, "png") != before


def test_a_transparent_ground_is_transparent(dialog) -> None:
    dialog.transparent.click()
    data = picturedialog.data_of(dialog._document, dialog.options, "png")
    assert QImage.fromData(data).pixelColor(0, 0).alpha() == 0


def test_copies_pixels_and_svg(dialog, qtbot) -> None:
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    mime = QApplication.clipboard().mimeData()
    assert mime.hasImage()
    assert b"<svg" in bytes(mime.data("image/svg+xml").data())


def test_what_is_dragged_out_is_pixels_svg_and_a_file(dialog, tmp_path) -> None:
    document, options = dialog._document, dialog.options
    mime = picturedialog.mime_with_file(document, options, lambda: tmp_path)
    assert mime.hasImage()
    assert mime.hasFormat("image/svg+xml")
    (url,) = mime.urls()
    path = Path(url.toLocalFile())
    assert (path.parent, path.suffix) == (tmp_path, ".png")
    assert path.read_bytes() == picturedialog.data_of(document, options, "png")


def test_a_second_drag_leaves_the_file_of_the_first_as_it_was(dialog) -> None:
    document, options = dialog._document, dialog.options
    (first,) = picturedialog.mime_with_file(document, options, picturedialog._lent).urls()
    before = Path(first.toLocalFile()).read_bytes()
    other = replace(options, scale=options.scale + 1)
    (second,) = picturedialog.mime_with_file(document, other, picturedialog._lent).urls()
    assert Path(first.toLocalFile()).name == Path(second.toLocalFile()).name
    assert Path(first.toLocalFile()).read_bytes() == before
    assert Path(second.toLocalFile()).read_bytes() != before


def test_a_drag_works_where_no_file_can_be_written(dialog, tmp_path) -> None:
    away = tmp_path / "not there"
    mime = picturedialog.mime_with_file(dialog._document, dialog.options, lambda: away)
    assert mime.hasImage()
    assert not mime.hasUrls()


def test_a_drag_on_the_preview_takes_the_picture_along(dialog, qtbot) -> None:
    with qtbot.waitSignal(dialog.preview.dragged):
        qtbot.mousePress(dialog.preview, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
        qtbot.mouseMove(dialog.preview, QPoint(160, 140))


def test_saves_through_the_window(window, simple, qtbot, monkeypatch, tmp_path) -> None:
    from bpstudio.core import edits

    document = window.session.new()
    document.do(edits.replace_all(document.committed, simple, "Build"))
    document.select(["x"])
    target = tmp_path / "part.svg"
    monkeypatch.setattr(ask, "file_to_export", lambda *_: target)
    window.menus.entries["picture"].trigger()
    dialog = window.findChild(PictureDialog)
    dialog.selection.click()
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    text = target.read_text("utf-8")
    assert "<svg" in text
    assert ">x<" in text.replace("\n", "")
    assert ">f<" not in text.replace("\n", "")
    dialog.close()


def test_copies_what_is_selected_from_the_menu(window, simple) -> None:
    from bpstudio.core import edits

    document = window.session.new()
    document.do(edits.replace_all(document.committed, simple, "Build"))
    window.menus.entries["copy_picture"].trigger()
    whole = QApplication.clipboard().image().width()
    document.select(["x"])
    window.menus.entries["copy_picture"].trigger()
    assert 0 < QApplication.clipboard().image().width() < whole


def test_prints_the_graph_on_one_page(document, tmp_path, qapp) -> None:
    view = picture.view_of(document.graph)
    printer = printing.printer_for(view, "Lesson one")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "page.pdf"))
    assert printer.pageLayout().orientation() == printer.pageLayout().Orientation.Landscape
    printing.paint(printer, view, "Lesson one")
    data = (tmp_path / "page.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1
    # Text, not pixels: a page that is one image would have one.
    assert b"/Subtype /Image" not in data


def test_a_gif_shows_every_step_and_then_everything(qapp) -> None:
    graph = fakes.perceptron()
    trace = fakes.run(graph)
    movie = Image.open(io.BytesIO(picture.encode(graph, "gif", trace=trace)))
    assert movie.n_frames == len(trace.steps) + 2
    movie.seek(0)
    first = movie.convert("RGB").tobytes()
    movie.seek(movie.n_frames - 1)
    assert movie.convert("RGB").tobytes() != first
    assert movie.info["duration"] > 1000


def test_a_gif_too_large_is_refused_in_words(qapp) -> None:
    graph = Graph([Node("x", "input"), *(Node(f"e{i}", "exp", (i * 90.0, 0)) for i in range(300))])
    graph = graph.apply(_chain(graph))
    with pytest.raises(PictureError, match="too large"):
        picture.encode(graph, "gif")


def _chain(graph: Graph):
    from bpstudio.core import edits
    from bpstudio.core.graph import Patch

    whole = Patch("Chain", {})
    for i in range(300):
        source = f"e{i - 1}" if i else "x"
        patch = edits.connect(graph, source, f"e{i}", "x")
        graph, whole = graph.apply(patch), whole.then(patch, "Chain")
    return whole


def test_nothing_to_draw_is_said(document) -> None:
    with pytest.raises(PictureError, match="select gates"):
        picture.encode(document.graph, "png", only=["no such thing"])


def test_options_come_from_what_the_window_shows(document, settings) -> None:
    settings.set("gradients", False)
    settings.set("digits", 6)
    options = Options.of(document, settings)
    assert not options.gradients
    assert options.digits == 6
