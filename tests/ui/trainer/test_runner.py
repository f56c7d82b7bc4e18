"""The window's side of a run: when frames come, and when the computing thread is kept out."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.trainer.examples import by_key
from bpstudio.ui.trainer.gate import Gate
from bpstudio.ui.trainer.runner import Runner


def test_a_window_that_works_long_for_a_frame_rests_before_the_next(qtbot: QtBot) -> None:
    runner = Runner()
    begun, ended = [], []

    def draw(_: object) -> None:
        begun.append(time.perf_counter())
        time.sleep(0.06)
        ended.append(time.perf_counter())

    runner.framed.connect(draw)
    runner.use(by_key()["circle"].spec(), {})
    runner.play(True)
    qtbot.waitUntil(lambda: len(begun) > 6)
    runner.close()
    assert not runner.slices
    pauses = [after - before for before, after in zip(ended[1:], begun[2:], strict=False)]
    assert min(pauses) > 0.02


def test_the_gate_opens_once_what_was_changed_is_painted(qtbot: QtBot) -> None:
    owner = QObject()
    stops: list[int] = []
    gate = Gate(owner, lambda: stops.append(1))
    opened: list[int] = []
    gate.opened.connect(lambda: opened.append(1))
    gate.hold(3)
    assert stops
    assert not opened
    qtbot.waitUntil(lambda: bool(opened))
    gate.wait()


def test_a_hand_shuts_the_gate_while_it_listens(qtbot: QtBot) -> None:
    owner, place = QObject(), QWidget()
    qtbot.addWidget(place)
    stops: list[int] = []
    gate = Gate(owner, lambda: stops.append(1))
    QTest.keyClick(place, Qt.Key.Key_A)
    assert not stops
    gate.listen(True)
    QTest.keyClick(place, Qt.Key.Key_A)
    assert stops
    gate.listen(False)
    stops.clear()
    QTest.keyClick(place, Qt.Key.Key_A)
    assert not stops


def test_a_frame_waits_until_a_linked_graph_is_painted(qtbot: QtBot) -> None:
    runner = Runner()
    order: list[str] = []
    runner.framed.connect(lambda _: order.append("frame"))
    runner.use(by_key()["circle"].spec(), {})
    runner.play(True)
    qtbot.waitUntil(lambda: len(order) > 3)
    runner.gate.opened.connect(lambda: order.append("painted"))
    order.clear()
    # Turn after turn something is painted: every frame comes once that is done, and it comes.
    for _ in range(5):
        runner.gate.hold(4)
        runner._tick()
        assert order[-1:] != ["frame"]
        qtbot.waitUntil(lambda: order[-1:] == ["painted"] and "frame" in order)
        order.clear()
    runner.close()
