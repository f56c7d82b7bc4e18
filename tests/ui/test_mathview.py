"""Formulas as they are drawn: as text first, then by ziamath, as large as is wished for."""

import re

import pytest

from bpstudio.ui import mathview, theme
from bpstudio.ui.mathview import MathView


@pytest.fixture
def drawn(qtbot):
    mathview.warm()

    def make(latex: str, **how: float) -> MathView:
        view = MathView(16.0, **how)
        qtbot.addWidget(view)
        view.show_formula(latex, latex)
        return view

    return make


def test_a_line_shrinks_to_its_room(drawn) -> None:
    assert drawn("x" * 200).minimumSizeHint().width() == 0


def test_a_line_that_may_not_shrink_asks_for_width_and_height(drawn) -> None:
    wide = drawn(" + ".join(["x"] * 60), least=0.8)
    tall = drawn(r"\frac{1}{\frac{1}{x}}", least=0.8)
    assert wide.minimumSizeHint().width() > 500
    assert tall.minimumSizeHint().height() > drawn("x", least=0.8).minimumSizeHint().height()


def test_large_mode_draws_larger(drawn) -> None:
    view = drawn("x")
    before = view.minimumSizeHint().height()
    try:
        theme.appearance().use(factor=2.0)
        assert view.minimumSizeHint().height() == pytest.approx(2 * before, abs=1)
    finally:
        theme.appearance().use(factor=1.0)


def test_a_view_that_is_gone_is_not_drawn_again(drawn, monkeypatch) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    view = drawn("x")
    view.deleteLater()
    QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete)
    monkeypatch.setattr(mathview, "_warm", False)
    mathview.warm()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_another_theme_is_another_ink_and_no_second_drawing(drawn, monkeypatch) -> None:
    view = drawn("x + y")
    view.resize(120, 40)
    mathview._svg("x + y", view.size_drawn)
    before = mathview._svg.cache_info().misses
    try:
        for name in ("light", "dark"):
            theme.appearance().use(name)
            picture = view.grab().toImage()
            inks = {picture.pixelColor(x, y).name() for x in range(120) for y in range(40)}
            assert theme.current().ink.lower() in inks
            assert mathview.INK not in inks
    finally:
        theme.appearance().use("system")
    assert mathview._svg.cache_info().misses == before


def test_a_sign_stands_close_to_its_number(drawn) -> None:
    """The difference is wider by more than its 0: by the gaps on both sides of the minus."""
    sign, between, zero = (_width(t) for t in (r"\left(-1\right)", r"\left(0 - 1\right)", "0"))
    assert between - zero - sign > 4


def _width(latex: str) -> float:
    found = re.search(rb'width="([0-9.]+)', mathview._svg(latex, 24.0))
    assert found
    return float(found[1])
