"""A lesson without a mouse: the perceptron built, wired, given its numbers, stepped through, saved.

Only keys are sent, to whatever has the keyboard; what comes of it is compared with the published
example.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpstudio.core.plan import Plan
from bpstudio.files import bps
from bpstudio.ui import ask

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SHARED_NUMBERS = {"w0": -0.2, "x0": 0.39, "w1": -0.39, "x1": -0.59, "w2": 0.2}
"""As CS231n's notes print them, two digits."""
INPUTS = {"w0": "2", "x0": "-1", "w1": "-3", "x1": "-2", "w2": "-3"}
GATES = {
    "m0": "multiply",
    "m1": "multiply",
    "a0": "add",
    "a1": "add",
    "minus": "scale",
    "e": "exp",
    "one": "+c",
    "f": "1/x",
}
WIRES = (
    ("w0", "m0", "x"),
    ("x0", "m0", "y"),
    ("w1", "m1", "x"),
    ("x1", "m1", "y"),
    ("m0", "a0", "x"),
    ("m1", "a0", "y"),
    ("a0", "a1", "x"),
    ("w2", "a1", "y"),
    ("a1", "minus", "x"),
    ("minus", "e", "x"),
    ("e", "one", "x"),
    ("one", "f", "x"),
)


class Hands:
    """Two hands on a keyboard; they look only at what the screen reader is told."""

    def __init__(self, window) -> None:
        self.window = window
        self.heard: list[str] = []
        window.session.said.connect(self.heard.append)

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the keyboard"
        QTest.keyClick(target, key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def ctrl(self, key) -> None:
        self.key(key, Qt.KeyboardModifier.ControlModifier)

    def enter(self) -> None:
        self.key(Qt.Key.Key_Return)

    def find(self, name: str) -> None:
        """Select a gate by its name."""
        self.ctrl(Qt.Key.Key_F)
        QApplication.focusWidget().selectAll()
        self.type(name)
        self.enter()

    def add(self, gate: str, name: str) -> None:
        """Add a gate by typing, and name it."""
        self.key(Qt.Key.Key_Space)
        self.type(gate)
        self.enter()
        self.key(Qt.Key.Key_F2)
        QApplication.focusWidget().selectAll()
        self.type(name)
        self.enter()

    def wire(self, source: str, target: str, port: str) -> None:
        """Walk the ports that may be reached until the right one is named."""
        self.find(source)
        self.key(Qt.Key.Key_W)
        wanted = f"{target}, port {port}"
        for _ in range(60):
            if self.heard[-1] == wanted:
                break
            self.key(Qt.Key.Key_Tab)
        assert self.heard[-1] == wanted
        self.enter()
        assert self.heard[-1] == f"Connected {source} to {target}, port {port}"


@pytest.fixture
def hands(window, qtbot, monkeypatch) -> Hands:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.setFocus()
    made = Hands(window)
    made.ctrl(Qt.Key.Key_N)
    qtbot.waitUntil(lambda: window.document is not None and window.canvas.hasFocus())
    return made


def test_the_perceptron_is_built_stepped_and_saved_without_a_mouse(
    hands, window, qtbot, monkeypatch, tmp_path: Path
) -> None:
    for name, value in INPUTS.items():
        hands.add("input", name)
        hands.enter()
        QApplication.focusWidget().selectAll()
        hands.type(value)
        hands.enter()
    for name, gate in GATES.items():
        hands.add(gate, name)
    hands.find("minus")
    hands.enter()
    QApplication.focusWidget().selectAll()
    hands.type("-1")
    hands.enter()
    for source, target, port in WIRES:
        hands.wire(source, target, port)
    hands.ctrl(Qt.Key.Key_T)
    graph = window.document.graph
    assert len(graph.nodes) == 13
    assert len(graph.wires) == 12

    steps = len(window.document.trace.steps)
    hands.key(Qt.Key.Key_PageDown)
    for _ in range(steps):
        hands.key(Qt.Key.Key_PageDown)
    assert window.document.step == steps
    assert window.stepper.line.text

    target = tmp_path / "perceptron.bps"
    monkeypatch.setattr(ask, "file_to_save", lambda *_: target)
    hands.ctrl(Qt.Key.Key_S)
    assert not window.document.dirty
    saved = bps.decode(target.read_bytes()).graph
    trace = Plan.of(saved).run()
    names = {node.name: key for key, node in saved.nodes.items()}
    assert trace.value_of(names["f"]) == pytest.approx(0.73, abs=0.005)
    for name, grad in SHARED_NUMBERS.items():
        assert trace.grad_of(names[name]) == pytest.approx(grad, abs=0.005)
    assert json.loads(target.read_text("utf-8"))["format"] == "bpstudio.graph"


def test_everything_done_by_keys_is_undone_by_keys(hands, window) -> None:
    hands.add("input", "x")
    hands.add("exp", "e")
    hands.wire("x", "e", "x")
    count = window.document.undo_stack.count()
    for _ in range(count):
        hands.ctrl(Qt.Key.Key_Z)
    assert not window.document.graph.nodes
    for _ in range(count):
        hands.key(
            Qt.Key.Key_Z,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    assert len(window.document.graph.wires) == 1
