"""Collapsed groups and routed wires in the view: what hides, what shows, where wires end."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from bpstudio.core import edits, groups, ways
from bpstudio.core.graph import Graph, Group, Node, Wire
from bpstudio.core.items import COLOURS
from bpstudio.ui.canvas import geometry, hits, paints, placing, routes
from bpstudio.ui.canvas.renderer import Renderer
from bpstudio.ui.canvas.vector import Vector
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.theme import DARK, LIGHT, contrast
from tests.ui import fakes
from tests.ui.viewmodel.alike import same


def folded() -> Graph:
    """The perceptron with its sigmoid as one box."""
    graph = fakes.perceptron()
    return graph.apply(edits.set_collapsed(graph, "sigmoid1"))


def nested() -> Graph:
    """The folded sigmoid in a group that is open."""
    graph = folded()
    return graph.apply(edits.group(graph, ["sigmoid1", "add2"], "neuron"))


def test_a_collapsed_group_hides_what_is_inside() -> None:
    view = ViewModel(folded())
    everything = (-1e6, -1e6, 1e6, 1e6)
    seen = {view.nodes.ids[i] for i in view.nodes_in(everything)}
    assert seen == {"w0", "x0", "w1", "x1", "w2", "multiply1", "multiply2", "add1", "add2"}
    wires = {view.wires.ids[i] for i in view.wires_in(everything)}
    inner = {w.id for w in view.graph.wires.values() if w.source in ("scale1", "exp1", "plus1")}
    assert wires == set(view.graph.wires) - inner
    assert [frame.id for frame in view.frames] == []
    assert view.within(everything) == seen | {"sigmoid1"}


def test_wires_end_at_the_ports_of_the_box() -> None:
    view = ViewModel(folded())
    box = groups.boxes(view.graph)["sigmoid1"]
    (wire,) = view.graph.into("scale1").values()
    assert tuple(view.control[view.wire_row[wire], 3]) == box.inputs_at[0]
    assert view.input("scale1", "x") == box.inputs_at[0]
    assert view.output("reciprocal1") == box.outputs_at[0]


def test_no_dot_travels_along_a_wire_that_is_hidden(qtlog) -> None:
    from bpstudio.core.plan import Plan
    from bpstudio.ui.canvas.writing import draw_dots

    view = ViewModel(folded())
    trace = Plan.of(view.graph).run()
    picture = QImage(200, 200, QImage.Format.Format_ARGB32)
    painter = QPainter(picture)
    for step in range(1, len(trace.steps) + 1):
        view.show(trace, trace.at(step))
        draw_dots(painter, view, LIGHT, 0.5, 1.0)
    painter.end()
    assert [record.message for record in qtlog.records] == []


def test_the_result_inside_a_box_is_written_at_its_port() -> None:
    from bpstudio.ui.canvas import labels

    graph = folded()
    view = ViewModel(graph)
    view.show(fakes.run(graph))
    found = labels.collect(view, (-1e4, -1e4, 1e4, 1e4))
    texts = dict(zip(found.text, found.point.tolist(), strict=True))
    right = view.output("reciprocal1")[0]
    assert texts["0.7311"][0] > right
    assert texts["f"][0] > right
    assert np.isfinite(found.point).all()


def test_a_point_on_a_box_hits_the_group_and_its_ports_the_gates_behind() -> None:
    view = ViewModel(folded())
    box = view.boxes[0]
    x, y = box.found.at
    assert view.hit(x, y) == hits.Hit("box", "sigmoid1")
    assert view.hit(*view.input("scale1", "x")) == hits.Hit("input", "scale1", "x")
    assert view.hit(*view.output("reciprocal1")) == hits.Hit("output", "reciprocal1")


def test_a_box_goes_along_when_all_its_gates_are_dragged() -> None:
    view = ViewModel(folded())
    before = view.boxes[0].rect
    x, y = view.control[view.wire_row["wire8"], 3].tolist()
    dirty = view.shifted(groups.inside(view.graph, "sigmoid1"), 40.0, 16.0)
    after = view.boxes[0].rect
    assert after == (before[0] + 40, before[1] + 16, before[2] + 40, before[3] + 16)
    np.testing.assert_allclose(view.control[view.wire_row["wire8"], 3], (x + 40, y + 16))
    assert dirty is not None
    assert dirty[0] <= before[0]
    assert dirty[2] >= after[2]
    view.shifted((), 0, 0)
    assert view.boxes[0].rect == before
    same(view, ViewModel(view.graph))


def test_numbers_beside_a_box_cover_one_another_no_more_than_elsewhere() -> None:
    graph = Graph()
    graph = graph.apply(edits.build(graph, "f = (x - y) * exp(z) + sigmoid(z*w)"))
    inner = ["subtract1", "exp1", "multiply1", "multiply2", "sigmoid1"]
    graph = graph.apply(edits.group(graph, inner, "Outer"))
    view = ViewModel(graph.apply(edits.set_collapsed(graph, "group1")))
    places = view.anchors
    shown = np.isfinite(places.point[:, 0])
    assert shown.sum() == 7
    labels = placing.boxes(places.point[shown], places.side[shown], places.larger)
    for row, one in enumerate(labels):
        for other in labels[row + 1 :]:
            wide, tall = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
            assert min(wide, tall) < 4.0


def test_a_box_that_opens_repaints_the_numbers_of_its_result() -> None:
    graph = fakes.perceptron()
    graph = graph.apply(edits.group(graph, graph.nodes, "All"))
    edit = edits.set_collapsed(graph, "group1")
    folded = graph.apply(edit)
    opened, closed = ViewModel(graph), ViewModel(folded)
    whole = opened.bounds(), closed.bounds()
    for rect in (opened.patched(folded, edit), closed.patched(graph, edit.inverse())):
        assert geometry.union(rect, *whole) == rect


def test_follows_collapsing_opening_moving_and_painting() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    for edit in (
        lambda g: edits.set_collapsed(g, "sigmoid1"),
        lambda g: edits.set_colour(g, "sigmoid1", "blue"),
        lambda g: edits.nudge(g, ["sigmoid1"], 48, 80),
        lambda g: edits.rename(g, "scale1", "minus"),
        lambda g: edits.disconnect(g, g.into("scale1").values()),
        lambda g: edits.connect(g, "w2", "scale1", "x"),
        lambda g: edits.group(g, ["sigmoid1", "add2"], "neuron"),
        lambda g: edits.set_collapsed(g, "group1"),
        lambda g: edits.set_setting(g, "wires", "orthogonal"),
        lambda g: edits.set_collapsed(g, "group1", False),
        lambda g: edits.delete(g, ["exp1"]),
        lambda g: edits.set_collapsed(g, "sigmoid1", False),
        lambda g: edits.ungroup(g, "sigmoid1"),
    ):
        patch = edit(graph)
        before, graph = graph, graph.apply(patch)
        view.patched(graph, patch)
        fresh = ViewModel(graph)
        same(view, fresh)
        assert view.boxes == fresh.boxes
        assert (view.cover is None) == (fresh.cover is None)
        # There and back again.
        view.patched(before, patch.inverse())
        same(view, ViewModel(before))
        view.patched(graph, patch)


def test_a_group_inside_a_collapsed_one_shows_nothing() -> None:
    graph = nested()
    graph = graph.apply(edits.set_collapsed(graph, "group1"))
    view = ViewModel(graph)
    assert [box.id for box in view.boxes] == ["group1"]
    assert view.face_of("exp1") == view.face_of("sigmoid1") == "group1"


def test_the_frame_of_an_open_group_goes_round_the_box_in_it() -> None:
    view = ViewModel(nested())
    (frame,) = view.frames
    box = view.boxes[0].rect
    assert frame.rect[0] < box[0]
    assert frame.rect[2] > box[2]


def picture(view: ViewModel, theme=LIGHT, scale: float = 1.0) -> QImage:
    image = QImage(1200, 500, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        Renderer(theme).paint(painter, view, scale, (40, 60), QRectF(0, 0, 1200, 500))
    return image


@pytest.mark.parametrize("scale", [0.1, 0.3, 0.6, 1.0])
def test_both_back_ends_show_the_box(qapp, scale) -> None:
    open_view, view = ViewModel(fakes.perceptron()), ViewModel(folded())
    assert picture(open_view, scale=scale) != picture(view, scale=scale)
    page = QImage(1200, 500, QImage.Format.Format_RGB32)
    with QPainter(page) as painter:
        Vector(LIGHT).paint(painter, view, (0.0, 0.0, 1200.0, 500.0))
    bare = QImage(1200, 500, QImage.Format.Format_RGB32)
    with QPainter(bare) as painter:
        Vector(LIGHT).paint(painter, open_view, (0.0, 0.0, 1200.0, 500.0))
    assert page != bare


def test_a_step_inside_a_box_lights_it(qapp) -> None:
    graph = folded()
    view = ViewModel(graph)
    trace = fakes.run(graph)
    view.show(trace, trace.at(4))
    before = picture(view)
    view.show(trace, trace.at(6))
    assert view.numbers.active in groups.inside(graph, "sigmoid1")
    left, top = (int(v) for v in view.boxes[0].rect[:2])
    place = (left + 40 + 12, top + 60 + 6)
    assert before.pixelColor(*place) == LIGHT.color("card")
    assert picture(view).pixelColor(*place) == LIGHT.color("tint")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("colour", COLOURS)
def test_titles_in_group_colours_can_be_read(theme, colour) -> None:
    assert contrast(paints.ink(theme, colour), theme.paper) >= 4.5
    assert contrast(paints.ink(theme, colour), theme.card) >= 4.5


# --- routed wires ----------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["curved", "orthogonal", "straight"])
def test_wires_of_every_shape_begin_and_end_at_their_ports(shape) -> None:
    graph = fakes.perceptron()
    if shape != "curved":
        graph = graph.apply(edits.set_setting(graph, "wires", shape))
    graph = graph.apply(edits.add_dot(graph, "wire1", (150.0, 200.0)))
    graph = graph.apply(edits.add_dot(graph, "wire1", (180.0, 240.0)))
    view = ViewModel(graph)
    rows = np.arange(len(view.wires.ids))
    for t, place in ((0.0, 0), (1.0, 3)):
        np.testing.assert_allclose(routes.along(view, rows, t), view.control[:, place], atol=1e-6)


def test_a_wire_goes_through_its_dots_and_is_hit_there() -> None:
    for shape in ("curved", "orthogonal", "straight"):
        graph = fakes.perceptron()
        if shape != "curved":
            graph = graph.apply(edits.set_setting(graph, "wires", shape))
        for at in ((150.0, 200.0), (180.0, 248.0)):
            graph = graph.apply(edits.add_dot(graph, "wire1", at))
            view = ViewModel(graph)
            row = view.wire_row["wire1"]
            found, away, _ = routes.nearest(view, np.array([row]), *at)
            assert (found, round(away, 6)) == (row, 0.0)
            number = graph.wires["wire1"].dots.index(at)
            assert view.hit(*at) == hits.Hit("dot", "wire1", str(number))


def test_at_right_angles_every_piece_is_level_or_upright() -> None:
    graph = fakes.perceptron()
    graph = graph.apply(edits.set_setting(graph, "wires", "orthogonal"))
    graph = graph.apply(edits.add_dot(graph, "wire3", (-40.0, 240.0)))
    view = ViewModel(graph)
    pieces = routes.pieces(view, np.arange(len(view.wires.ids)))
    step = np.abs(pieces[:, 3] - pieces[:, 0])
    assert (step.min(axis=1) == 0).all()


@pytest.mark.parametrize("away", [-90.0, 90.0])
@pytest.mark.parametrize("dots", [1, 2])
def test_at_right_angles_no_dot_is_the_end_of_a_blind_alley(away: float, dots: int) -> None:
    ends = np.array([[[0.0, 0.0], [100.0, away], [140.0, away * 2], [200.0, 0.0]]])
    points = ends[:, [0, 1, 3]] if dots == 1 else ends
    alone = np.array([True])
    way = ways.through("orthogonal", points, alone)[0]
    step = way[:, 3] - way[:, 0]
    step = step[np.abs(step).max(axis=1) > 0]
    back = (step[1:] * step[:-1]).sum(axis=1) < 0
    assert not back.any(), "the wire comes back on the line it went"


def test_numbers_hang_on_the_drawn_way() -> None:
    for shape in ("orthogonal", "straight"):
        graph = fakes.perceptron()
        graph = graph.apply(edits.set_setting(graph, "wires", shape))
        graph = graph.apply(edits.add_dot(graph, "wire1", (150.0, 230.0)))
        view = ViewModel(graph)
        for row in range(len(view.wires.ids)):
            x, y = view.anchors.point[row]
            assert routes.nearest(view, np.array([row]), x, y)[1] < 1e-6


def test_parameters_of_a_hit_lead_back_to_the_place() -> None:
    graph = fakes.perceptron()
    graph = graph.apply(edits.set_setting(graph, "wires", "orthogonal"))
    view = ViewModel(graph)
    row = np.array([view.wire_row["wire3"]])
    for t in (0.1, 0.4, 0.5, 0.8):
        place = routes.along(view, row, t)[0]
        _, away, found = routes.nearest(view, row, *place)
        assert away < 1e-9
        assert found == pytest.approx(t, abs=1e-6)


def test_dots_go_along_where_both_ends_are_dragged() -> None:
    graph = fakes.perceptron()
    graph = graph.apply(edits.add_dot(graph, "wire8", (548.0, 200.0)))
    view = ViewModel(graph)
    row = view.wire_row["wire8"]
    view.shifted(["add2", "scale1"], 24, 8)
    np.testing.assert_allclose(view.routes.dots_of(row), [[572, 208]])
    view.shifted(["add2"], 24, 8)
    np.testing.assert_allclose(view.routes.dots_of(row), [[548, 200]])
    view.shifted((), 0, 0)
    same(view, ViewModel(graph))


def test_follows_dots_and_shapes() -> None:
    graph = fakes.perceptron()
    view = ViewModel(graph)
    for edit in (
        lambda g: edits.add_dot(g, "wire1", (150.0, 200.0)),
        lambda g: edits.move_dot(g, "wire1", 0, (160.0, 220.0)),
        lambda g: edits.set_setting(g, "wires", "straight"),
        lambda g: edits.nudge(g, ["multiply1"], 8, 8),
        lambda g: edits.set_setting(g, "wires", "orthogonal"),
        lambda g: edits.nudge(g, ["multiply1"], 8, 8),
        lambda g: edits.remove_dot(g, "wire1", 0),
        lambda g: edits.set_setting(g, "wires", "curved"),
    ):
        patch = edit(graph)
        graph = graph.apply(patch)
        view.patched(graph, patch)
        fresh = ViewModel(graph)
        same(view, fresh)
        rows = np.arange(len(view.wires.ids))
        np.testing.assert_allclose(
            routes.along(view, rows, 0.3), routes.along(fresh, rows, 0.3), atol=1e-9
        )


def test_a_stroke_crosses_what_it_crosses() -> None:
    for shape in ("curved", "orthogonal", "straight"):
        graph = fakes.perceptron()
        if shape != "curved":
            graph = graph.apply(edits.set_setting(graph, "wires", shape))
        view = ViewModel(graph)
        assert set(routes.crossed(view, (680.0, 200.0), (680.0, 330.0))) == {"wire9"}
        assert routes.crossed(view, (680.0, 300.0), (680.0, 330.0)) == []


@pytest.mark.parametrize("shape", ["curved", "orthogonal", "straight"])
def test_parts_painted_alone_equal_the_whole(qapp, shape) -> None:
    graph = folded()
    if shape != "curved":
        graph = graph.apply(edits.set_setting(graph, "wires", shape))
    graph = graph.apply(edits.add_dot(graph, "wire1", (150.0, 200.0)))
    view = ViewModel(graph)
    whole = picture(view)
    part = picture(ViewModel(Graph()))
    with QPainter(part) as painter:
        for left in range(0, 1200, 150):
            Renderer(LIGHT).paint(painter, view, 1.0, (40, 60), QRectF(left, 0, 150, 500))
    a, b = (
        np.array(i.constBits()).reshape(500, 1200, 4)[..., :3].astype(int) for i in (whole, part)
    )
    assert np.abs(a - b).max() <= 24
    assert geometry.boxes(view.control).shape[1] == 4


def test_a_box_that_comes_back_to_other_rows_is_followed():
    graph = Graph(
        [Node(f"n{i}", "tanh", (100.0 * i, 0.0), group="g" * (i > 6)) for i in range(10)],
        [Wire(f"w{i}", f"n{i}", f"n{i + 1}", "x") for i in range(9)],
        [Group("g", "G", collapsed=True)],
    )
    view, opened = ViewModel(graph), edits.ungroup(graph, "g")
    view.patched(bare := graph.apply(opened), opened)
    fewer = edits.delete(bare, [f"n{i}" for i in range(7)])
    view.patched(short := bare.apply(fewer), fewer)
    again = edits.group(short, list(short.nodes), "G")
    shut = edits.set_collapsed(short.apply(again), edits.born(again, Group)[0])
    both = again.then(shut)
    view.patched(short.apply(both), both)
    assert [box.id for box in view.boxes] == list(short.apply(both).groups)


def test_a_box_comes_back_together_with_the_gates_in_it():
    nodes = [Node("x", "input"), Node("a", "tanh", (200.0, 0.0), group="g")]
    graph = Graph(nodes, [Wire("w", "x", "a", "x")], [Group("g", "G", collapsed=True)])
    for gone in (edits.delete(graph, ["g"]), edits.delete(graph, list(graph.nodes))):
        view, bare = ViewModel(graph), graph.apply(gone)
        view.patched(bare, gone)
        view.patched(bare.apply(gone.inverse()), gone.inverse())
        assert [box.id for box in view.boxes] == ["g"]
        assert set(view.nodes.ids) == {"x", "a"}
