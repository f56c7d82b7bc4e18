import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.ui.panels.stepper import Stepper


@pytest.fixture
def stepper(window, opened) -> Stepper:
    return window.stepper


def click(stepper: Stepper, name: str, qtbot) -> None:
    qtbot.mouseClick(stepper._buttons[name], Qt.MouseButton.LeftButton)


def test_begins_with_everything_shown(stepper, opened) -> None:
    assert opened.step is None
    assert stepper.line.text == "f = −12"
    assert "4 steps" in stepper.sentence.text()


def test_the_buttons_walk_the_run(stepper, opened, qtbot) -> None:
    click(stepper, "first", qtbot)
    assert opened.step == 0
    assert not stepper._buttons["back"].isEnabled()
    click(stepper, "forward", qtbot)
    assert opened.step == 1
    click(stepper, "last", qtbot)
    assert opened.step == 4
    assert not stepper._buttons["forward"].isEnabled()
    click(stepper, "back", qtbot)
    assert opened.step == 3


def test_says_each_step_in_mathematics_and_in_words(stepper, opened) -> None:
    opened.go(2)
    assert stepper.line.text.startswith("f = ")
    assert stepper.line.text.endswith("= −12")
    opened.go(3)
    assert "upstream × local" in stepper.line.text
    assert stepper.line.text.count("= −4") == 1
    assert stepper.sentence.text()


def test_the_time_line_names_phase_and_step(stepper, opened) -> None:
    opened.go(1)
    assert stepper.timeline.captions() == ("forward · step 1 of 4", "backward")
    opened.go(3)
    assert stepper.timeline.captions() == ("forward", "backward · step 3 of 4")
    opened.go(None)
    assert stepper.timeline.captions() == ("forward", "backward")


def wheel(timeline, turn: int) -> None:
    at = QPointF(timeline.rect().center())
    event = QWheelEvent(
        at,
        timeline.mapToGlobal(at),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(timeline, event)


def test_the_wheel_over_the_time_line_steps(stepper, opened) -> None:
    opened.go(1)
    wheel(stepper.timeline, -120)
    assert opened.step == 2
    wheel(stepper.timeline, 120)
    wheel(stepper.timeline, 120)
    assert opened.step == 0


def test_pressing_the_time_line_goes_there(stepper, opened, qtbot) -> None:
    timeline = stepper.timeline
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(timeline.width() // 2, 15))
    assert opened.step == 2
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(2, 15))
    assert opened.step == 0


def test_plays_to_the_end_and_stops(stepper, opened, window, qtbot) -> None:
    window.settings.set("speed", 0.25)
    stepper._clock.setInterval(1)
    click(stepper, "play", qtbot)
    stepper._clock.setInterval(1)
    assert stepper.playing
    qtbot.waitUntil(lambda: opened.step == 4)
    qtbot.waitUntil(lambda: not stepper.playing)


def test_an_edit_of_the_graph_ends_playing(stepper, opened, qtbot) -> None:
    click(stepper, "play", qtbot)
    opened.do(edits.delete(opened.graph, ["x"]))
    qtbot.waitUntil(lambda: not stepper.playing)


def test_a_changed_value_keeps_the_step_and_updates_the_line(stepper, opened, qtbot) -> None:
    opened.go(2)
    opened.do(edits.set_value(opened.graph, "x", 0.0))
    qtbot.waitUntil(lambda: stepper.line.text.endswith("= −20"))
    assert opened.step == 2


def test_another_document_has_its_own_step(stepper, opened, window) -> None:
    opened.go(3)
    window.session.new()
    assert not stepper._buttons["play"].isEnabled()
    window.session.show(opened)
    assert stepper.timeline.value() == 3


def test_the_switches_and_the_settings_agree(stepper, window, qtbot) -> None:
    stepper.gradients.click()
    assert window.settings.get("gradients") is False
    window.settings.set("gradients", True)
    assert stepper.gradients.isChecked()
    stepper.digits.menu().actions()[-1].trigger()
    assert stepper.digits.text() == "All digits"


def test_an_empty_sheet_says_what_to_do(window) -> None:
    window.session.new()
    assert "Wire a gate" in window.stepper.sentence.text()
