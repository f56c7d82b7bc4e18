"""The theme's colours can be read, its style sheet has no gaps, and it follows the system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QStyle,
    QStyleOptionFrame,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bpstudio import assets
from bpstudio.ui import icons, stylesheet, theme
from bpstudio.ui.theme import DARK, LIGHT, THEMES, Theme

GROUNDS = ("window", "panel", "field", "paper", "card")
TEXTS = [
    *((text, ground) for text in ("ink", "faint") for ground in GROUNDS),
    *((text, ground) for text in ("accent",) for ground in ("panel", "card", "field")),
    *((text, "paper") for text in ("value", "grad", "sources")),
    *((text, "panel") for text in ("value", "grad", "warn")),
    ("value", "value_tint"),
    ("grad", "grad_tint"),
    ("tangent", "paper"),
    ("tangent", "panel"),
    ("tangent", "tangent_tint"),
    ("warn", "warn_tint"),
    ("ink", "warn_tint"),
    ("ink", "tint"),
    ("on_accent", "accent"),
    *((family, "card") for family in ("sources", "arithmetic", "functions", "losses", "own")),
    *((family, "tint") for family in ("arithmetic", "losses", "own")),
]


@pytest.fixture
def undressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application as it was, after a test that dresses it."""
    chosen = theme.appearance().choice, theme.appearance().factor
    before = qapp.palette(), qapp.styleSheet(), qapp.font()
    yield qapp
    theme.appearance().choice, theme.appearance().factor = chosen
    qapp.styleHints().unsetColorScheme()
    qapp.setPalette(before[0])
    qapp.setStyleSheet(before[1])
    qapp.setFont(before[2])


@pytest.mark.parametrize("it", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_stands_out_from_what_it_is_on(it: Theme, text: str, ground: str) -> None:
    assert theme.contrast(getattr(it, text), getattr(it, ground)) >= 4.5


@pytest.mark.parametrize("it", THEMES.values(), ids=list(THEMES))
def test_lines_stand_out_from_the_paper(it: Theme) -> None:
    assert theme.contrast(it.line, it.paper) >= 2.8
    assert theme.contrast(it.accent, it.paper) >= 3


def test_contrast_is_the_one_of_the_standard() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


def test_dark_is_not_light_turned_round() -> None:
    for name in theme.COLOURS:
        turned = QColor(getattr(LIGHT, name))
        turned.setRgb(255 - turned.red(), 255 - turned.green(), 255 - turned.blue())
        assert QColor(getattr(DARK, name)) != turned


@pytest.mark.parametrize("it", THEMES.values(), ids=list(THEMES))
def test_style_sheet_is_filled_in_and_grows(it: Theme, undressed: QApplication) -> None:
    small, large = theme.qss(it), theme.qss(it, 2.0)
    assert "$" not in small
    assert "font-size: 13px" in small
    assert "font-size: 26px" in large
    for path in re.findall(r'url\("([^"]+)"\)', small):
        assert assets.path("themes", path.rsplit("/", 1)[1]).is_file()


@pytest.mark.parametrize(
    "widget", ["QPushButton", "QToolButton", "QLineEdit", "QComboBox", "QCheckBox", "QSlider"]
)
def test_keyboard_focus_is_a_ring_of_the_accent(widget: str) -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", stylesheet._SHEET)
    focused = [body for names, body in rules if f"{widget}:focus" in names]
    assert any("$accent" in body for body in focused)


def test_palette_takes_the_theme(qapp: QApplication) -> None:
    made = theme.palette(DARK)
    assert made.color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert made.color(QPalette.ColorRole.Text) == QColor(DARK.ink)


def test_forced_theme_dresses_the_application_and_says_so(
    undressed: QApplication, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(theme.appearance().changed) as heard:
        theme.appearance().use("dark", 1.5)
    assert heard.args == [DARK]
    assert theme.current() is DARK
    assert undressed.palette().color(QPalette.ColorRole.Base) == QColor(DARK.field)
    assert undressed.font().pixelSize() == 20


def test_follows_the_system_live_unless_a_theme_is_forced(
    undressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal = undressed.styleHints().colorSchemeChanged
    look = theme.appearance()
    look.use("system")
    # The offscreen platform has no scheme of its own to change.
    dusk = SimpleNamespace(colorScheme=lambda: Qt.ColorScheme.Dark)
    monkeypatch.setattr(theme.QGuiApplication, "styleHints", lambda: dusk)
    with qtbot.waitSignal(look.changed) as heard:
        signal.emit(Qt.ColorScheme.Dark)
    assert heard.args == [DARK]
    look.choice = "light"
    with qtbot.assertNotEmitted(look.changed):
        signal.emit(Qt.ColorScheme.Dark)
    assert theme.current() is LIGHT


def test_a_theme_that_does_not_exist_is_refused(qapp: QApplication) -> None:
    before = theme.current()
    with pytest.raises(KeyError):
        theme.appearance().use("sepia")
    assert theme.current() is before


def test_digits_have_one_width(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(theme.font(20))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1
    assert QFontInfo(theme.font(20)).pixelSize() == 20


def test_the_fonts_are_real_and_latin_text_uses_the_systems_own(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontDatabase

    assert set(theme.families()) <= set(QFontDatabase.families())
    assert QFontInfo(theme.font(12)).family() == theme.families()[0]


def test_every_icon_follows_the_ink(qapp: QApplication) -> None:
    for path in assets.path("icons").glob("*.svg"):
        text = path.read_text("utf-8")
        assert 'viewBox="0 0 ' in text
        if path.stem == "app":
            continue
        assert "currentColor" in text
        assert not re.search(r"#[0-9A-Fa-f]{3}", text)
        image = icons.pixmap(path.stem, "#FF0000", 24).toImage()
        seen = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        assert any(color.alpha() > 200 and color.red() > 200 for color in seen), path.stem


def test_icons_are_sharp_on_a_dense_screen(qapp: QApplication) -> None:
    made = icons.pixmap("undo", LIGHT.ink, 20, 2.0)
    assert (made.width(), made.devicePixelRatio()) == (40, 2.0)


def test_an_icon_fits_menus_and_toolbars_at_both_densities(qapp: QApplication) -> None:
    made = icons.icon("undo", DARK)
    for size, dpr in ((16, 1.0), (24, 1.0), (16, 2.0), (24, 2.0)):
        found = made.pixmap(QSize(size, size), dpr)
        assert (found.width(), found.devicePixelRatio()) == (size * dpr, dpr)
    assert made.pixmap(16).toImage() != icons.icon("undo", LIGHT).pixmap(16).toImage()


def test_the_app_icon_has_the_inks_of_forward_and_backward() -> None:
    text = assets.path("icons", "app.svg").read_text("utf-8")
    inks = re.findall(r'<path [^>]*stroke="(#[0-9A-F]{6})"', text)
    assert inks == [LIGHT.value, LIGHT.grad]
    assert f'fill="{LIGHT.card}" stroke="{LIGHT.edge}"' in text


def test_app_icon_has_small_and_large_sizes(qapp: QApplication) -> None:
    sizes = {size.width() for size in icons.app_icon().availableSizes()}
    assert {16, 256} <= sizes


@pytest.mark.parametrize("it", THEMES.values(), ids=list(THEMES))
def test_arrows_and_check_marks_are_in_the_themes_own_colours(it: Theme) -> None:
    for path in assets.path("themes").glob(f"{it.name}-*.svg"):
        colors = set(re.findall(r"#[0-9A-Fa-f]{6}", path.read_text("utf-8")))
        assert colors <= {it.faint, it.on_accent}, path.name


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_what_is_typed_into_a_table_is_not_cut(
    undressed: QApplication, qtbot: QtBot, factor: float
) -> None:
    from PySide6.QtGui import QStandardItemModel

    from bpstudio.ui.samples import Cells

    theme.appearance().factor = factor
    theme.appearance().apply()
    table = Cells({})
    table.setModel(QStandardItemModel(2, 2, table))
    qtbot.addWidget(table)
    table.show()
    table.go_to(0, 0)
    qtbot.keyClick(table, Qt.Key.Key_7)
    editor = table.viewport().findChild(QLineEdit)
    option = QStyleOptionFrame()
    editor.initStyleOption(option)
    room = editor.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, editor)
    assert room.height() >= editor.fontMetrics().height()


def test_what_is_typed_into_a_box_with_a_list_is_not_cut(qtbot: QtBot) -> None:
    box = QComboBox()
    qtbot.addWidget(box)
    # As the zoom of the print preview, whose box is given a field of its own.
    box.setLineEdit(QLineEdit())
    box.show()
    line = box.lineEdit()
    option = QStyleOptionFrame()
    line.initStyleOption(option)
    room = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line)
    assert room.height() >= line.fontMetrics().height()


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("count", [2, 5, 24])
def test_no_row_of_a_list_that_opens_is_cut_in_half(qtbot: QtBot, count: int) -> None:
    room, box = QWidget(), QComboBox()
    qtbot.addWidget(room)
    QVBoxLayout(room).addWidget(box)
    room.setStyleSheet(stylesheet.qss(theme.current()))
    box.addItems([f"Choice {n}" for n in range(count)])
    room.show()
    box.showPopup()
    QTest.qWait(30)
    rows = box.view()
    shown = min(count, box.maxVisibleItems())
    last = rows.visualRect(box.model().index(shown - 1, 0))
    assert last.bottom() <= rows.viewport().height()
    assert (rows.verticalScrollBar().maximum() > 0) == (count > shown)
    assert rows.verticalScrollBar().isVisible() == (count > shown)
    box.hidePopup()
