"""How curves are painted."""

import numpy as np
from PySide6.QtGui import QColor, QImage

from bpstudio.ui import theme as themes
from bpstudio.ui.trainer.axes import epochs
from bpstudio.ui.trainer.plot import FAINT, Line, Plot
from bpstudio.ui.trainer.stops import Stop


def test_dozens_of_steep_faint_curves_are_lines_of_one_pixel_of_the_screen(qtbot):
    """At 2x, lines two pixels wide took more than a second here."""
    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    xs = np.arange(40.0)
    plot.show_lines([Line(xs, (-1.0) ** xs, "#000000", FAINT, 1.0)])
    picture = QImage(600, 400, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(2.0)
    plot.render(picture)
    middle = round(2 * plot.room.center().y())
    dark = [QColor(picture.pixel(x, middle)).value() < 64 for x in range(600)]
    runs = "".join("#" if one else " " for one in dark).split()
    assert len(runs) >= 30
    assert max(map(len, runs)) == 1


def test_a_flat_plot_gives_the_line_of_its_title_to_the_curves(qtbot) -> None:
    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(350, 78)
    assert plot.flat
    assert plot.room.height() >= 50
    plot.resize(350, 160)
    assert not plot.flat
    assert plot.room.top() == 20


def test_beyond_its_last_point_a_curve_has_no_number(qtbot) -> None:
    plot = Plot()
    qtbot.addWidget(plot)
    xs = np.arange(75.0)
    plot.show_lines([Line(xs, xs / 100, "#000000", name="Training loss")])
    assert plot.numbers_at(50) == ["0.5"]
    assert plot.numbers_at(910) == []


def test_a_run_that_stopped_at_once_shows_its_point_and_where_it_stopped(qtbot) -> None:
    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    at_start = Line(np.array([0.0]), np.array([0.5]), "#000000")
    plot.show_lines([at_start])
    quiet = plot.grab().toImage()
    plot.show_lines([])
    assert plot.grab().toImage() != quiet
    plot.show_lines([at_start], Stop(0.4, 4))
    picture = plot.grab().toImage()
    x = int(plot.room.left() + 0.4 * plot.room.width())
    red = themes.current().color("grad")
    column = [picture.pixelColor(x, y) for y in range(picture.height())]
    assert sum(one == red for one in column) > 50
    assert plot.stop.words == "stopped at epoch 0.4, update 4"


def test_where_a_run_stopped_is_inside_what_is_shown(qtbot) -> None:
    plot = Plot()
    qtbot.addWidget(plot)
    plot.show_lines([Line(np.arange(3.0), np.ones(3), "#000000")], Stop(2.9, 29))
    assert plot.span()[:2] == (0.0, 2.9)
    plot.show_lines([Line(np.arange(3.0), np.ones(3), "#000000")])
    assert plot.span()[:2] == (0.0, 2.0)


def test_millions_of_epochs_are_written_as_every_other_count() -> None:
    assert [epochs(v) for v in (0.5, 200, 1e6, 2.5e6)] == ["0.5", "200", "1,000,000", "2,500,000"]
