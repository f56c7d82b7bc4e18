"""Pictures of the canvas: both back-ends agree, parts equal the whole, every state shows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from bpstudio import assets
from bpstudio.core.graph import Graph, Node, Note, Wire
from bpstudio.core.plan import Plan
from bpstudio.files import bps
from bpstudio.ui.canvas import geometry, labels, placing
from bpstudio.ui.canvas.marks import NO_MARKS, Marks
from bpstudio.ui.canvas.renderer import BODIES, FAR, LABELS, Renderer
from bpstudio.ui.canvas.tools.events import Overlay
from bpstudio.ui.canvas.vector import Vector
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.theme import DARK, LIGHT, Theme
from tests.ui import fakes

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = (1180, 460)
EXAMPLES = sorted(assets.path("examples").glob("*.bps"))


def shown(graph: Graph | None = None, step: int | None = None, warnings: tuple = ()) -> ViewModel:
    graph = graph or fakes.perceptron()
    view = ViewModel(graph)
    trace = fakes.run(graph, warnings)
    view.show(trace, None if step is None else trace.at(step))
    return view


def picture(
    view: ViewModel,
    scale: float = 1.0,
    offset: tuple[float, float] = (30, 30),
    dpr: float = 1.0,
    overlay: Overlay | None = None,
    marks: Marks = NO_MARKS,
    theme: Theme = LIGHT,
    renderer: Renderer | None = None,
    parts: list[QRectF] | None = None,
    factor: float = 1.0,
) -> np.ndarray:
    """The pixels (height, width, 4) of a view painted whole, or in parts one after another."""
    width, height = round(SIZE[0] * dpr), round(SIZE[1] * dpr)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#FF00FF"))
    image.setDevicePixelRatio(dpr)
    renderer = renderer or Renderer(theme, dpr, factor)
    with QPainter(image) as painter:
        for rect in parts or [QRectF(0, 0, *SIZE)]:
            renderer.paint(painter, view, scale, offset, rect, overlay, marks)
    return pixels(image)


def pixels(image: QImage) -> np.ndarray:
    bits = np.frombuffer(image.constBits(), np.uint8)
    return bits.reshape(image.height(), image.width(), 4).copy()


def near(view: np.ndarray, x: float, y: float, reach: int = 3) -> np.ndarray:
    """The pixels around a point, as rows of BGR."""
    x, y = round(x), round(y)
    return view[y - reach : y + reach + 1, x - reach : x + reach + 1, :3].reshape(-1, 3)


def has(found: np.ndarray, color: str, slack: int = 40) -> bool:
    """Whether a colour is among some pixels."""
    it = QColor(color)
    away = np.abs(found.astype(int) - (it.blue(), it.green(), it.red())).max(axis=1)
    return bool((away <= slack).any())


# --- parts and the whole --------------------------------------------------------------------


@pytest.mark.parametrize("scale", [0.08, 0.2, 0.4, 0.6, 1.0, 1.7])
@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_painted_in_strips_equals_painted_whole(scale: float, dpr: float) -> None:
    view = shown(step=13)
    view.select({"add1", "wire3"})
    whole = picture(view, scale, dpr=dpr)
    strips = [QRectF(x, y, 59, 46) for x in range(0, 1180, 59) for y in range(0, 460, 46)]
    apart = picture(view, scale, dpr=dpr, parts=strips)
    away = np.abs(whole.astype(int) - apart.astype(int)).max(axis=2)
    # A curve cut at a clip may round a few edge pixels the other way.
    assert (away > 24).mean() < 2e-5
    assert away.max() < 80


def test_a_scroll_by_whole_pixels_moves_the_picture_and_nothing_else() -> None:
    view = shown()
    renderer = Renderer(LIGHT)
    one = picture(view, 0.83, (40.0, 31.0), renderer=renderer)
    two = picture(view, 0.83, (21.0, 60.0), renderer=renderer)
    inner = one[100:350, 200:900].astype(int)
    moved = two[129:379, 181:881].astype(int)
    assert np.abs(inner - moved).max() <= 8


def test_nothing_is_painted_outside_the_rectangle() -> None:
    found = picture(shown(), parts=[QRectF(200, 100, 300, 200)])
    outside = np.ones(found.shape[:2], dtype=bool)
    outside[100:300, 200:500] = False
    assert (found[outside][:, :3] == (255, 0, 255)).all()


def test_painting_after_a_drag_equals_painting_the_moved_graph() -> None:
    view = shown()
    renderer = Renderer(LIGHT)
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        renderer.paint(painter, view, 1.0, (30, 30), QRectF(0, 0, *SIZE))
        for step in range(1, 26):
            dirty = view.shifted(["add2", "w2"], 3.0 * step, -2.0 * step)
            assert dirty is not None
            left, top, right, bottom = geometry.grown(dirty, 2)
            rect = QRectF(round(left + 30), round(top + 30), right - left, bottom - top)
            rect = QRectF(rect.toAlignedRect())
            renderer.paint(painter, view, 1.0, (30, 30), rect)
    whole = picture(view)
    away = np.abs(pixels(image).astype(int) - whole.astype(int)).max(axis=2)
    assert (away > 24).sum() == 0


# --- both back-ends -------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("step", [None, 0, 5, 12])
def test_fast_and_vector_place_things_alike(theme: Theme, step: int | None) -> None:
    view = shown(step=step)
    fast = picture(view, offset=(30, 30), theme=theme)
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(theme.color("paper"))
    with QPainter(image) as painter:
        painter.translate(30, 30)
        Vector(theme, ground="paper").paint(painter, view)
    vector = pixels(image)
    # The dots of the paper are the fast back-end's alone; a digit may stand a pixel beside.
    one, other = (blurred(it) for it in (fast, vector))
    assert np.abs(one - other).max() < 60
    assert np.abs(one - other).mean() < 1.2


def blurred(it: np.ndarray) -> np.ndarray:
    """Means over 10 x 10 pixels."""
    return it[:, :, :3].astype(float).reshape(46, 10, 118, 10, 3).mean(axis=(1, 3))


def test_labels_of_both_back_ends_come_from_one_list() -> None:
    view = shown(step=11)
    found = labels.collect(view, (-1e6, -1e6, 1e6, 1e6))
    said = dict(zip(found.text, found.role.tolist(), strict=True))
    assert said["−0.1966"] == labels.GRAD_LIT
    assert said["0.3679"] == labels.VALUE
    assert said["f"] == labels.RESULT_NAME
    assert found.role.tolist().count(labels.PILL_VALUE) == 5


# --- what is visible ------------------------------------------------------------------------


def test_nothing_is_written_that_is_not_computed_yet() -> None:
    view = shown(step=0)
    found = labels.collect(view, (-1e6, -1e6, 1e6, 1e6))
    on_wires = [t for t, r in zip(found.text, found.role, strict=True) if r == labels.VALUE]
    assert sorted(on_wires) == sorted(["2", "−1", "−3", "−2", "−3"])
    assert labels.GRAD not in found.role


def test_gradients_can_be_hidden() -> None:
    view = shown()
    view.show_gradients = False
    found = labels.collect(view, (-1e6, -1e6, 1e6, 1e6))
    assert labels.GRAD not in found.role
    assert labels.VALUE in found.role


def test_a_fan_out_shows_the_sum_and_others_do_not() -> None:
    view = shown(fakes.square())
    found = labels.collect(view, (-1e6, -1e6, 1e6, 1e6))
    sums = [t for t, r in zip(found.text, found.role, strict=True) if r == labels.SUM]
    assert sums == ["Σ 7"]
    names = {t for t, r in zip(found.text, found.role, strict=True) if r == labels.GATE_NAME}
    assert names == {"q"}


def test_a_value_is_green_above_and_a_gradient_red_below() -> None:
    view = shown()
    found = picture(view)
    x, y = view.anchors.point[view.wire_row["wire9"]] + 30
    assert has(near(found, x, y + placing.ABOVE, 6), LIGHT.value)
    assert has(near(found, x, y + placing.BELOW, 6), LIGHT.grad)


@pytest.mark.parametrize(("step", "color"), [(5, "value"), (11, "grad")])
def test_active_wires_are_thick_and_of_the_phase(step: int, color: str) -> None:
    view = shown(step=step)
    found = picture(view)
    row = int(np.flatnonzero(view.numbers.wire_active)[0])
    x, y = geometry.along(view.control[row : row + 1], 0.12)[0] + 30
    assert has(near(found, x, y, 1), getattr(LIGHT, color))
    assert not has(near(picture(shown()), x, y, 1), getattr(LIGHT, color))


def test_the_active_gate_is_tinted_and_outlined() -> None:
    found = picture(shown(step=6))
    # Step 6 is exp1's forward step: its card's inside and its left edge.
    assert has(near(found, 760, 274, 2), LIGHT.tint, 4)
    assert has(near(found, 774, 271, 2), LIGHT.accent)


def test_the_dot_travels_with_the_value_and_against_the_wire_backwards() -> None:
    for step, phase, t in ((6, 0.25, 0.25), (11, 0.25, 0.75)):
        view = shown(step=step)
        row = int(np.flatnonzero(view.numbers.wire_active)[0])
        x, y = geometry.along(view.control[row : row + 1], t)[0] + 30
        without = picture(view)
        found = picture(view, marks=Marks(phase=phase))
        changed = np.argwhere((found != without).any(axis=2))
        assert np.abs(changed.mean(axis=0) - (y, x)).max() < 1.5


def test_selected_gates_and_wires_show() -> None:
    view = shown()
    plain = picture(view)
    view.select({"add1", "wire3"})
    chosen = picture(view)
    assert has(near(chosen, 390, 183, 4), LIGHT.selection)
    x, y = geometry.along(view.control[view.wire_row["wire3"]][None], 0.1)[0] + 30
    assert has(near(chosen, x, y, 1), LIGHT.selection)
    assert not has(near(plain, x, y, 1), LIGHT.selection)


def test_open_ports_look_open() -> None:
    graph = Graph([Node("m", "multiply", (100, 100))])
    view = ViewModel(graph)
    found = picture(view)
    x, y = view.input("m", "x")
    ring = near(found, x + 30, y + 30, 5)
    assert has(ring, LIGHT.accent)
    x, y = view.output("m")
    assert not has(near(found, x + 30, y + 30, 5), LIGHT.accent)


def test_badges_show_where_the_value_is_visible() -> None:
    warned = (SimpleNamespace(kind="kink", node="exp1", sentence="."),)
    view = shown(warnings=warned)
    x, y = view.badge_at(view.row["exp1"]) + 30
    assert has(near(picture(view), x, y, 9), LIGHT.warn)
    early = shown(step=2, warnings=warned)
    assert not has(near(picture(early), x, y, 9), LIGHT.warn)


def test_refused_gates_fade_and_allowed_ports_light_up() -> None:
    view = shown()
    overlay = Overlay(lit="inputs", forbidden=frozenset({"multiply1"}), aim=("add2", "y"))
    found = picture(view, overlay=overlay)
    assert not has(near(found, 270, 118, 8), LIGHT.arithmetic)
    x, y = view.input("add1", "x")
    assert has(near(found, x + 30, y + 30, 8), LIGHT.accent)
    x, y = view.input("add2", "y")
    assert has(near(found, x + 30, y + 30, 2), LIGHT.accent)


@pytest.mark.parametrize(
    "overlay",
    [
        Overlay(band=(200, 100, 400, 300)),
        Overlay(rubber=((268, 88), (500, 20)), allowed=True),
        Overlay(rubber=((268, 88), (20, 20)), refused=True, sentence="would make a loop"),
        Overlay(splice="wire8"),
        Overlay(ghost=("sigmoid", (700, 80))),
        Overlay(ghost=("input", (700, 80))),
        Overlay(hidden=frozenset({"wire7"})),
        Overlay(picked=frozenset({"exp1"})),
    ],
    ids=["band", "rubber", "refused", "splice", "ghost", "pill", "hidden", "picked"],
)
def test_previews_show_and_leave_nothing_behind(overlay: Overlay) -> None:
    view = shown()
    before = picture(view)
    assert (picture(view, overlay=overlay) != before).any()
    assert (picture(view) == before).all()


def test_a_wire_in_hand_takes_its_numbers_along() -> None:
    view = shown()
    place = view.anchors.point[view.wire_row["wire7"]]
    x, y = place[0] + 30, place[1] + 30 + placing.offsets(1.0)[3][0]
    assert has(near(picture(view), x, y, 10), LIGHT.value)
    hidden = Overlay(hidden=frozenset({"wire7"}))
    assert not has(near(picture(view, overlay=hidden), x, y, 10), LIGHT.value)


@pytest.mark.parametrize(
    "marks",
    [
        Marks(hover="exp1"),
        Marks(hover="wire7"),
        Marks(focus="exp1"),
        Marks(focus="exp1", port=""),
        Marks(focus="multiply1", port="y"),
        Marks(focus="wire7"),
        Marks(tooltip="0.36787944117144233", at=(700, 200)),
        Marks(refusal="input y takes one wire", at=(700, 200)),
    ],
    ids=["gate", "wire", "focus", "output", "port", "wire focus", "tooltip", "refusal"],
)
def test_hover_focus_and_words_show(marks: Marks) -> None:
    view = shown()
    assert (picture(view, marks=marks) != picture(view)).any()


def test_ids_that_are_gone_are_no_trouble() -> None:
    gone = Overlay(splice="no", aim=("no", "x"), hidden=frozenset({"no"}), ghost=("no", (0, 0)))
    marks = Marks(hover="no", focus="no", phase=0.5)
    view = shown()
    assert (picture(view, overlay=gone, marks=marks) == picture(view)).all()


def test_notes_and_unknown_gates_are_drawn() -> None:
    nodes = [Node("a", "input"), Node("b", "of_later", (200, 100))]
    notes = [Note("n", "Plain <b>text</b>\n中文", (300, 60))]
    graph = Graph(nodes, [Wire("w", "a", "b", "p")], notes=notes)
    found = picture(ViewModel(graph))
    assert has(found[90:170, 330:530].reshape(-1, 4)[:, :3], LIGHT.warn_tint, 4)
    assert has(found[106:154, 190:270].reshape(-1, 4)[:, :3], LIGHT.faint)


# --- near and far ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "written"),
    [(FAR - 0.02, False), (BODIES - 0.02, False), (LABELS - 0.02, False), (LABELS + 0.02, True)],
)
def test_numbers_are_written_from_a_readable_scale_on(scale: float, written: bool) -> None:
    with_numbers, without = shown(), ViewModel(fakes.perceptron())
    assert (picture(with_numbers, scale) != picture(without, scale)).any() == written


def test_symbols_of_many_gates_are_drawn_from_half_that_scale_on(monkeypatch) -> None:
    monkeypatch.setattr("bpstudio.ui.canvas.renderer.FEW", 3)
    view = shown()
    ink = [has(picture(view, s).reshape(-1, 4)[:, :3], LIGHT.arithmetic) for s in (0.34, 0.36)]
    assert ink == [False, True]


def test_a_small_graph_keeps_its_symbols_until_it_is_far() -> None:
    view = shown()
    assert has(picture(view, 0.3).reshape(-1, 4)[:, :3], LIGHT.arithmetic)


def test_large_mode_widens_lines_rings_and_numbers() -> None:
    view = shown()
    dark = [int((picture(view, factor=factor)[:, :, 1] < 180).sum()) for factor in (1.0, 1.5, 2.0)]
    assert dark[0] < dark[1] < dark[2]


@pytest.mark.parametrize("larger", [1.0, placing.SAFE])
def test_numbers_fit_on_the_wire_that_layout_leaves(larger: float) -> None:
    from PySide6.QtGui import QFontMetricsF

    from bpstudio.core.shape import LABEL_ROOM
    from bpstudio.ui import theme

    role = labels.ROLES[labels.GRAD]
    metrics = QFontMetricsF(theme.font(role.px * larger, bold=True, italic=True))
    assert metrics.horizontalAdvance("−0.1234") <= LABEL_ROOM


@pytest.mark.parametrize("scale", [1e-4, 0.119, 0.35, 8.0])
@pytest.mark.parametrize("offset", [(0.0, 0.0), (1e7, -1e7), (-3e6, 2.5e6)])
def test_any_scale_and_place_can_be_painted(scale: float, offset: tuple[float, float]) -> None:
    found = picture(shown(), scale, offset)
    assert found.shape == (460, 1180, 4)
    assert not has(found.reshape(-1, 4)[:, :3], "#FF00FF", 2)


def test_sprites_of_old_zoom_levels_are_let_go() -> None:
    view, renderer = shown(), Renderer(LIGHT)
    for step in range(12):
        picture(view, 0.5 + step / 10, renderer=renderer)
    assert len(renderer._sheets) <= 4


def test_many_different_numbers_fill_no_sheet() -> None:
    view, renderer = shown(), Renderer(LIGHT)
    for step in range(60):
        view.numbers.wire_value[:] = np.random.default_rng(step).normal(size=12) * 10.0**step
        picture(view, renderer=renderer)
    (sheet,) = renderer._sheets.values()
    assert sheet.pixmap.height() <= 512


def test_a_full_sheet_starts_afresh_without_a_trace() -> None:
    view, renderer = shown(), Renderer(LIGHT)
    first = picture(view, renderer=renderer)
    (sheet,) = renderer._sheets.values()
    sheet._room(1000, 9000)
    assert sheet.full
    assert (picture(view, renderer=renderer) == first).all()
    assert not sheet.full


# --- the shipped examples -------------------------------------------------------------------


def boxes(view: ViewModel) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Every text on a view, its box in scene pixels as high as its digits, and its role."""
    from PySide6.QtGui import QFontMetricsF

    from bpstudio.ui import theme

    found = labels.collect(view, (-1e9, -1e9, 1e9, 1e9))
    made = []
    for text, (x, y), number in zip(found.text, found.point, found.role, strict=True):
        role = labels.ROLES[number]
        font = theme.font(role.px, bold=role.bold, italic=role.italic)
        width = QFontMetricsF(font).horizontalAdvance(text)
        left = x - width * (role.align + 1) / 2
        made.append((left, y - 5.0, left + width, y + 5.0))
    return found.text, np.array(made), found.role


@pytest.mark.parametrize("digits", [4, 6, 8, 12])
@pytest.mark.parametrize("times", [1.0, -1.3337e-4], ids=["plain", "small"])
@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_no_number_covers_a_gate_or_another_text_in_an_example(path, times, digits) -> None:
    graph = bps.decode(path.read_bytes(), path.name).graph
    view = ViewModel(graph)
    view.digits = digits
    view.show(Plan.of(graph).run())
    for name in ("value", "grad", "wire_value", "wire_grad"):
        getattr(view.numbers, name)[:] *= times
    said, found, role = boxes(view)
    on_wires = np.isin(role, (labels.VALUE, labels.GRAD, labels.SUM))
    assert placing._overlap(found[on_wires], view.box).sum() == 0
    among = placing._overlap(found, found)
    np.fill_diagonal(among, 0.0)
    assert [(said[i], said[j]) for i, j in np.argwhere(among > 0)] == []


@pytest.mark.parametrize("scale", [0.08, 0.3, 1.0, 2.0])
def test_a_frame_is_drawn_beneath_gates_and_each_part_alone_as_the_whole(scale) -> None:
    nodes = [Node("x", "input", (100.0, 100.0), {"value": 1.0}, "x")]
    bare = ViewModel(Graph(nodes))
    frame = Note("frame1", "forward", (0.0, 0.0), (640.0, 400.0), frame=True, colour="blue")
    framed = ViewModel(Graph(nodes, notes=[frame]))
    offset = (40.0, 60.0)

    def drawn(view, parts) -> QImage:
        image = QImage(900, 700, QImage.Format.Format_RGB32)
        renderer = Renderer(LIGHT)
        with QPainter(image) as painter:
            for part in parts:
                renderer.paint(painter, view, scale, offset, QRectF(*part))
        return image

    whole = drawn(framed, [(0, 0, 900, 700)])
    assert whole != drawn(bare, [(0, 0, 900, 700)])
    strips = [(x, y, 60, 50) for x in range(0, 900, 60) for y in range(0, 700, 50)]
    apart = drawn(framed, strips)
    assert apart == whole
    inside = (round(400 * scale + 40), round(300 * scale + 60))
    assert whole.pixelColor(*inside).blue() > whole.pixelColor(*inside).red()
