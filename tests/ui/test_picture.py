"""Pictures: every format, every option, no display, no machine's name in them."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from bpstudio.core.graph import Graph, Node, Note
from bpstudio.ui import picture
from bpstudio.ui.picture import PictureError, encode, part_of
from bpstudio.ui.theme import DARK, LIGHT
from tests.ui import fakes

pytestmark = pytest.mark.usefixtures("qapp")
GRAPH = fakes.perceptron()
TRACE = fakes.run(GRAPH)
TEXT = "{http://www.w3.org/2000/svg}text"


def png(**options: object) -> QImage:
    return QImage.fromData(QByteArray(encode(GRAPH, "png", trace=TRACE, **options)))  # type: ignore[arg-type]


def texts(**options: object) -> list[str]:
    svg = encode(GRAPH, "svg", trace=TRACE, **options)  # type: ignore[arg-type]
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(TEXT)]


def test_svg_holds_real_text_with_all_numbers() -> None:
    said = texts()
    for wanted in ("w0", "f", "sigmoid", "0.7311", "0.3679", "−0.5344", "−0.1966", "1.368"):
        assert wanted in said


def test_svg_has_a_size_a_title_and_no_trace_of_this_machine() -> None:
    svg = encode(GRAPH, "svg", trace=TRACE).decode()
    root = ET.fromstring(svg)
    assert float(root.attrib["width"]) > 900
    assert root.attrib["viewBox"].split()[2] == root.attrib["width"]
    assert "<title>" in svg
    for trace in (str(Path.home()), str(Path.cwd()), "/tmp/"):
        assert trace not in svg
    assert "sans-serif" in svg


def test_svg_looks_like_the_png() -> None:
    image = png()
    drawn = QImage(image.size(), QImage.Format.Format_RGB32)
    with QPainter(drawn) as painter:
        renderer = QSvgRenderer(QByteArray(encode(GRAPH, "svg", trace=TRACE)))
        assert renderer.isValid()
        renderer.render(painter, QRectF(drawn.rect()))
    small = [it.scaled(60, 24).convertToFormat(QImage.Format.Format_RGB32) for it in (image, drawn)]
    away = [
        abs(small[0].pixelColor(x, y).green() - small[1].pixelColor(x, y).green())
        for x in range(60)
        for y in range(24)
    ]
    assert sum(away) / len(away) < 6


def test_pdf_is_one_page_as_large_as_the_graph() -> None:
    data = encode(GRAPH, "pdf", trace=TRACE)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") == 1
    assert b"/Font" in data
    width = png().width()
    box = data.split(b"/MediaBox [")[1].split(b"]")[0].split()
    assert float(box[2]) == pytest.approx(width * 72 / 96, abs=1)


@pytest.mark.parametrize("scale", [1.0, 2.0, 4.0])
def test_png_grows_by_its_scale(scale: float) -> None:
    one, large = png(), png(scale=scale)
    assert (large.width(), large.height()) == (one.width() * scale, one.height() * scale)
    assert large.dotsPerMeterX() == pytest.approx(3780 * scale, rel=0.01)


def test_themes_and_transparency() -> None:
    assert png().pixelColor(1, 1) == QColor(LIGHT.paper)
    assert png(theme="dark").pixelColor(1, 1) == QColor(DARK.paper)
    clear = png(transparent=True)
    assert clear.pixelColor(1, 1).alpha() == 0
    assert any(clear.pixelColor(x, clear.height() // 2).alpha() == 255 for x in range(600, 900))


def test_no_line_runs_through_a_digit_of_a_transparent_png() -> None:
    clear, plain = png(transparent=True, scale=2.0), png(scale=2.0)
    line = QColor(LIGHT.line)

    def lines(image: QImage) -> int:
        pixels = (image.pixelColor(x, y) for x in range(200, 800, 2) for y in range(0, 400, 2))
        return sum(1 for color in pixels if color.alpha() == 255 and color == line)

    assert lines(clear) == pytest.approx(lines(plain), rel=0.02)


def test_gradients_can_be_left_out_and_digits_chosen() -> None:
    assert "−0.5344" not in texts(gradients=False)
    assert "0.73" in texts(digits=2)
    assert "0.731059" in texts(digits=6)


def test_a_step_can_be_drawn() -> None:
    said = texts(visible=TRACE.at(2))
    assert "0.7311" not in said
    assert "−2" in said


def test_margin_is_kept_free() -> None:
    wide, tight = png(margin=60.0), png(margin=8.0)
    assert wide.width() - tight.width() == pytest.approx(104, abs=2)


def test_an_empty_graph_is_a_small_page() -> None:
    image = QImage.fromData(QByteArray(encode(Graph(), "png", trace=fakes.run(Graph()))))
    assert 100 < image.width() < 400


def test_same_graph_gives_the_same_bytes() -> None:
    for kind in ("png", "svg"):
        assert encode(GRAPH, kind, trace=TRACE) == encode(GRAPH, kind, trace=TRACE)


def test_markup_in_a_name_stays_text() -> None:
    graph = Graph([Node("a", "input", (0, 0), {"value": 1.0}, "<b>&amp;")])
    svg = encode(graph, "svg", trace=fakes.run(graph))
    assert "<b>&amp;" in ["".join(node.itertext()) for node in ET.fromstring(svg).iter(TEXT)]


@pytest.mark.parametrize(
    ("suffix", "options", "word"),
    [
        ("bmp", {}, "png, svg, pdf or gif"),
        ("", {}, "png, svg, pdf or gif"),
        ("png", {"theme": "sepia"}, "sepia"),
    ],
)
def test_what_cannot_be_drawn_is_refused(suffix: str, options: dict, word: str) -> None:
    with pytest.raises(PictureError, match=word):
        encode(GRAPH, suffix, trace=TRACE, **options)


def test_a_png_too_large_for_memory_is_refused() -> None:
    graph = Graph([Node("a", "input", (0, 0), {"value": 1.0}), Node("b", "input", (4e4, 0))])
    graph.nodes["b"].params["value"] = 1.0  # type: ignore[index]
    with pytest.raises(PictureError, match="too large"):
        encode(graph, "png", trace=fakes.run(graph))
    assert encode(graph, "svg", trace=fakes.run(graph))


def test_write_takes_the_kind_from_the_suffix(tmp_path: Path) -> None:
    path = tmp_path / "f.SVG"
    picture.write(GRAPH, path, theme="dark")
    assert path.read_bytes().lstrip().startswith(b"<?xml")


def test_render_gives_an_image_for_the_clipboard() -> None:
    view = picture.view_of(GRAPH, TRACE)
    image = picture.render(view, "dark", 2.0)
    assert image.pixelColor(1, 1) == QColor(DARK.paper)


def test_needs_no_display(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from bpstudio.core.graph import Graph, Node\n"
        "from bpstudio.ui import picture\n"
        "graph = Graph([Node('x', 'input', (0, 0), {'value': 2.0}, 'x')])\n"
        "for kind in ('png', 'svg', 'pdf'):\n"
        "    print(len(picture.encode(graph, kind)) > 500)\n"
    )
    bare = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {key: value for key, value in os.environ.items() if key not in bare}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=240
    )
    assert done.stdout.split() == ["True"] * 3, done.stderr
    assert done.stderr == ""


def test_a_picture_of_a_frame_is_one_of_all_that_stands_in_it() -> None:
    nodes = [Node("x", "input", (100.0, 100.0)), Node("y", "input", (900.0, 100.0))]
    frame = Note("frame1", "in", (0.0, 0.0), (240.0, 200.0), frame=True)
    part = part_of(Graph(nodes, notes=[frame]), ["frame1"])
    assert set(part.nodes) == {"x"}
    assert set(part.notes) == {"frame1"}
