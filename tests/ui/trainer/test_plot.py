"""How curves are painted."""

import numpy as np
from PySide6.QtGui import QColor, QImage

from bpstudio.ui.trainer.plot import FAINT, Line, Plot


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
