"""A scroll area in which what takes the keyboard is always seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from bpstudio.ui.panels.scroller import Scroller


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_field_that_is_entered_from_outside_is_scrolled_into_sight(qtbot) -> None:
    window, before, area, body = QWidget(), QLineEdit(), Scroller(), QWidget()
    inside = QVBoxLayout(body)
    for space in (600, 600):
        inside.addSpacing(space)
        field = QLineEdit()
        inside.addWidget(field)
    area.setWidget(body)
    outside = QVBoxLayout(window)
    outside.addWidget(before)
    outside.addWidget(area)
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    sight = area.viewport().rect()
    assert not sight.contains(field.mapTo(area.viewport(), field.rect().center()))
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert sight.contains(field.mapTo(area.viewport(), field.rect().center()))
