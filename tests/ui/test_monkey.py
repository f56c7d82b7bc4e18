"""A monkey at the whole window: random mouse and keys, and nothing breaks, warns or leaks.

Ten seconds; BPSTUDIO_MONKEY=600 lets it play for ten minutes, BPSTUDIO_MONKEY_SEED picks another.
What it did last stands in the failure, so that it can be done again by hand.
"""

from __future__ import annotations

import ctypes
import gc
import os
import random
import time
import traceback
from collections import deque
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from bpstudio.core import edits, groups
from bpstudio.core.gates import GATES
from bpstudio.files import bps
from bpstudio.files.clip import text_of
from bpstudio.files.examples import EXAMPLES
from bpstudio.ui import ask, myparts
from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.document import Document
from tests.ui import drops

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SECONDS = float(os.environ.get("BPSTUDIO_MONKEY", "10"))
SEED = int(os.environ.get("BPSTUDIO_MONKEY_SEED", "1"))
ROUND = 400
"""Steps with one document; then it is closed and another opened."""
NO = Qt.KeyboardModifier.NoModifier
MODS = [NO, NO, NO, NO, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier]
MODS += [Qt.KeyboardModifier.ControlModifier]
MODS += [Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier]
BUTTONS = [Qt.MouseButton.LeftButton] * 6
BUTTONS += [Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton]
KEYS = (
    *("Escape", "Tab", "Backtab", "Return", "Delete", "Backspace", "Left", "Right", "Up", "Down"),
    *("Space", "F2", "F3", "F4", "PageUp", "PageDown", "Home", "End", "Minus", "Plus", "Period"),
    *"ACDFGIJKMRSVWXYZ1237",
)
LEFT_OUT = {
    # What leaves the program, draws in another window or takes seconds has tests of its own.
    *("quit", "about", "print", "present", "full_screen", "training", "guide", "commands"),
    *("picture", "export", "open", "save", "save_as", "revert", "close", "new"),
    *("language_zh_CN", "language_en", "language_system", "define_gate", "change_gate"),
}
TEXTS = ["", "f = (x + y) * z", "Dear all", "{", "g = tanh(", "\u0000", "> 1", "x" * 10_000]


class Monkey:
    """One pair of hands on a window. `did` is what they did last."""

    def __init__(self, window, seed: int, logged) -> None:
        self.window, self.chance, self._logged = window, random.Random(seed), logged
        self.did: deque[str] = deque(maxlen=40)
        self.steps = 0
        self.held: Qt.MouseButton | None = None
        self.actions = [
            action
            for action in ACTIONS
            if action.menu and action.id not in LEFT_OUT and not action.id.startswith("train")
        ]

    def begin(self) -> None:
        """Another document: an example, a large one, or an empty one."""
        for document in self.window.session.documents:
            document.undo_stack.setClean()
            self.window.session.close(document)
        self.held = None
        document = self.window.session.new()
        what = self.chance.randrange(4)
        if what:
            key = self.chance.choice(sorted(EXAMPLES))
            path = Path(bps.__file__).parents[2] / "resources" / "examples" / f"{key}.bps"
            graph = bps.load(path)[0].graph
            document.do(edits.replace_all(document.committed, graph, "Build"))
        self.did.append(f"begin {what}")
        self.window.resize(1100, 700)

    def step(self) -> None:
        self.steps += 1
        what = self.chance.choices(*zip(*WEIGHTS, strict=True))[0]
        self.did.append(what)
        getattr(self, f"_{what}")()
        if self.chance.random() < 0.3:
            QApplication.processEvents()
        if self.steps % 10 == 0:
            self._tidy_up()

    def look(self) -> None:
        """What must always hold."""
        document = self.window.document
        if document is None:
            return
        view = self.window.canvas.view
        assert set(view.nodes.ids) == set(document.graph.nodes)
        assert set(view.wires.ids) == set(document.graph.wires)
        assert all(document.graph.get(key) is not None for key in document.selection)
        assert bps.decode(bps.encode(bps.File(document.committed))).graph == document.committed

    # --- hands ------------------------------------------------------------------------------

    @property
    def canvas(self):
        return self.window.canvas

    def _spot(self) -> QPointF:
        """Somewhere, most often on something."""
        canvas, chance = self.canvas, self.chance
        view = canvas.view
        what = chance.random()
        if what < 0.5 and len(view.box):
            left, top, right, bottom = view.box[chance.randrange(len(view.box))].tolist()
            x = chance.choice([left, (left + right) / 2, right, right - 8])
            scene = x + chance.randint(-6, 6), (top + bottom) / 2 + chance.randint(-14, 14)
        elif what < 0.65 and len(view.control):
            t = chance.choice([0.05, 0.5, 0.95])
            control = view.control[chance.randrange(len(view.control))]
            scene = tuple((control[0] * (1 - t) + control[3] * t).tolist())
        elif what < 0.75 and view.notes:
            note = view.note_rect(chance.choice(sorted(view.notes)))
            scene = note[chance.choice([0, 2])], note[chance.choice([1, 3])]
        else:
            return QPointF(
                chance.uniform(-30, canvas.width() + 30), chance.uniform(-30, canvas.height() + 30)
            )
        x, y = canvas.camera.to_screen(scene)
        return QPointF(max(-1e6, min(1e6, x)), max(-1e6, min(1e6, y)))

    def _mouse(self, kind: QEvent.Type, at: QPointF, button, buttons, mods=NO) -> None:
        there = self.canvas.mapToGlobal(at)
        event = QMouseEvent(kind, at, there, button, buttons, mods)
        QApplication.sendEvent(self.canvas, event)

    def _press(self) -> None:
        button = self.chance.choice(BUTTONS)
        self.held = button
        self._mouse(
            QEvent.Type.MouseButtonPress, self._spot(), button, button, self.chance.choice(MODS)
        )

    def _move(self) -> None:
        held = self.held or Qt.MouseButton.NoButton
        for _ in range(self.chance.randint(1, 4)):
            self._mouse(
                QEvent.Type.MouseMove,
                self._spot(),
                Qt.MouseButton.NoButton,
                held,
                self.chance.choice(MODS),
            )

    def _release(self) -> None:
        button = self.held or self.chance.choice(BUTTONS)
        self.held = None
        none = Qt.MouseButton.NoButton
        self._mouse(QEvent.Type.MouseButtonRelease, self._spot(), button, none)

    def _drag(self) -> None:
        self._press()
        self._move()
        self._release()

    def _double(self) -> None:
        left, at = Qt.MouseButton.LeftButton, self._spot()
        self._mouse(QEvent.Type.MouseButtonDblClick, at, left, left, self.chance.choice(MODS))
        self._mouse(QEvent.Type.MouseButtonRelease, at, left, Qt.MouseButton.NoButton)

    def _wheel(self) -> None:
        at = self._spot()
        notches = QPoint(0, self.chance.choice([-960, -120, 120, 960]))
        event = QWheelEvent(
            at,
            self.canvas.mapToGlobal(at),
            QPoint(),
            notches,
            Qt.MouseButton.NoButton,
            self.chance.choice(MODS),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    def _key(self) -> None:
        name = self.chance.choice(KEYS)
        key, mods = getattr(Qt.Key, f"Key_{name}"), self.chance.choice([*MODS[:6]])
        text = name.lower() if len(name) == 1 else ""
        self.did.append(f"{mods.name} {name}")
        there = QApplication.focusWidget() or self.canvas
        if not self.window.isAncestorOf(there):
            there = self.canvas
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(there, QKeyEvent(kind, key, mods, text))

    def _type(self) -> None:
        there = QApplication.focusWidget() or self.canvas
        for letter in self.chance.choice(["add", "1/x", "sig", "-2.5", "q", "\u95e8"]):
            QApplication.sendEvent(there, QKeyEvent(QEvent.Type.KeyPress, 0, NO, letter))

    def _action(self) -> None:
        action = self.chance.choice(self.actions)
        self.did.append(action.id)
        self.window.menus.run(action)

    def _undo(self) -> None:
        stack = self.window.document.undo_stack
        self.chance.choice([stack.undo, stack.redo, stack.undo])()

    def _jump(self) -> None:
        stack = self.window.document.undo_stack
        stack.setIndex(self.chance.randint(0, stack.count()))

    def _delete(self) -> None:
        """By another hand, while a gesture may run."""
        document = self.window.document
        if document.committed.nodes:
            key = self.chance.choice(sorted(document.committed.nodes))
            document.do(edits.delete(document.committed, [key], heal=self.chance.random() < 0.5))

    def _focus_lost(self) -> None:
        self.held = None
        QApplication.sendEvent(
            self.canvas, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
        )

    def _left(self) -> None:
        QApplication.sendEvent(self.canvas, QEvent(QEvent.Type.Leave))

    def _size(self) -> None:
        wide = self.chance.choice([0, 1, 30, 800, 1100, 1600])
        tall = self.chance.choice([0, 1, 30, 560, 700, 1000])
        if self.chance.random() < 0.5:
            self.window.resize(wide, tall)
        else:
            self.canvas.resize(wide, tall)

    def _zoom(self) -> None:
        scale = self.chance.choice([0.005, 0.1, 1.0, 8.0])
        self.canvas.zoom_at(scale / self.canvas.camera.scale, (10.0, 10.0))

    def _far(self) -> None:
        self.canvas.pan(self.chance.choice([-1e12, 1e6, 3.3]), self.chance.choice([1e9, -1e6, 0.5]))

    def _far_gate(self) -> None:
        document = self.window.document
        at = self.chance.choice([1e7, -1e7]), self.chance.choice([1e7, 0.0])
        document.do(edits.add_node(document.committed, self.chance.choice(sorted(GATES)), at))

    def _select(self) -> None:
        document = self.window.document
        things = [*document.graph.nodes, *document.graph.wires, *document.graph.groups]
        things += document.graph.notes
        document.select(self.chance.sample(things, min(len(things), self.chance.randint(0, 5))))

    def _group(self) -> None:
        document = self.window.document
        nodes = sorted(document.committed.nodes)
        if len(nodes) > 1:
            document.do(edits.group(document.committed, self.chance.sample(nodes, 2), "G"))
            key = self.chance.choice(sorted(document.committed.groups))
            if groups.inside(document.committed, key):
                document.do(edits.set_collapsed(document.committed, key))

    def _clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self.chance.choice(TEXTS))

    def _drop(self) -> None:
        mime = QMimeData()
        graph = self.window.document.committed
        text = self.chance.choice([*TEXTS, text_of(edits.clip(graph, list(graph.nodes)[:3]))])
        mime.setText(text)
        at = self._spot()
        drops.enter(self.window, at, mime)
        drops.drop(self.window, at, mime)

    def _place(self) -> None:
        self.canvas.place(self.chance.choice(sorted(self.canvas.stage.graph.gates)))

    def _walk(self) -> None:
        self.window.document.go(self.chance.choice([None, 0, 1, 2, 99]))

    def _tidy_up(self) -> None:
        """Close what opened over the window, and put the keyboard back on the canvas."""
        for top in QApplication.topLevelWidgets():
            if top is self.window or not top.isVisible():
                continue
            if isinstance(top, QDialog):
                top.reject()
            elif isinstance(top, QMenu):
                top.close()
        if self.chance.random() < 0.5:
            self.window.chooser.close_quietly()
            self.canvas.setFocus()
        if self.steps % 50 == 0:
            self.window.resize(1100, 700)
            self.canvas.zoom_fit()
        document = self.window.document
        if len(document.committed.nodes) > 300:
            doomed = sorted(document.committed.nodes)[100:]
            document.do(edits.delete(document.committed, doomed))


WEIGHTS = (
    *(("drag", 14), ("press", 6), ("move", 10), ("release", 6), ("double", 3), ("wheel", 4)),
    *(("key", 22), ("type", 3), ("action", 12), ("undo", 4), ("jump", 1), ("delete", 2)),
    *(("focus_lost", 1), ("left", 1), ("size", 1), ("zoom", 1), ("far", 0.5), ("far_gate", 0.3)),
    *(("select", 4), ("group", 1), ("clipboard", 1), ("drop", 1), ("place", 1), ("walk", 1)),
)


def resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def settled() -> tuple[int, int]:
    """How many widgets there are and how much memory, once what is to go has gone."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    # What the allocator keeps for later is no leak.
    getattr(ctypes.CDLL(None), "malloc_trim", int)(0)
    return len(QApplication.allWidgets()), resident()


def documents() -> int:
    """How many documents are alive, open or not."""
    gc.collect()
    return sum(type(one) is Document for one in gc.get_objects())


@pytest.fixture
def answers(monkeypatch, tmp_path) -> None:
    """Every question is answered, mostly with Cancel."""
    monkeypatch.setattr(myparts, "folder", lambda: tmp_path / "parts")
    monkeypatch.setattr(ask, "tell", lambda *_: None)
    monkeypatch.setattr(ask, "for_a_name", lambda *_: "Part")
    for name in ("about_many", "about_replacing_part", "about_deleting_part", "about_reverting"):
        monkeypatch.setattr(ask, name, lambda *_: True)
    monkeypatch.setattr(ask, "about_unsaved", lambda *_: "cancel")
    for name in ("file_to_save", "file_to_export"):
        monkeypatch.setattr(ask, name, lambda *_: None)
    monkeypatch.setattr(ask, "files_to_open", lambda *_: [])


@pytest.mark.timeout(SECONDS + 240)
def test_a_monkey_breaks_nothing_and_nothing_leaks(window, answers, qtbot, qtlog) -> None:
    monkey, before = Monkey(window, SEED, qtlog), documents()
    window.activateWindow()
    end, warm = time.monotonic() + SECONDS, None
    logged = 0
    while time.monotonic() < end:
        if monkey.steps % ROUND == 0:
            monkey.begin()
            if monkey.steps == 2 * ROUND:
                warm = settled()
        with qtbot.captureExceptions() as raised:
            monkey.step()
        told = [r.message for r in qtlog.records[logged:] if "This plugin" not in r.message]
        logged = len(qtlog.records)
        what = f"step {monkey.steps} of seed {SEED}: {list(monkey.did)[-12:]}"
        fault = "".join("".join(traceback.format_exception(*one)) for one in raised[:1])
        assert not raised, f"{what}\n{fault}"
        assert not told, f"{what}\n{told}"
        if monkey.steps % 40 == 0:
            monkey.look()
    monkey.begin()
    widgets, memory = settled()
    print(f"{monkey.steps} steps, {widgets} widgets, {memory / 2**20:.0f} MiB, at first {warm}")
    if warm is not None:
        # Panels and dialogs that are made when first asked for are made once.
        assert widgets < warm[0] + 150
        assert memory < warm[1] + 150 * 2**20
    assert documents() <= before + len(window.session.documents)


def test_the_window_is_whole_at_no_size_and_at_any_zoom(window, opened, qtbot) -> None:
    canvas: QWidget = window.canvas
    for wide, tall in ((0, 0), (1, 1), (0, 500), (3000, 1)):
        canvas.resize(wide, tall)
        for scale in (0.005, 8.0):
            canvas.zoom_at(scale / canvas.camera.scale, (0.0, 0.0))
            canvas.grab()
            canvas.zoom_fit()
            canvas.grab()
