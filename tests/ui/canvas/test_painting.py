"""The canvas under real mouse, key and drag events, offscreen: what is painted."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from bpstudio.core import edits
from bpstudio.ui import theme
from tests.ui.canvas.person import (
    LEFT,
    picture,
    screen,
)


def test_scrolls_and_dirty_drags_leave_what_a_full_repaint_would(person, qtbot):
    start = screen(person)
    rng = random.Random(3)
    for _ in range(25):
        person.canvas.pan(rng.randint(-40, 40), rng.randint(-30, 30))
        QApplication.processEvents()
    for _ in range(25):
        key = rng.choice(list(person.graph.nodes))
        spot = person.node(key, -20)
        person.drag(spot, spot + QPoint(rng.randint(-60, 60), rng.randint(-60, 60)))
        QApplication.processEvents()
    person.move(person.at(-2000, -2000))
    partial = screen(person)
    person.canvas.repaint()
    whole = screen(person)
    assert not np.array_equal(start, whole)
    assert np.abs(partial - whole).max() <= 2


@pytest.mark.parametrize("gesture", ["band", "drag", "wire"])
def test_what_a_gesture_draws_over_a_kept_picture_equals_a_whole_repaint(person, gesture):
    canvas = person.canvas
    start = {
        "band": person.at(-60, -60),
        "drag": person.node("q", -20),
        "wire": person.out("x"),
    }[gesture]
    rng = random.Random(5)
    person.press(start)
    kept = False
    for n in range(30):
        person.move(start + QPoint(10 * n + rng.randint(-9, 9), 8 * n + rng.randint(-9, 9)), LEFT)
        QApplication.processEvents()
        kept |= canvas._underlay is not None
        if n == 20:
            person.document.go(2)
            canvas._flow.stop()
    assert canvas.tools.busy
    assert kept
    partial = screen(person)
    canvas.update()
    assert canvas._underlay is None
    off = np.abs(partial - screen(person)).max(axis=2)
    assert off.max() <= 2
    person.release(start)
    assert canvas._underlay is None


def test_an_empty_canvas_says_what_to_do_and_the_words_go_when_it_is_not(fresh):
    empty = picture(fresh.canvas.grab())
    assert len(np.unique(empty.reshape(-1, 3), axis=0)) > 5
    fresh.canvas.show_overlay(fresh.canvas.overlay)
    fresh.document.do(edits.add_node(fresh.graph, "input", (2000, 2000)))
    bare = picture(fresh.canvas.grab())
    height, width = bare.shape[:2]
    middle = np.s_[height * 46 // 100 : height * 54 // 100, width * 3 // 8 : width * 5 // 8]
    assert np.abs(empty[middle] - bare[middle]).max() > 20


def test_a_repaint_touches_only_what_a_patch_names(person):
    QApplication.processEvents()
    painted = []
    real = person.canvas._paint
    person.canvas._paint = lambda painter, dirty: (painted.append(dirty), real(painter, dirty))
    person.document.do(edits.move(person.graph, {"x": (0, -40)}))
    QApplication.processEvents()
    assert painted
    assert all(rect.right() < person.node("f").x() for rect in painted)
    del person.canvas._paint


def test_numbers_that_nobody_can_read_are_not_repainted(person):
    canvas = person.canvas
    canvas.zoom_at(0.3 / canvas.camera.scale, (300, 200))
    QApplication.processEvents()
    painted = []
    real = canvas._paint
    canvas._paint = lambda painter, dirty: (painted.append(dirty), real(painter, dirty))
    person.document.preview(edits.set_value(person.graph, "x", 7.0))
    QApplication.processEvents()
    of_the_input = max((r.width() for r in painted), default=0)
    assert of_the_input < canvas.width() / 2
    for step in (0, 1, 4, 2, None):
        person.document.go(step)
        canvas._flow.stop()
        QApplication.processEvents()
        partial = screen(person)
        canvas.repaint()
        assert np.abs(partial - screen(person)).max() <= 2
    del canvas._paint


def test_the_dot_travels_only_while_a_step_is_shown(person):
    assert not person.canvas._flow.isActive()
    person.document.go(1)
    assert person.canvas._flow.isActive()
    person.document.go(None)
    assert not person.canvas._flow.isActive()
    person.canvas.reduced_motion = True
    person.document.go(2)
    assert not person.canvas._flow.isActive()


def test_both_themes_paint(person):
    look = theme.appearance()
    before = look.choice
    pictures = []
    for choice in ("light", "dark"):
        look.choice = choice
        pictures.append(picture(person.canvas.grab()))
    look.choice = before
    assert pictures[0].mean() > 150 > 90 > pictures[1].mean()
