"""The talk: steps, light, pen and blank sheet on the whole screen, and no way to an edit."""

import random

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.ui.talk.watching import KEYS, Laser, Pen, Watch
from tests.ui import fakes

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def talk(window, qtbot):
    document = window.session.new()
    document.do(edits.replace_all(document.committed, fakes.perceptron(), "Build"))
    window.menus.entries["present"].trigger()
    talk = window.talk
    qtbot.waitExposed(talk)
    talk.resize(1200, 800)
    yield talk
    if window.talk is not None:
        talk.close()


def press(talk, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(talk.canvas, key, modifier)


def hover(talk, x: float, y: float) -> None:
    """A move without a button; the offscreen platform makes none of QTest's."""
    at, none = QPointF(x, y), Qt.MouseButton.NoButton
    keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, keys)
    QApplication.sendEvent(talk.canvas, event)


def spot(talk, wire: str) -> QPoint:
    canvas = talk.canvas
    x, y = canvas.view.control[canvas.view.wire_row[wire]].mean(axis=0)
    sx, sy = canvas.camera.to_screen((x, y))
    return QPoint(round(sx), round(sy))


def test_arrow_keys_step_forwards_and_back(talk) -> None:
    document = talk._document
    press(talk, Qt.Key.Key_Right)
    assert document.step == 0
    press(talk, Qt.Key.Key_Right)
    press(talk, Qt.Key.Key_Space)
    assert document.step == 2
    press(talk, Qt.Key.Key_Left)
    assert document.step == 1
    press(talk, Qt.Key.Key_End)
    assert document.step == len(document.trace.steps)
    press(talk, Qt.Key.Key_Home)
    assert document.step == 0


def test_a_click_on_a_wire_shows_its_chain_rule_term(talk) -> None:
    document = talk._document
    wire = next(w for w in document.graph.wires.values() if document.graph.into(w.target))
    QTest.mouseClick(talk.canvas, Qt.MouseButton.LeftButton, pos=spot(talk, wire.id))
    step = document.trace.at(document.step).step
    assert step.phase == "backward"
    assert step.node == wire.target
    assert "×" in talk.stepper.line.text


def test_a_click_on_a_gate_goes_through_it_and_back(talk) -> None:
    document, canvas = talk._document, talk.canvas
    node = document.trace.steps[0].node
    at = canvas.camera.to_screen(tuple(canvas.view.at[canvas.view.row[node]]))
    for phase in ("forward", "backward"):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*map(round, at)))
        step = document.trace.at(document.step).step
        assert (step.node, step.phase) == (node, phase)


def test_the_light_follows_the_pointer_and_goes_out(talk) -> None:
    press(talk, Qt.Key.Key_L)
    assert isinstance(talk.canvas.tools.state, Laser)
    hover(talk, 100, 100)
    hover(talk, 140, 120)
    assert talk.canvas.ink.trail[-1][1:] == (140.0, 120.0)
    assert talk.canvas.ink.isVisible()
    press(talk, Qt.Key.Key_Escape)
    assert talk.isVisible()
    assert not talk.canvas.ink.trail


def test_pen_lines_stay_on_the_paper_until_cleared(talk) -> None:
    canvas = talk.canvas
    press(talk, Qt.Key.Key_P)
    assert isinstance(canvas.tools.state, Pen)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(canvas, QPoint(260, 240))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(260, 240))
    assert len(canvas.ink.strokes) == 1
    kept = canvas.ink.strokes[0][0]
    canvas.zoom_at(2.0, (0.0, 0.0))
    assert canvas.ink.strokes[0][0] == kept
    assert isinstance(canvas.tools.state, Pen)
    press(talk, Qt.Key.Key_P)
    assert isinstance(canvas.tools.state, Watch)
    assert canvas.ink.strokes
    press(talk, Qt.Key.Key_C)
    assert not canvas.ink.strokes
    assert not canvas.ink.isVisible()


def test_b_blanks_and_any_key_wakes(talk) -> None:
    press(talk, Qt.Key.Key_B)
    assert talk.blank.isVisible()
    QTest.keyClick(talk.blank, Qt.Key.Key_X)
    assert not talk.blank.isVisible()
    assert talk.canvas.hasFocus()
    assert not talk.canvas._ring


def test_the_blank_sheet_covers_all_whatever_size_was_told_last(talk) -> None:
    """Seen under load: the event of an earlier size came after the full screen's."""
    for size in (QSize(400, 60), talk.size()):
        talk.do("blank")
        talk.resizeEvent(QResizeEvent(size, talk.size()))
        talk.canvas.resizeEvent(QResizeEvent(size, talk.size()))
        assert talk.blank.geometry() == talk.rect()
        assert talk.canvas.ink.size() == talk.canvas.size()
        talk.do("blank")


def test_the_light_at_rest_costs_nothing(talk, qtbot) -> None:
    for x in (100, 120, 140):
        talk.canvas.ink.light(x, 100.0)
    qtbot.waitUntil(lambda: not talk.canvas.ink._fade.isActive())
    assert [at[1:] for at in talk.canvas.ink.trail] == [(140, 100.0)]


def test_escape_leaves_and_the_window_stands_where_the_talk_was(talk, window) -> None:
    press(talk, Qt.Key.Key_Right)
    press(talk, Qt.Key.Key_Escape)
    assert window.talk is None
    assert window.document.step == 0


def test_closing_the_document_ends_the_talk(talk, window) -> None:
    window.document.undo_stack.setClean()
    window.session.close(window.document)
    assert window.talk is None


def test_nothing_that_hands_do_edits_the_graph(talk, qtbot) -> None:
    document, canvas = talk._document, talk.canvas
    graph, count = document.committed, document.undo_stack.count()
    rng = random.Random(5)
    keys = [Qt.Key.Key_Delete, Qt.Key.Key_W, Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_A]
    keys += [Qt.Key.Key_L, Qt.Key.Key_P, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Up]
    buttons = [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton]
    with qtbot.captureExceptions() as raised:
        for _ in range(400):
            at = QPoint(rng.randrange(canvas.width()), rng.randrange(canvas.height()))
            what = rng.randrange(5)
            if what == 0:
                press(talk, rng.choice(keys))
            elif what == 1:
                QTest.mouseDClick(canvas, rng.choice(buttons), pos=at)
            elif what == 2:
                QTest.mousePress(canvas, buttons[0], pos=at)
                QTest.mouseMove(canvas, at + QPoint(30, 10))
                QTest.mouseRelease(canvas, buttons[0], pos=at + QPoint(30, 10))
            else:
                QTest.mouseClick(canvas, rng.choice(buttons), pos=at)
    assert raised == []
    assert document.committed is graph
    assert document.undo_stack.count() == count


def test_every_key_means_something(talk) -> None:
    for command in set(KEYS.values()) - {"leave"}:
        talk.do(command)
    for command in ("dark", "take back", "term nothing", "gate nothing"):
        talk.do(command)
    assert talk.isVisible()
