import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from bpstudio.core.gates import GATES
from bpstudio.ui import theme
from bpstudio.ui.panels.gatecard import GATE_MIME, mime_of
from bpstudio.ui.panels.palette import Palette
from tests.ui import drops


@pytest.fixture
def palette(window, opened) -> Palette:
    return window.workbench.palette


def test_shows_every_gate_once_in_the_tables_order(palette) -> None:
    assert palette.shown_keys() == list(GATES)


@pytest.mark.parametrize(
    ("typed", "first"), [("1/x", "reciprocal"), ("σ", "sigmoid"), ("mult", "multiply")]
)
def test_finds_a_gate_by_formula_symbol_and_name(palette, qtbot, typed, first) -> None:
    palette.search.setText(typed)
    assert first in palette.shown_keys()
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)


def test_enter_in_the_search_adds_the_best_match(palette, opened, qtbot) -> None:
    palette.search.setText("1/x")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert any(node.gate == "reciprocal" for node in opened.graph.nodes.values())


def test_says_so_when_nothing_matches(palette) -> None:
    palette.search.setText("qqqq")
    assert palette.shown_keys() == []
    assert palette.nothing.isVisible()


def test_enter_on_a_card_adds_it_in_the_middle(palette, opened, qtbot) -> None:
    before = len(opened.graph.nodes)
    palette.cards["tanh"].setFocus()
    qtbot.keyClick(palette.cards["tanh"], Qt.Key.Key_Return)
    assert len(opened.graph.nodes) == before + 1


def test_a_click_and_a_click_on_the_canvas_place_the_gate(palette, window, opened, qtbot) -> None:
    before = len(opened.graph.nodes)
    qtbot.mouseClick(palette.cards["exp"], Qt.MouseButton.LeftButton)
    assert len(opened.graph.nodes) == before
    at = QPoint(40, 40)
    qtbot.mouseMove(window.canvas, at)
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert len(opened.graph.nodes) == before + 1


def test_the_arrow_keys_walk_the_cards_as_they_stand(palette, window, qtbot) -> None:
    window.activateWindow()
    add, subtract = palette.cards["add"], palette.cards["subtract"]
    add.setFocus()
    qtbot.keyClick(add, Qt.Key.Key_Right)
    assert QApplication.focusWidget() is subtract
    qtbot.keyClick(subtract, Qt.Key.Key_Left)
    qtbot.keyClick(add, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is palette.cards["input"]
    qtbot.keyClick(palette.cards["input"], Qt.Key.Key_Up)
    assert QApplication.focusWidget() is palette.search
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is palette.cards["input"]


def test_a_dragged_card_lands_on_the_canvas(palette, window, opened) -> None:
    before = len(opened.graph.nodes)
    mime = mime_of("sigmoid")
    assert mime.hasFormat(GATE_MIME)
    drops.enter(window.canvas, QPoint(60, 60), mime)
    drops.drop(window.canvas, QPoint(60, 60), mime)
    assert len(opened.graph.nodes) == before + 1


def test_every_name_on_a_card_begins_with_a_capital_and_fits(palette) -> None:
    metrics = QFontMetrics(theme.font(theme.length(10)))
    for key, gate in GATES.items():
        caption = palette.cards[key]._caption(metrics, 136 if key in palette._wide else 62)
        assert caption in (gate.title, gate.short), key
        assert caption[0].isupper(), caption


def test_every_card_says_its_name_and_formula(palette) -> None:
    for card in palette.cards.values():
        assert card.accessibleName()
        assert card.accessibleDescription()


def test_dragging_far_enough_is_a_drag_and_no_click(palette, qtbot, monkeypatch) -> None:
    card = palette.cards["add"]
    dragged, placed = [], []
    monkeypatch.setattr(card, "_drag", dragged.append)
    palette.place.connect(placed.append)
    qtbot.mousePress(card, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    qtbot.mouseMove(card, QPoint(40, 30))
    event_position = QPoint(60, 30)
    qtbot.mouseMove(card, event_position)
    qtbot.mouseRelease(card, Qt.MouseButton.LeftButton, pos=event_position)
    assert len(dragged) <= 1
    assert not (dragged and placed)
