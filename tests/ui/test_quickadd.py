"""Quick-add: the search by name, symbol and formula, and the popup under real keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from bpstudio.core.gates import GATES
from bpstudio.ui.canvas.quickadd import QuickAdd, ranked


@pytest.mark.parametrize("key", list(GATES))
def test_every_gate_is_found_first_by_its_key_and_by_its_title(key):
    assert ranked(key)[0] == key
    assert ranked(key.replace("_", " "))[0] == key
    assert ranked(GATES[key].title)[0] == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("1/x", "reciprocal"),
        ("σ", "sigmoid"),
        ("*", "multiply"),
        ("+", "add"),
        ("-", "subtract"),
        ("/", "divide"),
        ("x + y", "add"),
        ("x*y", "multiply"),
        ("exp(x)", "exp"),
        ("ln", "log"),
        ("x²", "square"),
        ("√x", "sqrt"),
        ("x+c", "add_constant"),
        ("mul", "multiply"),
        ("SIG", "sigmoid"),
        ("hyperbolic", "tanh"),
        ("cross", "cross_entropy_logit"),
        ("leaky", "leaky_relu"),
        ("rcp", "reciprocal"),
    ],
)
def test_a_gate_is_found_by_symbol_formula_or_a_few_letters(typed, key):
    assert ranked(typed)[0] == key


def test_nothing_typed_offers_all_in_the_palettes_order():
    assert ranked("") == list(GATES)
    assert ranked("  ") == list(GATES)


def test_only_what_fits_is_offered():
    assert set(ranked("", {"exp", "tanh"})) == {"exp", "tanh"}
    assert ranked("add", {"exp"}) == []


@pytest.mark.parametrize("typed", ["qqq", "add multiply", "\\", "☃", "a" * 500])
def test_what_matches_nothing_offers_nothing(typed):
    assert ranked(typed) == []


@pytest.fixture
def popup(qtbot):
    room = QWidget()
    room.resize(500, 400)
    room.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(room)
    made = QuickAdd(room)
    room.show()
    qtbot.waitExposed(room)
    room.activateWindow()
    yield made
    # The room owns the popup in C++; it has to live as long as the test.
    room.close()


def test_typing_and_enter_choose_and_give_the_focus_back(popup):
    got = []
    popup.open(QPoint(20, 20), got.append, title="Add a gate")
    assert popup.field.hasFocus()
    QTest.keyClicks(popup.field, "sigm")
    assert popup.offered()[0] == "sigmoid"
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert got == ["sigmoid"]
    assert not popup.is_open
    assert not popup.isVisible()
    assert popup.parentWidget().hasFocus()


def test_arrows_and_tab_walk_the_list(popup):
    got = []
    popup.open(QPoint(20, 20), got.append)
    first = popup.offered()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(popup.field, key)
    QTest.keyClick(popup.field, Qt.Key.Key_Enter)
    assert got == [first[2]]


def test_a_click_chooses(popup):
    got = []
    popup.open(QPoint(20, 20), got.append, keys={"exp", "tanh"})
    place = popup.list.visualItemRect(popup.list.item(1)).center()
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert got == ["tanh"]


def test_escape_or_looking_elsewhere_closes_without_a_choice(popup):
    got, closed = [], []
    popup.open(QPoint(20, 20), got.append, closed=lambda: closed.append(1))
    QTest.keyClick(popup.field, Qt.Key.Key_Escape)
    assert not popup.is_open
    other = QLineEdit(popup.parentWidget())
    other.show()
    popup.open(QPoint(20, 20), got.append, closed=lambda: closed.append(2))
    other.setFocus()
    assert not popup.is_open
    assert got == []
    assert closed == [1, 2]


def test_enter_with_nothing_found_keeps_it_open(popup):
    got = []
    popup.open(QPoint(20, 20), got.append, typed="qqq")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.is_open
    assert got == []


@pytest.mark.parametrize("at", [(-50, -50), (499, 399), (5000, 10), (10, 5000)])
def test_it_stays_inside_the_canvas(popup, at):
    popup.open(QPoint(*at), lambda _: None)
    QApplication.processEvents()
    assert popup.parentWidget().rect().contains(popup.geometry())


def test_the_letter_that_opened_it_is_already_typed(popup):
    popup.open(QPoint(20, 20), lambda _: None, typed="t")
    assert popup.field.text() == "t"
    QTest.keyClicks(popup.field, "an")
    assert popup.offered()[0] == "tanh"


@pytest.mark.parametrize(("typed", "value"), [("2.5", 2.5), ("-2", -2.0), ("1e-3", 1e-3)])
def test_a_number_offers_a_constant_and_an_input_of_that_value(popup, typed, value):
    got = []
    for down in (0, 1):
        popup.open(QPoint(20, 20), lambda *chosen: got.append(chosen), typed=typed)
        for _ in range(down):
            QTest.keyClick(popup.field, Qt.Key.Key_Down)
        QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert got == [("constant", value), ("input", value)]


def test_for_a_wire_each_of_several_unlike_ports_is_offered(popup):
    got = []
    popup.open(QPoint(20, 20), lambda *a, **b: got.append((a, b)), typed="subtract", ports=True)
    assert popup.offered()[:2] == ["subtract", "subtract"]
    texts = [popup.list.item(n).text() for n in range(2)]
    assert "port x" in texts[0]
    assert "port y" in texts[1]
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert got == [(("subtract",), {"port": "y"})]
    popup.open(QPoint(20, 20), lambda *_: None, ports=True)
    assert popup.offered().count("add") == popup.offered().count("exp") == 1
    popup.open(QPoint(20, 20), lambda *_: None, typed="subtract")
    assert popup.offered().count("subtract") == 1


def test_a_number_offers_no_source_where_none_fits(popup):
    popup.open(QPoint(20, 20), lambda *_: None, typed="2.5", keys={"exp", "tanh"})
    assert popup.offered() == []
    assert popup.nothing.isVisible()


def test_where_nothing_matches_a_sentence_says_so_until_something_does(popup):
    popup.open(QPoint(20, 20), lambda *_: None)
    QApplication.processEvents()
    field, place = popup.field.geometry(), popup.list.geometry()
    popup.field.setText("qqq")
    QApplication.processEvents()
    assert popup.nothing.isVisible()
    said = popup.nothing.geometry()
    assert popup.field.geometry() == field
    assert (said.topLeft(), said.width()) == (place.topLeft(), place.width())
    assert popup.nothing.text() == "No gate that fits here is called “qqq”."
    assert popup.field.accessibleDescription() == popup.nothing.text()
    assert not popup.list.isVisible()
    popup.field.setText("exp")
    assert not popup.nothing.isVisible()
    assert popup.list.isVisible()


def test_the_popup_is_as_tall_as_what_matches_and_stays_where_it_is(popup):
    popup.open(QPoint(40, 390), lambda key: None)
    whole, top = popup.height(), popup.y()
    popup.field.setText("softplus")
    few = popup.height()
    row = popup.list.sizeHintForRow(0)
    assert popup.list.height() == pytest.approx(popup.list.count() * row, abs=8)
    assert few < whole
    popup.field.setText("qqq")
    assert popup.nothing.isVisible()
    assert popup.height() < whole
    popup.field.clear()
    assert (popup.height(), popup.y()) == (whole, top)
    assert popup.geometry().bottom() <= popup.parentWidget().height()
