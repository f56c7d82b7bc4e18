"""The training panel by keyboard and screen reader alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.ui.document import Document
from bpstudio.ui.stylesheet import qss
from bpstudio.ui.theme import LIGHT
from bpstudio.ui.trainer.drawnpanel import DrawnPanel
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Wait = Callable[[], None]
TABS = ("network", "flow", "remedies", "seeds")
WORKED = {
    *(QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton),
    *(QAccessible.Role.ComboBox, QAccessible.Role.SpinBox, QAccessible.Role.Slider),
    *(QAccessible.Role.EditableText, QAccessible.Role.PageTabList, QAccessible.Role.Table),
}


def walked(start: QWidget, most: int = 400) -> list[QWidget]:
    """What Tab goes to, one after the other, until it comes round."""
    found: list[QWidget] = []
    start.setFocus()
    for _ in range(most):
        now = QApplication.focusWidget()
        if now is None or now in found:
            break
        found.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    return found


def interfaces(part: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    for number in range(part.childCount()):
        child = part.child(number)
        if child is not None and child.isValid() and not child.state().invisible:
            yield child
            yield from interfaces(child)


def name_of(part: QAccessibleInterface) -> str:
    return part.text(QAccessible.Text.Name)


def nameless(panel: QWidget) -> list[str]:
    root = QAccessible.queryAccessibleInterface(panel)
    found = []
    for part in interfaces(root):
        widget = part.object()
        if part.role() not in WORKED or not isinstance(widget, QWidget) or not widget.isVisible():
            continue
        # What is a part of a named control is read with it.
        above = part.parent()
        inside = widget.focusPolicy() == Qt.FocusPolicy.NoFocus or (above and name_of(above))
        if inside and (widget.objectName().startswith("qt_") or above.role() in WORKED):
            continue
        if not name_of(part):
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def unreached(panel: QWidget, walk: list[QWidget]) -> list[str]:
    """Controls that take the keyboard, stand there and are never come to."""
    found = []
    for part in panel.findChildren(QWidget):
        takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        if not takes or not part.isVisible() or not part.isEnabled() or part in walk:
            continue
        inside = any(part.isAncestorOf(w) or w.isAncestorOf(part) for w in walk if w is not panel)
        proxied = part.focusProxy() in walk
        if not inside and not proxied:
            found.append(f"{type(part).__name__} {part.objectName()} {part.accessibleName()}")
    return found


@pytest.fixture
def turned(panel: TrainingPanel, settle: Wait) -> Callable[[str], None]:
    def turn(key: str) -> None:
        panel.activateWindow()
        panel.tabs.setCurrentIndex(TABS.index(key))
        settle()
        QTest.qWait(50)

    return turn


@pytest.mark.parametrize("key", TABS)
def test_tab_comes_to_every_control_of_a_page(
    panel: TrainingPanel, turned: Callable[[str], None], key: str
) -> None:
    QTest.mouseClick(panel.row.settings, Qt.MouseButton.LeftButton)
    turned(key)
    walk = walked(panel.row.examples)
    assert len(walk) > 20
    assert unreached(panel, walk) == []


@pytest.mark.parametrize("key", TABS)
def test_every_control_of_a_page_has_a_name(
    panel: TrainingPanel, turned: Callable[[str], None], key: str
) -> None:
    QTest.mouseClick(panel.row.settings, Qt.MouseButton.LeftButton)
    turned(key)
    assert nameless(panel) == []


@pytest.mark.parametrize("key", TABS)
def test_tab_goes_from_the_row_through_the_page_to_the_foot(
    panel: TrainingPanel, turned: Callable[[str], None], key: str
) -> None:
    turned(key)
    walk = walked(panel.row.examples)
    parts = [panel.row, panel.tabs, panel.foot]
    visited = [
        next((n for n, part in enumerate(parts) if part is w or part.isAncestorOf(w)), -1)
        for w in walk
    ]
    visited = [n for n in visited if n >= 0]
    assert visited == sorted(visited)
    assert set(visited) == {0, 1, 2}


@pytest.mark.parametrize("key", TABS)
def test_what_has_the_keys_looks_otherwise(
    panel: TrainingPanel, turned: Callable[[str], None], key: str
) -> None:
    panel.setStyleSheet(qss(LIGHT))
    turned(key)
    unseen = []
    for part in walked(panel.row.examples):
        part.setFocus(Qt.FocusReason.TabFocusReason)
        around = part if part.isWindow() else part.parentWidget()
        with_keys = around.grab().toImage()
        part.clearFocus()
        if around.grab().toImage() == with_keys:
            unseen.append(f"{type(part).__name__} {part.objectName()} {part.accessibleName()}")
    assert unseen == []


def test_the_panel_of_a_drawn_graph_is_reached_and_named(
    window: Window, opened: Document, qtbot: QtBot
) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    QTest.qWait(20)
    QTest.keyClick(window, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    found = window.findChild(DrawnPanel)
    next(iter(found.form.inputs.learns.values())).click()
    found.setStyleSheet(qss(LIGHT))
    found.activateWindow()
    QTest.qWait(50)
    first = next(w for w in found.findChildren(QWidget) if w.focusPolicy() and w.isVisible())
    walk = walked(first)
    assert unreached(found, walk) == []
    assert nameless(found) == []
    found.close()
