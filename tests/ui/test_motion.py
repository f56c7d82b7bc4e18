"""Nothing moves by itself where the system or the user asks for calm."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bpstudio.core.edits import build
from bpstudio.core.graph import Graph
from bpstudio.ui import motion, theme
from bpstudio.ui.canvas import surface
from bpstudio.ui.canvas.canvas import GraphCanvas
from bpstudio.ui.document import Document


@pytest.fixture
def canvas(qtbot):
    document = Document()
    document.do(build(Graph(), "(x + y) * z"))
    made = GraphCanvas(document)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    document.go(1)
    yield made
    theme.appearance().move(True)
    made.set_document(None)


@pytest.mark.parametrize(
    ("text", "reduced"),
    [
        ("[Settings]\ngtk-enable-animations=0\n", True),
        ("[Settings]\ngtk-enable-animations=false\n", True),
        ("[Settings]\ngtk-enable-animations=1\n", False),
        ("[Settings]\n", False),
        ("no ini at all", False),
    ],
)
def test_the_systems_word_is_found(tmp_path: Path, text: str, reduced: bool) -> None:
    (tmp_path / "gtk-3.0").mkdir()
    (tmp_path / "gtk-3.0/settings.ini").write_text(text, "utf-8")
    assert motion._gtk(tmp_path) is reduced


def test_a_system_that_says_nothing_lets_things_move(tmp_path: Path) -> None:
    assert not motion._gtk(tmp_path)


def test_the_switch_stops_the_dot_and_starts_it_again(canvas) -> None:
    assert canvas._flow.isActive()
    theme.appearance().move(False)
    assert not canvas._flow.isActive()
    theme.appearance().move(True)
    assert canvas._flow.isActive()


def test_the_systems_wish_comes_before_the_switch(canvas, monkeypatch) -> None:
    monkeypatch.setattr(motion, "reduced_by_system", lambda: True)
    theme.appearance().move(False)
    theme.appearance().move(True)
    assert not canvas._flow.isActive()


def test_a_new_canvas_knows_that_nothing_shall_move(canvas, qtbot) -> None:
    theme.appearance().move(False)
    other = GraphCanvas(canvas.document)
    qtbot.addWidget(other)
    other.show()
    assert not other._flow.isActive()
    other.set_document(None)


def test_the_dot_goes_by_the_clock(canvas, monkeypatch) -> None:
    now = canvas._since
    monkeypatch.setattr(surface, "monotonic", lambda: now + surface.ROUND_S * 0.25)
    canvas._travel()
    assert canvas._phase == pytest.approx(0.25)


def test_a_step_that_is_only_looked_at_comes_to_rest(canvas, monkeypatch) -> None:
    now = canvas._since
    monkeypatch.setattr(
        surface, "monotonic", lambda: now + surface.ROUND_S * (surface.ROUNDS + 0.1)
    )
    canvas._travel()
    assert not canvas._flow.isActive()
    monkeypatch.undo()
    canvas.document.go(2)
    assert canvas._flow.isActive()


def test_sixty_pictures_a_second(canvas, monkeypatch) -> None:
    # What is asked for, not what a busy machine makes of it: no clock decides here.
    assert canvas._flow.interval() == 16
    assert canvas._flow.timerType() is Qt.TimerType.PreciseTimer
    seen = []
    for tick in range(60):
        now = canvas._since + tick / 60
        monkeypatch.setattr(surface, "monotonic", lambda now=now: now)
        canvas._flow.timeout.emit()
        seen.append(canvas._phase)
    assert seen == pytest.approx([tick / 60 / surface.ROUND_S for tick in range(60)])
