"""Faces of gates: every gate has one, it fits its card, and it looks the same at every zoom."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from bpstudio.core import shape
from bpstudio.core.gates import GATES
from bpstudio.ui.canvas import drawing, symbols

INK = QColor("#FF0000")


def drawn(face: str, width: int = 56, height: int = 48, scale: float = 1.0) -> QImage:
    image = QImage(int(width * scale), int(height * scale), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.scale(scale, scale)
        symbols.draw(painter, face, QRectF(0, 0, width, height), INK)
    return image


def inked(image: QImage) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is not white; asserts that there is something."""
    dark = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).green() < 200
    ]
    assert dark
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize("key", GATES)
def test_every_face_is_drawn_inside_its_card(qapp: QApplication, key: str) -> None:
    gate = GATES[key]
    face = shape.face(gate, gate.params)
    width, height = shape.size(gate, face, len(gate.inputs))
    left, top, right, bottom = inked(drawn(face, int(width), int(height)))
    assert left >= 5
    assert right <= width - 6
    assert top >= 5
    assert bottom <= height - 6


@pytest.mark.parametrize("face", ["+", "−", "×", "÷", "σ", "max", "1/x", "x³"])
def test_faces_stand_in_the_middle(qapp: QApplication, face: str) -> None:
    left, top, right, bottom = inked(drawn(face, 120, 80))
    assert (left + right) / 2 == pytest.approx(60, abs=2.5)
    assert (top + bottom) / 2 == pytest.approx(40, abs=5)


@pytest.mark.parametrize("face", ["eˣ", "×(−1)", "√x", "½(x−y)²", "÷"])
def test_a_face_is_the_same_at_every_zoom(qapp: QApplication, face: str) -> None:
    one, two = inked(drawn(face)), inked(drawn(face, scale=4.0))
    assert [n / 4 for n in two] == pytest.approx(one, abs=1.3)


def test_raised_letters_are_smaller_higher_and_italic(qapp: QApplication) -> None:
    base, raised = symbols.set_line("eˣ").runs
    assert (base.text, raised.text) == ("e", "x")
    assert raised.up > base.up
    assert raised.font.pixelSize() < base.font.pixelSize()
    assert raised.font.italic()
    assert not base.font.italic()


def test_words_stand_upright_and_variables_lean(qapp: QApplication) -> None:
    assert [run.font.italic() for run in symbols.set_line("max").runs] == [False]
    runs = symbols.set_line("1/x").runs
    assert [(run.text, run.font.italic()) for run in runs] == [("1/", False), ("x", True)]


def test_parameters_stand_as_letters_in_the_palette() -> None:
    assert symbols.general_face(GATES["add_constant"]) == "+c"
    assert symbols.general_face(GATES["scale"]) == "×a"
    assert symbols.general_face(GATES["power"]) == "xᵖ"
    assert symbols.general_face(GATES["exp"]) == GATES["exp"].symbol


def test_a_long_face_is_set_smaller_rather_than_cut(qapp: QApplication) -> None:
    left, _, right, _ = inked(drawn("abcdefghijklmnop", 56, 48))
    assert left >= 4
    assert right <= 52


def test_an_unknown_gate_shows_a_lock_and_its_key(qapp: QApplication) -> None:
    image = QImage(96, 48, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        symbols.draw_lock(painter, "mystery", QRectF(0, 0, 96, 48), INK)
    _, top, _, bottom = inked(image)
    assert top < 14
    assert bottom > 34


@pytest.mark.parametrize("larger", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("key", GATES)
def test_no_symbol_reaches_the_rings_nor_shrinks_at_any_size(qapp, key: str, larger: float) -> None:
    gate = GATES[key]
    if gate.is_source:
        return
    params = dict(gate.params)
    face = shape.face(gate, params)
    wide, _ = shape.size(gate, face, 2)
    ring = (drawing.PORT_RADII[drawing.RING] + 0.7) * min(larger, drawing.LARGEST_PORT)
    size, width = symbols.extent(face, wide, larger)
    assert width <= wide - 2 * ring
    assert size >= symbols.extent(face, wide, 1.0)[0]
