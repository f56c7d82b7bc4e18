"""Frames on the screen: all at once, in whole pixels, each part alone as the whole."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from bpstudio.core.graph import Graph, Note
from bpstudio.ui.canvas import atlas, titled
from bpstudio.ui.canvas.marks import Marks
from bpstudio.ui.canvas.renderer import Renderer
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.theme import LIGHT

pytestmark = pytest.mark.usefixtures("qapp")

WIDE, TALL = 700, 500
OFFSET = (30.0, 50.0)
OUTER = Note("frame1", "forward pass", (0.0, 0.0), (640.0, 400.0), frame=True, colour="blue")
INNER = Note("frame2", "", (64.0, 96.0), (200.0, 160.0), frame=True)
LONG = Note("frame3", "so long a title " * 9, (300.0, 64.0), (300.0, 240.0), frame=True)


def drawn(view: ViewModel, scale: float, parts, dpr: float = 1.0, marks=None) -> np.ndarray:
    image = QImage(round(WIDE * dpr), round(TALL * dpr), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    renderer = Renderer(LIGHT, dpr)
    with QPainter(image) as painter:
        for part in parts:
            renderer.paint(painter, view, scale, OFFSET, QRectF(*part), marks=marks or Marks())
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8)
    return pixels.reshape(image.height(), image.width(), 4)[..., :3].astype(int)


def whole(view: ViewModel, scale: float, **more) -> np.ndarray:
    return drawn(view, scale, [(0, 0, WIDE, TALL)], **more)


@pytest.mark.parametrize("dpr", [1.0, 2.0])
@pytest.mark.parametrize("scale", [0.08, 0.13, 0.31, 0.5, 1.0, 2.3])
def test_every_part_alone_is_the_same_pixels_as_the_whole(scale, dpr) -> None:
    view = ViewModel(Graph(notes=[OUTER, INNER, LONG]))
    view.select({"frame2"})
    marks = Marks(hover="frame3")
    parts = [(x, y, 70, 50) for x in range(0, WIDE, 70) for y in range(0, TALL, 50)]
    apart = drawn(view, scale, parts, dpr=dpr, marks=marks)
    assert np.array_equal(apart, whole(view, scale, dpr=dpr, marks=marks))


def test_a_title_too_wide_for_a_sprite_is_written_all_the_same() -> None:
    huge = Note("frame1", "gradient " * 12, (0.0, 0.0), (4000.0, 400.0), frame=True)
    mute = Note("frame1", "", (0.0, 0.0), (4000.0, 400.0), frame=True)
    one, other = (ViewModel(Graph(notes=[note])) for note in (huge, mute))
    strip = np.s_[50:140, 40:]
    assert (whole(one, 3.0)[strip] != whole(other, 3.0)[strip]).any()


def test_a_note_on_a_frame_has_no_ground_upon_it_and_the_frame_round_it_has() -> None:
    note = Note("note1", "", (100.0, 100.0), (120.0, 80.0))
    bare, both = ViewModel(Graph(notes=[note])), ViewModel(Graph(notes=[OUTER, note]))
    alone, framed = whole(bare, 1.0), whole(both, 1.0)
    on_note, beside = (50 + 140, 30 + 160), (50 + 300, 30 + 300)
    assert np.array_equal(alone[on_note], framed[on_note])
    assert not np.array_equal(alone[beside], framed[beside])


def test_a_frame_in_a_drag_is_drawn_where_it_is_dragged_to() -> None:
    view = ViewModel(Graph(notes=[OUTER, INNER]))
    view.shifted(("frame2",), 40.0, -8.0)
    assert view.titled_rects()[view.titled_rows.row["frame2"]].tolist() == [104, 88, 304, 248]
    assert view.titled_rects()[view.titled_rows.row["frame1"]].tolist() == [0, 0, 640, 400]
    moved = Note("frame2", "", (104.0, 88.0), (200.0, 160.0), frame=True)
    assert np.array_equal(whole(view, 1.0), whole(ViewModel(Graph(notes=[OUTER, moved])), 1.0))


def test_another_title_is_seen_at_once() -> None:
    renderer = Renderer(LIGHT)
    pictures = []
    for text in ("one", "two"):
        note = Note("frame1", text, (0.0, 0.0), (640.0, 400.0), frame=True)
        image = QImage(WIDE, TALL, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            view = ViewModel(Graph(notes=[note]))
            renderer.paint(painter, view, 1.0, OFFSET, QRectF(0, 0, WIDE, TALL))
        pictures.append(image)
    assert pictures[0] != pictures[1]


def test_pale_rectangles_are_filled_in_bands_that_cover_each_pixel_once() -> None:
    image = QImage(90, 300, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    with QPainter(image) as painter:
        painter.setPen("transparent")
        painter.setBrush(LIGHT.halo)
        rects = np.array([[3.0, 2.0, 40.0, 290.0], [50.0, 10.0, 60.0, 74.0]])
        atlas.fill_whole(painter, rects, pale=True)
    column = {image.pixel(20, y) for y in range(2, 290)}
    assert len(column) == 1
    assert 0xFFFFFFFF not in column
    assert {image.pixel(20, y) for y in (0, 1, 290, 291)} == {0xFFFFFFFF}
    assert {image.pixel(x, 20) for x in (2, 40, 49, 60)} == {0xFFFFFFFF}


def test_frames_as_columns_know_their_colours() -> None:
    rows = titled.Rows([OUTER, INNER])
    assert rows.row == {"frame1": 0, "frame2": 1}
    assert rows.colour[0] > 0 == rows.colour[1]
    assert rows.placed({"frame2": (1.0, 2.0)})[1].tolist() == [65.0, 98.0, 265.0, 258.0]
